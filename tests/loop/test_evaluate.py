"""Held-out quality: intervals over people, paired gains, calibration, protocols, and splits that keep a person on one side."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.loop.fake_task import make_task, silent

from productloop.learning.columns import number_columns
from productloop.learning.constant import CONSTANT
from productloop.learning.logistic import LOGISTIC
from productloop.loop.evaluate import HeldOut, calibration_table, held_out_classes, mean_interval, measure
from productloop.loop.records import Examples, Keys, Outcomes, Signature
from productloop.loop.train import choose_recipe, is_dated, known, splits

DAY = 86_400_000_000


def planted(num: int, *, num_classes: int = 2, dated: bool = True, signal: bool = True, per_person: int = 1) -> Examples:
    random = np.random.default_rng(3)
    value = random.integers(0, num_classes, num)
    x = random.normal(size=(num, 2))
    x[:, 0] += 2.0 * value * signal
    at = np.arange(1, num + 1, dtype=np.int64) * DAY if dated else np.zeros(num, dtype=np.int64)
    code = (np.arange(num) // per_person).astype(np.int32)
    return Examples(
        Keys(code, at, code.astype(object)),
        number_columns(x),
        Outcomes(value, at, np.ones(num)),
        Signature(columns=(), classes=("No", "Yes")),
    )


def held(examples: Examples, task: Any = None) -> HeldOut:
    return held_out_classes(task or make_task(CONSTANT, LOGISTIC), LOGISTIC, examples, splits(examples, 0), 0, silent)


def test_by_time_holds_the_newest_quarter_back() -> None:
    examples = planted(200)
    (split,) = splits(examples, 0)
    assert is_dated(examples)
    assert len(split.test) == 50
    assert examples.keys.at[split.train].max() < examples.keys.at[split.test].min()
    found = held(examples)
    assert sorted(found.rows) == sorted(split.test)
    assert found.gain().mean() > 0.1


def test_without_dates_five_folds_judge_every_row_once_and_people_stay_together() -> None:
    examples = planted(200, dated=False, per_person=2)
    parts = splits(examples, 0)
    assert not is_dated(examples)
    assert len(parts) == 5
    assert sorted(np.concatenate([part.test for part in parts])) == list(range(200))
    for part in parts:
        assert not set(examples.keys.code[part.train]) & set(examples.keys.code[part.test])
    assert len(held(examples).losses) == 200


def test_measures_carry_their_protocol_interval_and_baseline() -> None:
    task = make_task(CONSTANT, LOGISTIC)
    measures = measure(task, held(planted(400)), "by time", "churn-x", 0, {"extra.logistic": (0.5, None)})
    assert measures.beats_baseline
    assert measures.quality.value < measures.baseline.value  # type: ignore[operator]
    for figure in (measures.quality, measures.baseline, measures.further["gain"]):
        assert figure.protocol == "loop.protocol.by_time"
        assert figure.low < figure.value < figure.high  # type: ignore[operator]
        assert figure.id.startswith("churn-x.")
    assert measures.further["roc_auc"].value > 0.8  # type: ignore[operator]
    assert 0.0 < measures.further["brier"].value < 0.25  # type: ignore[operator]
    assert measures.further["extra.logistic"].definition == "loop.metric.extra"
    assert sum(n for _, _, n in measures.calibration) == 100
    nothing = measure(task, held(planted(400, signal=False)), "stratified", "churn-y", 0, {})
    assert not nothing.beats_baseline
    assert nothing.quality.protocol == "loop.protocol.stratified"


def test_more_classes_and_one_that_only_comes_later() -> None:
    examples = planted(200, num_classes=3)
    value = examples.outcomes.value.copy()
    value[:150][value[:150] == 2] = 1  # the third class is only seen in the held-back quarter
    late = replace(examples, outcomes=replace(examples.outcomes, value=value))
    task = replace(make_task(CONSTANT, LOGISTIC), classes=("a", "b", "c"))
    found = held(late, task)
    assert found.probabilities.shape == (50, 3)
    assert np.isfinite(found.losses).all()
    measures = measure(task, found, "by time", "r", 0, {})
    assert measures.calibration == ()
    assert "roc_auc" not in measures.further
    third = replace(LOGISTIC, name="third")
    best, compared = choose_recipe(replace(task, recipes=(CONSTANT, LOGISTIC, third)), late, 0, silent)
    assert best.name in ("logistic", "third")
    assert set(compared) == {"constant", "logistic", "third"}


@settings(max_examples=20, deadline=None)
@given(st.lists(st.tuples(st.floats(-5, 5), st.integers(0, 5)), min_size=1, max_size=60))
def test_the_interval_of_a_mean_is_seeded_and_inside_the_values(rows: list[tuple[float, int]]) -> None:
    values, people = np.array([r[0] for r in rows]), np.array([r[1] for r in rows])
    low, high = mean_interval(values, people, 1)
    assert (low, high) == mean_interval(values, people, 1)
    assert values.min() - 1e-9 <= low <= high <= values.max() + 1e-9
    if len(set(people.tolist())) == 1:
        assert low == pytest.approx(high)


def test_rows_of_one_person_are_not_independent() -> None:
    values = np.repeat(np.random.default_rng(0).normal(size=30), 20)
    people = np.repeat(np.arange(30), 20)
    together, apart = mean_interval(values, people, 0), mean_interval(values, np.arange(600), 0)
    assert together[1] - together[0] > 3 * (apart[1] - apart[0])
    assert np.isnan(mean_interval(np.zeros(0), np.zeros(0), 0)).all()


def test_calibration_table_adds_up() -> None:
    scores = np.array([0.0, 0.05, 0.5, 0.95, 1.0])
    happened = np.array([0, 1, 1, 1, 1])
    table = calibration_table(HeldOut(scores, scores, scores, happened, np.column_stack([1 - scores, scores]), np.arange(5), False))
    assert table == ((0.025, 0.5, 2), (0.5, 1.0, 1), (0.975, 1.0, 2))


def test_only_known_outcomes_are_examples() -> None:
    examples = planted(10)
    value = examples.outcomes.value.copy()
    value[3:] = -1
    assert len(known(replace(examples, outcomes=replace(examples.outcomes, value=value))).keys) == 3
