"""What can be asked of `behaviour`, and what it answers: every field with its meaning and unit."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from productloop.foundation.figures import Figure
from productloop.foundation.wording import Say
from productloop.loop.action import Report, Request

Order = Literal["ordered", "strict", "unordered"]
Attribution = Literal["first", "last", "all", "step"]
Rule = Literal[
    "ours", "latest_start", "first_entry", "reentry", "step_to_step", "no_window", "unordered", "strict", "inside_range"
]  # fmt: skip


class FunnelRequest(Request):
    """Where do people stop?"""

    steps: tuple[str, ...] = Field(
        default=(),
        max_length=8,
        description="event names in order, up to 8; NAME? may be skipped; empty: the setting behaviour.funnel, else guessed from the data"
        " | 各步骤的事件名，按顺序，最多 8 步；名字后加 ? 表示可跳过；不填则用设置 behaviour.funnel，再没有就从数据里猜",
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
    step_window_days: float | None = Field(
        default=None,
        gt=0,
        le=36_500,
        description="days within which each step must follow the one before; empty: no such limit | 相邻两步之间最多几天；不填则不限",
    )
    exclude: tuple[str, ...] = Field(
        default=(),
        max_length=8,
        description="events that must not lie between two steps; NAME@2: only between steps 2 and 3"
        " | 两步之间不能出现的事件；名字@2 表示只在第 2、3 步之间不能出现",
    )
    hold: str | None = Field(
        default=None,
        description="column or property that must have the same value at all steps, such as item"
        " | 关联属性：各步骤上取值必须相同的列或属性，例如 item",
    )
    attribution: Attribution = Field(
        default="first",
        description="whose value counts in a breakdown: first: at the first step; last: at the last step taken; all: only events with the value;"
        " step: at the step of --attribution-step"
        " | 分组归因：first 取第一步的值；last 取最后一个步骤事件的值；all 只用带这个值的事件；step 取 --attribution-step 那一步的值",
    )
    attribution_step: int | None = Field(
        default=None, ge=1, le=8, description="the step of --attribution step | 配合 --attribution step：按第几步的值分组"
    )
    dropped_at: int | None = Field(
        default=None, ge=1, le=8, description="list who stopped at this step (1 = the first) | 列出在第几步停下的人（1 是第一步）"
    )
    spread: bool = Field(default=False, description="the same funnel under the rules of other tools | 同一个漏斗按别的工具的算法各算一遍")
    other: float | None = Field(
        default=None,
        ge=0,
        le=100,
        description="percent that another tool says, to see which rule explains it | 别的工具给出的转化率（百分数），看是哪条规则造成的差别",
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
    optional: bool = False
    """May be skipped: shares are of the step before that may not, and nobody is lost here."""


class FunnelTime(_Part):
    """How long people took from one step to another, in `FunnelReport.duration_unit`."""

    from_label: str | Say
    to_label: str | Say
    people: Figure
    mean: Figure
    percentiles: tuple[Figure, ...]
    """10, 25, 50, 75 and 90 percent of the people needed at most this long."""


class OpenWeek(_Part):
    """A week of entry in which the window is still open for some: counts so far, no share."""

    week: str
    entered: Figure
    converted: Figure
    in_progress: Figure


class SpreadRule(_Part):
    """The same funnel under one rule."""

    rule: Rule
    share: Figure
    entered: Figure
    converted: Figure


class DroppedPerson(_Part):
    """Somebody who stopped at the step asked for, by the source's own id."""

    id: str
    stopped_at: int
    """Microseconds UTC at which they took that step."""
    last_seen: int
    """Microseconds UTC of their last event of any kind."""
    platform: str | None


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
    by_person: bool = False
    """The values are what is known of each person now, not what their events say."""
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
    step_window_days: float | None = None
    exclude: tuple[tuple[str | Say, int | None], ...] = ()
    """(event, step after which it must not come; None = anywhere between the steps)."""
    excluded: Figure | None = None
    """People left out because an exclusion stopped every attempt that got furthest; None = no exclusions asked."""
    hold: str | None = None
    attribution: Attribution = "first"
    attribution_step: int | None = None
    times: tuple[FunnelTime, ...] = ()
    """From each step to the next, and from the first to the last."""
    open_weeks: tuple[OpenWeek, ...] = ()
    dropped_at: int | None = None
    dropped: tuple[DroppedPerson, ...] = ()
    """At most 1,000, who stopped last first."""
    num_dropped: Figure | None = None
    spread: tuple[SpreadRule, ...] = ()
    other: Figure | None = None
    """What another tool said."""
    other_rule: int | None = None
    """Place in `spread` of the rule that comes nearest to it."""
    other_gap: Figure | None = None
    """How far that rule is from what the other tool said, in percentage points."""
