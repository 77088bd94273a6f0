"""Small gradient-boosted trees by LightGBM: the best single model on tables of thousands of rows, if it is kept small and a little random.

The library's defaults (31 leaves, rate .1) overfit tables of this size. Three things help, and were chosen on tables that no report shows
(docs/benchmarks.md): each tree sees a random .6 of the rows (Friedman 2002, "Stochastic gradient boosting", Computational Statistics & Data
Analysis 38), each split tries one random threshold per column (Geurts, Ernst, Wehenkel 2006, "Extremely randomized trees", Machine Learning
63), and a category is split one against the rest (LightGBM, `max_cat_to_onehot`; its other way leaves categories under 100 rows unused). How
many trees, and of how many leaves, is chosen by log-loss on folds inside training (`grow_out_of_fold`). Missing values have a side of their own. Contributions
are exact Shapley values of the trees (Lundberg and others 2020, Nature Machine Intelligence 2), computed inside LightGBM.
Deterministic: one thread, row-wise histograms, rows sorted by content first.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from productloop.learning.classes import ClassCodes, classes_from, even_weight, learn_classes
from productloop.learning.columns import Columns
from productloop.learning.logistic import check_columns, constant_contributions, pool, probabilities, spread_contributions
from productloop.learning.metrics import log_loss
from productloop.learning.model import Recipe
from productloop.learning.small_trees import SmallTrees, small_trees
from productloop.learning.splitting import Split
from productloop.learning.wording import BOOSTING_TITLE

Floats = NDArray[np.float64]

NUM_TREES = 250
PARAMETERS: dict[str, Any] = {
    "num_leaves": 7,
    "learning_rate": 0.03,
    "deterministic": True,
    "force_row_wise": True,  # the other layout is chosen by timing, which is not deterministic
    "num_threads": 1,
    "feature_pre_filter": False,
    "verbosity": -1,
}
"""What other models of trees start from."""
BAGGED: dict[str, Any] = {"bagging_fraction": 0.6, "bagging_freq": 1, "max_cat_to_onehot": 64}
MANY_ROWS = 10_000
RATE, FAST_RATE = 0.05, 0.1
"""What one tree adds. With many rows the sizes are compared at twice the rate and half the trees, to save time."""
NUM_BAGS, FEW_BAGS = 4, 2
"""Models of different draws of rows that are averaged (Breiman 1996, "Bagging predictors", Machine Learning 24); the fewer with many rows."""
MOST_TREES = 1_000
"""Fewer models are averaged where they would have more trees together: one row has to be scored and explained in about a millisecond."""
NUM_LEAVES, MANY_LEAVES = (7, 15, 31), (15,)
"""Leaves per tree tried, fewest first; larger ones only while they help."""
CHECKPOINTS = (30, 60, 90, 120, 160, 200, 250, 300, 400, 500, 600, 800, 1000)
"""Numbers of trees compared; growing stops when the loss has not fallen for two of them."""
PATIENCE = 2
SHARES = (0.5, 0.25, 0.75)
"""Shares of the trees with random thresholds tried beside all and none of them."""
JSON_FILE, TREES_FILE = "boosting.json", "boosting.txt"
LARGEST_EXPONENT = 700.0
"""exp of more has no double."""
SINGLE_ROWS = 3
"""Single rows explained before a lookup is made for them."""


@dataclass(frozen=True, slots=True)
class Part:
    """Trees of one kind: how many, how big, how their thresholds are found, and their share of the score."""

    num_leaves: int = 7
    num_trees: int = 150
    is_random: bool = True
    share: float = 1.0


SMALL: tuple[Part, ...] = (Part(),)
"""Where nothing is compared."""


class BoostingModel:
    """A few hundred tiny trees, summed."""

    parts: tuple[Part, ...]
    classes: ClassCodes
    columns: dict[str, Any]
    booster: Any
    """lightgbm.Booster, or None when only one class was seen: then everyone gets the base rates."""
    _num_single: int
    _small: SmallTrees | None

    def __init__(self, parts: tuple[Part, ...] = SMALL) -> None:
        """`parts`: what is grown; their shares sum to 1."""
        self.parts = parts
        self._num_single, self._small = 0, None

    def fit(self, inputs: Columns, outcomes: NDArray[Any], weight: Floats | None, seed: int) -> None:
        """Grow the trees. (n,) integer outcomes."""
        weight = even_weight(weight, len(inputs))
        order = inputs.canonical_order(outcomes, weight)
        inputs, outcomes, weight = inputs.take(order), np.asarray(outcomes, dtype=np.intp)[order], weight[order]
        self.classes, self.columns, self.booster = learn_classes(outcomes, weight), inputs.describe(), None
        self._num_single, self._small = 0, None
        if len(self.classes.present) < 2:
            return
        num_scores = 1 if len(self.classes.present) == 2 else len(self.classes.present)
        num_bags = count_bags([part.num_trees * num_scores for part in self.parts], NUM_BAGS if len(inputs) <= MANY_ROWS else FEW_BAGS)
        grown, shares = [], []
        for part, num in zip(self.parts, num_bags, strict=True):
            for bag in range(num):
                booster = start(inputs, outcomes, weight, part, RATE, seed + bag)
                for _ in range(part.num_trees):
                    if booster.update():  # no split is left to make
                        break
                grown.append(booster)
                shares.append(part.share / num)
        self.booster = merge(grown, shares)

    def predict(self, inputs: Columns) -> Floats:
        """(n, classes) probabilities. Raises DataProblem for other columns than those of the training."""
        check_columns(self.columns, inputs)
        if self.booster is None:
            return self.classes.constant(len(inputs))
        if not len(inputs):
            return np.empty((0, self.classes.num_classes))
        if len(inputs) == 1 and self._small is not None:
            one = 1.0 / (1.0 + math.exp(min(-self._small.score(inputs.values[0]), LARGEST_EXPONENT)))  # as LightGBM computes it
            return np.array([[1.0 - one, one]])
        predicted = np.asarray(self.booster.predict(known_codes(inputs), num_threads=1), dtype=np.float64)
        if predicted.ndim == 1:
            predicted = np.stack([1.0 - predicted, predicted], axis=1)
        return self.classes.expand(predicted)

    def contributions(self, inputs: Columns) -> Floats:
        """(n, d + 1) log-odds of class 1, or (n, classes, d + 1) for more than two classes; see `Explained`."""
        check_columns(self.columns, inputs)
        if self.booster is None or not len(inputs):
            return constant_contributions(self.classes, inputs)
        if len(inputs) == 1 and (small := self._lookup(len(inputs.names))) is not None:
            return small.contributions(inputs.values[0])[None]
        parts = np.asarray(self.booster.predict(known_codes(inputs), pred_contrib=True, num_threads=1), dtype=np.float64)
        if self.classes.num_classes == 2:
            return parts
        width = inputs.values.shape[1] + 1
        return spread_contributions(self.classes, parts.reshape(len(inputs), -1, width))

    def _lookup(self, num_columns: int) -> SmallTrees | None:
        """Made when single rows keep coming, as in a server: it takes about a second, and a row a tenth of the time afterwards."""
        self._num_single += 1
        if self._num_single == SINGLE_ROWS and self.classes.num_classes == 2:
            self._small = small_trees(self.booster, num_columns)
        return self._small

    def save(self, folder: Path) -> None:
        """Write boosting.json and, when something was learned, boosting.txt (LightGBM's own text form)."""
        content = {
            "classes": self.classes.describe(),
            "columns": self.columns,
            "learned": self.booster is not None,
            "parts": [asdict(part) for part in self.parts],
        }
        (folder / JSON_FILE).write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
        if self.booster is not None:  # LightGBM counts bytes: no translation of line ends
            (folder / TREES_FILE).write_text(self.booster.model_to_string(), encoding="utf-8", newline="\n")

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read what `save` wrote."""
        content = json.loads((folder / JSON_FILE).read_text(encoding="utf-8"))
        model = cls(tuple(Part(**part) for part in content["parts"]))
        model.classes, model.columns, model.booster = classes_from(content["classes"]), content["columns"], None
        if content["learned"]:
            import lightgbm  # heavy

            model.booster = lightgbm.Booster(model_str=(folder / TREES_FILE).read_bytes().decode("utf-8"))
        return model


@dataclass(frozen=True, slots=True)
class Grown:
    """Parts, and the (n, classes) predictions of them for rows that did not train; NaN where no fold judges."""

    parts: tuple[Part, ...]
    predictions: Floats


def grow_out_of_fold(inputs: Columns, outcomes: NDArray[np.intp], weight: Floats, folds: Sequence[Split], seed: int) -> Grown:
    """Trees with random and with searched thresholds, each as big as helps, and the share of each in the sum of both.

    The predictions for a fold belong to the parts chosen on the other folds: else the best of some fifty tries looks better than it is
    beside a recipe with few tries. The parts are those chosen on all folds.
    """
    judged = np.unique(np.concatenate([split.test for split in folds]))
    kinds = [_grow_kind(inputs, outcomes, weight, folds, is_random, seed) for is_random in (True, False)]
    predictions = np.full_like(kinds[0][0].predictions, np.nan)
    for split in folds:
        others = np.setdiff1d(judged, split.test)
        chosen = _choose(kinds, outcomes, weight, others if len(others) else judged)
        predictions[split.test] = chosen.predictions[split.test]
    return Grown(_choose(kinds, outcomes, weight, judged).parts, predictions)


def _choose(kinds: Sequence[Sequence[Grown]], outcomes: NDArray[np.intp], weight: Floats, rows: NDArray[np.intp]) -> Grown:
    """The best of each kind on these rows, alone or both together."""

    def loss(one: Grown) -> float:
        return log_loss(outcomes[rows], one.predictions[rows], weight[rows])

    first, second = (min(kind, key=loss) for kind in kinds)
    tries = [first, second]
    for share in SHARES:
        parts = (replace(first.parts[0], share=share), replace(second.parts[0], share=1.0 - share))
        tries.append(Grown(parts, pool(second.predictions, first.predictions, share)))
    return min(tries, key=loss)


def _grow_kind(
    inputs: Columns, outcomes: NDArray[np.intp], weight: Floats, folds: Sequence[Split], is_random: bool, seed: int
) -> list[Grown]:
    """Grow trees on each fold side by side, and stop when the pooled log-loss of the judged rows falls no more; larger trees while they help."""
    judged = np.unique(np.concatenate([split.test for split in folds]))
    found, lowest = list[Grown](), np.inf
    is_many = len(inputs) > MANY_ROWS
    rate = FAST_RATE if is_many else RATE
    for num_leaves in MANY_LEAVES if is_many else NUM_LEAVES:
        part, without_gain, least = Part(num_leaves, 0, is_random), 0, np.inf
        members = [_Member(inputs, outcomes, weight, split, part, rate, seed) for split in folds]
        for num_trees in CHECKPOINTS:
            predicted = np.full((len(inputs), members[0].num_classes), np.nan)
            for member in members:
                predicted[member.test] = member.grow(num_trees)
            found.append(Grown((replace(part, num_trees=round(num_trees * rate / RATE)),), predicted))
            loss = log_loss(outcomes[judged], predicted[judged], weight[judged])
            without_gain, least = (0, loss) if loss < least else (without_gain + 1, least)
            if without_gain == PATIENCE:
                break
        if least >= lowest:
            break
        lowest = least
    return found


class _Member:
    """One fold's booster, grown step by step; the scores of the judged rows are kept, so that each tree is asked once."""

    def __init__(
        self, inputs: Columns, outcomes: NDArray[np.intp], weight: Floats, split: Split, part: Part, rate: float, seed: int
    ) -> None:
        self.test = split.test
        self._classes = learn_classes(outcomes[split.train], weight[split.train], int(outcomes.max()) + 1)
        self.num_classes = self._classes.num_classes
        self._values, self._num_trees = known_codes(inputs.take(split.test)), 0
        self._scores: Any = 0.0
        self._booster: Any = None
        if len(self._classes.present) >= 2:
            self._booster = start(inputs.take(split.train), outcomes[split.train], weight[split.train], part, rate, seed)

    def grow(self, num_trees: int) -> Floats:
        """(judged rows, classes) probabilities with that many trees."""
        if self._booster is None:
            return self._classes.constant(len(self.test))
        more = num_trees - self._num_trees
        for _ in range(more):
            if self._booster.update():
                break
        grown = self._booster.predict(self._values, start_iteration=self._num_trees, num_iteration=more, raw_score=True, num_threads=1)
        self._scores, self._num_trees = self._scores + np.asarray(grown, dtype=np.float64), num_trees
        scores = self._scores[:, None] if self._scores.ndim == 1 else self._scores
        return self._classes.expand(probabilities(scores))


def count_bags(num_trees: Sequence[int], most: int) -> list[int]:
    """How many draws of rows each part gets, at least one, at most `most`: as many as make `MOST_TREES` together, evenly, small parts first.

    A part of a few large trees varies most from draw to draw and costs few trees to draw again.
    """
    num_bags = [1] * len(num_trees)
    while True:
        total = sum(bags * num for bags, num in zip(num_bags, num_trees, strict=True))
        open_to = [place for place, num in enumerate(num_trees) if num_bags[place] < most and total + num <= MOST_TREES]
        if not open_to:
            return num_bags
        num_bags[min(open_to, key=lambda place: (num_bags[place], num_trees[place]))] += 1


def start(inputs: Columns, outcomes: NDArray[np.intp], weight: Floats, part: Part, rate: float, seed: int) -> Any:
    """A lightgbm.Booster without a tree, over these rows."""
    import lightgbm  # heavy

    classes = learn_classes(outcomes, weight)
    num_seen = len(classes.present)
    objective = {"objective": "binary"} if num_seen == 2 else {"objective": "multiclass", "num_class": num_seen}
    own = {"num_leaves": part.num_leaves, "extra_trees": part.is_random, "learning_rate": rate}
    parameters = {**PARAMETERS, **BAGGED, **objective, **own, "seed": seed % 2**31}
    data = lightgbm.Dataset(
        known_codes(inputs),
        label=classes.compact(outcomes),
        weight=weight,
        categorical_feature=np.flatnonzero(inputs.is_category).tolist(),
        params=parameters,
    )
    return lightgbm.Booster(parameters, data)


def merge(boosters: Sequence[Any], shares: Sequence[float]) -> Any:
    """One lightgbm.Booster whose score is the weighted sum of the scores of these; opened from its saved form, so that before and after are equal.

    Works on LightGBM's text form: the trees stand one after the other, and the values of leaves (and of nodes, which explanations may use)
    are multiplied by their share. The line `tree_sizes` only serves to read in parallel and is left out.
    """
    import lightgbm  # heavy

    texts = [booster.model_to_string() for booster in boosters]
    head = "\n".join(line for line in texts[0].partition("\nTree=0\n")[0].split("\n") if not line.startswith("tree_sizes="))
    trees: list[str] = []
    for text, share in zip(texts, shares, strict=True):
        body = text.partition("\nTree=0\n")[2].partition("\nend of trees")[0]
        for tree in re.split(r"\nTree=\d+\n", body):
            trees.append(f"Tree={len(trees)}\n" + VALUES.sub(partial(_scaled, share), tree.strip("\n")) + "\n\n")
    rest = texts[0].partition("\nend of trees")[2]
    return lightgbm.Booster(model_str=f"{head}\n\n" + "\n".join(trees) + "\n\nend of trees" + rest)


VALUES = re.compile(r"^(leaf_value|internal_value)=(.*)$", re.MULTILINE)


def _scaled(share: float, found: re.Match[str]) -> str:
    values = " ".join(repr(float(value) * share) for value in found[2].split())
    return f"{found[1]}={values}"


def known_codes(inputs: Columns) -> Floats:
    """(n, d) values in which a code outside its column's sizes is missing: LightGBM would send it to the "all others" side."""
    is_category = inputs.is_category
    if not is_category.any():
        return inputs.values
    sizes = np.where(is_category, np.array(inputs.num_categories), np.inf)
    outside = is_category & ((inputs.values < 0) | (inputs.values >= sizes))
    return np.where(outside, np.nan, inputs.values) if outside.any() else inputs.values


BOOSTING = Recipe("boosting", "classes", BoostingModel, BoostingModel.load, BOOSTING_TITLE)
