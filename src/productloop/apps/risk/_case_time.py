"""Time of one customer: what its people did week by week beside those alike, and what changed in the days before.

Weeks are local calendar weeks; one that is not over is open. "Alike" are customers who were here as long as the two spans reach, nearest by
how much they did before, how long they had been here and their plan; see `productloop.learning.alike` for the test.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from productloop.apps.risk._case_who import Codes, Customer, Seen
from productloop.apps.risk.case_types import Moved
from productloop.foundation.figures import Figure
from productloop.learning.alike import LevelChange, distances, level_change
from productloop.learning.columns import Columns
from productloop.learning.comparisons import holm
from productloop.learning.interrupted import interrupted
from productloop.loop.accounts import accounts_of, roll_up
from productloop.loop.action import Run
from productloop.loop.features import DAY_US
from productloop.loop.store import Store

MAX_WEEKS = 26
WEEK_US = 7 * DAY_US
LONG_DAYS, SHORT_DAYS = 90, 28
MIN_BEFORE_DAYS = 28
NUM_ALIKE, NUM_DRAWN = 400, 50
"""Customers whose changes are the measure of chance, and those whose mean is drawn."""
MAX_P = 0.05
MIN_COUNT = 5
NUM_PARTS = 2
MEASURES: tuple[Literal["actions", "days", "payments", "messages"], ...] = ("actions", "days", "payments", "messages")
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Spans:
    """The days before the moment and those before them, as instants: [start, middle) and [middle, end)."""

    start: int
    middle: int
    end: int

    @property
    def weeks(self) -> tuple[float, float]:
        """Lengths of both."""
        return (self.middle - self.start) / WEEK_US, (self.end - self.middle) / WEEK_US


@dataclass(frozen=True, slots=True)
class Peers:
    """Customers alike, nearest first: counts of each measure in both spans (m,), and the codes of the people of the nearest."""

    before: dict[str, Floats]
    after: dict[str, Floats]
    nearest: tuple[Codes, ...]


def weekly(run: Run, times: NDArray[np.int64], edges: NDArray[np.int64], name: str, until: int) -> tuple[Figure, ...]:
    """Events a week; a week that ends more than a day after `until` is open."""
    counts = np.histogram(times, bins=edges)[0] if len(times) else np.zeros(len(edges) - 1)
    return tuple(
        run.figure(f"{name}_{place}", None if edges[place + 1] > until + DAY_US else float(count), "events", f"risk.case.d.{name}")
        for place, count in enumerate(counts.tolist())
    )


def usual_weeks(run: Run, store: Store, peers: Peers, edges: NDArray[np.int64], until: int) -> tuple[Figure, ...]:
    """Mean actions a week of the nearest of those alike; empty without any."""
    if not peers.nearest:
        return ()
    codes = [int(code) for codes in peers.nearest for code in codes]
    found = store.columns("SELECT time FROM events WHERE actor IN (SELECT unnest(?)) AND time >= ?", [codes, int(edges[0])])
    counts = np.histogram(found["time"].astype(np.int64), bins=edges)[0] / len(peers.nearest)
    definition, size = "risk.case.d.usual", len(peers.nearest)
    open_after = until + DAY_US
    return tuple(
        run.figure(f"usual_{place}", None if edges[place + 1] > open_after else round(float(count), 1), "events", definition, n=size)
        for place, count in enumerate(counts.tolist())
    )


def spans_before(first: int | None, moment: int) -> Spans | None:
    """The last 90 days against up to 90 before them, else 28 against 28; None for a customer too new for either."""
    if first is None:
        return None
    for days in (LONG_DAYS, SHORT_DAYS):
        middle = moment - days * DAY_US
        start = max(first // DAY_US * DAY_US, middle - days * DAY_US)
        if middle - start >= MIN_BEFORE_DAYS * DAY_US:
            return Spans(start, middle, moment)
    return None


_COUNTED = f"""
    SELECT actor, count(*) FILTER (time < ?) AS before, count(*) FILTER (time >= ?) AS after,
      count(DISTINCT time // {DAY_US}) FILTER (time < ?) AS days_before, count(DISTINCT time // {DAY_US}) FILTER (time >= ?) AS days_after
    FROM (SELECT {{person}} AS actor, time FROM {{table}} WHERE time >= ? AND time < ? AND {{person}} IS NOT NULL) GROUP BY actor
"""


def _counts(store: Store, table: str, person: str, spans: Spans, size: int) -> dict[str, Floats]:
    """(size,) by person code: rows and days with any, in both spans."""
    parameters = [spans.middle] * 4 + [spans.start, spans.end]
    found = store.columns(_COUNTED.format(table=table, person=person), parameters)
    by_code = {}
    for name in ("before", "after", "days_before", "days_after"):
        by_code[name] = np.zeros(size)
        by_code[name][found["actor"].astype(np.int64)] = found[name]
    return by_code


def find_peers(store: Store, customer: Customer, seen: Seen, spans: Spans) -> tuple[dict[str, tuple[float, float]], Peers]:
    """({measure: own counts before and after}, those alike)."""
    size = 1 + max(int(seen.code.max(initial=0)), int(customer.codes.max(initial=0)))
    size = max(size, 1 + int(store.rows("SELECT coalesce(max(code), 0) FROM actor_codes")[0][0]))
    tables = (("events", "actor"), ("orders", "actor"), ("feedback", "author"))
    events, orders, texts = (_counts(store, table, person, spans, size) for table, person in tables)
    measured = {
        "actions": (events["before"], events["after"]),
        "days": (events["days_before"], events["days_after"]),
        "payments": (orders["before"], orders["after"]),
        "messages": (texts["before"], texts["after"]),
    }
    own = {name: (float(b[customer.codes].sum()), float(a[customer.codes].sum())) for name, (b, a) in measured.items()}
    others = ~np.isin(seen.code, customer.codes)
    codes = seen.code[others]
    rolled = roll_up(accounts_of(store, codes, spans.end))
    first = -rolled.largest(-seen.first[others].astype(np.float64))
    early, late = ({name: rolled.sums(pair[place][codes]) for name, pair in measured.items()} for place in (0, 1))
    eligible = np.flatnonzero((first <= spans.start + DAY_US) & (early["actions"] + early["payments"] > 0))
    if not len(eligible):
        return own, Peers({}, {}, ())
    mine_first = float(seen.of(customer.codes).first.min(initial=spans.start))
    rows = [early["actions"][eligible], early["days"][eligible], first[eligible], rolled.num_people[eligible].astype(np.float64)]
    me = [own["actions"][0], own["days"][0], mine_first, float(len(customer.codes))]
    names = ("actions", "days", "first", "people")
    everyone = Columns(np.column_stack(rows), names, ("number",) * 4, (0,) * 4)
    apart = distances(everyone, Columns(np.array([me]), names, ("number",) * 4, (0,) * 4), {"actions": "use", "days": "use"})
    order = eligible[np.argsort(apart, kind="stable")[:NUM_ALIKE]]
    return own, Peers(
        {name: values[order] for name, values in early.items()},
        {name: values[order] for name, values in late.items()},
        tuple(codes[rolled.people(int(place))] for place in order[:NUM_DRAWN]),
    )


def what_moved(
    run: Run, store: Store, customer: Customer, spans: Spans, own: dict[str, tuple[float, float]], peers: Peers
) -> tuple[Literal["yes", "alone"], tuple[Moved, ...]]:
    """Every measure with enough counts; p is adjusted for all of them (Holm)."""
    found: list[tuple[Literal["actions", "days", "payments", "messages"], LevelChange | None, float]] = []
    for name in MEASURES:
        before, after = own[name]
        if before + after < MIN_COUNT:
            continue
        change = level_change(np.array([before]), np.array([after]), peers.before[name], peers.after[name]) if peers.before else None
        found.append((name, change, _p_of(change)))
    with_peers = any(change is not None for _, change, _ in found)
    if not with_peers:
        alone = _alone(store, customer, spans)
        found = [] if alone is None else [("actions", alone, alone.p)]
    adjusted = holm([p for _, _, p in found])
    weeks = spans.weeks
    moved = []
    for (name, one, _), p in zip(found, adjusted, strict=True):
        if one is None:
            continue
        clear = p < MAX_P and not one.ratio.low <= 1 <= one.ratio.high
        was, now = own[name][0] / weeks[0], own[name][1] / weeks[1]
        moved.append(
            Moved(
                what=name,
                was=run.figure(f"{name}_was", round(was, 2), "number", f"risk.case.d.{name}", n=int(own[name][0])),
                now=run.figure(f"{name}_now", round(now, 2), "number", f"risk.case.d.{name}", n=int(own[name][1])),
                ratio=_ratio(run, name, one),
                common=run.figure(f"{name}_common", one.common * weeks[0] / weeks[1], "ratio", "risk.case.d.common", n=one.num_alike)
                if with_peers
                else None,
                p=p,
                clear=clear,
                parts=_parts(store, customer, spans) if clear and name == "actions" else (),
            )
        )
    return "yes" if with_peers else "alone", tuple(moved)


def _p_of(change: LevelChange | None) -> float:
    """1 where nothing can be compared."""
    return 1.0 if change is None else change.p


def _ratio(run: Run, name: str, one: LevelChange) -> Figure:
    high = one.ratio.high if np.isfinite(one.ratio.high) else None
    value = one.ratio.value if np.isfinite(one.ratio.value) else None
    interval = None if high is None else (one.ratio.low, high)
    return run.figure(f"{name}_ratio", value, "ratio", "risk.case.d.ratio", n=one.num_alike, interval=interval)


def _alone(store: Store, customer: Customer, spans: Spans) -> LevelChange | None:
    """Actions a week against the customer's own earlier weeks, where nobody is alike."""
    query = "SELECT time FROM events WHERE actor IN (SELECT unnest(?)) AND time >= ? AND time < ?"
    times = store.columns(query, [customer.listed, spans.start, spans.end])["time"].astype(np.int64)
    edges = np.arange(spans.end, spans.start - 1, -WEEK_US)[::-1]
    if len(edges) < 2 or not len(times):
        return None
    counts = np.histogram(times, bins=edges)[0].astype(np.int64)
    effect = interrupted(counts, np.ones(len(counts)), (edges[:-1] >= spans.middle).astype(np.float64))
    return None if effect is None else LevelChange(effect.ratio, 1.0, effect.p, 0)


def _parts(store: Store, customer: Customer, spans: Spans) -> tuple[tuple[str, float, float], ...]:
    """The kinds of action that moved most, a week: a description, not tested one by one."""
    query = """SELECT name, count(*) FILTER (time < ?), count(*) FILTER (time >= ?) FROM events
        WHERE actor IN (SELECT unnest(?)) AND time >= ? AND time < ? AND name IS NOT NULL GROUP BY name"""
    rows = store.rows(query, [spans.middle, spans.middle, customer.listed, spans.start, spans.end])
    weeks = spans.weeks
    rates = [(str(name), before / weeks[0], after / weeks[1]) for name, before, after in rows]
    rates.sort(key=lambda one: (-abs(one[2] - one[1]), one[0]))
    return tuple((name, round(was, 1), round(now, 1)) for name, was, now in rates[:NUM_PARTS])
