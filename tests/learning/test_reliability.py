"""Chances taken at their word: bins, what luck makes, and the two curves against their definitions."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from productloop.learning.metrics import ece, log_loss
from productloop.learning.reliability import (
    MIN_ROWS,
    found_and_disturbed,
    found_and_right,
    perfect_quality,
    reliability,
    yes_no_log_loss,
)


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=120))
def test_bins_hold_every_row_once(rows: list[tuple[float, bool]]) -> None:
    scores, outcomes = np.array([score for score, _ in rows]), np.array([float(hit) for _, hit in rows])
    bins = reliability(outcomes, scores)
    assert sum(one.num_rows for one in bins) == len(rows)
    assert sum(one.happened.value * one.num_rows for one in bins) == pytest.approx(outcomes.sum())
    assert sum(one.predicted * one.num_rows for one in bins) == pytest.approx(scores.sum())
    assert len(bins) == 1 or all(one.num_rows >= MIN_ROWS for one in bins)
    assert [one.predicted for one in bins] == sorted(one.predicted for one in bins)


def test_luck_explains_the_gap_of_a_model_that_is_right_and_not_of_one_that_is_not() -> None:
    random = np.random.default_rng(0)
    truth = random.beta(1, 3, 3000)
    outcomes = (random.random(3000) < truth).astype(float)
    luck = perfect_quality(truth, seed=1)["ece"]
    assert 0 < luck.low < luck.value < luck.high < 0.03
    assert luck.low * 0.5 < ece(outcomes, truth) < luck.high * 1.3
    wrong = np.clip(1.5 * truth, 0, 1)
    assert ece(outcomes, wrong) > perfect_quality(wrong, seed=1)["ece"].high
    assert perfect_quality(np.zeros(0), seed=1) == {}


def test_log_loss_is_that_of_the_metrics() -> None:
    scores, outcomes = np.array([0.2, 0.9, 1.0]), np.array([0, 1, 0])
    assert yes_no_log_loss(outcomes, scores) == pytest.approx(log_loss(outcomes, np.column_stack([1 - scores, scores])))


def test_curves_of_a_perfect_and_of_a_reversed_order() -> None:
    outcomes = np.array([1.0] * 10 + [0.0] * 30)
    best, worst = np.linspace(1, 0, 40), np.linspace(0, 1, 40)
    assert [right for _, right in found_and_right(outcomes, best)] == [1.0] * 10
    assert found_and_right(outcomes, worst)[-1] == (1.0, 0.25)
    assert found_and_right(outcomes, worst)[0][1] == pytest.approx(1 / 31)
    assert [found for _, found in found_and_disturbed(outcomes, best)] == [1.0] * 11
    assert [found for _, found in found_and_disturbed(outcomes, worst)] == [0.0] * 10 + [1.0]
    assert found_and_right(np.zeros(5), np.arange(5.0)) == ()
    assert found_and_disturbed(np.ones(5), np.arange(5.0)) == ()
