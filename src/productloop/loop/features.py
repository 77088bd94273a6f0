"""Features: what was known about each subject before each moment. One function serves training, batch scoring and serving.

Every query joins on `time < at` (or `known_at <= at`), so deleting the future changes nothing; the task battery checks that.
Raw columns become `Columns` (learning) through a Signature: unseen categories become "other", missing numbers stay NaN.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from productloop.foundation.errors import DataProblem
from productloop.learning.columns import Columns
from productloop.loop import wording
from productloop.loop.records import InputColumn, Keys, Signature
from productloop.loop.store import Store

DAY_US = 86_400_000_000
MAX_CATEGORIES = 40
MAX_EVENT_NAMES = 12
MAX_TOPICS = 40
FAR = 2**62
RawColumns = dict[str, NDArray[Any]]


EVENT_SUFFIX, TOPIC_PREFIX = "_28_days", "topic:"
SUMS_OF_EVENTS = ("events_28_days", "active_days_28_days")


def raw_columns(store: Store, keys: Keys, *, leave_out: Sequence[str] = (), trained: Signature | None = None) -> RawColumns:
    """All features of the subjects: attributes valid at `at`, and sums over events, orders and feedback before `at`.

    Returns name -> (n,) array; float for numbers (NaN = missing), object for categories (None = missing). Which events and topics have
    a column is decided at training (`trained` = None: the most common ones); afterwards the signature names them, however the ranking moves.
    """
    events, topics = _chosen_names(store) if trained is None else _trained_names(trained)
    with _KeysView(store, keys) as query:
        columns: RawColumns = {}
        if store.count("actors"):
            columns |= _attributes(store, query)
        if store.count("events"):
            columns |= query(_EVENTS) | _per_event(query, events)
        if store.count("orders"):
            columns |= query(_ORDERS)
        if store.count("feedback"):
            columns |= query(_FEEDBACK) | _per_topic(query, topics)
    hidden = set(leave_out)
    return {name: values for name, values in columns.items() if name not in hidden and name != "row"}


class _KeysView:
    """The keys as a table `subject_keys(row, actor, at)` beside the store's views, for the length of one call."""

    def __init__(self, store: Store, keys: Keys) -> None:
        import arro3.core as arrow

        self._cursor = store.db.cursor()
        at = np.where(keys.at > 0, keys.at, FAR)
        self._table = arrow.Table.from_pydict(
            {
                "row": arrow.Array.from_numpy(np.arange(len(keys), dtype=np.int64)),
                "actor": arrow.Array.from_numpy(np.ascontiguousarray(keys.code, dtype=np.int32)),
                "at": arrow.Array.from_numpy(np.ascontiguousarray(at, dtype=np.int64)),
            }
        )
        self._rows = len(keys)

    def __enter__(self) -> _KeysView:
        self._cursor.register("subject_keys", self._table)
        return self

    def __exit__(self, *_: object) -> None:
        self._cursor.unregister("subject_keys")
        self._cursor.close()

    def __call__(self, sql: str, parameters: Sequence[Any] = ()) -> RawColumns:
        """Run a query that gives one row per key with a column `row`; columns come back in key order."""
        found = self._cursor.execute(f"SELECT * FROM ({sql}) ORDER BY row", list(parameters)).fetchnumpy()
        return {name: _feature(values) for name, values in found.items()}


def _feature(values: Any) -> NDArray[Any]:
    if isinstance(values, np.ma.MaskedArray):
        mask = np.ma.getmaskarray(values)
        if values.dtype.kind in "iufb":
            plain = np.asarray(values.data, dtype=np.float64).copy()
            plain[mask] = np.nan
            return plain
        text = np.asarray(values.data, dtype=object).copy()
        text[mask] = None
        return text
    array = np.asarray(values)
    return array.astype(np.float64) if array.dtype.kind in "iufb" else array.astype(object)


def _attributes(store: Store, query: _KeysView) -> RawColumns:
    names = [name for name, kind in store.attributes("actors") if kind in ("DOUBLE", "BIGINT", "BOOLEAN", "VARCHAR", "INTEGER")]
    listed = ", ".join(f'any_value(a."{name}") AS "{name}"' for name in ("plan", "platform", "country", *names))
    # Of several rows known by `at` the newest counts; a row without known_at counts always (the leak alarm says so).
    columns = query(
        f"""
        WITH valid AS (
          SELECT k.row, a.*, row_number() OVER (PARTITION BY k.row ORDER BY a.known_at DESC NULLS LAST, a.sequence DESC) AS newest
          FROM subject_keys k JOIN actors a ON a.actor = k.actor AND (a.known_at IS NULL OR a.known_at <= k.at)
        )
        SELECT k.row, {listed}, (k.at - any_value(a.first_seen)) / {DAY_US} AS days_since_sign_up
        FROM subject_keys k LEFT JOIN (SELECT * FROM valid WHERE newest = 1) a ON a.row = k.row GROUP BY k.row, k.at
        """
    )
    undated = columns["days_since_sign_up"] > FAR / DAY_US / 2
    columns["days_since_sign_up"][undated] = np.nan
    return {name: values for name, values in columns.items() if not _is_empty(values)}


def _is_empty(values: NDArray[Any]) -> bool:
    return bool(all(value is None for value in values)) if values.dtype == object else bool(np.isnan(values).all())


_EVENTS = f"""
    SELECT k.row,
      count(e.time) FILTER (e.time >= k.at - 7 * {DAY_US}) AS events_7_days,
      count(e.time) FILTER (e.time >= k.at - 28 * {DAY_US}) AS events_28_days,
      count(e.time) FILTER (e.time < k.at - 28 * {DAY_US} AND e.time >= k.at - 56 * {DAY_US}) AS events_28_days_before,
      count(DISTINCT e.time // {DAY_US}) FILTER (e.time >= k.at - 28 * {DAY_US}) AS active_days_28_days,
      (k.at - max(e.time)) / {DAY_US} AS days_since_last_event,
      (k.at - min(e.time)) / {DAY_US} AS days_since_first_event
    FROM subject_keys k LEFT JOIN events e ON e.actor = k.actor AND e.time < k.at GROUP BY k.row, k.at
"""
_ORDERS = f"""
    SELECT k.row,
      count(o.time) AS orders,
      count(o.time) FILTER (o.time >= k.at - 84 * {DAY_US}) AS orders_84_days,
      coalesce(sum(o.amount) FILTER (o.time >= k.at - 84 * {DAY_US}), 0) / 100 AS amount_84_days,
      (k.at - max(o.time)) / {DAY_US} AS days_since_last_order
    FROM subject_keys k LEFT JOIN orders o ON o.actor = k.actor AND o.time < k.at GROUP BY k.row, k.at
"""
_FEEDBACK = f"""
    SELECT k.row,
      count(f.row_id) FILTER (f.time >= k.at - 84 * {DAY_US}) AS feedback_84_days,
      avg(f.rating) FILTER (f.time >= k.at - 84 * {DAY_US}) AS mean_rating_84_days
    FROM subject_keys k LEFT JOIN feedback f ON f.author = k.actor AND f.time < k.at GROUP BY k.row, k.at
"""


def _chosen_names(store: Store) -> tuple[list[str], list[str]]:
    """The event names most people do, and the topics most people raise."""
    by_people = "SELECT name FROM events GROUP BY name ORDER BY count(DISTINCT actor) DESC, name LIMIT ?"
    events = [str(row[0]) for row in store.rows(by_people, [MAX_EVENT_NAMES])]
    topics = store.rows("SELECT topic FROM topics ORDER BY num_people DESC, topic LIMIT ?", [MAX_TOPICS])
    return events, [str(row[0]) for row in topics]


def _trained_names(trained: Signature) -> tuple[list[str], list[str]]:
    names = [column.name for column in trained.columns]
    events = [name.removesuffix(EVENT_SUFFIX) for name in names if name.endswith(EVENT_SUFFIX) and name not in SUMS_OF_EVENTS]
    return events, [name.removeprefix(TOPIC_PREFIX) for name in names if name.startswith(TOPIC_PREFIX)]


def _per_event(query: _KeysView, names: Sequence[str]) -> RawColumns:
    if not names:
        return {}
    counts = ", ".join(f"count(e.time) FILTER (e.name = ?) AS e{index}" for index in range(len(names)))
    joined = f"events e ON e.actor = k.actor AND e.time < k.at AND e.time >= k.at - 28 * {DAY_US}"
    found = query(f"SELECT k.row, {counts} FROM subject_keys k LEFT JOIN {joined} GROUP BY k.row", list(names))
    return {f"{name}{EVENT_SUFFIX}": found[f"e{index}"] for index, name in enumerate(names)}


def _per_topic(query: _KeysView, names: Sequence[str]) -> RawColumns:
    if not names:
        return {}
    counts = ", ".join(f"count(DISTINCT f.row_id) FILTER (p.topic = ?) > 0 AS t{index}" for index in range(len(names)))
    recent = f"f.time < k.at AND f.time >= k.at - 84 * {DAY_US}"
    joined = f"feedback f ON f.author = k.actor AND {recent} LEFT JOIN points p ON p.feedback = f.row_id"
    found = query(f"SELECT k.row, {counts} FROM subject_keys k LEFT JOIN {joined} GROUP BY k.row", list(names))
    return {f"{TOPIC_PREFIX}{name}": found[f"t{index}"].astype(np.float64) for index, name in enumerate(names)}


# raw columns <-> Columns -------------------------------------------------------------------------------------------------


def describe(raw: RawColumns) -> Signature:
    """The signature of raw columns as they are at training. Columns without variation and identifiers are left out."""
    columns = []
    for name in sorted(raw):
        values = raw[name]
        if values.dtype == object:
            present = [str(value) for value in values if value is not None]
            found, counts = np.unique(np.asarray(present, dtype=str), return_counts=True)
            if 2 <= len(found) <= max(MAX_CATEGORIES, 0.5 * len(present)):
                kept = sorted(str(category) for category in found[np.argsort(-counts, kind="stable")][:MAX_CATEGORIES])
                columns.append(InputColumn(name=name, kind="category", categories=tuple(kept)))
        else:
            known = values[np.isfinite(values)]
            if len(known) and known.min() < known.max():
                columns.append(InputColumn(name=name, kind="number"))
    return Signature(columns=tuple(columns))


def encode(raw: Mapping[str, NDArray[Any]], signature: Signature, num_rows: int) -> Columns:
    """Raw columns as a model takes them. A required column that is missing is an error that names it; any other is all-missing."""
    values = np.full((num_rows, len(signature.columns)), np.nan)
    for index, column in enumerate(signature.columns):
        given = raw.get(column.name)
        if given is None:
            if column.required:
                raise DataProblem(
                    wording.INPUT_MISSING, column=column.name, needed=", ".join(c.name for c in signature.columns if c.required)
                )
            continue
        if column.kind == "number":
            numbers = _numbers(given)
            values[:, index] = np.where(np.isinf(numbers), np.nan, numbers)
        else:
            codes = {category: code for code, category in enumerate(column.categories)}
            other = len(column.categories)
            values[:, index] = [np.nan if v is None else codes.get(str(v), other) for v in given]
    return Columns(
        values,
        tuple(column.name for column in signature.columns),
        tuple("category" if column.kind == "category" else "number" for column in signature.columns),
        tuple(len(column.categories) if column.kind == "category" else 0 for column in signature.columns),
    )


def _numbers(given: NDArray[Any]) -> NDArray[np.float64]:
    if given.dtype.kind in "iufb":
        return given.astype(np.float64)
    numbers = np.full(len(given), np.nan)
    for index, value in enumerate(given):
        try:
            numbers[index] = np.nan if value is None else float(value)
        except (TypeError, ValueError):
            numbers[index] = np.nan
    return numbers


def row_columns(row: Mapping[str, Any], signature: Signature) -> RawColumns:
    """One row given by a caller as raw columns; unknown names are ignored, missing ones stay missing."""
    raw: RawColumns = {}
    for column in signature.columns:
        if column.name in row:
            raw[column.name] = np.array([row[column.name]], dtype=object)
    return raw
