"""The two sides of a comparison: weeks, conditions, or the values of a column, as flags over the texts of a study."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from productloop.apps.needs import compare_wording
from productloop.apps.needs._calendar import local_days
from productloop.apps.needs._segments import columns_of
from productloop.apps.needs._study import Study
from productloop.foundation.errors import UsageError
from productloop.foundation.wording import Say, say
from productloop.loop.action import Run
from productloop.loop.scope import Scope, parse_condition

Flags = NDArray[np.bool_]
Kind = Literal["weeks", "conditions", "column", "none"]

NOW_WEEKS, BEFORE_WEEKS = 4, 8
MAX_VALUES = 6
"""Values of a column that are compared, the most frequent ones."""
MIN_SIDE_VOICES = 8
NAMED_COLUMNS = frozenset(["language", "product", "version", "market", "channel", "plan", "platform", "country"])
DATE = "date"
_DAYS = {"=": np.equal, "!=": np.not_equal, ">=": np.greater_equal, "<=": np.less_equal, ">": np.greater, "<": np.less}


@dataclass(frozen=True, slots=True)
class Pair:
    """Two sides; `overlap` texts meet both conditions and stay in the first."""

    this: Flags
    that: Flags
    this_name: Say
    that_name: Say
    columns: frozenset[str]
    """Columns that define the sides: a mix of these is no news."""
    overlap: int


def sides(run: Run, found: Study, this: Sequence[str], that: Sequence[str]) -> tuple[Kind, list[Pair], Say | None]:
    """(kind, pairs, why there is none). UsageError for a condition or column that does not exist."""
    if run.scope.by is not None and (this or that):
        raise UsageError(compare_wording.TWO_WAYS, name=run.scope.by)
    if that and not this:
        raise UsageError(compare_wording.ONE_SIDE, conditions=" ".join(that))
    if run.scope.by is not None:
        return _by_column(run, found, run.scope.by)
    if this:
        ours = _meets(run, found, this)
        theirs = _meets(run, found, that) if that else ~ours
        names = [say("needs.compare.side.conditions", conditions=", ".join(given)) for given in (this, that)]
        rest = names[1] if that else say("needs.compare.side.rest")
        columns = frozenset(parse_condition(condition)[0] for condition in (*this, *that))
        overlap = int((ours & theirs).sum())
        return "conditions", [Pair(ours, theirs & ~ours, names[0], rest, columns, overlap)], None
    return _by_weeks(found)


def _by_weeks(found: Study) -> tuple[Kind, list[Pair], Say | None]:
    weeks = found.weeks
    if weeks is None:
        return "none", [], say("needs.compare.undated")
    if weeks.num_whole < 2:
        return "none", [], say("needs.compare.short")
    recent = min(NOW_WEEKS, weeks.num_whole // 2)
    first = weeks.last_whole - recent + 1
    before = max(weeks.first_whole, first - BEFORE_WEEKS)
    ours = (weeks.week >= first) & (weeks.week <= weeks.last_whole)
    theirs = (weeks.week >= before) & (weeks.week < first)
    names = [
        say("needs.compare.side.weeks", num=last - since + 1, since=weeks.day(since).isoformat())
        for since, last in ((first, weeks.last_whole), (before, first - 1))
    ]
    return "weeks", [Pair(ours, theirs, names[0], names[1], frozenset(), 0)], None


def _by_column(run: Run, found: Study, column: str) -> tuple[Kind, list[Pair], Say | None]:
    values = column_values(run, found, column)
    known = np.array([value is not None for value in values], dtype=bool)
    voices = {value: len(np.unique(found.texts.voice[values == value])) for value in {str(v) for v in values[known]}}
    large = [value for value, count in voices.items() if count >= MIN_SIDE_VOICES]
    often = sorted(large, key=lambda value: (-voices[value], value))[:MAX_VALUES]
    if len(often) < 2:
        return "none", [], say("needs.compare.one_value", column=column)
    inside = np.isin(values.astype(str), often) & known
    pairs = []
    for value in often if len(often) > 2 else often[:1]:
        ours = known & (values.astype(str) == value)
        other = value_name(column, often[1]) if len(often) == 2 else say("needs.compare.side.others", column=column)
        pairs.append(Pair(ours, inside & ~ours, value_name(column, value), other, frozenset([column]), 0))
    return "column", pairs, None


def value_name(column: str, value: str) -> Say:
    """Words for a value of a column, such as “version 2.1”."""
    if column == "language":
        return say(f"needs.language.{value}") if value in ("zh", "en") else say("needs.compare.side.value", column=column, value=value)
    key = f"needs.topics.over.{column}" if column in NAMED_COLUMNS else "needs.compare.side.value"
    return say(key, value=value) if column in NAMED_COLUMNS else say(key, column=column, value=value)


def column_values(run: Run, found: Study, column: str) -> NDArray[np.object_]:
    """(n,) value of each text as words, None where unknown. UsageError where nobody knows the column."""
    known = columns_of(found, run.store)
    if column in known:
        return np.array([None if value is None else str(value) for value in known[column]], dtype=object)
    if column not in run.store.names("feedback"):
        raise UsageError(compare_wording.NO_SUCH_COLUMN, column=column, known=", ".join(sorted(known) or ["date"]))
    rows = {str(row[0]): row[1] for row in run.store.rows(f'SELECT row_id, CAST("{column}" AS VARCHAR) FROM feedback')}
    values = [rows.get(str(name)) for name in found.texts.row_id]
    return np.array([None if value is None else str(value) for value in values], dtype=object)


def _meets(run: Run, found: Study, conditions: Sequence[str]) -> Flags:
    """(n,) texts that meet all conditions."""
    meets = np.ones(len(found.texts), dtype=bool)
    for condition in conditions:
        meets &= _meets_one(run, found, condition)
    return meets


def _meets_one(run: Run, found: Study, condition: str) -> Flags:
    column, operator, value = parse_condition(condition)
    if column == DATE:
        return _in_days(run, found, operator, value, condition)
    values = columns_of(found, run.store).get(column)
    if values is not None and operator in ("=", "!="):
        same = np.array([known is not None and str(known).lower() == value.lower() for known in values], dtype=bool)
        return same if operator == "=" else np.array([known is not None for known in values], dtype=bool) & ~same
    if column not in run.store.names("feedback"):
        column_values(run, found, column)  # says which columns there are
    narrowed = run.store.narrowed(Scope(where=(condition,)), run.time_zone, run.as_of)
    try:
        inside = {str(row[0]) for row in narrowed.rows("SELECT row_id FROM feedback")}
    finally:
        narrowed.close()
    return np.array([str(name) in inside for name in found.texts.row_id], dtype=bool)


def _in_days(run: Run, found: Study, operator: str, value: str, condition: str) -> Flags:
    try:
        day = (date.fromisoformat(value) - date(1970, 1, 1)).days
    except ValueError as error:
        raise UsageError(compare_wording.DAY_UNREADABLE, condition=condition) from error
    if operator not in _DAYS:
        raise UsageError(compare_wording.DAY_UNREADABLE, condition=condition)
    return np.asarray(_DAYS[operator](local_days(found.texts.time, run.time_zone), day) & (found.texts.time > 0), dtype=bool)
