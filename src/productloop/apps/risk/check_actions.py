"""Before a model is trusted: what in the data gives the answer away."""

from __future__ import annotations

from collections.abc import Mapping

from productloop.apps.risk import check_wording
from productloop.apps.risk.check_report import check_page
from productloop.apps.risk.check_types import CheckReport, CheckRequest
from productloop.foundation.wording import Text
from productloop.loop.action import Action, Run

READS = ("outcomes", "actors", "events", "orders", "feedback", "topics", "points", "actor_codes")


def check(run: Run, request: CheckRequest) -> CheckReport:
    """Which columns give the answer away, with rows to look at and what to leave out; what the data cannot tell."""
    from productloop.apps.risk._check import answer_check  # loads scipy

    return answer_check(run, request)


CHECK_ACTIONS: tuple[Action, ...] = (
    Action("check", check_wording.CHECK_TITLE, check, check_page, CheckRequest, CheckReport, "reads", "quick", READS),
)
CHECK_TEXTS: Mapping[str, Text] = check_wording.TEXTS
