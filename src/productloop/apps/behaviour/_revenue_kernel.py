"""Recurring revenue from orders, as arrays: what each order covers, what each account pays a month, what moved from month to month.

Rules
- An order covers the days from its period start up to (not including) its period end; without periods, from its day for one billing length,
  inferred from the gaps between a person's orders of the same plan and amount (else of the plan, else of all, else a month).
- What an order is worth a month is its amount over the months it covers; 28-31 days are a month, 350-380 a year.
- A later subscription order of the same person replaces the earlier one from its day on; orders of one day add up.
- A pause of at most GRACE_DAYS (a quarter of the period, if that is less) before the next order is no loss. Where periods are inferred, an order that
  nothing follows is given the same time before it counts as lost, unless it was cancelled.
- Monthly recurring revenue is what is covered on the last day of a month. Against the month before, an account is new (never covered before),
  reactivated, expanded, contracted or lost, so that MRR(t) = MRR(t-1) + new + reactivated + expansion - contraction - lost.
- Net retention = (MRR(t-1) + expansion - contraction - lost) / MRR(t-1), gross the same without expansion.

Everything adds up over accounts: `merge` of the movements of any parts of the accounts is that of all.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from productloop.foundation.figures import INTERVAL_LEVEL
from productloop.learning.intervals import Interval

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

DAYS_PER_MONTH = 365.25 / 12
LENGTHS_DAYS = (
    7.0,
    14.0,
    DAYS_PER_MONTH,
    2 * DAYS_PER_MONTH,
    3 * DAYS_PER_MONTH,
    6 * DAYS_PER_MONTH,
    12 * DAYS_PER_MONTH,
    24 * DAYS_PER_MONTH,
)
SNAP = 0.2
"""A length within a fifth of a usual one is that one."""
GRACE_DAYS, GRACE_SHARE = 7, 0.25
MIN_GAPS = 3
SAME = 0.5
"""Minor units a month: a smaller difference is rounding."""
FIELDS = ("mrr", "new", "reactivated", "expansion", "contraction", "lost")


@dataclass(frozen=True, slots=True)
class Subscriptions:
    """Subscription orders, (n,) each, of one currency: person code, local day, minor units, plan number, period days (-1 = not given)."""

    actor: Integers
    day: Integers
    amount: Floats
    plan: Integers
    start: Integers
    end: Integers


@dataclass(frozen=True, slots=True)
class Coverage:
    """What orders cover, (n,) each: person, [start, end) in local days, minor units a month, plan number."""

    actor: Integers
    start: Integers
    end: Integers
    monthly: Floats
    plan: Integers

    def on(self, day: int) -> NDArray[np.bool_]:
        """(n,) which cover a day."""
        return np.asarray((self.start <= day) & (day < self.end))


@dataclass(frozen=True, slots=True)
class Movements:
    """(months,) minor units each; index 0 is the base month, in which only `mrr` is known (movements 0)."""

    mrr: Floats
    new: Floats
    reactivated: Floats
    expansion: Floats
    contraction: Floats
    lost: Floats
    num_accounts: Integers


def usual_days(days: Floats) -> Floats:
    """(n,) days of a period, snapped to a usual length."""
    usual = np.array(LENGTHS_DAYS)
    days = np.maximum(np.asarray(days, dtype=np.float64), 1.0)
    nearest = usual[np.abs(np.log(days[:, None] / usual)).argmin(axis=1)] if len(days) else days
    return np.where(np.abs(days / nearest - 1) <= SNAP, nearest, days)


def cover(orders: Subscriptions, cancelled: tuple[Integers, Integers]) -> tuple[Coverage, int]:
    """(coverage sorted by person and start, orders whose period was inferred). `cancelled`: persons and local days of cancellations."""
    given = (orders.end > orders.start) & (orders.start >= 0)
    start = np.where(given, orders.start, orders.day)
    length = np.where(given, usual_days((orders.end - orders.start).astype(np.float64)), 0.0)
    length = np.where(given, length, _inferred(orders, start))
    end = np.where(given, orders.end, start + np.ceil(length).astype(np.int64))
    monthly = orders.amount / (length / DAYS_PER_MONTH)
    joined, given = _join_days(orders.actor, start, end, monthly, orders.plan, given)
    return _bridged(joined, given, cancelled), int((~given).sum())


def _inferred(orders: Subscriptions, start: Integers) -> Floats:
    """(n,) billing length in days of each order, from gaps."""
    order = np.lexsort((start, orders.actor))
    same = orders.actor[order][1:] == orders.actor[order][:-1]
    gap = np.diff(start[order]).astype(np.float64)
    alike = same & (orders.plan[order][1:] == orders.plan[order][:-1]) & (gap > 0)
    first = order[:-1][alike]
    gap = gap[alike]
    found = np.full(len(start), float(usual_days(np.array([np.median(gap)]))[0]) if len(gap) else DAYS_PER_MONTH)
    plans, place = np.unique(orders.plan, return_inverse=True)
    for number in range(len(plans)):
        own = gap[place[first] == number]
        if len(own) >= MIN_GAPS:
            found[place == number] = usual_days(np.array([np.median(own)]))[0]
    rows = np.column_stack([orders.plan, np.round(orders.amount).astype(np.int64)])
    _, priced = np.unique(rows, axis=0, return_inverse=True)
    priced = priced.reshape(-1)
    for number in np.flatnonzero(np.bincount(priced[first], minlength=1) >= MIN_GAPS).tolist():
        found[priced == number] = usual_days(np.array([np.median(gap[priced[first] == number])]))[0]
    return found


def _join_days(
    actor: Integers, start: Integers, end: Integers, monthly: Floats, plan: Integers, given: NDArray[np.bool_]
) -> tuple[Coverage, NDArray[np.bool_]]:
    """One row for each person and day of start; the plan of the largest part."""
    order = np.lexsort((-monthly, start, actor))
    actor, start, end, plan = actor[order], start[order], end[order], plan[order]
    monthly, given = monthly[order], given[order]
    new = np.ones(len(actor), dtype=np.bool_)
    new[1:] = (actor[1:] != actor[:-1]) | (start[1:] != start[:-1])
    begins = np.flatnonzero(new)
    if not len(begins):
        return Coverage(actor, start, end, monthly, plan), given
    return (
        Coverage(actor[begins], start[begins], np.maximum.reduceat(end, begins), np.add.reduceat(monthly, begins), plan[begins]),
        given[begins],
    )


def _bridged(found: Coverage, given: NDArray[np.bool_], cancelled: tuple[Integers, Integers]) -> Coverage:
    grace = np.minimum(GRACE_DAYS, (GRACE_SHARE * (found.end - found.start)).astype(np.int64))
    followed = np.zeros(len(found.actor), dtype=np.bool_)
    followed[:-1] = found.actor[1:] == found.actor[:-1]
    following = np.append(found.start[1:], 0)
    bridged = followed & (following <= found.end + grace)
    stopped = _stopped(found, followed, following, cancelled)
    lingering = found.end + np.where(given | stopped, 0, grace)
    end = np.where(bridged, following, np.where(followed, np.minimum(lingering, following), lingering))
    return Coverage(found.actor, found.start, end, found.monthly, found.plan)


def _stopped(found: Coverage, followed: NDArray[np.bool_], following: Integers, cancelled: tuple[Integers, Integers]) -> NDArray[np.bool_]:
    """(n,) whether a cancellation came after the order and before the next."""
    who, day = cancelled
    if not len(who):
        return np.zeros(len(found.actor), dtype=np.bool_)
    base = int(max(day.max(), found.start.max(initial=0))) + 2
    keys = np.sort(who * base + day)
    low = np.searchsorted(keys, found.actor * base + found.start)
    high = np.searchsorted(keys, np.where(followed, found.actor * base + np.minimum(following, base - 1), (found.actor + 1) * base))
    return np.asarray(high > low)


def movements(coverage: Coverage, account: Integers, month_ends: Integers) -> Movements:
    """Movements of accounts. `account` (n,) dense number of each row of coverage; `month_ends` (months,) last local days, ascending."""
    num, size = len(month_ends), int(account.max(initial=-1)) + 1
    values = {name: np.zeros(num) for name in FIELDS}
    paying = np.zeros(num, dtype=np.int64)
    first = np.full(size, np.iinfo(np.int64).max)
    np.minimum.at(first, account, coverage.start)
    before = np.zeros(size)
    for month, day in enumerate(month_ends.tolist()):
        now = paid_on(coverage, account, size, day)
        values["mrr"][month] = now.sum()
        paying[month] = int((now > 0).sum())
        if month:
            change = now - before
            began, gone = (before <= 0) & (now > 0), (before > 0) & (now <= 0)
            stayed = (before > 0) & (now > 0)
            never = first > month_ends[month - 1]
            values["new"][month] = change[began & never].sum()
            values["reactivated"][month] = change[began & ~never].sum()
            values["lost"][month] = -change[gone].sum()
            values["expansion"][month] = change[stayed & (change > 0)].sum()
            values["contraction"][month] = -change[stayed & (change < 0)].sum()
        before = now
    return Movements(**values, num_accounts=paying)


def merge(parts: list[Movements]) -> Movements:
    """The movements of all accounts, from those of parts that share no account."""
    total: dict[str, Any] = {name: np.sum([getattr(part, name) for part in parts], axis=0) for name in (*FIELDS, "num_accounts")}
    return Movements(**total)


def paid_on(coverage: Coverage, account: Integers, size: int, day: int) -> Floats:
    """(size,) minor units a month that each account pays on a day."""
    there = coverage.on(day)
    return np.bincount(account[there], weights=coverage.monthly[there], minlength=size).astype(np.float64)


def retention(before: Floats, now: Floats, *, gross: bool) -> Interval:
    """Share of the recurring revenue of `before` (n,) kept in `now` (n,) by the same accounts, with interval (ratio estimator, normal)."""
    total = float(before.sum())
    if total <= 0:
        return Interval(float("nan"), float("nan"), float("nan"))
    from statistics import NormalDist

    kept = np.where(before > 0, np.minimum(now, before) if gross else now, 0.0)
    value = float(kept.sum()) / total
    num = int((before > 0).sum())
    error = float(np.sqrt(((kept - value * before) ** 2).sum())) / total * np.sqrt(num / max(1, num - 1))
    half = NormalDist().inv_cdf(0.5 + INTERVAL_LEVEL / 2) * error
    return Interval(value, max(0.0, value - half), min(1.0, value + half) if gross else value + half)
