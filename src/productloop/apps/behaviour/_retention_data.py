"""What a retention request needs of the store, and its cells for all people or for some of them.

People who are there or not come from the kept days; where events must be counted, added up or timed, the events themselves are read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from productloop.apps.behaviour import _weeks as weeks_of
from productloop.apps.behaviour._activity import activity, day_edges
from productloop.apps.behaviour._bitmap import DayBitmap
from productloop.apps.behaviour._periods import PeriodUnit, period_index, running_period
from productloop.apps.behaviour._reading import Reading
from productloop.apps.behaviour._retention import RetentionDefinition, RetentionResult, retention, retention_of_days
from productloop.apps.behaviour._rolling import LENGTH_US, TimedEvents, rolling_retention
from productloop.apps.behaviour.retention_types import RetentionRequest
from productloop.loop.action import Run
from productloop.loop.scope import Scope

Actors = NDArray[np.int64]
NUM_PERIODS: dict[PeriodUnit, int] = {"day": 14, "week": 8, "month": 6}
MAX_COHORTS: dict[PeriodUnit, int] = {"day": 30, "week": 26, "month": 24}


@dataclass(frozen=True, slots=True)
class Days:
    """Start and return days, without the people who are nobody's new people."""

    start: DayBitmap
    back: DayBitmap


@dataclass(frozen=True, slots=True)
class Events:
    """Start and return events, without the people who are nobody's new people."""

    start: TimedEvents
    back: TimedEvents


def weekday_of(run: Run) -> int:
    """The number of the weekday on which weeks begin."""
    return weeks_of.WEEKDAYS[run.settings.text("product.week_start")]


def definition_of(run: Run, request: RetentionRequest, source: Reading) -> RetentionDefinition | None:
    """The newest cohorts of the range; None for an empty range."""
    since, until = source.range_us
    ends = np.array([max(since, source.data_begin_us), min(until - 1, source.data_end_us)], dtype=np.int64)
    if ends[0] > ends[1]:
        return None
    weekday = weekday_of(run)
    first, last = (int(period) for period in period_index(ends, run.time_zone, request.period, weekday))
    first = max(first, last - MAX_COHORTS[request.period] + 1)
    num_periods = min(request.num_periods or NUM_PERIODS[request.period], max(1, last - first))
    brackets = _brackets(request.brackets, max(1, last - first))
    return RetentionDefinition(
        first_cohort=first,
        num_cohorts=last - first + 1,
        num_periods=sum(brackets) if brackets else num_periods,
        running_period=running_period(source.data_end_us, run.time_zone, request.period, weekday),
        cohorts="recurring" if request.cohorts == "recurring" else "first",
        rule=request.rule,
        min_occurrences=request.min_occurrences,
        brackets=brackets,
    )


def _brackets(wanted: Sequence[int], longest: int) -> tuple[int, ...]:
    """The brackets that begin within the data; one that ends after them stays and is in progress."""
    kept: list[int] = []
    for length in wanted:
        if not kept or sum(kept) < longest:
            kept.append(length)
    return tuple(kept)


def read(run: Run, request: RetentionRequest, source: Reading, back: str | None, barred: Actors) -> Days | Events:
    """Days where people are there or not by the calendar, else events."""
    if request.clock == "calendar" and request.measure == "people" and request.min_occurrences == 1:
        start_days = activity(run, source, [] if request.start is None else [request.start])
        if len(barred):
            start_days = start_days.of(np.setdiff1d(start_days.actor, barred))
        return Days(start_days, start_days if back == request.start else activity(run, source, [] if back is None else [back]))
    value = None if request.measure == "people" else source.split(request.column).sql
    start = _events(run, request, source, request.start, None)
    keep = ~np.isin(start.actor, barred)
    kept = TimedEvents(start.actor[keep], start.time[keep], start.period[keep])
    return Events(kept, start if back == request.start and value is None else _events(run, request, source, back, value))


def _events(run: Run, request: RetentionRequest, source: Reading, name: str | None, value: str | None) -> TimedEvents:
    where, parameters = ("", []) if name is None else ("WHERE name = ?", [name])
    wanted = "" if value is None else f", TRY_CAST({value} AS DOUBLE) AS amount"
    found = source.columns(f"SELECT actor, time{wanted} FROM events {where}", parameters)
    time_us = found["time"].astype(np.int64, copy=False)
    period = period_index(time_us, run.time_zone, request.period, weekday_of(run))
    return TimedEvents(found["actor"], time_us, period, None if value is None else found["amount"].astype(np.float64))


def cells(
    run: Run, request: RetentionRequest, source: Reading, data: Days | Events, definition: RetentionDefinition, some: Actors | None = None
) -> RetentionResult:
    """The cells of everybody, or of the people `some` (ascending codes)."""
    num = definition.num_cohorts + definition.num_periods
    edges = day_edges(definition.first_cohort, num, request.period, weekday_of(run))
    if isinstance(data, Days):
        start = data.start if some is None else data.start.of(np.intersect1d(data.start.actor, some))
        return retention_of_days(start, start if data.back is data.start else data.back, edges, definition)
    begun = data.start if some is None else _of_some(data.start, some)
    if request.clock == "calendar":
        return retention(begun.by_period, data.back.by_period, definition)
    spans = range(definition.first_cohort, definition.first_cohort + definition.num_cohorts)
    ends = [weeks_of.span_of(period, run.time_zone, request.period, weekday_of(run)).end_us for period in spans]
    return rolling_retention(begun, data.back, definition, LENGTH_US[request.period], ends, source.data_end_us + 1)


def _of_some(events: TimedEvents, some: Actors) -> TimedEvents:
    inside = np.isin(events.actor, some)
    return TimedEvents(events.actor[inside], events.time[inside], events.period[inside])


def signed_up_before(run: Run, request: RetentionRequest, source: Reading) -> tuple[Actors, bool]:
    """(codes of people who did something and signed up before the data begin, sorted; are any sign-ups known?)"""
    nobody = np.empty(0, dtype=np.int64)
    if request.cohorts == "recurring" or request.start is not None:
        return nobody, True
    known = int(run.store.rows("SELECT count(first_seen) FROM actors")[0][0]) > 0
    if not known:
        return nobody, False
    first = int(period_index(np.array([source.data_begin_us]), run.time_zone, request.period, weekday_of(run))[0])
    begin = weeks_of.span_of(first, run.time_zone, request.period, weekday_of(run)).start_us
    old = run.store.rows("SELECT actor FROM actors GROUP BY actor HAVING min(first_seen) < ? ORDER BY actor", [begin])
    seen = activity(run, source).actor
    return np.intersect1d(np.array([row[0] for row in old], dtype=np.int64), seen), True


def started_otherwise(run: Run, request: RetentionRequest, source: Reading) -> Actors:
    """Codes of people whose first start that meets the conditions is not their first start of all: in no cohort of "first_ever"."""
    if request.cohorts != "first_ever" or not run.scope.where:
        return np.empty(0, dtype=np.int64)
    where, parameters = ("", []) if request.start is None else ("WHERE name = ?", [request.start])
    query = f"SELECT actor, min(time) AS first FROM events {where} GROUP BY actor ORDER BY actor"
    with_conditions = source.columns(query, parameters)
    whole = run.store.narrowed(Scope(), run.time_zone, run.as_of)
    try:
        of_all = whole.columns(query, parameters)
    finally:
        whole.close()
    place = np.searchsorted(of_all["actor"], with_conditions["actor"])
    later = with_conditions["first"] != of_all["first"][place]
    return np.asarray(with_conditions["actor"][later], dtype=np.int64)
