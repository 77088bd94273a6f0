"""What can be asked of `behaviour performance`, and what it answers: every field with its meaning and unit."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from productloop.foundation.figures import Figure
from productloop.foundation.wording import Say
from productloop.loop.action import Report, Request


class PerformanceRequest(Request):
    """Where does it crash, where is it slow, and what does that cost?"""

    crashes: tuple[str, ...] = Field(
        default=(),
        max_length=20,
        description="events that are a crash or an error; empty: found by their names | 哪些事件算崩溃或报错；不填则按名字找",
    )
    goal: str | None = Field(
        default=None, description="event that counts as converting; empty: the setting metrics.north_star, else the last step of the guessed funnel"
        " | 哪个事件算转化；不填则用设置 metrics.north_star，再没有就用猜出的漏斗最后一步",
    )  # fmt: skip
    slow_ms: int | None = Field(
        default=None,
        ge=1,
        description="milliseconds from which something is slow; empty: the slowest tenth of each event | 多少毫秒算慢；不填则每个事件最慢的十分之一",
    )


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True)


class FaultEvent(_Part):
    """One kind of crash or error."""

    name: str
    label: Say | str
    people: Figure
    share: Figure
    """Of people who were active."""
    times: Figure


class Timing(_Part):
    """How long one event takes, in milliseconds."""

    name: str
    label: Say | str
    people: Figure
    median: Figure
    ninety: Figure
    ninety_nine: Figure


class Place(_Part):
    """One version, device or platform against all others."""

    column: str
    value: str
    people: Figure
    faults: Figure
    """Share of its people who met a crash or an error."""
    faults_elsewhere: Figure
    difference: Figure
    """In points."""
    median: Figure
    """Of the slowest frequent event, milliseconds."""
    slowness: Figure
    """Median here divided by the median elsewhere."""
    worse: bool
    slower: bool


class Cost(_Part):
    """What became of people who met it, against equally active people of the same week who did not."""

    met: Literal["fault", "slow"]
    outcome: Literal["retention", "conversion", "stars"]
    people: Figure
    here: Figure
    elsewhere: Figure
    ratio: Figure
    difference: Figure
    """In points, or stars."""
    lost: Figure
    """People a week."""
    clear: bool


class PerformanceReport(Report):
    """Crashes, errors and waiting, and what they cost."""

    state: Literal["ok", "nothing", "no_events"]
    has_faults: bool
    has_durations: bool
    goal: Say | str | None
    active: Figure
    people: Figure
    """Who met a crash or an error."""
    share: Figure
    faults: tuple[FaultEvent, ...] = ()
    timings: tuple[Timing, ...] = ()
    """The slowest first."""
    timed: Say | str | None = None
    """The event whose times are compared."""
    places: tuple[Place, ...] = ()
    costs: tuple[Cost, ...] = ()
    weeks: tuple[str, ...] = ()
    fault_weeks: tuple[Figure, ...] = ()
    timing_weeks: tuple[Figure, ...] = ()
    slow_ms: int | None = None
