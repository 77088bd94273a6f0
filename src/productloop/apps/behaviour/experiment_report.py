"""The report of `experiment` as a page: the verdict in a sentence, what it rests on, the other metrics; the statistics folded."""

from __future__ import annotations

from productloop.apps.behaviour._page_parts import doubts, number
from productloop.apps.behaviour.experiment_types import ExperimentReport, MetricResult, Result
from productloop.foundation.figures import Figure
from productloop.foundation.page import Block, Cell, Chart, Fold, Grid, Line, Page, Series
from productloop.foundation.wording import Say, say

DIFFERS = 0.05
JUDGED = ("better", "worse", "same")


def experiment_page(report: ExperimentReport) -> Page:
    """The page of a report."""
    if report.state == "plan":
        return _plan_page(report)
    title = say("behaviour.experiment.title")
    if report.experiment is not None:
        title = say("behaviour.experiment.title_named", name=report.experiment)
    if report.state == "nothing":
        text = say("behaviour.experiment.one_variant" if report.groups else "behaviour.experiment.nothing")
        return Page(title=title, blocks=(Line(text=text, tone="caution"), *_no_parts(report), *doubts(report.cautions)))
    if report.state in ("mismatch", "few"):
        return Page(
            title=title,
            blocks=(*_refusal(report), *_no_parts(report), _groups_grid(report), *doubts(_cautions(report))),
            details=(_mismatch(report),),
        )
    first = report.metrics[0]
    blocks: list[Block] = [_verdict(report), *(Line(text=_sentence(report, first, result)) for result in first.results)]
    blocks += [
        *_guards(report),
        _rule(report),
        _chart(report, first),
        _groups_grid(report),
        *_parts(report),
        *_others(report),
        *doubts(_cautions(report)),
    ]
    return Page(title=title, blocks=tuple(blocks), details=(_statistics(report),))


def _refusal(report: ExperimentReport) -> list[Block]:
    if report.state == "mismatch":
        return [
            Line(text=say("behaviour.experiment.mismatch"), tone="bad"),
            Line(text=say("behaviour.experiment.look_for"), tone="caution"),
        ]
    lines: list[Block] = [Line(text=say("behaviour.experiment.few"), tone="caution")]
    if report.look_again is not None:
        lines.append(Line(text=say("behaviour.experiment.few_until", day=report.look_again)))
    return lines


def _no_parts(report: ExperimentReport) -> list[Block]:
    """Where there is no verdict there are no parts either."""
    return [] if report.by is None else [Line(text=say("behaviour.experiment.parts_none", column=report.by), tone="caution")]


def _verdict(report: ExperimentReport) -> Line:
    slots: dict[str, Figure | float] = {"effect": report.effect, "needed": report.needed}
    if report.state == "decided":
        return Line(text=say("behaviour.experiment.won", winner=report.winner or "", best=report.winner_best), tone="good")
    if report.state == "open":
        return Line(text=say("behaviour.experiment.open", day=report.look_again or ""), tone="caution")
    if report.state == "hopeless":
        return Line(text=Say(key="behaviour.experiment.hopeless", slots={**slots}), tone="caution")
    people = sum(float(group.people.value or 0) for group in report.groups)
    if report.needed.value is not None and people >= float(report.needed.value):
        return Line(text=say("behaviour.experiment.unclear_enough", effect=report.effect), tone="caution")
    return Line(text=Say(key="behaviour.experiment.unclear", slots={**slots}), tone="caution")


def _sentence(report: ExperimentReport, metric: MetricResult, result: Result) -> Say:
    """What the variant did to the metric. While only the always-valid interval counts, it is the one that is shown."""
    gap = result.always_valid if report.sequential else result.difference
    value, low, high = (float(end or 0.0) for end in (gap.value, gap.low, gap.high))
    slots: dict[str, Figure | Say | list[Say] | int | float | str] = {
        "metric": metric.label,
        "variant": result.variant,
        "control": report.groups[0].name,
        "value": result.value,
        "base": metric.control,
        "unit": say("behaviour.experiment.points" if metric.share else "behaviour.experiment.each"),
    }
    if result.clear == "same" or low <= 0 <= high:
        ends = {"down": max(0.0, -low), "up": max(0.0, high)}
        parts = {name: gap.model_copy(update={"value": _rounded(end), "low": None, "high": None}) for name, end in ends.items()}
        return Say(key="behaviour.experiment.no_difference", slots={**slots, **parts})
    size = gap.model_copy(update={"value": _rounded(abs(value)), "low": min(abs(low), abs(high)), "high": max(abs(low), abs(high))})
    return Say(key="behaviour.experiment.more" if value > 0 else "behaviour.experiment.less", slots={**slots, "gap": size})


def _gap(figure: Figure) -> Cell:
    """A difference with both ends, in words: its sign matters."""
    if figure.value is None or figure.low is None or figure.high is None:
        return None
    ends = {"low": figure.low, "high": figure.high, "value": figure.value}
    parts = {name: figure.model_copy(update={"value": _rounded(float(end)), "low": None, "high": None}) for name, end in ends.items()}
    return Say(key="behaviour.experiment.gap_points" if figure.unit == "points" else "behaviour.experiment.gap_number", slots={**parts})


def _rounded(value: float) -> float:
    return float(f"{value:.2g}")


def _guards(report: ExperimentReport) -> list[Block]:
    guards = [metric for metric in report.metrics if metric.role == "guard"]
    worse = [(metric, result) for metric in guards for result in metric.results if result.clear == "worse"]
    if worse:
        return [
            Line(text=say("behaviour.experiment.guard_worse", metric=metric.label, variant=result.variant), tone="bad")
            for metric, result in worse
        ]
    return [Line(text=say("behaviour.experiment.guard_fine"))] if guards else []


def _rule(report: ExperimentReport) -> Line:
    if report.window_days is None:
        return Line(text=say("behaviour.experiment.rule_table"))
    return Line(text=say("behaviour.experiment.rule_window", days=report.window_days))


def _chart(report: ExperimentReport, metric: MetricResult) -> Chart:
    figures = [metric.control, *(result.value for result in metric.results)]
    series = Series(
        name=metric.label,
        y=tuple(number(figure) for figure in figures),
        low=tuple(f.low for f in figures),
        high=tuple(f.high for f in figures),
    )
    names = tuple(group.name for group in report.groups)
    return Chart(form="ranges", title=say("behaviour.experiment.chart", metric=metric.label), x=names, series=(series,), share=metric.share)


def _groups_grid(report: ExperimentReport) -> Grid:
    columns = ("variant", "people", *(("waiting",) if report.window_days is not None else ()))
    rows: list[tuple[Cell, ...]] = []
    for group in report.groups:
        name = say("behaviour.experiment.control_name", name=group.name) if group.is_control else group.name
        rows.append((name, group.people, *((group.in_progress,) if report.window_days is not None else ())))
    return Grid(columns=tuple(say(f"behaviour.experiment.{name}") for name in columns), rows=tuple(rows))


def _others(report: ExperimentReport) -> list[Block]:
    rows: list[tuple[Cell, ...]] = [
        (metric.label, result.variant, metric.control, result.value, _gap(result.difference), say(f"behaviour.experiment.{result.clear}"))
        for metric in report.metrics[1:]
        for result in metric.results
    ]
    if not rows:
        return []
    columns = (
        say("behaviour.experiment.metric"),
        say("behaviour.experiment.variant"),
        say("behaviour.experiment.control_name", name=report.groups[0].name),
        say("behaviour.experiment.value"),
        say("behaviour.experiment.difference"),
        say("behaviour.experiment.judged"),
    )
    return [Grid(title=say("behaviour.experiment.others"), columns=columns, rows=tuple(rows))]


def _parts(report: ExperimentReport) -> list[Block]:
    """The deciding metric within each value of the breakdown: what it does not change about the verdict first."""
    if report.by is None:
        return []
    if not report.num_values:
        return [Line(text=say("behaviour.split.nothing", column=report.by), tone="caution")]
    differs = report.differs is not None and report.differs.value is not None and float(report.differs.value) < DIFFERS
    key = "parts_alone" if report.num_compared < 2 else "parts_differ" if differs else "parts_alike"
    rows: list[tuple[Cell, ...]] = [
        (
            one.value,
            one.variant,
            one.people,
            one.control if one.control.value is not None else None,
            one.treated if one.treated.value is not None else None,
            _gap(one.difference),
            say(f"behaviour.experiment.{one.clear}" if one.clear in JUDGED else f"behaviour.experiment.part_{one.clear}"),
        )
        for one in report.parts
    ]
    columns = (
        say("behaviour.column.value"),
        say("behaviour.experiment.variant"),
        say("behaviour.experiment.people"),
        say("behaviour.experiment.control_name", name=report.groups[0].name),
        say("behaviour.experiment.value"),
        say("behaviour.experiment.difference"),
        say("behaviour.experiment.judged"),
    )
    title = say("behaviour.experiment.parts", column=report.by, metric=report.metrics[0].label)
    return [
        Grid(title=title, columns=columns, rows=tuple(rows)),
        Line(text=say(f"behaviour.experiment.{key}", column=report.by)),
        Line(text=say("behaviour.experiment.parts_warning", num=report.num_compared), tone="caution"),
        *([Line(text=report.split_rule)] if report.split_rule is not None else []),
    ]


def _cautions(report: ExperimentReport) -> tuple[Say, ...]:
    found: list[Say] = []
    if report.guessed_variant is not None:
        found.append(say("behaviour.caution.guessed_variant", column=report.guessed_variant))
    if report.guessed_metrics and report.metrics:
        found.append(say("behaviour.caution.guessed_metric", metric=report.metrics[0].label))
    refused = report.state in ("mismatch", "few")
    return (*found, *(caution for caution in report.cautions if not (refused and caution.key == "behaviour.caution.running")))


def _statistics(report: ExperimentReport) -> Fold:
    names = ("metric", "variant", "difference", "ratio", "p", "always", "best", "loss", "method", "reduction")
    rows = tuple(
        (
            metric.label,
            result.variant,
            _gap(result.difference),
            _gap(result.ratio),
            result.p,
            _gap(result.always_valid),
            result.best,
            result.loss,
            say(f"behaviour.experiment.{result.method}"),
            metric.reduction,
        )
        for metric in report.metrics
        for result in metric.results
    )
    grid = Grid(columns=tuple(say(f"behaviour.experiment.{name}") for name in names), rows=rows)
    return Fold(
        title=say("behaviour.experiment.fold"), blocks=(Line(text=say("behaviour.experiment.fold_text")), grid, *_mismatch(report).blocks)
    )


def _mismatch(report: ExperimentReport) -> Fold:
    grid = Grid(
        columns=(say("behaviour.experiment.metric"), say("behaviour.experiment.value")),
        rows=((say("behaviour.experiment.mismatch_p"), report.mismatch_p),),
    )
    return Fold(title=say("behaviour.experiment.fold"), blocks=(grid,))


def _plan_page(report: ExperimentReport) -> Page:
    assert report.plan_metric is not None
    assert report.plan_value is not None
    assert report.plan_traffic is not None
    week = report.plan[min(1, len(report.plan) - 1)]
    points = week.smallest.unit == "points"
    unit = say("behaviour.experiment.points" if points else "behaviour.experiment.each")
    lead = say(
        "behaviour.experiment.plan_lead",
        people=report.plan_traffic,
        weeks=week.weeks,
        smallest=week.smallest.model_copy(update={"value": _rounded(float(week.smallest.value or 0))}),
        unit=unit,
        metric=report.plan_metric,
        value=report.plan_value,
    )
    columns = ("weeks", "each_group", "smallest_points" if points else "smallest_number", "relative")
    grid = Grid(
        columns=tuple(say(f"behaviour.experiment.{name}") for name in columns),
        rows=tuple((str(one.weeks), one.people, one.smallest, one.relative) for one in report.plan),
    )
    found: list[Say] = []
    if report.guessed_metrics:
        found.append(say("behaviour.caution.guessed_metric", metric=report.plan_metric))
    blocks: list[Block] = [
        Line(text=lead),
        Line(text=say("behaviour.experiment.plan_needed", effect=report.effect, needed=report.needed)),
        grid,
        Line(text=say("behaviour.experiment.plan_rule", days=report.window_days or 0)),
        Line(text=say("behaviour.experiment.plan_how")),
        *_no_parts(report),
        *doubts((*found, *report.cautions)),
    ]
    return Page(title=say("behaviour.experiment.title_plan"), blocks=tuple(blocks))
