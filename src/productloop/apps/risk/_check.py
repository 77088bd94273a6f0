"""`risk check`: what gives the answer away, with rows to look at, and what the rows of a task can and cannot say.

Everything is judged on the rows and inputs a training would take. Which alarm means what: `learning/leaks.py`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from productloop.apps.risk._asking import find_task, whole
from productloop.apps.risk._guards import MIN_CASES, lacks_history
from productloop.apps.risk._leave_out import written_name
from productloop.apps.risk._naming import GROUPS, Names, names_of, tidy
from productloop.apps.risk._people import present_people
from productloop.apps.risk.check_types import Alarm, CheckReport, CheckRequest, DriftView, Example, MissingView
from productloop.apps.risk.tasks import event_of
from productloop.foundation.figures import Figure
from productloop.foundation.wording import Say, say
from productloop.learning.comparisons import fisher_tail
from productloop.learning.drift import learn_bins, measure_drift
from productloop.learning.intervals import share_interval
from productloop.learning.leaks import Leak, LeakKind, copies, gives_away, identifiers, later_than_asked, total_of_today, value_of_today
from productloop.loop import feature_dates as dates
from productloop.loop.action import Run
from productloop.loop.feature_queries import KeysView, paid_plan, totals
from productloop.loop.features import DAY_US, date_part, raw_columns
from productloop.loop.records import Examples, InputColumn, Keys
from productloop.loop.serve import current_subjects
from productloop.loop.store import Store
from productloop.loop.task import Task
from productloop.loop.train import build_examples, known, splits

TABLES = ("outcomes", "actors", "events", "orders", "feedback")
MAX_ALARMS, MAX_GAPS, MAX_DRIFTS = 20, 10, 10
GAP, GAP_P = 0.05, 0.01
"""A gap is told when the shares differ by 5 points and the difference is no chance at 1 % over all columns (Fisher, Bonferroni)."""
AGES = frozenset({"orders", *(name for name, group in GROUPS.items() if group == "age")})
"""Inputs that grow by themselves as time goes on: no sign of other people."""
PROTOCOL = "risk.protocol.check"
SEVERITY: tuple[LeakKind, ...] = ("answer", "value", "future", "total", "present", "identifier", "copies", "near_copies")
"""The order in which alarms are told."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """The labelled rows of a task. happened: (n,) 0 or 1; judges: (n,) rows that a training would hold back."""

    task: Task
    examples: Examples
    happened: NDArray[np.int64]
    judges: NDArray[np.bool_]
    names: Names


def answer_check(run: Run, request: CheckRequest) -> CheckReport:
    """Look at the rows and inputs of one risk task before a model of it is trusted."""
    task = find_task(run, request.task, every_kind=True)
    frame = run.frame("risk.check", TABLES)
    if task is None:
        return CheckReport(**frame, state="no_task")
    with whole(run) as store:
        run.progress("rows", 0, 3)
        everything = build_examples(task, store, run.as_of)
        examples = known(everything)
        happened = happened_of(task, examples.outcomes.value)
        fields = _counts(run, task, everything, examples, happened) | {"limits": _limits(store, task, examples, happened)}
        num, hits = len(happened), int(happened.sum())
        if num < task.min_rows or hits in (0, num):
            return CheckReport(**frame, state="few" if num < task.min_rows else "one_class", **fields)
        asked = _Asked(task, examples, happened, _judges(examples, run.seed), names_of(store))
        run.progress("columns", 1, 3)
        raw = raw_columns(store, examples.keys)
        alarms = _alarms(run, store, asked, raw)
        run.progress("now", 2, 3)
        already = tuple(str(name) for name in dict(task.options or {}).get("leave_out", ()))
        drifts, num_now = _drifts(run, store, asked, everything, {alarm.column for alarm in alarms})
        return CheckReport(
            **frame,
            state="checked",
            alarms=alarms,
            already=already,
            leave_out=tuple(dict.fromkeys((*already, *(alarm.column for alarm in alarms if alarm.column and alarm.kind != "near_copies")))),
            unused=_unused(asked, raw, already),
            gaps=_gaps(run, store, asked, {alarm.column for alarm in alarms}),
            drifts=drifts,
            num_now=num_now,
            **fields,
        )


def happened_of(task: Task, values: NDArray[Any]) -> NDArray[np.int64]:
    """(n,) 1 where the outcome that counts was had: the second of two classes, a counted one of several, any number above 0."""
    if values.ndim == 2:
        return (values[:, 1] > 0).astype(np.int64)
    if task.kind == "classes":
        return np.isin(values, task.counted or (1,)).astype(np.int64)
    return (values > 0).astype(np.int64)


def _judges(examples: Examples, seed: int) -> NDArray[np.bool_]:
    judges = np.zeros(len(examples.keys), dtype=bool)
    if examples.outcomes.value.ndim == 1 and np.issubdtype(examples.outcomes.value.dtype, np.integer):
        judges[splits(examples, seed)[0].test] = True
    return judges


def _counts(run: Run, task: Task, everything: Examples, examples: Examples, happened: NDArray[np.int64]) -> dict[str, Any]:
    num, hits = len(happened), int(happened.sum())
    moments = examples.keys.at[examples.keys.at > 0]
    limits = share_interval(hits, num) if num else None
    return {
        "task": task.name,
        "event": event_of(task),
        "dated": task.dated,
        "rows": run.figure("rows", num, "rows", "risk.define.labelled"),
        "subjects": run.figure("subjects", len(np.unique(examples.keys.code)), "people", "risk.check.define.subjects"),
        "cases": run.figure("cases", hits, "rows", "risk.check.define.cases"),
        "rate": run.figure("rate", hits / num, "share", "risk.define.rate", n=num, interval=(limits.low, limits.high)) if limits else None,
        "open_rows": len(everything.keys) - num,
        "missing_rows": max(0, task.min_rows - num),
        "first_at": int(moments.min()) if len(moments) else None,
        "last_at": int(moments.max()) if len(moments) else None,
        "num_inputs": len(examples.signature.columns),
    }


def _limits(store: Store, task: Task, examples: Examples, happened: NDArray[np.int64]) -> tuple[Say, ...]:
    """What cannot be known from these rows."""
    found = []
    hits, num = int(happened.sum()), len(happened)
    if not task.dated:
        found.append(say("risk.check.limit.undated"))
        if store.count("events") or store.count("orders"):
            found.append(say("risk.check.limit.undated_activity"))
    elif num and len(np.unique(examples.keys.at)) < 2:
        found.append(say("risk.check.limit.one_moment"))
    elif lacks_history(store) and store.count("actors"):
        found.append(say("risk.check.limit.no_history"))
    if num and 0 < min(hits, num - hits) < MIN_CASES:
        found.append(say("risk.check.limit.few_cases", num=min(hits, num - hits)))
    return tuple(found)


# alarms ------------------------------------------------------------------------------------------------------------------


def _alarms(run: Run, store: Store, asked: _Asked, raw: dict[str, NDArray[Any]]) -> tuple[Alarm, ...]:
    inputs, keys = asked.examples.inputs, asked.examples.keys
    found: list[Leak] = []
    if asked.task.dated and run.as_of is not None:
        found += _later(asked, raw, run.as_of) + _totals(store, asked, raw, run.as_of) + _plans(store, asked, raw, run.as_of)
    found += [*gives_away(inputs, asked.happened, run.seed), *identifiers(inputs, keys.code)]
    if asked.judges.any():
        found += copies(inputs, keys.code, asked.judges)
    first: dict[str, Leak] = {}
    for leak in found:  # one alarm a column, the first says most about how it knows
        first.setdefault(_written(asked, leak.column), leak)
    shown = sorted(first.values(), key=lambda leak: (SEVERITY.index(leak.kind), -leak.num_rows))
    return tuple(_alarm(run, asked, raw, leak) for leak in shown[:MAX_ALARMS])


def _later(asked: _Asked, raw: dict[str, NDArray[Any]], as_of: int) -> list[Leak]:
    """Columns of dates that go on after the moment asked."""
    moments, end = asked.examples.keys.at / DAY_US, as_of / DAY_US
    used = {written_name(column) for column in asked.examples.signature.columns}
    found = []
    for name in sorted(set(raw) & used):
        if raw[name].dtype != object:
            continue
        order = dates.date_order(sorted({str(value) for value in raw[name] if value is not None}))
        if order is not None:
            found.append(later_than_asked(name, dates.days_of(raw[name], order), moments, end))
    return [leak for leak in found if leak is not None]


def _totals(store: Store, asked: _Asked, raw: dict[str, NDArray[Any]], as_of: int) -> list[Leak]:
    """Columns of the user's own that go on with what people did after the moment asked."""
    own = {name for name, _ in store.attributes("actors")} & set(asked.examples.inputs.names)
    columns = [name for name in sorted(own) if raw[name].dtype != object]
    if not columns:
        return []
    keys = asked.examples.keys
    now = Keys(keys.code, np.full(len(keys), as_of + 1, dtype=np.int64), keys.ids)
    with KeysView(store, keys) as query:
        then = totals(query)
    with KeysView(store, now) as query:
        later = totals(query)
    found = []
    for name in columns:
        leaks = [leak for total in then if (leak := total_of_today(name, raw[name], then[total], later[total])) is not None]
        found += leaks[:1]
    return found


def _plans(store: Store, asked: _Asked, raw: dict[str, NDArray[Any]], as_of: int) -> list[Leak]:
    """The plan that stands in the attributes, against the one that the orders name."""
    if "plan" not in asked.examples.inputs.names or not store.count("orders"):
        return []
    keys = asked.examples.keys
    now = Keys(keys.code, np.full(len(keys), as_of + 1, dtype=np.int64), keys.ids)
    with KeysView(store, keys) as query:
        then = paid_plan(query)
    with KeysView(store, now) as query:
        later = paid_plan(query)
    leak = value_of_today("plan", raw["plan"], then.astype(object), later.astype(object))
    return [] if leak is None else [leak]


def _written(asked: _Asked, name: str) -> str:
    return next((written_name(column) for column in asked.examples.signature.columns if column.name == name), name)


def _column(asked: _Asked, name: str) -> InputColumn | None:
    return next((column for column in asked.examples.signature.columns if column.name == name), None)


def _alarm(run: Run, asked: _Asked, raw: dict[str, NDArray[Any]], leak: Leak) -> Alarm:
    written = _written(asked, leak.column)
    name = asked.names.feature(leak.column) if leak.column else say("risk.check.rows")
    event = event_of(asked.task)
    num = run.figure(f"rows.{leak.kind}.{written}", leak.num_rows, "rows", "risk.check.define.alarm_rows")
    base = run.figure(
        f"base.{leak.outcome}", float((asked.happened == leak.outcome).mean()), "share", "risk.define.rate", n=len(asked.happened)
    )
    number = run.figure(
        f"{leak.kind}.{written}", leak.number, "share", f"risk.check.define.{leak.kind}", n=leak.num_rows, protocol=PROTOCOL
    )
    key = f"risk.check.alarm.{leak.kind}"
    slots: dict[str, Any] = {"name": name, "share": number, "num": num, "event": event, "base": base}
    if leak.kind == "answer":
        pairs = run.figure(f"pairs.{written}", math.floor(100 * leak.number + 1e-9), "pairs", "risk.check.define.answer", protocol=PROTOCOL)
        slots["pairs"] = pairs
    if leak.kind == "value":
        column = _column(asked, leak.column)
        there = "empty" if math.isnan(leak.value) else "rest" if leak.rest else "value"
        if leak.rest and there == "empty":
            there = "filled"
        key += f".{there}.{'has' if leak.outcome == 1 else 'has_not'}"
        slots["value"] = "" if column is None else _shown(column, leak.value)
    fix = say(f"risk.check.fix.{'copies' if leak.kind in ('copies', 'near_copies') else leak.kind}", name=name)
    examples = tuple(_example(asked, raw, leak, row) for row in leak.rows)
    return Alarm(
        kind=leak.kind,
        column=written,
        name=name,
        text=Say(key=key, slots=slots),
        fix=fix,
        number=number,
        num_rows=leak.num_rows,
        examples=examples,
    )


def _example(asked: _Asked, raw: dict[str, NDArray[Any]], leak: Leak, row: int) -> Example:
    keys, inputs = asked.examples.keys, asked.examples.inputs
    value: Say | str = ""
    if leak.column in inputs.names:
        column = _column(asked, leak.column)
        number = float(inputs.values[row, inputs.names.index(leak.column)])
        value = f"{number:.0f}" if leak.kind == "identifier" else "" if column is None else _shown(column, number)
    elif leak.column in raw:
        value = str(raw[leak.column][row])
    at = int(keys.at[row])
    return Example(subject=str(keys.ids[row]), value=value, happened=bool(asked.happened[row]), at=at if at > 0 else None)


def _shown(column: InputColumn, value: float) -> Say | str:
    """An encoded value as a person reads it."""
    if math.isnan(value):
        return say("risk.check.empty")
    dated = date_part(column)
    if dated is not None and dated[1] == "day":
        return dates.date_at(value).isoformat()
    if column.kind == "category":
        code = int(value)
        return column.categories[code] if 0 <= code < len(column.categories) else say("risk.check.rare")
    shown = tidy(value)
    return f"{shown:,.0f}" if float(shown).is_integer() else f"{shown:,.1f}"


# the other columns -------------------------------------------------------------------------------------------------------


def _unused(asked: _Asked, raw: dict[str, NDArray[Any]], already: tuple[str, ...]) -> tuple[str, ...]:
    """The user's own columns with more than one value that no input comes from."""
    used = {written_name(column) for column in asked.examples.signature.columns} | set(already)
    found = []
    for name, values in raw.items():
        if name not in used and asked.names.feature(name) == name:
            present = values[np.array([value is not None for value in values])] if values.dtype == object else values[~np.isnan(values)]
            if len(set(present.tolist())) > 1:
                found.append(name)
    outcome = str(dict(asked.task.options or {}).get("column", ""))
    return tuple(name for name in sorted(found) if name.lower().replace("_", "").replace(" ", "") != outcome)


def _gaps(run: Run, store: Store, asked: _Asked, alarmed: set[str]) -> tuple[MissingView, ...]:
    """The user's own columns that are empty more or less often with the outcome than without, the widest difference first."""
    own = {"plan", "platform", "country", *(name for name, _ in store.attributes("actors"))} - alarmed
    inputs, happened = asked.examples.inputs, asked.happened == 1
    num, others = int(happened.sum()), int((~happened).sum())
    found: dict[str, tuple[float, MissingView]] = {}
    for place, name in enumerate(inputs.names):
        empty = np.isnan(inputs.values[:, place])
        written = _written(asked, name)
        if written not in own or written in found or not empty.any():
            continue
        first, second = int(empty[happened].sum()), int(empty[~happened].sum())
        wide = first / num - second / others
        tail = fisher_tail(first, num, second, others) if wide > 0 else fisher_tail(second, others, first, num)
        if abs(wide) < GAP or 2 * tail * len(inputs.names) > GAP_P:
            continue
        shares = [_share(run, f"gap.{written}.{label}", *pair) for label, *pair in (("with", first, num), ("without", second, others))]
        found[written] = (abs(wide), MissingView(name=asked.names.feature(written), with_outcome=shares[0], without=shares[1]))
    return tuple(view for _, view in sorted(found.values(), key=lambda one: -one[0])[:MAX_GAPS])


def _share(run: Run, name: str, hits: int, num: int) -> Figure:
    limits = share_interval(hits, num)
    return run.figure(name, hits / num, "share", "risk.check.define.gap", n=num, interval=(limits.low, limits.high))


def _present(run: Run, store: Store, asked: _Asked, everything: Examples) -> Keys:
    """The people a model would be asked about now: without those who had the outcome or have long been silent, where that can be said."""
    at = run.as_of or run.now
    if asked.task.kind != "classes" or asked.task.counted:
        return current_subjects(store, at)
    inactive_days = dict(asked.task.options or {}).get("inactive_days")
    return present_people(store, at, everything.keys, everything.outcomes, inactive_days).keys


def _drifts(run: Run, store: Store, asked: _Asked, everything: Examples, alarmed: set[str]) -> tuple[tuple[DriftView, ...], int]:
    """Inputs of the people there are now against those of the training; nothing without dates, where now is the training."""
    if not asked.task.dated:
        return (), 0
    keys = _present(run, store, asked, everything)
    if len(keys) == 0:
        return (), 0
    now, _ = asked.task.inputs(store, keys, asked.examples.signature)
    measured = measure_drift(learn_bins(asked.examples.inputs), now)
    moved = sorted(
        (
            one
            for one in measured
            if one.verdict in ("moderate", "large") and one.name not in AGES and _written(asked, one.name) not in alarmed
        ),
        key=lambda one: -(one.psi or 0.0),
    )
    views = [
        DriftView(
            name=asked.names.feature(one.name),
            change=run.figure(f"drift.{one.name}", one.psi, "score", "risk.check.define.drift", n=one.num_rows),
            large=one.verdict == "large",
        )
        for one in moved[:MAX_DRIFTS]
    ]
    return tuple(views), len(keys)
