"""Local calendar days and weeks: days begin at midnight of the product's zone, weeks on the day that the settings name."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

WEEKDAYS = {"monday": 0, "sunday": 6}


def local_day(instant: int, time_zone: str) -> date:
    """The local day of an instant in microseconds UTC."""
    return datetime.fromtimestamp(instant // 1_000_000, UTC).astimezone(ZoneInfo(time_zone)).date()


def midnight(day: date, time_zone: str) -> int:
    """The first instant of a local day, in microseconds UTC."""
    return int(datetime.combine(day, time.min, ZoneInfo(time_zone)).timestamp() * 1_000_000)


def week_edges(begin: int, end: int, time_zone: str, week_start: str, most: int) -> tuple[list[date], NDArray[np.int64]]:
    """(first days (n), instants (n + 1) at which they begin) of the weeks from that of `begin` to that of `end`, at most the newest `most`."""
    first, last = local_day(begin, time_zone), local_day(end, time_zone)
    start = last - timedelta(days=(last.weekday() - WEEKDAYS[week_start]) % 7)
    days: list[date] = []
    while start + timedelta(days=6) >= first and len(days) < most:
        days.append(start)
        start -= timedelta(days=7)
    days.reverse()
    edges = [midnight(day, time_zone) for day in [*days, days[-1] + timedelta(days=7)]]
    return days, np.array(edges, dtype=np.int64)
