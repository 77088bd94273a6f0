"""The report of `topics` as a page: the map, the topics, who says which more; everything else in the fold."""

from __future__ import annotations

from productloop.apps.needs._charts import topic_map, weekly
from productloop.apps.needs.topics_types import OverLine, TopicDetail, TopicsReport
from productloop.foundation.page import Block, Cell, Fold, Grid, Heading, Line, Page, Quotes
from productloop.foundation.wording import Say, say


def page(report: TopicsReport) -> Page:
    """The page of a report; of one topic everything, of many the overview."""
    title = say("needs.topics.title")
    if not report.enough or not report.topics:
        few = say("needs.lead.empty") if not report.texts.value else say("needs.topics.few", texts=report.texts, missing=report.missing)
        return Page(title=title, blocks=(Line(text=few, tone="caution"),))
    if report.one:
        return Page(title=title, blocks=tuple(block for topic in report.topics for block in _one(topic, report)))
    first = report.topics[0].line
    lead = say("needs.topics.lead", people=report.people, topics=report.num_topics, first=first.name, most=first.people)
    blocks: list[Block] = [Line(text=lead)]
    if report.groups:
        blocks.append(_groups(report))
    lines, places = [topic.line for topic in report.topics], [(topic.across, topic.up) for topic in report.topics]
    blocks += [topic_map(lines, places), _grid(report)]
    return Page(title=title, blocks=tuple(blocks), details=(_numbers(report),))


def over_text(over: OverLine) -> Say:
    """Words for one kind of people or texts, such as “version 2.1”."""
    value: Say | str = say(f"needs.language.{over.value}") if over.column == "language" else over.value
    return say(f"needs.topics.over.{over.column}", value=value)


def _one(topic: TopicDetail, report: TopicsReport) -> list[Block]:
    line = topic.line
    blocks: list[Block] = [
        Heading(text=line.name),
        Line(text=say("needs.topics.one", topic=line.name, people=line.people, share=line.share)),
    ]
    if line.first_seen is not None:
        blocks.append(Line(text=say("needs.topics.seen", first=line.first_seen, last=line.last_seen or "")))
    blocks += [Line(text=say("needs.topics.over", value=over_text(over), ratio=over.ratio, people=over.people)) for over in topic.over]
    if not topic.over:
        blocks.append(Line(text=say("needs.topics.over_none")))
    if len(report.weeks) > 1:
        blocks.append(weekly([line], report.weeks, report.counts_people))
    blocks.append(Quotes(rows=line.quotes, dissent=line.dissent))
    return blocks


def _grid(report: TopicsReport) -> Grid:
    keys = ("topic", "state", "people", "share", "unhappy", "over")
    rows: list[tuple[Cell, ...]] = []
    for topic in report.topics:
        line = topic.line
        over = over_text(topic.over[0]) if topic.over else None
        rows.append((line.name, say(f"needs.state.{line.state}"), line.people, line.share, line.unhappy_share, over))
    people = say("needs.column.people" if report.counts_people else "needs.column.texts")
    columns = tuple(people if key == "people" else say(f"needs.column.{key}") for key in keys)
    return Grid(title=say("needs.topics.grid"), columns=columns, rows=tuple(rows))


def _groups(report: TopicsReport) -> Grid:
    people = say("needs.column.people" if report.counts_people else "needs.column.texts")
    rows = tuple((group.name, group.people, group.share, group.unhappy_share) for group in report.groups)
    columns = (say("needs.column.topic"), people, say("needs.column.share"), say("needs.column.unhappy"))
    return Grid(title=say("needs.topics.groups"), columns=columns, rows=rows)


def _numbers(report: TopicsReport) -> Fold:
    keys = ("id", "topic", "stars", "drag", "first_seen", "last_seen", "stability", "cohesion", "held", "keywords")
    rows: list[tuple[Cell, ...]] = []
    for topic in report.topics:
        line = topic.line
        stars, drag = (figure if figure.value is not None else None for figure in (line.stars, line.drag))
        by_hand = say("needs.topics.held" if line.held else "needs.topics.auto")
        seen = (line.first_seen, line.last_seen)
        rows.append((line.id, line.name, stars, drag, *seen, line.stability, line.cohesion, by_hand, ", ".join(line.keywords[:5])))
    grid = Grid(columns=tuple(say(f"needs.column.{key}") for key in keys), rows=tuple(rows))
    return Fold(title=say("needs.fold.all_numbers"), blocks=(Line(text=say("needs.method.topics")), grid))
