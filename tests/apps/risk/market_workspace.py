"""A market of three: `Other Pay` falls after its release 5.2 because people cannot log in; nothing else moves. Or nothing moves at all."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from risk_workspaces import write

from productloop.loop.features import DAY_US
from productloop.loop.store import Store

WEEKS = 24
START = int(datetime(2026, 1, 5, tzinfo=UTC).timestamp() * 1_000_000)
END = START + WEEKS * 7 * DAY_US - 1
FALL_WEEK = 16
OURS, RIVAL, THIRD = "Demo Pay", "Other Pay", "Third Pay"
STORES = (("appstore", 0.4), ("googleplay", -0.3))
"""Stores differ by themselves: to average them would make a move of any change of their mix."""
TOPICS = {"login": "log me in, it says wrong code", "fees": "the fees are too high", "refund": "my refund never came"}


def release_day() -> int:
    """Instant of the release: two days before the first bad week."""
    return START + (FALL_WEEK * 7 - 2) * DAY_US


def market(root: Path, seed: int = 0, planted: bool = True, with_topics: bool = True) -> Store:
    """The workspace. `planted`: the fall, its topic, and `refund`, about which our users are unhappier than theirs."""
    random = np.random.default_rng(seed)
    store = Store.create(root)
    rows: dict[str, list[Any]] = {name: [] for name in ("text", "time", "rating", "product", "channel", "version", "role")}
    topics: list[str | None] = []
    for product, level, many in ((OURS, 4.1, 24), (RIVAL, 4.2, 30), (THIRD, 3.8, 14)):
        for store_name, shift in STORES:
            for week in range(WEEKS):
                fallen = planted and product == RIVAL and week >= FALL_WEEK
                share = many * (0.5 if store_name == "appstore" or week < 12 else 0.9)
                for _ in range(int(random.poisson(share))):
                    _review(random, rows, topics, (product, store_name, level + shift, week, fallen, planted))
    rows["author"] = [None] * len(topics)
    write(store, "feedback", rows)
    if with_topics:
        told = [place for place, topic in enumerate(topics) if topic is not None]
        write(store, "points", {"feedback": [f"feedback-{place}" for place in told], "topic": [topics[place] for place in told],
                                "sentiment": [-0.8] * len(told), "start": [0] * len(told)})  # fmt: skip
        write(
            store,
            "topics",
            {"topic": list(TOPICS), "name_zh": ["登录", "手续费", "退款"], "name_en": list(TOPICS), "num_people": [9, 8, 7]},
        )
    if planted:
        write(store, "changes", {"time": [release_day(), START + 20 * DAY_US], "kind": ["competitor", "version"], "version": ["5.2", "4.1"],
                                 "title": ["Other Pay 5.2: new sign-in / Other Pay 5.2：新的登录", "Search / 搜索"], "product": [RIVAL, None]})  # fmt: skip
    return store


def _review(random: np.random.Generator, rows: dict[str, list[Any]], topics: list[str | None], what: tuple[Any, ...]) -> None:
    product, store_name, level, week, fallen, planted = what
    chances = {"login": 0.45 if fallen else 0.04, "fees": 0.08, "refund": 0.13 if planted and product == OURS else 0.05}
    drawn, topic = random.random(), None
    for name, chance in chances.items():
        if drawn < chance:
            topic = name
            break
        drawn -= chance
    stars = level + random.normal(0, 1.0) - {None: 0.0, "login": 2.4}.get(topic, 1.4)
    rows["text"].append(TOPICS[topic] if topic is not None else "it does what it should")
    rows["time"].append(START + week * 7 * DAY_US + int(random.integers(0, 7 * DAY_US)))
    rows["rating"].append(float(np.clip(round(stars), 1, 5)))
    rows["product"].append(product)
    rows["channel"].append(store_name)
    rows["version"].append("5.2" if fallen else "5.1" if product == RIVAL else None)
    rows["role"].append(None)
    topics.append(topic)


def metrics(store: Store, seed: int = 0, moves: bool = True) -> None:
    """Daily rank and price by product in `metrics`; `moves`: the rival's rank falls to twice, and its price rises."""
    random = np.random.default_rng(seed)
    rows: dict[str, list[Any]] = {"metric": [], "segment": [], "time": [], "value": []}
    for product, level in ((OURS, 40.0), (RIVAL, 25.0)):
        for day in range(WEEKS * 7):
            late = moves and product == RIVAL and day >= FALL_WEEK * 7
            for metric, value in (("store rank", level * (2 if late else 1) + random.normal(0, 3)), ("price", 5.99 if late else 4.99)):
                rows["metric"].append(metric)
                rows["segment"].append(f"{product} | CN")
                rows["time"].append(START + day * DAY_US)
                rows["value"].append(float(value))
    write(store, "metrics", rows)
