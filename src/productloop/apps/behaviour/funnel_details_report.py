"""The finer parts of the funnel's page: options said in a sentence each, times, open weeks, who stopped, the rules of other tools."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from productloop.apps.behaviour._labels import chain
from productloop.apps.behaviour.types import DroppedPerson, FunnelReport
from productloop.foundation.page import Block, Fold, Grid, Heading, Line
from productloop.foundation.wording import Say, say

MAX_ON_SCREEN = 10
"""People on the first screen; the others stand in a fold."""
EXPLAINED_POINTS = 1.0
"""A rule that comes this near to another tool's number (in percentage points, as tools round) is said to explain it."""
PERCENTS = (10, 25, 50, 75, 90)


def option_lines(report: FunnelReport) -> list[Block]:
    """What was asked for beyond steps, order and window."""
    lines: list[Say] = []
    if report.step_window_days is not None:
        lines.append(say("behaviour.funnel.rule_step_window", days=report.step_window_days))
    if report.hold is not None:
        lines.append(say("behaviour.funnel.rule_hold", column=report.hold))
    skipped = [say("behaviour.event", name=step.label) for step in report.steps if step.optional]
    if skipped:
        lines.append(say("behaviour.funnel.rule_optional", names=skipped))
    for name, step in report.exclude:
        if step is None:
            lines.append(say("behaviour.funnel.rule_exclude", name=name))
        else:
            lines.append(say("behaviour.funnel.rule_exclude_at", name=name, step=step))
    if report.excluded is not None:
        lines.append(say("behaviour.funnel.excluded", people=report.excluded))
    return [Line(text=text) for text in lines]


def spread_blocks(report: FunnelReport) -> list[Block]:
    """The funnel under every rule, and which of them explains what another tool said."""
    known = [rule for rule in report.spread if rule.share.value is not None]
    if not known:
        return []
    low, high = (choose(known, key=lambda rule: float(rule.share.value or 0)).share for choose in (min, max))
    blocks: list[Block] = [Heading(text=say("behaviour.heading.spread"))]
    if report.other is not None and report.other_rule is not None and report.other_gap is not None:
        rule = report.spread[report.other_rule]
        name = Say(key=f"behaviour.spread.{rule.rule}")
        key = "behaviour.funnel.other_" + ("explained" if float(report.other_gap.value or 0) <= EXPLAINED_POINTS else "unexplained")
        blocks.append(Line(text=say(key, other=report.other, rule=name, share=rule.share, gap=report.other_gap)))
    blocks.append(Line(text=say("behaviour.funnel.spread", low=low, high=high)))
    rows = tuple((Say(key=f"behaviour.spread.{one.rule}"), one.share, Say(key=f"behaviour.spread.why.{one.rule}")) for one in report.spread)
    columns = (say("behaviour.column.rule"), say("behaviour.column.whole"), say("behaviour.column.why"))
    return [*blocks, Grid(columns=columns, rows=rows)]


def dropped_blocks(report: FunnelReport) -> list[Block]:
    """How many stopped at the step asked for, and the latest of them."""
    if report.dropped_at is None or report.num_dropped is None:
        return []
    label = report.steps[report.dropped_at - 1].label
    blocks: list[Block] = [
        Heading(text=say("behaviour.heading.dropped", step=label)),
        Line(text=say("behaviour.funnel.dropped", step=label, people=report.num_dropped)),
    ]
    if report.dropped:
        blocks.append(_people(report, report.dropped[:MAX_ON_SCREEN]))
    return blocks


def dropped_fold(report: FunnelReport) -> list[Block]:
    """Everybody who is listed."""
    if len(report.dropped) <= MAX_ON_SCREEN or report.dropped_at is None or report.num_dropped is None:
        return []
    blocks: list[Block] = [_people(report, report.dropped)]
    rest = int(report.num_dropped.value or 0) - len(report.dropped)
    if rest > 0:
        blocks.append(Line(text=say("behaviour.funnel.dropped_rest", num=rest)))
    return [Fold(title=say("behaviour.heading.dropped", step=report.steps[report.dropped_at - 1].label), blocks=tuple(blocks))]


def _people(report: FunnelReport, people: tuple[DroppedPerson, ...]) -> Grid:
    keys = ("person", "stopped_on", "last_seen", "platform")
    rows = tuple(
        (one.id, day_of(one.stopped_at, report.time_zone), day_of(one.last_seen, report.time_zone), one.platform) for one in people
    )
    return Grid(columns=tuple(Say(key=f"behaviour.column.{key}") for key in keys), rows=rows)


def day_of(time_us: int, zone: str) -> str:
    """The local day of an instant."""
    return datetime.fromtimestamp(time_us / 1_000_000, UTC).astimezone(ZoneInfo(zone)).date().isoformat()


def times_fold(report: FunnelReport) -> list[Block]:
    """Mean and percentiles of the time from step to step."""
    if not report.times:
        return []
    columns = (
        say("behaviour.column.from_to"),
        say("behaviour.column.people"),
        Say(key=f"behaviour.column.took_mean_{report.duration_unit}"),
        *(say("behaviour.column.within", percent=percent) for percent in PERCENTS),
    )
    rows = tuple((chain([one.from_label, one.to_label]), one.people, one.mean, *one.percentiles) for one in report.times)
    return [Fold(title=say("behaviour.heading.times"), blocks=(Grid(columns=columns, rows=rows),))]


def open_weeks_fold(report: FunnelReport) -> list[Block]:
    """Weeks of entry whose windows are still open."""
    if not report.open_weeks:
        return []
    keys = ("week", "people", "so_far", "in_progress")
    rows = tuple((week.week, week.entered, week.converted, week.in_progress) for week in report.open_weeks)
    grid = Grid(columns=tuple(Say(key=f"behaviour.column.{key}") for key in keys), rows=rows)
    return [Fold(title=say("behaviour.heading.open_weeks"), blocks=(Line(text=say("behaviour.funnel.open_weeks")), grid))]
