"""Who a customer is: its people, whether they left, what they paid and what falls due."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from productloop.apps.risk import case_wording
from productloop.apps.risk.case_types import Order, Paid, Renewal
from productloop.foundation.errors import UsageError, excerpt
from productloop.loop.accounts import accounts_of, people_of
from productloop.loop.action import Run
from productloop.loop.features import DAY_US
from productloop.loop.records import Keys, Outcomes
from productloop.loop.store import Store
from productloop.loop.task import Task

NEAREST_IDS = 3
PAID_DAYS = 84
NUM_ORDERS = 20
DUE_DAYS, LAPSED_DAYS = 120, 365
"""Renewals further ahead, and periods that ended longer ago, are no news for a call."""
QUIET_DAYS = 28
REFUNDS = ("refund", "refunded", "chargeback", "return", "退款", "退货", "退费")
Codes = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Customer:
    """One customer: `name` as the source calls it, (n,) codes of its people, and their own ids."""

    name: str
    codes: Codes
    ids: dict[int, str]

    @property
    def listed(self) -> list[int]:
        """Codes for a query."""
        return [int(code) for code in self.codes]


@dataclass(frozen=True, slots=True)
class Seen:
    """First and last event or order of each person, the whole table: who was here when."""

    code: Codes
    first: NDArray[np.int64]
    last: NDArray[np.int64]

    def of(self, codes: Codes) -> Seen:
        """Those of `codes` that were seen."""
        mine = np.isin(self.code, codes)
        return Seen(self.code[mine], self.first[mine], self.last[mine])


@dataclass(frozen=True, slots=True)
class Leaving:
    """What is known about who left. `left`: code -> (moment asked, when it was known); 0 = no date."""

    left: dict[int, tuple[int, int]]
    gone: bool
    on: int | None
    moment: int | None
    """Before the first of them left; None where nothing is dated."""


def find_customer(store: Store, asked: str, at: int) -> Customer:
    """The account of that id, or the account of the person of that id. UsageError with the nearest ids where nobody is called so."""
    codes = people_of(store, asked, at)
    name = asked
    if len(codes) == 0:
        raise UsageError(case_wording.CUSTOMER_UNKNOWN, asked=excerpt(asked), nearest=", ".join(_nearest(store, asked)) or "–")
    if len(codes) == 1:
        name = str(accounts_of(store, codes, at)[0])
        codes = people_of(store, name, at)
    return Customer(name, codes, store.source_ids(codes))


def _nearest(store: Store, asked: str) -> list[str]:
    query = """SELECT name FROM (SELECT id AS name FROM actor_codes UNION SELECT account FROM actors WHERE account IS NOT NULL)
        ORDER BY jaro_winkler_similarity(lower(name), lower(?)) DESC, levenshtein(lower(name), lower(?)), name LIMIT ?"""
    return [str(name) for (name,) in store.rows(query, [asked[:80], asked[:80], NEAREST_IDS])]


def read_seen(store: Store) -> Seen:
    """Everybody's first and last activity."""
    rows = store.columns(
        """SELECT actor, min(first) AS first, max(last) AS last FROM (
            SELECT actor, min(time) AS first, max(time) AS last FROM events WHERE actor IS NOT NULL GROUP BY actor
            UNION ALL SELECT actor, min(time), max(time) FROM orders WHERE actor IS NOT NULL GROUP BY actor) GROUP BY actor ORDER BY actor"""
    )
    return Seen(rows["actor"].astype(np.int32), rows["first"].astype(np.int64), rows["last"].astype(np.int64))


def who_left(customer: Customer, task: Task | None, keys: Keys, outcomes: Outcomes, seen: Seen, at: int) -> Leaving:
    """Whose latest known result is the counted one; those of "nothing done for so long" only while they have done nothing since."""
    mine = seen.of(customer.codes)
    last = dict(zip(mine.code.tolist(), mine.last.tolist(), strict=True))
    latest: dict[int, tuple[int, int, int]] = {}
    rows = np.flatnonzero(np.isin(keys.code, customer.codes) & outcomes.known)
    for row in rows[np.argsort(keys.at[rows], kind="stable")].tolist():
        latest[int(keys.code[row])] = (int(outcomes.value[row]), int(keys.at[row]), int(outcomes.known_at[row]))
    by_silence = task is not None and "inactive_days" in dict(task.options or {})
    left = {
        code: (asked, known)
        for code, (value, asked, known) in latest.items()
        if value == 1 and not (by_silence and last.get(code, 0) >= asked)
    }
    stayed = [code for code in customer.listed if code not in left]
    here = [code for code in stayed if code in latest or last.get(code, 0) >= at - QUIET_DAYS * DAY_US]
    gone = bool(left) and not here
    known = [when for _, when in left.values() if when > 0]
    asked_at = [moment for moment, _ in left.values() if moment > 0]
    moment: int | None = at
    if gone:
        seen_last = [last[code] for code in left if code in last]
        moment = max(asked_at) if asked_at else max(seen_last) + 1 if seen_last else None
    return Leaving(left, gone, max(known) if known else None, moment)


# money -------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Payments:
    """The customer's orders, oldest first."""

    rows: tuple[tuple[int, int, int | None, str | None, str | None, str | None, str | None, int | None], ...]
    """(time, actor, amount, currency, kind, plan, item, period end)"""

    @property
    def has_periods(self) -> bool:
        """Whether any of them says until when it was paid."""
        return any(row[7] is not None for row in self.rows)


def read_payments(store: Store, customer: Customer) -> Payments:
    """Orders of the customer's people."""
    query = """SELECT time, actor, amount, currency, kind, plan, item, period_end FROM orders
        WHERE actor IN (SELECT unnest(?)) AND time IS NOT NULL ORDER BY time, sequence"""
    return Payments(tuple(store.rows(query, [customer.listed])))


def is_refund(amount: int | None, kind: str | None) -> bool:
    """Whether a row gives money back."""
    return (amount is not None and amount < 0) or (kind or "").strip().lower() in REFUNDS


def paid_by_currency(run: Run, payments: Payments, at: int) -> tuple[Paid, ...]:
    """Money by currency, never added across currencies; the currency of most orders first."""
    found: dict[str, list[tuple[int, int, bool]]] = {}
    for time, _, amount, currency, kind, *_ in payments.rows:
        if amount is not None:
            found.setdefault(currency or "", []).append((int(time), int(amount), is_refund(amount, kind)))

    def figure(name: str, amounts: Iterable[int], currency: str) -> object:
        return run.figure(f"{name}_{currency or 'none'}", sum(amounts), f"money:{currency}", f"risk.case.d.{name}")

    parts = []
    for currency, rows in sorted(found.items(), key=lambda item: (-len(item[1]), item[0])):
        own = [(time, amount) for time, amount, back in rows if not back]
        parts.append(
            Paid.model_validate(
                {
                    "paid": figure("paid", (amount for _, amount in own), currency),
                    "lately": figure("lately", (amount for time, amount in own if time >= at - PAID_DAYS * DAY_US), currency),
                    "refunded": figure("refunded", (abs(amount) for _, amount, back in rows if back), currency),
                    "num_orders": run.figure(f"orders_{currency or 'none'}", len(own), "rows", "risk.case.d.num_orders"),
                }
            )
        )
    return tuple(parts)


def newest_orders(run: Run, payments: Payments, customer: Customer) -> tuple[Order, ...]:
    """The last orders, the newest first."""
    return tuple(
        Order(
            at=int(time),
            person=customer.ids.get(int(actor), str(actor)),
            kind=kind,
            what=plan or item,
            amount=run.figure(f"order_{number}", amount, f"money:{currency or ''}", "risk.case.d.order"),
        )
        for number, (time, actor, amount, currency, kind, plan, item, _) in enumerate(payments.rows[: -NUM_ORDERS - 1 : -1])
    )


def renewals(run: Run, payments: Payments, customer: Customer, at: int) -> tuple[Renewal, ...]:
    """Periods that end within DUE_DAYS, and those that ended with no payment of the person since; soonest first."""
    ends: dict[int, tuple[int, str | None, int | None, str | None]] = {}
    paid_last: dict[int, int] = {}
    for time, actor, amount, currency, kind, plan, _, period_end in payments.rows:
        if is_refund(amount, kind):
            continue
        paid_last[int(actor)] = int(time)
        if period_end is not None and period_end >= ends.get(int(actor), (0,))[0]:
            ends[int(actor)] = (int(period_end), plan, amount, currency)
    found = []
    for actor, (end, plan, amount, currency) in sorted(ends.items(), key=lambda item: (item[1][0], item[0])):
        lapsed = end <= at
        if (lapsed and (paid_last[actor] >= end or at - end > LAPSED_DAYS * DAY_US)) or end - at > DUE_DAYS * DAY_US:
            continue
        name = f"renewal_{actor}"
        found.append(
            Renewal(
                at=end,
                person=customer.ids.get(actor, str(actor)),
                plan=plan,
                amount=None if amount is None else run.figure(name, amount, f"money:{currency or ''}", "risk.case.d.renewal"),
                days=run.figure(f"{name}_days", abs(end - at) // DAY_US, "days", "risk.case.d.renewal_days"),
                lapsed=lapsed,
            )
        )
    return tuple(found)
