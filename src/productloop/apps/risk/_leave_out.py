"""Columns that a task is told to leave out: `leave_out = ["refund_reason"]` under [tasks.NAME]. A live model keeps what it learned from.

`protected = ["sex"]` leaves a column out as well, and keeps it for the audit: whom the model treats differently can still be asked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from productloop.apps.risk import wording
from productloop.foundation.errors import UsageError
from productloop.foundation.tables import fold_header
from productloop.learning.columns import Columns
from productloop.loop.features import date_part
from productloop.loop.records import InputColumn, Keys, Signature
from productloop.loop.store import Store
from productloop.loop.task import Task


def leave_out_option(name: str, options: Mapping[str, Any]) -> tuple[str, ...]:
    """The columns named, those of `protected` among them. Raises UsageError for anything but a list of names."""
    found: list[str] = []
    for option in ("leave_out", "protected"):
        value = options.get(option, [])
        names = [value] if isinstance(value, str) else value
        if not isinstance(names, list | tuple) or not all(isinstance(one, str) and one.strip() for one in names):
            raise UsageError(wording.OPTION_UNREADABLE, task=name, option=option, value=str(value), expected='["COLUMN", "COLUMN"]')
        found += names
    return tuple(dict.fromkeys(found))


def leaving_out(task: Task, names: tuple[str, ...]) -> Task:
    """The same task, learned without these columns; a date goes with all its parts, and spelling counts as in headers."""
    if not names:
        return task
    hidden = frozenset(fold_header(name) for name in names)
    inner = task.inputs

    def inputs(store: Store, keys: Keys, signature: Signature | None) -> tuple[Any, Signature]:
        columns, used = inner(store, keys, signature)
        return (columns, used) if signature is not None else _without(columns, used, hidden)

    return replace(task, inputs=inputs, options={**dict(task.options or {}), "leave_out": list(names)})


def written_name(column: InputColumn) -> str:
    """What a person writes for an input: its own name, or that of the date it is a part of."""
    dated = date_part(column)
    return column.name if dated is None else dated[0]


def _without(columns: Columns, signature: Signature, hidden: frozenset[str]) -> tuple[Columns, Signature]:
    kept = [place for place, column in enumerate(signature.columns) if fold_header(written_name(column)) not in hidden]
    parts = (columns.names, columns.kinds, columns.num_categories)
    names, kinds, sizes = (tuple(part[place] for place in kept) for part in parts)
    narrowed = Columns(np.ascontiguousarray(columns.values[:, kept]), names, kinds, sizes)  # type: ignore[arg-type]
    columns_kept = tuple(signature.columns[place] for place in kept)
    return narrowed, Signature(columns=columns_kept, classes=signature.classes, encoder=signature.encoder)
