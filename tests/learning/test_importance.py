"""What a model goes by: shares that follow the truth, curves that rise where the model rises, and no rows that do not exist."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from productloop.learning.columns import Columns
from productloop.learning.importance import contribution_importance, curve_of, shuffled_importance
from productloop.learning.reasons import ColumnGroup

Floats = NDArray[np.float64]
GROUPS = [ColumnGroup("strong", (0,)), ColumnGroup("weak", (1,)), ColumnGroup("nothing", (2,))]


def sigmoid(score: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-score)), dtype=np.float64)


def chance(columns: Columns) -> Floats:
    return sigmoid(2 * columns.values[:, 0] + 0.5 * columns.values[:, 1])


@pytest.fixture(scope="module")
def numbers() -> Columns:
    values = np.random.default_rng(0).normal(size=(400, 3))
    return Columns(values, ("strong", "weak", "nothing"), ("number",) * 3, (0, 0, 0))


def test_shares_of_contributions(numbers: Columns) -> None:
    parts = np.column_stack([2 * numbers.values[:, 0], 0.5 * numbers.values[:, 1], np.zeros(400), np.zeros(400)])
    strong, weak, nothing = contribution_importance(parts, GROUPS, seed=1)
    assert strong.low < strong.value < strong.high
    assert strong.value == pytest.approx(0.8, abs=0.03)
    assert strong.value + weak.value == pytest.approx(1)
    assert nothing.value == nothing.high == 0
    assert contribution_importance(np.zeros((5, 4)), GROUPS, seed=1)[0].value == 0
    assert contribution_importance(parts, GROUPS, seed=1) == contribution_importance(parts, GROUPS, seed=1)


def test_shuffling_finds_the_same(numbers: Columns) -> None:
    strong, weak, nothing = shuffled_importance(chance, numbers, GROUPS, seed=1)
    assert strong.value == pytest.approx(0.8, abs=0.05)
    assert weak.value > nothing.value == 0


def test_a_number_alone_gets_its_partial_dependence(numbers: Columns) -> None:
    curve = curve_of(chance, numbers, 0, seed=0)
    assert curve is not None
    assert curve.kind == "values"
    assert (np.diff(curve.at) > 0).all()
    assert (np.diff(curve.mean) > 0).all()
    assert (curve.low < curve.mean).all()
    assert (curve.mean < curve.high).all()
    for at, mean in zip(curve.at, curve.mean, strict=True):
        assert mean == pytest.approx(sigmoid(2 * at + 0.5 * numbers.values[:, 1]).mean())


def test_correlated_numbers_get_local_effects() -> None:
    """y = x1 - x2 with x2 = x1 + noise: local effects keep the slope of one, and stay among rows that exist."""
    random = np.random.default_rng(3)
    first = random.uniform(0, 1, 800)
    columns = Columns(np.column_stack([first, first + random.normal(0, 0.05, 800)]), ("a", "b"), ("number", "number"), (0, 0))
    asked: list[Floats] = []

    def answer(rows: Columns) -> Floats:
        asked.append(np.abs(rows.values[:, 0] - rows.values[:, 1]).max())
        return np.clip(0.5 + 0.4 * (rows.values[:, 0] - rows.values[:, 1]), 0, 1)

    curve = curve_of(answer, columns, 0, seed=0)
    assert curve is not None
    assert curve.kind == "local"
    slope = np.polyfit(curve.at, curve.mean, 1)[0]
    assert slope == pytest.approx(0.4, abs=0.02)
    assert max(asked) < 0.4, "no row is taken far from what occurs"
    assert (curve.low <= curve.mean + 1e-12).all()
    assert (curve.mean <= curve.high + 1e-12).all()


def test_categories() -> None:
    random = np.random.default_rng(5)
    codes = random.integers(0, 3, 300).astype(float)
    alone = Columns(np.column_stack([codes, random.integers(0, 2, 300)]), ("plan", "other"), ("category",) * 2, (3, 2))
    free = curve_of(lambda rows: 0.1 + 0.2 * rows.values[:, 0], alone, 0, seed=0)
    assert free is not None
    assert free.kind == "categories"
    assert free.at.tolist() == [2, 1, 0], "the highest first"
    assert free.mean == pytest.approx([0.5, 0.3, 0.1])
    tied = Columns(np.column_stack([codes, (codes == 0).astype(float)]), ("plan", "none"), ("category",) * 2, (3, 2))
    among = curve_of(lambda rows: 0.1 + 0.8 * rows.values[:, 1], tied, 0, seed=0)
    assert among is not None
    assert among.kind == "among"
    assert among.mean == pytest.approx([0.9, 0.1, 0.1])


def test_nothing_to_draw() -> None:
    flat = Columns(np.array([[1.0, 0.0, np.nan]] * 50), ("a", "b", "c"), ("number", "category", "number"), (0, 2, 0))
    assert [curve_of(chance, flat, place, seed=0) for place in range(3)] == [None, None, None]
