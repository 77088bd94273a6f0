"""Local days in SQL, and periods of whole days: what metrics under watch are counted in.

A day is a number: days since 1970-01-01 on the product's local calendar. Offsets come from the IANA database through `zoneinfo`, asked once for
each day of the data; the instant of a change of clocks is found to the minute, so a day of 23 or 25 hours keeps its rows.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from productloop.apps.risk.watch_types import WatchPeriod

DAY_US, MINUTE_US = 86_400_000_000, 60_000_000
EPOCH, EPOCH_DAY = datetime(1970, 1, 1, tzinfo=UTC), date(1970, 1, 1)
EPOCH_WEEKDAY = 3
WEEKDAYS = {"monday": 0, "sunday": 6}
Floats = NDArray[np.float64]


def day_sql(column: str, time_zone: str, first_us: int, last_us: int) -> str:
    """SQL of the local day of `column` (microseconds UTC between the two instants)."""
    zone = ZoneInfo(time_zone)
    first = _offset(zone, first_us - DAY_US)
    changes: list[tuple[int, int]] = []
    for begin in range(first_us - DAY_US, last_us + DAY_US, DAY_US):
        before = changes[-1][1] if changes else first
        after = _offset(zone, begin + DAY_US)
        if after == before:
            continue
        low, high = begin, begin + DAY_US
        while high - low > MINUTE_US:
            middle = (low + high) // 2
            low, high = (middle, high) if _offset(zone, middle) == before else (low, middle)
        changes.append((high // MINUTE_US * MINUTE_US, after))
    cases = str(changes[-1][1] if changes else first)
    for place in range(len(changes) - 1, -1, -1):
        before = changes[place - 1][1] if place else first
        cases = f"CASE WHEN {column} < {changes[place][0]} THEN {before} ELSE {cases} END"
    return f"(({column} + {cases}) // {DAY_US})::INTEGER"


def local_day(instant_us: int, time_zone: str) -> int:
    """The local day of an instant."""
    return (instant_us + _offset(ZoneInfo(time_zone), instant_us)) // DAY_US


def iso(day: int) -> str:
    """A day as YYYY-MM-DD."""
    return (EPOCH_DAY + timedelta(days=day)).isoformat()


def weekday(day: int) -> int:
    """0 = Monday."""
    return (day + EPOCH_WEEKDAY) % 7


def periods_of(days: NDArray[np.int64], period: WatchPeriod, week_start: int) -> NDArray[np.int64]:
    """(n,) numbers of the periods that hold the days."""
    if period == "day":
        return days
    if period == "week":
        return np.asarray((days + (EPOCH_WEEKDAY - week_start) % 7) // 7)
    return np.asarray(days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64))


def first_day(number: int, period: WatchPeriod, week_start: int) -> int:
    """The first day of a period."""
    if period == "day":
        return number
    if period == "week":
        return number * 7 - (EPOCH_WEEKDAY - week_start) % 7
    return int(np.datetime64(number, "M").astype("datetime64[D]").astype(np.int64))


def _offset(zone: ZoneInfo, instant_us: int) -> int:
    offset = (EPOCH + timedelta(microseconds=instant_us)).astimezone(zone).utcoffset()
    return 0 if offset is None else round(offset.total_seconds()) * 1_000_000
