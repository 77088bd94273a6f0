"""Rolling retention: everybody's own clock, k = floor((t - t0) / p) since their own start, instead of the calendar's days.

Who starts at 23:45 and is back at 00:01 came back on day 1 of the calendar, but not on their own day 1, which begins 24 hours after
t0. Cohorts are still the calendar periods in which people started, so that they can be compared over time: t0 is an actor's first start
("first"), or its first start in that period ("recurring"). p is 24 hours, 7 days or 30 days.

Each return gets the period "cohort + k"; the rest is the calendar kernel. A cell is finished when the period is over even for whoever
started at the last instant of the cohort.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from productloop.apps.behaviour._retention import FAR, Floats, Integers, PeriodEvents, RetentionDefinition, RetentionResult, retention

DAY_US = 86_400_000_000
LENGTH_US = {"day": DAY_US, "week": 7 * DAY_US, "month": 30 * DAY_US}


@dataclass(frozen=True, slots=True)
class TimedEvents:
    """Events of one kind in any order: actor code (n,), instant (n,) in microseconds, calendar period (n,), value (n,) if asked for."""

    actor: Integers
    time: NDArray[np.int64]
    period: NDArray[np.int64]
    value: Floats | None = None

    @property
    def by_period(self) -> PeriodEvents:
        """The same without instants."""
        return PeriodEvents(self.actor, self.period, self.value)


def rolling_retention(
    start: TimedEvents, back: TimedEvents, definition: RetentionDefinition, length_us: int, cohort_ends_us: Sequence[int], end_us: int
) -> RetentionResult:
    """Cells as in `retention`, by everybody's own clock of `length_us`.

    `cohort_ends_us` (C,): the first instant after each cohort's period. `end_us`: the first instant after the data.
    """
    first = definition.first_cohort
    if definition.cohorts == "first":
        found = retention(*_by_own_clock(start, back, length_us), definition)
    else:
        alone = [
            retention(
                *_by_own_clock(_in_period(start, first + place), back, length_us),
                replace(definition, first_cohort=first + place, num_cohorts=1),
            )
            for place in range(definition.num_cohorts)
        ]
        sums = [
            None if any(part is None for part in parts) else np.concatenate([part for part in parts if part is not None])
            for parts in ([one.total for one in alone], [one.num_values for one in alone])
        ]
        cohort = np.concatenate([one.cohort for one in alone])
        found = RetentionResult(cohort, np.concatenate([one.num_retained for one in alone]), np.empty(0, dtype=np.bool_), *sums)
    over = np.array([0, *(last + 1 for _, last in definition.spans)], dtype=np.int64) * length_us
    return replace(found, finished=np.asarray(cohort_ends_us, dtype=np.int64)[:, None] + over <= end_us)


def _in_period(events: TimedEvents, period: int) -> TimedEvents:
    here = events.period == period
    return TimedEvents(events.actor[here], events.time[here], events.period[here])


def _by_own_clock(start: TimedEvents, back: TimedEvents, length_us: int) -> tuple[PeriodEvents, PeriodEvents]:
    """(first start of each actor, returns with the period "cohort + k"); what lies before one's own start is long before any cohort."""
    order = np.lexsort((start.time, start.actor))
    actor, first = np.unique(start.actor[order], return_index=True)
    begun, cohort = start.time[order][first], start.period[order][first]
    if not len(actor):
        nobody = np.empty(0, dtype=np.int64)
        return PeriodEvents(nobody, nobody), PeriodEvents(nobody, nobody, None if back.value is None else nobody.astype(np.float64))
    place = np.minimum(np.searchsorted(actor, back.actor), len(actor) - 1)
    since = back.time - begun[place]
    counts = (actor[place] == back.actor) & (since >= 0)
    period = np.where(counts, cohort[place] + since // length_us, -FAR)
    return PeriodEvents(actor, cohort), PeriodEvents(back.actor, period, back.value)
