"""The actions of `behaviour` that compare people or times: experiment, drivers, performance, changes."""

from __future__ import annotations

from productloop.apps.behaviour import changes_wording, drivers_wording, experiment_wording, performance_wording
from productloop.apps.behaviour.changes_report import changes_page
from productloop.apps.behaviour.changes_types import ChangesReport, ChangesRequest
from productloop.apps.behaviour.drivers_report import drivers_page
from productloop.apps.behaviour.drivers_types import DriversReport, DriversRequest
from productloop.apps.behaviour.experiment_report import experiment_page
from productloop.apps.behaviour.experiment_types import ExperimentReport, ExperimentRequest
from productloop.apps.behaviour.performance_report import performance_page
from productloop.apps.behaviour.performance_types import PerformanceReport, PerformanceRequest
from productloop.foundation.wording import Text
from productloop.loop.action import Action, Run


def experiment(run: Run, request: ExperimentRequest) -> ExperimentReport:
    """Which variant won and how sure that is; before the start, how small a difference could be seen."""
    from productloop.apps.behaviour._experiment import answer_experiment  # loads the array kernels

    return answer_experiment(run, request)


def drivers(run: Run, request: DriversRequest) -> DriversReport:
    """What people who stay, pay or leave did in their first days: what goes together, not what causes what."""
    from productloop.apps.behaviour._drivers import answer_drivers  # loads the array kernels

    return answer_drivers(run, request)


def performance(run: Run, request: PerformanceRequest) -> PerformanceReport:
    """Crashes, errors and durations by version, device and platform, their trend, and what they cost."""
    from productloop.apps.behaviour._performance import answer_performance  # loads the array kernels

    return answer_performance(run, request)


def changes(run: Run, request: ChangesRequest) -> ChangesReport:
    """What the numbers did after each change of the product, against the same weekdays before, and how often that happens by chance."""
    from productloop.apps.behaviour._changes import answer_changes  # loads the array kernels

    return answer_changes(run, request)


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
    Action(
        name="drivers",
        title=drivers_wording.DRIVERS_TITLE,
        run=drivers,
        page=drivers_page,
        request=DriversRequest,
        report=DriversReport,
        effect="reads",
        length="quick",
        reads=("events", "actors", "orders"),
    ),
    Action(
        name="performance",
        title=performance_wording.PERFORMANCE_TITLE,
        run=performance,
        page=performance_page,
        request=PerformanceRequest,
        report=PerformanceReport,
        effect="reads",
        length="quick",
        reads=("events", "feedback", "changes"),
    ),
    Action(
        name="changes",
        title=changes_wording.CHANGES_TITLE,
        run=changes,
        page=changes_page,
        request=ChangesRequest,
        report=ChangesReport,
        effect="reads",
        length="quick",
        reads=("changes", "events", "feedback", "orders", "metrics"),
    ),
)
COMPARISON_TEXTS: dict[str, Text] = {
    **experiment_wording.TEXTS,
    **drivers_wording.TEXTS,
    **performance_wording.TEXTS,
    **changes_wording.TEXTS,
}
