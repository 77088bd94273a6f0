"""state.db: the ledger, releases and pointers, the inbox under several writers, turns, reports, merges."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path
from types import SimpleNamespace

import pytest

from productloop.foundation.errors import WorkspaceProblem
from productloop.loop import state as state_module
from productloop.loop.state import State, _write_ahead

NOW = 1_780_000_000_000_000
COUNTS = {"num_rows": 3, "num_new": 2, "num_repeated": 1, "num_quarantined": 0}


@pytest.fixture
def state(tmp_path: Path) -> State:
    return State(tmp_path / "state.db")


def test_an_acknowledged_row_survives_a_power_cut(state: State) -> None:
    with state.engine.connect() as connection:
        settings = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("journal_mode", "synchronous", "secure_delete")
        }
    assert settings == {"journal_mode": "wal", "synchronous": 2, "secure_delete": 1}


def test_the_ledger(state: State) -> None:
    first = state.begin_import("a.csv", "", "hash", "events", NOW, COUNTS, [{"key": "中文"}])
    second = state.begin_import("b.csv", "", "hash", "feedback", NOW, COUNTS, [])
    assert [row["id"] for row in state.imports("running")] == [first, second]
    state.finish_import(first, NOW + 5)
    state.mark_import(second, "failed")
    assert [(row["status"], row["finished_at"], row["num_new"]) for row in state.imports()] == [("done", NOW + 5, 2), ("failed", None, 2)]


def test_a_remembered_mapping_is_replaced(state: State) -> None:
    assert state.mapping("f") is None
    state.remember_mapping("f", "events", {"actor": "uid"})
    state.remember_mapping("f", "feedback", {"text": "内容"})
    assert state.mapping("f") == ("feedback", {"text": "内容"})


def test_the_newest_pointer_is_live(state: State) -> None:
    assert state.live("churn") is None
    for release in ("churn-a", "churn-b"):
        card = '{"versions": {"events": 3}}'
        state.add_release({"id": release, "task": "churn", "recipe": "logistic", "created_at": NOW, "status": "candidate", "card": card})
        state.point("churn", release, NOW, "first")
    state.point("other", "other-a", NOW, "first")
    assert state.live("churn") == "churn-b"
    assert [row["release"] for row in state.pointer_history("churn")] == ["churn-a", "churn-b"]
    state.set_release_status("churn-a", "accepted")
    assert [(row["id"], row["status"]) for row in state.releases("churn")] == [("churn-a", "accepted"), ("churn-b", "candidate")]
    state.mark_not_reproducible()
    assert all('"reproducible": false' in row["card"] for row in state.releases())
    assert state.named_versions() == {"events": {3}}


def test_the_inbox_takes_each_row_once(state: State) -> None:
    rows = [("events", "r1", "{}"), ("events", "r2", "{}"), ("events", "r1", "{}")]
    assert state.receive(rows, NOW) == 2
    assert state.receive(rows, NOW) == 0
    waiting = state.inbox()
    assert [row["row_id"] for row in waiting] == ["r1", "r2"]
    state.clear_inbox([waiting[0]["id"]])
    assert [row["row_id"] for row in state.inbox()] == ["r2"]
    state.clear_inbox([])


def test_several_writers_send_the_same_rows_at_once(state: State, tmp_path: Path) -> None:
    others = [state, *(State(tmp_path / "state.db") for _ in range(3))]
    accepted: list[int] = []
    failures: list[BaseException] = []
    ready = threading.Barrier(len(others))

    def send(mine: State) -> None:
        ready.wait()
        try:
            accepted.append(sum(mine.receive([("events", f"r{batch}_{i}", "{}") for i in range(3)], NOW) for batch in range(40)))
        except Exception as failure:  # noqa: BLE001 - whatever it was, the test names it
            failures.append(failure)

    threads = [threading.Thread(target=send, args=(mine,)) for mine in others]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert sum(accepted) == len(state.inbox()) == 120


def test_erasing_a_subject_leaves_the_others(state: State) -> None:
    made = [
        {"id": name, "task": "t", "release": "r", "subject": subject, "input_hash": "h", "value": "1", "latency_ms": 1.0, "at": NOW + i}
        for i, (name, subject) in enumerate([("p1", "u1"), ("p2", "u2"), ("p3", "u1")])
    ]
    state.add_predictions(made)
    state.add_predictions([])
    state.receive([("outcomes", "a", '{"subject": "u1"}'), ("outcomes", "b", '{"subject": "u11"}')], NOW)
    assert state.erase_subject({"u1"}) == 3
    assert [row["id"] for row in state.predictions("t")] == ["p2"]
    assert [row["row_id"] for row in state.inbox()] == ["b"]
    assert state.predictions("t", since=NOW + 2) == []


def test_a_report_is_found_by_the_beginning_of_its_key(state: State) -> None:
    row = {"action": "needs", "request": "{}", "as_of": None, "versions": '{"events": 2}', "created_at": NOW, "body": "{}"}
    state.save_report(row | {"id": "abc123"})
    state.save_report(row | {"id": "abd999", "action": "risk"})
    state.save_report(row | {"id": "abc123", "body": "[1]"})
    assert state.report("abc")["body"] == "[1]"  # type: ignore[index]
    assert state.report("a%") is None
    assert state.report("zzz") is None
    assert [found["id"] for found in state.reports("risk")] == ["abd999"]
    assert state.named_versions() == {"events": {2}}
    state.forget_reports()
    assert state.reports() == []


def test_turns_jobs_tokens_decisions(state: State) -> None:
    assert state.turn("churn") is None
    state.save_turn("churn", "k1", NOW, {"verdict": "first"})
    state.save_turn("churn", "k2", NOW, {"verdict": "拒绝"})
    assert state.turn("churn")["key"] == "k2"  # type: ignore[index]
    job = {"id": "j", "action": "needs", "request": "{}", "status": "waiting", "created_at": NOW, "progress": ""}
    state.add_job(job)
    state.update_job("j", status="done", report="abc")
    assert (state.jobs("j")[0]["status"], state.jobs("none")) == ("done", [])
    assert not state.has_token("d")
    state.add_token("d", "ci", NOW)
    assert state.has_token("d")
    decision = {"at": NOW, "finding": "f", "choice": "do", "owner": "me", "review_at": None, "figure": None}
    assert [state.add_decision(decision), state.add_decision(decision)] == [1, 2]
    assert len(state.decisions()) == 2


def test_a_copy_is_taken_while_others_write(state: State, tmp_path: Path) -> None:
    state.receive([("events", "r1", "{}")], NOW)
    state.backup_to(tmp_path / "copy.db")
    state.receive([("events", "r2", "{}")], NOW)
    copy = State(tmp_path / "copy.db")
    assert [row["row_id"] for row in copy.inbox()] == ["r1"]
    copy.close()


def test_what_is_no_database_is_said(tmp_path: Path) -> None:
    (tmp_path / "state.db").write_bytes(b"not a database at all, but long enough to be read as a header" * 20)
    with pytest.raises(WorkspaceProblem) as caught:
        State(tmp_path / "state.db")
    assert caught.value.code == "state_unreadable"
    with pytest.raises(WorkspaceProblem):
        State(tmp_path / "missing" / "state.db")


def test_a_workspace_opened_by_several_at_once(tmp_path: Path) -> None:
    """The first opening makes the schema; whoever comes at the same moment waits instead of failing."""
    failures: list[BaseException] = []
    ready = threading.Barrier(4)

    def open_it() -> None:
        ready.wait()
        try:
            State(tmp_path / "state.db").close()
        except Exception as failure:  # noqa: BLE001 - whatever it was, the test names it
            failures.append(failure)

    threads = [threading.Thread(target=open_it) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


class AnsweringCursor:
    """A cursor whose statements fail with these answers, one after the other, and work when none is left."""

    def __init__(self, *answers: str) -> None:
        self.answers = list(answers)
        self.statements: list[str] = []

    def execute(self, statement: str) -> None:
        self.statements.append(statement)
        if self.answers:
            raise sqlite3.OperationalError(self.answers.pop(0))


def test_who_turns_a_new_file_to_wal_at_the_same_moment_as_another_waits_and_asks_again() -> None:
    cursor = AnsweringCursor("database is locked", "database is locked")
    _write_ahead(cursor)
    assert cursor.statements == ["PRAGMA journal_mode=WAL"] * 3


def test_what_no_waiting_mends_is_said_at_once() -> None:
    cursor = AnsweringCursor("disk I/O error", "database is locked")
    with pytest.raises(sqlite3.OperationalError, match="disk I/O error"):
        _write_ahead(cursor)
    assert cursor.statements == ["PRAGMA journal_mode=WAL"]


def test_a_file_that_is_never_free_is_given_up_after_the_busy_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(state_module, "BUSY_SECONDS", 3)
    now = 100.0
    waits: list[float] = []

    def wait(seconds: float) -> None:
        nonlocal now
        now += seconds * 50  # 20 ms of the program are a second of the test's clock
        waits.append(seconds)

    monkeypatch.setattr(state_module, "time", SimpleNamespace(monotonic=lambda: now, sleep=wait))
    cursor = AnsweringCursor(*["database is locked"] * 100)
    with pytest.raises(sqlite3.OperationalError, match="database is locked"):
        _write_ahead(cursor)
    assert waits == [0.02] * 4, "asked again for three seconds, given up at the first answer after them"
    assert len(cursor.statements) == 5


def test_the_busy_time_holds_for_every_statement_of_an_opened_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(state_module, "BUSY_SECONDS", 7)
    state = State(tmp_path / "state.db")
    with state.engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar() == 7000
    state.close()


def test_the_newest_answer_about_a_row_counts_and_an_erased_row_keeps_none(tmp_path: Path) -> None:
    state = State(tmp_path / "state.db")
    assert state.labels("sentiment") == {}
    state.add_labels("sentiment", [("r1", "positive"), ("r2", "negative")], 1)
    state.add_labels("sentiment", [("r1", "negative")], 2)
    state.add_labels("mentions a rival", [("r1", "yes")], 3)
    assert state.labels("sentiment") == {"r2": "negative", "r1": "negative"}
    assert state.erase_labels(["r1", "r3"]) == 3
    assert state.labels("sentiment") == {"r2": "negative"}
    assert state.labels("mentions a rival") == {}
    state.close()
