"""Intervals that stay valid however often one looks while an experiment runs.

The asymptotic confidence sequence of Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas (2024), "Time-uniform central limit theory and
asymptotic confidence sequences", Annals of Statistics 52, theorem 2.2: the normal mixture of Robbins (1970), the same boundary as the
mixture SPRT of Johari, Koomen, Pekelis and Walsh (2022) and as the two-sided normal mixture of Howard, Ramdas, McAuliffe and Sekhon (2021).
With n people, s the standard error of the estimate and r = n rho^2:  half = s sqrt(2 (r + 1) / r  log(sqrt(r + 1) / alpha)).
rho is chosen so that the interval is tightest near PLANNED people (their equation 16), a number fixed beforehand: one that depends on the
data would break the promise.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from productloop.foundation.figures import INTERVAL_LEVEL

PLANNED = 2_000
"""People at which the interval is tightest against its fixed counterpart; ten times more or fewer cost about a tenth of the width."""


def always_valid_half(
    standard_error: ArrayLike, num_people: ArrayLike, level: float = INTERVAL_LEVEL, planned: int = PLANNED
) -> NDArray[np.float64]:
    """Half-widths (...) of the interval at `num_people` (...) in all groups; infinite without people.

    Raises ValueError for a level outside 0..1.
    """
    if not 0 < level < 1:
        raise ValueError(f"level must lie between 0 and 1, not {level}")
    alpha = 1 - level
    people: NDArray[Any] = np.asarray(num_people, dtype=np.float64)
    reach = -2 * math.log(alpha)
    scaled = people * (reach + math.log(reach) + 1) / planned
    with np.errstate(divide="ignore", invalid="ignore"):
        wide = np.sqrt(2 * (scaled + 1) / scaled * np.log(np.sqrt(scaled + 1) / alpha))
    return np.asarray(np.where(people > 0, np.asarray(standard_error, dtype=np.float64) * wide, np.inf))
