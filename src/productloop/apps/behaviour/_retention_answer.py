"""`retention` from events to report: who is new, in which calendar period, and who came back.

"First" means first in all the data. People whose sign-up is older than the first event were there before the data begin: their first
event in it is not their first, so they are left out (where sign-ups are known; where not, a caution says so).
"""

from __future__ import annotations

import numpy as np

from productloop.apps.behaviour import _weeks as weeks_of
from productloop.apps.behaviour import retention_wording as wording
from productloop.apps.behaviour._periods import period_index, period_start, running_period
from productloop.apps.behaviour._reading import Reading, reading
from productloop.apps.behaviour._retention import PeriodEvents, RetentionDefinition, RetentionResult, retention
from productloop.apps.behaviour.retention_types import Cohort, PeriodUnit, RetentionReport, RetentionRequest
from productloop.foundation.errors import UsageError, excerpt
from productloop.foundation.figures import Figure
from productloop.foundation.wording import Say, say
from productloop.learning.intervals import share_interval
from productloop.loop import wording as loop_wording
from productloop.loop.action import Run, is_simulated, require

NUM_PERIODS: dict[PeriodUnit, int] = {"day": 14, "week": 8, "month": 6}
MAX_COHORTS: dict[PeriodUnit, int] = {"day": 30, "week": 26, "month": 24}
FEW_PEOPLE = 30


def answer_retention(run: Run, request: RetentionRequest) -> RetentionReport:
    """The report. Raises UsageError for an event that never happened or a breakdown, MissingData without events."""
    if run.scope.by is not None:
        raise UsageError(wording.NO_BREAKDOWN_HERE, name=excerpt(run.scope.by))
    require(run.store.exists("events"), loop_wording.NOTHING_IMPORTED, tables="events")
    active = run.settings.text("metrics.active") or None
    back_name = request.back or active
    with reading(run) as source:
        run.progress("read", 0, 2)
        source.checked([name for name in (request.start, back_name) if name is not None])
        leave_out, knows_sign_ups = _signed_up_before(run, request, source)
        start = _events(run, request, source, request.start, leave_out)
        back = start if back_name == request.start else _events(run, request, source, back_name, leave_out)
    run.progress("count", 1, 2)
    result = _result(run, request, source, start, back)
    cohorts = _cohorts(run, request, result) if result is not None else ()
    left_out = 0 if result is None else len(leave_out)
    return RetentionReport(
        **run.frame("behaviour.retention", ("events",)),
        cautions=_cautions(run, request, source, result, knows_sign_ups),
        period=request.period,
        first_time=request.cohorts == "first",
        rule=request.rule,
        start=request.start,
        back=back_name,
        start_label=None if request.start is None else source.label(request.start),
        back_label=None if back_name is None else source.label(back_name),
        cohorts=cohorts,
        mean=_mean(run, result) if result is not None else (),
        people=run.figure("people", 0 if result is None else int(result.size.sum()), "people", "behaviour.d.retention_people"),
        left_out=run.figure("left_out", left_out, "people", "behaviour.d.left_out"),
    )


def _weekday(run: Run) -> int:
    return weeks_of.WEEKDAYS[run.settings.text("product.week_start")]


def _signed_up_before(run: Run, request: RetentionRequest, source: Reading) -> tuple[np.ndarray, bool]:
    """(codes of people who did something and signed up before the data begin, sorted; are any sign-ups known?)"""
    nobody = np.empty(0, dtype=np.int64)
    if request.cohorts != "first" or request.start is not None:
        return nobody, True
    known = int(run.store.rows("SELECT count(first_seen) FROM actors")[0][0]) > 0
    if not known:
        return nobody, False
    first = int(period_index(np.array([source.data_begin_us]), run.time_zone, request.period, _weekday(run))[0])
    begin = weeks_of.span_of(first, run.time_zone, request.period, _weekday(run)).start_us
    old = run.store.rows("SELECT actor FROM actors GROUP BY actor HAVING min(first_seen) < ? ORDER BY actor", [begin])
    seen = source.columns("SELECT DISTINCT actor FROM events")["actor"]
    return np.intersect1d(np.array([row[0] for row in old], dtype=np.int64), seen), True


def _events(run: Run, request: RetentionRequest, source: Reading, name: str | None, leave_out: np.ndarray) -> PeriodEvents:
    where, parameters = ("", []) if name is None else ("WHERE name = ?", [name])
    found = source.columns(f"SELECT actor, time FROM events {where}", parameters)
    actor, time = found["actor"], found["time"].astype(np.int64, copy=False)
    if len(leave_out):
        keep = ~np.isin(actor, leave_out)
        actor, time = actor[keep], time[keep]
    return PeriodEvents(actor, period_index(time, run.time_zone, request.period, _weekday(run)))


def _result(run: Run, request: RetentionRequest, source: Reading, start: PeriodEvents, back: PeriodEvents) -> RetentionResult | None:
    """Retention of the newest cohorts in the range; None when nobody started."""
    since, until = source.range_us
    ends = np.array([max(since, source.data_begin_us), min(until - 1, source.data_end_us)], dtype=np.int64)
    if len(start.actor) == 0 or ends[0] > ends[1]:
        return None
    first, last = (int(period) for period in period_index(ends, run.time_zone, request.period, _weekday(run)))
    first = max(first, last - MAX_COHORTS[request.period] + 1)
    num_periods = min(request.num_periods or NUM_PERIODS[request.period], max(1, last - first))
    running = running_period(source.data_end_us, run.time_zone, request.period, _weekday(run))
    definition = RetentionDefinition(first, last - first + 1, num_periods, running, request.cohorts, request.rule)
    result = retention(start, back, definition)
    kept = result.size > 0
    if not kept.any():
        return None
    return RetentionResult(result.cohort[kept], result.num_retained[kept], result.finished[kept])


def _cohorts(run: Run, request: RetentionRequest, result: RetentionResult) -> tuple[Cohort, ...]:
    days = period_start(result.cohort, request.period, _weekday(run)).tolist()
    cohorts = []
    for row, day in enumerate(days):
        size = int(result.size[row])
        shares = []
        for since, (hits, finished) in enumerate(zip(result.num_retained[row].tolist(), result.finished[row].tolist(), strict=True)):
            shares.append(_share(run, f"cohort_{day}_{since}", hits if finished else None, size, "behaviour.d.retained"))
        people = run.figure(f"cohort_{day}", size, "people", "behaviour.d.cohort")
        cohorts.append(Cohort(start=day.isoformat(), people=people, shares=tuple(shares)))
    return tuple(cohorts)


def _mean(run: Run, result: RetentionResult) -> tuple[Figure, ...]:
    retained, size = result.pooled()
    return tuple(
        _share(run, f"mean_{since}", hits if people else None, people, "behaviour.d.retention_mean")
        for since, (hits, people) in enumerate(zip(retained.tolist(), size.tolist(), strict=True))
    )


def _share(run: Run, name: str, hits: int | None, total: int, definition: str) -> Figure:
    if hits is None:
        return run.figure(name, None, "share", definition)
    interval = share_interval(hits, total)
    return run.figure(name, interval.value, "share", definition, n=total, interval=(interval.low, interval.high))


def _cautions(
    run: Run, request: RetentionRequest, source: Reading, result: RetentionResult | None, knows_sign_ups: bool
) -> tuple[Say, ...]:
    found: list[Say] = []
    if result is not None and not knows_sign_ups:
        found.append(say("behaviour.caution.old_people", since=weeks_of.local_day(source.data_begin_us, run.time_zone).isoformat()))
    if result is not None:
        people = int(result.pooled()[1][1])
        if 0 < people < FEW_PEOPLE:
            found.append(say("behaviour.caution.few_retention", people=people, needed=FEW_PEOPLE))
    if is_simulated(run.store):
        found.append(say("behaviour.caution.simulated"))
    return tuple(found)
