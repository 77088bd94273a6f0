"""How long it takes to import events, in CPU seconds and peak memory, the second time too.

    python benchmarks/importing.py [ROWS] [csv | parquet | segment]

Generated file: user, event, time, platform, version, plan, score (about 55 bytes a row), in time order, from one fiftieth as many people;
"segment" is the same as JSON lines of track calls. Targets: 15 CPU seconds and 1.5 GB for a million rows of CSV, 60 CPU seconds and 3 GB for
ten million of Parquet.
"""

from __future__ import annotations

import json
import resource
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from productloop.foundation.settings import load_settings
from productloop.loop.importing import ImportRequest, import_path
from productloop.loop.store import Store

EVENTS = ("page_view", "add_to_cart", "purchase", "search", "login", "logout", "share", "like", "open", "close")


def write_events(path: Path, num_rows: int) -> None:
    """A CSV of `num_rows` events of num_rows / 50 people over 84 days."""
    random = np.random.default_rng(0)
    people = random.integers(0, num_rows // 50, num_rows)
    names = random.integers(0, len(EVENTS), num_rows)
    stamps = np.datetime_as_string((1_700_000_000 + np.sort(random.integers(0, 84 * 86_400, num_rows))).astype("datetime64[s]"))
    platforms = np.array(["ios", "android", "web"])[random.integers(0, 3, num_rows)]
    with path.open("w", encoding="utf-8") as file:
        file.write("user_id,event,timestamp,platform,app_version,plan_type,score\n")
        for row in range(num_rows):
            file.write(f"u{people[row]:06d},{EVENTS[names[row]]},{stamps[row]},{platforms[row]},1.{row % 7},free,{row % 100}\n")


def write_parquet(path: Path, num_rows: int) -> None:
    """Such events as Parquet, without Python in between."""
    import duckdb

    listed = "[" + ", ".join(f"'{name}'" for name in EVENTS) + "]"
    with duckdb.connect(config={"threads": 1}) as db:
        db.execute(
            f"""COPY (SELECT 'u' || lpad((hash(i) % {max(1, num_rows // 50)})::VARCHAR, 6, '0') AS user_id, {listed}[1 + (hash(i + 7) % 10)::INT] AS event,
            make_timestamp(1700000000000000 + (i * 84 * 86400 / {num_rows})::BIGINT * 1000000) AS "timestamp",
            ['ios', 'android', 'web'][1 + (hash(i + 3) % 3)::INT] AS platform, '1.' || (i % 7) AS app_version, 'free' AS plan_type, i % 100 AS score
            FROM range({num_rows}) t(i)) TO '{path}' (FORMAT parquet)"""
        )


def write_segment(path: Path, num_rows: int) -> None:
    """Such events as lines of the Segment spec, each person signed in half-way through."""
    random = np.random.default_rng(0)
    people = random.integers(0, max(1, num_rows // 50), num_rows)
    with path.open("w", encoding="utf-8") as file:
        for row in range(num_rows):
            who = {"userId": f"u{people[row]}"} if row > num_rows // 2 else {"anonymousId": f"a{people[row]}"}
            if row % 50 == 49:
                message = {"type": "identify", "userId": f"u{people[row]}", "anonymousId": f"a{people[row]}", "traits": {"plan": "pro"}}
            else:
                context = {"os": {"name": "iOS"}, "app": {"version": f"1.{row % 7}"}}
                message = {"type": "track", "event": EVENTS[row % 10], **who, "properties": {"score": row % 100}, "context": context}
            stamp = np.datetime_as_string(np.datetime64(1_700_000_000 + row * 7, "s")) + "Z"
            file.write(json.dumps({**message, "messageId": f"m{row}", "timestamp": stamp}) + "\n")


WRITERS = {"csv": write_events, "parquet": write_parquet, "segment": write_segment}


def main() -> None:
    """Import twice and print."""
    num_rows = int(float(sys.argv[1])) if len(sys.argv) > 1 else 1_000_000
    kind = sys.argv[2] if len(sys.argv) > 2 else "csv"
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / f"events.{kind.replace('segment', 'jsonl')}"
        WRITERS[kind](path, num_rows)
        store = Store.create(Path(scratch) / "workspace")
        for turn in ("first", "again"):
            started = time.process_time()
            done = import_path(store, load_settings(None, {}), ImportRequest(path), 1, lambda *_: None)
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            parts = ", ".join(f"{part.table} {part.num_new:,} new of {part.num_rows:,}" for part in done)
            print(f"{turn}: {parts}; {time.process_time() - started:.1f} CPU s; peak {peak:,.0f} MB")


if __name__ == "__main__":
    main()
