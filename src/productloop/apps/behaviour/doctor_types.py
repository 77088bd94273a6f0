"""What `behaviour doctor` is asked and what it answers: each field with its meaning and unit."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

from productloop.foundation.figures import Figure
from productloop.foundation.wording import Say
from productloop.loop.action import Report, Request

CheckKind = Literal[
    "clock", "doubled", "ties", "zone", "before_sign_up", "bots", "stopped", "gap", "identities", "spellings", "versions", "sudden"
]


class DoctorRequest(Request):
    """Is something wrong with the data? Asked before the numbers."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True)


class Headline(_Part):
    """The two numbers by which a fault is weighed."""

    conversion: Figure
    """Share that goes through the default funnel, of people whose window is over."""
    retention: Figure
    """Share of new people who come back in week 1."""


class Fault(_Part):
    """One thing that is wrong, or looks so."""

    kind: CheckKind
    evidence: Say
    without: Headline | None
    """The headline without the fault; None where nothing can be taken out."""
    fix: Say
    command: str | None
    """A command that leaves the fault out or puts it right; None where only the source can."""


class DoctorReport(Report):
    """What was checked, what is wrong, how much it moves the numbers, and what to do."""

    num_events: Figure
    checked: tuple[CheckKind, ...]
    """Kinds of faults that were looked for; what the data have no columns for is missing."""
    steps: tuple[str, ...]
    """Events of the default funnel."""
    headline: Headline
    settled: Headline | None = None
    """The headline without impossible times, by which the other faults are weighed; None where all times are possible."""
    faults: tuple[Fault, ...]
