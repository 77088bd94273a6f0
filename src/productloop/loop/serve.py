"""Serve: answers of live releases, in batches to the lake (`scores`) and one at a time over HTTP with a prediction log.

Online predictions go through one writer thread that commits every 200 ms or 500 rows: a kill may lose those last 200 ms, nothing else.
"""

from __future__ import annotations

import hashlib
import json
import queue
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from productloop.foundation.errors import UsageError, WorkspaceProblem
from productloop.learning.model import Model
from productloop.loop import wording
from productloop.loop.records import Keys, Prediction, Release, Signature
from productloop.loop.release import load_release
from productloop.loop.store import Store
from productloop.loop.task import Task

COMMIT_SECONDS = 0.2
COMMIT_ROWS = 500
NUMBER_FIELDS = ("value", "low", "high")
"""Of an online answer that is a number; nine times in ten it lies between the last two."""
TOP_ITEMS = 10
"""Items in an online answer of a ranking task: unseen ones, best first."""


@dataclass(frozen=True, slots=True)
class Live:
    """A live release in memory."""

    task: Task
    release: Release
    model: Model


def open_live(store: Store, task: Task) -> Live:
    """The live release of a task; UsageError when there is none."""
    live = store.state.live(task.name)
    if live is None:
        raise UsageError(wording.NOTHING_LIVE, task=task.name)
    release, model = load_release(store, task, live)
    return Live(task, release, model)


def predict_keys(live: Live, store: Store, keys: Keys) -> NDArray[np.float64]:
    """(n, classes) probabilities, (n,) numbers or (n, items) scores for keys of the store."""
    inputs, _ = live.task.inputs(store, keys, live.release.signature)
    return live.model.predict(inputs)


def predict_row(live: Live, store: Store, row: Mapping[str, Any], at: int) -> tuple[Any, str, str]:
    """(value, subject, input hash) for one row given by a caller: {"subject": id} looks the person up, other fields are inputs.

    The value is {class: probability} for classes, {"value", "low", "high"} for a number (None: beyond what the data reach) and the best
    unseen items with their scores for a ranking.
    """
    return value_of(live, row_inputs(live, store, row, at)), str(row.get("subject", "")), row_digest(row)


def row_inputs(live: Live, store: Store, row: Mapping[str, Any], at: int) -> Any:
    """The inputs of one row given by a caller, as the model takes them."""
    given = {name: value for name, value in row.items() if name != "subject"}
    if live.task.row_input is not None and given:
        return live.task.row_input(store, row, live.release.signature)
    inputs, _ = live.task.inputs(store, keys_of(store, str(row.get("subject", "")), at), live.release.signature)
    return inputs


def row_digest(row: Mapping[str, Any]) -> str:
    """Hash of what a caller gave."""
    return hashlib.sha256(json.dumps(row, sort_keys=True, default=str, ensure_ascii=False).encode()).hexdigest()


def value_of(live: Live, inputs: Any) -> Any:
    """The answer for the inputs of one row; see `predict_row`."""
    if live.task.kind == "ranking":
        items, scores = live.model.predict_top(inputs, TOP_ITEMS)  # type: ignore[attr-defined]
        names = live.release.signature.columns[0].categories
        return [{"item": names[i], "score": round(float(s), 6)} for i, s in zip(items[0], scores[0], strict=True) if i >= 0]
    if live.task.kind == "number":
        numbers = (*live.model.predict(inputs)[:1], *live.model.ranges(inputs)[0])  # type: ignore[attr-defined]
        found = (round(float(one), 6) if np.isfinite(one) else None for one in numbers)
        return dict(zip(NUMBER_FIELDS, found, strict=True))
    answer = live.model.predict(inputs)[0]
    classes = live.release.signature.classes
    return {name: round(float(p), 6) for name, p in zip(classes, answer, strict=False)} if classes else [float(x) for x in answer]


def keys_of(store: Store, subject: str, at: int) -> Keys:
    """The key of one person by the source's own id; UsageError when nobody is called that."""
    code = store.code_of(subject)
    if code is None:
        raise UsageError(wording.SUBJECT_UNKNOWN, subject=subject)
    return Keys(np.array([code], dtype=np.int32), np.array([at], dtype=np.int64), np.array([subject], dtype=object))


class PredictionLog:
    """One writer thread for online predictions. `close` writes what is left."""

    def __init__(self, store: Store) -> None:
        self._state = store.state
        self._queue: queue.SimpleQueue[dict[str, Any] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="prediction-log", daemon=True)
        self.failed: str | None = None
        self._thread.start()

    def add(self, prediction: Prediction, input_hash: str) -> None:
        """Queue one prediction."""
        row = prediction.model_dump(exclude={"value"}) | {
            "value": json.dumps(prediction.value, ensure_ascii=False),
            "input_hash": input_hash,
        }
        self._queue.put(row)

    def close(self) -> None:
        """Write what is left and stop."""
        self._queue.put(None)
        self._thread.join(timeout=10)

    def _work(self) -> None:
        waiting: list[dict[str, Any]] = []
        ended = False
        deadline = 0.0
        while not ended or waiting:
            try:
                row = self._queue.get(timeout=COMMIT_SECONDS)
                if row is None:
                    ended = True
                else:
                    deadline = deadline if waiting else time.monotonic() + COMMIT_SECONDS
                    waiting.append(row)
            except queue.Empty:
                pass
            if waiting and (ended or len(waiting) >= COMMIT_ROWS or time.monotonic() >= deadline):
                try:
                    self._state.add_predictions(waiting)
                    self.failed = None
                except WorkspaceProblem as problem:
                    self.failed = str(problem)
                waiting = []


def score_all(live: Live, store: Store, at: int, progress: Any, import_id: int = 0) -> int:
    """Batch scores of every current subject into the lake table `scores`; returns how many. Replaces the earlier scores of the same task.

    `value` is the probability of the classes that count (of two: the second), or the number; empty where it is beyond what the data reach.
    """
    import arro3.core as arrow

    keys = current_subjects(store, at)
    progress("score", 0, 1)
    if len(keys) == 0 or live.task.kind == "ranking":
        return 0
    values = score_values(live.task, live.release.signature, predict_keys(live, store, keys))
    table = arrow.Table.from_pydict(
        {
            "row_id": arrow.Array([f"{live.release.id}:{code}" for code in keys.code], arrow.DataType.utf8()),
            "import_id": arrow.Array.from_numpy(np.full(len(keys), import_id, dtype=np.int64)),
            "sequence": arrow.Array.from_numpy(np.arange(len(keys), dtype=np.int64)),
            "task": arrow.Array([live.task.name] * len(keys), arrow.DataType.utf8()),
            "release": arrow.Array([live.release.id] * len(keys), arrow.DataType.utf8()),
            "subject": arrow.Array.from_numpy(keys.code.astype(np.int32)),
            "time": arrow.Array.from_numpy(np.full(len(keys), at, dtype=np.int64)),
            "value": arrow.Array([float(v) if np.isfinite(v) else None for v in values], arrow.DataType.float64()),
        }
    )
    with store.writing():
        name = live.task.name.replace("'", "''")  # people name tasks as they like
        store.delete_rows("scores", f"task = '{name}'")
        store.append("scores", table, import_id)
    return len(keys)


def score_values(task: Task, signature: Signature, predicted: NDArray[np.float64]) -> NDArray[np.float64]:
    """(n,) one number a row: the number itself, or the probability of all classes that count."""
    if predicted.ndim == 1:
        return predicted
    classes = signature.classes
    if not task.counted or not classes:
        return np.asarray(predicted[:, -1], dtype=np.float64)
    names = {task.classes[code] for code in task.counted}
    places = [place for place, name in enumerate(classes) if name in names and place < predicted.shape[1]]
    return np.asarray(predicted[:, places].sum(axis=1), dtype=np.float64)


def current_subjects(store: Store, at: int) -> Keys:
    """Everyone in `actors`, else everyone with events or orders, at one moment."""
    query = "SELECT DISTINCT actor FROM actors" if store.count("actors") else "SELECT actor FROM events UNION SELECT actor FROM orders"
    codes = np.sort(store.columns(f"SELECT actor FROM ({query}) WHERE actor IS NOT NULL")["actor"].astype(np.int32))
    names = store.source_ids(codes)
    return Keys(codes, np.full(len(codes), at, dtype=np.int64), np.array([names.get(int(code), str(code)) for code in codes], dtype=object))
