"""`lifecycle` from kept days to report: who is new, who stays, who comes back, who falls silent.

"Born" is the first event of a person in the whole store, of any kind and without conditions. In the first period of the data everybody
would be new, so it is never shown; people whose sign-up is known to be older than the data are never new.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from productloop.apps.behaviour import _weeks as weeks_of
from productloop.apps.behaviour._activity import activity, day_edges
from productloop.apps.behaviour._lifecycle import LifecycleResult, LifecycleState, lifecycle
from productloop.apps.behaviour._lifecycle_change import net_change
from productloop.apps.behaviour._lifecycle_split import Counted, split_lifecycle
from productloop.apps.behaviour._periods import PeriodUnit, period_index, period_start, running_period
from productloop.apps.behaviour._person_split import read_split
from productloop.apps.behaviour._reading import Reading, reading
from productloop.apps.behaviour.lifecycle_types import LifecyclePeriod, LifecycleReport, LifecycleRequest
from productloop.foundation.wording import Say, say
from productloop.loop import wording as loop_wording
from productloop.loop.action import Run, is_simulated, require

NUM_PERIODS: dict[PeriodUnit, int] = {"day": 30, "week": 16, "month": 12}
BALANCE_PERIODS: dict[PeriodUnit, int] = {"day": 7, "week": 4, "month": 4}
"""Periods behind the balance; of days a whole week, so that the same weekdays are compared."""


def answer_lifecycle(run: Run, request: LifecycleRequest) -> LifecycleReport:
    """The report. Raises UsageError for an event that never happened or a breakdown that is not there, MissingData without events."""
    require(run.store.exists("events"), loop_wording.NOTHING_IMPORTED, tables="events")
    event = request.event or run.settings.text("metrics.active") or None
    weekday = weeks_of.WEEKDAYS[run.settings.text("product.week_start")]
    with reading(run) as source:
        source.checked([] if event is None else [event])
        counted, known = _count(run, request, source, event, weekday)
        split = None if run.scope.by is None else read_split(run, source, run.scope.by)
        label = None if event is None else source.label(event)
        begin = weeks_of.local_day(source.data_begin_us, run.time_zone).isoformat()
    periods = () if counted is None else _periods(run, request, counted.result, weekday)
    over = [place for place, period in enumerate(periods) if period.over]
    recent = [periods[place] for place in over[-BALANCE_PERIODS[request.period] :]]
    came = sum(int(period.new.value or 0) + int(period.resurrecting.value or 0) for period in recent)
    went = sum(int(period.dormant.value or 0) for period in recent)
    net = None if counted is None or not recent else net_change(counted.days, counted.edges, counted.result, over[-len(recent)], over[-1])
    return LifecycleReport(
        **run.frame("behaviour.lifecycle", ("events",)),
        cautions=_cautions(run, known, bool(periods), begin),
        period=request.period,
        event=event,
        event_label=label,
        periods=periods,
        last=over[-1] if over else None,
        balance=run.figure("balance", came / went if went else None, "ratio", "behaviour.d.lifecycle_balance"),
        net=run.figure(
            "net",
            None if net is None else int(net.value),
            "people",
            "behaviour.d.lifecycle_net",
            interval=None if net is None else (net.low, net.high),
        ),
        judged="same" if net is None or net.low <= 0 <= net.high else "more" if net.low > 0 else "less",
        num_counted=len(recent),
        came=run.figure("came", came, "people", "behaviour.d.lifecycle_came"),
        went=run.figure("went", went, "people", "behaviour.d.lifecycle_went"),
        known_before=run.figure("known_before", known or 0, "people", "behaviour.d.lifecycle_before"),
        **({} if split is None else split_lifecycle(run, counted, split, over[-1] if over else None)),
    )


def _count(run: Run, request: LifecycleRequest, source: Reading, event: str | None, weekday: int) -> tuple[Counted | None, int | None]:
    """(people by state of the newest periods with what they were counted from, people known to be older than the data or None where no sign-up is known)."""
    unit = request.period
    since, until = source.range_us
    ends = np.array([source.data_begin_us, max(since, source.data_begin_us), min(until - 1, source.data_end_us)], dtype=np.int64)
    begin, first, last = (int(period) for period in period_index(ends, run.time_zone, unit, weekday))
    first = max(first, begin + 1, last - (request.num_periods or NUM_PERIODS[unit]) + 1)
    if not source.names or last < first:
        return None, 0
    days = activity(run, source, [] if event is None else [event])
    born = activity(run, source, filtered=False).of(days.actor).first()
    older, known = _older(run, days.actor, source.data_begin_us)
    born[older] = np.minimum(born[older], days.first_day) - 1
    edges = day_edges(first - 1, last - first + 2, unit, weekday)
    running = running_period(source.data_end_us, run.time_zone, unit, weekday)
    return Counted(days, born, edges, lifecycle(days, born, edges, first, running)), int(older.sum()) if known else None


def _older(run: Run, actors: NDArray[np.int64], data_begin_us: int) -> tuple[NDArray[np.bool_], bool]:
    """(which of the actors signed up before the data begin, is any sign-up known?)"""
    known = int(run.store.rows("SELECT count(first_seen) FROM actors")[0][0]) > 0
    found = run.store.rows("SELECT actor FROM actors GROUP BY actor HAVING min(first_seen) < ?", [data_begin_us])
    return np.isin(actors, np.array([row[0] for row in found], dtype=np.int64)), known


def _periods(run: Run, request: LifecycleRequest, found: LifecycleResult, weekday: int) -> tuple[LifecyclePeriod, ...]:
    num = found.num_actors.shape[1]
    starts = period_start(found.first_period + np.arange(num), request.period, weekday).tolist()
    active = found.num_active.tolist()
    shown = []
    for place, start in enumerate(starts):
        over = found.first_period + place < found.running_period
        figures = {
            state.name.lower(): run.figure(
                f"{start}_{state.name.lower()}",
                int(found.num_actors[state, place]) if over or state != LifecycleState.DORMANT else None,
                "people",
                f"behaviour.d.lifecycle_{state.name.lower()}",
            )
            for state in LifecycleState
        }
        people = run.figure(f"{start}_active", active[place], "people", "behaviour.d.lifecycle_active")
        shown.append(LifecyclePeriod(start=start.isoformat(), over=over, active=people, **figures))
    return tuple(shown)


def _cautions(run: Run, known: int | None, any_period: bool, begin: str) -> tuple[Say, ...]:
    said: list[Say] = []
    if known is None and any_period:
        said.append(say("behaviour.caution.lifecycle_old", since=begin))
    if is_simulated(run.store):
        said.append(say("behaviour.caution.simulated"))
    return tuple(said)
