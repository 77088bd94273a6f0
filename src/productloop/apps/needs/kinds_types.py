"""What can be asked of `needs types`, and what it answers."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from productloop.foundation.figures import Figure
from productloop.foundation.wording import Say
from productloop.loop.action import Report, Request


class TypesRequest(Request):
    """What kinds of feedback do people give?"""

    num_topics: int = Field(default=3, ge=1, le=20, description="topics named for each kind | 每一类列出几个话题")


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True)


class KindTopic(_Part):
    """A topic that a kind of feedback speaks of."""

    topic: str
    name: Say
    people: Figure


class KindLine(_Part):
    """One kind of feedback."""

    kind: str
    people: Figure
    share: Figure
    """Of all who wrote."""
    by_week: tuple[int | None, ...]
    topics: tuple[KindTopic, ...]
    quotes: tuple[str, ...]
    """Row ids, the surest first."""


class VersionLine(_Part):
    """Who reports something broken on one version."""

    version: str
    people: Figure
    """Who wrote from it."""
    share: Figure


class TypesReport(Report):
    """Voices by kind of feedback, those who threaten to leave first."""

    counts_people: bool
    enough: bool
    people: Figure
    kinds: tuple[KindLine, ...]
    unsure: Figure
    """Points of no certain kind."""
    by_model: bool
    by_version: tuple[VersionLine, ...]
    weeks: tuple[str, ...]
