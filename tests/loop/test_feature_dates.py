"""Dates as inputs: the order of day and month is the column's, and every part is right whatever the date."""

from __future__ import annotations

import math
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from productloop.loop.feature_dates import date_at, date_order, day_of, days_of, part_of

DAYS = st.dates(date(1950, 1, 1), date(2090, 12, 31))


@given(DAYS, st.sampled_from(["ymd", "mdy", "dmy"]))
def test_a_date_written_is_the_date_read(day: date, order: str) -> None:
    text = {
        "ymd": f"{day.year}-{day.month:02d}-{day.day}",
        "mdy": f"{day.month}/{day.day}/{day.year}",
        "dmy": f"{day.day}.{day.month}.{day.year}",
    }
    number = day_of(text[order], order)
    assert date_at(number) == day
    days = np.array([number])
    assert part_of(days, "weekday")[0] == day.weekday()
    assert part_of(days, "month")[0] == day.month


@pytest.mark.parametrize(("texts", "order"), [
    (["2026-03-01", "2026-03-02T10:00:00", "2026年3月5日"], "ymd"), (["3/25/2015", "1/2/2015"], "mdy"), (["25/3/2015", "1/2/2015"], "dmy"),
    (["100/300", "250/500"], None), (["red", "2026-03-01"], None), (["2026-03-01", "2026-03-01T08:00:00"], None), (["1/1/2015"], None),
    (["2026-13-40", "2026-02-30"], None), ([], None),
])  # fmt: skip
def test_the_order_is_decided_by_the_column(texts: list[str], order: str | None) -> None:
    assert date_order(texts) == order


def test_what_is_no_date_is_missing() -> None:
    found = days_of(["1970-01-02", None, "soon", "1970-01-02"], "ymd")
    assert found[0] == found[3] == 1.0
    assert math.isnan(found[1])
    assert math.isnan(found[2])
    assert np.isnan(part_of(found, "month")).tolist() == [False, True, True, False]
