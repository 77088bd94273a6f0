"""Workspaces for the tests: a simulated startup, or one table of customers, written straight into the lake."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from productloop.foundation.settings import Settings, load_settings
from productloop.foundation.tables import STORED_TYPES, TABLES
from productloop.loop.action import Run
from productloop.loop.simulation import Simulated, simulate
from productloop.loop.simulation_texts import NEUTRAL, PRAISE
from productloop.loop.store import Store

ARROW = {"VARCHAR": "utf8", "BIGINT": "int64", "INTEGER": "int32", "DOUBLE": "float64", "BOOLEAN": "bool"}


def write(store: Store, table: str, columns: dict[str, Any]) -> None:
    """Append columns to a lake table; what is not given is empty."""
    import arro3.core as arrow

    size = len(next(iter(columns.values())))
    kinds = {c.name: STORED_TYPES[c.type] for c in TABLES[table].columns}
    extra = {
        name: ("DOUBLE" if np.asarray(values).dtype.kind == "f" else "VARCHAR") for name, values in columns.items() if name not in kinds
    }
    whole: dict[str, Any] = {
        "row_id": arrow.Array([f"{table}-{i}" for i in range(size)], arrow.DataType.utf8()),
        "import_id": arrow.Array([1] * size, arrow.DataType.int64()),
        "sequence": arrow.Array(list(range(size)), arrow.DataType.int64()),
    }
    for name, kind in {**kinds, **extra}.items():
        plain = [_plain(value, kind) for value in columns[name]] if name in columns else [None] * size
        whole[name] = arrow.Array(plain, getattr(arrow.DataType, ARROW[kind])())
    store.append(table, arrow.Table.from_pydict(whole), 1)


def _plain(value: Any, kind: str) -> Any:
    if value is None or (isinstance(value, float) and np.isnan(value)):
        return None
    return str(value) if kind == "VARCHAR" else float(value) if kind == "DOUBLE" else int(value)


def simulated_workspace(root: Path, seed: int, planted: Any = "all", topics: bool = True, scale: float = 1.0) -> tuple[Store, Simulated]:
    """A workspace with a simulated startup; the true needs stand in for topics."""
    made = simulate(seed, scale, planted)
    store = Store.create(root)
    codes = {name: code for code, name in enumerate(made.actors["actor"])}
    write(store, "actor_codes", {"code": list(codes.values()), "id": list(codes)})
    for table, columns in made.tables().items():
        person = {"feedback": "author", "outcomes": "subject"}.get(table, "actor")
        columns = {name: values for name, values in columns.items() if name in TABLES[table].by_name}
        if person in columns:
            columns[person] = [codes[name] for name in columns[person]]
        write(store, table, columns)
    if topics:
        needs = [need if need not in (PRAISE, NEUTRAL) else None for need in made.needs]
        names = sorted({need for need in needs if need is not None})
        write(store, "topics", {"topic": names, "name_zh": [f"话题 {n}" for n in names], "name_en": names,
                                "num_texts": [needs.count(n) for n in names], "num_people": [needs.count(n) for n in names]})  # fmt: skip
        write(store, "points", {"feedback": [f"feedback-{i}" for i in range(len(needs))], "topic": needs})
    return store, made


def customers(root: Path, ids: list[str], outcome: list[str], attributes: dict[str, Any], task: str = "churn") -> Store:
    """A workspace with one table of customers and an undated outcome."""
    store = Store.create(root)
    code = list(range(len(ids)))
    write(store, "actor_codes", {"code": code, "id": ids})
    write(store, "actors", {"actor": code, **attributes})
    write(store, "outcomes", {"subject": code, "task": [task] * len(ids), "value": outcome})
    return store


def settings_of(**flags: Any) -> Settings:
    """Default settings with flags."""
    return load_settings(None, {}, {name.replace("__", "."): value for name, value in flags.items()})


def run_on(store: Store, settings: Settings | None = None) -> Run:
    """A run at the last instant of the data."""
    as_of = store.as_of()
    return Run(
        store=store,
        settings=settings or settings_of(),
        provider=None,
        as_of=as_of,
        now=(as_of or 1_700_000_000_000_000) + 1,
        seed=0,
        progress=lambda stage, done, total: None,
    )
