"""The actions of `behaviour` about visits and kinds of people: paths, sessions, segments."""

from __future__ import annotations

from productloop.apps.behaviour import paths_wording, segments_wording, sessions_wording
from productloop.apps.behaviour.paths_report import paths_page
from productloop.apps.behaviour.paths_types import PathsReport, PathsRequest
from productloop.apps.behaviour.segments_report import segments_page
from productloop.apps.behaviour.segments_types import SegmentsReport, SegmentsRequest
from productloop.apps.behaviour.sessions_report import sessions_page
from productloop.apps.behaviour.sessions_types import SessionsReport, SessionsRequest
from productloop.foundation.wording import Text
from productloop.loop.action import Action, Run


def paths(run: Run, request: PathsRequest) -> PathsReport:
    """Which ways people take through a visit, and where they leave."""
    from productloop.apps.behaviour._paths import answer_paths  # loads the array kernels

    return answer_paths(run, request)


def sessions(run: Run, request: SessionsRequest) -> SessionsReport:
    """How often people come, how long they stay, and what visits begin and end with."""
    from productloop.apps.behaviour._sessions import answer_sessions  # loads the array kernels

    return answer_sessions(run, request)


def segments(run: Run, request: SegmentsRequest) -> SegmentsReport:
    """Which kinds of people there are, by worth and by behaviour; kept for --segment."""
    from productloop.apps.behaviour._segments import answer_segments  # loads the array kernels

    return answer_segments(run, request)


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
    Action(
        name="sessions",
        title=sessions_wording.SESSIONS_TITLE,
        run=sessions,
        page=sessions_page,
        request=SessionsRequest,
        report=SessionsReport,
        effect="reads",
        length="quick",
        reads=("events",),
    ),
    Action(
        name="segments",
        title=segments_wording.SEGMENTS_TITLE,
        run=segments,
        page=segments_page,
        request=SegmentsRequest,
        report=SegmentsReport,
        effect="writes",
        length="long",
        reads=("events", "orders", "actors", "items"),
        writes=("segments",),
    ),
)
JOURNEY_TEXTS: dict[str, Text] = {**paths_wording.TEXTS, **segments_wording.TEXTS, **sessions_wording.TEXTS}
