"""What can be asked of `needs opportunities`, and what it answers."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from productloop.foundation.figures import Figure
from productloop.foundation.wording import Say
from productloop.loop.action import Report, Request


class OpportunitiesRequest(Request):
    """What should be built first?"""

    num_opportunities: int = Field(default=10, ge=1, le=50, description="opportunities listed | 列出几个机会")
    evidence: str | None = Field(
        default=None, description="everything behind one topic: id or part of its name | 一个话题的全部证据：编号或名字的一部分"
    )
    effort: str | None = Field(
        default=None,
        description="weeks of work where known, such as t-0001=3;refund=0.5; the others count one"
        " | 已知的工作量（周），例如 t-0001=3;退款=0.5；没写的按一周算",
    )
    ours: str | None = Field(
        default=None, description="which product is ours, where reviews of several are here | 有多个产品的评论时，哪个是自己的"
    )
    hold_back_weeks: int = Field(default=6, ge=1, le=52, description="weeks held back to test the list on the past | 回测时留出最近几周")


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True)


class SeverityLine(_Part):
    """How often those who bring a topic up have the outcome, against people alike."""

    topic: str
    name: Say
    named: bool
    """Beyond chance after correction, and beside the topics named before it."""
    ratio: Figure
    """Among people alike in moment, plan, activity and how much they write."""
    theirs: Figure
    others: Figure
    people: Figure
    cases: Figure


class SilentLine(_Part):
    """People who wrote nothing but did what the writers of a topic had done before they wrote."""

    event: str
    ratio: Figure
    share: Figure
    people: Figure


class OpportunityLine(_Part):
    """One need with its place in the list and what the place rests on. People are voices: where the author is not known, texts."""

    id: str
    name: Say
    place: int
    rank: Figure
    """Place with its interval over draws."""
    first: Figure
    """Share of draws in which it comes first."""
    ahead: Figure
    """Share of draws in which it comes before the next one of the list; None for the last."""
    settle: Figure
    """How many more people it takes until 9 of 10 draws agree on this one and the next; 0 = settled, None = out of reach."""
    score: Figure
    """Expected unhappy people times severity times value, by effort where given."""
    people: Figure
    unhappy: Figure
    unhappy_share: Figure
    users: Figure
    """Active users, if those who say nothing are like those who write; None where events and orders are missing."""
    stars: Figure
    drag: Figure
    leaving: Figure
    """Ratio of leaving as measured; None where it is not known."""
    severity: Figure
    """Ratio of leaving as it enters the score, drawn towards 1."""
    money: Figure
    """What those who bring it up paid in the window, net of refunds."""
    value: Figure
    """What they pay against all writers, as it enters the score."""
    importance: Figure
    satisfaction: Figure
    ulwick: Figure
    ulwick_place: int
    rice: Figure
    rice_place: int
    effort: Figure
    silent: SilentLine | None
    quotes: tuple[str, ...]
    dissent: tuple[str, ...]


class OtherOrder(_Part):
    """The order by another way of counting."""

    measure: Literal["people_only", "ulwick", "rice", "all_time", "three_stars", "talked_about"]
    topics: tuple[str, ...]
    first: Say


class MarketLine(_Part):
    """A need that rivals' users are unhappy about more often than ours."""

    id: str
    name: Say
    kind: Literal["they_fail", "only_theirs"]
    product: str
    people: Figure
    theirs: Figure
    ours: Figure
    ratio: Figure
    quotes: tuple[str, ...]


class Market(_Part):
    """Products side by side."""

    state: Literal["one_product", "unnamed", "too_few", "compared"]
    """`unnamed`: several products and nobody said which is ours, so all count together."""
    ours: str
    num_products: Figure
    lines: tuple[MarketLine, ...]


class BackTestLine(_Part):
    """What the list would have named some weeks ago."""

    weeks: Figure
    topics: Figure
    top: Figure
    named: Figure
    by_people: Figure
    by_trend: Figure
    by_chance: Figure


class Evidence(_Part):
    """Everything behind one topic, enough to count it again."""

    line: OpportunityLine | None
    """None where the topic is not in the list: praise, too small, or varied."""
    name: Say
    id: str
    texts: Figure
    people: Figure
    felt: Figure
    unhappy: Figure
    rows: tuple[str, ...]
    """Row ids of its texts in the window, newest first."""
    seed: int
    draws: int
    encoder: str
    package: str


class OpportunitiesReport(Report):
    """What to build first, how sure that is, and what would change it."""

    counts_people: bool
    enough: bool
    missing: Figure
    window_since: str | None
    people: Figure
    active: Figure
    """Active users in the window; None without events and orders."""
    outcome: str | None
    """Outcome that severity rests on, such as churn=1."""
    is_leaving: bool
    dated_outcome: bool
    window_days: int
    opportunities: tuple[OpportunityLine, ...]
    num_needs: Figure
    severities: tuple[SeverityLine, ...]
    has_money: bool
    has_effort: bool
    others: tuple[OtherOrder, ...]
    """Other ways of counting."""
    market: Market
    back_test: BackTestLine | None
    evidence: Evidence | None
