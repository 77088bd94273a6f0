"""Rows that came over HTTP: acknowledged, drained into the lake once each, whatever is killed in between."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.loop.fake_task import NOW, bring

from productloop.loop import arrivals
from productloop.loop.arrivals import drain
from productloop.loop.feedback import post_outcomes, row_identity
from productloop.loop.state import State
from productloop.loop.store import Store


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.create(tmp_path / "workspace")


def send(store: Store, *payloads: dict[str, object]) -> int:
    return store.state.receive([("events", row_identity(store, "events", p), json.dumps(p)) for p in payloads], NOW)


def event(actor: str, name: str, **more: object) -> dict[str, object]:
    return {"actor": actor, "name": name, "time": NOW, **more}


def test_rows_move_to_the_lake_in_their_types(store: Store) -> None:
    assert drain(store, NOW) == 0
    assert send(store, event("zoe", "a", value="2.5", duration_ms=40), event("adam", "b", value="not a number")) == 2
    assert drain(store, NOW) == 2
    assert store.state.inbox() == []
    found = store.rows(
        "SELECT c.id, e.name, e.time, e.value, e.duration_ms FROM events e JOIN actor_codes c ON c.code = e.actor ORDER BY 1"
    )
    assert found == [("adam", "b", NOW, None, None), ("zoe", "a", NOW, 2.5, 40)]
    (row,) = store.state.imports()
    assert (row["status"], row["num_new"], row["num_repeated"]) == ("done", 2, 0)
    assert store.rows("SELECT DISTINCT import_id FROM events") == [(row["id"],)]


def test_a_row_sent_again_is_stored_once(store: Store) -> None:
    for _ in range(3):
        send(store, event("u1", "a"), event("u1", "a", id="own"), event("u1", "changed", id="own"))
        drain(store, NOW)
    assert sorted(store.rows("SELECT name FROM events")) == [("a",), ("a",)]
    assert store.count("actor_codes") == 1


def test_codes_are_shared_with_imports(store: Store, tmp_path: Path) -> None:
    (tmp_path / "e.csv").write_text("user_id,event,timestamp\nu1,a,2026-03-01\n", encoding="utf-8")
    bring(store, tmp_path / "e.csv")
    send(store, event("u2", "b"), event("u1", "b"))
    drain(store, NOW)
    assert dict(store.rows("SELECT id, code FROM actor_codes")) == {"u1": 0, "u2": 1}
    assert store.rows("SELECT actor, name FROM events ORDER BY actor, name") == [(0, "a"), (0, "b"), (1, "b")]


@pytest.mark.parametrize("step", ["before", "after"])
def test_a_drain_that_was_killed_comes_again(store: Store, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    """Killed after the codes were written, or after the rows were but before the inbox was cleared."""
    send(store, event("u1", "a"), event("u2", "b"))

    def dying(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr(*((State, "clear_inbox", dying) if step == "after" else (State, "finish_import", dying)))
    with pytest.raises(MemoryError):
        drain(store, NOW)
    monkeypatch.undo()
    again = Store(store.root)
    assert len(again.state.inbox()) == 2
    assert drain(again, NOW) == 2
    assert (again.count("events"), again.count("actor_codes"), again.state.inbox()) == (2, 2, [])
    assert {row["status"] for row in again.state.imports()} == {"done"}


def test_rows_that_arrive_while_draining_wait_for_the_next_time(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    send(store, event("u1", "a"))
    real = arrivals._drain_table

    def slow(*given: object) -> None:
        real(*given)  # type: ignore[arg-type]
        send(store, event("u2", "b"))

    monkeypatch.setattr(arrivals, "_drain_table", slow)
    assert drain(store, NOW) == 1
    monkeypatch.undo()
    assert len(store.state.inbox()) == 1
    assert drain(store, NOW) == 1
    assert store.count("events") == 2


def test_several_tables_at_once(store: Store) -> None:
    send(store, event("u1", "a"))
    post_outcomes(store, [{"subject": "u1", "task": "churn", "value": "Yes"}], NOW)
    assert drain(store, NOW) == 2
    assert store.rows("SELECT subject, value, time FROM outcomes") == [(0, "Yes", NOW)]
    assert [row["target"] for row in store.state.imports()] == ["events", "outcomes"]
