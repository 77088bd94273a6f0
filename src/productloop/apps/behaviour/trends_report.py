"""The report of `trends` as a page: the newest number against the one before, whether that is usual, the pictures, the numbers."""

from __future__ import annotations

from productloop.apps.behaviour._page_parts import doubts
from productloop.apps.behaviour.trends_types import TrendLine, TrendsReport
from productloop.foundation.figures import Figure
from productloop.foundation.page import Block, Chart, Fold, Grid, Line, Page, Series
from productloop.foundation.wording import Say, say

MAX_LISTED = 60


def trends_page(report: TrendsReport) -> Page:
    """The page of a report."""
    totals = [line for line in report.lines if line.value is None]
    title = say("behaviour.trends.title")
    if report.last_start is None or not totals:
        return Page(title=title, blocks=(Line(text=say("behaviour.trends.too_early")), *doubts(report.cautions)))
    blocks: list[Block] = [block for line in totals for block in _lead(report, line)]
    blocks += [_rule(report), *_charts(report, totals), *_split(report), *doubts(report.cautions)]
    return Page(title=title, blocks=tuple(blocks), details=(_numbers(report, totals), *_changes(report)))


def _lead(report: TrendsReport, line: TrendLine) -> list[Block]:
    if line.last.value is None:
        return [Line(text=say("behaviour.trends.not_known", name=line.name, start=report.last_start or ""))]
    slots: dict[str, Figure | Say | str] = {"name": line.name, "start": report.last_start or "", "last": line.last}
    if line.change.value is None:
        return [Line(text=say(f"behaviour.trends.only_{report.period}", **slots))]
    way = "same" if line.change.value == 0 else "more" if line.change.value > 0 else "less"
    size = line.change.model_copy(update={"value": abs(line.change.value)})
    text = say(f"behaviour.trends.{way}_{report.period}", **slots, before=line.before, size=size)
    if line.standing == "unknown" or way == "same":
        return [Line(text=text)]
    return [Line(text=text), Line(text=say(f"behaviour.trends.{line.standing}"))]


def _rule(report: TrendsReport) -> Line:
    if report.per_person:
        return Line(text=say("behaviour.trends.rule_per_person"))
    return Line(text=say("behaviour.trends.rule"))


def _charts(report: TrendsReport, totals: list[TrendLine]) -> list[Block]:
    """One picture where all metrics have the same unit, else one each; the breakdown in pictures of its own."""
    if report.by is not None:
        return [_chart(report, line.name, [one for one in report.lines if one.metric == line.metric and one.value]) for line in totals]
    if len({line.unit for line in totals}) == 1:
        return [_chart(report, totals[0].name if len(totals) == 1 else say("behaviour.chart.trends"), totals)]
    return [_chart(report, line.name, [line]) for line in totals]


def _chart(report: TrendsReport, title: Say | str, lines: list[TrendLine]) -> Chart:
    series = [Series(name=line.value or line.name, y=line.values) for line in lines]
    if report.moving and report.by is None:
        series += [Series(name=say("behaviour.chart.moving", name=line.name, num=report.moving), y=line.moving) for line in lines]
    said = say("behaviour.chart.trend", name=title)
    if report.by is not None:
        said = say("behaviour.chart.trend_by", name=title, column=report.by)
    return Chart(form="lines", title=said, x=report.periods, series=tuple(series), share=all(line.unit == "share" for line in lines))


def _split(report: TrendsReport) -> list[Block]:
    if report.by is None:
        return []
    rows = tuple(
        (line.value, line.name, _known(line.last), _known(line.before), _known(line.change)) for line in report.lines if line.value
    )
    columns = (
        say("behaviour.column.value"),
        say("behaviour.label.metric"),
        say("behaviour.label.last"),
        say("behaviour.label.before"),
        say("behaviour.label.change"),
    )
    note = say("behaviour.by_person" if report.by_person else "behaviour.trends.by", column=report.by, num=report.num_values)
    return [Grid(columns=columns, rows=rows), Line(text=note)]


def _known(figure: Figure) -> Figure | None:
    return figure if figure.value is not None else None


def _numbers(report: TrendsReport, totals: list[TrendLine]) -> Fold:
    """The newest periods of every metric."""
    newest = list(enumerate(report.periods))[-MAX_LISTED:]
    rows = tuple(
        (
            say("behaviour.trends.running", start=start) if report.running and place == len(report.periods) - 1 else start,
            *(_cell(line, place) for line in totals),
        )
        for place, start in newest
    )
    columns = (say(f"behaviour.label.from_{report.period}"), *(_title(line.name) for line in totals))
    return Fold(title=say("behaviour.fold.trends"), blocks=(Grid(columns=columns, rows=rows),))


def _title(name: str | Say) -> Say:
    return name if isinstance(name, Say) else say("behaviour.trends.name", name=name)


def _cell(line: TrendLine, place: int) -> Figure | None:
    value = line.values[place]
    if value is None:
        return None
    key = line.last.id.removesuffix("_last")
    return line.last.model_copy(update={"id": f"{key}_{place}", "value": value, "definition": "behaviour.d.trends_value"})


def _changes(report: TrendsReport) -> list[Block]:
    if not report.changes:
        return []
    columns = (say("behaviour.label.from_day"), say("behaviour.label.changed"))
    return [Fold(title=say("behaviour.fold.trends_changes"), blocks=(Grid(columns=columns, rows=report.changes),))]
