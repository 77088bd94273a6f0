"""`trends` from metrics to report: their values by period, the newest against the one before, and whether such a change is usual.

Whether a change is usual: it is compared with the earlier changes from each period to the next, of which nine in ten lie between their
5th and 95th percentile (of the ratios); fewer than eight earlier changes say nothing. That is a rule of thumb, not a test: what caused a
change is a question for `changes` and `experiment`.
"""

from __future__ import annotations

from typing import Literal

import numpy as np

from productloop.apps.behaviour import metric_wording as wording
from productloop.apps.behaviour._metric import (
    Floats,
    Groups,
    Metric,
    Named,
    PeriodRange,
    Term,
    covered,
    evaluate,
    label,
    number_of,
    parse,
    resolved,
    start_of,
    weekday_of,
    whole_periods,
)
from productloop.apps.behaviour._reading import Reading, reading
from productloop.apps.behaviour._series import named_values
from productloop.apps.behaviour._weeks import local_day, span_of
from productloop.apps.behaviour.trends_types import TrendLine, TrendPeriod, TrendsReport, TrendsRequest
from productloop.foundation.errors import UsageError, excerpt
from productloop.foundation.wording import Say, say
from productloop.loop import wording as loop_wording
from productloop.loop.action import Run, is_simulated, require

MAX_PERIODS: dict[TrendPeriod, int] = {"hour": 168, "day": 90, "week": 53, "month": 36}
WEEKS_FOR_WEEKS = 8
DAY_US = 86_400_000_000
MAX_VALUES = 10
MIN_CHANGES = 8
MAX_CHANGES = 40


def answer_trends(run: Run, request: TrendsRequest) -> TrendsReport:
    """The report. Raises UsageError for a metric, event or column that cannot be read, MissingData without events."""
    require(run.store.exists("events"), loop_wording.NOTHING_IMPORTED, tables="events")
    lines: list[TrendLine] = []
    with reading(run) as source:
        begin, end = covered(source)
        unit: TrendPeriod = request.period or ("week" if end - begin >= 7 * WEEKS_FOR_WEEKS * DAY_US else "day")
        periods, running = _periods(run, source, unit)
        split = source.split(run.scope.by, of_people=True) if run.scope.by is not None else None
        num_values = 0
        for number, metric in enumerate(_metrics(run, request)):
            run.progress("count", number, max(len(request.metrics), 1))
            named = named_values(run, metric.names, periods, request.currency)
            active = Term("people", run.settings.text("metrics.active") or "any")
            asked = metric.per(active) if request.per_person else metric
            whole = evaluate(run, source, asked, periods, named=named)
            lines.append(_line(run, request, source, asked, (f"metric{number}", None), whole, running))
            if split is not None:
                if metric.names:
                    raise UsageError(wording.METRIC_NOT_HERE, name=excerpt(metric.names[0]))
                groups, num = _groups(source, asked, split.sql)
                num_values = max(num_values, num)
                parts = evaluate(run, source, asked, periods, groups)
                names: list[str | Say] = [*groups.values, say("behaviour.label.other"), say("behaviour.label.unknown")]
                for place, name in enumerate(names):
                    if np.nan_to_num(parts[place]).any():
                        found = _line(run, request, source, asked, (f"metric{number}_{place}", name), parts[place], running)
                        lines.append(found)
        starts = tuple(start_of(periods.first + place, unit, weekday_of(run)) for place in range(periods.num))
        changes = _changes(run, begin, end)
    return TrendsReport(
        **run.frame("behaviour.trends", ("events", "orders", "metrics")),
        cautions=(say("behaviour.caution.simulated"),) if is_simulated(run.store) else (),
        period=unit,
        per_person=request.per_person,
        periods=starts,
        last_start=starts[-1 - int(running)] if len(starts) > int(running) else None,
        running=running,
        lines=tuple(lines),
        moving=request.moving,
        by=None if split is None else split.name,
        by_person=split is not None and split.of_person,
        num_values=num_values,
        changes=changes,
    )


def _metrics(run: Run, request: TrendsRequest) -> list[Metric]:
    usual = run.settings.text("metrics.north_star") or run.settings.text("metrics.active") or "any"
    found = []
    for text in request.metrics or (f'people("{usual}")',):
        known = run.store.rows("SELECT 1 FROM metrics WHERE metric = ? LIMIT 1", [text.strip()])
        found.append(Metric(text.strip(), Named(text.strip())) if known else parse(text))
    return found


def _periods(run: Run, source: Reading, unit: TrendPeriod) -> tuple[PeriodRange, bool]:
    """(the newest whole periods and the one that is not over, is there such a one?)"""
    begin, end = covered(source)
    if end <= begin or not source.names:
        return PeriodRange(unit, 0, 0), False
    begin = _begin_of_day(run, source, begin)
    whole = whole_periods(run, (begin, end), unit)
    last = int(number_of(np.array([end - 1], dtype=np.int64), run, unit)[0])
    running = last >= whole.first + whole.num
    num = min(whole.num, MAX_PERIODS[unit])
    first = whole.first + whole.num - num
    return PeriodRange(unit, first, num + int(running)), running


def _begin_of_day(run: Run, source: Reading, begin: int) -> int:
    """The data cover the whole of their first day, at whatever hour its first event came: then its first instant."""
    if begin != source.data_begin_us:
        return begin
    day = int(number_of(np.array([begin], dtype=np.int64), run, "day")[0])
    return span_of(day, run.time_zone, "day", 0).start_us


def _groups(source: Reading, metric: Metric, sql: str) -> tuple[Groups, int]:
    """(the most frequent values of a column on the events of the metric, how many there are)."""
    events = sorted({resolved(source, term).event for term in metric.terms})
    where, names = ("", []) if "any" in events else (f"AND name IN ({', '.join('?' * len(events))})", events)
    begin, end = covered(source)
    found = source.rows(
        f"SELECT {sql} AS v, count(*) AS n FROM events WHERE time >= ? AND time < ? AND {sql} IS NOT NULL {where} GROUP BY 1 ORDER BY n DESC, v",
        [begin, end, *names],
    )
    return Groups(sql, tuple(str(row[0]) for row in found[:MAX_VALUES])), len(found)


def _line(
    run: Run, request: TrendsRequest, source: Reading, metric: Metric, who: tuple[str, str | Say | None], values: Floats, running: bool
) -> TrendLine:
    values = values.copy()
    if running:
        values[-1] = np.nan
    over = values[: len(values) - int(running)]
    last, before = (float(over[-1 - back]) if len(over) > back else float("nan") for back in (0, 1))
    change = last / before - 1 if before else float("nan")
    moving = _moving(values, request.moving) if request.moving else ()
    key = who[0]
    return TrendLine(
        metric=metric.text,
        name=label(source, metric.tree),
        unit=metric.unit,
        value=who[1],
        values=_known(values),
        moving=moving,
        last=run.figure(f"{key}_last", last, metric.unit, "behaviour.d.trends_last"),
        before=run.figure(f"{key}_before", before, metric.unit, "behaviour.d.trends_before"),
        change=run.figure(f"{key}_change", change, "share", "behaviour.d.trends_change"),
        standing=_standing(over),
    )


def _known(values: Floats) -> tuple[float | None, ...]:
    return tuple(None if np.isnan(value) else float(value) for value in values)


def _moving(values: Floats, num: int) -> tuple[float | None, ...]:
    """Mean of each value and the num - 1 before it; None where one of them is not known."""
    if len(values) < num:
        return (None,) * len(values)
    windows = np.lib.stride_tricks.sliding_window_view(values, num)
    return (*(None,) * (num - 1), *_known(windows.mean(axis=1)))


def _standing(over: Floats) -> Literal["up", "down", "usual", "unknown"]:
    """Whether the newest change is larger than nine in ten of the earlier ones."""
    with np.errstate(divide="ignore", invalid="ignore"):
        steps = np.diff(np.log(np.where(over > 0, over, np.nan)))
    earlier = steps[:-1][np.isfinite(steps[:-1])]
    if len(earlier) < MIN_CHANGES or not np.isfinite(steps[-1]):
        return "unknown"
    low, high = np.percentile(earlier, [5, 95])
    return "up" if steps[-1] > max(high, 0) else "down" if steps[-1] < min(low, 0) else "usual"


def _changes(run: Run, begin: int, end: int) -> tuple[tuple[str, str], ...]:
    """What the product itself changed between two instants, oldest first, at most the newest forty."""
    query = "SELECT time, coalesce(title, version, kind) FROM changes WHERE time >= ? AND time < ? ORDER BY time DESC LIMIT ?"
    found = run.store.rows(query, [begin, end, MAX_CHANGES])
    return tuple((local_day(int(time), run.time_zone).isoformat(), str(title)) for time, title in reversed(found))
