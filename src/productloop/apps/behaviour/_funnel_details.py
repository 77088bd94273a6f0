"""The finer answers of a funnel: how long people took, weeks that are not over, who stopped, the same under other rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from productloop.apps.behaviour import _weeks as weeks_of
from productloop.apps.behaviour._funnel import FunnelResult, Status, time_to_convert
from productloop.apps.behaviour._funnel_kernels import FunnelDefinition
from productloop.apps.behaviour._funnel_plan import FunnelEvents, Plan
from productloop.apps.behaviour._funnel_spread import nearest, spread
from productloop.apps.behaviour._periods import period_index
from productloop.apps.behaviour._reading import Reading
from productloop.apps.behaviour.types import DroppedPerson, FunnelTime, OpenWeek, SpreadRule
from productloop.foundation.figures import Figure
from productloop.foundation.wording import Say
from productloop.learning.intervals import share_interval
from productloop.loop.action import Run

PERCENTS = (10, 25, 50, 75, 90)
MAX_DROPPED = 1000
MAX_OPEN_WEEKS = 12


def times_taken(run: Run, result: FunnelResult, labels: Sequence[str | Say], unit: str, unit_us: float) -> tuple[FunnelTime, ...]:
    """From each step to the next, and from the first to the last where that says more."""
    pairs = [(result.preceding(step), step) for step in range(2, result.num_steps + 1)]
    if len(pairs) > 1:
        pairs.append((1, result.num_steps))
    found = []
    for begin, end in pairs:
        took = time_to_convert(result, begin, end, PERCENTS)
        if took.num_actors == 0:
            continue
        name = f"time_{begin}_{end}"
        found.append(
            FunnelTime(
                from_label=labels[begin - 1],
                to_label=labels[end - 1],
                people=run.figure(f"{name}_people", took.num_actors, "people", "behaviour.d.time_people"),
                mean=run.figure(f"{name}_mean", took.mean_us / unit_us, unit, "behaviour.d.time_mean", n=took.num_actors),
                percentiles=tuple(
                    run.figure(f"{name}_p{percent:.0f}", point / unit_us, unit, "behaviour.d.time_percentile", n=took.num_actors)
                    for percent, point in took.percentiles
                ),
            )
        )
    return tuple(found)


def open_weeks(run: Run, events: FunnelEvents, definition: FunnelDefinition, closed_end_us: int) -> tuple[OpenWeek, ...]:
    """Weeks of entry that are not over, or in which some windows are not: counts so far, each week by itself."""
    start, end = definition.range_us
    begin, last = max(closed_end_us, start), min(end, definition.data_end_us + 1)
    if last <= begin or len(events.events) == 0:
        return ()
    weekday = weeks_of.WEEKDAYS[run.settings.text("product.week_start")]
    ends = np.array([begin, last - 1], dtype=np.int64)
    first_week, last_week = (int(period) for period in period_index(ends, run.time_zone, "week", weekday))
    found = []
    for week in range(max(first_week, last_week - MAX_OPEN_WEEKS + 1), last_week + 1):
        span = weeks_of.span_of(week, run.time_zone, "week", weekday)
        result = entered_within(events, definition, (max(span.start_us, start), min(span.end_us, end)))
        if len(result) == 0:
            continue
        name = f"open_{span.day.isoformat()}"
        num_open = int(np.count_nonzero(result.status == Status.IN_PROGRESS))
        converted = int(np.count_nonzero(result.status == Status.CONVERTED))
        found.append(
            OpenWeek(
                week=span.day.isoformat(),
                entered=run.figure(f"{name}_entered", len(result), "people", "behaviour.d.people"),
                converted=run.figure(f"{name}_converted", converted, "people", "behaviour.d.people"),
                in_progress=run.figure(f"{name}_in_progress", num_open, "people", "behaviour.d.in_progress"),
            )
        )
    return tuple(found)


def entered_within(events: FunnelEvents, definition: FunnelDefinition, range_us: tuple[int, int]) -> FunnelResult:
    """The funnel of who entered in a span; only rows that can matter are handed on, which is most of the time saved."""
    time_us = events.events.time_us
    keep = np.flatnonzero((time_us >= range_us[0]) & (time_us < range_us[1] + definition.window_us))
    return events.of(keep).count(replace(definition, range_us=range_us))


def who_dropped(run: Run, source: Reading, result: FunnelResult, step: int) -> tuple[tuple[DroppedPerson, ...], Figure]:
    """(who stopped for good at `step`, who stopped last first, at most MAX_DROPPED; how many there are in all)."""
    gone = np.flatnonzero((result.stopped_at == step) & (result.status == Status.DROPPED))
    gone = gone[np.lexsort((result.actor[gone], -result.step_time_us[gone, step - 1]))]
    num = run.figure("num_dropped", len(gone), "people", "behaviour.d.dropped")
    gone = gone[:MAX_DROPPED]
    codes = result.actor[gone]
    seen = last_seen(source, codes.tolist())
    ids = run.store.source_ids(codes)
    people = [
        DroppedPerson(id=ids[code], stopped_at=int(at), last_seen=seen[code][0], platform=seen[code][1])
        for code, at in zip(codes.tolist(), result.step_time_us[gone, step - 1].tolist(), strict=True)
        if code in ids and code in seen
    ]
    return tuple(people), num


def last_seen(source: Reading, codes: Sequence[int]) -> dict[int, tuple[int, str | None]]:
    """(last instant, last known platform) of each actor."""
    found = source.rows(
        """
        SELECT actor, max(time), arg_max(platform, (time, sequence)) FILTER (platform IS NOT NULL) FROM events
        WHERE actor IN (SELECT unnest(?)) GROUP BY actor
        """,
        [list(codes)],
    )
    return {int(actor): (int(time), None if platform is None else str(platform)) for actor, time, platform in found}


def spread_rules(
    run: Run, source: Reading, plan: Plan, definition: FunnelDefinition, ours: tuple[int, int], other: float | None
) -> tuple[tuple[SpreadRule, ...], int | None, Figure | None]:
    """(the rules, ours first; the place of the one nearest to what another tool says; how far that is in points)."""
    events = source.step_events(plan.steps, True)
    plain = FunnelDefinition(definition.num_steps, definition.window_us, definition.range_us, definition.data_end_us)
    counted: list[tuple[str, int, int]] = [("ours", *ours)]
    counted += [(one.rule, one.num_entered, one.num_converted) for one in spread(events, plain)]
    rules = []
    for rule, entered, converted in counted:
        share = share_interval(converted, entered)
        rules.append(
            SpreadRule(
                rule=rule,  # type: ignore[arg-type]
                share=run.figure(
                    f"spread_{rule}", share.value, "share", f"behaviour.d.spread_{rule}", n=entered, interval=(share.low, share.high)
                ),
                entered=run.figure(f"spread_{rule}_entered", entered, "people", "behaviour.d.spread_entered"),
                converted=run.figure(f"spread_{rule}_converted", converted, "people", "behaviour.d.spread_converted"),
            )
        )
    if other is None or not any(rule.share.value is not None for rule in rules):
        return tuple(rules), None, None
    shares = [float("inf") if rule.share.value is None else 100 * float(rule.share.value) for rule in rules]
    place = nearest(shares, other)
    return tuple(rules), place, run.figure("other_gap", round(abs(shares[place] - other), 2), "points", "behaviour.d.other_gap")
