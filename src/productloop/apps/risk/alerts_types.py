"""What can be asked of `risk alerts`, and what it answers: every field with its meaning and unit."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from productloop.foundation.figures import Figure
from productloop.foundation.wording import Say
from productloop.loop.action import Report, Request

ChannelState = Literal["would_send", "sent", "cooling", "failed", "quiet"]
"""Would be sent with --send; was sent; was sent lately, so that nothing is sent; could not be sent and will be tried again; nothing to say."""


class AlertsRequest(Request):
    """Judge the alert rules of productloop.toml, and send what they say."""

    send: bool = Field(default=False, description="send what is due; without it only shown | 真的发出去；不写只显示")
    rule: str | None = Field(default=None, description="only this rule | 只看这一条规则", json_schema_extra={"positional": True})


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True)


class Channel(_Part):
    """Where a rule's message goes. `name` shows the host or the address, never a secret part of it."""

    name: str
    state: ChannelState
    until: str | None = None
    """Day until which nothing is sent again."""
    waiting: bool = False
    """True when the message is one that could not be sent before."""
    error: Say | None = None


class Rule(_Part):
    """One rule as it stands now."""

    name: str
    metric: Say | str
    fires: bool
    told: Say
    """Why it fires, or that it does not."""
    value: Figure
    channels: tuple[Channel, ...]


class AlertsReport(Report):
    """The rules, those that fire first."""

    rules: tuple[Rule, ...]
    sending: bool
    num_sent: int
    num_failed: int
