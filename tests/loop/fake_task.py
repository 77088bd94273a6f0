"""A small task with the real recipes over a workspace made by importing small CSV files: who leaves, from two planted signals."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from productloop.foundation.settings import Settings, load_settings
from productloop.foundation.wording import Text
from productloop.learning.constant import CONSTANT
from productloop.learning.model import Recipe
from productloop.learning.selection import SELECTION
from productloop.loop.action import Run
from productloop.loop.features import DAY_US, describe, encode, raw_columns, row_columns
from productloop.loop.importing import Imported, ImportRequest, import_path
from productloop.loop.records import Keys, Outcomes, Signature
from productloop.loop.store import Store
from productloop.loop.task import Task

SETTINGS = load_settings(None, {})
NOW = 1_790_000_000_000_000
CLASSES = ("No", "Yes")


def silent(_stage: str, _done: int, _total: int) -> None:
    pass


def write_people(path: Path, num: int, *, first: int = 0, start: str = "2026-01-01", seed: int = 0, signal: bool = True) -> Path:
    """`num` people, one a day from `start`; few visits and the colour red make leaving likely unless `signal` is False."""
    random = np.random.default_rng(seed + first)
    lines = ["user_id,signup_date,visits,colour,Churn"]
    for index in range(num):
        visits, colour = random.uniform(0, 10), random.choice(["red", "green", "blue"])
        odds = 4.0 * (visits < 4) + 2.0 * (colour == "red") - 2.6 if signal else -0.5
        left = random.uniform() < 1 / (1 + np.exp(-odds))
        day = date.fromisoformat(start) + timedelta(days=index)
        lines.append(f"u{first + index:04d},{day.isoformat()},{visits:.3f},{colour},{'Yes' if left else 'No'}")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def bring(store: Store, path: Path, **more: Any) -> list[Imported]:
    """Import one file."""
    return import_path(store, SETTINGS, ImportRequest(path, **more), NOW, silent)


def bring_people(store: Store, path: Path) -> list[Imported]:
    """Import a file of `write_people` with its outcome."""
    return bring(store, path, table="actors", outcome="Churn=Yes")


def keys(store: Store, as_of: int | None) -> Keys:
    """Everybody one day after signing up."""
    found = store.columns("SELECT actor, first_seen FROM actors ORDER BY actor")
    at = found["first_seen"].astype(np.int64) + DAY_US
    names = store.source_ids(found["actor"])
    everybody = Keys(found["actor"].astype(np.int32), at, np.array([names[int(code)] for code in found["actor"]], dtype=object))
    return everybody if as_of is None else everybody.take(at <= as_of)


def inputs(store: Store, asked: Keys, signature: Signature | None) -> tuple[Any, Signature]:
    """Attributes known at each moment."""
    raw = raw_columns(store, asked, leave_out=("days_since_sign_up",))
    used = describe(raw) if signature is None else signature
    return encode(raw, used, len(asked)), used


def outcomes(store: Store, asked: Keys, _as_of: int | None) -> Outcomes:
    """What the outcome column said."""
    said = dict(store.rows("SELECT subject, value FROM outcomes WHERE task = 'churn'"))
    value = np.array([CLASSES.index(said[int(code)]) if int(code) in said else -1 for code in asked.code], dtype=np.int64)
    return Outcomes(value, asked.at, np.ones(len(asked)))


def make_task(*recipes: Recipe, name: str = "churn", template: str = "risk.outcome", min_rows: int = 30) -> Task:
    """The task with these recipes; the first is the baseline."""
    return Task(
        name=name,
        template=template,
        kind="classes",
        title=Text("流失", "churn"),
        keys=keys,
        inputs=inputs,
        outcomes=outcomes,
        recipes=recipes or (CONSTANT, SELECTION),
        metric="log_loss",
        reads=("actors", "outcomes"),
        classes=CLASSES,
        min_rows=min_rows,
        row_input=lambda _store, row, signature: encode(row_columns(row, signature), signature, 1),
    )


def make_run(store: Store, settings: Settings = SETTINGS, now: int = NOW, progress: Any = silent) -> Run:
    """A run over the whole store."""
    return Run(store, settings, None, None, now, 0, progress)
