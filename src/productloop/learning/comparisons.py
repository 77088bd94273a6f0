"""Whether two groups differ beyond chance, and what becomes of that when many comparisons are made."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


def fisher_tail(hits: int, total: int, other_hits: int, other_total: int) -> float:
    """Chance of at least `hits` of `total` if both groups have one share: Fisher's exact test, one-sided (Fisher 1934)."""
    from scipy.special import gammaln

    marked, everything = hits + other_hits, total + other_total
    seen = np.arange(hits, min(marked, total) + 1)

    def choose(n: int | NDArray[np.int64], k: int | NDArray[np.int64]) -> NDArray[np.float64]:
        return np.asarray(gammaln(np.add(n, 1)) - gammaln(np.add(k, 1)) - gammaln(np.subtract(n, k) + 1))

    # the hypergeometric tail by logarithms: importing scipy.stats would take longer than all tests together
    logs = choose(marked, seen) + choose(everything - marked, total - seen) - choose(everything, total)
    return min(1.0, float(np.exp(logs).sum()))


def holm(chances: Sequence[float]) -> list[float]:
    """Each p adjusted for all comparisons made, in the order given (Holm 1979, Scandinavian Journal of Statistics 6): step-down, no assumption."""
    adjusted = [1.0] * len(chances)
    highest = 0.0
    for rank, place in enumerate(sorted(range(len(chances)), key=lambda place: (chances[place], place))):
        highest = max(highest, min(1.0, chances[place] * (len(chances) - rank)))
        adjusted[place] = highest
    return adjusted
