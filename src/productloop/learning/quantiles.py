"""Quantiles of a measurement that each person made several times, with intervals that draw people, not rows.

Percentile bootstrap over people (Field and Welsh 2007, J. R. Statist. Soc. B 69): ten slow starts on one phone are one piece of news. A draw is
a weight on each person; the weighted quantile is read off the cumulated weights of the sorted values, so nothing is sorted twice.
The quantile is the smallest value at or below which that share of the weight lies (type 1 of Hyndman and Fan 1996).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from productloop.foundation.figures import INTERVAL_LEVEL
from productloop.learning.intervals import Interval

Floats = NDArray[np.float64]

NUM_DRAWS = 200
MAX_ROWS = 100_000
"""More rows are thinned by person: the interval of 100,000 rows is narrower than anybody needs."""


def quantiles(values: Floats, probabilities: Sequence[float], weight: Floats | None = None) -> Floats:
    """(k,) quantiles of (n,) values; NaN without any weight."""
    order = np.argsort(values, kind="stable")
    return _read(values[order], np.ones(len(values)) if weight is None else weight[order], np.asarray(probabilities, dtype=np.float64))


def _read(ordered: Floats, weight: Floats, probabilities: Floats) -> Floats:
    total = np.cumsum(weight)
    if not len(total) or total[-1] <= 0:
        return np.full(len(probabilities), np.nan)
    place = np.searchsorted(total, probabilities * total[-1] * (1 - 1e-12))
    return np.asarray(ordered[np.minimum(place, len(ordered) - 1)], dtype=np.float64)


def people_quantiles(values: Floats, people: NDArray[Any], probabilities: Sequence[float], seed: int) -> list[Interval]:
    """The quantiles of (n,) values made by (n,) people, each with its interval."""
    point = quantiles(values, probabilities)
    drawn = _draws(values, people, np.asarray(probabilities, dtype=np.float64), np.random.default_rng(seed))
    return [_interval(float(one), drawn[:, place]) for place, one in enumerate(point)]


def quantile_ratio(first: tuple[Floats, NDArray[Any]], second: tuple[Floats, NDArray[Any]], probability: float, seed: int) -> Interval:
    """A quantile of the first (values, people) divided by that of the second; NaN where one is empty or the second is 0."""
    random, at = np.random.default_rng(seed), np.array([probability])
    top, bottom = quantiles(first[0], [probability])[0], quantiles(second[0], [probability])[0]
    if not (np.isfinite(top) and np.isfinite(bottom) and bottom > 0):
        return Interval(float("nan"), 0.0, float("inf"))
    drawn, below = _draws(*first, at, random)[:, 0], _draws(*second, at, random)[:, 0]
    return _interval(float(top / bottom), drawn / np.maximum(below, 1e-12))


def _draws(values: Floats, people: NDArray[Any], probabilities: Floats, random: np.random.Generator) -> Floats:
    """(draws, k) quantiles, people drawn with replacement."""
    codes = np.unique(people, return_inverse=True)[1]
    num = int(codes.max()) + 1 if len(codes) else 0
    if len(values) > MAX_ROWS:
        kept = (random.random(num) < MAX_ROWS / len(values))[codes]
        values, codes = values[kept], np.unique(codes[kept], return_inverse=True)[1]
        num = int(codes.max()) + 1 if len(codes) else 0
    order = np.argsort(values, kind="stable")
    ordered, codes = values[order], codes[order]
    result = np.full((NUM_DRAWS, len(probabilities)), np.nan)
    for draw in range(NUM_DRAWS if num else 0):
        counts = np.bincount(random.integers(0, num, num), minlength=num).astype(np.float64)
        result[draw] = _read(ordered, counts[codes], probabilities)
    return result


def _interval(value: float, draws: Floats) -> Interval:
    known = draws[np.isfinite(draws)]
    if not np.isfinite(value) or not len(known):
        return Interval(float("nan"), float("nan"), float("nan"))
    low, high = np.quantile(known, [(1 - INTERVAL_LEVEL) / 2, (1 + INTERVAL_LEVEL) / 2])
    return Interval(value, min(value, float(low)), max(value, float(high)))
