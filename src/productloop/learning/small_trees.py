"""The score of one row from small trees and its exact contributions, looked up instead of computed.

The Shapley values of a tree (path-dependent, as LightGBM gives them: Lundberg and others 2020, Nature Machine Intelligence 2) depend on a row
only through which way each split sends it. A tree of at most 8 leaves has at most 7 splits, so at most 128 answers: they are all computed once,
from the expected value of the tree for every set of known features and the Shapley weights (Shapley 1953). Which way a column sends all
splits that ask for it changes only where its value passes one of their thresholds, so that is kept too, a bit a split: one row then costs a
search in each column's thresholds, one "or" over columns and two sums, a twentieth of LightGBM's time for the 960 trees that a table of a
few thousand rows gets. The score is summed in LightGBM's order and is equal to its own to the last bit. Larger trees are left to LightGBM.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bits = NDArray[np.uint8]
"""(trees,) one bit a split: whether it sends a row left."""

MAX_SPLITS = 7
ZERO = 1e-35
"""What LightGBM takes for zero where zero means missing (kZeroThreshold)."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the trees ask about one column.

    place      of the column
    first      its first row in `SmallTrees.sent`
    cuts       thresholds of numbers, rising; a value has the row of the first one that is not below it. Of categories: empty
    num_codes  of categories: codes that have a row of their own; 0 for numbers
    zeros      rows from a value's own to the one that counts where the value is zero: 0 unless zero means missing
    missing    row of NaN; of categories: of everything else
    """

    place: int
    first: int
    cuts: tuple[float, ...]
    num_codes: int
    zeros: int
    missing: int

    def row(self, value: float) -> int:
        """Position in `SmallTrees.sent` of what this value does."""
        if self.num_codes:
            return self.first + int(value) if 0 <= value < self.num_codes else self.missing
        if value != value:
            return self.missing
        found = self.first + bisect_left(self.cuts, value)
        return found + self.zeros if self.zeros and abs(value) <= ZERO else found


@dataclass(frozen=True, slots=True)
class SmallTrees:
    """All trees of a booster for yes/no questions.

    asked     columns that some split asks for
    sent      (rows of `Asked`, trees) which splits of a column send a value left
    starts    (trees,) first answer of each tree
    answers   (trees x 2 ** splits, features of a tree) contributions by which splits send the row left
    leaves    (trees x 2 ** splits,) the leaf that it then reaches
    owners    (trees x features of a tree,) the column of each of them; the number of columns where there is none
    expected  the score of an average row
    """

    asked: tuple[Asked, ...]
    sent: NDArray[np.uint8]
    starts: NDArray[np.intp]
    answers: Floats
    leaves: Floats
    owners: NDArray[np.intp]
    expected: float

    def contributions(self, row: Floats) -> Floats:
        """(d,) row -> (d + 1,) log-odds by column, the last one the score of an average row."""
        found = self.answers[self._reached(row)]
        sums = np.asarray(np.bincount(self.owners, weights=found.ravel(), minlength=len(row) + 1), dtype=np.float64)
        sums[len(row)] = self.expected
        return sums

    def score(self, row: Floats) -> float:
        """Log-odds of class 1 of a (d,) row, added tree by tree as LightGBM does."""
        return float(np.add.accumulate(self.leaves[self._reached(row)])[-1])

    def _reached(self, row: Floats) -> NDArray[np.intp]:
        values = row.tolist()
        sent: Bits = np.bitwise_or.reduce(self.sent[[one.row(values[one.place]) for one in self.asked]], axis=0)
        return self.starts + sent


@dataclass(frozen=True, slots=True)
class _Split:
    """One split of one tree: the bit it has there, its threshold (numbers) or the codes that go left, and what it does with what is missing."""

    place: int
    tree: int
    bit: int
    cut: float
    codes: frozenset[int] | None
    missing: str
    to_left: bool


def small_trees(booster: Any, num_columns: int) -> SmallTrees | None:
    """The lookup of a lightgbm.Booster, or None where a tree has more than 8 leaves, there are several scores or nothing is asked."""
    model = booster.dump_model()
    trees = [tree["tree_structure"] for tree in model["tree_info"]]
    width = max((tree["num_leaves"] for tree in model["tree_info"]), default=1) - 1
    if model["num_tree_per_iteration"] != 1 or not 1 <= width <= MAX_SPLITS:
        return None
    answers, leaves = np.zeros((len(trees), 2**width, width)), np.zeros((len(trees), 2**width))
    owners = np.full((len(trees), width), num_columns, dtype=np.intp)
    told: list[_Split] = []
    expected = 0.0
    for number, tree in enumerate(trees):
        splits = _splits(tree)
        told += [_told(split, number, bit) for bit, split in enumerate(splits)]
        features = sorted({split["split_feature"] for split in splits})
        owners[number, : len(features)] = features
        average, pushes, reached = _explained(tree, splits, features)
        expected += average
        repeated = 2 ** (width - len(splits))  # splits that a smaller tree lacks change nothing
        answers[number, :, : len(features)] = np.tile(pushes, (repeated, 1))
        leaves[number] = np.tile(reached, repeated)
    asked, sent = _columns(told, len(trees))
    starts = np.arange(len(trees), dtype=np.intp) * 2**width
    return SmallTrees(asked, sent, starts, answers.reshape(-1, width), leaves.ravel(), owners.ravel(), expected)


def _told(split: dict[str, Any], tree: int, bit: int) -> _Split:
    is_category = split["decision_type"] == "=="
    codes = frozenset(int(code) for code in str(split["threshold"]).split("||")) if is_category else None
    cut = math.nan if is_category else float(split["threshold"])
    return _Split(split["split_feature"], tree, 1 << bit, cut, codes, split["missing_type"], split["default_left"])


def _columns(splits: list[_Split], num_trees: int) -> tuple[tuple[Asked, ...], NDArray[np.uint8]]:
    """What is asked about each column, and the bits of all trees for whatever the answer can be."""
    asked, rows = list[Asked](), list[Bits]()
    for place, group in groupby(sorted(splits, key=lambda split: split.place), key=lambda split: split.place):
        own, first = list(group), len(rows)
        if own[0].codes is not None:
            num_codes = 1 + max(max(split.codes or ()) for split in own)
            rows += [_bits(num_trees, (split for split in own if code in (split.codes or ()))) for code in range(num_codes)]
            rows.append(np.zeros(num_trees, dtype=np.uint8))
            asked.append(Asked(place, first, (), num_codes, 0, len(rows) - 1))
            continue
        cuts = tuple(sorted({split.cut for split in own}))
        above = _sent_left(own, cuts, num_trees)
        by_default = _bits(num_trees, (split for split in own if split.missing == "Zero" and split.to_left))
        others = ~_bits(num_trees, (split for split in own if split.missing == "Zero"))
        zeros = len(above) if any(split.missing == "Zero" for split in own) else 0
        rows += [*above, *((bits & others) | by_default for bits in above[:zeros])]
        rows.append(_bits(num_trees, (split for split in own if (split.cut >= 0.0 if split.missing == "None" else split.to_left))))
        asked.append(Asked(place, first, cuts, 0, zeros, len(rows) - 1))
    return tuple(asked), np.stack(rows)


def _sent_left(splits: list[_Split], cuts: tuple[float, ...], num_trees: int) -> list[Bits]:
    """What numbers of one column do: those up to each threshold (and above the one before), then those above all."""
    found = [np.zeros(num_trees, dtype=np.uint8)]
    by_cut = {cut: list(group) for cut, group in groupby(sorted(splits, key=lambda split: split.cut), key=lambda split: split.cut)}
    for cut in reversed(cuts):
        found.append(found[-1] | _bits(num_trees, by_cut[cut]))
    return found[::-1]


def _bits(num_trees: int, left: Iterable[_Split]) -> Bits:
    bits = np.zeros(num_trees, dtype=np.uint8)
    for split in left:
        bits[split.tree] |= split.bit
    return bits


def _splits(node: dict[str, Any]) -> list[dict[str, Any]]:
    if "split_feature" not in node:
        return []
    return [node, *_splits(node["left_child"]), *_splits(node["right_child"])]


def _explained(tree: dict[str, Any], splits: list[dict[str, Any]], features: list[int]) -> tuple[float, Floats, Floats]:
    """Expected value of the tree; by which splits send the row left, (2 ** splits, features) contributions and (2 ** splits,) leaves."""
    patterns, known = np.arange(2 ** len(splits)), np.arange(2 ** len(features))
    order = {id(split): place for place, split in enumerate(splits)}

    def value(node: dict[str, Any]) -> Floats | float:
        """(sets of known features, patterns) mean of the leaves that are still possible, by how many rows of the training they hold."""
        if "split_feature" not in node:
            return float(node["leaf_value"])
        left, right = value(node["left_child"]), value(node["right_child"])
        share = _count(node["left_child"]) / node["internal_count"]
        sent = np.where((patterns >> order[id(node)] & 1).astype(np.bool_), left, right)
        told = (known >> features.index(node["split_feature"]) & 1).astype(np.bool_)
        return np.where(told[:, None], sent, share * left + (1 - share) * right)

    values = np.broadcast_to(np.asarray(value(tree), dtype=np.float64), (len(known), len(patterns)))
    return float(values[0, 0]), (_shapley_weights(len(features)) @ values).T, values[-1]


def _count(node: dict[str, Any]) -> int:
    return int(node["internal_count"] if "split_feature" in node else node["leaf_count"])


@lru_cache(maxsize=MAX_SPLITS + 1)
def _shapley_weights(num: int) -> Floats:
    """(features, sets): what the value of each set of known features counts in the contribution of each feature."""
    weights = np.zeros((num, 2**num))
    for one in range(num):
        for members in range(2**num):
            if not members >> one & 1:
                size = members.bit_count()
                weight = math.factorial(size) * math.factorial(num - size - 1) / math.factorial(num)
                weights[one, members | 1 << one] += weight
                weights[one, members] -= weight
    return weights
