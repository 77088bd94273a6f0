"""The report of `retention` as a page: how many come back, how that is counted, and the table of all groups."""

from __future__ import annotations

from productloop.apps.behaviour._labels import known_names
from productloop.apps.behaviour._page_parts import doubts, number, of_hundred
from productloop.apps.behaviour.retention_types import RetentionReport
from productloop.foundation.figures import Figure
from productloop.foundation.page import Block, Chart, Fold, Grid, Line, Page, Series
from productloop.foundation.wording import Say, say


def retention_page(report: RetentionReport) -> Page:
    """How many come back, how that is counted, and the table of all groups."""
    title = say("behaviour.retention.title")
    if not report.cohorts:
        return Page(title=title, blocks=(Line(text=say("behaviour.retention.nobody")), *doubts(report.cautions)))
    blocks: list[Block] = [Line(text=sentence) for sentence in _retention_sentences(report)]
    blocks.append(Line(text=_retention_rule(report)))
    if report.left_out.value:
        blocks.append(Line(text=say("behaviour.retention.left_out", people=report.left_out)))
    blocks += [_heat(report), _mean_grid(report), *doubts(report.cautions)]
    named = [(name, label) for name, label in ((report.start, report.start_label), (report.back, report.back_label)) if name and label]
    return Page(title=title, blocks=tuple(blocks), details=(_cohorts_fold(report), *known_names(named)))


def _retention_sentences(report: RetentionReport) -> list[Say]:
    known = [place for place, figure in enumerate(report.mean) if place > 0 and figure.value is not None]
    if 1 not in known:
        return [say("behaviour.retention.too_early")]
    percent = of_hundred(report.mean[1])
    first = {
        ("day", True): say("behaviour.retention.first_day", percent=percent),
        ("week", True): say("behaviour.retention.first_week", percent=percent),
        ("month", True): say("behaviour.retention.first_month", percent=percent),
        ("day", False): say("behaviour.retention.recurring_day", percent=percent),
        ("week", False): say("behaviour.retention.recurring_week", percent=percent),
        ("month", False): say("behaviour.retention.recurring_month", percent=percent),
    }[report.period, report.first_time]
    later = known[-1]
    if later < 3:
        return [first]
    return [first, say("behaviour.retention.later", period=_period_label(report, later), percent=of_hundred(report.mean[later]))]


def _retention_rule(report: RetentionReport) -> Say:
    start, back = (
        say("behaviour.retention.any") if label is None else say("behaviour.retention.event", name=label)
        for label in (report.start_label, report.back_label)
    )
    if report.rule == "on":
        return say("behaviour.retention.rule_on", start=start, back=back)
    return say("behaviour.retention.rule_on_or_after", start=start, back=back)


def _period_label(report: RetentionReport, num: int) -> Say:
    return {
        "day": say("behaviour.column.period_day", num=num),
        "week": say("behaviour.column.period_week", num=num),
        "month": say("behaviour.column.period_month", num=num),
    }[report.period]


def _cohort_title(report: RetentionReport) -> Say:
    return {
        "day": say("behaviour.column.cohort_day"),
        "week": say("behaviour.column.cohort_week"),
        "month": say("behaviour.column.cohort_month"),
    }[report.period]


def _heat(report: RetentionReport) -> Chart:
    later = range(1, len(report.mean))
    return Chart(
        form="heat",
        title=say("behaviour.chart.retention"),
        x=tuple(_period_label(report, num) for num in later),
        series=tuple(Series(name=cohort.start, y=tuple(number(cohort.shares[num]) for num in later)) for cohort in report.cohorts),
        share=True,
    )


def _mean_grid(report: RetentionReport) -> Grid:
    later = range(1, len(report.mean))
    return Grid(
        columns=(_cohort_title(report), say("behaviour.label.people"), *(_period_label(report, num) for num in later)),
        rows=((say("behaviour.label.mean"), report.people, *(_known(report.mean[num]) for num in later)),),
    )


def _cohorts_fold(report: RetentionReport) -> Fold:
    later = range(1, len(report.mean))
    grid = Grid(
        columns=(_cohort_title(report), say("behaviour.label.people"), *(_period_label(report, num) for num in later)),
        rows=tuple((cohort.start, cohort.people, *(_known(cohort.shares[num]) for num in later)) for cohort in report.cohorts),
    )
    return Fold(title=say("behaviour.heading.cohorts"), blocks=(grid,))


def _known(figure: Figure) -> Figure | None:
    return figure if figure.value is not None else None
