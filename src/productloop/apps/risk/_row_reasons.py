"""Reasons in words for one row at a time, as an online answer gives them: what `risk explain` says, without a query.

Names of topics and events, groups of inputs that say the same and what is usual are looked up once, among the same people as on the list
of `risk score`; a row then costs its contributions (learning/reasons.py) and a few sentences.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from productloop.apps.risk._live import Live, chances, groups_of, parts_of
from productloop.apps.risk._naming import is_changeable, names_of, reason_text, usual_values
from productloop.apps.risk._people import people_beside, yes_or_no
from productloop.foundation.wording import Say
from productloop.learning.boosting import SINGLE_ROWS
from productloop.learning.columns import Columns
from productloop.learning.model import Explained, Model
from productloop.learning.reasons import Reason, group_members, strongest
from productloop.loop.records import Release, RowExplainer, RowReason
from productloop.loop.store import Store
from productloop.loop.task import Task

MAX_PEOPLE = 20_000
"""People who say what is usual; the median of more would not differ by anything that is shown."""
MAX_TEXTS = 10_000
"""Sentences kept: an input and its value say the same of everybody."""


def row_reasons(task: Task, store: Store, release: Release, model: Model, at: int) -> RowExplainer | None:
    """Prepares the reasons of a live release; None where it gives none (the overall rate, a recipe that cannot tell)."""
    live = Live(task, release, model)
    if not live.told_apart or not isinstance(model, Explained):
        return None
    asked = task.keys(store, at)
    inactive_days = dict(task.options or {}).get("inactive_days")
    beside = people_beside(store, at, asked, yes_or_no(task, task.outcomes(store, asked, at)), inactive_days)
    if len(beside) > MAX_PEOPLE:
        beside = beside.take(np.linspace(0, len(beside) - 1, MAX_PEOPLE).astype(np.intp))
    _, everyone = chances(live, store, beside)
    names, columns = names_of(store), release.signature.columns
    groups, usual = groups_of(everyone, names), usual_values(everyone.values)
    changeable = [is_changeable(column.name) for column in columns]
    for _ in range(min(SINGLE_ROWS, len(everyone))):
        parts_of(live, everyone.take(np.array([0])))  # what trees keep for single rows is made here, not while somebody waits

    members = group_members(groups)

    @lru_cache(maxsize=MAX_TEXTS)
    def text(place: int, value: float) -> Say:
        return reason_text(Reason("", 0.0, place, value), release.signature, usual, names)

    def reasons(inputs: Columns, num_reasons: int) -> tuple[RowReason, ...]:
        parts = parts_of(live, inputs)[:, : len(members)]
        sums = (parts @ members)[0]
        total = float(np.abs(sums).sum())
        found = strongest(sums.tolist(), parts[0].tolist(), inputs.values[0].tolist(), groups, num_reasons)
        return tuple(
            RowReason(text(one.place, one.value), one.contribution > 0, changeable[one.place], one.contribution / total) for one in found
        )

    return reasons
