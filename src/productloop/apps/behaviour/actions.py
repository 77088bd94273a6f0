"""What a person can ask of `behaviour`; the first action is the default."""

from __future__ import annotations

from productloop.apps.behaviour import wording
from productloop.apps.behaviour.money_actions import MONEY_ACTIONS
from productloop.apps.behaviour.report import funnel_page, retention_page
from productloop.apps.behaviour.types import FunnelReport, FunnelRequest, RetentionReport, RetentionRequest
from productloop.loop.action import Action, Run


def funnel(run: Run, request: FunnelRequest) -> FunnelReport:
    """How far people get through the steps, where they stop, and who stops more often than others."""
    from productloop.apps.behaviour._funnel_answer import answer_funnel  # loads the array kernels

    return answer_funnel(run, request)


def retention(run: Run, request: RetentionRequest) -> RetentionReport:
    """Of the people who started in a period, how many came back in each later one."""
    from productloop.apps.behaviour._retention_answer import answer_retention  # loads the array kernels

    return answer_retention(run, request)


FUNNEL = Action(
    name="funnel",
    title=wording.FUNNEL_TITLE,
    run=funnel,
    page=funnel_page,
    request=FunnelRequest,
    report=FunnelReport,
    effect="reads",
    length="quick",
    reads=("events",),
    on_run=True,
)
RETENTION = Action(
    name="retention",
    title=wording.RETENTION_TITLE,
    run=retention,
    page=retention_page,
    request=RetentionRequest,
    report=RetentionReport,
    effect="reads",
    length="quick",
    reads=("events", "actors"),
    on_run=True,
)
ACTIONS = (FUNNEL, RETENTION, *MONEY_ACTIONS)
