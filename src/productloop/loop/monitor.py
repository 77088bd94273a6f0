"""Monitor: has what comes in changed since training, and were the logged predictions right once the outcomes arrived?"""

from __future__ import annotations

import json
from typing import Any

import numpy as np
from pydantic import BaseModel, ConfigDict

from productloop.learning.columns import Columns
from productloop.learning.drift import shares_psi
from productloop.loop.records import Signature
from productloop.loop.store import Store

MIN_ROWS = 100
"""Fewer current rows than this: no statement about drift."""


class Drift(BaseModel):
    """Population stability index of one input. None = too few rows to say."""

    model_config = ConfigDict(frozen=True)

    column: str
    psi: float | None
    level: str
    """steady, watch or changed (thresholds .1 and .25), or unknown."""
    n: int


class Track(BaseModel):
    """How logged predictions of a task turned out."""

    model_config = ConfigDict(frozen=True)

    num_predictions: int
    num_known: int
    accuracy: float | None
    mean_probability: float | None
    """Mean probability given to what really happened."""


def drift(signature: Signature, current: Columns) -> list[Drift]:
    """PSI per input of the present rows against the bins kept at training, worst first."""
    found = []
    for index, column in enumerate(signature.columns):
        if not column.shares or column.kind not in ("number", "category"):
            continue
        values = current.values[:, index]
        num = len(values)
        present = values[np.isfinite(values)]
        if column.kind == "number":
            counts = np.bincount(np.searchsorted(column.edges, present, side="right"), minlength=len(column.edges) + 1)
        else:
            counts = np.bincount(np.minimum(present.astype(int), len(column.categories)), minlength=len(column.categories) + 1)[
                : len(column.categories)
            ]
        shares = np.array([*counts, num - len(present)], dtype=np.float64) / max(num, 1)
        psi = shares_psi(np.asarray(column.shares), shares) if num >= MIN_ROWS else None
        level = "unknown" if psi is None else "steady" if psi < 0.1 else "watch" if psi < 0.25 else "changed"
        found.append(Drift(column=column.name, psi=psi, level=level, n=num))
    return sorted(found, key=lambda entry: -(entry.psi or 0.0))


def track(store: Store, task: str) -> Track:
    """Join the prediction log with outcomes observed after each prediction."""
    logged = store.state.predictions(task)
    outcomes: dict[str, list[tuple[int, str]]] = {}
    query = "SELECT c.id, o.time, o.value FROM outcomes o JOIN actor_codes c ON c.code = o.subject WHERE o.task = ? AND o.time IS NOT NULL ORDER BY o.time"
    for subject, at, value in store.rows(query, [task]):
        outcomes.setdefault(str(subject), []).append((int(at), str(value)))
    hits: list[tuple[bool, float]] = []
    for row in logged:
        later = [value for at, value in outcomes.get(row["subject"], []) if at >= row["at"]]
        given: Any = json.loads(row["value"])
        if later and isinstance(given, dict):
            hits.append((max(given, key=given.get) == later[0], float(given.get(later[0], 0.0))))
    return Track(
        num_predictions=len(logged),
        num_known=len(hits),
        accuracy=float(np.mean([hit for hit, _ in hits])) if hits else None,
        mean_probability=float(np.mean([p for _, p in hits])) if hits else None,
    )
