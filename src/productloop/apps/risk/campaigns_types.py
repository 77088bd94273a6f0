"""What can be asked of `risk campaigns`, and what it answers: every field with its meaning and unit."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from productloop.apps.risk.prevent_types import Lessons, Mode
from productloop.foundation.figures import Figure
from productloop.foundation.wording import Say
from productloop.loop.action import Report, Request

State = Literal["early", "kept", "harmed", "unclear", "empty"]
"""Outcomes are not all known yet; more stayed because of it; fewer did; no difference can be told; one arm has nobody left."""


class CampaignsRequest(Request):
    """What every campaign so far did: customers kept, money, cost."""

    task: str | None = Field(default=None, description="which risk, when there are several | 哪个风险任务（有多个时）")


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True)


class Arm(_Part):
    """One arm: people in it who are still in the data, of whom how many have a known outcome, and the share of those who left."""

    people: Figure
    known: int
    left: Figure


class ActionEffect(_Part):
    """One action of a campaign: those contacted with it against those left alone who would have got it."""

    title: Say
    contacted: Arm
    alone: Arm
    fewer: Figure


class CampaignLine(_Part):
    """One campaign. Points: the share who left among those left alone minus that among the contacted."""

    id: str
    started: str
    """Day, YYYY-MM-DD, in the product's zone."""
    look_again: str
    event: Say
    mode: Mode
    state: State
    contacted: Arm
    alone: Arm
    fewer: Figure
    kept: Figure
    """People who stayed because of it."""
    money: Figure | None
    """A year's payments of those kept, times the margin the campaign was planned with."""
    cost: Figure
    net: Figure | None
    mismatch_p: float | None
    """Chance of these group sizes under the shares that were drawn; below .001 the comparison is not to be trusted."""
    mismatched: bool
    num_erased: int
    num_unknown: int
    """Known by now to be in a group, without an outcome."""
    actions: tuple[ActionEffect, ...] = ()


class PartLine(_Part):
    """One part of everybody, in the order of the learned effect: from and to which share, and by how much fewer left when contacted, in points."""

    first: float
    last: float
    contacted: int
    alone: int
    fewer: Figure


class Ordering(_Part):
    """How well the learned order finds the people who are moved; every person judged by a model that never saw them."""

    share: tuple[float, ...]
    gain: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    """People kept per 100 of everybody when the first `share` of the order is contacted."""
    qini: Figure
    auuc: Figure
    parts: tuple[PartLine, ...]


class CampaignsReport(Report):
    """All campaigns and what they taught."""

    task: str | None = None
    campaigns: tuple[CampaignLine, ...] = ()
    """Newest first."""
    lessons: Lessons | None = None
    differs: bool = False
    """True: whom contacting keeps was learned, and lists go by it."""
    ordering: Ordering | None = None
