"""Randomised experiments: how far two groups differ, how surely one is the best, and how many people it takes to see a difference.

Arrays of one number per person in, records out. Differences are "the other group minus the control".

Sources
- Means: Welch (1947), Biometrika 34, with Satterthwaite's degrees of freedom. Shares: Newcombe's interval (see `intervals`) with the pooled
  score test (Pearson 1900); where an expected count is below 5, Fisher's exact test, two-sided by doubling.
- Skewed sums (a few people with most of it): percentile bootstrap of the difference (Efron and Tibshirani 1993, chapter 13), drawn as
  multinomial counts of the distinct values, so that 45,000 people cost no more than their distinct values.
- Ratio of means: delta method on the log scale (Deng, Knoblich and Lu 2018, "Applying the delta method in metric analytics").
- Bayesian: Beta(1, 1) prior for shares, flat prior for means (normal by the central limit theorem); chance to be best and expected loss as in
  Stucchio (2015), "Bayesian A/B testing at VWO", by seeded draws.
- CUPED: Deng, Xu, Kohavi and Walker (2013), "Improving the sensitivity of online controlled experiments by utilizing pre-experiment data".
- Whether an effect differs between kinds of people: Cochran (1954), "The combination of estimates from different experiments", Biometrics 10.
- Sample ratio: Pearson's chi-square; Fabijan et al. (2019), "Diagnosing sample ratio mismatch in online controlled experiments": p < .001.
- Smallest effect: two-sided 5 %, power 80 %, normal approximation (Kohavi, Tang and Xu 2020, chapter 17).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from productloop.foundation.figures import INTERVAL_LEVEL
from productloop.learning.comparisons import fisher_tail
from productloop.learning.intervals import Interval, difference_interval, ratio_interval

Floats = NDArray[np.float64]

SIGNIFICANCE, POWER = 0.05, 0.80
MISMATCH_P = 0.001
NUM_DRAWS, NUM_BAYES_DRAWS = 2_000, 20_000
SKEWED = 2.0
"""Skewness from which the mean of a few hundred people is no longer near normal (the rule n > 355 skewness^2 asks for over 1,400 people;
Kohavi et al. 2014, "Seven rules of thumb for web site experimenters")."""
MAX_DISTINCT = 20_000
MAX_LOG = 700.0


@dataclass(frozen=True, slots=True)
class Comparison:
    """One metric of one group against the control."""

    difference: Interval
    ratio: Interval
    p: float
    standard_error: float
    method: Literal["shares", "means", "bootstrap"]


@dataclass(frozen=True, slots=True)
class Adjusted:
    """Values with the part taken out that the time before explains; `reduction` = share of the variance that is gone."""

    values: Floats
    reduction: float


def mismatch(counts: Sequence[int], weights: Sequence[float]) -> float:
    """Chance (p) of these group sizes if people were split by `weights` (any scale). 1 where nobody or one group is there."""
    from scipy.special import chdtrc

    seen, wanted = np.asarray(counts, dtype=np.float64), np.asarray(weights, dtype=np.float64)
    if seen.sum() == 0 or len(seen) < 2 or not (wanted > 0).all():
        return 1.0
    expected = seen.sum() * wanted / wanted.sum()
    return float(chdtrc(len(seen) - 1, float(((seen - expected) ** 2 / expected).sum())))


def is_share(values: Floats) -> bool:
    """Whether all values are 0 or 1."""
    return bool(np.isin(values, (0.0, 1.0)).all())


def compare(other: Floats, control: Floats, seed: int, level: float = INTERVAL_LEVEL, adjusted: bool = False) -> Comparison:
    """(n,) against (m,) values; `adjusted`: values that CUPED changed, so never shares. NaN and p = 1 with fewer than two people in a group."""
    if min(len(other), len(control)) < 2:
        nothing = Interval(math.nan, -math.inf, math.inf)
        return Comparison(nothing, Interval(math.nan, 0.0, math.inf), 1.0, math.nan, "means")
    if not adjusted and is_share(other) and is_share(control):
        return compare_shares(int(other.sum()), len(other), int(control.sum()), len(control), level)
    if not adjusted and max(_skewness(other), _skewness(control)) > SKEWED:
        return _compare_skewed(other, control, seed, level)
    return _compare_means(other, control, level)


def compare_shares(hits: int, total: int, control_hits: int, control_total: int, level: float = INTERVAL_LEVEL) -> Comparison:
    """A share against the control's share."""
    pooled = (hits + control_hits) / (total + control_total)
    error = math.sqrt(pooled * (1 - pooled) * (1 / total + 1 / control_total))
    if min(pooled, 1 - pooled) * min(total, control_total) < 5:
        upper = fisher_tail(hits, total, control_hits, control_total)
        lower = fisher_tail(total - hits, total, control_total - control_hits, control_total)
        p = min(1.0, 2 * min(upper, lower))
    else:
        p = math.erfc(abs(hits / total - control_hits / control_total) / error / math.sqrt(2))
    share, control_share = hits / total, control_hits / control_total
    spread = math.sqrt(share * (1 - share) / total + control_share * (1 - control_share) / control_total)
    difference = difference_interval(hits, total, control_hits, control_total, level)
    return Comparison(difference, ratio_interval(hits, total, control_hits, control_total, level), p, spread, "shares")


def _compare_means(other: Floats, control: Floats, level: float) -> Comparison:
    from scipy.special import stdtr, stdtrit

    a, b = float(other.var(ddof=1)) / len(other), float(control.var(ddof=1)) / len(control)
    value, error = float(other.mean() - control.mean()), math.sqrt(a + b)
    if error == 0:
        return Comparison(Interval(value, value, value), _ratio(other, control, level), 1.0 if value == 0 else 0.0, 0.0, "means")
    freedom = (a + b) ** 2 / (a**2 / (len(other) - 1) + b**2 / (len(control) - 1))
    half = float(stdtrit(freedom, 0.5 + level / 2)) * error
    p = 2 * float(stdtr(freedom, -abs(value) / error))
    return Comparison(Interval(value, value - half, value + half), _ratio(other, control, level), p, error, "means")


def _ratio(other: Floats, control: Floats, level: float) -> Interval:
    """Ratio of two positive means; unknown where one is not positive."""
    top, bottom = float(other.mean()), float(control.mean())
    if top <= 0 or bottom <= 0:
        return Interval(math.nan, 0.0, math.inf)
    spread = math.sqrt(float(other.var(ddof=1)) / len(other) / top**2 + float(control.var(ddof=1)) / len(control) / bottom**2)
    half = NormalDist().inv_cdf(0.5 + level / 2) * spread
    if half > MAX_LOG:  # a mean that is all but 0 beside its spread
        return Interval(top / bottom, 0.0, math.inf)
    return Interval(top / bottom, top / bottom * math.exp(-half), top / bottom * math.exp(half))


def _compare_skewed(other: Floats, control: Floats, seed: int, level: float) -> Comparison:
    random = np.random.default_rng(seed)
    drawn, drawn_control = _bootstrap_means(other, random), _bootstrap_means(control, random)
    draws = drawn - drawn_control
    value = float(other.mean() - control.mean())
    tails = [(1 - level) / 2, (1 + level) / 2]
    low, high = np.quantile(draws, tails)
    ratio = Interval(math.nan, 0.0, math.inf)
    if other.mean() > 0 and control.mean() > 0 and (drawn_control > 0).all():
        ends = np.quantile(drawn / drawn_control, tails)
        ratio = Interval(float(other.mean() / control.mean()), float(ends[0]), float(ends[1]))
    p = min(1.0, 2 * (1 + min(int((draws <= 0).sum()), int((draws >= 0).sum()))) / (1 + len(draws)))
    return Comparison(Interval(value, float(low), float(high)), ratio, p, float(draws.std(ddof=1)), "bootstrap")


def _bootstrap_means(values: Floats, random: np.random.Generator) -> Floats:
    distinct, counts = np.unique(values, return_counts=True)
    num = len(values)
    if len(distinct) > MAX_DISTINCT:  # the mean of so many different values is normal: drawn as such
        return random.normal(values.mean(), values.std(ddof=1) / math.sqrt(num), NUM_DRAWS)
    means = np.empty(NUM_DRAWS)
    for begin in range(0, NUM_DRAWS, 100):
        means[begin : begin + 100] = random.multinomial(num, counts / num, size=min(100, NUM_DRAWS - begin)) @ distinct / num
    return means


def _skewness(values: Floats) -> float:
    spread = float(values.std())
    return 0.0 if spread == 0 else abs(float(((values - values.mean()) ** 3).mean()) / spread**3)


def best_of(groups: Sequence[Floats], seed: int, higher_is_better: bool = True) -> tuple[Floats, Floats]:
    """(k,) chance that each group is the best, and (k,) what choosing it costs on average if it is not."""
    random = np.random.default_rng(seed)
    draws = np.empty((NUM_BAYES_DRAWS, len(groups)))
    shares = all(is_share(group) for group in groups)
    for place, group in enumerate(groups):
        if shares:
            draws[:, place] = random.beta(1 + group.sum(), 1 + len(group) - group.sum(), NUM_BAYES_DRAWS)
        else:
            spread = float(group.std(ddof=1)) / math.sqrt(len(group)) if len(group) > 1 else math.inf
            draws[:, place] = random.normal(float(group.mean()), spread, NUM_BAYES_DRAWS)
    draws = draws if higher_is_better else -draws
    best = np.bincount(draws.argmax(axis=1), minlength=len(groups)) / NUM_BAYES_DRAWS
    return best, np.asarray((draws.max(axis=1)[:, None] - draws).mean(axis=0))


def cuped(values: Floats, before: Floats, group: NDArray[np.int64]) -> Adjusted:
    """(n,) values less what (n,) numbers from before the experiment explain, with one slope within all groups; means of all stay."""
    centred, spread = values.copy(), before.astype(np.float64)
    for code in np.unique(group):
        rows = group == code
        centred[rows] -= values[rows].mean()
        spread[rows] = spread[rows] - spread[rows].mean()
    variance = float(spread @ spread)
    total = float(centred @ centred)
    if variance <= 0 or total <= 0:
        return Adjusted(values, 0.0)
    slope = float(spread @ centred) / variance
    left = float(((centred - slope * spread) ** 2).sum())
    return Adjusted(values - slope * (before - before.mean()), 1 - left / total)


def heterogeneity(differences: Sequence[float], standard_errors: Sequence[float]) -> float:
    """Chance (p) of differences this far apart if every part had one and the same: Cochran's Q, chi-square. 1 with fewer than two usable parts."""
    from scipy.special import chdtrc

    value, error = np.asarray(differences, dtype=np.float64), np.asarray(standard_errors, dtype=np.float64)
    usable = np.isfinite(value) & np.isfinite(error) & (error > 0)
    if int(usable.sum()) < 2:
        return 1.0
    value, weight = value[usable], error[usable] ** -2
    spread = float((weight * (value - (weight * value).sum() / weight.sum()) ** 2).sum())
    return float(chdtrc(len(value) - 1, spread))


def smallest_effect(num: float, num_control: float, variance: float) -> float:
    """The smallest difference of means that is seen in four of five experiments with so many people. Infinite without people."""
    if min(num, num_control) <= 0:
        return math.inf
    return _reach() * math.sqrt(variance * (1 / num + 1 / num_control))


def people_needed(effect: float, variance: float, num_groups: int = 2) -> float:
    """People in all groups of equal size together that are needed to see a difference of `effect` in four of five experiments."""
    return math.inf if effect <= 0 else num_groups * 2 * variance * (_reach() / effect) ** 2


def _reach() -> float:
    normal = NormalDist()
    return normal.inv_cdf(1 - SIGNIFICANCE / 2) + normal.inv_cdf(POWER)
