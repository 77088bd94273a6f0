"""`retention` from events to report: who is new, in which period, and who came back or how much they brought.

"First" means first in all the data. People whose sign-up is older than the first event were there before the data begin: their first
event in it is not their first, so they are left out (where sign-ups are known; where not, a caution says so).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from productloop.apps.behaviour import _weeks as weeks_of
from productloop.apps.behaviour._periods import period_start
from productloop.apps.behaviour._reading import Reading, reading
from productloop.apps.behaviour._retention import RetentionDefinition, RetentionResult
from productloop.apps.behaviour._retention_data import (
    Days,
    Events,
    cells,
    definition_of,
    read,
    signed_up_before,
    started_otherwise,
    weekday_of,
)
from productloop.apps.behaviour.retention_types import Cohort, RetentionPart, RetentionReport, RetentionRequest
from productloop.foundation.figures import Figure
from productloop.foundation.wording import Say, say
from productloop.learning.intervals import share_interval
from productloop.learning.resampling import mean_interval
from productloop.loop import wording as loop_wording
from productloop.loop.action import Run, is_simulated, require

FEW_PEOPLE = 30
MAX_PARTS = 8


def answer_retention(run: Run, request: RetentionRequest) -> RetentionReport:
    """The report. Raises UsageError for an event, a column or a breakdown that does not exist, MissingData without events."""
    require(run.store.exists("events"), loop_wording.NOTHING_IMPORTED, tables="events")
    back_name = request.back or run.settings.text("metrics.active") or None
    with reading(run) as source:
        run.progress("read", 0, 2)
        source.checked([name for name in (request.start, back_name) if name is not None])
        split = source.split(run.scope.by, of_people=True) if run.scope.by is not None else None
        leave_out, knows_sign_ups = signed_up_before(run, request, source)
        definition = definition_of(run, request, source)
        result: RetentionResult | None = None
        parts: tuple[RetentionPart, ...] = ()
        num_values = 0
        if definition is not None:
            data = read(run, request, source, back_name, np.union1d(leave_out, started_otherwise(run, request, source)))
            run.progress("count", 1, 2)
            result = cells(run, request, source, data, definition).shown()
            if split is not None and len(result.cohort):
                actor, values = source.entry_values([request.start] if request.start else source.names, [split])
                parts, num_values = _parts(run, request, source, data, definition, (actor, values[split.name]))
        result = result if result is not None and len(result.cohort) else None
        labels = [None if name is None else source.label(name) for name in (request.start, back_name)]
        cautions = _cautions(run, request, source, result, knows_sign_ups)
    left_out = 0 if result is None else len(leave_out)
    return RetentionReport(
        **run.frame("behaviour.retention", ("events",)),
        cautions=cautions,
        period=request.period,
        cohorts_are=request.cohorts,
        clock=request.clock,
        min_occurrences=request.min_occurrences,
        measure=request.measure,
        column=None if request.measure == "people" else request.column,
        mean_is=request.mean,
        columns=() if definition is None else definition.spans,
        rule=request.rule,
        start=request.start,
        back=back_name,
        start_label=labels[0],
        back_label=labels[1],
        cohorts=_cohorts(run, request, result) if result is not None else (),
        mean=_mean(run, request, result, "mean") if result is not None else (),
        people=run.figure("people", 0 if result is None else int(result.size.sum()), "people", "behaviour.d.retention_people"),
        left_out=run.figure("left_out", left_out, "people", "behaviour.d.left_out"),
        by=None if split is None else split.name,
        by_person=split is not None and split.of_person,
        parts=parts,
        num_values=num_values,
    )


def _parts(
    run: Run,
    request: RetentionRequest,
    source: Reading,
    data: Days | Events,
    definition: RetentionDefinition,
    given: tuple[NDArray[np.int64], NDArray[Any]],
) -> tuple[tuple[RetentionPart, ...], int]:
    """Retention per value at the first start in the range: the largest values, all others together, and people without a value."""
    actor, value = given[0], np.array([None if entry is None else str(entry) for entry in given[1]], dtype=object)
    known = np.array([entry is not None for entry in value], dtype=np.bool_)
    names, sizes = np.unique(value[known].astype(str), return_counts=True)
    largest = [str(names[place]) for place in sorted(range(len(names)), key=lambda place: (-int(sizes[place]), str(names[place])))]
    groups: list[tuple[str | Say, NDArray[np.bool_]]] = [(name, value == name) for name in largest[:MAX_PARTS]]
    groups.append((say("behaviour.label.other"), known & ~np.isin(value.astype(str), largest[:MAX_PARTS])))
    groups.append((say("behaviour.label.unknown"), ~known))
    parts = []
    for place, (label, inside) in enumerate(groups):
        found = cells(run, request, source, data, definition, actor[inside]).shown() if inside.any() else None
        if found is not None and len(found.cohort):
            people = run.figure(f"part{place}", int(found.size.sum()), "people", "behaviour.d.retention_people")
            parts.append(RetentionPart(value=label, people=people, mean=_mean(run, request, found, f"part{place}_mean")))
    return tuple(parts), len(names)


def _cohorts(run: Run, request: RetentionRequest, result: RetentionResult) -> tuple[Cohort, ...]:
    days = period_start(result.cohort, request.period, weekday_of(run)).tolist()
    cohorts = []
    for row, day in enumerate(days):
        size = int(result.size[row])
        shares = []
        for since, (hits, finished) in enumerate(zip(result.num_retained[row].tolist(), result.finished[row].tolist(), strict=True)):
            name = f"cohort_{day}_{since}"
            if result.total is None or result.num_values is None:
                shares.append(_share(run, name, hits if finished else None, size, "behaviour.d.retained"))
            else:
                total, num = float(result.total[row, since]), float(result.num_values[row, since])
                worth = total if request.measure == "sum" else total / num if num else None
                shares.append(
                    run.figure(name, worth if finished else None, "number", f"behaviour.d.retained_{request.measure}", n=int(num))
                )
        people = run.figure(f"cohort_{day}", size, "people", "behaviour.d.cohort")
        cohorts.append(Cohort(start=day.isoformat(), people=people, shares=tuple(shares)))
    return tuple(cohorts)


def _mean(run: Run, request: RetentionRequest, result: RetentionResult, name: str) -> tuple[Figure, ...]:
    """The mean over cohorts of each column: shares, or totals per person who started, or averages per value."""
    if result.total is not None and result.num_values is not None:
        return _mean_of_values(run, request, result, name)
    if request.mean == "simple":
        share, found = result.share(), []
        for since, value in enumerate(result.simple_mean().tolist()):
            known = share[:, since][np.isfinite(share[:, since])]
            ends = mean_interval(known, subjects=np.arange(len(known)), seed=run.seed) if len(known) > 1 else None
            interval = None if ends is None else (ends.low, ends.high)
            found.append(run.figure(f"{name}_{since}", value, "share", "behaviour.d.retention_simple", n=len(known), interval=interval))
        return tuple(found)
    retained, size = result.pooled()
    return tuple(
        _share(run, f"{name}_{since}", hits if people else None, people, "behaviour.d.retention_mean")
        for since, (hits, people) in enumerate(zip(retained.tolist(), size.tolist(), strict=True))
    )


def _mean_of_values(run: Run, request: RetentionRequest, result: RetentionResult, name: str) -> tuple[Figure, ...]:
    assert result.total is not None
    assert result.num_values is not None
    bottom = np.broadcast_to(result.size[:, None], result.total.shape) if request.measure == "sum" else result.num_values
    found = []
    for since in range(result.total.shape[1]):
        over = result.finished[:, since] & (bottom[:, since] > 0)
        top, under = result.total[over, since], bottom[over, since].astype(np.float64)
        value = None if not over.any() else float(np.mean(top / under)) if request.mean == "simple" else float(top.sum() / under.sum())
        definition = f"behaviour.d.retention_{request.measure}_mean"
        found.append(run.figure(f"{name}_{since}", value, "number", definition, n=int(under.sum())))
    return tuple(found)


def _share(run: Run, name: str, hits: int | None, total: int, definition: str) -> Figure:
    if hits is None:
        return run.figure(name, None, "share", definition)
    interval = share_interval(hits, total)
    return run.figure(name, interval.value, "share", definition, n=total, interval=(interval.low, interval.high))


def _cautions(
    run: Run, request: RetentionRequest, source: Reading, result: RetentionResult | None, knows_sign_ups: bool
) -> tuple[Say, ...]:
    found: list[Say] = []
    if result is not None and not knows_sign_ups:
        found.append(say("behaviour.caution.old_people", since=weeks_of.local_day(source.data_begin_us, run.time_zone).isoformat()))
    if result is not None:
        people = int(result.pooled()[1][1])
        if 0 < people < FEW_PEOPLE:
            found.append(say("behaviour.caution.few_retention", people=people, needed=FEW_PEOPLE))
    if result is not None and result.num_values is not None and not result.num_values.any():
        found.append(say("behaviour.caution.no_values", column=request.column))
    if is_simulated(run.store):
        found.append(say("behaviour.caution.simulated"))
    return tuple(found)
