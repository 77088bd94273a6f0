"""`case`: everything about one customer on one page, for whoever is about to call them.

A user's id answers for the account they belong to. What is shown is what was known at the moment of the data; contact details are never
read, ids are the source's own, and quotes are masked.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from productloop.apps.risk._asking import find_task, whole
from productloop.apps.risk._candidates import counted_group
from productloop.apps.risk._case_alike import Neighbours, find_alike, past_snapshots
from productloop.apps.risk._case_time import (
    MAX_WEEKS,
    Peers,
    Spans,
    find_peers,
    spans_before,
    usual_weeks,
    weekly,
    what_moved,
)
from productloop.apps.risk._case_who import (
    Customer,
    Leaving,
    Payments,
    Seen,
    find_customer,
    newest_orders,
    paid_by_currency,
    read_payments,
    read_seen,
    renewals,
    who_left,
)
from productloop.apps.risk._case_words import NUM_WAITING, Words, feelings, promised, read_words, said, unanswered
from productloop.apps.risk._live import Live, chances, in_words, like_this, open_model, reasons_of, sum_interval
from productloop.apps.risk._naming import Names, is_changeable, names_of
from productloop.apps.risk._people import people_beside, yes_or_no
from productloop.apps.risk.case_types import CasePerson, CaseReport, CaseRequest, Entry, Moved, Promise
from productloop.apps.risk.tasks import event_of
from productloop.apps.risk.types import ReasonView
from productloop.foundation.figures import Figure
from productloop.foundation.wording import Say, Text, say
from productloop.learning.intervals import share_interval
from productloop.loop.action import Run
from productloop.loop.features import DAY_US
from productloop.loop.records import Keys, Outcomes
from productloop.loop.store import Store
from productloop.loop.task import Task
from productloop.loop.weeks import local_day, week_edges

SHOWN_TABLES = ("outcomes", "actors", "events", "orders", "feedback", "changes", "documents")
NUM_REASONS = 5
MAX_PEOPLE, MAX_TIMELINE = 50, 40
USUAL_SAMPLE = 20_000
"""People whose inputs say what is usual, for the reasons."""
Mark = tuple[str, Say | Text | str]


@dataclass(frozen=True, slots=True)
class _Found:
    """What the parts of the answer share."""

    run: Run
    store: Store
    task: Task | None
    keys: Keys
    outcomes: Outcomes
    at: int
    customer: Customer
    seen: Seen
    leaving: Leaving
    names: Names
    words: Words
    payments: Payments


def answer_case(run: Run, request: CaseRequest) -> CaseReport:
    """The report. UsageError, with the nearest ids, for an id that nobody has."""
    task = find_task(run, request.task)
    at = run.as_of or run.now
    with whole(run) as store:
        run.progress("customer", 0, 3)
        found = _find(run, store, task, request, at)
        run.progress("words", 1, 3)
        fields = {**_who(found), **_money(found), **_words(found)}
        run.progress("compare", 2, 3)
        fields |= {**_chance(found), **_time(found), **_alike(found)}
        fields["timeline"] = _timeline(found, fields["promises"])
    return CaseReport(**run.frame("risk.case", SHOWN_TABLES), id_asked=request.account, **fields)


def _find(run: Run, store: Store, task: Task | None, request: CaseRequest, at: int) -> _Found:
    customer = find_customer(store, request.account, at)
    nothing = np.empty(0, dtype=np.int64)
    keys = Keys(nothing.astype(np.int32), nothing, np.empty(0, dtype=object)) if task is None else task.keys(store, run.as_of)
    outcomes = Outcomes(nothing, nothing, np.empty(0)) if task is None else task.outcomes(store, keys, run.as_of)
    seen = read_seen(store)
    leaving = who_left(customer, task, keys, outcomes, seen, at)
    words, payments = read_words(store, customer), read_payments(store, customer)
    return _Found(run, store, task, keys, outcomes, at, customer, seen, leaving, names_of(store), words, payments)


def _who(found: _Found) -> dict[str, Any]:
    run, customer, leaving = found.run, found.customer, found.leaving
    mine = found.seen.of(customer.codes)
    last = max((int(value) for value in mine.last), default=None)
    starts = [int(value) for value in mine.first]
    starts += [int(value) for (value,) in found.store.rows(
        "SELECT min(first_seen) FROM actors WHERE actor IN (SELECT unnest(?)) AND first_seen IS NOT NULL", [customer.listed]
    ) if value is not None]  # fmt: skip
    plans = _latest_plans(found)
    state: Literal["here", "some_left", "gone"] = "gone" if leaving.gone else "some_left" if leaving.left else "here"
    return {
        "name": customer.name,
        "people": _people(found, plans),
        "num_people": run.figure("people", len(customer.codes), "people", "risk.case.d.people"),
        "plans": tuple(dict.fromkeys(plan for plan in plans.values() if plan)),
        "since": min(starts, default=None),
        "last_seen": last,
        "silent_days": None
        if last is None
        else run.figure("silent_days", max(0, found.at - last) // DAY_US, "days", "risk.case.d.silent_days"),
        "state": state,
        "num_left": run.figure("num_left", len(leaving.left), "people", "risk.case.d.num_left"),
        "left_on": leaving.on,
        "event": None if found.task is None else event_of(found.task),
        "window_days": None if found.task is None or not found.task.dated else int(dict(found.task.options or {})["window_days"]),
        "moment": leaving.moment,
    }


def _latest_plans(found: _Found) -> dict[int, str]:
    rows = found.store.rows(
        """SELECT actor, plan FROM actors WHERE actor IN (SELECT unnest(?)) AND plan IS NOT NULL AND (known_at IS NULL OR known_at <= ?)
        ORDER BY known_at NULLS FIRST, sequence""",
        [found.customer.listed, found.at],
    )
    return {int(actor): str(plan) for actor, plan in rows}


def _people(found: _Found, plans: dict[int, str]) -> tuple[CasePerson, ...]:
    mine = found.seen.of(found.customer.codes)
    first, last = (dict(zip(mine.code.tolist(), values.tolist(), strict=True)) for values in (mine.first, mine.last))
    order = sorted(found.customer.listed, key=lambda code: (-last.get(code, 0), code))[:MAX_PEOPLE]
    return tuple(
        CasePerson(
            id=found.customer.ids.get(code, str(code)),
            plan=plans.get(code),
            first_seen=first.get(code),
            last_seen=last.get(code),
            left=code in found.leaving.left,
            chance=None,
        )
        for code in order
    )


def _money(found: _Found) -> dict[str, Any]:
    return {
        "paid": paid_by_currency(found.run, found.payments, found.at),
        "orders": newest_orders(found.run, found.payments, found.customer),
        "renewals": () if found.leaving.gone else renewals(found.run, found.payments, found.customer, found.at),
        "has_orders": bool(found.payments.rows) or found.store.count("orders") > 0,
        "has_periods": found.payments.has_periods,
    }


def _words(found: _Found) -> dict[str, Any]:
    run, words = found.run, found.words
    unhappy, topics, praise = feelings(run, found.store, words, found.names)
    knows, waiting = unanswered(run, words, praise, found.at)
    return {
        "quotes": said(words),
        "num_texts": run.figure("texts", len(words.own), "texts", "risk.case.d.texts"),
        "unhappy": unhappy,
        "topics": topics,
        "has_topics": found.store.count("topics") > 0,
        "promises": promised(found.store, words, found.at),
        "has_replies": words.has_replies,
        "waiting": tuple(waiting[:NUM_WAITING]),
        "num_waiting": run.figure("num_waiting", len(waiting), "texts", "risk.case.d.num_waiting"),
        "knows_answers": knows,
    }


# chance ------------------------------------------------------------------------------------------------------------------


def _chance(found: _Found) -> dict[str, Any]:
    """What the live model says about those of its people who have not left."""
    empty: dict[str, Any] = {
        **dict.fromkeys(("told_apart", "expected", "like_this", "average", "riskiest")),
        "reasons": (),
    }
    live = None if found.task is None else open_model(found.store, found.task)
    codes = np.array([code for code in found.customer.listed if code not in found.leaving.left], dtype=np.int32)
    if live is None or not len(codes) or found.leaving.gone:
        return empty
    run, known = found.run, found.outcomes.value[found.outcomes.known]
    rate = None if not len(known) else round(100 * float(known.mean()))
    empty |= {"told_apart": live.told_apart, "average": run.figure("average", rate, "people", "risk.define.rate")}
    ids = np.array([found.customer.ids.get(int(code), str(code)) for code in codes], dtype=object)
    people = Keys(codes, np.full(len(codes), found.at, dtype=np.int64), ids)
    if not live.told_apart:
        known_rows = (found.keys, yes_or_no(live.task, found.outcomes))
        return empty | {"group": counted_group(run, found.store, live.task, known_rows, people)}
    chance, inputs = chances(live, found.store, people)
    top = int(np.argmax(chance))
    expected = None
    if len(codes) > 1:
        expected = run.figure(
            "expected", round(float(chance.sum()), 1), "people", "risk.case.d.expected", n=len(codes), interval=sum_interval(live, chance)
        )
    return empty | {
        "expected": expected,
        "like_this": like_this(run, live, float(chance[top])),
        "riskiest": str(ids[top]),
        "reasons": _reasons(found, live, inputs.take(np.array([top]))),
    }


def _reasons(found: _Found, live: Live, one: Any) -> tuple[ReasonView, ...]:
    options = dict(live.task.options or {})
    subjects = people_beside(found.store, found.at, found.keys, yes_or_no(live.task, found.outcomes), options.get("inactive_days"))
    step = max(1, len(subjects) // USUAL_SAMPLE)
    _, everyone = chances(live, found.store, subjects.take(np.arange(0, len(subjects), step)))
    reasons = reasons_of(live, one, everyone, found.names, NUM_REASONS)[0]
    columns = live.release.signature.columns
    return tuple(
        ReasonView(
            text=text, raises=reason.contribution > 0, changeable=is_changeable(columns[reason.place].name), weight=reason.contribution
        )
        for reason, text in zip(reasons, in_words(reasons, live, everyone, found.names), strict=True)
    )


# time --------------------------------------------------------------------------------------------------------------------


def _time(found: _Found) -> dict[str, Any]:
    run, leaving = found.run, found.leaving
    mine = found.seen.of(found.customer.codes)
    has_events = found.store.count("events") > 0
    fields: dict[str, Any] = {
        "weeks": (), "activity": (), "usual": (), "marks": (), "has_events": has_events, "moved": (), "compared": "no_events",
        "days_before": 0,
    }  # fmt: skip
    if not has_events or not len(mine.code):
        return fields
    first = int(mine.first.min())
    moment = leaving.moment or found.at
    spans = spans_before(first, moment)
    own: dict[str, tuple[float, float]] = {}
    peers = Peers({}, {}, ())
    moved: tuple[Moved, ...] = ()
    compared: Literal["yes", "alone", "new"] = "new"
    if spans is not None:
        own, peers = find_peers(found.store, found.customer, found.seen, spans)
        compared, moved = what_moved(run, found.store, found.customer, spans, own, peers)
    query = "SELECT time FROM events WHERE actor IN (SELECT unnest(?)) ORDER BY time"
    times = found.store.columns(query, [found.customer.listed])["time"].astype(np.int64)
    days, edges = week_edges(first, found.at, run.time_zone, run.settings.text("product.week_start"), MAX_WEEKS)
    return fields | {
        "weeks": tuple(day.isoformat() for day in days),
        "activity": weekly(run, times, edges, "activity", found.at),
        "usual": usual_weeks(run, found.store, peers, edges, found.at),
        "marks": _marks(found, int(edges[0])),
        "moved": moved,
        "compared": compared,
        "days_before": 0 if spans is None else _days(spans),
    }


def _days(spans: Spans) -> int:
    return (spans.end - spans.middle) // DAY_US


def _marks(found: _Found, begin: int) -> tuple[Mark, ...]:
    """The customer's own changes of plan, and when it was known to have left; what we changed is marked on every chart."""
    zone = found.run.time_zone
    marks: list[tuple[int, Say | Text | str]] = [(time, text) for time, text, _ in _plan_changes(found) if time >= begin]
    if found.leaving.on is not None:
        marks.append((found.leaving.on, say("risk.case.mark.left")))
    return tuple((local_day(time, zone).isoformat(), text) for time, text in sorted(marks, key=lambda mark: mark[0]))


def _plan_changes(found: _Found) -> list[tuple[int, Say, str]]:
    rows = found.store.rows(
        "SELECT actor, plan, known_at FROM actors WHERE actor IN (SELECT unnest(?)) AND plan IS NOT NULL AND known_at <= ? ORDER BY known_at, sequence",
        [found.customer.listed, found.at],
    )
    plan: dict[int, str] = {}
    changes = []
    for actor, name, time in rows:
        if plan.get(actor, name) != name:
            person = found.customer.ids.get(int(actor), str(actor))
            changes.append((int(time), say("risk.case.mark.plan", was=plan[actor], now=str(name)), person))
        plan[actor] = str(name)
    return changes


# alike and timeline ------------------------------------------------------------------------------------------------------


def _alike(found: _Found) -> dict[str, Any]:
    as_of = found.run.as_of
    past = past_snapshots(found.store, found.task, found.keys, found.outcomes, as_of)
    moment = found.leaving.moment
    near: Neighbours = find_alike(found.store, past, found.customer, moment, found.names, found.leaving.gone)
    run = found.run

    def share(name: str, hits: int, num: int) -> Figure | None:
        if num == 0:
            return None
        limits = share_interval(hits, num)
        return run.figure(name, limits.value, "share", f"risk.case.d.{name}", n=num, interval=(limits.low, limits.high))

    return {
        "alike_by": near.by,
        "alike_left": share("alike_left", near.num_left, near.num),
        "alike_num": near.num,
        "alike_num_left": near.num_left,
        "alike_base": share("alike_base", near.base_left, near.base_num),
        "alike": near.shown,
        "alike_now": near.now,
    }


def _timeline(found: _Found, promises: tuple[Promise, ...]) -> tuple[Entry, ...]:
    """What its people did (by day), said, paid and were promised, the newest first."""
    ids = found.customer.ids
    entries = [
        Entry(
            at=int(time), kind="paid", what=_order_text(found, number, amount, currency, plan or item or kind), person=ids.get(int(actor))
        )
        for number, (time, actor, amount, currency, kind, plan, item, _) in enumerate(found.payments.rows[-MAX_TIMELINE:])
    ]
    topics = _topic_of(found)
    entries += [
        Entry(at=row.time, kind="said", what=topics.get(row.row_id, say("risk.case.entry.said")), person=ids.get(row.author or -1))
        for row in found.words.own[-MAX_TIMELINE:]
        if row.time is not None
    ]
    entries += [Entry(at=one.at, kind="promised", what=say("risk.case.entry.promised")) for one in promises if one.at is not None]
    entries += [Entry(at=time, kind="changed", what=text, person=person) for time, text, person in _plan_changes(found)]
    days = found.store.rows(
        f"""SELECT max(time), actor, count(*), arg_max(name, n) FROM (SELECT time, actor, name, count(*) OVER (PARTITION BY actor, time // {DAY_US}, name) AS n
        FROM events WHERE actor IN (SELECT unnest(?))) GROUP BY actor, time // {DAY_US} ORDER BY 1 DESC LIMIT ?""",
        [found.customer.listed, MAX_TIMELINE],
    )
    entries += [
        Entry(at=int(time), kind="did", what=say("risk.case.entry.did", num=int(num), name=str(name)), person=ids.get(int(actor)))
        for time, actor, num, name in days
    ]
    entries.sort(key=lambda one: (-one.at, one.kind))
    return tuple(entries[:MAX_TIMELINE])


def _order_text(found: _Found, number: int, amount: int | None, currency: str | None, what: str | None) -> Say:
    figure = found.run.figure(f"paid_{number}", amount, f"money:{currency or ''}", "risk.case.d.order")
    return say("risk.case.entry.paid", amount=figure, what=what) if what else say("risk.case.entry.paid_plain", amount=figure)


def _topic_of(found: _Found) -> dict[str, Say]:
    ids = [row.row_id for row in found.words.own[-MAX_TIMELINE:]]
    rows = found.store.rows(
        "SELECT feedback, topic FROM points WHERE feedback IN (SELECT unnest(?)) AND topic IS NOT NULL ORDER BY start", [ids]
    )
    return {str(row_id): say("risk.case.entry.topic", topic=found.names.topic(str(topic))) for row_id, topic in reversed(rows)}
