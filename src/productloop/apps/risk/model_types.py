"""What can be asked of `risk model`, and what it answers: every field with its meaning and unit."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from productloop.apps.risk.types import Quality
from productloop.foundation.figures import Figure
from productloop.foundation.wording import Say
from productloop.loop.action import Report, Request


class ModelRequest(Request):
    """How good the live model is, how far its chances can be trusted, what it goes by."""

    task: str | None = Field(default=None, description="which risk, when there are several | 哪个风险任务（有多个时）")
    value: str | None = Field(
        default=None,
        description="of several classes: the one to look at; default those that count, together | 有多种结果时看哪一种；默认把算数的几种合在一起",
    )
    imbalance: bool = Field(
        default=False,
        description="also fit again with class weights and resampling, to show what each costs (takes a minute)"
        " | 另外用加权、重采样各训练一遍，看各自的代价（约一分钟）",
    )


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True)


class BinView(_Part):
    """People whom the model gave a similar chance."""

    predicted: Figure
    happened: Figure
    people: Figure


class GroupWeight(_Part):
    """How much one group of inputs moves the chances, as a share of all."""

    name: Say | str
    share: Figure


class CurveView(_Part):
    """How the chance moves with one input.

    form: "values" and "categories" = everybody is given the value in turn, the band holds nine in ten people; "among" = people who have this value,
    the band holds nine in ten of them; "local" = small steps among people near the value, the band is the interval of the mean.
    """

    name: Say | str
    form: Literal["values", "categories", "among", "local"]
    at: tuple[str, ...]
    mean: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]


class RuleView(_Part):
    """People whom the small tree treats alike."""

    conditions: tuple[Say, ...]
    chance: Figure
    people: Figure
    """As a share of all."""


class TreeView(_Part):
    """A small tree that says roughly what the model says."""

    rules: tuple[RuleView, ...]
    agreement: Figure
    gap: Figure
    """Mean difference of the two chances, in points."""
    r_squared: Figure


class MarkView(_Part):
    """One measure of the model beside what the same chances would get if each were exactly right, and beside the overall rate."""

    model: Figure
    perfect: Figure | None = None
    overall: Figure | None = None


class ClassView(_Part):
    """One of several classes: its share of all, and of 10 (or 100) people with the highest chance of it, how many it was; `base`: picked at random."""

    name: str
    rate: Figure
    of: int
    hits: Figure
    base: Figure


class AloneView(_Part):
    """How many the model could decide alone at a stated error."""

    share: Figure
    wrong: Figure
    threshold: Figure


class CorrectionView(_Part):
    """What one correction of imbalance does to the chances."""

    name: Say | str
    marks: tuple[Figure, ...]


class ModelReport(Report):
    """The live model of one task."""

    state: Literal["model", "baseline", "number"]
    """"number": how many or how long; what this page says of chances cannot be said of it, only what it goes by."""
    classes: tuple[ClassView, ...] = ()
    """Each of several classes by itself; empty for a question of yes or no."""
    task: str
    event: Say
    dated: bool
    of: int = 10
    hits: Figure | None = None
    base: Figure | None = None
    rate: Figure | None = None
    trust: Literal["right", "too_high", "too_low", "mixed"] | None = None
    gap: Figure | None = None
    """Mean distance of what was said from what happened, in points."""
    luck: Figure | None = None
    """The same for chances that are exactly right, in points; upper end of what luck makes."""
    bins: tuple[BinView, ...] = ()
    weights: tuple[GroupWeight, ...] = ()
    shuffled: bool = False
    """True: the model cannot say what moved it, so inputs were shuffled."""
    curves: tuple[CurveView, ...] = ()
    tree: TreeView | None = None
    marks: tuple[MarkView, ...] = ()
    found: tuple[tuple[float, float], ...] = ()
    """(share of all cases found, share of the flagged that are cases)."""
    disturbed: tuple[tuple[float, float], ...] = ()
    """(share of the others flagged, share of all cases found)."""
    alone: AloneView | None = None
    corrections: tuple[CorrectionView, ...] = ()
    quality: Quality | None = None
