"""The same funnel in seven systems, and ours through the store: `python benchmarks/behaviour.py [--rows N ...] [--peers PYTHON] [--folder F]`.

Data as in `behaviour_kernels.py`: 10 event names, gamma-skewed people (50 events each on average), 84 days, whole milliseconds, rows in order
of time as a log has them. Question: page_view -> add_to_cart -> purchase in order within 7 days of any page_view, ties by time, then step;
people at each step. Every answer must be the same, or the script fails.

Each line is its own process; peers run in the Python given by --peers (`pip install duckdb polars chdb pandas pyarrow numpy`). CPU seconds
are those of the call, imports not counted, reading the file counted; memory is the peak of the process, imports included. Two threads each.
- peers read one Parquet file (zstd) with user_id, event, ts.
- ours reads a workspace: once as a lake of 20 appends in order of time, each as an import writes it, once after `compact`; opening the
  store, its versions and the instants the data cover included. "report" is the whole `behaviour funnel`, with weeks, leaking segments
  and intervals. "weekly retention" is the first such question of a workspace, of everybody; its answer is another, so it is not compared.
100,000,000 rows: --rows 100000000 (takes six CPU minutes, most of it writing; needs 12 GB of disk and, to be generated, 7 GB of memory).
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

DAY_US = 86_400_000_000
BEGIN_US = 1_767_225_600_000_000  # 2026-01-01 UTC
NUM_DAYS = 84
WINDOW_US = 7 * DAY_US
STEPS = ("page_view", "add_to_cart", "purchase")
NAMES = ("page_view", "search", "add_to_cart", "item_view", "sign_in", "purchase", "share", "review", "refund", "sign_out")
SHARES = (0.4, 0.15, 0.1, 0.1, 0.07, 0.06, 0.05, 0.03, 0.02, 0.02)
NUM_APPENDS = 20
PEERS = ("polars packed", "duckdb asof", "duckdb windows", "chdb windowFunnel", "polars windows", "pandas")
OURS = ("ours, 20 appends", "ours, compacted", "ours, report, compacted")
RETENTION = ("ours, weekly retention, 20 appends", "ours, weekly retention, compacted")


def peak_mb() -> float:
    """Peak memory of this process in MB; NaN where the system does not say."""
    status = Path("/proc/self/status")
    if not status.exists():
        return float("nan")
    return int(next(line for line in status.read_text().splitlines() if line.startswith("VmHWM")).split()[1]) / 1024


def generate(folder: Path, num_rows: int) -> None:
    """The Parquet file of the peers and the two workspaces of ours."""
    import duckdb
    import numpy as np

    from productloop.loop.store import Store
    from productloop.loop.upkeep import compact

    random = np.random.default_rng(7)
    num_actors = num_rows // 50
    weight = random.gamma(0.6, size=num_actors)
    actor = np.repeat(np.arange(num_actors, dtype=np.int32), random.multinomial(num_rows, weight / weight.sum()))
    time_us = BEGIN_US + random.integers(0, NUM_DAYS * DAY_US // 1_000, num_rows) * 1_000
    name = random.choice(10, size=num_rows, p=SHARES).astype(np.uint8)
    order = np.argsort(time_us, kind="stable")
    connection = duckdb.connect(config={"threads": 2})
    rows = {"user_id": actor[order], "ts": time_us[order], "code": name[order], "place": np.arange(num_rows)}  # noqa: F841
    del actor, time_us, name, order
    names = "['" + "', '".join(NAMES) + "']"
    connection.execute(f"COPY (SELECT user_id, ({names})[code + 1] AS event, ts FROM rows) TO '{folder}/log.parquet' (COMPRESSION zstd)")
    store = Store.create(folder / "appends")
    for part in range(NUM_APPENDS):
        low, high = num_rows * part // NUM_APPENDS, num_rows * (part + 1) // NUM_APPENDS
        store.append(
            "events",
            connection.sql(
                f"""SELECT substr(md5(place::VARCHAR), 1, 24) AS row_id, {part + 1}::BIGINT AS import_id, (place - {low})::BIGINT AS sequence,
                    user_id AS actor, ({names})[code + 1] AS name, ts AS time, ['ios', 'android', 'web'][user_id % 3 + 1] AS platform
                    FROM rows WHERE place >= {low} AND place < {high} ORDER BY user_id, ts, place"""
            ),
            part + 1,
        )
    store.close()
    shutil.copytree(folder / "appends", folder / "compacted")
    compacted = Store(folder / "compacted")
    with compacted.writing():
        compact(compacted)
    compacted.close()


def ours(case: str, folder: Path) -> Any:
    """The call to time, its imports done."""
    from productloop.apps.behaviour._funnel_plan import plan_of, read_events
    from productloop.apps.behaviour._reading import reading
    from productloop.apps.behaviour.types import FunnelRequest
    from productloop.foundation.settings import load_settings
    from productloop.interfaces.registry import find_app
    from productloop.loop.action import Run, perform
    from productloop.loop.store import Store

    if case in RETENTION:
        return _retention(folder / ("appends" if "appends" in case else "compacted"))
    app = find_app("behaviour")
    assert app is not None
    request = FunnelRequest(steps=STEPS, window_days=7)

    def ask() -> list[int]:
        store = Store(folder / ("appends" if "appends" in case else "compacted"))
        run = Run(store, load_settings(None, {}), None, None, 0, 0, lambda stage, done, total: None)
        if "report" in case:
            report: Any = perform("behaviour.funnel", app.action("funnel"), request, run, fresh=True)
            return [int(step.people.value) for step in report.steps]
        with reading(run) as source:
            plan = plan_of(run, request, source)
            found = read_events(source, plan).count(plan.definition(source.range_us, source.data_end_us))
        return found.counts().num_reached.tolist()

    import arro3.core  # noqa: F401
    import duckdb  # noqa: F401
    import sqlalchemy.dialects.sqlite  # noqa: F401

    import productloop.apps.behaviour._funnel_answer
    import productloop.loop.state  # noqa: F401

    return ask


def _retention(folder: Path) -> Any:
    """Weekly retention of everybody who came, by the first week, with no kept days."""
    import arro3.core  # noqa: F401
    import duckdb  # noqa: F401
    import sqlalchemy.dialects.sqlite  # noqa: F401

    import productloop.apps.behaviour._retention_answer
    import productloop.loop.state  # noqa: F401
    from productloop.apps.behaviour._activity import activity, day_edges
    from productloop.apps.behaviour._reading import reading
    from productloop.apps.behaviour._retention import retention_of_days
    from productloop.apps.behaviour._retention_data import definition_of, weekday_of
    from productloop.apps.behaviour.retention_types import RetentionRequest
    from productloop.foundation.settings import load_settings
    from productloop.loop.action import Run
    from productloop.loop.store import FOLDER, Store

    shutil.rmtree(folder / FOLDER / "cache" / "days", ignore_errors=True)

    def ask() -> list[int]:
        run = Run(Store(folder), load_settings(None, {}), None, None, 0, 0, lambda stage, done, total: None)
        with reading(run) as source:
            definition = definition_of(run, RetentionRequest(), source)
            assert definition is not None
            days = activity(run, source)
        num = definition.num_cohorts + definition.num_periods
        edges = day_edges(definition.first_cohort, num, "week", weekday_of(run))
        return [int(retention_of_days(days, days, edges, definition).num_retained.sum())]

    return ask


def peer(case: str, path: str) -> Any:
    """The call to time in one of the other systems, its imports done."""
    if case.startswith("polars"):
        return _polars(case, path)
    if case == "pandas":
        return _pandas(path)
    if case.startswith("chdb"):
        import chdb

        conditions = ", ".join(f"event = '{step}'" for step in STEPS)
        query = f"""SELECT countIf(level >= 1), countIf(level >= 2), countIf(level >= 3) FROM (SELECT user_id,
            windowFunnel({WINDOW_US})(ts::UInt64, {conditions}) AS level FROM file('{path}', Parquet)
            WHERE event IN {STEPS} GROUP BY user_id) SETTINGS max_threads = 2"""
        return lambda: [int(one) for one in str(chdb.query(query, "CSV")).strip().split(",")]
    import duckdb

    connection = duckdb.connect(config={"threads": 2})
    one, two, three = STEPS
    if case == "duckdb asof":
        query = f"""WITH e AS (SELECT user_id, event, ts FROM '{path}' WHERE event IN {STEPS}),
            s1 AS (SELECT user_id, ts AS start, ts FROM e WHERE event = '{one}'),
            s2 AS (SELECT e.user_id, s1.start, e.ts FROM e ASOF JOIN s1 ON e.user_id = s1.user_id AND e.ts >= s1.ts
                   WHERE event = '{two}' AND e.ts - s1.start <= {WINDOW_US}),
            s3 AS (SELECT e.user_id FROM e ASOF JOIN s2 ON e.user_id = s2.user_id AND e.ts >= s2.ts
                   WHERE event = '{three}' AND e.ts - s2.start <= {WINDOW_US})
            SELECT (SELECT count(DISTINCT user_id) FROM s1), (SELECT count(DISTINCT user_id) FROM s2), (SELECT count(DISTINCT user_id) FROM s3)"""
    else:
        over = "OVER (PARTITION BY user_id ORDER BY ts, step ROWS UNBOUNDED PRECEDING)"
        query = f"""WITH e AS (SELECT user_id, ts, CASE event WHEN '{one}' THEN 1 WHEN '{two}' THEN 2 ELSE 3 END AS step FROM '{path}'
                WHERE event IN {STEPS}),
            a AS (SELECT *, max(CASE WHEN step = 1 THEN ts END) {over} AS first FROM e),
            b AS (SELECT *, max(CASE WHEN step = 2 AND ts - first <= {WINDOW_US} THEN first END) {over} AS second FROM a)
            SELECT count(DISTINCT CASE WHEN step = 1 THEN user_id END),
                   count(DISTINCT CASE WHEN step = 2 AND ts - first <= {WINDOW_US} THEN user_id END),
                   count(DISTINCT CASE WHEN step = 3 AND ts - second <= {WINDOW_US} THEN user_id END) FROM b"""
    return lambda: [int(number) for number in connection.execute(query).fetchone() or ()]


def _polars(case: str, path: str) -> Any:
    import polars as pl

    def events() -> Any:
        step = pl.when(pl.col("event") == STEPS[0]).then(0).when(pl.col("event") == STEPS[1]).then(1).otherwise(2)
        return pl.scan_parquet(path).filter(pl.col("event").is_in(list(STEPS))).with_columns(step=step.cast(pl.Int64))

    def packed() -> list[int]:
        ms = (pl.col("ts") - BEGIN_US) // 1_000  # 33 bits for 84 days
        key = (pl.col("user_id").cast(pl.Int64) * (1 << 36)) + ms * 4 + pl.col("step")
        frame = events().select(key=key).collect().get_column("key").sort().to_frame()
        frame = frame.select(
            user=pl.col("key") // (1 << 36), ms=(pl.col("key") % (1 << 36)) // 4, step=pl.col("key") % 4, all=pl.col("key") // 4
        )
        frame = frame.with_columns(first=pl.when(pl.col("step") == 0).then(pl.col("all")).otherwise(-1).cum_max())
        inside = (pl.col("all") - pl.col("first") <= WINDOW_US // 1_000) & (pl.col("first") // (1 << 34) == pl.col("user"))
        frame = frame.with_columns(second=pl.when((pl.col("step") == 1) & inside).then(pl.col("first")).otherwise(-1).cum_max())
        through = (pl.col("all") - pl.col("second") <= WINDOW_US // 1_000) & (pl.col("second") // (1 << 34) == pl.col("user"))
        conditions = (pl.col("step") == 0, (pl.col("step") == 1) & inside, (pl.col("step") == 2) & through)
        return [frame.filter(condition).get_column("user").n_unique() for condition in conditions]

    def windows() -> list[int]:
        frame = events().sort("user_id", "ts", "step").collect()
        first = pl.when(pl.col("step") == 0).then(pl.col("ts")).forward_fill().over("user_id")
        frame = frame.with_columns(first=first)
        inside = (pl.col("step") == 1) & (pl.col("ts") - pl.col("first") <= WINDOW_US)
        frame = frame.with_columns(second=pl.when(inside).then(pl.col("first")).forward_fill().over("user_id"))
        through = (pl.col("step") == 2) & (pl.col("ts") - pl.col("second") <= WINDOW_US)
        return [frame.filter(condition).get_column("user_id").n_unique() for condition in (pl.col("step") == 0, inside, through)]

    return packed if case == "polars packed" else windows


def _pandas(path: str) -> Any:
    import pandas as pd

    def ask() -> list[int]:
        frame = pd.read_parquet(path, filters=[("event", "in", list(STEPS))])
        frame["step"] = frame["event"].map({name: place for place, name in enumerate(STEPS)})
        frame = frame.sort_values(["user_id", "ts", "step"], kind="stable")
        frame["first"] = frame["ts"].where(frame["step"] == 0).groupby(frame["user_id"]).ffill()
        inside = (frame["step"] == 1) & (frame["ts"] - frame["first"] <= WINDOW_US)
        frame["second"] = frame["first"].where(inside).groupby(frame["user_id"]).ffill()
        through = (frame["step"] == 2) & (frame["ts"] - frame["second"] <= WINDOW_US)
        return [int(frame.loc[condition, "user_id"].nunique()) for condition in (frame["step"] == 0, inside, through)]

    return ask


def measure(case: str, folder: Path) -> dict[str, Any]:
    """Run one case in this process."""
    call = ours(case, folder) if case.startswith("ours") else peer(case, str(folder / "log.parquet"))
    wall, cpu = time.perf_counter(), time.process_time()
    answer = call()
    return {
        "case": case,
        "answer": answer,
        "cpu_s": round(time.process_time() - cpu, 2),
        "wall_s": round(time.perf_counter() - wall, 2),
        "memory_mb": round(peak_mb()),
    }


def main() -> None:
    """The table, one line a case."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, nargs="+", default=[1_000_000])
    parser.add_argument("--peers", help="a Python in which the other systems are installed; without it only ours is measured")
    parser.add_argument("--folder", type=Path, help="where the data are kept between runs")
    parser.add_argument("--case", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.case is not None:
        if given.case == "generate":
            generate(given.folder, given.rows[0])
        else:
            sys.stdout.write(json.dumps(measure(given.case, given.folder)) + "\n")
        return
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "POLARS_MAX_THREADS": "2"}
    root = given.folder or Path(tempfile.mkdtemp(prefix="behaviour-benchmark-"))
    for num_rows in given.rows:
        folder = root / str(num_rows)
        if not (folder / "compacted").exists():
            folder.mkdir(parents=True, exist_ok=True)
            command = [sys.executable, __file__, "--case", "generate", "--folder", str(folder), "--rows", str(num_rows)]
            subprocess.run(command, check=True, env=environment)
        sys.stdout.write(f"| {num_rows:,} rows | CPU s | seconds | memory MB |\n|---|---|---|---|\n")
        answers: dict[str, list[int]] = {}
        for case in (*(PEERS if given.peers else ()), *OURS, *RETENTION):
            python = sys.executable if case.startswith("ours") else given.peers
            command = [python, __file__, "--case", case, "--folder", str(folder)]
            line = json.loads(subprocess.run(command, check=True, capture_output=True, text=True, env=environment).stdout.splitlines()[-1])
            if case not in RETENTION:
                answers[case] = line["answer"]
            sys.stdout.write(f"| {case} | {line['cpu_s']} | {line['wall_s']} | {line['memory_mb']} |\n")
            sys.stdout.flush()
        if len({tuple(answer) for answer in answers.values()}) != 1:
            raise SystemExit(f"the answers differ: {answers}")
        sys.stdout.write(f"all answers: {next(iter(answers.values()))}\n")


if __name__ == "__main__":
    main()
