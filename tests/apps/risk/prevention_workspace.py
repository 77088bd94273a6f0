"""A workspace without hidden truths for prevention: people with a plan, a payment and a result; later results of a campaign; what a page says."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from risk_workspaces import settings_of, write

from productloop.apps.risk import APP
from productloop.foundation.settings import Settings
from productloop.foundation.wording import speak
from productloop.loop.action import Request, Run, perform
from productloop.loop.features import DAY_US
from productloop.loop.store import Store

START = 20_000 * DAY_US
OFFER = {"cost": 20, "currency": "CNY", "zh": "年付优惠", "en": "Annual offer", "fits": "plan = plus"}


def workspace(root: Path, num: int = 400, seed: int = 0, cases: float = 0.3, members: int = 1) -> Store:
    """People with a plan, a payment and one result each; `members` people an account. Nothing is hidden in them."""
    random = np.random.default_rng(seed)
    store = Store.create(root)
    code = list(range(num))
    write(store, "actor_codes", {"code": code, "id": [f"u{i:04d}" for i in code]})
    plan = ["plus" if one else "free" for one in random.random(num) < 0.7]
    write(store, "actors", {"actor": code, "plan": plan, "account": [f"firm{i // members}" for i in code], "known_at": [0] * num})
    amount = random.integers(1_000, 20_000, num)
    write(store, "orders", {"id": code, "actor": code, "time": [START - DAY_US] * num, "amount": amount, "currency": ["CNY"] * num})
    left = random.random(num) < cases
    time = [START - 30 * DAY_US] * num
    values = ["1" if one else "0" for one in left]
    write(store, "outcomes", {"subject": code, "task": ["churn"] * num, "value": values, "time": time})
    return store


def act(run: Run, name: str, request: Request) -> Any:
    """An action as an interface performs it; the store sees what was written."""
    return perform(f"risk.{name}", APP.action(name), request, replace(run, store=run.store))


def with_playbook(**playbook: Any) -> Settings:
    return replace(settings_of(product__name="Acme", product__currency="CNY"), playbook=playbook)


def outcomes_after(store: Store, effect: float, rate: float = 0.4, seed: int = 1, moved: str | None = None) -> None:
    """Results 28 days after the start: `rate` leave, `effect` fewer of the treated (only those on the plan `moved`)."""
    random = np.random.default_rng(seed)
    rows = store.rows(
        "SELECT a.actor, a.variant, max(a.time), any_value(p.plan) FROM assignments a JOIN actors p USING (actor) GROUP BY 1, 2 ORDER BY 1"
    )
    values = [
        "1" if random.random() < rate - effect * (variant == "treated" and moved in (None, plan)) else "0" for _, variant, _, plan in rows
    ]
    time = [int(at) + 28 * DAY_US for _, _, at, _ in rows]
    write(store, "outcomes", {"subject": [row[0] for row in rows], "task": ["churn"] * len(rows), "value": values, "time": time})
    store.refresh()


def lines_of(page: Any, language: Any) -> list[str]:
    """Every sentence of the first screen, said."""
    return [speak(block.text, {**APP.texts}, language) for block in page.blocks if block.kind in ("line", "heading")]
