"""`score` and `explain` of tasks whose answer is a number: who has how many, or who goes how soon."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from productloop.apps.risk._asking import inside
from productloop.apps.risk._live import Live, in_words, quality_of, reasons_of, weights_of
from productloop.apps.risk._naming import Names, names_of
from productloop.apps.risk._people import present_people
from productloop.apps.risk.number_types import NumberPart, NumberPerson
from productloop.apps.risk.tasks import event_of
from productloop.foundation.figures import Figure
from productloop.learning.columns import Columns
from productloop.loop.action import Run
from productloop.loop.records import Keys, Outcomes
from productloop.loop.serve import current_subjects
from productloop.loop.store import Store
from productloop.loop.task import Task

MAX_LISTED = 50
NUM_REASONS = 3
_QUANTILE = 1.6448536269514722


def number_fields(run: Run, store: Store, task: Task, live: Live | None, at: int) -> dict[str, Any]:
    """Fields of the score report for a task of numbers."""
    keys = task.keys(store, run.as_of)
    outcomes = task.outcomes(store, keys, run.as_of)
    rows = np.flatnonzero(outcomes.known & inside(run, keys.code))
    value = outcomes.value[rows]
    people = _people(run, store, task, keys, outcomes, at)
    kind = "time" if value.ndim == 2 else "count"
    part: dict[str, Any] = {"kind": kind, "unit": str(dict(task.options or {}).get("unit", "days"))}
    if kind == "count":
        part["mean"] = run.figure("mean", float(value.mean()) if len(rows) else None, "number", "risk.define.mean_number", n=len(rows))
    fields: dict[str, Any] = {
        "task": task.name,
        "event": event_of(task),
        "dated": task.dated,
        "window_days": int(dict(task.options or {})["window_days"]),
        "labelled": run.figure("labelled", len(rows), "rows", "risk.define.labelled"),
        "missing": max(0, task.min_rows - len(rows)),
        "people": run.figure("people", len(people), "people", "risk.define.people"),
    }
    if live is not None:
        part |= _shown(run, store, task, live, people, kind)
        inputs, _ = task.inputs(store, people, live.release.signature)
        fields["quality"] = quality_of(live, weights_of(run, live, inputs, names_of(store)))
    return {**fields, "numbers": NumberPart(**part)}


def alike(outcomes: Outcomes) -> bool:
    """Whether every known number is the same, or nothing ever happened."""
    value = outcomes.value[outcomes.known]
    return len(np.unique(value)) < 2 if value.ndim == 1 else not bool((value[:, 1] > 0).any())


def _people(run: Run, store: Store, task: Task, keys: Keys, outcomes: Outcomes, at: int) -> Keys:
    """Everybody now; of a question about time without those to whom it has happened."""
    active_days = dict(task.options or {}).get("active_days")
    people = current_subjects(store, at) if active_days is None else present_people(store, at, keys, outcomes, active_days).keys
    people = people.take(inside(run, people.code))
    if outcomes.value.ndim == 1:
        return people
    happened = outcomes.known & (outcomes.value[:, 1] > 0)
    if not task.dated:
        return people.take(~np.isin(people.code, keys.code[happened]))
    latest: dict[int, bool] = dict(zip(keys.code.tolist(), happened.tolist(), strict=True))  # keys stand in order of time
    return people.take(np.array([latest.get(int(code)) is False for code in people.code], dtype=bool))


def _shown(run: Run, store: Store, task: Task, live: Live, people: Keys, kind: str) -> dict[str, Any]:
    card = live.release.card
    found: dict[str, Any] = {"of_highest": card.figures.get("mean_top_tenth"), "of_all": card.figures.get("mean_number")}
    found["order"] = card.figures.get("concordance")
    if not len(people):
        return found
    inputs, _ = task.inputs(store, people, live.release.signature)
    model: Any = live.model
    number, ranges = model.predict(inputs), model.ranges(inputs)
    if kind == "count":
        spread = float((number + getattr(model, "dispersion", 0.0) * number**2).sum())
        half = _QUANTILE * math.sqrt(spread)
        total = float(number.sum())
        limits = (max(0.0, total - half), total + half)
        if task.dated:
            found["total"] = run.figure("total", round(total), "number", "risk.define.total_number", n=len(people), interval=limits)
    found["num_beyond"] = int(np.isinf(number).sum())
    if not live.told_apart:
        return found
    order = np.argsort(-number if kind == "count" else number, kind="stable")
    order = order[np.isfinite(number[order])][:MAX_LISTED]
    names = names_of(store)
    reasons = _reasons(live, inputs, order, names)
    found["persons"] = tuple(
        NumberPerson(
            subject=str(people.ids[row]), number=_figure(run, f"number_{place}", kind, number[row], ranges[row]), reasons=reasons[place]
        )
        for place, row in enumerate(order.tolist())
    )
    return found


def _reasons(live: Live, inputs: Columns, rows: NDArray[np.intp], names: Names) -> list[Any]:
    """Reasons that make it more or sooner."""
    found = reasons_of(live, inputs.take(rows), inputs, names, 3 * NUM_REASONS)
    raising = [tuple(reason for reason in reasons if reason.contribution > 0)[:NUM_REASONS] for reasons in found]
    return [in_words(reasons, live, inputs, names) for reasons in raising]


def _figure(run: Run, name: str, kind: str, value: float, limits: Sequence[float]) -> Figure:
    """A number with its limits; an end beyond what the data reach is left open."""
    known = float(value) if math.isfinite(value) else None
    figure = run.figure(name, None if known is None else round(known, 1), "number", f"risk.define.number_{kind}")
    low, high = (float(end) if math.isfinite(end) else None for end in limits)
    return figure.model_copy(update={"low": low, "high": high})


def one_number(run: Run, store: Store, live: Live, key: Keys) -> NumberPart:
    """The number of one person."""
    task = live.task
    inputs, _ = task.inputs(store, key, live.release.signature)
    model: Any = live.model
    kind = "time" if task.metric == "time_loss" else "count"
    number = _figure(run, "number", kind, float(model.predict(inputs)[0]), model.ranges(inputs)[0].tolist())
    card, unit = live.release.card, str(dict(task.options or {}).get("unit", "days"))
    person = NumberPerson(subject=str(key.ids[0]), number=number, reasons=())
    return NumberPart.model_validate({"kind": kind, "unit": unit, "of_all": card.figures.get("mean_number"), "persons": (person,)})
