"""A metric by period, as arrays: the grammar of what can be counted, and the whole periods that the data cover.

    people(EVENT)  count(EVENT)  sum(EVENT.COLUMN)  average(EVENT.COLUMN)  A / B  revenue  NAME of the table `metrics`

EVENT may be `any`. A period in which nothing happened is 0 for people, counts, sums and revenue, unknown for averages, ratios and table metrics.
The first and the last period are left out where the data do not cover them whole.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from productloop.apps.behaviour import forecast_wording as wording
from productloop.apps.behaviour._orders import PURCHASE, main_currency, read_orders
from productloop.apps.behaviour._periods import PeriodUnit, period_index, period_start
from productloop.apps.behaviour._reading import Reading, reading
from productloop.apps.behaviour._weeks import WEEKDAYS
from productloop.apps.behaviour.forecast_types import ForecastPeriod
from productloop.foundation.errors import UsageError, excerpt
from productloop.foundation.wording import Say, say
from productloop.loop import wording as loop_wording
from productloop.loop.action import Run, require
from productloop.loop.scope import Scope

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

TERM = re.compile(r"^\s*(people|count|sum|average)\s*\(\s*(.+?)\s*\)\s*$", re.IGNORECASE)
ANY = ("any", "*", "")
HOUR_US, DAY_US = 3_600_000_000, 86_400_000_000
MEASURED = ("share", "percent", "%", "ratio", "score", "stars", "seconds", "ms", "rate", "average", "celsius", "degrees")
"""Units of `metrics` that are averaged within a period; all others are added up."""
MAX_LISTED = 12


@dataclass(frozen=True, slots=True)
class Series:
    """`values` (n,) of the whole periods from number `first` on; NaN = unknown."""

    name: Say | str
    unit: str
    period: ForecastPeriod
    first: int
    values: Floats
    combined: Literal["sum", "mean", "count"]
    other_currencies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Term:
    """One side of a metric: what is counted of which event, in which column."""

    verb: str
    event: str
    column: str | None


def read_series(run: Run, metric: str, period: ForecastPeriod | None, currency: str | None) -> Series:
    """The series of a metric. Raises UsageError for one that cannot be read, MissingData where its table is absent."""
    if metric.strip().lower() == "revenue":
        return _revenue(run, period or "day", currency)
    sides = [TERM.match(part) for part in metric.split("/")] if metric.count("/") < 2 else [None]
    if all(side is not None for side in sides):
        return _events(run, [_term(side) for side in sides if side is not None], period or "day")
    return _table(run, metric.strip(), period)


def start_of(number: int, period: ForecastPeriod, weekday: int) -> str:
    """The first day (or hour) of a period as people write it."""
    if period == "hour":
        return str(np.datetime64(number, "h")).replace("T", " ") + ":00"
    return str(period_start(np.array([number]), period, weekday)[0])


def number_of(time_us: Integers, run: Run, period: ForecastPeriod) -> Integers:
    """(n,) periods of instants; hours are those of the local clock."""
    weekday = WEEKDAYS[run.settings.text("product.week_start")]
    if period != "hour":
        unit: PeriodUnit = period
        return period_index(time_us, run.time_zone, unit, weekday)
    day = period_index(time_us, run.time_zone, "day")
    # the offset of a local clock is a whole number of quarters, so the hour follows from the local day of each earlier hour
    offset = np.array([_offset_hours(run.time_zone, int(one)) for one in np.unique(day)], dtype=np.int64)
    return time_us // HOUR_US + offset[np.searchsorted(np.unique(day), day)]


def _offset_hours(time_zone: str, day: int) -> int:
    from datetime import UTC, datetime, timedelta
    from zoneinfo import ZoneInfo

    noon = datetime(1970, 1, 1, 12, tzinfo=UTC) + timedelta(days=day)
    offset = noon.astimezone(ZoneInfo(time_zone)).utcoffset()
    return 0 if offset is None else round(offset.total_seconds() / 3600)


def _term(match: re.Match[str]) -> _Term:
    verb, inner = match.group(1).lower(), match.group(2)
    if verb in ("people", "count"):
        return _Term(verb, inner, None)
    event, _, column = inner.rpartition(".")
    return _Term(verb, event or inner, column if event else "value")


def _events(run: Run, terms: list[_Term], period: ForecastPeriod) -> Series:
    require(run.store.exists("events"), loop_wording.NOTHING_IMPORTED, tables="events")
    with reading(run) as source:
        source.checked([term.event for term in terms if term.event.lower() not in ANY])
        ends = np.array([source.data_begin_us, source.data_end_us + 1], dtype=np.int64)
        since, until = source.range_us
        ends = np.array([max(int(ends[0]), since), min(int(ends[1]), until)], dtype=np.int64)
        first, num = _whole(run, ends, period)
        sides = [_side(run, source, term, period, first, num) for term in terms]
        labels: list[Say | str] = [_label(source, term) for term in terms]
    if len(sides) == 1:
        unit = "people" if terms[0].verb == "people" else "events" if terms[0].verb == "count" else "number"
        combined: Literal["sum", "mean", "count"] = "mean" if terms[0].verb == "average" else "sum" if terms[0].verb == "sum" else "count"
        return Series(labels[0], unit, period, first, sides[0], combined)
    with np.errstate(invalid="ignore", divide="ignore"):
        ratio = np.where(sides[1] > 0, sides[0] / sides[1], np.nan)
    return Series(say("behaviour.metric.ratio", top=labels[0], bottom=labels[1]), "ratio", period, first, ratio, "mean")


def _label(source: Reading, term: _Term) -> Say:
    if term.verb == "people" and term.event.lower() in ANY:
        return say("behaviour.metric.active")
    event = say("behaviour.metric.any") if term.event.lower() in ANY else source.label(term.event)
    return say(f"behaviour.metric.{term.verb}", event=event, column=term.column or "")


def _side(run: Run, source: Reading, term: _Term, period: ForecastPeriod, first: int, num: int) -> Floats:
    where, parameters = ("", []) if term.event.lower() in ANY else ("WHERE name = ?", [term.event])
    column = "NULL::DOUBLE" if term.column is None else f"TRY_CAST({source.split(term.column).sql} AS DOUBLE)"
    found = source.columns(f"SELECT actor, time, {column} AS amount FROM events {where}", parameters)
    place = number_of(found["time"].astype(np.int64), run, period) - first
    inside = (place >= 0) & (place < num)
    place, actor, amount = place[inside], found["actor"][inside], found["amount"][inside].astype(np.float64)
    if term.verb == "count":
        return np.bincount(place, minlength=num).astype(np.float64)
    if term.verb == "people":
        pairs = np.unique(np.column_stack([place, actor]), axis=0)
        return np.bincount(pairs[:, 0], minlength=num).astype(np.float64)
    known = np.isfinite(amount)
    total = np.bincount(place[known], weights=amount[known], minlength=num).astype(np.float64)
    if term.verb == "sum":
        return total
    many = np.bincount(place[known], minlength=num)
    return np.asarray(np.where(many > 0, total / np.maximum(many, 1), np.nan))


def _whole(run: Run, ends: Integers, period: ForecastPeriod) -> tuple[int, int]:
    """(number of the first whole period, how many) that lie within the instants [ends[0], ends[1])."""
    if ends[1] <= ends[0]:
        return 0, 0
    before = number_of(ends - np.array([1, 0]), run, period)
    return int(before[0]) + 1, max(0, int(before[1]) - int(before[0]) - 1)


def _revenue(run: Run, period: ForecastPeriod, wanted: str | None) -> Series:
    require(run.store.exists("orders"), loop_wording.NOTHING_IMPORTED, tables="orders")
    orders = read_orders(run)
    currency, currencies = main_currency(orders, wanted)
    first_us, last_us = _span(run, "orders")
    orders = orders.take((orders.currency == currency) & (orders.kind <= PURCHASE))
    start, _ = run.scope.range_us(run.time_zone)
    first, num = _whole(run, np.array([max(first_us, start or first_us), last_us + 1], dtype=np.int64), period)
    place = number_of(orders.time, run, period) - first if len(orders.time) else np.empty(0, dtype=np.int64)
    inside = (place >= 0) & (place < num)
    values = np.bincount(place[inside], weights=orders.amount[inside].astype(np.float64), minlength=num).astype(np.float64)
    others = tuple(name for name in currencies if name != currency)
    return Series(say("behaviour.metric.revenue"), f"money:{currency}", period, first, values, "sum", others)


def _span(run: Run, table: str) -> tuple[int, int]:
    """First and last instant of a whole table up to the end of the range."""
    whole = run.store.narrowed(Scope(until=run.scope.until), run.time_zone, run.as_of)
    try:
        first, last = whole.rows(f'SELECT min(time), max(time) FROM "{table}"')[0]
    finally:
        whole.close()
    return (0, -1) if first is None else (int(first), int(last))


def _table(run: Run, metric: str, period: ForecastPeriod | None) -> Series:
    names = [str(row[0]) for row in run.store.rows("SELECT metric FROM metrics GROUP BY metric ORDER BY count(*) DESC, metric")]
    if metric not in names:
        raise UsageError(_unknown(run, metric, names)[0], **_unknown(run, metric, names)[1])
    found = run.store.columns(
        "SELECT time, value, segment, coalesce(unit, '') AS unit FROM metrics WHERE metric = ? AND value IS NOT NULL ORDER BY time",
        [metric],
    )
    whole = np.array(
        [segment is None or str(segment).strip().lower() in ("", "all", "total") for segment in found["segment"]], dtype=np.bool_
    )
    keep = whole if whole.any() else np.ones(len(whole), dtype=np.bool_)
    start, end = run.scope.range_us(run.time_zone)
    time = found["time"].astype(np.int64)
    keep &= (time >= (start or time.min())) & (time < (end or time.max() + 1))
    time, value, units = time[keep], found["value"][keep].astype(np.float64), found["unit"][keep]
    if not len(time):
        return Series(metric, "number", period or "day", 0, np.empty(0), "sum")
    gap = float(np.median(np.diff(np.unique(time)))) if len(np.unique(time)) > 1 else float(DAY_US)
    recorded: ForecastPeriod = "month" if gap > 25 * DAY_US else "week" if gap > 6 * DAY_US else "day" if gap > 0.9 * DAY_US else "hour"
    period = period or recorded
    number = number_of(time, run, period)
    first = int(number.min())
    num = int(number.max()) - first + 1
    many = np.bincount(number - first, minlength=num)
    total = np.bincount(number - first, weights=value, minlength=num)
    unit = str(units[0]).strip()
    mean = unit.lower() in MEASURED
    if period != recorded:  # the running period holds fewer records than a whole one
        usual = float(np.median(many[many > 0]))
        num -= int(many[-1] < usual)
        total, many = total[:num], many[:num]
    values = np.where(many > 0, total / np.maximum(many, 1) if mean else total, np.nan)
    return Series(metric, unit or "number", period, first, values, "mean" if mean else "sum")


def _unknown(run: Run, metric: str, names: list[str]) -> tuple[Any, dict[str, str]]:
    events = [
        str(row[0]) for row in run.store.rows("SELECT name FROM events WHERE name IS NOT NULL GROUP BY name ORDER BY count(*) DESC, name")
    ]
    if metric in events:
        return wording.METRIC_IS_EVENT, {"name": excerpt(metric)}
    near = difflib.get_close_matches(metric, [*names, *events, "revenue"], 1, 0)
    known = [*names, "revenue", *(f"people({name})" for name in events)][:MAX_LISTED]
    return wording.METRIC_UNKNOWN, {"name": excerpt(metric), "nearest": near[0] if near else "-", "known": ", ".join(known)}
