"""The actions of `behaviour` about who is there and who comes back: retention."""

from __future__ import annotations

from productloop.apps.behaviour import retention_wording
from productloop.apps.behaviour.retention_report import retention_page
from productloop.apps.behaviour.retention_types import RetentionReport, RetentionRequest
from productloop.foundation.wording import Text
from productloop.loop.action import Action, Run


def retention(run: Run, request: RetentionRequest) -> RetentionReport:
    """Of the people who started in a period, how many came back in each later one."""
    from productloop.apps.behaviour._retention_answer import answer_retention  # loads the array kernels

    return answer_retention(run, request)


ACTIVITY_ACTIONS: tuple[Action, ...] = (
    Action(
        name="retention",
        title=retention_wording.RETENTION_TITLE,
        run=retention,
        page=retention_page,
        request=RetentionRequest,
        report=RetentionReport,
        effect="reads",
        length="quick",
        reads=("events", "actors"),
        on_run=True,
    ),
)
ACTIVITY_TEXTS: dict[str, Text] = {**retention_wording.TEXTS}
