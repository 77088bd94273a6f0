"""What can be asked of `behaviour changes`, and what it answers: every field with its meaning and unit."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from productloop.foundation.figures import Figure
from productloop.foundation.wording import Say
from productloop.loop.action import Report, Request


class ChangesRequest(Request):
    """What did a change of the product do?"""

    change: str | None = Field(
        default=None,
        description="part of a change's title, its version or its day; empty: all | 变更标题的一部分、版本号或日期；不填则全部",
    )
    metrics: tuple[str, ...] = Field(
        default=(),
        max_length=6,
        description="daily numbers to look at, such as people(EVENT), people(A) / people(any) or revenue; empty: active people, the guessed "
        "funnel's conversion, complaints | 看哪些每天的指标，例如 people(事件)、people(A) / people(any)、revenue；不填则看活跃人数、猜出的漏斗的转化、不满的人",
    )
    days: int = Field(default=14, ge=7, le=56, description="days after the change that count | 变更之后看几天")
    before: int = Field(default=28, ge=14, le=182, description="days before it to compare with | 和之前几天比")


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True)


class MetricEffect(_Part):
    """One number around one change."""

    metric: str
    label: Say | str
    state: Literal["ok", "early", "short", "few"]
    """early: the days after are not over; short: the days before are not all there; few: too little was counted."""
    look_again: str | None = None
    before: Figure
    """A day, or the share."""
    after: Figure
    change: Figure
    """Relative to what the same weekdays before make expected, with interval: -.2 = a fifth less."""
    by_chance: Figure
    """Share of earlier days around which as large a change appears, with no such change."""
    clear: bool


class ChangeEntry(_Part):
    """One change of the product."""

    day: str
    kind: str
    label: Say | str
    title: str | None
    together: tuple[Say | str, ...]
    """Others in the same week: their effects cannot be told apart."""
    effects: tuple[MetricEffect, ...]


class ChangesReport(Report):
    """The product's changes and what its numbers did after each."""

    state: Literal["ok", "none", "unknown", "no_data"]
    """none: the table is empty; unknown: no change is called so; no_data: nothing is counted by day."""
    asked: str | None
    days: int
    before: int
    num_clear_expected: Figure
    """Clear changes that chance alone makes among so many comparisons."""
    changes: tuple[ChangeEntry, ...] = ()
    """The newest first, at most 20."""
    chart_days: tuple[str, ...] = ()
    chart_values: tuple[float | None, ...] = ()
    chart_name: Say | str | None = None
    chart_share: bool = False
