"""The report of `opportunities` as a page: what to build first and why, the list with its certainty, quotes; the methods in folds."""

from __future__ import annotations

from productloop.apps.needs.opportunities_types import Evidence, MarketLine, OpportunitiesReport, OpportunityLine, OtherOrder, SeverityLine
from productloop.foundation.figures import Figure
from productloop.foundation.page import Block, Cell, Chart, Fold, Grid, Heading, Line, Page, Quotes, Series
from productloop.foundation.wording import Say, say

Slots = dict[str, Figure | Say | str]

SURE = 0.9
SETTLED_PAIRS = 2
"""Neighbours at the top whose order is judged in a sentence."""
QUOTED = 3
"""Opportunities with quotes on the first screen."""
SHOWN_ROWS = 12
"""Quotes of an evidence pack on the page; the ids of all stand in the fold."""


def page(report: OpportunitiesReport) -> Page:
    """The page of a report."""
    title = say("needs.opportunities.title")
    if not report.enough:
        few = say("needs.lead.empty") if not report.people.value else say("needs.opportunities.few", missing=report.missing)
        return Page(title=title, blocks=(Line(text=few, tone="caution"),))
    if report.evidence is not None:
        return _evidence(report, report.evidence)
    named = [line for line in report.severities if line.named]
    blocks: list[Block] = [_lead(report, named)]
    if report.market.state == "unnamed":
        blocks.append(Line(text=say("needs.market.unnamed", products=report.market.num_products), tone="caution"))
    first = report.opportunities[0].id if report.opportunities else ""
    blocks += [_leaving(report, line, line.topic == first) for line in named]
    if report.opportunities:
        blocks += [_grid(report), *_between(report), *_other_first(report), _chart(report)]
        blocks += [block for line in report.opportunities[:QUOTED] for block in _quotes(line)]
    blocks += _market(report)
    details: list[Block] = []
    if report.opportunities:
        details += [_reach(report), _other_scores(report), _orders(report)]
    details += [_outcome(report), _tested(report)]
    return Page(title=title, blocks=tuple(blocks), details=tuple(details))


def with_range(figure: Figure) -> Cell:
    """A number with its interval, as a cell."""
    if figure.value is None or figure.low is None:
        return figure if figure.value is not None else None
    return say("needs.opportunities.range", value=figure)


def _lead(report: OpportunitiesReport, named: list[SeverityLine]) -> Line:
    if not report.opportunities:
        return Line(text=say("needs.opportunities.none"), tone="good")
    first = report.opportunities[0]
    window = say("needs.window", since=report.window_since) if report.window_since else say("needs.window.all")
    reason = (
        say("needs.opportunities.reason.leaving", ratio=first.leaving)
        if report.is_leaving and first.id in {n.topic for n in named}
        else None
    )
    kind = "people" if report.counts_people else "texts"
    key = f"needs.opportunities.lead.{kind}" if reason is None else "needs.opportunities.lead.leaving"
    slots: Slots = {
        "topic": first.name,
        "window": window,
        "unhappy": first.unhappy,
        "people": report.people,
        "first": first.first,
    }
    if reason is not None:
        slots["reason"] = reason
    sure = (first.first.value or 0) >= SURE
    return Line(text=say(key, sure=say(f"needs.opportunities.{'sure' if sure else 'unsure'}", first=first.first), **slots))


def _leaving(report: OpportunitiesReport, line: SeverityLine, is_first: bool) -> Line:
    key = "needs.opportunities.leaving" if report.is_leaving and report.dated_outcome else "needs.opportunities.outcome"
    if is_first and key.endswith("leaving"):
        slots: Slots = {"days": str(report.window_days), "ratio": line.ratio, "theirs": line.theirs, "others": line.others}
        return Line(text=say("needs.opportunities.leaving.first", **slots), tone="bad")
    slots = {"topic": line.name, "ratio": line.ratio, "theirs": line.theirs, "others": line.others}
    if key.endswith("leaving"):
        return Line(text=say(key, days=report.window_days, **slots), tone="bad")
    return Line(text=say(key, outcome=report.outcome or "", **slots), tone="bad")


def _grid(report: OpportunitiesReport) -> Grid:
    keys = ["place", "topic", "unhappy_people" if report.counts_people else "unhappy_texts", "unhappy", "rank"]
    if report.outcome is not None:
        keys.insert(4, "leaving" if report.is_leaving else "outcome")
    if report.has_effort:
        keys.append("effort")
    rows: list[tuple[Cell, ...]] = []
    for line in report.opportunities:
        cells: list[Cell] = [str(line.place), line.name, with_range(line.unhappy), line.unhappy_share, _rank(line)]
        if report.outcome is not None:
            cells.insert(4, with_range(line.leaving))
        if report.has_effort:
            cells.append(line.effort)
        rows.append(tuple(cells))
    columns = tuple(say(f"needs.column.{key}") for key in keys)
    return Grid(title=say("needs.opportunities.grid", shown=len(rows), all=report.num_needs), columns=columns, rows=tuple(rows))


def _rank(line: OpportunityLine) -> Cell:
    if line.rank.low == line.rank.high:
        return str(line.place)
    return say("needs.opportunities.rank", low=int(line.rank.low or 0), high=int(line.rank.high or 0))


def _between(report: OpportunitiesReport) -> list[Block]:
    """How sure the order of neighbours at the top is, and what would settle it."""
    said: list[Block] = []
    for line, following in zip(report.opportunities[:SETTLED_PAIRS], report.opportunities[1:], strict=False):
        slots: Slots = {"first": line.name, "second": following.name, "ahead": line.ahead}
        if (line.ahead.value or 0) >= SURE:
            said.append(Line(text=say("needs.opportunities.ahead", **slots)))
        elif line.settle.value is None:
            said.append(Line(text=say("needs.opportunities.equal", **slots), tone="caution"))
        else:
            key = f"needs.opportunities.settle.{'people' if report.counts_people else 'texts'}"
            said.append(Line(text=say(key, more=line.settle, **slots), tone="caution"))
    return said


def _other_first(report: OpportunitiesReport) -> list[Block]:
    """Ways of counting by which something else comes first, in one line."""
    ours = report.opportunities[0].id
    other = [order for order in report.others if order.topics[0] != ours]
    if not other:
        return [Line(text=say("needs.opportunities.whichever", topic=report.opportunities[0].name))]
    names = {one.topics[0]: one.first for one in other}
    parts = [say("needs.opportunities.otherwise", topic=name, measures=_measures(other, topic)) for topic, name in names.items()]
    return [Line(text=say("needs.opportunities.otherwise.all", parts=parts), tone="caution")]


def _measures(orders: list[OtherOrder], topic: str) -> list[Say]:
    return [say(f"needs.measure.{order.measure}") for order in orders if order.topics[0] == topic]


def _chart(report: OpportunitiesReport) -> Chart:
    lines = report.opportunities
    y, low, high = (tuple(getattr(line.score, part) for line in lines) for part in ("value", "low", "high"))
    series = Series(name=say("needs.column.opportunity_score"), y=y, low=low, high=high)
    return Chart(form="ranges", title=say("needs.opportunities.chart"), x=tuple(line.name for line in lines), series=(series,))


def _quotes(line: OpportunityLine) -> list[Block]:
    if not line.quotes:
        return []
    return [Heading(text=say("needs.quotes", topic=line.name)), Quotes(rows=line.quotes, dissent=line.dissent)]


def _market(report: OpportunitiesReport) -> list[Block]:
    market = report.market
    if market.state == "unnamed":
        return []
    if market.state == "one_product":
        return [Line(text=say("needs.market.one_product"))]
    blocks: list[Block] = [Heading(text=say("needs.market.title"))]
    if market.state == "too_few":
        return [*blocks, Line(text=say("needs.market.too_few", ours=market.ours), tone="caution")]
    if not market.lines:
        return [*blocks, Line(text=say("needs.market.none", ours=market.ours))]
    first = market.lines[0]
    blocks.append(
        Line(text=say(f"needs.market.{first.kind}", topic=first.name, product=first.product, theirs=first.theirs, ours=first.ours))
    )
    keys = ("topic", "product", "unhappy_people" if report.counts_people else "unhappy_texts", "theirs", "ours", "ratio")
    blocks.append(Grid(columns=tuple(say(f"needs.column.{key}") for key in keys), rows=tuple(_market_row(line) for line in market.lines)))
    return [*blocks, Quotes(rows=first.quotes)]


def _market_row(line: MarketLine) -> tuple[Cell, ...]:
    return (line.name, line.product, line.people, with_range(line.theirs), with_range(line.ours), with_range(line.ratio))


def _reach(report: OpportunitiesReport) -> Fold:
    """Writers, active users, silent users, money."""
    known = report.active.value is not None
    first = (
        say("needs.opportunities.reach", people=report.people, active=report.active) if known else say("needs.opportunities.reach.unknown")
    )
    blocks: list[Block] = [Line(text=first)]
    silent = [line for line in report.opportunities if line.silent is not None]
    for line in silent:
        assert line.silent is not None
        slots: Slots = {"topic": line.name, "event": line.silent.event, "ratio": line.silent.ratio, "people": line.silent.people}
        blocks.append(Line(text=say("needs.opportunities.silent", **slots)))
    if not silent:
        blocks.append(Line(text=say("needs.opportunities.silent.none")))
    if not report.has_money:
        blocks.append(Line(text=say("needs.opportunities.no_money")))
    keys = ("topic", "people", "users", "stars", "drag", "money")
    rows = tuple(
        (line.name, line.people, with_range(line.users), _known(line.stars), _known(line.drag), _known(line.money))
        for line in report.opportunities
    )
    return Fold(title=say("needs.opportunities.fold.reach"), blocks=(*blocks, _table(keys, rows)))


def _other_scores(report: OpportunitiesReport) -> Fold:
    """The default score, Ulwick's and RICE beside it."""
    keys = ("topic", "opportunity_score", "severity", "value", "importance", "satisfaction", "ulwick", "rice", "effort", "first")
    rows = tuple(
        (
            line.name,
            with_range(line.score),
            line.severity,
            line.value if report.has_money else None,
            with_range(line.importance),
            with_range(line.satisfaction),
            with_range(line.ulwick),
            with_range(line.rice),
            line.effort,
            line.first,
        )
        for line in report.opportunities
    )
    return Fold(title=say("needs.opportunities.fold.scores"), blocks=(Line(text=say("needs.opportunities.method")), _table(keys, rows)))


def _orders(report: OpportunitiesReport) -> Fold:
    """Places of the listed topics by other ways of counting."""
    columns = (say("needs.column.topic"), say("needs.column.place"), *(say(f"needs.measure.{order.measure}") for order in report.others))
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (line.name, str(line.place), *(str(order.topics.index(line.id) + 1) for order in report.others)) for line in report.opportunities
    )
    return Fold(title=say("needs.opportunities.fold.orders"), blocks=(Grid(columns=columns, rows=rows),))


def _outcome(report: OpportunitiesReport) -> Fold:
    """How often those who bring up each topic have the outcome."""
    title = say("needs.opportunities.fold.leaving")
    if report.outcome is None:
        return Fold(title=title, blocks=(Line(text=say("needs.opportunities.no_outcome")),))
    key = "dated" if report.dated_outcome else "undated"
    blocks: list[Block] = [Line(text=say(f"needs.opportunities.method.{key}", outcome=report.outcome, days=report.window_days))]
    if not report.severities:
        blocks.append(Line(text=say("needs.opportunities.no_overlap")))
        return Fold(title=title, blocks=tuple(blocks))
    keys = ("topic", "ratio", "their_share", "other_share", "people", "cases")
    rows = tuple((line.name, with_range(line.ratio), line.theirs, line.others, line.people, line.cases) for line in report.severities)
    return Fold(title=title, blocks=(*blocks, _table(keys, rows)))


def _tested(report: OpportunitiesReport) -> Fold:
    title = say("needs.opportunities.fold.tested")
    tested = report.back_test
    if tested is None:
        return Fold(title=title, blocks=(Line(text=say("needs.opportunities.untested")),))
    slots = {"weeks": tested.weeks, "top": tested.top, "named": tested.named, "topics": tested.topics}
    line = Line(text=say("needs.opportunities.tested", **slots))
    others = {"by_people": tested.by_people, "by_trend": tested.by_trend, "by_chance": tested.by_chance, "top": tested.top}
    return Fold(title=title, blocks=(line, Line(text=say("needs.opportunities.tested.others", **others))))


def _evidence(report: OpportunitiesReport, evidence: Evidence) -> Page:
    """One topic: what was counted, each number with the id that makes it again, and the texts."""
    line = evidence.line
    figures = [evidence.texts, evidence.people, evidence.felt, evidence.unhappy]
    if line is not None:
        figures += [line.rank, line.first, line.score, line.leaving, line.users, line.money, line.ulwick, line.rice]
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (say(figure.definition), with_range(figure), figure.id) for figure in figures if figure.value is not None
    )
    blocks: list[Block] = [Line(text=say("needs.evidence.lead", topic=evidence.name, people=evidence.people, texts=evidence.texts))]
    if line is None:
        blocks.append(Line(text=say("needs.evidence.unlisted"), tone="caution"))
    blocks += [_table(("definition", "number", "query"), rows), Quotes(rows=evidence.rows[:SHOWN_ROWS])]
    versions = ", ".join(f"{name} {number}" for name, number in sorted(report.versions.items()))
    made = say(
        "needs.evidence.made",
        seed=evidence.seed,
        draws=evidence.draws,
        encoder=evidence.encoder,
        package=evidence.package,
        versions=versions,
    )
    ids = Grid(columns=(say("needs.column.text_id"),), rows=tuple((row,) for row in evidence.rows))
    method = Line(text=say("needs.opportunities.method"))
    return Page(
        title=say("needs.evidence.title", topic=evidence.name),
        blocks=tuple(blocks),
        details=(
            Fold(title=say("needs.evidence.fold.made"), blocks=(Line(text=made), method)),
            Fold(title=say("needs.evidence.fold.rows"), blocks=(ids,)),
            _outcome(report),
        ),
    )


def _table(keys: tuple[str, ...], rows: tuple[tuple[Cell, ...], ...]) -> Grid:
    return Grid(columns=tuple(say(f"needs.column.{key}") for key in keys), rows=rows)


def _known(figure: Figure) -> Cell:
    return figure if figure.value is not None else None
