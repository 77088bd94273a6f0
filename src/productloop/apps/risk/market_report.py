"""The report of `market` as a page: who moved and on what, what it means for us, where everyone stands, what to look at."""

from __future__ import annotations

from typing import Any

from productloop.apps.risk.market_types import Gap, MarketReport, Standing
from productloop.foundation.figures import Figure
from productloop.foundation.page import Block, Cell, Chart, Fold, Grid, Heading, Line, Page, Quotes, Series
from productloop.foundation.wording import Say, Text, say

MAX_MOVED, MAX_ROWS, MAX_CHARTS, MAX_LOOK = 4, 14, 2, 5
LOOK_WEEKS = 10
"""A move longer ago is told, but is no news of this week."""
IMPORTS = ("reviews", "metrics", "changes")


def market_page(report: MarketReport) -> Page:
    """The page of a report."""
    title = say("risk.market.title")
    if report.state == "none":
        lines = [Line(text=Say(key=f"risk.market.import_{name}")) for name in IMPORTS]
        return Page(title=title, blocks=(Line(text=say("risk.market.none"), tone="caution"), *lines))
    if report.state == "ours_unknown":
        names = [say("risk.market.product", name=name) for name in report.products]
        text = say("risk.market.ours_unknown", products=names)
        return Page(title=title, blocks=(Line(text=text, tone="caution"), Line(text=say("risk.market.say_ours"))))
    blocks = [*_moved(report), *_look(report), *_meaning(report), *_table(report), *_charts(report)]
    blocks += [Line(text=caution, tone="caution") for caution in report.cautions]
    return Page(title=title, blocks=tuple(blocks), details=tuple(_folds(report)))


def _who(one: Standing) -> Say:
    key = "risk.market.who_ours" if one.ours else "risk.market.who"
    if not one.place:
        return Say(key=key, slots={"product": one.product})
    return Say(key=f"{key}_at", slots={"product": one.product, "place": " · ".join(one.place)})


def _what(one: Standing) -> Say:
    return Say(key=f"risk.market.what.{one.what}", slots={"name": one.name} if one.what == "other" else {})


def _tone(one: Standing) -> Any:
    if one.better is None:
        return "plain"
    return "good" if one.better == one.ours else "bad"


def _moved(report: MarketReport) -> list[Block]:
    blocks: list[Block] = []
    told: set[str] = set()
    moved = [one for one in report.standings if one.moved]
    for one in moved[:MAX_MOVED]:
        blocks.append(Line(text=_sentence(one), tone=_tone(one)))
        if one.release is not None and one.release_day is not None:
            blocks.append(Line(text=say("risk.market.release", release=_plain(one.release), day=one.release_day)))
        if one.blamed is not None:
            key = "risk.market.blamed_less" if one.better else "risk.market.blamed_more"
            slots: dict[str, Any] = {"topic": one.blamed.topic, "before": one.blamed.before, "after": one.blamed.after}
            blocks.append(Line(text=Say(key=key, slots=slots)))
            topic = f"{one.product} {one.blamed.topic}"
            blocks += [Quotes(rows=one.blamed.quotes)] if topic not in told else []
            told.add(topic)
        elif one.source == "reviews" and report.has_topics:
            blocks.append(Line(text=say("risk.market.no_blame")))
    if not moved:
        num = report.num_compared
        text = say("risk.market.quiet", weeks=len(report.weeks), num=num) if num else say("risk.market.too_short")
        blocks.append(Line(text=text, tone="good" if num else "caution"))
    return blocks


def _sentence(one: Standing) -> Say:
    slots: dict[str, Any] = {"who": _who(one), "what": _what(one), "was": _hundredths(one.from_level), "now": _hundredths(one.to_level)}
    slots["since"] = one.since or ""
    slots["verb"] = _verb(one)
    if one.what == "price":
        return Say(key="risk.market.price_moved", slots=slots)
    if one.since_first == one.since_last:
        return Say(key="risk.market.moved", slots=slots)
    return Say(key="risk.market.moved_between", slots={**slots, "first": one.since_first or "", "last": one.since_last or ""})


def _verb(one: Standing) -> Say:
    """Down or up; a rank goes neither way in words, since a larger number is a lower rank."""
    was, now = (0.0 if figure is None else float(figure.value or 0) for figure in (one.from_level, one.to_level))
    if one.what in ("rank", "other"):
        return say("risk.market.verb.to")
    return say("risk.market.verb.down") if now < was else say("risk.market.verb.up")


def _hundredths(figure: Figure | None) -> Figure | None:
    if figure is None:
        return None
    digits = 2 if abs(float(figure.value or 0)) < 100 else 0
    ends = {
        name: None if end is None else round(float(end), digits) for name in ("value", "low", "high") for end in [getattr(figure, name)]
    }
    return figure.model_copy(update=ends)


def _plain(title: Say | Text | str) -> Say | str:
    return say("risk.market.product", name=title) if isinstance(title, Text) else title


# what to look at ---------------------------------------------------------------------------------------------------------


def _look(report: MarketReport) -> list[Block]:
    lately = report.weeks[-LOOK_WEEKS:][0] if report.weeks else ""
    lines = [Line(text=_look_at(one)) for one in report.standings if one.moved and (one.since or "") >= lately]
    lines += [Line(text=say("risk.market.look.worse", topic=gap.topic)) for gap in report.gaps if gap.kind == "worse"][:1]
    for happened in [one for one in report.happened if one.recent][:2]:
        product = happened.product or say("risk.market.look.someone")
        lines.append(Line(text=say("risk.market.look.happened", day=happened.day, product=product, title=_plain(happened.title))))
    unique = list({line.model_dump_json(): line for line in lines}.values())[:MAX_LOOK]
    return [Heading(text=say("risk.market.heading.look")), *(unique or [Line(text=say("risk.market.look.nothing"))])]


def _look_at(one: Standing) -> Say:
    since = one.since or ""
    if one.ours and one.better is False:
        return say("risk.market.look.ours", since=since)
    if one.better is None or one.ours or one.source == "metrics":
        return say("risk.market.look.moved", product=one.product, what=_what(one), since=since)
    if one.better:
        return say("risk.market.look.rose", product=one.product, since=since)
    if one.blamed is not None:
        return say("risk.market.look.fell_topic", product=one.product, topic=one.blamed.topic)
    return say("risk.market.look.fell", product=one.product, since=since)


def _meaning(report: MarketReport) -> list[Block]:
    blocks: list[Block] = [Heading(text=say("risk.market.heading.meaning"))]
    missing = {"few": "gap_few", "no_topics": "gap_topics", "no_reviews": "gap_reviews"}.get(report.compared_topics)
    if missing is not None:
        return [*blocks, Line(text=Say(key=f"risk.market.{missing}"), tone="caution")]
    if not report.gaps:
        return [*blocks, Line(text=say("risk.market.no_gap"))]
    for gap in report.gaps:
        blocks += [Line(text=_gap(gap), tone="good" if gap.kind == "serve" else "bad"), Quotes(rows=gap.quotes)]
    return blocks


def _gap(gap: Gap) -> Say:
    slots: dict[str, Any] = {"topic": gap.topic, "theirs": gap.theirs, "ours": gap.ours}
    if gap.kind == "serve":
        slots["product"] = gap.product
    if gap.ratio.value is None:
        return Say(key=f"risk.market.{gap.kind}_only", slots={name: value for name, value in slots.items() if not _unsaid(gap, name)})
    return Say(key=f"risk.market.{gap.kind}", slots={**slots, "ratio": _tenths(gap.ratio)})


def _unsaid(gap: Gap, name: str) -> bool:
    """The side on which nobody says it has no number."""
    return name == ("ours" if gap.kind == "serve" else "theirs")


def _tenths(figure: Figure) -> Figure:
    ends = {name: None if end is None else round(float(end), 1) for name in ("value", "low", "high") for end in [getattr(figure, name)]}
    return figure.model_copy(update=ends)


# table, charts, details --------------------------------------------------------------------------------------------------


def _between(figure: Figure) -> Cell:
    rounded = _hundredths(figure)
    if rounded is None or rounded.value is None or rounded.low is None or rounded.high is None:
        return rounded
    ends = {
        name: rounded.model_copy(update={"value": getattr(rounded, name), "low": None, "high": None}) for name in ("value", "low", "high")
    }
    return Say(key="risk.market.between", slots={**ends})


def _columns(*names: str) -> tuple[Say, ...]:
    return tuple(say(f"risk.market.column.{name}") for name in names)


def _row(one: Standing) -> tuple[Cell, ...]:
    num = (one.now.n or 0) if one.source == "reviews" else 0
    size = one.now.model_copy(update={"value": num, "unit": "number", "low": None, "high": None}) if num else None
    was, now = (one.from_level, one.to_level) if one.moved and one.from_level and one.to_level else (one.was, one.now)
    return (say("risk.market.who_what", who=_who(one), what=_what(one)), _between(was), _between(now), size)


def _table(report: MarketReport) -> list[Block]:
    if not report.standings:
        return []
    grid = Grid(
        columns=_columns("product", "was", "now", "num"),
        rows=tuple(_row(one) for one in report.standings[:MAX_ROWS]),
    )
    return [Heading(text=say("risk.market.heading.table")), grid, Line(text=say("risk.market.table_note"))]


def _charts(report: MarketReport) -> list[Block]:
    """The moved ratings, else the rating with most reviews; ours of the same place beside it."""
    ratings = [one for one in report.standings if one.what == "rating" and sum(y is not None for y in one.weekly) >= 4]
    shown = [one for one in ratings if one.moved][:MAX_CHARTS] or [one for one in ratings if not one.ours][:1]
    charts: list[Block] = []
    for one in shown:
        series = [Series(name=say("risk.market.ours") if one.ours else one.product, y=one.weekly)]
        beside = next((two for two in ratings if two.ours != one.ours and two.place == one.place and two.source == one.source), None)
        if beside is not None:
            series.append(Series(name=say("risk.market.ours") if beside.ours else beside.product, y=beside.weekly))
        place = " · ".join(one.place)
        title = say("risk.market.chart_at", product=one.product, place=place) if place else say("risk.market.chart", product=one.product)
        marks = tuple((day, _plain(mark)) for day, mark in report.marks)
        charts.append(Chart(form="lines", title=title, x=report.weeks, series=tuple(series), marks=marks))
    return charts


def _folds(report: MarketReport) -> list[Block]:
    folds: list[Block] = []
    rows: list[tuple[Cell, ...]]
    if report.standings:
        rows = [
            (_who(one), _what(one), "" if one.p is None else f"{one.p:.4f}", one.since or "", one.release_day or "")
            for one in report.standings
        ]
        grid = Grid(columns=_columns("product", "what", "p", "since", "day"), rows=tuple(rows))
        folds.append(Fold(title=say("risk.market.fold.series"), blocks=(Line(text=say("risk.market.how")), grid)))
    if report.happened:
        rows = [(one.day, one.product or "", _plain(one.title)) for one in report.happened]
        grid = Grid(columns=_columns("day", "product", "title"), rows=tuple(rows))
        folds.append(Fold(title=say("risk.market.fold.happened"), blocks=(grid,)))
    return folds
