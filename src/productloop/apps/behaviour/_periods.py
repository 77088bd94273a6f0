"""Days, weeks and months in the product's own time zone, as whole numbers: what retention and lifecycle count in.

day: days since 1970-01-01 on the local calendar. week: weeks since the one that holds 1970-01-01, beginning on `week_start`
(0 = Monday .. 6 = Sunday, as `datetime.weekday`). month: months since January 1970. Summer time is honoured: a local day may have
23 or 25 hours, and its events stay in it.

The offsets come from the IANA time zone database through `zoneinfo` (on Windows that needs the package `tzdata`). It is asked once per
day of the data; within a day whose two ends differ the change is found by bisection, to the second. Where the offset never changes, days are
one division. Else rows are mapped by one division and one look-up, because in present zones every change falls on a quarter of an hour;
other spans take a binary search.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Literal
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

PeriodUnit = Literal["day", "week", "month"]

SECOND_US = 1_000_000
DAY_S = 86_400
QUARTER_S = 900
QUARTERS_A_DAY = DAY_S // QUARTER_S
# A table of quarter hours stays small (16 MB) up to this length, 57 years; longer spans are searched.
MAX_QUARTERS = 2_000_000
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
EPOCH_WEEKDAY = 3  # 1970-01-01 was a Thursday


def period_index(time_us: NDArray[np.int64], time_zone: str, unit: PeriodUnit, week_start: int = 0) -> NDArray[np.int64]:
    """The local period of each UTC instant: (n,) microseconds -> (n,) periods.

    Raises ValueError for an unknown unit, a week start outside 0..6 or a time outside the years 1 to 9999;
    zoneinfo.ZoneInfoNotFoundError for an unknown zone.
    """
    _check(unit, week_start)
    if len(time_us) == 0:
        return np.empty(0, dtype=np.int64)
    first_s, last_s = int(time_us.min()) // SECOND_US, int(time_us.max()) // SECOND_US
    first_day, last_day = first_s // DAY_S, last_s // DAY_S
    begin_s, offset_s = _offsets(time_zone, first_day, last_day)
    if unit == "day" and len(offset_s) == 1:
        offset_us = int(offset_s[0]) * SECOND_US
        return (time_us + offset_us if offset_us else time_us) // (DAY_S * SECOND_US)
    most_quarters = max(MAX_QUARTERS, len(time_us) // 4)
    days = _days_of_quarters(time_zone, first_day, last_day) if (last_day - first_day + 1) * QUARTERS_A_DAY <= most_quarters else None
    if days is not None:
        quarter = time_us // (QUARTER_S * SECOND_US)
        quarter -= first_day * QUARTERS_A_DAY
        return _of_day(days, unit, week_start).take(quarter, mode="clip")  # all lie inside; not to look again saves a third
    seconds = time_us // SECOND_US
    local_s = seconds + offset_s[np.searchsorted(begin_s, seconds, side="right") - 1]
    return _of_day(local_s // DAY_S, unit, week_start)


def period_start(period: NDArray[np.int64], unit: PeriodUnit, week_start: int = 0) -> NDArray[np.datetime64]:
    """The first local day of each period, as datetime64[D]."""
    _check(unit, week_start)
    if unit == "month":
        return period.astype("datetime64[M]").astype("datetime64[D]")
    if unit == "week":
        return (period * 7 - (EPOCH_WEEKDAY - week_start) % 7).astype("datetime64[D]")
    return period.astype("datetime64[D]")


def running_period(data_end_us: int, time_zone: str, unit: PeriodUnit, week_start: int = 0) -> int:
    """The first period that is not complete when the data end at `data_end_us` (its last instant): nothing from here on is final."""
    return int(period_index(np.array([data_end_us + 1], dtype=np.int64), time_zone, unit, week_start)[0])


def _check(unit: str, week_start: int) -> None:
    if unit not in ("day", "week", "month"):
        raise ValueError(f"unknown unit {unit!r}")
    if not 0 <= week_start <= 6:
        raise ValueError(f"week_start must be 0 (Monday) to 6 (Sunday), not {week_start}")


def _of_day(day: NDArray[np.int64], unit: PeriodUnit, week_start: int) -> NDArray[np.int64]:
    if unit == "month":
        return day.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    if unit == "week":
        return (day + (EPOCH_WEEKDAY - week_start) % 7) // 7
    return day


@lru_cache(maxsize=2)
def _days_of_quarters(time_zone: str, first_day: int, last_day: int) -> NDArray[np.int64] | None:
    """The local day of every quarter of an hour of these days (UTC); None where the offset changes within one."""
    begin_s, offset_s = _offsets(time_zone, first_day, last_day)
    if np.any(offset_s % QUARTER_S) or np.any(begin_s[1:] % QUARTER_S):
        return None
    quarter_s = np.arange(first_day * DAY_S, (last_day + 1) * DAY_S, QUARTER_S)
    quarter_s += offset_s[np.searchsorted(begin_s, quarter_s, side="right") - 1]
    return quarter_s // DAY_S


@lru_cache(maxsize=64)
def _offsets(time_zone: str, first_day: int, last_day: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """(begin, offset) in seconds: from each begin (UTC, ascending, the first covers all before) local time is UTC plus the offset."""
    zone = ZoneInfo(time_zone)

    def offset_at(second: int) -> int:
        try:
            offset = (EPOCH + timedelta(seconds=second)).astimezone(zone).utcoffset()
        except OverflowError:
            raise ValueError(f"a time lies outside the years 1 to 9999: {second} s") from None
        return 0 if offset is None else round(offset.total_seconds())

    begins, offsets = [first_day * DAY_S], [offset_at(first_day * DAY_S)]
    for day in range(first_day, last_day + 1):
        low, high = day * DAY_S, (day + 1) * DAY_S
        after = offset_at(high)
        if after == offsets[-1]:
            continue
        before = offsets[-1]
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if offset_at(middle) == before else (low, middle)
        begins.append(high)
        offsets.append(after)
    return np.array(begins, dtype=np.int64), np.array(offsets, dtype=np.int64)
