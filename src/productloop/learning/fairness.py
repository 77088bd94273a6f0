"""Whom a model treats differently: rates and errors by group, and which differences are more than chance.

For each group: how many are flagged (demographic parity), how many of those with the outcome are missed and how many of those without it are
flagged (equalised odds: Hardt, Price, Srebro 2016, NIPS), how many of the flagged have it (predictive parity), and how far the mean chance
lies from what happened (calibration within groups). Where the outcome itself is more frequent in one group, these cannot all be equal at
once (Chouldechova 2017, Big Data 5; Kleinberg, Mullainathan, Raghavan 2017, ITCS), so all are shown and none is made the judge.

Each group is held against everybody else. Shares: Fisher's exact test, two-sided as twice the smaller tail, with Newcombe's interval of the
difference; calibration: a normal interval of the difference of two means. All comparisons of a call are adjusted together (Holm 1979), and a
difference counts as clear when the adjusted chance is below 10 % and its own interval excludes 0. Rows must be independent: one per person.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from productloop.foundation.figures import INTERVAL_LEVEL
from productloop.learning.comparisons import fisher_tail, holm
from productloop.learning.intervals import Interval, difference_interval, share_interval

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Measure = Literal["happened", "flagged", "missed", "false_alarm", "right", "gap"]
SHARES: tuple[Measure, ...] = ("happened", "flagged", "missed", "false_alarm", "right")
MIN_ROWS = 20
"""A share of fewer rows, here or among the others, has an interval of 35 points and more: nothing is said about it."""


@dataclass(frozen=True, slots=True)
class GroupRates:
    """One group. `rates`: each measure with its interval, None where there are too few rows.

    happened, flagged  share of the group           missed       of those with the outcome, not flagged
    right              of the flagged, with it      false_alarm  of those without it, flagged
    gap                mean chance minus the share that happened
    """

    num_rows: int
    rates: dict[Measure, Interval | None]


@dataclass(frozen=True, slots=True)
class Difference:
    """One group against everybody else in one measure: here minus elsewhere, with its interval. `clear`: more than chance, after Holm."""

    group: int
    measure: Measure
    here: float
    elsewhere: float
    difference: Interval
    adjusted_p: float
    clear: bool


def audit(
    groups: NDArray[Any], num_groups: int, happened: Bools, flagged: Bools, chance: Floats
) -> tuple[list[GroupRates], list[Difference]]:
    """Rates of each group and its differences from the others. groups: (n,) codes 0 .. num_groups - 1, -1 = not known (left out)."""
    known = groups >= 0
    groups, happened, flagged, chance = groups[known], happened[known], flagged[known], chance[known]
    rates = [_rates(happened[groups == one], flagged[groups == one], chance[groups == one]) for one in range(num_groups)]
    compared = range(num_groups) if num_groups != 2 else range(1)  # of two groups the second says the same again
    found: list[tuple[int, Measure, float, float, Interval, float]] = []
    for group in compared:
        inside = groups == group
        for measure in SHARES:
            here, there = (_count(measure, happened[side], flagged[side]) for side in (inside, ~inside))
            if min(here[1], there[1]) >= MIN_ROWS:
                found.append(
                    (group, measure, here[0] / here[1], there[0] / there[1], difference_interval(*here, *there), _both_tails(*here, *there))
                )
        off = chance - happened
        if min(inside.sum(), (~inside).sum()) >= MIN_ROWS:
            found.append(
                (group, "gap", float(off[inside].mean()), float(off[~inside].mean()), *_mean_difference(off[inside], off[~inside]))
            )
    adjusted = holm([one[-1] for one in found])
    return rates, [
        Difference(group, measure, here, elsewhere, limits, p, p < 1 - INTERVAL_LEVEL and not limits.low <= 0 <= limits.high)
        for (group, measure, here, elsewhere, limits, _), p in zip(found, adjusted, strict=True)
    ]


def _count(measure: Measure, happened: Bools, flagged: Bools) -> tuple[int, int]:
    """(hits, of how many) of one share."""
    hits, base = {
        "happened": (happened, np.ones_like(happened)),
        "flagged": (flagged, np.ones_like(flagged)),
        "missed": (happened & ~flagged, happened),
        "false_alarm": (~happened & flagged, ~happened),
        "right": (happened & flagged, flagged),
    }[measure]
    return int(hits.sum()), int(base.sum())


def _rates(happened: Bools, flagged: Bools, chance: Floats) -> GroupRates:
    rates: dict[Measure, Interval | None] = {}
    for measure in SHARES:
        hits, total = _count(measure, happened, flagged)
        rates[measure] = share_interval(hits, total) if total >= MIN_ROWS else None
    num = len(happened)
    rates["gap"] = None
    if num >= MIN_ROWS:
        share, said = share_interval(int(happened.sum()), num), float(chance.mean())
        rates["gap"] = Interval(said - share.value, said - share.high, said - share.low)
    return GroupRates(num, rates)


def _both_tails(hits: int, total: int, other_hits: int, other_total: int) -> float:
    high = fisher_tail(hits, total, other_hits, other_total)
    low = fisher_tail(total - hits, total, other_total - other_hits, other_total)
    return min(1.0, 2 * min(high, low))


def _mean_difference(here: Floats, elsewhere: Floats) -> tuple[Interval, float]:
    """Difference of two means: (its normal interval, two-sided chance)."""
    difference = float(here.mean() - elsewhere.mean())
    error = math.sqrt(float(here.var(ddof=1)) / len(here) + float(elsewhere.var(ddof=1)) / len(elsewhere))
    normal = NormalDist()
    half = normal.inv_cdf(0.5 + INTERVAL_LEVEL / 2) * error
    chance = 1.0 if error == 0 else 2 * normal.cdf(-abs(difference) / error)
    return Interval(difference, difference - half, difference + half), chance
