"""One person: the chance, what pushes it up and down, what can be changed, and what people like this without so high a chance differ in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from productloop.apps.risk import wording
from productloop.apps.risk._asking import find_task, whole
from productloop.apps.risk._candidates import counted_group
from productloop.apps.risk._live import Live, chances, groups_of, in_words, like_this, likely_class, open_model, quality_of, reasons_of
from productloop.apps.risk._naming import Names, is_changeable, names_of, reason_text, usual_values
from productloop.apps.risk._numbers import one_number
from productloop.apps.risk._people import people_beside, yes_or_no
from productloop.apps.risk._scoring import FLAGGED_SHARE
from productloop.apps.risk.tasks import event_of
from productloop.apps.risk.types import AlternativeView, ExplainReport, ExplainRequest, ReasonView
from productloop.foundation.errors import MissingData
from productloop.foundation.wording import Say
from productloop.learning.columns import Columns
from productloop.learning.counterfactual import find_counterfactual
from productloop.learning.reasons import Reason
from productloop.loop.action import Run
from productloop.loop.serve import keys_of

SHOWN = ("outcomes", "actors", "events", "orders", "feedback")
NUM_REASONS = 6
NUM_QUOTES = 3
EVERY_REASON = 10_000
MAX_PEOPLE = 5_000
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class _Person:
    """The inputs of one person and of everybody, and everybody's chances."""

    inputs: Columns
    everyone: Columns
    chances: Floats


def answer_explain(run: Run, request: ExplainRequest) -> ExplainReport:
    """The report of `risk explain`."""
    task = find_task(run, request.task, every_kind=True)
    if task is None:
        raise MissingData(wording.TASK_MISSING)
    at = run.as_of or run.now
    with whole(run) as store:
        live = open_model(store, task)
        if live is None:
            raise MissingData(wording.NOT_TRAINED, task=task.name)
        key = keys_of(store, request.subject, at)
        chance, inputs = chances(live, store, key)
        fields: dict[str, Any] = {"reasons": ()}
        asked = task.keys(store, run.as_of)
        known = yes_or_no(task, task.outcomes(store, asked, run.as_of))
        if live.told_apart:
            names = names_of(store)
            beside = people_beside(store, at, asked, known, dict(task.options or {}).get("inactive_days"))
            everybody, everyone = chances(live, store, beside)
            person = _Person(inputs, everyone, everybody)
            plain = task.kind == "classes" and not task.counted
            fields = {"reasons": _reasons(live, person, names), "alternative": _alternative(run, live, person, names) if plain else None}
        elif task.kind == "classes":
            fields["group"] = counted_group(run, store, task, (asked, known), key)
        numbers = one_number(run, store, live, key) if task.kind == "number" else None
        mine = known.value[(asked.code == key.code[0]) & known.known]
        said = "SELECT row_id FROM feedback WHERE author = ? AND text IS NOT NULL ORDER BY time DESC NULLS LAST, row_id LIMIT ?"
        rate = float(np.mean(known.value[known.known])) if known.known.any() and numbers is None else None
        share = float(chance[0]) if numbers is None else None
        return ExplainReport(
            **run.frame("risk.explain", SHOWN),
            task=task.name,
            event=event_of(task),
            subject=request.subject,
            window_days=int(dict(task.options or {})["window_days"]) if task.dated else None,
            told_apart=live.told_apart,
            already=bool(numbers is None and len(mine) and mine[-1] == 1 and "inactive_days" not in dict(task.options or {})),
            chance=run.figure("chance", share, "share", "risk.define.chance"),
            like_this=run.figure("like_this", None, "people", "risk.define.chance") if share is None else like_this(run, live, share),
            average=run.figure("average", None if rate is None else round(100 * rate), "people", "risk.define.rate"),
            quotes=tuple(str(row_id) for (row_id,) in store.rows(said, [int(key.code[0]), NUM_QUOTES])),
            has_texts=bool(store.rows("SELECT 1 FROM feedback WHERE text IS NOT NULL LIMIT 1")),
            quality=quality_of(live),
            likely=likely_class(live, inputs, 0, tuple(range(len(task.classes)))),
            numbers=numbers,
            cautions=tuple(Say(key=warning) for warning in live.release.card.warnings),
            **fields,
        )


def _reasons(live: Live, person: _Person, names: Names) -> tuple[ReasonView, ...]:
    """The strongest groups of inputs, each with its share of all that pushes the score up or down."""
    found = reasons_of(live, person.inputs, person.everyone, names, EVERY_REASON)[0]
    total = sum(abs(reason.contribution) for reason in found)
    columns = live.release.signature.columns
    shown = found[:NUM_REASONS]
    return tuple(
        ReasonView(
            text=text,
            raises=reason.contribution > 0,
            changeable=is_changeable(columns[reason.place].name),
            weight=reason.contribution,
            push=reason.contribution / total,
        )
        for reason, text in zip(shown, in_words(shown, live, person.everyone, names), strict=True)
    )


def _alternative(run: Run, live: Live, person: _Person, names: Names) -> AlternativeView | None:
    """What people like this with a chance below the riskiest tenth differ in; None for those who are below it themselves."""
    columns = live.release.signature.columns
    groups = [group for group in groups_of(person.everyone, names) if all(is_changeable(columns[place].name) for place in group.places)]
    threshold = float(np.quantile(person.chances, 1 - FLAGGED_SHARE)) if len(person.chances) else 1.0

    def chance(rows: Columns) -> Floats:
        return np.asarray(live.model.predict(rows)[:, -1], dtype=np.float64)

    some = np.arange(len(person.everyone))
    if len(some) > MAX_PEOPLE:
        some = np.sort(np.random.default_rng(run.seed).choice(some, MAX_PEOPLE, replace=False))
    found = find_counterfactual(chance, person.inputs, person.everyone.take(some), person.chances[some], groups, threshold)
    if found is None:
        return None
    usual = usual_values(person.everyone.values)
    before = person.inputs.values[0]

    def texts(values: dict[int, float]) -> tuple[Say, ...]:
        return tuple(reason_text(Reason("", 0.0, place, value), live.release.signature, usual, names) for place, value in values.items())

    return AlternativeView(
        now=texts({place: float(before[place]) for place in found.values}),
        instead=texts(found.values),
        chance=run.figure("alternative", found.chance, "share", "risk.define.alternative"),
        threshold=run.figure("alternative_threshold", threshold, "share", "risk.define.alternative_threshold"),
    )
