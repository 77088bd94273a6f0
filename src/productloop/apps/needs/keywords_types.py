"""What can be asked of `needs keywords`, and what it answers."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from productloop.foundation.figures import Figure
from productloop.foundation.wording import Say
from productloop.loop.action import Report, Request

Mood = Literal["unhappy", "happy", "all"]
Side = Literal["zh", "en"]


class KeywordsRequest(Request):
    """Which words do unhappy and happy people use?"""

    mood: Literal["unhappy", "happy", "all"] | None = Field(
        default=None, description="only the words of unhappy, happy or all people | 只看不满意、满意或所有人的词：unhappy、happy、all"
    )
    words: tuple[str, ...] = Field(
        default=(), description="words to follow over time, such as refund,退款 | 按时间追踪几个词，比如 退款,闪退"
    )
    num_words: int = Field(default=12, ge=1, le=100, description="words listed in each group | 每组列出几个词")


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True)


class PhraseLine(_Part):
    """One phrase with who uses it. People are voices; where the author is not known, texts."""

    phrase: str
    people: Figure
    share: Figure
    """Of the people of the group, with interval."""
    elsewhere: Figure | None
    """Share of the others who use it, with interval; None where there are no others."""
    score: Figure | None
    """Standard deviations of its log-odds above 0; None where there are no others to compare with."""
    first_seen: str | None
    last_seen: str | None
    trend: Literal["growing", "fading", "steady", "unknown"]
    since: str | None


class PhraseGroup(_Part):
    """The phrases of one mood in one language."""

    mood: Mood
    language: Side
    people: Figure
    others: Figure
    phrases: tuple[PhraseLine, ...]


class FollowedLine(_Part):
    """One word that was asked for."""

    line: PhraseLine
    unhappy_share: Figure
    by_week: tuple[int | None, ...]
    quotes: tuple[str, ...]


class KeywordsReport(Report):
    """Words of unhappy, happy and all people by language, and words followed over time."""

    counts_people: bool
    enough: bool
    missing: Figure
    people: Figure
    texts: Figure
    groups: tuple[PhraseGroup, ...]
    followed: tuple[FollowedLine, ...]
    weeks: tuple[str, ...]
    no_mood: bool
    """Nobody's feeling is known, so words cannot be told apart by it."""
    reason: Say | None
    read: Figure
    """Texts that were read for phrases; the newest where there are very many."""
