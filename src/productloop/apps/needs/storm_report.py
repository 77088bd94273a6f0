"""The report of `storm` as a page: what, since when, how many people and whether it still runs; then who, where, what they want, replies."""

from __future__ import annotations

from productloop.apps.needs._storm import FALSE_ALARMS, LEVEL_DAYS, MIN_RATIO, MIN_VOICES
from productloop.apps.needs.storm_types import Reply, StormChart, StormDetail, StormLine, StormReport, WhereLine
from productloop.foundation.figures import Figure
from productloop.foundation.page import Block, Cell, Chart, Fold, Grid, Heading, Line, Page, Quotes, Series
from productloop.foundation.wording import Say, say

NUM_TOPICS = 5


def page(report: StormReport) -> Page:
    """The page of a report."""
    blocks = [*_lead(report), *_flares(report)]
    detail = report.detail
    if detail is not None:
        blocks += [
            *_who(report, detail),
            *_where(report, detail),
            *_about(report, detail),
            *_asks(report, detail),
            *_replies(report.replies),
        ]
    if report.chart is not None:
        blocks.append(_chart(report, report.chart))
    return Page(title=say("needs.storm.title"), blocks=tuple(blocks), details=_details(report))


def _lead(report: StormReport) -> list[Block]:
    detail = report.detail
    unit = "days" if report.dates_only else "hours"
    if report.state == "empty":
        return [Line(text=say("needs.storm.empty"), tone="caution")]
    if report.state in ("undated", "short"):
        if detail is None:
            return [Line(text=say("needs.storm.calm"))]
        people, copies = _unhappy(report, detail.people), detail.copies
        text = say("needs.storm.undated", people=people, copies=copies)
        if report.state == "short":
            text = say("needs.storm.short", days=report.days, recent=_unhappy(report, report.last_day), people=people, copies=copies)
        return [Line(text=text, tone="caution")]
    last, usual = _unhappy(report, report.last_day), _usual(report, report.usual)
    now = say(f"needs.storm.now.{unit}", people=last, usual=usual)
    quiet = say(f"needs.storm.none.{unit}", people=last, usual=usual)
    if detail is None or detail.line is None:
        return [Line(text=quiet, tone="good")]
    if report.state == "running" and detail.line.running:
        return [Line(text=_told(report, "running", detail.line, detail), tone="bad"), Line(text=now)]
    if report.state == "over" and detail.line.number == 1:
        return [Line(text=_told(report, "over", detail.line, detail)), Line(text=now)]
    first = now if report.state == "running" else quiet
    key = "last" if detail.line.number == 1 else "earlier"
    return [Line(text=first), Line(text=_told(report, key, detail.line, detail))]


def _head(report: StormReport) -> str:
    return "people" if report.counts_people else "texts"


def _unhappy(report: StormReport, figure: Figure) -> Say:
    return say(f"needs.storm.unhappy.{_head(report)}", num=figure)


def _num(report: StormReport, figure: Figure) -> Say:
    return say(f"needs.storm.num.{_head(report)}", num=figure)


def _usual(report: StormReport, figure: Figure) -> Say:
    return say("needs.storm.usual.hardly" if not figure.high else f"needs.storm.usual.{_head(report)}", num=figure)


def _told(report: StormReport, key: str, line: StormLine, detail: StormDetail) -> Say:
    named = [topic for topic in detail.topics if topic.name.key != "needs.varied"]
    about = say("needs.storm.about", topic=named[0].name) if named else say("needs.storm.about.none")
    start, people, usual = line.start, _unhappy(report, line.people), _usual(report, line.usual)
    if key == "running":
        return say("needs.storm.running", start=start, people=people, usual=usual, about=about)
    return say(f"needs.storm.{key}", start=start, end=line.end, people=people, usual=usual, about=about)


def _flares(report: StormReport) -> list[Block]:
    """Topics that flared of late; during a storm of everything they are among its topics."""
    if report.state == "running":
        return []
    recent = [flare for flare in report.topic_storms if flare.recent][:3]
    return [
        Line(
            text=say(
                "needs.storm.topic",
                topic=flare.name,
                start=flare.start,
                end=flare.end,
                people=_unhappy(report, flare.people),
                usual=_usual(report, flare.usual),
            ),
            tone="bad",
        )
        for flare in recent
    ]


def _who(report: StormReport, detail: StormDetail) -> list[Block]:
    blocks: list[Block] = []
    if detail.line is not None:
        blocks.append(Line(text=say("needs.storm.when", peak=detail.line.peak)))
    if not report.counts_people:
        blocks.append(Line(text=say("needs.storm.who.unsigned", texts=detail.texts, copies=detail.copies)))
    elif detail.copies.value:
        slots = {"texts": detail.texts, "accounts": detail.accounts, "copies": detail.copies, "people": detail.people}
        blocks.append(Line(text=say("needs.storm.who", **slots)))
    else:
        blocks.append(Line(text=say("needs.storm.who.plain", texts=detail.texts, accounts=detail.accounts)))
    if detail.new_authors.value:
        blocks.append(Line(text=say("needs.storm.new", new=detail.new_authors)))
    return blocks


def _where(report: StormReport, detail: StormDetail) -> list[Block]:
    if detail.line is None:
        return []
    blocks: list[Block] = [
        Line(text=say("needs.storm.where", value=_place(line), people=_num(report, line.people), share=line.share, before=line.before))
        for line in detail.where
    ]
    if not blocks:
        blocks.append(Line(text=say("needs.storm.nowhere")))
    changes = [say("needs.storm.change", date=change.date, title=change.title, kind=change.kind) for change in detail.changes]
    blocks += [Line(text=change, tone="caution") for change in changes]
    return blocks


def _place(line: WhereLine) -> Say:
    value: Say | str = say(f"needs.language.{line.value}") if line.column == "language" else line.value
    return say(f"needs.topics.over.{line.column}", value=value)


def _about(report: StormReport, detail: StormDetail) -> list[Block]:
    blocks: list[Block] = []
    if detail.topics:
        people = say("needs.column.people" if report.counts_people else "needs.column.texts")
        columns: tuple[Say, ...] = (say("needs.column.topic"), people, say("needs.column.share"))
        before = detail.line is not None
        columns += (say("needs.storm.column.before"), say("needs.storm.column.more")) if before else ()
        rows: list[tuple[Cell, ...]] = []
        for topic in detail.topics[:NUM_TOPICS]:
            more = say("needs.storm.more") if topic.storms else None
            known = topic.before if topic.before.value is not None else None
            rows.append((topic.name, topic.people, topic.share, *((known, more) if before else ())))
        blocks.append(Grid(title=say("needs.storm.topics"), columns=columns, rows=tuple(rows)))
    elif detail.words:
        blocks.append(Line(text=say("needs.storm.words", words=", ".join(detail.words))))
    if detail.quotes:
        blocks += [Heading(text=say("needs.storm.quotes")), Quotes(rows=detail.quotes)]
    return blocks


def _asks(report: StormReport, detail: StormDetail) -> list[Block]:
    blocks: list[Block] = [Heading(text=say("needs.storm.asks"))]
    for ask in detail.asks:
        other = ask.name is None or ask.name.key == "needs.varied"
        text = say("needs.storm.ask.other", people=_num(report, ask.people))
        if ask.name is not None and not other:
            text = say("needs.storm.ask", topic=ask.name, people=_num(report, ask.people))
        blocks += [Line(text=text), Quotes(rows=ask.quotes)]
    return blocks if detail.asks else [*blocks, Line(text=say("needs.storm.asks.none"))]


def _replies(replies: tuple[Reply, ...]) -> list[Block]:
    if not replies:
        return []
    blocks: list[Block] = [Heading(text=say("needs.storm.replies"))]
    for reply in replies:
        blocks.append(Line(text=say(f"needs.storm.reply.{reply.language}", text=reply.text)))
        if reply.source == "provider":
            blocks.append(Line(text=say("needs.storm.reply.provider"), tone="caution"))
    return blocks


def _chart(report: StormReport, chart: StormChart) -> Chart:
    title = say("needs.storm.chart.people" if report.counts_people else "needs.storm.chart.texts")
    seen = Series(name=say("needs.storm.chart.seen"), y=chart.people)
    usual = Series(name=say("needs.storm.chart.usual"), y=chart.usual, low=chart.low, high=chart.high)
    return Chart(form="lines", title=title, x=chart.days, series=(seen, usual))


def _details(report: StormReport) -> tuple[Block, ...]:
    blocks: list[Block] = []
    people = say("needs.column.people" if report.counts_people else "needs.column.texts")
    if report.storms:
        columns = tuple(say(f"needs.storm.column.{name}") for name in ("number", "start", "end", "peak"))
        rows: list[tuple[Cell, ...]] = [
            (str(line.number), line.start, line.end, line.peak, line.people, line.usual) for line in report.storms
        ]
        grid = Grid(columns=(*columns, people, say("needs.storm.column.usual")), rows=tuple(rows))
        blocks.append(Fold(title=say("needs.storm.history"), blocks=(grid,)))
    if report.topic_storms:
        its: list[tuple[Cell, ...]] = [(flare.name, flare.start, flare.end, flare.people, flare.usual) for flare in report.topic_storms]
        head = (say("needs.column.topic"), say("needs.storm.column.start"), say("needs.storm.column.end"))
        grid = Grid(columns=(*head, people, say("needs.storm.column.usual")), rows=tuple(its))
        blocks.append(Fold(title=say("needs.storm.topic_history"), blocks=(grid,)))
    if report.detail is not None and report.detail.copied:
        copied: list[Block] = []
        for copy in report.detail.copied:
            copied += [Line(text=say("needs.storm.copied", copies=copy.copies, accounts=copy.accounts)), Quotes(rows=(copy.quote,))]
        blocks.append(Fold(title=say("needs.storm.copies"), blocks=tuple(copied)))
    method = say("needs.storm.method", level=LEVEL_DAYS, voices=MIN_VOICES, ratio=MIN_RATIO, chance=round(100 * FALSE_ALARMS))
    blocks.append(Fold(title=say("needs.storm.fold"), blocks=(Line(text=method),)))
    return tuple(blocks)
