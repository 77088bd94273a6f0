"""The smallest difference that goes with an answer on the other side of a threshold, made of values that real rows have.

Wachter, Mittelstadt and Russell 2018 ("Counterfactual explanations without opening the black box", Harvard J. Law & Technology 31) ask for
the nearest row with another answer. Here: among the rows below the threshold that are nearest in what cannot be changed (Gower 1971,
"A general coefficient of similarity", Biometrics 27), the values of one, two or three groups of columns are taken over from one row; the
fewest groups count first, then the nearest row (after the nearest-instance and sparsity wishes of Keane and Smyth 2020, ICCBR). A pair of
categories that no row has together is never made. What comes out is a statement about the model and the people it learned from: those who
differ in this have that chance. Whether changing it would change anything is another question, which only an experiment answers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from productloop.learning.columns import Columns
from productloop.learning.reasons import ColumnGroup

Floats = NDArray[np.float64]
Chance = Callable[[Columns], Floats]

NUM_NEIGHBOURS = 40
MAX_CHANGES = 3
MAX_GROUPS = 8
"""Of the groups that can be changed, those that alone lower the answer most are combined."""


@dataclass(frozen=True, slots=True)
class Counterfactual:
    """What a row would have to differ in. `places`: columns by group; `values`: their values; `chance`: the model's answer with them."""

    groups: tuple[ColumnGroup, ...]
    values: dict[int, float]
    chance: float


def find_counterfactual(
    chance: Chance, row: Columns, people: Columns, answers: Floats, changeable: Sequence[ColumnGroup], threshold: float
) -> Counterfactual | None:
    """The smallest difference that takes one `row` to or below the threshold; None when it is there already or three changes do not do it.

    people: (n, d) real rows with their (n,) answers. changeable: groups of columns that change together.
    """
    below = np.flatnonzero(answers <= threshold)
    if not len(below) or not changeable or float(chance(row)[0]) <= threshold:
        return None
    fixed = [place for place in range(len(row.names)) if not any(place in group.places for group in changeable)]
    distance = _gower(row.values[0], people.values[below], people, fixed)
    near = below[np.argsort(distance, kind="stable")[:NUM_NEIGHBOURS]]
    together = _Together(people)
    groups = list(changeable)
    for num_changes in range(1, MAX_CHANGES + 1):
        tried = [
            (neighbour, chosen, candidate)
            for neighbour in near.tolist()
            for chosen in combinations(groups, num_changes)
            if (candidate := _changed(row, people.values[neighbour], chosen)) is not None and together.occur(candidate, chosen)
        ]
        if not tried:
            continue
        rows = Columns(np.stack([candidate for _, _, candidate in tried]), row.names, row.kinds, row.num_categories)
        found = chance(rows)
        crossing = np.flatnonzero(found <= threshold)
        if len(crossing):
            best = int(crossing[0])  # the nearest neighbour comes first, and of its changes the lowest answer
            same = [one for one in crossing.tolist() if tried[one][0] == tried[best][0]]
            best = min(same, key=lambda one: float(found[one]))
            _, chosen, candidate = tried[best]
            places = [place for group in chosen for place in group.places if _differs(row.values[0, place], candidate[place])]
            return Counterfactual(tuple(chosen), {place: float(candidate[place]) for place in places}, float(found[best]))
        if num_changes == 1:
            groups = _strongest(groups, tried, found)
    return None


def _changed(row: Columns, neighbour: Floats, chosen: tuple[ColumnGroup, ...]) -> Floats | None:
    """(d,) the row with the neighbour's values in these groups; None unless every group really changes."""
    candidate: Floats = row.values[0].copy()
    for group in chosen:
        places = list(group.places)
        if not any(_differs(candidate[place], neighbour[place]) for place in places):
            return None
        candidate[places] = neighbour[places]
    return candidate


def _differs(one: float, other: float) -> bool:
    return not (one == other or (np.isnan(one) and np.isnan(other)))


def _strongest(groups: list[ColumnGroup], tried: Sequence[tuple[int, tuple[ColumnGroup, ...], Floats]], found: Floats) -> list[ColumnGroup]:
    lowest = {
        group: min((float(value) for (_, (one,), _), value in zip(tried, found, strict=True) if one == group), default=1.0)
        for group in groups
    }
    kept = sorted(groups, key=lambda group: lowest[group])[:MAX_GROUPS]
    return [group for group in groups if group in kept]


def _gower(row: Floats, others: Floats, people: Columns, places: Sequence[int]) -> Floats:
    """(n,) mean distance over these columns: 0 or 1 for categories, the share of the range for numbers; missing against present is 1."""
    total = np.zeros(len(others))
    for place in places:
        column, value = others[:, place], row[place]
        if np.isnan(value):
            total += ~np.isnan(column)
        elif people.kinds[place] == "category":
            total += column != value
        else:
            known = people.values[:, place][~np.isnan(people.values[:, place])]
            spread = float(np.ptp(known)) if len(known) else 0.0
            total += np.where(np.isnan(column), 1.0, np.abs(column - value) / spread if spread > 0 else 0.0)
    return total


class _Together:
    """Which pairs of categories real rows have."""

    def __init__(self, people: Columns) -> None:
        self._people = people
        self._categories = np.flatnonzero(people.is_category).tolist()
        self._seen: dict[tuple[int, float], dict[int, frozenset[float]]] = {}

    def occur(self, candidate: Floats, chosen: tuple[ColumnGroup, ...]) -> bool:
        """Whether each changed category has been seen beside each other category of the candidate."""
        changed = [place for group in chosen for place in group.places if self._people.kinds[place] == "category"]
        for place in changed:
            value = float(candidate[place])
            if np.isnan(value):
                continue
            beside = self._beside(place, value)
            if any(not np.isnan(candidate[other]) and float(candidate[other]) not in beside[other] for other in self._categories):
                return False
        return True

    def _beside(self, place: int, value: float) -> dict[int, frozenset[float]]:
        if (place, value) not in self._seen:
            rows = self._people.values[self._people.values[:, place] == value]
            self._seen[place, value] = {other: frozenset(np.unique(rows[:, other]).tolist()) for other in self._categories}
        return self._seen[place, value]
