"""The report of `performance` as a page: who met a fault, where it is worse, what it costs; tables folded."""

from __future__ import annotations

from productloop.apps.behaviour._page_parts import doubts, number
from productloop.apps.behaviour.performance_types import Cost, PerformanceReport
from productloop.foundation.figures import Figure
from productloop.foundation.page import Block, Cell, Chart, Fold, Grid, Line, Page, Series
from productloop.foundation.wording import Say, say

MAX_LINES = 3


def performance_page(report: PerformanceReport) -> Page:
    """The page of a report."""
    title = say("behaviour.performance.title")
    if report.state != "ok":
        key = "behaviour.performance.nothing" if report.state == "nothing" else "behaviour.performance.no_events"
        return Page(title=title, blocks=(Line(text=Say(key=key), tone="caution"), *doubts(report.cautions)))
    blocks: list[Block] = []
    if report.has_faults:
        blocks.append(Line(text=say("behaviour.performance.met", active=report.active, people=report.people, share=report.share)))
    if report.timings:
        first = next((one for one in report.timings if one.label == report.timed), report.timings[0])
        blocks.append(Line(text=say("behaviour.performance.slowest", event=first.label, median=first.median, ninety=first.ninety)))
    blocks += [*_places(report), *_costs(report), Line(text=say("behaviour.performance.rule"))]
    if not report.has_faults:
        blocks.append(Line(text=say("behaviour.performance.no_faults"), tone="caution"))
    if not report.has_durations:
        blocks.append(Line(text=say("behaviour.performance.no_durations"), tone="caution"))
    return Page(title=title, blocks=(*blocks, *_charts(report), *doubts(report.cautions)), details=(_fold(report),))


def _places(report: PerformanceReport) -> list[Block]:
    lines: list[Block] = []
    for place in [one for one in report.places if one.worse][:MAX_LINES]:
        text = say(
            "behaviour.performance.worse", column=place.column, value=place.value, here=place.faults, elsewhere=place.faults_elsewhere
        )
        lines.append(Line(text=text, tone="bad"))
    for place in [one for one in report.places if one.slower and report.timed is not None][:MAX_LINES]:
        text = say(
            "behaviour.performance.slower",
            column=place.column,
            value=place.value,
            event=report.timed or "",
            ratio=_tenths(place.slowness),
            median=place.median,
        )
        lines.append(Line(text=text, tone="bad"))
    return lines or ([Line(text=say("behaviour.performance.even"))] if report.places else [])


def _tenths(figure: Figure) -> Figure:
    """Ends to a tenth: a ratio such as 1.62 reads as 1.6."""
    ends = {name: None if end is None else round(end, 1) for name, end in (("low", figure.low), ("high", figure.high))}
    return figure.model_copy(update=ends)


def _costs(report: PerformanceReport) -> list[Block]:
    worse = [cost for cost in report.costs if cost.clear and float(cost.difference.value or 0) < 0]
    lines: list[Block] = [Line(text=_cost_sentence(report, cost), tone="bad") for cost in worse]
    if not worse and report.costs:
        lines.append(Line(text=say("behaviour.performance.no_cost")))
    if any(cost.clear and float(cost.difference.value or 0) > 0 for cost in report.costs):
        lines.append(Line(text=say("behaviour.performance.better"), tone="caution"))
    return lines


def _cost_sentence(report: PerformanceReport, cost: Cost) -> Say:
    who = say(f"behaviour.performance.met_{cost.met}")
    low, high = float(cost.difference.low or 0), float(cost.difference.high or 0)
    gap = cost.difference.model_copy(update={"low": abs(high), "high": abs(low)})
    slots: dict[str, Figure | Say | list[Say] | int | float | str] = {"who": who, "gap": gap}
    if cost.outcome == "stars":
        slots |= {"here": cost.here, "elsewhere": cost.elsewhere}
    else:
        slots["lost"] = cost.lost
    if cost.outcome == "conversion":
        slots["goal"] = report.goal or ""
    return Say(key=f"behaviour.performance.cost_{cost.outcome}", slots={**slots})


def _charts(report: PerformanceReport) -> list[Block]:
    found: list[Block] = []
    if len(report.weeks) < 2:
        return found
    if report.has_faults:
        y = tuple(number(figure) for figure in report.fault_weeks)
        title = say("behaviour.performance.chart_faults")
        found.append(Chart(form="lines", title=title, x=report.weeks, series=(Series(name=title, y=y),), share=True))
    if report.timed is not None:
        y = tuple(number(figure) for figure in report.timing_weeks)
        title = say("behaviour.performance.chart_median", event=report.timed)
        found.append(Chart(form="lines", title=title, x=report.weeks, series=(Series(name=title, y=y),)))
    return found


def _fold(report: PerformanceReport) -> Fold:
    def columns(*names: str) -> tuple[Say, ...]:
        return tuple(say(f"behaviour.performance.{name}") for name in names)

    blocks: list[Block] = [Line(text=say("behaviour.performance.fold_text"))]
    if report.faults:
        rows: list[tuple[Cell, ...]] = [(one.label, one.people, one.share, one.times) for one in report.faults]
        blocks.append(
            Grid(title=say("behaviour.performance.faults"), columns=columns("event", "people", "share", "times"), rows=tuple(rows))
        )
    if report.timings:
        rows = [(one.label, one.people, _between(one.median), _between(one.ninety), _between(one.ninety_nine)) for one in report.timings]
        titles = columns("event", "people", "median", "ninety", "ninety_nine")
        blocks.append(Grid(title=say("behaviour.performance.timings"), columns=titles, rows=tuple(rows)))
    if report.places:
        rows = [
            (f"{one.column} = {one.value}", one.people, one.faults, one.faults_elsewhere, one.median, _between(one.slowness))
            for one in report.places
        ]
        titles = columns("where", "people", "here", "elsewhere", "median", "slowness")
        blocks.append(Grid(title=say("behaviour.performance.places"), columns=titles, rows=tuple(rows)))
    if report.costs:
        rows = [
            (
                say(f"behaviour.performance.met_{one.met}"),
                say(f"behaviour.performance.outcome_{one.outcome}"),
                one.people,
                one.here,
                one.elsewhere,
                _between(one.difference),
                _between(one.ratio),
            )
            for one in report.costs
        ]
        titles = columns("where", "outcome", "people", "here", "elsewhere", "difference", "ratio")
        blocks.append(Grid(title=say("behaviour.performance.costs"), columns=titles, rows=tuple(rows)))
    return Fold(title=say("behaviour.performance.title"), blocks=tuple(blocks))


def _between(figure: Figure) -> Cell:
    if figure.value is None or figure.low is None or figure.high is None:
        return None
    ends = {"low": figure.low, "high": figure.high, "value": figure.value}
    parts = {name: figure.model_copy(update={"value": float(f"{end:.3g}"), "low": None, "high": None}) for name, end in ends.items()}
    return Say(key="behaviour.performance.between", slots={**parts})
