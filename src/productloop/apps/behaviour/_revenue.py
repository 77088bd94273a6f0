"""`revenue` from orders to report: monthly recurring revenue and its movements, retention, refunds, per account by plan and start."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from productloop.apps.behaviour import _revenue_kernel as kernel
from productloop.apps.behaviour import revenue_wording as wording
from productloop.apps.behaviour._orders import CANCEL, REFUND, SUBSCRIPTION, Orders, main_currency, read_orders
from productloop.apps.behaviour._periods import period_index, period_start
from productloop.apps.behaviour.revenue_types import CurrencyLine, RevenueGroup, RevenueMonth, RevenueReport, RevenueRequest
from productloop.foundation.errors import UsageError, excerpt
from productloop.foundation.figures import Figure
from productloop.foundation.wording import Say, say
from productloop.learning.intervals import Interval
from productloop.learning.resampling import mean_interval
from productloop.loop import wording as loop_wording
from productloop.loop.action import Run, is_simulated, require
from productloop.loop.scope import Scope

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

MAX_MONTHS, MAX_GROUPS, YEAR = 240, 24, 12
OLD_SHARE = 0.05
"""From this share on it is said that accounts begin with a renewal: they were there before the data."""


@dataclass(frozen=True, slots=True)
class Book:
    """The subscriptions of one currency: coverage, the dense account of each row, months (index since 1970) and their last days."""

    coverage: kernel.Coverage
    account: Integers
    num_accounts: int
    plans: tuple[str | None, ...]
    months: Integers
    """Whole months, ascending; movements are known from the second on."""
    ends: Integers
    num_inferred: int
    num_orders: int
    num_old: int
    """Accounts whose first order after the first whole month is a renewal."""

    def paid(self, month: int) -> Floats:
        """(accounts,) minor units a month on the last day of the month at a place of `months`."""
        return kernel.paid_on(self.coverage, self.account, self.num_accounts, int(self.ends[month]))


def answer_revenue(run: Run, request: RevenueRequest) -> RevenueReport:
    """The report. Raises UsageError for a breakdown, MissingData without orders."""
    if run.scope.by is not None:
        raise UsageError(wording.NO_BREAKDOWN, name=excerpt(run.scope.by))
    require(run.store.exists("orders"), loop_wording.NOTHING_IMPORTED, tables="orders")
    run.progress("read", 0, 2)
    every = read_orders(run)
    currency, currencies = main_currency(every, request.currency)
    orders = every.take(every.currency == currency)
    whole, running = _months(run)
    accounts = _accounts(run)
    book = _book(run, orders, whole, accounts)
    run.progress("count", 1, 2)
    state: Literal["ok", "none", "single", "short"] = (
        "none" if not len(orders.actor) else "single" if not book.num_orders else "ok" if len(book.months) else "short"
    )
    months = _rows(run, currency, orders, book, running)
    known = [row for row in months if not row.running]
    span = min(YEAR, len(book.months) - 1) if len(book.months) else 0
    year = _year(book, span)
    others = [name for name in currencies if name != currency]
    return RevenueReport(
        **run.frame("behaviour.revenue", ("orders", "actors")),
        cautions=_cautions(run, book, bool(others), currency, others),
        state=state,
        currency=currency,
        last=known[-1] if len(book.months) > 1 else None,
        base=known[-1] if len(book.months) == 1 else None,
        months=tuple(months[-request.months - 1 :] if running is not None else months[-request.months :]),
        year_net=_share(run, "year_net", year[0], "behaviour.d.revenue_net"),
        year_gross=_share(run, "year_gross", year[1], "behaviour.d.revenue_gross"),
        span=max(span, 0),
        by_plan=_by_plan(run, currency, book) if state == "ok" else (),
        by_cohort=_by_cohort(run, currency, book) if state == "ok" else (),
        others=tuple(_other(run, name, every, whole, accounts) for name in others),
        inferred=run.figure(
            "inferred", book.num_inferred / book.num_orders if book.num_orders else None, "share", "behaviour.d.revenue_inferred"
        ),
        accounts_known=bool(accounts),
    )


def _months(run: Run) -> tuple[Integers, int | None]:
    """(whole months the orders cover, the month that is still running; None where the data end with one)."""
    whole = run.store.narrowed(Scope(until=run.scope.until), run.time_zone, run.as_of)
    try:
        first, last = whole.rows("SELECT min(time), max(time) FROM orders")[0]
    finally:
        whole.close()
    if first is None:
        return np.empty(0, dtype=np.int64), None
    ends = np.array([first - 1, last + 1], dtype=np.int64)
    before, after = period_index(ends, run.time_zone, "month").tolist()
    day = period_index(np.array([last], dtype=np.int64), run.time_zone, "day")[0]
    newest = int(period_index(np.array([last], dtype=np.int64), run.time_zone, "month")[0])
    # the last order seldom falls on the last second: a month is over when its last day was reached
    over = day == _last_day(np.array([newest]))[0]
    stop = newest + 1 if over else newest
    start, _ = run.scope.range_us(run.time_zone)
    first_month = before + 1
    if start is not None:
        first_month = max(first_month, int(period_index(np.array([start - 1], dtype=np.int64), run.time_zone, "month")[0]))
    return np.arange(max(first_month, stop - MAX_MONTHS), stop, dtype=np.int64), None if over or after > newest else newest


def _last_day(month: Integers) -> Integers:
    return np.asarray(period_start(month + 1, "month").astype(np.int64) - 1)


def _accounts(run: Run) -> dict[int, str]:
    """Person -> account, by what was last known; empty where no accounts are given."""
    if not run.store.exists("actors"):
        return {}
    found = run.store.rows("SELECT actor, arg_max(account, coalesce(known_at, 0)) FROM actors WHERE account IS NOT NULL GROUP BY actor")
    return {int(actor): str(account) for actor, account in found}


def _book(run: Run, orders: Orders, months: Integers, accounts: dict[int, str]) -> Book:
    own = orders.take(np.isin(orders.kind, SUBSCRIPTION))
    paid = own.take((own.kind != CANCEL) & (own.amount > 0))
    ended = own.take(own.kind == CANCEL)
    plans, plan = np.unique(np.array(["" if name is None else str(name) for name in paid.plan], dtype=str), return_inverse=True)

    def days(times: Integers) -> Integers:
        return np.where(times >= 0, period_index(np.maximum(times, 0), run.time_zone, "day"), -1)

    subscriptions = kernel.Subscriptions(
        paid.actor, days(paid.time), paid.amount.astype(np.float64), plan.astype(np.int64), days(paid.period_start), days(paid.period_end)
    )
    coverage, num_inferred = kernel.cover(subscriptions, (ended.actor, days(ended.time)))
    names = [accounts.get(actor, f"\0{actor}") for actor in coverage.actor.tolist()]
    known, account = np.unique(np.array(names, dtype=str), return_inverse=True) if names else (np.empty(0), np.empty(0, dtype=np.int64))
    first_day = np.full(len(known), np.iinfo(np.int64).max)
    np.minimum.at(first_day, account, coverage.start)
    ends = _last_day(months)
    if len(coverage.start):
        useful = ends >= coverage.start.min()
        months, ends = months[useful], ends[useful]
    return Book(
        coverage, account.astype(np.int64), len(known), tuple(name or None for name in plans.tolist()), months, ends,
        num_inferred, len(coverage.actor), _num_old(own, days(own.time), ends),
    )  # fmt: skip


def _num_old(own: Orders, day: Integers, ends: Integers) -> int:
    """People whose first subscription order is no new one although it lies after the base month."""
    if not len(own.actor) or not len(ends):
        return 0
    order = np.lexsort((own.kind, own.time, own.actor))
    first = np.ones(len(order), dtype=np.bool_)
    first[1:] = own.actor[order][1:] != own.actor[order][:-1]
    begins = order[first]
    return int(((own.kind[begins] != 0) & (day[begins] > ends[0])).sum())


def _money(run: Run, currency: str, name: str, value: float | None, definition: str) -> Figure:
    return run.figure(name, None if value is None else round(value), f"money:{currency}", f"behaviour.d.revenue_{definition}")


def _share(run: Run, name: str, interval: Interval, definition: str, n: int | None = None) -> Figure:
    return run.figure(name, interval.value, "share", definition, n=n, interval=(interval.low, interval.high))


def _rows(run: Run, currency: str, orders: Orders, book: Book, running: int | None) -> list[RevenueMonth]:
    """Every whole month and the running one."""
    moved = kernel.movements(book.coverage, book.account, book.ends) if len(book.months) else None
    month = period_index(orders.time, run.time_zone, "month")
    single = (~orders.subscription) & (orders.kind != REFUND)
    rows: list[RevenueMonth] = []
    for place, number in enumerate([*book.months.tolist(), *([] if running is None else [running])]):
        is_running = place == len(book.months)
        start = str(period_start(np.array([number]), "month")[0])
        own = month == number
        values: dict[str, float | None] = dict.fromkeys(kernel.FIELDS)
        net = gross = Interval(float("nan"), float("nan"), float("nan"))
        num_accounts: int | None = None
        if moved is not None and not is_running:
            values["mrr"] = float(moved.mrr[place])
            num_accounts = int(moved.num_accounts[place])
            if place:
                values |= {name: float(getattr(moved, name)[place]) for name in kernel.FIELDS[1:]}
                before, now = book.paid(place - 1), book.paid(place)
                net, gross = kernel.retention(before, now, gross=False), kernel.retention(before, now, gross=True)
        rows.append(
            RevenueMonth(
                start=start,
                running=is_running,
                **{name: _money(run, currency, f"{start}.{name}", value, name) for name, value in values.items()},
                net_retention=_share(run, f"{start}.net", net, "behaviour.d.revenue_net"),
                gross_retention=_share(run, f"{start}.gross", gross, "behaviour.d.revenue_gross"),
                accounts=run.figure(f"{start}.accounts", num_accounts, "number", "behaviour.d.revenue_accounts"),
                refunds=_money(run, currency, f"{start}.refunds", -float(orders.amount[own & (orders.kind == REFUND)].sum()), "refunds"),
                single=_money(run, currency, f"{start}.single", float(orders.amount[own & single].sum()), "single"),
            )
        )
    return rows


def _year(book: Book, span: int) -> tuple[Interval, Interval]:
    if span < 1:
        nothing = Interval(float("nan"), float("nan"), float("nan"))
        return nothing, nothing
    before, now = book.paid(len(book.months) - 1 - span), book.paid(len(book.months) - 1)
    return kernel.retention(before, now, gross=False), kernel.retention(before, now, gross=True)


def _by_plan(run: Run, currency: str, book: Book) -> tuple[RevenueGroup, ...]:
    there = book.coverage.on(int(book.ends[-1]))
    found = []
    for number, name in enumerate(book.plans):
        own = there & (book.coverage.plan == number)
        paid = np.bincount(book.account[own], weights=book.coverage.monthly[own], minlength=book.num_accounts).astype(np.float64)
        if (paid > 0).any():
            found.append(_group(run, currency, name, f"plan_{number}", paid, int((paid > 0).sum())))
    return tuple(sorted(found, key=lambda group: -float(group.mrr.value or 0))[:MAX_GROUPS])


def _by_cohort(run: Run, currency: str, book: Book) -> tuple[RevenueGroup, ...]:
    first = np.full(book.num_accounts, np.iinfo(np.int64).max)
    np.minimum.at(first, book.account, book.coverage.start)
    month = first.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    now = book.paid(len(book.months) - 1)
    found = []
    for number in np.unique(month[month <= book.months[-1]])[-MAX_GROUPS:].tolist():
        own = month == number
        start = str(period_start(np.array([number]), "month")[0])
        found.append(_group(run, currency, start, f"cohort_{start}", np.where(own, now, 0.0), int(own.sum())))
    return tuple(found)


def _group(run: Run, currency: str, name: str | None, key: str, paid: Floats, started: int) -> RevenueGroup:
    paying = paid[paid > 0]
    each = mean_interval(paying, seed=run.seed) if len(paying) else Interval(float("nan"), float("nan"), float("nan"))
    value = None if np.isnan(each.value) else round(each.value)
    return RevenueGroup(
        name=name,
        started=run.figure(f"{key}.started", started, "number", "behaviour.d.revenue_started"),
        accounts=run.figure(f"{key}.accounts", len(paying), "number", "behaviour.d.revenue_accounts"),
        mrr=_money(run, currency, f"{key}.mrr", float(paying.sum()), "mrr"),
        each=run.figure(
            f"{key}.each", value, f"money:{currency}", "behaviour.d.revenue_each", n=len(paying), interval=(each.low, each.high)
        ),
    )


def _other(run: Run, currency: str, every: Orders, months: Integers, accounts: dict[int, str]) -> CurrencyLine:
    book = _book(run, every.take(every.currency == currency), months, accounts)
    paid = book.paid(len(book.months) - 1) if len(book.months) else np.zeros(0)
    return CurrencyLine(
        currency=currency,
        mrr=_money(run, currency, f"other_{currency}.mrr", float(paid.sum()), "mrr"),
        accounts=run.figure(f"other_{currency}.accounts", int((paid > 0).sum()), "number", "behaviour.d.revenue_accounts"),
    )


def _cautions(run: Run, book: Book, mixed: bool, currency: str, others: list[str]) -> tuple[Say, ...]:
    found: list[Say] = []
    if mixed:
        found.append(say("behaviour.caution.currencies", shown=currency or "?", others=", ".join(name or "?" for name in others)))
    if not currency and book.num_orders:
        found.append(say("behaviour.caution.no_currency"))
    if book.num_inferred:
        found.append(say("behaviour.caution.revenue_inferred", num=book.num_inferred, total=book.num_orders))
    if book.num_accounts and book.num_old / book.num_accounts > OLD_SHARE:
        found.append(say("behaviour.caution.revenue_old", num=book.num_old))
    if is_simulated(run.store):
        found.append(say("behaviour.caution.simulated"))
    return tuple(found)
