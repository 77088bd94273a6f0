"""What goes with an outcome: topics people wrote about and events they did before the moment asked, compared with everybody else.

Ratio of shares within strata: Mantel and Haenszel (1959) as a risk ratio with the variance of Greenland and Robins (1985), "Estimation of
a common effect parameter from sparse follow-up data", Biometrics 41; the test is Cochran's (1954) with Mantel and Haenszel's variance.
Strata are the period, the plan, a third of activity, and whether the person wrote about (did) anything else: those who write a lot meet
every topic. Asking at several moments who is still there makes this the discrete-time log-rank comparison, so a person may stand in
several periods. Each p is multiplied by the number of comparisons (Bonferroni). After the strongest one is named, the others must hold
within its strata too, else they only borrow from it. Association, never cause.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from productloop.foundation.figures import INTERVAL_LEVEL
from productloop.loop.features import DAY_US
from productloop.loop.records import Keys
from productloop.loop.store import Store

MAX_ADJUSTED_P = 0.01
"""Named on the first screen only below this, after Bonferroni: of a hundred quiet workspaces at most about one may name something."""
MIN_CASES = 10
MIN_EXPOSED = 20
MAX_NAMED = 3
NUM_QUOTES = 2
EVENT_DAYS = 28
_QUANTILE = 1.6448536269514722
"""Standard normal quantile of the 90 % interval."""

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
    ratio: float
    low: float
    high: float
    adjusted_p: float
    named: bool
    row_numbers: NDArray[np.intp]
    """Rows of the keys that met it."""


@dataclass(frozen=True, slots=True)
class Ratio:
    """Mantel-Haenszel risk ratio with its 90 % interval and the two-sided p of the test."""

    value: float
    low: float
    high: float
    p: float


def stratified_ratio(exposed: Flags, happened: Flags, strata: Codes) -> Ratio:
    """(n,) who met it, (n,) who had the outcome, (n,) stratum codes. NaN and p = 1 where nothing can be compared."""
    codes = np.unique(strata, return_inverse=True)[1]
    size = int(codes.max()) + 1 if len(codes) else 0

    def total(flags: Flags) -> NDArray[np.float64]:
        return np.bincount(codes, flags, minlength=size).astype(np.float64)

    cases, others_cases = total(exposed & happened), total(~exposed & happened)
    num_exposed, num_others = total(exposed), total(~exposed)
    both = (num_exposed > 0) & (num_others > 0)
    a, c, n1, n0 = cases[both], others_cases[both], num_exposed[both], num_others[both]
    n, m1 = n1 + n0, a + c
    above, below = float((a * n0 / n).sum()), float((c * n1 / n).sum())
    spread = float((n1 * n0 * m1 * (n - m1) / (n**2 * np.maximum(n - 1, 1))).sum())
    p = math.erfc(abs(float((a - n1 * m1 / n).sum())) / math.sqrt(2 * spread)) if spread > 0 else 1.0
    if above == 0 or below == 0:
        return Ratio(math.nan, 0.0, math.inf, p)
    variance = float(((m1 * n1 * n0 - a * c * n) / n**2).sum()) / (above * below)
    half = _QUANTILE * math.sqrt(max(variance, 0.0))
    centre = math.log(above / below)
    assert INTERVAL_LEVEL == 0.90
    return Ratio(math.exp(centre), math.exp(centre - half), math.exp(centre + half), p)


def compare(store: Store, keys: Keys, happened: Flags, raw: dict[str, NDArray[Any]]) -> list[Compared]:
    """Every topic and event that enough people met before the moment asked, strongest (by the lower limit) first.

    keys, happened: rows with a known outcome and a moment. raw: the raw columns of the same rows (for plan and activity).
    """
    topics = _met(store, keys, _TOPICS)
    events = _met(store, keys, _EVENTS)
    background = _combine(keys.at, _plan(raw, len(keys)), _third(raw, keys.at))
    met: list[tuple[Literal["topic", "event"], str, Flags, Codes]] = []
    for kind, found in (("topic", topics), ("event", events)):
        counts = np.sum(list(found.values()), axis=0) if found else np.zeros(len(keys))
        for key, flags in found.items():
            if len(np.unique(keys.code[flags])) >= MIN_EXPOSED and len(np.unique(keys.code[~flags])) >= MIN_EXPOSED:
                others = np.minimum(counts - flags, 2 if kind == "topic" else 1)
                met.append((kind, key, flags, _combine(background, others)))  # type: ignore[arg-type]
    compared = [_compare_one(kind, key, flags, happened, strata, keys, len(met)) for kind, key, flags, strata in met]
    named = _name(compared, met, happened)
    final = [_named(one, one.key in named and (one.kind, one.key) in named.values()) for one in compared]
    place = {key: number for number, key in enumerate(named)}
    return sorted(final, key=lambda one: (not one.named, place.get(one.key, 0) if one.named else 0, -one.low, one.kind, one.key))


def _named(one: Compared, named: bool) -> Compared:
    fields = {name: getattr(one, name) for name in Compared.__slots__}
    return Compared(**{**fields, "named": named})


def _name(
    compared: Sequence[Compared], met: Sequence[tuple[Any, str, Flags, Codes]], happened: Flags
) -> dict[str, tuple[Literal["topic", "event"], str]]:
    """The ones to name, strongest first; each must also hold beside those named before it."""
    strong = [number for number, one in enumerate(compared) if _is_strong(one.ratio, one.adjusted_p, one.num_cases)]
    named: dict[str, tuple[Literal["topic", "event"], str]] = {}
    beside: list[Flags] = []
    for number in sorted(strong, key=lambda one: (-compared[one].low, compared[one].key)):
        _, key, flags, strata = met[number]
        again = stratified_ratio(flags, happened, _combine(strata, *beside))
        if _is_strong(again.value, min(1.0, again.p * len(met)), compared[number].num_cases):
            named[key] = (compared[number].kind, key)
            beside.append(flags)
        if len(named) == MAX_NAMED:
            break
    return named


def _is_strong(ratio: float, adjusted_p: float, num_cases: int) -> bool:
    return ratio > 1 and adjusted_p < MAX_ADJUSTED_P and num_cases >= MIN_CASES


def _compare_one(
    kind: Literal["topic", "event"], key: str, flags: Flags, happened: Flags, strata: Codes, keys: Keys, num_compared: int
) -> Compared:
    ratio = stratified_ratio(flags, happened, strata)
    return Compared(
        kind=kind,
        key=key,
        num_people=len(np.unique(keys.code[flags])),
        num_cases=len(np.unique(keys.code[flags & happened])),
        num_rows=int(flags.sum()),
        rate=float(happened[flags].mean()),
        num_others=int((~flags).sum()),
        other=float(happened[~flags].mean()),
        ratio=ratio.value,
        low=ratio.low,
        high=ratio.high,
        adjusted_p=min(1.0, ratio.p * num_compared),
        named=False,
        row_numbers=np.flatnonzero(flags),
    )


_TOPICS = """SELECT DISTINCT k.row, p.topic FROM asked_keys k JOIN feedback f ON f.author = k.actor AND f.time < k.at
    JOIN points p ON p.feedback = f.row_id WHERE p.topic IS NOT NULL"""
_EVENTS = f"""SELECT DISTINCT k.row, e.name FROM asked_keys k
    JOIN events e ON e.actor = k.actor AND e.time < k.at AND e.time >= k.at - {EVENT_DAYS * DAY_US}"""


def _met(store: Store, keys: Keys, query: str) -> dict[str, Flags]:
    """Topic or event -> (n,) who met it before their moment."""
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
    for row, name in cursor.execute(query).fetchall():
        found.setdefault(str(name), np.zeros(len(keys), dtype=bool))[row] = True
    cursor.unregister("asked_keys")
    cursor.close()
    return dict(sorted(found.items()))


def _plan(raw: dict[str, NDArray[Any]], size: int) -> Codes:
    values = raw.get("plan")
    if values is None:
        return np.zeros(size, dtype=np.int64)
    return np.unique(np.array(["" if value is None else str(value) for value in values]), return_inverse=True)[1].astype(np.int64)


def _third(raw: dict[str, NDArray[Any]], at: Codes) -> Codes:
    """Which third of its period a row's activity lies in."""
    result = np.zeros(len(at), dtype=np.int64)
    values = raw.get("events_28_days", raw.get("orders_84_days"))
    if values is not None:
        for moment in np.unique(at):
            rows = at == moment
            edges = np.quantile(values[rows], [1 / 3, 2 / 3])
            result[rows] = np.searchsorted(edges, values[rows], side="left")
    return result


def _combine(*codes: NDArray[Any]) -> Codes:
    """One code for each combination."""
    combined = np.zeros(len(codes[0]), dtype=np.int64)
    for one in codes:
        places = np.unique(one, return_inverse=True)[1]
        combined = np.unique(combined * (int(places.max(initial=0)) + 1) + places, return_inverse=True)[1].astype(np.int64)
    return combined


def evidence(store: Store, topic: str, keys: Keys, rows: NDArray[np.intp]) -> tuple[tuple[str, ...], int | None]:
    """(texts, since): what the people of these rows (those who had the outcome) wrote about a topic last, and when anyone first did."""
    authors = sorted({int(code) for code in keys.code[rows]})
    query = """SELECT f.row_id FROM feedback f JOIN points p ON p.feedback = f.row_id
        WHERE p.topic = ? AND f.author IN (SELECT unnest(?)) GROUP BY f.row_id, f.author, f.time
        QUALIFY row_number() OVER (PARTITION BY f.author ORDER BY f.time DESC, f.row_id) = 1 ORDER BY f.time DESC, f.row_id LIMIT ?"""
    quotes = tuple(str(row_id) for (row_id,) in store.rows(query, [topic, authors, NUM_QUOTES]))
    first = store.rows("SELECT min(f.time) FROM feedback f JOIN points p ON p.feedback = f.row_id WHERE p.topic = ?", [topic])[0][0]
    return quotes, None if first is None else int(first)
