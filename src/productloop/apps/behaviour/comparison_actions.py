"""The actions of `behaviour` that compare people or times: experiment."""

from __future__ import annotations

from productloop.apps.behaviour import experiment_wording
from productloop.apps.behaviour.experiment_report import experiment_page
from productloop.apps.behaviour.experiment_types import ExperimentReport, ExperimentRequest
from productloop.foundation.wording import Text
from productloop.loop.action import Action, Run


def experiment(run: Run, request: ExperimentRequest) -> ExperimentReport:
    """Which variant won and how sure that is; before the start, how small a difference could be seen."""
    from productloop.apps.behaviour._experiment import answer_experiment  # loads the array kernels

    return answer_experiment(run, request)


COMPARISON_ACTIONS: tuple[Action, ...] = (
    Action(
        name="experiment",
        title=experiment_wording.EXPERIMENT_TITLE,
        run=experiment,
        page=experiment_page,
        request=ExperimentRequest,
        report=ExperimentReport,
        effect="reads",
        length="quick",
        reads=("events", "actors", "orders", "assignments"),
    ),
)
COMPARISON_TEXTS: dict[str, Text] = {**experiment_wording.TEXTS}
