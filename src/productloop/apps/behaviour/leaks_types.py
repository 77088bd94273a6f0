"""What can be asked of `behaviour leaks`, and what it answers: every field with its meaning and unit."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from productloop.apps.behaviour.types import Leak
from productloop.foundation.figures import Figure
from productloop.foundation.wording import Say
from productloop.loop.action import Report, Request

Reason = Literal["open", "wrote", "active", "recent"]


class LeaksRequest(Request):
    """Who drops out at a step, what did they write, what does it cost, and who can still be won?"""

    steps: tuple[str, ...] = Field(
        default=(),
        max_length=8,
        description="event names in order, as in funnel; empty: the setting behaviour.funnel, else guessed"
        " | 各步骤的事件名，和漏斗一样；不填则用设置 behaviour.funnel，再没有就从数据里猜",
    )
    step: int | None = Field(
        default=None,
        ge=1,
        le=7,
        description="the step after which people drop out (1 = the first); empty: where one kind of people clearly stops more often,"
        " else where most are lost"
        " | 看第几步之后的流失（1 是第一步）；不填则看某类人明显停得多的那一步，没有就看流失最多的那一步",
    )
    window_days: float | None = Field(
        default=None,
        gt=0,
        le=36_500,
        description="days within which all steps must happen; empty: the setting behaviour.window_days"
        " | 转化窗口天数；不填则用设置 behaviour.window_days",
    )
    around_days: float = Field(
        default=7.0,
        gt=0,
        le=365,
        description="how many days before and after the step what people wrote counts | 走到这一步前后多少天里写的话算数",
    )


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True)


class LeakTopic(_Part):
    """What people wrote about around the step: who dropped beside who went on."""

    topic: str
    name: Say
    dropped: Figure
    """People who dropped and wrote about it."""
    passed: Figure
    """People who went on and wrote about it."""
    share_dropped: Figure
    share_passed: Figure
    ratio: Figure
    """How many times as often those who dropped wrote about it, with interval."""
    p_adjusted: Figure
    named: bool
    """The difference is beyond chance after correction for all topics."""
    quotes: tuple[str, ...]
    """Row ids of what those who dropped wrote about it."""


class LeakGroup(_Part):
    """One value of a column: whose leak it is."""

    column: str
    value: str
    people: Figure
    """People who got to the step."""
    went_on: Figure
    """Share that took the next one, with interval."""


class Winnable(_Part):
    """Somebody who dropped and may still be won, by the source's own id."""

    id: str
    reasons: tuple[Reason, ...]
    stopped_at: int
    """Microseconds UTC at which they took the step."""
    last_seen: int
    platform: str | None
    held_out: bool
    """Kept aside for measuring: do not write to them."""


class LeaksReport(Report):
    """The bridge from a funnel step to the words of the people who dropped there."""

    steps: tuple[str, ...]
    labels: tuple[str | Say, ...]
    steps_from: Literal["request", "setting", "guess"]
    window_days: float
    around_days: float
    from_step: int | None
    """The step (from 1) after which people drop out; None = nobody dropped, or there is nothing to drop from."""
    to_step: int | None
    leak: Leak | None
    """The kind of people who clearly stop more often here, if there is one; the words are then theirs."""
    dropped: Figure
    passed: Figure
    wrote_dropped: Figure
    """Of those who dropped, who wrote anything around the step."""
    wrote_passed: Figure
    has_topics: bool
    """Whether `needs` has found the topics of what people wrote."""
    topics: tuple[LeakTopic, ...]
    num_topics: int
    """Topics compared; the p values are adjusted for all of them."""
    groups: tuple[LeakGroup, ...]
    lost_per_week: Figure
    value_each: Figure
    """Mean value of the orders of somebody who went on, refunds subtracted, with interval."""
    money_per_week: Figure
    other_currencies: tuple[str, ...]
    """Currencies that are not in the value."""
    funnel_here: tuple[Figure, ...]
    """Share of who entered at each step: the leaking kind, or everybody."""
    funnel_elsewhere: tuple[Figure, ...]
    """The same of all others; empty without a leaking kind."""
    winnable: tuple[Winnable, ...]
    """At most 1,000, the best chances first."""
    num_winnable: Figure
    num_held_out: Figure
    experiment: str
    """Name under which the table `assignments` remembers who was held out."""
    measured: Figure | None
    """Share that took the step since they were put on the list, minus that of the people held out; None = nothing to measure yet."""
    measured_people: tuple[int, int] = (0, 0)
    """(people on the list before, people held out before) of `measured`."""
