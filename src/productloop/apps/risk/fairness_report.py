"""The report of `risk fairness` as a page: what differs between groups of people, and all rates with their ranges folded."""

from __future__ import annotations

from productloop.apps.risk.fairness_types import ColumnView, DifferenceView, FairnessReport, GroupView
from productloop.foundation.figures import Figure
from productloop.foundation.page import Block, Cell, Chart, Fold, Grid, Heading, Line, Page, Series
from productloop.foundation.wording import Say, say

MEASURES = ("happened", "flagged", "missed", "false_alarm", "right", "gap")
ON_SCREEN = ("happened", "flagged", "missed", "false_alarm")


def fairness_page(report: FairnessReport) -> Page:
    """The page of a report."""
    title = say("risk.fairness.title")
    if report.state == "baseline":
        return Page(title=title, blocks=(Line(text=say("risk.fairness.baseline")),))
    if report.state == "number":
        return Page(title=title, blocks=(Line(text=say("risk.fairness.number", task=report.task), tone="caution"),))
    if report.state == "few":
        return Page(title=title, blocks=(Line(text=say("risk.fairness.few", num=int(report.judged.value or 0)), tone="caution"),))
    blocks: list[Block] = []
    if report.unknown_columns:
        blocks.append(Line(text=say("risk.fairness.no_such_column", names=", ".join(report.unknown_columns)), tone="caution"))
    if report.state == "no_column":
        example = report.known_columns[0] if report.known_columns else "age"
        return Page(title=title, blocks=(*blocks, Line(text=say("risk.fairness.no_column", example=example), tone="caution")))
    if report.flagged is not None:
        blocks.append(Line(text=say("risk.fairness.judged", people=report.judged, flagged=report.flagged)))
    if report.classes:
        names = ", ".join(report.classes)
        blocks.append(Line(text=say("risk.fairness.classes", event=report.event, names=names, task=report.task, name=report.classes[0])))
    for column in report.columns:
        blocks += _column(report, column)
    if any(column.differences for column in report.columns):
        blocks.append(Line(text=say("risk.fairness.meaning", event=report.event), tone="caution"))
    used = [f'"{column.name}"' for column in report.columns if column.used and isinstance(column.name, str)]
    if used:
        blocks.append(Line(text=say("risk.fairness.leave_out", task=report.task, names=", ".join(used))))
    folds: list[Block] = [_fold(report, column) for column in report.columns]
    folds.append(Fold(title=say("risk.fairness.method_title"), blocks=(Line(text=say("risk.fairness.method")),)))
    return Page(title=title, blocks=tuple(blocks), details=tuple(folds))


def _column(report: FairnessReport, column: ColumnView) -> list[Block]:
    blocks: list[Block] = [Heading(text=say("risk.fairness.heading", column=column.name))]
    lines: list[Block] = [
        Line(text=_sentence(report, column, one), tone="plain" if one.measure == "happened" else "caution") for one in column.differences
    ]
    blocks += lines or [Line(text=say("risk.fairness.even"), tone="good")]
    blocks.append(Line(text=say("risk.fairness.used") if column.used else say("risk.fairness.not_used")))
    rows = tuple((group.name, group.people, *(_cell(_of(group, name)) for name in ON_SCREEN)) for group in column.groups)
    blocks.append(Grid(columns=_heads(report, ON_SCREEN), rows=rows))
    known = [group for group in column.groups if group.flagged is not None]
    if len(known) >= 2:
        series = Series(
            name=say("risk.fairness.column_flagged"),
            y=tuple(None if group.flagged is None else group.flagged.value for group in known),
            low=tuple(None if group.flagged is None else group.flagged.low for group in known),
            high=tuple(None if group.flagged is None else group.flagged.high for group in known),
        )
        names = tuple(group.name for group in known)
        blocks.append(Chart(form="ranges", title=say("risk.fairness.chart", column=column.name), x=names, series=(series,), share=True))
    if column.num_unknown:
        blocks.append(Line(text=say("risk.fairness.unknown", num=column.num_unknown)))
    return blocks


def _sentence(report: FairnessReport, column: ColumnView, one: DifferenceView) -> Say:
    low, high = float(one.difference.low or 0), float(one.difference.high or 0)
    apart = one.difference.model_copy(update={"low": min(abs(low), abs(high)), "high": max(abs(low), abs(high))})
    here, elsewhere = (_tenths(figure) if one.measure == "gap" else figure for figure in (one.here, one.elsewhere))
    group = say("risk.fairness.group", column=column.name, group=one.group)
    return Say(
        key=f"risk.fairness.{one.measure}",
        slots={"group": group, "here": here, "elsewhere": elsewhere, "difference": apart, "event": report.event},
    )


def _tenths(figure: Figure) -> Figure:
    return figure.model_copy(update={"value": round(float(figure.value or 0), 1)})


def _of(group: GroupView, measure: str) -> Figure | None:
    found: Figure | None = getattr(group, measure)
    return found


def _cell(figure: Figure | None) -> Cell:
    return say("risk.fairness.too_few") if figure is None else figure


def _ranged(figure: Figure | None) -> Cell:
    if figure is None:
        return say("risk.fairness.too_few")
    if figure.unit == "points":
        return say("risk.fairness.points_range", value=_tenths(figure))
    return say("risk.model.share_range", value=figure)


def _heads(report: FairnessReport, measures: tuple[str, ...]) -> tuple[Say, ...]:
    named = tuple(Say(key=f"risk.fairness.column_{name}", slots={"event": report.event}) for name in measures)
    return (say("risk.fairness.column_group"), say("risk.fairness.column_people"), *named)


def _fold(report: FairnessReport, column: ColumnView) -> Fold:
    rows = tuple((group.name, group.people, *(_ranged(_of(group, name)) for name in MEASURES)) for group in column.groups)
    return Fold(title=say("risk.fairness.fold", column=column.name), blocks=(Grid(columns=_heads(report, MEASURES), rows=rows),))
