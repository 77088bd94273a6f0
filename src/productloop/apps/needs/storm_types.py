"""What can be asked of `needs storm`, and what it answers."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from productloop.foundation.figures import Figure
from productloop.foundation.wording import Say
from productloop.loop.action import Report, Request

State = Literal["running", "over", "none", "undated", "short", "empty"]
"""`over`: it ended within two weeks; `short`: less than two weeks of past."""


class StormRequest(Request):
    """Is there a complaint storm: since when, how many people, about what, and what to reply?"""

    number: int = Field(default=1, ge=1, le=100, description="which storm, 1 is the newest | 看第几次，1 是最近一次")


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True)


class StormLine(_Part):
    """One storm. Times are of the product's own calendar, `YYYY-MM-DD HH:00`, or dates where no hours are known."""

    number: int
    start: str
    end: str
    """First hour or day after it; of a running one the end of what is known."""
    peak: str
    running: bool
    people: Figure
    usual: Figure
    """Unhappy voices that the weeks before would make of the same time, with the range nine times in ten."""


class WhereLine(_Part):
    """A version, store, region or language that stands out among the voices of the storm."""

    column: str
    value: str
    people: Figure
    share: Figure
    before: Figure
    """Its share of unhappy voices in the weeks before."""


class StormTopic(_Part):
    """A topic of the storm."""

    name: Say
    people: Figure
    share: Figure
    before: Figure
    """Share of unhappy voices before who brought it up; value None without a before."""
    storms: bool
    """Clearly more frequent than before."""
    quotes: tuple[str, ...]


class AskLine(_Part):
    """What people ask for, by topic; `name` None where it belongs to none."""

    name: Say | None
    people: Figure
    quotes: tuple[str, ...]


class CopiedLine(_Part):
    """A text that was posted again and again in the storm."""

    quote: str
    copies: Figure
    accounts: Figure


class ChangeLine(_Part):
    """Something that was changed, or happened, shortly before the start. Not its cause."""

    date: str
    kind: str
    title: str


class StormDetail(_Part):
    """Everything known of one storm, or of all unhappy texts where they carry no dates."""

    line: StormLine | None
    people: Figure
    accounts: Figure
    texts: Figure
    copies: Figure
    copies_share: Figure
    new_authors: Figure
    where: tuple[WhereLine, ...]
    topics: tuple[StormTopic, ...]
    asks: tuple[AskLine, ...]
    copied: tuple[CopiedLine, ...]
    changes: tuple[ChangeLine, ...]
    words: tuple[str, ...]
    """Phrases of its texts, where there are too few for topics."""
    quotes: tuple[str, ...]


class TopicStorm(_Part):
    """Days on which one topic alone was brought up by more unhappy people than usual."""

    name: Say
    start: str
    end: str
    """Last day."""
    recent: bool
    """Within two weeks of the end of the data, and no part of a storm of everything."""
    people: Figure
    usual: Figure


class Reply(_Part):
    """A draft that nobody has sent."""

    language: Literal["zh", "en"]
    text: str
    source: Literal["template", "provider"]


class StormChart(_Part):
    """Unhappy voices by day, and what is usual with its range; None where there is no past to tell."""

    days: tuple[str, ...]
    people: tuple[float, ...]
    usual: tuple[float | None, ...]
    low: tuple[float | None, ...]
    high: tuple[float | None, ...]


class StormReport(Report):
    """Whether there is a complaint storm, the newest ones, and what to reply."""

    counts_people: bool
    state: State
    dates_only: bool
    days: Figure
    """Days from the first dated text to the end of the data."""
    last_day: Figure
    """Unhappy voices of the last 24 hours, or of the last day."""
    usual: Figure
    """What the weeks before make of that, with the range nine times in ten."""
    num_storms: Figure
    storms: tuple[StormLine, ...]
    """Newest first."""
    detail: StormDetail | None
    topic_storms: tuple[TopicStorm, ...]
    replies: tuple[Reply, ...]
    chart: StormChart | None
