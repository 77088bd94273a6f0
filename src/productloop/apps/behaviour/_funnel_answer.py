"""`funnel` from events to report.

Two readings of the same events
- everybody who entered in the range, up to the end of the data: people per step, dropped, in progress;
- who entered early enough for the whole window to be over: every share, time, week and leak. Shares over everybody would count fast
  people of the last days and not yet the slow ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from productloop.apps.behaviour import _weeks as weeks_of
from productloop.apps.behaviour._funnel import FunnelResult, StepEvents, funnel, time_to_convert
from productloop.apps.behaviour._funnel_kernels import FunnelDefinition
from productloop.apps.behaviour._guess import guess_steps
from productloop.apps.behaviour._leaks import FoundLeak, aligned, drop_week, find_leaks
from productloop.apps.behaviour._reading import Reading, reading
from productloop.apps.behaviour.types import FunnelPart, FunnelReport, FunnelRequest, FunnelStep, Leak
from productloop.foundation.figures import Figure
from productloop.foundation.wording import Say, say
from productloop.learning.intervals import difference_interval, share_interval
from productloop.loop.action import Finding, Run, is_simulated

DAY_US = 86_400_000_000
MAX_WEEKS = 52
MAX_PARTS = 12
TIES_SHARE = 0.01
OPEN_SHARE = 0.2
FEW_PEOPLE = 30
UNITS: tuple[tuple[Literal["seconds", "minutes", "hours", "days"], float, float], ...] = (
    ("seconds", 1e6, 120e6),
    ("minutes", 60e6, 7_200e6),
    ("hours", 3_600e6, 72 * 3_600e6),
    ("days", DAY_US, float("inf")),
)
"""(unit, its microseconds, used up to this median)."""


@dataclass(frozen=True, slots=True)
class _Counted:
    """What was counted: the steps, everybody so far, and who had the whole window."""

    steps: tuple[str, ...]
    events: StepEvents
    definition: FunnelDefinition
    closed_definition: FunnelDefinition
    everybody: FunnelResult
    settled: FunnelResult
    weeks: tuple[weeks_of.Span, ...]
    by_week: tuple[FunnelResult, ...]


def answer_funnel(run: Run, request: FunnelRequest) -> FunnelReport:
    """The report. Raises UsageError for an event or a breakdown that does not exist."""
    with reading(run) as source:
        run.progress("read", 0, 3)
        steps, steps_from = _steps(run, request, source)
        split = source.split(run.scope.by) if run.scope.by is not None else None
        window_days = request.window_days or float(run.settings.number("behaviour.window_days"))
        events = source.step_events(steps or ("",), request.order == "strict" and len(steps) > 0)
        run.progress("count", 1, 3)
        counted = _count(run, request, source, steps or ("",), events, window_days)
        run.progress("split", 2, 3)
        entries = steps if request.order == "unordered" else steps[:1]
        splits = (split,) if split is not None else source.splits()
        actor, values = source.entry_values(entries, splits) if steps else (np.empty(0, dtype=np.int64), {})
    found, num_comparisons = find_leaks(counted.settled, actor, values) if split is None and request.order != "unordered" else ([], 0)
    leaks = tuple(_leak(run, counted, leak, source) for leak in found)
    parts, num_values = _parts(run, counted, actor, values[split.name]) if split is not None and steps else ((), 0)
    unit, unit_us = _duration_unit(counted.settled)
    lines = _lines(run, counted, unit, unit_us, source)
    closed_end = counted.closed_definition.range_us[1]
    whole = time_to_convert(counted.settled) if len(steps) > 1 else None
    return FunnelReport(
        **run.frame("behaviour.funnel", ("events",)),
        cautions=_cautions(run, counted, steps_from),
        findings=tuple(_finding(leak, counted) for leak in leaks),
        steps=lines if steps else (),
        steps_from=steps_from,
        order=request.order,
        window_days=window_days,
        since=run.scope.since,
        until=run.scope.until,
        closed_until=weeks_of.local_day(closed_end - 1, run.time_zone).isoformat() if len(counted.settled) else None,
        entered=run.figure("entered", len(counted.everybody), "people", "behaviour.d.people"),
        settled=run.figure("settled", len(counted.settled), "people", "behaviour.d.settled"),
        converted=run.figure("converted", _reached(counted.everybody, len(lines)), "people", "behaviour.d.people"),
        conversion=lines[-1].of_first.model_copy(update={"id": f"{run.key[:12]}.conversion"}),
        duration=run.figure(
            "duration", whole.median_us / unit_us if whole else None, unit, "behaviour.d.duration", n=whole.num_actors if whole else None
        ),
        duration_unit=unit,
        biggest_leak=_biggest(lines),
        by=split.name if split is not None else None,
        parts=parts,
        num_values=num_values,
        leaks=leaks,
        num_comparisons=num_comparisons,
        weeks=tuple(week.day.isoformat() for week in counted.weeks),
        by_week=tuple(_weekly(counted, step) for step in range(1, len(lines))),
    )


def _steps(run: Run, request: FunnelRequest, source: Reading) -> tuple[tuple[str, ...], Literal["request", "setting", "guess"]]:
    if request.steps:
        return source.checked(request.steps), "request"
    written = run.settings.words("behaviour.funnel")
    if written:
        return source.checked(written), "setting"
    return guess_steps(source), "guess"


def _count(run: Run, request: FunnelRequest, source: Reading, steps: tuple[str, ...], events: StepEvents, window_days: float) -> _Counted:
    window_us = round(window_days * DAY_US)
    start, end = source.range_us
    definition = FunnelDefinition(len(steps), window_us, (start, end), source.data_end_us, request.order)
    closed_end = min(end, source.data_end_us - window_us + 1)
    closed = replace(definition, range_us=(start, max(start, closed_end)))
    begin = max(start, source.data_begin_us)
    spans = tuple(weeks_of.whole_weeks(begin, closed_end, run.time_zone, run.settings.text("product.week_start"), MAX_WEEKS))
    everybody = funnel(events, definition)
    by_week = tuple(_entered_within(events, definition, span) for span in spans)
    return _Counted(steps, events, definition, closed, everybody, funnel(events, closed), spans, by_week)


def _entered_within(events: StepEvents, definition: FunnelDefinition, span: weeks_of.Span) -> FunnelResult:
    """The funnel of who entered in a week; only rows that can matter are handed on, which is most of the time saved."""
    keep = np.flatnonzero((events.time_us >= span.start_us) & (events.time_us < span.end_us + definition.window_us))
    near = StepEvents(events.actor[keep], events.time_us[keep], events.sequence[keep], events.step_mask[keep])
    return funnel(near, replace(definition, range_us=(span.start_us, span.end_us)))


def _reached(result: FunnelResult, step: int) -> int:
    return int(np.count_nonzero(result.furthest >= step))


def _share(run: Run, name: str, hits: int, total: int, definition: str) -> Figure:
    interval = share_interval(hits, total)
    return run.figure(name, interval.value, "share", definition, n=total, interval=(interval.low, interval.high))


def _duration_unit(result: FunnelResult) -> tuple[Literal["seconds", "minutes", "hours", "days"], float]:
    """The unit in which the longest median of a step is easy to read."""
    medians = [time_to_convert(result, step, step + 1).median_us for step in range(1, result.num_steps)]
    longest = max((median for median in medians if median == median), default=0.0)
    return next((unit, unit_us) for unit, unit_us, most in UNITS if longest < most)


def _lines(run: Run, counted: _Counted, unit: str, unit_us: float, source: Reading) -> tuple[FunnelStep, ...]:
    counts = counted.everybody.counts()
    settled = counted.settled
    lines = []
    for place, name in enumerate(counted.steps):
        step = place + 1
        here, before = _reached(settled, step), _reached(settled, max(1, place))
        took = time_to_convert(settled, place, step) if place else None
        lines.append(
            FunnelStep(
                name=name,
                label=source.label(name),
                people=run.figure(f"people_{step}", int(counts.num_reached[place]), "people", "behaviour.d.people"),
                dropped=run.figure(f"dropped_{step}", int(counts.num_dropped[place]), "people", "behaviour.d.dropped"),
                in_progress=run.figure(f"in_progress_{step}", int(counts.num_in_progress[place]), "people", "behaviour.d.in_progress"),
                of_first=_share(run, f"of_first_{step}", here, len(settled), "behaviour.d.of_first"),
                of_previous=_share(run, f"of_previous_{step}", here, before, "behaviour.d.of_previous"),
                lost=run.figure(f"lost_{step}", before - here, "people", "behaviour.d.lost", n=before),
                duration=run.figure(
                    f"duration_{step}",
                    took.median_us / unit_us if took else None,
                    unit,
                    "behaviour.d.duration",
                    n=took.num_actors if took else None,
                ),
            )
        )
    return tuple(lines)


def _biggest(lines: Sequence[FunnelStep]) -> int | None:
    places = [place for place in range(1, len(lines)) if (lines[place].lost.value or 0) > 0]
    return max(places, key=lambda place: (lines[place].lost.value or 0, -place), default=None)


def _weekly(counted: _Counted, step: int, members: NDArray[np.int64] | None = None) -> tuple[float | None, ...]:
    return tuple(None if total == 0 else passed / total for passed, total in zip(*_weekly_counts(counted, step, members), strict=True))


def _weekly_counts(counted: _Counted, step: int, members: NDArray[np.int64] | None) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """(went on, reached) by week of entry, of all or of the sorted `members`."""
    passed, total = [], []
    for result in counted.by_week:
        furthest = result.furthest if members is None else result.furthest[np.isin(result.actor, members, assume_unique=True)]
        total.append(int(np.count_nonzero(furthest >= step)))
        passed.append(int(np.count_nonzero(furthest > step)))
    return np.array(passed, dtype=np.int64), np.array(total, dtype=np.int64)


def _parts(run: Run, counted: _Counted, actor: NDArray[np.int64], given: NDArray[Any]) -> tuple[tuple[FunnelPart, ...], int]:
    """The funnel per value at the first entry: the largest values, all others together, and people without a value."""
    value = aligned(counted.everybody, actor, given)
    settled_value = aligned(counted.settled, actor, given)
    names, sizes = np.unique([str(entry) for entry in value if entry is not None], return_counts=True)
    largest = [str(names[place]) for place in sorted(range(len(names)), key=lambda place: (-int(sizes[place]), str(names[place])))]
    shown = set(largest[:MAX_PARTS])

    def group(entry: Any) -> str:
        return "unknown" if entry is None else f"={entry}" if str(entry) in shown else "other"

    groups, settled_groups = np.array([group(e) for e in value]), np.array([group(e) for e in settled_value])
    parts = []
    for place, key in enumerate([*(f"={name}" for name in largest[:MAX_PARTS]), "other", "unknown"]):
        if not np.any(groups == key):
            continue
        people = counted.everybody.of(groups == key)
        settled = counted.settled.of(settled_groups == key) if len(settled_groups) else counted.settled
        steps = range(1, len(counted.steps) + 1)
        label = {"other": say("behaviour.label.other"), "unknown": say("behaviour.label.unknown")}.get(key, key[1:])
        parts.append(
            FunnelPart(
                value=label,
                people=tuple(run.figure(f"part{place}_people_{s}", _reached(people, s), "people", "behaviour.d.people") for s in steps),
                of_first=tuple(
                    _share(run, f"part{place}_of_first_{s}", _reached(settled, s), len(settled), "behaviour.d.of_first") for s in steps
                ),
                of_previous=tuple(
                    _share(
                        run,
                        f"part{place}_of_previous_{s}",
                        _reached(settled, s),
                        _reached(settled, max(1, s - 1)),
                        "behaviour.d.of_previous",
                    )
                    for s in steps
                ),
            )
        )
    return tuple(parts), len(names)


def _leak(run: Run, counted: _Counted, leak: FoundLeak, source: Reading) -> Leak:
    """The leak as it is now: counted from the week in which the share fell, or over the whole time when it always was so."""
    drop = drop_week(*_weekly_counts(counted, leak.step, leak.members))
    start, end = counted.closed_definition.range_us
    result = counted.settled
    if drop is not None:
        start = counted.weeks[drop].start_us
        result = funnel(counted.events, replace(counted.closed_definition, range_us=(start, end)))
    num_weeks = max((end - max(start, int(result.entry_us.min()))) / (7 * DAY_US), 1.0)
    inside, outside = (np.isin(result.actor, people, assume_unique=True) for people in (leak.members, leak.others))
    here = (_reached(result.of(inside), leak.step + 1), _reached(result.of(inside), leak.step))
    elsewhere = (_reached(result.of(outside), leak.step + 1), _reached(result.of(outside), leak.step))
    gap = difference_interval(*elsewhere, *here)
    name = f"leak_{leak.step}"
    per_week = here[1] / num_weeks
    return Leak(
        from_step=counted.steps[leak.step - 1],
        to_step=counted.steps[leak.step],
        from_label=source.label(counted.steps[leak.step - 1]),
        to_label=source.label(counted.steps[leak.step]),
        column=leak.column,
        value=leak.value,
        here=_share(run, f"{name}_here", *here, "behaviour.d.of_previous"),
        elsewhere=_share(run, f"{name}_elsewhere", *elsewhere, "behaviour.d.of_previous"),
        difference=run.figure(f"{name}_difference", gap.value, "share", "behaviour.d.difference", interval=(gap.low, gap.high)),
        people=run.figure(f"{name}_people", here[1], "people", "behaviour.d.leak_people"),
        lost_per_week=run.figure(
            f"{name}_lost_per_week",
            round(gap.value * per_week, 1),
            "people",
            "behaviour.d.lost_per_week",
            interval=(round(max(0.0, gap.low) * per_week, 1), round(gap.high * per_week, 1)),
        ),
        p_adjusted=run.figure(f"{name}_p", leak.p_adjusted, "number", "behaviour.d.p_adjusted"),
        since=None if drop is None else counted.weeks[drop].day.isoformat(),
        here_by_week=_weekly(counted, leak.step, leak.members),
        elsewhere_by_week=_weekly(counted, leak.step, leak.others),
    )


def _finding(leak: Leak, counted: _Counted) -> Finding:
    """Strength: what share of the people who would go on elsewhere is surely lost here (lower limit of the difference)."""
    slots = {"column": leak.column, "value": leak.value, "from_step": leak.from_label, "to_step": leak.to_label}
    figures = {"here": leak.here, "elsewhere": leak.elsewhere, "lost": leak.lost_per_week}
    if leak.since is None:
        text = say("behaviour.finding.leak", **slots, **figures)
    else:
        text = say("behaviour.finding.leak_since", **slots, **figures, since=leak.since)
    sure = (leak.difference.low or 0.0) / max(leak.elsewhere.value or 1.0, 0.01)
    return Finding(
        kind="leaking_step",
        subject=f"{leak.from_step} > {leak.to_step} | {leak.column}={leak.value}",
        text=text,
        people=leak.people,
        now=leak.here,
        strength=round(min(1.0, max(0.0, sure)), 3),
        advice=say("behaviour.advice.leak", **slots),
        since={week.day.isoformat(): week.start_us for week in counted.weeks}.get(leak.since or ""),
    )


def _cautions(run: Run, counted: _Counted, steps_from: str) -> tuple[Say, ...]:
    found: list[Say] = []
    num_people = len(counted.everybody)
    if steps_from == "guess" and num_people:
        found.append(say("behaviour.caution.guessed", steps=" → ".join(counted.steps)))
    num_open = int(counted.everybody.counts().num_in_progress.sum())
    if num_people and num_open > OPEN_SHARE * num_people:
        found.append(say("behaviour.caution.open", people=num_open, of=num_people))
    if 0 < len(counted.settled) < FEW_PEOPLE:
        found.append(say("behaviour.caution.few", people=len(counted.settled), needed=FEW_PEOPLE))
    ties = _tied_people(counted.events)
    if num_people and ties > TIES_SHARE * num_people:
        found.append(say("behaviour.caution.ties", people=ties))
    if is_simulated(run.store):
        found.append(say("behaviour.caution.simulated"))
    return tuple(found)


def _tied_people(events: StepEvents) -> int:
    """People with different steps at the same instant, rows as they are stored (sorted by actor and time within an import)."""
    same = (events.actor[1:] == events.actor[:-1]) & (events.time_us[1:] == events.time_us[:-1])
    mask = events.step_mask
    same &= (mask[1:] != mask[:-1]) & (mask[1:] > 0) & (mask[:-1] > 0)
    return len(np.unique(events.actor[1:][same]))
