"""CPU seconds and peak memory of the behaviour kernels on generated events: `python benchmarks/behaviour_kernels.py [--rows N ...]`.

Data: 10 event names, gamma-skewed people (50 events each on average), 84 days, whole milliseconds, as in the comparison of engines
this is measured against (10M rows: funnel 0.90 CPU s in the fastest engine, weekly retention 0.58). Funnel: 3 of the 10 names in
order, 7 days, the whole range. Retention: weekly, first time, any event, 12 cohorts x 11 weeks.

Each line is its own process with one BLAS thread. Timed: from arrays in memory to the result, all checks, filters, sorts and (where
the line says so) the mapping of times to weeks included ("days": to the actor x day bitmap, from which "lifecycle" and "stickiness" are
answered; "stored": the first question of a workspace, events from Parquet to the bitmap and on to weekly retention); not timed:
generating or, but for "stored", reading the arrays. "memory" is the peak of the process during the call, the generated inputs included;
"added" is what the call itself needed on top.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

DAY_US = 86_400_000_000
BEGIN_US = 1_767_225_600_000_000  # 2026-01-01 UTC
NUM_DAYS = 84
CASES = [
    "funnel",
    "funnel-unsorted",
    "funnel-strict",
    "funnel-unordered",
    "funnel-overlap",
    "weeks",
    "retention",
    "retention+weeks",
    "retention-unsorted",
    "days",
    "stored",
    "lifecycle",
    "stickiness",
]


def memory_mb(field: str) -> float:
    """Resident memory of this process in MB, now ("VmRSS") or at its peak ("VmHWM"); NaN where the system does not say."""
    status = Path("/proc/self/status")
    if not status.exists():
        return float("nan")
    line = next(line for line in status.read_text().splitlines() if line.startswith(field))
    return int(line.split()[1]) / 1024


def measure(case: str, num_rows: int) -> dict[str, object]:
    """Generate the arrays, run one kernel, say what it cost."""
    import numpy as np

    random = np.random.default_rng(7)
    num_actors = num_rows // 50
    weight = random.gamma(0.6, size=num_actors)
    actor = np.repeat(np.arange(num_actors, dtype=np.int32), random.multinomial(num_rows, weight / weight.sum()))
    milliseconds = random.integers(0, NUM_DAYS * DAY_US // 1_000, num_rows)
    key = (actor.astype(np.int64) << 33) | milliseconds
    del milliseconds
    key.sort()
    time_us = (key & ((1 << 33) - 1)) * 1_000 + BEGIN_US
    del key
    name = random.choice(10, size=num_rows, p=[0.4, 0.15, 0.1, 0.1, 0.07, 0.06, 0.05, 0.03, 0.02, 0.02]).astype(np.uint8)
    if case.endswith("unsorted"):
        order = random.permutation(num_rows)
        actor, time_us, name = actor[order], time_us[order], name[order]
        del order
    if case == "stored":
        return {**measure_stored(actor, time_us), "rows": num_rows, "case": case}
    run = prepare(case, actor, time_us, name)
    reset = Path("/proc/self/clear_refs")
    if reset.exists():
        reset.write_text("5")  # the peak starts anew, so that generating the data does not count
    before = memory_mb("VmRSS")
    wall, cpu = time.perf_counter(), time.process_time()
    answer = run()
    return {
        "rows": num_rows,
        "case": case,
        "cpu_s": round(time.process_time() - cpu, 3),
        "wall_s": round(time.perf_counter() - wall, 3),
        "memory_mb": memory_mb("VmHWM"),
        "before_mb": before,
        "answer": answer,
    }


def measure_stored(actor, time_us) -> dict[str, object]:  # type: ignore[no-untyped-def]
    """The same events written as Parquet, read and counted by a process that holds nothing else."""
    import arro3.core as arrow
    import duckdb

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "events.parquet"
        db = duckdb.connect()
        db.register("made", arrow.Table.from_pydict({"actor": arrow.Array(actor), "time": arrow.Array(time_us)}))
        db.execute(f"COPY (SELECT actor, time, 'open' AS name FROM made) TO '{path}' (FORMAT parquet, COMPRESSION zstd)")
        command = [sys.executable, __file__, "--stored", str(path)]
        return dict(json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout))


def read_stored(path: str) -> dict[str, object]:
    """One pass over the file, then weekly retention of all people."""
    import duckdb

    from productloop.apps.behaviour._activity import read_days
    from productloop.apps.behaviour._retention import RetentionDefinition, retention_of_days

    db = duckdb.connect(config={"threads": 2})
    db.execute(f"CREATE VIEW events AS SELECT * FROM read_parquet('{path}')")
    before, wall, cpu = memory_mb("VmRSS"), time.perf_counter(), time.process_time()
    days = read_days(db, (BEGIN_US, BEGIN_US + NUM_DAYS * DAY_US - 1), "Asia/Shanghai", ())
    first = days.first_day - 3  # the Monday of 2026-01-01's week
    result = retention_of_days(days, days, [first + 7 * week for week in range(24)], RetentionDefinition(0, 12, 11, 12))
    return {
        "cpu_s": round(time.process_time() - cpu, 3),
        "wall_s": round(time.perf_counter() - wall, 3),
        "memory_mb": memory_mb("VmHWM"),
        "before_mb": before,
        "answer": int(result.num_retained.sum()),
    }


def prepare(case, actor, time_us, name) -> Callable[[], object]:  # type: ignore[no-untyped-def]
    """The call to time."""
    import numpy as np

    from productloop.apps.behaviour._bitmap import DayTable
    from productloop.apps.behaviour._funnel import FunnelDefinition, StepEvents, funnel
    from productloop.apps.behaviour._lifecycle import lifecycle
    from productloop.apps.behaviour._periods import period_index
    from productloop.apps.behaviour._retention import PeriodEvents, RetentionDefinition, retention

    def weeks() -> np.ndarray:
        return period_index(time_us, "Asia/Shanghai", "week", 0)

    if case.startswith("funnel"):
        steps = np.zeros(10, dtype=np.uint8)
        steps[[0, 2, 5]] = [1, 3, 4] if case.endswith("overlap") else [1, 2, 4]
        events = StepEvents(actor, time_us, np.broadcast_to(np.int64(0), actor.shape), steps[name])
        mode = next((mode for mode in ("strict", "unordered") if case.endswith(mode)), "ordered")
        end = BEGIN_US + NUM_DAYS * DAY_US
        rule = FunnelDefinition(3, 7 * DAY_US, (BEGIN_US, end), end - 1, mode)  # type: ignore[arg-type]
        return lambda: funnel(events, rule).counts().num_reached.tolist()
    if case == "weeks":
        return lambda: int(weeks()[-1])
    ready = None if case == "retention+weeks" else weeks()
    first = int(period_index(np.array([BEGIN_US]), "Asia/Shanghai", "week", 0)[0])

    def retained() -> int:
        events = PeriodEvents(actor, weeks() if ready is None else ready)
        return int(retention(events, events, RetentionDefinition(first, 12, 11, first + 12)).num_retained.sum())

    first_day = int(period_index(np.array([BEGIN_US]), "Asia/Shanghai", "day")[0])

    def bitmap():  # type: ignore[no-untyped-def]
        table = DayTable(first_day, NUM_DAYS + 1)
        table.add(actor, period_index(time_us, "Asia/Shanghai", "day"))
        return table.bitmap()

    if case == "days":
        return lambda: len(bitmap().actor)
    days = bitmap() if case in ("lifecycle", "stickiness") else None
    edges = list(range(first_day - 10, first_day + NUM_DAYS + 7, 7))

    def lived() -> list[int]:
        assert days is not None
        return [int(number) for number in lifecycle(days, days.first(), edges, 0, 12).num_actors.sum(axis=1)]

    def stuck() -> list[int]:
        assert days is not None
        return np.bincount(days.num_days(edges[-3], edges[-2]), minlength=8).tolist()

    return {"lifecycle": lived, "stickiness": stuck}.get(case, retained)


def main() -> None:
    """One process per line of the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, nargs="+", default=[1_000_000, 10_000_000])
    parser.add_argument("--cases", nargs="+", default=CASES, choices=CASES)
    parser.add_argument("--one", action="store_true", help="measure in this process and print JSON")
    parser.add_argument("--stored", help="read this file and print JSON")
    arguments = parser.parse_args()
    if arguments.stored:
        print(json.dumps(read_stored(arguments.stored)))
        return
    if arguments.one:
        print(json.dumps(measure(arguments.cases[0], arguments.rows[0])))
        return
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    print(f"{'rows':>11} {'case':<20} {'CPU s':>7} {'wall s':>7} {'memory MB':>10} {'added MB':>9}  answer")
    for num_rows in arguments.rows:
        for case in arguments.cases:
            command = [sys.executable, __file__, "--one", "--rows", str(num_rows), "--cases", case]
            line = json.loads(subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout)
            added = line["memory_mb"] - line["before_mb"]
            numbers = f"{line['cpu_s']:>7.3f} {line['wall_s']:>7.3f} {line['memory_mb']:>10,.0f} {added:>9,.0f}"
            print(f"{num_rows:>11,} {case:<20} {numbers}  {line['answer']}", flush=True)


if __name__ == "__main__":
    main()
