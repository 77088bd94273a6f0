"""What can be asked of `behaviour forecast`, and what it answers: every field with its meaning and unit."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from productloop.foundation.figures import Figure
from productloop.foundation.wording import Say
from productloop.loop.action import Report, Request

ForecastPeriod = Literal["hour", "day", "week", "month"]


class ForecastRequest(Request):
    """Where is a number going?"""

    metric: str | None = Field(
        default=None,
        description='"people(EVENT)", "count(EVENT)", "sum(EVENT.value)", "average(EVENT.value)", two of them with / between, "revenue", '
        "or a metric of the table metrics; people(any) = everybody active; empty: the setting metrics.north_star, else people(any)"
        " | 要预测的指标：people(事件) 人数、count(事件) 次数、sum(事件.列) 合计、average(事件.列) 平均，两个之间可以写 /；"
        "revenue 收入；或 metrics 表里的指标名；people(any) 是所有活跃的人；不填则用设置 metrics.north_star，再没有就是 people(any)",
    )
    horizon: int | None = Field(
        default=None,
        ge=1,
        le=366,
        description="how many periods ahead; empty: 168 hours, 28 days, 12 weeks or 12 months | 往后几个周期；不填则 168 小时、28 天、12 周或 12 个月",
    )
    period: ForecastPeriod | None = Field(
        default=None,
        description="hour, day, week or month; empty: day, for a metric of the table metrics as it was recorded"
        " | 按小时、天、周还是月；不填则按天，metrics 表的指标按它记录的间隔",
    )
    currency: str | None = Field(
        default=None,
        description="for revenue: which currency; empty: the most frequent one | 预测收入时看哪种货币；不填则取订单最多的一种",
    )


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True)


class Step(_Part):
    """One period to come."""

    start: str
    """Its first day, or hour."""
    value: Figure
    """With its 90 % interval."""


class ForecastReport(Report):
    """Where a number is going, and whether such a forecast was ever right."""

    state: Literal["ok", "none", "few"]
    """none: nothing was ever counted; few: too few whole periods."""
    metric: str
    """As it was asked."""
    name: Say | str
    """The metric in words."""
    unit: str
    period: ForecastPeriod
    season: int
    """Periods in a season; 1 = none was assumed."""
    horizon: int
    combined: Literal["sum", "mean", "count"]
    """How several values of one period became one."""
    num_periods: Figure
    """Whole periods of history."""
    ahead: Figure
    """Mean per period over the horizon, with interval."""
    recent: Figure
    """Mean per period over as many periods before."""
    error: Figure
    """Mean absolute error of the test."""
    naive_error: Figure
    gain: Figure
    """Error saved against repeating the season before, with interval."""
    mase: Figure
    coverage: Figure
    verdict: Literal["better", "same", "worse", "unknown"]
    history: tuple[tuple[str, float | None], ...] = ()
    """(start, value) of the newest periods, for the chart."""
    steps: tuple[Step, ...] = ()
    weights: tuple[tuple[str, Figure], ...] = ()
    """Method -> its share of the mix."""
