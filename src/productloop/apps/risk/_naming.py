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
from productloop.loop.feature_dates import PARTS as DATE_PARTS
from productloop.loop.feature_dates import date_at
from productloop.loop.feature_queries import is_contact, is_fault
from productloop.loop.features import date_part
from productloop.loop.records import Signature
from productloop.loop.store import Store

TOPIC, EVENT, GROUP = "topic:", "_28_days", "group:"
GROUPS = {
    "events_7_days": "activity",
    "events_28_days": "activity",
    "events_28_days_before": "activity",
    "active_days_28_days": "activity",
    "days_since_last_event": "activity",
    "events_trend": "activity",
    "sessions_28_days": "activity",
    "mean_session_minutes": "activity",
    "longest_gap_days_84_days": "activity",
    "days_since_sign_up": "age",
    "days_since_first_event": "age",
    "orders": "money",
    "orders_84_days": "money",
    "amount_84_days": "money",
    "amount_84_days_before": "money",
    "days_since_last_order": "money",
    "refunds_84_days": "money",
    "plan_changes_168_days": "money",
    "dearer_renewals_168_days": "price",
    "feedback_84_days": "voice",
    "mean_rating_84_days": "voice",
    "mean_sentiment_84_days": "voice",
    "unhappy_messages_84_days": "voice",
    "support_contacts_84_days": "help",
    "days_unanswered": "help",
    "errors_28_days": "trouble",
    "slow_loads_28_days": "trouble",
    "account_people": "account",
    "account_active_share": "account",
}
"""Generic columns that carry one fact between them; event counts join `activity`, those of crashes `trouble`, calls for help `help`."""
FIXED = ("days_since_sign_up", "days_since_first_event", "days_to_renewal", "account_people", "country", "platform")
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
        base, _, part = name.rpartition(":")
        return say(f"risk.feature.date.{part}", name=base) if base and part in DATE_PARTS else name

    def group_of(self, name: str) -> str | None:
        """The fact an input belongs to, or None when it stands alone."""
        if not name.endswith(EVENT) or name.removesuffix(EVENT) not in self.events:
            return GROUPS.get(name)
        event = name.removesuffix(EVENT)
        return "trouble" if is_fault(event) else "help" if is_contact(event) else "activity"

    def group(self, name: str) -> Say | str:
        """Name of a group of inputs."""
        return Say(key=f"risk.feature.group.{name.removeprefix(GROUP)}") if name.startswith(GROUP) else self.feature(name)


def names_of(store: Store) -> Names:
    """Topics and events of a workspace."""
    rows = store.rows("SELECT topic, name_zh, name_en FROM topics")
    topics = {str(topic): say("risk.name", name_zh=str(zh or en or topic), name_en=str(en or zh or topic)) for topic, zh, en in rows}
    return Names(topics, frozenset(str(name) for (name,) in store.rows("SELECT DISTINCT name FROM events WHERE name IS NOT NULL")))


def given_groups(names: Names, columns: Sequence[str]) -> dict[str, str]:
    """Column -> group, for columns that are known to say the same."""
    return {name: f"{GROUP}{group}" for name in columns if (group := names.group_of(name)) is not None}


def reason_text(reason: Reason, signature: Signature, usual: Sequence[float], names: Names) -> Say:
    """A reason with its value, and beside a number what is usual."""
    column = signature.columns[reason.place]
    feature = names.feature(column.name)
    if column.name.startswith(TOPIC):
        topic = names.topic(column.name.removeprefix(TOPIC))
        return say("risk.feature.topic", topic=topic) if reason.value > 0 else say("risk.reason.silent", topic=topic)
    if math.isnan(reason.value):
        return say("risk.reason.missing", feature=feature)
    dated = date_part(column)
    if dated is not None and dated[1] == "day":
        return say("risk.reason.number", feature=feature, value=date_at(reason.value), usual=date_at(usual[reason.place]))
    if dated is not None and dated[1] == "weekday":
        return say(f"risk.reason.weekday.{int(reason.value) + 1}", feature=feature)
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
    folded = split_words(name)
    return not any(word in folded.split() if word.isascii() else word in folded for word in FIXED_WORDS)


def split_words(name: str) -> str:
    """A column's name as words: "SeniorCitizen" and "senior_citizen" are both "senior citizen"."""
    apart = "".join(" " + c if c.isupper() and number and name[number - 1].islower() else c for number, c in enumerate(name))
    return "".join(c if c.isalnum() else " " for c in apart).lower()
