"""Columns of dates as inputs of a model: days since 1970, day of the week, month. A date is no category and no text.

How a column writes its dates (year first, month first, day first) is decided at training and stands in the signature, so that one row asked
later is read the same. `3/4/2015` alone may be either; the column decides: a first number above 12 anywhere means the day comes first.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Part = Literal["day", "weekday", "month"]
PARTS: tuple[Part, ...] = ("day", "weekday", "month")
MIN_SHARE = 0.95
"""Share of the different values that must be dates."""
EPOCH = date(1970, 1, 1).toordinal()
WEEKDAYS = tuple("1234567")
_TAIL = r"(?:[ T日]\s*\d{1,2}:\d{2}.*)?日?"
_YEAR_FIRST = re.compile(rf"((?:19|20)\d\d)[-/.年](\d{{1,2}})[-/.月](\d{{1,2}}){_TAIL}")
_YEAR_LAST = re.compile(rf"(\d{{1,2}})[-/.](\d{{1,2}})[-/.]((?:19|20)\d\d){_TAIL}")


def date_order(texts: Sequence[str]) -> str | None:
    """How these different values write dates: "ymd", "mdy" or "dmy"; None where they are no dates or are one single day."""
    if len(texts) < 2:
        return None
    for order in ("ymd", "mdy", "dmy"):
        days = [day_of(text, order) for text in texts]
        known = {day for day in days if not math.isnan(day)}
        if len(known) > 1 and sum(not math.isnan(day) for day in days) >= MIN_SHARE * len(days):
            return order
    return None


def day_of(text: str, order: str) -> float:
    """Days from 1970-01-01 to the date; NaN where the text is none."""
    found = (_YEAR_FIRST if order == "ymd" else _YEAR_LAST).fullmatch(text.strip())
    if found is None:
        return math.nan
    numbers = [int(part) for part in found.groups()]
    year, month, day = numbers if order == "ymd" else (numbers[2], numbers[0], numbers[1]) if order == "mdy" else numbers[::-1]
    try:
        return float(date(year, month, day).toordinal() - EPOCH)
    except ValueError:
        return math.nan


def days_of(values: Iterable[Any], order: str) -> NDArray[np.float64]:
    """(n,) days from 1970-01-01; NaN where there is no date."""
    seen: dict[str, float] = {}
    found = []
    for value in values:
        text = "" if value is None else str(value)
        if text not in seen:
            seen[text] = day_of(text, order)
        found.append(seen[text])
    return np.array(found, dtype=np.float64)


def part_of(days: NDArray[np.float64], part: Part) -> NDArray[np.float64]:
    """(n,) the days themselves, 0-6 from Monday, or 1-12."""
    if part == "day":
        return days
    if part == "weekday":
        return np.asarray((days + 3) % 7, dtype=np.float64)  # 1970-01-01 was a Thursday
    months = [math.nan if math.isnan(day) else float(date_at(day).month) for day in days]
    return np.array(months, dtype=np.float64)


def date_at(day: float) -> date:
    """The date so many days after 1970-01-01."""
    return date(1970, 1, 1) + timedelta(days=int(day))
