"""Monitor: has what comes in changed since training, and were the logged predictions right once the outcomes arrived?"""

from __future__ import annotations

import json
from typing import Any

import numpy as np
from pydantic import BaseModel, ConfigDict

from productloop.learning.columns import Columns
from productloop.learning.drift import ColumnDrift, bins_from, measure_drift
from productloop.loop.records import Release
from productloop.loop.serve import NUMBER_FIELDS, Live, current_subjects
from productloop.loop.store import Store


class Track(BaseModel):
    """How logged predictions of a task turned out."""

    model_config = ConfigDict(frozen=True)

    num_predictions: int
    num_known: int
    accuracy: float | None
    mean_probability: float | None
    """Mean probability given to what really happened."""


def drift(release: Release, current: Columns) -> list[ColumnDrift]:
    """Population stability index of each input against the bins kept at training, worst first; too few rows are said, not guessed."""
    found = measure_drift(bins_from([dict(entry) for entry in release.bins]), current) if release.bins else ()
    return sorted(found, key=lambda entry: -(entry.psi or 0.0))


def drifted_inputs(live: Live, store: Store, at: int) -> tuple[str, ...]:
    """Inputs of a live table model whose present values differ moderately or largely from its training, worst first."""
    keys = current_subjects(store, at)
    if len(keys) == 0 or not live.release.bins:
        return ()
    inputs, _ = live.task.inputs(store, keys, live.release.signature)
    return tuple(entry.name for entry in drift(live.release, inputs) if entry.verdict in ("moderate", "large"))


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
        if later and isinstance(given, dict) and set(given) != set(NUMBER_FIELDS):  # a number is no class
            hits.append((max(given, key=lambda name: float(given[name])) == later[0], float(given.get(later[0], 0.0))))
    return Track(
        num_predictions=len(logged),
        num_known=len(hits),
        accuracy=float(np.mean([hit for hit, _ in hits])) if hits else None,
        mean_probability=float(np.mean([p for _, p in hits])) if hits else None,
    )
