"""The action that joins a funnel's leak with the words of the people who dropped there."""

from __future__ import annotations

from productloop.apps.behaviour import leaks_wording
from productloop.apps.behaviour.leaks_report import leaks_page
from productloop.apps.behaviour.leaks_types import LeaksReport, LeaksRequest
from productloop.loop.action import Action, Run


def leaks(run: Run, request: LeaksRequest) -> LeaksReport:
    """Who dropped at a step, what they wrote, what it costs, who can still be won; a tenth of them is kept aside for measuring."""
    from productloop.apps.behaviour._leaks_answer import answer_leaks  # loads the array kernels

    return answer_leaks(run, request)


LEAKS = Action(
    name="leaks",
    title=leaks_wording.LEAKS_TITLE,
    run=leaks,
    page=leaks_page,
    request=LeaksRequest,
    report=LeaksReport,
    effect="writes",
    length="quick",
    reads=("events", "feedback", "orders", "points", "topics"),
    writes=("assignments",),
)
LEAKS_TEXTS = leaks_wording.TEXTS
