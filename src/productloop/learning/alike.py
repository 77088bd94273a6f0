"""Which rows are alike: Gower's distance between rows of mixed columns, and a change of level beside the changes of those alike.

Distance: Gower (1971), "A general coefficient of similarity and some of its properties", Biometrics 27: the mean over columns of the
difference on a scale from 0 to 1, columns missing in either row left out. Numbers are compared by their rank among all rows (a customer of
3 and one of 30 actions differ more than one of 300 and 330), categories are equal or not. Columns that say the same count once together.

Change of level: counts before and after a moment; given both together the count after is binomial with the share that those alike show
(the conditional test of two Poisson rates, Przyborowski and Wilenski 1940, Biometrika 31). People vary more than Poisson says, so the same
number is computed for everyone alike (placebo tests in space: Abadie, Diamond and Hainmueller 2010, Journal of the American Statistical
Association 105): p is the share of them with one at least as large, and the interval is widened until it holds nine in ten of theirs. A change
larger than all of theirs has the tail of the normal distribution on their scale: forty customers alike could not show a p below .025 else.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from productloop.foundation.figures import INTERVAL_LEVEL
from productloop.learning.columns import Columns
from productloop.learning.intervals import Interval

Floats = NDArray[np.float64]
MIN_PLACEBOS = 19
"""Fewer of those alike cannot show that something happens less often than once in twenty."""


def distances(rows: Columns, one: Columns, groups: Mapping[str, str]) -> Floats:
    """(n,) Gower's distance of each row from the single row `one`, 0 to 1; NaN where no column is known in both.

    groups: column -> name of what it says; columns of one group weigh as one column.
    """
    assert len(one) == 1
    weight_of: dict[str, int] = {}
    for name in rows.names:
        weight_of[groups.get(name, name)] = weight_of.get(groups.get(name, name), 0) + 1
    total, weights = np.zeros(len(rows)), np.zeros(len(rows))
    for place, (name, kind) in enumerate(zip(rows.names, rows.kinds, strict=True)):
        column, mine = rows.values[:, place], one.values[0, place]
        if math.isnan(mine):
            continue
        known = ~np.isnan(column)
        apart = (column != mine).astype(np.float64) if kind == "category" else _rank_distance(column, float(mine), known)
        weight = 1.0 / weight_of[groups.get(name, name)]
        total[known] += weight * apart[known]
        weights[known] += weight
    return np.where(weights > 0, total / np.maximum(weights, 1e-12), np.nan)


def _rank_distance(column: Floats, mine: float, known: NDArray[np.bool_]) -> Floats:
    """|difference of mid-ranks| as a share of the known rows."""
    ordered = np.sort(column[known])

    def rank(values: Floats | float) -> Floats:
        return np.asarray((np.searchsorted(ordered, values, "left") + np.searchsorted(ordered, values, "right")) / 2)

    apart = np.zeros(len(column))
    if len(ordered):
        apart[known] = np.abs(rank(column[known]) - rank(mine)) / len(ordered)
    return apart


@dataclass(frozen=True, slots=True)
class LevelChange:
    """How many times as much as before, beside what those alike did in the same time."""

    ratio: Interval
    """Own ratio after to before divided by that of those alike: 1 = moved as they did."""
    common: float
    """Ratio after to before of those alike together."""
    p: float
    """Share of those alike whose change is at least as large; where it is larger than all of theirs, the normal tail on their scale."""
    num_alike: int


def level_change(
    before: Floats, after: Floats, alike_before: Floats, alike_after: Floats, level: float = INTERVAL_LEVEL
) -> LevelChange | None:
    """The change of one row. before, after: scalars as (1,) arrays of counts; alike_*: (m,) counts of those alike in the same two spans.

    None with fewer than MIN_PLACEBOS alike that did anything, or when nothing was counted.
    """
    seen = alike_before + alike_after > 0
    earlier, later = alike_before[seen], alike_after[seen]
    own = float(before[0] + after[0])
    if int(seen.sum()) < MIN_PLACEBOS or own == 0 or earlier.sum() == 0 or later.sum() == 0:
        return None
    common = float(later.sum() / earlier.sum())
    share = common / (1 + common)

    def standardised(first: Floats, second: Floats) -> Floats:
        total = first + second
        return np.asarray((second - total * share) / np.sqrt(total * share * (1 - share)))

    placebos = np.abs(standardised(earlier, later))
    size = abs(float(standardised(before, after)[0]))
    quantile = NormalDist().inv_cdf(0.5 + level / 2)
    wider = max(1.0, float(np.quantile(placebos, level)) / quantile)
    num_larger = int((placebos >= size - 1e-12).sum())
    p = (1 + num_larger) / (1 + len(placebos))
    if num_larger == 0:
        p = min(p, math.erfc(size / wider / math.sqrt(2)))
    b, a = float(before[0]) + 0.5, float(after[0]) + 0.5
    centre, half = math.log(a / b / common), quantile * wider * math.sqrt(1 / a + 1 / b)
    value = float(after[0]) / float(before[0]) / common if before[0] > 0 else math.inf
    low = 0.0 if after[0] == 0 else math.exp(centre - half)
    high = math.inf if before[0] == 0 else math.exp(centre + half)
    return LevelChange(Interval(value, min(low, value), max(high, value)), common, p, len(placebos))
