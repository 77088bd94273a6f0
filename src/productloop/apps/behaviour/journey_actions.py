"""The actions of `behaviour` about visits and kinds of people: paths."""

from __future__ import annotations

from productloop.apps.behaviour import paths_wording
from productloop.apps.behaviour.paths_report import paths_page
from productloop.apps.behaviour.paths_types import PathsReport, PathsRequest
from productloop.foundation.wording import Text
from productloop.loop.action import Action, Run


def paths(run: Run, request: PathsRequest) -> PathsReport:
    """Which ways people take through a visit, and where they leave."""
    from productloop.apps.behaviour._paths import answer_paths  # loads the array kernels

    return answer_paths(run, request)


JOURNEY_ACTIONS: tuple[Action, ...] = (
    Action(
        name="paths",
        title=paths_wording.PATHS_TITLE,
        run=paths,
        page=paths_page,
        request=PathsRequest,
        report=PathsReport,
        effect="reads",
        length="quick",
        reads=("events",),
    ),
)
JOURNEY_TEXTS: dict[str, Text] = {**paths_wording.TEXTS}
