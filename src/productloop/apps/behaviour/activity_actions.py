"""The actions of `behaviour` about who is there and who comes back: retention, lifecycle, stickiness, trends."""

from __future__ import annotations

from productloop.apps.behaviour import lifecycle_wording, metric_wording, retention_wording, stickiness_wording, trends_wording
from productloop.apps.behaviour.lifecycle_report import lifecycle_page
from productloop.apps.behaviour.lifecycle_types import LifecycleReport, LifecycleRequest
from productloop.apps.behaviour.retention_report import retention_page
from productloop.apps.behaviour.retention_types import RetentionReport, RetentionRequest
from productloop.apps.behaviour.stickiness_report import stickiness_page
from productloop.apps.behaviour.stickiness_types import StickinessReport, StickinessRequest
from productloop.apps.behaviour.trends_report import trends_page
from productloop.apps.behaviour.trends_types import TrendsReport, TrendsRequest
from productloop.foundation.wording import Text
from productloop.loop.action import Action, Run


def retention(run: Run, request: RetentionRequest) -> RetentionReport:
    """Of the people who started in a period, how many came back in each later one."""
    from productloop.apps.behaviour._retention_answer import answer_retention  # loads the array kernels

    return answer_retention(run, request)


def lifecycle(run: Run, request: LifecycleRequest) -> LifecycleReport:
    """Each period's people as new, returning or back again, and those who fell silent."""
    from productloop.apps.behaviour._lifecycle_answer import answer_lifecycle  # loads the array kernels

    return answer_lifecycle(run, request)


def stickiness(run: Run, request: StickinessRequest) -> StickinessReport:
    """On how many days of a week or month people come."""
    from productloop.apps.behaviour._stickiness import answer_stickiness  # loads the array kernels

    return answer_stickiness(run, request)


def trends(run: Run, request: TrendsRequest) -> TrendsReport:
    """Numbers by period, the newest against the one before."""
    from productloop.apps.behaviour._trends import answer_trends  # loads the array kernels

    return answer_trends(run, request)


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
    Action(
        name="lifecycle",
        title=lifecycle_wording.LIFECYCLE_TITLE,
        run=lifecycle,
        page=lifecycle_page,
        request=LifecycleRequest,
        report=LifecycleReport,
        effect="reads",
        length="quick",
        reads=("events", "actors"),
    ),
    Action(
        name="stickiness",
        title=stickiness_wording.STICKINESS_TITLE,
        run=stickiness,
        page=stickiness_page,
        request=StickinessRequest,
        report=StickinessReport,
        effect="reads",
        length="quick",
        reads=("events",),
    ),
    Action(
        name="trends",
        title=trends_wording.TRENDS_TITLE,
        run=trends,
        page=trends_page,
        request=TrendsRequest,
        report=TrendsReport,
        effect="reads",
        length="quick",
        reads=("events", "orders", "metrics", "changes"),
    ),
)
ACTIVITY_TEXTS: dict[str, Text] = {
    **retention_wording.TEXTS,
    **metric_wording.TEXTS,
    **lifecycle_wording.TEXTS,
    **stickiness_wording.TEXTS,
    **trends_wording.TEXTS,
}
