"""Interrupted time series: did a rate change when something changed, beyond the trend it was on.

Model: counts ~ Poisson(exposure x exp(a + b time + c dose)), time centred, dose 0 before and 1 after the change (or the share of people
who have it by then, since a release reaches people little by little). exp(c) is the effect: the ratio of the rate with the change to the
rate without it. Fitted by iteratively reweighted least squares; standard errors are widened by the square root of the dispersion
(Pearson's chi-square by its degrees of freedom, never below 1): counts of people vary more than Poisson says
(Wagner et al. 2002, Journal of Clinical Pharmacy and Therapeutics 27; McCullagh and Nelder 1989, section 6.2).
It is an association in time: whatever else happened in the same weeks is in it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from productloop.foundation.figures import INTERVAL_LEVEL
from productloop.learning.intervals import Interval

Floats = NDArray[np.float64]

MIN_POINTS = 4
"""Periods on each side of the change; fewer say nothing about the trend."""
MAX_STEPS, RIDGE = 60, 1e-3
"""The ridge on slope and effect keeps them finite where a side has no counts at all; it is below the noise otherwise."""


@dataclass(frozen=True, slots=True)
class Effect:
    """What a change did to a rate."""

    ratio: Interval
    """Rate with the change divided by the rate without it."""
    p: float
    """Two-sided, normal approximation."""
    expected: Floats
    """(n,) counts the model expects."""
    without: Floats
    """(n,) counts it would have expected without the change."""


def interrupted(
    counts: NDArray[np.int64], exposure: Floats, dose: Floats, when: Floats | None = None, level: float = INTERVAL_LEVEL
) -> Effect | None:
    """The effect: `counts` (n,), `exposure` (n,) > 0 (all who could have been counted), `dose` (n,) from 0 to 1, for n periods in order.

    With `when` (n,) the rows may be cells instead, such as those with and without the change in each week. None where either side has
    fewer than MIN_POINTS rows (dose below and from a half on), or nothing was counted.
    """
    from scipy.special import ndtr, ndtri

    before, after = int((dose < 0.5).sum()), int((dose >= 0.5).sum())
    if min(before, after) < MIN_POINTS or counts.sum() == 0 or not (exposure > 0).all():
        return None
    time = np.arange(len(counts), dtype=np.float64) if when is None else when.astype(np.float64)
    time = (time - time.mean()) / max(1.0, float(time.std()))
    design = np.column_stack([np.ones(len(counts)), time, dose])
    offset = np.log(exposure)
    weights = np.array([math.log(max(counts.sum(), 0.5) / exposure.sum()), 0.0, 0.0])
    penalty = np.diag([0.0, RIDGE, RIDGE])
    for _ in range(MAX_STEPS):
        mean = np.exp(np.clip(offset + design @ weights, -30, 30))
        information = design.T @ (design * mean[:, None]) + penalty
        step = np.linalg.solve(information, design.T @ (counts - mean) - penalty @ weights)
        weights = weights + np.clip(step, -2, 2)
        if np.abs(step).max() < 1e-9:
            break
    mean = np.exp(np.clip(offset + design @ weights, -30, 30))
    covariance = np.linalg.inv(design.T @ (design * mean[:, None]) + penalty)
    dispersion = max(1.0, float(((counts - mean) ** 2 / np.maximum(mean, 1e-12)).sum()) / (len(counts) - 3))
    error = math.sqrt(covariance[2, 2] * dispersion)
    half = float(ndtri(0.5 + level / 2)) * error
    ratio = Interval(math.exp(weights[2]), math.exp(max(weights[2] - half, -30)), math.exp(min(weights[2] + half, 30)))
    without = np.exp(np.clip(offset + design[:, :2] @ weights[:2], -30, 30))
    return Effect(ratio, float(2 * ndtr(-abs(weights[2]) / error)), mean, without)
