"""What can be asked of `risk check`, and what it answers: every field with its meaning and unit."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from productloop.foundation.figures import Figure
from productloop.foundation.wording import Say
from productloop.learning.leaks import LeakKind
from productloop.loop.action import Report, Request

CheckState = Literal["no_task", "few", "one_class", "checked"]


class CheckRequest(Request):
    """Before you trust a risk model: which columns give the answer away, what the rows can and cannot say."""

    task: str | None = Field(default=None, description="which risk, when there are several | 哪个风险任务（有多个时）")


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True)


class Example(_Part):
    """A row to look at: whose it is (the source's own id), the value found there, and whether the outcome happened."""

    subject: str
    value: Say | str
    happened: bool
    at: int | None = None
    """The moment asked, microseconds UTC."""


class Alarm(_Part):
    """One thing that gives the answer away, with its evidence and two rows to look at."""

    kind: LeakKind
    column: str
    """As productloop.toml names it in `leave_out`; empty for copies of rows."""
    name: Say | str
    text: Say
    fix: Say
    number: Figure
    """The evidence as a share: of pairs put in the right order, of rows of one class, of rows with a later date, of rows that agree."""
    num_rows: int
    examples: tuple[Example, ...] = ()


class MissingView(_Part):
    """A column that is empty more often with the outcome than without, or less often."""

    name: Say | str
    with_outcome: Figure
    without: Figure


class DriftView(_Part):
    """An input whose values now are not those of the training."""

    name: Say | str
    change: Figure
    """Population stability index."""
    large: bool


class CheckReport(Report):
    """What to know before a risk model is trusted."""

    state: CheckState
    task: str | None = None
    event: Say | None = None
    dated: bool = True
    rows: Figure | None = None
    """Rows whose outcome is known."""
    subjects: Figure | None = None
    cases: Figure | None = None
    rate: Figure | None = None
    open_rows: int = 0
    """Rows whose outcome is not known yet."""
    missing_rows: int = 0
    """Known rows that are still wanted for a model."""
    first_at: int | None = None
    last_at: int | None = None
    num_inputs: int = 0
    alarms: tuple[Alarm, ...] = ()
    leave_out: tuple[str, ...] = ()
    """Columns to leave out, as they are written in productloop.toml: those already left out, then those of the alarms."""
    already: tuple[str, ...] = ()
    unused: tuple[str, ...] = ()
    """Columns no model learns from: identifiers, free text, one value only."""
    gaps: tuple[MissingView, ...] = ()
    drifts: tuple[DriftView, ...] = ()
    num_now: int = 0
    """People there are now, whose inputs were compared with the training's."""
    limits: tuple[Say, ...] = ()
    """What cannot be known from these rows."""
