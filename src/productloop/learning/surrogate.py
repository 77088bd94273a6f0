"""A small decision tree that says roughly what a model says, and how roughly.

A regression tree of depth 3 learns the model's own answers (Craven and Shavlik 1996, "Extracting tree-structured representations of trained
networks", NIPS 8; Breiman and others 1984 for the tree), never the outcomes: it describes the model. Its fidelity is measured on rows that the
tree did not learn from. Categories are ordered by their mean answer first, which for one split finds the best of all subsets
(Fisher 1958, JASA 53); a missing number takes the middle value, a missing or unseen category is a category of its own. Plain tuples come
out; nothing of the library that grew the tree is kept.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from productloop.learning.columns import Columns

Floats = NDArray[np.float64]

DEPTH = 3
TEACHING_SHARE = 0.75
MIN_ROWS = 60
MIN_LEAF = 20
MIN_GAIN = 1e-6
"""Of the variance of chances: a split must say something."""
MISSING, UNSEEN = -1, -2
"""Codes of a missing and of a never seen category in a condition."""


@dataclass(frozen=True, slots=True)
class Condition:
    """One side of a split: a number above `above` and up to `up_to`, or a category among `codes`."""

    place: int
    above: float | None = None
    up_to: float | None = None
    codes: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Leaf:
    """Rows that the tree treats alike: what they have in common, the mean answer of the model for them, their share of all rows."""

    conditions: tuple[Condition, ...]
    chance: float
    share: float


@dataclass(frozen=True, slots=True)
class Surrogate:
    """The tree in words and its fidelity on `num_judged` rows that it did not learn from.

    r_squared   share of the variance of the model's answers that the tree reproduces (1 = all)
    agreement   share of rows that both put on the same side of the mean answer
    gap         mean absolute difference of the two answers, 0-1
    """

    leaves: tuple[Leaf, ...]
    r_squared: float
    agreement: float
    gap: float
    num_judged: int


def learn_surrogate(inputs: Columns, chance: Floats, seed: int) -> Surrogate | None:
    """A tree for the model's (n,) answers to `inputs`, or None with fewer than 60 rows or answers that are all alike. Highest leaf first."""
    from sklearn.tree import DecisionTreeRegressor  # heavy, and only this page needs it

    if len(inputs) < MIN_ROWS or np.ptp(chance) < 1e-9:
        return None
    order = np.random.default_rng(seed).permutation(len(inputs))
    teaching, judging = np.split(order, [round(TEACHING_SHARE * len(order))])
    ranks, codes_by_place, middles = _orders(inputs.take(teaching), chance[teaching])
    matrix = _ordered(inputs, ranks, middles)
    leaf_size = max(MIN_LEAF, len(teaching) // 100)
    grown = DecisionTreeRegressor(max_depth=DEPTH, min_samples_leaf=leaf_size, min_impurity_decrease=MIN_GAIN, random_state=0)
    tree = grown.fit(matrix[teaching], chance[teaching])
    predicted = np.asarray(tree.predict(matrix[judging]), dtype=np.float64)
    actual, middle = chance[judging], float(chance[teaching].mean())
    spread = float(((actual - actual.mean()) ** 2).sum())
    leaves = sorted(_leaves(tree.tree_, 0, (), codes_by_place), key=lambda leaf: -leaf.chance)
    return Surrogate(
        tuple(leaves),
        r_squared=1.0 - float(((actual - predicted) ** 2).sum()) / spread if spread > 0 else 0.0,
        agreement=float(((actual > middle) == (predicted > middle)).mean()),
        gap=float(np.abs(actual - predicted).mean()),
        num_judged=len(judging),
    )


def _orders(inputs: Columns, chance: Floats) -> tuple[dict[int, dict[int, int]], dict[int, tuple[int, ...]], Floats]:
    """(code -> rank by mean answer and rank -> code for each category column, (d,) middle value of each number)."""
    ranks: dict[int, dict[int, int]] = {}
    ordered: dict[int, tuple[int, ...]] = {}
    middles = np.zeros(inputs.values.shape[1])
    for place, kind in enumerate(inputs.kinds):
        values = inputs.values[:, place]
        if kind == "number":
            known = values[~np.isnan(values)]
            middles[place] = float(np.median(known)) if len(known) else 0.0
            continue
        codes = _plain_codes(values, inputs.num_categories[place])
        found, where = np.unique(codes, return_inverse=True)
        means = np.bincount(where, chance) / np.bincount(where)
        by_mean = found[np.lexsort((found, means))]
        ordered[place] = tuple(int(code) for code in by_mean)
        ranks[place] = {code: rank for rank, code in enumerate(ordered[place])}
    return ranks, ordered, middles


def _plain_codes(values: Floats, size: int) -> NDArray[np.int64]:
    missing = np.isnan(values)
    whole = np.where(missing, 0, values).astype(np.int64)
    return np.where(missing, MISSING, np.where((whole < 0) | (whole >= size), UNSEEN, whole))


def _ordered(inputs: Columns, ranks: dict[int, dict[int, int]], middles: Floats) -> Floats:
    """(n, d) numbers as they are and categories as ranks; a category that the tree never saw stands in the middle."""
    matrix = np.where(np.isnan(inputs.values), middles, inputs.values)
    for place, by_code in ranks.items():
        codes = _plain_codes(inputs.values[:, place], inputs.num_categories[place])
        matrix[:, place] = [by_code.get(int(code), (len(by_code) - 1) / 2) for code in codes]
    return matrix


def _leaves(tree: Any, node: int, path: tuple[Condition, ...], codes: dict[int, tuple[int, ...]]) -> list[Leaf]:
    left, right = int(tree.children_left[node]), int(tree.children_right[node])
    if left == right:
        return [Leaf(path, float(tree.value[node].ravel()[0]), float(tree.n_node_samples[node] / tree.n_node_samples[0]))]
    place, cut = int(tree.feature[node]), float(tree.threshold[node])
    found = []
    for child, is_left in ((left, True), (right, False)):
        if place in codes:
            side = tuple(code for rank, code in enumerate(codes[place]) if (rank <= cut) == is_left)
            step = Condition(place, codes=side)
        else:
            step = Condition(place, up_to=cut) if is_left else Condition(place, above=cut)
        found += _leaves(tree, child, _joined(path, step), codes)
    return found


def _joined(path: tuple[Condition, ...], step: Condition) -> tuple[Condition, ...]:
    """The path with one more step; two steps on one column become one."""
    for number, before in enumerate(path):
        if before.place == step.place:
            if step.codes:
                both = replace(before, codes=tuple(code for code in before.codes if code in step.codes))
            else:
                above = step.above if step.above is not None else before.above
                both = replace(before, above=above, up_to=step.up_to if step.up_to is not None else before.up_to)
            return (*path[:number], both, *path[number + 1 :])
    return (*path, step)
