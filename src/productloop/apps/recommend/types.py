"""What can be asked of `recommend`, and what it answers: every field with its meaning and unit."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from productloop.foundation.figures import Figure
from productloop.foundation.wording import Say
from productloop.loop.action import Report, Request

State = Literal["live", "not_trained", "too_few"]
"""live = a model release answers; not_trained = enough data, no release yet; too_few = too few people or items to learn from."""


class RecommendRequest(Request):
    """What should each user see next?"""

    subject: tuple[str, ...] = Field(
        default=(),
        max_length=50,
        description="the person's id in your data, or several; none: a sample | 用户在您数据里的编号，可多个；不写则看一批例子",
    )
    k: int = Field(default=10, ge=1, le=20, description="items for each person | 每人推荐几个")
    repeat: bool = Field(default=False, description="also items the person chose before | 也推荐选过的")
    per_category: int = Field(default=0, ge=0, description="at most so many of one category; 0: no limit | 同一类最多几个，0 为不限")
    exclude: tuple[str, ...] = Field(default=(), description="items never to show, by id | 不推荐的对象编号")


class EvaluateRequest(Request):
    """How good are the recommendations, and which items go together?"""


class TrainRequest(Request):
    """Learn from what people chose until now."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True)


class ItemLine(_Part):
    """One recommended item."""

    item: str
    title: Say
    score: Figure
    """Of this person's list only: it orders, and compares with no other person's."""
    reason: Say
    because: tuple[str, ...]
    """Items of the person's past that speak for it, strongest first."""


class PersonLine(_Part):
    """One person's list."""

    subject: str
    known: bool
    """False: nobody of that id is in the data."""
    personal: bool
    """False: nothing usable in the past, the list is what most people choose."""
    choices: Figure
    items: tuple[ItemLine, ...]


class PopularLine(_Part):
    """An item and how many people chose it."""

    item: str
    title: Say
    people: Figure


class RecommendReport(Report):
    """Lists for people, with reasons."""

    state: State
    release: str | None
    recipe: str | None
    sample: bool
    """True: nobody was named, these are the people who chose something last."""
    people: tuple[PersonLine, ...]
    popular: tuple[PopularLine, ...]
    """What most people choose."""
    enough_people: Figure
    """People with enough choices to learn from."""
    num_items: Figure


class RecipeLine(_Part):
    """One way to recommend, measured on the same people."""

    recipe: str
    live: bool
    ndcg: Figure
    recall: Figure
    mrr: Figure
    coverage: Figure


class PairLine(_Part):
    """Two items that go together; the one that mostly comes first stands first."""

    first: str
    second: str
    first_title: Say
    second_title: Say
    people: Figure
    expected: Figure
    lift: Figure
    """People seen over people expected, with interval."""
    forward: Figure
    """Times the second came right after the first."""
    backward: Figure


class EvaluateReport(Report):
    """How good the live recommender is, and pairs of items."""

    state: State
    release: str | None
    recipe: str | None
    beats_baseline: bool
    hits: Figure
    """Of a hundred people, how many found their next item among the first ten."""
    baseline_hits: Figure
    """The same for the best-seller list."""
    quality: Figure
    """NDCG@10 of the live release as its Card has it."""
    gain: Figure | None
    """NDCG@10 of the learned recommender minus that of the best-seller list, paired, with interval; None without a Card."""
    recipes: tuple[RecipeLine, ...]
    pairs: tuple[PairLine, ...]
    num_pairs: Figure
    """Pairs found beyond chance; `pairs` lists at most a hundred."""
    num_tested: Figure
    enough_people: Figure
    num_items: Figure


class TrainReport(Report):
    """What one turn of the recommender did."""

    verdict: str
    """first, baseline, replace, refresh, refused, too_few, skipped, no_data."""
    release: str | None
    live: str | None
    beats_baseline: bool
    people: Figure
    missing: Figure
    """People (or new choices' people) still missing."""
    hits: Figure
    baseline_hits: Figure
