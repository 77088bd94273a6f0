"""What can be asked of `needs sentiment`, and what it answers."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from productloop.foundation.figures import Figure
from productloop.foundation.wording import Say
from productloop.loop.action import Report, Request


class SentimentRequest(Request):
    """How do people feel now?"""

    num_topics: int = Field(default=5, ge=1, le=20, description="topics of unhappy people shown | 列出不满意的人说得最多的几个话题")


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True)


class SegmentLine(_Part):
    """Unhappy voices of one version, channel, language or other part, against the rest."""

    column: str
    value: str
    people: Figure
    share: Figure
    rest: Figure
    differs: bool
    """Beyond chance, corrected for all parts compared."""


class UnhappyTopic(_Part):
    """A topic that unhappy voices bring up."""

    topic: str
    name: Say
    people: Figure


class CheckLine(_Part):
    """Whether the judgement by words holds where stars say the truth."""

    level: float
    """Least chance of being negative, as the judgement itself says."""
    right: Figure
    """Share of those texts with 1 or 2 stars."""


class SentimentReport(Report):
    """Unhappy, neutral and happy voices, where they differ and how far to trust it."""

    counts_people: bool
    people: Figure
    felt: Figure
    unhappy: Figure
    ever: Figure
    """At least one unhappy text: the share that `analyse` shows."""
    neutral: Figure
    happy: Figure
    by_week: tuple[tuple[float | None, float | None, float | None], ...]
    weeks: tuple[str, ...]
    judged_by: dict[str, Figure]
    segments: tuple[SegmentLine, ...]
    topics: tuple[UnhappyTopic, ...]
    quotes: tuple[str, ...]
    unsure: tuple[str, ...]
    checks: tuple[CheckLine, ...]
