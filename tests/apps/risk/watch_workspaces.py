"""Workspaces whose metrics are known: people of three platforms and two plans by day, with a fall where one is planted."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
from risk_workspaces import write

from productloop.loop.store import Store

START = datetime(2026, 3, 23, tzinfo=UTC)
NUM_DAYS, PEOPLE = 84, 1500
PLATFORMS, PLANS = ("android", "ios", "web"), ("free", "paid")
FALL_DAY = 70
"""Monday 1 June 2026."""
DAY_US = 86_400_000_000
START_US = int(START.timestamp()) * 1_000_000


def active_people(root: Path, seed: int, fall: float = 0.0, everywhere: bool = False) -> Store:
    """Everybody opens the app on about a ninth of all days, less often at weekends; from FALL_DAY on android/paid (or all) do by `fall` less."""
    random = np.random.default_rng(seed)
    platform, plan = np.arange(PEOPLE) % 3, (np.arange(PEOPLE) // 3) % 2
    touched = np.ones(PEOPLE, dtype=bool) if everywhere else (platform == 0) & (plan == 1)
    actors, times = [], []
    for day in range(NUM_DAYS):
        chance = np.full(PEOPLE, 0.12 if day % 7 < 5 else 0.08)
        if day >= FALL_DAY:
            chance[touched] *= 1 - fall
        there = np.flatnonzero(random.random(PEOPLE) < chance)
        actors.append(there)
        times.append(START_US + day * DAY_US + random.integers(0, DAY_US, len(there)))
    actor = np.concatenate(actors)
    time = np.concatenate(times)
    time[0], time[-1] = START_US, START_US + NUM_DAYS * DAY_US - 1
    store = Store.create(root)
    write(store, "actor_codes", {"code": list(range(PEOPLE)), "id": [f"p{code}" for code in range(PEOPLE)]})
    write(store, "actors", {"actor": list(range(PEOPLE)), "plan": [PLANS[code] for code in plan]})
    write(
        store,
        "events",
        {"actor": actor, "name": ["open"] * len(actor), "time": time, "platform": [PLATFORMS[code] for code in platform[actor]]},
    )
    write(
        store,
        "changes",
        {"time": [START_US + FALL_DAY * DAY_US], "kind": ["version"], "title": ["New payments / 新支付"], "version": ["4.5"]},
    )
    return store


def metric_rows(root: Path, seed: int, num: int = 6, drops: dict[int, float] | None = None, days: int = 84) -> Store:
    """A workspace with `num` daily metrics m0, m1 ...; those in `drops` lose that share over the last ten days."""
    random = np.random.default_rng(seed)
    names, times, values = [], [], []
    for number in range(num):
        level = 100.0 * (number + 1) * (1 + 0.15 * np.sin(2 * np.pi * np.arange(days) / 7))
        series = random.poisson(level).astype(float)
        if drops and number in drops:
            series[-10:] *= 1 - drops[number]
        names += [f"m{number}"] * days
        times += [START_US + int(timedelta(days=day).total_seconds()) * 1_000_000 for day in range(days)]
        values += series.tolist()
    store = Store.create(root)
    write(store, "metrics", {"metric": names, "time": times, "value": values})
    return store
