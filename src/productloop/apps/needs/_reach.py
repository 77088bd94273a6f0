"""Whom a topic reaches beyond those who write: active users, silent users who did the same before, and the money of those concerned.

Silent users: events that a topic's writers did in the PATTERN_DAYS before they wrote more often than the writers of everything else
(Fisher's exact test, corrected for all topics and events by Holm). Writers are compared with writers, since writing itself comes with
events such as opening a ticket. Only a specific event says anything of people who wrote nothing; otherwise it cannot be told.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from productloop.apps.needs._study import Study
from productloop.learning.comparisons import fisher_tail, holm
from productloop.learning.intervals import Interval, ratio_interval
from productloop.loop.store import Store

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

DAY_US = 86_400_000_000
PATTERN_DAYS = 7
MIN_WRITERS = 8
MAX_P, MIN_RATIO = 0.05, 2.0
MAX_ELSEWHERE = 0.3
"""An event that more of the other writers did too is not specific: the silent ones who did it may mean anything."""
MIN_PAYERS = 20
"""Writers with orders from which money may order a list."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """What the writers of a topic did before they wrote, and who else did it without a word."""

    event: str
    share: float
    elsewhere: float
    ratio: Interval
    num_silent: int


@dataclass(frozen=True, slots=True)
class Money:
    """What each writer of the window paid in it: voices (v,), minor units (v,) net of refunds, in the currency most orders are in."""

    currency: str
    voices: Ints
    paid: Floats


def window_us(study: Study, as_of: int | None) -> tuple[int, int]:
    """(first, last) instant of the window in µs UTC."""
    times = study.texts.time[study.recent & (study.texts.time > 0)]
    if len(times) == 0:
        return 0, as_of or 0
    return int(times.min()), max(as_of or 0, int(times.max()))


def active_users(study: Study, store: Store, as_of: int | None) -> int | None:
    """People with an event, order or text in the window; None where neither events nor orders are there."""
    tables = [name for name in ("events", "orders") if store.exists(name)]
    if not tables or not study.texts.dated:
        return None
    first, last = window_us(study, as_of)
    union = " UNION ".join(f"SELECT actor FROM {name} WHERE time BETWEEN {first} AND {last}" for name in tables)
    actors = {int(actor) for (actor,) in store.rows(union) if actor is not None}
    writers = {int(author) for author in study.texts.author[study.recent] if author >= 0}
    return len(actors | writers) if actors else None


def patterns(study: Study, store: Store, topics: Sequence[int], as_of: int | None) -> dict[int, Pattern]:
    """Topic -> the most specific event of its writers, where there is one."""
    if not store.exists("events") or not study.texts.dated:
        return {}
    texts = study.texts
    rows = np.flatnonzero(study.recent & (texts.author >= 0) & (texts.time > 0))
    did = _done_before(store, rows, texts.author[rows], texts.time[rows])
    tested: list[tuple[int, str, int, int, int, int]] = []
    for topic in topics:
        its = np.isin(rows, study.rows_of(topic))
        ours = {int(author) for author in texts.author[rows[its]]}
        others = {int(author) for author in texts.author[rows[~its]]} - ours
        if min(len(ours), len(others)) < MIN_WRITERS:
            continue
        for event, flags in did.items():
            hits = len({int(author) for author in texts.author[rows[its & flags]]})
            other_hits = len({int(author) for author in texts.author[rows[~its & flags]]} & others)
            if hits >= MIN_WRITERS:
                tested.append((topic, event, hits, len(ours), other_hits, len(others)))
    adjusted = holm([fisher_tail(hits, total, other, others) for _, _, hits, total, other, others in tested])
    found: dict[int, Pattern] = {}
    for (topic, event, hits, total, other, others_total), p in zip(tested, adjusted, strict=True):
        ratio = ratio_interval(hits, total, other, others_total)
        elsewhere = other / others_total
        if p >= MAX_P or ratio.low < MIN_RATIO or elsewhere > MAX_ELSEWHERE:
            continue
        if topic not in found or ratio.low > found[topic].ratio.low:
            found[topic] = Pattern(event, hits / total, elsewhere, ratio, _silent(study, store, event, as_of))
    return found


def _done_before(store: Store, rows: Ints, author: Ints, time: Ints) -> dict[str, Flags]:
    """Event -> (rows,) whether the writer did it in the PATTERN_DAYS before this text."""
    import arro3.core as arrow

    columns = {"row": np.arange(len(rows), dtype=np.int64), "actor": author.astype(np.int64), "at": time.astype(np.int64)}
    table = arrow.Table.from_pydict({name: arrow.Array.from_numpy(np.ascontiguousarray(values)) for name, values in columns.items()})
    cursor = store.db.cursor()
    cursor.register("written", table)
    query = f"""SELECT DISTINCT w.row, e.name FROM written w JOIN events e
        ON e.actor = w.actor AND e.time < w.at AND e.time >= w.at - {PATTERN_DAYS * DAY_US}"""
    found: dict[str, Flags] = {}
    for row, name in cursor.execute(query).fetchall():
        found.setdefault(str(name), np.zeros(len(rows), dtype=bool))[row] = True
    cursor.unregister("written")
    cursor.close()
    return dict(sorted(found.items()))


def _silent(study: Study, store: Store, event: str, as_of: int | None) -> int:
    """People who did it in the window and wrote nothing in it."""
    first, last = window_us(study, as_of)
    did = {
        int(actor)
        for (actor,) in store.rows(f"SELECT DISTINCT actor FROM events WHERE name = ? AND time BETWEEN {first} AND {last}", [event])
    }
    return len(did - {int(author) for author in study.texts.author[study.recent] if author >= 0})


def money(study: Study, store: Store, as_of: int | None) -> Money | None:
    """What the writers paid; None without orders, dates, or enough writers who pay."""
    if not store.exists("orders") or not study.texts.dated:
        return None
    first, last = window_us(study, as_of)
    inside = f"time BETWEEN {first} AND {last} AND amount IS NOT NULL"
    most = store.rows(f"SELECT coalesce(currency, ''), count(*) FROM orders WHERE {inside} GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 1")
    if not most:
        return None
    currency = str(most[0][0])
    paid = {
        int(a): float(s)
        for a, s in store.rows(
            f"SELECT actor, sum(amount) FROM orders WHERE {inside} AND coalesce(currency, '') = ? GROUP BY 1", [currency]
        )
    }
    signed = study.recent & (study.texts.author >= 0)
    voices, place = np.unique(study.texts.voice[signed], return_index=True)
    authors = study.texts.author[signed][place]
    amounts = np.array([max(0.0, paid.get(int(author), 0.0)) for author in authors])
    return Money(currency, voices.astype(np.int64), amounts) if (amounts > 0).sum() >= MIN_PAYERS else None


def draw_values(random: np.random.Generator, found: Money, concerned: list[Ints], draws: int) -> list[Interval]:
    """Ratio of what the voices of each list pay on average to what all writers pay: Bayesian bootstrap (Rubin 1981)."""
    ratios = []
    everybody = found.paid.mean()
    for voices in concerned:
        paid = found.paid[np.isin(found.voices, voices)]
        if len(paid) < MIN_PAYERS or paid.sum() <= 0 or everybody <= 0:
            ratios.append(Interval(float("nan"), 0.0, float("inf")))
            continue
        means = random.dirichlet(np.ones(len(paid)), size=draws) @ paid
        low, high = np.percentile(means, [5, 95])
        ratios.append(Interval(float(paid.mean() / everybody), float(low / everybody), float(high / everybody)))
    return ratios
