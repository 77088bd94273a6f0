"""The methods that `forecast` chooses among and mixes. Each gives, for every origin, what it would have said of the steps after it.

A member returns (candidates, origins, horizon): one slice for each of its settings, made of nothing but values before the origin.
- naive: the last season again (without seasons: the last value).
- smoothing: damped additive Holt-Winters (Gardner and McKenzie 1985, Management Science 31; error correction form as in Hyndman and
  Athanasopoulos, Forecasting: principles and practice, 8.3), all settings of a grid in one pass over the series.
- profile: the mean shape of the last seasons, the newer the heavier, on the present level with its damped drift.
- waves: regression on a trend and few sine waves of the period (Fourier terms), with the autocorrelation of its residuals carried on.
A missing value (NaN) leaves the state as it is, takes no part in means, and weighs nothing in a regression.
"""

from __future__ import annotations

from itertools import product

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

ALPHA, BETA, GAMMA, DAMPING = (0.02, 0.1, 0.25, 0.5, 0.8), (0.0, 0.05, 0.15), (0.0, 0.1, 0.3), (0.9, 0.98)
PROFILE_DECAY, PROFILE_DRIFT, PROFILE_LEVEL = (0.6, 0.85, 1.0), (0.0, 0.9), (0.1, 1.0)
"""Weight of a season by the one after it; share of the drift that lasts a season; window of the level in seasons."""
MAX_SEASONS = 10
NUM_WAVES, MAX_WAVE_ROWS, RIDGE = (1, 3, 6), 3000, 1e-3
WAVE_DAMPING = 0.9
LONG_PERIOD = 60
"""From this period on a profile is smoothed over a 24th of it."""


def naive(y: Floats, period: int, origins: NDArray[np.int64], horizon: int) -> Floats:
    """(1, origins, horizon): the newest known value of the same place in the season; the last known one where there is none."""
    filled = _carried(y, 1)
    seasonal = _carried(y, period)
    steps = np.arange(horizon)
    place = origins[:, None] - period + steps[None, :] % period
    found = np.where(place >= 0, seasonal[np.maximum(place, 0)], np.nan)
    last = filled[origins - 1][:, None]
    return np.asarray(np.where(np.isnan(found), last, found))[None]


def smoothing(y: Floats, period: int, origins: NDArray[np.int64], horizon: int) -> Floats:
    """(settings, origins, horizon) of damped Holt-Winters; without a season for `period` 1."""
    gammas = GAMMA if period > 1 else (0.0,)
    grid = np.array(list(product(ALPHA, BETA, gammas, DAMPING)))
    alpha, beta, gamma, damping = grid.T
    warm = y[: 2 * period] if period > 1 else y[: min(len(y), 8)]
    level = np.full(len(grid), float(np.nanmean(warm)) if np.isfinite(warm).any() else 0.0)
    trend = np.zeros(len(grid))
    season = np.tile(_first_season(y, period), (len(grid), 1))
    steps = np.arange(1, horizon + 1)
    ahead = np.stack([np.cumsum(value**steps) for value in damping])
    found = np.empty((len(grid), len(origins), horizon))
    wanted = {int(origin): place for place, origin in enumerate(origins)}
    for now in range(len(y) + 1):
        if now in wanted:
            shape = season[:, (now + steps - 1) % period]
            found[:, wanted[now]] = level[:, None] + ahead * trend[:, None] + shape
        if now == len(y):
            break
        carried = damping * trend
        error = y[now] - level - carried - season[:, now % period]
        if error[0] != error[0]:
            level = level + carried
            trend = carried
            continue
        level = level + carried + alpha * error
        trend = carried + alpha * beta * error
        season[:, now % period] += gamma * (1 - alpha) * error
    return found


def profile(y: Floats, period: int, origins: NDArray[np.int64], horizon: int) -> Floats:
    """(settings, origins, horizon) from the mean shape of past seasons; needs two whole seasons before every origin."""
    settings = list(product(PROFILE_DECAY, PROFILE_DRIFT, PROFILE_LEVEL))
    found = np.empty((len(settings), len(origins), horizon))
    steps = np.arange(1, horizon + 1)
    for place, origin in enumerate(origins.tolist()):
        num = min(MAX_SEASONS, origin // period)
        block = y[origin - num * period : origin].reshape(num, period)
        known = np.isfinite(block)
        level = np.where(known.any(axis=1), np.nansum(block, axis=1) / np.maximum(known.sum(axis=1), 1), np.nan)
        level = _carried(level, 1)
        level = np.where(np.isnan(level), np.nanmean(block) if known.any() else 0.0, level)
        drift = (level[-1] - level[0]) / max(1, num - 1)
        for row, (decay, lasting, window) in enumerate(settings):
            weight = decay ** np.arange(num - 1, -1, -1.0)[:, None] * known
            shape = (weight * np.where(known, block - level[:, None], 0.0)).sum(axis=0) / np.maximum(weight.sum(axis=0), 1e-12)
            shape = _smooth(shape, period)
            recent = max(1, round(window * period))
            rest = y[origin - recent : origin] - shape[np.arange(-recent, 0) % period]
            now = float(np.nanmean(rest)) if np.isfinite(rest).any() else float(level[-1])
            centre = (steps + (recent - 1) / 2) / period
            moved = drift * lasting * centre if lasting else 0.0
            found[row, place] = now + moved + shape[(steps - 1) % period]
    return found


def waves(y: Floats, period: int, origins: NDArray[np.int64], horizon: int) -> Floats:
    """(settings, origins, horizon) of a regression on a damped trend and sine waves, its residuals carried on as an AR(1) process."""
    numbers = [num for num in NUM_WAVES if 2 * num < period]
    found = np.empty((len(numbers) * 2, len(origins), horizon))
    time = np.arange(len(y) + horizon) / period
    angles = 2 * np.pi * time[:, None] * np.arange(1, (max(numbers) if numbers else 0) + 1)
    columns = np.column_stack(
        [np.ones(len(time)), time, *(part for k in range(angles.shape[1]) for part in (np.sin(angles[:, k]), np.cos(angles[:, k])))]
    )
    steps = np.arange(1, horizon + 1)
    damped = np.cumsum(WAVE_DAMPING ** (steps / period)) / period
    for place, origin in enumerate(origins.tolist()):
        begin = max(0, origin - MAX_WAVE_ROWS)
        rows = begin + np.flatnonzero(np.isfinite(y[begin:origin]))
        for row, num in enumerate(numbers):
            design = columns[rows, : 2 + 2 * num].copy()
            design[:, 1] -= time[origin]
            ahead = columns[origin : origin + horizon, : 2 + 2 * num].copy()
            for trended in (0, 1):
                ahead[:, 1] = damped if trended else 0.0
                weights = _ridge(design if trended else np.delete(design, 1, axis=1), y[rows])
                weights = weights if trended else np.insert(weights, 1, 0.0)
                rest = y[rows] - design @ weights
                found[2 * row + trended, place] = ahead @ weights + rest[-1] * _memory(rest) ** steps
    return found


def _carried(y: Floats, period: int) -> Floats:
    """The same with missing values taken from one period before, as often as needed."""
    filled = y.copy()
    for place in np.flatnonzero(np.isnan(filled)):
        if place >= period:
            filled[place] = filled[place - period]
    return filled


def _first_season(y: Floats, period: int) -> Floats:
    """(period,) deviations from the mean of each place in the first two seasons."""
    if period == 1:
        return np.zeros(1)
    start = y[: 2 * period].reshape(2, period)
    known = np.isfinite(start)
    mean = np.where(known, start, 0.0).sum(axis=0) / np.maximum(known.sum(axis=0), 1)
    middle = float(start[known].mean()) if known.any() else 0.0
    return np.asarray(np.where(known.any(axis=0), mean - middle, 0.0))


def _smooth(shape: Floats, period: int) -> Floats:
    if period < LONG_PERIOD or period % 24 == 0:  # hours of a day or a week are sharp
        return shape
    width = period // 24 * 2 + 1
    half = width // 2
    return np.convolve(np.concatenate([shape[-half:], shape, shape[:half]]), np.full(width, 1 / width), mode="valid")


def _ridge(design: Floats, y: Floats) -> Floats:
    square = design.T @ design + RIDGE * np.diag([0.0, *[1.0] * (design.shape[1] - 1)]) + 1e-9 * np.eye(design.shape[1])
    return np.asarray(np.linalg.solve(square, design.T @ y))


def _memory(rest: Floats) -> float:
    """Autocorrelation of the residuals at one step, from 0 to .99."""
    if len(rest) < 3:
        return 0.0
    spread = float(rest[:-1] @ rest[:-1])
    return float(np.clip(rest[1:] @ rest[:-1] / spread, 0.0, 0.99)) if spread > 0 else 0.0
