"""Workspaces with orders, and reports of the actions about money on them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from event_workspace import run_of

from productloop.apps.behaviour import APP
from productloop.loop.action import Report, Run, perform
from productloop.loop.store import Store

BEGIN = np.datetime64("2025-01-06")


def ask(store: Store, name: str, request: Mapping[str, Any] | None = None, run: Run | None = None) -> Any:
    """The report of an action."""
    action = APP.action(name)
    report = perform(f"behaviour.{name}", action, action.request.model_validate(request or {}), run or run_of(store))
    assert isinstance(report, Report)
    return report


def orders_csv(rows: list[tuple[str, int, float, str, str, str]]) -> str:
    """(customer, days after BEGIN, amount, currency, kind, plan) as CSV."""
    lines = ["order_id,customer_id,order_date,amount,currency,kind,plan"]
    lines += [
        f"o{i},{who},{BEGIN + day}T12:00:00Z,{amount},{currency},{kind},{plan}"
        for i, (who, day, amount, currency, kind, plan) in enumerate(rows)
    ]
    return "\n".join(lines) + "\n"


def chance_buyers(num: int, days: int, seed: int, kind: str = "purchase") -> list[tuple[str, int, float, str, str, str]]:
    """Purchases of people who buy at their own rate and leave by chance."""
    random = np.random.default_rng(seed)
    rows = []
    for person in range(num):
        rate, leaves, level = random.gamma(0.8, 1 / 30), random.beta(0.7, 2.5), random.gamma(4, 8)
        day = random.integers(0, days // 2)
        while day < days:
            rows.append((f"c{person}", int(day), round(float(random.gamma(5, level / 5)) + 0.5, 2), "CNY", kind, ""))
            if random.random() < leaves:
                break
            day += 1 + int(random.exponential(1 / rate))
    return rows
