"""What goes with an outcome: topics people wrote about and events they did before the moment asked, compared with everybody else.

Ratios among people alike (`loop.alike`, and whether the person wrote about, or did, anything else: those who write a lot meet every topic),
their 90 % intervals and p by `learning.met`, as in `needs opportunities`. p is corrected for all topics, and for all events (Holm). After the strongest
one is named, the others must hold beside it too, else they only borrow from it. Topics count whenever they were written: with the
last 28 days alone the others hold people who wrote before, and a planted ratio of 2.5 is seen as 2.2. Association, never cause.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from productloop.learning.comparisons import holm
from productloop.learning.intervals import Interval
from productloop.learning.met import Met, Points, first_met, hold_beside, met_ratio, met_topic, surely_met
from productloop.loop.alike import alike
from productloop.loop.features import DAY_US
from productloop.loop.records import Keys
from productloop.loop.store import Store

MAX_ADJUSTED_P = 0.02
"""Named on the first screen only below this (two-sided, while only ratios above 1 are named), after correction: of a hundred quiet workspaces
at most about one may name a topic, and one an event."""
MIN_CASES = 10
MIN_EXPOSED = 20
MAX_NAMED = 3
NUM_QUOTES = 2
EVENT_DAYS = 28

Flags = NDArray[np.bool_]
Codes = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Compared:
    """One topic or event. Shares are of rows (a person in a period); `num_people` and `num_cases` are people."""

    kind: Literal["topic", "event"]
    key: str
    num_people: int
    num_cases: int
    num_rows: int
    rate: float
    num_others: int
    other: float
    ratio: Interval
    p: float
    adjusted_p: float
    named: bool
    row_numbers: NDArray[np.intp]
    """Rows of the keys that met it."""


@dataclass(frozen=True, slots=True)
class _Meeting:
    """One topic or event: who met it, and what makes people alike."""

    kind: Literal["topic", "event"]
    key: str
    met: Met
    alike: list[Codes]


def compare(store: Store, keys: Keys, happened: Flags, window_days: int) -> list[Compared]:
    """Every topic and event that enough people met before the moment asked, the named first, then by the lower limit.

    keys, happened: rows with a known outcome and a moment; the outcome came within `window_days` of it.
    """
    background = alike(store, keys.code.astype(np.int64), keys.at)
    meetings = [*_topics(store, keys, background, window_days), *_events(store, keys, background)]
    compared = [_compare_one(one, happened, keys) for one in meetings if _is_enough(one, keys)]
    adjusted: dict[tuple[str, str], float] = {}
    for kind in ("topic", "event"):
        of_kind = [one for one in compared if one.kind == kind]
        adjusted.update(zip(((kind, one.key) for one in of_kind), holm([one.p for one in of_kind]), strict=True))
    compared = [replace(one, adjusted_p=adjusted[one.kind, one.key]) for one in compared]
    return _name(compared, {(one.kind, one.key): one for one in meetings}, happened)


def _is_enough(one: _Meeting, keys: Keys) -> bool:
    return min(len(np.unique(keys.code[side])) for side in (one.met.exposed, one.met.others)) >= MIN_EXPOSED


def _name(compared: list[Compared], meetings: dict[tuple[str, str], _Meeting], happened: Flags) -> list[Compared]:
    """Marks the ones to name; each must also hold beside those named before it."""
    ordered = sorted(compared, key=lambda one: (-one.ratio.low, one.kind, one.key))
    strong = [one for one in ordered if one.ratio.value > 1 and one.adjusted_p < MAX_ADJUSTED_P and one.num_cases >= MIN_CASES]
    its = [meetings[one.kind, one.key] for one in strong]
    num_of_kind = Counter(one.kind for one in ordered)
    limits = [MAX_ADJUSTED_P / num_of_kind[one.kind] for one in strong]
    held = hold_beside([one.met for one in its], happened, [one.alike for one in its], limits, MAX_NAMED)
    named = {(strong[place].kind, strong[place].key) for place in held}
    return sorted((replace(one, named=(one.kind, one.key) in named) for one in ordered), key=lambda one: not one.named)


def _compare_one(one: _Meeting, happened: Flags, keys: Keys) -> Compared:
    pooled = met_ratio(one.met, happened, one.alike)
    exposed, others = one.met.exposed, one.met.others
    return Compared(
        kind=one.kind,
        key=one.key,
        num_people=len(np.unique(keys.code[exposed])),
        num_cases=len(np.unique(keys.code[exposed & happened])),
        num_rows=int(exposed.sum()),
        rate=float(happened[exposed].mean()),
        num_others=int(others.sum()),
        other=float(happened[others].mean()),
        ratio=pooled.ratio,
        p=pooled.p,
        adjusted_p=1.0,
        named=False,
        row_numbers=np.flatnonzero(exposed),
    )


def _topics(store: Store, keys: Keys, background: list[Codes], window_days: int) -> list[_Meeting]:
    names, points = _points(store)
    person = keys.code.astype(np.int64)
    met = [
        first_met(points.person[points.topic == topic], points.time[points.topic == topic], person) < keys.at for topic in range(len(names))
    ]
    counts = np.sum(met, axis=0) if met else np.zeros(len(keys))
    return [
        _Meeting(
            "topic",
            name,
            met_topic(points, topic, (person, keys.at), window_days * DAY_US),
            [*background, np.minimum(counts - met[topic], 2)],
        )
        for topic, name in enumerate(names)
    ]


def _points(store: Store) -> tuple[list[str], Points]:
    """The topics, and every point of one by whom and when; its edges as `needs` found them."""
    query = """SELECT f.author, f.time, p.topic, coalesce(p.near, '') FROM points p JOIN feedback f ON p.feedback = f.row_id
        WHERE p.topic IS NOT NULL AND f.author IS NOT NULL AND f.time IS NOT NULL"""
    rows = store.rows(query) if store.exists("points") else []
    names = sorted({str(topic) for _, _, topic, _ in rows})
    place = {name: number for number, name in enumerate(names)}
    edge = np.zeros((len(rows), len(names)), dtype=bool)
    for row, (_, _, _, near) in enumerate(rows):
        edge[row, [place[name] for name in str(near).split() if name in place]] = True
    points = Points(
        person=np.array([author for author, _, _, _ in rows], dtype=np.int64),
        time=np.array([time for _, time, _, _ in rows], dtype=np.int64),
        topic=np.array([place[str(topic)] for _, _, topic, _ in rows], dtype=np.int64),
        edge=edge,
    )
    return names, points


def _events(store: Store, keys: Keys, background: list[Codes]) -> list[_Meeting]:
    found = _met(store, keys)
    counts = np.sum(list(found.values()), axis=0) if found else np.zeros(len(keys))
    return [_Meeting("event", name, surely_met(flags), [*background, np.minimum(counts - flags, 1)]) for name, flags in found.items()]


_EVENTS = f"""SELECT DISTINCT k.row, e.name FROM asked_keys k
    JOIN events e ON e.actor = k.actor AND e.time < k.at AND e.time >= k.at - {EVENT_DAYS * DAY_US}"""


def _met(store: Store, keys: Keys) -> dict[str, Flags]:
    """Event -> (n,) who did it in the days before their moment."""
    import arro3.core as arrow

    table = arrow.Table.from_pydict(
        {
            "row": arrow.Array.from_numpy(np.arange(len(keys), dtype=np.int64)),
            "actor": arrow.Array.from_numpy(np.ascontiguousarray(keys.code, dtype=np.int32)),
            "at": arrow.Array.from_numpy(np.ascontiguousarray(keys.at, dtype=np.int64)),
        }
    )
    cursor = store.db.cursor()
    cursor.register("asked_keys", table)
    found: dict[str, Flags] = {}
    for row, name in cursor.execute(_EVENTS).fetchall():
        found.setdefault(str(name), np.zeros(len(keys), dtype=bool))[row] = True
    cursor.unregister("asked_keys")
    cursor.close()
    return dict(sorted(found.items()))


def evidence(store: Store, topic: str, keys: Keys, rows: NDArray[np.intp]) -> tuple[tuple[str, ...], int | None]:
    """(texts, since): what the people of these rows (those who had the outcome) wrote about a topic last, and when anyone first did."""
    authors = sorted({int(code) for code in keys.code[rows]})
    query = """SELECT f.row_id FROM feedback f JOIN points p ON p.feedback = f.row_id
        WHERE p.topic = ? AND f.author IN (SELECT unnest(?)) GROUP BY f.row_id, f.author, f.time
        QUALIFY row_number() OVER (PARTITION BY f.author ORDER BY f.time DESC, f.row_id) = 1 ORDER BY f.time DESC, f.row_id LIMIT ?"""
    quotes = tuple(str(row_id) for (row_id,) in store.rows(query, [topic, authors, NUM_QUOTES]))
    first = store.rows("SELECT min(f.time) FROM feedback f JOIN points p ON p.feedback = f.row_id WHERE p.topic = ?", [topic])[0][0]
    return quotes, None if first is None else int(first)
