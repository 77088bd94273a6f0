"""What a running server keeps in memory: an opened store, the live models, the prediction log and the thread that drains the inbox."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from productloop.foundation.errors import UsageError, WorkspaceProblem
from productloop.foundation.settings import load_settings
from productloop.interfaces.registry import tasks_of
from productloop.interfaces.session import clock
from productloop.loop import wording as loop_wording
from productloop.loop.arrivals import drain
from productloop.loop.records import Prediction
from productloop.loop.serve import Live, PredictionLog, open_live, predict_row
from productloop.loop.store import SETTINGS_FILE, Store

DRAIN_SECONDS = 1.0


class Serving:
    """Shared by all requests of one server. Readers take `store()` anew for each request: it changes when data arrives."""

    def __init__(self, root: Path, environment: Mapping[str, str], flags: Mapping[str, Any]) -> None:
        self.root = root
        self.settings = load_settings(root / SETTINGS_FILE, environment, flags)
        self._store = Store(root)
        self._live: dict[str, Live] = {}
        self._lock = threading.RLock()
        self.log = PredictionLog(self._store)
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._drain_for_ever, name="inbox", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop the threads, write what is left."""
        self._ended.set()
        self._thread.join(timeout=5)
        self.log.close()
        self._store.close()

    @property
    def store(self) -> Store:
        """The store as of the last drain."""
        return self._store

    def refresh(self) -> None:
        """See what other processes committed."""
        with self._lock:
            self._store = Store(self.root)

    def _drain_for_ever(self) -> None:
        while not self._ended.wait(DRAIN_SECONDS):
            try:
                if drain(self._store, clock()):
                    self.refresh()
            except WorkspaceProblem:
                continue  # another program is writing: the rows are safe in state.db and go in next time

    def live(self, task_name: str) -> Live:
        """The live release of a task, loaded anew when the pointer moved."""
        with self._lock:
            current = self._store.state.live(task_name)
            held = self._live.get(task_name)
            if held is None or held.release.id != current:
                task = next((task for task in tasks_of(self._store, self.settings) if task.name == task_name), None)
                if task is None:
                    known = ", ".join(sorted({task.name for task in tasks_of(self._store, self.settings)}))
                    raise UsageError(loop_wording.TASK_UNKNOWN, task=task_name, known=known or "-")
                held = self._live[task_name] = open_live(self._store, task)
            return held

    def predict(self, task_name: str, rows: list[Mapping[str, Any]]) -> list[Prediction]:
        """Answers of the live model, logged."""
        live = self.live(task_name)
        answers = []
        for row in rows:
            started, at = time.perf_counter(), clock()
            with self._lock:
                value, subject, digest = predict_row(live, self._store, row, at)
            milliseconds = 1000 * (time.perf_counter() - started)
            answer = Prediction(
                id=secrets.token_hex(10), task=task_name, release=live.release.id, subject=subject, value=value, latency_ms=milliseconds, at=at
            )
            self.log.add(answer, digest)
            answers.append(answer)
        return answers
