"""`sessions` from events to report: visits by period and person, their length, their first and last events, and by one column.

Visits are those of `paths` (silence of 30 minutes, or the data's own sessions). The length of a visit runs from its first to its last
event, so a visit of one event has length 0: what people did after their last event is not known. Visits that are open at the end of the
data are left out of lengths and last events; they count as begun.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from productloop.apps.behaviour import paths_wording
from productloop.apps.behaviour._paths import MINUTE_US, share_figure
from productloop.apps.behaviour._paths_kernel import PathsDefinition, VisitEvents, Visits, most_frequent, visit_paths
from productloop.apps.behaviour._periods import period_index, period_start, running_period
from productloop.apps.behaviour._reading import Reading, reading
from productloop.apps.behaviour._visits_reading import Steps, minutes, steps_of, visit_events
from productloop.apps.behaviour._weeks import WEEKDAYS, span_of
from productloop.apps.behaviour.sessions_types import (
    EdgeEvent,
    Label,
    SessionsPart,
    SessionsPeriod,
    SessionsReport,
    SessionsRequest,
    SilenceLine,
)
from productloop.foundation.errors import UsageError
from productloop.foundation.figures import Figure
from productloop.foundation.wording import Say, say
from productloop.learning.intervals import Interval
from productloop.learning.resampling import mean_interval
from productloop.loop import wording as loop_wording
from productloop.loop.action import Run, is_simulated, require

MAX_PERIODS = {"day": 30, "week": 26, "month": 24}
MAX_EVENTS, MAX_PARTS = 8, 8
SILENCES = (5.0, 15.0, 30.0, 60.0, 120.0)
FEW_VISITS = 30
NUM_DRAWS = 400
ONE_EVENT_SHARE = 0.5


def answer_sessions(run: Run, request: SessionsRequest) -> SessionsReport:
    """The report. Raises UsageError for an unknown pattern or column, MissingData without events."""
    require(run.store.exists("events"), loop_wording.NOTHING_IMPORTED, tables="events")
    with reading(run) as source:
        run.progress("read", 0, 2)
        steps = steps_of(source, (), request.ignore)
        if request.own_sessions and not source.rows("SELECT 1 FROM events WHERE session IS NOT NULL LIMIT 1"):
            raise UsageError(paths_wording.NO_SESSIONS)
        split = None if run.scope.by is None else source.split(run.scope.by)
        events, values = visit_events(source, steps, request.own_sessions, split)
        run.progress("count", 1, 2)
        definition = PathsDefinition(round(request.silence_minutes * MINUTE_US), 2, source.range_us, source.data_end_us)
        visits = visit_paths(events, definition)
        first, last, named = _edge_events(run, visits, steps, source)
        return SessionsReport(
            **run.frame("behaviour.sessions", ("events",)),
            cautions=_cautions(run, visits),
            state="ok" if len(visits) else "none",
            period=request.period,
            silence_minutes=request.silence_minutes,
            own_sessions=request.own_sessions,
            total=_part(run, "total", say("behaviour.label.everybody"), visits),
            periods=_periods(run, request, visits, source),
            first=first,
            last=last,
            by=run.scope.by,
            parts=_parts(run, visits, [str(value) for value in values]),
            silences=() if request.own_sessions else _silences(run, events, definition),
            named=named,
        )


def _length(visits: Visits) -> NDArray[np.float64]:
    """(finished visits,) minutes."""
    done = ~visits.is_open
    return np.asarray((visits.end_us - visits.begin_us)[done] / MINUTE_US, dtype=np.float64)


def _quantile(run: Run, name: str, values: NDArray[np.float64], part: float, definition: str, unit: str = "minutes") -> Figure:
    value = round(float(np.quantile(values, part)), 2) if len(values) else None
    return run.figure(name, value, unit, definition, n=len(values))


def _each(run: Run, name: str, visits: Visits) -> Figure:
    """Visits per person with the interval of the mean over people."""
    each = np.unique(visits.actor, return_counts=True)[1].astype(np.float64)
    mean = mean_interval(each, seed=run.seed, num_draws=NUM_DRAWS) if len(each) else Interval(float("nan"), 0.0, 0.0)
    return run.figure(name, round(mean.value, 2), "number", "behaviour.d.visits_each", n=len(each), interval=(mean.low, mean.high))


def _part(run: Run, name: str, value: Label, visits: Visits) -> SessionsPart:
    done = visits.of(~visits.is_open)
    length = _length(visits)
    return SessionsPart(
        value=value,
        visits=run.figure(f"{name}_visits", len(visits), "visits", "behaviour.d.visits_begun"),
        people=run.figure(f"{name}_people", len(np.unique(visits.actor)), "people", "behaviour.d.visit_people"),
        each=_each(run, f"{name}_each", visits),
        median_minutes=_quantile(run, f"{name}_median", length, 0.5, "behaviour.d.visit_length"),
        p90_minutes=_quantile(run, f"{name}_p90", length, 0.9, "behaviour.d.visit_length_p90"),
        median_events=_quantile(run, f"{name}_events", done.num_events.astype(np.float64), 0.5, "behaviour.d.visit_events", "events"),
        single=share_figure(run, f"{name}_single", done.num_events == 1, done.actor, "behaviour.d.visit_single"),
    )


def _periods(run: Run, request: SessionsRequest, visits: Visits, source: Reading) -> tuple[SessionsPeriod, ...]:
    """The newest periods of the range, whole ones with numbers, those that are cut off or running without."""
    if not len(visits):
        return ()
    weekday = WEEKDAYS[run.settings.text("product.week_start")]
    period = period_index(visits.begin_us, run.time_zone, request.period, weekday)
    begin_us = max(source.range_us[0], source.data_begin_us)
    end_us = min(source.range_us[1], source.data_end_us + 1)
    ends = np.array([begin_us, end_us - 1], dtype=np.int64)
    first, last = (int(entry) for entry in period_index(ends, run.time_zone, request.period, weekday))
    running = running_period(source.data_end_us, run.time_zone, request.period, weekday)
    rows = []
    for number in range(max(first, last - MAX_PERIODS[request.period] + 1), last + 1):
        span = span_of(number, run.time_zone, request.period, weekday)
        # The day on which the data begin is whole: nobody knows at what hour recording started, and it is the first one only.
        is_whole = number < running and span.end_us <= end_us and span.start_us >= begin_us - 86_400_000_000
        its = visits.of(period == number)
        length = _length(its)
        day = period_start(np.array([number]), request.period, weekday).tolist()[0].isoformat()
        people = len(np.unique(its.actor))
        known = {"visits": len(its), "people": people, "each": round(len(its) / people, 2) if people else None}
        shown = known if is_whole else dict.fromkeys(known)
        median = float(np.median(length)) if is_whole and len(length) else None
        rows.append(
            SessionsPeriod(
                start=day,
                visits=run.figure(f"{day}_visits", shown["visits"], "visits", "behaviour.d.visits_begun"),
                people=run.figure(f"{day}_people", shown["people"], "people", "behaviour.d.visit_people"),
                each=run.figure(f"{day}_each", shown["each"], "number", "behaviour.d.visits_each"),
                median_minutes=run.figure(
                    f"{day}_median", None if median is None else round(median, 2), "minutes", "behaviour.d.visit_length"
                ),
            )
        )
    return tuple(rows)


def _edge_events(
    run: Run, visits: Visits, steps: Steps, source: Reading
) -> tuple[tuple[EdgeEvent, ...], tuple[EdgeEvent, ...], tuple[tuple[str, Label], ...]]:
    """What visits begin with, what finished ones end with, and the names that were used."""
    used: dict[str, Label] = {}
    lines: dict[str, tuple[EdgeEvent, ...]] = {}
    done = visits.of(~visits.is_open)
    for side, codes, actor in (("first", visits.first, visits.actor), ("last", done.last, done.actor)):
        found, _, people = most_frequent(codes, actor)
        rows = []
        for place, code in enumerate(found[:MAX_EVENTS].tolist()):
            label = used.setdefault(steps.names[code], steps.label(code, source))
            name = f"{side}_{place}"
            rows.append(
                EdgeEvent(
                    label=label,
                    share=share_figure(run, name, codes == code, actor, f"behaviour.d.visit_{side}"),
                    people=run.figure(f"{name}_people", int(people[place]), "people", "behaviour.d.visit_people"),
                )
            )
        lines[side] = tuple(rows)
    return lines["first"], lines["last"], tuple(used.items())


def _parts(run: Run, visits: Visits, values: Sequence[str]) -> tuple[SessionsPart, ...]:
    """By the value of the column at the first event of a visit: the largest ones, and visits without a value."""
    if run.scope.by is None:
        return ()
    codes, _, _ = most_frequent(visits.value, visits.actor)
    shown = [int(code) for code in codes if code >= 0][:MAX_PARTS]
    parts = [_part(run, f"part_{place}", values[code], visits.of(visits.value == code)) for place, code in enumerate(shown)]
    if np.any(visits.value < 0):
        parts.append(_part(run, "part_unknown", say("behaviour.label.unknown"), visits.of(visits.value < 0)))
    return tuple(parts)


def _silences(run: Run, events: VisitEvents, definition: PathsDefinition) -> tuple[SilenceLine, ...]:
    """How much hangs on the silence: the same numbers with others."""
    lines = []
    for silence in SILENCES:
        visits = visit_paths(events, replace(definition, silence_us=round(silence * MINUTE_US)))
        length = _length(visits)
        median = minutes(float(np.median(length)) * MINUTE_US) if len(length) else None
        lines.append(
            SilenceLine(
                minutes=silence,
                visits=run.figure(f"silence_{silence:g}_visits", len(visits), "visits", "behaviour.d.visits_begun"),
                median_minutes=run.figure(f"silence_{silence:g}_median", median, "minutes", "behaviour.d.visit_length"),
            )
        )
    return tuple(lines)


def _cautions(run: Run, visits: Visits) -> tuple[Say, ...]:
    found: list[Say] = []
    if 0 < len(visits) < FEW_VISITS:
        found.append(say("behaviour.caution.few_visits", visits=len(visits), needed=FEW_VISITS))
    single = int(np.count_nonzero(visits.num_events == 1))
    if single > ONE_EVENT_SHARE * len(visits) > 0:
        found.append(say("behaviour.caution.short_visits", visits=single, of=len(visits)))
    num_open = int(np.count_nonzero(visits.is_open))
    if num_open:
        found.append(say("behaviour.caution.open_sessions", visits=num_open))
    if is_simulated(run.store):
        found.append(say("behaviour.caution.simulated"))
    return tuple(found)
