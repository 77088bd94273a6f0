"""Local weeks: they begin where the settings say, follow the clock over summer time, and hold each instant once."""

from __future__ import annotations

from datetime import UTC, date, datetime

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from productloop.loop.weeks import local_day, midnight, week_edges

INSTANTS = st.integers(1_600_000_000_000_000, 1_900_000_000_000_000)


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1_000_000)


def test_days_are_local() -> None:
    assert local_day(at("2026-03-01T20:00"), "Asia/Shanghai") == date(2026, 3, 2)
    assert midnight(date(2026, 3, 2), "Asia/Shanghai") == at("2026-03-01T16:00")


def test_weeks_begin_on_the_day_named() -> None:
    days, edges = week_edges(at("2026-03-04T00:00"), at("2026-03-17T12:00"), "UTC", "monday", 10)
    assert days == [date(2026, 3, 2), date(2026, 3, 9), date(2026, 3, 16)]
    assert len(edges) == 4
    assert week_edges(at("2026-03-04T00:00"), at("2026-03-17T12:00"), "UTC", "sunday", 10)[0][0] == date(2026, 3, 1)
    assert week_edges(at("2026-03-04T00:00"), at("2026-03-17T12:00"), "UTC", "monday", 2)[0] == days[1:]


@settings(max_examples=60)
@given(INSTANTS, st.integers(0, 200), st.sampled_from(["UTC", "Asia/Shanghai", "America/New_York"]))
def test_every_instant_lies_in_one_week(begin: int, num_days: int, zone: str) -> None:
    end = begin + num_days * 86_400_000_000
    days, edges = week_edges(begin, end, zone, "monday", 100)
    assert edges[0] <= begin
    assert edges[-2] <= end < edges[-1]
    assert (np.diff(edges) > 0).all()
    assert all(day.weekday() == 0 for day in days)
