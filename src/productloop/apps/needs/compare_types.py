"""What can be asked of `needs compare`, and what it answers."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from productloop.foundation.figures import Figure
from productloop.foundation.wording import Say
from productloop.loop.action import Report, Request


class CompareRequest(Request):
    """What does one side say that the other does not? Without conditions: the last 4 whole weeks against the 8 before."""

    this: tuple[str, ...] = Field(
        default=(), description="conditions of one side, such as version=4.3 or date>=2026-05-01 | 一边的条件，比如 version=4.3"
    )
    that: tuple[str, ...] = Field(
        default=(), description="conditions of the other side; by itself all others | 另一边的条件；不写就是其余全部"
    )
    num_topics: int = Field(default=12, ge=1, le=200, description="topics shown | 列出几个话题")


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True)


class WordLine(_Part):
    """A phrase that one side uses more."""

    phrase: str
    people: Figure
    elsewhere: Figure
    """People of the other side."""


class SideLine(_Part):
    """One side in numbers."""

    name: Say
    texts: Figure
    people: Figure
    unhappy_share: Figure
    stars: Figure
    words: tuple[WordLine, ...]


class DifferenceLine(_Part):
    """One topic on both sides."""

    topic: str
    name: Say
    state: Literal["more", "less", "only_this", "only_that", "same", "too_few"]
    """`more`, `less` and `only_` differ beyond chance; `same`: not seen to differ; `too_few`: too few people to compare."""
    this_people: Figure
    that_people: Figure
    this_share: Figure
    that_share: Figure
    ratio: Figure
    chance: Figure
    """p of Fisher's exact test, both ways, corrected for everything compared."""
    quotes: tuple[str, ...]
    """Of the side that says it more."""


class MixLine(_Part):
    """The unhappy share of both sides, as counted and as it would be if both had the same mix of one column."""

    column: str
    this_counted: Figure
    that_counted: Figure
    this_level: Figure
    that_level: Figure
    """Weighed to the mix of both sides together."""
    shift: Figure
    """How much of the mix differs, 0 to 1."""
    matters: bool
    """The difference between the sides moves by 2 points or more, and the mix did change."""
    turns: bool
    """The difference changes its sign."""
    left_out: Figure
    """People of values that only one side has."""


class PairLine(_Part):
    """Two sides compared."""

    this: SideLine
    that: SideLine
    tiny: bool
    """One side has too few people for any comparison."""
    overlap: Figure
    """Texts that both conditions meet; they count for the first side only."""
    both: Figure
    """People who wrote on both sides."""
    many_on_both: bool
    one_each: bool
    """People of one side wrote clearly more texts each, so only the newest text of each person counts."""
    this_texts_each: Figure
    that_texts_each: Figure
    unhappy_difference: Figure
    unhappy: Literal["higher", "lower", "same", "unknown"]
    stars_difference: Figure
    stars: Literal["higher", "lower", "same", "unknown"]
    topics: tuple[DifferenceLine, ...]
    mixes: tuple[MixLine, ...]


class CompareReport(Report):
    """What differs between two sides, or between the values of a column, beyond chance."""

    counts_people: bool
    kind: Literal["weeks", "conditions", "column", "none"]
    reason: Say | None
    """Why nothing can be compared."""
    pairs: tuple[PairLine, ...]
    num_tests: Figure
    num_different: Figure
