"""What can be asked of `needs topics`, and what it answers."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from productloop.apps.needs.types import TopicLine
from productloop.foundation.figures import Figure
from productloop.foundation.wording import Say
from productloop.loop.action import Report, Request


class TopicsRequest(Request):
    """What do people talk about?"""

    topic: str | None = Field(
        default=None, description="id or part of the name of one topic, to see all of it | 只看一个话题：编号或名字的一部分"
    )
    level: Literal["fine", "middle", "coarse"] = Field(
        default="fine", description="fine, middle or coarse | 细、中、粗：fine、middle、coarse"
    )
    num_topics: int = Field(default=30, ge=1, le=200, description="topics shown | 列出几个话题")


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True)


class OverLine(_Part):
    """A kind of people, or of texts, that brings a topic up more often than the others do."""

    column: str
    value: str
    people: Figure
    ratio: Figure
    """How many times as often as everybody else, with interval."""


class TopicDetail(_Part):
    """One topic with everything known of it."""

    line: TopicLine
    over: tuple[OverLine, ...]
    middle: int
    coarse: int
    across: float
    up: float
    """Place on the map: topics of like meaning lie close together."""


class GroupLine(_Part):
    """Several topics of like meaning, at a coarser level."""

    number: int
    name: Say
    topics: tuple[str, ...]
    people: Figure
    share: Figure
    unhappy_share: Figure


class TopicsReport(Report):
    """Topics with segments, versions, first and last seen, and their place on the map."""

    counts_people: bool
    enough: bool
    missing: Figure
    people: Figure
    texts: Figure
    level: Literal["fine", "middle", "coarse"]
    one: bool
    """A single topic was asked for."""
    topics: tuple[TopicDetail, ...]
    num_topics: Figure
    groups: tuple[GroupLine, ...]
    weeks: tuple[str, ...]
