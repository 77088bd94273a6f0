"""Which class to act on: the one whose probability times its factor is highest.

The probabilities stay calibrated; only the rule differs. Factors are found by going round the classes, each time taking the factor of a
grid with the best macro-F1 on predictions for rows the model did not see, and are shrunk by half towards 1 (in logarithms): a threshold tuned on few
rows follows their noise. (Lipton, Elkan and Naryanaswamy 2014, arXiv 1402.1892: the best threshold for F1 is half the best F1, not 1/2;
Fan and Lin 2007, "A study on threshold selection for multi-label classification", for the cyclic search.)
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from productloop.learning.metrics import macro_f1

Floats = NDArray[np.float64]

FACTORS = tuple(float(value) for value in np.exp(np.linspace(np.log(0.2), np.log(5.0), 33)))
ROUNDS = 2
KEPT = 0.75
"""Share of the logarithm of a factor that is kept; 1 would follow the noise of the rows it was found on."""
MIN_GAIN = 1e-9


def decide(probabilities: Floats, factors: Floats) -> NDArray[np.intp]:
    """(n,) class codes; probabilities (n, classes), factors (classes,) positive. The lowest code on a tie."""
    return np.asarray((probabilities * factors).argmax(axis=1), dtype=np.intp)


def learn_factors(outcomes: NDArray[Any], probabilities: Floats, weight: Floats | None = None) -> Floats:
    """(classes,) factors for macro-F1. outcomes (n,) codes, probabilities (n, classes) out of fold; ones where nothing helps."""
    factors = np.ones(probabilities.shape[1])
    best = macro_f1(outcomes, probabilities, weight)
    if not np.isfinite(best):
        return factors
    rarest_first = np.argsort(np.bincount(outcomes, minlength=len(factors)), kind="stable")
    for _ in range(ROUNDS):
        for code in rarest_first[: len(factors) - 1]:  # the most frequent class is the measure of the others
            tried = []
            for factor in FACTORS:
                trial = factors.copy()
                trial[code] = factor
                tried.append(macro_f1(outcomes, probabilities * trial, weight))
            smooth = np.convolve(
                np.pad(tried, 2, mode="edge"), np.ones(5) / 5, mode="valid"
            )  # the middle of a plateau, not its luckiest point
            place = int(smooth.argmax())
            if smooth[place] > best + MIN_GAIN:
                factors[code], best = FACTORS[place], float(smooth[place])
    return np.asarray(factors**KEPT, dtype=np.float64)
