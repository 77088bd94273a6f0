"""What customers without a contract are worth: who is probably still there, how often they will buy, how much they will spend.

Two models that need of each customer only how often, when last, since when, and how much on average
- BG/NBD: while a customer is there, purchases come as a Poisson process whose rates are gamma(r, alpha) over customers; after each purchase
  a customer leaves for good with a probability that is beta(a, b) over customers (Fader, Hardie and Lee 2005, "Counting your customers" the
  easy way, Marketing Science 24: likelihood (6), expectation (10)). The hypergeometric function of (10) is taken after Euler's
  transformation (Abramowitz and Stegun 15.3.3), whose terms stay of the size of the answer.
- Gamma-Gamma: the amounts of one customer are gamma around a mean of its own, and the means are inverse gamma over customers (Fader and
  Hardie 2013, The Gamma-Gamma model of monetary value; Fader, Hardie and Lee 2005, RFM and CLV, Journal of Marketing Research 42).

Both assume that nobody buys on a schedule: `order_regularity` measures that first. Fits are by maximum likelihood on the logarithms of the
parameters with analytic gradients, from several starts; a ridge of RIDGE on the logarithms (a prior as wide as a factor of e^10) keeps them finite
where the data say nothing, and moves the published estimates by less than .1 %. Intervals are by the weighted likelihood bootstrap (Newton and
Raftery 1994, J. R. Statist. Soc. B 56): every customer gets an exponential weight and the fit takes two Newton steps towards its new maximum.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import betaln, digamma, gammaln, hyp2f1

Floats = NDArray[np.float64]
Terms = tuple[Floats, Floats]
"""(log-likelihood (n,), its derivatives by the logarithms of the parameters (n, k))."""

DAYS_PER_WEEK = 7.0
RIDGE = 0.01
NUM_DRAWS = 200
MAX_STEP = 0.7
"""Largest change of a logarithm in one step of a bootstrap draw."""
STARTS_BG = ((1.0, 1.0, 1.0, 1.0), (0.3, 0.5, 0.8, 2.5), (3.0, 2.0, 0.2, 1.0))
"""r, alpha as a share of the median age, a, b."""
STARTS_GAMMA = ((5.0, 3.0, 1.0), (1.0, 1.0, 0.5), (20.0, 8.0, 2.0))
"""p, q - 1, gamma as a share of the mean amount."""
CONCENTRATED = 300.0
"""From this a on the chances of leaving differ by less than 6 % of themselves between customers."""
MIN_GAPS = 2
STEADY_VARIATION = 0.2
"""A customer whose gaps vary by less than a fifth of their mean buys on a schedule: gaps at random vary by their whole mean."""


@dataclass(frozen=True, slots=True)
class History:
    """What the models need of each customer, (n,) each; times in weeks.

    customer   the codes given, sorted
    frequency  purchases after the first, purchases of one day counted once
    recency    from the first purchase to the last
    age        from the first purchase to the end of observation
    spend      mean amount of a day with purchases, over all of them
    repeat_spend  the same without the first day; NaN where there is no other
    first_day  day of the first purchase
    """

    customer: NDArray[np.int64]
    frequency: Floats
    recency: Floats
    age: Floats
    spend: Floats
    repeat_spend: Floats
    first_day: NDArray[np.int64]


def purchase_history(customer: NDArray[np.int64], day: NDArray[np.int64], amount: Floats, end_day: int) -> History:
    """Histories of the purchases (n,) up to and including `end_day`; `day` in whole days."""
    keep = day <= end_day
    customer, day, amount = customer[keep], day[keep], amount[keep]
    order = np.lexsort((day, customer))
    customer, day, amount = customer[order], day[order], amount[order]
    new_day = np.ones(len(customer), dtype=np.bool_)
    new_day[1:] = (customer[1:] != customer[:-1]) | (day[1:] != day[:-1])
    begins = np.flatnonzero(new_day)
    paid = np.add.reduceat(amount, begins) if len(begins) else np.empty(0)
    customer, day = customer[begins], day[begins]
    codes, first, num_days = np.unique(customer, return_index=True, return_counts=True)
    last = first + num_days - 1
    total = np.add.reduceat(paid, first) if len(first) else np.empty(0)
    frequency = (num_days - 1).astype(np.float64)
    with np.errstate(invalid="ignore", divide="ignore"):
        repeat_spend = np.where(frequency > 0, (total - paid[first]) / frequency, np.nan)
    return History(
        codes.astype(np.int64),
        frequency,
        (day[last] - day[first]) / DAYS_PER_WEEK,
        (end_day - day[first]) / DAYS_PER_WEEK,
        total / num_days,
        repeat_spend,
        day[first],
    )


def order_regularity(customer: NDArray[np.int64], day: NDArray[np.int64]) -> tuple[int, float]:
    """(customers with at least MIN_GAPS gaps between days with purchases, share of them whose gaps are nearly equal).

    Nearly equal: coefficient of variation below STEADY_VARIATION. The share is NaN without such customers.
    """
    pairs = np.unique(np.column_stack([customer, day]), axis=0) if len(customer) else np.empty((0, 2), dtype=np.int64)
    same = pairs[1:, 0] == pairs[:-1, 0]
    gap, who = (pairs[1:, 1] - pairs[:-1, 1])[same].astype(np.float64), pairs[1:, 0][same]
    codes, place = np.unique(who, return_inverse=True)
    num = np.bincount(place, minlength=len(codes))
    total = np.bincount(place, weights=gap, minlength=len(codes))
    squares = np.bincount(place, weights=gap**2, minlength=len(codes))
    enough = num >= MIN_GAPS
    if not enough.any():
        return 0, float("nan")
    mean = total[enough] / num[enough]
    variance = np.maximum(squares[enough] / num[enough] - mean**2, 0.0)
    return int(enough.sum()), float((np.sqrt(variance) < STEADY_VARIATION * mean).mean())


@dataclass(frozen=True, slots=True)
class PurchaseModel:
    """BG/NBD: `parameters` (4,) r, alpha (weeks), a, b; `errors` (4,) standard errors; `draws` (m, 4) of the bootstrap."""

    parameters: Floats
    errors: Floats
    draws: Floats
    log_likelihood: float


@dataclass(frozen=True, slots=True)
class SpendModel:
    """Gamma-Gamma: `parameters` (3,) p, q, gamma; `errors` (3,); `draws` (m, 3)."""

    parameters: Floats
    errors: Floats
    draws: Floats
    log_likelihood: float

    @property
    def mean(self) -> float:
        """Mean amount of a purchase over all customers."""
        p, q, gamma = self.parameters
        return float(p * gamma / (q - 1))


def bootstrap_weights(num_customers: int, num_draws: int, seed: int) -> Floats:
    """(num_draws, n) weights of mean 1: the same for both models and for the means over customers, so that they move together."""
    return np.random.default_rng(seed).standard_exponential((num_draws, num_customers))


def fit_purchases(frequency: Floats, recency: Floats, age: Floats, weights: Floats | None = None) -> PurchaseModel:
    """BG/NBD of n customers. `weights` (m, n) of `bootstrap_weights` make the draws; without them there are none.

    Raises ValueError without any repeat purchase: nothing could be estimated.
    """
    if not (frequency > 0).any():
        raise ValueError("no customer bought twice")
    data, counts, place = _distinct(frequency, recency, age)
    scale = float(np.median(age[age > 0])) if (age > 0).any() else 1.0
    data = data / np.array([1.0, scale, scale])

    def terms(logs: Floats) -> Terms:
        return _purchase_terms(logs, *data.T)

    starts = [np.log(start) for start in STARTS_BG]
    logs, errors, draws, likelihood = _fit(terms, starts, counts, place, weights)
    unit = np.array([1.0, scale, 1.0, 1.0])
    free = likelihood - float(frequency.sum()) * np.log(scale)  # the density of the purchase times in weeks
    return PurchaseModel(np.exp(logs) * unit, np.exp(logs) * unit * errors, np.exp(draws) * unit, free)


def fit_spend(frequency: Floats, spend: Floats, weights: Floats | None = None) -> SpendModel:
    """Gamma-Gamma of customers with `frequency` > 0 purchases of mean amount `spend` > 0; others are left out."""
    there = (frequency > 0) & (spend > 0)
    if there.sum() < 2:
        raise ValueError("fewer than two customers with an amount")
    data, counts, place = _distinct(frequency[there], spend[there])
    scale = float(spend[there].mean())
    data = data / np.array([1.0, scale])

    def terms(logs: Floats) -> Terms:
        return _spend_terms(logs, *data.T)

    starts = [np.log(start) for start in STARTS_GAMMA]
    logs, errors, draws, likelihood = _fit(terms, starts, counts, place, None if weights is None else weights[:, there])

    def shown(values: Floats) -> Floats:
        return np.asarray(np.exp(values) * np.array([1.0, 1.0, scale]) + np.array([0.0, 1.0, 0.0]))

    own = np.exp(logs) * np.array([1.0, 1.0, scale]) * errors
    free = likelihood - float(there.sum()) * np.log(scale)
    return SpendModel(shown(logs), own, shown(draws), free)


def alive(parameters: Floats, frequency: Floats, recency: Floats, age: Floats) -> Floats:
    """(n,) probability that a customer has not left; 1 for one who bought once, since BG/NBD lets people leave only after a repeat."""
    r, alpha, a, b = parameters
    with np.errstate(over="ignore"):
        odds = a / (b + np.maximum(frequency, 1.0) - 1) * np.exp((r + frequency) * np.log((alpha + age) / (alpha + recency)))
    return np.asarray(np.where(frequency > 0, 1 / (1 + odds), 1.0))


def expected_purchases(parameters: Floats, frequency: Floats, recency: Floats, age: Floats, weeks: float) -> Floats:
    """(n,) purchases expected within `weeks` after the end of observation, of customers with that history."""
    r, alpha, a, b = parameters
    a = a + 1e-7 if abs(a - 1) < 1e-7 else a  # the limit is finite
    share = weeks / (alpha + age + weeks)
    shape = a + b + frequency - 1
    with np.errstate(over="ignore", invalid="ignore"):
        staying = (1 - share) ** (a - 1) * hyp2f1(a - 1, a + b - 1 - r, shape, share)
        often = shape / (a - 1) * (1 - staying)
    # where nearly everybody leaves with one same chance the function leaves the range of floating point: that chance, then
    leaves = a / (a + b + frequency)
    steady = -np.expm1(-(r + frequency) * np.log1p(leaves * weeks / (alpha + age))) / leaves
    often = np.where(np.isfinite(often) & (a < CONCENTRATED), often, steady)
    return np.asarray(np.maximum(often, 0.0) * alive(parameters, frequency, recency, age))


def buys_again(parameters: Floats, frequency: Floats, recency: Floats, age: Floats, weeks: float) -> Floats:
    """(n,) probability of at least one purchase within `weeks`: one must be there, and then the next comes before leaving."""
    r, alpha = parameters[:2]
    quiet = np.exp((r + frequency) * np.log((alpha + age) / (alpha + age + weeks)))
    return np.asarray(alive(parameters, frequency, recency, age) * (1 - quiet))


def expected_spend(parameters: Floats, frequency: Floats, spend: Floats) -> Floats:
    """(n,) expected amount of a purchase; `frequency` 0 gives the mean over all customers."""
    p, q, gamma = parameters
    known = np.where(frequency > 0, frequency * np.nan_to_num(spend), 0.0)
    return np.asarray(p * (gamma + known) / (p * frequency + q - 1))


def _purchase_terms(logs: Floats, frequency: Floats, recency: Floats, age: Floats) -> Terms:
    r, alpha, a, b = np.exp(logs)
    many = frequency > 0
    times = np.maximum(frequency, 1.0)
    base = gammaln(r + frequency) - gammaln(r) + r * logs[1] + betaln(a, b + frequency) - betaln(a, b)
    stays = -(r + frequency) * np.log(alpha + age)
    leaves = np.where(many, logs[2] - np.log(b + times - 1) - (r + frequency) * np.log(alpha + recency), -np.inf)
    both = np.logaddexp(stays, leaves)
    left = np.exp(leaves - both)
    here = 1 - left
    joint = digamma(a + b) - digamma(a + b + frequency)
    by_r = digamma(r + frequency) - digamma(r) + logs[1] - here * np.log(alpha + age) - left * np.log(alpha + recency)
    by_alpha = r / alpha - (r + frequency) * (here / (alpha + age) + left / (alpha + recency))
    by_a = joint + left / a
    by_b = joint + digamma(b + frequency) - digamma(b) - left / (b + times - 1)
    # B(a, b + x) / B(a, b) holds a only through a + b, since gamma(a) cancels
    return base + both, np.column_stack([by_r * r, by_alpha * alpha, by_a * a, by_b * b])


def _spend_terms(logs: Floats, frequency: Floats, spend: Floats) -> Terms:
    p, over, gamma = np.exp(logs)
    q = over + 1
    total = gamma + frequency * spend
    size = p * frequency
    value = (
        gammaln(size + q) - gammaln(size) - gammaln(q) + q * logs[2]
        + (size - 1) * np.log(spend) + size * np.log(frequency) - (size + q) * np.log(total)
    )  # fmt: skip
    by_p = frequency * (digamma(size + q) - digamma(size) + np.log(spend) + np.log(frequency) - np.log(total))
    by_q = digamma(size + q) - digamma(q) + logs[2] - np.log(total)
    by_gamma = q / gamma - (size + q) / total
    return value, np.column_stack([by_p * p, by_q * over, by_gamma * gamma])


def _distinct(*columns: Floats) -> tuple[Floats, Floats, NDArray[np.intp]]:
    """(distinct rows, how many customers each stands for, the row of each customer)."""
    rows, place, counts = np.unique(np.column_stack(columns), axis=0, return_inverse=True, return_counts=True)
    return rows, counts.astype(np.float64), place.reshape(-1)


def _fit(
    terms: Callable[[Floats], Terms], starts: list[Floats], counts: Floats, place: NDArray[np.intp], weights: Floats | None
) -> tuple[Floats, Floats, Floats, float]:
    """(logarithms (k,), their standard errors (k,), draws (m, k), log-likelihood)."""

    def loss(logs: Floats) -> tuple[float, Floats]:
        value, slopes = terms(logs)
        return RIDGE / 2 * float(logs @ logs) - float(counts @ value), RIDGE * logs - slopes.T @ counts

    found = [_minimise(loss, start) for start in starts]
    best = min(found, key=lambda result: float(result.fun))
    logs = np.asarray(best.x, dtype=np.float64)
    information = _curvature(lambda point: loss(point)[1], logs)
    covariance = np.linalg.inv(information)
    draws = np.empty((0, len(logs)))
    if weights is not None:
        drawn: Floats = np.array([np.bincount(place, row, len(counts)) for row in weights], dtype=np.float64)
        draws = _draws(terms, logs, np.asarray(covariance, dtype=np.float64), drawn)
    return logs, np.sqrt(np.diag(covariance)), draws, float(counts @ terms(logs)[0])


def _minimise(loss: Callable[[Floats], tuple[float, Floats]], start: Floats) -> Any:
    options: Any = {"maxiter": 500, "ftol": 1e-13, "gtol": 1e-7}
    return minimize(loss, start, jac=True, method="L-BFGS-B", bounds=[(-12.0, 12.0)] * len(start), options=options)


def _curvature(slope: Callable[[Floats], Floats], logs: Floats, step: float = 1e-4) -> Floats:
    """Second derivatives by central differences of the first, with eigenvalues of at least RIDGE."""
    rows = [(slope(logs + move) - slope(logs - move)) / (2 * step) for move in step * np.eye(len(logs))]
    values, axes = np.linalg.eigh((np.array(rows) + np.array(rows).T) / 2)
    return np.asarray((axes * np.maximum(values, RIDGE)) @ axes.T)


def _draws(terms: Callable[[Floats], Terms], logs: Floats, covariance: Floats, counts: Floats) -> Floats:
    """(m, k) logarithms under each row of `counts` (m, rows): two Newton steps with the curvature at the estimate."""
    first = (counts @ terms(logs)[1] - RIDGE * logs) @ covariance
    moved = logs + np.clip(first, -MAX_STEP, MAX_STEP)
    for draw, row in enumerate(counts):
        second = (row @ terms(moved[draw])[1] - RIDGE * moved[draw]) @ covariance
        moved[draw] += np.clip(second, -MAX_STEP, MAX_STEP)
    return np.asarray(moved)
