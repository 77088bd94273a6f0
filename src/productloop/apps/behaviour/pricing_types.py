"""What can be asked of `behaviour pricing`, and what it answers: every field with its meaning and unit."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from productloop.foundation.figures import Figure
from productloop.loop.action import Report, Request


class PricingRequest(Request):
    """What should it cost, and what did a new price do?"""

    too_cheap: str | None = Field(
        default=None,
        description="column: at this price too cheap to trust; empty: found by its header | 列名：便宜到怀疑质量的价格；不填则按表头找",
    )
    cheap: str | None = Field(default=None, description="column: cheap, a bargain; empty: found | 列名：觉得便宜划算的价格；不填则按表头找")
    expensive: str | None = Field(
        default=None, description="column: getting expensive; empty: found | 列名：开始觉得贵的价格；不填则按表头找"
    )
    too_expensive: str | None = Field(
        default=None, description="column: too expensive to buy; empty: found | 列名：贵到不会买的价格；不填则按表头找"
    )
    buy: tuple[str, ...] = Field(
        default=(),
        description="columns of the answers to “would you buy at PRICE”, the price in the header; empty: found"
        " | 列名：各个价格会不会买（表头里有价格）；不填则按表头找",
    )
    price: str | None = Field(
        default=None,
        description="column with the price asked, where each row is one question; then --buy names one column"
        " | 每行问一个价格时：写着价格的列；这时 --buy 只写一列",
    )
    follow_days: int | None = Field(
        default=None,
        ge=1,
        le=365,
        description="after a price change: days each person is watched; empty: 28, less where the data end sooner"
        " | 改价之后每个人看多少天；不填则 28 天，数据不够则更短",
    )


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True)


class MeterReport(_Part):
    """Van Westendorp: what people say is too cheap, cheap, expensive, too expensive."""

    columns: tuple[str, str, str, str]
    guessed: bool
    people: Figure
    inconsistent: Figure
    optimal: Figure
    indifference: Figure
    lowest: Figure
    highest: Figure
    prices: tuple[float, ...]
    """For the chart: at most 40 prices."""
    curves: tuple[tuple[float, ...], ...]
    """Shares of too cheap, cheap, expensive, too expensive at those prices."""


class DemandPoint(_Part):
    """One tested price."""

    price: Figure
    asked: Figure
    share: Figure
    """Say they would buy."""
    revenue: Figure
    """Per hundred people asked."""
    chance: Figure
    """How likely this price brings the most."""


class DemandReport(_Part):
    """Gabor-Granger: who would buy at which price."""

    columns: tuple[str, ...]
    guessed: bool
    people: Figure
    points: tuple[DemandPoint, ...]
    best: int
    """Place of the price with the most revenue."""


class Compared(_Part):
    """One measure of old- and new-price people."""

    measure: Literal["paid", "stopped", "refunded", "wrote"]
    old: Figure
    new: Figure
    difference: Figure
    """New minus old, with interval."""
    verdict: Literal["more", "less", "unclear", "unknown"]


class PriceChange(_Part):
    """What followed a change of price."""

    day: str
    title: str
    follow_days: int
    cohort_days: int
    """Days of sign-ups on each side."""
    state: Literal["ok", "early", "short"]
    """early: too little time since; short: too little before."""
    look_again: str | None
    """Day from which something can be said."""
    measures: tuple[Compared, ...] = ()


class PricingReport(Report):
    """What people say they would pay, and what followed changes of price."""

    currency: str
    """Empty where it is not known."""
    meter: MeterReport | None
    demand: DemandReport | None
    changes: tuple[PriceChange, ...] = ()
    few: Literal["", "meter", "demand"] = ""
    """Columns were found, but fewer than five people answered all of them."""
