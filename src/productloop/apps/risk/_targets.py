"""Other targets than yes or no: which of several classes, how many times in the window, how long until it happens.

`outcome = "failure"` (no value) asks which of its values; those with too few rows are "other". What counts as bad is every value but the most
common, or `bad = "A,B"`. `target = "count"` asks for a number: of the outcome's own values, or `count = "feedback"`, `"orders"` or an
event's name, counted in the window after each cut-off for everybody active before it. `target = "time"` asks how long until the outcome:
from each moment asked, or, for a table without dates, along the column `duration` that says how long each has been here.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from productloop.apps.risk import wording
from productloop.apps.risk._guards import guards, lacks_history
from productloop.apps.risk._inputs import inputs_along, inputs_at, row_input
from productloop.apps.risk._options import days_option, effort_option, filled
from productloop.apps.risk._outcomes import active_keys, is_dated, numbers_by_person, outcome_keys, outcome_rows
from productloop.apps.risk.when_wording import COUNT_TITLE, DURATION_MISSING, MANY_TITLE, TIME_TITLE
from productloop.foundation.errors import UsageError
from productloop.foundation.tables import fold_header
from productloop.learning.constant import constant_of
from productloop.learning.counts import COUNT_RECIPES
from productloop.learning.hazard import hazard_recipes
from productloop.learning.selection import selection
from productloop.loop.features import DAY_US
from productloop.loop.records import Keys, Outcomes, Signature
from productloop.loop.store import Store
from productloop.loop.task import Task

MIN_CLASS_ROWS = 10
"""A value with fewer rows cannot be told apart from the others by any model."""
OTHER = "other"
DURATION_NAMES = ("tenure", "duration", "tenuremonths", "tenuredays", "monthsasacustomer", "customertenure", "monthsonbook", "accountage",
                  "在网时长", "在网月数", "入网时长", "使用时长", "在职时长", "司龄")  # fmt: skip
UNITS = ("days", "weeks", "months", "years")
UNIT_DAYS = {"days": 1.0, "weeks": 7.0, "months": 30.4375, "years": 365.25}
_UNIT_WORDS = {
    "day": "days",
    "天": "days",
    "week": "weeks",
    "周": "weeks",
    "month": "months",
    "月": "months",
    "year": "years",
    "年": "years",
}
MOST_MONTHS = 120
READS = ("outcomes", "actors", "events", "orders", "feedback", "topics", "points")


def many_classes(name: str, template: str, folded: str, options: Mapping[str, Any], store: Store, window: int) -> Task:
    """Which of the outcome's values. Raises UsageError for a `bad` value that no row has."""
    gap, effort = days_option(name, options, "gap_days", 0, 0), effort_option(name, options)
    rows, dated = outcome_rows(store, folded), is_dated(store, folded)
    counts = Counter(value.strip() for _, value, _ in rows if value is not None and value.strip())
    named = sorted(value for value, size in counts.items() if size >= MIN_CLASS_ROWS)
    rare = sum(size for value, size in counts.items() if value not in named)
    classes = [*named, *([OTHER] if rare >= MIN_CLASS_ROWS and OTHER not in named else [])]
    classes += [f"{OTHER} {place}" for place in range(2 - len(classes))]  # nothing imported yet: a task that has no rows
    counted = _counted(name, options, classes, counts)
    left_out = _same_columns(store, folded)
    before = (window + gap) * DAY_US if dated else None
    known = {"outcome": folded, "column": folded, "values": [classes[code] for code in counted], "window_days": window, "gap_days": gap}
    return Task(
        name=name,
        template=template,
        kind="classes",
        title=filled(MANY_TITLE, outcome=folded),
        keys=partial(outcome_keys, folded, before),
        inputs=partial(inputs_at, left_out, dated),
        outcomes=partial(_classes_at, folded, tuple(classes), before),
        recipes=(constant_of(len(classes)), selection(effort)),
        metric="log_loss",
        reads=READS,
        classes=tuple(classes),
        counted=counted,
        dated=dated,
        guards=partial(_guards, dated and lacks_history(store), counted),
        row_input=row_input,
        options={**known, "dated": dated, "effort": effort, "classes": classes},
    )


def _counted(name: str, options: Mapping[str, Any], classes: list[str], counts: Counter[str]) -> tuple[int, ...]:
    asked = options.get("bad")
    if asked is None:
        usual = max(sorted(classes), key=lambda value: counts.get(value, 0))
        return tuple(code for code, value in enumerate(classes) if value != usual)
    wanted = [part.strip() for part in (asked if isinstance(asked, list) else str(asked).split(","))]
    unknown = [part for part in wanted if part not in classes]
    if counts and (unknown or len(set(wanted)) == len(classes)):
        raise UsageError(wording.OPTION_UNREADABLE, task=name, option="bad", value=str(asked), expected=", ".join(classes))
    return tuple(code for code, value in enumerate(classes) if value in wanted) or (len(classes) - 1,)


def _classes_at(folded: str, classes: tuple[str, ...], before_us: int | None, store: Store, keys: Keys, as_of: int | None) -> Outcomes:
    """Codes of the classes; a value too rare to stand among them is "other" where there is one, else not known."""
    codes = {value: code for code, value in enumerate(classes)}
    other = codes.get(OTHER, -1)
    found, known_at = _found(folded, before_us, store, keys, as_of)
    values = [-1 if value is None or not value.strip() else codes.get(value.strip(), other) for value in found]
    return Outcomes(np.array(values, dtype=np.int64), known_at, np.ones(len(keys)))


def _found(folded: str, before_us: int | None, store: Store, keys: Keys, as_of: int | None) -> tuple[list[str | None], NDArray[np.int64]]:
    """(what was observed about each key, None where not yet; when). A dated outcome is known from the end of its day on."""
    last: dict[tuple[int, int], tuple[str | None, int | None]] = {}
    for code, value, time in outcome_rows(store, folded):
        if before_us is None or time is not None:
            last[code, 0 if before_us is None or time is None else time - before_us] = (value, time)
    nothing: tuple[str | None, int | None] = (None, None)
    pairs = [
        last.get((code, 0 if before_us is None else at), nothing) for code, at in zip(keys.code.tolist(), keys.at.tolist(), strict=True)
    ]
    known_at = np.array([time or 0 for _, time in pairs], dtype=np.int64)
    late = np.zeros(len(keys), dtype=bool) if before_us is None or as_of is None else known_at > as_of + DAY_US
    return [None if hidden else value for (value, _), hidden in zip(pairs, late.tolist(), strict=True)], known_at


def _same_columns(store: Store, folded: str) -> tuple[str, ...]:
    return tuple(attribute for attribute, _ in store.attributes("actors") if fold_header(attribute) == folded)


def _guards(lacks: bool, counted: tuple[int, ...], inputs: Any, signature: Signature, outcomes: Outcomes) -> list[str]:
    """The warnings of a yes/no task, of whether it counts (classes), happened at all (numbers) or happened while watched (time)."""
    value = outcomes.value
    happened = value[:, 1] > 0 if value.ndim == 2 else np.isin(value, counted) if counted else value > 0
    return guards(lacks, inputs, signature, Outcomes(happened.astype(np.int64), outcomes.known_at, outcomes.weight))


def count_task(name: str, template: str, options: Mapping[str, Any], store: Store, window: int) -> Task:
    """How many times. Raises UsageError when it is not said of what."""
    gap = days_option(name, options, "gap_days", 0, 0)
    folded, what = fold_header(str(options.get("outcome", "")).strip()), str(options.get("count", "")).strip()
    if bool(folded) == bool(what) or "=" in folded:
        expected = 'outcome = "claims" | count = "feedback" | count = "orders" | count = "EVENT"'
        raise UsageError(wording.OPTION_UNREADABLE, task=name, option="target", value="count", expected=expected)
    dated = is_dated(store, folded) if folded else True
    before = (window + gap) * DAY_US if dated else None
    known: dict[str, Any] = {"target": "count", "column": folded or what, "window_days": window, "gap_days": gap, "dated": dated}
    known |= {} if folded else {"active_days": window}  # asked of everybody active in the window before
    return Task(
        name=name,
        template=template,
        kind="number",
        title=filled(COUNT_TITLE, what=folded or what),
        keys=partial(outcome_keys, folded, before) if folded else partial(active_keys, window),
        inputs=partial(inputs_at, _same_columns(store, folded) if folded else (), dated),
        outcomes=partial(_numbers_at, folded, before) if folded else partial(_counts_at, what, window, gap),
        recipes=COUNT_RECIPES,
        metric="poisson_deviance",
        reads=READS,
        dated=dated,
        guards=partial(_guards, dated and lacks_history(store), ()),
        row_input=row_input,
        options=known,
    )


def _numbers_at(folded: str, before_us: int | None, store: Store, keys: Keys, as_of: int | None) -> Outcomes:
    """The outcome's own numbers; what is no number, or below 0, is not known."""
    found, known_at = _found(folded, before_us, store, keys, as_of)
    return Outcomes(np.array([_number(value) for value in found], dtype=np.float64), known_at, np.ones(len(keys)))


def _number(value: str | None) -> float:
    try:
        number = math.nan if value is None else float(value)
    except ValueError:
        return math.nan
    return number if 0 <= number < math.inf else math.nan


def _counts_at(what: str, window: int, gap: int, store: Store, keys: Keys, as_of: int | None) -> Outcomes:
    """How many texts, orders or events of that name in the window after each key; not known until the window has ended."""
    source = {"feedback": "SELECT author AS actor, time FROM feedback", "orders": "SELECT actor, time FROM orders"}
    query = source.get(what, "SELECT actor, time FROM events WHERE name = ?")
    parameters = [] if what in source else [what]
    last = as_of if as_of is not None else (store.as_of() or 0)
    known_at = keys.at + (gap + window) * DAY_US
    values = np.where(known_at <= last + 1, 0.0, np.nan)
    places = {pair: row for row, pair in enumerate(zip(keys.code.tolist(), keys.at.tolist(), strict=True))}
    for at in np.unique(keys.at[~np.isnan(values)]).tolist():
        start = at + gap * DAY_US
        counted = f"SELECT actor, count(*) FROM ({query}) WHERE actor IS NOT NULL AND time >= {start} AND time < {start + window * DAY_US} GROUP BY 1"
        for actor, size in store.rows(counted, parameters):
            row = places.get((int(actor), at))
            if row is not None:
                values[row] = float(size)
    return Outcomes(values, known_at, np.ones(len(keys)))


def time_task(base: Task, options: Mapping[str, Any], store: Store) -> Task:
    """How long until the outcome of `base`. Raises UsageError for a table without dates and without a column of how long each has been here."""
    column = None if base.dated else duration_column(store, options)
    if not base.dated and column is None:
        raise UsageError(DURATION_MISSING, task=base.name)
    known = {**dict(base.options or {}), "target": "time", "unit": "days", "effort": "normal"}
    inputs, outcomes = base.inputs, partial(_remaining, base)
    if column is not None:
        known |= {"duration": column, "unit": unit_of(store, column, options)}
        inputs = partial(inputs_along, _same_columns(store, str(known["column"])), column)
        outcomes = partial(_lived, base, column)
    return replace(
        base,
        kind="number",
        title=filled(TIME_TITLE, outcome=str(known.get("outcome", "inactive"))),
        inputs=inputs,
        outcomes=outcomes,
        recipes=hazard_recipes(column),
        metric="time_loss",
        classes=(),
        counted=(),
        guards=partial(_guards, base.dated and lacks_history(store), ()),
        options=known,
    )


def duration_column(store: Store, options: Mapping[str, Any]) -> str | None:
    """The attribute that says how long each person has been here: the option, or a usual name."""
    numbers = [attribute for attribute, kind in store.attributes("actors") if kind in ("DOUBLE", "BIGINT", "INTEGER")]
    wanted = options.get("duration")
    if wanted is not None:
        return next((one for one in numbers if fold_header(one) == fold_header(str(wanted))), None)
    return next((one for name in DURATION_NAMES for one in numbers if fold_header(one).replace("_", "") == name), None)


def unit_of(store: Store, column: str, options: Mapping[str, Any]) -> str:
    """Unit of a duration: the option, a word in the column's name, else months up to 120 and days beyond (said on the page)."""
    if options.get("unit") in UNITS:
        return str(options["unit"])
    for word, unit in _UNIT_WORDS.items():
        if word in column.lower():
            return unit
    largest = store.rows(f'SELECT max("{column}") FROM actors')[0][0]
    return "months" if largest is None or float(largest) <= MOST_MONTHS else "days"


def _remaining(base: Task, store: Store, keys: Keys, as_of: int | None) -> Outcomes:
    """(n, 2) days from each moment to the first later outcome, or to the end of the last window in which it did not happen."""
    outcomes = base.outcomes(store, keys, as_of)
    gone, rows = np.isin(outcomes.value, base.counted_codes), np.lexsort((keys.at, keys.code))
    value = np.full((len(keys), 2), np.nan)
    code, until, happened = -1, 0, False
    for row in rows[::-1].tolist():  # from the last moment of each person to the first
        if keys.code[row] != code:
            code, until, happened = int(keys.code[row]), 0, False
        if outcomes.known[row]:
            if gone[row]:
                until, happened = int(outcomes.known_at[row]), True
            until = max(until, int(outcomes.known_at[row])) if not happened else until
            value[row] = ((until - int(keys.at[row])) / DAY_US, float(happened))
    return Outcomes(value, outcomes.known_at, np.ones(len(keys)))


def _lived(base: Task, column: str, store: Store, keys: Keys, as_of: int | None) -> Outcomes:
    """(n, 2) how long each has been here, in the column's unit, and whether it has happened."""
    outcomes = base.outcomes(store, keys, as_of)
    lived = numbers_by_person(store, f'SELECT actor, any_value("{column}")::DOUBLE FROM actors GROUP BY actor')
    time = np.array([lived.get(int(code), math.nan) for code in keys.code], dtype=np.float64)
    time = np.where(outcomes.known & (time >= 0), time, np.nan)
    return Outcomes(np.column_stack([time, np.isin(outcomes.value, base.counted_codes)]), outcomes.known_at, np.ones(len(keys)))
