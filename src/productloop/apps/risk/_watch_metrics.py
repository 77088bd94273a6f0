"""The metrics under watch, read as day by part: what a day of each part of the users adds to the metric.

active          people who did anything that day (a crash or an error is nothing they did)
signups         people whose first day it is; where no dates of sign-up are known, their first event named like one
errors          of those active, the share who met an event named like a crash or an error
revenue         amounts of orders that are no refunds, in the currency of most orders
rating          mean of the ratings given
feedback        texts written
topic:NAME      texts that make a point of the topic
people(EVENT), count(EVENT)     people who did it, times it was done
any name of the table `metrics`  added up, or averaged where its unit says so

A person counts once a day, with what was known of their last event that day, so the parts add up to the whole. This is a small reading of its own:
the grammar of `behaviour` has formulas and periods that nobody watches, and apps meet only in the store.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from productloop.apps.risk import watch_wording as wording
from productloop.apps.risk._watch_days import day_sql, local_day
from productloop.apps.risk.watch_types import MetricKind
from productloop.foundation.errors import UsageError, excerpt
from productloop.foundation.wording import Say, Text, say
from productloop.loop.action import Run

Floats = NDArray[np.float64]

FAULT = r"crash|error|fail|exception|anr|崩溃|报错|闪退|异常"
SIGN_UP = r"^(sign_?up|signed_?up|register(ed)?|registration|create_?account|account_?created|user_?signup|注册|用户注册|完成注册)$"
REFUND = r"refund|chargeback|cancel|退款|退货|拒付|退订"
MEASURED = ("share", "percent", "%", "ratio", "score", "stars", "seconds", "ms", "rate", "average", "celsius", "degrees")
"""Units of `metrics` that are averaged within a period; all others are added up."""
WHOLE = ("", "all", "total", "全部", "总计")
MAX_TOPICS, MAX_TABLE, MAX_VALUES = 8, 12, 7
ON_ACTORS = ("plan", "country", "platform")
_CALL = re.compile(r"^(people|count)\((.+)\)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric by part and day: `amount` and, for a ratio, `size` (C, D) from local day `begin` on; codes (C, K) of `columns`, -1 = not known."""

    name: str
    label: Say | str
    kind: MetricKind
    unit: str
    begin: int
    amount: Floats
    size: Floats | None
    codes: NDArray[np.int64]
    columns: tuple[str, ...]
    values: tuple[tuple[str, ...], ...]
    """Values of each column, by code."""
    recorded: Literal["day", "week", "month"] = "day"


@dataclass(frozen=True, slots=True)
class _Query:
    """SQL that gives `day`, `amount`, `size` and one column for each part; the span of instants it covers."""

    name: str
    label: Say | str
    kind: MetricKind
    unit: str
    table: str
    sql: str
    parameters: tuple[Any, ...]
    ratio: bool = False
    columns: tuple[str, ...] = ()


class Sources:
    """What a run's data hold: spans of the tables and names, looked up once."""

    def __init__(self, run: Run) -> None:
        self.run, self.store = run, run.store
        self.spans: dict[str, tuple[int, int]] = {}
        for table in ("events", "orders", "feedback"):
            first, last = self.store.rows(f'SELECT min(time), max(time) FROM "{table}"')[0]
            if first is not None:
                self.spans[table] = (int(first), int(last))
        ends = [last for _, last in self.spans.values()]
        self.end_us = max(ends) if ends else (run.as_of or run.now)
        self.events = [
            str(name) for (name,) in self.store.rows("SELECT name FROM events WHERE name IS NOT NULL GROUP BY 1 ORDER BY count(*) DESC, 1")
        ]

    def day(self, column: str, table: str) -> str:
        """SQL of the local day of a column of a table."""
        first, last = self.spans[table]
        return day_sql(column, self.run.time_zone, min(first, last), max(last, self.end_us))


def read_metrics(run: Run, asked: str | None) -> Iterator[Metric]:
    """Every metric there is, or the one asked for. Raises UsageError for one that does not exist."""
    sources = Sources(run)
    if asked is None:
        yield from (metric for query in _standard(sources) if (metric := _fetch(sources, query)) is not None)
        names = [name for (name,) in run.store.rows(f"SELECT metric FROM metrics GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT {MAX_TABLE}")]
        yield from (_table(run, str(name)) for name in names)
        return
    yield _one(sources, asked.strip())


def _one(sources: Sources, asked: str) -> Metric:
    run = sources.run
    if run.store.rows("SELECT 1 FROM metrics WHERE metric = ? LIMIT 1", [asked]):
        return _table(run, asked)
    queries = {query.name.lower(): query for query in _standard(sources)}
    called = _CALL.match(asked)
    if called is not None and called.group(2) in sources.events:
        query = _events(sources, asked, called.group(1).lower(), called.group(2))
    elif asked.lower() in queries:
        query = queries[asked.lower()]
    else:
        known = [*queries, *(f"people({name})" for name in sources.events[:6])]
        known += [str(name) for (name,) in run.store.rows("SELECT metric FROM metrics GROUP BY 1 ORDER BY 1 LIMIT 12")]
        nearest = difflib.get_close_matches(asked.lower(), known, 1, 0)
        raise UsageError(wording.METRIC_UNKNOWN, name=excerpt(asked), nearest=nearest[0] if nearest else "-", known=", ".join(known) or "-")
    metric = _fetch(sources, query)
    if metric is None:
        raise UsageError(wording.METRIC_EMPTY, name=excerpt(asked))
    return metric


def _standard(sources: Sources) -> list[_Query]:
    found: list[_Query] = []
    if "events" in sources.spans:
        found.append(_active(sources, ratio=False))
    if (sign_ups := _sign_ups(sources)) is not None:
        found.append(sign_ups)
    if "events" in sources.spans and any(re.search(FAULT, name, re.IGNORECASE) for name in sources.events):
        found.append(_active(sources, ratio=True))
    if "orders" in sources.spans and (revenue := _revenue(sources)) is not None:
        found.append(revenue)
    if "feedback" in sources.spans:
        found += [_words(sources, "rating"), _words(sources, "feedback"), *_topics(sources)]
    return found


def _active(sources: Sources, *, ratio: bool) -> _Query:
    day = sources.day("time", "events")
    fault = f"regexp_matches(lower(name), '{FAULT}')"
    inner = (
        f"SELECT {day} AS day, actor, arg_max(platform, time) AS platform, arg_max(version, time) AS version, arg_max(device, time) AS device, "
        f"max({fault}::INTEGER) AS fault, max((NOT {fault})::INTEGER) AS did FROM events WHERE actor IS NOT NULL GROUP BY 1, 2"
    )
    amount, where = ("d.fault", "") if ratio else ("d.did", "WHERE d.did > 0")
    sql = f"SELECT d.day, {amount} AS amount, 1 AS size, {_WITH} FROM ({inner}) d {_PEOPLE} ON a.actor = d.actor {where}"
    name: MetricKind = "errors" if ratio else "active"
    columns = ("platform", "version", "device", "plan", "country")
    return _Query(name, say(f"risk.watch.metric_{name}"), name, "share" if ratio else "people", "events", sql, (), ratio, columns)


def _events(sources: Sources, asked: str, verb: str, event: str) -> _Query:
    day = sources.day("time", "events")
    inner = (
        f"SELECT {day} AS day, actor, arg_max(platform, time) AS platform, arg_max(version, time) AS version, arg_max(device, time) AS device, "
        "count(*) AS many FROM events WHERE actor IS NOT NULL AND name = ? GROUP BY 1, 2"
    )
    amount = "1" if verb == "people" else "d.many"
    sql = f"SELECT d.day, {amount} AS amount, 1 AS size, {_WITH} FROM ({inner}) d {_PEOPLE} ON a.actor = d.actor"
    unit, columns = ("people" if verb == "people" else "events"), ("platform", "version", "device", "plan", "country")
    return _Query(asked, say(f"risk.watch.metric_{verb}", event=event), "events", unit, "events", sql, (event,), False, columns)


def _sign_ups(sources: Sources) -> _Query | None:
    store, label = sources.store, say("risk.watch.metric_signups")
    dated = store.rows("SELECT count(DISTINCT actor), min(first_seen), max(first_seen) FROM actors WHERE first_seen IS NOT NULL")[0]
    if int(dated[0]) >= 20:
        first, last = int(dated[1]), int(dated[2])
        begin = max(first, min((span[0] for span in sources.spans.values()), default=first))
        sources.spans.setdefault("actors", (begin, last))
        day = day_sql("first_seen", sources.run.time_zone, first, max(last, sources.end_us))
        first_row = "arg_min({0}, coalesce(known_at, 0)) AS {0}"
        inner = (
            f"SELECT actor, min(first_seen) AS first_seen, {', '.join(first_row.format(name) for name in ON_ACTORS)} FROM actors GROUP BY 1"
        )
        sql = f"SELECT {day} AS day, 1 AS amount, 1 AS size, {', '.join(ON_ACTORS)} FROM ({inner}) WHERE first_seen IS NOT NULL"
        return _Query("signups", label, "signups", "people", "actors", sql, (), False, ON_ACTORS)
    names = [name for name in sources.events if re.match(SIGN_UP, name, re.IGNORECASE)]
    if not names:
        return None
    one_of = ", ".join("?" * len(names))
    earliest = "min(time) AS time, arg_min(platform, time) AS platform"
    inner = f"SELECT actor, {earliest} FROM events WHERE actor IS NOT NULL AND name IN ({one_of}) GROUP BY 1"
    day = sources.day("d.time", "events")
    sql = f"SELECT {day} AS day, 1 AS amount, 1 AS size, d.platform, a.plan, a.country FROM ({inner}) d {_PEOPLE} ON a.actor = d.actor"
    return _Query("signups", label, "signups", "people", "events", sql, tuple(names), False, ("platform", "plan", "country"))


def _revenue(sources: Sources) -> _Query | None:
    fallback = sources.run.settings.text("product.currency")
    paid = f"amount > 0 AND NOT regexp_matches(lower(coalesce(kind, '')), '{REFUND}')"
    currency = "coalesce(upper(trim(currency)), ?)"
    rows = sources.store.rows(
        f"SELECT {currency} AS c, count(*) FROM orders WHERE {paid} GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 1", [fallback]
    )
    if not rows:
        return None
    sql = (
        f"SELECT {sources.day('o.time', 'orders')} AS day, o.amount AS amount, 1 AS size, o.plan, o.kind, o.item, a.platform, a.country "
        f"FROM (SELECT * FROM orders WHERE {paid} AND {currency} = ?) o {_PEOPLE} ON a.actor = o.actor"
    )
    columns = ("plan", "kind", "item", "platform", "country")
    unit, shown = f"money:{rows[0][0]}", str(rows[0][0])
    return _Query(
        "revenue", say("risk.watch.metric_revenue", currency=shown), "revenue", unit, "orders", sql, (fallback, shown), False, columns
    )


def _words(sources: Sources, name: Literal["rating", "feedback"]) -> _Query:
    amount, where = ("f.rating", "WHERE f.rating IS NOT NULL") if name == "rating" else ("1", "")
    return _said(sources, name, say(f"risk.watch.metric_{name}"), name, amount, where, ())


def _topics(sources: Sources) -> list[_Query]:
    rows = sources.store.rows(
        "SELECT topic, name_zh, name_en FROM topics WHERE coalesce(state, 'live') = 'live' AND merged_into IS NULL AND NOT coalesce(varied, false) "
        f"ORDER BY num_texts DESC, topic LIMIT {MAX_TOPICS}"
    )
    found = []
    for topic, chinese, english in rows:
        label = say("risk.watch.metric_topic", name=Text(str(chinese or english), str(english or chinese)))
        where = "WHERE f.row_id IN (SELECT feedback FROM points WHERE topic = ?)"
        found.append(_said(sources, f"topic:{english or chinese}", label, "topic", "1", where, (str(topic),)))
    return found


def _said(sources: Sources, name: str, label: Say, kind: MetricKind, amount: str, where: str, parameters: tuple[Any, ...]) -> _Query:
    sql = (
        f"SELECT {sources.day('f.time', 'feedback')} AS day, {amount} AS amount, 1 AS size, "
        "f.version, f.market, f.channel, f.product, f.language, a.platform, a.plan "
        f"FROM (SELECT * FROM feedback WHERE time IS NOT NULL) f {_PEOPLE} ON a.actor = f.author {where}"
    )
    columns = ("version", "market", "channel", "product", "language", "platform", "plan")
    return _Query(name, label, kind, "stars" if kind == "rating" else "texts", "feedback", sql, parameters, kind == "rating", columns)


_WITH = "d.platform, d.version, d.device, a.plan, a.country"
_PEOPLE = (
    "LEFT JOIN (SELECT actor, "
    + ", ".join(f"arg_max({name}, coalesce(known_at, 0)) AS {name}" for name in ON_ACTORS)
    + " FROM actors GROUP BY 1) a"
)


def _fetch(sources: Sources, query: _Query) -> Metric | None:
    listed = ", ".join(f'"{name}"' for name in query.columns)
    sums = "sum(amount)::DOUBLE AS amount, sum(size)::DOUBLE AS size"
    sql = f"SELECT day, {sums}, {listed} FROM ({query.sql}) WHERE day IS NOT NULL GROUP BY day, {listed} ORDER BY day, {listed}"
    rows = sources.store.columns(sql, list(query.parameters))
    if not len(rows["day"]):
        return None
    first_us, last_us = sources.spans[query.table]
    zone = sources.run.time_zone
    stale = sources.end_us - last_us > 7 * 86_400_000_000
    begin, end = local_day(first_us - 1, zone) + 1, local_day((last_us if stale else sources.end_us) + 1, zone)
    return _folded(query, rows, begin, max(end, begin))


def _folded(query: _Query, rows: dict[str, Any], begin: int, end: int) -> Metric:
    """Whole days [begin, end) only; rare values of a column become "other"."""
    day = rows["day"].astype(np.int64)
    inside = (day >= begin) & (day < end)
    amount, size = rows["amount"].astype(np.float64)[inside], rows["size"].astype(np.float64)[inside]
    codes, columns, values = [], [], []
    for name in query.columns:
        code, kept = _coded(rows[name][inside], size)
        if len(kept) > 1:
            codes.append(code)
            columns.append(name)
            values.append(kept)
    table = np.stack(codes, axis=1) if codes else np.empty((int(inside.sum()), 0), dtype=np.int64)
    unique, cell = np.unique(table, axis=0, return_inverse=True) if len(table) else (table, np.empty(0, dtype=np.int64))
    shape = (max(len(unique), 1), end - begin)
    totals = np.zeros((2, *shape))
    np.add.at(totals[0], (cell.reshape(-1), day[inside] - begin), amount)
    np.add.at(totals[1], (cell.reshape(-1), day[inside] - begin), size)
    unique = unique if len(unique) else np.empty((1, len(columns)), dtype=np.int64)
    return Metric(
        query.name,
        query.label,
        query.kind,
        query.unit,
        begin,
        totals[0],
        totals[1] if query.ratio else None,
        unique,
        tuple(columns),
        tuple(values),
    )


def _coded(column: NDArray[Any], size: Floats) -> tuple[NDArray[np.int64], tuple[str, ...]]:
    """((n,) codes of the most frequent values, -1 = not known or rare; those values)."""
    known = np.array([value is not None and value == value and str(value) != "" for value in column], dtype=np.bool_)
    text = np.array([str(value) for value in column[known]], dtype=object)
    if not len(text):
        return np.full(len(column), -1, dtype=np.int64), ()
    names, place = np.unique(text.astype(str), return_inverse=True)
    weight = np.bincount(place, weights=size[known], minlength=len(names))
    kept = np.sort(np.argsort(-weight, kind="stable")[:MAX_VALUES])
    code = np.full(len(names), -1, dtype=np.int64)
    code[kept] = np.arange(len(kept))
    found = np.full(len(column), -1, dtype=np.int64)
    found[known] = code[place]
    return found, tuple(str(names[one]) for one in kept)


def _table(run: Run, name: str) -> Metric:
    """A metric of the table `metrics`; segments such as android/paid are two columns."""
    limit = 1 << 62 if run.as_of is None else max(run.as_of, run.now) + 1
    names = "time, value, coalesce(segment, '') AS segment, coalesce(unit, '') AS unit"
    rows = run.store.columns(
        f"SELECT {names} FROM metrics WHERE metric = ? AND value IS NOT NULL AND time < ? ORDER BY time", [name, limit]
    )
    time, unit = rows["time"].astype(np.int64), str(rows["unit"][0]).strip() if len(rows["unit"]) else ""
    if not len(time):
        raise UsageError(wording.METRIC_EMPTY, name=excerpt(name))
    segments = np.array([str(segment).strip() for segment in rows["segment"]], dtype=object)
    parts = np.array([segment.lower() not in WHOLE for segment in segments])
    days = np.array([local_day(int(one), run.time_zone) for one in np.unique(time)])[np.unique(time, return_inverse=True)[1]]
    gap = float(np.median(np.diff(np.unique(days)))) if len(np.unique(days)) > 1 else 1.0
    recorded: Literal["day", "week", "month"] = "month" if gap > 20 else "week" if gap > 4 else "day"
    mean = unit.lower() in MEASURED
    use = parts if parts.any() and (not (~parts).any() or not mean) else ~parts if (~parts).any() else parts
    if (~parts).any() and parts.any() and not mean:
        use = parts if set(days[parts].tolist()) >= set(days[~parts].tolist()) else ~parts
    split = [segment.split("/") for segment in segments[use]]
    depth = len(split[0]) if len({len(one) for one in split}) == 1 and len(split[0]) == 2 and parts[use].all() else 1
    columns = tuple(f"part{place}" for place in range(depth))
    listed = {
        column: np.array([one[place].strip() if depth > 1 else "/".join(one) for one in split], dtype=object)
        for place, column in enumerate(columns)
    }
    query = _Query(name, name, "table", unit or "number", "metrics", "", (), mean, columns)
    fields = {"day": days[use], "amount": rows["value"][use], "size": np.ones(int(use.sum())), **listed}
    metric = _folded(query, fields, int(days[use].min()), int(days[use].max()) + 1)
    shown = tuple("segment" for _ in metric.columns)
    return Metric(
        metric.name, name, "table", metric.unit, metric.begin, metric.amount, metric.size, metric.codes, shown, metric.values, recorded
    )
