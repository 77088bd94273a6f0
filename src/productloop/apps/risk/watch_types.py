"""What can be asked of `risk watch`, and what it answers: every field with its meaning and unit."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from productloop.foundation.figures import Figure
from productloop.foundation.wording import Say, Text
from productloop.loop.action import Report, Request

WatchPeriod = Literal["day", "week", "month"]
MetricKind = Literal["active", "signups", "errors", "revenue", "rating", "feedback", "topic", "events", "table"]
Verdict = Literal["below", "above", "inside", "short", "small"]
"""Under the expected band, over it, inside it; too short a history; too few in a period to tell anything."""


class WatchRequest(Request):
    """Which metrics left what was expected of them, since when, and which part it comes from."""

    metric: str | None = Field(
        default=None,
        description="active, signups, errors, revenue, rating, feedback, topic:NAME, people(EVENT), count(EVENT), or a name in the metrics table; "
        "default all | 活跃、注册等指标名，或 metrics 表里的名字；默认全部",
        json_schema_extra={"positional": True},
    )
    holidays: tuple[str, ...] = Field(
        default=(),
        description="countries whose holidays count: CN, US, GB, DE, FR, JP; default by time zone and users | 看哪些国家的节假日；默认按时区和用户所在地",
    )


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True)


class Source(_Part):
    """A part of the users that a change comes from: columns and values, its share of the change, its usual share of the whole."""

    columns: tuple[str, ...]
    values: tuple[str, ...]
    share: Figure
    usual: Figure


class Near(_Part):
    """Something that happened about when a metric changed."""

    day: str
    kind: Literal["change", "version", "holiday"]
    name: str | Text
    detail: str = ""
    """Kind of the change, or country of the holiday."""


class Point(_Part):
    """One period for the chart: first day, what came, what was expected with its band (None before the window)."""

    start: str
    value: float | None
    expected: float | None = None
    low: float | None = None
    high: float | None = None


class Watched(_Part):
    """One metric. Relative gaps are shares of what was expected: -.18 is 18 % under."""

    name: str
    """As it can be asked for."""
    label: Say | str
    kind: MetricKind
    unit: str
    period: WatchPeriod
    verdict: Verdict
    newest: Figure
    """Value of the newest whole period."""
    low: Figure
    high: Figure
    """What nine times in ten would have come in it."""
    outside: bool = False
    """True when this metric left its band by more than chance among all metrics looked at."""
    lasting: bool = False
    """True when it still does."""
    since: str | None = None
    until: str | None = None
    """First and last day of the change."""
    weekday: int | None = None
    """Of `since`: 0 = Monday."""
    gap: Figure
    """Share of what was expected by which it is off, with interval."""
    came: Figure
    expected: Figure
    """Mean per period while it lasts: what came and what was expected, with the band of that mean."""
    chance: Figure
    """p over every stretch of the window, corrected for all metrics."""
    sources: tuple[Source, ...] = ()
    split: bool = False
    """True when columns were there to look into."""
    near: tuple[Near, ...] = ()
    points: tuple[Point, ...] = ()
    look_again: str | None = None
    """Too short a history: the day from which there is enough."""


class WatchReport(Report):
    """The metrics, those that deserve a look first."""

    state: Literal["ok", "nothing"]
    metrics: tuple[Watched, ...]
    num_tested: int
    num_looks: int
    """How many of the first ones deserve a look: none to three."""
    countries: tuple[str, ...]
    window_days: int
    together: bool = False
    """True when several metrics fell on the same days: perhaps data are missing."""
