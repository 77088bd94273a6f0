"""The page of `leaks`: what those who dropped wrote, whose leak it is, what it costs, who can still be won; the rest folded."""

from __future__ import annotations

from datetime import date

from productloop.apps.behaviour._labels import known_names
from productloop.apps.behaviour.funnel_details_report import day_of
from productloop.apps.behaviour.leaks_types import LeaksReport, LeakTopic, Winnable
from productloop.foundation.figures import Figure
from productloop.foundation.page import Block, Cell, Chart, Fold, Grid, Heading, Line, Numbers, Page, Quotes, Series
from productloop.foundation.wording import Say, Text, say

SlotValue = Figure | Say | Text | list[Say] | int | float | date | str
MAX_ON_SCREEN = 10
"""People on the first screen; the others stand in a fold."""


def leaks_page(report: LeaksReport) -> Page:
    """Words, whose leak, cost, list."""
    doubts = [Line(text=caution, tone="caution") for caution in report.cautions]
    if report.from_step is None or report.to_step is None or not report.dropped.value:
        return Page(title=say("behaviour.leaks.title_empty"), blocks=(Line(text=say("behaviour.leaks.nobody")), *doubts))
    said = any(topic.named for topic in report.topics)
    first = [*_lead(report), *_whose(report)] if said or report.leak is None else [*_whose(report), *_lead(report)]
    blocks: list[Block] = [*first, *_cost(report), *_numbers(report), _chart(report), *_win(report)]
    if said:
        blocks.append(Line(text=say("behaviour.leaks.association"), tone="caution"))
    details = [*_words_fold(report), *_groups_fold(report), *_people_folds(report)]
    details += known_names(list(zip(report.steps, report.labels, strict=True)))
    title = say("behaviour.leaks.title", step=report.labels[report.from_step - 1])
    return Page(title=title, blocks=(*blocks, *doubts), details=tuple(details))


def _between(report: LeaksReport) -> tuple[str | Say, str | Say]:
    assert report.from_step is not None
    assert report.to_step is not None
    return report.labels[report.from_step - 1], report.labels[report.to_step - 1]


def _lead(report: LeaksReport) -> list[Block]:
    before, after = _between(report)
    steps: dict[str, SlotValue] = {"from_step": before, "to_step": after, "of": report.dropped, "days": report.around_days}
    named = [topic for topic in report.topics if topic.named]
    blocks: list[Block] = []
    for topic in named:
        slots: dict[str, SlotValue] = {**steps, "topic": topic.name, "dropped": topic.dropped}
        if topic.ratio.value is None:
            blocks.append(Line(text=Say(key="behaviour.leaks.lead_topic_only", slots=slots), tone="bad"))
        else:
            blocks.append(Line(text=Say(key="behaviour.leaks.lead_topic", slots={**slots, "ratio": topic.ratio}), tone="bad"))
        blocks.append(Quotes(rows=topic.quotes))
    if not named and report.has_topics:
        blocks.append(Line(text=Say(key="behaviour.leaks.lead_silent", slots={**steps, "wrote": report.wrote_dropped})))
    if not report.has_topics:
        blocks.append(Line(text=say("behaviour.leaks.no_topics"), tone="caution"))
    return blocks


def _whose(report: LeaksReport) -> list[Block]:
    leak = report.leak
    if leak is None:
        return [Line(text=say("behaviour.leaks.no_kind"))]
    slots: dict[str, SlotValue] = {"column": leak.column, "value": leak.value, "here": leak.here, "elsewhere": leak.elsewhere}
    if leak.since is None:
        return [Line(text=Say(key="behaviour.leaks.whose", slots=slots), tone="bad")]
    return [Line(text=Say(key="behaviour.leaks.whose_since", slots={**slots, "since": leak.since}), tone="bad")]


def _cost(report: LeaksReport) -> list[Block]:
    if report.lost_per_week.value is None:
        return []
    if report.money_per_week.value is None:
        return [Line(text=say("behaviour.leaks.cost_people", lost=report.lost_per_week))]
    line = say("behaviour.leaks.cost", lost=report.lost_per_week, each=report.value_each, money=report.money_per_week)
    others = [Line(text=say("behaviour.leaks.currencies", names=", ".join(report.other_currencies)))] if report.other_currencies else []
    return [Line(text=line), *others]


def _numbers(report: LeaksReport) -> list[Block]:
    items = [(say("behaviour.leaks.label.lost"), report.lost_per_week)]
    if report.money_per_week.value is not None:
        items.append((say("behaviour.leaks.label.money"), report.money_per_week))
    return [Numbers(items=(*items, (say("behaviour.leaks.label.winnable"), report.num_winnable)))]


def _chart(report: LeaksReport) -> Chart:
    name: str | Say = say("behaviour.leaks.chart.all") if report.leak is None else f"{report.leak.column} = {report.leak.value}"
    series = [Series(name=name, y=tuple(_share(figure.value) for figure in report.funnel_here))]
    if report.funnel_elsewhere:
        series.append(Series(name=say("behaviour.leaks.chart.others"), y=tuple(_share(figure.value) for figure in report.funnel_elsewhere)))
    return Chart(form="bars", title=say("behaviour.leaks.chart"), x=report.labels, series=tuple(series), share=True)


def _share(value: float | int | None) -> float | None:
    return None if value is None else float(value)


def _win(report: LeaksReport) -> list[Block]:
    blocks: list[Block] = [Heading(text=say("behaviour.leaks.heading.win"))]
    listed = [one for one in report.winnable if not one.held_out]
    if not listed:
        blocks.append(Line(text=say("behaviour.leaks.win_nobody")))
    else:
        blocks += [Line(text=say("behaviour.leaks.win", people=report.num_winnable)), _people(report, listed[:MAX_ON_SCREEN])]
    if report.num_held_out.value:
        blocks.append(Line(text=say("behaviour.leaks.held", people=report.num_held_out, experiment=report.experiment)))
    if report.measured is not None:
        listed_before, held_before = report.measured_people
        blocks.append(Line(text=say("behaviour.leaks.measured", listed=listed_before, held=held_before, gain=report.measured)))
    return blocks


def _people(report: LeaksReport, people: list[Winnable]) -> Grid:
    columns = (
        say("behaviour.column.person"),
        say("behaviour.leaks.column.why"),
        say("behaviour.column.stopped_on"),
        say("behaviour.column.last_seen"),
        say("behaviour.column.platform"),
    )
    rows = tuple(
        (
            one.id,
            say("behaviour.leaks.reasons", reasons=[_reason(report, reason) for reason in one.reasons]),
            day_of(one.stopped_at, report.time_zone),
            day_of(one.last_seen, report.time_zone),
            one.platform,
        )
        for one in people
    )
    return Grid(columns=columns, rows=rows)


def _reason(report: LeaksReport, reason: str) -> Say:
    about_it = any(topic.named for topic in report.topics)
    return Say(key=f"behaviour.leaks.reason.{'wrote_any' if reason == 'wrote' and not about_it else reason}")


def _people_folds(report: LeaksReport) -> list[Block]:
    folds: list[Block] = []
    listed, held = ([one for one in report.winnable if one.held_out is out] for out in (False, True))
    if len(listed) > MAX_ON_SCREEN:
        blocks: list[Block] = [_people(report, listed)]
        rest = int(report.num_winnable.value or 0) - len(listed)
        if rest > 0:
            blocks.append(Line(text=say("behaviour.leaks.listed_rest", num=rest)))
        folds.append(Fold(title=say("behaviour.leaks.heading.win"), blocks=tuple(blocks)))
    if held:
        folds.append(Fold(title=say("behaviour.leaks.heading.held"), blocks=(_people(report, held),)))
    return folds


def _words_fold(report: LeaksReport) -> list[Block]:
    if not report.topics:
        return []
    keys = ("topic", "dropped", "passed", "ratio", "p")
    grid = Grid(columns=tuple(Say(key=f"behaviour.leaks.column.{key}") for key in keys), rows=tuple(_row(topic) for topic in report.topics))
    rule = say("behaviour.leaks.rule", from_step=_between(report)[0], days=report.around_days, num=report.num_topics)
    return [Fold(title=say("behaviour.leaks.heading.words"), blocks=(Line(text=rule), grid))]


def _row(topic: LeakTopic) -> tuple[Cell, ...]:
    ratio = topic.ratio if topic.ratio.value is not None else None
    return topic.name, topic.share_dropped, topic.share_passed, ratio, topic.p_adjusted


def _groups_fold(report: LeaksReport) -> list[Block]:
    if not report.groups:
        return []
    keys = ("column", "value", "people", "went_on")
    rows = tuple((group.column, group.value, group.people, group.went_on) for group in report.groups)
    return [
        Fold(
            title=say("behaviour.leaks.heading.groups"),
            blocks=(Grid(columns=tuple(Say(key=f"behaviour.leaks.column.{key}") for key in keys), rows=rows),),
        )
    ]
