"""What the risk app learns: who will have an outcome, asked at past moments with only what was known then.

Two ways to say what counts. `outcome = "churn=1"`: rows of the table `outcomes`; a dated one asks `window_days + gap_days` before it was
observed, an undated one (a table of customers with a yes/no column) asks without a moment. `inactive_days = N`: everybody active in the N
days before a cut-off is asked whether they do anything in the window after it; cut-offs lie on a fixed grid of N days, so that a row keeps
its identity when time moves on. A window that has not ended is unknown, never "no".
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from productloop.apps.risk import wording
from productloop.apps.risk._guards import guards, lacks_history
from productloop.foundation.errors import UsageError
from productloop.foundation.settings import Settings, load_settings
from productloop.foundation.tables import fold_header
from productloop.foundation.wording import Say, Text, say
from productloop.learning.constant import CONSTANT
from productloop.learning.selection import EFFORTS, Effort, selection
from productloop.loop.features import DAY_US, describe, encode, raw_columns, row_columns
from productloop.loop.records import Keys, Outcomes, Signature
from productloop.loop.store import SETTINGS_FILE, Store
from productloop.loop.task import Task, TaskTemplate

TEMPLATE = "risk.outcome"
WINDOW_DAYS = 28
MAX_CUT_OFFS = 10
GRID_ORIGIN_US = 4 * DAY_US
"""Monday 1970-01-05: the fixed grid of cut-offs starts here."""
COUNTED_NAMES = ("1", "yes", "true", "y", "left", "churned", "lost", "是", "流失")
LEAVING_NAMES = ("churn", "churned", "exited", "left", "leave", "attrition", "是否流失", "流失")
READS = ("outcomes", "actors", "events", "orders", "feedback", "topics", "points")
_ACTIVITY = "(SELECT actor, time FROM events UNION ALL SELECT actor, time FROM orders)"


def make_outcome(name: str, options: Mapping[str, Any], store: Store) -> Task:
    """The task `name`. Raises UsageError when the options do not say what to predict."""
    gap, effort = _days(name, options, "gap_days", 0, 0), _effort(name, options)
    if "outcome" in options:
        return _from_outcomes(name, str(options["outcome"]), gap, options, store)
    if "inactive_days" not in options:
        raise UsageError(wording.OPTION_MISSING, task=name)
    days = _days(name, options, "inactive_days", 0, 1)
    window = _days(name, options, "window_days", _days(name, options, "window", days, 1), 1)
    known = {"inactive_days": days, "window_days": window, "gap_days": gap, "dated": True, "effort": effort}
    return Task(
        name=name,
        template=TEMPLATE,
        kind="classes",
        title=_filled(wording.TASK_TITLE_INACTIVE, days=window),
        keys=partial(_inactive_keys, days),
        inputs=partial(_inputs, (), True),
        outcomes=partial(_inactive_outcomes, window, gap),
        recipes=(CONSTANT, selection(effort)),
        metric="log_loss",
        reads=READS,
        classes=("active", "inactive"),
        guards=partial(guards, lacks_history(store)),
        row_input=_row_input,
        options=known,
    )


def _from_outcomes(name: str, outcome: str, gap: int, options: Mapping[str, Any], store: Store) -> Task:
    column, _, value = (part.strip() for part in outcome.partition("="))
    if not column or not value:
        raise UsageError(wording.OPTION_UNREADABLE, task=name, option="outcome", value=outcome, expected='"churn=1"')
    window, effort = _days(name, options, "window_days", _days(name, options, "window", WINDOW_DAYS, 1), 1), _effort(name, options)
    folded = fold_header(column)
    dated = _is_dated(store, folded)
    others = sorted(found for found in _values(store, folded) if not _is_same(found, value))
    left_out = tuple(attribute for attribute, _ in store.attributes("actors") if fold_header(attribute) == folded)
    known = {"outcome": f"{folded}={value}", "column": folded, "value": value, "window_days": window, "gap_days": gap, "dated": dated}
    known["effort"] = effort
    return Task(
        name=name,
        template=TEMPLATE,
        kind="classes",
        title=_filled(wording.TASK_TITLE, outcome=outcome),
        keys=partial(_outcome_keys, folded, (window + gap) * DAY_US if dated else None),
        inputs=partial(_inputs, left_out, dated),
        outcomes=partial(_outcomes, folded, value, (window + gap) * DAY_US if dated else None),
        recipes=(CONSTANT, selection(effort)),
        metric="log_loss",
        reads=READS,
        classes=(others[0] if len(others) == 1 else f"not {value}", value),
        dated=dated,
        guards=partial(guards, dated and lacks_history(store)),
        row_input=_row_input,
        options=known,
    )


def _filled(text: Text, **slots: object) -> Text:
    return Text(text.render("zh", **slots), text.render("en", **slots))


def _days(name: str, options: Mapping[str, Any], option: str, default: int, smallest: int) -> int:
    value = options.get(option, default)
    if isinstance(value, bool) or not isinstance(value, int) or value < smallest:
        raise UsageError(wording.OPTION_UNREADABLE, task=name, option=option, value=value, expected=f"{smallest}, {smallest + 1}, ...")
    return value


def _effort(name: str, options: Mapping[str, Any]) -> Effort:
    for effort in EFFORTS:
        if options.get("effort", "normal") == effort:
            return effort
    raise UsageError(wording.OPTION_UNREADABLE, task=name, option="effort", value=options["effort"], expected=", ".join(EFFORTS))


def with_effort(task: Task, effort: Effort) -> Task:
    """The same task, with this much tried before a model is picked."""
    return replace(task, recipes=(CONSTANT, selection(effort)), options={**dict(task.options or {}), "effort": effort})


def suggest_outcome(store: Store) -> tuple[str, Mapping[str, Any]] | None:
    """The outcome with the most rows among those with exactly two values; else inactivity, if the settings name its days."""
    counts: dict[str, dict[str, int]] = {}
    for task, value, count in store.rows("SELECT task, value, count(*) FROM outcomes WHERE value IS NOT NULL GROUP BY 1, 2"):
        counts.setdefault(fold_header(str(task)), {})[str(value)] = int(count)
    usable = {task: values for task, values in counts.items() if len(values) == 2}
    if usable:
        task = max(sorted(usable), key=lambda one: sum(usable[one].values()))
        values = usable[task]
        named = [value for value in sorted(values) if value.strip().lower() in COUNTED_NAMES]
        counted = named[0] if len(named) == 1 else min(sorted(values), key=lambda value: values[value])
        return (task if task.isascii() and task.isalnum() else "churn"), {"outcome": f"{task}={counted}"}
    days = load_settings(store.root / SETTINGS_FILE, os.environ).number("risk.inactive_days")
    has_activity = bool(store.rows(f"SELECT 1 FROM {_ACTIVITY} LIMIT 1"))
    return ("churn", {"inactive_days": days}) if days > 0 and has_activity else None


def risk_tasks(store: Store, settings: Settings) -> tuple[Task, ...]:
    """The risk tasks of a workspace: those written in its settings, then the suggested one."""
    written = {
        name: make_outcome(name, {key: value for key, value in options.items() if key != "template"}, store)
        for name, options in settings.tasks.items()
        if options.get("template") == TEMPLATE
    }
    suggested = suggest_outcome(store)
    days = settings.number("risk.inactive_days")
    if suggested is None and days > 0 and store.rows(f"SELECT 1 FROM {_ACTIVITY} LIMIT 1"):
        suggested = ("churn", {"inactive_days": days})
    if suggested is not None and suggested[0] not in settings.tasks:
        written[suggested[0]] = make_outcome(suggested[0], suggested[1], store)
    return tuple(written.values())


def event_of(task: Task) -> Say:
    """The outcome as a verb: "leave", "do nothing for 28 days", "have failure = 1"."""
    options = dict(task.options or {})
    if "inactive_days" in options:
        return say("risk.event.inactive", days=int(options["window_days"]))
    if options["column"] in LEAVING_NAMES:
        return say("risk.event.churn")
    return say("risk.event.other", column=str(options["column"]), value=str(options["value"]))


# outcomes ----------------------------------------------------------------------------------------------------------------


def _outcome_rows(store: Store, folded: str) -> list[tuple[int, str | None, int | None]]:
    names = [str(task) for (task,) in store.rows("SELECT DISTINCT task FROM outcomes") if fold_header(str(task)) == folded]
    query = "SELECT subject, value, time FROM outcomes WHERE task IN (SELECT unnest(?)) AND subject IS NOT NULL ORDER BY time, sequence"
    return [(int(code), value, None if time is None else int(time)) for code, value, time in store.rows(query, [names])]


def _is_dated(store: Store, folded: str) -> bool:
    """Nearly all outcomes carry a date. A snapshot without dates that dated outcomes are posted to stays undated: none of its rows is lost."""
    times = [time for _, _, time in _outcome_rows(store, folded)]
    return bool(times) and 20 * sum(time is None for time in times) <= len(times)


def _values(store: Store, folded: str) -> set[str]:
    return {value for _, value, _ in _outcome_rows(store, folded) if value is not None}


def _is_same(found: str, counted: str) -> bool:
    if found.strip().casefold() == counted.strip().casefold():
        return True
    try:
        return float(found) == float(counted)
    except ValueError:
        return False


def _outcome_keys(folded: str, before_us: int | None, store: Store, as_of: int | None) -> Keys:
    """One key for each subject and moment: `before_us` before the outcome was observed, 0 where outcomes carry no dates."""
    rows = _outcome_rows(store, folded)
    if before_us is None:
        pairs = sorted({(0, code) for code, _, _ in rows})
    else:
        pairs = sorted({(time - before_us, code) for code, _, time in rows if time is not None and time > before_us})
    return _keys(store, [(at, code) for at, code in pairs if as_of is None or at <= as_of])


def _keys(store: Store, pairs: list[tuple[int, int]]) -> Keys:
    codes = np.array([code for _, code in pairs], dtype=np.int32)
    names = store.source_ids(codes)
    ids = np.array([names.get(int(code), str(code)) for code in codes], dtype=object)
    return Keys(codes, np.array([at for at, _ in pairs], dtype=np.int64), ids)


def _outcomes(folded: str, counted: str, before_us: int | None, store: Store, keys: Keys, as_of: int | None) -> Outcomes:
    """1 = the counted value. A dated outcome is known from the end of its day on: windows end at midnight, data a little earlier."""
    values = np.full(len(keys), -1, dtype=np.int64)
    known_at = np.zeros(len(keys), dtype=np.int64)
    found: dict[tuple[int, int], tuple[str | None, int | None]] = {}
    for code, value, time in _outcome_rows(store, folded):
        if before_us is None or time is not None:
            found[code, 0 if before_us is None or time is None else time - before_us] = (value, time)
    for row, (code, at) in enumerate(zip(keys.code.tolist(), keys.at.tolist(), strict=True)):
        value, time = found.get((code, 0 if before_us is None else at), (None, None))
        known_at[row] = time or 0
        if value is not None and (before_us is None or as_of is None or known_at[row] <= as_of + DAY_US):
            values[row] = int(_is_same(value, counted))
    return Outcomes(values, known_at, np.ones(len(keys)))


def _inactive_keys(days: int, store: Store, as_of: int | None) -> Keys:
    """Everybody active in the `days` before each of the last cut-offs."""
    step = days * DAY_US
    span = store.rows(f"SELECT min(time), max(time) FROM {_ACTIVITY}")[0]
    if span[0] is None:
        return _keys(store, [])
    last = int(span[1]) + 1 if as_of is None else as_of + 1
    newest = (last - GRID_ORIGIN_US) // step * step + GRID_ORIGIN_US
    oldest = max(newest - MAX_CUT_OFFS * step, int(span[0]) + step)
    query = f"""SELECT DISTINCT ((time - {GRID_ORIGIN_US}) // {step} + 1) * {step} + {GRID_ORIGIN_US} AS moment, actor
        FROM {_ACTIVITY} WHERE actor IS NOT NULL AND time < {newest} ORDER BY moment, actor"""
    return _keys(store, [(int(at), int(actor)) for at, actor in store.rows(query) if oldest <= int(at) <= newest])


def _inactive_outcomes(window: int, gap: int, store: Store, keys: Keys, as_of: int | None) -> Outcomes:
    """1 = nothing done in the window; unknown until the window has ended."""
    last = as_of if as_of is not None else int(store.rows(f"SELECT coalesce(max(time), 0) FROM {_ACTIVITY}")[0][0])
    known_at = keys.at + (gap + window) * DAY_US
    values = np.where(known_at <= last + 1, 1, -1).astype(np.int64)
    places: dict[tuple[int, int], int] = {pair: row for row, pair in enumerate(zip(keys.code.tolist(), keys.at.tolist(), strict=True))}
    for at in np.unique(keys.at[values >= 0]).tolist():
        start = at + gap * DAY_US
        query = f"SELECT DISTINCT actor FROM {_ACTIVITY} WHERE time >= {start} AND time < {start + window * DAY_US} AND actor IS NOT NULL"
        for (actor,) in store.rows(query):
            row = places.get((int(actor), at))
            if row is not None:
                values[row] = 0
    return Outcomes(values, known_at, np.ones(len(keys)))


# inputs ------------------------------------------------------------------------------------------------------------------


def _inputs(left_out: tuple[str, ...], dated: bool, store: Store, keys: Keys, signature: Signature | None) -> tuple[Any, Signature]:
    """Encoded columns known before each key's moment; without dates everything that is known."""
    if not dated:
        keys = Keys(keys.code, np.zeros(len(keys), dtype=np.int64), keys.ids)
    raw = raw_columns(store, keys, leave_out=left_out, trained=signature)
    used = describe(raw) if signature is None else signature
    return encode(raw, used, len(keys)), used


def _row_input(store: Store, row: Mapping[str, Any], signature: Signature) -> Any:
    """Inputs of one row given by a caller; with a known `subject` its stored columns fill what was not given."""
    raw = row_columns(row, signature)
    if "subject" in row:
        found = store.rows("SELECT code FROM actor_codes WHERE id = ? LIMIT 1", [str(row["subject"])])
        if found:
            keys = Keys(np.array([found[0][0]], dtype=np.int32), np.zeros(1, dtype=np.int64), np.array([row["subject"]], dtype=object))
            raw = {**raw_columns(store, keys, trained=signature), **raw}
    return encode(raw, signature, 1)


OUTCOME = TaskTemplate(
    TEMPLATE,
    wording.TEMPLATE_TITLE,
    make_outcome,
    ("outcome", "inactive_days", "gap_days", "window_days", "window", "effort"),
    suggest_outcome,
)
