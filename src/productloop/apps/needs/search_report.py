"""The report of `search` as a page: the texts, and the topics they belong to."""

from __future__ import annotations

from productloop.apps.needs.search_types import SearchReport
from productloop.foundation.page import Block, Fold, Grid, Line, Page, Quotes
from productloop.foundation.wording import say


def page(report: SearchReport) -> Page:
    """The page of a report."""
    title = say("needs.search.title", query=report.query)
    if not report.results:
        return Page(title=title, blocks=(Line(text=say("needs.search.nothing"), tone="caution"),))
    blocks: list[Block] = [
        Line(text=say("needs.search.lead", query=report.query, found=report.found, searched=report.searched)),
        Quotes(rows=tuple(result.quote for result in report.results)),
    ]
    if report.topics:
        columns = (say("needs.column.topic"), say("needs.column.results"), say("needs.column.people"))
        rows = tuple((topic.name, topic.results, topic.people) for topic in report.topics)
        blocks.append(Grid(title=say("needs.search.topics"), columns=columns, rows=rows))
    columns = (say("needs.column.row"), say("needs.column.language"), say("needs.column.closeness"))
    near = tuple((result.quote, say(f"needs.language.{result.language}"), result.closeness) for result in report.results)
    return Page(
        title=title, blocks=tuple(blocks), details=(Fold(title=say("needs.search.fold"), blocks=(Grid(columns=columns, rows=near),)),)
    )
