"""`forecast`: planted series, gaps, short, constant and empty ones; what it says of itself is what another forecast of the same past finds."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from productloop.learning.forecast import forecast, mean_ahead

Floats = NDArray[np.float64]


def seasonal(num: int, period: int, noise: float, seed: int, slope: float = 0.3) -> Floats:
    random = np.random.default_rng(seed)
    time = np.arange(num)
    return np.asarray(100 + slope * time + 20 * np.sin(2 * np.pi * time / period) + noise * random.normal(size=num))


def test_a_planted_season_and_trend_are_carried_on() -> None:
    y = seasonal(120, 12, 1.0, 0)
    found = forecast(y[:108], 12, 12, 0)
    assert found.seasonal
    assert np.abs(found.point - y[108:]).mean() < 2.5
    assert ((found.low <= y[108:]) & (y[108:] <= found.high)).mean() > 0.6
    assert (found.low <= found.point).all()
    assert (found.point <= found.high).all()
    assert found.mase < 0.7
    assert sum(found.weights.values()) == pytest.approx(1)


def test_intervals_cover_nine_in_ten_of_what_comes() -> None:
    inside = []
    for seed in range(6):
        y = seasonal(200, 7, 5.0, seed, slope=0.0)
        found = forecast(y[:186], 7, 14, 0)
        inside.append((found.low <= y[186:]) & (y[186:] <= found.high))
    assert 0.8 < np.concatenate(inside).mean() <= 1.0


def test_nothing_is_better_than_repeating_a_perfect_season() -> None:
    found = forecast(np.tile(np.arange(7.0), 20), 7, 7, 0)
    np.testing.assert_allclose(found.point, np.arange(7.0), atol=1e-9)
    np.testing.assert_allclose(found.high - found.low, 0, atol=1e-9)
    assert found.naive_error == 0


def test_noise_is_not_said_to_be_foreseen() -> None:
    random = np.random.default_rng(4)
    walk = np.cumsum(random.normal(size=300)) + 50
    found = forecast(walk, 1, 10, 0)
    assert found.mase > 0.85


def test_gaps_do_not_matter_much() -> None:
    y = seasonal(140, 7, 2.0, 1)
    holes = y.copy()
    holes[np.random.default_rng(2).random(140) < 0.15] = np.nan
    holes[60:75] = np.nan
    whole, gaps = forecast(y, 7, 14, 0), forecast(holes, 7, 14, 0)
    assert np.isfinite(gaps.point).all()
    assert np.abs(whole.point - gaps.point).mean() < 4
    leading = forecast(np.concatenate([np.full(30, np.nan), y]), 7, 14, 0)
    np.testing.assert_array_equal(leading.point, whole.point)


def test_constant_and_zero_stay_so() -> None:
    for value in (0.0, 42.0):
        found = forecast(np.full(60, value), 7, 7, 0)
        np.testing.assert_allclose(found.point, value, atol=1e-9)
        np.testing.assert_allclose(found.low, value, atol=1e-9)
        np.testing.assert_allclose(found.high, value, atol=1e-9)
        assert found.mase == 1.0


def test_under_two_seasons_no_season_is_assumed() -> None:
    found = forecast(seasonal(20, 12, 1.0, 0), 12, 6, 0)
    assert not found.seasonal
    assert np.isfinite(found.point).all()
    assert set(found.weights) <= {"naive", "smoothing", "log smoothing"}
    short = forecast(np.arange(8.0), 12, 12, 0)
    assert np.isfinite(short.high).all()


def test_counts_never_fall_below_zero() -> None:
    y = np.random.default_rng(0).poisson(0.7, 90).astype(float)
    found = forecast(y, 7, 14, 0)
    assert (found.low >= 0).all()
    assert 0.2 < found.point.mean() < 1.5


def test_too_little_is_an_error() -> None:
    with pytest.raises(ValueError, match="8 are needed"):
        forecast(np.array([1.0, np.nan, 2.0]), 7, 7, 0)
    with pytest.raises(ValueError, match="at least 1"):
        forecast(np.arange(20.0), 0, 7, 0)


def test_only_the_past_is_used() -> None:
    # What the test says of an origin is what a forecast made there would have said of the same steps, as far as its own grid of origins agrees.
    y = seasonal(90, 7, 3.0, 5)
    found = forecast(y, 7, 7, 0)
    changed = y.copy()
    changed[-7:] += 500.0
    other = forecast(changed, 7, 7, 0)
    np.testing.assert_array_equal(found.tested[found.origins + 7 <= 83], other.tested[other.origins + 7 <= 83])
    np.testing.assert_array_equal(found.tested[-1], other.tested[-1])


@settings(max_examples=15)
@given(st.lists(st.one_of(st.floats(-1e6, 1e6), st.just(float("nan"))), min_size=8, max_size=60), st.integers(1, 14), st.integers(1, 20))
def test_any_series_gives_finite_ordered_numbers_or_says_it_is_short(values: list[float], period: int, horizon: int) -> None:
    y = np.array(values)
    if np.isfinite(y).sum() < 8:
        with pytest.raises(ValueError, match="are needed"):
            forecast(y, period, horizon, 0)
        return
    found = forecast(y, period, horizon, 0)
    assert np.isfinite(found.point).all()
    assert (found.low <= found.high).all()
    again = forecast(y, period, horizon, 1)
    np.testing.assert_array_equal(found.point, again.point)


def test_the_mean_ahead_is_surer_than_its_steps() -> None:
    inside = []
    for seed in range(8):
        y = seasonal(200, 7, 5.0, seed, slope=0.0)
        found = forecast(y[:186], 7, 14, 0)
        value, low, high = mean_ahead(found)
        assert value == pytest.approx(found.point.mean())
        assert high - low < (found.high - found.low).mean()
        inside.append(low <= y[186:].mean() <= high)
    assert sum(inside) >= 6
    assert mean_ahead(forecast(np.full(60, 3.0), 7, 7, 0)) == pytest.approx((3, 3, 3))


@pytest.mark.shared
def test_passengers(shared_data: Callable[[str], Path]) -> None:
    text = shared_data("forecast_series/airline-passengers.csv").read_text(encoding="utf-8").splitlines()[1:]
    y = np.array([float(line.split(",")[1]) for line in text])
    errors, plain, inside = [], [], []
    for origin in range(72, 133, 12):
        found = forecast(y[:origin], 12, 12, 0)
        came = y[origin : origin + 12]
        errors.append(np.abs(found.point - came))
        plain.append(np.abs(y[origin - 12 : origin] - came))
        inside.append((found.low <= came) & (came <= found.high))
    assert np.concatenate(errors).mean() < 0.6 * np.concatenate(plain).mean()
    assert 0.8 <= np.concatenate(inside).mean() <= 0.98
