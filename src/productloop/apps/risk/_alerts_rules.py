"""The alert rules of productloop.toml, read and checked, and whether each fires now.

    [alerts.signups]
    metric = "signups"            # as in `risk watch`
    band = true                   # outside the expected band, by more than chance among all rules; or
    below = 20                    # newest whole day (or week) below this; above = ... likewise; money in whole units, shares as .02
    cool_down_days = 3
    to = ["webhook:https://example.com/hook", "webhook:$ALERT_HOOK", "mail:me@example.com"]

An address that holds a secret stands in the environment and is named with a dollar sign.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from productloop.apps.risk import alerts_wording as wording
from productloop.apps.risk._watch import answer_watched
from productloop.apps.risk.watch_report import sentence
from productloop.apps.risk.watch_types import Watched
from productloop.foundation.errors import UsageError, excerpt
from productloop.foundation.wording import Say, say
from productloop.loop.action import Run

KEYS = ("metric", "below", "above", "band", "cool_down_days", "to")
COOL_DOWN_DAYS = 3


@dataclass(frozen=True, slots=True)
class WrittenRule:
    """One rule of the settings."""

    name: str
    metric: str
    below: float | None
    above: float | None
    band: bool
    cool_down_days: float
    to: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Judged:
    """A rule and what it says now."""

    rule: WrittenRule
    watched: Watched
    fires: bool
    told: Say


def read_rules(alerts: Mapping[str, Mapping[str, Any]], asked: str | None) -> tuple[WrittenRule, ...]:
    """The rules in the order of the file. Raises UsageError for one that cannot be used, or a name that is not there."""
    rules = tuple(_read(name, options) for name, options in alerts.items())
    if asked is None:
        return rules
    chosen = tuple(rule for rule in rules if rule.name == asked)
    if not chosen:
        raise UsageError(wording.RULE_UNKNOWN, name=excerpt(asked), known=", ".join(alerts) or "-")
    return chosen


def _read(name: str, options: Mapping[str, Any]) -> WrittenRule:
    for key in options:
        if key not in KEYS:
            nearest = difflib.get_close_matches(key, KEYS, 1, 0)
            raise UsageError(wording.RULE_KEY, rule=excerpt(name), key=excerpt(key), nearest=nearest[0], known=", ".join(KEYS))
    metric, to = options.get("metric"), options.get("to", ())
    if not isinstance(metric, str) or not metric.strip():
        raise UsageError(wording.RULE_METRIC, rule=excerpt(name))
    below, above = (_number(name, key, options.get(key)) for key in ("below", "above"))
    band = options.get("band", False)
    if not isinstance(band, bool) or (not band and below is None and above is None):
        raise UsageError(wording.RULE_CONDITION, rule=excerpt(name))
    to = [to] if isinstance(to, str) else to
    if not isinstance(to, list | tuple) or not to or not all(isinstance(one, str) and _is_channel(one) for one in to):
        raise UsageError(wording.RULE_TO, rule=excerpt(name))
    days = _number(name, "cool_down_days", options.get("cool_down_days", COOL_DOWN_DAYS))
    if days is None or days < 0:
        raise UsageError(wording.RULE_NUMBER, rule=excerpt(name), key="cool_down_days")
    return WrittenRule(name, metric.strip(), below, above, band, days, tuple(dict.fromkeys(to)))


def _is_channel(text: str) -> bool:
    kind, _, target = text.partition(":")
    if kind == "webhook":
        return target.startswith(("http://", "https://")) or (target.startswith("$") and target[1:].isidentifier())
    return kind == "mail" and "@" in target.strip("@") and not any(sign.isspace() for sign in target)


def _number(rule: str, key: str, value: Any) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise UsageError(wording.RULE_NUMBER, rule=excerpt(rule), key=key)
    return float(value)


def judge(run: Run, rules: tuple[WrittenRule, ...]) -> tuple[Judged, ...]:
    """Whether each fires. Bands are judged together: the more rules, the more one of them must stand out."""
    watched = answer_watched(run, tuple(dict.fromkeys(rule.metric for rule in rules)))
    return tuple(_judged(rule, watched[rule.metric]) for rule in rules)


def _judged(rule: WrittenRule, one: Watched) -> Judged:
    newest = one.newest.value
    if newest is not None:
        value = float(newest) / (100 if one.unit.startswith("money:") else 1)
        for bound, low, key in ((rule.below, True, "below"), (rule.above, False, "above")):
            if bound is not None and (value < bound if low else value > bound):
                limit = one.newest.model_copy(update={"value": bound * (100 if one.unit.startswith("money:") else 1)})
                told = say(f"risk.alerts.{key}_{one.period}", metric=one.label, value=one.newest, limit=limit)
                return Judged(rule, one, True, told)
    if rule.band and one.outside and one.lasting and one.since is not None:
        return Judged(rule, one, True, sentence(one))
    if newest is None or (rule.band and one.chance.value is None and rule.below is None and rule.above is None):
        return Judged(rule, one, False, say("risk.alerts.unknown", metric=one.label))
    return Judged(rule, one, False, say(f"risk.alerts.quiet_{one.period}", metric=one.label, value=one.newest))


def day_of(instant_us: int) -> str:
    """The day of an instant, UTC."""
    return date.fromordinal(date(1970, 1, 1).toordinal() + instant_us // 86_400_000_000).isoformat()
