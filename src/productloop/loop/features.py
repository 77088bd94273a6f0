"""Features: what was known about each subject before each moment. One function serves training, batch scoring and serving.

Every query joins on `time < at` (or `known_at <= at`), so deleting the future changes nothing; the task battery checks that.
Raw columns become `Columns` (learning) through a Signature: unseen categories become "other", missing numbers stay NaN.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from productloop.foundation.errors import DataProblem
from productloop.learning.columns import Columns
from productloop.loop import feature_dates as dates
from productloop.loop import feature_queries as queries
from productloop.loop import wording
from productloop.loop.feature_queries import DAY_US as DAY_US  # read from here by the apps
from productloop.loop.feature_queries import EVENT_SUFFIX, SUMS_OF_EVENTS, TOPIC_PREFIX, RawColumns
from productloop.loop.records import InputColumn, Keys, Signature
from productloop.loop.store import Store

MAX_CATEGORIES = 40
MIN_OF_MANY, MIN_COVERED = 5, 0.25
"""Of more than 40 categories: rows that one needs to be kept, and the share of all rows that the kept ones must hold."""
MAX_DIFFERENT = 0.5
"""Share of different values above which a column that could be an identifier or free text is one."""
ID_WORDS = frozenset(("id", "ids", "uid", "udi", "uuid", "guid", "rownumber", "zip", "zipcode", "postcode"))
ID_LAST_WORDS = frozenset(("number", "no", "num", "key", "index", "code", "ref", "reference"))
ID_ENDINGS = ("编号", "号码", "序号", "邮编", "单号", "卡号")
_NAME_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_MASKED = re.compile(r"\[[a-z_]+\]")
MAX_EVENT_NAMES = 12
MAX_TOPICS = 40


def raw_columns(store: Store, keys: Keys, *, leave_out: Sequence[str] = (), trained: Signature | None = None) -> RawColumns:
    """All features of the subjects: attributes valid at `at`, and sums over events, orders and feedback before `at`.

    Returns name -> (n,) array; float for numbers (NaN = missing), object for categories (None = missing). Which events and topics have
    a column is decided at training (`trained` = None: the most common ones); afterwards the signature names them, however the ranking moves.
    """
    counted, topics = _chosen_names(store) if trained is None else _trained_names(trained)
    columns: RawColumns = {}
    with queries.KeysView(store, keys) as query:
        if store.count("actors"):
            columns |= queries.attributes(store, query)
            if store.rows("SELECT 1 FROM actors WHERE account IS NOT NULL LIMIT 1"):
                columns |= queries.accounts(query)
        if store.count("events"):
            columns |= queries.events(store, query, counted)
        if store.count("orders"):
            _merge(columns, queries.orders(query))
        if store.count("feedback"):
            _merge(columns, queries.feedback(query, topics))
    hidden = set(leave_out)
    return {name: values for name, values in columns.items() if name not in hidden}


def _merge(columns: RawColumns, more: RawColumns) -> None:
    """Calls for help are counted wherever they were made; a change of plan may stand in the orders and in the attributes: it is one."""
    if "support_contacts_84_days" in columns and "support_contacts_84_days" in more:
        more["support_contacts_84_days"] += columns["support_contacts_84_days"]
    if "plan_changes_168_days" in columns and "plan_changes_168_days" in more:
        more["plan_changes_168_days"] = np.maximum(more["plan_changes_168_days"], columns["plan_changes_168_days"])
    columns |= more


def _chosen_names(store: Store) -> tuple[list[str], list[str]]:
    """The event names most people do, and the topics most people raise."""
    by_people = "SELECT name FROM events WHERE name IS NOT NULL GROUP BY name ORDER BY count(DISTINCT actor) DESC, name LIMIT ?"
    events = [str(row[0]) for row in store.rows(by_people, [MAX_EVENT_NAMES]) if f"{row[0]}{EVENT_SUFFIX}" not in SUMS_OF_EVENTS]
    topics = store.rows("SELECT topic FROM topics ORDER BY num_people DESC, topic LIMIT ?", [MAX_TOPICS])
    return events, [str(row[0]) for row in topics]


def _trained_names(trained: Signature) -> tuple[list[str], list[str]]:
    names = [column.name for column in trained.columns]
    events = [name.removesuffix(EVENT_SUFFIX) for name in names if name.endswith(EVENT_SUFFIX) and name not in SUMS_OF_EVENTS]
    return events, [name.removeprefix(TOPIC_PREFIX) for name in names if name.startswith(TOPIC_PREFIX)]


# raw columns <-> Columns -------------------------------------------------------------------------------------------------


def describe(raw: RawColumns) -> Signature:
    """The signature of raw columns as they are at training.

    Left out: columns without variation, identifiers (all but unique whole numbers or words that are named as one), free text, contact
    details that were masked. Dates become days, weekday and month. Of more than 40 categories those with 5 rows or more are kept, the most
    frequent 40 at most, the others are "other"; where even these hold less than a quarter of the rows, the column is free text.
    """
    columns: list[InputColumn] = []
    for name in sorted(raw):
        values = raw[name]
        if values.dtype == object:
            columns += _described_words(name, [str(value) for value in values if value is not None])
        else:
            known = values[np.isfinite(values)]
            if len(known) and known.min() < known.max() and not _is_identifier(name, known):
                columns.append(InputColumn(name=name, kind="number"))
    return Signature(columns=tuple(columns))


def _described_words(name: str, present: Sequence[str]) -> list[InputColumn]:
    found, counts = np.unique(np.asarray([one for one in present if not _MASKED.fullmatch(one)], dtype=str), return_counts=True)
    if len(found) < 2:
        return []
    order = dates.date_order(found.tolist())
    if order is not None:
        return _described_dates(name, dates.days_of(found, order), order)
    ranked = np.argsort(-counts, kind="stable")[:MAX_CATEGORIES]
    if len(found) > MAX_CATEGORIES:
        ranked = ranked[counts[ranked] >= MIN_OF_MANY]
        if counts[ranked].sum() < MIN_COVERED * counts.sum() or len(found) > MAX_DIFFERENT * counts.sum():
            return []
    return [InputColumn(name=name, kind="category", categories=tuple(sorted(str(category) for category in found[ranked])))]


def _described_dates(name: str, days: NDArray[np.float64], order: str) -> list[InputColumn]:
    described = []
    for part in dates.PARTS:
        values = dates.part_of(days[~np.isnan(days)], part)
        if values.min() < values.max():
            kind: Literal["number", "category"] = "category" if part == "weekday" else "number"
            categories = dates.WEEKDAYS if part == "weekday" else ()
            described.append(InputColumn(name=f"{name}:{part}", kind=kind, unit=f"{part}:{order}", categories=categories))
    return described


def _is_identifier(name: str, known: NDArray[np.float64]) -> bool:
    """Whole numbers, most of them different, under a name that ends like a number somebody gives out: policy_number, zip, 编号."""
    words = [word.lower() for word in _NAME_WORD.findall(name)]
    named = bool(words) and (words[-1] in ID_WORDS or (len(words) > 1 and words[-1] in ID_LAST_WORDS))
    if not named and not name.strip().endswith(ID_ENDINGS):
        return False
    return bool((known == np.round(known)).all() and len(np.unique(known)) > MAX_DIFFERENT * len(known))


def date_part(column: InputColumn) -> tuple[str, dates.Part, str] | None:
    """(raw column, part, order) of an input that is part of a date; None for any other."""
    if column.unit is None:
        return None
    part, _, order = column.unit.partition(":")
    for known in dates.PARTS:
        if part == known and order:
            return column.name.removesuffix(f":{part}"), known, order
    return None


def encode(raw: Mapping[str, NDArray[Any]], signature: Signature, num_rows: int) -> Columns:
    """Raw columns as a model takes them. A required column that is missing is an error that names it; any other is all-missing."""
    if num_rows == 1 and signature.is_plain:
        return _encode_one({name: given[0] for name, given in raw.items()}, signature)
    values = np.full((num_rows, len(signature.columns)), np.nan)
    read: dict[str, NDArray[np.float64]] = {}  # days of each column of dates
    for index, column in enumerate(signature.columns):
        dated = date_part(column)
        if dated is not None and dated[0] in raw:
            if dated[0] not in read:
                read[dated[0]] = dates.days_of(raw[dated[0]], dated[2])
            values[:, index] = dates.part_of(read[dated[0]], dated[1])
            continue
        given = raw.get(column.name)
        if given is None:
            if column.required:
                raise _missing(column, signature)
            continue
        if column.kind == "number":
            numbers = _numbers(given)
            values[:, index] = np.where(np.isinf(numbers), np.nan, numbers)
        else:
            other = len(column.categories)
            values[:, index] = [np.nan if v is None else column.codes.get(str(v), other) for v in given]
    return Columns(values, *signature.layout)


def encode_row(row: Mapping[str, Any], signature: Signature) -> Columns:
    """`encode` of one row given by a caller: unknown names are ignored, missing ones stay missing."""
    return _encode_one(row, signature) if signature.is_plain else encode(row_columns(row, signature), signature, 1)


def _encode_one(row: Mapping[str, Any], signature: Signature) -> Columns:
    """One row cell by cell, as `encode` does it column by column: a tenth of the time, which is what an online answer waits for."""
    cells = [math.nan] * len(signature.columns)
    for index, column in enumerate(signature.columns):
        value = row.get(column.name)
        if value is None:
            if column.required and column.name not in row:
                raise _missing(column, signature)
            continue
        if column.kind == "number":
            cells[index] = _number(value)
        else:
            cells[index] = column.codes.get(str(value), len(column.categories))
    return Columns(np.array([cells], dtype=np.float64), *signature.layout)


def _missing(column: InputColumn, signature: Signature) -> DataProblem:
    return DataProblem(wording.INPUT_MISSING, column=column.name, needed=", ".join(c.name for c in signature.columns if c.required))


def _number(value: Any) -> float:
    """A finite number, or NaN."""
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        return math.nan
    return number if math.isfinite(number) else math.nan


def _numbers(given: NDArray[Any]) -> NDArray[np.float64]:
    if given.dtype.kind in "iufb":
        return given.astype(np.float64)
    numbers = np.full(len(given), np.nan)
    for index, value in enumerate(given):
        try:
            numbers[index] = np.nan if value is None else float(value)
        except (TypeError, ValueError, OverflowError):
            numbers[index] = np.nan
    return numbers


def row_columns(row: Mapping[str, Any], signature: Signature) -> RawColumns:
    """One row given by a caller as raw columns; unknown names are ignored, missing ones stay missing."""
    raw: RawColumns = {}
    for column in signature.columns:
        dated = date_part(column)
        name = column.name if dated is None else dated[0]
        if name in row:
            raw[name] = np.array([row[name]], dtype=object)
    return raw
