"""Measures of quality, each with its definition and source; numpy only.

Names are the field's. Two shapes: for classes, `outcomes` (n,) holds codes and `probabilities` (n, classes); for yes/no questions,
`outcomes` (n,) holds 0 or 1 and `scores` (n,) the probability (or any score) of 1. `weight` (n,) is optional everywhere it makes sense and
may be counts of a bootstrap draw. Ties in a score never depend on the order of the rows: tied rows share what they would get on average.
A measure that does not exist for the data (ROC-AUC with one class) is NaN, never 0.
The ranking measures give one value per subject, so that an interval can be drawn over subjects.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

SMALLEST_PROBABILITY = 1e-15
"""Probabilities are clipped here before a logarithm; one certain mistake costs 34.5, not infinity."""
NUM_BINS = 10


def log_losses(outcomes: NDArray[Any], probabilities: Floats) -> Floats:
    """(n,) minus the natural logarithm of the probability given to what happened (Good 1952, J. R. Statist. Soc. B 14)."""
    chosen = probabilities[np.arange(len(outcomes)), np.asarray(outcomes, dtype=np.intp)]
    return np.asarray(-np.log(np.clip(chosen, SMALLEST_PROBABILITY, 1.0)), dtype=np.float64)


def log_loss(outcomes: NDArray[Any], probabilities: Floats, weight: Floats | None = None) -> float:
    """Mean of `log_losses`: 0 is perfect; the base rate gives the entropy. In nats. Lower is better."""
    return _mean(log_losses(outcomes, probabilities), weight)


def brier(outcomes: NDArray[Any], scores: Floats, weight: Floats | None = None) -> float:
    """Mean squared distance of a yes/no probability from what happened (Brier 1950, Monthly Weather Review 78). 0 is perfect."""
    return _mean((scores - outcomes) ** 2, weight)


def ece(outcomes: NDArray[Any], scores: Floats, weight: Floats | None = None) -> float:
    """Expected calibration error with ten equal-width bins (Naeini, Cooper, Hauskrecht 2015, AAAI).

    Mean over rows of |share that happened - mean probability| of the row's bin: [0, .1), ... [.9, 1]. 0 is perfect. With few rows it is
    biased upwards: noise in a bin counts as error, and a bootstrap draw adds its own, so that its interval leans upwards too.
    """
    bins = np.minimum((np.asarray(scores) * NUM_BINS).astype(np.intp), NUM_BINS - 1)
    rows = np.ones(len(bins)) if weight is None else weight
    gaps = np.bincount(bins, weights=rows * (outcomes - scores), minlength=NUM_BINS)
    return float(np.abs(gaps).sum() / rows.sum())


def roc_auc(outcomes: NDArray[Any], scores: Floats, weight: Floats | None = None) -> float:
    """Chance that a random 1 scores above a random 0, ties half (Hanley and McNeil 1982, Radiology 143). NaN with one class."""
    ones, zeros = _counts_by_score(outcomes, scores, weight)  # descending scores
    total = ones.sum() * zeros.sum()
    if total == 0:
        return float("nan")
    below = zeros.sum() - np.cumsum(zeros)
    return float((ones * (below + 0.5 * zeros)).sum() / total)


def pr_auc(outcomes: NDArray[Any], scores: Floats, weight: Floats | None = None) -> float:
    """Average precision: sum over thresholds of precision times the recall gained (Davis and Goadrich 2006, ICML: no interpolation).

    The base rate is what a random order gets. NaN without a 1.
    """
    ones, zeros = _counts_by_score(outcomes, scores, weight)
    if ones.sum() == 0:
        return float("nan")
    hits, misses = np.cumsum(ones), np.cumsum(zeros)
    precision = hits / np.maximum(hits + misses, np.finfo(float).tiny)
    return float((precision * ones).sum() / ones.sum())


def precision_at_k(outcomes: NDArray[Any], scores: Floats, k: float, weight: Floats | None = None) -> float:
    """Share of 1 among the k highest scores (Manning, Raghavan, Schutze, Introduction to Information Retrieval, 8.4).

    k: how many rows (weight, if weights are given). Rows tied at the edge count by their average. NaN for k <= 0 or no rows.
    """
    ones, zeros = _counts_by_score(outcomes, scores, weight)
    sizes = ones + zeros
    reached = min(float(k), float(sizes.sum()))
    if reached <= 0:
        return float("nan")
    taken = np.clip(reached - (np.cumsum(sizes) - sizes), 0.0, sizes)
    return float((ones * taken / np.maximum(sizes, np.finfo(float).tiny)).sum() / reached)


def lift(outcomes: NDArray[Any], scores: Floats, share: float = 0.1, weight: Floats | None = None) -> float:
    """How many times more 1 the highest `share` of rows holds than the average row (Siegel 2013). 1 = no better than chance."""
    rows = np.ones(len(outcomes)) if weight is None else weight
    rate = _mean(np.asarray(outcomes, dtype=np.float64), rows)
    if not rate > 0:
        return float("nan")
    return precision_at_k(outcomes, scores, share * float(rows.sum()), rows) / rate


def accuracy(outcomes: NDArray[Any], probabilities: Floats, weight: Floats | None = None) -> float:
    """Share of rows whose most probable class is what happened (lowest code on a tie)."""
    return _mean((probabilities.argmax(axis=1) == outcomes).astype(np.float64), weight)


def macro_f1(outcomes: NDArray[Any], probabilities: Floats, weight: Floats | None = None) -> float:
    """Mean over classes of F1 = 2 TP / (2 TP + FP + FN) of the most probable class (Opitz and Burst 2019, arXiv 1911.03347).

    Classes that neither happened nor were predicted are left out.
    """
    num_classes = probabilities.shape[1]
    truth, guess = np.asarray(outcomes, dtype=np.intp), probabilities.argmax(axis=1)
    rows = np.ones(len(truth)) if weight is None else weight
    happened, guessed = (np.bincount(codes, weights=rows, minlength=num_classes) for codes in (truth, guess))
    hits = np.bincount(truth, weights=rows * (truth == guess), minlength=num_classes)
    there = happened + guessed > 0
    return float((2 * hits[there] / (happened + guessed)[there]).mean()) if there.any() else float("nan")


def _mean(values: Floats, weight: Floats | None) -> float:
    if len(values) == 0:
        return float("nan")
    return float(values.mean()) if weight is None else float((values * weight).sum() / weight.sum())


def _counts_by_score(outcomes: NDArray[Any], scores: Floats, weight: Floats | None) -> tuple[Floats, Floats]:
    """Weight of ones and of zeros at each distinct score, highest first."""
    scores = np.asarray(scores)
    if len(scores) == 0:
        return np.zeros(0), np.zeros(0)
    order = np.argsort(-scores, kind="stable")
    ordered = scores[order]
    starts = np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]]))
    rows = np.ones(len(scores)) if weight is None else weight
    ones = np.where(np.asarray(outcomes) == 1, rows, 0.0)[order]
    return np.add.reduceat(ones, starts), np.add.reduceat(rows[order] - ones, starts)
