"""A program that imports and takes turns is killed at ten seeded moments: nothing acknowledged is lost, nothing is doubled."""

from __future__ import annotations

import json
import os
import random
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from tests.loop.fake_task import make_task, write_people

from productloop.learning.constant import CONSTANT
from productloop.learning.logistic import LOGISTIC
from productloop.loop.importing import repair
from productloop.loop.release import load_release
from productloop.loop.store import Store

ROOT = Path(__file__).parents[2]
NUM_KILLS = 10
ROWS_PER_FILE = 25
NUM_LINES = 1 + 2 * 4 + 2
"""ready; imported and accepted for each file of two rounds; drained, turned."""


def write_round(folder: Path, number: int) -> None:
    """A file of events with ids and one of people that no earlier round had."""
    name = f"events_{number:02d}"
    rows = "".join(f"{name}_{i},u{i:04d},visit,2026-03-01T08:00:{i:02d}Z\n" for i in range(ROWS_PER_FILE))
    (folder / f"{name}.csv").write_text("event_id,user_id,event,timestamp\n" + rows, encoding="utf-8")
    write_people(folder / f"people_{number:02d}.csv", 60, first=100 * number, start=f"20{10 + number}-01-01")


def start(root: Path, files: Path) -> subprocess.Popen[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    command = [sys.executable, "-m", "tests.loop.kill_child", str(root), str(files)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, encoding="utf-8", env=environment, cwd=ROOT)


def run_and_kill(root: Path, files: Path, after_line: int | None = None, seconds: float = 0.0) -> list[str]:
    """Lines the program printed until it ended, or until it was killed `seconds` after its line number `after_line`."""
    process = start(root, files)
    assert process.stdout is not None
    lines: list[str] = []
    for line in process.stdout:
        if not line.endswith("\n"):
            break  # cut in the middle of a line: not acknowledged
        lines.append(line.strip())
        if len(lines) - 1 == after_line:
            threading.Timer(seconds, process.kill).start()
    code = process.wait()
    process.stdout.close()
    assert lines[0] == "ready"
    assert after_line is not None or code == 0
    return lines


def check(root: Path, acknowledged: set[str], files: Path) -> None:
    """The workspace opens, holds all that was acknowledged, nothing twice, and ledger and Delta log agree after one repair."""
    store = Store(root)
    with store.writing(timeout_seconds=1.0):
        repair(store)
        assert repair(store) == []
    store.refresh()
    ledger = {row["id"]: row for row in store.state.imports()}
    assert {row["status"] for row in ledger.values()} <= {"done", "failed"}
    for table in ("events", "actors", "outcomes"):
        finished = {row["id"]: row["num_new"] for row in ledger.values() if row["target"] == table and row["status"] == "done"}
        assert finished.keys() <= store.committed_imports(table)
        stored = dict(store.rows(f'SELECT import_id, count(*) FROM "{table}" GROUP BY import_id'))
        assert {number: stored.get(number, 0) for number in finished} == finished, table
    for table in ("events", "actors", "outcomes", "actor_codes", "scores"):
        (total, distinct), *_ = store.rows(f'SELECT count(*), count(DISTINCT row_id) FROM "{table}"')
        assert total == distinct, table
        brought = {row[0] for row in store.rows(f'SELECT DISTINCT import_id FROM "{table}"')} if table != "scores" else set()
        assert table == "actor_codes" or all(ledger[number]["status"] == "done" for number in brought), table
    assert store.rows("SELECT count(*), count(DISTINCT id), count(DISTINCT code) FROM actor_codes") == [(store.count("actor_codes"),) * 3]
    for name in {line.partition(" ")[2] for line in acknowledged if line.startswith("imported")}:
        num_lines = (files / name).read_text(encoding="utf-8").count("\n") - 1
        if name.startswith("events"):
            assert store.rows("SELECT count(*) FROM events WHERE starts_with(id, ?)", [name.removesuffix(".csv") + "_"]) == [(num_lines,)]
        else:
            first = 100 * int(name[7:9])
            held = "SELECT count(*) FROM {} t JOIN actor_codes c ON c.code = t.{} WHERE c.id BETWEEN ? AND ? {}"
            span = [f"u{first:04d}", f"u{first + 59:04d}"]
            assert store.rows(held.format("actors", "actor", ""), span) == [(60,)], name
            assert store.rows(held.format("outcomes", "subject", "AND task = 'churn'"), span) == [(60,)], name
    kept = {row[0] for row in store.rows("SELECT value FROM outcomes WHERE task = 'kept'")}
    kept |= {json.loads(row["payload"])["value"] for row in store.state.inbox()}
    assert {line.partition(" ")[2] for line in acknowledged if line.startswith("accepted")} <= kept
    live = store.state.live("churn")
    if live is not None:
        load_release(store, make_task(CONSTANT, LOGISTIC), live)
    store.close()
    with sqlite3.connect(root / ".productloop" / "state.db") as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    connection.close()


@pytest.mark.slow
def test_killed_at_ten_moments_nothing_is_lost_or_doubled(tmp_path: Path) -> None:
    root, files = tmp_path / "workspace", tmp_path / "files"
    Store.create(root).close()
    files.mkdir()
    write_round(files, 0)
    acknowledged = set(run_and_kill(root, files))
    check(root, acknowledged, files)
    moments = random.Random(20260301)
    cut_short = 0
    for number in range(1, NUM_KILLS + 1):
        for path in files.iterdir():  # only this round and the one before, to keep the program short
            if int(path.name.split("_")[1][:2]) < number - 1:
                path.unlink()
        write_round(files, number)
        lines = run_and_kill(root, files, moments.randrange(NUM_LINES - 1), moments.uniform(0.0, 0.2))
        cut_short += not lines[-1].startswith("turned")
        known = {line for line in (*acknowledged, *lines) if (files / line.partition(" ")[2]).is_file()}
        check(root, known, files)
        acknowledged = {*known, *lines}
    assert cut_short >= NUM_KILLS // 2, "the moments must fall into the work"
    lines = run_and_kill(root, files)
    assert len(lines) == NUM_LINES
    check(root, set(lines), files)
    store = Store(root)
    assert store.state.inbox() == []
    assert store.rows("SELECT count(*) FROM outcomes WHERE task = 'kept'") == store.rows(
        "SELECT count(DISTINCT value) FROM outcomes WHERE task = 'kept'"
    )
    assert store.rows("SELECT count(*) FROM scores") == store.rows("SELECT count(DISTINCT actor) FROM actors")
    store.close()
