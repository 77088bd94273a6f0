"""Plain Python: `productloop.open("my-product").needs.analyse(since="2026-01-01")` answers with the report as a pydantic object.

Apps, actions and their fields are those of the command line; the fields of the scope stand beside the others.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from productloop.foundation.errors import UsageError, excerpt
from productloop.foundation.wording import Language
from productloop.interfaces import wording
from productloop.interfaces.answering import report_answer, write_file
from productloop.interfaces.options import Option, Values, build, options_of
from productloop.interfaces.registry import all_texts, apps, find_action, find_app, nearest
from productloop.interfaces.session import clock, open_run, perform_action, silent
from productloop.loop.action import Action, App, Report, Request
from productloop.loop.importing import Imported, ImportRequest, import_path
from productloop.loop.store import Store


class Workspace:
    """One workspace. Each call sees the newest data; nothing stays open between calls."""

    def __init__(self, folder: str | Path, settings: Mapping[str, Any] | None = None) -> None:
        """Open the workspace in `folder`, or make one there. `settings` override productloop.toml."""
        self.root = Path(folder).expanduser().resolve()
        self._flags = dict(settings or {})
        if Store.find(self.root) != self.root:
            Store.create(self.root).close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Nothing to give back: a call closes what it opened."""

    def __getattr__(self, name: str) -> AppDoor:
        app = find_app(name)
        if app is None:
            raise AttributeError(f"{name} is not an app; the apps are {', '.join(app.name for app in apps())}")
        return AppDoor(self, app)

    def import_file(self, path: str | Path, **how: Any) -> list[Imported]:
        """Import a file or folder; `how` are the fields of `ImportRequest` (table, map, columns, outcome ...)."""
        run = open_run(self.root, self._flags, os.environ, clock(), silent)
        try:
            return import_path(run.store, run.settings, ImportRequest(Path(path), **how), run.now, run.progress)
        finally:
            run.store.close()

    def perform(self, app: App, action: Action, request: Request) -> Report:
        """The report of an action."""
        run = open_run(self.root, self._flags, os.environ, clock(), silent)
        try:
            return perform_action(run, app, action, request)
        finally:
            run.store.close()

    def save(self, report: Report, path: str | Path, language: Language = "en") -> None:
        """Write a report as .html, .md or .json."""
        found = find_action(report.action)
        assert found is not None, f"{report.action} is no action of this installation"
        run = open_run(self.root, self._flags, os.environ, clock(), silent)
        try:
            answer = report_answer(run.store, run.settings, report, found[1].shown(report), language)
            write_file(Path(path), answer, all_texts(), language, report.action)
        finally:
            run.store.close()


class AppDoor:
    """The actions of one app as methods."""

    def __init__(self, workspace: Workspace, app: App) -> None:
        self._workspace, self._app = workspace, app

    def __getattr__(self, name: str) -> Callable[..., Report]:
        action = next((action for action in self._app.actions if action.name == name), None)
        if action is None:
            raise AttributeError(f"{self._app.name} has no action {name}; it has {', '.join(action.name for action in self._app.actions)}")

        def perform(**fields: Any) -> Report:
            return self._workspace.perform(self._app, action, build_request(action, fields))

        perform.__name__, perform.__doc__ = action.name, action.title.en
        return perform

    def __dir__(self) -> list[str]:
        return [action.name for action in self._app.actions]


def build_request(action: Action, fields: Mapping[str, Any]) -> Request:
    """The request of an action from flat fields. Raises UsageError for an unknown field or a value of the wrong kind."""
    options = options_of(action.request)
    by_name = {option.name.replace("-", "_"): option for option in options}
    values: Values = {}
    for name, value in fields.items():
        option = by_name.get(name)
        if option is None:
            raise UsageError(wording.OPTION_UNKNOWN, option=excerpt(name), nearest=nearest(name, by_name))
        values[option.path] = _listed(option, value)
    return build(action.request, values, options)


def _listed(option: Option, value: Any) -> Any:
    if option.kind == "many":
        return [value] if isinstance(value, str) else list(value)
    if option.kind == "pairs":
        return [f"{name}={part}" for name, part in value.items()]
    return value


def open_workspace(folder: str | Path = ".", settings: Mapping[str, Any] | None = None) -> Workspace:
    """The workspace in `folder`; a new one is made where there is none."""
    return Workspace(folder, settings)
