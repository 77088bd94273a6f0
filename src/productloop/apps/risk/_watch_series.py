"""One metric as a series of whole periods beside what was expected of it: a forecast made before the window, its past gaps, the change if any.

A metric is watched by days where it is large enough, else by weeks: MIN_SIZE a period, or nothing but noise could be seen. Gaps are shares of
what was expected, so that growth does not widen them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from productloop.apps.risk._watch_days import periods_of
from productloop.apps.risk._watch_metrics import Metric
from productloop.apps.risk.watch_types import WatchPeriod
from productloop.learning.change_points import MIN_ORIGINS, Change, find_change
from productloop.learning.forecast import Forecast, forecast

Floats = NDArray[np.float64]

WINDOW: dict[WatchPeriod, int] = {"day": 21, "week": 6, "month": 4}
SEASON: dict[WatchPeriod, int] = {"day": 7, "week": 1, "month": 12}
LEAST: dict[WatchPeriod, int] = {"day": 70, "week": 18, "month": 18}
"""Whole periods before anything can be expected of the window."""
DAYS_OF: dict[WatchPeriod, int] = {"day": 1, "week": 7, "month": 31}
MIN_SIZE = {"day": 8.0, "week": 5.0, "month": 5.0}
MAX_PERIODS = 420
KNOWN_SHARE = 1 / 3
"""Forecasts made with less than this share of the history are left out: they were worse than one made now."""


@dataclass(frozen=True, slots=True)
class Watch:
    """`values` (P,) of the periods from number `first` on; the window is the last `width`; None where too little is known."""

    metric: Metric
    period: WatchPeriod
    first: int
    values: Floats
    cells: Floats
    """(C, P) amounts by part."""
    sizes: Floats | None
    small: bool
    width: int = 0
    expected: Forecast | None = None
    change: Change | None = None

    @property
    def short(self) -> bool:
        """Whether the history is too short to expect anything."""
        return self.expected is None


def watch(metric: Metric, week_start: int, seed: int) -> Watch:
    """The series, what was expected of its newest periods, and the stretch that stands out most among them."""
    for period in ("day", "week") if metric.recorded == "day" else (metric.recorded,):
        found = _series(metric, period, week_start)
        if not found.small and len(found.values) >= LEAST[period]:
            return _judged(found, seed)
    return found


def _series(metric: Metric, period: WatchPeriod, week_start: int) -> Watch:
    days = metric.begin + np.arange(metric.amount.shape[1])
    number = periods_of(days, period, week_start)
    edges = np.flatnonzero(np.diff(number, prepend=number[0] - 1)) if len(number) else np.empty(0, dtype=np.int64)
    cells = np.add.reduceat(metric.amount, edges, axis=1) if len(edges) else np.zeros((len(metric.amount), 0))
    sizes = None if metric.size is None else np.add.reduceat(metric.size, edges, axis=1)
    first = int(number[0]) if len(number) else 0
    if metric.recorded == "day" and period == "week" and len(edges):  # broken weeks at the ends
        starts, ends = (
            int(periods_of(days[:1] - 1, period, week_start)[0] == number[0]),
            int(periods_of(days[-1:] + 1, period, week_start)[0] == number[-1]),
        )
        cells, first = cells[:, starts : cells.shape[1] - ends], first + starts
        sizes = None if sizes is None else sizes[:, starts : sizes.shape[1] - ends]
    first += max(0, cells.shape[1] - MAX_PERIODS)
    cells = cells[:, -MAX_PERIODS:]
    sizes = None if sizes is None else sizes[:, -MAX_PERIODS:]
    total = cells.sum(axis=0)
    many = total if sizes is None else sizes.sum(axis=0)
    values = total if sizes is None else np.divide(total, many, out=np.full(len(total), np.nan), where=many > 0)
    if metric.recorded != "day" or metric.kind == "table":
        known = np.abs(cells).sum(axis=0) > 0 if sizes is None else many > 0
        values = np.where(known, values, np.nan) if metric.kind == "table" and not known.all() else values
    recent = many[-2 * WINDOW[period] :]
    small = bool(metric.kind != "table" and len(recent) and float(np.mean(recent)) < MIN_SIZE[period])
    if metric.kind == "errors" and len(recent):
        small = float(np.mean(total[-2 * WINDOW[period] :])) < MIN_SIZE[period] / 2
    return Watch(metric, period, first, values.astype(np.float64), cells, sizes, small)


def _judged(found: Watch, seed: int) -> Watch:
    width = WINDOW[found.period]
    past, window = found.values[:-width], found.values[-width:]
    if np.isfinite(past).sum() < LEAST[found.period] - width or not np.nanmax(np.abs(past)) > 0:
        return found
    expected = forecast(past, SEASON[found.period], width, seed)
    floor = 0.25 * float(np.nanmedian(np.abs(past))) or 1.0
    gap = (window - expected.point) / np.maximum(np.abs(expected.point), floor)
    past_gaps = (expected.came - expected.tested) / np.maximum(np.abs(expected.tested), floor)
    grown = expected.origins >= KNOWN_SHARE * len(past)
    past_gaps = past_gaps[grown] if grown.sum() >= MIN_ORIGINS else past_gaps
    change = find_change(gap, past_gaps, seed)
    return Watch(found.metric, found.period, found.first, found.values, found.cells, found.sizes, found.small, width, expected, change)
