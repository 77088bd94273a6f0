"""What can be asked of `behaviour sessions`, and what it answers: every field with its meaning and unit."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from productloop.foundation.figures import Figure
from productloop.foundation.wording import Say
from productloop.loop.action import Report, Request


class SessionsRequest(Request):
    """How often do people come, and how long do they stay?"""

    period: Literal["day", "week", "month"] = Field(default="week", description="count visits by | 按什么周期数访问")
    silence_minutes: float = Field(
        default=30, gt=0, le=1440 * 30, description="a visit ends after so many minutes without an event | 多少分钟没有动作就算一次访问结束"
    )
    own_sessions: bool = Field(
        default=False, description="use the sessions that the data give instead of silence | 用数据自带的会话，不按静默时间切分"
    )
    ignore: tuple[str, ...] = Field(default=(), description="events to leave out, * stands for anything | 不看的事件，可用 * 通配")


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True)


Label = Say | str


class SessionsPeriod(_Part):
    """Visits that began in one period. In a running or cut-off period everything is None."""

    start: str
    """First day."""
    visits: Figure
    people: Figure
    each: Figure
    """Visits per person who came."""
    median_minutes: Figure


class EdgeEvent(_Part):
    """An event that visits begin or end with."""

    label: Label
    share: Figure
    people: Figure


class SessionsPart(_Part):
    """All numbers of one value of the column asked for, or of everybody."""

    value: Label
    visits: Figure
    people: Figure
    each: Figure
    """Visits per person."""
    median_minutes: Figure
    p90_minutes: Figure
    median_events: Figure
    single: Figure
    """Share of visits with one event."""


class SilenceLine(_Part):
    """How the numbers would be with another silence."""

    minutes: float
    visits: Figure
    median_minutes: Figure


class SessionsReport(Report):
    """Visits: how many, how long, with what."""

    state: Literal["ok", "none"]
    period: Literal["day", "week", "month"]
    silence_minutes: float
    own_sessions: bool
    total: SessionsPart
    periods: tuple[SessionsPeriod, ...] = ()
    first: tuple[EdgeEvent, ...] = ()
    last: tuple[EdgeEvent, ...] = ()
    by: str | None = None
    parts: tuple[SessionsPart, ...] = ()
    silences: tuple[SilenceLine, ...] = ()
    """Empty with the data's own sessions."""
    named: tuple[tuple[str, Label], ...] = ()
