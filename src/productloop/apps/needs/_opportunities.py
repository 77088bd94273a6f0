"""`opportunities`: from counts, outcomes, orders and events to one list with the certainty of its order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

import productloop
from productloop.apps.needs import opportunities_wording as wording
from productloop.apps.needs._backtest import back_test
from productloop.apps.needs._counting import Counted, count_topics
from productloop.apps.needs._figures import entry_name, topic_state
from productloop.apps.needs._market import Gap, gaps, own_product, own_rows
from productloop.apps.needs._reach import Money, Pattern, active_users, draw_values, money, patterns
from productloop.apps.needs._scores import Scored, score_topics
from productloop.apps.needs._severity import Asked, Severity, read_outcome, severities
from productloop.apps.needs._study import MIN_TEXTS, Study, study
from productloop.apps.needs._topics import choose
from productloop.apps.needs.opportunities_types import (
    BackTestLine,
    Evidence,
    Market,
    MarketLine,
    OpportunitiesReport,
    OpportunitiesRequest,
    OpportunityLine,
    OtherOrder,
    SeverityLine,
    SilentLine,
)
from productloop.foundation.errors import UsageError
from productloop.foundation.figures import Figure
from productloop.foundation.wording import say
from productloop.learning.intervals import Interval, share_interval
from productloop.learning.rank_draws import DRAWS, Ranks, factor_to_settle
from productloop.loop.action import Finding, Run
from productloop.text.alignment import SPACE

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

UNKNOWN = Interval(float("nan"), 0.0, float("inf"))
MAX_MORE = 50
"""More than this many times as many people: saying a number would be a joke."""
MAX_ROWS = 300
"""Quote ids of an evidence pack."""
MAX_EFFORT_WEEKS = 520


@dataclass(frozen=True, slots=True)
class _Found:
    """What the answer rests on; `needs` and the lists beside it have k entries."""

    run: Run
    study: Study
    recent: Flags
    """(n,) texts of the window about our product."""
    counted: list[Counted]
    needs: list[Counted]
    num_writers: int
    num_active: int | None
    asked: Asked | None
    severe: dict[int, Severity]
    paid: Money | None
    values: list[Interval]
    patterns: dict[int, Pattern]
    effort: Floats
    scored: Scored

    @property
    def head(self) -> str:
        """Unit of voices."""
        return "people" if self.study.texts.counts_people else "texts"


def rank_opportunities(run: Run, request: OpportunitiesRequest) -> OpportunitiesReport:
    """The report. UsageError for a topic or product that does not exist, or weeks of work that cannot be read."""
    base = study(run)
    run.progress("count", 3, 4)
    ours = _ours(run, base, request)
    own = own_rows(base, ours)
    found = _find(run, base, own, request)
    order = found.scored.ranks.order[: request.num_opportunities].tolist()
    weeks = base.weeks
    return OpportunitiesReport(
        **run.frame("needs.opportunities", ("feedback", "points", "topics", "actors", "events", "orders", "outcomes")),
        findings=_findings(found),
        counts_people=base.texts.counts_people,
        enough=len(base.texts) >= MIN_TEXTS,
        missing=run.figure("missing", max(0, MIN_TEXTS - len(base.texts)), "texts", "needs.d.missing"),
        window_since=None if base.since is None or weeks is None else weeks.day(base.since).isoformat(),
        people=run.figure("people", found.num_writers, found.head, f"needs.d.{found.head}", n=int(found.recent.sum())),
        active=run.figure("active", found.num_active, "people", "needs.d.active"),
        outcome=None if found.asked is None else f"{found.asked.name}={found.asked.value}",
        is_leaving=found.asked is not None and found.asked.is_leaving,
        dated_outcome=found.asked is not None and found.asked.dated,
        window_days=0 if found.asked is None else found.asked.window_days,
        opportunities=tuple(_line(found, place, number) for place, number in enumerate(order)),
        num_needs=run.figure("num_needs", len(found.needs), "number", "needs.d.num_needs"),
        severities=_severity_lines(found),
        has_money=found.paid is not None,
        has_effort=request.effort is not None,
        others=_other_orders(found, own),
        market=_market(found, own, ours),
        back_test=_back_test(found, own, request.hold_back_weeks),
        evidence=None if request.evidence is None else _evidence(found, request.evidence),
    )


def _ours(run: Run, base: Study, request: OpportunitiesRequest) -> str | None:
    """Our product, None where there is only one or nobody said which. UsageError where the one named is not in the data."""
    ours = own_product(base, request.ours or run.settings.text("product.name"))
    known = sorted({str(product) for product in base.texts.product if product is not None})
    if request.ours is not None and request.ours.strip().lower() not in [name.strip().lower() for name in known]:
        raise UsageError(wording.NO_SUCH_PRODUCT, product=request.ours, known=", ".join(known[:10]) or "–")
    return ours


def _find(run: Run, base: Study, own: Flags, request: OpportunitiesRequest) -> _Found:
    recent = base.recent & own
    counted = count_topics(base, recent)
    needs = [topic for topic in counted if topic_state(topic) == "need"]
    num_writers = len(np.unique(base.texts.voice[recent]))
    num_active = active_users(base, run.store, run.as_of)
    asked = read_outcome(run.store, run.settings.tasks)
    compared = [topic.number for topic in counted if topic_state(topic) != "varied"]
    severe = {} if asked is None else {one.topic: one for one in severities(base, run.store, asked, compared)}
    paid = money(base, run.store, run.as_of)
    concerned = [np.unique(base.texts.voice[topic.inside]) for topic in needs]
    values = [UNKNOWN] * len(needs) if paid is None else draw_values(np.random.default_rng(run.seed), paid, concerned, DRAWS)
    ratios = [severe[topic.number].ratio if topic.number in severe else UNKNOWN for topic in needs]
    clear = [topic.number in severe and severe[topic.number].named for topic in needs]
    effort = _effort(request.effort, counted, needs)
    return _Found(
        run=run,
        study=base,
        recent=recent,
        counted=counted,
        needs=needs,
        num_writers=num_writers,
        num_active=num_active,
        asked=asked,
        severe=severe,
        paid=paid,
        values=values,
        patterns=patterns(base, run.store, [topic.number for topic in needs], run.as_of),
        effort=effort,
        scored=score_topics(needs, num_writers, num_active, (ratios, values), clear, effort, run.seed),
    )


def _effort(given: str | None, counted: list[Counted], needs: list[Counted]) -> Floats:
    """(k,) weeks of work: `topic=weeks` parted by semicolons, a topic by id or part of its name."""
    weeks: dict[int, float] = {}
    for part in (given or "").replace("；", ";").split(";"):
        if not part.strip():
            continue
        wanted, sign, number = part.rpartition("=")
        try:
            value = float(number)
        except ValueError:
            value = 0.0
        if not sign or not wanted.strip() or not 0 < value <= MAX_EFFORT_WEEKS:
            raise UsageError(wording.EFFORT_UNREADABLE, part=part.strip())
        for topic in choose(counted, wanted):
            weeks[topic.number] = value
    return np.array([weeks.get(topic.number, 1.0) for topic in needs])


def _line(found: _Found, place: int, number: int) -> OpportunityLine:
    topic, scored, run = found.needs[number], found.scored, found.run
    ranks = scored.ranks

    def ranked(name: str, its: Ranks, unit: str = "score") -> Figure:
        return _figure(
            found, topic, name, Interval(float(its.score[number]), float(its.score_low[number]), float(its.score_high[number])), unit
        )

    following = int(ranks.order[place + 1]) if place + 1 < len(ranks.order) else None
    ahead = None if following is None else float(ranks.beats[number, following])
    measured = found.severe.get(topic.number)
    share = share_interval(topic.num_voices, found.num_writers)
    users = None if found.num_active is None else Interval(*(end * found.num_active for end in (share.value, share.low, share.high)))
    rank = Interval(place + 1, float(min(place + 1, ranks.rank_low[number])), float(max(place + 1, ranks.rank_high[number])))
    return OpportunityLine(
        id=topic.id,
        name=entry_name(topic.entry),
        place=place + 1,
        rank=_figure(found, topic, "rank", rank, "number"),
        first=run.figure(f"{topic.id}.first", float(ranks.first[number]), "share", "needs.d.opportunity_first"),
        ahead=run.figure(f"{topic.id}.ahead", ahead, "share", "needs.d.opportunity_ahead"),
        settle=run.figure(f"{topic.id}.settle", _settle(found, number, following), found.head, "needs.d.opportunity_settle"),
        score=ranked("score", ranks),
        people=_voices(found, topic),
        unhappy=_figure(found, topic, "unhappy", _whole(topic.unhappy_voices), found.head, "needs.d.topic_unhappy"),
        unhappy_share=_figure(found, topic, "unhappy_share", topic.unhappy_share, "share", "needs.d.topic_unhappy_share"),
        users=_figure(found, topic, "users", None if users is None else _whole(users), "people"),
        stars=run.figure(f"{topic.id}.stars", topic.mean_stars, "stars", "needs.d.topic_stars"),
        drag=run.figure(f"{topic.id}.drag", topic.drag, "stars", "needs.d.topic_drag"),
        leaving=_figure(found, topic, "leaving", None if measured is None else measured.ratio, "ratio"),
        severity=_figure(found, topic, "severity", scored.severity[number], "ratio"),
        money=_money(found, topic),
        value=_figure(found, topic, "value", scored.value[number], "ratio"),
        importance=_drawn(found, topic, "importance", scored.importance[:, number]),
        satisfaction=_drawn(found, topic, "satisfaction", scored.satisfaction[:, number]),
        ulwick=ranked("ulwick", scored.ulwick),
        ulwick_place=_place(scored.ulwick, number),
        rice=ranked("rice", scored.rice),
        rice_place=_place(scored.rice, number),
        effort=run.figure(f"{topic.id}.effort", float(found.effort[number]), "number", "needs.d.opportunity_effort"),
        silent=_silent(found, topic),
        quotes=topic.quotes,
        dissent=topic.dissent,
    )


def _figure(found: _Found, topic: Counted, name: str, value: Interval | None, unit: str, definition: str | None = None) -> Figure:
    key, definition = f"{topic.id}.{name}", definition or f"needs.d.opportunity_{name}"
    if value is None or not np.isfinite([value.value, value.low, value.high]).all():
        return found.run.figure(key, None, unit, definition)
    ends = (value.low, value.high)
    return found.run.figure(key, value.value, unit, definition, n=topic.num_voices, interval=ends)


def _drawn(found: _Found, topic: Counted, name: str, draws: Floats) -> Figure:
    low, middle, high = (float(end) for end in np.percentile(draws, [5, 50, 95]))
    return _figure(found, topic, name, Interval(middle, low, high), "score")


def _voices(found: _Found, topic: Counted) -> Figure:
    definition = f"needs.d.{found.head}"
    return found.run.figure(f"{topic.id}.people", topic.num_voices, found.head, definition, n=topic.num_texts)


def _whole(interval: Interval) -> Interval:
    return Interval(float(round(interval.value)), float(np.floor(interval.low)), float(np.ceil(interval.high)))


def _place(ranks: Ranks, number: int) -> int:
    return int(np.flatnonzero(ranks.order == number)[0]) + 1


def _settle(found: _Found, number: int, following: int | None) -> float | None:
    """More writers until this one and the next are told apart; 0 when they are, None when out of reach or there is no next."""
    if following is None:
        return None
    factor = factor_to_settle(found.scored.score[:, number], found.scored.score[:, following])
    return None if factor > MAX_MORE else float(np.ceil((factor - 1) * found.num_writers))


def _money(found: _Found, topic: Counted) -> Figure:
    paid = found.paid
    if paid is None:
        return found.run.figure(f"{topic.id}.money", None, "money:", "needs.d.opportunity_money")
    its = np.isin(paid.voices, np.unique(found.study.texts.voice[topic.inside]))
    total, payers = round(float(paid.paid[its].sum())), int((paid.paid[its] > 0).sum())
    return found.run.figure(f"{topic.id}.money", total, f"money:{paid.currency}", "needs.d.opportunity_money", n=payers)


def _silent(found: _Found, topic: Counted) -> SilentLine | None:
    pattern = found.patterns.get(topic.number)
    if pattern is None:
        return None
    run, name = found.run, f"{topic.id}.silent"
    ratio = pattern.ratio
    return SilentLine(
        event=pattern.event,
        ratio=run.figure(f"{name}_ratio", ratio.value, "ratio", "needs.d.silent_ratio", interval=(ratio.low, ratio.high)),
        share=run.figure(f"{name}_share", pattern.share, "share", "needs.d.silent_share"),
        people=run.figure(f"{name}_people", pattern.num_silent, "people", "needs.d.silent_people"),
    )


def _severity_lines(found: _Found) -> tuple[SeverityLine, ...]:
    names = {topic.number: topic for topic in found.counted}
    run = found.run
    lines = []
    for number, one in found.severe.items():
        topic = names[number]
        key = f"{topic.id}.outcome"
        lines.append(
            SeverityLine(
                topic=topic.id,
                name=entry_name(topic.entry),
                named=one.named,
                ratio=_figure(found, topic, "leaving", one.ratio, "ratio"),
                theirs=_figure(found, topic, "theirs", one.theirs, "share"),
                others=_figure(found, topic, "others", one.others, "share"),
                people=run.figure(f"{key}_people", one.num_people, "people", "needs.d.opportunity_compared"),
                cases=run.figure(f"{key}_cases", one.num_cases, "people", "needs.d.opportunity_cases"),
            )
        )
    return tuple(lines)


def _findings(found: _Found) -> tuple[Finding, ...]:
    """Topics whose people leave more often, strongest first. Strength: 1 - 1 / (lower limit), as for trends."""
    if found.asked is None or not found.asked.is_leaving:
        return ()
    topics = {topic.number: topic for topic in found.counted}
    return tuple(
        Finding(
            kind="need_leaving",
            subject=topics[number].id,
            text=say(
                "needs.opportunities.finding",
                topic=entry_name(topics[number].entry),
                ratio=_figure(found, topics[number], "leaving", one.ratio, "ratio"),
            ),
            people=_voices(found, topics[number]),
            quotes=topics[number].quotes[:2],
            strength=round(min(1.0, max(0.0, 1 - 1 / one.ratio.low)), 3) if one.ratio.low > 0 else 0.0,
            advice=say("needs.opportunities.advice"),
        )
        for number, one in found.severe.items()
        if one.named
    )


def _other_orders(found: _Found, own: Flags) -> tuple[OtherOrder, ...]:
    """Orders by other ways of counting."""
    if not found.needs:
        return ()
    scored, base = found.scored, found.study
    weight = np.array([s.value * v.value for s, v in zip(scored.severity, scored.value, strict=True)]) / found.effort
    everything = {topic.number: topic.unhappy_voices.value for topic in count_topics(base, own)}
    orders: list[tuple[str, Floats]] = [
        ("people_only", scored.people_only.score),
        ("ulwick", scored.ulwick.score),
        ("rice", scored.rice.score),
        ("all_time", weight * [everything[topic.number] for topic in found.needs]),
        ("talked_about", np.array([float(topic.num_voices) for topic in found.needs])),
    ]
    if np.isfinite(base.stars).any():
        middling = (base.stars <= 3) | (np.isnan(base.stars) & (base.sentiment < -1 / 3))
        rows = [topic.inside[middling[topic.inside]] for topic in found.needs]
        orders.append(("three_stars", weight * [float(len(np.unique(base.texts.voice[its]))) for its in rows]))
    return tuple(_other(found.needs, measure, scores) for measure, scores in orders)


def _other(needs: list[Counted], measure: str, scores: Floats) -> OtherOrder:
    order = np.argsort(-np.asarray(scores), kind="stable")
    first = entry_name(needs[int(order[0])].entry)
    return OtherOrder.model_validate({"measure": measure, "topics": tuple(needs[int(place)].id for place in order), "first": first})


def _market(found: _Found, own: Flags, ours: str | None) -> Market:
    run, base = found.run, found.study
    products = {str(product) for product in base.texts.product if product is not None}
    number = run.figure("num_products", len(products), "number", "needs.d.num_products")
    if ours is None:
        return Market(state="one_product" if len(products) < 2 else "unnamed", ours="", num_products=number, lines=())
    compared = [topic.number for topic in found.counted if not topic.entry.varied or topic.entry.held]
    lines = gaps(base, own, compared) if base.ledger is not None else None
    if lines is None:
        return Market(state="too_few", ours=ours, num_products=number, lines=())
    names = {topic.number: topic for topic in found.counted}
    return Market(state="compared", ours=ours, num_products=number, lines=tuple(_gap(found, names[gap.topic], gap) for gap in lines))


def _gap(found: _Found, topic: Counted, gap: Gap) -> MarketLine:
    return MarketLine(
        id=topic.id,
        name=entry_name(topic.entry),
        kind=gap.kind,
        product=gap.product,
        people=found.run.figure(f"{topic.id}.market_people", gap.num_unhappy, found.head, "needs.d.market_people"),
        theirs=_figure(found, topic, "market_theirs", gap.theirs, "share"),
        ours=_figure(found, topic, "market_ours", gap.ours, "share"),
        ratio=_figure(found, topic, "market_ratio", gap.ratio if np.isfinite(gap.ratio.high) else None, "ratio"),
        quotes=gap.quotes,
    )


def _back_test(found: _Found, own: Flags, num_weeks: int) -> BackTestLine | None:
    topics: Sequence[int] = [topic.number for topic in found.needs]
    if found.study.ledger is None:
        return None
    tested = back_test(found.study, found.run.store, found.asked, topics, own, num_weeks)
    if tested is None:
        return None
    values = {
        "weeks": tested.num_weeks,
        "topics": tested.num_topics,
        "top": tested.top,
        "named": tested.named,
        "by_people": tested.by_people,
        "by_trend": tested.by_trend,
        "by_chance": round(tested.by_chance, 1),
    }
    figures = {name: found.run.figure(f"back_test.{name}", value, "number", f"needs.d.back_test_{name}") for name, value in values.items()}
    return BackTestLine(**figures)


def _evidence(found: _Found, wanted: str) -> Evidence:
    """Of the first topic that fits, the largest."""
    topic = max(choose(found.counted, wanted), key=lambda one: (one.num_voices, -one.number))
    numbers = [one.number for one in found.needs]
    listed = numbers.index(topic.number) if topic.number in numbers else None
    run = found.run
    newest = topic.inside[np.argsort(-found.study.texts.time[topic.inside], kind="stable")]
    place = None if listed is None else _place(found.scored.ranks, listed) - 1
    return Evidence(
        line=None if place is None or listed is None else _line(found, place, listed),
        name=entry_name(topic.entry),
        id=topic.id,
        texts=run.figure(f"{topic.id}.texts", topic.num_texts, "texts", "needs.d.topic_texts"),
        people=_voices(found, topic),
        felt=run.figure(f"{topic.id}.felt", topic.num_felt, found.head, "needs.d.opportunity_felt"),
        unhappy=_figure(found, topic, "unhappy", _whole(topic.unhappy_voices), found.head, "needs.d.topic_unhappy"),
        rows=tuple(str(found.study.texts.row_id[row]) for row in newest[:MAX_ROWS]),
        seed=run.seed,
        draws=DRAWS,
        encoder=SPACE,
        package=productloop.__version__,
    )
