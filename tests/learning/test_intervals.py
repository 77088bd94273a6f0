from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from productloop.learning.intervals import (
    bootstrap_interval,
    difference_interval,
    ratio_interval,
    share_interval,
    share_limits,
)


@pytest.mark.parametrize(
    ("hits", "trials", "low", "high"), [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)]
)
def test_wilson_gives_the_published_limits(hits: int, trials: int, low: float, high: float) -> None:
    # Newcombe (1998), "Two-sided confidence intervals for the single proportion", table I, method 3, 95 %.
    interval = share_interval(hits, trials, level=0.95)
    assert interval.low == pytest.approx(low, abs=6e-5)
    assert interval.high == pytest.approx(high, abs=6e-5)


@pytest.mark.parametrize(
    ("a", "total_a", "b", "total_b", "low", "high"),
    [(56, 70, 48, 80, 0.0524, 0.3339), (9, 10, 3, 10, 0.1705, 0.8090), (5, 56, 0, 29, -0.0381, 0.1926), (10, 10, 0, 10, 0.6075, 1.0)],
)
def test_newcombe_gives_the_published_limits(a: int, total_a: int, b: int, total_b: int, low: float, high: float) -> None:
    # Newcombe (1998), "Interval estimation for the difference", table II, method 10, 95 %.
    interval = difference_interval(a, total_a, b, total_b, level=0.95)
    assert interval.low == pytest.approx(low, abs=6e-5)
    assert interval.high == pytest.approx(high, abs=6e-5)


def test_ratio_of_the_physicians_health_study() -> None:
    # Agresti, Categorical Data Analysis, section 3.1: 189 of 11,034 against 104 of 11,037 gives 1.82 (1.43, 2.30) at 95 %.
    interval = ratio_interval(189, 11_034, 104, 11_037, level=0.95)
    assert interval.value == pytest.approx(1.818, abs=1e-3)
    assert (round(interval.low, 2), round(interval.high, 2)) == (1.43, 2.31)


def test_ratio_with_zero_counts_stays_honest() -> None:
    none = ratio_interval(0, 50, 5, 50)
    assert (none.value, none.low) == (0.0, 0.0)
    assert 0 < none.high < 2
    endless = ratio_interval(5, 50, 0, 50)
    assert math.isinf(endless.value)
    assert math.isinf(endless.high)
    assert endless.low > 0
    assert math.isnan(ratio_interval(0, 50, 0, 50).value)
    assert math.isnan(ratio_interval(0, 0, 1, 5).value)


def test_nothing_counted_says_nothing_known() -> None:
    interval = share_interval(0, 0)
    assert math.isnan(interval.value)
    assert (interval.low, interval.high) == (0.0, 1.0)
    assert math.isnan(difference_interval(0, 0, 1, 2).value)


def test_a_count_above_its_total_is_refused() -> None:
    with pytest.raises(ValueError, match="between 0 and its total"):
        share_interval(3, 2)
    with pytest.raises(ValueError, match="between 0 and its total"):
        share_limits([1, 3], [2, 2])
    with pytest.raises(ValueError, match="level"):
        share_interval(1, 2, level=90)


def test_jeffreys_against_the_exact_posterior_at_a_small_count() -> None:
    interval = share_interval(2, 10, level=0.95, method="jeffreys")
    # Brown, Cai and DasGupta (2001), table 5 (n = 10, x = 2): 0.044, 0.503.
    assert interval.low == pytest.approx(0.044, abs=5e-4)
    assert interval.high == pytest.approx(0.503, abs=5e-4)
    assert share_interval(0, 10, method="jeffreys").low == 0.0
    assert share_interval(10, 10, method="jeffreys").high == 1.0


@given(st.integers(0, 300), st.integers(0, 300), st.sampled_from(["wilson", "jeffreys"]))
def test_a_share_lies_within_its_limits_and_mirrors(hits: int, misses: int, method: str) -> None:
    total = hits + misses
    interval = share_interval(hits, total, method=method)  # type: ignore[arg-type]
    assert 0.0 <= interval.low <= interval.high <= 1.0
    if total:
        assert interval.low <= interval.value <= interval.high
        mirrored = share_interval(misses, total, method=method)  # type: ignore[arg-type]
        assert mirrored.low == pytest.approx(1 - interval.high, abs=1e-9)


@given(st.integers(1, 60), st.integers(0, 60), st.integers(1, 60), st.integers(0, 60))
def test_difference_and_ratio_swap_their_sides(hits_a: int, misses_a: int, hits_b: int, misses_b: int) -> None:
    a, b = (hits_a, hits_a + misses_a), (hits_b, hits_b + misses_b)
    forward, backward = difference_interval(*a, *b), difference_interval(*b, *a)
    assert forward.low == pytest.approx(-backward.high)
    assert forward.low <= forward.value <= forward.high
    ratio, inverse = ratio_interval(*a, *b), ratio_interval(*b, *a)
    assert ratio.low == pytest.approx(1 / inverse.high)
    assert ratio.low <= ratio.value * (1 + 1e-12)
    assert ratio.value <= ratio.high * (1 + 1e-12)


def test_wilson_covers_a_true_share_about_nine_times_in_ten() -> None:
    from scipy.stats import binom

    counts = np.arange(101)
    low, high = share_limits(counts, 100)
    coverage = [binom.pmf(counts, 100, share)[(low <= share) & (share <= high)].sum() for share in np.linspace(0.05, 0.95, 37)]
    assert np.mean(coverage) == pytest.approx(0.90, abs=0.01)


def test_bootstrap_of_the_mean_agrees_with_the_normal_interval_and_repeats() -> None:
    values = np.random.default_rng(3).normal(10, 2, 400)
    interval = bootstrap_interval(values, np.mean, seed=5, draws=1_000)
    half = 1.6449 * values.std() / 20
    assert interval.value == values.mean()
    assert interval.low == pytest.approx(values.mean() - half, abs=0.03)
    assert interval.high == pytest.approx(values.mean() + half, abs=0.03)
    assert interval == bootstrap_interval(values, np.mean, seed=5, draws=1_000)
    assert interval != bootstrap_interval(values, np.mean, seed=6, draws=1_000)


def test_bootstrap_resamples_whole_rows() -> None:
    rows = np.column_stack([np.arange(1, 51), 2 * np.arange(1, 51)]).astype(float)
    interval = bootstrap_interval(rows, lambda sample: float(sample[:, 0].sum() / sample[:, 1].sum()), seed=1, draws=50)
    assert (interval.low, interval.high) == (0.5, 0.5)
    assert math.isnan(bootstrap_interval(np.empty(0), np.mean, seed=1).value)
    with pytest.raises(ValueError, match="draws"):
        bootstrap_interval(rows, lambda sample: 0.0, seed=1, draws=0)
