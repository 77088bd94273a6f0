"""What can be asked of `behaviour stickiness`, and what it answers: every field with its meaning and unit."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from productloop.foundation.figures import Figure
from productloop.foundation.wording import Say
from productloop.loop.action import Report, Request


class StickinessRequest(Request):
    """How often do people come?"""

    period: Literal["week", "month"] = Field(default="week", description="within each calendar week or month | 在每个自然周还是自然月里看")
    unit: Literal["day", "week"] = Field(
        default="day", description="count days, or (within a month) weeks | 数来了几天，还是（按月看时）数来了几周"
    )
    event: str | None = Field(
        default=None,
        description="event that counts as coming; empty: the setting metrics.active, else any event"
        " | 做了什么才算来过；不填则用设置 metrics.active，再没有则任何事件都算",
    )


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True)


class StickinessTimes(_Part):
    """The people who came on exactly `num` days (or weeks) of the newest whole period."""

    num: int
    people: Figure
    share: Figure
    or_more: Figure
    """Share that came on `num` or more."""


class StickinessWeek(_Part):
    """One whole week: how many people a day, a week and four weeks hold, and what share of one the other is."""

    start: str
    daily: Figure
    """Mean over its seven days."""
    weekly: Figure
    monthly: Figure
    """In the 28 days that end with it; None where the data do not reach back so far."""
    daily_of_weekly: Figure
    daily_of_monthly: Figure
    weekly_of_monthly: Figure


class StickinessPart(_Part):
    """The people of one value of the breakdown who came in the newest whole period."""

    value: str | Say
    people: Figure
    mean: Figure
    """Days (or weeks) per person, with interval."""
    often: Figure
    """Share that came on `often` or more, with interval."""
    daily_of_monthly: Figure
    """In the newest whole week."""
    judged: Literal["more", "less", "same", "few", "rest"]
    """`mean` against all others, Holm-adjusted over the values; rest: not a value of its own."""
    by_week: tuple[float | None, ...]
    """Their DAU/MAU in each week of the report."""


class StickinessReport(Report):
    """On how many days people come, and how that moves."""

    period: Literal["week", "month"]
    unit: Literal["day", "week"]
    event: str | None
    event_label: str | Say | None
    start: str | None
    """First day of the newest whole period; None = none is whole."""
    people: Figure
    mean: Figure
    """Days (or weeks) per person who came in it, with interval."""
    before: Figure
    """The same in the whole period before."""
    times: tuple[StickinessTimes, ...]
    weeks: tuple[StickinessWeek, ...]
    often: int
    """Days (or weeks) of the period that are called often."""
    by: str | None = None
    split_rule: Say | None = None
    """How a person comes by a value."""
    parts: tuple[StickinessPart, ...] = ()
    """The largest values, all smaller ones together, people without a value: together everybody."""
    num_values: int = 0
    several: Figure | None = None
    """People who had more than one value."""
