"""The report of `lifecycle` as a page: does the product gain or lose people, the picture, the numbers folded."""

from __future__ import annotations

from productloop.apps.behaviour._labels import known_names
from productloop.apps.behaviour._page_parts import doubts, number
from productloop.apps.behaviour.lifecycle_types import LifecyclePeriod, LifecycleReport
from productloop.foundation.page import Block, Chart, Fold, Grid, Line, Page, Series
from productloop.foundation.wording import Say, say

STATES = ("new", "returning", "resurrecting", "dormant")


def lifecycle_page(report: LifecycleReport) -> Page:
    """The page of a report."""
    title = say("behaviour.lifecycle.title")
    if not report.periods:
        return Page(title=title, blocks=(Line(text=say("behaviour.lifecycle.nothing")), *doubts(report.cautions)))
    blocks: list[Block] = [*_lead(report), Line(text=_rule(report)), _chart(report)]
    if report.known_before.value:
        blocks.append(Line(text=say("behaviour.lifecycle.known_before", people=report.known_before)))
    blocks += doubts(report.cautions)
    names = known_names([(report.event, report.event_label)] if report.event and report.event_label else [])
    return Page(title=title, blocks=tuple(blocks), details=(_grid(report), *names))


def _lead(report: LifecycleReport) -> list[Block]:
    if report.last is None:
        return [Line(text=say("behaviour.lifecycle.too_early"))]
    last = report.periods[report.last]
    figures = {name: getattr(last, name) for name in ("active", *STATES)}
    lines: list[Block] = []
    if report.balance.value is not None:
        gains = float(report.balance.value) >= 1
        key = f"behaviour.lifecycle.{'grows' if gains else 'shrinks'}_{report.period}"
        text = say(key, num=report.num_counted, came=report.came, went=report.went)
        lines.append(Line(text=text, tone="good" if gains else "bad"))
    lines.append(Line(text=say(f"behaviour.lifecycle.last_{report.period}", start=last.start, **figures)))
    return lines


def _rule(report: LifecycleReport) -> Say:
    if report.event_label is None:
        return say("behaviour.lifecycle.rule", event=say("behaviour.retention.any"))
    return say("behaviour.lifecycle.rule", event=say("behaviour.retention.event", name=report.event_label))


def _chart(report: LifecycleReport) -> Chart:
    def bar(period: LifecyclePeriod, state: str) -> float | None:
        value = number(getattr(period, state))
        return -value if value is not None and state == "dormant" else value

    return Chart(
        form="bars",
        title=say("behaviour.chart.lifecycle"),
        stacked=True,
        x=tuple(period.start for period in report.periods),
        series=tuple(
            Series(name=say(f"behaviour.lifecycle.{state}"), y=tuple(bar(period, state) for period in report.periods)) for state in STATES
        ),
    )


def _grid(report: LifecycleReport) -> Fold:
    columns = (say(f"behaviour.label.from_{report.period}"), *(say(f"behaviour.lifecycle.{name}") for name in ("active", *STATES)))
    rows = tuple(
        (
            period.start if period.over else say("behaviour.lifecycle.running", start=period.start),
            *(getattr(period, name) if getattr(period, name).value is not None else None for name in ("active", *STATES)),
        )
        for period in report.periods
    )
    return Fold(title=say("behaviour.fold.lifecycle"), blocks=(Grid(columns=columns, rows=rows),))
