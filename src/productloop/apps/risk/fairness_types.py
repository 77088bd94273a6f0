"""What can be asked of `risk fairness`, and what it answers: every field with its meaning and unit."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from productloop.foundation.figures import Figure
from productloop.foundation.wording import Say
from productloop.loop.action import Report, Request

Measure = Literal["happened", "flagged", "missed", "false_alarm", "right", "gap"]


class FairnessRequest(Request):
    """Does the live model treat groups of people differently?"""

    column: tuple[str, ...] = Field(
        default=(),
        max_length=10,
        description="columns to compare; empty: those called protected, and those whose names look so (sex, age ...)"
        " | 比较哪些列；不填则用设置里标为受保护的，以及名字像的（性别、年龄等）",
    )
    task: str | None = Field(default=None, description="which risk, when there are several | 哪个风险任务（有多个时）")
    value: str | None = Field(
        default=None,
        description="of several classes: the one to look at; default those that count, together | 有多种结果时看哪一种；默认把算数的几种合在一起",
    )
    threshold: float | None = Field(
        default=None,
        gt=0,
        lt=1,
        description="chance from which somebody is flagged; default the riskiest tenth | 可能性超过多少算点名，默认最高的一成",
    )


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True)


class GroupView(_Part):
    """One group of people, by what the model had said about them before it knew the result. A rate is None where there are too few."""

    name: Say | str
    people: Figure
    happened: Figure | None
    """Share that had the outcome."""
    flagged: Figure | None
    missed: Figure | None
    """Of those who had it, not flagged."""
    false_alarm: Figure | None
    """Of those who did not, flagged."""
    right: Figure | None
    """Of the flagged, who had it."""
    gap: Figure | None
    """Mean chance minus the share that happened, in points."""


class DifferenceView(_Part):
    """A group against everybody else, where the difference is more than chance."""

    group: Say | str
    measure: Measure
    here: Figure
    elsewhere: Figure
    difference: Figure
    """Here minus elsewhere, in points."""


class ColumnView(_Part):
    """All groups of one column."""

    name: Say | str
    used: bool
    """True: the live model sees this column."""
    groups: tuple[GroupView, ...]
    differences: tuple[DifferenceView, ...]
    num_unknown: int
    """People whose value is not known; they are in no group."""


class FairnessReport(Report):
    """Rates and errors of the live model by group."""

    state: Literal["model", "baseline", "no_column", "few", "number"]
    """"number": how many or how long; nobody is flagged by it."""
    classes: tuple[str, ...] = ()
    """Classes that can be asked for one by one; empty for a question of yes or no."""
    task: str
    event: Say
    judged: Figure
    """People with a known result, each judged by a model that had not seen them."""
    flagged: Figure | None = None
    columns: tuple[ColumnView, ...] = ()
    unknown_columns: tuple[str, ...] = ()
    """Columns asked for that there are not."""
    known_columns: tuple[str, ...] = ()
    """What could be asked for, where nothing was found."""
