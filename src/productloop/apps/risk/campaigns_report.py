"""`risk campaigns` as a page: each campaign in plain words, what was learned; actions, the curve and its areas in folds."""

from __future__ import annotations

from typing import Any

from productloop.apps.risk.campaigns_types import CampaignLine, CampaignsReport, Ordering
from productloop.foundation.figures import Figure
from productloop.foundation.page import Block, Cell, Chart, Fold, Grid, Heading, Line, Page, Series
from productloop.foundation.wording import Say, say

MAX_ON_SCREEN = 5
NOTHING_LEVEL = 0.025
"""As in learning/uplift.py, which a page must not load: what a mean effect needs where no difference between people is claimed."""


def campaigns_page(report: CampaignsReport) -> Page:
    """What each campaign did, and what they taught."""
    title = say("risk.campaigns.page")
    if not report.campaigns:
        return Page(title=title, blocks=(Line(text=say("risk.campaigns.line.none")),))
    blocks: list[Block] = []
    for campaign in report.campaigns[:MAX_ON_SCREEN]:
        blocks += _campaign(campaign)
    blocks += _learned(report)
    blocks += [Line(text=caution, tone="caution") for caution in report.cautions]
    older: list[Block] = [block for campaign in report.campaigns[MAX_ON_SCREEN:] for block in _campaign(campaign)]
    details: list[Block] = [Fold(title=say("risk.campaigns.page"), blocks=tuple(older))] if older else []
    details += [_actions(campaign) for campaign in report.campaigns if campaign.actions]
    if report.ordering is not None:
        details.append(_order(report.ordering))
    return Page(title=title, blocks=tuple(blocks), details=tuple(details))


def _campaign(line: CampaignLine) -> list[Block]:
    blocks: list[Block] = [Heading(text=say("risk.campaigns.heading.one", id=line.id, day=line.started))]
    if line.state == "early":
        text = say("risk.campaigns.state.early", day=line.look_again, contacted=line.contacted.people, alone=line.alone.people)
        blocks.append(Line(text=text, tone="caution"))
    elif line.state == "empty":
        blocks.append(Line(text=say("risk.campaigns.state.empty"), tone="caution"))
    else:
        slots: dict[str, Any] = {"treated": line.contacted.left, "held": line.alone.left, "event": line.event, "fewer": line.fewer}
        tone = {"kept": "good", "harmed": "bad"}.get(line.state, "plain")
        text = Say(key=f"risk.campaigns.state.{line.state}", slots={**slots, **_limits(line.fewer)})
        blocks.append(Line(text=text, tone=tone))  # type: ignore[arg-type]
        blocks.append(Line(text=Say(key="risk.campaigns.line.kept", slots={"kept": line.kept, **_limits(line.kept)})))
        if line.money is not None and line.net is not None:
            amounts = {"money": line.money, "cost": line.cost, "net": line.net}
            ends = {f"{name}_{end}": _end(figure, end) for name, figure in amounts.items() for end in ("low", "high") if name != "cost"}
            blocks.append(Line(text=Say(key="risk.campaigns.line.money", slots={**amounts, **ends})))
        if line.num_unknown:
            blocks.append(Line(text=say("risk.campaigns.line.unknown", num=line.num_unknown)))
    if line.mismatched:
        blocks.append(Line(text=say("risk.campaigns.line.mismatch", p=line.mismatch_p or 0.0), tone="bad"))
    if line.num_erased:
        blocks.append(Line(text=say("risk.campaigns.line.erased", num=line.num_erased)))
    return blocks


def _end(figure: Figure, end: str) -> Figure:
    """One limit of an amount as an amount: a range of signed money cannot be read."""
    return figure.model_copy(
        update={"id": f"{figure.id}.{end}", "value": figure.low if end == "low" else figure.high, "low": None, "high": None}
    )


def _limits(figure: Figure) -> dict[str, Any]:
    return {"low": round(float(figure.low or 0.0), 1), "high": round(float(figure.high or 0.0), 1)}


def _learned(report: CampaignsReport) -> list[Block]:
    lessons = report.lessons
    blocks: list[Block] = [Heading(text=say("risk.campaigns.heading.learned"))]
    if lessons is not None:
        claimed = lessons.any_p is not None and lessons.any_p < NOTHING_LEVEL
        name = "differs" if report.differs else "early" if lessons.any_p is None else "same" if claimed else "none"
        slots: dict[str, Any] = {"people": lessons.people, "left": lessons.left, "missing": lessons.missing}
        blocks.append(Line(text=Say(key=f"risk.campaigns.learned.{name}", slots=slots), tone="good" if report.differs else "plain"))
    return [*blocks, Line(text=say("risk.campaigns.line.teaches"))]


def _gap(figure: Figure) -> Cell:
    if figure.value is None or figure.low is None or figure.high is None:
        return None
    return say(
        "risk.campaigns.gap", value=round(float(figure.value), 1), low=round(float(figure.low), 1), high=round(float(figure.high), 1)
    )


def _actions(line: CampaignLine) -> Fold:
    columns = (
        say("risk.campaigns.column.action"),
        say("risk.campaigns.column.contacted"),
        say("risk.campaigns.column.contacted_left", event=line.event),
        say("risk.campaigns.column.alone"),
        say("risk.campaigns.column.alone_left", event=line.event),
        say("risk.campaigns.column.fewer"),
    )
    rows = tuple(
        (one.title, one.contacted.people, one.contacted.left, one.alone.people, one.alone.left, _gap(one.fewer)) for one in line.actions
    )
    return Fold(title=say("risk.campaigns.fold.actions", id=line.id), blocks=(Grid(columns=columns, rows=rows),))


def _order(ordering: Ordering) -> Fold:
    end = ordering.gain[-1]
    chart = Chart(
        form="lines",
        title=say("risk.campaigns.chart.order"),
        x=tuple(f"{100 * share:.0f} %" for share in ordering.share),
        series=(
            Series(name=say("risk.campaigns.chart.learned"), y=ordering.gain, low=ordering.low, high=ordering.high),
            Series(name=say("risk.campaigns.chart.random"), y=tuple(round(end * share, 6) for share in ordering.share)),
        ),
        x_title=say("risk.campaigns.chart.share"),
    )
    slots: dict[str, Any] = {"qini": ordering.qini, "auuc": ordering.auuc}
    for name, figure in (("qini", ordering.qini), ("auuc", ordering.auuc)):
        slots |= {f"{name}_low": float(figure.low or 0.0), f"{name}_high": float(figure.high or 0.0)}
    columns = (
        say("risk.campaigns.column.part"),
        say("risk.campaigns.column.contacted"),
        say("risk.campaigns.column.alone"),
        say("risk.campaigns.column.fewer"),
    )
    rows = tuple(
        (say("risk.campaigns.part", first=part.first, last=part.last), str(part.contacted), str(part.alone), _gap(part.fewer))
        for part in ordering.parts
    )
    blocks: list[Block] = [chart, Line(text=Say(key="risk.campaigns.line.areas", slots=slots))]
    blocks += [Grid(columns=columns, rows=rows)] if rows else []
    return Fold(title=say("risk.campaigns.fold.order"), blocks=tuple(blocks))
