"""`risk drafts` and `risk approve` as pages."""

from __future__ import annotations

from productloop.apps.risk.drafts_types import ApproveReport, DraftLine, DraftsReport
from productloop.foundation.page import Block, Cell, Grid, Line, Page
from productloop.foundation.wording import Say, say

COLUMNS = ("id", "action", "text", "source", "status", "campaign")


def drafts_page(report: DraftsReport) -> Page:
    """Messages and their state."""
    title = say("risk.drafts.page")
    if not report.drafts:
        return Page(title=title, blocks=(Line(text=say("risk.drafts.line.none")),))
    columns = tuple(Say(key=f"risk.drafts.column.{name}") for name in COLUMNS)
    blocks: tuple[Block, ...] = (
        Line(text=say("risk.drafts.line.rule")),
        Grid(columns=columns, rows=tuple(_row(draft) for draft in report.drafts)),
    )
    return Page(title=title, blocks=blocks)


def _row(draft: DraftLine) -> tuple[Cell, ...]:
    source: Cell = say("risk.drafts.template") if draft.source == "template" else draft.source
    text = say("risk.drafts.text", zh=draft.zh, en=draft.en)
    return (draft.id, draft.title, text, source, Say(key=f"risk.drafts.status.{draft.status}"), draft.campaign)


def approve_page(report: ApproveReport) -> Page:
    """What was decided about one message."""
    draft = report.draft
    key = "risk.drafts.line.approved" if draft.status == "approved" else "risk.drafts.line.rejected"
    line = Line(text=Say(key=key, slots={"id": draft.id, "campaign": draft.campaign}), tone="good")
    return Page(title=say("risk.approve.page"), blocks=(line, Line(text=say("risk.drafts.text", zh=draft.zh, en=draft.en))))
