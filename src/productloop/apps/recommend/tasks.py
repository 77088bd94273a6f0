"""What `recommend` learns: `recommend.next_item`, which item each person chooses next.

A choice is an event with an item (options: `events` = names that count), or an order with an item where no event has one; refunds are not
choices. Where `value` looks like a rating, a choice counts as its rating over 3.
The Signature keeps the item ids in code order, so that serving codes items as training did; items it does not know are left out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from productloop.apps.recommend import wording
from productloop.foundation.errors import DataProblem, UsageError
from productloop.learning.history import History, build_history
from productloop.learning.ranking import RANKING_RECIPES
from productloop.loop.records import InputColumn, Keys, Outcomes, Signature
from productloop.loop.store import Store
from productloop.loop.task import Task, TaskTemplate

SUGGESTED_NAME = "next_item"
MIN_ACTORS, MIN_CHOICES, MIN_ITEMS = 30, 3, 10
"""People with that many choices, and items, that are needed before a recommender is worth training."""
RATINGS = (0.5, 10.0)
MAX_RATING_VALUES = 20
"""`value` is a rating where it is nearly always there, lies in this range and has few different values (stars, half stars, 1-10)."""
RATED_SHARE = 0.95
MIDDLE_RATING = 3.0
FEW_KEYS = 100
FAR = 2**62


@dataclass(frozen=True, slots=True)
class Choosing:
    """What counts as a choice: these events (empty = every event with an item), or orders with an item."""

    events: tuple[str, ...]
    from_orders: bool

    def query(self) -> tuple[str, list[Any]]:
        """SQL of all choices (actor, item, time, import_id, sequence, value) and its parameters."""
        columns, there = "actor, item, time, import_id, sequence", "item IS NOT NULL AND actor IS NOT NULL"
        if self.from_orders:
            kept = "coalesce(amount, 0) >= 0 AND coalesce(kind, '') <> 'refund'"
            return f"SELECT {columns}, NULL::DOUBLE AS value FROM orders WHERE {there} AND {kept}", []
        if self.events:
            return f"SELECT {columns}, value FROM events WHERE {there} AND name IN (SELECT unnest(?))", [list(self.events)]
        return f"SELECT {columns}, value FROM events WHERE {there}", []


def find_choosing(options: Mapping[str, Any], store: Store) -> Choosing:
    """What the options say; without `events`, orders where no event of the workspace has an item."""
    given = options.get("events", ())
    names = [name.strip() for name in given.split(",")] if isinstance(given, str) else [str(name) for name in given]
    events = tuple(name for name in names if name)
    return Choosing(events, not events and not store.rows("SELECT 1 FROM events WHERE item IS NOT NULL LIMIT 1"))


def make(name: str, options: Mapping[str, Any], store: Store) -> Task:
    """A next-item task. Options: `events` = one name or a list of names of events that count as choosing."""
    unknown = sorted(set(options) - set(NEXT_ITEM.options))
    if unknown:
        raise UsageError(wording.OPTION_UNKNOWN, option=unknown[0], known=", ".join(NEXT_ITEM.options))
    choosing = find_choosing(options, store)
    events = choosing.events
    known = {str(row[0]) for row in store.rows("SELECT DISTINCT name FROM events WHERE item IS NOT NULL")} if events else set()
    missing = [event for event in events if event not in known]
    if missing:
        raise UsageError(wording.EVENT_UNKNOWN, event=missing[0], known=", ".join(sorted(known)) or "–")

    def keys(store: Store, as_of: int | None) -> Keys:
        return choosing_keys(store, choosing, as_of)

    def inputs(store: Store, keys: Keys, signature: Signature | None) -> tuple[History, Signature]:
        return choices(store, choosing, keys, signature)

    return Task(
        name=name,
        template=NEXT_ITEM.name,
        kind="ranking",
        title=wording.NEXT_ITEM_TITLE,
        keys=keys,
        inputs=inputs,
        outcomes=_outcomes,
        recipes=RANKING_RECIPES,
        metric="ndcg",
        reads=("events", "orders"),
        min_rows=MIN_ACTORS,
        row_input=given_choices,
        options={"events": list(events)},
    )


def suggest(store: Store) -> tuple[str, Mapping[str, Any]] | None:
    """A next-item task where enough people chose enough items."""
    people, items = enough_to_learn(store, find_choosing({}, store))
    return (SUGGESTED_NAME, {}) if people >= MIN_ACTORS and items >= MIN_ITEMS else None


def enough_to_learn(store: Store, choosing: Choosing) -> tuple[int, int]:
    """(people with at least `MIN_CHOICES` choices, items chosen)."""
    source, parameters = choosing.query()
    query = f"WITH c AS ({source}), p AS (SELECT actor FROM c GROUP BY actor HAVING count(*) >= {MIN_CHOICES})"
    people, items = store.rows(f"{query} SELECT (SELECT count(*) FROM p), (SELECT count(DISTINCT item) FROM c)", parameters)[0]
    return int(people), int(items)


def choosing_keys(store: Store, choosing: Choosing, as_of: int | None) -> Keys:
    """Everyone who chose something until `as_of`, at the moment of their last choice."""
    source, parameters = choosing.query()
    limit = FAR if as_of is None else as_of
    query = f"SELECT actor, max(time) AS at FROM ({source}) WHERE time <= {limit} GROUP BY actor ORDER BY actor"
    found = store.columns(query, parameters)
    code = found["actor"].astype(np.int32)
    names = store.source_ids(code)
    return Keys(code, found["at"].astype(np.int64), np.array([names.get(int(one), str(one)) for one in code], dtype=object))


def choices(store: Store, choosing: Choosing, keys: Keys, signature: Signature | None) -> tuple[History, Signature]:
    """What each key had chosen until its moment, in order of (time, import, row number), and the catalogue it is coded by."""
    source, parameters = choosing.query()
    if 0 < len(keys) <= FEW_KEYS:  # a list of numbers is pushed down to the files, a join is not
        source += f" AND actor IN ({', '.join(str(int(code)) for code in keys.code)})"
    order = "row_number() OVER (ORDER BY c.time, c.import_id, c.sequence) AS place"
    query = f"SELECT k.row, c.item, c.time, c.value, {order} FROM wanted_keys k JOIN ({source}) c ON c.actor = k.actor AND c.time <= k.at"
    found = _joined(store, keys, query, parameters)
    items = found["item"].astype(str) if len(found["item"]) else np.zeros(0, dtype=str)
    if signature is None:
        catalogue = tuple(str(item) for item in np.unique(items))
        unit = "rating" if _is_rating(found["value"]) else None
        signature = Signature(columns=(InputColumn(name="history", kind="history", unit=unit, categories=catalogue, required=True),))
    column = signature.columns[0]
    code = _codes(items, column.categories)
    keep = code >= 0
    weights = _weights(found["value"][keep], column.unit)
    history = build_history(
        found["row"][keep], code[keep], found["time"][keep], found["place"][keep], weights,
        num_actors=len(keys), num_items=len(column.categories),
    )  # fmt: skip
    return history, signature


def given_choices(store: Store, row: Mapping[str, Any], signature: Signature) -> History:
    """The history of somebody a caller describes: {"items": [id, id, ...]}, oldest first. Needs nobody to be known."""
    given = row.get("items")
    if not isinstance(given, (list, tuple)):
        raise DataProblem(wording.ITEMS_MISSING, given=", ".join(str(name) for name in row) or "–")
    code = _codes(np.array([str(item) for item in given], dtype=str), signature.columns[0].categories)
    code = code[code >= 0]
    place = np.arange(len(code))
    return build_history(np.zeros(len(code)), code, place, place, num_actors=1, num_items=len(signature.columns[0].categories))


def _joined(store: Store, keys: Keys, query: str, parameters: Sequence[Any]) -> dict[str, np.ndarray[Any, Any]]:
    """Result columns of a query that may use the keys as a table `wanted_keys(row, actor, at)`."""
    import arro3.core as arrow

    columns: dict[str, np.ndarray[Any, Any]] = {
        "row": np.arange(len(keys), dtype=np.int64),
        "actor": np.ascontiguousarray(keys.code, dtype=np.int32),
        "at": np.where(keys.at > 0, keys.at, FAR).astype(np.int64),
    }
    cursor = store.db.cursor()
    cursor.register("wanted_keys", arrow.Table.from_pydict({name: arrow.Array.from_numpy(values) for name, values in columns.items()}))
    found = cursor.execute(query, list(parameters)).fetchnumpy()
    cursor.unregister("wanted_keys")
    cursor.close()
    value = np.ma.filled(np.ma.asarray(found["value"], dtype=np.float64), np.nan)
    return {name: np.asarray(values) for name, values in found.items()} | {"value": value}


def _codes(items: np.ndarray[Any, Any], catalogue: Sequence[str]) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Position of each item in the catalogue, -1 where it is not in it; the catalogue is sorted."""
    if not catalogue or not len(items):
        return np.full(len(items), -1, dtype=np.int64)
    names = np.array(catalogue, dtype=str)
    place = np.minimum(np.searchsorted(names, items), len(names) - 1)
    return np.where(names[place] == items, place, -1).astype(np.int64)


def _is_rating(value: np.ndarray[Any, Any]) -> bool:
    given = value[np.isfinite(value.astype(np.float64))] if len(value) else value
    if len(given) == 0 or len(given) < RATED_SHARE * len(value):
        return False
    different = np.unique(given)
    return bool(1 < len(different) <= MAX_RATING_VALUES and different[0] >= RATINGS[0] and different[-1] <= RATINGS[1])


def _weights(value: np.ndarray[Any, Any], unit: str | None) -> np.ndarray[Any, np.dtype[np.float64]] | None:
    """Rating over 3: a fixed scale, so that one person alone weighs as in a batch; unrated choices count as 1."""
    if unit != "rating":
        return None
    rating = value.astype(np.float64)
    usable = np.isfinite(rating) & (rating >= RATINGS[0])
    return np.where(usable, np.minimum(rating, RATINGS[1]) / MIDDLE_RATING, 1.0)


def _outcomes(store: Store, keys: Keys, as_of: int | None) -> Outcomes:
    """Ranking holds each person's last choice out itself; nothing is told here."""
    return Outcomes(np.zeros(len(keys), dtype=np.int64), keys.at, np.ones(len(keys)))


NEXT_ITEM = TaskTemplate(name="recommend.next_item", title=wording.NEXT_ITEM_TITLE, make=make, options=("events",), suggest=suggest)
TEMPLATES = (NEXT_ITEM,)
