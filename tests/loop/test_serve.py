"""Serving: a batch is the same as one by one, unseen categories, rows of a caller, and a prediction log that survives a bad row."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pytest
from tests.loop.fake_task import NOW, bring_people, keys, make_run, make_task, silent, write_people

from productloop.foundation.errors import UsageError, WorkspaceProblem
from productloop.learning.constant import CONSTANT
from productloop.learning.logistic import LOGISTIC
from productloop.loop.records import Prediction
from productloop.loop.serve import PredictionLog, current_subjects, keys_of, open_live, predict_keys, predict_row, score_all
from productloop.loop.state import State
from productloop.loop.store import Store
from productloop.loop.turn import turn

TASK = make_task(CONSTANT, LOGISTIC)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    folder = tmp_path_factory.mktemp("serve")
    store = Store.create(folder / "workspace")
    bring_people(store, write_people(folder / "people.csv", 120))
    turn(make_run(store), (TASK,))
    return store


def made(number: int, subject: str = "u1") -> Prediction:
    return Prediction(id=f"p{number}", task="churn", release="r", subject=subject, value={"Yes": 0.5}, latency_ms=1.0, at=NOW + number)


def test_a_batch_is_the_same_as_one_by_one(store: Store) -> None:
    live = open_live(store, TASK)
    everybody = keys(store, None)
    batch = predict_keys(live, store, everybody)
    rows = np.arange(0, len(everybody), 17)
    single = np.concatenate([predict_keys(live, store, everybody.take(np.array([row]))) for row in rows])
    assert single == pytest.approx(batch[rows], rel=0, abs=1e-12)


def test_one_row_of_a_caller(store: Store) -> None:
    live = open_live(store, TASK)
    few, _, first = predict_row(live, store, {"visits": 1, "colour": "red"}, NOW)
    many, _, second = predict_row(live, store, {"colour": "blue", "visits": "9.5"}, NOW)
    assert few["Yes"] > many["Yes"]
    assert sum(few.values()) == pytest.approx(1, abs=1e-5)
    assert first != second
    assert predict_row(live, store, {"colour": "red", "visits": 1}, NOW)[2] == first, "the order of the fields changes nothing"


@pytest.mark.parametrize(
    "row", [{"colour": "never seen"}, {"visits": None}, {"visits": "n/a", "colour": ""}, {"unknown": 1}, {"visits": "inf"}]
)
def test_odd_rows_are_answered(store: Store, row: dict[str, object]) -> None:
    value, _, _ = predict_row(open_live(store, TASK), store, row, NOW)
    assert all(0 < p < 1 for p in value.values())


def test_a_person_is_looked_up_by_the_sources_own_id(store: Store) -> None:
    live = open_live(store, TASK)
    value, subject, _ = predict_row(live, store, {"subject": "u0007"}, NOW)
    expected = predict_keys(live, store, keys_of(store, "u0007", NOW))[0]
    assert subject == "u0007"
    assert list(value.values()) == pytest.approx(expected, abs=1e-6)
    for nobody in ("u9999", ""):
        with pytest.raises(UsageError) as caught:
            predict_row(live, store, {"subject": nobody} if nobody else {}, NOW)
        assert caught.value.code == "subject_unknown"


def test_scores_replace_the_earlier_ones_of_the_task(store: Store) -> None:
    live = open_live(store, TASK)
    assert score_all(live, store, NOW, silent) == 120
    assert score_all(live, store, NOW + 1, silent) == 120
    assert store.rows("SELECT count(*), min(time) FROM scores") == [(120, NOW + 1)]
    assert list(current_subjects(store, NOW).ids[:2]) == ["u0000", "u0001"]


def test_nothing_live_is_said(store: Store) -> None:
    with pytest.raises(UsageError) as caught:
        open_live(store, make_task(name="other"))
    assert caught.value.code == "nothing_live"


def test_the_log_writes_all_when_closed(tmp_path: Path) -> None:
    store = Store.create(tmp_path / "workspace")
    log = PredictionLog(store)
    for number in range(1200):
        log.add(made(number), "h")
    log.close()
    assert [row["id"] for row in store.state.predictions("churn")] == [f"p{number}" for number in range(1200)]


def test_the_log_writes_within_a_second_without_being_closed(tmp_path: Path) -> None:
    store = Store.create(tmp_path / "workspace")
    log = PredictionLog(store)
    log.add(made(1), "h")
    deadline = time.monotonic() + 10
    while not store.state.predictions("churn") and time.monotonic() < deadline:
        time.sleep(0.05)
    assert len(store.state.predictions("churn")) == 1
    log.close()


def test_a_full_disk_or_a_repeated_id_does_not_end_the_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = Store.create(tmp_path / "workspace")
    log = PredictionLog(store)
    real, failing = State.add_predictions, [True]

    def sometimes(self: State, rows: list[dict[str, object]]) -> None:
        if failing:
            from productloop.loop.wording import STATE_UNWRITABLE

            raise WorkspaceProblem(STATE_UNWRITABLE, reason="full")
        real(self, rows)

    monkeypatch.setattr(State, "add_predictions", sometimes)
    log.add(made(1), "h")
    deadline = time.monotonic() + 10
    while log.failed is None and time.monotonic() < deadline:
        time.sleep(0.02)
    assert log.failed is not None
    failing.clear()
    log.add(made(2), "h")
    while log.failed is not None and time.monotonic() < deadline:
        time.sleep(0.02)
    assert log.failed is None
    log.add(made(2), "h")
    time.sleep(0.5)
    log.add(made(3), "h")
    log.close()
    assert {"p2", "p3"} <= {row["id"] for row in store.state.predictions("churn")}
