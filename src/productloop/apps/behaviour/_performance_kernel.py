"""Crashes and waiting by person and week, and what became of the people who met them. Arrays in, records out.

A row is a person in a week. Who met a crash is compared with people of the same week who did not, were active on as many days (1, 2, 3-4,
5 and more) and did about as much (quarters of the number of events of that week): who does more also meets more. What is compared is
the week after.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from productloop.learning.intervals import Interval
from productloop.learning.stratified import combine_codes, stratified_difference, stratified_ratio

Flags = NDArray[np.bool_]
Integers = NDArray[np.int64]
MIN_PEOPLE = 20
CLEAR_P = 0.05
QUARTERS = (0.25, 0.5, 0.75)


@dataclass(frozen=True, slots=True)
class PersonWeeks:
    """(n,) rows sorted by actor, then week; `events` includes everything but the faults themselves."""

    actor: Integers
    week: Integers
    events: Integers
    days: Integers
    timed: Integers
    faults: Integers
    slow: Integers
    goals: Integers


@dataclass(frozen=True, slots=True)
class Cost:
    """Shares of who met it and of equally active others, with the test."""

    met: tuple[int, int]
    others: tuple[int, int]
    ratio: Interval
    difference: Interval
    p: float
    num_people: int


def person_weeks(actor: Integers, week: Integers, day: Integers, flags: dict[str, Flags]) -> PersonWeeks:
    """Events (n,) of one partition of people, with (n,) flags timed, fault, slow and goal, as person-weeks."""
    if len(actor) == 0:
        nothing = np.empty(0, dtype=np.int64)
        return PersonWeeks(*([nothing] * 8))
    first, width = int(week.min()), int(week.max() - week.min()) + 1
    key, row = np.unique(actor.astype(np.int64) * width + (week - first), return_inverse=True)
    active = ~flags["fault"]
    pairs = np.unique(np.column_stack([row[active], day[active]]), axis=0)

    def count(rows: NDArray[np.int64]) -> Integers:
        return np.bincount(rows, minlength=len(key)).astype(np.int64)

    return PersonWeeks(
        key // width,
        key % width + first,
        count(row[active]),
        count(pairs[:, 0]),
        *(count(row[flags[name]]) for name in ("timed", "fault", "slow", "goal")),
    )


def merge_person_weeks(parts: Sequence[PersonWeeks]) -> PersonWeeks:
    """The rows of disjoint partitions put together, sorted. Raises ValueError without parts."""
    if not parts:
        raise ValueError("nothing to merge")
    fields = [
        np.concatenate(columns)
        for columns in zip(*((p.actor, p.week, p.events, p.days, p.timed, p.faults, p.slow, p.goals) for p in parts), strict=True)
    ]
    order = np.lexsort((fields[1], fields[0]))
    return PersonWeeks(*(field[order] for field in fields))


def cost_of(rows: PersonWeeks, met: Flags, eligible: Flags, outcome: str, last_week: int) -> Cost | None:
    """The week after of rows where `met` (n,) holds against other `eligible` (n,) rows; weeks after `last_week` are not over.

    `outcome`: "retention" = active at all, "conversion" = a goal. None with fewer than MIN_PEOPLE people on a side.
    """
    after_active, after_goal = _after(rows)
    kept = eligible & (rows.events > 0) & (rows.week + 1 <= last_week)
    happened = (after_active if outcome == "retention" else after_goal)[kept]
    flag, actor = met[kept], rows.actor[kept]
    if min(len(np.unique(actor[flag])), len(np.unique(actor[~flag]))) < MIN_PEOPLE:
        return None
    strata = combine_codes(rows.week[kept], np.searchsorted(np.array([1, 2, 4]), rows.days[kept]), _amount(rows, kept))
    pooled = stratified_ratio(flag, happened, strata)
    return Cost(
        (int((flag & happened).sum()), int(flag.sum())),
        (int((~flag & happened).sum()), int((~flag).sum())),
        pooled.ratio,
        stratified_difference(flag, happened, strata),
        pooled.p,
        len(np.unique(actor[flag])),
    )


def _after(rows: PersonWeeks) -> tuple[Flags, Flags]:
    """(n,) whether the person was there, and reached a goal, in the week after."""
    here = np.zeros(len(rows.actor), dtype=np.bool_)
    goal = np.zeros(len(rows.actor), dtype=np.bool_)
    if len(here) > 1:
        follows = (rows.actor[1:] == rows.actor[:-1]) & (rows.week[1:] == rows.week[:-1] + 1)
        here[:-1] = follows & (rows.events[1:] > 0)
        goal[:-1] = follows & (rows.goals[1:] > 0)
    return here, goal


def _amount(rows: PersonWeeks, kept: Flags) -> Integers:
    """(kept,) quarters of the number of events."""
    events = rows.events[kept]
    return np.searchsorted(np.quantile(events, QUARTERS), events).astype(np.int64)
