"""The report of `risk check` as a page: can the data be trusted, what to leave out, which rows to look at; evidence and methods folded."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from productloop.apps.risk.check_types import Alarm, CheckReport
from productloop.foundation.page import Block, Cell, Fold, Grid, Heading, Line, Numbers, Page
from productloop.foundation.wording import Say, say

MAX_DRIFTS_NAMED = 3
MAX_LOOKED = 6
"""Alarms whose rows stand on the first screen."""


def check_page(report: CheckReport) -> Page:
    """The page of a report."""
    if report.event is None:
        lines = (Line(text=say("risk.line.no_task"), tone="caution"), Line(text=say("risk.line.no_task_next")))
        return Page(title=say("risk.check.title_none"), blocks=lines)
    blocks: list[Block] = [_verdict(report), *_numbers(report), *_alarms(report), *_gaps(report), *_drift(report)]
    if report.limits:
        blocks.append(Heading(text=say("risk.check.heading.limits")))
        blocks += [Line(text=limit, tone="caution") for limit in report.limits]
    return Page(title=say("risk.check.title", task=str(report.task)), blocks=tuple(blocks), details=tuple(_folds(report)))


def _verdict(report: CheckReport) -> Line:
    num = int(report.rows.value or 0) if report.rows is not None else 0
    if report.state == "few":
        return Line(text=say("risk.check.few", num=num, missing=report.missing_rows), tone="caution")
    if report.state == "one_class":
        return Line(text=say("risk.check.one_class", num=num), tone="caution")
    if not report.alarms:
        return Line(text=say("risk.check.clean", inputs=report.num_inputs, rows=num), tone="good")
    if all(alarm.kind in ("copies", "near_copies") for alarm in report.alarms):
        return Line(text=say("risk.check.copies_only"), tone="bad")
    return Line(text=say("risk.check.leaks", num=len(report.alarms)), tone="bad")


def _numbers(report: CheckReport) -> list[Block]:
    labels = {"rows": report.rows, "subjects": report.subjects, "cases": report.cases, "rate": report.rate}
    items = []
    for label, figure in labels.items():
        if figure is not None:
            text = (
                say("risk.check.label.cases", event=report.event)
                if label == "cases" and report.event
                else Say(key=f"risk.check.label.{label}")
            )
            items.append((text, figure))
    blocks: list[Block] = [Numbers(items=tuple(items))]
    if report.first_at is not None and report.last_at is not None:
        blocks.append(Line(text=say("risk.check.span", first=_day(report, report.first_at), last=_day(report, report.last_at))))
    if report.open_rows:
        blocks.append(Line(text=say("risk.check.open", num=report.open_rows)))
    return blocks


def _day(report: CheckReport, at: int) -> datetime:
    return datetime.fromtimestamp(at / 1_000_000, UTC).astimezone(ZoneInfo(report.time_zone))


def _alarms(report: CheckReport) -> list[Block]:
    blocks: list[Block] = []
    if report.alarms:
        blocks.append(Heading(text=say("risk.check.heading.alarms")))
        blocks += [Line(text=alarm.text, tone="bad") for alarm in report.alarms]
        columns = [alarm for alarm in report.alarms if alarm.kind not in ("copies", "near_copies")]
        if columns:
            blocks.append(Line(text=say("risk.check.do", task=str(report.task))))
            blocks.append(Line(text=say("risk.check.setting", columns=", ".join(f'"{name}"' for name in report.leave_out))))
            blocks.append(Line(text=say("risk.check.then")))
        for alarm in report.alarms:
            if alarm.kind in ("copies", "near_copies"):
                blocks.append(Line(text=alarm.fix))
        blocks.append(_examples(report, report.alarms[:MAX_LOOKED]))
    if report.already:
        blocks.append(Line(text=say("risk.check.already", columns=", ".join(report.already))))
    return blocks


def _examples(report: CheckReport, alarms: tuple[Alarm, ...]) -> Grid:
    keys = ("column", "who", "when", "value", "happened") if report.dated else ("column", "who", "value", "happened")
    rows: list[tuple[Cell, ...]] = []
    for alarm in alarms:
        for one in alarm.examples:
            result = say("risk.check.happened", event=report.event) if one.happened and report.event else say("risk.check.not_happened")
            when = (_day(report, one.at).date().isoformat() if one.at is not None else None,) if report.dated else ()
            rows.append((alarm.name, one.subject, *when, one.value, result))
    return Grid(title=say("risk.check.heading.look"), columns=tuple(Say(key=f"risk.check.column.{key}") for key in keys), rows=tuple(rows))


def _gaps(report: CheckReport) -> list[Block]:
    blocks: list[Block] = []
    for gap in report.gaps[:1]:
        text = say("risk.check.gap", name=gap.name, with_share=gap.with_outcome, without=gap.without, event=report.event or "")
        blocks.append(Line(text=text, tone="caution"))
    return blocks


def _drift(report: CheckReport) -> list[Block]:
    large = [one for one in report.drifts if one.large]
    if not large:
        return []
    names = [
        name if isinstance(name, Say) else say("risk.feature.date.day", name=name)
        for name in (one.name for one in large[:MAX_DRIFTS_NAMED])
    ]
    return [Line(text=say("risk.check.drift", num=report.num_now, names=names), tone="caution")]


def _folds(report: CheckReport) -> list[Block]:
    folds: list[Block] = []
    if report.alarms:
        columns = tuple(Say(key=f"risk.check.column.{key}") for key in ("column", "evidence", "fix"))
        rows: tuple[tuple[Cell, ...], ...] = tuple((alarm.name, alarm.number, alarm.fix) for alarm in report.alarms)
        folds.append(Fold(title=say("risk.check.fold.evidence"), blocks=(Grid(columns=columns, rows=rows),)))
    if report.gaps:
        columns = (
            say("risk.check.column.column"),
            say("risk.check.column.with", event=report.event or ""),
            say("risk.check.column.without"),
        )
        rows = tuple((gap.name, gap.with_outcome, gap.without) for gap in report.gaps)
        folds.append(Fold(title=say("risk.check.fold.gaps"), blocks=(Grid(columns=columns, rows=rows),)))
    if report.drifts:
        columns = tuple(Say(key=f"risk.check.column.{key}") for key in ("column", "size", "change"))
        sizes = (say("risk.check.moderate"), say("risk.check.large"))
        rows = tuple((one.name, sizes[one.large], one.change) for one in report.drifts)
        folds.append(
            Fold(title=say("risk.check.fold.drift"), blocks=(Grid(columns=columns, rows=rows), Line(text=say("risk.check.method_drift"))))
        )
    method: list[Block] = [Line(text=say("risk.check.method"))]
    if report.unused:
        method.insert(0, Line(text=say("risk.check.unused", columns=", ".join(report.unused))))
    folds.append(Fold(title=say("risk.check.fold.method"), blocks=tuple(method)))
    return folds
