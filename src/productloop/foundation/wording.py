"""Sentences in two languages: one `Text` holds the Chinese and the English form with the same named slots.

Mechanism only: the sentences themselves stand in the `wording.py` of each floor and app.
A slot is `{name}`, `{name:kind}` or, for English plurals, `{name|person|people}`.

kinds
    count     12345 -> 12,345          percent   .183 -> 18.3 %
    number    three significant digits  date      2026-11-21
    range     a Figure -> "18-31" or, for shares, "18-31 %" (its 90 % interval; the plain value where it has none)
    money     a Figure of money -> "1,234.50 CNY"
    quote     “text” / 「text」, at most 80 characters
Without a kind a Figure is written by its unit and everything else by `str`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict

from productloop.foundation.figures import Figure

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")

_SLOT = re.compile(r"\{(\w+)(?::(\w+))?(?:\|([^|}]*)\|([^}]*))?\}")
KINDS = ("count", "percent", "number", "date", "range", "money", "quote")


@dataclass(frozen=True, slots=True)
class Text:
    """One sentence (or title, or label) in Chinese and in English, with the same named slots in both."""

    zh: str
    en: str

    def in_language(self, language: Language) -> str:
        """The raw template in `language`."""
        return self.zh if language == "zh" else self.en

    def slots(self, language: Language) -> frozenset[str]:
        """Names of the slots used in one language; a house test demands that both languages agree."""
        return frozenset(match.group(1) for match in _SLOT.finditer(self.in_language(language)))

    def render(self, language: Language, **values: object) -> str:
        """The sentence with its slots filled. A slot without a value raises KeyError: a sentence is never half-said."""

        def fill(match: re.Match[str]) -> str:
            name, kind, one, many = match.groups()
            value = values[name]
            if one is not None:
                return one if _as_number(value) == 1 else many
            return format_value(value, language, kind)

        return _SLOT.sub(fill, self.in_language(language))


class Say(BaseModel):
    """A sentence waiting to be said: the key of a `Text` and the values of its slots. Reports hold these, never prose."""

    model_config = ConfigDict(frozen=True)

    key: str
    slots: dict[str, Figure | Say | Text | list[Say] | int | float | date | str] = {}
    """A `Text` is a name in two languages that no wording could know, such as that of an event in the settings."""


def say(key: str, **slots: Figure | Say | Text | list[Say] | int | float | date | str) -> Say:
    """Shorthand for `Say(key=..., slots=...)`."""
    return Say(key=key, slots=slots)


def speak(sentence: Say | Text | str, texts: Mapping[str, Text], language: Language) -> str:
    """Render a `Say` with the texts of its app; a plain string passes as it is (a name from the user's own data)."""
    if isinstance(sentence, str):
        return sentence
    if isinstance(sentence, Text):
        return sentence.render(language)
    values: dict[str, object] = {}
    for name, value in sentence.slots.items():
        if isinstance(value, Say):
            values[name] = speak(value, texts, language)
        elif isinstance(value, list):
            joint = "、" if language == "zh" else ", "
            values[name] = joint.join(speak(item, texts, language) for item in value)
        else:
            values[name] = value
    return texts[sentence.key].render(language, **values)


def format_value(value: object, language: Language, kind: str | None = None) -> str:
    """One slot value as a person reads it; see the kinds at the top of this file."""
    if isinstance(value, Text):
        return value.in_language(language)
    if value is None or (isinstance(value, Figure) and value.value is None):
        return "未知" if language == "zh" else "not known"
    if kind == "quote":
        text = str(value)
        cut = text if len(text) <= 80 else text[:79] + "…"
        return f"「{cut}」" if language == "zh" else f"“{cut}”"
    if isinstance(value, (datetime, date)):
        return value.strftime("%Y-%m-%d") if kind == "date" or not isinstance(value, datetime) else value.isoformat(" ", "minutes")
    if isinstance(value, Figure):
        return _format_figure(value, language, kind)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return str(value)
    return _format_number(float(value), kind or ("count" if isinstance(value, int) else "number"))


def _format_figure(figure: Figure, language: Language, kind: str | None) -> str:
    assert figure.value is not None
    share = figure.unit == "share"
    if kind == "range":
        if figure.low is None or figure.high is None:
            return _format_figure(figure, language, None)
        if figure.unit.startswith("money:"):
            return f"{figure.low / 100:,.2f}-{figure.high / 100:,.2f} {figure.unit.removeprefix('money:')}".rstrip()
        low, high = (100 * figure.low, 100 * figure.high) if share else (figure.low, figure.high)
        digits = 1 if high - low < 3 and not float(high).is_integer() else 0
        return f"{low:,.{digits}f}-{high:,.{digits}f}" + (" %" if share else "")
    if figure.unit.startswith("money:"):
        return f"{figure.value / 100:,.2f} {figure.unit.removeprefix('money:')}".rstrip()  # orders may name no currency
    if kind is None:
        kind = "percent" if share else ("count" if float(figure.value).is_integer() else "number")
    return _format_number(float(figure.value), kind)


def _format_number(value: float, kind: str) -> str:
    if kind == "percent":
        return f"{100 * value:.1f} %" if abs(value) < 0.9995 or value > 1 else f"{100 * value:.0f} %"
    if kind == "count":
        return f"{value:,.0f}"
    if 0 < abs(value) < 0.001:
        return "< 0.001" if value > 0 else "> -0.001"  # nobody reads an exponent
    if value != 0 and abs(value) < 999.5:
        return f"{value:.3g}"
    return f"{value:,.0f}"


def _as_number(value: object) -> float:
    if isinstance(value, Figure):
        return float("nan") if value.value is None else float(value.value)
    return float(value) if isinstance(value, (int, float)) else float("nan")
