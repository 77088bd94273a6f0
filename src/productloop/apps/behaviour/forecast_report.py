"""The report of `forecast` as a page: where the number is going, whether that was ever right, the picture, the numbers folded."""

from __future__ import annotations

from productloop.apps.behaviour.forecast_types import ForecastReport
from productloop.foundation.figures import Figure
from productloop.foundation.page import Block, Chart, Fold, Grid, Heading, Line, Page, Series
from productloop.foundation.wording import Say, say


def forecast_page(report: ForecastReport) -> Page:
    """The page of a report."""
    title = say("behaviour.forecast.title", metric=report.name)
    if report.state != "ok":
        text = say(f"behaviour.forecast.{report.state}", num=report.num_periods)
        return Page(title=title, blocks=(Line(text=text, tone="caution"), *_doubts(report)))
    ahead = {"ahead": report.ahead, "recent": report.recent}
    lead = say(f"behaviour.forecast.lead_{report.period}", metric=report.name, horizon=report.horizon, **ahead)
    blocks: list[Block] = [
        Line(text=lead),
        *_verdict(report),
        _chart(report),
        *_doubts(report),
    ]
    return Page(title=title, blocks=tuple(blocks), details=(_steps(report), _test(report)))


def _verdict(report: ForecastReport) -> list[Block]:
    season = say(f"behaviour.forecast.season_{report.period}_{report.season}")
    if report.verdict == "unknown":
        return [Line(text=say("behaviour.forecast.untested"), tone="caution")]
    lines: list[Block] = []
    if report.verdict == "better" and (report.mase.value or 0) < 1:
        saved = report.mase.model_copy(update={"value": 1 - float(report.mase.value or 0), "unit": "share"})
        lines.append(Line(text=say("behaviour.forecast.better", season=season, saved=saved), tone="good"))
    elif report.verdict == "worse":
        lines.append(Line(text=say("behaviour.forecast.worse", season=season), tone="bad"))
    else:
        lines.append(Line(text=say("behaviour.forecast.same", season=season), tone="caution"))
    if report.coverage.value is not None:
        lines.append(Line(text=say("behaviour.forecast.covered", percent=round(100 * float(report.coverage.value)))))
    return lines


def _scale(report: ForecastReport) -> float:
    return 100.0 if report.unit.startswith("money:") else 1.0


def _chart(report: ForecastReport) -> Chart:
    by = _scale(report)
    past, steps = len(report.history), report.steps
    known = tuple(None if value is None else value / by for _, value in report.history)
    values = tuple(float(step.value.value or 0) / by for step in steps)
    low, high = (tuple(float(getattr(step.value, end) or 0) / by for step in steps) for end in ("low", "high"))
    none: tuple[float | None, ...] = (None,) * past
    return Chart(
        form="lines",
        title=say("behaviour.chart.forecast", metric=report.name),
        x=(*(start for start, _ in report.history), *(step.start for step in steps)),
        series=(
            Series(name=say("behaviour.chart.so_far"), y=(*known, *((None,) * len(steps)))),
            Series(name=say("behaviour.chart.ahead"), y=(*none, *values), low=(*none, *low), high=(*none, *high)),
        ),
    )


def _steps(report: ForecastReport) -> Fold:
    ends = [
        (step.value.model_copy(update={"value": step.value.low, "low": None, "high": None}),
         step.value.model_copy(update={"value": step.value.high, "low": None, "high": None}))
        for step in report.steps
    ]  # fmt: skip
    plain = [step.value.model_copy(update={"low": None, "high": None}) for step in report.steps]
    rows = tuple((step.start, value, low, high) for step, value, (low, high) in zip(report.steps, plain, ends, strict=True))
    columns = tuple(say(f"behaviour.label.{name}") for name in (f"from_{report.period}", "predicted", "at_least", "at_most"))
    return Fold(title=say("behaviour.fold.forecast_steps"), blocks=(Grid(columns=columns, rows=rows),))


def _test(report: ForecastReport) -> Fold:
    rows: list[tuple[str | Say, Figure | None]] = [
        (say("behaviour.label.forecast_error"), report.error),
        (say("behaviour.label.forecast_naive"), report.naive_error),
        (say("behaviour.label.forecast_gain"), report.gain),
        ("MASE", report.mase),
        (say("behaviour.label.coverage"), report.coverage),
    ]
    grid = Grid(columns=(say("behaviour.label.measure"), say("behaviour.column.value")), rows=tuple(rows))
    mix = Grid(
        title=say("behaviour.heading.mix"),
        columns=(say("behaviour.label.method"), say("behaviour.label.share")),
        rows=tuple((say(f"behaviour.method.{name.replace(' ', '_')}"), share) for name, share in report.weights),
    )
    return Fold(
        title=say("behaviour.fold.forecast_test"),
        blocks=(
            Line(text=say("behaviour.forecast.method", num=report.error.n or 0)),
            Line(text=say(f"behaviour.forecast.combined_{report.combined}")),
            grid,
            mix,
        ),
    )


def _doubts(report: ForecastReport) -> list[Block]:
    if not report.cautions:
        return []
    return [Heading(text=say("behaviour.heading.doubt")), *(Line(text=caution, tone="caution") for caution in report.cautions)]
