"""The report of `ledger` as a page: how many topics and what changed, the changes as sentences, the table; commands in the fold."""

from __future__ import annotations

from productloop.apps.needs.ledger_types import ChangeLine, LedgerReport, LedgerTopic
from productloop.foundation.figures import Figure
from productloop.foundation.page import Block, Cell, Fold, Grid, Heading, Line, Page
from productloop.foundation.wording import Say, say

MAX_CHANGES, MAX_TOPICS = 12, 20
SENTENCES = {"new": "new", "grew": "grew", "shrank": "shrank", "split": "split_off", "merged": "merged_in", "faded": "faded"}
TOLD_WITH_OTHERS = ("split", "merged")


def page(report: LedgerReport) -> Page:
    """The page of a report."""
    title = say("needs.ledger.title")
    if not report.enough:
        few = say("needs.lead.empty") if not report.texts.value else say("needs.ledger.few", texts=report.texts, missing=report.missing)
        return Page(title=title, blocks=(Line(text=few, tone="caution"),))
    blocks: list[Block] = [] if report.done is None else [Line(text=report.done)]
    blocks.append(Line(text=_lead(report)))
    if report.changes:
        blocks.append(Heading(text=say("needs.ledger.heading.changes")))
        blocks += [Line(text=_sentence(change, counts_people=report.counts_people)) for change in report.changes[:MAX_CHANGES]]
    live = [topic for topic in report.topics if topic.state == "live"]
    gone = [topic for topic in report.topics if topic.state != "live"]
    blocks.append(_grid(live[:MAX_TOPICS], report, say("needs.ledger.grid" if len(live) <= MAX_TOPICS else "needs.ledger.grid.largest")))
    details: list[Block] = [_next(live, has_hand=report.done is not None)]
    if len(live) > MAX_TOPICS:
        rest = _grid(live[MAX_TOPICS:], report)
        details.append(Fold(title=say("needs.ledger.fold.rest"), blocks=(rest,)))
    if gone:
        details.append(Fold(title=say("needs.ledger.grid.gone"), blocks=(_gone(gone),)))
    details.append(Fold(title=say("needs.ledger.fold.how"), blocks=(Line(text=say("needs.ledger.how")),)))
    return Page(title=title, blocks=tuple(blocks), details=tuple(details))


def _lead(report: LedgerReport) -> Say:
    if report.since is not None:
        since = say("needs.ledger.since", since=report.since)
    elif report.changes or report.num_same.value:
        since = say("needs.ledger.since_last")
    else:
        return say("needs.ledger.lead.first", topics=report.num_topics)
    if not report.changes:
        return say("needs.ledger.lead.same", topics=report.num_topics, since=since)
    counts = [say(f"needs.ledger.count.{kind}", num=number) for kind, number in report.counts.items()]
    return say("needs.ledger.lead", topics=report.num_topics, since=since, changes=counts)


def _sentence(change: ChangeLine, *, counts_people: bool) -> Say:
    def heads(number: Figure) -> Say:
        return say("needs.ledger.people" if counts_people else "needs.ledger.texts", num=number)

    key = SENTENCES[change.kind]
    if change.kind == "faded" and change.others:
        key = "faded_into"
    elif change.kind in TOLD_WITH_OTHERS and not change.others:
        key = "new"
    slots: dict[str, Say | list[Say]] = {
        "name": change.name,
        "now": heads(change.now),
        "was": heads(change.was),
        "others": list(change.others),
    }
    wanted = {"new": ("now",), "faded": ("was",), "faded_into": ("was", "others"), "grew": ("was", "now"), "shrank": ("was", "now")}
    return say(f"needs.ledger.{key}", **{name: slots[name] for name in ("name", *wanted.get(key, ("others", "now")))})


def _grid(topics: list[LedgerTopic], report: LedgerReport, title: Say | None = None) -> Grid:
    people = say("needs.column.people" if report.counts_people else "needs.column.texts")
    keys = ("id", "topic", "people", "first_seen", "last_seen", "held")
    rows: list[tuple[Cell, ...]] = []
    for topic in topics:
        by_hand = say("needs.topics.held" if topic.held else "needs.topics.auto")
        rows.append((topic.id, topic.name, topic.people, topic.first_seen, topic.last_seen, by_hand))
    columns = tuple(people if key == "people" else say(f"needs.column.{key}") for key in keys)
    return Grid(title=title, columns=columns, rows=tuple(rows))


def _gone(topics: list[LedgerTopic]) -> Grid:
    columns = (say("needs.column.id"), say("needs.column.topic"), say("needs.ledger.column.state"), say("needs.ledger.column.into"))
    rows = tuple((topic.id, topic.name, say(f"needs.ledger.gone.{topic.state}"), topic.into) for topic in topics)
    return Grid(columns=columns, rows=rows)


def _next(live: list[LedgerTopic], *, has_hand: bool) -> Fold:
    lines: list[Say] = []
    if live:
        first = live[0].id
        lines += [say(f"needs.ledger.try.{name}", id=first) for name in ("rename", "split", "pin")]
    if len(live) > 1:
        lines.append(say("needs.ledger.try.merge", id=live[1].id, other=live[0].id))
    lines += [say("needs.ledger.try.define"), say("needs.ledger.try.refit")]
    if has_hand:
        lines.append(say("needs.ledger.try.undo"))
    return Fold(title=say("needs.ledger.fold.try"), blocks=tuple(Line(text=line) for line in lines))
