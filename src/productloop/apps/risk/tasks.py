"""What the risk app learns: who will have an outcome, asked at past moments with only what was known then.

Two ways to say what counts. `outcome = "churn=1"`: rows of the table `outcomes`; a dated one asks `window_days + gap_days` before it was
observed, an undated one (a table of customers with a yes/no column) asks without a moment. `inactive_days = N`: everybody active in the N
days before a cut-off is asked whether they do anything in the window after it; cut-offs lie on a fixed grid of N days, so that a row keeps
its identity when time moves on. A window that has not ended is unknown, never "no". Other targets than yes or no: `_targets.py`.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from productloop.apps.risk import wording
from productloop.apps.risk._guards import guards, lacks_history
from productloop.apps.risk._inputs import inputs_at, row_input
from productloop.apps.risk._leave_out import leave_out_option, leaving_out
from productloop.apps.risk._options import days_option, effort_option, filled
from productloop.apps.risk._outcomes import (
    ACTIVITY,
    active_keys,
    inactive_outcomes,
    is_dated,
    is_same,
    outcome_keys,
    outcomes_at,
    values_of,
)
from productloop.apps.risk._row_reasons import row_reasons
from productloop.apps.risk._targets import count_task, many_classes, time_task
from productloop.apps.risk._treated import untouched_outcomes
from productloop.foundation.errors import UsageError
from productloop.foundation.settings import Settings, load_settings
from productloop.foundation.tables import fold_header
from productloop.foundation.wording import Say, say
from productloop.learning.constant import CONSTANT
from productloop.learning.selection import Effort, selection
from productloop.loop.features import DAY_US
from productloop.loop.store import SETTINGS_FILE, Store
from productloop.loop.task import Task, TaskTemplate

TEMPLATE = "risk.outcome"
WINDOW_DAYS = 28
COUNTED_NAMES = ("1", "yes", "true", "y", "left", "churned", "lost", "是", "流失")
LEAVING_NAMES = ("churn", "churned", "exited", "left", "leave", "attrition", "是否流失", "流失")
TARGETS = ("class", "count", "time")
READS = ("outcomes", "actors", "events", "orders", "feedback", "topics", "points")


def make_outcome(name: str, options: Mapping[str, Any], store: Store) -> Task:
    """The task `name`, without the columns it is told to leave out. Raises UsageError when the options do not say what to predict."""
    return replace(leaving_out(_make(name, options, store), leave_out_option(name, options)), explainer=row_reasons)


def _make(name: str, options: Mapping[str, Any], store: Store) -> Task:
    target = options.get("target", "class")
    if target not in TARGETS:
        raise UsageError(wording.OPTION_UNREADABLE, task=name, option="target", value=target, expected=", ".join(TARGETS))
    if target == "count":
        return count_task(name, TEMPLATE, options, store, days_option(name, options, "window_days", WINDOW_DAYS, 1))
    if target == "time":
        return time_task(_make(name, {key: value for key, value in options.items() if key != "target"}, store), options, store)
    gap, effort = days_option(name, options, "gap_days", 0, 0), effort_option(name, options)
    if "outcome" in options:
        return _from_outcomes(name, str(options["outcome"]), gap, options, store)
    if "inactive_days" not in options:
        raise UsageError(wording.OPTION_MISSING, task=name)
    days = days_option(name, options, "inactive_days", 0, 1)
    window = days_option(name, options, "window_days", days_option(name, options, "window", days, 1), 1)
    known = {"inactive_days": days, "window_days": window, "gap_days": gap, "dated": True, "effort": effort}
    return Task(
        name=name,
        template=TEMPLATE,
        kind="classes",
        title=filled(wording.TASK_TITLE_INACTIVE, days=window),
        keys=partial(active_keys, days),
        inputs=partial(inputs_at, (), True),
        outcomes=partial(untouched_outcomes, partial(inactive_outcomes, window, gap), window + gap),
        recipes=(CONSTANT, selection(effort)),
        metric="log_loss",
        reads=READS,
        classes=("active", "inactive"),
        guards=partial(guards, lacks_history(store)),
        row_input=row_input,
        options=known,
    )


def _from_outcomes(name: str, outcome: str, gap: int, options: Mapping[str, Any], store: Store) -> Task:
    column, _, value = (part.strip() for part in outcome.partition("="))
    if not column or ("=" in outcome and not value):
        raise UsageError(wording.OPTION_UNREADABLE, task=name, option="outcome", value=outcome, expected='"churn=1"')
    window = days_option(name, options, "window_days", days_option(name, options, "window", WINDOW_DAYS, 1), 1)
    folded, effort = fold_header(column), effort_option(name, options)
    if not value:
        found = _value_counts(store).get(folded, {})
        if not found:
            raise UsageError(wording.OPTION_UNREADABLE, task=name, option="outcome", value=outcome, expected=f'"{column}=1"')
        if len(found) != 2 or "bad" in options:
            return many_classes(name, TEMPLATE, folded, options, store, window)
        value = _counted_value(found)
    dated = is_dated(store, folded)
    others = sorted(found for found in values_of(store, folded) if not is_same(found, value))
    left_out = tuple(attribute for attribute, _ in store.attributes("actors") if fold_header(attribute) == folded)
    known = {"outcome": f"{folded}={value}", "column": folded, "value": value, "window_days": window, "gap_days": gap, "dated": dated}
    known["effort"] = effort
    return Task(
        name=name,
        template=TEMPLATE,
        kind="classes",
        title=filled(wording.TASK_TITLE, outcome=f"{column}={value}"),
        keys=partial(outcome_keys, folded, (window + gap) * DAY_US if dated else None),
        inputs=partial(inputs_at, left_out, dated),
        outcomes=partial(untouched_outcomes, partial(outcomes_at, folded, value, (window + gap) * DAY_US if dated else None), window + gap),
        recipes=(CONSTANT, selection(effort)),
        metric="log_loss",
        reads=READS,
        classes=(others[0] if others and all(is_same(one, others[0]) for one in others) else f"not {value}", value),
        dated=dated,
        guards=partial(guards, dated and lacks_history(store)),
        row_input=row_input,
        options=known,
    )


def with_effort(task: Task, effort: Effort) -> Task:
    """The same task, with this much tried before a model is picked."""
    if task.kind != "classes":
        return task
    return replace(task, recipes=(task.recipes[0], selection(effort)), options={**dict(task.options or {}), "effort": effort})


def suggest_outcome(store: Store) -> tuple[str, Mapping[str, Any]] | None:
    """The outcome with the most rows among those with exactly two values; else inactivity, if the settings name its days."""
    usable = {task: values for task, values in _value_counts(store).items() if len(values) == 2}
    if usable:
        task = max(sorted(usable), key=lambda one: sum(usable[one].values()))
        return (task if task.isascii() and task.isalnum() else "churn"), {"outcome": f"{task}={_counted_value(usable[task])}"}
    days = load_settings(store.root / SETTINGS_FILE, os.environ).number("risk.inactive_days")
    has_activity = bool(store.rows(f"SELECT 1 FROM {ACTIVITY} LIMIT 1"))
    return ("churn", {"inactive_days": days}) if days > 0 and has_activity else None


def said_by(store: Store) -> tuple[str, str] | None:
    """(column of people, its value that means yes) of a column with two values that is named like an outcome; None without one."""
    for name, _ in store.attributes("actors"):
        if fold_header(name) in LEAVING_NAMES:
            quoted = name.replace('"', '""')
            query = f'SELECT "{quoted}"::VARCHAR, count(*) FROM actors WHERE "{quoted}" IS NOT NULL GROUP BY 1 ORDER BY 1 LIMIT 3'
            counts = {str(value): int(num) for value, num in store.rows(query)}
            if len(counts) == 2:
                return name, _counted_value(counts)
    return None


def _value_counts(store: Store) -> dict[str, dict[str, int]]:
    """Outcome -> value -> rows."""
    counts: dict[str, dict[str, int]] = {}
    for task, value, count in store.rows("SELECT task, value, count(*) FROM outcomes WHERE value IS NOT NULL GROUP BY 1, 2"):
        counts.setdefault(fold_header(str(task)), {})[str(value)] = int(count)
    return counts


def _counted_value(values: Mapping[str, int]) -> str:
    """Of two values the one that means yes, else the rarer one."""
    named = [value for value in sorted(values) if value.strip().lower() in COUNTED_NAMES]
    return named[0] if len(named) == 1 else min(sorted(values), key=lambda value: values[value])


def risk_tasks(store: Store, settings: Settings) -> tuple[Task, ...]:
    """The risk tasks of a workspace: those written in its settings, then the suggested one."""
    written = {
        name: make_outcome(name, {key: value for key, value in options.items() if key != "template"}, store)
        for name, options in settings.tasks.items()
        if options.get("template") == TEMPLATE
    }
    suggested = suggest_outcome(store)
    days = settings.number("risk.inactive_days")
    if suggested is None and days > 0 and store.rows(f"SELECT 1 FROM {ACTIVITY} LIMIT 1"):
        suggested = ("churn", {"inactive_days": days})
    if suggested is not None and suggested[0] not in settings.tasks:
        written[suggested[0]] = make_outcome(suggested[0], suggested[1], store)
    return tuple(written.values())


def event_of(task: Task) -> Say:
    """The outcome as a verb: "leave", "do nothing for 28 days", "have failure = 1"."""
    options = dict(task.options or {})
    if "inactive_days" in options:
        return say("risk.event.inactive", days=int(options["window_days"]))
    if options.get("target") == "count":
        return say("risk.event.count", column=str(options["column"]))
    if "values" in options:
        return say("risk.event.any", column=str(options["column"]), values=", ".join(options["values"]))
    if options["column"] in LEAVING_NAMES:
        return say("risk.event.churn")
    return say("risk.event.other", column=str(options["column"]), value=str(options["value"]))


OUTCOME = TaskTemplate(
    TEMPLATE,
    wording.TEMPLATE_TITLE,
    make_outcome,
    (
        *("outcome", "inactive_days", "gap_days", "window_days", "window", "effort", "target", "bad", "count", "duration", "unit"),
        *("leave_out", "protected", "costs"),
    ),
    suggest_outcome,
)
