"""How many times as often something happens to people who met a thing, when it is known of each only how likely they met it.

Of n people alike, what happens to person i is Poisson with mean exp(z_i b) (1 + (r - 1) x_i): x_i the chance that they met it, z_i who they are
(dummies of everything that makes people alike), r the ratio. Putting the chance in place of the unknown fact is regression calibration
(Carroll, Ruppert, Stefanski and Crainiceanu 2006, "Measurement error in nonlinear models", chapter 4), here exact in the mean, which is linear
in x; with x of 0 and 1 it is the modified Poisson regression of Zou (2004), American Journal of Epidemiology 159. Errors by the sandwich with
the variance of shares. The test is the score test of r = 1, so that it needs no iteration that could fail.

Main effects instead of crossed strata: in 60 simulated startups, 405 crossed strata of 3,300 rows have an error of .156 in log r and claim .147,
main effects .134 and claim .133; strata by a fitted prognostic score .139 and claim .125, since they take the score for known.
Rows that agree in everything (chances to the hundredth) are counted once, so that a million rows cost what their kinds cost.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from productloop.foundation.figures import INTERVAL_LEVEL
from productloop.learning.intervals import Interval
from productloop.learning.stratified import combine_codes

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Ints = NDArray[np.int64]

MAX_LEVELS = 60
"""Rarer values of what makes people alike are taken together."""
SHRINKAGE = 0.25
"""Precision of a normal prior around 0 on every effect but the ratio: where nobody left, an effect would run away."""
LEAST_RATIO = 0.03
"""A ratio below this means that nobody it happened to met it: not a number to show."""
MAX_STEPS, ENOUGH = 40, 1e-6


@dataclass(frozen=True, slots=True)
class Rows:
    """n kinds of rows: how many of each, to how many of them it happened, (n,); who they are (n, k), the first column 1."""

    size: Floats
    cases: Floats
    background: Floats
    chances: Floats
    """(n, s) to have met it, by s ways of seeing it."""


def count_rows(chances: Sequence[Floats], happened: Flags, alike: Sequence[Ints], beside: Sequence[Floats] = ()) -> Rows:
    """Chances (m,) to have met it, (m,) whether it happened, codes (m,) of what makes people alike, other numbers (m,) to hold beside."""
    hundredths = [np.round(100 * column).astype(np.int64) for column in (*chances, *beside)]
    codes = combine_codes(*alike, *hundredths)
    first = np.unique(codes, return_index=True)[1]
    size, cases = (np.bincount(codes, weights).astype(np.float64) for weights in (np.ones(len(codes)), happened))
    numbers = np.column_stack([column[first] / 100 for column in hundredths])
    dummies = [_dummies(column[first], size) for column in alike]
    background = np.column_stack([np.ones(len(first)), *dummies, numbers[:, len(chances) :]])
    return Rows(size, cases, background, numbers[:, : len(chances)])


def risk_ratio(rows: Rows, way: int = 0, level: float = INTERVAL_LEVEL) -> Interval:
    """The ratio by one way of seeing who met it, its interval symmetric in the logarithm; NaN, 0 and infinity where nothing can be compared."""
    unknown = Interval(math.nan, 0.0, math.inf)
    if _is_empty(rows, way):
        return unknown
    ratio, mean, slopes, curvature = _fitted(rows, rows.chances[:, way])
    if ratio < LEAST_RATIO:
        return unknown
    spread = (slopes * (mean * _left(rows, mean))[:, None]).T @ slopes
    inverse = np.linalg.inv(curvature)
    half = NormalDist().inv_cdf(0.5 + level / 2) * math.sqrt((inverse @ spread @ inverse)[-1, -1]) / ratio
    return Interval(ratio, ratio * math.exp(-half), ratio * math.exp(half))


def ratio_p(rows: Rows) -> float:
    """Two-sided p of a ratio of 1 by the first way of seeing who met it; 1 where nothing can be compared."""
    if _is_empty(rows, 0):
        return 1.0
    z, prior, effects, chance = rows.background, _prior(rows), _start(rows), rows.chances[:, 0]
    for _ in range(MAX_STEPS):
        mean = rows.size * np.exp(z @ effects)
        step = np.linalg.solve((z * mean[:, None]).T @ z + np.diag(prior), z.T @ (rows.cases - mean) - prior * effects)
        effects = effects + step
        if np.abs(step).max() < ENOUGH:
            break
    mean = rows.size * np.exp(z @ effects)
    weighted = (z * mean[:, None]).T
    own = chance - z @ np.linalg.solve(weighted @ z + np.diag(prior), weighted @ chance)
    variance = float((own**2 * mean * _left(rows, mean)).sum())
    return math.erfc(abs(float((own * (rows.cases - mean)).sum())) / math.sqrt(2 * variance)) if variance > 0 else 1.0


def _is_empty(rows: Rows, way: int) -> bool:
    return bool(rows.cases.sum() == 0 or np.ptp(rows.chances[:, way]) == 0)


def _fitted(rows: Rows, chance: Floats) -> tuple[float, Floats, Floats, Floats]:
    """The ratio, the mean of every kind of row, the slopes of its logarithm (n, k + 1) and the curvature, by Fisher's scoring."""
    effects, excess, prior = _start(rows), 0.0, np.append(_prior(rows), 0.0)
    for step_number in range(MAX_STEPS + 1):
        factor = 1 + excess * chance
        mean = rows.size * np.exp(rows.background @ effects) * factor
        slopes = np.column_stack([rows.background, chance / factor])
        curvature = (slopes * mean[:, None]).T @ slopes + np.diag(prior)
        if step_number == MAX_STEPS:
            break
        step = np.linalg.solve(curvature, slopes.T @ (rows.cases - mean) - prior * np.append(effects, 0.0))
        # a ratio stays above 0: at most half of the way there
        step *= min(1.0, 0.5 * (1 + excess) / max(-float(step[-1]), 1e-12))
        effects, excess = effects + step[:-1], excess + float(step[-1])
        if np.abs(step).max() < ENOUGH or 1 + excess < LEAST_RATIO:
            break
    return 1 + excess, mean, slopes, curvature


def _start(rows: Rows) -> Floats:
    effects = np.zeros(rows.background.shape[1])
    effects[0] = math.log(rows.cases.sum() / rows.size.sum())
    return effects


def _prior(rows: Rows) -> Floats:
    prior = np.full(rows.background.shape[1], SHRINKAGE)
    prior[0] = 0.0
    return prior


def _left(rows: Rows, mean: Floats) -> Floats:
    """What the variance of a share is below that of a count."""
    return np.asarray(1 - np.minimum(mean / rows.size, 1.0))


def _dummies(codes: Ints, size: Floats) -> Floats:
    """(n, levels - 1), the most frequent level left out, the rarest together."""
    levels, places = np.unique(codes, return_inverse=True)
    rank = np.empty(len(levels), dtype=np.int64)
    rank[np.argsort(-np.bincount(places, size), kind="stable")] = np.arange(len(levels))
    ranked = np.minimum(rank[places], MAX_LEVELS - 1)
    return np.asarray(ranked[:, None] == np.arange(1, min(len(levels), MAX_LEVELS)), dtype=np.float64)
