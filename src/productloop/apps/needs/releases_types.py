"""What can be asked of `needs releases`, and what it answers."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from productloop.foundation.figures import Figure
from productloop.foundation.wording import Say
from productloop.loop.action import Report, Request


class ReleasesRequest(Request):
    """What did each version change in what people say?"""

    version: str | None = Field(default=None, description="only this version | 只看一个版本")
    topic: str | None = Field(default=None, description="only this topic: id or part of its name | 只看一个话题：编号或名字的一部分")


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True)


class EffectLine(_Part):
    """One topic before and after one version."""

    topic: str
    name: Say
    direction: Literal["fell", "rose", "unchanged", "unknown"]
    noted: bool
    """The release note speaks of it."""
    was: Figure
    """Share of voices without the version who bring it up."""
    now: Figure
    ratio: Figure
    """Rate with the version over the rate without it, with interval."""


class ReleaseLine(_Part):
    """One version."""

    version: str
    date: str
    title: str | None
    """Row id of the release note in `changes`, whose title says what was done."""
    note: str
    state: Literal["judged", "too_early", "too_few"]
    look_again: str | None
    """First day on which it can be judged."""
    people: Figure
    """Who wrote from the version, or since it came out."""
    effects: tuple[EffectLine, ...]


class ReleasesReport(Report):
    """What fell and what rose with each version, newest first."""

    enough: bool
    dated: bool
    by_version: bool
    """True: people on the version are compared with those on earlier ones; False: weeks since with weeks before."""
    releases: tuple[ReleaseLine, ...]
    num_compared: Figure
    """Comparisons that the significance is corrected for."""
