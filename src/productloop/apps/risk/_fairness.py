"""Rates and errors by group on people whom the model had not seen: each person's last row, flagged as the list would have flagged them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from productloop.apps.risk import fairness_wording as wording
from productloop.apps.risk._asking import whole
from productloop.apps.risk._class_choice import choose_classes, find_any_task
from productloop.apps.risk._judged import JudgedRows, judged_rows
from productloop.apps.risk._leave_out import written_name
from productloop.apps.risk._live import Live, open_model, rows_of_first
from productloop.apps.risk._naming import Names, names_of, split_words, tidy
from productloop.apps.risk._scoring import FLAGGED_SHARE
from productloop.apps.risk.fairness_types import ColumnView, DifferenceView, FairnessReport, FairnessRequest, GroupView
from productloop.apps.risk.tasks import event_of
from productloop.apps.risk.wording import FEATURES
from productloop.foundation.errors import MissingData
from productloop.foundation.figures import Figure
from productloop.foundation.tables import fold_header
from productloop.foundation.wording import Say, say
from productloop.learning.fairness import MIN_ROWS, Difference, GroupRates, audit
from productloop.learning.intervals import Interval
from productloop.loop.action import Run
from productloop.loop.features import raw_columns
from productloop.loop.records import Keys

SHOWN = ("outcomes", "actors", "events", "orders", "feedback")
PROTECTED_WORDS = (
    *("sex", "gender", "age", "senior", "birth", "birthday", "race", "racial", "ethnicity", "ethnic", "nationality", "religion"),
    *("disability", "disabled", "marital", "married", "pregnant", "orientation", "foreign", "dependents", "partner"),
    *("性别", "年龄", "生日", "出生", "民族", "国籍", "宗教", "婚", "残疾", "户籍", "户口", "籍贯"),
)
"""A column whose name holds one of these as a word (or anywhere, in Chinese) is one that law or decency protects, or stands close to one."""
MAX_GROUPS = 6
NUM_BANDS = 4
MAX_COLUMNS = 6


@dataclass(frozen=True, slots=True)
class Groups:
    """(n,) codes of the groups of one column, -1 = not known, and their names."""

    codes: NDArray[np.intp]
    names: tuple[Say | str, ...]


@dataclass(frozen=True, slots=True)
class _LookedAt:
    """The people of a report, and which of them count as flagged."""

    run: Run
    live: Live
    judged: JudgedRows
    flagged: NDArray[np.bool_]
    names: Names


def answer_fairness(run: Run, request: FairnessRequest) -> FairnessReport:
    """The report of `risk fairness`."""
    task = find_any_task(run, request.task)
    if task is None:
        raise MissingData(wording.FAIRNESS_NO_TASK)
    with whole(run) as store:
        live = open_model(store, task)
        if live is None:
            raise MissingData(wording.FAIRNESS_NOT_TRAINED, task=task.name)
        frame: dict[str, Any] = {**run.frame("risk.fairness", SHOWN), "task": task.name, "event": event_of(task)}
        if task.kind != "classes":
            return FairnessReport(**frame, state="number", judged=run.figure("judged", None, "people", "risk.define.fairness_judged"))
        judged = None
        if live.told_apart:
            choice = choose_classes(live, request.value)
            frame |= {"event": choice.event, "classes": choice.others}
            judged = _last_rows(replace(judged_rows(run, store, live), places=choice.places))
        num = 0 if judged is None else len(judged.keys)
        frame["judged"] = run.figure("judged", num, "people", "risk.define.fairness_judged")
        if judged is None:
            return FairnessReport(**frame, state="baseline")
        if num < 2 * MIN_ROWS:
            return FairnessReport(**frame, state="few")
        raw = raw_columns(store, judged.keys if task.dated else Keys(judged.keys.code, np.zeros(num, dtype=np.int64), judged.keys.ids))
        protected = run.settings.tasks.get(task.name, {}).get("protected", ())
        chosen, unknown = _columns(raw, request.column, [protected] if isinstance(protected, str) else list(protected))
        flagged = _flagged(judged, request.threshold)
        looked_at = _LookedAt(run, live, judged, flagged, names_of(store))
        columns = [_column(looked_at, name, raw[name], number) for number, name in enumerate(chosen)]
        return FairnessReport(
            **frame,
            state="model" if chosen else "no_column",
            flagged=run.figure("flagged", int(flagged.sum()), "people", "risk.define.fairness_flagged"),
            columns=tuple(column for column in columns if column is not None),
            unknown_columns=unknown,
            known_columns=() if chosen else tuple(sorted(raw, key=lambda name: (name in FEATURES, name))),  # the user's own first
        )


def _last_rows(judged: JudgedRows) -> JudgedRows:
    """One row a person, the latest: rows of one person are not independent."""
    order = np.lexsort((judged.keys.at, judged.keys.code))
    last = np.flatnonzero(np.diff(judged.keys.code[order], append=-1) != 0)
    rows = np.sort(order[last])
    return JudgedRows(judged.keys.take(rows), judged.outcomes[rows], judged.probabilities[rows], judged.places)


def _flagged(judged: JudgedRows, threshold: float | None) -> NDArray[np.bool_]:
    if threshold is not None:
        return np.asarray(judged.chance > threshold, dtype=np.bool_)
    chosen = np.zeros(len(judged.keys), dtype=np.bool_)
    chosen[rows_of_first(judged.chance, max(1, round(FLAGGED_SHARE * len(chosen))))] = True
    return chosen


def _columns(raw: Mapping[str, Any], asked: Sequence[str], protected: Sequence[str]) -> tuple[list[str], tuple[str, ...]]:
    """(columns to compare, names asked for that there are not)."""
    by_header = {fold_header(name): name for name in raw}
    wanted = asked or protected
    found = [by_header[fold_header(name)] for name in wanted if fold_header(name) in by_header]
    if not asked:
        found += [name for name in raw if is_protected(name)]
    return list(dict.fromkeys(found))[:MAX_COLUMNS], tuple(name for name in wanted if fold_header(name) not in by_header)


def is_protected(name: str) -> bool:
    """Whether a column's name says that it holds what law or decency protects."""
    folded = split_words(name)
    return any(word in folded.split() if word.isascii() else word in folded for word in PROTECTED_WORDS)


def groups_of_values(values: NDArray[Any]) -> Groups | None:
    """Categories as they are (the rarest together), numbers with few values by value, other numbers in four bands; None with one group only."""
    if values.dtype == object:
        known = np.array([value is not None for value in values], dtype=bool)
        written = np.array([str(value) for value in values[known]], dtype=str)
    else:
        known = np.isfinite(values)
        if len(np.unique(values[known])) > MAX_GROUPS:
            return _bands(values, known)
        written = np.array([f"{value:g}" for value in values[known]], dtype=str)
    found, counts = np.unique(written, return_counts=True)
    if len(found) < 2:
        return None
    kept = sorted(found[np.argsort(-counts, kind="stable")][: MAX_GROUPS if len(found) <= MAX_GROUPS else MAX_GROUPS - 1].tolist())
    places = {name: place for place, name in enumerate(kept)}
    codes = np.full(len(values), -1, dtype=np.intp)
    codes[known] = [places.get(one, len(kept)) for one in written.tolist()]
    names: list[Say | str] = list(kept)
    return Groups(codes, tuple(names if len(found) == len(kept) else [*names, say("risk.fairness.others")]))


def _bands(values: NDArray[np.float64], known: NDArray[np.bool_]) -> Groups | None:
    edges = np.unique(np.quantile(values[known], np.linspace(0, 1, NUM_BANDS + 1)[1:-1], method="lower"))
    codes = np.full(len(values), -1, dtype=np.intp)
    codes[known] = np.searchsorted(edges, values[known], side="left")
    shown = [tidy(float(edge)) for edge in edges]
    names: list[Say | str] = [say("risk.fairness.up_to", value=shown[0])]
    names += [say("risk.fairness.between", above=low, up_to=high) for low, high in pairwise(shown)]
    return Groups(codes, (*names, say("risk.fairness.above", value=shown[-1])))


def _column(asked: _LookedAt, name: str, values: NDArray[Any], number: int) -> ColumnView | None:
    groups = groups_of_values(values)
    if groups is None:
        return None
    rates, differences = audit(groups.codes, len(groups.names), asked.judged.happened, asked.flagged, asked.judged.chance)
    run, release = asked.run, asked.live.release
    protocol = release.card.quality.protocol
    return ColumnView(
        name=asked.names.feature(name),
        used=any(written_name(column) == name for column in release.signature.columns),
        groups=tuple(_group(run, f"{number}_{place}", groups.names[place], one, protocol) for place, one in enumerate(rates)),
        differences=tuple(
            _difference(run, f"{number}_{one.group}_{one.measure}", groups.names[one.group], one, protocol)
            for one in differences
            if one.clear
        ),
        num_unknown=int((groups.codes < 0).sum()),
    )


def _group(run: Run, place: str, name: Say | str, rates: GroupRates, protocol: str | None) -> GroupView:
    def figure(measure: str, value: Interval | None) -> Figure | None:
        if value is None:
            return None
        scale, unit = (100.0, "points") if measure == "gap" else (1.0, "share")
        limits = (scale * value.low, scale * value.high)
        return run.figure(
            f"{place}_{measure}",
            scale * value.value,
            unit,
            f"risk.define.fairness_{measure}",
            n=rates.num_rows,
            interval=limits,
            protocol=protocol,
        )

    people = run.figure(f"{place}_people", rates.num_rows, "people", "risk.define.fairness_judged")
    return GroupView(name=name, people=people, **{str(measure): figure(measure, value) for measure, value in rates.rates.items()})


def _difference(run: Run, place: str, group: Say | str, one: Difference, protocol: str | None) -> DifferenceView:
    scale, unit = (100.0, "points") if one.measure == "gap" else (1.0, "share")
    definition = f"risk.define.fairness_{one.measure}"
    limits = (100 * one.difference.low, 100 * one.difference.high)
    return DifferenceView(
        group=group,
        measure=one.measure,
        here=run.figure(f"{place}_here", scale * one.here, unit, definition, protocol=protocol),
        elsewhere=run.figure(f"{place}_elsewhere", scale * one.elsewhere, unit, definition, protocol=protocol),
        difference=run.figure(
            f"{place}_difference",
            100 * one.difference.value,
            "points",
            "risk.define.fairness_difference",
            interval=limits,
            protocol=protocol,
        ),
    )
