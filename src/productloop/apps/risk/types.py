"""Requests and reports of the risk app. Times are microseconds UTC, chances and shares lie between 0 and 1, money in minor units."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from productloop.apps.risk.number_types import NumberPart
from productloop.foundation.figures import Figure
from productloop.foundation.wording import Say
from productloop.loop.action import Report, Request

State = Literal["no_task", "few", "one_class", "untrained", "baseline", "model"]
"""How far the loop has come: what to predict is not said, too few results, all results alike, enough but not trained, a model that is no
better than the overall rate, a model."""


class ScoreRequest(Request):
    """Who is at risk, what goes with it, whom to call first."""

    task: str | None = Field(default=None, description="which risk, when there are several | 哪个风险任务（有多个时）")
    capacity: int | None = Field(default=None, ge=1, description="how many people you can call; default a tenth | 能联系多少人，默认一成")
    cost_missed: float | None = Field(default=None, gt=0, description="what losing one person costs, in money | 流失一个人损失多少钱")
    cost_contact: float | None = Field(default=None, gt=0, description="what contacting one person costs, in money | 联系一个人花多少钱")
    kept_share: float | None = Field(
        default=None,
        gt=0,
        le=1,
        description="share of those who would leave whom a contact keeps; default all | 要流失的人里联系能留住几成，默认全部",
    )


class TrainRequest(Request):
    """Train one risk model now."""

    task: str | None = Field(default=None, description="which risk, when there are several | 哪个风险任务（有多个时）")
    effort: Literal["quick", "normal", "thorough"] | None = Field(
        default=None,
        description="how many models are tried; default as set for the task, else normal | 试多少种模型；默认照任务设置，没设就是 normal",
    )


class ExplainRequest(Request):
    """Why one person is at risk."""

    subject: str = Field(description="the person's id in your data | 您数据里这个人的编号", json_schema_extra={"positional": True})
    task: str | None = Field(default=None, description="which risk, when there are several | 哪个风险任务（有多个时）")


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True)


class Person(_Part):
    """One flagged person, by the source's own id."""

    subject: str
    chance: Figure
    reasons: tuple[Say, ...]
    paid: Figure | None = None
    last_seen: int | None = None
    likely: Say | None = None
    """Of several classes the most probable one that counts, with its chance."""


class Cause(_Part):
    """A topic or event compared between those who met it before the outcome's moment and the others."""

    kind: Literal["topic", "event"]
    key: str
    name: Say | str
    people: Figure
    rate: Figure
    other: Figure
    ratio: Figure
    num_cases: int
    """People who met it and had the outcome."""
    adjusted_p: float
    """Two-sided, times the number of topics and events compared."""
    named: bool
    """True: strong enough for the first screen."""
    quotes: tuple[str, ...] = ()
    since: int | None = None


class Rule(_Part):
    """A group that can be counted, and how often it has the outcome."""

    name: Say
    rate: Figure
    other: Figure
    people: Figure


class Period(_Part):
    """The observed share in one period; `at` is the moment asked."""

    at: int
    rate: Figure


class Weight(_Part):
    """How much of the model's judgement one group of inputs carries, as a share of all."""

    name: Say | str
    share: Figure


class Quality(_Part):
    """The marks of the live model, all on data it had not seen."""

    release: str
    recipe: str
    num_rows: int
    quality: Figure
    baseline: Figure
    measures: tuple[Figure, ...]
    calibration: tuple[tuple[float, float, int], ...]
    """(mean predicted, observed share, n) by bin."""
    warnings: tuple[str, ...]
    weights: tuple[Weight, ...] = ()


class CostView(_Part):
    """Whom it pays to contact, by what a lost person and a contact cost. Money in minor units."""

    verdict: Literal["some", "nobody", "everybody", "never"]
    """never: a contact costs more than it can save, whatever the chance."""
    contact: Figure
    missed: Figure
    worth: Figure
    """The most a contact can save: `missed` times `kept`."""
    kept: Figure
    """Share of those who would leave whom a contact keeps."""
    threshold: Figure
    highest: Figure
    """The highest chance of anybody now."""
    people: Figure
    saving: Figure
    """Against contacting nobody."""
    against_everybody: Figure
    checked: Figure | None = None
    """Per person, on people with a known result whom the model had not seen."""


class ScoreReport(Report):
    """Who is at risk now."""

    state: State
    task: str | None = None
    said_by: tuple[str, str] | None = None
    """Without a task: a column of people that looks as if it said who left, and its value that means yes."""
    event: Say | None = None
    dated: bool = True
    window_days: int | None = None
    labelled: Figure | None = None
    missing: int = 0
    rate: Figure | None = None
    people: Figure | None = None
    num_gone: int = 0
    num_silent: int = 0
    expected: Figure | None = None
    flagged: Figure | None = None
    expected_flagged: Figure | None = None
    money: Figure | None = None
    hits: Figure | None = None
    base: Figure | None = None
    of: int = 10
    """`hits` and `base` are people out of this many."""
    cost: CostView | None = None
    persons: tuple[Person, ...] = ()
    in_table: bool = False
    """True: the table `scores` holds the same scores of everybody."""
    has_experiment: bool = False
    has_topics: bool = False
    causes: tuple[Cause, ...] = ()
    rules: tuple[Rule, ...] = ()
    periods: tuple[Period, ...] = ()
    quality: Quality | None = None
    numbers: NumberPart | None = None
    """Of a task whose answer is a number: everything that is said about people."""


class TrainReport(Report):
    """What training did."""

    task: str
    event: Say
    verdict: str
    num_labelled: int
    missing: int
    num_scored: int
    of: int = 10
    hits: Figure | None = None
    base: Figure | None = None
    quality: Quality | None = None


class ReasonView(_Part):
    """One reason of one person. `weight`: log-odds in the model's score, above 0 raises the risk; `push`: its signed share of all of them."""

    text: Say
    raises: bool
    changeable: bool
    weight: float
    push: float = 0.0


class AlternativeView(_Part):
    """What people like this with a lower chance differ in: an association, never advice."""

    now: tuple[Say, ...]
    instead: tuple[Say, ...]
    chance: Figure
    threshold: Figure


class ExplainReport(Report):
    """One person's risk."""

    task: str
    event: Say
    subject: str
    window_days: int | None
    told_apart: bool
    """False: the live model is the overall rate."""
    already: bool
    chance: Figure
    like_this: Figure
    average: Figure
    reasons: tuple[ReasonView, ...]
    group: Rule | None = None
    """Where no model tells people apart: the counted group with more of the outcome that this person is in."""
    alternative: AlternativeView | None = None
    """Only for people among the riskiest tenth."""
    quotes: tuple[str, ...]
    has_texts: bool = True
    """False: nobody's words came in, so nothing can be said about this person's."""
    quality: Quality | None = None
    likely: Say | None = None
    """Of several classes the most probable one, with its chance."""
    numbers: NumberPart | None = None
    """Of a task whose answer is a number: the person's number."""
