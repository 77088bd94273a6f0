"""A question of several classes as one of yes or no: those that count against the rest, or one class against all others.

What can be said of chances (are they right, what do they go by, are groups treated alike) can then be said of each class by the same means.
"""

from __future__ import annotations

from dataclasses import dataclass

from productloop.apps.risk import wording
from productloop.apps.risk._live import Live
from productloop.apps.risk.tasks import event_of, risk_tasks
from productloop.foundation.errors import UsageError, excerpt
from productloop.foundation.wording import Say, say
from productloop.loop.action import Run
from productloop.loop.task import Task


@dataclass(frozen=True, slots=True)
class Chosen:
    """What counts as "yes". places: columns of the model's chances; event: what happens, as a verb; others: classes that can be asked for."""

    places: tuple[int, ...]
    event: Say
    others: tuple[str, ...]


def find_any_task(run: Run, name: str | None) -> Task | None:
    """The risk task of that name, of whatever kind; without a name the first of yes or no, else of classes, else of numbers; None without any.

    Raises UsageError for a name that no task has.
    """
    tasks = risk_tasks(run.store, run.settings)
    if name is None:
        return min(tasks, key=lambda task: (task.kind != "classes", bool(task.counted)), default=None)
    found = next((task for task in tasks if task.name == name), None)
    if found is None:
        raise UsageError(wording.TASK_UNKNOWN, task=name, known=", ".join(task.name for task in tasks) or "–")
    return found


def choose_classes(live: Live, value: str | None) -> Chosen:
    """The classes that count together, or the one asked for. Raises UsageError for a class that the live model does not know."""
    task, names = live.task, live.release.signature.classes
    if value is None:
        wanted = {task.classes[code] for code in task.counted_codes} if task.counted else {names[-1]} if names else set[str]()
        places = tuple(place for place, name in enumerate(names) if name in wanted) or (max(len(names), 2) - 1,)
        return Chosen(places, event_of(task), names if task.counted else ())
    if value not in names:
        raise UsageError(wording.CLASS_UNKNOWN, value=excerpt(value), task=task.name, known=", ".join(names))
    column = str(dict(task.options or {}).get("column", task.name))
    return Chosen((names.index(value),), say("risk.event.other", column=column, value=value), names)
