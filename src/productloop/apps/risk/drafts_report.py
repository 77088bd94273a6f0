"""`risk drafts` and `risk approve` as pages."""

from __future__ import annotations

from productloop.apps.risk.drafts_types import ApproveReport, DraftsReport
from productloop.foundation.page import Block, Heading, Line, Page
from productloop.foundation.wording import Say, say


def drafts_page(report: DraftsReport) -> Page:
    """Messages to be read one after the other, and their state."""
    title = say("risk.drafts.page")
    if not report.drafts:
        return Page(title=title, blocks=(Line(text=say("risk.drafts.line.none")),))
    blocks: list[Block] = [Line(text=say("risk.drafts.line.rule"))]
    for draft in report.drafts:
        source: Say | str = say("risk.drafts.template") if draft.source == "template" else draft.source
        status = Say(key=f"risk.drafts.status.{draft.status}")
        blocks += [
            Heading(text=say("risk.drafts.head", action=draft.title, status=status)),
            Line(text=say("risk.drafts.text", zh=draft.zh, en=draft.en)),
            Line(text=say("risk.drafts.line.about", id=draft.id, source=source, campaign=draft.campaign)),
        ]
    return Page(title=title, blocks=tuple(blocks))


def approve_page(report: ApproveReport) -> Page:
    """What was decided about one message."""
    draft = report.draft
    key = "risk.drafts.line.approved" if draft.status == "approved" else "risk.drafts.line.rejected"
    line = Line(text=Say(key=key, slots={"id": draft.id, "campaign": draft.campaign}), tone="good")
    return Page(title=say("risk.approve.page"), blocks=(line, Line(text=say("risk.drafts.text", zh=draft.zh, en=draft.en))))
