"""What every next-item model shares: scoring in chunks, the top of the list, and saving without pickle.

A model scores every item of its catalogue (the item codes it was fitted on) for every actor. Items that are newer than the training have no
column and count for nothing in a history; actors are never looked up by code, only by what they did, so that a new user is served from the
first click without training again.
Files: `arrays.npz` (read with allow_pickle=False) and `model.json` (settings and facts).
"""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np
import numpy.typing as npt

from productloop.foundation.errors import DataProblem
from productloop.learning.history import NO_ITEM, Float32, History, Int32
from productloop.learning.history_wording import MODEL_FILES_MALFORMED

CHUNK_CELLS = 4_000_000
"""Scores held at once (float32: 16 MB), whatever the number of items."""

Facts = dict[str, int | float | bool | None]


class NextItemModel(ABC):
    """Fit on histories, score all items, save to a folder. Subclasses give `fit`, `score`, `state` and `restore`."""

    name: ClassVar[str]
    num_items: int = 0
    """Columns of the scores; 0 before `fit`."""

    @abstractmethod
    def fit(self, inputs: History, outcomes: npt.NDArray[Any] | None, weight: npt.NDArray[Any] | None, seed: int) -> None:
        """Learn from the whole history given. `outcomes` and `weight` are None: a model that needs outcomes holds items out itself."""

    @abstractmethod
    def score(self, inputs: History) -> Float32:
        """Scores (n, num_items) of one chunk, higher = sooner; comparable within one row only."""

    @abstractmethod
    def state(self) -> tuple[Mapping[str, npt.NDArray[Any]], Mapping[str, Any]]:
        """(arrays, JSON values) from which `restore` makes the same model."""

    @abstractmethod
    def restore(self, arrays: Mapping[str, npt.NDArray[Any]], values: Mapping[str, Any]) -> None:
        """Take back what `state` gave."""

    def facts(self) -> Facts:
        """What a Card should say about this fit: sizes, chosen settings, what was left out."""
        return {"num_items": self.num_items}

    def predict(self, inputs: History) -> npt.NDArray[np.float64]:
        """Scores (n, num_items), computed in chunks; `predict_top` never holds them all."""
        scores = np.empty((inputs.num_actors, self.num_items), dtype=np.float64)
        for start, chunk in chunks(inputs, self.num_items):
            scores[start : start + chunk.num_actors] = self.score(chunk)
        return scores

    def predict_top(self, inputs: History, k: int, exclude_seen: bool = True) -> tuple[Int32, Float32]:
        """The best k items of each actor and their scores, both (n, k), best first; ties in order of item code.

        Where fewer than k items are left the rest is `NO_ITEM` with score -inf. `exclude_seen` drops what is in the history given.
        """
        items = np.full((inputs.num_actors, k), NO_ITEM, dtype=np.int32)
        scores = np.full((inputs.num_actors, k), -np.inf, dtype=np.float32)
        for start, chunk in chunks(inputs, self.num_items):
            chunk_scores = self.score(chunk)
            if exclude_seen:
                mask_seen(chunk_scores, chunk)
            rows = slice(start, start + chunk.num_actors)
            items[rows], scores[rows] = top_items(chunk_scores, k)
        return items, scores

    def save(self, folder: Path) -> None:
        """Write `arrays.npz` and `model.json` into `folder`; the same model gives the same bytes."""
        folder.mkdir(parents=True, exist_ok=True)
        arrays, values = self.state()
        np.savez(folder / "arrays.npz", allow_pickle=False, **dict(arrays))
        text = json.dumps({"format": _format(self.name), "num_items": self.num_items, **values}, indent=1, sort_keys=True, allow_nan=False)
        (folder / "model.json").write_text(text + "\n", encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read what `save` wrote. Errors: DataProblem `model_files_malformed` for another model or format."""
        values = json.loads((folder / "model.json").read_text(encoding="utf-8"))
        if values.get("format") != _format(cls.name):
            raise DataProblem(MODEL_FILES_MALFORMED, folder=folder.name, found=str(values.get("format")), expected=_format(cls.name))
        model = cls()
        model.num_items = int(values["num_items"])
        with np.load(folder / "arrays.npz", allow_pickle=False) as arrays:
            model.restore({name: arrays[name] for name in arrays.files}, values)
        return model


def chunks(inputs: History, num_items: int) -> Iterator[tuple[int, History]]:
    """(first actor, their histories) in pieces of at most `CHUNK_CELLS` scores."""
    size = max(1, CHUNK_CELLS // max(num_items, 1))
    for start in range(0, inputs.num_actors, size):
        yield start, inputs.between(start, start + size)


def mask_seen(scores: Float32, inputs: History) -> None:
    """Set the scores (n, num_items) of items in each actor's history to -inf, in place."""
    known = inputs.items < scores.shape[1]
    scores[inputs.actor_of_row[known], inputs.items[known]] = -np.inf


def top_items(scores: Float32, k: int) -> tuple[Int32, Float32]:
    """The k highest finite scores of each row: (items, scores), both (n, k); equal scores in order of item code."""
    num_rows, num_items = scores.shape
    items = np.full((num_rows, k), NO_ITEM, dtype=np.int32)
    best = np.full((num_rows, k), -np.inf, dtype=np.float32)
    size = min(k, num_items)
    if size == 0 or num_rows == 0:
        return items, best
    # the k-th score is a threshold; everything above or equal is sorted, so that ties at the border fall by item code too
    threshold = np.partition(scores, num_items - size, axis=1)[:, num_items - size]
    for row in range(num_rows):
        candidates = np.flatnonzero((scores[row] >= threshold[row]) & (scores[row] > -np.inf))
        chosen = candidates[np.argsort(-scores[row, candidates], kind="stable")[:size]]
        items[row, : len(chosen)] = chosen
        best[row, : len(chosen)] = scores[row, chosen]
    return items, best


def _format(name: str) -> str:
    return f"productloop.next-item.{name}/1"
