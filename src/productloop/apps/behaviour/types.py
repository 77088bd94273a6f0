"""What can be asked of `behaviour`, and what it answers: every field with its meaning and unit."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from productloop.foundation.figures import Figure
from productloop.foundation.wording import Say
from productloop.loop.action import Report, Request

Order = Literal["ordered", "strict", "unordered"]


class FunnelRequest(Request):
    """Where do people stop?"""

    steps: tuple[str, ...] = Field(
        default=(),
        max_length=8,
        description="event names in order, up to 8; empty: the setting behaviour.funnel, else guessed from the data"
        " | 各步骤的事件名，按顺序，最多 8 步；不填则用设置 behaviour.funnel，再没有就从数据里猜",
    )
    window_days: float | None = Field(
        default=None,
        gt=0,
        le=36_500,
        description="days within which all steps must happen, from the first step; empty: the setting behaviour.window_days"
        " | 转化窗口天数，从第一步算起；不填则用设置 behaviour.window_days",
    )
    order: Order = Field(
        default="ordered",
        description="ordered: other events may lie between; strict: nothing in between; unordered: any order"
        " | 步骤顺序：ordered 按顺序、中间可做别的；strict 中间不能有别的；unordered 不分先后",
    )


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True)


class FunnelStep(_Part):
    """One step of a funnel. Rates count only who entered early enough for the whole window to be over."""

    name: str
    label: str | Say
    """What people call the event, in both languages where that is known."""
    people: Figure
    """Everybody who reached the step so far."""
    dropped: Figure
    """Stopped here, and no attempt can go on."""
    in_progress: Figure
    """Stopped here so far, with an attempt whose window is still open."""
    of_first: Figure
    """Share of who took the first step, with interval."""
    of_previous: Figure
    """Share of who took the step before, with interval."""
    lost: Figure
    """People with a finished window who took the step before and not this one."""
    duration: Figure
    """Median time from the step before, in `FunnelReport.duration_unit`."""


class FunnelPart(_Part):
    """The funnel of one value of the breakdown: people per step, and the share that went on from the step before."""

    value: str | Say
    people: tuple[Figure, ...]
    of_first: tuple[Figure, ...]
    of_previous: tuple[Figure, ...]


class Leak(_Part):
    """A step at which people of one kind stop more often than all others, beyond chance."""

    from_step: str
    to_step: str
    from_label: str | Say
    to_label: str | Say
    column: str
    value: str
    here: Figure
    elsewhere: Figure
    difference: Figure
    """Share elsewhere minus share here, with interval."""
    people: Figure
    """People of this kind who took the first of the two steps since `since`."""
    lost_per_week: Figure
    """How many more would go on each week with the share of elsewhere, with interval."""
    p_adjusted: Figure
    since: str | None
    """First day of the week in which the share here changed; None = no change seen."""
    here_by_week: tuple[float | None, ...]
    elsewhere_by_week: tuple[float | None, ...]


class FunnelReport(Report):
    """How far people get, where they stop, who stops more often than others."""

    steps: tuple[FunnelStep, ...]
    steps_from: Literal["request", "setting", "guess"]
    order: Order
    window_days: float
    since: str | None
    until: str | None
    closed_until: str | None
    """Last day of entry whose window was over when the data ended; None = no window is over yet."""
    entered: Figure
    settled: Figure
    """People with a finished window."""
    converted: Figure
    conversion: Figure
    duration: Figure
    """Median time from the first step to the last."""
    duration_unit: Literal["seconds", "minutes", "hours", "days"]
    biggest_leak: int | None
    """Place of the step before which most people are lost; None with one step or no finished window."""
    by: str | None
    parts: tuple[FunnelPart, ...]
    num_values: int
    """Values of the breakdown, of which the largest are shown."""
    leaks: tuple[Leak, ...]
    num_comparisons: int
    """Segments and steps compared in the search for leaks; the p values are adjusted for all of them."""
    weeks: tuple[str, ...]
    """First day of each whole week of entry with a finished window."""
    by_week: tuple[tuple[float | None, ...], ...]
    """Per step after the first: share of the step before, by week; None where nobody took it."""
