"""Which class to act on: the one whose probability times its factor is highest.

The probabilities stay calibrated; only the rule differs. Factors are found by going round the classes, each time taking the factor of a
grid with the best expected macro-F1 (Fan and Lin 2007, "A study on threshold selection for multi-label classification", for the cyclic
search; Lipton, Elkan and Naryanaswamy 2014, arXiv 1402.1892: the best threshold for F1 is half the best F1, not 1/2). Expected: a row counts
for a class by its probability, not by what happened there (the decision-theoretic way of Ye, Chai, Lee and Chieu 2012, "Optimizing
F-measures: a tale of two approaches", ICML). A threshold tuned on what happened follows the noise of few rows; probabilities that are right
on average have less of it, so that nothing need be shrunk afterwards.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

FACTORS = tuple(float(value) for value in np.exp(np.linspace(np.log(0.2), np.log(5.0), 33)))
ROUNDS = 3
MIN_GAIN = 1e-9


def decide(probabilities: Floats, factors: Floats) -> NDArray[np.intp]:
    """(n,) class codes; probabilities (n, classes), factors (classes,) positive. The lowest code on a tie."""
    return np.asarray((probabilities * factors).argmax(axis=1), dtype=np.intp)


def expected_macro_f1(probabilities: Floats, factors: Floats, weight: Floats | None = None) -> float:
    """Mean over classes of 2 expected hits / (expected rows + decided rows), if the (n, classes) probabilities are right."""
    rows = probabilities if weight is None else probabilities * weight[:, None]
    each = np.ones(len(probabilities)) if weight is None else weight
    decided, num_classes = decide(probabilities, factors), probabilities.shape[1]
    hits = np.bincount(decided, rows[np.arange(len(rows)), decided], num_classes)
    total = rows.sum(axis=0) + np.bincount(decided, each, num_classes)
    there = total > 0
    return float((2.0 * hits[there] / total[there]).mean()) if there.any() else float("nan")


def learn_factors(probabilities: Floats, weight: Floats | None = None) -> Floats:
    """(classes,) factors for macro-F1. probabilities (n, classes) calibrated, of rows the model did not see; ones where nothing helps."""
    factors = np.ones(probabilities.shape[1])
    best = expected_macro_f1(probabilities, factors, weight)
    if not np.isfinite(best):
        return factors
    rarest_first = np.argsort(probabilities.sum(axis=0), kind="stable")
    for _ in range(ROUNDS):
        for code in rarest_first[: len(factors) - 1]:  # the most frequent class is the measure of the others
            tried = []
            for factor in FACTORS:
                trial = factors.copy()
                trial[code] = factor
                tried.append(expected_macro_f1(probabilities, trial, weight))
            smooth = np.convolve(
                np.pad(tried, 2, mode="edge"), np.ones(5) / 5, mode="valid"
            )  # the middle of a plateau, not its luckiest point
            place = int(smooth.argmax())
            if smooth[place] > best + MIN_GAIN:
                factors[code], best = FACTORS[place], float(smooth[place])
    return factors
