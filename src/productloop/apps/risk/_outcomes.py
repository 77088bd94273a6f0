"""Rows that are asked about, and what became of them: outcomes of the table `outcomes`, and inactivity counted from events and orders."""

from __future__ import annotations

import numpy as np

from productloop.foundation.tables import fold_header
from productloop.loop.features import DAY_US
from productloop.loop.records import Keys, Outcomes
from productloop.loop.store import Store

MAX_CUT_OFFS = 10
GRID_ORIGIN_US = 4 * DAY_US
"""Monday 1970-01-05: the fixed grid of cut-offs starts here."""
ACTIVITY = "(SELECT actor, time FROM events UNION ALL SELECT actor, time FROM orders)"


def outcome_rows(store: Store, folded: str) -> list[tuple[int, str | None, int | None]]:
    """(person, value, when observed) of an outcome by its folded name, in order of time."""
    names = [str(task) for (task,) in store.rows("SELECT DISTINCT task FROM outcomes") if fold_header(str(task)) == folded]
    query = "SELECT subject, value, time FROM outcomes WHERE task IN (SELECT unnest(?)) AND subject IS NOT NULL ORDER BY time, sequence"
    return [(int(code), value, None if time is None else int(time)) for code, value, time in store.rows(query, [names])]


def is_dated(store: Store, folded: str) -> bool:
    """Nearly all outcomes carry a date. A snapshot without dates that dated outcomes are posted to stays undated: none of its rows is lost."""
    times = [time for _, _, time in outcome_rows(store, folded)]
    return bool(times) and 20 * sum(time is None for time in times) <= len(times)


def values_of(store: Store, folded: str) -> set[str]:
    """The values that an outcome has."""
    return {value for _, value, _ in outcome_rows(store, folded) if value is not None}


YES_WORDS = frozenset({"1", "1.0", "yes", "y", "true", "t", "是"})
NO_WORDS = frozenset({"0", "0.0", "no", "n", "false", "f", "否"})
"""What files write for yes and no: a later file may say 1 where the first said Yes."""


def is_same(found: str, counted: str) -> bool:
    """Whether a value is the counted one, in whatever spelling ("1", "1.0", "yes", "Yes", "是")."""
    one, other = found.strip().casefold(), counted.strip().casefold()
    if one == other or any(one in words and other in words for words in (YES_WORDS, NO_WORDS)):
        return True
    try:
        return float(found) == float(counted)
    except ValueError:
        return False


def outcome_keys(folded: str, before_us: int | None, store: Store, as_of: int | None) -> Keys:
    """One key for each subject and moment: `before_us` before the outcome was observed, 0 where outcomes carry no dates."""
    rows = outcome_rows(store, folded)
    if before_us is None:
        pairs = sorted({(0, code) for code, _, _ in rows})
    else:
        pairs = sorted({(time - before_us, code) for code, _, time in rows if time is not None and time > before_us})
    return keys_at(store, [(at, code) for at, code in pairs if as_of is None or at <= as_of])


def keys_at(store: Store, pairs: list[tuple[int, int]]) -> Keys:
    """Keys of (moment, person) pairs."""
    codes = np.array([code for _, code in pairs], dtype=np.int32)
    names = store.source_ids(codes)
    ids = np.array([names.get(int(code), str(code)) for code in codes], dtype=object)
    return Keys(codes, np.array([at for at, _ in pairs], dtype=np.int64), ids)


def outcomes_at(folded: str, counted: str, before_us: int | None, store: Store, keys: Keys, as_of: int | None) -> Outcomes:
    """1 = the counted value. A dated outcome is known from the end of its day on: windows end at midnight, data a little earlier."""
    values = np.full(len(keys), -1, dtype=np.int64)
    known_at = np.zeros(len(keys), dtype=np.int64)
    found: dict[tuple[int, int], tuple[str | None, int | None]] = {}
    for code, value, time in outcome_rows(store, folded):
        if before_us is None or time is not None:
            found[code, 0 if before_us is None or time is None else time - before_us] = (value, time)
    for row, (code, at) in enumerate(zip(keys.code.tolist(), keys.at.tolist(), strict=True)):
        value, time = found.get((code, 0 if before_us is None else at), (None, None))
        known_at[row] = time or 0
        if value is not None and (before_us is None or as_of is None or known_at[row] <= as_of + DAY_US):
            values[row] = int(is_same(value, counted))
    return Outcomes(values, known_at, np.ones(len(keys)))


def active_keys(days: int, store: Store, as_of: int | None) -> Keys:
    """Everybody active in the `days` before each of the last cut-offs."""
    step = days * DAY_US
    span = store.rows(f"SELECT min(time), max(time) FROM {ACTIVITY}")[0]
    if span[0] is None:
        return keys_at(store, [])
    last = int(span[1]) + 1 if as_of is None else as_of + 1
    newest = (last - GRID_ORIGIN_US) // step * step + GRID_ORIGIN_US
    oldest = max(newest - MAX_CUT_OFFS * step, int(span[0]) + step)
    query = f"""SELECT DISTINCT ((time - {GRID_ORIGIN_US}) // {step} + 1) * {step} + {GRID_ORIGIN_US} AS moment, actor
        FROM {ACTIVITY} WHERE actor IS NOT NULL AND time < {newest} ORDER BY moment, actor"""
    return keys_at(store, [(int(at), int(actor)) for at, actor in store.rows(query) if oldest <= int(at) <= newest])


def inactive_outcomes(window: int, gap: int, store: Store, keys: Keys, as_of: int | None) -> Outcomes:
    """1 = nothing done in the window; unknown until the window has ended."""
    last = as_of if as_of is not None else int(store.rows(f"SELECT coalesce(max(time), 0) FROM {ACTIVITY}")[0][0])
    known_at = keys.at + (gap + window) * DAY_US
    values = np.where(known_at <= last + 1, 1, -1).astype(np.int64)
    places: dict[tuple[int, int], int] = {pair: row for row, pair in enumerate(zip(keys.code.tolist(), keys.at.tolist(), strict=True))}
    for at in np.unique(keys.at[values >= 0]).tolist():
        start = at + gap * DAY_US
        query = f"SELECT DISTINCT actor FROM {ACTIVITY} WHERE time >= {start} AND time < {start + window * DAY_US} AND actor IS NOT NULL"
        for (actor,) in store.rows(query):
            row = places.get((int(actor), at))
            if row is not None:
                values[row] = 0
    return Outcomes(values, known_at, np.ones(len(keys)))


def numbers_by_person(store: Store, query: str) -> dict[int, float]:
    """Person -> number, of a query for two such columns; NaN where it is empty."""
    return {int(code): float("nan") if value is None else float(value) for code, value in store.rows(query) if code is not None}
