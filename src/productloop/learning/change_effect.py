"""What a daily number did after a day on which something changed, against the same weekdays of the weeks before, with placebo days.

The number after is divided by what the same weekdays of the `before` days would make expected. Counts use the interrupted series of
`interrupted` (Poisson with dispersion), their exposure being the weekday pattern times the people who could have been counted; other numbers
Welch's interval of the daily residuals. Neither knows that days resemble their neighbours, and that there are trends. So the same is done at
every earlier day (placebo tests in time: Abadie, Diamond and Hainmueller 2015, American Journal of Political Science 59). The median of the
four weeks before is the present drift of a growing or shrinking product and is taken off, from the placebo days as well; p is the share of
placebo days with an effect at least as large.

The interval is the model's own, widened to what placebo days show. Their mean square estimates the variance that neighbouring days and drift
add, and is taken where it is above what independent days would give (the model's variance times what taking off the drift adds, known from the
weights of the days). Placebos of neighbouring days share most of their days, so few of them are worth much: their number of independent values
follows from the overlap (Bartlett 1946, Supplement to the JRSS 8), for numbers whose level wanders. The interval is Student's with that many
degrees of freedom and MODEL_FREEDOM for the model beside them (moderated as in Smyth 2004, Statistical Applications in Genetics 3). Without it,
the interval held a planted effect 8.0 times in ten where levels wander; `benchmarks/change_effect.py` has the coverage with it.
"""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from productloop.foundation.figures import INTERVAL_LEVEL
from productloop.learning.experiments import compare
from productloop.learning.interrupted import interrupted
from productloop.learning.intervals import Interval

Floats = NDArray[np.float64]
WEEK = 7
MIN_PLACEBOS = 19
"""Fewer earlier days cannot show that something happens less often than once in twenty."""
DRIFT_DAYS = 28
MODEL_FREEDOM = 3
"""Chosen among 1, 2, 3 and 5 on simulated series with other seeds than the benchmark's and the tests': with 5 a wandering level fell to .86."""
LEAST = 5.0
"""Counts in the days before; fewer say nothing."""


@dataclass(frozen=True, slots=True)
class DailySeries:
    """(n,) days in a row: numerator, and for shares the people who could have been counted (else ones). NaN = not known.

    `counts`: the numerator counts people or events. Day 0 falls on weekday 0 of the pattern, whichever that is.
    """

    values: Floats
    exposure: Floats
    counts: bool


@dataclass(frozen=True, slots=True)
class ChangeEffect:
    """The ratio after to before, its interval, p among placebo days (NaN with too few), and the placebo ratios (k,)."""

    ratio: Interval
    p: float
    placebos: Floats
    before: float
    """Mean a day (or share) before."""
    after: float


def change_effect(series: DailySeries, at: int, before: int, after: int) -> ChangeEffect | None:
    """The effect of a change on day `at` over `after` days from then on against the `before` days up to it.

    None where the days are not all there or too little was counted. Placebo days are earlier ones whose days after do not reach `at`.
    """
    found = _ratio(series, at, before, after)
    if found is None:
        return None
    logs = np.full(at + 1, np.nan)
    for day in range(before, at - after + 1):
        one = _ratio(series, day, before, after, plain=True)
        logs[day] = math.log(one.value) if one is not None and one.value > 0 else np.nan
    drifts = np.array([_drift(logs, day, after) for day in range(at + 1)])
    placebos = (logs - drifts)[np.isfinite(logs - drifts)]
    drifting = bool(np.isfinite(drifts[at])) and len(placebos) >= MIN_PLACEBOS
    if not drifting:  # too short a history to know the drift
        drifts[at], placebos = 0.0, logs[np.isfinite(logs)]
    found = Interval(*(end * math.exp(-drifts[at]) for end in (found.value, found.low, found.high)))
    size = abs(math.log(found.value)) if found.value > 0 else math.inf
    p = (1 + int((np.abs(placebos) >= size - 1e-12).sum())) / (1 + len(placebos)) if len(placebos) >= MIN_PLACEBOS else math.nan
    if len(placebos) and found.value > 0:
        reach = _reach(found, placebos, _shape(before, after, drifting))
        found = Interval(found.value, min(found.low, found.value * math.exp(-reach)), max(found.high, found.value * math.exp(reach)))
    return ChangeEffect(found, p, np.exp(placebos), _mean(series, at - before, at), _mean(series, at, at + after))


def _reach(found: Interval, placebos: Floats, shape: tuple[float, Floats]) -> float:
    """Half the width, on the scale of logarithms, that the placebo effects ask for. `shape`: see `_shape`."""
    from scipy.special import stdtrit

    normal = NormalDist().inv_cdf(0.5 + INTERVAL_LEVEL / 2)
    own = math.log(found.high / found.low) / 2 if found.low > 0 else found.high / found.value - 1
    factor, overlap = shape
    variance = max(factor * (own / normal) ** 2, float(np.mean(placebos**2)))
    lags = np.arange(1, min(len(placebos), len(overlap)))
    independent = len(placebos) / (1 + 2 * float(((1 - lags / len(placebos)) * overlap[lags] ** 2).sum()))
    return float(stdtrit(independent + MODEL_FREEDOM, 0.5 + INTERVAL_LEVEL / 2)) * math.sqrt(variance)


@functools.lru_cache(maxsize=64)
def _shape(before: int, after: int, drifting: bool) -> tuple[float, Floats]:
    """(what taking off the drift multiplies the variance of an effect by where days are independent, the correlation of effects so many days apart
    where the level wanders), both from the weights with which the logarithms of days enter an effect.
    """
    size = 2 * before + 2 * after + DRIFT_DAYS

    def weights(day: int) -> Floats:
        found = np.zeros(size)
        found[day : day + after], found[day - before : day] = 1 / after, -1 / before
        return found

    plain = weights(size - after)
    whole = plain - np.mean([weights(size - 2 * after - lag) for lag in range(DRIFT_DAYS)], axis=0) if drifting else plain
    wandering = np.cumsum(whole)  # of steps that last
    overlap = np.correlate(wandering, wandering, "full")[size - 1 :]
    return float(whole @ whole / (plain @ plain)), overlap / overlap[0]


def _drift(logs: Floats, day: int, after: int) -> float:
    """The median of what the DRIFT_DAYS days before made of the numbers by themselves; NaN where fewer than half are known."""
    recent = logs[max(0, day - after - DRIFT_DAYS + 1) : max(0, day - after + 1)]
    recent = recent[np.isfinite(recent)]
    return float(np.median(recent)) if 2 * len(recent) >= DRIFT_DAYS else math.nan


def _mean(series: DailySeries, begin: int, end: int) -> float:
    total = float(np.nansum(series.exposure[begin:end]))
    return float(np.nansum(series.values[begin:end])) / total if total > 0 else math.nan


def _ratio(series: DailySeries, at: int, before: int, after: int, plain: bool = False) -> Interval | None:
    """The ratio with its own interval; `plain`: without one, for placebos."""
    begin, end = at - before, at + after
    if begin < 0 or end > len(series.values) or before < WEEK or after < 1:
        return None
    values, exposure = series.values[begin:end], series.exposure[begin:end]
    known = np.isfinite(values) & np.isfinite(exposure) & (exposure > 0)
    weekday = np.arange(begin, end) % WEEK
    early = np.arange(before + after) < before
    pattern = np.ones(len(values))
    overall = float(values[known & early].sum()) / max(float(exposure[known & early].sum()), 1e-12)
    if overall <= 0:
        return None
    for day in range(WEEK):
        mine = known & early & (weekday == day)
        if mine.any() and values[mine].sum() > 0:
            pattern[weekday == day] = values[mine].sum() / exposure[mine].sum() / overall
    expected = exposure * pattern
    if not (known & ~early).any() or (series.counts and values[known & early].sum() < LEAST):
        return None
    value = float(values[known & ~early].sum() / expected[known & ~early].sum()) / overall
    if plain:
        return Interval(value, value, value)
    if series.counts:
        fitted = interrupted(values[known].astype(np.int64), expected[known], (~early[known]).astype(np.float64))
        return None if fitted is None else fitted.ratio
    residuals = values / np.maximum(expected, 1e-12) / overall
    found = compare(residuals[known & ~early], residuals[known & early], 0, adjusted=True).difference
    return Interval(value, max(0.0, value - (found.value - found.low)), value + (found.high - found.value))
