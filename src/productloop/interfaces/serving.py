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
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy.exc import DBAPIError

from productloop.foundation.errors import UsageError, WorkspaceProblem
from productloop.foundation.settings import load_settings
from productloop.foundation.tables import TABLES
from productloop.interfaces.lookups import Lookups
from productloop.interfaces.registry import tasks_of
from productloop.interfaces.session import clock
from productloop.loop import wording as loop_wording
from productloop.loop.arrivals import drain
from productloop.loop.prepared import is_tabular
from productloop.loop.records import Prediction, RowReason
from productloop.loop.rows import open_vault
from productloop.loop.serve import Live, PredictionLog, open_live, row_digest, row_inputs, value_of
from productloop.loop.store import SETTINGS_FILE, Store

DRAIN_SECONDS = 1.0
AT_ONCE = 16
"""Rows answered without a thread of their own: they take less time than the change of thread."""
Commits = tuple[int, ...]
"""When each table of the lake last got a commit: cheap to ask, and changes whenever what readers should see does."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer. `as_of`: until when the data reach in which a person was looked up, microseconds UTC; `reasons`: None where not asked
    for, or where the live model gives none.
    """

    prediction: Prediction
    as_of: int | None
    reasons: tuple[RowReason, ...] | None


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
        self._lookups = Lookups()
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

    def predict_at_once(self, task_name: str, rows: Sequence[Mapping[str, Any]], num_reasons: int = 0) -> list[Answer] | None:
        """Answers for a few rows of a table, in well under a millisecond each: given inputs, or people whose inputs stand ready. None where
        something has to be looked up or prepared first, the model is not in memory or its inputs take longer (texts): then `predict` in a
        thread.
        """
        held, view = self._live.get(task_name), self._view
        if held is None or len(rows) > AT_ONCE or not is_tabular(held) or not self._is_current(held):
            return None
        explainer = self._lookups.explainer_ready(held, view) if num_reasons else None
        if num_reasons and explainer is None:
            return None
        asks_for_people = any("subject" in row for row in rows)
        people = self._lookups.ready(held, view) if asks_for_people and self._commits() == self._seen else None
        answers = []
        for row in rows:
            inputs, started = None, time.perf_counter()
            if set(row) == {"subject"} and people is not None:
                inputs = people.of(str(row["subject"]))
            elif row and "subject" not in row:
                inputs = row_inputs(held, view, row, 0)
            if inputs is None:
                return None
            as_of = people.at if people is not None and "subject" in row else None
            reasons = None if explainer is None else explainer(inputs, num_reasons)
            answers.append(_answered(held, row, value_of(held, inputs), as_of, reasons, started))
        return self._logged(answers)

    def predict(self, task_name: str, rows: Sequence[Mapping[str, Any]], num_reasons: int = 0) -> list[Answer]:
        """Answers of the live model, logged once all of them are known. People imported a moment ago are known."""
        self._look_again()
        live = self.live(task_name)
        answers = []
        for row in rows:
            with self.reading() as store:
                answers.append(self._answer(live, store, row, num_reasons))
        return self._logged(answers)

    def _answer(self, live: Live, store: Store, row: Mapping[str, Any], num_reasons: int) -> tuple[Answer, str]:
        explainer = self._lookups.explainer(live, store, clock()) if num_reasons else None
        inputs, as_of, started = None, None, time.perf_counter()
        if not set(row) - {"subject"}:
            prepared = self._lookups.people(live, store, clock())
            as_of = self._lookups.as_of(store, clock())
            inputs = None if prepared is None else prepared.of(str(row.get("subject", "")))
        if inputs is None:
            inputs = row_inputs(live, store, row, as_of or 0)
        reasons = None if explainer is None else explainer(inputs, num_reasons)
        return _answered(live, row, value_of(live, inputs), as_of, reasons, started)

    def _logged(self, answers: Sequence[tuple[Answer, str]]) -> list[Answer]:
        for answer, digest in answers:
            self.log.add(answer.prediction, digest)
        return [answer for answer, _ in answers]


def _answered(
    live: Live, row: Mapping[str, Any], value: Any, as_of: int | None, reasons: tuple[RowReason, ...] | None, started: float
) -> tuple[Answer, str]:
    """An answer, and the hash of what was asked. started: when its work began (perf_counter)."""
    prediction = Prediction(
        id=secrets.token_hex(10),
        task=live.task.name,
        release=live.release.id,
        subject=str(row.get("subject", "")),
        value=value,
        latency_ms=round(1000 * (time.perf_counter() - started), 3),
        at=clock(),
    )
    return Answer(prediction, as_of, reasons), row_digest(row)


def _changed_at(paths: Sequence[Path]) -> Commits:
    """When each file or folder was last written to, 0 where there is none."""
    found = []
    for path in paths:
        try:
            found.append(path.stat().st_mtime_ns)
        except OSError:
            found.append(0)
    return tuple(found)
