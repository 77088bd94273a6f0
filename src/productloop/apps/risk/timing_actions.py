"""When it will happen: time to an outcome."""

from __future__ import annotations

from collections.abc import Mapping

from productloop.apps.risk import when_wording
from productloop.apps.risk.when_report import when_page
from productloop.apps.risk.when_types import WhenReport, WhenRequest
from productloop.foundation.wording import Text
from productloop.loop.action import Action, Run

READS = ("outcomes", "actors", "events", "orders", "feedback", "topics", "points", "actor_codes")


def when(run: Run, request: WhenRequest) -> WhenReport:
    """When in their time with us people leave, who sooner, when the risk is highest, and how many next."""
    from productloop.apps.risk._when import answer_when  # loads the array kernels

    return answer_when(run, request)


TIMING_ACTIONS: tuple[Action, ...] = (
    Action(
        "when",
        when_wording.WHEN_TITLE,
        when,
        when_page,
        WhenRequest,
        WhenReport,
        "reads",
        "quick",
        READS,
        on_run=True,
        on_first_page="nothing",
    ),
)
TIMING_TEXTS: Mapping[str, Text] = {**when_wording.TEXTS}
