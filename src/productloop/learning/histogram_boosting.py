"""Histogram boosting by scikit-learn, small, and carried over to LightGBM's text form once it is fitted.

The method is LightGBM's (Ke and others 2017, NIPS), the code, the treatment of categories and the order of growth are others: a second
opinion for a blend. Learning rate .04, 8 leaves, 150 trees: the library's defaults (rate .1, 31 leaves) overfit tables of this size (Telco
churn, five folds, seed 0: log-loss .4353 against .4125). Its own file format is a pickle. Node for node its trees can be said in
LightGBM's text, so that the saved model is readable, needs no scikit-learn to serve, and has exact Shapley values (Lundberg and others
2020, Nature Machine Intelligence 2) from the numbers of training rows in each node. The starting score is a tree of one leaf.

Missing and never seen categories follow the node's own rule for missing values in scikit-learn, and always the right side in LightGBM:
they get a code of their own behind the last one, which is written into the left set where the rule says left.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from productloop.learning.classes import ClassCodes, classes_from, even_weight, learn_classes
from productloop.learning.columns import Columns
from productloop.learning.logistic import check_columns, constant_contributions, spread_contributions
from productloop.learning.model import Recipe
from productloop.learning.wording import HISTOGRAM_BOOSTING_TITLE

Floats = NDArray[np.float64]

PARAMETERS: dict[str, Any] = {"learning_rate": 0.04, "max_leaf_nodes": 8, "max_iter": 150, "early_stopping": False}
MAX_CATEGORIES = 255
"""What the library can hold in one column; rarer categories count as never seen."""
JSON_FILE, TREES_FILE = "histogram_boosting.json", "histogram_boosting.txt"


class HistogramBoostingModel:
    """150 small trees grown by scikit-learn, served by LightGBM."""

    classes: ClassCodes
    columns: dict[str, Any]
    booster: Any
    """lightgbm.Booster, or None when only one class was seen: then everyone gets the base rates."""

    def fit(self, inputs: Columns, outcomes: NDArray[Any], weight: Floats | None, seed: int) -> None:
        """Grow the trees and translate them. (n,) integer outcomes."""
        weight = even_weight(weight, len(inputs))
        order = inputs.canonical_order(outcomes, weight)
        inputs, outcomes, weight = inputs.take(order), np.asarray(outcomes, dtype=np.intp)[order], weight[order]
        self.classes, self.columns, self.booster = learn_classes(outcomes, weight), inputs.describe(), None
        if len(self.classes.present) < 2:
            return
        import lightgbm  # heavy

        text = grow(inputs, self.classes.compact(outcomes), weight, seed)
        self.booster = lightgbm.Booster(model_str=text)

    def predict(self, inputs: Columns) -> Floats:
        """(n, classes) probabilities. Raises DataProblem for other columns than those of the training."""
        check_columns(self.columns, inputs)
        if self.booster is None:
            return self.classes.constant(len(inputs))
        if not len(inputs):
            return np.empty((0, self.classes.num_classes))
        predicted = np.asarray(self.booster.predict(_slots(inputs), num_threads=1), dtype=np.float64)
        if predicted.ndim == 1:
            predicted = np.stack([1.0 - predicted, predicted], axis=1)
        return self.classes.expand(predicted)

    def contributions(self, inputs: Columns) -> Floats:
        """(n, d + 1) log-odds of class 1, or (n, classes, d + 1) for more than two classes; see `Explained`."""
        check_columns(self.columns, inputs)
        if self.booster is None or not len(inputs):
            return constant_contributions(self.classes, inputs)
        parts = np.asarray(self.booster.predict(_slots(inputs), pred_contrib=True, num_threads=1), dtype=np.float64)
        if self.classes.num_classes == 2:
            return parts
        return spread_contributions(self.classes, parts.reshape(len(inputs), -1, inputs.values.shape[1] + 1))

    def save(self, folder: Path) -> None:
        """Write histogram_boosting.json and, when something was learned, histogram_boosting.txt (LightGBM's text form)."""
        content = {"classes": self.classes.describe(), "columns": self.columns, "learned": self.booster is not None}
        (folder / JSON_FILE).write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
        if self.booster is not None:  # LightGBM counts bytes: no translation of line ends
            (folder / TREES_FILE).write_text(self.booster.model_to_string(), encoding="utf-8", newline="\n")

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read what `save` wrote."""
        content = json.loads((folder / JSON_FILE).read_text(encoding="utf-8"))
        model = cls()
        model.classes, model.columns, model.booster = classes_from(content["classes"]), content["columns"], None
        if content["learned"]:
            import lightgbm  # heavy

            model.booster = lightgbm.Booster(model_str=(folder / TREES_FILE).read_bytes().decode("utf-8"))
        return model


def grow(inputs: Columns, codes: NDArray[np.intp], weight: Floats, seed: int) -> str:
    """Trees for compact class codes, as LightGBM's text."""
    from sklearn.ensemble import HistGradientBoostingClassifier  # heavy, needed at fit only
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped] # comes with scikit-learn

    categories = np.flatnonzero(inputs.is_category)
    known = [_kept_codes(inputs.values[:, place]) for place in categories]
    values = inputs.values.copy()
    for place, kept in zip(categories, known, strict=True):
        values[:, place] = _ranks(values[:, place], kept)
    values[:, np.isnan(values).all(axis=0)] = 0.0  # the library cannot bin a column without a value; a constant one is never split
    model = HistGradientBoostingClassifier(**PARAMETERS, categorical_features=categories, random_state=seed % 2**31)
    with threadpool_limits(limits=1):
        model.fit(values, codes, sample_weight=weight)
    order = np.concatenate([categories, np.flatnonzero(~inputs.is_category)])  # the library puts categories first
    sizes = np.array(inputs.num_categories)
    left_of = [_Sides(kept, int(sizes[place])) for place, kept in zip(categories, known, strict=True)]
    return to_text(model._baseline_prediction.ravel(), model._predictors, order, left_of)


def to_text(baseline: Floats, iterations: list[list[Any]], order: NDArray[np.intp], sides: list[_Sides]) -> str:
    """The fitted trees in LightGBM's model format, version 4.

    baseline: (k,) starting scores, k = 1 for two classes. iterations: for each, k predictors with `nodes` and `raw_left_cat_bitsets`.
    order: column of each of the library's features. sides: one for each category, the library's first features.
    """
    num_scores = len(baseline)
    objective = "binary sigmoid:1" if num_scores == 1 else f"multiclass num_class:{num_scores}"
    head = {
        "version": "v4",
        "num_class": num_scores,
        "num_tree_per_iteration": num_scores,
        "label_index": 0,
        "max_feature_idx": len(order) - 1,
        "objective": objective,
        "feature_names": " ".join(f"Column_{place}" for place in range(len(order))),
        "feature_infos": " ".join(["none"] * len(order)),
    }
    trees = [f"num_leaves=1\nnum_cat=0\nleaf_value={float(score)!r}\nis_linear=0\nshrinkage=1\n" for score in baseline]
    trees += [_tree_text(one, order, sides) for iteration in iterations for one in iteration]
    body = "\n\n".join(f"Tree={number}\n{tree}" for number, tree in enumerate(trees))
    return "tree\n" + "\n".join(f"{key}={value}" for key, value in head.items()) + f"\n\n{body}\n\nend of trees\n"


class _Sides:
    """Turns the library's left set of one category column into ours."""

    def __init__(self, kept: NDArray[np.intp], size: int) -> None:
        """kept: (ranks,) code of each rank the library knows. size: codes of the column; `size` itself stands for missing."""
        self.kept, self.size = kept, size

    def words(self, bits: NDArray[np.uint32], missing_left: bool) -> NDArray[np.uint32]:
        """Bits by rank -> 32-bit words by code, the code `size` included."""
        left = np.full(self.size + 1, missing_left)  # never seen goes where missing goes
        ranks = np.arange(len(self.kept))
        left[self.kept] = (bits[ranks // 32] >> (ranks % 32).astype(np.uint32)) & 1
        codes = np.flatnonzero(left)
        words = np.zeros(self.size // 32 + 1, dtype=np.uint32)
        np.bitwise_or.at(words, codes // 32, np.uint32(1) << (codes % 32).astype(np.uint32))
        return words


def _tree_text(predictor: Any, order: NDArray[np.intp], sides: list[_Sides]) -> str:
    """One tree; inner nodes and leaves are numbered apart, a leaf as a child is minus its number minus one."""
    nodes = predictor.nodes
    leaf = nodes["is_leaf"].astype(bool)
    if leaf[0]:
        return f"num_leaves=1\nnum_cat=0\nleaf_value={float(nodes['value'][0])!r}\nis_linear=0\nshrinkage=1\n"
    number = np.where(leaf, -np.cumsum(leaf), np.cumsum(~leaf) - 1)
    inner = nodes[~leaf]
    missing_left = inner["missing_go_to_left"].astype(bool)
    is_category = inner["is_categorical"].astype(bool)
    sets = [
        sides[node["feature_idx"]].words(predictor.raw_left_cat_bitsets[node["bitset_idx"]], bool(node["missing_go_to_left"]))
        for node in inner[is_category]
    ]
    largest = np.finfo(float).max  # "all that is not missing": infinity, which the text has no word for
    threshold = np.where(is_category, np.cumsum(is_category) - 1, np.minimum(inner["num_threshold"], largest))
    fields: dict[str, Any] = {
        "num_leaves": [leaf.sum()],
        "num_cat": [is_category.sum()],
        "split_feature": order[inner["feature_idx"]],
        "split_gain": inner["gain"],
        "threshold": threshold,
        "decision_type": np.where(is_category, 1, 8 + 2 * missing_left),  # 1 category, 2 missing goes left, 8 missing is NaN
        "left_child": number[inner["left"]],
        "right_child": number[inner["right"]],
        "leaf_value": nodes["value"][leaf],
        "leaf_weight": nodes["count"][leaf],
        "leaf_count": nodes["count"][leaf],
        "internal_value": inner["value"],
        "internal_weight": inner["count"],
        "internal_count": inner["count"],
    }
    if sets:
        fields["cat_boundaries"] = np.concatenate([[0], np.cumsum([len(words) for words in sets])])
        fields["cat_threshold"] = np.concatenate(sets)
    lines = [f"{name}={' '.join(repr(value) for value in np.asarray(values).tolist())}" for name, values in fields.items()]
    return "\n".join([*lines, "is_linear=0", "shrinkage=1", ""])


def _kept_codes(codes: Floats) -> NDArray[np.intp]:
    """Codes seen in training, rising; the most frequent 255 where there are more."""
    seen, counts = np.unique(codes[codes >= 0], return_counts=True)  # NaN is not >= 0
    return np.sort(seen[np.argsort(-counts, kind="stable")[:MAX_CATEGORIES]]).astype(np.intp)


def _ranks(codes: Floats, kept: NDArray[np.intp]) -> Floats:
    """(n,) place of each code among the kept ones, NaN for the others."""
    if not len(kept):
        return np.full(len(codes), np.nan)
    places = np.minimum(np.searchsorted(kept, codes), len(kept) - 1)
    return np.where(kept[places] == codes, places.astype(np.float64), np.nan)


def _slots(inputs: Columns) -> Floats:
    """(n, d) values in which a category that is missing or outside its column's sizes has the code behind the last one."""
    is_category = inputs.is_category
    if not is_category.any():
        return inputs.values
    sizes = np.where(is_category, np.array(inputs.num_categories, dtype=np.float64), np.inf)
    inside = (inputs.values >= 0) & (inputs.values < sizes)
    return np.where(is_category & ~inside, sizes, inputs.values)


HISTOGRAM_BOOSTING = Recipe("histogram_boosting", "classes", HistogramBoostingModel, HistogramBoostingModel.load, HISTOGRAM_BOOSTING_TITLE)
