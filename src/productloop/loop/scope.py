"""Scope: which part of the data a request is about. Parsed once here, applied once in the store."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field

from productloop.foundation.errors import UsageError
from productloop.loop import wording

_CONDITION = re.compile(r"^\s*([^=!<>~]+?)\s*(!=|>=|<=|=|>|<|~)\s*(.*?)\s*$")


class Scope(BaseModel):
    """Which rows count. Feedback is cut to the range; events, orders and actors only at its end, since "first" needs the whole past."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    since: str | None = Field(default=None, description="first day, YYYY-MM-DD | 起始日")
    until: str | None = Field(default=None, description="last day, YYYY-MM-DD | 截止日")
    where: tuple[str, ...] = Field(default=(), description="conditions such as platform=android or stars<=2 | 条件")
    by: str | None = Field(default=None, description="column to split by | 按哪一列拆分")
    segment: str | None = Field(default=None, description="only the people of this segment | 只看某个人群")
    product: str | None = Field(default=None, description="only this product | 只看某个产品")

    def range_us(self, time_zone: str) -> tuple[int | None, int | None]:
        """(first instant, first instant after the range) in microseconds UTC; days begin in `time_zone`."""
        zone = ZoneInfo(time_zone)
        start = _midnight(self.since, zone, 0) if self.since else None
        end = _midnight(self.until, zone, 1) if self.until else None
        if start is not None and end is not None and start >= end:
            raise UsageError(wording.RANGE_EMPTY, since=self.since, until=self.until)
        return start, end

    def check(self) -> None:
        """Raise UsageError for a day, range or condition that cannot be read; needs no data."""
        self.range_us("UTC")
        for condition in self.where:
            parse_condition(condition)


def parse_condition(condition: str) -> tuple[str, str, str]:
    """(column, operator, value) of a condition such as `platform=android`."""
    match = _CONDITION.match(condition)
    if match is None:
        raise UsageError(wording.CONDITION_UNREADABLE, condition=condition)
    column, operator, value = match.groups()
    quoted = len(value) >= 2 and value[0] == value[-1] and value[0] in "'\""
    return column, operator, value[1:-1] if quoted else value


def _midnight(day: str | None, zone: ZoneInfo, add_days: int) -> int:
    assert day is not None
    try:
        parsed = date.fromisoformat(day)
    except ValueError as error:
        raise UsageError(wording.DAY_UNREADABLE, day=day) from error
    inside = min(max(parsed, date(1900, 1, 1)), date(9998, 12, 31))  # "for ever" is a range too
    moment = datetime.combine(inside + timedelta(days=add_days), datetime.min.time(), zone)
    return int(moment.timestamp() * 1_000_000)
