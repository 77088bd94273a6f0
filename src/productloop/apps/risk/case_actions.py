"""One customer: everything that happened, and what was never answered."""

from __future__ import annotations

from collections.abc import Mapping

from productloop.apps.risk import case_wording
from productloop.apps.risk.case_report import case_page
from productloop.apps.risk.case_types import CaseReport, CaseRequest
from productloop.foundation.wording import Text
from productloop.loop.action import Action, Run


def case(run: Run, request: CaseRequest) -> CaseReport:
    """What one customer did, said, paid and was promised, what changed, and what became of those alike."""
    from productloop.apps.risk._case import answer_case  # loads the array kernels

    return answer_case(run, request)


CASE_READS = (
    *("actor_codes", "actors", "events", "orders", "feedback", "changes", "documents", "outcomes"),
    *("points", "topics", "scores"),
)
CASE_ACTIONS: tuple[Action, ...] = (
    Action("case", case_wording.CASE_TITLE, case, case_page, CaseRequest, CaseReport, "reads", "quick", CASE_READS),
)
CASE_TEXTS: Mapping[str, Text] = case_wording.TEXTS
