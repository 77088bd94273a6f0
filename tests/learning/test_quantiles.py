"""Quantiles with intervals over people: against a slow count, coverage, repeats of one person add nothing."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from productloop.learning.quantiles import people_quantiles, quantile_ratio, quantiles


@given(st.lists(st.integers(0, 50), min_size=1, max_size=40), st.floats(0.01, 0.99))
def test_against_a_slow_count(values: list[int], probability: float) -> None:
    found = quantiles(np.array(values, dtype=float), [probability])[0]
    slow = next(value for value in sorted(values) if sum(other <= value for other in values) >= probability * len(values) * (1 - 1e-9))
    assert found == slow


def test_nothing_is_not_known() -> None:
    assert math.isnan(quantiles(np.empty(0), [0.5])[0])
    assert math.isnan(people_quantiles(np.empty(0), np.empty(0), [0.5], 0)[0].value)
    assert math.isnan(quantile_ratio((np.ones(3), np.arange(3)), (np.zeros(3), np.arange(3)), 0.5, 0).value)


def test_intervals_hold_nine_times_in_ten() -> None:
    held = 0
    for seed in range(60):
        random = np.random.default_rng(seed)
        level = random.normal(0, 0.5, 80)
        people = np.repeat(np.arange(80), 10)
        values = np.exp(6 + level[people] + random.normal(0, 0.5, 800))
        [found] = people_quantiles(values, people, [0.5], seed)
        held += found.low <= math.exp(6) <= found.high
    assert 47 <= held <= 60


def test_repeats_of_one_person_add_nothing() -> None:
    random = np.random.default_rng(1)
    values = random.exponential(1_000, 100)
    once = people_quantiles(values, np.arange(100), [0.5, 0.9], 0)
    often = people_quantiles(np.repeat(values, 20), np.repeat(np.arange(100), 20), [0.5, 0.9], 0)
    assert [one.value for one in once] == [one.value for one in often]
    assert often[0].high - often[0].low == pytest.approx(once[0].high - once[0].low, rel=0.25)


def test_ratio_of_medians() -> None:
    random = np.random.default_rng(2)
    slow, fast = random.lognormal(7.5, 0.5, 4_000), random.lognormal(7.0, 0.5, 4_000)
    people = np.arange(4_000) // 5
    found = quantile_ratio((slow, people), (fast, people), 0.5, 0)
    assert found.value == pytest.approx(math.exp(0.5), rel=0.04)
    assert found.low < found.value < found.high
    assert found.high / found.low < 1.15
