"""The apps of this installation, their sentences, and the tasks of a workspace. Apps are imported when first asked for."""

from __future__ import annotations

import difflib
import functools
import importlib
import importlib.util
from collections.abc import Mapping
from typing import Any

from productloop.foundation.errors import UsageError
from productloop.foundation.settings import Settings
from productloop.foundation.wording import Text
from productloop.interfaces import rendering_wording, wording
from productloop.loop import wording as loop_wording
from productloop.loop.action import Action, App
from productloop.loop.store import Store
from productloop.loop.task import Task, TaskTemplate

APP_NAMES = ("needs", "behaviour", "recommend", "risk", "collaborate", "workbench")
"""Every app of the house, in the order people see them; one that this installation lacks is left out."""


def apps() -> tuple[App, ...]:
    """The installed apps."""
    return load_apps()


@functools.cache
def load_apps() -> tuple[App, ...]:
    """Import the installed apps, once."""
    found = []
    for name in APP_NAMES:
        module = f"productloop.apps.{name}"
        spec = importlib.util.find_spec(module)
        if spec is not None and spec.origin is not None:
            found.append(importlib.import_module(module).APP)
    return tuple(found)


def find_app(name: str) -> App | None:
    """The app called `name`, or None."""
    return next((app for app in apps() if app.name == name), None)


def find_action(full_name: str) -> tuple[App, Action] | None:
    """App and action of "APP.ACTION", or None."""
    app_name, _, action_name = full_name.partition(".")
    app = find_app(app_name)
    action = next((action for action in app.actions if action.name == action_name), None) if app is not None else None
    return None if app is None or action is None else (app, action)


def all_texts() -> dict[str, Text]:
    """Every sentence that a page may hold, of all floors and apps."""
    from productloop.loop.sources import notes_wording
    from productloop.loop.sources import wording as source_wording  # brings the readers of files, which help does not need

    texts: dict[str, Text] = {}
    for part in (
        loop_wording.TEXTS,
        source_wording.TEXTS,
        notes_wording.TEXTS,
        rendering_wording.TEXTS,
        wording.TEXTS,
        *(app.texts for app in apps()),
    ):
        texts.update(part)
    return texts


def tasks_of(store: Store, settings: Settings) -> tuple[Task, ...]:
    """The tasks written in productloop.toml, then those that the data suggest. Raises UsageError for an unknown template or option."""
    templates = {template.name: template for app in apps() for template in app.templates}
    tasks = {name: _configured(name, options, templates, store) for name, options in settings.tasks.items()}
    for template in templates.values():
        suggested = template.suggest(store) if template.suggest is not None else None
        several = template.suggest_all(store) if template.suggest_all is not None else ()
        for name, options in (*((suggested,) if suggested is not None else ()), *several):
            if name not in tasks and not (template.suggest_all and _is_written(template.name, options, tasks)):
                tasks[name] = template.make(name, options, store)
    return tuple(tasks.values())


def _is_written(template: str, options: Mapping[str, Any], tasks: Mapping[str, Task]) -> bool:
    """Whether a task of this template has these options already, under whatever name."""
    return any(task.template == template and options.items() <= dict(task.options or {}).items() for task in tasks.values())


def _configured(name: str, options: Mapping[str, Any], templates: Mapping[str, TaskTemplate], store: Store) -> Task:
    wanted = str(options.get("template", ""))
    template = templates.get(wanted)
    if template is None:
        raise UsageError(
            wording.TEMPLATE_UNKNOWN, task=name, template=wanted, nearest=nearest(wanted, templates), known=", ".join(templates)
        )
    given = {key: value for key, value in options.items() if key != "template"}
    for key in given:
        if key not in template.options:
            known = ", ".join(template.options) or "–"
            raise UsageError(wording.TASK_OPTION_UNKNOWN, task=name, option=key, nearest=nearest(key, template.options), known=known)
    return template.make(name, given, store)


def nearest(word: str, known: Mapping[str, Any] | tuple[str, ...] | list[str]) -> str:
    """The most similar known name, or a dash."""
    close = difflib.get_close_matches(word, list(known), 1, 0.3)
    return close[0] if close else "–"
