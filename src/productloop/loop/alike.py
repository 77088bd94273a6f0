"""People alike: rows (person, moment) that may be compared with each other when it is asked what goes with an outcome.

Alike are those asked at the same moment, on the same plan, of the same third of activity, and of the same third of time since they came.
The last is in it because whoever has been there longer has had longer to meet anything, and newcomers leave at rates of their own: the
choice of the time scale in survival analysis (Thiébaut and Bénichou 2004, Statistics in Medicine 23). In simulated lives in which newcomers
leave twice as often, a ratio of 2.2 is seen as 1.8 without it (90 % intervals hold the truth in 38 %), 2.1 with halves, 2.2 with thirds
(93 %); where newcomers are like everybody it costs a twentieth of the precision.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from productloop.loop.feature_queries import DAY_US
from productloop.loop.store import Store

Ints = NDArray[np.int64]

NEVER = np.iinfo(np.int64).max
"""The moment of an undated row."""
ACTIVITY = (("events", 28), ("orders", 84))
"""Where activity is counted, and over how many days before the moment; the first table that holds something is taken."""
MAX_MOMENTS, BLOCK_DAYS = 26, 28
"""With more moments than this, they are compared by blocks of so many days."""


def alike(store: Store, person: Ints, at: Ints) -> list[Ints]:
    """Codes (m,) of each thing that makes people alike: person (m,) actor codes, at (m,) moments in µs UTC, NEVER where undated."""
    moment = moments(at)
    plans = _plans(store, person, at)
    if not (at < NEVER).all():
        return [moment, plans]
    return [moment, plans, _thirds(_activity(store, person, at), moment), _thirds(at - _first_seen(store, person, at), moment)]


def moments(at: Ints) -> Ints:
    """(m,) codes of the moments, or of blocks of them where they are many."""
    distinct, codes = np.unique(at, return_inverse=True)
    if len(distinct) <= MAX_MOMENTS:
        return codes.astype(np.int64)
    return np.unique(at // (BLOCK_DAYS * DAY_US), return_inverse=True)[1].astype(np.int64)


def _thirds(values: Ints, moment: Ints) -> Ints:
    """(m,) which third of its moment a value lies in."""
    thirds = np.zeros(len(values), dtype=np.int64)
    for number in np.unique(moment):
        rows = moment == number
        thirds[rows] = np.searchsorted(np.quantile(values[rows], [1 / 3, 2 / 3]), values[rows], side="left")
    return thirds


def _plans(store: Store, person: Ints, at: Ints) -> Ints:
    """(m,) code of the plan each person was known to have at the moment; an attribute without a date counts always."""
    if not store.exists("actors"):
        return np.zeros(len(person), dtype=np.int64)
    known: dict[int, list[tuple[int, str]]] = {}
    for actor, plan, since in store.rows("SELECT actor, coalesce(plan, ''), coalesce(known_at, 0) FROM actors ORDER BY actor, 3, 2"):
        known.setdefault(int(actor), []).append((int(since), str(plan)))
    plans = []
    for one, moment in zip(person.tolist(), at.tolist(), strict=True):
        held = [plan for since, plan in known.get(one, ()) if since <= moment]
        plans.append(held[-1] if held else "")
    return np.unique(np.array(plans, dtype=str), return_inverse=True)[1].astype(np.int64)


def _first_seen(store: Store, person: Ints, at: Ints) -> Ints:
    """(m,) when each person came, µs UTC; the moment itself where it is not known."""
    first: dict[int, int] = {}
    if store.exists("actors"):
        first = {int(actor): int(time) for actor, time in store.rows(_FIRST_SEEN)}
    return np.array([first.get(one, moment) for one, moment in zip(person.tolist(), at.tolist(), strict=True)], dtype=np.int64)


_FIRST_SEEN = "SELECT actor, min(first_seen) FROM actors WHERE first_seen IS NOT NULL GROUP BY actor"


def _activity(store: Store, person: Ints, at: Ints) -> Ints:
    """(m,) events (orders, where there are no events) of each person in the days before the moment."""
    import arro3.core as arrow

    counts = np.zeros(len(person), dtype=np.int64)
    counted = next(((table, days) for table, days in ACTIVITY if store.exists(table) and store.count(table)), None)
    if counted is None:
        return counts
    table, days = counted
    columns = {"row": np.arange(len(person), dtype=np.int64), "actor": person.astype(np.int64), "at": at}
    rows = arrow.Table.from_pydict({name: arrow.Array.from_numpy(np.ascontiguousarray(values)) for name, values in columns.items()})
    cursor = store.db.cursor()
    cursor.register("alike_rows", rows)
    query = f"""SELECT k.row, count(*) FROM alike_rows k JOIN {table} e
        ON e.actor = k.actor AND e.time < k.at AND e.time >= k.at - {days * DAY_US} GROUP BY k.row"""
    found = np.array(cursor.execute(query).fetchall(), dtype=np.int64).reshape(-1, 2)
    cursor.unregister("alike_rows")
    cursor.close()
    counts[found[:, 0]] = found[:, 1]
    return counts
