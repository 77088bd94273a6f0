"""Class codes and base rates: how often each class happens, and what a model says about a class it never saw.

The base rate is smoothed by one imaginary row spread evenly over the classes (Perks 1947, Journal of the Institute of Actuaries 73):
a class that was not seen in n rows gets 1 / (classes * (n + 1)), never 0, so that a log-loss stays finite and a yes/no question with
only "no" so far does not promise "never".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class ClassCodes:
    """Which classes were seen in training.

    num_classes  at least 2: a yes/no question keeps its "yes" even when all rows say "no"
    present      sorted codes that were seen
    base_rates   num_classes smoothed shares, sum 1
    """

    num_classes: int
    present: tuple[int, ...]
    base_rates: tuple[float, ...]

    def compact(self, outcomes: NDArray[Any]) -> NDArray[np.intp]:
        """(n,) codes renumbered 0 .. seen - 1, as solvers want them."""
        return np.searchsorted(np.array(self.present), outcomes)

    def expand(self, probabilities: NDArray[np.float64]) -> NDArray[np.float64]:
        """(n, seen) -> (n, num_classes): an unseen class keeps its base rate, the seen ones share the rest."""
        if len(self.present) == self.num_classes:
            return probabilities
        rates, seen = np.array(self.base_rates), np.array(self.present)
        full = np.tile(rates, (probabilities.shape[0], 1))
        full[:, seen] = probabilities * rates[seen].sum()
        return full

    def constant(self, num_rows: int) -> NDArray[np.float64]:
        """(num_rows, num_classes) the base rates for everyone."""
        return np.tile(np.array(self.base_rates), (num_rows, 1))

    def describe(self) -> dict[str, Any]:
        """Ready for JSON; `classes_from` reads it back."""
        return {"num_classes": self.num_classes, "present": list(self.present), "base_rates": list(self.base_rates)}


def learn_classes(outcomes: NDArray[Any], weight: NDArray[np.float64] | None, num_classes: int = 2) -> ClassCodes:
    """Count the classes of (n,) integer outcomes, n >= 1; `num_classes` at least. Weights are read relative to their mean, so n stays the
    number of rows.
    """
    assert len(outcomes) > 0, "a model needs at least one row"
    codes = np.asarray(outcomes).astype(np.intp)
    assert codes.min() >= 0, "class codes start at 0"
    num_classes = max(2, num_classes, int(codes.max()) + 1)
    counts = np.bincount(codes, weights=even_weight(weight, len(codes)), minlength=num_classes)
    rates = (counts + 1.0 / num_classes) / (counts.sum() + 1.0)
    return ClassCodes(num_classes, tuple(int(code) for code in np.unique(codes)), tuple(float(rate) for rate in rates))


def classes_from(description: dict[str, Any]) -> ClassCodes:
    """Inverse of `ClassCodes.describe`."""
    return ClassCodes(description["num_classes"], tuple(description["present"]), tuple(description["base_rates"]))


def even_weight(weight: NDArray[np.float64] | None, num_rows: int) -> NDArray[np.float64]:
    """(n,) weights with mean 1; None means all equal."""
    if weight is None:
        return np.ones(num_rows)
    assert weight.shape == (num_rows,), f"weight must be ({num_rows},), got {weight.shape}"
    mean = float(weight.mean())
    assert float(weight.min()) >= 0, "weights must not be negative"
    assert mean > 0, "weights must not all be zero"
    return np.asarray(weight, dtype=np.float64) / mean
