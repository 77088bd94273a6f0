"""The first page: data until when -> last decisions -> none to three changes -> decide today -> what not to believe this week.

One record serves terminal, HTML and JSON; it is kept, so that `productloop decide 1 ...` knows which finding is meant.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from html import escape
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict

from productloop.foundation.figures import Figure
from productloop.foundation.page import Block, Heading, Line, Numbers, Page, Quotes
from productloop.foundation.wording import Language, Say, say
from productloop.interfaces.answering import day_of
from productloop.loop.action import SourceState
from productloop.loop.decisions import Followed, Offer
from productloop.loop.store import TIMED

STALE_DAYS = 2
REVIEW_DAYS = 28
NUM_CAUTIONS = 6
EXPECTED = ("feedback", "events", "actors", "orders")
DAY_US = 86_400_000_000


class Skipped(BaseModel):
    """Something that could not be made, with the reason in both languages."""

    model_config = ConfigDict(frozen=True)

    name_zh: str
    name_en: str
    reason_zh: str
    reason_en: str


class Made(BaseModel):
    """One report of a run."""

    model_config = ConfigDict(frozen=True)

    action: str
    title_zh: str
    title_en: str
    report: str
    headline: Say | None = None
    """The first sentence of its page."""


class FirstPage(BaseModel):
    """What the first page says, without rendered text."""

    model_config = ConfigDict(frozen=True)

    product: str
    simulated: bool
    time_zone: str
    as_of: int | None
    made_at: int
    sources: tuple[SourceState, ...]
    offers: tuple[Offer, ...] = ()
    followed: tuple[Followed, ...] = ()
    cautions: tuple[Say, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    unreadable: tuple[Skipped, ...] = ()
    reports: tuple[Made, ...] = ()

    def quote_rows(self) -> list[str]:
        """Rows that the page quotes."""
        return [row for offer in self.offers for row in offer.finding.quotes[:2]]


def build_page(record: FirstPage, language: Language) -> Page:
    """The page; `language` picks the words of errors and the example of a command, all else waits for the renderer."""
    blocks = [
        *_data(record, language),
        Heading(text=say("first.decisions")),
        *_decisions(record),
        Heading(text=say("first.changes")),
        *_changes(record),
        Heading(text=say("first.decide")),
        *_decide(record),
        Heading(text=say("first.doubt")),
        *(Line(text=caution, tone="caution") for caution in record.cautions[:NUM_CAUTIONS]),
        *([] if record.cautions else [Line(text=say("first.nothing_to_doubt"))]),
        *_headlines(record),
    ]
    details: list[Block] = [Line(text=caution, tone="caution") for caution in record.cautions[NUM_CAUTIONS:]]
    if record.skipped:
        details += [Heading(text=say("first.skipped")), *(_skipped(entry, "first.skipped_one", language) for entry in record.skipped)]
    return Page(title=say("first.title", product=record.product), blocks=tuple(blocks), details=tuple(details))


def _data(record: FirstPage, language: Language) -> list[Block]:
    until = day_of(record.as_of, record.time_zone)
    blocks: list[Block] = [Heading(text=say("first.until", day=until) if until else say("first.no_dates"))]
    if not record.sources:
        return [*blocks, Line(text=say("first.no_data"), tone="caution")]
    if record.as_of is not None and not record.simulated and record.made_at - record.as_of > STALE_DAYS * DAY_US:
        blocks.append(Line(text=say("first.old", num=(record.made_at - record.as_of) // DAY_US), tone="caution"))
    blocks.append(Line(text=say("first.sources", sources=[_source(state, record.time_zone) for state in record.sources])))
    for state in record.sources:
        if state.table in TIMED and _lags(state.until, record.as_of):
            day = day_of(state.until, record.time_zone) or ""
            blocks.append(Line(text=say("first.stale", table=say(f"table.{state.table}"), day=day), tone="caution"))
    missing = [say(f"table.{name}") for name in EXPECTED if name not in {state.table for state in record.sources}]
    if missing:
        blocks.append(Line(text=say("first.missing", tables=missing)))
    return blocks + [_unreadable(entry, language) for entry in record.unreadable]


def _source(state: SourceState, time_zone: str) -> Say:
    table, day = say(f"table.{state.table}"), day_of(state.until, time_zone)
    return (
        say("first.source", table=table, num=state.num_rows, day=day)
        if day
        else say("first.source_undated", table=table, num=state.num_rows)
    )


def _lags(until: int | None, as_of: int | None) -> bool:
    return until is not None and as_of is not None and as_of - until > STALE_DAYS * DAY_US


def _unreadable(entry: Skipped, language: Language) -> Line:
    reason = entry.reason_zh if language == "zh" else entry.reason_en
    return Line(text=say("first.unreadable", file=entry.name_en, reason=reason), tone="bad")


def _skipped(entry: Skipped, key: str, language: Language) -> Line:
    title, reason = (entry.name_zh, entry.reason_zh) if language == "zh" else (entry.name_en, entry.reason_en)
    return Line(text=say(key, title=title, reason=reason))


def _decisions(record: FirstPage) -> list[Block]:
    if not record.followed:
        return [Line(text=say("first.no_decisions"))]
    blocks: list[Block] = []
    for entry in record.followed:
        decided = day_of(entry.decided_at, record.time_zone) or ""
        choice = say(f"decide.choice.{entry.choice}")
        blocks.append(Line(text=say("first.decided", finding=entry.offer.finding.text, day=decided, choice=choice)))
        if entry.verdict == "too_early":
            blocks.append(Line(text=say("first.too_early", day=day_of(entry.review_at, record.time_zone) or "")))
        elif entry.was is not None and entry.now is not None:
            tone = {"worked": "good", "did_not": "bad"}.get(entry.verdict, "plain")
            blocks.append(Line(text=say(f"first.{entry.verdict}", was=entry.was, now=entry.now), tone=tone))  # type: ignore[arg-type]
        else:
            blocks.append(Line(text=say(f"first.{entry.verdict}")))
    return blocks


def _changes(record: FirstPage) -> list[Block]:
    if not record.offers:
        return [Line(text=say("first.quiet"), tone="good")]
    blocks: list[Block] = []
    for number, offer in enumerate(record.offers, 1):
        finding = offer.finding
        blocks.append(Line(text=say("first.finding", number=number, finding=finding.text)))
        sides = ("others", "those") if finding.apart else ("was", "now")
        named = (("people", finding.people), (sides[0], finding.was), (sides[1], finding.now), ("money", finding.money))
        figures: list[tuple[Say, Figure]] = [(say(f"first.{name}"), figure) for name, figure in named if figure is not None]
        if figures:
            blocks.append(Numbers(items=tuple(figures)))
        if finding.advice is not None:
            blocks.append(Line(text=finding.advice))
        if finding.quotes:
            blocks.append(Quotes(rows=finding.quotes[:2]))
    return blocks


def _headlines(record: FirstPage) -> list[Block]:
    """Where things stand, a sentence from each report: what a first import or a quiet week leaves to read."""
    lines = [Line(text=made.headline) for made in record.reports if made.headline is not None]
    return [Heading(text=say("first.stand")), *lines] if lines else []


def _decide(record: FirstPage) -> list[Block]:
    if not record.offers:
        return [Line(text=say("first.nothing_to_decide"))]
    review = datetime.fromtimestamp(record.made_at / 1e6, UTC).astimezone(ZoneInfo(record.time_zone)) + timedelta(days=REVIEW_DAYS)
    commands = [Line(text=say("first.command", number=number, day=review.date())) for number in range(1, len(record.offers) + 1)]
    return [Line(text=say("first.how")), *commands]


def with_links(document: str, title: str, links: Sequence[tuple[str, str]]) -> str:
    """An HTML page with a list of links (address, name) at its end; addresses are names of files beside it."""
    items = "".join(f'<li><a href="{escape(address)}">{escape(name)}</a></li>' for address, name in links)
    before, mark, after = document.rpartition("</main>")
    return f"{before}<nav><h2>{escape(title)}</h2>\n<ul>{items}</ul></nav>\n{mark}{after}"
