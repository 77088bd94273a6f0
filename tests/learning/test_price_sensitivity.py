"""Van Westendorp and Gabor-Granger: crossings by hand, planted prices found again, inconsistent answers, pooling."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from productloop.learning.price_sensitivity import demand, price_meter


def test_planted_points_are_found_again() -> None:
    random = np.random.default_rng(0)
    middle = random.normal(30, 6, 800)
    answers = np.column_stack([middle - 12, middle - 4, middle + 4, middle + 12]) + random.normal(0, 1, (800, 4))
    found = price_meter(answers, 0)
    # All four are normal around 18, 26, 34 and 42 with one spread: curves cross half way.
    assert found.optimal.value == pytest.approx(30, abs=1.0)
    assert found.indifference.value == pytest.approx(30, abs=0.7)
    assert found.lowest.value == pytest.approx(22, abs=0.7)
    assert found.highest.value == pytest.approx(38, abs=0.7)
    for point in (found.optimal, found.indifference, found.lowest, found.highest):
        assert point.low <= point.value <= point.high
        assert point.high - point.low < 4
    assert found.num_people + found.num_inconsistent <= 800


def test_crossings_by_hand() -> None:
    found = price_meter(np.array([[5.0, 10, 20, 30], [6, 12, 25, 35], [4, 9, 18, 28]]), 0)
    assert found.num_people == 3
    assert found.optimal.value == pytest.approx(17.0)  # nobody says either from above 6 to below 28
    assert found.indifference.value == pytest.approx(15.0)
    assert found.lowest.value < found.indifference.value < found.highest.value


def test_answers_that_do_not_rise_are_counted_and_left_out() -> None:
    good, bad, half = [5.0, 10, 20, 30], [30.0, 20, 10, 5], [5.0, np.nan, 20, 30]
    found = price_meter(np.array([good, good, bad, half]), 0)
    assert (found.num_people, found.num_inconsistent) == (2, 1)
    with pytest.raises(ValueError, match="nobody"):
        price_meter(np.array([bad]), 0)
    with pytest.raises(ValueError, match="nobody"):
        price_meter(np.empty((0, 4)), 0)


@given(st.lists(st.lists(st.floats(0, 1e5), min_size=4, max_size=4), min_size=1, max_size=30))
def test_points_lie_within_what_was_said(rows: list[list[float]]) -> None:
    answers = np.sort(np.array(rows), axis=1)
    answers[:, 3] += 1
    found = price_meter(answers, 0)
    for point in (found.optimal, found.indifference, found.lowest, found.highest):
        assert answers.min() <= point.value <= answers.max()
    assert (np.diff(found.too_cheap) <= 1e-12).all()
    assert (np.diff(found.too_expensive) >= -1e-12).all()


def test_the_price_with_the_most_revenue() -> None:
    random = np.random.default_rng(1)
    prices, shares = np.array([10.0, 20, 30, 40]), np.array([0.9, 0.7, 0.35, 0.1])
    found = demand(prices, (random.random((1500, 1)) < shares).astype(float), 0)
    assert found.best == 1
    assert found.chance[1] > 0.95
    assert found.chance.sum() == pytest.approx(1)
    assert found.revenue[1].value == pytest.approx(1400, rel=0.06)
    for interval, truth in zip(found.share, shares, strict=True):
        assert interval.low - 0.02 <= truth <= interval.high + 0.02


def test_shares_that_rise_are_pooled_and_gaps_allowed() -> None:
    answers = np.array([[1, 0, 1], [0, 1, 0], [1, 1, np.nan], [0, 1, 0]], dtype=float)
    found = demand(np.array([1.0, 2, 3]), answers, 0)
    assert found.asked.tolist() == [4, 4, 3]
    assert (np.diff(found.pooled) <= 1e-12).all()
    assert found.pooled[:2] == pytest.approx([0.625, 0.625])
    with pytest.raises(ValueError, match="nobody was asked"):
        demand(np.array([1.0]), np.full((2, 1), np.nan), 0)
