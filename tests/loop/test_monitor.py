"""Monitoring: outcomes that came later are joined with what was predicted before, and inputs that drift are seen."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from tests.loop.fake_task import NOW, bring_people, inputs, keys, make_run, make_task, write_people

from productloop.learning.columns import Columns
from productloop.learning.constant import CONSTANT
from productloop.learning.logistic import LOGISTIC
from productloop.loop.arrivals import drain
from productloop.loop.feedback import post_outcomes
from productloop.loop.monitor import drift, track
from productloop.loop.release import load_release
from productloop.loop.store import Store
from productloop.loop.turn import turn


def predicted(number: int, subject: str, yes: float, at: int) -> dict[str, object]:
    value = json.dumps({"No": 1 - yes, "Yes": yes})
    fields = {"task": "churn", "release": "r", "input_hash": "h", "latency_ms": 1.0}
    return {"id": f"p{number}", "subject": subject, "value": value, "at": at, **fields}


def test_late_outcomes_are_joined_with_earlier_predictions_only(tmp_path: Path) -> None:
    store = Store.create(tmp_path / "workspace")
    nothing = track(store, "churn")
    assert (nothing.num_predictions, nothing.accuracy, nothing.mean_probability) == (0, None, None)
    store.state.add_predictions(
        [predicted(1, "u1", 0.8, NOW), predicted(2, "u2", 0.8, NOW), predicted(3, "u3", 0.3, NOW), predicted(4, "u4", 0.9, NOW)]
    )
    said = [("u1", "Yes", NOW + 10), ("u2", "No", NOW + 10), ("u2", "Yes", NOW + 20), ("u3", "Yes", NOW - 10), ("u5", "Yes", NOW + 10)]
    post_outcomes(store, [{"subject": s, "task": "churn", "value": v, "time": t} for s, v, t in said], NOW)
    post_outcomes(store, [{"subject": "u4", "task": "other", "value": "Yes", "time": NOW + 10}], NOW)
    drain(store, NOW)
    found = track(store, "churn")
    assert (found.num_predictions, found.num_known) == (4, 2), "u3's outcome came before, u4's belongs to another task"
    assert found.accuracy == 0.5
    assert found.mean_probability == pytest.approx((0.8 + 0.2) / 2)


def test_drift_of_inputs(tmp_path: Path) -> None:
    store = Store.create(tmp_path / "workspace")
    bring_people(store, write_people(tmp_path / "people.csv", 600))
    (result,) = turn(make_run(store), (make_task(CONSTANT, LOGISTIC),))
    release, _ = load_release(store, make_task(CONSTANT, LOGISTIC), result.release or "")
    same, _ = inputs(store, keys(store, None), release.signature)
    assert {entry.verdict for entry in drift(release, same)} == {"stable"}
    shifted = same.values.copy()
    shifted[:, same.names.index("visits")] += 6
    worst, other = drift(release, Columns(shifted, same.names, same.kinds, same.num_categories))
    assert (worst.name, worst.verdict, other.verdict) == ("visits", "large", "stable")
    assert (worst.psi or 0) > 1
    few = drift(release, same.take(np.arange(5)))
    assert {(entry.verdict, entry.psi) for entry in few} == {("not enough", None)}
    assert drift(release.model_copy(update={"bins": ()}), same) == []
