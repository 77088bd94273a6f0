"""The report of `revenue` as a page: what recurs, what moved it, how much of it stays, then by plan and by start."""

from __future__ import annotations

from typing import Any

from productloop.apps.behaviour.revenue_types import RevenueGroup, RevenueMonth, RevenueReport
from productloop.foundation.figures import Figure
from productloop.foundation.page import Block, Cell, Chart, Fold, Grid, Heading, Line, Numbers, Page, Series
from productloop.foundation.wording import Say, say

MOVES = ("new", "reactivated", "expansion", "contraction", "lost")


def revenue_page(report: RevenueReport) -> Page:
    """The page of a report."""
    title = say("behaviour.revenue.title")
    if report.state != "ok":
        blocks: list[Block] = [Line(text=say(f"behaviour.revenue.{report.state}"), tone="caution")]
        return Page(title=title, blocks=(*blocks, *_money_grid(report), *_doubts(report)))
    blocks = [*_lead(report), *_numbers(report), Line(text=say("behaviour.revenue.rule")), *_charts(report), _grid(report)]
    blocks += [_groups("plan", report.by_plan), *_others(report), *_doubts(report)]
    details = (
        Fold(title=say("behaviour.fold.revenue_moves"), blocks=(_moves_grid(report),)),
        Fold(title=say("behaviour.fold.revenue_cohorts"), blocks=(_groups("cohort", report.by_cohort),)),
        Fold(title=say("behaviour.fold.revenue_money"), blocks=tuple(_money_grid(report))),
        Fold(title=say("behaviour.fold.revenue_method"), blocks=(Line(text=say("behaviour.revenue.method")),)),
    )
    return Page(title=title, blocks=tuple(blocks), details=details)


def _plain(figure: Figure) -> Figure:
    return figure.model_copy(update={"low": None, "high": None})


def _lead(report: RevenueReport) -> list[Block]:
    last = report.last
    if last is None:
        base = report.base
        assert base is not None
        return [Line(text=say("behaviour.revenue.first", month=base.start[:7], mrr=base.mrr, accounts=base.accounts))]
    mrr, before = float(last.mrr.value or 0), report.months
    earlier = [row for row in before if row.start < last.start and row.mrr.value is not None]
    base_value = float(earlier[-1].mrr.value or 0) if earlier else mrr - sum(_signed(last, name) for name in MOVES)
    change = last.mrr.model_copy(update={"id": f"{last.mrr.id}_change", "value": abs(round(mrr - base_value))})
    key = "up" if mrr > base_value else "down" if mrr < base_value else "flat"
    slots: dict[str, Any] = {"month": last.start[:7], "mrr": last.mrr, "accounts": last.accounts}
    sentence = Say(key=f"behaviour.revenue.{key}", slots=slots if key == "flat" else {**slots, "change": change})
    lines: list[Block] = [Line(text=sentence, tone="good" if key == "up" else "bad" if key == "down" else "plain")]
    lines.append(Line(text=Say(key="behaviour.revenue.moves", slots={name: getattr(last, name) for name in MOVES})))
    if report.year_net.value is not None:
        net, gross = _of_hundred(report.year_net), _of_hundred(report.year_gross)
        lines.append(Line(text=say("behaviour.revenue.kept", net=net, gross=gross, span=report.span, currency=report.currency)))
    return lines


def _signed(month: RevenueMonth, name: str) -> float:
    value = float(getattr(month, name).value or 0)
    return -value if name in ("contraction", "lost") else value


def _of_hundred(share: Figure) -> Figure:
    ends = {"low": None if share.low is None else 100 * share.low, "high": None if share.high is None else 100 * share.high}
    return share.model_copy(update={"value": None if share.value is None else round(100 * share.value), "unit": "number", **ends})


def _numbers(report: RevenueReport) -> list[Block]:
    last = report.last
    if last is None:
        return []
    items = (
        (say("behaviour.label.mrr"), last.mrr),
        (say("behaviour.label.accounts"), last.accounts),
        (say("behaviour.label.net_month"), last.net_retention),
        (say("behaviour.label.gross_month"), last.gross_retention),
    )
    return [Numbers(items=items)]


def _charts(report: RevenueReport) -> list[Block]:
    rows = [row for row in report.months if row.new.value is not None]
    if len(rows) < 2:
        return []
    names = tuple(row.start[:7] for row in rows)
    moves = tuple(Series(name=say(f"behaviour.label.{name}"), y=tuple(_signed(row, name) / 100 for row in rows)) for name in MOVES)
    shares = tuple(
        Series(name=say(f"behaviour.label.{name}"), y=tuple(getattr(row, field).value for row in rows),
               low=tuple(getattr(row, field).low for row in rows), high=tuple(getattr(row, field).high for row in rows))
        for name, field in (("net_month", "net_retention"), ("gross_month", "gross_retention"))
    )  # fmt: skip
    return [
        Chart(form="bars", title=say("behaviour.chart.moves", currency=report.currency), x=names, series=moves),
        Chart(form="lines", title=say("behaviour.chart.kept"), x=names, series=shares, share=True),
    ]


def _grid(report: RevenueReport) -> Grid:
    """What recurs and how much of it stays; what moved it stands in the chart and in the fold."""
    fields, labels = ("mrr", "accounts", "net_retention", "gross_retention"), ("month", "mrr", "accounts", "net_month", "gross_month")
    rows = tuple((row.start[:7], *_row(row, fields)) for row in report.months)
    return Grid(title=say("behaviour.heading.revenue_months"), columns=tuple(say(f"behaviour.label.{name}") for name in labels), rows=rows)


def _moves_grid(report: RevenueReport) -> Grid:
    rows = tuple((row.start[:7], *_row(row, MOVES)) for row in report.months)
    return Grid(columns=tuple(say(f"behaviour.label.{name}") for name in ("month", *MOVES)), rows=rows)


def _row(month: RevenueMonth, fields: tuple[str, ...]) -> list[Cell]:
    if month.running:
        return [say("behaviour.label.in_progress_month"), *[None] * (len(fields) - 1)]
    return [_plain(figure) if figure.value is not None else None for figure in (getattr(month, name) for name in fields)]


def _groups(kind: str, groups: tuple[RevenueGroup, ...]) -> Grid:
    names = (f"{kind}_name", *(("started",) if kind == "cohort" else ()), "paying", "mrr", "each")
    rows: list[tuple[Cell, ...]] = []
    for group in groups:
        name: Cell = say("behaviour.label.no_plan") if group.name is None else group.name
        each = group.each if group.each.value is not None else None
        rows.append((name, *((group.started,) if kind == "cohort" else ()), group.accounts, group.mrr, each))
    return Grid(
        title=say(f"behaviour.heading.by_{kind}"), columns=tuple(say(f"behaviour.label.{name}") for name in names), rows=tuple(rows)
    )


def _money_grid(report: RevenueReport) -> list[Block]:
    if not report.months:
        return []
    rows = tuple((row.start[:7], row.single, row.refunds) for row in report.months)
    columns = tuple(say(f"behaviour.label.{name}") for name in ("month", "single", "refunds"))
    return [Grid(title=say("behaviour.heading.revenue_money"), columns=columns, rows=rows)]


def _others(report: RevenueReport) -> list[Block]:
    if not report.others:
        return []
    columns = tuple(say(f"behaviour.label.{name}") for name in ("currency", "paying", "mrr"))
    rows = tuple((line.currency or "?", line.accounts, line.mrr) for line in report.others)
    return [Grid(title=say("behaviour.heading.currencies"), columns=columns, rows=rows)]


def _doubts(report: RevenueReport) -> list[Block]:
    if not report.cautions:
        return []
    return [Heading(text=say("behaviour.heading.doubt")), *(Line(text=caution, tone="caution") for caution in report.cautions)]
