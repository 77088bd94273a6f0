"""The command line: `productloop APP [ACTION] [FILE ...] [--field value ...]` and the commands about the workspace.

Everything about an action (its name, its options, its help) comes from the app's definition; nothing here knows an app.
Exit codes: 0 ok, 1 a gate failed, 2 usage, 3 data problem, 4 provider unreachable, 130 interrupted.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from productloop.foundation.errors import Cancelled, ProductloopError, UsageError, WorkspaceProblem, excerpt, reason_of
from productloop.foundation.settings import load_settings
from productloop.foundation.wording import Language
from productloop.interfaces import help as help_texts
from productloop.interfaces import wording
from productloop.interfaces.commands import COMMANDS
from productloop.interfaces.options import Values, build, fill_positionals, options_of, parse, take_globals
from productloop.interfaces.registry import apps, find_app, nearest
from productloop.interfaces.session import (
    Session,
    choose_language,
    clock,
    prepare_streams,
    show_cancelled,
    show_error,
    silent,
    watching,
    write_line,
)
from productloop.loop.action import App
from productloop.loop.store import SETTINGS_FILE, Store


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code."""
    prepare_streams()
    tokens = list(sys.argv[1:] if argv is None else argv)
    language = choose_language(None, "", os.environ)
    as_json = "--json" in tokens
    try:
        values, rest = take_globals(tokens)
        language = _language(values, os.environ)
        if ("help",) in values or not rest:
            write_line(sys.stdout, _help(rest, language))
            return 0
        with watching(language) as watcher:
            session = _session(values, language, watcher)
            _dispatch(session, rest)
        return 0
    except ProductloopError as error:
        return show_error(error, language, as_json)
    except (Cancelled, KeyboardInterrupt):
        return show_cancelled(language, as_json)
    except BrokenPipeError:  # the reader of our output left, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:  # rights, a full disk, a name too long: wherever no nearer answer was given
        path = excerpt(error.filename or ".", 200)
        return show_error(WorkspaceProblem(wording.SYSTEM_REFUSED, path=path, reason=reason_of(error)), language, as_json)


def _language(values: Values, environment: Mapping[str, str]) -> Language:
    """The language before anything is opened: a broken settings file is told in the language of the system."""
    flag = values.get(("language",))
    root = Store.find(_folder(values) or Path.cwd())
    setting = environment.get("PRODUCTLOOP_INTERFACE_LANGUAGE", "")
    if root is not None and flag is None:
        with suppress(UsageError):  # told when the command itself reads the settings
            setting = load_settings(root / SETTINGS_FILE, environment).text("interface.language")
    return choose_language(flag, setting, environment)


def _folder(values: Values) -> Path | None:
    given = values.get(("workspace",))
    return Path(given).expanduser().resolve() if given is not None else None


def _session(values: Values, language: Language, progress: Any = silent) -> Session:
    flags: dict[str, Any] = {"loop.seed": values.get(("seed",))}
    for pair in values.get(("set",), []):
        name, equals, value = pair.partition("=")
        if not equals:
            raise UsageError(wording.OPTION_VALUE, option="set", value=excerpt(pair), expected="name=value")
        flags[name.strip()] = value.strip()
    output = values.get(("output",))
    return Session(
        language=language, environment=os.environ, folder=Path.cwd(), now=clock(), workspace=_folder(values), flags=flags,
        json=bool(values.get(("json",))), details=bool(values.get(("details",))), output=Path(output) if output else None, progress=progress,
    )  # fmt: skip


def _dispatch(session: Session, rest: Sequence[str]) -> None:
    word = rest[0]
    app = find_app(word)
    if app is not None:
        from productloop.interfaces.app_command import run_app  # rich and the stores are not needed for help

        run_app(session, app, rest[1:])
        return
    command = COMMANDS.get(word)
    if command is None:
        raise UsageError(wording.COMMAND_UNKNOWN, word=excerpt(word), nearest=nearest(word, _words()))
    options = options_of(command.request)
    values, words = parse(rest[1:], options)
    left = fill_positionals(values, words, options, command.name)
    if left:
        raise UsageError(wording.ARGUMENT_UNEXPECTED, command=command.name, word=excerpt(left[0]))
    request = build(command.request, values, options)
    from productloop.interfaces.answering import deliver
    from productloop.interfaces.workspace_commands import RUNS

    deliver(session, RUNS[command.name](session, request), command.name)


def _words() -> list[str]:
    return [*(app.name for app in apps()), *COMMANDS]


def _help(rest: Sequence[str], language: Language) -> str:
    if not rest:
        return help_texts.overview(apps(), language)
    app = find_app(rest[0])
    if app is not None:
        return _app_help(app, rest[1:], language)
    if rest[0] in COMMANDS:
        return help_texts.command_help(COMMANDS[rest[0]], language)
    raise UsageError(wording.COMMAND_UNKNOWN, word=excerpt(rest[0]), nearest=nearest(rest[0], _words()))


def _app_help(app: App, words: Sequence[str], language: Language) -> str:
    named = next((action for action in app.actions if words and action.name == words[0]), app.actions[0])
    return help_texts.app_help(app, named, language)
