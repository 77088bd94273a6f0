"""How far probabilities can be taken at their word: bins with intervals, what luck alone would show, and the two curves of a ranking.

Bins are of equal width, as in the expected calibration error (Naeini, Cooper, Hauskrecht 2015, AAAI); the share that happened in a bin gets
Wilson's interval. Even a model whose every probability is right shows an error on finitely many rows: outcomes are drawn from its own
probabilities again and again (consistency resampling: Broecker and Smith 2007, Weather and Forecasting 22) and measured likewise.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from productloop.foundation.figures import INTERVAL_LEVEL
from productloop.learning.intervals import Interval, share_interval
from productloop.learning.metrics import NUM_BINS, SMALLEST_PROBABILITY, brier, ece

Floats = NDArray[np.float64]

NUM_DRAWS = 200
NUM_STEPS = 10
MIN_ROWS = 20
"""A share of fewer rows has an interval of 35 points and more."""


@dataclass(frozen=True, slots=True)
class Bin:
    """Rows with similar probabilities: their mean, the share that happened with its interval, how many."""

    predicted: float
    happened: Interval
    num_rows: int


def reliability(outcomes: NDArray[Any], scores: Floats) -> tuple[Bin, ...]:
    """Ten bins of equal width, those with fewer than 20 rows joined with their neighbour. outcomes (n,) 0 or 1, scores (n,) probabilities."""
    bins = _joined(np.minimum((scores * NUM_BINS).astype(np.intp), NUM_BINS - 1))
    found = []
    for number in np.unique(bins).tolist():
        inside = bins == number
        hits, size = int((outcomes[inside] == 1).sum()), int(inside.sum())
        found.append(Bin(float(scores[inside].mean()), share_interval(hits, size), size))
    return tuple(found)


def _joined(bins: NDArray[np.intp]) -> NDArray[np.intp]:
    """(n,) bin numbers in which every bin has at least MIN_ROWS rows, if there are as many: a small one joins the one below, the first the next."""
    while True:
        numbers, sizes = np.unique(bins, return_counts=True)
        small = np.flatnonzero(sizes < MIN_ROWS)
        if not len(small) or len(numbers) < 2:
            return bins
        place = int(small[-1])
        bins = np.where(bins == numbers[place], numbers[place - 1 if place else 1], bins)


def yes_no_log_loss(outcomes: NDArray[Any], scores: Floats) -> float:
    """Log-loss of yes/no probabilities (n,), in nats."""
    given = np.where(np.asarray(outcomes) == 1, scores, 1.0 - scores)
    return float(-np.log(np.clip(given, SMALLEST_PROBABILITY, 1.0)).mean()) if len(scores) else float("nan")


def perfect_quality(scores: Floats, seed: int) -> dict[str, Interval]:
    """What these probabilities would score if each of them were exactly right: mean and 90 % range of log_loss, brier and ece over draws."""
    random = np.random.default_rng(seed)
    measures: dict[str, Callable[[NDArray[Any], Floats], float]] = {"log_loss": yes_no_log_loss, "brier": brier, "ece": ece}
    drawn: dict[str, list[float]] = {name: [] for name in measures}
    for _ in range(NUM_DRAWS if len(scores) else 0):
        outcomes = (random.random(len(scores)) < scores).astype(np.float64)
        for name, measure in measures.items():
            drawn[name].append(measure(outcomes, scores))
    tails = ((1 - INTERVAL_LEVEL) / 2, (1 + INTERVAL_LEVEL) / 2)
    return {name: Interval(float(np.mean(one)), *(float(end) for end in np.quantile(one, tails))) for name, one in drawn.items() if one}


def found_and_right(outcomes: NDArray[Any], scores: Floats) -> tuple[tuple[float, float], ...]:
    """(share of all 1 found, share of the flagged that are 1) when the highest 10 %, 20 % ... of the ones are to be found: precision at recall."""
    order = np.argsort(-scores, kind="stable")
    hits = np.cumsum(np.asarray(outcomes)[order] == 1)
    if not len(hits) or not hits[-1]:
        return ()
    wanted = np.linspace(1 / NUM_STEPS, 1.0, NUM_STEPS)
    places = np.searchsorted(hits, np.ceil(wanted * hits[-1] - 1e-9))
    return tuple((float(one), float(hits[place] / (place + 1))) for one, place in zip(wanted, places, strict=True))


def found_and_disturbed(outcomes: NDArray[Any], scores: Floats) -> tuple[tuple[float, float], ...]:
    """(share of the 0 flagged, share of the 1 found) at 0 %, 10 % ... of the 0: the ROC curve (Fawcett 2006, Pattern Recognition Letters 27)."""
    order = np.argsort(-scores, kind="stable")
    ones = np.asarray(outcomes)[order] == 1
    hits, misses = np.cumsum(ones), np.cumsum(~ones)
    if not len(ones) or not hits[-1] or not misses[-1]:
        return ()
    allowed = np.linspace(0.0, 1.0, NUM_STEPS + 1)
    places = np.searchsorted(misses, np.floor(allowed * misses[-1] + 1e-9), side="right") - 1  # the last place with so many misses at most
    return tuple((float(one), float(hits[place] / hits[-1]) if place >= 0 else 0.0) for one, place in zip(allowed, places, strict=True))
