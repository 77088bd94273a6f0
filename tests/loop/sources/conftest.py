"""Importing a fixture in an exporter's real format through the same door as `productloop import`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from productloop.foundation.settings import load_settings
from productloop.loop.importing import Imported, ImportRequest, import_path
from productloop.loop.store import Store

FIXTURES = Path(__file__).parents[2] / "fixtures" / "sources"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.create(tmp_path / "workspace")


@pytest.fixture
def bring(store: Store) -> Callable[..., list[Imported]]:
    """`bring(name or path, **request)` imports a file of tests/fixtures/sources."""

    def bring(name: str | Path, **more: object) -> list[Imported]:
        request = ImportRequest(FIXTURES / name, **more)  # type: ignore[arg-type]
        return import_path(store, load_settings(None, {}), request, 1_780_000_000_000_000, lambda *_: None)

    return bring


@pytest.fixture
def rows(store: Store) -> Callable[..., list[dict[str, Any]]]:
    """`rows("id, text", "time")`: the feedback as dictionaries in the order asked for."""

    def rows(columns: str, order: str = "time, id", table: str = "feedback") -> list[dict[str, Any]]:
        names = [name.strip().strip('"') for name in columns.split(",")]
        return [dict(zip(names, row, strict=True)) for row in store.rows(f"SELECT {columns} FROM {table} ORDER BY {order}")]

    return rows


@pytest.fixture
def notes() -> Callable[[Imported], dict[str, dict[str, object]]]:
    """{key: slots} of what an import says."""
    return lambda done: {note.key: dict(note.slots) for note in done.notes}
