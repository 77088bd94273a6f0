"""The report of `risk when` as a page: how long people stay, who shorter, when the risk is highest, how many next."""

from __future__ import annotations

from productloop.apps.risk.when_types import WhenReport, WhenSegment
from productloop.foundation.figures import Figure
from productloop.foundation.page import Block, Cell, Chart, Fold, Grid, Heading, Line, Numbers, Page, Series
from productloop.foundation.wording import Say, say

MAX_LINES = 4
MAX_CURVES = 4


def when_page(report: WhenReport) -> Page:
    """The page of a report."""
    title = say("risk.page.when")
    if report.event is None:
        return Page(title=title, blocks=(Line(text=say("risk.line.no_task"), tone="caution"), Line(text=say("risk.line.no_task_next"))))
    event = report.event
    if report.state == "no_duration":
        return Page(title=title, blocks=(Line(text=say("risk.when.no_duration", event=event), tone="caution"),))
    numbers = tuple((say(f"risk.when.label.{key}", event=event), figure) for key, figure in _numbers(report))
    blocks: list[Block] = [Numbers(items=numbers)]
    if report.state != "ok" or report.everybody is None:
        key = "risk.when.nobody" if report.state == "nobody" else "risk.when.few"
        return Page(title=title, blocks=(*blocks, Line(text=Say(key=key, slots={"event": event}), tone="caution"), *_doubts(report)))
    blocks += [Line(text=_half(report, report.everybody, say("risk.when.all"))), *_groups(report, event), *_peak(report, event)]
    blocks += [*_next(report, event), _chart(report, event), *_doubts(report)]
    return Page(title=title, blocks=tuple(blocks), details=tuple(_details(report, event)))


def _numbers(report: WhenReport) -> list[tuple[str, Figure]]:
    found = (("people", report.people), ("left", report.left), ("here", report.here), ("soon", report.soon if report.dated else None))
    return [(key, figure) for key, figure in found if figure is not None]


def _unit(report: WhenReport) -> Say:
    return say(f"risk.when.unit.{report.unit}")


def _time(report: WhenReport, value: Figure | float) -> Say:
    return Say(key=f"risk.when.time.{report.unit}", slots={"n": value if isinstance(value, Figure) else _tidy(value)})


def _half(report: WhenReport, segment: WhenSegment, who: Say) -> Say:
    """By when half are gone, or what share is still there where half never left."""
    event = report.event or say("risk.when.all")
    slots: dict[str, Figure | Say | float] = {"who": who, "event": event, "n": segment.people}
    if segment.median.value is None:
        return Say(key="risk.when.never_half", slots={**slots, "still": segment.still, "at": _time(report, segment.still_at)})
    median = segment.median.model_copy(update={"value": _tidy(float(segment.median.value))})
    if median.low is None or median.high is None:
        return Say(
            key="risk.when.half_open", slots={**slots, "median": _time(report, median), "low": _time(report, segment.median.low or 0.0)}
        )
    ends = {name: _tidy(float(end)) for name, end in (("low", median.low), ("high", median.high))}
    if ends["low"] == ends["high"] == median.value:
        return Say(key="risk.when.half_sure", slots={**slots, "median": _time(report, median)})
    return Say(key="risk.when.half", slots={**slots, "median": _time(report, median), "range": median.model_copy(update=ends)})


def _tidy(value: float) -> float:
    """A time as people say it: whole from ten on, one decimal below."""
    return float(round(value)) if value >= 10 else round(value, 1)


def _who(report: WhenReport, segment: WhenSegment) -> Say:
    return say("risk.when.who", column=report.column or "", value=segment.value)


def _groups(report: WhenReport, event: Say) -> list[Block]:
    if report.column is None:
        key = "risk.when.no_column" if report.columns else "risk.when.no_columns"
        return [Line(text=Say(key=key, slots={"event": event, "num": len(report.columns)}))]
    first = next((one for one in report.columns if one.column == report.column), None)
    differs = first is not None and first.differs
    heading = say("risk.when.heading.groups" if differs and not report.asked_column else "risk.when.heading.asked", column=report.column)
    lines: list[Block] = [Heading(text=heading)]
    if not differs:
        lines.append(Line(text=say("risk.when.not_apart", column=report.column), tone="caution"))
    order = sorted(report.segments, key=lambda one: one.still.value or 0.0)
    shown = order if len(order) <= MAX_LINES else [*order[: MAX_LINES - 1], order[-1]]
    lines += [Line(text=_half(report, one, _who(report, one)), tone="bad" if differs and one is order[0] else "plain") for one in shown]
    if differs:
        lines.append(Line(text=say("risk.when.association", column=report.column), tone="caution"))
    return lines


def _peak(report: WhenReport, event: Say) -> list[Block]:
    if report.peak is None or report.rest is None:
        return [Line(text=say("risk.when.even", event=event))] if len(report.stretches) > 1 else []
    stretch = report.stretches[report.peak]
    slots: dict[str, Figure | Say | float] = {"event": event, "rate": stretch.rate, "rest": report.rest}
    if stretch.end is None:
        return [Line(text=Say(key="risk.when.peak_late", slots={**slots, "start": _time(report, stretch.start)}), tone="bad")]
    if stretch.start == 0:
        return [Line(text=Say(key="risk.when.peak_first", slots={**slots, "end": _time(report, stretch.end)}), tone="bad")]
    return [
        Line(
            text=Say(key="risk.when.peak", slots={**slots, "start": _time(report, stretch.start), "end": _time(report, stretch.end)}),
            tone="bad",
        )
    ]


def _next(report: WhenReport, event: Say) -> list[Block]:
    if report.soon is None or report.later is None or report.here is None or not report.here.value:
        return []
    slots: dict[str, Figure | Say] = {"here": report.here, "event": event, "soon": report.soon, "later": report.later}
    if not report.dated:  # nobody can know over which weeks they left
        return [Line(text=Say(key="risk.when.next_if", slots={**slots}), tone="caution")]
    del slots["soon"]  # stands among the numbers above
    return [Line(text=Say(key="risk.when.next", slots={**slots}))]


def _chart(report: WhenReport, event: Say) -> Chart:
    shown = report.segments[:MAX_CURVES] if report.segments else ((report.everybody,) if report.everybody else ())
    series = tuple(Series(name=one.value or say("risk.when.all"), y=one.survival, low=one.low, high=one.high) for one in shown)
    return Chart(
        form="lines",
        title=say("risk.when.chart", event=event)
        if report.column is None
        else say("risk.when.chart_by", event=event, column=report.column),
        x=tuple(f"{_tidy(age):g}" for age in report.ages),
        series=series,
        share=True,
        x_title=say("risk.when.chart_x", unit=_unit(report)),
    )


def _doubts(report: WhenReport) -> list[Block]:
    found: list[Say] = []
    if not report.dated and report.duration is not None:
        if report.guessed:
            found.append(say("risk.when.guessed", column=report.duration, unit=_unit(report)))
        found.append(say("risk.when.snapshot", column=report.duration))
        if report.left_out:
            found.append(say("risk.when.left_out", columns=", ".join(report.left_out)))
    if report.delayed:
        found.append(say("risk.when.delayed"))
    if report.num_unknown:
        found.append(say("risk.when.unknown", num=report.num_unknown))
    if report.num_at_once:
        found.append(say("risk.when.at_once", num=report.num_at_once))
    return [Line(text=text, tone="caution") for text in (*found, *report.cautions)]


def _details(report: WhenReport, event: Say) -> list[Block]:
    folds: list[Block] = []
    if report.stretches:
        rows: list[tuple[Cell, ...]] = [
            (_span(report, one.start, one.end), one.left, one.rate, _between(one.rate)) for one in report.stretches
        ]
        titles = tuple(say(f"risk.when.column.{name}", event=event) for name in ("stretch", "left", "rate", "between"))
        folds.append(Fold(title=say("risk.when.fold.stretches"), blocks=(Grid(columns=titles, rows=tuple(rows)),)))
    if report.segments:
        rows = [(one.value, one.people, one.left, _median(one), one.still, _between(one.still)) for one in report.segments]
        titles = tuple(say(f"risk.when.column.{name}", event=event) for name in ("value", "people", "left", "half", "still", "between"))
        folds.append(Fold(title=say("risk.when.fold.segments"), blocks=(Grid(columns=titles, rows=tuple(rows)),)))
    if report.columns:
        rows = [
            (one.column, one.people, one.ratio, _between(one.ratio), "< 0.001" if one.adjusted_p < 0.001 else f"{one.adjusted_p:.2g}")
            for one in report.columns
        ]
        titles = tuple(say(f"risk.when.column.{name}", event=event) for name in ("what", "people", "speed", "between", "p"))
        method = Line(text=say("risk.when.method.columns"))
        folds.append(Fold(title=say("risk.when.fold.columns"), blocks=(Grid(columns=titles, rows=tuple(rows)), method)))
    blocks: list[Block] = [Line(text=say("risk.when.method.curve"))]
    if report.order is not None and report.order_uno is not None:
        blocks.append(Line(text=say("risk.when.order", order=report.order, between=_between(report.order), uno=report.order_uno)))
        blocks.append(Line(text=say("risk.when.order_caution" if not report.dated else "risk.when.order_dated")))
    folds.append(Fold(title=say("risk.when.fold.method"), blocks=tuple(blocks)))
    return folds


def _median(segment: WhenSegment) -> Cell:
    return segment.median if segment.median.value is not None else say("risk.when.not_yet")


def _between(figure: Figure) -> Say:
    if figure.value is None or figure.low is None or figure.high is None:
        return say("risk.when.unknown_range")
    low, high = (figure.model_copy(update={"value": float(f"{end:.3g}"), "low": None, "high": None}) for end in (figure.low, figure.high))
    return say("risk.when.between", low=low, high=high)


def _span(report: WhenReport, start: float, end: float | None) -> Say:
    if end is None:
        return say("risk.when.from", start=_time(report, start))
    return say("risk.when.from_to", start=_tidy(start), end=_time(report, end))
