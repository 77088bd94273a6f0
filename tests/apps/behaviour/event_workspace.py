"""Workspaces with events, imported from small CSV files as a person would, and runs of `behaviour` on them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from productloop.apps.behaviour import APP
from productloop.apps.behaviour.retention_types import RetentionReport
from productloop.apps.behaviour.types import FunnelReport
from productloop.foundation.page import Block, Chart, Fold, Grid, Heading, Line, Numbers, Page
from productloop.foundation.settings import load_settings
from productloop.foundation.wording import Language, Say, format_value, speak
from productloop.loop.action import Run, perform
from productloop.loop.importing import ImportRequest, import_path
from productloop.loop.simulation import Simulated, write_files
from productloop.loop.store import Store
from productloop.loop.wording import TEXTS as LOOP_TEXTS

NOW = 1_800_000_000_000_000


def quiet(stage: str, done: int, total: int) -> None:
    """No progress shown."""


def workspace(folder: Path, **files: str) -> Store:
    """A workspace into which each file (name of the table = its CSV text) was imported."""
    store = Store.create(folder / "workspace")
    for name, text in files.items():
        path = folder / f"{name}.csv"
        path.write_text(text, encoding="utf-8")
        import_path(store, load_settings(None, {}), ImportRequest(path, table=name), NOW, quiet)
    return store


def stories(lives: Mapping[str, str], end: str = "2026-06-30") -> str:
    """Events as CSV: actor -> 'A0 B1.5' (event, days after 2026-03-02), and one last event of somebody else at the end of the data."""
    rows = ["user_id,event,timestamp"]
    for actor, life in lives.items():
        rows += [f"{actor},{word[0]},{at(float(word[1:]))}" for word in life.split()]
    return "\n".join([*rows, f"watchman,zzz,{end}T00:00:00.000000Z"]) + "\n"


def at(days: float) -> str:
    """An instant so many days after Monday 2026-03-02, 00:00 UTC."""
    return (datetime(2026, 3, 2, tzinfo=UTC) + timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def simulated_workspace(folder: Path, simulated: Simulated) -> Store:
    """The simulated startup's events, imported."""
    write_files(simulated, folder / "files")
    store = Store.create(folder / "workspace")
    import_path(store, load_settings(None, {}), ImportRequest(folder / "files" / "events.csv"), NOW, quiet)
    return store


def run_of(store: Store, as_of: int | None = None, **settings: Any) -> Run:
    """A run with these settings, dots written as two underscores."""
    flags = {name.replace("__", "."): value for name, value in settings.items()}
    return Run(store, load_settings(None, {}, flags), None, as_of or store.as_of(), NOW, 0, quiet)


def ask_funnel(store: Store, request: Mapping[str, Any] | None = None, run: Run | None = None) -> FunnelReport:
    """The funnel report of a request."""
    action = APP.action("funnel")
    report = perform("behaviour.funnel", action, action.request.model_validate(request or {}), run or run_of(store))
    assert isinstance(report, FunnelReport)
    return report


def ask_retention(store: Store, request: Mapping[str, Any] | None = None, run: Run | None = None) -> RetentionReport:
    """The retention report of a request."""
    action = APP.action("retention")
    report = perform("behaviour.retention", action, action.request.model_validate(request or {}), run or run_of(store))
    assert isinstance(report, RetentionReport)
    return report


def people(report: FunnelReport) -> list[float | int | None]:
    """People at each step."""
    return [step.people.value for step in report.steps]


def written(page: Page, language: Language) -> list[str]:
    """The page as plain lines: a reference for golden tests that does not depend on any renderer."""

    def say(sentence: Say | str) -> str:
        return speak(sentence, {**LOOP_TEXTS, **APP.texts}, language)

    def cell(value: Any) -> str:
        return "-" if value is None else say(value) if isinstance(value, Say | str) else format_value(value, language)

    def lines(blocks: Sequence[Block], indent: str = "") -> list[str]:
        found: list[str] = []
        for block in blocks:
            match block:
                case Heading():
                    found.append(f"{indent}## {say(block.text)}")
                case Line():
                    found.append(f"{indent}{'' if block.tone == 'plain' else f'[{block.tone}] '}{say(block.text)}")
                case Numbers():
                    found.append(indent + " | ".join(f"{say(label)}: {format_value(figure, language)}" for label, figure in block.items))
                case Grid():
                    found.append(indent + " | ".join(say(column) for column in block.columns))
                    found += [indent + " | ".join(cell(value) for value in row) for row in block.rows]
                case Chart():
                    found.append(f"{indent}({block.form}) {say(block.title)}: " + ", ".join(say(name) for name in block.x))
                    found += [f"{indent}  {say(series.name)}: {list(series.y)}" for series in block.series]
                case Fold():
                    found += [f"{indent}> {say(block.title)}", *lines(block.blocks, indent + "  ")]
        return found

    return [say(page.title), *lines(page.blocks), *(["--"] if page.details else []), *lines(page.details)]
