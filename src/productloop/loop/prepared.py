"""Prepared: the inputs of everybody who may be asked about, computed in one go and kept, so that a person looked up by id costs a look
into a dictionary instead of ten queries. The same function as for batches makes them (`Task.inputs`), so they are the same numbers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from productloop.learning.columns import Columns
from productloop.loop.serve import Live, current_subjects
from productloop.loop.store import Store

MAX_PEOPLE = 50_000
"""More people take too long and too much memory to be kept for single questions: they are looked up one by one."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """The inputs of people at one moment (`at`, microseconds UTC). `rows`: the source's own id -> its row."""

    at: int
    inputs: Columns
    rows: Mapping[str, int]

    def of(self, subject: str) -> Columns | None:
        """The inputs of one person; None for somebody who is not here."""
        row = self.rows.get(subject)
        return None if row is None else self.inputs.take(np.array([row]))


def is_tabular(live: Live) -> bool:
    """Whether a row of given inputs is a few numbers and categories: no text to encode, no history to read."""
    return live.task.row_input is not None and all(column.kind in ("number", "category") for column in live.release.signature.columns)


def prepare(live: Live, store: Store, at: int) -> Prepared | None:
    """Everybody's inputs at `at` (microseconds UTC); None for a task of texts or rankings, for nobody, and for too many."""
    keys = current_subjects(store, at) if is_tabular(live) else None
    if keys is None or not 0 < len(keys) <= MAX_PEOPLE:
        return None
    inputs, _ = live.task.inputs(store, keys, live.release.signature)
    places = {code: row for row, code in enumerate(keys.code.tolist())}
    merged = dict(store.state.merges())
    named = ((str(name), places.get(merged.get(code, code))) for name, code in store.rows("SELECT id, code FROM actor_codes"))
    return Prepared(at, inputs, {name: row for name, row in named if row is not None})
