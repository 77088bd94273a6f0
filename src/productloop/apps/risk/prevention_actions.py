"""What to do about it: whom to contact with what, what came of it, and the messages that a person approves."""

from __future__ import annotations

from collections.abc import Mapping

from productloop.apps.risk import campaigns_wording, drafts_wording, prevent_wording
from productloop.apps.risk.campaigns_report import campaigns_page
from productloop.apps.risk.campaigns_types import CampaignsReport, CampaignsRequest
from productloop.apps.risk.drafts_report import approve_page, drafts_page
from productloop.apps.risk.drafts_types import ApproveReport, ApproveRequest, DraftsReport, DraftsRequest
from productloop.apps.risk.prevent_report import prevent_page
from productloop.apps.risk.prevent_types import PreventReport, PreventRequest
from productloop.foundation.wording import Text
from productloop.loop.action import Action, Run
from productloop.loop.store import Store

READS = ("outcomes", "actors", "events", "orders", "feedback", "topics", "points", "scores", "assignments", "actor_codes")


def prevent(run: Run, request: PreventRequest) -> PreventReport:
    """Whom to contact with what, whom to leave alone, and how we will know."""
    from productloop.apps.risk._prevent import answer_prevent  # loads the models

    return answer_prevent(run, request)


def campaigns(run: Run, request: CampaignsRequest) -> CampaignsReport:
    """What each campaign did: customers kept, money, cost."""
    from productloop.apps.risk._campaigns import answer_campaigns  # loads the models

    return answer_campaigns(run, request)


def drafts(run: Run, request: DraftsRequest) -> DraftsReport:
    """Which messages wait for approval."""
    from productloop.apps.risk._drafts_answer import answer_drafts  # loads the models

    return answer_drafts(run, request)


def approve(run: Run, request: ApproveRequest) -> ApproveReport:
    """Approve a message, so that it may leave with its list."""
    from productloop.apps.risk._drafts_answer import answer_approve  # loads the models

    return answer_approve(run, request)


def has_campaigns(store: Store) -> bool:
    """Whether anything was ever started for people at risk."""
    from productloop.loop.campaigns import campaigns as started  # loads SQLAlchemy

    return bool(started(store))


PREVENTION_ACTIONS: tuple[Action, ...] = (
    Action(
        name="prevent",
        title=prevent_wording.PREVENT_TITLE,
        run=prevent,
        page=prevent_page,
        request=PreventRequest,
        report=PreventReport,
        effect="writes",
        length="long",
        reads=READS,
        writes=("assignments",),
    ),
    Action(
        name="campaigns",
        title=campaigns_wording.CAMPAIGNS_TITLE,
        run=campaigns,
        page=campaigns_page,
        request=CampaignsRequest,
        report=CampaignsReport,
        effect="reads",
        length="long",
        reads=READS,
        on_run=has_campaigns,
        on_first_page="line",
    ),
    Action(
        name="drafts",
        title=drafts_wording.DRAFTS_TITLE,
        run=drafts,
        page=drafts_page,
        request=DraftsRequest,
        report=DraftsReport,
        effect="writes",  # it writes nothing, but is never answered from a kept report: approving changes no table's version
        length="quick",
        reads=READS,
    ),
    Action(
        name="approve",
        title=drafts_wording.APPROVE_TITLE,
        run=approve,
        page=approve_page,
        request=ApproveRequest,
        report=ApproveReport,
        effect="writes",
        length="quick",
        reads=READS,
    ),
)
PREVENTION_TEXTS: Mapping[str, Text] = {**prevent_wording.TEXTS, **campaigns_wording.TEXTS, **drafts_wording.TEXTS}
