"""Plain names of inputs and reasons in words. Which inputs say the same thing, and which of them anybody can change."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from productloop.apps.risk import wording
from productloop.foundation.wording import Say, say
from productloop.learning.reasons import Reason
from productloop.loop.records import Signature
from productloop.loop.store import Store

TOPIC, EVENT = "topic:", "_28_days"
GROUPS = {
    "events_7_days": "activity",
    "events_28_days": "activity",
    "events_28_days_before": "activity",
    "active_days_28_days": "activity",
    "days_since_last_event": "activity",
    "days_since_sign_up": "age",
    "days_since_first_event": "age",
    "orders": "money",
    "orders_84_days": "money",
    "amount_84_days": "money",
    "days_since_last_order": "money",
    "feedback_84_days": "voice",
    "mean_rating_84_days": "voice",
}
"""Generic columns that carry one fact between them; event counts join `activity`."""
FIXED = ("days_since_sign_up", "days_since_first_event", "country", "platform")
FIXED_WORDS = (
    *("age", "gender", "sex", "birth", "senior", "tenure", "partner", "dependents", "marital", "education", "occupation", "job"),
    *("city", "region", "province", "market", "nationality", "race", "height"),
    *("年龄", "性别", "生日", "婚", "学历", "职业", "城市", "省", "地区", "在网", "入网"),
)
"""A column whose name holds one of these as a word (or anywhere, in Chinese) is what a person is, not what we do."""


@dataclass(frozen=True, slots=True)
class Names:
    """Names of topics in both languages, and the columns that count events."""

    topics: Mapping[str, Say]
    events: frozenset[str]

    def topic(self, key: str) -> Say | str:
        """A topic's name."""
        return self.topics.get(key, key)

    def feature(self, name: str) -> Say | str:
        """An input's plain name; a column of the user's keeps its own."""
        if name in wording.FEATURES:
            return Say(key=f"risk.feature.{name}")
        if name.startswith(TOPIC):
            return say("risk.feature.topic", topic=self.topic(name.removeprefix(TOPIC)))
        if name.endswith(EVENT) and name.removesuffix(EVENT) in self.events:
            return say("risk.feature.event", name=name.removesuffix(EVENT))
        return name

    def group_of(self, name: str) -> str | None:
        """The fact an input belongs to, or None when it stands alone."""
        return "activity" if name.endswith(EVENT) and name.removesuffix(EVENT) in self.events else GROUPS.get(name)

    def group(self, name: str) -> Say | str:
        """Name of a group of inputs."""
        return Say(key=f"risk.feature.group.{name}") if name in set(GROUPS.values()) else self.feature(name)


def names_of(store: Store) -> Names:
    """Topics and events of a workspace."""
    rows = store.rows("SELECT topic, name_zh, name_en FROM topics")
    topics = {str(topic): say("risk.name", name_zh=str(zh or en or topic), name_en=str(en or zh or topic)) for topic, zh, en in rows}
    return Names(topics, frozenset(str(name) for (name,) in store.rows("SELECT DISTINCT name FROM events WHERE name IS NOT NULL")))


def given_groups(names: Names, columns: Sequence[str]) -> dict[str, str]:
    """Column -> group, for columns that are known to say the same."""
    return {name: group for name in columns if (group := names.group_of(name)) is not None}


def reason_text(reason: Reason, signature: Signature, usual: Sequence[float], names: Names) -> Say:
    """A reason with its value, and beside a number what is usual."""
    column = signature.columns[reason.place]
    feature = names.feature(column.name)
    if column.name.startswith(TOPIC):
        topic = names.topic(column.name.removeprefix(TOPIC))
        return say("risk.feature.topic", topic=topic) if reason.value > 0 else say("risk.reason.silent", topic=topic)
    if math.isnan(reason.value):
        return say("risk.reason.missing", feature=feature)
    if column.kind == "category":
        code = int(reason.value)
        if not 0 <= code < len(column.categories):
            return say("risk.reason.other", feature=feature)
        return say("risk.reason.category", feature=feature, value=column.categories[code])
    return say("risk.reason.number", feature=feature, value=tidy(reason.value), usual=tidy(usual[reason.place]))


def tidy(value: float) -> float:
    """A number as people say it: whole from ten on, one decimal below."""
    return float(round(value)) if abs(value) >= 10 else round(value, 1)


def usual_values(values: Any) -> list[float]:
    """(d,) medians of the present values; NaN where a column is empty."""
    return [float(np.median(column[~np.isnan(column)])) if (~np.isnan(column)).any() else math.nan for column in values.T]


def is_changeable(name: str) -> bool:
    """Whether anything can be done about an input: everything but what a person is and how long they have been here."""
    if name in FIXED:
        return False
    folded = "".join(c if c.isalnum() else " " for c in _split_humps(name)).lower()
    return not any(word in folded.split() if word.isascii() else word in folded for word in FIXED_WORDS)


def _split_humps(name: str) -> str:
    return "".join(" " + c if c.isupper() and number and name[number - 1].islower() else c for number, c in enumerate(name))
