"""What can be asked of `needs`, and what it answers: every field with its meaning and unit."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from productloop.apps.needs.releases_types import EffectLine
from productloop.foundation.figures import Figure
from productloop.foundation.wording import Say
from productloop.loop.action import Report, Request


class AnalyseRequest(Request):
    """What do users need?"""

    granularity: float | None = Field(
        default=None,
        ge=0,
        le=1,
        description="topics from coarse (0) to fine (1); by itself: as kept, at first chosen from the data"
        " | 话题粗细，0 最粗，1 最细；不写就沿用，第一次由数据决定",
    )
    num_needs: int = Field(default=8, ge=1, le=50, description="needs on the first screen | 首屏列出几个需求")


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True)


class TopicLine(_Part):
    """One topic. People are voices: where the author is not known, texts."""

    id: str
    """Stays the same from run to run while the topic keeps half of its texts."""
    name: Say
    state: Literal["need", "praise", "varied", "too_small"]
    texts: Figure
    people: Figure
    share: Figure
    """Of everybody who wrote in the window, with interval."""
    unhappy_share: Figure
    unhappy: Figure
    """People who are unhappy about it, with interval: what needs are ranked by."""
    stars: Figure
    drag: Figure
    """Mean stars of all texts minus the mean without this topic; negative pulls the rating down."""
    stability: Figure
    cohesion: Figure
    held: bool
    """A person renamed, merged, split, pinned or defined it."""
    first_seen: str | None
    last_seen: str | None
    keywords: tuple[str, ...]
    quotes: tuple[str, ...]
    """Row ids."""
    dissent: tuple[str, ...]
    trend: Literal["growing", "fading", "steady", "unknown"]
    was: Figure
    """People a week in the whole weeks before the change, or before the last four where there is none."""
    now: Figure
    """People a week since then."""
    ratio: Figure
    """How many times its earlier share of all voices it has now, with interval."""
    since: str | None
    """First day of the week in which the new level began."""
    by_week: tuple[int | None, ...]
    """People in each of `AnalyseReport.weeks`; None where the week is open or cut."""


class CopyLine(_Part):
    """One text that was posted several times."""

    quote: str
    """Row id of one of them."""
    copies: Figure
    people: Figure
    campaign: bool


class Keyword(_Part):
    """A phrase that unhappy texts use more than the others."""

    phrase: str
    texts: Figure
    elsewhere: Figure


class VersionLine(_Part):
    """A topic that clearly fell or rose with a version."""

    version: str
    effect: EffectLine


class AnalyseReport(Report):
    """Needs, ranked; topics; mood; what grows and fades; what is left out."""

    counts_people: bool
    """True: heads are people (an unsigned text counts as one); False: heads are texts."""
    enough: bool
    """False with fewer than 30 texts: no topics, no ranking."""
    missing: Figure
    """Texts still missing until needs can be told."""
    precise: Figure
    """Texts with which a share is known to ten points either way."""
    window_since: str | None
    """First day of the window that "now" means; None = everything."""
    window_until: str | None
    people: Figure
    active_users: Figure
    """Different people with events in the same time; None without events. Who wrote is few of them, and seldom the typical one."""
    texts: Figure
    """Texts that count."""
    deleted: Figure
    """Of these, texts the store has deleted since."""
    staff: Figure
    robots: Figure
    wordless: Figure
    greetings: Figure
    """Rows that do not count: staff, robots, stars without words, lines that only greet."""
    unread: dict[str, Figure]
    """Texts in languages that are not read here, by language."""
    unhappy_share: Figure
    """Of voices whose mood is known: with at least one unhappy text."""
    unhappy_overall: Figure
    """Of the same voices: unhappy where all that each wrote is taken together, as in `sentiment`."""
    stars: Figure
    sentiment_from: dict[str, Figure]
    """Texts by where their sentiment comes from: model, stars, labels, lexicon, none."""
    release: str | None
    """Model release that judged sentiment."""
    by_version: tuple[VersionLine, ...]
    """What a version changed, the clearest first."""
    needs: tuple[str, ...]
    """Topic ids of the needs, most unhappy people first."""
    topics: tuple[TopicLine, ...]
    places: tuple[tuple[float, float], ...]
    """Place of each of `topics` on the map, across and up from -1 to 1; near means alike."""
    num_small: Figure
    weeks: tuple[str, ...]
    """First day of each week shown."""
    unhappy_by_week: tuple[tuple[float | None, float | None, float | None], ...]
    """(share, low, high) of unhappy people in each week; None where open."""
    keywords: tuple[Keyword, ...]
    copies: tuple[CopyLine, ...]
    num_copies: Figure
    """Texts beyond the first of their kind."""
    languages: dict[str, Figure]
