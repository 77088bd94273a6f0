"""Help texts, made from the same definitions as the commands, in the reader's language."""

from __future__ import annotations

from collections.abc import Sequence

from productloop.foundation.wording import Language, Text
from productloop.interfaces.chart_labels import text_width
from productloop.interfaces.command_wording import (
    ACTIONS,
    ALL,
    APPS,
    ARGUMENTS,
    COMMON,
    DEFAULT,
    EXAMPLE,
    LEAD,
    OPTIONS,
    USAGE,
    WORDS,
    WORKSPACE,
)
from productloop.interfaces.commands import COMMANDS, Command
from productloop.interfaces.options import GLOBALS, Option, options_of
from productloop.loop.action import Action, App

MAX_CHOICES = 4
"""More choices than this are not listed beside an option."""


def overview(apps: Sequence[App], language: Language) -> str:
    """`productloop --help`."""
    lines = [
        LEAD.in_language(language),
        "",
        f"{USAGE.in_language(language)}: productloop {_word('command', language)} [{_word('options', language)}]",
    ]
    lines += ["", EXAMPLE.in_language(language), "", f"{APPS.in_language(language)}:"]
    lines += _columns([(app.name, app.question.in_language(language)) for app in apps])
    lines += ["", f"{WORKSPACE.in_language(language)}:"]
    lines += _columns([(command.name, command.title.in_language(language)) for command in COMMANDS.values()])
    return "\n".join([*lines, "", *_options(COMMON, GLOBALS, language)])


def app_help(app: App, action: Action, language: Language) -> str:
    """`productloop APP [ACTION] --help`: the actions, then the options of one of them."""
    options = options_of(action.request)
    named = "" if action is app.actions[0] else f" {action.name}"
    placed = "".join(f" {option.name.upper()}" for option in options if option.positional)
    lines = [f"{app.question.in_language(language)}", ""]
    words = f"{app.name}{named or f' [{action.name}]'}{placed} [{_word('file', language)} ...] [{_word('options', language)}]"
    lines += [f"{USAGE.in_language(language)}: productloop {words}"]
    lines += ["", f"{ACTIONS.in_language(language)}:"]
    lines += _columns([(entry.name, entry.title.in_language(language)) for entry in app.actions])
    every = Option("all", ("all",), "flag", ALL)
    lines += ["", *_options(Text(f"{action.name} 的选项", f"Options of {action.name}"), (*options, every), language)]
    return "\n".join([*lines, "", *_options(COMMON, GLOBALS, language)])


def command_help(command: Command, language: Language) -> str:
    """`productloop COMMAND --help`."""
    options = options_of(command.request)
    placed = [option for option in options if option.positional]
    named = [option for option in options if not option.positional]
    shown = " ".join(f"{option.name.upper()}" if option.required else f"[{option.name.upper()}]" for option in placed)
    lines = [command.title.in_language(language), "", f"{USAGE.in_language(language)}: productloop {command.name} {shown}".rstrip()]
    if placed:
        rows = [(option.name.upper(), _meaning(option, language)) for option in placed]
        lines += ["", f"{ARGUMENTS.in_language(language)}:", *_columns(rows)]
    if named:
        lines += ["", *_options(OPTIONS, named, language)]
    return "\n".join([*lines, "", *_options(COMMON, GLOBALS, language)])


def _options(title: Text, options: Sequence[Option], language: Language) -> list[str]:
    rows = [(_shown(option), _meaning(option, language)) for option in options]
    return [f"{title.in_language(language)}:", *_columns(rows)]


def _shown(option: Option) -> str:
    if option.kind == "flag":
        return f"--no-{option.name}" if option.default is True else f"--{option.name}"
    shapes = {"many": "A,B", "pairs": "A=B"}
    value = "|".join(option.choices) if option.choices and len(option.choices) <= MAX_CHOICES else shapes.get(option.kind, "...")
    return f"--{option.name} {option.shape or value}"


def _meaning(option: Option, language: Language) -> str:
    meaning = option.meaning.in_language(language)
    default = ", ".join(map(str, option.default)) if isinstance(option.default, tuple | list) else option.default
    if default in (None, "", False, True) or isinstance(default, dict):
        return meaning
    added = DEFAULT.render(language, value=str(default))
    return f"{meaning}（{added}）" if language == "zh" else f"{meaning} ({added})"


def _columns(rows: Sequence[tuple[str, str]]) -> list[str]:
    width = min(34, max((text_width(name) for name, _ in rows), default=0)) + 2
    return [f"  {name}{' ' * max(1, width - text_width(name))} {text}".rstrip() for name, text in rows]


def _word(name: str, language: Language) -> str:
    return WORDS[name].in_language(language)
