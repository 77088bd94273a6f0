"""`experiment` from data to report: the sample ratio first, then every metric against the control, then whether that settles it.

While new people still come in and no length was fixed beforehand, only the always-valid interval decides: looking every day at the usual
p finds a "winner" in a third of experiments without any difference. Where the length was fixed, or nobody new comes in, the usual test does.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from productloop.apps.behaviour import _weeks as weeks_of
from productloop.apps.behaviour import experiment_wording as wording
from productloop.apps.behaviour._experiment_groups import Assigned, find_groups
from productloop.apps.behaviour._experiment_parts import PartNumbers, group_value, split_experiment
from productloop.apps.behaviour._experiment_plan import plan_experiment
from productloop.apps.behaviour._person_split import PersonValues, read_split, read_split_before
from productloop.apps.behaviour._person_values import Metric, Windows, as_numbers, column_values, parse_metric, person_columns, values_of
from productloop.apps.behaviour._reading import FAR_US, Reading, reading
from productloop.apps.behaviour.experiment_types import ExperimentReport, ExperimentRequest, Group, MetricResult, Result
from productloop.foundation.errors import UsageError
from productloop.foundation.figures import Figure
from productloop.foundation.wording import Say, say
from productloop.learning import experiments
from productloop.learning.comparisons import holm
from productloop.learning.experiments import Comparison
from productloop.learning.intervals import Interval
from productloop.learning.sequential import always_valid_half
from productloop.loop.action import Run, is_simulated

DAY_US = 86_400_000_000
FEW_PEOPLE = 30
QUIET_DAYS = 3
"""Nobody new for so long at the end of the data: the experiment is over."""
LONGEST_DAYS = 365
BEFORE_DAYS = 28
MAX_GUESSED = 5

Floats = NDArray[np.float64]
Role = Literal["first", "other", "guard"]
State = Literal["plan", "nothing", "few", "mismatch", "open", "decided", "unclear", "hopeless"]


@dataclass(frozen=True, slots=True)
class _Counted:
    """The people whose window is over, by variant, and their numbers."""

    groups: Assigned
    settled: Assigned
    windows: Windows
    sequential: bool
    until: int | None
    """Instant at which the length fixed beforehand is over, with the window; None without one."""
    end_us: int


@dataclass(frozen=True, slots=True)
class _Measured:
    metric: Metric
    role: Role
    share: bool
    values: Floats
    compared: Floats
    """`values`, less what the time before explains."""
    known: NDArray[np.bool_]
    variant: NDArray[np.int64]
    reduction: float | None
    comparisons: tuple[Comparison, ...]


def answer_experiment(run: Run, request: ExperimentRequest) -> ExperimentReport:
    """The report. Raises UsageError for names that are not there."""
    with reading(run) as source:
        run.progress("read", 0, 2)
        groups = find_groups(run, source, request)
        if groups is None:
            return ExperimentReport(**{**_frame(run, request, None), **plan_experiment(run, source, request)})
        counted = _count(run, source, request, groups)
        split = None if run.scope.by is None else _split_values(run, source, counted)
        mismatch = experiments.mismatch(np.bincount(groups.variant, minlength=len(groups.names)).tolist(), groups.weights)
        frame = {**_frame(run, request, counted), "mismatch_p": run.figure("mismatch_p", mismatch, "number", "behaviour.d.mismatch")}
        sizes = np.bincount(counted.settled.variant, minlength=len(groups.names))
        state: State | None = None
        if len(groups.names) < 2:
            state = "nothing"
        elif mismatch < experiments.MISMATCH_P:
            state = "mismatch"
        elif sizes.min() < FEW_PEOPLE:
            state = "few"
        if state is not None:
            return ExperimentReport(
                state=state,
                winner=None,
                winner_best=run.figure("winner_best", None, "share", "behaviour.d.best"),
                **_look(run, counted, None),
                **frame,
            )
        metrics, guessed = _metrics(run, source, request, groups)
        run.progress("compare", 1, 2)
        measured = [_measure(run, source, request, counted, metric, role) for metric, role in metrics]
    results = _results(run, counted, measured)
    if split is not None:
        first = measured[0]
        numbers = PartNumbers(
            first.compared, first.values, first.variant, first.share, bool(first.reduction), first.metric.higher_is_better
        )
        frame |= split_experiment(run, split.of(counted.settled.actor[first.known]), numbers, counted.groups, counted.sequential)
    return ExperimentReport(**_verdict(run, request, counted, measured, results), metrics=results, **{**frame, "guessed_metrics": guessed})


def _frame(run: Run, request: ExperimentRequest, counted: _Counted | None) -> dict[str, Any]:
    cautions: list[Say] = []
    frame: dict[str, Any] = {
        **run.frame("behaviour.experiment", ("events", "actors", "orders", "assignments")),
        "experiment": None,
        "guessed_variant": None,
        "guessed_metrics": False,
        "sequential": False,
        "window_days": None,
        "effect": request.effect,
        "by": run.scope.by,
    }
    if counted is None:
        for name, unit in (("mismatch_p", "number"), ("crossed", "people"), ("needed", "people")):
            frame[name] = run.figure(name, None, unit, "behaviour.d.experiment_none")
        frame["winner"] = None
        frame["winner_best"] = run.figure("winner_best", None, "share", "behaviour.d.experiment_none")
    else:
        groups = counted.groups
        crossed = run.figure("crossed", groups.num_crossed, "people", "behaviour.d.crossed")
        if groups.num_crossed:
            cautions.append(say("behaviour.caution.crossed", people=crossed))
        if counted.sequential:
            cautions.append(say("behaviour.caution.running"))
        dated = groups.start is not None
        frame |= {
            "experiment": groups.experiment,
            "guessed_variant": groups.guessed,
            "sequential": counted.sequential,
            "window_days": _window_days(run, request) if dated else None,
            "groups": _groups(run, counted),
            "crossed": crossed,
        }
    if is_simulated(run.store):
        cautions.append(say("behaviour.caution.simulated"))
    return {**frame, "cautions": tuple(cautions)}


def _window_days(run: Run, request: ExperimentRequest) -> float:
    return request.window_days or float(run.settings.number("behaviour.window_days"))


def _count(run: Run, source: Reading, request: ExperimentRequest, groups: Assigned) -> _Counted:
    end = source.data_end_us + 1
    if groups.start is None:
        size = len(groups.actor)
        windows = Windows(groups.actor, np.full(size, -FAR_US), np.full(size, FAR_US))
        return _Counted(groups, groups, windows, False, None, end)
    window_us = round(_window_days(run, request) * DAY_US)
    over = groups.start + window_us <= end
    settled = replace(groups, actor=groups.actor[over], variant=groups.variant[over], start=groups.start[over])
    assert settled.start is not None
    windows = Windows(settled.actor, settled.start, settled.start + window_us)
    until = None
    running = bool(len(groups.start)) and int(groups.start.max()) > end - QUIET_DAYS * DAY_US
    if request.days is not None and len(groups.start):
        until = int(groups.start.min()) + request.days * DAY_US + window_us
    return _Counted(groups, settled, windows, running and request.days is None, until, end)


def _groups(run: Run, counted: _Counted) -> tuple[Group, ...]:
    every, settled = (np.bincount(one.variant, minlength=len(counted.groups.names)) for one in (counted.groups, counted.settled))
    return tuple(
        Group(
            name=name,
            people=run.figure(f"people_{place}", int(settled[place]), "people", "behaviour.d.experiment_people"),
            in_progress=run.figure(f"open_{place}", int(every[place] - settled[place]), "people", "behaviour.d.experiment_open"),
            is_control=place == 0,
        )
        for place, name in enumerate(counted.groups.names)
    )


def _metrics(run: Run, source: Reading, request: ExperimentRequest, groups: Assigned) -> tuple[list[tuple[Metric, Role]], bool]:
    """The metrics with their roles, and whether they were guessed."""
    asked = list(request.metrics)
    if not asked and groups.start is None:
        skip = {"plan", "platform", "country", request.variant or groups.guessed, request.before}
        columns = [column for column in person_columns(run) if column not in skip]
        numbers = {column: as_numbers(column_values(run, column)[1]) for column in columns}
        usable = {column: values[np.isfinite(values)] for column, values in numbers.items() if values is not None}
        shares = [column for column, values in usable.items() if len(np.unique(values)) == 2 and experiments.is_share(values)]
        others = [column for column, values in usable.items() if column not in shares and len(np.unique(values)) > 2]
        asked = [*reversed(shares), *others][:MAX_GUESSED]
    elif not asked:
        star = run.settings.text("metrics.north_star")
        asked = [f"people({star})"] if star else (["revenue"] if run.store.exists("orders") else [])
        asked = asked or [f"people({name})" for name in source.names if name != request.exposure][:1]
    if not asked:
        raise UsageError(wording.NO_METRIC)
    parsed = [parse_metric(run, source, metric) for metric in asked]
    roles: list[tuple[Metric, Role]] = [(metric, "other" if place else "first") for place, metric in enumerate(parsed)]
    roles += [(parse_metric(run, source, metric), "guard") for metric in request.guards]
    return roles, not request.metrics


def _measure(run: Run, source: Reading, request: ExperimentRequest, counted: _Counted, metric: Metric, role: Role) -> _Measured:
    values = values_of(run, source, metric, counted.windows)
    before = _before(run, source, request, counted, metric, role)
    known = np.isfinite(values) if before is None else np.isfinite(values) & np.isfinite(before)
    values, variant = values[known], counted.settled.variant[known]
    share = experiments.is_share(values)
    reduction = None
    compared = values
    if before is not None:
        adjusted = experiments.cuped(values, before[known], variant)
        compared, reduction = adjusted.values, adjusted.reduction
    control = compared[variant == 0]
    comparisons = tuple(
        experiments.compare(compared[variant == place], control, run.seed, adjusted=bool(reduction))
        for place in range(1, len(counted.groups.names))
    )
    return _Measured(metric, role, share, values, compared, known, variant, reduction, comparisons)


def _before(run: Run, source: Reading, request: ExperimentRequest, counted: _Counted, metric: Metric, role: str) -> Floats | None:
    """The same number of the same people before the start; None where there is none."""
    if request.before is not None and role == "first":
        return values_of(run, source, parse_metric(run, source, request.before), counted.windows)
    if not metric.dated or counted.groups.start is None:
        return None
    length = BEFORE_DAYS * DAY_US
    earlier = Windows(counted.windows.actor, counted.windows.start - length, counted.windows.start)
    before = values_of(run, source, metric, earlier)
    return before if len(np.unique(before)) > 1 else None


def _results(run: Run, counted: _Counted, measured: list[_Measured]) -> tuple[MetricResult, ...]:
    adjusted = iter(holm([comparison.p for one in measured for comparison in one.comparisons]))
    num = sum(len(one.comparisons) for one in measured)
    found = []
    for number, one in enumerate(measured):
        groups = [one.values[one.variant == place] for place in range(len(counted.groups.names))]
        best, loss = experiments.best_of(groups, run.seed, one.metric.higher_is_better)
        name = f"metric{number}"
        results = tuple(
            _result(run, counted, one, (f"{name}_{place}", place, next(adjusted), num), (float(best[place]), float(loss[place])))
            for place in range(1, len(groups))
        )
        found.append(
            MetricResult(
                metric=one.metric.asked,
                label=one.metric.label,
                role=one.role,
                share=one.share,
                higher_is_better=one.metric.higher_is_better,
                control=group_value(run, f"{name}_control", groups[0], one.share),
                results=results,
                reduction=run.figure(f"{name}_reduction", one.reduction, "share", "behaviour.d.cuped"),
            )
        )
    return tuple(found)


def _result(run: Run, counted: _Counted, one: _Measured, place: tuple[str, int, float, int], bayes: tuple[float, float]) -> Result:
    name, variant, p, num = place
    comparison = one.comparisons[variant - 1]
    scale, unit = (100.0, "points") if one.share else (1.0, "number")
    gap = comparison.difference
    people = len(one.values)
    half, strict = (
        float(always_valid_half(comparison.standard_error, people, level)) for level in (0.90, 1 - experiments.SIGNIFICANCE / num)
    )
    sure = abs(gap.value) > strict if counted.sequential else p < experiments.SIGNIFICANCE
    rises = (gap.value > 0) == one.metric.higher_is_better
    ratio = comparison.ratio
    return Result(
        variant=counted.groups.names[variant],
        value=group_value(run, f"{name}_value", one.values[one.variant == variant], one.share),
        difference=_gap(run, f"{name}_difference", gap, scale, unit, "behaviour.d.experiment_difference"),
        ratio=run.figure(f"{name}_ratio", ratio.value, "ratio", "behaviour.d.experiment_ratio", interval=(ratio.low, ratio.high)),
        p=run.figure(f"{name}_p", p, "number", "behaviour.d.experiment_p"),
        always_valid=_gap(
            run, f"{name}_always", Interval(gap.value, gap.value - half, gap.value + half), scale, unit, "behaviour.d.always_valid"
        ),
        best=run.figure(f"{name}_best", bayes[0], "share", "behaviour.d.best"),
        loss=run.figure(f"{name}_loss", bayes[1] * scale, unit, "behaviour.d.loss"),
        clear="same" if not sure else "better" if rises else "worse",
        method=comparison.method,
    )


def _gap(run: Run, name: str, gap: Interval, scale: float, unit: str, definition: str) -> Figure:
    return run.figure(name, gap.value * scale, unit, definition, interval=(gap.low * scale, gap.high * scale))


def _split_values(run: Run, source: Reading, counted: _Counted) -> PersonValues:
    """What the breakdown says of people, as it was when they entered; of a table without dates, what it says of them."""
    column, settled = run.scope.by or "", counted.settled
    if settled.start is None:
        return read_split(run, source, column)
    return read_split_before(run, source, column, settled.actor, settled.start)


def _verdict(
    run: Run, request: ExperimentRequest, counted: _Counted, measured: list[_Measured], results: tuple[MetricResult, ...]
) -> dict[str, Any]:
    first, values = results[0], measured[0]
    better = [result for result in first.results if result.clear == "better"]
    winner = max(better, key=lambda result: result.best.value or 0).variant if better else None
    if winner is None and all(result.clear == "worse" for result in first.results):
        winner = counted.groups.names[0]
    control = values.values[values.variant == 0]
    effect = abs(float(control.mean())) * request.effect / 100
    spread = float(control.var(ddof=1)) * (1 - (values.reduction or 0.0))
    needed = experiments.people_needed(effect, spread, len(counted.groups.names)) if spread > 0 else float("inf")
    look = _look(run, counted, needed)
    waiting = counted.until is not None and counted.until > counted.end_us
    state: State
    if waiting:
        state, winner = "open", None
        look["look_again"] = weeks_of.local_day(counted.until or 0, run.time_zone).isoformat()
    elif winner is not None:
        state = "decided"
    elif counted.sequential and len(values.values) < needed:
        state = "open" if look["look_again"] is not None else "hopeless"
    else:
        state = "unclear"
    chance = None
    if winner is not None:
        best = {result.variant: float(result.best.value or 0.0) for result in first.results}
        chance = best.get(winner, 1.0 - sum(best.values()))
    return {**look, "state": state, "winner": winner, "winner_best": run.figure("winner_best", chance, "share", "behaviour.d.best")}


def _look(run: Run, counted: _Counted, needed: float | None) -> dict[str, Any]:
    """People needed, and the day on which so many have had their window at the present pace; None beyond a year, or without dates."""
    wanted = FEW_PEOPLE * len(counted.groups.names) if needed is None else needed
    figure = run.figure("needed", round(wanted) if wanted < 1e9 else None, "people", "behaviour.d.needed")
    start = counted.groups.start
    day = None
    if start is not None and len(start) > 1 and counted.end_us > int(start.min()):
        a_day = len(start) / max((min(int(start.max()), counted.end_us) - int(start.min())) / DAY_US, 1.0)
        missing = max(0.0, wanted - len(counted.settled.actor))
        days = missing / a_day if missing else 7.0
        if days <= LONGEST_DAYS:
            day = weeks_of.local_day(counted.end_us + round(max(days, 1.0) * DAY_US), run.time_zone).isoformat()
    return {"needed": figure, "look_again": day}
