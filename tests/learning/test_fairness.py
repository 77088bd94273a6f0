"""Rates by group against their definitions, clear differences only where there is one, nothing said of few rows."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from productloop.learning.fairness import MIN_ROWS, SHARES, audit


def test_rates_are_their_definitions() -> None:
    groups = np.repeat([0, 1], 100)
    happened = np.tile(np.arange(100) < 40, 2)
    flagged = np.concatenate([np.arange(100) < 30, (np.arange(100) >= 20) & (np.arange(100) < 70)])
    chance = np.where(flagged, 0.6, 0.3)
    rates, differences = audit(groups, 2, happened, flagged, chance)
    first, second = ({name: one.value for name, one in group.rates.items() if one is not None} for group in rates)
    assert first == pytest.approx({"happened": 0.4, "flagged": 0.3, "missed": 0.25, "false_alarm": 0.0, "right": 1.0, "gap": 0.39 - 0.4})
    assert second == pytest.approx({"happened": 0.4, "flagged": 0.5, "missed": 0.5, "false_alarm": 0.5, "right": 0.4, "gap": 0.45 - 0.4})
    clear = {one.measure: one for one in differences if one.clear}
    assert {"flagged", "false_alarm", "right"} <= set(clear) <= {"flagged", "missed", "false_alarm", "right"}
    assert all(one.group == 0 for one in differences), "of two groups the second says the same again"
    assert clear["flagged"].difference.value == pytest.approx(-0.2)
    assert clear["flagged"].difference.low < -0.2 < clear["flagged"].difference.high < 0


def test_no_group_differs_by_chance_more_often_than_stated() -> None:
    random = np.random.default_rng(0)
    said = 0
    for _ in range(60):
        groups, chance = random.integers(0, 4, 600), random.beta(1, 2, 600)
        happened = random.random(600) < chance
        _, differences = audit(groups, 4, happened, chance > 0.5, chance)
        said += any(one.clear for one in differences)
    assert said <= 12, "one call in ten at most, twelve of sixty with luck"


def test_a_planted_difference_is_found_and_others_stay_quiet() -> None:
    random = np.random.default_rng(1)
    groups, truth = random.integers(0, 2, 4000), random.beta(2, 3, 4000)
    happened = random.random(4000) < truth
    chance = np.clip(truth + np.where(groups == 1, 0.15, 0.0), 0, 1)
    _, differences = audit(groups, 2, happened, chance > 0.5, chance)
    clear = {one.measure for one in differences if one.clear}
    assert {"flagged", "gap", "false_alarm", "missed"} <= clear
    assert "happened" not in clear


def test_few_rows_and_unknown_groups_are_left_out() -> None:
    groups = np.concatenate([np.zeros(200), np.ones(MIN_ROWS - 1), np.full(50, -1)]).astype(np.intp)
    happened = np.arange(len(groups)) % 3 == 0
    rates, differences = audit(groups, 2, happened, ~happened, np.full(len(groups), 0.3))
    assert rates[1].num_rows == MIN_ROWS - 1
    assert all(value is None for value in rates[1].rates.values())
    assert not differences
    assert rates[0].num_rows == 200


@settings(max_examples=30)
@given(st.integers(1, 5), st.integers(0, 150), st.integers(0, 2**16))
def test_intervals_hold_their_values(num_groups: int, num: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    groups = random.integers(-1, num_groups, num)
    happened, flagged, chance = random.random(num) < 0.4, random.random(num) < 0.3, random.random(num)
    rates, differences = audit(groups, num_groups, happened, flagged, chance)
    assert sum(group.num_rows for group in rates) == (groups >= 0).sum()
    for group in rates:
        for measure in (*SHARES, "gap"):
            value = group.rates[measure]  # type: ignore[index]
            assert value is None or value.low - 1e-9 <= value.value <= value.high + 1e-9
    assert all(0 <= one.adjusted_p <= 1 for one in differences)
