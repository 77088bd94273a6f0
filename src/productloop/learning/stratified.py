"""Ratio of two shares among people who are alike: within strata, pooled.

Mantel and Haenszel (1959) as a risk ratio with the variance of Greenland and Robins (1985), "Estimation of a common effect parameter from
sparse follow-up data", Biometrics 41; the test is Cochran's (1954) with Mantel and Haenszel's variance. Asking at several moments who is
still there, with the moment in the strata, makes it the discrete-time log-rank comparison, so a person may stand in several rows.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

import numpy as np
from numpy.typing import NDArray

from productloop.foundation.figures import INTERVAL_LEVEL
from productloop.learning.intervals import Interval

Flags = NDArray[np.bool_]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Pooled:
    """Ratio with its interval, and the two-sided p of no difference."""

    ratio: Interval
    p: float


def stratified_ratio(exposed: Flags, happened: Flags, strata: Ints, level: float = INTERVAL_LEVEL) -> Pooled:
    """(n,) whether met, (n,) whether it happened, (n,) stratum codes. A ratio of NaN, and p = 1, where nothing can be compared."""
    a, c, n1, n0 = _tables(exposed, happened, strata)
    n, cases = n1 + n0, a + c
    above, below = float((a * n0 / n).sum()), float((c * n1 / n).sum())
    spread = float((n1 * n0 * cases * (n - cases) / (n**2 * np.maximum(n - 1, 1))).sum())
    p = math.erfc(abs(float((a - n1 * cases / n).sum())) / math.sqrt(2 * spread)) if spread > 0 else 1.0
    if above == 0 or below == 0:
        return Pooled(Interval(math.nan, 0.0, math.inf), p)
    variance = float(((cases * n1 * n0 - a * c * n) / n**2).sum()) / (above * below)
    half = NormalDist().inv_cdf(0.5 + level / 2) * math.sqrt(max(variance, 0.0))
    centre = math.log(above / below)
    return Pooled(Interval(math.exp(centre), math.exp(centre - half), math.exp(centre + half)), p)


def combine_codes(*codes: NDArray[Any]) -> Ints:
    """(n,) one code for each combination of the values of several (n,) columns."""
    combined = np.zeros(len(codes[0]), dtype=np.int64)
    for one in codes:
        places = np.unique(one, return_inverse=True)[1]
        combined = np.unique(combined * (int(places.max(initial=0)) + 1) + places, return_inverse=True)[1].astype(np.int64)
    return combined


def without_late_starts(ratio: Interval, share_late: float) -> Interval:
    """The ratio when a share of those "not met" met it within the window, on average half-way.

    If meeting it multiplies what is left of a window's risk, their risk is p (1 + (r - 1) w / 2) and the ratio seen r / (1 + (r - 1) w / 2);
    solved for r. It is the correction for contamination of a control group (Cuzick, Edwards and Segnan 1997, Statistics in Medicine 16).
    """
    half = share_late / 2

    def solved(value: float) -> float:
        return value * (1 - half) / (1 - value * half) if math.isfinite(value) and value * half < 1 else value

    return Interval(*(solved(value) for value in (ratio.value, ratio.low, ratio.high)))


def _tables(exposed: Flags, happened: Flags, strata: Ints) -> tuple[NDArray[np.float64], ...]:
    """By stratum with both kinds of people: cases among who met it, cases among the others, who met it, the others."""
    codes = np.unique(strata, return_inverse=True)[1]
    size = int(codes.max()) + 1 if len(codes) else 0
    counts = [
        np.bincount(codes, flags, minlength=size).astype(np.float64)
        for flags in (exposed & happened, ~exposed & happened, exposed, ~exposed)
    ]
    both = (counts[2] > 0) & (counts[3] > 0)
    return tuple(count[both] for count in counts)


def stratified_difference(exposed: Flags, happened: Flags, strata: Ints, level: float = INTERVAL_LEVEL) -> Interval:
    """Difference of two shares within strata, pooled with Mantel and Haenszel's weights; variance of Greenland and Robins (1985).

    (n,) whether met, (n,) whether it happened, (n,) stratum codes. NaN with limits -1 and 1 where nothing can be compared.
    """
    a, c, n1, n0 = _tables(exposed, happened, strata)
    weight = n1 * n0 / np.maximum(n1 + n0, 1)
    if weight.sum() == 0:
        return Interval(math.nan, -1.0, 1.0)
    value = float((weight * (a / n1 - c / n0)).sum() / weight.sum())
    variance = float(((a * (n1 - a) * n0**3 + c * (n0 - c) * n1**3) / (n1 * n0 * (n1 + n0) ** 2)).sum()) / float(weight.sum()) ** 2
    half = NormalDist().inv_cdf(0.5 + level / 2) * math.sqrt(variance)
    return Interval(value, max(-1.0, value - half), min(1.0, value + half))
