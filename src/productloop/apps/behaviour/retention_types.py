"""What can be asked of `behaviour retention`, and what it answers: every field with its meaning and unit."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from productloop.foundation.figures import Figure
from productloop.foundation.wording import Say
from productloop.loop.action import Report, Request

PeriodUnit = Literal["day", "week", "month"]


class RetentionRequest(Request):
    """Do people come back?"""

    period: PeriodUnit = Field(default="week", description="calendar day, week or month | 按自然日、周还是月")
    cohorts: Literal["first", "recurring"] = Field(
        default="first",
        description="first: each person once, when they first started; recurring: in every period in which they started"
        " | first：每人只算第一次；recurring：每个做过初始行为的周期都算",
    )
    start: str | None = Field(default=None, description="event that starts; empty: any event | 初始行为的事件名；不填则任何事件都算")
    back: str | None = Field(
        default=None,
        description="event that counts as coming back; empty: the setting metrics.active, else any event"
        " | 后续行为的事件名；不填则用设置 metrics.active，再没有则任何事件都算",
    )
    rule: Literal["on", "on_or_after"] = Field(
        default="on",
        description="on: came back in exactly that period; on_or_after: in it or any later one"
        " | on：正好在那个周期回来；on_or_after：在那个周期或更晚回来",
    )
    num_periods: int | None = Field(
        default=None,
        ge=1,
        le=60,
        description="how many later periods; empty: 14 days, 8 weeks or 6 months | 往后看几个周期；不填则 14 天、8 周或 6 个月",
    )


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True)


class Cohort(_Part):
    """The people who started in one period. `shares[0]` is the period itself; a value of None = the period is not over yet."""

    start: str
    people: Figure
    shares: tuple[Figure, ...]


class RetentionReport(Report):
    """Of the people who started in a period, how many came back in each later one."""

    period: PeriodUnit
    first_time: bool
    rule: Literal["on", "on_or_after"]
    start: str | None
    """Event that starts; None = any."""
    back: str | None
    """Event that counts as coming back; None = any."""
    start_label: str | Say | None
    back_label: str | Say | None
    cohorts: tuple[Cohort, ...]
    mean: tuple[Figure, ...]
    """Share over all cohorts whose period is over, weighted by size, with interval."""
    people: Figure
    left_out: Figure
    """People who had signed up before the data begin, and are therefore nobody's new people."""
