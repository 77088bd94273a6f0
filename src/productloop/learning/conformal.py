"""Which texts a model may decide alone, with a promise about mistakes that needs no trust in the model.

Split conformal prediction (Vovk, Gammerman and Shafer 2005, Algorithmic Learning in a Random World, 4.2; Sadinle, Lei and Wasserman 2019, "Least
ambiguous set-valued classifiers", JASA 114): a class stays possible while its probability reaches a threshold, and the threshold is the
k-th smallest probability that the truth got on n rows the model did not learn from, k = floor(error * (n + 1)), or one half if that is
lower. For a new row like those the truth is then ruled out with a chance of at most `error`, whatever the model. A row with one possible
class is decided alone; so at most `error` of all rows are decided alone and wrongly. It holds on average over rows, not for each class or each kind of text.

Out-of-fold probabilities may be used as well (cross-conformal: Vovk 2015, Annals of Mathematics and Artificial Intelligence 74); what is
promised then is 2 * error in the worst case and about `error` in practice.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

EVEN = 0.5
"""No threshold is higher: two classes cannot both lie above it, so a lower one rules the truth out less often and leaves as few classes. Without
it, a model that is right more often than was asked for would leave what it is merely fairly sure of to people."""
ROUNDING = 1e-9
"""Keeps .05 * (99 + 1) at 5 where floating point says 4.9999."""


@dataclass(frozen=True, slots=True)
class Conformal:
    """What `conformal_threshold` found.

    threshold  a class stays possible from this probability on; 0 where the rows are too few for the promise: then nothing is decided alone
    error      the promised share of all rows, 0-1
    num_rows   rows it was found on
    share      of those rows that would be decided alone, 0-1
    wrong      of those rows that would be decided alone and wrongly, 0-1
    """

    threshold: float
    error: float
    num_rows: int
    share: float
    wrong: float

    def possible(self, probabilities: Floats) -> NDArray[np.bool_]:
        """(n, classes) whether each class is still possible."""
        return np.asarray(probabilities >= self.threshold, dtype=np.bool_)

    def alone(self, probabilities: Floats) -> NDArray[np.bool_]:
        """(n,) whether exactly one class is possible; the others are for a person."""
        return np.asarray(self.possible(probabilities).sum(axis=1) == 1, dtype=np.bool_)


def conformal_threshold(probabilities: Floats, labels: NDArray[Any], error: float) -> Conformal:
    """Threshold for a stated error. probabilities (n, classes) and labels (n,) codes of rows that did not train the model; 0 < error < 1."""
    assert 0 < error < 1, f"error must be between 0 and 1, got {error}"
    labels = np.asarray(labels, dtype=np.intp)
    given = np.sort(probabilities[np.arange(len(labels)), labels])
    rank = int(np.floor(error * (len(labels) + 1) + ROUNDING))
    threshold = min(float(given[rank - 1]), EVEN) if rank >= 1 else 0.0
    found = Conformal(threshold, error, len(labels), 0.0, 0.0)
    if len(labels) == 0:
        return found
    alone = found.alone(probabilities)
    wrong = alone & (probabilities.argmax(axis=1) != labels)
    return Conformal(threshold, error, len(labels), float(alone.mean()), float(wrong.mean()))
