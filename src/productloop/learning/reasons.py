"""Reasons: which things about a row moved its score most, said once each.

A model spreads one fact over all columns that carry it (tenure and total charges say the same), so contributions are summed within groups
of columns that mean the same before they are ranked: for exact Shapley values and for a linear score such sums are again exact
(additivity; Lundberg and Lee 2017, NeurIPS). Groups come from the person who knows the columns, and from number columns whose Spearman
rank correlation (1904) on the training rows is above .9 in size.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from productloop.learning.columns import Columns

Floats = NDArray[np.float64]

SAME_MEANING = 0.9
MIN_ROWS = 30
"""Below this a rank correlation is no ground for merging columns (its standard error is about 1 / sqrt(n))."""


@dataclass(frozen=True, slots=True)
class ColumnGroup:
    """Columns that say the same. `name` is the given one, else that of the first column; `places` are positions in the columns."""

    name: str
    places: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason of one row. `contribution` in the model's score (log-odds): above 0 raises the risk.

    `place` and `value`: the column of the group that moved the score most, and its encoded value in this row (NaN: missing).
    """

    group: str
    contribution: float
    place: int
    value: float


def group_columns(columns: Columns, given: Mapping[str, str] | None = None) -> tuple[ColumnGroup, ...]:
    """Every column in exactly one group, in the order of the columns.

    given: column name -> group name. Other number columns join by |Spearman| > .9 among themselves; a chain of such pairs is one group.
    """
    given = given or {}
    free = [place for place, kind in enumerate(columns.kinds) if kind == "number" and columns.names[place] not in given]
    leader = list(range(len(columns.names)))  # first column of each column's group
    correlation = np.abs(spearman(columns.values[:, free]))
    for second in range(len(free)):
        for first in range(second):
            if correlation[first, second] > SAME_MEANING:
                kept, joined = sorted((leader[free[first]], leader[free[second]]))
                leader = [kept if one == joined else one for one in leader]
    names = [given.get(name, columns.names[leader[place]]) for place, name in enumerate(columns.names)]
    keys = [(name in given, names[place]) for place, name in enumerate(columns.names)]  # a given name never swallows a free column
    return tuple(ColumnGroup(key[1], tuple(place for place, other in enumerate(keys) if other == key)) for key in dict.fromkeys(keys))


def explain(contributions: Floats, columns: Columns, groups: Sequence[ColumnGroup], num_reasons: int = 3) -> list[tuple[Reason, ...]]:
    """The strongest groups of each row, by size of contribution, strongest first; zero contributions are no reason.

    contributions: (n, d) or (n, d + 1) with the average score last, as `Explained.contributions` gives for two classes.
    """
    members = group_members(groups)
    parts = contributions[:, : len(members)]
    rows = zip((parts @ members).tolist(), parts.tolist(), columns.values.tolist(), strict=True)
    return [strongest(sums, own, values, groups, num_reasons) for sums, own, values in rows]


def strongest(
    sums: Sequence[float], parts: Sequence[float], values: Sequence[float], groups: Sequence[ColumnGroup], num_reasons: int
) -> tuple[Reason, ...]:
    """The strongest groups of one row, as `explain`.

    sums: what each group contributes. parts, values: what each column contributes, and its encoded value. Plain numbers: for one row they
    are faster than arrays.
    """
    reasons = []
    for number in sorted(range(len(sums)), key=lambda one: -abs(sums[one]))[:num_reasons]:
        if sums[number] == 0:
            break
        place = max(groups[number].places, key=lambda one: abs(parts[one]))
        reasons.append(Reason(groups[number].name, sums[number], place, values[place]))
    return tuple(reasons)


def group_members(groups: Sequence[ColumnGroup]) -> Floats:
    """(d, groups) 1 where a column belongs to a group: contributions times this are what each group contributes."""
    members = np.zeros((sum(len(group.places) for group in groups), len(groups)))
    for number, group in enumerate(groups):
        members[group.places, number] = 1.0
    return members


def spearman(values: Floats) -> Floats:
    """(d, d) rank correlations of (n, d) columns over the rows where both are present; 0 where it does not exist or n < 30."""
    width = values.shape[1]
    result = np.eye(width)
    for second in range(width):
        for first in range(second):
            both = ~np.isnan(values[:, [first, second]]).any(axis=1)
            if both.sum() >= MIN_ROWS:
                one, two = (_ranks(values[both, place]) for place in (first, second))
                spread = float(np.sqrt((one @ one) * (two @ two)))
                result[first, second] = result[second, first] = float(one @ two) / spread if spread > 0 else 0.0
    return result


def _ranks(values: Floats) -> Floats:
    """(n,) ranks centred on 0; tied values share their mean rank."""
    _, places, counts = np.unique(values, return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    ranks = (ends - (counts - 1) / 2.0)[places]
    return np.asarray(ranks - ranks.mean(), dtype=np.float64)
