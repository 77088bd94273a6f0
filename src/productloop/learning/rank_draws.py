"""How sure an order is: ranks over draws of uncertain scores, and how many more answers would settle who comes first.

Draws are simulated from what is known of each part of a score (Monte Carlo): shares from the posterior under Jeffreys' prior,
Beta(k + 1/2, n - k + 1/2) (Brown, Cai and DasGupta 2001), ratios from a normal on the log scale given by their interval (Katz et al. 1978),
means by the Bayesian bootstrap (Rubin 1981). Ranks of items over draws, their intervals and the probability of being first follow
Goldstein and Spiegelhalter (1996), "League tables and their limitations", JRSS A 159. Noisy ratios are first drawn towards one by
empirical Bayes (Morris 1983, JASA 78) with the spread among items estimated by DerSimonian and Laird (1986).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike, NDArray

from productloop.foundation.figures import INTERVAL_LEVEL
from productloop.learning.intervals import Interval

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

DRAWS = 4_000
"""A probability of .9 is then known to a hundredth either way (two standard errors)."""
SETTLED = 0.9
"""From this probability on one item is said to come before another."""


@dataclass(frozen=True, slots=True)
class Ranks:
    """k items. `order` (k,) best first, by the median of the draws; ranks count from 1."""

    order: Ints
    rank_low: Ints
    rank_high: Ints
    """(k,) ends of the interval of each item's rank."""
    first: Floats
    """(k,) share of draws in which the item is first."""
    beats: Floats
    """(k, k) share of draws in which row beats column; ties count half."""
    score: Floats
    score_low: Floats
    score_high: Floats
    """(k,) median and interval of the score."""


def rank_draws(scores: Floats, level: float = INTERVAL_LEVEL) -> Ranks:
    """Ranks from draws (draws, k) of the scores; larger is better. ValueError without draws or with a score that is not finite."""
    if scores.ndim != 2 or len(scores) == 0 or not np.isfinite(scores).all():
        raise ValueError("scores must be finite and of shape (draws, items)")
    num_draws, num_items = scores.shape
    tail = 100 * (1 - level) / 2
    score, low, high = (np.percentile(scores, q, axis=0) if num_items else np.zeros(0) for q in (50, tail, 100 - tail))
    order = np.argsort(-score, kind="stable")
    places = np.empty(scores.shape, dtype=np.int64)
    rows = np.arange(num_draws)[:, None]
    places[rows, np.argsort(-scores, axis=1, kind="stable")] = np.arange(1, num_items + 1)
    beats = np.empty((num_items, num_items))
    for item in range(num_items):
        difference = scores[:, [item]] - scores
        beats[item] = (difference > 0).mean(axis=0) + 0.5 * (difference == 0).mean(axis=0)
    ends = [np.percentile(places, q, axis=0, method="nearest").astype(np.int64) if num_items else places[0] for q in (tail, 100 - tail)]
    return Ranks(order, ends[0], ends[1], (places == 1).mean(axis=0), beats, score, low, high)


def draw_shares(random: np.random.Generator, num_hits: ArrayLike, num_trials: ArrayLike, draws: int = DRAWS) -> Floats:
    """(draws, k) of shares k of n. Hits need not be whole (a prior may have been added). ValueError for a count outside 0..total."""
    hits, trials = np.broadcast_arrays(np.asarray(num_hits, dtype=np.float64), np.asarray(num_trials, dtype=np.float64))
    if np.any((hits < 0) | (hits > trials)):
        raise ValueError("a count must lie between 0 and its total")
    return np.asarray(random.beta(hits + 0.5, trials - hits + 0.5, size=(draws, len(hits))))


def draw_ratios(random: np.random.Generator, ratios: list[Interval], draws: int = DRAWS, level: float = INTERVAL_LEVEL) -> Floats:
    """(draws, k) of ratios, normal on the log scale; one that is not known is 1 in every draw."""
    centre, spread = log_normal(ratios, level)
    known = np.isfinite(centre) & np.isfinite(spread)
    moved = np.where(known, centre, 0.0) + np.where(known, spread, 0.0) * random.standard_normal((draws, len(ratios)))
    return np.asarray(np.exp(moved))


def log_normal(ratios: list[Interval], level: float = INTERVAL_LEVEL) -> tuple[Floats, Floats]:
    """(k,) mean and standard deviation of log ratios by their intervals; NaN where a value or limit is not positive and finite."""
    quantile = NormalDist().inv_cdf(0.5 + level / 2)
    limits = np.array([(ratio.value, ratio.low, ratio.high) for ratio in ratios], dtype=np.float64).reshape(-1, 3)
    good = np.asarray(np.isfinite(limits).all(axis=1) & (limits > 0).all(axis=1))
    logs = np.log(np.where(good[:, None], limits, 1.0))
    return np.where(good, logs[:, 0], np.nan), np.where(good, (logs[:, 2] - logs[:, 1]) / (2 * quantile), np.nan)


def draw_together(ratios: list[Interval], level: float = INTERVAL_LEVEL) -> list[Interval]:
    """Ratios drawn towards 1 by as much as chance explains them: several noisy ones must not order a list.

    Model: log ratio ~ N(0, t²) among items, measured with its own error. An unknown one becomes 1 with the spread among items.
    """
    centre, spread = log_normal(ratios, level)
    known = np.flatnonzero(np.isfinite(centre) & (spread > 0))
    among = 0.0
    if len(known) > 1:
        weight = 1 / spread[known] ** 2
        # about a fixed centre of 0, so that all k values count and none is spent on a mean
        excess = float((weight * centre[known] ** 2).sum()) - len(known)
        among = max(0.0, excess / float(weight.sum()))
    quantile = NormalDist().inv_cdf(0.5 + level / 2)
    drawn = []
    for place in range(len(ratios)):
        kept = among / (among + spread[place] ** 2) if place in known and among > 0 else 0.0
        middle = kept * centre[place] if kept else 0.0
        half = quantile * math.sqrt(among * (1 - kept))
        drawn.append(Interval(math.exp(middle), math.exp(middle - half), math.exp(middle + half)))
    return drawn


def factor_to_settle(better: Floats, worse: Floats, settled: float = SETTLED) -> float:
    """How many times as many answers it takes until `better` beats `worse` in the share `settled` of draws, if both keep their scores.

    better, worse: (draws,) of positive scores. Errors shrink with the root of the answers, on the log scale: the smallest factor f with
    d / sqrt(v / f) at the normal quantile. 1 where it is settled, infinity where the two are equal.
    """
    floor = np.finfo(np.float64).tiny
    difference = np.log(np.maximum(better, floor)) - np.log(np.maximum(worse, floor))
    middle, variance = float(np.median(difference)), float(difference.var())
    if middle <= 0:
        return math.inf
    return max(1.0, variance * (NormalDist().inv_cdf(settled) / middle) ** 2)
