"""Alike rows: Gower's distance by hand, and a change of level that is named only where those alike did not move as well."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from productloop.learning.alike import MIN_PLACEBOS, distances, level_change
from productloop.learning.columns import Columns


def columns(values: list[list[float]]) -> Columns:
    array = np.array(values, dtype=np.float64)
    return Columns(array, ("amount", "visits", "plan"), ("number", "number", "category"), (0, 0, 3))


def test_distance_by_hand() -> None:
    rows = columns([[1, 10, 0], [2, 20, 0], [3, 30, 1], [4, np.nan, 1]])
    found = distances(rows, rows.take(np.array([0])), {})
    assert found[0] == 0
    assert found[1] == pytest.approx((1 / 4 + 1 / 3 + 0) / 3)
    assert found[2] == pytest.approx((2 / 4 + 2 / 3 + 1) / 3)
    assert found[3] == pytest.approx((3 / 4 + 1) / 2), "what is missing is left out"


def test_columns_of_one_group_count_once() -> None:
    rows = columns([[1, 1, 0], [2, 2, 0], [1, 1, 1]])
    found = distances(rows, rows.take(np.array([0])), {"amount": "size", "visits": "size"})
    assert found[1] == pytest.approx(0.5 / 2 * 1.0)
    assert found[2] == pytest.approx(1 / 2)


def test_nothing_known_in_both_is_no_distance() -> None:
    rows = columns([[np.nan, np.nan, np.nan], [1, 2, 0]])
    assert np.isnan(distances(rows, rows.take(np.array([1])), {})[0])
    assert np.isnan(distances(rows, rows.take(np.array([0])), {})).all()


@given(st.lists(st.tuples(st.floats(-1e6, 1e6), st.integers(0, 2)), min_size=1, max_size=30), st.integers(0, 29))
def test_distances_lie_between_0_and_1_and_one_is_at_0_from_itself(people: list[tuple[float, int]], place: int) -> None:
    rows = columns([[value, -value, code] for value, code in people])
    found = distances(rows, rows.take(np.array([place % len(people)])), {})
    assert found[place % len(people)] == 0
    assert ((found >= 0) & (found <= 1)).all()


def one(value: float) -> np.ndarray:
    return np.array([value], dtype=np.float64)


def test_a_fall_is_seen_beside_those_alike() -> None:
    random = np.random.default_rng(0)
    before, after = random.poisson(40, 200).astype(float), random.poisson(30, 200).astype(float)
    found = level_change(one(40), one(6), before, after)
    assert found is not None
    assert found.common == pytest.approx(0.75, abs=0.03)
    assert found.ratio.value == pytest.approx(6 / 40 / found.common)
    assert found.ratio.high < 0.5
    assert found.p < 1 / 201, "larger than all of theirs"
    moved_as_all = level_change(one(40), one(29), before, after)
    assert moved_as_all is not None
    assert moved_as_all.p > 0.3
    assert moved_as_all.ratio.low < 1 < moved_as_all.ratio.high


def test_chance_alone_is_named_as_often_as_its_p_says() -> None:
    random = np.random.default_rng(1)
    level = random.gamma(2.0, 15.0, size=(300, 101))
    before, after = random.poisson(level).astype(float), random.poisson(level * random.gamma(4.0, 0.25, size=level.shape)).astype(float)
    p, inside = [], []
    for row in range(300):
        found = level_change(before[row, :1], after[row, :1], before[row, 1:], after[row, 1:])
        if found is not None:
            p.append(found.p)
            inside.append(found.ratio.low <= 1 <= found.ratio.high)
    assert np.mean(np.array(p) <= 0.05) < 0.08
    assert np.mean(np.array(p) <= 0.01) < 0.025
    assert 0.83 < np.mean(inside) < 0.97


def test_too_few_alike_say_nothing() -> None:
    few = np.ones(MIN_PLACEBOS - 1)
    assert level_change(one(10), one(1), few, few) is None
    many = np.ones(50)
    assert level_change(one(0), one(0), many, many) is None
    assert level_change(one(5), one(5), many, np.zeros(50)) is None
    gone = level_change(one(30), one(0), many, many)
    assert gone is not None
    assert gone.ratio.value == 0
    assert gone.ratio.low == 0
