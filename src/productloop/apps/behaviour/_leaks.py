"""Leaking segments: is there a step at which people of one kind stop more often than everybody else, and since when?

Sources and numbers
- Test: two proportions, normal approximation with Yates' (1934) continuity correction, which keeps small counts on the safe side.
  Every (step, column, value) that is looked at counts as a comparison; p values are multiplied by their number (Bonferroni).
- A leak is claimed at an adjusted p < MAX_P, a difference of MIN_DIFFERENCE and MIN_PEOPLE on both sides. With 20 workspaces in which
  nothing is wrong, that makes .04 false claims in all.
- At most one leak per step, the one with the smallest p: a version and a platform may show the same leak.
- Since when: the split of the weeks in which the two shares explain the counts best (binomial likelihood ratio of one change). The
  largest of some 25 dependent ratios exceeds MIN_RATIO in about 1 of 100 steady series; below it no date is named.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from productloop.apps.behaviour._funnel import FunnelResult

MAX_P = 0.002
MIN_DIFFERENCE = 0.10
MIN_PEOPLE = 30
MAX_VALUES = 12
MIN_RATIO = 12.0
MIN_PEOPLE_AROUND_CHANGE = 20

Counts = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class FoundLeak:
    """People with `column` = `value` stop more often between two steps (from 1). `members` are actor codes, sorted."""

    step: int
    to_step: int
    column: str
    value: str
    p_adjusted: float
    members: NDArray[np.int64]
    others: NDArray[np.int64]


def find_leaks(result: FunnelResult, actor: NDArray[np.int64], values: Mapping[str, NDArray[Any]]) -> tuple[list[FoundLeak], int]:
    """(leaks, by step; number of comparisons). `actor` (m,) sorted with `values` (m,) by column, None = not known."""
    found: dict[int, tuple[float, FoundLeak]] = {}
    num_comparisons = 0
    for column, given in values.items():
        value = aligned(result, actor, given)
        known = np.array([entry is not None for entry in value], dtype=np.bool_)
        names, codes = np.unique(value[known].astype(str), return_inverse=True) if known.any() else (np.empty(0), np.empty(0))
        if not 2 <= len(names) <= MAX_VALUES:
            continue
        furthest = result.furthest[known]
        people = result.actor[known]
        for step in (step for step in range(1, result.num_steps) if not result.optional >> (step - 1) & 1):
            to_step = result.following(step)
            reached, went_on = furthest >= step, furthest >= to_step
            total = np.bincount(codes[reached], minlength=len(names))
            passed = np.bincount(codes[went_on], minlength=len(names))
            for code, name in enumerate(names.tolist()):
                here, elsewhere = (int(passed[code]), int(total[code])), (int(passed.sum() - passed[code]), int(total.sum() - total[code]))
                if min(here[1], elsewhere[1]) < MIN_PEOPLE:
                    continue
                num_comparisons += 1
                p = two_shares_p(here, elsewhere)
                lower = elsewhere[0] / elsewhere[1] - here[0] / here[1] >= MIN_DIFFERENCE
                if lower and (step not in found or p < found[step][0]):
                    found[step] = (p, FoundLeak(step, to_step, column, name, p, people[codes == code], people[codes != code]))
    leaks = [
        FoundLeak(leak.step, leak.to_step, leak.column, leak.value, min(1.0, p * num_comparisons), leak.members, leak.others)
        for _, (p, leak) in sorted(found.items())
        if p * num_comparisons < MAX_P
    ]
    return leaks, num_comparisons


def aligned(result: FunnelResult, actor: NDArray[np.int64], value: NDArray[Any]) -> NDArray[Any]:
    """The value of each actor of the result, None where it has none."""
    if len(actor) == 0:
        return np.full(len(result), None, dtype=object)
    place = np.minimum(np.searchsorted(actor, result.actor), len(actor) - 1)
    chosen = value[place].astype(object)
    chosen[actor[place] != result.actor] = None
    return chosen


def two_shares_p(here: tuple[int, int], elsewhere: tuple[int, int]) -> float:
    """Two-sided p of equal shares from two (hits, total), totals positive."""
    (a, n), (b, m) = here, elsewhere
    pooled = (a + b) / (n + m)
    if pooled in (0.0, 1.0):
        return 1.0
    correction = 0.5 * (1 / n + 1 / m)
    z = max(0.0, abs(a / n - b / m) - correction) / math.sqrt(pooled * (1 - pooled) * (1 / n + 1 / m))
    return math.erfc(z / math.sqrt(2))


def drop_week(passed: Counts, total: Counts) -> int | None:
    """The week (place in the arrays) from which the share passed / total is lower than before; None = no clear change downwards."""
    best, place = MIN_RATIO, None
    for split in range(1, len(total)):
        before = (int(passed[:split].sum()), int(total[:split].sum()))
        after = (int(passed[split:].sum()), int(total[split:].sum()))
        if min(before[1], after[1]) < MIN_PEOPLE_AROUND_CHANGE:
            continue
        both = (before[0] + after[0], before[1] + after[1])
        ratio = 2 * (_log_likelihood(before) + _log_likelihood(after) - _log_likelihood(both))
        if ratio > best and after[0] / after[1] < before[0] / before[1]:
            best, place = ratio, split
    return place


def _log_likelihood(counted: tuple[int, int]) -> float:
    hits, total = counted
    misses = total - hits
    return (hits * math.log(hits / total) if hits else 0.0) + (misses * math.log(misses / total) if misses else 0.0)
