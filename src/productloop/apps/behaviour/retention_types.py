"""What can be asked of `behaviour retention`, and what it answers: every field with its meaning and unit."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from productloop.foundation.figures import Figure
from productloop.foundation.wording import Say
from productloop.loop.action import Report, Request

PeriodUnit = Literal["day", "week", "month"]
Cohorts = Literal["first", "first_ever", "recurring"]
Clock = Literal["calendar", "rolling"]
Measure = Literal["people", "sum", "average"]
Mean = Literal["weighted", "simple"]


class RetentionRequest(Request):
    """Do people come back?"""

    period: PeriodUnit = Field(default="week", description="calendar day, week or month | 按自然日、周还是月")
    cohorts: Cohorts = Field(
        default="first",
        description="first: each person once, at their first start that meets the conditions; first_ever: only if it is their first start of all;"
        " recurring: in every period in which they started"
        " | first：每人只算符合条件的第一次；first_ever：这一次还必须是有史以来的第一次；recurring：每个做过初始行为的周期都算",
    )
    clock: Clock = Field(
        default="calendar",
        description="calendar: days, weeks and months of the product; rolling: 24 hours, 7 days or 30 days since each person's own start"
        " | calendar：自然日、周、月；rolling：从每个人自己的起点算，每 24 小时、7 天、30 天一段",
    )
    start: str | None = Field(default=None, description="event that starts; empty: any event | 初始行为的事件名；不填则任何事件都算")
    back: str | None = Field(
        default=None,
        description="event that counts as coming back; empty: the setting metrics.active, else any event"
        " | 后续行为的事件名；不填则用设置 metrics.active，再没有则任何事件都算",
    )
    rule: Literal["on", "on_or_after"] = Field(
        default="on",
        description="on: came back in exactly that period; on_or_after: in it or any later one"
        " | on：正好在那个周期回来；on_or_after：在那个周期或更晚回来",
    )
    min_occurrences: int = Field(default=1, ge=1, le=1000, description="how many times they must come back in it | 至少回来几次才算")
    num_periods: int | None = Field(
        default=None,
        ge=1,
        le=60,
        description="how many later periods; empty: 14 days, 8 weeks or 6 months | 往后看几个周期；不填则 14 天、8 周或 6 个月",
    )
    brackets: tuple[Annotated[int, Field(ge=1, le=60)], ...] = Field(
        default=(),
        max_length=20,
        description="columns of so many periods each, instead of one each: 1,3,7 = period 1, 2-4, 5-11"
        " | 自定义区间，每列包含几个周期：1,3,7 就是第 1、第 2–4、第 5–11 个周期",
    )
    measure: Measure = Field(
        default="people",
        description="people: who came back; sum, average: of a column of what they came back for"
        " | people：回来的人；sum、average：后续行为某一列的合计、平均",
    )
    column: str = Field(default="value", description="for sum and average: a column or property | 合计、平均时用哪一列或属性")
    mean: Mean = Field(
        default="weighted",
        description="weighted: all people together; simple: each group counts the same | weighted：按人数加权；simple：每批算一份",
    )


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True)


class Cohort(_Part):
    """The people who started in one period. `shares[0]` is the period itself; a value of None = the period is not over yet.

    `shares` hold sums or averages where those were asked for.
    """

    start: str
    people: Figure
    shares: tuple[Figure, ...]


class RetentionPart(_Part):
    """The retention of one value of the breakdown, which is that of a person's first start in the range."""

    value: str | Say
    people: Figure
    mean: tuple[Figure, ...]


class RetentionReport(Report):
    """Of the people who started in a period, how many came back in each later one."""

    period: PeriodUnit
    cohorts_are: Cohorts
    clock: Clock
    min_occurrences: int
    measure: Measure
    column: str | None
    """What is added up or averaged; None where people are counted."""
    mean_is: Mean
    columns: tuple[tuple[int, int], ...]
    """(first, last) period after the start of each column of `shares` and `mean` after the first."""
    rule: Literal["on", "on_or_after"]
    start: str | None
    """Event that starts; None = any."""
    back: str | None
    """Event that counts as coming back; None = any."""
    start_label: str | Say | None
    back_label: str | Say | None
    cohorts: tuple[Cohort, ...]
    mean: tuple[Figure, ...]
    """Share over all cohorts whose period is over, with interval. Of sums: per person who started; of averages: per value."""
    people: Figure
    left_out: Figure
    """People who had signed up before the data begin, and are therefore nobody's new people."""
    by: str | None
    by_person: bool = False
    """The values are what is known of each person now, not what their events say."""
    parts: tuple[RetentionPart, ...]
    num_values: int
    """Values of the breakdown, of which the largest are shown."""
