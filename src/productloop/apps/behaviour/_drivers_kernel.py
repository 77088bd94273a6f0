"""Early behaviour as flags, and which of them go with an outcome. Arrays in, records out.

An association is measured among people who were active on as many of their first days (1, 2, 3-4, 5 and more): whoever comes more often does
more of everything. Ratio and difference are Mantel and Haenszel's (see `learning.stratified`); p is adjusted for all comparisons (Holm).

The rule "did X at least k times within d days" is chosen on a random half of the people by the correlation of the two flags (phi), and measured
on the other half, so that its numbers are not those of the best of many.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from productloop.learning.comparisons import holm
from productloop.learning.intervals import Interval
from productloop.learning.stratified import stratified_difference, stratified_ratio

Flags = NDArray[np.bool_]
Integers = NDArray[np.int64]

MIN_PEOPLE = 20
"""With the behaviour and without it."""
MIN_EXPECTED = 5.0
CLEAR_P = 0.05
RULE_TIMES = (1, 2, 3, 5, 10)
RULE_DAYS = (1, 3, 7)


@dataclass(frozen=True, slots=True)
class Early:
    """What (n,) people, sorted by code, did in their first days: times (n, events, days) by event and day."""

    actor: Integers
    times: NDArray[np.int64]

    def within(self, event: int, days: int) -> Integers:
        """(n,) how often each person did an event in the first `days` days."""
        return np.asarray(self.times[:, event, :days].sum(axis=1))

    @property
    def days_active(self) -> Integers:
        """(n,) days with anything."""
        return np.asarray((self.times.sum(axis=1) > 0).sum(axis=1), dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Association:
    """One flag beside the outcome."""

    with_it: tuple[int, int]
    """(happened, people)."""
    without: tuple[int, int]
    ratio: Interval
    difference: Interval
    p: float


def count_early(actor: Integers, event: Integers, day: Integers, times: Integers, shape: tuple[int, int]) -> Early:
    """Rows (person, event, day since the first, how often) of one partition of people -> their table; shape = (events, days)."""
    people, row = np.unique(actor, return_inverse=True)
    table = np.zeros((len(people), *shape), dtype=np.int64)
    inside = (day >= 0) & (day < shape[1]) & (event >= 0) & (event < shape[0])
    np.add.at(table, (row[inside], event[inside], day[inside]), times[inside])
    return Early(people.astype(np.int64), table)


def merge_early(parts: Sequence[Early]) -> Early:
    """The tables of disjoint partitions put together, people sorted. Raises ValueError without parts."""
    if not parts:
        raise ValueError("nothing to merge")
    actor = np.concatenate([part.actor for part in parts])
    order = np.argsort(actor, kind="stable")
    return Early(actor[order], np.concatenate([part.times for part in parts])[order])


def activity_strata(days_active: Integers) -> Integers:
    """(n,) codes: active on 1, 2, 3-4, 5 and more of the first days."""
    return np.searchsorted(np.array([1, 2, 4]), days_active).astype(np.int64)


def associate(flags: Sequence[Flags], happened: Flags, strata: Sequence[Integers]) -> list[Association | None]:
    """Each flag (n,) beside the outcome (n,), within its strata (n,); None where there are too few people. p is adjusted for all that were made."""
    found: list[Association | None] = []
    share = float(happened.mean()) if len(happened) else 0.0
    for flag, codes in zip(flags, strata, strict=True):
        with_it, without = int(flag.sum()), int((~flag).sum())
        if min(with_it, without) < MIN_PEOPLE or min(with_it, without) * min(share, 1 - share) < MIN_EXPECTED:
            found.append(None)
            continue
        pooled = stratified_ratio(flag, happened, codes)
        difference = stratified_difference(flag, happened, codes)
        hits = int((flag & happened).sum())
        found.append(Association((hits, with_it), (int(happened.sum()) - hits, without), pooled.ratio, difference, pooled.p))
    adjusted = iter(holm([one.p for one in found if one is not None]))
    return [None if one is None else Association(one.with_it, one.without, one.ratio, one.difference, next(adjusted)) for one in found]


def phi(flag: Flags, happened: Flags) -> float:
    """Correlation of two flags; 0 where one of them does not vary."""
    spread = float(flag.std() * happened.std())
    return 0.0 if spread == 0 else float((flag & happened).mean() - flag.mean() * happened.mean()) / spread


def best_rule(early: Early, happened: Flags, half: Flags, days: int) -> tuple[int, int, int] | None:
    """(event, times, days) of the flag that goes best with the outcome among the people of `half` (n,); None where none can be judged."""
    best, chosen = 0.0, None
    for event in range(early.times.shape[1]):
        for within in sorted({min(one, days) for one in RULE_DAYS}):
            done = early.within(event, within)[half]
            for times in RULE_TIMES:
                flag = done >= times
                if min(int(flag.sum()), int((~flag).sum())) < MIN_PEOPLE:
                    continue
                strength = phi(flag, happened[half])
                if strength > best + 1e-12:
                    best, chosen = strength, (event, times, within)
    return chosen
