"""Reports of `behaviour` as pages: the plain answer first, the definition beside the numbers, what not to believe, details folded."""

from __future__ import annotations

from productloop.apps.behaviour._labels import chain, known_names
from productloop.apps.behaviour.funnel_details_report import (
    dropped_blocks,
    dropped_fold,
    open_weeks_fold,
    option_lines,
    spread_blocks,
    times_fold,
)
from productloop.apps.behaviour.types import FunnelReport, Leak
from productloop.foundation.figures import Figure
from productloop.foundation.page import Block, Chart, Grid, Heading, Line, Numbers, Page, Series
from productloop.foundation.wording import Say, say

MAX_SPLIT_STEPS = 4
"""A table of values with more steps than this becomes too wide to read; it then shows the whole funnel only."""


def funnel_page(report: FunnelReport) -> Page:
    """Biggest leak, who leaks, the definition, the steps, the breakdown, the weeks."""
    if not report.steps or not report.entered.value:
        title = _funnel_title(report)
        return Page(title=title, blocks=(Line(text=say("behaviour.funnel.nobody")), *_doubts(report.cautions)))
    blocks: list[Block] = [Line(text=_first_sentence(report)), *_leak_lines(report), *_rules(report)]
    blocks.append(
        Numbers(
            items=(
                (say("behaviour.label.entered"), report.entered),
                *(((say("behaviour.label.conversion"), report.conversion),) if len(report.steps) > 1 else ()),
            )
        )
    )
    blocks += _duration(report)
    blocks += [_funnel_chart(report), _steps_grid(report), *_split_blocks(report), *_week_charts(report)]
    blocks += [*spread_blocks(report), *dropped_blocks(report), *_doubts(report.cautions)]
    details: list[Block] = [_leaks_grid(report)] if report.leaks else []
    details += [*times_fold(report), *open_weeks_fold(report), *dropped_fold(report)]
    details += known_names([(step.name, step.label) for step in report.steps])
    return Page(title=_funnel_title(report), blocks=tuple(blocks), details=tuple(details))


def _funnel_title(report: FunnelReport) -> Say:
    if not report.steps:
        return say("behaviour.funnel.title_empty")
    return say("behaviour.funnel.title", steps=chain([step.label for step in report.steps]))


def _label(report: FunnelReport, place: int) -> str | Say:
    """What the row of a step is called: its event, or in the unordered mode how many of the steps were done."""
    if report.order == "unordered":
        return say("behaviour.label.any_of", num=place + 1)
    names = [step.name for step in report.steps]
    times = names[: place + 1].count(names[place])
    label = report.steps[place].label
    if report.steps[place].optional:
        return say("behaviour.label.optional", name=label)
    return label if times == 1 else say("behaviour.label.repeated", name=label, num=times)


def _first_sentence(report: FunnelReport) -> Say:
    if len(report.steps) == 1:
        return say("behaviour.funnel.one_step")
    if not report.settled.value:
        return say("behaviour.funnel.too_early", people=report.entered)
    if report.biggest_leak is None:
        return say("behaviour.funnel.no_loss")
    place = max(earlier for earlier in range(report.biggest_leak) if not report.steps[earlier].optional)
    before, step = _label(report, place), report.steps[report.biggest_leak]
    return say(
        "behaviour.funnel.biggest",
        from_step=before,
        to_step=_label(report, report.biggest_leak),
        percent=_of_hundred(step.of_previous),
        lost=step.lost,
    )


def _of_hundred(share: Figure) -> Figure:
    """The same share as "of 100": the place in the report stays its id."""
    ends = {"low": None if share.low is None else 100 * share.low, "high": None if share.high is None else 100 * share.high}
    return share.model_copy(update={"value": None if share.value is None else round(100 * share.value), "unit": "number", **ends})


def _leak_lines(report: FunnelReport) -> list[Block]:
    if report.leaks:
        return [Line(text=_leak_sentence(leak), tone="bad") for leak in report.leaks]
    if report.by is not None or report.order == "unordered" or len(report.steps) < 2 or not report.settled.value:
        return []
    if report.num_comparisons == 0:
        return [Line(text=say("behaviour.funnel.nothing_compared"))]
    return [Line(text=say("behaviour.funnel.no_leak", num=report.num_comparisons))]


def _leak_sentence(leak: Leak) -> Say:
    names = {"column": leak.column, "value": leak.value, "from_step": leak.from_label, "to_step": leak.to_label}
    figures = {"here": leak.here, "elsewhere": leak.elsewhere, "lost": leak.lost_per_week}
    if leak.since is None:
        return say("behaviour.funnel.leak", **names, **figures)
    return say("behaviour.funnel.leak_since", **names, **figures, since=leak.since)


def _rules(report: FunnelReport) -> list[Block]:
    rule = {
        "ordered": say("behaviour.funnel.rule_ordered", days=report.window_days),
        "strict": say("behaviour.funnel.rule_strict", days=report.window_days),
        "unordered": say("behaviour.funnel.rule_unordered", days=report.window_days),
    }[report.order]
    blocks: list[Block] = [Line(text=rule), *option_lines(report)]
    if report.closed_until is not None:
        blocks.append(Line(text=say("behaviour.funnel.settled", until=report.closed_until, people=report.settled)))
    if report.since is not None or report.until is not None:
        blocks.append(Line(text=say("behaviour.funnel.range")))
    return blocks


def _duration(report: FunnelReport) -> list[Block]:
    if report.duration.value is None:
        return []
    took = {
        "seconds": say("behaviour.funnel.took_seconds", duration=report.duration),
        "minutes": say("behaviour.funnel.took_minutes", duration=report.duration),
        "hours": say("behaviour.funnel.took_hours", duration=report.duration),
        "days": say("behaviour.funnel.took_days", duration=report.duration),
    }
    return [Line(text=took[report.duration_unit])]


def _funnel_chart(report: FunnelReport) -> Chart:
    names = tuple(_label(report, place) for place in range(len(report.steps)))
    reached = Series(name=say("behaviour.chart.reached"), y=tuple(_number(step.people) for step in report.steps))
    waiting = Series(name=say("behaviour.chart.in_progress"), y=tuple(_number(step.in_progress) for step in report.steps))
    return Chart(form="bars", title=say("behaviour.chart.funnel"), x=names, series=(reached, waiting))


def _number(figure: Figure) -> float | None:
    return None if figure.value is None else float(figure.value)


def _steps_grid(report: FunnelReport) -> Grid:
    duration = {
        "seconds": say("behaviour.column.duration_seconds"),
        "minutes": say("behaviour.column.duration_minutes"),
        "hours": say("behaviour.column.duration_hours"),
        "days": say("behaviour.column.duration_days"),
    }[report.duration_unit]
    last = len(report.steps) - 1
    return Grid(
        title=say("behaviour.heading.steps"),
        columns=(
            say("behaviour.column.step"),
            say("behaviour.column.people"),
            say("behaviour.column.of_first"),
            say("behaviour.column.of_previous"),
            say("behaviour.column.dropped"),
            say("behaviour.column.in_progress"),
            duration,
        ),
        rows=tuple(
            (
                _label(report, place),
                step.people,
                step.of_first if place else None,
                step.of_previous if place else None,
                step.dropped if place < last and not step.optional else None,
                step.in_progress if place < last and not step.optional else None,
                step.duration if step.duration.value is not None else None,
            )
            for place, step in enumerate(report.steps)
        ),
    )


def _split_blocks(report: FunnelReport) -> list[Block]:
    if report.by is None:
        return []
    steps = [(place, _label(report, place)) for place in range(1, len(report.steps))]
    shown = steps if len(steps) <= MAX_SPLIT_STEPS else []
    grid = Grid(
        title=say("behaviour.heading.by", column=report.by),
        columns=(
            say("behaviour.column.value"),
            say("behaviour.label.entered"),
            *(say("behaviour.column.went_on", step=name) for _, name in shown),
            say("behaviour.column.whole"),
        ),
        rows=tuple(
            (part.value, part.people[0], *(part.of_previous[place] for place, _ in shown), part.of_first[-1]) for part in report.parts
        ),
    )
    values = {
        "first": say("behaviour.funnel.values", column=report.by, num=report.num_values),
        "last": say("behaviour.funnel.values_last", column=report.by, num=report.num_values),
        "all": say("behaviour.funnel.values_all", column=report.by, num=report.num_values),
        "step": say("behaviour.funnel.values_step", column=report.by, num=report.num_values, step=report.attribution_step or 1),
    }
    of_person = say("behaviour.by_person", column=report.by, num=report.num_values)
    return [grid, Line(text=of_person if report.by_person else values[report.attribution])]


def _week_charts(report: FunnelReport) -> list[Block]:
    if len(report.weeks) < 2 or len(report.steps) < 2:
        return []
    charts = [
        Chart(
            form="lines",
            title=say("behaviour.chart.leak", from_step=leak.from_label, to_step=leak.to_label),
            x=report.weeks,
            series=(
                Series(name=f"{leak.column} = {leak.value}", y=leak.here_by_week),
                Series(name=say("behaviour.chart.others"), y=leak.elsewhere_by_week),
            ),
            share=True,
            x_title=say("behaviour.chart.week"),
        )
        for leak in report.leaks
    ]
    lines = Chart(
        form="lines",
        title=say("behaviour.chart.by_week"),
        x=report.weeks,
        series=tuple(Series(name=_label(report, place), y=shares) for place, shares in enumerate(report.by_week, 1)),
        share=True,
        x_title=say("behaviour.chart.week"),
    )
    return [*charts, lines]


def _leaks_grid(report: FunnelReport) -> Grid:
    return Grid(
        columns=(
            say("behaviour.column.where"),
            say("behaviour.column.step"),
            say("behaviour.column.people"),
            say("behaviour.column.here"),
            say("behaviour.column.elsewhere"),
            say("behaviour.column.difference"),
            say("behaviour.column.lost_per_week"),
            say("behaviour.column.p"),
        ),
        rows=tuple(
            (
                f"{leak.column} = {leak.value}",
                chain([leak.from_label, leak.to_label]),
                leak.people,
                leak.here,
                leak.elsewhere,
                leak.difference,
                leak.lost_per_week,
                leak.p_adjusted,
            )
            for leak in report.leaks
        ),
    )


def _doubts(cautions: tuple[Say, ...]) -> list[Block]:
    if not cautions:
        return []
    return [Heading(text=say("behaviour.heading.doubt")), *(Line(text=caution, tone="caution") for caution in cautions)]
