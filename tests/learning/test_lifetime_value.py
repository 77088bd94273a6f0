"""BG/NBD and Gamma-Gamma: the published estimates, parameters found again, formulas against plain integration, limits."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.stats import beta, gamma

from productloop.learning.lifetime_value import (
    alive,
    bootstrap_weights,
    buys_again,
    expected_purchases,
    expected_spend,
    fit_purchases,
    fit_spend,
    order_regularity,
    purchase_history,
)

CDNOW = np.array([0.243, 4.414, 0.793, 2.426])
Floats = NDArray[np.float64]


def cdnow(path: Path) -> tuple[NDArray[np.int64], NDArray[np.int64], Floats]:
    rows = np.loadtxt(path, dtype=str)
    days = np.array([f"{text[:4]}-{text[4:6]}-{text[6:]}" for text in rows[:, 2]], dtype="datetime64[D]").astype(np.int64)
    return rows[:, 1].astype(np.int64), days, rows[:, 4].astype(np.float64)


@pytest.mark.shared
def test_cdnow_as_published(shared_data: Callable[[str], Path]) -> None:
    # Fader, Hardie and Lee 2005, table 2: 2,357 customers, 39 weeks; log-likelihood -9,582.4. Fader and Hardie 2013: p, q, gamma.
    customer, day, amount = cdnow(shared_data("cdnow/CDNOW_sample.txt"))
    end = int(np.datetime64("1997-09-30").astype(np.int64))
    past = purchase_history(customer, day, amount, end)
    assert len(past.customer) == 2357
    fitted = fit_purchases(past.frequency, past.recency, past.age)
    np.testing.assert_allclose(fitted.parameters, CDNOW, rtol=0.01)
    assert fitted.log_likelihood == pytest.approx(-9582.4, abs=0.1)
    np.testing.assert_allclose(fitted.errors, [0.0126, 0.378, 0.186, 0.705], rtol=0.02)
    spend = fit_spend(past.frequency, past.repeat_spend)
    np.testing.assert_allclose(spend.parameters, [6.25, 3.74, 15.44], rtol=0.01)
    # Weeks 40 to 78.
    later = np.unique(np.column_stack([customer, day])[day > end], axis=0)
    came = np.bincount(np.searchsorted(past.customer, later[:, 0]), minlength=len(past.customer))
    expected = expected_purchases(fitted.parameters, past.frequency, past.recency, past.age, 39.0)
    assert came.sum() == 1882
    assert expected.sum() == pytest.approx(1654, abs=5)
    assert np.abs(expected - came).mean() < 0.79 < 0.89 < np.abs(past.frequency - came).mean()


def simulated(num: int, parameters: Floats, seed: int) -> tuple[Floats, Floats, Floats]:
    """(frequency, recency, age) of customers who buy and leave exactly as BG/NBD says."""
    random = np.random.default_rng(seed)
    r, alpha, a, b = parameters
    rate, leaves = random.gamma(r, 1 / alpha, num), random.beta(a, b, num)
    age = random.uniform(20, 60, num)
    frequency, recency, now = np.zeros(num), np.zeros(num), np.zeros(num)
    there = np.ones(num, dtype=bool)
    while there.any():
        now = now + random.exponential(1 / rate)
        there &= now < age
        frequency += there
        recency = np.where(there, now, recency)
        there &= random.random(num) >= leaves
    return frequency, recency, age


def test_parameters_are_found_again() -> None:
    truth = np.array([0.8, 6.0, 0.7, 2.5])
    frequency, recency, age = simulated(6000, truth, 1)
    fitted = fit_purchases(frequency, recency, age)
    assert (np.abs(np.log(fitted.parameters / truth)) < 3.5 * fitted.errors / fitted.parameters).all()
    random = np.random.default_rng(2)
    scale = 1 / random.gamma(3.7, 1 / 15.4, 4000)  # means are inverse gamma
    times = random.integers(1, 6, 4000).astype(float)
    spend = random.gamma(6.2 * times, scale / times)
    found = fit_spend(times, spend)
    assert (np.abs(found.parameters - [6.2, 3.7, 15.4]) < 3.5 * found.errors).all()
    assert found.mean == pytest.approx(spend.mean(), rel=0.1)


def test_draws_are_as_wide_as_the_standard_errors() -> None:
    frequency, recency, age = simulated(1500, np.array([0.8, 6.0, 0.7, 2.5]), 3)
    weights = bootstrap_weights(len(age), 150, 0)
    fitted = fit_purchases(frequency, recency, age, weights)
    ratio = np.log(fitted.draws).std(axis=0) / (fitted.errors / fitted.parameters)
    assert ((ratio > 0.6) & (ratio < 1.6)).all()
    again = fit_purchases(frequency, recency, age, bootstrap_weights(len(age), 150, 0))
    np.testing.assert_array_equal(fitted.draws, again.draws)


@pytest.mark.parametrize(("frequency", "recency", "age"), [(0, 0, 20), (1, 3, 30), (4, 18, 20), (12, 38, 39)])
@pytest.mark.parametrize("a", [0.5, 1.0, 1.8])
def test_expectations_are_the_integrals_they_stand_for(frequency: int, recency: float, age: float, a: float) -> None:
    # Bayes over (rate, chance of leaving): the likelihood of being there or gone, times what is to be expected of those who are there.
    r, alpha, b, weeks = 0.9, 4.4, 2.4, 25.0
    parameters = np.array([r, alpha, a, b])
    middle = (np.arange(1500) + 0.5) / 1500  # the prior's own quantiles carry equal weight
    rate, leave = gamma.ppf(middle, r, scale=1 / alpha)[:, None], beta.ppf(middle, a, b)[None, :]
    here = (1 - leave) ** frequency * rate**frequency * np.exp(-rate * age)
    left = leave * (1 - leave) ** (frequency - 1) * rate**frequency * np.exp(-rate * recency) if frequency else 0 * leave
    whole = float((here + left).sum())
    history = (np.array([float(frequency)]), np.array([float(recency)]), np.array([float(age)]))
    ahead = float((here * -np.expm1(-rate * leave * weeks) / leave).sum()) / whole
    assert expected_purchases(parameters, *history, weeks)[0] == pytest.approx(ahead, rel=5e-3)
    assert alive(parameters, *history)[0] == pytest.approx(float(here.sum()) / whole, rel=5e-3)
    again = float((here * -np.expm1(-rate * weeks)).sum()) / whole
    assert buys_again(parameters, *history, weeks)[0] == pytest.approx(again, rel=5e-3)


@settings(max_examples=30)
@given(st.integers(0, 400), st.floats(0, 1), st.floats(1, 500), st.floats(0.1, 3), st.floats(0.05, 4))
def test_expectations_stay_within_sense(frequency: int, share: float, age: float, r: float, a: float) -> None:
    parameters = np.array([r, 4.0, a, 2.4])
    history = (np.array([float(frequency)]), np.array([share * age if frequency else 0.0]), np.array([age]))
    near, far = (expected_purchases(parameters, *history, weeks)[0] for weeks in (4.0, 40.0))
    assert 0 <= near <= far <= 40 * (r + frequency) / (4.0 + age) * (1 + 1e-6)
    assert 0 <= buys_again(parameters, *history, 40.0)[0] <= alive(parameters, *history)[0] <= 1
    assert buys_again(parameters, *history, 40.0)[0] <= far + 1e-9


def test_histories_count_days_once_and_stop_at_the_end() -> None:
    customer = np.array([7, 7, 7, 3, 7])
    past = purchase_history(customer, np.array([10, 10, 24, 12, 60]), np.array([5.0, 3.0, 2.0, 9.0, 100.0]), 38)
    assert past.customer.tolist() == [3, 7]
    assert past.frequency.tolist() == [0, 1]
    assert past.recency.tolist() == [0, 2]
    np.testing.assert_allclose(past.age, [26 / 7, 4])
    assert past.spend.tolist() == [9, 5]
    assert np.isnan(past.repeat_spend[0])
    assert past.repeat_spend[1] == 2
    assert len(purchase_history(np.empty(0, int), np.empty(0, int), np.empty(0), 5).customer) == 0


def test_schedules_are_told_from_chance() -> None:
    random = np.random.default_rng(0)
    monthly = np.concatenate([np.arange(6) * 30 + random.integers(0, 2, 6) for _ in range(50)])
    customer = np.repeat(np.arange(50), 6)
    assert order_regularity(customer, monthly)[1] > 0.95
    chance = np.concatenate([np.cumsum(random.integers(1, 60, 6)) for _ in range(50)])
    num, share = order_regularity(customer, chance)
    assert num == 50
    assert share < 0.1
    num, share = order_regularity(np.array([1, 1]), np.array([1, 2]))
    assert num == 0
    assert np.isnan(share)


def test_one_chance_of_leaving_for_all() -> None:
    # Far beyond what the hypergeometric function can hold; the answers on both sides of the switch agree.
    history = (np.array([0.0, 4.0]), np.array([0.0, 18.0]), np.array([20.0, 20.0]))
    near, far = (expected_purchases(np.array([0.9, 4.4, a, 3 * a]), *history, 25.0) for a in (299.0, 301.0))
    np.testing.assert_allclose(near, far, rtol=0.01)
    huge = expected_purchases(np.array([0.9, 4.4, 1e4, 3e4]), *history, 25.0)
    assert np.isfinite(huge).all()
    np.testing.assert_allclose(huge, far, rtol=0.01)


def test_too_little_is_an_error() -> None:
    with pytest.raises(ValueError, match="bought twice"):
        fit_purchases(np.zeros(5), np.zeros(5), np.full(5, 9.0))
    with pytest.raises(ValueError, match="fewer than two"):
        fit_spend(np.array([1.0]), np.array([5.0]))


def test_all_customers_alike() -> None:
    # Nothing varies: the fit stays finite and the expectation near the rate.
    fitted = fit_purchases(np.full(40, 10.0), np.full(40, 39.0), np.full(40, 40.0))
    expected = expected_purchases(fitted.parameters, np.array([10.0]), np.array([39.0]), np.array([40.0]), 20.0)[0]
    assert 3 < expected < 6
    assert np.isfinite(fitted.errors).all()
    spend = fit_spend(np.full(40, 3.0), np.full(40, 12.0))
    assert expected_spend(spend.parameters, np.array([3.0, 0.0]), np.array([12.0, 0.0])) == pytest.approx([12, 12], rel=0.05)
