"""One metric as a series of whole periods for a forecast: from events, from orders (`revenue`), or from the table `metrics`.

The grammar is that of `_metric`. The first and the last period are left out where the data do not cover them whole.
"""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from productloop.apps.behaviour import metric_wording as wording
from productloop.apps.behaviour._metric import (
    Metric,
    Named,
    PeriodRange,
    Term,
    covered,
    evaluate,
    label,
    number_of,
    parse,
    whole_periods,
)
from productloop.apps.behaviour._orders import PURCHASE, main_currency, read_orders
from productloop.apps.behaviour._reading import reading
from productloop.apps.behaviour.forecast_types import ForecastPeriod
from productloop.foundation.errors import UsageError, excerpt
from productloop.foundation.wording import Say, say
from productloop.loop import wording as loop_wording
from productloop.loop.action import Run, require
from productloop.loop.scope import Scope

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

DAY_US = 86_400_000_000
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


def read_series(run: Run, text: str, period: ForecastPeriod | None, currency: str | None) -> Series:
    """The series of a metric. Raises UsageError for one that cannot be read, MissingData where its table is absent."""
    if text.strip().lower() == "revenue":
        return _revenue(run, period or "day", currency)
    if run.store.rows("SELECT 1 FROM metrics WHERE metric = ? LIMIT 1", [text.strip()]):
        return _table(run, text.strip(), period)
    metric = parse(text)
    if isinstance(metric.tree, Named):
        return _table(run, metric.tree.name, period)
    return events_series(run, metric, period or "day")


def events_series(run: Run, metric: Metric, period: ForecastPeriod) -> Series:
    """A metric that is counted from events, alone or in a formula with revenue and metrics of the table."""
    require(run.store.exists("events"), loop_wording.NOTHING_IMPORTED, tables="events")
    with reading(run) as source:
        periods = whole_periods(run, covered(source), period)
        values = evaluate(run, source, metric, periods, named=named_values(run, metric.names, periods, None))
        name = label(source, metric.tree)
    verb = metric.tree.verb if isinstance(metric.tree, Term) else "average"
    combined: Literal["sum", "mean", "count"] = "count" if verb in ("people", "count") else "sum" if verb == "sum" else "mean"
    return Series(name, metric.unit, period, periods.first, values, combined)


def named_values(run: Run, names: Sequence[str], periods: PeriodRange, currency: str | None) -> dict[str, Floats]:
    """(P,) values of revenue (in whole units of its currency) and of metrics of the table; NaN outside what is known."""
    found = {}
    for name in names:
        money = name.lower() == "revenue"
        series = _revenue(run, periods.unit, currency) if money else _table(run, name, periods.unit)
        values = np.full(periods.num, np.nan)
        place = series.first - periods.first + np.arange(len(series.values))
        inside = (place >= 0) & (place < periods.num)
        values[place[inside]] = series.values[inside] / (100 if money else 1)
        found[name] = values
    return found


def _revenue(run: Run, period: ForecastPeriod, wanted: str | None) -> Series:
    require(run.store.exists("orders"), loop_wording.NOTHING_IMPORTED, tables="orders")
    orders = read_orders(run)
    currency, currencies = main_currency(orders, wanted)
    first_us, last_us = _span(run, "orders")
    orders = orders.take((orders.currency == currency) & (orders.kind <= PURCHASE))
    start, _ = run.scope.range_us(run.time_zone)
    periods = whole_periods(run, (max(first_us, start or first_us), last_us + 1), period)
    first, num = periods.first, periods.num
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
