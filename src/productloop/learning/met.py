"""What happens to people who met something (wrote about a topic), against people alike who had not when they were asked.

A row is a person at a moment, and whether the outcome came within the window after it. Asking the same person at several moments is the
discrete-time hazard of survival analysis, in which a person's rows add nothing to the variance beyond their own. Two things blur such a ratio:
- texts stand under a wrong topic, which draws it towards 1. So everybody has a chance to have met it, from the share of points in each place
  (sure, at the edge, near, anywhere) that really belong to the topic; the ratio is that of the chances (`learning.relative_risk`).
  No topic has exactly those shares: the limits are the outermost over shares that mix more and less, so that an interval of 90 % holds the
  truth in at least 90 % whichever of them apply (an uncertainty region: Vansteelandt, Goetghebeur, Kenward and Molenberghs 2006, Statistica
  Sinica 16). p needs none of this, since with a ratio of 1 all chances are alike;
- some of the others meet it within the window (`stratified.without_late_starts`). In simulated lives with a known ratio of 2.5 this alone
  is 3.5 % of the ratio, and takes the coverage of the 90 % interval from 90 % to 87 %.
It is an association, never a cause.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from productloop.foundation.figures import INTERVAL_LEVEL
from productloop.learning.intervals import Interval
from productloop.learning.relative_risk import count_rows, ratio_p, risk_ratio
from productloop.learning.stratified import Pooled, without_late_starts

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

NEVER = np.iinfo(np.int64).max
"""A time that does not come."""


@dataclass(frozen=True, slots=True)
class Shares:
    """Of the points in each place, the share that really belongs to a topic: in it and sure, in it at its edge, near it, anywhere else."""

    sure: float
    edge: float
    near: float
    other: float


AS_FOUND = (Shares(0.95, 0.70, 0.07, 0.01), Shares(0.86, 0.52, 0.14, 0.02), Shares(1.0, 0.89, 0.0, 0.0))
"""On average over 202 topics found in 16 simulated startups whose true needs are known (seeds 900-907, 960-967); a standard deviation of the
topics towards more mixing; and towards less."""
EXACT = (Shares(1.0, 1.0, 0.0, 0.0),)
"""Who met it is known."""


@dataclass(frozen=True, slots=True)
class Points:
    """p things people met: by whom (code, -1 unknown) and when (µs UTC), (p,) topic (-1 none)."""

    person: Ints
    time: Ints
    topic: Ints
    edge: Flags
    """(p, k): whether a point of this topic is not sure to belong to it, or one of another topic may belong to it."""


@dataclass(frozen=True, slots=True)
class Met:
    """m rows: who surely met it before they were asked, and who surely not; chances for all, by one or several sets of shares."""

    exposed: Flags
    others: Flags
    chances: tuple[Floats, ...]
    """The first is what is believed; the others are what it might be instead."""
    late: tuple[float, ...]
    """By the same shares: how many of those who had not met it meet it within the window."""


def surely_met(exposed: Flags) -> Met:
    """Where it is known who met it, and when they began does not matter."""
    return Met(exposed, ~exposed, (exposed.astype(np.float64),), (0.0,))


def first_met(person: Ints, time: Ints, asked: Ints) -> Ints:
    """(m,) when each asked person first met one of p things, NEVER where not. Persons are codes from 0; -1 is nobody."""
    known = person >= 0
    first = np.full(int(max(person.max(initial=-1), asked.max(initial=-1))) + 1, NEVER, dtype=np.int64)
    np.minimum.at(first, person[known], time[known])
    return first[asked]


def met_topic(points: Points, topic: int, asked: tuple[Ints, Ints], window: int, shares: Sequence[Shares] = AS_FOUND) -> Met:
    """Who met a topic; asked: (m,) persons and (m,) the moments before which they must have met it (NEVER: any time); window in µs."""
    person, at = asked
    inside, edge = points.topic == topic, points.edge[:, topic]
    exposed, perhaps = (first_met(points.person[these], points.time[these], person) < at for these in (inside & ~edge, edge))
    end = np.where(at < NEVER - window, at + window, NEVER)
    belongs = [np.where(inside, np.where(edge, one.edge, one.sure), np.where(edge, one.near, one.other)) for one in shares]
    before, by_end = _chances(points, belongs, person, [at, end])
    late = (by_end - before).sum(axis=1) / np.maximum((1 - before).sum(axis=1), 1e-12)
    return Met(exposed, ~exposed & ~perhaps, tuple(before), tuple(late.tolist()))


def met_ratio(met: Met, happened: Flags, alike: Sequence[Ints], level: float = INTERVAL_LEVEL) -> Pooled:
    """The ratio by the shares believed, its limits the outermost over all, and p. happened: (m,); alike: codes (m,) of what is compared within."""
    rows = count_rows(met.chances, happened, alike)
    ratios = [without_late_starts(risk_ratio(rows, way, level), late) for way, late in enumerate(met.late)]
    limits = Interval(ratios[0].value, min(ratio.low for ratio in ratios), max(ratio.high for ratio in ratios))
    return Pooled(limits, ratio_p(rows))


def hold_beside(
    met: Sequence[Met], happened: Flags, alike: Sequence[Sequence[Ints]], limits: Sequence[float], most: int | None = None
) -> list[int]:
    """Numbers of those whose p is still below their limit beside everything that held before them, in the order given.

    One that only borrows from a stronger one (the same people met both) falls away.
    """
    held: list[int] = []
    for number, one in enumerate(met):
        if len(held) == most:
            break
        beside = [met[other].chances[0] for other in held]
        if ratio_p(count_rows(one.chances[:1], happened, alike[number], beside)) < limits[number]:
            held.append(number)
    return held


def _chances(points: Points, belongs: Sequence[Floats], person: Ints, befores: Sequence[Ints]) -> list[Floats]:
    """For each list of moments (m,): (s, m) the chance that at least one of a person's points before it belongs; belongs: s times (p,)."""
    known = np.flatnonzero(points.person >= 0)
    times = np.unique(points.time[known])
    key = points.person[known] * (len(times) + 1) + np.searchsorted(times, points.time[known])
    order = np.argsort(key, kind="stable")
    not_yet = np.zeros((len(belongs), len(known) + 1))
    np.cumsum(np.log1p(-np.minimum(np.array(belongs)[:, known[order]], 1 - 1e-12)), axis=1, out=not_yet[:, 1:])
    first = person * (len(times) + 1)
    start, *stops = (np.searchsorted(key[order], place) for place in (first, *(first + np.searchsorted(times, at) for at in befores)))
    return [np.asarray(-np.expm1(not_yet[:, stop] - not_yet[:, start])) for stop in stops]
