"""`risk drafts` and `risk approve` from the workspace to the report."""

from __future__ import annotations

from dataclasses import replace

from productloop.apps.risk._prevent_start import planned
from productloop.apps.risk.drafts_types import ApproveReport, ApproveRequest, DraftLine, DraftsReport, DraftsRequest
from productloop.apps.risk.drafts_wording import DRAFT_UNKNOWN
from productloop.foundation.errors import UsageError, excerpt
from productloop.loop.action import Run
from productloop.loop.campaigns import Draft, DraftStatus, campaigns, drafts, set_draft
from productloop.loop.store import Store

SHOWN = ("assignments",)


def answer_drafts(run: Run, request: DraftsRequest) -> DraftsReport:
    """All messages, or those of one campaign."""
    found = [draft for draft in drafts(run.store) if request.campaign is None or draft.campaign.endswith(request.campaign)]
    return DraftsReport(**run.frame("risk.drafts", SHOWN), drafts=tuple(_line(run.store, draft) for draft in found))


def answer_approve(run: Run, request: ApproveRequest) -> ApproveReport:
    """Mark one message, when the report is done. Raises UsageError for an id that no message has."""
    known = {draft.id: draft for draft in drafts(run.store)}
    draft = known.get(request.draft)
    if draft is None:
        waiting = [name for name, one in known.items() if one.status == "waiting"]
        raise UsageError(DRAFT_UNKNOWN, draft=excerpt(request.draft), known=", ".join((waiting or list(known))[:12]) or "-")
    status: DraftStatus = "rejected" if request.reject else "approved"

    def write() -> None:
        set_draft(run.store, draft.id, status, run.now)
        run.store.state.close()

    run.at_end(write)
    return ApproveReport(**run.frame("risk.approve", SHOWN), draft=_line(run.store, replace(draft, status=status)))


def _line(store: Store, draft: Draft) -> DraftLine:
    campaign = next(one for one in campaigns(store) if one.id == draft.campaign)
    title = planned(campaign)[draft.action].named()
    return DraftLine(id=draft.id, campaign=draft.campaign, title=title, zh=draft.zh, en=draft.en, source=draft.source, status=draft.status)
