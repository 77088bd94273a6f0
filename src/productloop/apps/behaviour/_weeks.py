"""Whole calendar weeks of the product as spans of instants, newest last: what weekly rates are counted in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import numpy as np

from productloop.apps.behaviour._periods import PeriodUnit, period_index, period_start

WEEKDAYS = {"monday": 0, "sunday": 6}


@dataclass(frozen=True, slots=True)
class Span:
    """One period: its first local day, and its half-open range of instants in microseconds UTC."""

    day: date
    start_us: int
    end_us: int


def whole_weeks(begin_us: int, end_us: int, time_zone: str, week_start: str, most: int) -> list[Span]:
    """The weeks that lie wholly within [begin, end), at most the newest `most`."""
    if end_us <= begin_us:
        return []
    weekday = WEEKDAYS[week_start]
    ends = np.array([begin_us, end_us], dtype=np.int64)
    first, last = (int(period) for period in period_index(ends, time_zone, "week", weekday))
    spans = [span_of(week, time_zone, "week", weekday) for week in range(max(first, last - most - 1), last + 1)]
    return [span for span in spans if span.start_us >= begin_us and span.end_us <= end_us][-most:]


def span_of(period: int, time_zone: str, unit: PeriodUnit, weekday: int) -> Span:
    """First day and instants of a period."""
    days = period_start(np.array([period, period + 1], dtype=np.int64), unit, weekday).tolist()
    zone = ZoneInfo(time_zone)
    start_us, end_us = (int(datetime.combine(day, time.min, zone).timestamp() * 1_000_000) for day in days)
    return Span(days[0], start_us, end_us)


def local_day(instant_us: int, time_zone: str) -> date:
    """The local day of an instant."""
    return datetime.fromtimestamp(instant_us // 1_000_000, UTC).astimezone(ZoneInfo(time_zone)).date()
