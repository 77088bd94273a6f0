"""The form of an action, derived from its request: one field for each option, filled from the address, so that the address can be shared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from productloop.foundation.wording import Language, Text
from productloop.interfaces.options import Option, Values, build, options_of
from productloop.interfaces.server_wording import TEXTS
from productloop.loop.action import Request

Given = Mapping[str, Sequence[str]]
"""Names and values as they stand in an address or in a sent form."""
DAYS = ("since", "until")


@dataclass(frozen=True, slots=True)
class Field:
    """One field as a template draws it. `kind` is flag, choice, lines, day or text."""

    name: str
    kind: str
    label: str
    hint: str
    value: str
    choices: tuple[str, ...]
    checked: bool
    needs_no: bool
    """True where "off" must be sent, since "on" is the default."""
    required: bool
    starts_empty: bool
    """True for words to be written: no default, and not a number."""


@dataclass(frozen=True, slots=True)
class Form:
    """The fields of a request: its own first, then those that say which rows count."""

    own: tuple[Field, ...]
    scope: tuple[Field, ...]
    touched: bool
    """Whether anything differs from the defaults."""
    complete: bool
    """Whether every required field has a value."""

    @property
    def asked(self) -> tuple[Field, ...]:
        """Fields of the action's own that start empty: what it is asked about, so they stand in sight."""
        return tuple(field for field in self.own if field.starts_empty)

    @property
    def fine(self) -> tuple[Field, ...]:
        """Fields of the action's own that work as they are."""
        return tuple(field for field in self.own if not field.starts_empty)


def make_form(request: type[Request], given: Given, language: Language) -> Form:
    """The form of a request, filled with what was given."""
    options = options_of(request)
    fields = [(option, _field(option, _present(given, option), language)) for option in options]
    return Form(
        own=tuple(field for option, field in fields if len(option.path) == 1),
        scope=tuple(field for option, field in fields if len(option.path) > 1),
        touched=any(_present(given, option) for option in options),
        complete=all(field.value for field in (field for _, field in fields) if field.required),
    )


def read_form(request: type[Request], given: Given) -> Request:
    """The request of a form. Raises UsageError that names the field."""
    options = options_of(request)
    values: Values = {}
    for option in options:
        found = _present(given, option)
        if found:
            values[option.path] = _value(option, found)
    return build(request, values, options)


def _present(given: Given, option: Option) -> list[str]:
    return [value.strip() for value in given.get(option.name, ()) if value.strip()]


def _value(option: Option, found: list[str]) -> Any:
    if option.kind == "flag":
        return found[-1] == "true"
    if option.kind == "many":
        return [line.strip() for value in found for line in value.splitlines() if line.strip()] if option.whole else found
    return found if option.kind == "pairs" else found[-1]


def _field(option: Option, found: list[str], language: Language) -> Field:
    default = _as_text(option.default)
    many = option.kind == "many"
    kind = "flag" if option.kind == "flag" else "choice" if option.choices and not many else "lines" if many and option.whole else "text"
    hints: list[Text | str] = [option.meaning]
    hints += [_hint("lines") if kind == "lines" else _hint("comma")] if many else [_hint("pairs")] if option.kind == "pairs" else []
    if default and kind in ("text", "lines"):
        hints.append(TEXTS["server.default"].render(language, value=default))
    said = [hint.in_language(language) if isinstance(hint, Text) else hint for hint in hints]
    value = "\n".join(found) if kind == "lines" else ",".join(found) if many or option.kind == "pairs" else found[-1] if found else ""
    return Field(
        name=option.name,
        kind="day" if option.name in DAYS and option.path[0] == "scope" else kind,
        label=said[0],
        hint=("；" if language == "zh" else "; ").join(said[1:]),
        value=value or (default if kind == "choice" else ""),
        choices=option.choices if option.required or default else ("", *option.choices),
        checked=(found[-1] == "true") if found else bool(option.default),
        needs_no=kind == "flag" and bool(option.default),
        required=option.required,
        starts_empty=kind in ("text", "lines") and not default and option.words,
    )


def _hint(name: str) -> Text:
    return TEXTS[f"server.{name}"]


def _as_text(default: Any) -> str:
    if default is None or default == () or isinstance(default, bool | BaseModel):
        return ""
    if isinstance(default, Mapping):
        return ",".join(f"{name}={value}" for name, value in default.items())
    if isinstance(default, Sequence) and not isinstance(default, str):
        return ",".join(str(part) for part in default)
    return str(default)
