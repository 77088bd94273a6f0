"""What can be asked of `needs aspects`, and what it answers."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from productloop.apps.needs.compare_types import WordLine
from productloop.foundation.figures import Figure
from productloop.foundation.wording import Say
from productloop.loop.action import Report, Request


class AspectsRequest(Request):
    """Which parts of the product do people speak of, and how do they feel about each? `by` takes the parts from a column instead."""

    aspect: str | None = Field(default=None, description="one aspect by its name or one of its words | 只看一个方面：名字或其中一个词")
    num_aspects: int = Field(default=15, ge=1, le=100, description="aspects shown | 列出几个方面")


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True)


class AspectLine(_Part):
    """One part of the product and how people feel about it. People are voices; where the author is not known, texts."""

    id: str
    name: Say
    terms: tuple[str, ...]
    """The words that count as this aspect."""
    state: Literal["worse", "better", "usual", "too_few"]
    """Against how people feel about the other aspects, beyond chance."""
    people: Figure
    share: Figure
    unhappy_share: Figure
    happy_share: Figure
    stars: Figure
    chance: Figure
    """p of Fisher's exact test, both ways, corrected for all aspects."""
    trend: Literal["growing", "fading", "steady", "unknown"]
    since: str | None
    praise: tuple[WordLine, ...]
    """Words of praise said with it, most people first; `elsewhere` counts those who say the word of other aspects."""
    blame: tuple[WordLine, ...]
    quotes: tuple[str, ...]


class AspectsReport(Report):
    """Aspects with their mood, most people first."""

    counts_people: bool
    enough: bool
    missing: Figure
    column: str | None
    """The column that names the aspects; None where they were found in the texts."""
    release: str | None
    """The live release that says which part a text is about; None where parts were found without labels."""
    right: Figure | None
    """Of 10 texts that release did not learn from."""
    feelings: str | None
    """The live release that says how people feel about a part; None: as everywhere in `needs`."""
    people: Figure
    texts: Figure
    covered: Figure
    """Share of people who speak of any aspect."""
    unhappy_share: Figure
    """Of all who say how they feel about an aspect."""
    aspects: tuple[AspectLine, ...]
    num_aspects: Figure
    one: bool
