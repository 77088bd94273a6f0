"""What every action of risk asks first: which task, and about whom. A scope says who is asked about, never which part of their past is known."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from productloop.apps.risk import wording
from productloop.apps.risk._people import Present
from productloop.apps.risk.tasks import risk_tasks
from productloop.apps.risk.when_wording import NOT_YES_OR_NO
from productloop.foundation.errors import UsageError
from productloop.loop.action import Run
from productloop.loop.scope import Scope
from productloop.loop.serve import current_subjects
from productloop.loop.store import Store
from productloop.loop.task import Task


def find_task(run: Run, name: str | None, every_kind: bool = False) -> Task | None:
    """The risk task of that name, or the first; None when there is none at all. Raises UsageError for a name that no task has.

    Only questions of yes or no, unless `every_kind`: what an action says of chances would be wrong of numbers and of several classes.
    """
    tasks = risk_tasks(run.store, run.settings)
    fitting = [task for task in tasks if every_kind or (task.kind == "classes" and not task.counted)]
    if name is None and (fitting or not tasks):
        return fitting[0] if fitting else None
    for task in fitting:
        if task.name == name:
            return task
    if name in {task.name for task in tasks} or name is None:
        raise UsageError(NOT_YES_OR_NO, task=name or tasks[0].name, known=", ".join(task.name for task in fitting) or "–")
    raise UsageError(wording.TASK_UNKNOWN, task=name, known=", ".join(task.name for task in tasks) or "–")


@contextmanager
def whole(run: Run) -> Iterator[Store]:
    """The store without the request's scope: a scope says who is asked about, never which part of their past is known."""
    if run.scope == Scope():
        yield run.store
        return
    store = Store(run.store.root, pinned=run.store.versions()).narrowed(Scope(), run.time_zone, run.as_of)
    try:
        yield store
    finally:
        store.close()


def inside(run: Run, codes: NDArray[np.int32]) -> NDArray[np.bool_]:
    """(n,) True for people in the request's scope."""
    if run.scope == Scope():
        return np.ones(len(codes), dtype=bool)
    return np.isin(codes, current_subjects(run.store, 0).code)


def narrow(run: Run, present: Present) -> Present:
    """The present people who are in the request's scope."""
    return present if run.scope == Scope() else replace(present, keys=present.keys.take(inside(run, present.keys.code)))
