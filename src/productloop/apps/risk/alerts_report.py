"""The report of `alerts` as a page: what fires and what becomes of it, channel by channel."""

from __future__ import annotations

from productloop.apps.risk.alerts_types import AlertsReport, Channel
from productloop.foundation.page import Block, Grid, Heading, Line, Page
from productloop.foundation.wording import Say, say

CRON = "0 9 * * * cd /my-product && productloop run && productloop risk alerts --send"


def alerts_page(report: AlertsReport) -> Page:
    """The page of a report."""
    firing = sum(rule.fires for rule in report.rules)
    blocks: list[Block] = [
        Line(text=say("risk.alerts.fires", num=firing, total=len(report.rules)), tone="bad")
        if firing
        else Line(text=say("risk.alerts.none_fires", num=len(report.rules)), tone="good")
    ]
    if report.num_sent:
        blocks.append(Line(text=say("risk.alerts.sent", num=report.num_sent), tone="good"))
    if report.num_failed:
        blocks.append(Line(text=say("risk.alerts.failed", num=report.num_failed), tone="bad"))
    if not report.sending:
        blocks.append(Line(text=say("risk.alerts.how_to_send")))
    for rule in report.rules:
        blocks.append(Heading(text=Say(key="risk.alerts.heading", slots={"rule": rule.name, "metric": rule.metric})))
        blocks.append(Line(text=rule.told, tone="bad" if rule.fires else "plain"))
        columns = (say("risk.alerts.column_to"), say("risk.alerts.column_state"))
        blocks.append(Grid(columns=columns, rows=tuple((channel.name, _state(channel)) for channel in rule.channels)))
    blocks.append(Line(text=say("risk.alerts.cron", line=CRON)))
    return Page(title=say("risk.alerts.title"), blocks=tuple(blocks))


def _state(channel: Channel) -> Say:
    if channel.state == "failed" and channel.error is not None:
        said = say("risk.alerts.state_failed", error=channel.error)
    elif channel.state == "cooling":
        said = say("risk.alerts.state_cooling", until=channel.until or "")
    else:
        said = say(f"risk.alerts.state_{channel.state}")
    return say("risk.alerts.state_late", state=said) if channel.waiting else said
