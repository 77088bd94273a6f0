"""The smallest difference: it crosses the threshold, changes only what may change, and is made of values that real rows have together."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from productloop.learning.columns import Columns
from productloop.learning.counterfactual import find_counterfactual
from productloop.learning.reasons import ColumnGroup

Floats = NDArray[np.float64]
NAMES = ("age", "plan", "calls", "extra")
PLAN, CALLS, EXTRA = (ColumnGroup(name, (place,)) for place, name in enumerate(NAMES) if place)


def table(values: Floats) -> Columns:
    return Columns(values, NAMES, ("number", "category", "number", "category"), (0, 3, 0, 2))


def chance(rows: Columns) -> Floats:
    age, plan, calls, extra = rows.values.T
    return np.clip(0.1 + 0.3 * (plan == 0) + 0.05 * np.nan_to_num(calls) + 0.1 * (extra == 1) - 0.001 * age, 0, 1)


@pytest.fixture(scope="module")
def people() -> Columns:
    random = np.random.default_rng(0)
    plan = random.integers(0, 3, 300)
    return table(
        np.column_stack([random.uniform(20, 60, 300), plan, random.integers(0, 8, 300), (plan != 2) * random.integers(0, 2, 300)]).astype(
            float
        )
    )


def test_one_change_is_preferred_to_two(people: Columns) -> None:
    row = table(np.array([[40.0, 0.0, 2.0, 0.0]]))
    found = find_counterfactual(chance, row, people, chance(people), (PLAN, CALLS, EXTRA), 0.25)
    assert found is not None
    assert len(found.groups) == 1
    assert found.chance <= 0.25
    assert found.values[1] in (1.0, 2.0)


def test_two_changes_where_one_is_not_enough(people: Columns) -> None:
    row = table(np.array([[40.0, 0.0, 7.0, 0.0]]))
    found = find_counterfactual(chance, row, people, chance(people), (PLAN, CALLS, EXTRA), 0.2)
    assert found is not None
    assert {group.name for group in found.groups} == {"plan", "calls"}


def test_pairs_that_nobody_has_are_not_made(people: Columns) -> None:
    """Nobody on plan 2 has the extra: a row with the extra may not be moved to plan 2 alone."""
    row = table(np.array([[40.0, 0.0, 0.0, 1.0]]))
    only_plan = find_counterfactual(chance, row, people, chance(people), (PLAN,), 0.35)
    assert only_plan is not None
    assert only_plan.values == {1: 1.0}


def test_nothing_to_say(people: Columns) -> None:
    answers = chance(people)
    low, high = table(np.array([[40.0, 1.0, 0.0, 0.0]])), table(np.array([[40.0, 0.0, 7.0, 1.0]]))
    assert find_counterfactual(chance, low, people, answers, (PLAN, CALLS), 0.3) is None, "it is there already"
    assert find_counterfactual(chance, high, people, answers, (), 0.3) is None
    assert find_counterfactual(chance, high, people, answers, (EXTRA,), 0.3) is None, "no change is enough"
    assert find_counterfactual(chance, high, people, answers, (PLAN, CALLS, EXTRA), -1.0) is None


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**16), st.floats(0.05, 0.6))
def test_what_it_promises_always_holds(seed: int, threshold: float) -> None:
    random = np.random.default_rng(seed)
    values = np.column_stack(
        [random.uniform(20, 60, 60), random.integers(0, 3, 60), random.integers(0, 8, 60), random.integers(0, 2, 60)]
    ).astype(float)
    values[random.random(values.shape) < 0.1] = np.nan
    rows = table(values)
    row = rows.take(np.array([0]))
    found = find_counterfactual(chance, row, rows, chance(rows), (PLAN, CALLS), threshold)
    if found is None:
        return
    changed = row.values[0].copy()
    for place, value in found.values.items():
        assert place in (1, 2)
        assert any(value == one or (np.isnan(value) and np.isnan(one)) for one in values[:, place])
        changed[place] = value
    assert float(chance(table(changed[None]))[0]) == pytest.approx(found.chance)
    assert found.chance <= threshold
    assert 1 <= len(found.groups) <= 3
