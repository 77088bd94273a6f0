"""The report of `sessions` as a page: how often, how long, with what, and what hangs on the definition."""

from __future__ import annotations

from productloop.apps.behaviour._labels import known_names
from productloop.apps.behaviour._page_parts import doubts, number, of_hundred
from productloop.apps.behaviour.sessions_types import EdgeEvent, SessionsPart, SessionsReport
from productloop.foundation.page import Block, Cell, Chart, Fold, Grid, Line, Numbers, Page, Series
from productloop.foundation.wording import Say, say

MIN_CHANGE, RECENT, MIN_KNOWN = 0.1, 4, 8
"""A change of visits per person is said from a tenth on: the mean of the last periods against as many before."""


def sessions_page(report: SessionsReport) -> Page:
    """The page of a report."""
    title = say("behaviour.sessions.title")
    if report.state == "none":
        return Page(title=title, blocks=(Line(text=say("behaviour.sessions.none")), *doubts(report.cautions)))
    total = report.total
    blocks: list[Block] = [
        Line(
            text=say(
                "behaviour.sessions.lead",
                people=total.people,
                visits=total.visits,
                each=total.each,
                minutes=total.median_minutes,
                events=total.median_events,
                long=total.p90_minutes,
            )
        ),
        *_change(report),
        Line(text=say("behaviour.sessions.single", percent=of_hundred(total.single))),
        Numbers(
            items=(
                (say("behaviour.label.visits"), total.visits),
                (say("behaviour.label.people"), total.people),
                (say("behaviour.label.visits_each"), total.each),
            )
        ),
        Line(text=_rule(report)),
        *_chart(report),
        *_by(report),
        _events("first_events", report.first),
        _events("last_events", report.last),
        *doubts(report.cautions),
    ]
    return Page(title=title, blocks=tuple(blocks), details=(*_periods(report), *_silences(report), *known_names(report.named)))


def _rule(report: SessionsReport) -> Say:
    if report.own_sessions:
        return say("behaviour.sessions.rule_own")
    return say("behaviour.sessions.rule", minutes=report.silence_minutes)


def _change(report: SessionsReport) -> list[Block]:
    """Whether people come more or less often than before, where enough whole periods are known."""
    known = [value for value in (number(row.each) for row in report.periods) if value is not None]
    if len(known) < MIN_KNOWN:
        return []
    recent, before = (sum(part) / RECENT for part in (known[-RECENT:], known[-2 * RECENT : -RECENT]))
    if abs(recent - before) < MIN_CHANGE * before:
        return []
    key = "more" if recent > before else "less"
    return [Line(text=say(f"behaviour.sessions.{key}", recent=recent, before=before), tone="good" if recent > before else "bad")]


def _chart(report: SessionsReport) -> list[Block]:
    if sum(number(row.visits) is not None for row in report.periods) < 2:
        return []
    series = Series(name=say("behaviour.label.visits"), y=tuple(number(row.visits) for row in report.periods))
    title = say(f"behaviour.chart.visits_{report.period}")
    return [Chart(form="lines", title=title, x=tuple(row.start for row in report.periods), series=(series,))]


def _by(report: SessionsReport) -> list[Block]:
    if not report.parts or report.by is None:
        return []
    names = ("visits_each", "median_minutes", "p90_minutes", "median_events", "single_event")
    columns = (say("behaviour.column.value"), say("behaviour.label.visits"), say("behaviour.label.people"))
    rows: list[tuple[Cell, ...]] = [_row(part) for part in (*report.parts, report.total)]
    title = say("behaviour.heading.sessions_by", column=report.by)
    return [Grid(title=title, columns=(*columns, *(say(f"behaviour.label.{name}") for name in names)), rows=tuple(rows))]


def _row(part: SessionsPart) -> tuple[Cell, ...]:
    return (part.value, part.visits, part.people, part.each, part.median_minutes, part.p90_minutes, part.median_events, part.single)


def _events(heading: str, lines: tuple[EdgeEvent, ...]) -> Grid:
    columns = tuple(say(f"behaviour.column.{name}") for name in ("event", "of_visits", "people"))
    return Grid(
        title=say(f"behaviour.heading.{heading}"), columns=columns, rows=tuple((line.label, line.share, line.people) for line in lines)
    )


def _periods(report: SessionsReport) -> list[Block]:
    columns = (
        say("behaviour.column.period"),
        *(say(f"behaviour.label.{name}") for name in ("visits", "people", "visits_each", "median_minutes")),
    )
    rows: list[tuple[Cell, ...]] = []
    for row in report.periods:
        cells = [figure if figure.value is not None else None for figure in (row.visits, row.people, row.each, row.median_minutes)]
        rows.append((row.start, *cells))
    return [Fold(title=say("behaviour.fold.sessions_periods"), blocks=(Grid(columns=columns, rows=tuple(rows)),))]


def _silences(report: SessionsReport) -> list[Block]:
    if not report.silences:
        return []
    columns = tuple(say(f"behaviour.label.{name}") for name in ("silence", "visits", "median_minutes"))
    rows = tuple((f"{line.minutes:g}", line.visits, line.median_minutes) for line in report.silences)
    blocks = (Line(text=say("behaviour.sessions.silences")), Grid(columns=columns, rows=rows))
    return [Fold(title=say("behaviour.fold.silences"), blocks=blocks)]
