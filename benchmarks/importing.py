"""How long it takes to import a million events, in CPU seconds and peak memory, the second time too.

    python benchmarks/importing.py [ROWS]

Generated file: user, event, time, platform, version, plan, score (about 55 bytes a row), in time order. Target: 15 CPU seconds, 1.5 GB.
"""

from __future__ import annotations

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


def main() -> None:
    """Import twice and print."""
    num_rows = int(float(sys.argv[1])) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "events.csv"
        write_events(path, num_rows)
        store = Store.create(Path(scratch) / "workspace")
        for turn in ("first", "again"):
            started = time.process_time()
            done = import_path(store, load_settings(None, {}), ImportRequest(path), 1, lambda *_: None)[0]
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            print(f"{turn}: {done.num_new:,} new of {done.num_rows:,}; {time.process_time() - started:.1f} CPU s; peak {peak:,.0f} MB")


if __name__ == "__main__":
    main()
