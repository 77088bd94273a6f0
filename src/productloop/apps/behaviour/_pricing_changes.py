"""What followed a change of price: people who met the old price beside people who met the new one, each watched for the same number of days.

Who met it   new people: signed up within `cohort_days` before the change (early enough to be watched wholly at the old price), or after it.
             payers: with a subscription in force on the day from which they are watched; active people: with an event in those days.
Measures     paid: a first order within the days. stopped: a payer whose subscription worth a month fell or ended. refunded: a payer with a refund.
             wrote: an active person who wrote about the price.
Whatever else differs between the two times is in it: without people who kept the old price nothing here is an effect of the price.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from productloop.apps.behaviour import _revenue_kernel as kernel
from productloop.apps.behaviour._orders import CANCEL, REFUND, SUBSCRIPTION, Orders, main_currency, read_orders
from productloop.apps.behaviour._periods import period_index
from productloop.apps.behaviour.pricing_types import Compared, PriceChange
from productloop.foundation.figures import Figure
from productloop.learning.intervals import difference_interval, share_interval
from productloop.loop.action import Run

Integers = NDArray[np.int64]

KINDS = ("price", "pricing", "prices", "价格", "改价", "调价", "涨价", "降价")
PRICE_WORDS = "贵|涨价|价格|价钱|月费|年费|不值|expensive|pric(e|es|ed|ing|ey)\\b|overpriced"
FOLLOW_DAYS, MIN_FOLLOW_DAYS, MAX_COHORT_DAYS = 28, 7, 90
MIN_PEOPLE = 10
MAX_CHANGES = 3
Measure = Literal["paid", "stopped", "refunded", "wrote"]


@dataclass(frozen=True, slots=True)
class _Facts:
    """What is compared, in local days; `begin` and `end` are the first and the last day of the data."""

    joined: dict[int, int]
    paid: dict[int, int]
    coverage: kernel.Coverage
    refunds: Integers
    active: Integers
    wrote: Integers
    begin: int
    end: int


def price_changes(run: Run, follow_days: int | None) -> tuple[PriceChange, ...]:
    """The newest changes of price, newest first; empty where none is recorded or there are neither orders nor events."""
    if not run.store.exists("changes") or not (run.store.exists("orders") or run.store.exists("events")):
        return ()
    marks = ", ".join("?" * len(KINDS))
    rows = run.store.rows(
        f"SELECT time, coalesce(title, '') FROM changes WHERE lower(trim(kind)) IN ({marks}) AND time <= ? ORDER BY time DESC LIMIT {MAX_CHANGES}",
        [*KINDS, run.as_of if run.as_of is not None else 1 << 61],
    )
    if not rows:
        return ()
    facts = _facts(run)
    return tuple(_change(run, facts, int(time), str(title), follow_days, place) for place, (time, title) in enumerate(rows, 1))


def _days(run: Run, times: Integers) -> Integers:
    return period_index(times.astype(np.int64), run.time_zone, "day")


def _facts(run: Run) -> _Facts:
    orders = read_orders(run)
    currency, _ = main_currency(orders, None)
    day = _days(run, orders.time)
    paid = _first(orders.actor[orders.amount > 0], day[orders.amount > 0])
    events = run.store.columns("SELECT actor::BIGINT AS actor, min(time) AS first FROM events GROUP BY actor ORDER BY actor")
    signed = run.store.columns(
        "SELECT actor::BIGINT AS actor, min(first_seen) AS first FROM actors WHERE first_seen IS NOT NULL GROUP BY actor ORDER BY actor"
    )
    joined = _first(events["actor"].astype(np.int64), _days(run, events["first"]))
    joined |= _first(signed["actor"].astype(np.int64), _days(run, signed["first"]))
    active = _pairs(run, "SELECT DISTINCT actor::BIGINT AS who, time FROM events")
    wrote = _pairs(
        run,
        "SELECT author::BIGINT AS who, time FROM feedback WHERE author IS NOT NULL AND time IS NOT NULL AND regexp_matches(lower(text), ?)",
        PRICE_WORDS,
    )
    span = run.store.rows("SELECT min(time), max(time) FROM (SELECT time FROM events UNION ALL SELECT time FROM orders)")[0]
    ends = _days(run, np.array([span[0] or 0, span[1] or 0]))
    refunds = orders.kind == REFUND
    coverage = _coverage(run, orders.take(orders.currency == currency))
    return _Facts(joined, paid, coverage, _packed(orders.actor[refunds], day[refunds]), active, wrote, int(ends[0]), int(ends[1]))


def _coverage(run: Run, orders: Orders) -> kernel.Coverage:
    own = orders.take(np.isin(orders.kind, SUBSCRIPTION))
    paid, ended = own.take((own.kind != CANCEL) & (own.amount > 0)), own.take(own.kind == CANCEL)
    plan = np.unique(np.array([str(name) for name in paid.plan], dtype=str), return_inverse=True)[1].astype(np.int64)
    start, end = (np.where(times >= 0, _days(run, np.maximum(times, 0)), -1) for times in (paid.period_start, paid.period_end))
    subscriptions = kernel.Subscriptions(paid.actor, _days(run, paid.time), paid.amount.astype(np.float64), plan, start, end)
    return kernel.cover(subscriptions, (ended.actor, _days(run, ended.time)))[0]


def _first(actor: Integers, day: Integers) -> dict[int, int]:
    codes, place = np.unique(actor, return_inverse=True)
    earliest = np.full(len(codes), np.iinfo(np.int64).max)
    np.minimum.at(earliest, place, day)
    return dict(zip(codes.tolist(), earliest.tolist(), strict=True))


def _pairs(run: Run, query: str, *parameters: str) -> Integers:
    found = run.store.columns(query, parameters)
    return _packed(found["who"].astype(np.int64), _days(run, found["time"]))


def _packed(who: Integers, day: Integers) -> Integers:
    """(n, 2) distinct (person, day)."""
    return np.unique(np.column_stack([who, day]), axis=0) if len(who) else np.empty((0, 2), dtype=np.int64)


def _within(pairs: Integers, start: int, days: int) -> set[int]:
    """People with a pair in [start, start + days)."""
    keep = (pairs[:, 1] >= start) & (pairs[:, 1] < start + days)
    return set(pairs[keep, 0].tolist())


def _change(run: Run, facts: _Facts, time_us: int, title: str, wanted: int | None, place: int) -> PriceChange:
    day = int(_days(run, np.array([time_us], dtype=np.int64))[0])
    after, before = facts.end - day + 1, day - facts.begin
    follow = wanted or max(MIN_FOLLOW_DAYS, min(FOLLOW_DAYS, after // 2, before // 2))
    cohort = min(MAX_COHORT_DAYS, after - follow, before - follow)
    base: dict[str, Any] = {"day": str(np.int64(day).astype("datetime64[D]")), "title": title, "follow_days": follow}
    if after < 2 * follow:
        again = str(np.int64(day + 2 * follow).astype("datetime64[D]"))
        return PriceChange(**base, cohort_days=0, state="early", look_again=again)
    if before < 2 * follow:
        return PriceChange(**base, cohort_days=0, state="short", look_again=None)
    old, new = _counts(facts, day - follow - cohort, day - follow, follow, cohort), _counts(facts, day, day, follow, cohort)
    measures = tuple(_compared(run, f"change_{place}", measure, old[measure], new[measure]) for measure in old)
    return PriceChange(**base, cohort_days=cohort, state="ok", look_again=None, measures=measures)


def _counts(facts: _Facts, joined_from: int, watched_from: int, follow: int, cohort: int) -> dict[Measure, tuple[int, int]]:
    """Measure -> (people it happened to, people it could have happened to) on one side."""
    new = {who for who, day in facts.joined.items() if joined_from <= day < joined_from + cohort}
    bought = {who for who in new if 0 <= facts.paid.get(who, 1 << 40) - facts.joined[who] < follow}
    start, end = facts.coverage.on(watched_from - 1), facts.coverage.on(watched_from + follow - 1)
    then = _worth(facts.coverage, start)
    later = _worth(facts.coverage, end)
    less = {who for who, worth in then.items() if later.get(who, 0.0) < worth - kernel.SAME}
    refunded = _within(facts.refunds, watched_from, follow) & set(then)
    active = _within(facts.active, watched_from, follow)
    wrote = _within(facts.wrote, watched_from, follow)
    return {
        "paid": (len(bought), len(new)),
        "stopped": (len(less), len(then)),
        "refunded": (len(refunded), len(then)),
        "wrote": (len(wrote & active), len(active)),
    }


def _worth(coverage: kernel.Coverage, there: NDArray[np.bool_]) -> dict[int, float]:
    found: dict[int, float] = {}
    for who, monthly in zip(coverage.actor[there].tolist(), coverage.monthly[there].tolist(), strict=True):
        found[who] = found.get(who, 0.0) + monthly
    return found


def _compared(run: Run, name: str, measure: Measure, old: tuple[int, int], new: tuple[int, int]) -> Compared:
    def share(side: str, counts: tuple[int, int]) -> Figure:
        hits, total = counts
        key = f"behaviour.d.pricing_{measure}"
        if not total:
            return run.figure(f"{name}.{measure}_{side}", None, "share", key, n=0)
        interval = share_interval(hits, total)
        return run.figure(f"{name}.{measure}_{side}", interval.value, "share", key, n=total, interval=(interval.low, interval.high))

    verdict: Literal["more", "less", "unclear", "unknown"] = "unknown"
    difference = run.figure(f"{name}.{measure}_difference", None, "share", "behaviour.d.pricing_difference")
    if min(old[1], new[1]) >= MIN_PEOPLE:
        gap = difference_interval(new[0], new[1], old[0], old[1])
        verdict = "more" if gap.low > 0 else "less" if gap.high < 0 else "unclear"
        difference = run.figure(
            f"{name}.{measure}_difference", gap.value, "share", "behaviour.d.pricing_difference", interval=(gap.low, gap.high)
        )
    return Compared(measure=measure, old=share("old", old), new=share("new", new), difference=difference, verdict=verdict)
