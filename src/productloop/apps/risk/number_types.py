"""Answers of risk tasks that are numbers: how many times, or how long until it happens."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

from productloop.foundation.figures import Figure
from productloop.foundation.wording import Say


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True)


class NumberPerson(_Part):
    """One person, by the source's own id, with the number expected and the reasons for it."""

    subject: str
    number: Figure
    """Times, or the time until half of such people; not known where that lies beyond what the data reach. Limits: nine times in ten."""
    reasons: tuple[Say, ...]


class NumberPart(_Part):
    """What a task of numbers says about people now."""

    kind: Literal["count", "time"]
    unit: Literal["days", "weeks", "months", "years"] = "days"
    """Of times."""
    total: Figure | None = None
    """Expected of all people together, in the window."""
    mean: Figure | None = None
    """Known so far: mean number."""
    of_highest: Figure | None = None
    """On people the model had not seen: mean number of the tenth with the highest guesses."""
    of_all: Figure | None = None
    order: Figure | None = None
    persons: tuple[NumberPerson, ...] = ()
    """Most times, or soonest, first."""
    num_beyond: int = 0
    """People whose time lies beyond what the data reach."""
