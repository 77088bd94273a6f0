"""The report of `value` as a page: what a customer is worth, whether that was ever right, who the valuable ones are."""

from __future__ import annotations

from typing import Any

from productloop.apps.behaviour.value_types import Backtest, ValueReport
from productloop.foundation.figures import Figure
from productloop.foundation.page import Block, Chart, Fold, Grid, Heading, Line, Numbers, Page, Series
from productloop.foundation.wording import Say, say


def value_page(report: ValueReport) -> Page:
    """The page of a report; where nothing can be said, why, and what can be done instead."""
    title = say("behaviour.value.title")
    if report.state != "ok":
        return Page(title=title, blocks=(Line(text=_refusal(report), tone="caution"), *_paid(report), *_doubts(report)))
    blocks: list[Block] = [
        Line(text=say("behaviour.value.lead", months=report.months, ahead=report.ahead, so_far=report.so_far)),
        Line(text=say("behaviour.value.again", people=report.people, again=report.again, months=report.months)),
        _top_sentence(report),
        *_tested(report.backtest),
        Numbers(
            items=(
                (say("behaviour.label.customers"), report.people),
                (say("behaviour.label.ahead_each"), report.ahead),
                (say("behaviour.label.ahead_all"), report.total_ahead),
                (say("behaviour.label.so_far_each"), report.so_far),
            )
        ),
        Line(text=say("behaviour.value.rule", months=report.months)),
        _tenths_chart(report),
        _cohort_grid(report),
        *_doubts(report),
    ]
    return Page(title=title, blocks=tuple(blocks), details=tuple(_details(report)))


def _refusal(report: ValueReport) -> Say:
    if report.state == "none":
        return say("behaviour.value.none")
    if report.state == "subscription":
        return say("behaviour.value.subscription")
    if report.state == "periodic":
        return say("behaviour.value.periodic", steady=report.steady)
    if report.missing.value:
        return say("behaviour.value.few", people=report.people, repeaters=report.repeaters, missing=report.missing)
    return say("behaviour.value.short", people=report.people)


def _paid(report: ValueReport) -> list[Block]:
    if report.so_far.value is None:
        return []
    return [Line(text=say("behaviour.value.so_far", people=report.people, so_far=report.so_far))]


def _top_sentence(report: ValueReport) -> Line:
    first = report.tenths[0]
    alive = say("behaviour.value.alive", repeaters=report.repeaters, alive=report.alive)
    return Line(text=say("behaviour.value.top", people=first.people, share=first.share, alive=alive))


def _tested(test: Backtest | None) -> list[Block]:
    if test is None:
        return [Line(text=say("behaviour.value.untested"), tone="caution")]
    slots: dict[str, Any] = {
        "until": test.until,
        "weeks": test.num_weeks,
        "predicted": test.predicted,
        "actual": test.actual,
    }
    sentence = Say(key="behaviour.value.tested", slots={**slots, "naive": test.naive})
    verdict = {
        "better": Line(text=say("behaviour.value.better"), tone="good"),
        "same": Line(text=say("behaviour.value.same"), tone="caution"),
        "worse": Line(text=say("behaviour.value.worse"), tone="bad"),
    }[test.verdict]
    predicted, actual, naive = (float(figure.value or 0) for figure in (test.predicted, test.actual, test.naive))
    total = [Line(text=say("behaviour.value.total_worse"), tone="caution")] if abs(naive - actual) < abs(predicted - actual) else []
    return [Line(text=sentence), verdict, *total]


def _tenths_chart(report: ValueReport) -> Chart:
    names = tuple(say("behaviour.label.tenth", num=place) for place in range(1, len(report.tenths) + 1))
    values = tuple(None if tenth.ahead.value is None else float(tenth.ahead.value) / 100 for tenth in report.tenths)
    title = say("behaviour.chart.tenths_plain", months=report.months)
    if report.currency:
        title = say("behaviour.chart.tenths", currency=report.currency, months=report.months)
    return Chart(form="bars", title=title, x=names, series=(Series(name=say("behaviour.label.ahead_each"), y=values),))


def _cohort_grid(report: ValueReport) -> Grid:
    columns = ("first_month", "customers", "so_far_each", "ahead_each", "again")
    rows = tuple((cohort.start, cohort.people, cohort.so_far, cohort.ahead, cohort.again) for cohort in report.cohorts)
    return Grid(title=say("behaviour.heading.value_cohorts"), columns=tuple(say(f"behaviour.label.{name}") for name in columns), rows=rows)


def _doubts(report: ValueReport) -> list[Block]:
    if not report.cautions:
        return []
    return [Heading(text=say("behaviour.heading.doubt")), *(Line(text=caution, tone="caution") for caution in report.cautions)]


def _details(report: ValueReport) -> list[Block]:
    top = Grid(
        columns=tuple(
            say(f"behaviour.label.{name}") for name in ("customer", "orders", "so_far_each", "ahead_each", "alive", "last_order")
        ),
        rows=tuple((one.id, one.orders, one.so_far, one.ahead, one.alive, one.last_order) for one in report.top),
    )
    shares = Grid(
        columns=tuple(say(f"behaviour.label.{name}") for name in ("part", "customers", "ahead_each", "share")),
        rows=tuple(
            (say("behaviour.label.tenth", num=place), tenth.people, tenth.ahead, tenth.share)
            for place, tenth in enumerate(report.tenths, 1)
        ),
    )
    found: list[Block] = [
        Fold(title=say("behaviour.fold.top_customers"), blocks=(Line(text=say("behaviour.value.top_rule")), top)),
        Fold(title=say("behaviour.fold.tenths"), blocks=(shares,)),
        Fold(title=say("behaviour.fold.value_models"), blocks=(Line(text=say("behaviour.value.method")), _model_grid(report))),
    ]
    if report.backtest is not None:
        found.insert(2, Fold(title=say("behaviour.fold.value_test"), blocks=(_test_grid(report.backtest),)))
    return found


def _model_grid(report: ValueReport) -> Grid:
    names = ("BG/NBD r", "BG/NBD alpha", "BG/NBD a", "BG/NBD b", "Gamma-Gamma p", "Gamma-Gamma q", "Gamma-Gamma gamma")
    figures = (*report.purchase_parameters, *report.spend_parameters)
    rows: list[tuple[str | Say, Figure | None]] = list(zip(names, figures, strict=True))
    rows.append((say("behaviour.label.spend_correlation"), report.spend_correlation))
    return Grid(columns=(say("behaviour.label.parameter"), say("behaviour.column.value")), rows=tuple(rows))


def _test_grid(test: Backtest) -> Grid:
    columns = tuple(say(f"behaviour.label.{name}") for name in ("measure", "predicted", "actual", "naive"))
    return Grid(
        columns=columns,
        rows=(
            (say("behaviour.label.orders"), test.predicted, test.actual, test.naive),
            (say("behaviour.label.money"), test.predicted_money, test.actual_money, None),
            (say("behaviour.label.error"), test.error, None, test.naive_error),
            (say("behaviour.label.gain"), test.gain, None, None),
        ),
    )
