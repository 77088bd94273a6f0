"""Metrics under watch, alerts, and what competitors did."""

from __future__ import annotations

from collections.abc import Mapping

from productloop.apps.risk import alerts_wording, watch_wording
from productloop.apps.risk.alerts_report import alerts_page
from productloop.apps.risk.alerts_types import AlertsReport, AlertsRequest
from productloop.apps.risk.watch_report import first_news, watch_page
from productloop.apps.risk.watch_types import WatchReport, WatchRequest
from productloop.foundation.wording import Text
from productloop.loop.action import Action, Run

WATCHED = ("events", "actors", "orders", "feedback", "points", "topics", "metrics", "changes")


def watch(run: Run, request: WatchRequest) -> WatchReport:
    """Which metrics left what was expected of them, since when, and which part it comes from."""
    from productloop.apps.risk._watch import answer_watch  # loads the array kernels

    return answer_watch(run, request)


def alerts(run: Run, request: AlertsRequest) -> AlertsReport:
    """Judge the alert rules of productloop.toml; with `send` their messages leave."""
    from productloop.apps.risk._alerts import answer_alerts  # loads the array kernels

    return answer_alerts(run, request)


WATCH_ACTIONS: tuple[Action, ...] = (
    Action(
        "watch",
        watch_wording.WATCH_TITLE,
        watch,
        watch_page,
        WatchRequest,
        WatchReport,
        "reads",
        "quick",
        WATCHED,
        on_run=True,
        on_first_page="line",
        headline=first_news,
    ),
    Action("alerts", alerts_wording.ALERTS_TITLE, alerts, alerts_page, AlertsRequest, AlertsReport, "writes", "quick", WATCHED),
)
WATCH_TEXTS: Mapping[str, Text] = {**watch_wording.TEXTS, **alerts_wording.TEXTS}
