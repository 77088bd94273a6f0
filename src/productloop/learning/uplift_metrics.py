"""How well a ranking finds the people whom an action moves: Qini and uplift curves, their areas, uplift by part of the ranking.

Arrays in: (n,) score (whom to treat first), (n,) who got the action by lot, (n,) outcome (1 = what the action is for), (n,) chance of getting it.

Sources
- Qini curve: Radcliffe (2007), "Using control groups to target on predicted lift": outcomes gained among the first share of the ranking, the
  untreated scaled to the number of the treated. Here per head of everybody, rows weighted by 1 / chance, which is the same for one chance.
  Qini coefficient = area between the curve and the straight line to its end (the line of a random order).
- AUUC: area under the curve of uplift times share treated (Gutierrez and Gerardy 2016, "Causal inference and uplift modelling", with the uplift
  of the first k as the difference of both means).
- Intervals: percentile bootstrap (Efron 1979) over what was drawn by lot: people, or accounts.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from productloop.foundation.figures import INTERVAL_LEVEL
from productloop.learning.intervals import Interval, difference_interval

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

NUM_DRAWS = 500
NUM_POINTS = 20
"""Shares of the ranking at which the curve is read."""
MIN_PART = 30
"""People of both arms in each part of the ranking: fewer parts are made where there are too few."""


@dataclass(frozen=True, slots=True)
class Curve:
    """(k,) share of the ranking treated, from 0 to 1, and (k,) outcomes gained per head of everybody, with 90 % limits."""

    share: Floats
    gain: Floats
    low: Floats
    high: Floats


@dataclass(frozen=True, slots=True)
class Ranked:
    """Everything about one ranking. qini, auuc: per head of everybody; random order: qini 0."""

    curve: Curve
    qini: Interval
    auuc: Interval


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the ranking: from and to which share of it, how many had the action and not, and the difference of outcomes."""

    first: float
    last: float
    num_treated: int
    num_held_out: int
    effect: Interval


def judge_ranking(
    score: Floats, treated: Flags, outcome: Floats, propensity: Floats, groups: NDArray[Any] | None = None, *, seed: int,
    num_draws: int = NUM_DRAWS,
) -> Ranked:  # fmt: skip
    """Qini curve, Qini coefficient and AUUC of a ranking with their intervals. NaN where one arm is empty."""
    order = np.argsort(-score, kind="stable")
    first, second = treated[order] / propensity[order], ~treated[order] / (1 - propensity[order])
    ordered = outcome[order].astype(np.float64)
    codes = np.arange(len(order)) if groups is None else np.unique(groups, return_inverse=True)[1].reshape(-1)
    num_groups = int(codes.max()) + 1 if len(codes) else 0
    random = np.random.default_rng(seed)
    share = np.linspace(0.0, 1.0, NUM_POINTS + 1)
    value = _areas(first, second, ordered, np.ones(len(order)), share)
    draws = []
    for _ in range(num_draws if num_groups else 0):
        counts = np.bincount(random.integers(0, num_groups, num_groups), minlength=num_groups)[codes][order].astype(np.float64)
        draws.append(_areas(first, second, ordered, counts, share))
    tails = [(1 - INTERVAL_LEVEL) / 2, (1 + INTERVAL_LEVEL) / 2]
    limits = [_limits(np.array([draw[place] for draw in draws]), tails) for place in range(3)]
    curve = Curve(share, value[0], limits[0][0], limits[0][1])
    qini, auuc = (Interval(float(value[place]), float(limits[place][0]), float(limits[place][1])) for place in (1, 2))
    return Ranked(curve, qini, auuc)


def _limits(draws: Floats, tails: list[float]) -> tuple[Any, Any]:
    usable = draws[~np.isnan(draws.reshape(len(draws), -1)).any(axis=1)] if len(draws) else draws
    if not len(usable):
        shape = draws.shape[1:]
        return np.full(shape, math.nan), np.full(shape, math.nan)
    low, high = np.quantile(usable, tails, axis=0)
    return low, high


def _areas(first: Floats, second: Floats, outcome: Floats, counts: Floats, share: Floats) -> tuple[Floats, float, float]:
    """(curve, Qini coefficient, AUUC) with row weights `counts`; rows stand in the order of the ranking."""
    treated, held_out = np.cumsum(first * counts), np.cumsum(second * counts)
    gained, kept = np.cumsum(first * counts * outcome), np.cumsum(second * counts * outcome)
    if not len(counts) or treated[-1] == 0 or held_out[-1] == 0:
        return np.full(len(share), math.nan), math.nan, math.nan
    people = np.cumsum(counts) / counts.sum()
    with np.errstate(divide="ignore", invalid="ignore"):
        scaled = np.where(held_out > 0, kept * treated / held_out, 0.0)
        uplift = np.where((treated > 0) & (held_out > 0), gained / treated - kept / held_out, 0.0)
    curve = np.interp(share, np.r_[0.0, people], np.r_[0.0, (gained - scaled) / treated[-1]])
    cumulative = np.interp(share, np.r_[0.0, people], np.r_[0.0, uplift * people])
    return curve, float(np.trapezoid(curve - share * curve[-1], share)), float(np.trapezoid(cumulative, share))


def parts_of(score: Floats, treated: Flags, happened: Flags, num_parts: int = 10) -> tuple[Part, ...]:
    """The difference of both shares (treated minus held out, Newcombe's interval) in equal parts of the ranking, best first.

    Parts are fewer where one would hold fewer than MIN_PART people of an arm. Empty without both arms.
    """
    smallest = min(int(treated.sum()), int((~treated).sum()))
    num_parts = min(num_parts, smallest // MIN_PART)
    if num_parts < 1:
        return ()
    order = np.argsort(-score, kind="stable")
    edges = np.linspace(0, len(order), num_parts + 1).round().astype(int)
    found = []
    for begin, end in pairwise(edges.tolist()):
        rows = order[begin:end]
        with_action, without = rows[treated[rows]], rows[~treated[rows]]
        effect = difference_interval(int(happened[with_action].sum()), len(with_action), int(happened[without].sum()), len(without))
        found.append(Part(begin / len(order), end / len(order), len(with_action), len(without), effect))
    return tuple(found)
