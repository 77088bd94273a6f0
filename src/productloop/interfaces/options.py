"""Command-line options derived from a request's pydantic fields: names, kinds, defaults and meanings come from the model alone.

A field's description holds both languages, "English | 中文". A field marked `json_schema_extra={"positional": True}`, or one without a
default, may be given without its name. Fields of `Scope` stand beside the request's own.
"""

from __future__ import annotations

import types
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from productloop.foundation.errors import UsageError, excerpt
from productloop.foundation.wording import Text
from productloop.interfaces import wording
from productloop.interfaces.registry import nearest

Kind = Literal["flag", "value", "many", "pairs"]
Values = dict[tuple[str, ...], Any]
AnyModel = TypeVar("AnyModel", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Option:
    """One option. `path` is the place of its field in the request, e.g. ("scope", "since")."""

    name: str
    path: tuple[str, ...]
    kind: Kind
    meaning: Text
    default: Any = None
    choices: tuple[str, ...] = ()
    positional: bool = False
    required: bool = False
    shape: str = ""
    """How its value looks, where A,B would mislead."""
    whole: bool = False
    """True: one use is one value, even where it holds commas."""
    words: bool = False
    """True where a person writes words, not a number or one of the choices."""


GLOBALS: tuple[Option, ...] = (
    Option("workspace", ("workspace",), "value", Text("工作区所在的文件夹", "folder of the workspace")),
    Option("language", ("language",), "value", Text("界面和报告的语言", "language of interface and reports"), choices=("zh", "en")),
    Option("json", ("json",), "flag", Text("标准输出只给一个 JSON 对象", "one JSON object on standard output")),
    Option("output", ("output",), "value", Text("存成文件：.html、.md 或 .json", "write to a file: .html, .md or .json")),
    Option("details", ("details",), "flag", Text("展开依据和明细", "unfold the details")),
    Option("seed", ("seed",), "value", Text("所有随机步骤的种子", "seed of every random step")),
    Option("set", ("set",), "many", Text("只改这一次的某个设置", "change a setting for this command"), shape="NAME=VALUE", whole=True),
    Option("help", ("help",), "flag", Text("显示这份说明", "show this help")),
)


def options_of(request: type[BaseModel]) -> tuple[Option, ...]:
    """The options of a request: its own fields first, then those of its scope."""
    taken = {option.name for option in GLOBALS}
    own = [_own(name, field, taken) for name, field in request.model_fields.items() if not _is_model(field)]
    taken |= {option.name for option in own}
    scoped = [
        _option(name, (outer, name), field, taken, outer)
        for outer, outer_field in request.model_fields.items()
        if _is_model(outer_field)
        for name, field in _model_of(outer_field).model_fields.items()
    ]
    return (*own, *scoped)


def _own(name: str, field: FieldInfo, taken: set[str]) -> Option:
    called = field.alias or name
    return _option(called, (called,), field, taken, "request")


def _option(name: str, path: tuple[str, ...], field: FieldInfo, taken: set[str], prefix: str) -> Option:
    shown = name.replace("_", "-")
    kind, choices = _kind(field.annotation)
    extra = field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}
    return Option(
        f"{prefix}-{shown}" if shown in taken else shown,
        path,
        kind,
        meaning_of(field),
        default=None if field.is_required() else field.get_default(call_default_factory=True, validated_data={}),
        choices=choices,
        positional=bool(extra.get("positional")) or field.is_required(),
        required=field.is_required(),
        whole=path[-1] == "where" or bool(extra.get("positional")),
        words=kind in ("value", "many") and not choices and _holds_words(field.annotation),
    )


def meaning_of(field: FieldInfo) -> Text:
    """The two halves of "English | 中文"; one half alone serves both languages."""
    english, _, chinese = (field.description or "").partition(" | ")
    return Text(chinese or english, english)


def _model_of(field: FieldInfo) -> type[BaseModel]:
    assert isinstance(field.annotation, type)
    assert issubclass(field.annotation, BaseModel)
    return field.annotation


def _is_model(field: FieldInfo) -> bool:
    return isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel)


def _holds_words(annotation: Any) -> bool:
    return annotation is str or any(_holds_words(part) for part in get_args(annotation))


def _kind(annotation: Any) -> tuple[Kind, tuple[str, ...]]:
    origin = get_origin(annotation)
    if origin in (Union, types.UnionType):
        inner = [part for part in get_args(annotation) if part is not type(None)]
        return _kind(inner[0]) if len(inner) == 1 else ("value", ())
    if origin is Literal:
        return "value", tuple(str(choice) for choice in get_args(annotation))
    if origin in (tuple, list, set, frozenset):
        return "many", _kind(get_args(annotation)[0])[1]
    if origin is dict or origin is Mapping:
        return "pairs", ()
    return ("flag", ()) if annotation is bool else ("value", ())


def take_globals(tokens: Sequence[str]) -> tuple[Values, list[str]]:
    """The global options wherever they stand, and the rest in order."""
    known = {option.name: option for option in GLOBALS}
    values: Values = {}
    rest: list[str] = []
    waiting = list(tokens)
    while waiting:
        word = waiting.pop(0)
        if word == "--":
            return values, [*rest, word, *waiting]
        name, equals, given = _split("--help" if word == "-h" else word)
        option = known.get(name or "")
        if option is None:
            rest.append(word)
        else:
            _store(values, option, _value(option, equals, given, waiting))
    return values, rest


def parse(tokens: Sequence[str], options: Sequence[Option]) -> tuple[Values, list[str]]:
    """(values by path, words without an option). Raises UsageError with the nearest name for an unknown option."""
    known = {option.name: option for option in options}
    negated = {f"no-{option.name}": option for option in options if option.kind == "flag"}
    values: Values = {}
    words: list[str] = []
    waiting = list(tokens)
    while waiting:
        word = waiting.pop(0)
        if not word.strip():
            raise UsageError(wording.WORD_EMPTY)  # an empty path would be the present folder
        if word == "--":
            return values, words + waiting
        name, equals, given = _split(word)
        if name is None:
            words.append(word)
        elif name in negated and not equals:
            _store(values, negated[name], False)
        elif name in known:
            _store(values, known[name], _value(known[name], equals, given, waiting))
        else:
            everything = [*known, *(option.name for option in GLOBALS)]
            raise UsageError(wording.OPTION_UNKNOWN, option=name, nearest=nearest(name, everything))
    return values, words


def _split(word: str) -> tuple[str | None, bool, str]:
    if not word.startswith("--") or len(word) == 2:
        return None, False, word
    name, equals, given = word[2:].partition("=")
    return name.replace("_", "-"), bool(equals), given


def _value(option: Option, equals: bool, given: str, waiting: list[str]) -> Any:
    if option.kind == "flag":
        if not equals:
            return True
        if given.lower() in ("true", "1", "yes", "false", "0", "no"):
            return given.lower() in ("true", "1", "yes")
        raise UsageError(wording.OPTION_VALUE, option=option.name, value=excerpt(given), expected="true / false")
    if not equals:
        if not waiting or waiting[0].startswith("--"):
            raise UsageError(wording.OPTION_NO_VALUE, option=option.name)
        given = waiting.pop(0)
    if option.choices and option.kind == "value" and given not in option.choices:
        raise UsageError(wording.OPTION_VALUE, option=option.name, value=excerpt(given), expected=" / ".join(option.choices))
    return given


def _store(values: Values, option: Option, value: Any) -> None:
    if option.kind in ("many", "pairs"):
        values.setdefault(option.path, []).append(value)
    else:
        values[option.path] = value


def fill_positionals(values: Values, words: list[str], options: Sequence[Option], command: str) -> list[str]:
    """Give words to the positional fields in their order; returns the words that are left. Raises UsageError when one is missing."""
    left = list(words)
    for option in options:
        if not option.positional or option.path in values:
            continue
        if option.kind == "many" and left:
            values[option.path], left = left, []
        elif left:
            values[option.path] = left.pop(0)
        elif option.required:
            raise UsageError(wording.ARGUMENT_MISSING, argument=option.name, command=command)
    return left


def build(request: type[AnyModel], values: Values, options: Sequence[Option]) -> AnyModel:
    """The request from parsed values. Raises UsageError that names the option, its value and what was expected."""
    by_path = {option.path: option for option in options}
    document: dict[str, Any] = {}
    for path, value in values.items():
        place = document
        for step in path[:-1]:
            place = place.setdefault(step, {})
        place[path[-1]] = _typed(by_path[path], value)
    try:
        return request.model_validate(document)
    except ValidationError as error:
        first = error.errors()[0]
        path = tuple(str(step) for step in first["loc"] if not isinstance(step, int))
        option = by_path.get(path) or by_path.get(path[:1])
        raise UsageError(
            wording.OPTION_VALUE,
            option=option.name if option is not None else ".".join(path),
            value=excerpt(first["input"]),
            expected=" / ".join(option.choices) if option is not None and option.choices else _expected(first),
        ) from error


def _expected(problem: ErrorDetails) -> Text | str:
    kind = str(problem["type"])
    text = wording.EXPECTATIONS.get(kind) or wording.EXPECTATIONS.get(kind.partition("_")[0])
    if text is None:
        return str(problem["msg"])
    bounds = problem.get("ctx", {})
    return Text(text.render("zh", **bounds), text.render("en", **bounds))


def _typed(option: Option, value: Any) -> Any:
    if option.kind == "pairs":
        return dict(_pair(option, part) for use in value for part in use.split(","))
    if option.kind != "many" or option.whole or len(value) > 1 or not isinstance(value[0], str):
        return value
    return [part.strip() for part in value[0].replace("，", ",").split(",") if part.strip()]


def _pair(option: Option, part: str) -> tuple[str, str]:
    name, equals, value = part.partition("=")
    if not equals or not name.strip() or not value.strip():
        raise UsageError(wording.OPTION_VALUE, option=option.name, value=excerpt(part), expected="a=b,c=d")
    return name.strip(), value.strip()
