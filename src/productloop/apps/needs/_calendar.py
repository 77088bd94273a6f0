"""Whole weeks of the product's own calendar, and which of them may be compared.

A week is whole when the data reach into its last day; the running week and the week in which the data begin are shown as open and
never compared. A source that begins later (a second product, an export that stops at 5,000 rows) makes the weeks before it, and its
own first, not comparable either.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]

WEEKDAYS = {"monday": 0, "sunday": 6}
_QUARTER_US = 900_000_000
_THURSDAY = 3
"""Weekday of 1970-01-01."""


@dataclass(frozen=True, slots=True)
class Weeks:
    """Week of each text (-1 without a date), and the first and last week that are whole; none are when `last_whole` < `first_whole`."""

    week: Ints
    first: int
    last: int
    first_whole: int
    last_whole: int
    week_start: int

    @property
    def num_whole(self) -> int:
        """How many whole, comparable weeks there are."""
        return max(0, self.last_whole - self.first_whole + 1)

    def day(self, week: int) -> date:
        """First day of a week."""
        return date(1970, 1, 1) + timedelta(days=7 * week - (_THURSDAY - self.week_start) % 7)


def local_days(time_us: Ints, time_zone: str) -> Ints:
    """Days since 1970-01-01 on the local calendar, (n,). Offsets are asked once per quarter of an hour, the finest step in use."""
    zone = ZoneInfo(time_zone)
    quarters, inverse = np.unique(time_us // _QUARTER_US, return_inverse=True)
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    days = [(epoch + timedelta(minutes=15 * int(quarter))).astimezone(zone).date() - date(1970, 1, 1) for quarter in quarters]
    return np.array([day.days for day in days], dtype=np.int64)[inverse]


def count_weeks(time_us: Ints, source: Ints, as_of: int, time_zone: str, week_starts: str) -> Weeks:
    """Weeks of texts at `time_us` (0 = no date) from `source` (n,), as the data stand at `as_of`."""
    start = WEEKDAYS[week_starts]
    shift = (_THURSDAY - start) % 7
    known = time_us > 0
    days = local_days(np.append(time_us[known], as_of), time_zone)
    week = np.full(len(time_us), -1, dtype=np.int64)
    week[known] = (days[:-1] + shift) // 7
    last_day = int(days[-1])
    last = (last_day + shift) // 7
    reaches_end = (last_day + shift) % 7 == 6
    firsts = [_first_whole(days[:-1][source[known] == name] + shift) for name in np.unique(source[known])]
    present = week[known]
    return Weeks(
        week, int(present.min()) if len(present) else last, last, max(firsts, default=last + 1), last if reaches_end else last - 1, start
    )


def _first_whole(shifted_days: Ints) -> int:
    """A source's first week counts when it has texts of the first day, and nothing says that it was cut."""
    first = int(shifted_days.min())
    return first // 7 if first % 7 == 0 else first // 7 + 1
