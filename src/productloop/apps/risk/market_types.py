"""What can be asked of `risk market`, and what it answers."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from productloop.foundation.figures import Figure
from productloop.foundation.wording import Say, Text
from productloop.loop.action import Report, Request

What = Literal["rating", "rank", "price", "downloads", "other"]


class MarketRequest(Request):
    """What competitors' ratings, ranks, prices and releases did, and what it means for us."""

    ours: str | None = Field(
        default=None,
        description="name of our product where the data hold several; empty: the setting product.name | 有多个产品时，哪个是我们的；不填则用设置 product.name",
    )
    weeks: int = Field(default=26, ge=8, le=104, description="how many weeks to look back | 往回看几周")


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True)


class Blamed(_Part):
    """The topic whose share of the texts grew (or shrank) most with the move."""

    topic: Say | str
    before: Figure
    after: Figure
    ratio: Figure
    quotes: tuple[str, ...]


class Standing(_Part):
    """One product in one place (store, market, language; never averaged over places), or one number about it."""

    product: str
    place: tuple[str, ...]
    """Values of store, market and language where the data hold several; empty where they hold one."""
    ours: bool
    source: Literal["reviews", "metrics"]
    what: What
    name: str
    """The metric's name as the data write it; "rating" for reviews."""
    was: Figure
    """Mean of the weeks before the newest four (at most twelve)."""
    now: Figure
    """Mean of the newest four whole weeks."""
    moved: bool
    better: bool | None
    """Whether the move is good for that product; None for a number whose good direction is not known."""
    from_level: Figure | None
    to_level: Figure | None
    since: str | None
    """First day of the week of the step; the range in which it lies stands beside it."""
    since_first: str | None
    since_last: str | None
    p: float | None
    """Adjusted for all series looked at; None where there are too few weeks."""
    release: Say | Text | str | None
    """A release or change of that product near the step."""
    release_day: str | None
    blamed: Blamed | None
    weekly: tuple[float | None, ...]


class Gap(_Part):
    """One topic of which users of one side are unhappy more often, in the same places."""

    topic: Say | str
    kind: Literal["serve", "worse"]
    """serve: theirs are unhappier than ours. worse: ours are."""
    product: str
    """The competitor whose users say it most."""
    theirs: Figure
    ours: Figure
    ratio: Figure
    """The unhappier side over the other."""
    people: Figure
    """Unhappy people of the unhappier side."""
    quotes: tuple[str, ...]


class Happened(_Part):
    """One release, price or other change of a competitor."""

    day: str
    product: str | None
    title: Say | Text | str
    recent: bool
    """Within the last four weeks."""


class MarketReport(Report):
    """Competitors."""

    state: Literal["ok", "none", "ours_unknown"]
    ours: str | None
    products: tuple[str, ...]
    """Competitors, those with most data first; for ours_unknown: every product."""
    num_reviews: Figure
    """Rated texts about competitors within the weeks."""
    has_reviews: bool
    has_metrics: bool
    has_changes: bool
    has_topics: bool
    weeks: tuple[str, ...]
    num_compared: int
    """Series that were held against chance."""
    standings: tuple[Standing, ...]
    """Moved ones first, then competitors by reviews, ours last."""
    gaps: tuple[Gap, ...]
    compared_topics: Literal["yes", "few", "no_topics", "no_reviews"]
    happened: tuple[Happened, ...]
    marks: tuple[tuple[str, Say | Text | str], ...]
