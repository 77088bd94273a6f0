"""Bootstrap intervals of a measure of quality, alone or as the difference of two models on the same rows.

Percentile bootstrap (Efron 1979, Annals of Statistics 7; Efron and Tibshirani 1993, chapter 13), seeded. Subjects are drawn, not rows,
when a subject has several rows (Field and Welsh 2007, J. R. Statist. Soc. B 69): rows of one person are not independent news. A draw is
given to the measure as counts in `weight`, so nothing is copied: 1,000 draws of 7,000 rows take well under a second.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from productloop.foundation.figures import INTERVAL_LEVEL
from productloop.learning.intervals import Interval

Floats = NDArray[np.float64]
Metric = Callable[[NDArray[Any], Floats, Floats], float]
"""(outcomes, predictions, weight) -> value, as in `metrics`."""

NUM_DRAWS = 1000


def mean_interval(
    values: Floats, weight: Floats | None = None, subjects: NDArray[Any] | None = None, *, seed: int, num_draws: int = NUM_DRAWS
) -> Interval:
    """90 % interval of the (weighted) mean of (n,) values, e.g. one NDCG per subject or one difference of losses per row."""

    def mean(ignored: NDArray[Any], numbers: Floats, counts: Floats) -> float:
        return float(numbers @ counts / counts.sum()) if len(counts) else float("nan")

    return metric_interval(mean, np.zeros(len(values)), np.asarray(values), weight, subjects, seed=seed, num_draws=num_draws)


def metric_interval(
    metric: Metric,
    outcomes: NDArray[Any],
    predictions: Floats,
    weight: Floats | None = None,
    subjects: NDArray[Any] | None = None,
    *,
    seed: int,
    num_draws: int = NUM_DRAWS,
) -> Interval:
    """90 % interval of `metric(outcomes, predictions, weight)`; predictions (n,) or (n, classes). NaN where the measure is."""
    measure = _prepare(metric, outcomes, predictions)
    base = np.ones(len(outcomes)) if weight is None else np.asarray(weight, dtype=np.float64)
    draws = [measure(counts) for counts in _draw_counts(base, subjects, seed, num_draws)]
    return _percentiles(measure(base), np.array(draws))


def paired_interval(
    metric: Metric,
    outcomes: NDArray[Any],
    predictions: tuple[Floats, Floats],
    weight: Floats | None = None,
    subjects: NDArray[Any] | None = None,
    *,
    seed: int,
    num_draws: int = NUM_DRAWS,
) -> Interval:
    """90 % interval of metric(second) - metric(first) of two prediction sets on the same rows, same draws for both.

    Much narrower than the two intervals apart: what makes a row hard is hard for both.
    """
    first, second = (_prepare(metric, outcomes, one) for one in predictions)
    base = np.ones(len(outcomes)) if weight is None else np.asarray(weight, dtype=np.float64)
    draws = [second(counts) - first(counts) for counts in _draw_counts(base, subjects, seed, num_draws)]
    return _percentiles(second(base) - first(base), np.array(draws))


def _prepare(metric: Metric, outcomes: NDArray[Any], predictions: Floats) -> Callable[[Floats], float]:
    """The measure as a function of the row weights; rows sorted by score once, so that each draw sorts in linear time."""
    outcomes = np.asarray(outcomes)
    if predictions.ndim > 1:
        return lambda counts: metric(outcomes, predictions, counts)
    order = np.argsort(-predictions, kind="stable")
    ordered_outcomes, ordered_predictions = outcomes[order], predictions[order]
    return lambda counts: metric(ordered_outcomes, ordered_predictions, counts[order])


def _draw_counts(base: Floats, subjects: NDArray[Any] | None, seed: int, num_draws: int) -> Iterator[Floats]:
    """(n,) row weights of each draw: base weight times how often the row's subject was drawn."""
    generator = np.random.default_rng(seed)
    codes = np.arange(len(base)) if subjects is None else np.unique(np.asarray(subjects), return_inverse=True)[1]
    num_subjects = int(codes.max()) + 1 if len(codes) else 0
    for _ in range(num_draws if num_subjects else 0):
        counts = np.bincount(generator.integers(0, num_subjects, num_subjects), minlength=num_subjects)
        yield base * (counts if subjects is None else counts[codes])


def _percentiles(value: float, draws: Floats) -> Interval:
    """Draws in which the measure does not exist (one class only) are left out."""
    there = draws[~np.isnan(draws)]
    if np.isnan(value) or not len(there):
        return Interval(float("nan"), float("nan"), float("nan"))
    low, high = np.quantile(there, [(1 - INTERVAL_LEVEL) / 2, (1 + INTERVAL_LEVEL) / 2])
    return Interval(value, float(low), float(high))
