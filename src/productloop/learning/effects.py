"""How much two groups differ in a measured value: the standardised difference with its interval, and the chance of it.

Source: Hedges' g with the small-sample correction and its large-sample variance (Hedges and Olkin 1985, Statistical Methods for
Meta-Analysis, chapter 5); the p is that of Welch's test with the normal distribution, for groups of twenty and more.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from productloop.foundation.figures import INTERVAL_LEVEL
from productloop.learning.intervals import Interval


@dataclass(frozen=True, slots=True)
class Difference:
    """Standard deviations by which the first group lies above the second, with the two-sided p; NaN and 1 where it cannot be known."""

    interval: Interval
    p: float


def standardised_difference(first: NDArray[np.float64], second: NDArray[np.float64]) -> Difference:
    """Hedges' g of (a,) values against (b,) values."""
    a, b = len(first), len(second)
    if a < 2 or b < 2:
        return Difference(Interval(math.nan, -math.inf, math.inf), 1.0)
    own, other = float(first.var(ddof=1)), float(second.var(ddof=1))
    pooled = math.sqrt(((a - 1) * own + (b - 1) * other) / (a + b - 2))
    gap = float(first.mean() - second.mean())
    if pooled == 0:
        return Difference(Interval(0.0 if gap == 0 else math.copysign(math.inf, gap), -math.inf, math.inf), 1.0 if gap == 0 else 0.0)
    g = gap / pooled * (1 - 3 / (4 * (a + b) - 9))
    half = NormalDist().inv_cdf(0.5 + INTERVAL_LEVEL / 2) * math.sqrt((a + b) / (a * b) + g * g / (2 * (a + b)))
    error = math.sqrt(own / a + other / b)
    p = math.erfc(abs(gap) / error / math.sqrt(2)) if error > 0 else 0.0
    return Difference(Interval(g, g - half, g + half), p)
