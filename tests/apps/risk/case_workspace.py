"""A small company whose customer `acme` stops using the product after a promise, and `gone` that left; everybody else goes on as before."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from risk_workspaces import write

from productloop.loop.features import DAY_US
from productloop.loop.store import Store

WEEKS = 30
START = int(datetime(2026, 1, 5, tzinfo=UTC).timestamp() * 1_000_000)
END = START + WEEKS * 7 * DAY_US - 1
NUM = 70
FELL_WEEK = 20
ACME, GONE = ("ann", "bob", "cyd"), "gil"


def moment(day: int, hour: int = 9) -> int:
    """Microseconds of a day counted from the start."""
    return START + day * DAY_US + hour * 3_600_000_000


def company(root: Path, seed: int = 0) -> Store:
    """acme stops in week FELL_WEEK, `gil` leaves in week 24, `new` comes in week 27."""
    random = np.random.default_rng(seed)
    people = [*ACME, GONE, "new", *(f"u{number:02d}" for number in range(NUM))]
    accounts = ["acme"] * 3 + [None, None] + [f"shop{number // 2:02d}" for number in range(NUM)]
    codes = {name: code for code, name in enumerate(people)}
    store = Store.create(root)
    write(store, "actor_codes", {"code": list(codes.values()), "id": people})
    write(store, "actors", {"actor": list(codes.values()), "account": accounts, "plan": ["team"] * 3 + ["free"] * (len(people) - 3),
                            "first_seen": [moment(0)] * len(people), "known_at": [moment(0)] * len(people)})  # fmt: skip
    events: dict[str, list[Any]] = {"actor": [], "name": [], "time": []}
    for name, code in codes.items():
        level = random.gamma(6.0, 1.0)
        for week in range(WEEKS):
            rate = level * random.gamma(8.0, 1 / 8)
            rate *= 0.08 if name in ACME and week >= FELL_WEEK else 1
            rate *= 0 if (name == GONE and week >= 24) or (name == "new" and week < 27) else 1
            for time in random.integers(0, 7 * 24, random.poisson(rate)).tolist():
                events["actor"].append(code)
                events["name"].append(["open", "export", "share"][int(random.integers(3))])
                events["time"].append(moment(week * 7, 0) + time * 3_600_000_000)
    write(store, "events", events)
    write(store, "outcomes", _outcomes(codes, random))
    write(store, "orders", _orders(codes))
    write(store, "feedback", _words(codes))
    write(store, "changes", {"time": [moment(150), moment(160)], "kind": ["version", "price"], "version": ["4.2", None],
                             "title": ["Export failure fixed / 导出失败已修复", "Prices rise / 涨价"]})  # fmt: skip
    write(store, "points", {"feedback": ["feedback-0", "feedback-3", "feedback-6"], "sentiment": [-0.8, -0.6, 0.9], "topic": ["t1", "t2", None],
                            "type": ["bug", "complaint", "praise"], "start": [0, 0, 0]})  # fmt: skip
    write(
        store,
        "topics",
        {"topic": ["t1", "t2"], "name_zh": ["导出失败", "退款"], "name_en": ["export fails", "refund"], "num_people": [2, 1]},
    )
    return store


def _outcomes(codes: dict[str, int], random: np.random.Generator) -> dict[str, list[Any]]:
    rows: dict[str, list[Any]] = {"subject": [], "task": [], "value": [], "time": []}
    for day in (84, 140, 196):
        for name, code in codes.items():
            if name == "new" or (name == GONE and day > 196):
                continue
            left = name == GONE and day == 196
            rows["subject"].append(code)
            rows["task"].append("churn")
            rows["value"].append("1" if left or (name.startswith("u") and day == 140 and random.random() < 0.15) else "0")
            rows["time"].append(moment(day, 0))
    return rows


def _orders(codes: dict[str, int]) -> dict[str, list[Any]]:
    rows = [
        ("ann", 20, 12_000, "USD", "new", "team", 385),
        ("ann", 205, 9_000, "CNY", "add_on", None, None),
        ("ann", 206, -2_000, "USD", "refund", None, None),
        ("bob", 30, 4_900, "USD", "renewal", "seat", 60),
        ("cyd", 200, 4_900, "USD", "renewal", "seat", 230),
    ]
    return {
        "actor": [codes[name] for name, *_ in rows],
        "time": [moment(row[1]) for row in rows],
        "amount": [row[2] for row in rows],
        "currency": [row[3] for row in rows],
        "kind": [row[4] for row in rows],
        "plan": [row[5] for row in rows],
        "period_end": [None if row[6] is None else moment(row[6]) for row in rows],
    }


def _words(codes: dict[str, int]) -> dict[str, list[Any]]:
    rows = [
        ("ann", 140, "导出一直失败，没法用", "user", "c1", None),
        ("agent", 141, "您好，导出失败的问题我们会在下周修复。", "staff", "c1", None),
        ("ann", 142, "好的", "user", "c1", "greeting"),
        ("bob", 170, "Where is my refund? Second time asking.", "user", "c2", None),
        ("agent", 171, "Sorry! We will refund you within 3 days.", "staff", "c2", None),
        ("bob", 180, "Still nothing on my card.", "user", "c2", None),
        ("cyd", 185, "love the new colours", None, None, None),
        ("cyd", 188, "the app logs me out all the time", None, None, None),
        ("cyd", 189, "how do I invite people?", None, None, "replied"),
        ("u01", 100, "fine", "user", "c3", None),
        ("agent", 101, "感谢您的反馈，我们会继续努力", "staff", "c3", None),
    ]
    return {
        "author": [codes.get(name) for name, *_ in rows],
        "time": [moment(row[1]) for row in rows],
        "text": [row[2] for row in rows],
        "role": [row[3] for row in rows],
        "conversation": [row[4] for row in rows],
        "status": [row[5] for row in rows],
    }
