"""Workspaces with feedback, written straight into the lake, and runs of `analyse` on them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import arro3.core as arrow
import numpy as np

from productloop.apps.needs.actions import ANALYSE
from productloop.apps.needs.types import AnalyseReport, AnalyseRequest
from productloop.foundation.settings import load_settings
from productloop.loop.action import Run, perform
from productloop.loop.simulation import Simulated
from productloop.loop.store import Store

NOW = 1_800_000_000_000_000
KINDS = {"rating": "float64", "time": "int64", "author": "int32", "actor": "int32", "import_id": "int64", "sequence": "int64"}


def feedback_workspace(folder: Path, columns: dict[str, Sequence[Any]]) -> Store:
    """A workspace with these rows of feedback; `author` holds the source's own ids."""
    store = Store.create(folder)
    size = len(columns["text"])
    columns = {"row_id": [f"r{row:06d}" for row in range(size)], "import_id": [1] * size, "sequence": range(size), **columns}
    if "author" in columns:
        ids = sorted({str(name) for name in columns["author"] if name is not None})
        code = {name: number for number, name in enumerate(ids)}
        columns["author"] = [None if name is None else code[str(name)] for name in columns["author"]]
        codes = {
            "row_id": [f"code-{n}" for n in range(len(ids))],
            "import_id": [1] * len(ids),
            "sequence": range(len(ids)),
            "code": range(len(ids)),
            "id": ids,
        }
        with store.writing():
            store.append("actor_codes", table(codes | {}), 1)
    with store.writing():
        store.append("feedback", table(columns), 1)
    return store


def table(columns: dict[str, Sequence[Any]]) -> Any:
    """Columns as an Arrow table; None and NaN are missing."""
    kinds = {**KINDS, "code": "int64"}
    arrays = {}
    for name, values in columns.items():
        kind = getattr(arrow.DataType, kinds.get(name, "utf8"))()
        arrays[name] = arrow.Array([None if v is None or v != v else (v.item() if isinstance(v, np.generic) else v) for v in values], kind)
    return arrow.Table.from_pydict(arrays)


def simulated_workspace(folder: Path, simulated: Simulated) -> Store:
    """The feedback of a simulated startup."""
    feedback = simulated.feedback
    names = ("text", "time", "rating", "author", "version", "channel")
    return feedback_workspace(folder, {"row_id": list(feedback["id"]), **{name: list(feedback[name]) for name in names}})


def make_run(store: Store, **settings: Any) -> Run:
    """A run of everything, as the command line would make it."""
    return Run(store, load_settings(None, {}, settings), None, store.as_of(), NOW, 0, lambda stage, done, total: None)


def analyse(store: Store, request: AnalyseRequest | None = None, **settings: Any) -> AnalyseReport:
    """The report, with its writes made."""
    report = perform("needs.analyse", ANALYSE, request or AnalyseRequest(), make_run(store, **settings))
    assert isinstance(report, AnalyseReport)
    return report
