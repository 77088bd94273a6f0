"""What can be asked of `behaviour trends`, and what it answers: every field with its meaning and unit."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from productloop.foundation.figures import Figure
from productloop.foundation.wording import Say
from productloop.loop.action import Report, Request

TrendPeriod = Literal["hour", "day", "week", "month"]


class TrendsRequest(Request):
    """How do numbers move?"""

    metrics: tuple[str, ...] = Field(
        default=(),
        max_length=6,
        description='up to 6: "people(EVENT)", "count(EVENT)", "sum(EVENT.COLUMN)", average, median, p90, revenue or a metric of the table metrics, '
        "with + - * / and parentheses; people(any) = everybody active; empty: the setting metrics.north_star, else people(any)"
        " | 最多 6 个指标：people(事件) 人数、count(事件) 次数、sum(事件.列) 合计、average 平均、median 中位数、p90；revenue 收入；"
        "或 metrics 表里的指标名；可以用 + - * / 和括号；people(any) 是所有活跃的人；不填则用设置 metrics.north_star，再没有就是 people(any)",
    )
    period: TrendPeriod | None = Field(
        default=None,
        description="hour, day, week or month; empty: week where the data hold eight weeks, else day"
        " | 按小时、天、周还是月；不填则数据满八周按周，否则按天",
    )
    moving: int | None = Field(default=None, ge=2, le=90, description="moving average over so many periods | 移动平均的周期数")
    per_person: bool = Field(
        default=False,
        description="divide by the people who were active (metrics.active, else any event) | 除以活跃人数（metrics.active，没有则任何事件）",
    )
    currency: str | None = Field(
        default=None, description="for revenue: which currency; empty: the most frequent one | 看收入时用哪种货币；不填则取订单最多的一种"
    )


class TrendLine(BaseModel):
    """One metric, or one value of the breakdown of it."""

    model_config = ConfigDict(frozen=True)

    metric: str
    """As it was asked."""
    name: str | Say
    unit: str
    value: str | Say | None
    """Value of the breakdown; None = everything."""
    values: tuple[float | None, ...]
    """By period; None = not known, or the period is not over."""
    moving: tuple[float | None, ...] = ()
    """Mean of the period and those before it, as many as asked; None until there are so many."""
    last: Figure
    """The newest period that is over."""
    before: Figure
    """The period before it."""
    change: Figure
    """last / before - 1."""
    standing: Literal["up", "down", "usual", "unknown"]
    """up, down: nine in ten earlier changes from period to period were smaller that way; unknown: fewer than eight of them."""


class TrendsReport(Report):
    """Numbers by period."""

    period: TrendPeriod
    per_person: bool
    periods: tuple[str, ...]
    """First day (or hour) of each."""
    last_start: str | None
    """Of the newest period that is over; None = none is."""
    running: bool
    """True: the last of `periods` is not over."""
    lines: tuple[TrendLine, ...]
    moving: int | None
    by: str | None
    by_person: bool = False
    """The values are what is known of each person now, not what their events say."""
    num_values: int
    """Values of the breakdown, of which the most frequent are shown."""
    changes: tuple[tuple[str, str], ...]
    """(day, title) of what the product itself changed in this time."""
