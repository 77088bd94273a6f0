"""Orders as `value`, `revenue` and `pricing` read them: what kind each is, and in which currency.

Kinds are compared in lower case. An order without a kind, or with one that is not listed, is a purchase of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from productloop.loop.action import Run

NEW, RENEWAL, UPGRADE, DOWNGRADE, CANCEL, REFUND, PURCHASE = range(7)
KINDS: dict[str, int] = {
    **dict.fromkeys(("new", "subscribe", "subscription", "start", "首购", "新购", "新订", "订阅", "开通", "首次订阅"), NEW),
    **dict.fromkeys(("renewal", "renew", "recurring", "续费", "续订", "续约", "自动续费"), RENEWAL),
    **dict.fromkeys(("upgrade", "expansion", "升级", "升档"), UPGRADE),
    **dict.fromkeys(("downgrade", "contraction", "降级", "降档"), DOWNGRADE),
    **dict.fromkeys(("cancel", "cancellation", "cancelled", "canceled", "churn", "取消", "退订", "取消订阅"), CANCEL),
    **dict.fromkeys(("refund", "refunded", "chargeback", "退款", "退货", "拒付"), REFUND),
}
SUBSCRIPTION = (NEW, RENEWAL, UPGRADE, DOWNGRADE, CANCEL)


@dataclass(frozen=True, slots=True)
class Orders:
    """Orders of a scope, (n,) each, by time: actor code, UTC microseconds, minor units (refunds below 0), currency, kind, plan, period.

    `period_start` and `period_end` are -1 where the source gives none; `plan` is None there.
    """

    actor: NDArray[np.int64]
    time: NDArray[np.int64]
    amount: NDArray[np.int64]
    currency: NDArray[Any]
    kind: NDArray[np.int64]
    plan: NDArray[Any]
    period_start: NDArray[np.int64]
    period_end: NDArray[np.int64]

    def take(self, keep: NDArray[np.bool_]) -> Orders:
        """The orders where `keep` (n,) holds."""
        fields = (self.actor, self.time, self.amount, self.currency, self.kind, self.plan, self.period_start, self.period_end)
        return Orders(*(field[keep] for field in fields))

    @property
    def subscription(self) -> NDArray[np.bool_]:
        """(n,) whether an order belongs to a subscription; a refund does when it names a plan."""
        has_plan = np.array([plan is not None for plan in self.plan], dtype=np.bool_)
        return np.asarray(np.isin(self.kind, SUBSCRIPTION) | ((self.kind == REFUND) & has_plan), dtype=np.bool_)


def read_orders(run: Run) -> Orders:
    """All orders of the run's scope that have a person and a time; a missing amount is 0, a missing currency the setting's."""
    fallback = run.settings.text("product.currency") or ""
    found = run.store.columns(
        """
        SELECT actor::BIGINT AS actor, time, coalesce(amount, 0)::BIGINT AS amount, coalesce(upper(trim(currency)), ?) AS currency,
               lower(trim(coalesce(kind, ''))) AS kind, plan, coalesce(period_start, -1) AS period_start, coalesce(period_end, -1) AS period_end
        FROM orders WHERE actor IS NOT NULL AND time IS NOT NULL ORDER BY time, actor, sequence, row_id
        """,
        [fallback],
    )
    kind = _kinds(found["kind"], found["plan"], found["period_end"])
    amount = found["amount"].astype(np.int64)
    amount = np.where(kind == REFUND, -np.abs(amount), amount)
    kind = np.where((kind == PURCHASE) & (amount < 0), REFUND, kind)
    integers = {name: found[name].astype(np.int64) for name in ("actor", "time", "period_start", "period_end")}
    return Orders(amount=amount, currency=found["currency"], kind=kind, plan=found["plan"], **integers)


def _kinds(names: NDArray[Any], plan: NDArray[Any], period_end: NDArray[np.int64]) -> NDArray[np.int64]:
    """(n,) kinds. Where no order renews, names a plan or has a period, "new" says that a customer is new, not that a subscription begins."""
    kind = np.array([KINDS.get(str(name), PURCHASE) for name in names], dtype=np.int64)
    subscribed = np.isin(kind, (RENEWAL, UPGRADE, DOWNGRADE)).any() or any(name is not None for name in plan) or (period_end >= 0).any()
    return kind if subscribed else np.where(kind == NEW, PURCHASE, kind)


def main_currency(orders: Orders, wanted: str | None) -> tuple[str, tuple[str, ...]]:
    """(currency to report in, all currencies from the most frequent): the one asked for, else the one with the most orders."""
    names, counts = np.unique(orders.currency.astype(str), return_counts=True) if len(orders.currency) else (np.empty(0), np.empty(0))
    ordered = tuple(str(names[place]) for place in np.lexsort((names, -counts))) if len(names) else ()
    if wanted is not None:
        return wanted.strip().upper(), ordered
    return (ordered[0] if ordered else ""), ordered
