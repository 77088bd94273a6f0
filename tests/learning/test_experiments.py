"""Experiments: intervals against known cases, false positives of A/A tests, power, CUPED, sample ratio, always-valid intervals."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from productloop.learning.experiments import (
    best_of,
    compare,
    compare_shares,
    cuped,
    mismatch,
    people_needed,
    smallest_effect,
)
from productloop.learning.sequential import always_valid_half


def test_shares_as_published() -> None:
    found = compare_shares(8279, 45489, 8502, 44700)  # retention_7 of cookie_cats
    assert (round(8502 / 44700, 4), round(8279 / 45489, 4)) == (0.1902, 0.1820)
    assert found.difference.value == pytest.approx(-0.0082, abs=5e-5)
    assert found.p == pytest.approx(0.00155, abs=2e-5)
    assert found.difference.low < -0.0082 < found.difference.high < 0


def test_means_against_a_worked_example() -> None:
    first = np.array([0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0])
    second = np.array([1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4])
    found = compare(second, first, 0, level=0.95)  # Student's sleep data, as R's t.test prints them
    assert found.method == "means"
    assert (found.difference.low, found.difference.high) == pytest.approx((-0.2054832, 3.3654832), abs=1e-6)
    assert found.p == pytest.approx(0.07939, abs=1e-5)
    assert compare(second[:1], first, 0).p == 1.0
    assert compare(np.full(5, 3.5), np.full(5, 3.5), 0).p == 1.0


def test_chance_alone_is_seldom_taken_for_an_effect() -> None:
    random = np.random.default_rng(1)
    hits = random.binomial(400, 0.2, size=(2_000, 2))
    assert np.mean([compare_shares(int(a), 400, int(b), 400).p < 0.05 for a, b in hits]) <= 0.06
    sums = random.exponential(5.0, size=(600, 2, 120)) * (random.random((600, 2, 120)) < 0.6)
    assert np.mean([compare(a, b, 0, adjusted=True).p < 0.05 for a, b in sums]) <= 0.06


def test_looking_twenty_times_is_safe() -> None:
    """A/A, a look after every 50 people a group: the 90 % interval excludes 0 at any look in at most 10 % of 1,000 experiments."""
    random = np.random.default_rng(2)
    values = random.random((1_000, 2, 1_000)) < 0.3
    looks = np.arange(50, 1_001, 50)
    mean = values.cumsum(axis=2)[:, :, looks - 1] / looks
    error = np.sqrt((mean * (1 - mean) / looks).sum(axis=1))
    gap = np.abs(mean[:, 1] - mean[:, 0])
    wrong = (gap > always_valid_half(error, 2 * looks, 0.9)).any(axis=1).mean()
    naive = (gap > 1.645 * error).any(axis=1).mean()
    assert wrong <= 0.10
    assert naive > 0.3


def test_the_always_valid_interval_is_wider_and_never_narrower_with_less() -> None:
    wide = always_valid_half(np.ones(4), np.array([0, 200, 2_000, 20_000]))
    assert math.isinf(wide[0])
    assert (wide[1:] > 1.645).all()
    assert (wide[1:] < 4).all()
    with pytest.raises(ValueError, match="level"):
        always_valid_half(1.0, 10, 1.0)


def test_the_smallest_effect_is_seen_in_four_of_five() -> None:
    effect = smallest_effect(900, 900, 0.2 * 0.8)
    assert people_needed(effect, 0.16) == pytest.approx(1_800)
    random = np.random.default_rng(3)
    found = [
        compare_shares(int(a), 900, int(b), 900).p < 0.05
        for a, b in zip(random.binomial(900, 0.2 + effect, 600), random.binomial(900, 0.2, 600), strict=True)
    ]
    assert 0.74 <= np.mean(found) <= 0.86
    assert smallest_effect(0, 10, 1) == math.inf == people_needed(0, 1)


def test_what_was_before_halves_the_variance() -> None:
    random = np.random.default_rng(4)
    before = random.normal(10, 2, 4_000)
    group = random.integers(0, 2, 4_000)
    values = before + random.normal(0, 2, 4_000) + 0.2 * group
    adjusted = cuped(values, before, group)
    assert adjusted.reduction == pytest.approx(0.5, abs=0.04)
    assert adjusted.values.mean() == pytest.approx(values.mean())
    plain, better = (compare(one[group == 1], one[group == 0], 0, adjusted=True) for one in (values, adjusted.values))
    assert better.standard_error < 0.75 * plain.standard_error
    assert better.difference.low < 0.2 < better.difference.high
    assert cuped(values, np.ones(4_000), group).reduction == 0.0


def test_skewed_sums_are_bootstrapped() -> None:
    random = np.random.default_rng(5)
    control = np.round(random.pareto(2.5, 3_000) * 10)
    found = compare(np.round(control * 1.5), control, 0)
    assert found.method == "bootstrap"
    assert found.ratio.low < 1.5 < found.ratio.high
    assert found == compare(np.round(control * 1.5), control, 0)
    assert found.p < 0.05
    assert compare(control[::2], control[1::2], 0).p > 0.05


def test_chance_to_be_best() -> None:
    groups = [np.repeat([1.0, 0.0], pair) for pair in ((50, 450), (80, 420))]
    best, loss = best_of(groups, 0)
    assert best[1] > 0.99
    assert best.sum() == pytest.approx(1.0)
    assert loss[0] == pytest.approx(0.06, abs=0.01)
    assert loss[1] < 0.001
    assert best_of(groups, 0, higher_is_better=False)[0][0] > 0.99
    assert best_of([np.array([1.0, 2.5, 3.0]), np.array([9.0, 9.5, 8.0])], 0)[0][1] > 0.99


@given(st.integers(1, 5_000), st.integers(1, 5_000))
def test_mismatch_is_a_chance(first: int, second: int) -> None:
    p = mismatch([first, second], [0.5, 0.5])
    assert 0 <= p <= 1
    assert p == pytest.approx(mismatch([second, first], [2, 2]))


def test_sizes_that_do_not_fit_are_noticed() -> None:
    assert mismatch([5_000, 5_400], [1, 1]) < 0.001
    assert mismatch([5_000, 10_100], [1, 2]) > 0.1
    assert mismatch([0, 0], [1, 1]) == 1.0 == mismatch([5], [1])
