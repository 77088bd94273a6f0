"""Intervals: how far a share, a ratio, a difference or any statistic could be from what was counted.

One level everywhere, 90 % (`INTERVAL_LEVEL`). Arrays and numbers in, `Interval` out; no model, no randomness except the stated seed.

Sources
- Share: Wilson (1927), the score interval; Jeffreys = Beta(k + 1/2, n - k + 1/2) quantiles with the ends 0 and 1 at k = 0 and k = n.
  Both are the recommendation of Brown, Cai and DasGupta (2001), "Interval estimation for a binomial proportion", for small n.
- Difference of two shares: Newcombe (1998), "Interval estimation for the difference between independent proportions", method 10.
- Ratio of two shares: Katz, Baptista, Azen and Pike (1978), normal on the log scale; with a zero count 1/2 is added to all four
  numbers (Walter 1975), so that the limits stay finite.
- Any statistic: the percentile bootstrap of Efron (1979), resampling rows.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from productloop.foundation.figures import INTERVAL_LEVEL


@dataclass(frozen=True, slots=True)
class Interval:
    """An estimate with its limits. `value` is NaN where nothing was counted."""

    value: float
    low: float
    high: float


def _normal_quantile(level: float) -> float:
    if not 0.0 < level < 1.0:
        raise ValueError(f"level must lie between 0 and 1, not {level}")
    return NormalDist().inv_cdf(0.5 + level / 2)


def _check_count(num_hits: float, num_trials: float) -> None:
    if not 0 <= num_hits <= num_trials:
        raise ValueError(f"a count must lie between 0 and its total: {num_hits} of {num_trials}")


def share_limits(
    num_hits: ArrayLike, num_trials: ArrayLike, level: float = INTERVAL_LEVEL
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Wilson limits of many shares at once (a heat table): counts (...) and totals (...) -> low (...), high (...).

    A total of 0 gives (0, 1): nothing is known. Raises ValueError when a count is outside 0..total.
    """
    hits, trials = np.broadcast_arrays(np.asarray(num_hits, dtype=np.float64), np.asarray(num_trials, dtype=np.float64))
    if np.any((hits < 0) | (hits > trials)):
        raise ValueError("a count must lie between 0 and its total")
    squared = _normal_quantile(level) ** 2
    safe = np.maximum(trials, 1.0)
    share = hits / safe
    centre = (share + squared / (2 * safe)) / (1 + squared / safe)
    half = np.sqrt(squared * (share * (1 - share) / safe + squared / (4 * safe**2))) / (1 + squared / safe)
    # The exact ends: rounding must not turn "none of n" into a lower limit of 1e-18.
    low = np.where((trials == 0) | (hits == 0), 0.0, np.maximum(centre - half, 0.0))
    high = np.where((trials == 0) | (hits == trials), 1.0, np.minimum(centre + half, 1.0))
    return low, high


def share_interval(
    num_hits: float, num_trials: float, level: float = INTERVAL_LEVEL, method: Literal["wilson", "jeffreys"] = "wilson"
) -> Interval:
    """Interval of a share `num_hits / num_trials`. With no trials: value NaN, limits 0 and 1.

    Raises ValueError when the count is outside 0..total.
    """
    _check_count(num_hits, num_trials)
    if num_trials == 0:
        return Interval(math.nan, 0.0, 1.0)
    value = num_hits / num_trials
    if method == "wilson":
        low, high = share_limits(num_hits, num_trials, level)
        return Interval(value, float(low), float(high))
    if method != "jeffreys":
        raise ValueError(f"unknown method {method!r}")
    from scipy.special import betaincinv

    tail = (1 - level) / 2
    a, b = num_hits + 0.5, num_trials - num_hits + 0.5
    low_limit = 0.0 if num_hits == 0 else float(betaincinv(a, b, tail))
    high_limit = 1.0 if num_hits == num_trials else float(betaincinv(a, b, 1 - tail))
    return Interval(value, low_limit, high_limit)


def difference_interval(
    num_hits_a: float, num_trials_a: float, num_hits_b: float, num_trials_b: float, level: float = INTERVAL_LEVEL
) -> Interval:
    """Interval of share A minus share B of independent groups. With an empty group: value NaN, limits as wide as they can be."""
    first = share_interval(num_hits_a, num_trials_a, level)
    second = share_interval(num_hits_b, num_trials_b, level)
    if num_trials_a == 0 or num_trials_b == 0:
        return Interval(math.nan, first.low - second.high, first.high - second.low)
    value = first.value - second.value
    low = value - math.hypot(first.value - first.low, second.high - second.value)
    high = value + math.hypot(first.high - first.value, second.value - second.low)
    return Interval(value, max(low, -1.0), min(high, 1.0))


def ratio_interval(
    num_hits_a: float, num_trials_a: float, num_hits_b: float, num_trials_b: float, level: float = INTERVAL_LEVEL
) -> Interval:
    """Interval of share A divided by share B of independent groups ("1.4 times as often").

    `value` is the plain ratio (infinite when only B is 0, NaN when both are); an empty group gives NaN with limits 0 and infinity.
    """
    _check_count(num_hits_a, num_trials_a)
    _check_count(num_hits_b, num_trials_b)
    quantile = _normal_quantile(level)
    if num_trials_a == 0 or num_trials_b == 0:
        return Interval(math.nan, 0.0, math.inf)
    share_a, share_b = num_hits_a / num_trials_a, num_hits_b / num_trials_b
    value = share_a / share_b if share_b > 0 else (math.inf if share_a > 0 else math.nan)
    added = 0.5 if num_hits_a == 0 or num_hits_b == 0 else 0.0
    a, total_a, b, total_b = num_hits_a + added, num_trials_a + added, num_hits_b + added, num_trials_b + added
    centre = math.log(a / total_a) - math.log(b / total_b)
    half = quantile * math.sqrt(max(1 / a - 1 / total_a + 1 / b - 1 / total_b, 0.0))
    low = 0.0 if num_hits_a == 0 else math.exp(centre - half)
    high = math.inf if num_hits_b == 0 else math.exp(centre + half)
    return Interval(value, low, high)


def bootstrap_interval(
    values: NDArray[Any],
    statistic: Callable[[NDArray[Any]], float],
    seed: int,
    draws: int = 2_000,
    level: float = INTERVAL_LEVEL,
) -> Interval:
    """Percentile bootstrap of `statistic` over the rows of `values` (n,) or (n, columns).

    The rows must be independent (people, not events of the same person). 2,000 draws keep the noise of a 5 % quantile small beside
    the interval itself (Efron and Tibshirani 1993 ask for 1,000 at least). No rows: NaN with infinite limits.
    """
    if draws < 1:
        raise ValueError(f"draws must be at least 1, not {draws}")
    _normal_quantile(level)
    num_rows = len(values)
    if num_rows == 0:
        return Interval(math.nan, -math.inf, math.inf)
    random = np.random.default_rng(seed)
    results = np.empty(draws)
    for draw in range(draws):
        results[draw] = statistic(values[random.integers(0, num_rows, num_rows)])
    tail = (1 - level) / 2
    low, high = np.quantile(results, [tail, 1 - tail])
    return Interval(float(statistic(values)), float(low), float(high))
