"""What people and the world answer: late outcomes, identities of rows, decisions."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.loop.fake_task import NOW

from productloop.foundation.errors import DataProblem
from productloop.loop.feedback import decide, post_outcomes, row_identity
from productloop.loop.store import Store


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.create(tmp_path / "workspace")


def test_outcomes_are_kept_when_this_returns(store: Store) -> None:
    rows = [{"subject": "u1", "task": "churn", "value": 1}, {"subject": "u1", "task": "churn", "value": 0, "time": NOW - 5}]
    assert post_outcomes(store, rows, NOW) == 2
    again = Store(store.root)
    payloads = [json.loads(row["payload"]) for row in again.state.inbox()]
    assert [(p["value"], p["time"]) for p in payloads] == [("1", NOW), ("0", NOW - 5)]


@pytest.mark.parametrize("missing", ["subject", "task", "value"])
def test_an_incomplete_outcome_keeps_nothing_of_its_batch(store: Store, missing: str) -> None:
    good = {"subject": "u1", "task": "churn", "value": "Yes"}
    for empty in (None, ""):
        with pytest.raises(DataProblem) as caught:
            post_outcomes(store, [good, good | {missing: empty}], NOW)
        assert caught.value.code == "outcome_incomplete"
        assert "2" in caught.value.render("en")[0]
    assert store.state.inbox() == []


def test_zero_is_a_value(store: Store) -> None:
    assert post_outcomes(store, [{"subject": 0, "task": "churn", "value": 0}], NOW) == 1


def test_an_own_id_is_the_identity_else_the_content(store: Store) -> None:
    row = {"id": "e1", "actor": "u1"}
    assert row_identity(store, "events", row) == row_identity(store, "events", row | {"actor": "u2"})
    assert row_identity(store, "events", row) != row_identity(store, "orders", row)
    del row["id"]
    assert row_identity(store, "events", row) == row_identity(store, "events", dict(reversed(list((row | {}).items()))))
    assert row_identity(store, "events", row) != row_identity(store, "events", row | {"actor": "u2"})


def test_identities_of_another_workspace_are_others(store: Store, tmp_path: Path) -> None:
    other = Store.create(tmp_path / "other")
    assert row_identity(store, "events", {"actor": "u1"}) != row_identity(other, "events", {"actor": "u1"})


def test_decisions_are_kept_and_unknown_choices_named(store: Store) -> None:
    assert decide(store, "f1", "wait", "Wang", NOW, NOW + 1, "fig") == 1
    assert store.state.decisions()[0]["choice"] == "wait"
    with pytest.raises(DataProblem) as caught:
        decide(store, "f1", "maybe", "Wang", NOW, None)
    assert "do, answer, wait" in caught.value.render("en")[1]
