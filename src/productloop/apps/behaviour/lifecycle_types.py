"""What can be asked of `behaviour lifecycle`, and what it answers: every field with its meaning and unit."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from productloop.foundation.figures import Figure
from productloop.foundation.wording import Say
from productloop.loop.action import Report, Request


class LifecycleRequest(Request):
    """Who is new, who stays, who comes back, who falls silent?"""

    period: Literal["day", "week", "month"] = Field(default="week", description="calendar day, week or month | 按自然日、周还是月")
    event: str | None = Field(
        default=None,
        description="event that counts as being active; empty: the setting metrics.active, else any event"
        " | 做了什么才算活跃；不填则用设置 metrics.active，再没有则任何事件都算",
    )
    num_periods: int | None = Field(
        default=None,
        ge=1,
        le=120,
        description="how many of the newest periods; empty: 30 days, 16 weeks or 12 months | 看最近几个周期；不填则 30 天、16 周或 12 个月",
    )


class LifecyclePeriod(BaseModel):
    """One period. Active people are new, returning or resurrecting; dormant ones were active in the period before."""

    model_config = ConfigDict(frozen=True)

    start: str
    over: bool
    """False: the period is running, its counts may still grow and nobody is dormant yet."""
    active: Figure
    new: Figure
    returning: Figure
    resurrecting: Figure
    dormant: Figure
    """None while the period is running."""


class LifecyclePart(BaseModel):
    """The people of one value of the breakdown, in the newest period that is over."""

    model_config = ConfigDict(frozen=True)

    value: str | Say
    active: Figure
    new: Figure
    resurrecting: Figure
    dormant: Figure
    stayed: Figure
    """Share of those active in the period before who came again, with interval."""
    judged: Literal["more", "less", "same", "few", "rest"]
    """`stayed` against all others, Holm-adjusted over the values; rest: not a value of its own."""
    by_period: tuple[float | None, ...]
    """Active people in each period of the report; None while it is running."""


class LifecycleReport(Report):
    """Each period's people as new, returning, resurrecting, and those who fell silent."""

    period: Literal["day", "week", "month"]
    event: str | None
    event_label: str | Say | None
    periods: tuple[LifecyclePeriod, ...]
    last: int | None
    """Place of the newest period that is over; None = none is."""
    balance: Figure
    """New and resurrecting people for each dormant one, over the last four periods (seven days) that are over."""
    net: Figure
    """People more in the newest period that is over than before those periods, with interval; None = no period is over."""
    judged: Literal["more", "less", "same"]
    """Whether the interval of `net` leaves 0 out."""
    num_counted: int
    """Periods behind `balance` and `net`."""
    came: Figure
    went: Figure
    known_before: Figure
    """People whose sign-up lies before the data: never new here."""
    by: str | None = None
    split_rule: Say | None = None
    """How a person comes by a value."""
    parts: tuple[LifecyclePart, ...] = ()
    """The largest values, all smaller ones together, people without a value: together everybody."""
    num_values: int = 0
    several: Figure | None = None
    """People who had more than one value."""
    stayed: Figure | None = None
    """Of everybody."""
