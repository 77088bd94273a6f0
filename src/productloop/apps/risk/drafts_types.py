"""What can be asked of `risk drafts` and `risk approve`, and what they answer."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from productloop.foundation.wording import Say
from productloop.loop.action import Report, Request


class DraftsRequest(Request):
    """Which messages wait for approval?"""

    campaign: str | None = Field(default=None, description="only those of one campaign | 只看某次活动的")


class ApproveRequest(Request):
    """Approve a message, so that it may leave with its list."""

    draft: str = Field(
        description="the draft's id, as risk drafts lists it | 草稿的编号，见 risk drafts", json_schema_extra={"positional": True}
    )
    reject: bool = Field(default=False, description="do not use it | 不用这一条")


class DraftLine(BaseModel):
    """One message in both languages; nothing in it is about a person."""

    model_config = ConfigDict(frozen=True)

    id: str
    campaign: str
    title: Say
    zh: str
    en: str
    source: str
    """ "template" or the provider that wrote it."""
    status: Literal["waiting", "approved", "rejected"]


class DraftsReport(Report):
    """Messages, newest campaign first."""

    drafts: tuple[DraftLine, ...] = ()


class ApproveReport(Report):
    """What was decided."""

    draft: DraftLine
