"""The report of `retention` as a page: how many come back, how that is counted, and the table of all groups."""

from __future__ import annotations

from productloop.apps.behaviour._labels import known_names
from productloop.apps.behaviour._page_parts import doubts, number, of_hundred
from productloop.apps.behaviour.retention_types import RetentionReport
from productloop.foundation.figures import Figure
from productloop.foundation.page import Block, Chart, Fold, Grid, Line, Page, Series
from productloop.foundation.wording import Say, say

ENOUGH = 30
"""People behind the later share that the first lines name: fewer say little, and the oldest groups are few."""

MIN_COHORTS, MIN_TYPICAL = 4, 10
"""Groups, and people in the middle one, from which their shares are drawn as lines over time."""
LATER = (1, 4)
"""Periods after the start whose shares are drawn over time."""


def retention_page(report: RetentionReport) -> Page:
    """How many come back, how that is counted, the kinds of people, and the table of all groups."""
    title = say("behaviour.retention.title")
    if not report.cohorts:
        return Page(title=title, blocks=(Line(text=say("behaviour.retention.nobody")), *doubts(report.cautions)))
    if report.measure != "people" and not any(figure.n for cohort in report.cohorts for figure in cohort.shares):
        return Page(title=title, blocks=(*(Line(text=rule) for rule in _rules(report)), *doubts(report.cautions)))
    blocks: list[Block] = [Line(text=sentence) for sentence in (*_first_sentences(report), *_part_sentence(report))]
    blocks += [Line(text=rule) for rule in _rules(report)]
    if report.left_out.value:
        blocks.append(Line(text=say("behaviour.retention.left_out", people=report.left_out)))
    blocks += [_heat(report), *_over_time(report), _mean_grid(report), *_split(report), *doubts(report.cautions)]
    named = [(name, label) for name, label in ((report.start, report.start_label), (report.back, report.back_label)) if name and label]
    return Page(title=title, blocks=tuple(blocks), details=(_cohorts_fold(report), *known_names(named)))


def _first_sentences(report: RetentionReport) -> list[Say]:
    known = [place for place, figure in enumerate(report.mean) if place > 0 and figure.value is not None]
    if 1 not in known:
        return [say("behaviour.retention.too_early")]
    period = _column_label(report, 1)
    if report.measure == "sum":
        total = sum(float(figure.value or 0) for figure in report.mean[: known[-1] + 1])
        last = _column_label(report, known[-1])
        if report.rule == "on_or_after":
            return []
        column = report.column or ""
        return [say("behaviour.retention.sum", period=period, mean=report.mean[1], column=column, last=last, total=total)]
    if report.measure == "average":
        return [say("behaviour.retention.average", period=period, mean=report.mean[1], column=report.column or "")]
    percent = of_hundred(report.mean[1])
    kind = "recurring" if report.cohorts_are == "recurring" else "first"
    if report.clock == "calendar" and report.columns[0] == (1, 1) and report.min_occurrences == 1:
        first = say(f"behaviour.retention.{kind}_{report.period}", percent=percent)
    else:
        first = say(f"behaviour.retention.{kind}_column", percent=percent, period=period)
    later = max((place for place in known if (report.mean[place].n or 0) >= ENOUGH), default=1)
    if later < 3:
        return [first]
    return [first, say("behaviour.retention.later", period=_column_label(report, later), percent=of_hundred(report.mean[later]))]


def _part_sentence(report: RetentionReport) -> list[Say]:
    """Which kind of people stays: said where the intervals of the two ends do not meet."""
    named = [part for part in report.parts if isinstance(part.value, str) and len(part.mean) > 1 and part.mean[1].value is not None]
    if report.by is None or report.measure != "people" or len(named) < 2:
        return []
    best, worst = (pick(named, key=lambda part: float(part.mean[1].value or 0)) for pick in (max, min))
    if (best.mean[1].low or 0) <= (worst.mean[1].high or 1):
        return [say("behaviour.retention.alike", column=report.by)]
    ends = {"best": best.value, "high": best.mean[1], "worst": worst.value, "low": worst.mean[1]}
    return [say("behaviour.retention.best", column=report.by, **ends)]


def _rules(report: RetentionReport) -> list[Say]:
    start, back = (
        say("behaviour.retention.any") if label is None else say("behaviour.retention.event", name=label)
        for label in (report.start_label, report.back_label)
    )
    if report.clock == "rolling":
        length = say(f"behaviour.retention.length_{report.period}")
        rules = [say(f"behaviour.retention.rolling_{report.rule}", start=start, back=back, length=length)]
    else:
        rules = [say(f"behaviour.retention.rule_{report.rule}", start=start, back=back)]
    if report.min_occurrences > 1:
        rules.append(say("behaviour.retention.times", num=report.min_occurrences))
    if report.cohorts_are == "first_ever":
        rules.append(say("behaviour.retention.ever"))
    return rules


def _column_label(report: RetentionReport, place: int) -> Say:
    first, last = report.columns[place - 1]
    if first == last:
        return say(f"behaviour.column.period_{report.period}", num=first)
    return say(f"behaviour.column.period_{report.period}s", first=first, last=last)


def _shown(report: RetentionReport) -> range:
    """The columns of the tables: of sums and averages also what people did in the period in which they started."""
    return range(0 if report.measure != "people" else 1, len(report.mean))


def _titles(report: RetentionReport) -> tuple[Say, ...]:
    return tuple(_column_label(report, place) if place else say("behaviour.column.period_own") for place in _shown(report))


def _heat(report: RetentionReport) -> Chart:
    title = "behaviour.chart.retention" if report.measure == "people" else f"behaviour.chart.retention_{report.measure}"
    return Chart(
        form="heat",
        title=say(title) if report.column is None else say(title, column=report.column),
        x=_titles(report),
        series=tuple(
            Series(name=cohort.start, y=tuple(number(cohort.shares[place]) for place in _shown(report))) for cohort in report.cohorts
        ),
        share=report.measure == "people",
    )


def _over_time(report: RetentionReport) -> list[Block]:
    """The share of each group that came back in the next period, and in the fourth, by when people started: what happened to the product
    stands on it. Not for groups so small that the line would be noise.
    """
    typical = sorted(cohort.people.value or 0 for cohort in report.cohorts)[len(report.cohorts) // 2]
    if report.measure != "people" or len(report.cohorts) < MIN_COHORTS or typical < MIN_TYPICAL:
        return []
    places = [place for place in LATER if place < len(report.mean) and report.mean[place].value is not None]
    known = [cohort for cohort in report.cohorts if any(cohort.shares[place].value is not None for place in places)]
    series = tuple(Series(name=_column_label(report, place), y=tuple(number(cohort.shares[place]) for cohort in known)) for place in places)
    x = tuple(cohort.start for cohort in known)
    return [Chart(form="lines", title=say("behaviour.chart.retention_over_time"), x=x, series=series, share=True)] if series else []


def _grid(report: RetentionReport, rows: list[tuple[str | Say, Figure, tuple[Figure, ...]]], first: Say, title: Say | None = None) -> Grid:
    return Grid(
        title=title,
        columns=(first, say("behaviour.label.people"), *_titles(report)),
        rows=tuple((name, people, *(_known(figures[place]) for place in _shown(report))) for name, people, figures in rows),
    )


def _mean_grid(report: RetentionReport) -> Grid:
    by_measure = {"sum": "mean_sum", "average": "mean_average"}
    name = by_measure.get(report.measure, "simple_mean" if report.mean_is == "simple" else "mean")
    return _grid(report, [(say(f"behaviour.label.{name}"), report.people, report.mean)], _cohort_title(report))


def _split(report: RetentionReport) -> list[Block]:
    if report.by is None or not report.parts:
        return []
    rows: list[tuple[str | Say, Figure, tuple[Figure, ...]]] = [(part.value, part.people, part.mean) for part in report.parts]
    title = say("behaviour.heading.retention_by", column=report.by)
    grid = _grid(report, rows, say("behaviour.column.value"), title)
    return [
        grid,
        Line(text=say("behaviour.by_person" if report.by_person else "behaviour.retention.by", column=report.by, num=report.num_values)),
    ]


def _cohorts_fold(report: RetentionReport) -> Fold:
    rows: list[tuple[str | Say, Figure, tuple[Figure, ...]]] = [(cohort.start, cohort.people, cohort.shares) for cohort in report.cohorts]
    return Fold(title=say("behaviour.heading.cohorts"), blocks=(_grid(report, rows, _cohort_title(report)),))


def _cohort_title(report: RetentionReport) -> Say:
    return say(f"behaviour.column.cohort_{report.period}")


def _known(figure: Figure) -> Figure | None:
    return figure if figure.value is not None else None
