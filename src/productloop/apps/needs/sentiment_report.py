"""The report of `sentiment` as a page: how many are unhappy, what about, where more than elsewhere; how far to trust it in the fold."""

from __future__ import annotations

from productloop.apps.needs.sentiment_types import SegmentLine, SentimentReport
from productloop.foundation.page import Block, Cell, Chart, Fold, Grid, Heading, Line, Numbers, Page, Quotes, Series
from productloop.foundation.wording import Say, say


def page(report: SentimentReport) -> Page:
    """The page of a report."""
    title = say("needs.mood.title")
    if not report.felt.value:
        return Page(
            title=title, blocks=(Line(text=say("needs.mood.nothing" if report.people.value else "needs.lead.empty"), tone="caution"),)
        )
    heads = "people" if report.counts_people else "texts"
    blocks: list[Block] = [Line(text=say(f"needs.mood.lead.{heads}", felt=report.felt, unhappy=report.unhappy, happy=report.happy))]
    if report.counts_people:
        blocks.append(Line(text=say("needs.mood.ever", ever=report.ever)))
    if report.topics:
        parts = [say("needs.types.topic", topic=topic.name, people=topic.people) for topic in report.topics]
        blocks.append(Line(text=say("needs.mood.about", topics=parts)))
    differing = [line for line in report.segments if line.differs]
    for line in differing:
        more = (line.share.value or 0) > (line.rest.value or 0)
        text = say("needs.mood.more" if more else "needs.mood.less", part=_part(line), share=line.share, rest=line.rest)
        blocks.append(Line(text=text, tone="bad" if more else "good"))
    if report.segments and not differing:
        blocks.append(Line(text=say("needs.mood.alike")))
    moods = (("unhappy", report.unhappy), ("neutral", report.neutral), ("happy", report.happy))
    blocks.append(Numbers(items=tuple((say(f"needs.mood.{name}"), figure) for name, figure in moods)))
    if len(report.weeks) > 1:
        y, low, high = (tuple(week[place] for week in report.by_week) for place in range(3))
        series = Series(name=say("needs.chart.unhappy_series"), y=y, low=low, high=high)
        blocks.append(Chart(form="lines", title=say("needs.chart.unhappy"), x=report.weeks, series=(series,), share=True))
    if report.quotes:
        blocks += [Heading(text=say("needs.mood.quotes")), Quotes(rows=report.quotes)]
    return Page(title=title, blocks=tuple(blocks), details=_details(report))


def _part(line: SegmentLine) -> Say:
    value: Say | str = say(f"needs.language.{line.value}") if line.column == "language" else line.value
    return say(f"needs.topics.over.{line.column}", value=value)


def _details(report: SentimentReport) -> tuple[Block, ...]:
    details: list[Block] = []
    if report.segments:
        rows: list[tuple[Cell, ...]] = [(_part(line), line.people, line.share, line.rest) for line in report.segments]
        columns = tuple(say(f"needs.mood.column.{key}") for key in ("part", "people", "share", "rest"))
        details.append(Fold(title=say("needs.mood.fold.parts"), blocks=(Grid(columns=columns, rows=tuple(rows)),)))
    sources: tuple[tuple[Cell, ...], ...] = tuple((say(f"needs.sentiment.{name}"), figure) for name, figure in report.judged_by.items())
    trust: list[Block] = [Grid(columns=(say("needs.mood.column.source"), say("needs.column.texts")), rows=sources)]
    trust += [
        Line(text=say("needs.mood.check", level=round(100 * line.level), right=line.right, texts=line.right.n or 0))
        for line in report.checks
    ]
    if not report.checks:
        trust.append(Line(text=say("needs.mood.unchecked")))
    details.append(Fold(title=say("needs.mood.fold.trust"), blocks=tuple(trust)))
    if report.unsure:
        details.append(Fold(title=say("needs.mood.fold.unsure"), blocks=(Quotes(rows=report.unsure),)))
    return tuple(details)
