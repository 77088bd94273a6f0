"""What can be asked of `behaviour experiment`, and what it answers: every field with its meaning and unit."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from productloop.foundation.figures import Figure
from productloop.foundation.wording import Say
from productloop.loop.action import Report, Request


class ExperimentRequest(Request):
    """Which variant won, and how sure is that?"""

    experiment: str | None = Field(
        default=None,
        description="name of an experiment in the table assignments; empty: the only one there | assignments 表里的实验名；不填则用其中唯一的一个",
    )
    exposure: str | None = Field(
        default=None,
        description="event with which people saw their variant; its column --variant says which | 用户看到某一组时的事件，组名在它的 --variant 列里",
    )
    variant: str | None = Field(
        default=None,
        description="column with the variant: of the event --exposure, or of the table actors; empty: guessed"
        " | 组名所在的列：--exposure 事件的列，或 actors 表的列；不填则猜",
    )
    control: str | None = Field(
        default=None, description="the variant to compare with; empty: one called control, else the first by name | 对照组；不填则猜"
    )
    metrics: tuple[str, ...] = Field(
        default=(),
        max_length=12,
        description='what should differ, the deciding one first: "people(EVENT)", "count(EVENT)", "sum(EVENT.value)", "revenue", or a '
        "column of actors; a minus in front where less is better; empty: guessed"
        " | 看哪些指标，第一个说了算：people(事件)、count(事件)、sum(事件.列)、revenue 收入，或 actors 表的一列；越少越好的前面加减号；不填则猜",
    )
    guards: tuple[str, ...] = Field(
        default=(), max_length=6, description="metrics that must not get worse, written like --metrics | 不能变差的指标，写法同 --metrics"
    )
    before: str | None = Field(
        default=None,
        description="column of actors with the same number from before the start, which makes the answer sharper"
        " | actors 表里同一个指标在实验开始之前的列，用来减小误差",
    )
    window_days: float | None = Field(
        default=None,
        gt=0,
        le=3_650,
        description="days after a person's first exposure that count; empty: the setting behaviour.window_days"
        " | 每个人从第一次看到起算几天；不填则用设置 behaviour.window_days",
    )
    days: int | None = Field(
        default=None, ge=1, le=730, description="how many days it was meant to run, fixed before the start | 开始之前定好要跑几天"
    )
    split: tuple[str, ...] = Field(
        default=(),
        description="how people were meant to be split, such as A=50,B=50; empty: evenly | 原定的分流比例，例如 A=50,B=50；不填则均分",
    )
    effect: float = Field(
        default=10.0,
        gt=0,
        le=1_000,
        description="smallest difference worth having, in percent of the control's value | 值得做的最小差别，占对照组数值的百分之几",
    )


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True)


class Group(_Part):
    """One variant."""

    name: str
    people: Figure
    """Whose window is over."""
    in_progress: Figure
    is_control: bool


class Result(_Part):
    """One metric of one variant against the control."""

    variant: str
    value: Figure
    """Share of people or mean per person, with interval."""
    difference: Figure
    """Variant minus control (points for shares), with interval."""
    ratio: Figure
    p: Figure
    """Adjusted for all comparisons (Holm)."""
    always_valid: Figure
    """The difference with the interval that stays valid however often one looks."""
    best: Figure
    """Chance to be the best of all variants."""
    loss: Figure
    """What choosing it costs on average if it is not the best."""
    clear: Literal["better", "worse", "same"]
    """same: no clear difference."""
    method: Literal["shares", "means", "bootstrap"]


class MetricResult(_Part):
    """One metric over all variants."""

    metric: str
    label: Say | str
    role: Literal["first", "other", "guard"]
    share: bool
    higher_is_better: bool
    control: Figure
    results: tuple[Result, ...]
    reduction: Figure
    """Share of the variance that the time before took away; None without such data."""


class PartResult(_Part):
    """The deciding metric of one variant against the control among the people of one value of the breakdown."""

    value: str | Say
    variant: str
    people: Figure
    """Of both groups."""
    control: Figure
    treated: Figure
    difference: Figure
    """Variant minus control (points for shares), with interval; None with fewer than 30 people in a group, or groups of the wrong size."""
    p: Figure
    """Adjusted for all values and variants compared (Holm)."""
    clear: Literal["better", "worse", "same", "few", "sizes", "rest"]
    """few: too few people; sizes: the groups do not have the sizes they should; rest: not a value of its own, not judged."""


class WeekPlan(_Part):
    """What can be seen after so many weeks."""

    weeks: int
    people: Figure
    """In each variant."""
    smallest: Figure
    """Points or units."""
    relative: Figure
    """Of the present value."""


class ExperimentReport(Report):
    """Which variant won, or what could be seen before it starts."""

    state: Literal["plan", "nothing", "few", "mismatch", "open", "decided", "unclear", "hopeless"]
    """plan: before the start; few: under 30 people a group; mismatch: no verdict, the groups do not have the sizes they should; open: look again;
    unclear: over, and no clear difference; hopeless: still open, and would take over a year."""
    experiment: str | None
    guessed_variant: str | None
    guessed_metrics: bool
    sequential: bool
    """True while it runs without a length fixed beforehand: the always-valid interval decides."""
    window_days: float | None
    winner: str | None
    winner_best: Figure
    """Chance that the winner is the best of all variants by the deciding metric."""
    groups: tuple[Group, ...] = ()
    metrics: tuple[MetricResult, ...] = ()
    by: str | None = None
    split_rule: Say | None = None
    """How a person comes by a value."""
    parts: tuple[PartResult, ...] = ()
    num_values: int = 0
    num_compared: int = 0
    """Comparisons that were made among the parts."""
    differs: Figure | None = None
    """p of effects this far apart if every value had the same (Cochran's Q); the smallest over the variants, times their number."""
    mismatch_p: Figure
    crossed: Figure
    """People who saw two variants; left out."""
    needed: Figure
    """People in all variants that show a difference worth having."""
    look_again: str | None = None
    effect: float
    plan_metric: Say | str | None = None
    plan_value: Figure | None = None
    plan_traffic: Figure | None = None
    """New people a week."""
    plan: tuple[WeekPlan, ...] = ()
