"""The small tree: it finds the rule that is there, says its fidelity honestly, and comes out as plain tuples."""

from __future__ import annotations

import numpy as np
import pytest

from productloop.learning.columns import Columns
from productloop.learning.surrogate import MISSING, UNSEEN, learn_surrogate


def mixed(num: int = 600) -> Columns:
    random = np.random.default_rng(0)
    plan = random.integers(0, 4, num).astype(float)
    days = random.uniform(0, 100, num)
    plan[:40], plan[40:80] = np.nan, 9.0  # missing, and never seen
    days[200:230] = np.nan
    return Columns(np.column_stack([plan, days]), ("plan", "days"), ("category", "number"), (4, 0))


def test_a_rule_that_is_there_is_found_exactly() -> None:
    columns = mixed()
    plan, days = columns.values.T
    chance = np.where(np.isin(plan, [1, 3]), np.where(np.nan_to_num(days, nan=50) <= 30, 0.9, 0.5), 0.1)
    tree = learn_surrogate(columns, chance, seed=0)
    assert tree is not None
    assert tree.r_squared > 0.97
    assert tree.agreement > 0.98
    assert tree.num_judged == 150
    assert sum(leaf.share for leaf in tree.leaves) == pytest.approx(1)
    highest = tree.leaves[0]
    assert highest.chance == pytest.approx(0.9, abs=0.01)
    by_place = {one.place: one for one in highest.conditions}
    assert set(by_place[0].codes) == {1, 3}
    assert by_place[1].up_to == pytest.approx(30, abs=2)
    lowest = {code for leaf in tree.leaves if leaf.chance < 0.2 for one in leaf.conditions for code in one.codes}
    assert {MISSING, UNSEEN} <= lowest
    assert all(len({one.place for one in leaf.conditions}) == len(leaf.conditions) for leaf in tree.leaves), "one condition per column"


def test_what_a_small_tree_cannot_say_shows_in_its_fidelity() -> None:
    columns = mixed()
    noise = np.random.default_rng(1).random(len(columns))
    tree = learn_surrogate(columns, noise, seed=0)
    assert tree is not None
    assert tree.r_squared < 0.1
    assert tree.gap > 0.2


def test_too_little_or_all_alike_is_none() -> None:
    columns = mixed()
    assert learn_surrogate(columns, np.full(len(columns), 0.3), seed=0) is None
    assert learn_surrogate(columns.take(np.arange(50)), np.linspace(0, 1, 50), seed=0) is None
