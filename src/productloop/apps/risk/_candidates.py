"""Who could be contacted now: people with their chance to leave, what they pay by currency, their account, and the inputs that say why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from productloop.apps.risk import prevent_wording as wording
from productloop.apps.risk._live import Live, chances, in_words, reasons_of
from productloop.apps.risk._naming import names_of
from productloop.apps.risk._people import PAID_DAYS
from productloop.apps.risk._rules import count_rules
from productloop.apps.risk._scoring import Asked, asked_rows, rule_part
from productloop.apps.risk.types import Rule
from productloop.foundation.errors import UsageError, excerpt
from productloop.foundation.wording import Say
from productloop.learning.columns import Columns
from productloop.loop.accounts import Accounts, accounts_of, roll_up
from productloop.loop.action import Run
from productloop.loop.features import DAY_US
from productloop.loop.records import Keys, Outcomes
from productloop.loop.store import Store
from productloop.loop.task import Task

YEAR_DAYS = 365
NUM_REASONS = 3
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Candidates:
    """People at one moment. chance: (n,) to leave. paid: currency -> (n,) minor units in the last PAID_DAYS, the main currency first.

    told: (n,) the counted group that puts a person higher on the list, where chances come from groups; () where a model says why.
    """

    keys: Keys
    chance: Floats
    paid: dict[str, NDArray[np.int64]]
    accounts: Accounts
    inputs: Columns | None
    live: Live | None
    told: tuple[Say | None, ...] = ()

    @property
    def currency(self) -> str | None:
        """The currency of most orders, in which a list is ordered; None without orders."""
        return next(iter(self.paid), None)

    def account_paid(self) -> Floats | None:
        """(n,) what each person's account paid lately in the main currency, minor units."""
        return None if self.currency is None else self.accounts.sums(self.paid[self.currency])[self.accounts.place]

    def yearly(self, currency: str) -> Floats:
        """(n,) a year's payments, minor units; refunds above payments count as nothing."""
        return np.maximum(self.paid[currency], 0) * (YEAR_DAYS / PAID_DAYS)

    def leaders(self) -> NDArray[np.intp]:
        """(accounts,) the row of the person at the highest risk of each account, the first on ties."""
        order = np.lexsort((np.arange(len(self.chance)), -self.chance, self.accounts.place))
        first = np.r_[True, np.diff(self.accounts.place[order]) > 0] if len(order) else np.zeros(0, dtype=bool)
        return order[first]

    def reasons(self, store: Store, rows: Sequence[int]) -> list[tuple[Say, ...]]:
        """What raises the risk of the people in these rows, in words; the group where it was counted; nothing where nothing tells people apart."""
        if self.told:
            return [() if (one := self.told[row]) is None else (one,) for row in rows]
        if self.live is None or self.inputs is None or not self.live.told_apart or not len(rows):
            return [() for _ in rows]
        names = names_of(store)
        found = reasons_of(self.live, self.inputs.take(np.array(rows, dtype=np.intp)), self.inputs, names, 3 * NUM_REASONS)
        raising = [tuple(reason for reason in reasons if reason.contribution > 0)[:NUM_REASONS] for reasons in found]
        return [in_words(reasons, self.live, self.inputs, names) for reasons in raising]


def paid_by_currency(store: Store, at: int, codes: NDArray[np.int32]) -> dict[str, NDArray[np.int64]]:
    """What each person paid in the last PAID_DAYS before `at`, by currency, the one with the most orders first; sums never mix."""
    query = """SELECT coalesce(currency, ''), actor, sum(amount), count(*) FROM orders
        WHERE time >= ? AND time <= ? AND amount IS NOT NULL AND actor IS NOT NULL GROUP BY 1, 2 ORDER BY 1, 2"""
    found: dict[str, dict[int, int]] = {}
    orders: dict[str, int] = {}
    for currency, actor, amount, count in store.rows(query, [at - PAID_DAYS * DAY_US, at]):
        found.setdefault(str(currency), {})[int(actor)] = int(amount)
        orders[str(currency)] = orders.get(str(currency), 0) + int(count)
    ranked = sorted(found, key=lambda one: (-orders[one], one))
    return {one: np.array([found[one].get(int(code), 0) for code in codes], dtype=np.int64) for one in ranked}


def monthly(store: Store, column: str, codes: NDArray[np.int32], currency: str) -> dict[str, NDArray[np.int64]]:
    """What each person pays by a column of `actors` (money a month), as the payments of PAID_DAYS. Raises UsageError for a column that is not there."""
    names = [name for name, kind in store.attributes("actors") if kind in ("DOUBLE", "BIGINT", "INTEGER")]
    if column not in names:
        raise UsageError(wording.PAYS_UNKNOWN, column=excerpt(column), known=", ".join(names) or "-")
    query = f'SELECT actor, arg_max("{column}", coalesce(known_at, 0)) FROM actors WHERE "{column}" IS NOT NULL GROUP BY actor'
    found = {int(actor): float(value) for actor, value in store.rows(query)}
    scale = 100 * 12 * PAID_DAYS / YEAR_DAYS
    return {currency: np.array([round(scale * found.get(int(code), 0.0)) for code in codes], dtype=np.int64)}


def payments(store: Store, at: int, codes: NDArray[np.int32], pays: str | None, currency: str) -> dict[str, NDArray[np.int64]]:
    """Orders by currency, else the column that says what people pay a month, else nothing."""
    orders = paid_by_currency(store, at, codes)
    return orders if orders or pays is None else monthly(store, pays, codes, currency)


def candidates_of(store: Store, keys: Keys, at: int, live: Live | None, base_rate: float, paid: dict[str, NDArray[np.int64]]) -> Candidates:
    """People with the live model's chances, or all with `base_rate` where no model tells them apart."""
    chance, inputs = np.full(len(keys), base_rate), None
    if live is not None and live.told_apart and len(keys):
        chance, inputs = chances(live, store, keys)
    return Candidates(keys, chance, paid, roll_up(accounts_of(store, keys.code, at)), inputs, live)


@dataclass(frozen=True, slots=True)
class Counted:
    """(n,) the share of the strongest counted group each person is in, else the overall share; the groups; (n,) the group that is above it."""

    chance: Floats
    rules: tuple[Rule, ...]
    told: tuple[Say | None, ...]


def counted_chances(run: Run, store: Store, task: Task, asked: Asked, keys: Keys, base_rate: float) -> Counted:
    """Chances without a model: shares that were counted, in the groups that `risk` names."""
    chance = np.full(len(keys), base_rate)
    told: list[Say | None] = [None] * len(keys)
    rules = rule_part(run, store, task, asked)
    if not rules or not len(keys):
        return Counted(chance, rules, tuple(told))
    inputs, signature = task.inputs(store, asked.keys, None)
    now, _ = task.inputs(store, keys, signature)
    for rule, group in reversed(
        list(zip(rules, count_rules(inputs, asked.happened), strict=True))
    ):  # the strongest last, so that it counts
        values: NDArray[Any] = now.values[:, group.place]
        with np.errstate(invalid="ignore"):
            inside = (
                values == group.code if group.code is not None else values <= group.high if group.high is not None else values > group.low
            )
        chance[inside] = group.hits / group.num_rows
        for row in np.flatnonzero(inside).tolist():
            told[row] = rule.name if group.hits / group.num_rows > base_rate else None
    return Counted(chance, rules, tuple(told))


def counted_group(run: Run, store: Store, task: Task, known: tuple[Keys, Outcomes], people: Keys) -> Rule | None:
    """The counted group, above the overall share, that one of these people is in: what a list without a model goes by, of the most endangered.

    known: the task's rows and their yes/no outcomes.
    """
    asked = asked_rows(*known, np.ones(len(known[0]), dtype=bool))
    if not len(asked.keys) or not len(people):
        return None
    counted = counted_chances(run, store, task, asked, people, float(asked.happened.mean()))
    told = counted.told[int(np.argmax(counted.chance))]
    return next((rule for rule in counted.rules if rule.name == told), None)
