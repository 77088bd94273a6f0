"""Forecast of a regular series with 90 % intervals that come from its own past mistakes, and a test beside the plainest forecast there is.

    forecast(y, period, horizon, seed) -> Forecast(point, low, high, ...)

How: the methods of `forecast_members`, on the values as they are and on their logarithm, say at each of many past origins what they would have said of
the steps after it. At each origin every method is weighed by its mistakes at earlier origins that were over by then, so the mix is judged only on
values it had not seen (rolling origin: Tashman 2000, International Journal of Forecasting 16). Mixing well-tried simple methods is what won the M
competitions (Makridakis, Spiliotis and Assimakopoulos 2020, The M4 competition, IJF 36).

Intervals: the absolute mistakes of the mix at those origins over a spread that grows with the level; the 90 % point of their ranks for steps about as far
ahead (split conformal: Vovk, Gammerman and Shafer 2005; Stankeviciute, Alaa and van der Schaar 2021 for several steps). No distribution
is assumed; it is assumed that mistakes stay as they were.

Judged by MASE: mean absolute error over that of a forecast which repeats the season before, on the same steps, below 1 = better (Hyndman and
Koehler 2006, IJF 22, with the out-of-sample error of the naive forecast below the line).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from productloop.foundation.figures import INTERVAL_LEVEL
from productloop.learning import forecast_members as members

Floats = NDArray[np.float64]
Member = Callable[[Floats, int, NDArray[np.int64], int], Floats]

MIN_VALUES = 8
MAX_ORIGINS = 60
MAX_HISTORY_SEASONS = 12
"""Older seasons are left out; a period of a year of days keeps them all."""
SHARPNESS = 8.0
"""Weight of a method: its mean mistake to the power of minus this. Chosen with the grid above on the first halves of the test series."""
NUM_BEST = 5
"""Settings of a method that are averaged: the very best of many was lucky as well."""
FORGETTING = 0.97
"""Weight of a past origin by the one after it."""
NEAR = 0.15
"""Steps within this share of the horizon lend each other their mistakes."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """point, low, high (horizon,); of the test: `mase`, `coverage` (shares of 1, NaN where nothing could be tested).

    seasonal  False where the history holds fewer than two whole seasons: none was assumed
    num_origins  past origins that were tested
    error, naive_error  mean absolute errors on the same steps, in units of y
    tested  (origins, horizon) what the mix said; `came` (origins, horizon) what was; `origins` (origins,) places of their first step
    gain  (origins,) mean absolute error of the naive forecast minus the mix's, after each origin
    weights  share of each method in the last mix, by its name
    """

    point: Floats
    low: Floats
    high: Floats
    seasonal: bool
    num_origins: int
    mase: float
    coverage: float
    error: float
    naive_error: float
    tested: Floats
    came: Floats
    origins: NDArray[np.int64]
    gain: Floats
    weights: dict[str, float]


def forecast(y: Floats, period: int, horizon: int, seed: int) -> Forecast:
    """The next `horizon` values of y (n,), NaN where unknown, with a season of `period` values.

    `seed` is taken as by every fit; nothing here is random. Raises ValueError for fewer than MIN_VALUES known values, a period or horizon below 1.
    """
    del seed
    y = np.asarray(y, dtype=np.float64)
    if period < 1 or horizon < 1:
        raise ValueError(f"period and horizon must be at least 1, not {period} and {horizon}")
    known = np.isfinite(y)
    y = np.where(known, y, np.nan)
    if known.sum() < MIN_VALUES:
        raise ValueError(f"{int(known.sum())} known values; {MIN_VALUES} are needed")
    y = y[int(np.argmax(known)) :]
    season = period if len(y) >= 2 * period and period > 1 else 1
    step = max(1, min(horizon // 4, (len(y) - 2 * season - horizon) // 40))
    y = y[-max(MAX_HISTORY_SEASONS * season, MAX_ORIGINS * step + 4 * season + horizon, 400) :]
    origins = _origins(len(y), season, horizon, step)
    said, names = _candidates(y, season, origins, horizon)
    came = np.stack([_window(y, int(origin), horizon) for origin in origins])
    mixed, shares = _mix(said, names, came, origins, horizon)
    point, tested, came, naive = mixed[-1], mixed[:-1], came[:-1], said[0, :-1]
    spread = _spread(tested, came)
    reach, covered = _reach(tested, came, spread, origins[:-1], horizon)
    half = reach * spread(point)
    floor = 0.0 if float(np.nanmin(y)) >= 0 else -np.inf
    miss, plain = np.abs(tested - came), np.abs(naive - came)
    error, naive_error = _mean(miss), _mean(plain)
    gain = np.array([_mean(one) for one in plain - miss])
    small = 1e-9 * max(1.0, float(np.nanmax(np.abs(y))))  # what rounding leaves of a series that repeats itself exactly
    mase = error / naive_error if naive_error > small else (1.0 if error <= small else float("nan"))
    return Forecast(
        np.maximum(point, floor), np.maximum(point - half, floor), np.maximum(point + half, floor),
        season > 1 or period == 1, len(tested), mase, covered, error, naive_error, tested, came, origins[:-1], gain, shares,
    )  # fmt: skip


def mean_ahead(found: Forecast) -> tuple[float, float, float]:
    """(value, low, high) of the mean over the whole horizon: mistakes of single steps partly cancel, so its interval is its own."""
    value = float(found.point.mean())
    known = np.isfinite(found.came).all(axis=1)
    if not known.any():
        return value, float(found.low.mean()), float(found.high.mean())
    said, came = found.tested[known].mean(axis=1), found.came[known].mean(axis=1)
    usual = _spread(said[:, None], came[:, None])
    scale = np.maximum(usual(said[:, None])[:, 0], 1e-300)
    ratio = np.sort(np.abs(said - came) / scale)
    reach = ratio[min(int(np.ceil(INTERVAL_LEVEL * (len(ratio) + 1))), len(ratio)) - 1]
    half = float(reach * usual(np.array([value]))[0])
    floor = 0.0 if (found.low >= 0).all() else -np.inf
    return value, max(value - half, floor), value + half


def _origins(length: int, season: int, horizon: int, step: int) -> NDArray[np.int64]:
    """Places of the first unknown value, ascending; the last is the end of the series. Two seasons or MIN_VALUES lie before each."""
    first = max(2 * season, MIN_VALUES // 2)
    past = np.arange(length - horizon, first - 1, -step)[:MAX_ORIGINS][::-1]
    if not len(past):  # too short for a whole horizon: origins whose horizon is cut at the end
        past = np.arange(max(first, 1), length)[-MAX_ORIGINS:]
    return np.append(past, length).astype(np.int64)


def _window(y: Floats, origin: int, horizon: int) -> Floats:
    part = y[origin : origin + horizon]
    return np.concatenate([part, np.full(horizon - len(part), np.nan)])


def _candidates(y: Floats, season: int, origins: NDArray[np.int64], horizon: int) -> tuple[Floats, list[str]]:
    """((candidates, origins, horizon), the method of each); the naive forecast first."""
    methods: list[tuple[str, Member]] = [("smoothing", members.smoothing)]
    if season > 1:
        methods += [("profile", members.profile), ("waves", members.waves)]
    found, names = [members.naive(y, season, origins, horizon)], ["naive"]
    low = float(np.nanmin(y))
    scales: list[tuple[str, float | None]] = [("", None)]
    if low >= 0 and float(np.nanmax(y)) > 0:
        positive = y[np.isfinite(y) & (y > 0)]
        scales.append(("log ", 0.0 if low > 0 else max(float(np.median(positive)) * 0.05, 1e-9)))
    for prefix, added in scales:
        changed = y if added is None else np.log(y + added)
        top = np.inf if added is None else float(np.nanmax(changed)) + 2.0
        for name, method in methods:
            part = method(changed, season, origins, horizon)
            if not part.size:
                continue
            found.append(part if added is None else np.exp(np.minimum(part, top)) - added)
            names += [prefix + name] * len(part)
    return np.concatenate(found), names


def _mix(said: Floats, names: list[str], came: Floats, origins: NDArray[np.int64], horizon: int) -> tuple[Floats, dict[str, float]]:
    """((origins, horizon) the weighted mean of the best setting of each method at each origin, the last weights)."""
    with np.errstate(invalid="ignore"):
        miss = np.abs(said - came[None])
    counts = np.isfinite(came).sum(axis=1)
    mistakes = np.nansum(miss, axis=2) / np.maximum(counts, 1)
    families = {name: np.array([other == name for other in names]) for name in dict.fromkeys(names)}
    mixed = np.empty(came.shape)
    shares: dict[str, float] = {}
    for place, origin in enumerate(origins.tolist()):
        over = (origins + horizon <= origin) & (counts > 0)
        if not over.any():  # the first ones are judged by what was over of the steps after earlier origins
            over = (origins < origin) & (counts > 0)
            past = _cut_mistakes(miss, origins, origin) if over.any() else np.zeros((len(names), 1))
        else:
            past = mistakes[:, over]
        weight = FORGETTING ** np.arange(past.shape[1] - 1, -1, -1.0)
        score = past @ weight / weight.sum()
        best = [np.flatnonzero(own)[np.argsort(score[own], kind="stable")[:NUM_BEST]] for own in families.values()]
        leading = np.array([score[rows].mean() for rows in best])
        scale = max(float(leading.max()), 1e-12)
        strength = (np.maximum(leading, 1e-6 * scale) / scale) ** -SHARPNESS if leading.max() > 0 else np.ones(len(best))
        mixed[place] = strength @ np.stack([said[rows, place].mean(axis=0) for rows in best]) / strength.sum()
        shares = dict(zip(families, (strength / strength.sum()).tolist(), strict=True))
    return mixed, shares


def _cut_mistakes(miss: Floats, origins: NDArray[np.int64], now: int) -> Floats:
    """(candidates, earlier origins) mean mistakes on the steps that lie before `now`."""
    found = []
    for place in np.flatnonzero(origins < now):
        part = miss[:, place, : now - int(origins[place])]
        known = np.isfinite(part).sum(axis=1)
        found.append(np.nansum(part, axis=1) / np.maximum(known, 1))
    return np.stack(found, axis=1)


def _spread(tested: Floats, came: Floats) -> Callable[[Floats], Floats]:
    """What a usual mistake is at a level that is forecast: a constant and a share of the level, neither below 0 (least squares)."""
    known = np.isfinite(came)
    level, miss = np.maximum(tested[known], 0.0), np.abs(tested - came)[known]
    if len(miss) < 3 or miss.max() == 0:
        usual = float(miss.mean()) if len(miss) else 0.0
        return lambda point: np.full(len(point), usual) if point.ndim == 1 else np.full(point.shape, usual)
    centred = level - level.mean()
    slope = float(centred @ miss / (centred @ centred)) if float(centred @ centred) > 0 else 0.0
    slope = min(max(slope, 0.0), float(miss.mean() / level.mean()) if level.mean() > 0 else 0.0)
    fixed = float(miss.mean() - slope * level.mean())
    least = 0.1 * float(miss.mean())
    return lambda point: np.maximum(fixed + slope * np.maximum(point, 0.0), least)


def _reach(
    tested: Floats, came: Floats, spread: Callable[[Floats], Floats], origins: NDArray[np.int64], horizon: int
) -> tuple[Floats, float]:
    """((horizon,) how many usual mistakes an interval reaches, the share of past values that intervals made before them covered)."""
    with np.errstate(invalid="ignore", divide="ignore"):
        usual = spread(tested)
        ratio = np.where(usual > 0, np.abs(tested - came) / np.where(usual > 0, usual, 1.0), 0.0)
    ratio[np.isnan(came)] = np.nan
    near = max(1, round(NEAR * horizon))
    reach = _ranked(ratio, near)
    inside, seen = 0, 0
    for place in range(len(origins)):
        before = origins + horizon <= origins[place]
        if before.sum() < MIN_VALUES:
            continue
        known = np.isfinite(ratio[place])
        inside += int((ratio[place] <= _ranked(ratio[before], near))[known].sum())
        seen += int(known.sum())
    return reach, inside / seen if seen else float("nan")


def _ranked(ratio: Floats, near: int) -> Floats:
    """(horizon,) the 90 % point, with one added for the value to come, of the ratios at about the same distance; the largest where too few."""
    horizon = ratio.shape[1]
    found = np.zeros(horizon)
    for step in range(horizon):
        part = ratio[:, max(0, step - near) : step + near + 1]
        part = np.sort(part[np.isfinite(part)])
        if len(part):
            rank = int(np.ceil(INTERVAL_LEVEL * (len(part) + 1)))
            found[step] = part[min(rank, len(part)) - 1]
    return found


def _mean(values: Floats) -> float:
    known = values[np.isfinite(values)]
    return float(known.mean()) if len(known) else float("nan")
