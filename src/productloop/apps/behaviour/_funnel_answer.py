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
from productloop.apps.behaviour import wording
from productloop.apps.behaviour._funnel import FunnelResult, StepEvents, time_to_convert
from productloop.apps.behaviour._funnel_details import entered_within, open_weeks, spread_rules, times_taken, who_dropped
from productloop.apps.behaviour._funnel_kernels import FunnelDefinition
from productloop.apps.behaviour._funnel_plan import DAY_US, FunnelEvents, Plan, plan_of, read_events, read_with_value
from productloop.apps.behaviour._funnel_split import PartResult, last_values, part_figures, parts_by_event, parts_by_person
from productloop.apps.behaviour._leaks import FoundLeak, drop_week, find_leaks
from productloop.apps.behaviour._reading import Reading, Split, reading
from productloop.apps.behaviour.types import FunnelReport, FunnelRequest, FunnelStep, Leak
from productloop.foundation.errors import UsageError
from productloop.foundation.figures import Figure
from productloop.foundation.wording import Say, say
from productloop.learning.intervals import difference_interval, share_interval
from productloop.loop.action import Finding, Run, is_simulated

MAX_WEEKS = 52
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
class Counted:
    """What was counted: the plan, everybody so far, and who had the whole window."""

    plan: Plan
    events: FunnelEvents
    definition: FunnelDefinition
    closed_definition: FunnelDefinition
    everybody: FunnelResult
    settled: FunnelResult
    weeks: tuple[weeks_of.Span, ...]
    by_week: tuple[FunnelResult, ...]

    @property
    def steps(self) -> tuple[str, ...]:
        """The names of the steps; one empty name where there is none."""
        return self.plan.steps or ("",)


def answer_funnel(run: Run, request: FunnelRequest) -> FunnelReport:
    """The report. Raises UsageError for an event or a breakdown that does not exist, and for what cannot be combined."""
    with reading(run) as source:
        run.progress("read", 0, 3)
        plan = plan_of(run, request, source)
        split = source.split(run.scope.by, of_people=True) if run.scope.by is not None else None
        if request.attribution == "step" and request.attribution_step is None:
            raise UsageError(wording.ATTRIBUTION_STEP)
        events = read_events(source, plan)
        run.progress("count", 1, 3)
        counted = count_funnel(run, plan, source, events)
        run.progress("split", 2, 3)
        leaks, num_comparisons = _leaks_found(run, counted, source, split)
        parts, num_values = _parts(request, counted, source, split)
        more = _more(run, request, counted, source)
        unit, unit_us = _duration_unit(counted.settled)
        lines = _lines(run, counted, unit, unit_us, source)
    closed_end = counted.closed_definition.range_us[1]
    whole = time_to_convert(counted.settled) if len(plan.steps) > 1 else None
    return FunnelReport(
        **run.frame("behaviour.funnel", ("events",)),
        **more,
        cautions=_cautions(run, counted),
        findings=tuple(_finding(leak, counted) for leak in leaks),
        steps=lines if plan.steps else (),
        steps_from=plan.steps_from,
        order=request.order,
        window_days=plan.window_days,
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
        by_person=split is not None and split.of_person,
        parts=part_figures(run, parts),
        num_values=num_values,
        leaks=leaks,
        num_comparisons=num_comparisons,
        weeks=tuple(week.day.isoformat() for week in counted.weeks),
        by_week=tuple(_weekly(counted, step) for step in range(2, len(lines) + 1)),
        step_window_days=plan.step_window_days,
        hold=None if plan.hold is None else plan.hold.name,
        attribution=request.attribution,
        attribution_step=request.attribution_step if request.attribution == "step" else None,
        times=times_taken(run, counted.settled, [line.label for line in lines], unit, unit_us) if len(plan.steps) > 1 else (),
        open_weeks=open_weeks(run, events, counted.definition, closed_end) if plan.steps else (),
    )


def _leaks_found(run: Run, counted: Counted, source: Reading, split: Split | None) -> tuple[tuple[Leak, ...], int]:
    if split is not None or counted.plan.order == "unordered" or not counted.plan.steps:
        return (), 0
    actor, values = source.entry_values(counted.plan.steps[:1], source.splits())
    found, num_comparisons = find_leaks(counted.settled, actor, values)
    return tuple(leak_of(run, counted, leak, source) for leak in found), num_comparisons


def _parts(request: FunnelRequest, counted: Counted, source: Reading, split: Split | None) -> tuple[list[PartResult], int]:
    plan = counted.plan
    if split is None or not plan.steps:
        return [], 0
    if request.attribution == "first":
        actor, given = source.entry_values(plan.steps if plan.order == "unordered" else plan.steps[:1], (split,))
        return parts_by_person(counted.everybody, counted.settled, actor, given[split.name])
    events, values = read_with_value(source, plan, split)
    assert values is not None
    if request.attribution == "last":
        return parts_by_person(counted.everybody, counted.settled, *last_values(events, values, counted.definition))
    step = request.attribution_step if request.attribution == "step" else None
    return parts_by_event(FunnelEvents(events, counted.events.held), values, counted.definition, counted.closed_definition, step)


def _more(run: Run, request: FunnelRequest, counted: Counted, source: Reading) -> dict[str, Any]:
    """What was asked for besides: exclusions, who dropped, the rules of other tools."""
    plan = counted.plan
    found: dict[str, Any] = {}
    if plan.exclusions:
        found["exclude"] = plan.excluded(source)
        found["excluded"] = run.figure("excluded", len(counted.everybody.excluded), "people", "behaviour.d.excluded")
    if request.dropped_at is not None and plan.steps:
        found["dropped"], found["num_dropped"] = who_dropped(run, source, counted.everybody, request.dropped_at)
        found["dropped_at"] = request.dropped_at
    if (request.spread or request.other is not None) and len(plan.steps) > 1:
        ours = len(counted.settled), _reached(counted.settled, len(plan.steps))
        rules, place, gap = spread_rules(run, source, plan, counted.definition, ours, request.other)
        found |= {"spread": rules, "other_rule": place, "other_gap": gap}
        if request.other is not None:
            found["other"] = run.figure("other", request.other / 100, "share", "behaviour.d.other")
    return found


def count_funnel(run: Run, plan: Plan, source: Reading, events: FunnelEvents) -> Counted:
    """Everybody, those whose window is over, and the whole weeks of entry among them."""
    start, end = source.range_us
    definition = plan.definition((start, end), source.data_end_us)
    closed_end = min(end, source.data_end_us - definition.window_us + 1)
    closed = replace(definition, range_us=(start, max(start, closed_end)))
    begin = max(start, source.data_begin_us)
    spans = tuple(weeks_of.whole_weeks(begin, closed_end, run.time_zone, run.settings.text("product.week_start"), MAX_WEEKS))
    everybody = events.count(definition)
    by_week = tuple(entered_within(events, definition, (span.start_us, span.end_us)) for span in spans)
    return Counted(plan, events, definition, closed, everybody, events.count(closed), spans, by_week)


def _reached(result: FunnelResult, step: int) -> int:
    return int(np.count_nonzero(result.reached(step)))


def _share(run: Run, name: str, hits: int, total: int, definition: str) -> Figure:
    interval = share_interval(hits, total)
    return run.figure(name, interval.value, "share", definition, n=total, interval=(interval.low, interval.high))


def _duration_unit(result: FunnelResult) -> tuple[Literal["seconds", "minutes", "hours", "days"], float]:
    """The unit in which the longest median of a step is easy to read."""
    medians = [time_to_convert(result, result.preceding(step), step).median_us for step in range(2, result.num_steps + 1)]
    longest = max((median for median in medians if median == median), default=0.0)
    return next((unit, unit_us) for unit, unit_us, most in UNITS if longest < most)


def _lines(run: Run, counted: Counted, unit: str, unit_us: float, source: Reading) -> tuple[FunnelStep, ...]:
    counts = counted.everybody.counts()
    settled = counted.settled
    lines = []
    for place, name in enumerate(counted.steps):
        step = place + 1
        optional = bool(counted.plan.optional >> place & 1)
        here, before = _reached(settled, step), _reached(settled, settled.preceding(step))
        took = time_to_convert(settled, settled.preceding(step), step) if place else None
        lines.append(
            FunnelStep(
                name=name,
                label=source.label(name),
                people=run.figure(f"people_{step}", int(counts.num_reached[place]), "people", "behaviour.d.people"),
                dropped=run.figure(f"dropped_{step}", int(counts.num_dropped[place]), "people", "behaviour.d.dropped"),
                in_progress=run.figure(f"in_progress_{step}", int(counts.num_in_progress[place]), "people", "behaviour.d.in_progress"),
                of_first=_share(run, f"of_first_{step}", here, len(settled), "behaviour.d.of_first"),
                of_previous=_share(run, f"of_previous_{step}", here, before, "behaviour.d.of_previous"),
                lost=run.figure(f"lost_{step}", None if optional else before - here, "people", "behaviour.d.lost", n=before),
                optional=optional,
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


def _weekly(counted: Counted, step: int, members: NDArray[np.int64] | None = None) -> tuple[float | None, ...]:
    """Share that reached `step` of those at the step before that may not be skipped, by week of entry."""
    passed, total = _weekly_counts(counted, counted.settled.preceding(step), step, members)
    return tuple(None if of == 0 else hits / of for hits, of in zip(passed, total, strict=True))


def _weekly_counts(
    counted: Counted, from_step: int, to_step: int, members: NDArray[np.int64] | None
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """(went on, reached) by week of entry, of all or of the sorted `members`."""
    passed, total = [], []
    for result in counted.by_week:
        own = result if members is None else result.of(np.isin(result.actor, members, assume_unique=True))
        total.append(_reached(own, from_step))
        passed.append(_reached(own, to_step))
    return np.array(passed, dtype=np.int64), np.array(total, dtype=np.int64)


def drop_of(counted: Counted, leak: FoundLeak) -> int | None:
    """The week of entry (a place in `Counted.weeks`) from which the share of the leaking kind is lower; None = no clear change."""
    return drop_week(*_weekly_counts(counted, leak.step, leak.to_step, leak.members))


def leak_of(run: Run, counted: Counted, leak: FoundLeak, source: Reading) -> Leak:
    """The leak as it is now: counted from the week in which the share fell, or over the whole time when it always was so."""
    drop = drop_of(counted, leak)
    start, end = counted.closed_definition.range_us
    result = counted.settled
    if drop is not None:
        start = counted.weeks[drop].start_us
        result = counted.events.count(replace(counted.closed_definition, range_us=(start, end)))
    num_weeks = max((end - max(start, int(result.entry_us.min()))) / (7 * DAY_US), 1.0)
    inside, outside = (np.isin(result.actor, people, assume_unique=True) for people in (leak.members, leak.others))
    here = (_reached(result.of(inside), leak.to_step), _reached(result.of(inside), leak.step))
    elsewhere = (_reached(result.of(outside), leak.to_step), _reached(result.of(outside), leak.step))
    gap = difference_interval(*elsewhere, *here)
    name = f"leak_{leak.step}"
    per_week = here[1] / num_weeks
    return Leak(
        from_step=counted.steps[leak.step - 1],
        to_step=counted.steps[leak.to_step - 1],
        from_label=source.label(counted.steps[leak.step - 1]),
        to_label=source.label(counted.steps[leak.to_step - 1]),
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
        here_by_week=_weekly(counted, leak.to_step, leak.members),
        elsewhere_by_week=_weekly(counted, leak.to_step, leak.others),
    )


def _finding(leak: Leak, counted: Counted) -> Finding:
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


def _cautions(run: Run, counted: Counted) -> tuple[Say, ...]:
    found: list[Say] = []
    num_people = len(counted.everybody)
    if counted.plan.steps_from == "guess" and num_people:
        found.append(say("behaviour.caution.guessed", steps=" → ".join(counted.steps)))
    num_open = int(counted.everybody.counts().num_in_progress.sum())
    if num_people and num_open > OPEN_SHARE * num_people:
        found.append(say("behaviour.caution.open", people=num_open, of=num_people))
    if 0 < len(counted.settled) < FEW_PEOPLE:
        found.append(say("behaviour.caution.few", people=len(counted.settled), needed=FEW_PEOPLE))
    ties = _tied_people(counted.events.events)
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
