"""The report of `lifecycle` as a page: does the product gain or lose people, the picture, the numbers folded."""

from __future__ import annotations

from typing import Literal

from productloop.apps.behaviour._labels import known_names
from productloop.apps.behaviour._page_parts import doubts, number, of_hundred
from productloop.apps.behaviour.lifecycle_types import LifecyclePeriod, LifecycleReport
from productloop.foundation.page import Block, Chart, Fold, Grid, Line, Page, Series
from productloop.foundation.wording import Say, say

MAX_LINES = 5
TONES: dict[str, Literal["plain", "good", "bad"]] = {"more": "good", "less": "bad", "same": "plain"}
STATES = ("new", "returning", "resurrecting", "dormant")


def lifecycle_page(report: LifecycleReport) -> Page:
    """The page of a report."""
    title = say("behaviour.lifecycle.title")
    if not report.periods:
        return Page(title=title, blocks=(Line(text=say("behaviour.lifecycle.nothing")), *doubts(report.cautions)))
    blocks: list[Block] = [*_lead(report), *_clearest(report), Line(text=_rule(report)), _chart(report), *_split(report)]
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
    if report.net.value is not None and report.net.low is not None and report.net.high is not None:
        low, high = round(report.net.low), round(report.net.high)
        fewer = report.judged == "less"
        ends = {"net": abs(int(report.net.value)), "low": -high if fewer else low, "high": -low if fewer else high}
        span = say(f"behaviour.lifecycle.span_{report.period}", num=report.num_counted)
        text = say(f"behaviour.lifecycle.net_{report.judged}", span=span, came=report.came, went=report.went, **ends)
        lines.append(Line(text=text, tone=TONES[report.judged]))
    lines.append(Line(text=say(f"behaviour.lifecycle.last_{report.period}", start=last.start, **figures)))
    return lines


def _clearest(report: LifecycleReport) -> list[Block]:
    """The value whose people came again clearly less (else more) often than all others."""
    if report.by is None or report.last is None:
        return []
    if not report.num_values:
        return [Line(text=say("behaviour.split.nothing", column=report.by), tone="caution")]
    for judged in ("less", "more"):
        clear = [part for part in report.parts if part.judged == judged]
        if clear and report.stayed is not None:
            part = max(clear, key=lambda one: abs(float(one.stayed.value or 0) - float(report.stayed.value or 0)) if report.stayed else 0.0)
            slots = {"column": report.by, "value": part.value, "stayed": of_hundred(part.stayed), "all": of_hundred(report.stayed)}
            text = Say(key=f"behaviour.lifecycle.part_{judged}_{report.period}", slots={**slots})
            return [Line(text=text, tone="bad" if judged == "less" else "good")]
    return [Line(text=say("behaviour.lifecycle.part_same", column=report.by))]


def _split(report: LifecycleReport) -> list[Block]:
    """Active people of the largest values over time, and the newest period by value."""
    if report.by is None or not report.num_values or report.last is None:
        return []
    lines = Chart(
        form="lines",
        title=say("behaviour.chart.lifecycle_by", column=report.by),
        x=tuple(period.start for period in report.periods),
        series=tuple(Series(name=part.value, y=part.by_period) for part in report.parts[:MAX_LINES]),
    )
    columns = (
        say("behaviour.column.value"),
        *(say(f"behaviour.lifecycle.{name}") for name in ("active", "new", "resurrecting", "dormant", "stayed")),
    )
    rows = tuple(
        (part.value, part.active, part.new, part.resurrecting, part.dormant,
         part.stayed if part.stayed.value is not None else None, say(f"behaviour.split.{part.judged}"))
        for part in report.parts
    )  # fmt: skip
    title = say(f"behaviour.lifecycle.by_{report.period}", column=report.by, start=report.periods[report.last].start)
    blocks: list[Block] = [
        lines,
        Grid(title=title, columns=(*columns, say("behaviour.split.judged")), rows=rows),
        *([Line(text=report.split_rule)] if report.split_rule is not None else []),
        Line(text=say("behaviour.lifecycle.judged")),
    ]
    if report.several is not None and report.several.value:
        blocks.append(Line(text=say("behaviour.split.several", people=report.several), tone="caution"))
    return blocks


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
    return Fold(
        title=say("behaviour.fold.lifecycle"), blocks=(Grid(columns=columns, rows=rows), Line(text=say("behaviour.lifecycle.net_rule")))
    )
