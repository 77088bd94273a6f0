"""What can be asked of `risk when`, and what it answers: every field with its meaning and unit."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from productloop.foundation.figures import Figure
from productloop.foundation.wording import Say
from productloop.loop.action import Report, Request

Unit = Literal["days", "weeks", "months", "years"]
State = Literal["no_task", "no_duration", "few", "nobody", "ok"]
"""No outcome is named; nothing says how long people have been here; too few to whom it happened; to nobody at all; an answer."""


class WhenRequest(Request):
    """When in their time with us do people leave, who sooner, and how many next."""

    task: str | None = Field(default=None, description="which risk, when there are several | 哪个风险任务（有多个时）")
    duration: str | None = Field(
        default=None,
        description="column that says how long each has been here, for a table without dates | 没有日期的表里，说每个人来了多久的那一列",
    )
    unit: Unit | None = Field(default=None, description="unit of that column | 那一列的单位（天、周、月、年）")


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True)


class WhenSegment(_Part):
    """People with one value of a column. Curves are shares still there at the report's ages, with their 90 % band; None where too few are left."""

    value: str
    people: Figure
    left: Figure
    median: Figure
    """Age by which half are gone; not known where fewer than half ever were."""
    still: Figure
    """Share still there at `still_at`."""
    still_at: float
    survival: tuple[float | None, ...]
    low: tuple[float | None, ...]
    high: tuple[float | None, ...]


class WhenColumn(_Part):
    """One column whose values were compared, all comparisons counted."""

    column: Say | str
    num_values: int
    people: Figure
    ratio: Figure
    """Of the value that leaves fastest: happened over expected, divided by that of the slowest."""
    adjusted_p: float
    differs: bool


class WhenAge(_Part):
    """One stretch of the time with us, from `start` to `end` (in the report's unit; None: on)."""

    start: float
    end: float | None
    left: Figure
    rate: Figure
    """Of 100 people there, how many leave within `per`."""


class WhenReport(Report):
    """When it happens."""

    state: State
    task: str | None = None
    event: Say | None = None
    dated: bool = True
    unit: Unit = "weeks"
    duration: str | None = None
    """The column of how long, for a table without dates."""
    guessed: bool = False
    """Nobody said the column's unit."""
    left_out: tuple[str, ...] = ()
    """Columns that only grow with the time somebody has been here."""
    people: Figure | None = None
    left: Figure | None = None
    here: Figure | None = None
    everybody: WhenSegment | None = None
    ages: tuple[float, ...] = ()
    column: Say | str | None = None
    """The column whose values differ most; None where none differs beyond chance."""
    asked_column: bool = False
    segments: tuple[WhenSegment, ...] = ()
    columns: tuple[WhenColumn, ...] = ()
    stretches: tuple[WhenAge, ...] = ()
    peak: int | None = None
    """Position of the stretch whose risk clearly exceeds the rest."""
    rest: Figure | None = None
    """Of 100 people in all other stretches."""
    per_days: int = 28
    soon: Figure | None = None
    """Expected to leave within 4 weeks."""
    later: Figure | None = None
    """Within 12 weeks."""
    order: Figure | None = None
    """C-index of an order made from what was known at the start, cross-validated."""
    order_uno: Figure | None = None
    num_unknown: int = 0
    num_at_once: int = 0
    delayed: bool = False
