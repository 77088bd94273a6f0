"""What a person can ask of `behaviour`; the first action is the default."""

from __future__ import annotations

from productloop.apps.behaviour import wording
from productloop.apps.behaviour.activity_actions import ACTIVITY_ACTIONS
from productloop.apps.behaviour.asking_actions import ASKING_ACTIONS
from productloop.apps.behaviour.comparison_actions import COMPARISON_ACTIONS
from productloop.apps.behaviour.journey_actions import JOURNEY_ACTIONS
from productloop.apps.behaviour.leaks_actions import LEAKS
from productloop.apps.behaviour.money_actions import MONEY_ACTIONS
from productloop.apps.behaviour.report import funnel_page
from productloop.apps.behaviour.types import FunnelReport, FunnelRequest
from productloop.loop.action import Action, Run


def funnel(run: Run, request: FunnelRequest) -> FunnelReport:
    """How far people get through the steps, where they stop, and who stops more often than others."""
    from productloop.apps.behaviour._funnel_answer import answer_funnel  # loads the array kernels

    return answer_funnel(run, request)


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
ACTIONS = (FUNNEL, LEAKS, *ACTIVITY_ACTIONS, *JOURNEY_ACTIONS, *MONEY_ACTIONS, *ASKING_ACTIONS, *COMPARISON_ACTIONS)
