"""What can be asked of `needs search`, and what it answers."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from productloop.foundation.figures import Figure
from productloop.foundation.wording import Say
from productloop.loop.action import Report, Request


class SearchRequest(Request):
    """What did people say about this?"""

    query: str = Field(
        default="",
        max_length=500,
        description="what to look for, in Chinese or English; the other language is found too | 要找的内容，中英文都行，另一种语言的也会找到",
    )
    num_results: int = Field(default=20, ge=1, le=200, description="texts shown | 列出几条")


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True)


class ResultLine(_Part):
    """One text that was found."""

    quote: str
    """Row id."""
    language: str
    closeness: Figure
    """Score of the search: larger is nearer; it compares results of one question only."""


class ResultTopic(_Part):
    """A topic in which results lie."""

    topic: str
    name: Say
    results: Figure
    people: Figure
    """All who bring the topic up."""


class SearchReport(Report):
    """Texts near a question, in either language, one a voice."""

    query: str
    results: tuple[ResultLine, ...]
    found: Figure
    searched: Figure
    languages: dict[str, Figure]
    topics: tuple[ResultTopic, ...]
