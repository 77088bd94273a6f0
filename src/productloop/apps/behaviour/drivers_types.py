"""What can be asked of `behaviour drivers`, and what it answers: every field with its meaning and unit."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from productloop.foundation.figures import Figure
from productloop.foundation.wording import Say
from productloop.loop.action import Report, Request

OutcomeName = Literal["stay", "pay", "leave"]


class DriversRequest(Request):
    """What did people who stay do early on?"""

    outcome: Literal["all", "stay", "pay", "leave"] = Field(
        default="all",
        description="stay: active in week --week; pay: a first order after the first days; leave: nothing after the first days; all three"
        " | 看哪种结果：stay 第几周还在（--week）；pay 头几天之后第一次下单；leave 头几天之后再没来；all 三种都看",
    )
    days: int = Field(default=7, ge=1, le=28, description="how many first days count as early | 头几天算早期")
    week: int = Field(
        default=4, ge=2, le=12, description="the week in which staying is measured, the first is 1 | 看第几周还在不在，来的那周是第 1 周"
    )


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True)


class Driver(_Part):
    """One early behaviour (or attribute) beside the outcome."""

    kind: Literal["did", "days_active", "sessions", "attribute"]
    label: Say
    people: Figure
    """With it."""
    here: Figure
    """Share with the outcome among them."""
    elsewhere: Figure
    ratio: Figure
    """Among people as active as they (not for the activity itself)."""
    difference: Figure
    """In points, among people as active as they."""
    p: Figure
    """Adjusted for all comparisons."""
    adjusted: bool
    """False for how active people were: that cannot be held equal to itself."""
    clear: bool


class Rule(_Part):
    """A rule such as "did X at least k times within d days", chosen on one half of the people and measured on the other."""

    label: Say
    times: int
    days: int
    here: Figure
    elsewhere: Figure
    coverage: Figure
    """Share of the people with the outcome who did it."""
    people: Figure
    difference: Figure
    beyond_activity: bool
    """Whether it also holds among people who are equally active."""


class OutcomeDrivers(_Part):
    """One outcome."""

    outcome: OutcomeName
    state: Literal["ok", "few", "no_orders", "all_equal"]
    people: Figure
    """Whose time is over."""
    share: Figure
    num_compared: int
    drivers: tuple[Driver, ...] = ()
    """The clearest first, at most 20."""
    rule: Rule | None = None


class DriversReport(Report):
    """Early behaviour that goes with staying, paying, leaving."""

    days: int
    week: int
    in_progress: Figure
    left_out: Figure
    """There before the data begin."""
    outcomes: tuple[OutcomeDrivers, ...]
