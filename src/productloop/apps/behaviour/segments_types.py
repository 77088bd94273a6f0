"""What can be asked of `behaviour segments`, and what it answers: every field with its meaning and unit."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from productloop.foundation.figures import Figure
from productloop.foundation.wording import Say
from productloop.loop.action import Report, Request


class SegmentsRequest(Request):
    """Which kinds of people are there?"""

    weeks: int = Field(default=12, ge=2, le=104, description="weeks of behaviour to look at, up to the end of the data | 看最近几周的行为")
    max_groups: int = Field(default=8, ge=2, le=12, description="most groups by behaviour to try | 按行为最多试分几群")
    method: Literal["k_means", "mixture"] = Field(default="k_means", description="how groups are found | 分群方法")
    person: str | None = Field(default=None, description="what this person likes, by the source's own id | 看某个用户的偏好，填用户编号")


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True)


Label = Say | str


class ValueSegment(_Part):
    """A segment by recency, frequency and money."""

    name: str
    """For --segment."""
    label: Label
    advice: Say
    people: Figure
    share: Figure
    recency: Figure
    """Median days since the last order (or event)."""
    frequency: Figure
    """Median orders (or days with an event)."""
    money_share: Figure
    """Of all money; None without orders."""
    stability: Figure


class Trait(_Part):
    """Something that sets a group apart from everybody else."""

    label: Label
    here: Figure
    elsewhere: Figure
    effect: Figure
    """Standardised difference, or ratio of shares, with its interval."""
    p_adjusted: Figure
    """Corrected for every comparison that was made."""


class BehaviourGroup(_Part):
    """A group by behaviour."""

    name: str
    """For --segment."""
    label: Label
    people: Figure
    share: Figure
    stability: Figure
    more: tuple[Trait, ...]
    less: tuple[Trait, ...]
    who: tuple[Trait, ...]
    """Columns that describe people (platform, plan, country): values found more often here."""
    likes: tuple[Trait, ...]
    """Items and categories that more people here touch."""
    path: tuple[Label, ...]
    """The most frequent way through a visit of more than one step."""
    path_share: Figure


class GroupTrial(_Part):
    """A number of groups that was tried."""

    num_groups: int
    stability: Figure
    p: Figure


class Liking(_Part):
    """An item or category that a person touches more than others do."""

    kind: Literal["item", "category"]
    name: str
    times: Figure
    affinity: Figure
    """Their share of it over everybody's."""


class SegmentsReport(Report):
    """Kinds of people: by worth, and by behaviour."""

    state: Literal["ok", "none"]
    value_from: Literal["orders", "events"]
    currency: str
    value_people: Figure
    value_segments: tuple[ValueSegment, ...] = ()
    recency_cuts: tuple[float, ...] = ()
    frequency_cuts: tuple[float, ...] = ()
    money_cuts: tuple[float, ...] = ()
    """In minor units."""
    outcome: Literal["groups", "no_groups", "no_habits", "too_few"]
    """too_few: not enough people with two active weeks; no_habits: people do not differ in a way they keep."""
    groups: tuple[BehaviourGroup, ...] = ()
    trials: tuple[GroupTrial, ...] = ()
    judged: Figure
    """People whose behaviour was looked at."""
    left_out: Figure
    """People with too few active weeks."""
    num_kept: int = 0
    """Columns of behaviour that people keep from week to week, and all that were looked at."""
    num_columns: int = 0
    weeks: int
    person: str | None = None
    person_segments: tuple[Label, ...] = ()
    likings: tuple[Liking, ...] = ()
    named: tuple[tuple[str, Label], ...] = ()
