"""The report of `types` as a page: how many report something broken and how many are leaving, then each kind in people's words."""

from __future__ import annotations

from productloop.apps.needs.kinds_types import KindLine, TypesReport
from productloop.foundation.figures import Figure
from productloop.foundation.page import Block, Cell, Chart, Fold, Grid, Heading, Line, Page, Quotes, Series
from productloop.foundation.wording import Say, say

TOLD = ("churn_threat", "bug", "complaint", "request", "question")
DRAWN = ("bug", "complaint", "churn_threat")
MIN_DRAWN_WEEKS = 2


def page(report: TypesReport) -> Page:
    """The page of a report."""
    title = say("needs.types.title")
    if not report.enough:
        return Page(title=title, blocks=(Line(text=say("needs.lead.empty"), tone="caution"),))
    kinds = {line.kind: line for line in report.kinds}
    heads = "people" if report.counts_people else "texts"
    leaving, broken = kinds["churn_threat"].people, kinds["bug"].people
    slots: dict[str, Figure | Say | str] = {"people": report.people, "broken": broken}
    lead = say(f"needs.types.lead.{heads}", leaving=leaving, **slots) if leaving.value else say(f"needs.types.lead.{heads}.stay", **slots)
    blocks: list[Block] = [Line(text=lead), _grid(report)]
    if len(report.weeks) >= MIN_DRAWN_WEEKS:
        series = tuple(
            Series(name=say(f"needs.kind.{name}"), y=tuple(None if v is None else float(v) for v in kinds[name].by_week))
            for name in DRAWN
            if kinds[name].people.value
        )
        blocks.append(Chart(form="lines", title=say(f"needs.types.chart.{heads}"), x=report.weeks, series=series))
    for name in TOLD:
        if kinds[name].people.value:
            blocks += _told(kinds[name])
    if len(report.by_version) > 1:
        blocks.append(_versions(report))
    blocks.append(
        Line(text=say("needs.types.caution.model" if report.by_model else "needs.types.caution.cold", unsure=report.unsure), tone="caution")
    )
    return Page(
        title=title, blocks=tuple(blocks), details=(Fold(title=say("needs.types.fold"), blocks=(Line(text=say("needs.types.method")),)),)
    )


def _grid(report: TypesReport) -> Grid:
    people = say("needs.column.people" if report.counts_people else "needs.column.texts")
    rows: list[tuple[Cell, ...]] = []
    for line in report.kinds:
        top = line.topics[0].name if line.topics and line.kind != "other" else None
        rows.append((say(f"needs.kind.{line.kind}"), line.people, line.share, top))
    columns = (say("needs.types.column.kind"), people, say("needs.column.share"), say("needs.types.column.most"))
    return Grid(title=say("needs.types.grid"), columns=columns, rows=tuple(rows))


def _told(line: KindLine) -> list[Block]:
    blocks: list[Block] = [Heading(text=say(f"needs.kind.{line.kind}"))]
    if line.topics:
        parts = [say("needs.types.topic", topic=topic.name, people=topic.people) for topic in line.topics]
        blocks.append(Line(text=say("needs.types.about", topics=parts)))
    return [*blocks, Quotes(rows=line.quotes)]


def _versions(report: TypesReport) -> Chart:
    values = [line.share for line in report.by_version]
    y, low, high = (tuple(getattr(value, part) for value in values) for part in ("value", "low", "high"))
    series = Series(name=say("needs.kind.bug"), y=y, low=low, high=high)
    return Chart(
        form="ranges", title=say("needs.types.versions"), x=tuple(line.version for line in report.by_version), series=(series,), share=True
    )
