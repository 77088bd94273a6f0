"""Counted rules: groups whose share with the outcome differs from everybody else's, without a model.

For few results, or where no model is better than the overall rate. Groups are the values of category columns and the thirds of number
columns. A group is named when the 90 % interval of the difference (Newcombe 1998) still excludes 0 after Bonferroni over all groups.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from productloop.learning.columns import Columns
from productloop.learning.intervals import difference_interval

MIN_ROWS = 10
MAX_RULES = 6
LEVEL = 0.90


@dataclass(frozen=True, slots=True)
class Group:
    """Rows of one value (`place` of the column, category `code`) or between two numbers."""

    place: int
    code: int | None
    low: float | None
    high: float | None
    hits: int
    num_rows: int
    other_hits: int
    num_others: int


def count_rules(columns: Columns, happened: NDArray[np.bool_]) -> list[Group]:
    """Groups that clearly differ, largest difference first; at most one group a column."""
    groups = [group for group in _groups(columns, happened) if min(group.num_rows, group.num_others) >= MIN_ROWS]
    level = 1 - (1 - LEVEL) / max(1, len(groups))
    found: dict[int, tuple[float, Group]] = {}
    for group in groups:
        gap = difference_interval(group.hits, group.num_rows, group.other_hits, group.num_others, level)
        if gap.low > 0 or gap.high < 0:
            sure = max(gap.low, -gap.high)
            if group.place not in found or sure > found[group.place][0]:
                found[group.place] = (sure, group)
    ordered = sorted(found.values(), key=lambda pair: (-pair[0], pair[1].place))
    return [group for _, group in ordered[:MAX_RULES]]


def _groups(columns: Columns, happened: NDArray[np.bool_]) -> Iterator[Group]:
    for place, kind in enumerate(columns.kinds):
        values = columns.values[:, place]
        if kind == "category":
            for code in range(columns.num_categories[place]):
                yield _group(place, code, None, None, values == code, happened)
            continue
        present = values[~np.isnan(values)]
        if len(present) == 0:
            continue
        low, high = (float(edge) for edge in np.quantile(present, [1 / 3, 2 / 3], method="inverted_cdf"))
        if low == high:
            yield _group(place, None, high, None, values > high, happened)
            yield _group(place, None, None, high, values <= high, happened)
        else:
            yield _group(place, None, None, low, values <= low, happened)
            yield _group(place, None, high, None, values > high, happened)


def _group(
    place: int, code: int | None, low: float | None, high: float | None, inside: NDArray[np.bool_], happened: NDArray[np.bool_]
) -> Group:
    hits, size = int((inside & happened).sum()), int(inside.sum())
    return Group(place, code, low, high, hits, size, int(happened.sum()) - hits, len(happened) - size)
