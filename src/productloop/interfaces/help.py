"""Help texts, made from the same definitions as the commands, in the reader's language."""

from __future__ import annotations

from collections.abc import Sequence

from productloop.foundation.wording import Language, Text
from productloop.interfaces.chart_labels import text_width
from productloop.interfaces.commands import COMMANDS, Command
from productloop.interfaces.options import GLOBALS, Option, options_of
from productloop.loop.action import Action, App

LEAD = Text(
    "从用户说了什么、做了什么，到接下来做什么，再看做了有没有用。",
    "From what users say and do, to what to build next, and whether it worked.",
)
USAGE = Text("用法", "Usage")
APPS = Text("看什么", "Ask")
WORKSPACE = Text("工作区", "Workspace")
ACTIONS = Text("能问的（第一个是默认）", "What can be asked (the first is the default)")
OPTIONS = Text("选项", "Options")
ARGUMENTS = Text("要给的", "Arguments")
COMMON = Text("到处可用", "Everywhere")
WORDS = {"file": Text("文件", "FILE"), "command": Text("命令", "COMMAND"), "options": Text("选项", "options")}
DEFAULT = Text("默认 {value}", "default: {value}")
ALL = Text("命令里给了文件时，仍按全部数据出报告", "report on all data although a file was given")
EXAMPLE = Text(
    "先试试：productloop needs 评论.csv，或 productloop demo",
    "To begin: productloop needs reviews.csv, or productloop demo",
)


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
        return f"--{option.name}"
    value = (
        "|".join(option.choices) if option.choices and len(option.choices) <= 4 else {"many": "A,B", "pairs": "A=B"}.get(option.kind, "...")
    )
    return f"--{option.name} {value}"


def _meaning(option: Option, language: Language) -> str:
    meaning = option.meaning.in_language(language)
    default = ", ".join(map(str, option.default)) if isinstance(option.default, tuple | list) else option.default
    if default in (None, "", False, {}) or isinstance(default, dict):
        return meaning
    added = DEFAULT.render(language, value=str(default))
    return f"{meaning}（{added}）" if language == "zh" else f"{meaning} ({added})"


def _columns(rows: Sequence[tuple[str, str]]) -> list[str]:
    width = min(34, max((text_width(name) for name, _ in rows), default=0)) + 2
    return [f"  {name}{' ' * max(1, width - text_width(name))} {text}".rstrip() for name, text in rows]


def _word(name: str, language: Language) -> str:
    return WORDS[name].in_language(language)
