"""What can be done for a customer at risk: the playbook of the settings, or ours where none is written.

    [playbook.annual_offer]
    cost = 20                      # of one line of the list, in the currency below
    currency = "CNY"
    fits = "plan = plus"           # or a list of conditions; columns of people, or our features such as days_since_sign_up
    zh = "年付优惠"                 # what it is called
    en = "Annual plan offer"
    message_zh = "..."             # the draft of what is sent; {product} is filled in
    message_en = "..."

The built-in playbook (call, annual offer, message) costs nothing until a cost is written: we cannot know it. "Nothing" is always an answer.
"""

from __future__ import annotations

import difflib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from productloop.apps.risk import prevent_wording as wording
from productloop.foundation.errors import UsageError, excerpt
from productloop.foundation.settings import Settings
from productloop.foundation.wording import Say, Text
from productloop.loop.scope import parse_condition

OPTIONS = ("cost", "currency", "fits", "zh", "en", "message_zh", "message_en")
MAX_NAME, MAX_MESSAGE = 60, 1_000
CALLED_SHARE = 0.2
"""Ours: the fifth of paying customers who pay the most is called."""
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Treatment:
    """One thing that can be done. cost: minor units for one line of the list. fits: conditions that must all hold."""

    name: str
    title: Text
    cost: int
    currency: str | None
    fits: tuple[str, ...]
    message: Text
    built_in: bool

    def named(self) -> Say:
        """Its name, in the reader's language."""
        return Say(key="risk.prevent.named", slots={"name": self.title})


BUILT_IN = tuple(Treatment(name, title, 0, None, (), wording.MESSAGES[name], True) for name, title in wording.BUILT_IN_TITLES.items())


def read_playbook(settings: Settings, only: Sequence[str] = ()) -> tuple[Treatment, ...]:
    """The written playbook, else the built-in one; of it only the treatments named. Raises UsageError for what cannot be read."""
    found = tuple(_treatment(name, content) for name, content in settings.playbook.items()) or BUILT_IN
    known = {treatment.name: treatment for treatment in found}
    for name in only:
        if name not in known:
            raise UsageError(wording.ACTION_UNKNOWN, action=excerpt(name), known=", ".join(known))
    return tuple(treatment for treatment in found if not only or treatment.name in only)


def _treatment(name: str, content: Mapping[str, Any]) -> Treatment:
    for option in content:
        if option not in OPTIONS:
            nearest = difflib.get_close_matches(option, OPTIONS, 1, 0.3)
            raise _unreadable(name, option, "", nearest[0] if nearest else ", ".join(OPTIONS))
    cost = content.get("cost", 0)
    if isinstance(cost, bool) or not isinstance(cost, int | float) or not (math.isfinite(cost) and cost >= 0):
        raise _unreadable(name, "cost", cost, "0, 20, 19.9")
    zh, en = (_text(name, option, content, MAX_NAME) for option in ("zh", "en"))
    message_zh, message_en = (_text(name, option, content, MAX_MESSAGE) for option in ("message_zh", "message_en"))
    own = next((treatment for treatment in BUILT_IN if treatment.name == name), None)
    title = Text(zh or en or (own.title.zh if own else name), en or zh or (own.title.en if own else name))
    message = own.message if own else wording.MESSAGES["message"]
    if message_zh or message_en:
        message = Text(message_zh or message_en or "", message_en or message_zh or "")
    return Treatment(name, title, round(100 * cost), _text(name, "currency", content, 10), _fits(name, content), message, False)


def _text(name: str, option: str, content: Mapping[str, Any], longest: int) -> str | None:
    value = content.get(option)
    if value is None:
        return None
    if not isinstance(value, str) or not 0 < len(value.strip()) <= longest:
        raise _unreadable(name, option, value, f'"..." (1-{longest})')
    if option.startswith("message") and value.replace("{product}", "").count("{"):
        raise _unreadable(name, option, value, "{product}")
    return value.strip()


def _fits(name: str, content: Mapping[str, Any]) -> tuple[str, ...]:
    value = content.get("fits", [])
    conditions = [value] if isinstance(value, str) else value
    if not isinstance(conditions, list) or not all(isinstance(one, str) for one in conditions):
        raise _unreadable(name, "fits", value, '"plan = plus"')
    for condition in conditions:
        parse_condition(condition)
    return tuple(conditions)


def _unreadable(name: str, option: str, value: object, expected: str) -> UsageError:
    return UsageError(wording.PLAYBOOK_UNREADABLE, action=name, option=option, value=excerpt(value), expected=expected)


def who_fits(treatments: Sequence[Treatment], raw: Mapping[str, NDArray[Any]], paid: NDArray[np.float64] | None, size: int) -> Flags:
    """(treatments, n) whom each treatment fits. raw: columns as known now; paid: what the person's account paid lately, minor units; None without orders."""
    rows = []
    for treatment in treatments:
        if treatment.built_in:
            rows.append(_fits_built_in(treatment.name, paid, size))
        else:
            mask = np.ones(size, dtype=bool)
            for condition in treatment.fits:
                mask &= _holds(treatment.name, condition, raw, size)
            rows.append(mask)
    return np.array(rows, dtype=bool).reshape(len(treatments), size)


def _fits_built_in(name: str, paid: NDArray[np.float64] | None, size: int) -> Flags:
    if name == "message":
        return np.ones(size, dtype=bool)
    if paid is None or not (paid > 0).any():
        return np.zeros(size, dtype=bool)
    return paid > 0 if name == "annual_offer" else paid >= max(1.0, float(np.quantile(paid[paid > 0], 1 - CALLED_SHARE)))


def _holds(name: str, condition: str, raw: Mapping[str, NDArray[Any]], size: int) -> Flags:
    column, operator, value = parse_condition(condition)
    if column not in raw:
        nearest = difflib.get_close_matches(column, list(raw), 3, 0.3) or sorted(raw)[:8]
        raise _unreadable(name, "fits", condition, ", ".join(nearest))
    values = raw[column]
    try:
        number = float(value)
    except ValueError:
        number = math.nan
    if values.dtype.kind == "f" or operator in ("<", ">", "<=", ">="):
        return _compare(_numbers(values), operator, number)
    same = np.array([one is not None and str(one).strip().casefold() == value.casefold() for one in values], dtype=bool)
    if operator == "~":
        return np.array([one is not None and value.casefold() in str(one).casefold() for one in values], dtype=bool)
    return same if operator == "=" else ~same


def _numbers(values: NDArray[Any]) -> NDArray[np.float64]:
    found = np.full(len(values), np.nan)
    for row, value in enumerate(values):
        try:
            found[row] = math.nan if value is None else float(value)
        except (TypeError, ValueError):
            continue
    return found


def _compare(values: NDArray[np.float64], operator: str, number: float) -> Flags:
    """What is not known fits nothing, except "is not"."""
    with np.errstate(invalid="ignore"):
        found = {"=": values == number, "!=": values != number, "<": values < number, ">": values > number, "<=": values <= number}
        return np.asarray(found.get(operator, values >= number), dtype=bool)
