"""What a running server keeps in memory: opened stores, the live models, the prediction log and the thread that drains the inbox.

Two stores: `store` for rows that change one by one and for writing, and one for reading that is opened anew when the lake changed,
whoever changed it (our own drain, a job, a shell command). `reading()` gives it to one thread at a time.
"""

from __future__ import annotations

import gc
import secrets
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy.exc import DBAPIError

from productloop.foundation.errors import UsageError, WorkspaceProblem
from productloop.foundation.settings import load_settings
from productloop.foundation.tables import TABLES
from productloop.interfaces.registry import tasks_of
from productloop.interfaces.session import clock
from productloop.loop import wording as loop_wording
from productloop.loop.arrivals import drain
from productloop.loop.records import Prediction
from productloop.loop.rows import open_vault
from productloop.loop.serve import Live, PredictionLog, open_live, predict_row
from productloop.loop.store import SETTINGS_FILE, Store

DRAIN_SECONDS = 1.0
AT_ONCE = 16
"""Rows answered without a thread of their own: they take less time than the change of thread."""
Commits = tuple[int, ...]
"""When each table of the lake last got a commit: cheap to ask, and changes whenever what readers should see does."""


class Serving:
    """Shared by all requests of one server."""

    def __init__(self, root: Path, environment: Mapping[str, str], flags: Mapping[str, Any]) -> None:
        self.root = root
        self.settings = load_settings(root / SETTINGS_FILE, environment, flags)
        self.store = Store(root)
        self._folders = [self.store.lake_path(name) / "_delta_log" for name in TABLES]
        self._pointer_files = [self.store.home / name for name in ("state.db", "state.db-wal")]
        self._pointers: dict[str, Commits] = {}
        self._seen = self._commits()
        self._view = Store(root)
        self._live: dict[str, Live] = {}
        self._reading = threading.RLock()
        self._looking = threading.Lock()
        self.receiving = threading.Lock()
        """Held while rows are received: the same row may arrive in two requests at once."""
        self.log = PredictionLog(self.store)
        self.failed: str | None = None
        """Why rows that arrived could not be moved to the lake, if so; they stay safe in `state.db`."""
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._work, name="inbox", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop the threads, write what is left."""
        self._ended.set()
        self._thread.join(timeout=5)
        self.log.close()
        with self._reading:
            self._view.close()
        self.store.close()

    @contextmanager
    def reading(self) -> Iterator[Store]:
        """The store as of the last second, for one thread at a time."""
        with self._reading:
            yield self._view

    def keep_details(self, details: Sequence[tuple[str, str, str]]) -> None:
        """Keep (pseudonym, kind, value) of contact details that were taken out of posted rows, encrypted."""
        if details:
            vault = open_vault(self.store, self.settings)
            vault.put_many((*detail, "http") for detail in dict.fromkeys(details))
            vault.close()

    def _commits(self) -> Commits:
        return _changed_at(self._folders)

    def _work(self) -> None:
        while not self._ended.wait(DRAIN_SECONDS):
            try:
                drain(self.store, clock())
                self._look_again()
                self.failed = None
            except WorkspaceProblem as problem:  # another program is writing, or the disk is full: the rows go in next time
                self.failed = problem.code
            except (OSError, DBAPIError) as error:
                self.failed = type(error).__name__

    def _look_again(self) -> None:
        """See what was committed since, by whomever; a look at a few folders where nothing was."""
        with self._looking:
            commits = self._commits()
            if commits == self._seen:
                return
            fresh = Store(self.root)
            with self._reading:
                old, self._view = self._view, fresh
                old.close()
            self._seen = commits

    def live(self, task_name: str) -> Live:
        """The live release of a task, loaded anew when the pointer moved; the pointer is looked at when `state.db` was written to."""
        held = self._live.get(task_name)
        if held is not None and self._is_current(held):
            return held
        with self.reading() as store:
            held, pointers = self._live.get(task_name), _changed_at(self._pointer_files)
            if held is None or held.release.id != store.state.live(task_name):  # another request may have loaded it meanwhile
                tasks = {task.name: task for task in tasks_of(store, self.settings)}
                if task_name not in tasks:
                    raise UsageError(loop_wording.TASK_UNKNOWN, task=task_name, known=", ".join(sorted(tasks)) or "–")
                held = self._live[task_name] = open_live(store, tasks[task_name])
                gc.collect()
                gc.freeze()  # libraries and model stay: looking through them again and again would stop all answers for a tenth of a second
            self._pointers[task_name] = pointers
        return held

    def _is_current(self, held: Live) -> bool:
        pointers = _changed_at(self._pointer_files)
        if self._pointers.get(held.task.name) == pointers:
            return True
        if held.release.id != self.store.state.live(held.task.name):
            return False
        self._pointers[held.task.name] = pointers
        return True

    def predict_at_once(self, task_name: str, rows: Sequence[Mapping[str, Any]]) -> list[Prediction] | None:
        """Answers for a few rows of given inputs of a table, in well under a millisecond each; None where people have to be looked up,
        the model is not in memory or its inputs take longer (texts): then `predict` in a thread.
        """
        held = self._live.get(task_name)
        if held is None or held.task.row_input is None or len(rows) > AT_ONCE or not all(row and "subject" not in row for row in rows):
            return None
        if not self._is_current(held):
            return None
        if any(column.kind not in ("number", "category") for column in held.release.signature.columns):
            return None
        return self._logged([_answer(task_name, held, self._view, row) for row in rows])

    def predict(self, task_name: str, rows: Sequence[Mapping[str, Any]]) -> list[Prediction]:
        """Answers of the live model, logged once all of them are known. People imported a moment ago are known."""
        self._look_again()
        live = self.live(task_name)
        answers = []
        for row in rows:
            with self.reading() as store:
                answers.append(_answer(task_name, live, store, row))
        return self._logged(answers)

    def _logged(self, answers: Sequence[tuple[Prediction, str]]) -> list[Prediction]:
        for answer, digest in answers:
            self.log.add(answer, digest)
        return [answer for answer, _ in answers]


def _answer(task_name: str, live: Live, store: Store, row: Mapping[str, Any]) -> tuple[Prediction, str]:
    started, at = time.perf_counter(), clock()
    value, subject, digest = predict_row(live, store, row, at)
    milliseconds = round(1000 * (time.perf_counter() - started), 3)
    answer = Prediction(
        id=secrets.token_hex(10),
        task=task_name,
        release=live.release.id,
        subject=subject,
        value=value,
        latency_ms=milliseconds,
        at=at,
    )
    return answer, digest


def _changed_at(paths: Sequence[Path]) -> Commits:
    """When each file or folder was last written to, 0 where there is none."""
    found = []
    for path in paths:
        try:
            found.append(path.stat().st_mtime_ns)
        except OSError:
            found.append(0)
    return tuple(found)
