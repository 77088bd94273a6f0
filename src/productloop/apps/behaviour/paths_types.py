"""What can be asked of `behaviour paths`, and what it answers: every field with its meaning and unit."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from productloop.foundation.figures import Figure
from productloop.foundation.wording import Say
from productloop.loop.action import Report, Request


class PathsRequest(Request):
    """Which ways do people take?"""

    start: str | None = Field(default=None, description="what people do after this event | 看这个事件之后去了哪里")
    end: str | None = Field(default=None, description="what people do before this event | 看这个事件之前从哪里来")
    max_steps: int = Field(default=5, ge=2, le=10, description="how many steps of a path to show | 一条路径最多看几步")
    silence_minutes: float = Field(
        default=30, gt=0, le=1440 * 30, description="a visit ends after so many minutes without an event | 多少分钟没有动作就算一次访问结束"
    )
    own_sessions: bool = Field(
        default=False, description="use the sessions that the data give instead of silence | 用数据自带的会话，不按静默时间切分"
    )
    group: tuple[str, ...] = Field(
        default=(),
        description="events to see as one step, NAME=PATTERN[+PATTERN], * stands for anything, such as viewing=view_*+item_view "
        "| 合并成一步的事件，例如 浏览=view_*+item_view",
    )
    ignore: tuple[str, ...] = Field(default=(), description="events to leave out, * stands for anything | 不看的事件，可用 * 通配")


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True)


Label = Say | str


class PathLine(_Part):
    """One whole path."""

    steps: tuple[Label, ...]
    share: Figure
    """Of the visits."""
    visits: Figure
    people: Figure


class NearStep(_Part):
    """What comes right after the start or right before the end; without both, what visits begin with."""

    label: Label
    share: Figure
    """Of the visits."""
    people: Figure


class PathEdge(_Part):
    """One step right after another at one place of the path."""

    place: int
    """1 = from the first step shown to the second."""
    before: Label
    after: Label
    people: Figure
    visits: Figure
    mean: Figure
    """Minutes from the first event of the one step to the first of the next."""
    median: Figure


class PathStep(_Part):
    """How many visits get to a step of the path, and how many end there."""

    place: int
    visits: Figure
    people: Figure
    ended: Figure
    """Share of the finished visits that got here and end here."""


class Leaving(_Part):
    """An event as the last one of a visit."""

    label: Label
    share: Figure
    """Of all finished visits."""
    of_its_visits: Figure
    """Of the finished visits in which it happens at all."""
    people: Figure
    is_goal: bool = False
    """It is the last step of the default funnel: ending there is as it should be."""


class Loop(_Part):
    """An event that people do several times in a row."""

    label: Label
    people: Figure
    visits: Figure
    """How often it happened that it was done twice or more in a row."""
    median_times: Figure
    most_times: Figure


class FlowNode(_Part):
    """A step at a place of the picture."""

    place: int
    label: Label
    visits: int
    end: bool = False
    """True: visits that ended before this place."""


class Flow(_Part):
    """What the picture shows: nodes, and (earlier node, later node, visits)."""

    nodes: tuple[FlowNode, ...]
    links: tuple[tuple[int, int, int], ...]


class PathsPart(_Part):
    """The visits of one value of the column asked for."""

    value: Label
    visits: Figure
    people: Figure
    flow: Flow


class PathDifference(_Part):
    """A step after another that the two largest values take at different rates."""

    before: Label
    after: Label
    first: Figure
    """Share of the people of the first value who ever went this way."""
    second: Figure
    difference: Figure
    p_adjusted: Figure


class PathsReport(Report):
    """The ways people take through their visits."""

    state: Literal["ok", "none"]
    start: str | None
    end: str | None
    start_label: Label | None
    end_label: Label | None
    silence_minutes: float
    own_sessions: bool
    max_steps: int
    visits: Figure
    people: Figure
    reached: Figure
    """With start and end: share of the visits with the start that get to the end."""
    nearest: tuple[NearStep, ...] = ()
    frequent: tuple[PathLine, ...] = ()
    edges: tuple[PathEdge, ...] = ()
    num_edges: int = 0
    """All there are; `edges` holds those with the most people."""
    steps: tuple[PathStep, ...] = ()
    leaving: tuple[Leaving, ...] = ()
    loops: tuple[Loop, ...] = ()
    flow: Flow = Flow(nodes=(), links=())
    by: str | None = None
    parts: tuple[PathsPart, ...] = ()
    differences: tuple[PathDifference, ...] = ()
    named: tuple[tuple[str, Label], ...] = ()
    """(name, label) of every event that is shown."""
