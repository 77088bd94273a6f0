"""What a person can ask of `needs`. The first action is the default."""

from __future__ import annotations

from productloop.apps.needs import wording
from productloop.apps.needs.report import page
from productloop.apps.needs.types import AnalyseReport, AnalyseRequest
from productloop.foundation.errors import UsageError
from productloop.loop.action import Action, Run


def analyse(run: Run, request: AnalyseRequest) -> AnalyseReport:
    """Needs, topics, mood and trends of all feedback in scope; keeps points, topics and findings when the scope is everything."""
    if request.scope.by:
        raise UsageError(wording.NO_BREAKDOWN, name=request.scope.by)
    from productloop.apps.needs._analysis import analyse_feedback  # loads networkx and scipy

    return analyse_feedback(run, request)


ANALYSE = Action(
    name="analyse",
    title=wording.ANALYSE_TITLE,
    run=analyse,
    page=page,
    request=AnalyseRequest,
    report=AnalyseReport,
    effect="writes",
    length="long",
    reads=("feedback",),
    writes=("points", "topics", "findings"),
    on_run=True,
)
ACTIONS = (ANALYSE,)
