"""Several models, weighted by what each adds: for those who can wait for the last bit of quality.

The members' probabilities are multiplied, each to a power of its own, and brought back to sum 1 (the logarithmic opinion pool: Genest and
Zidek 1986, Statistical Science 1). The powers are the non-negative ones with the lowest log-loss on rows that trained no member (Wolpert
1992, "Stacked generalization", Neural Networks 5; Breiman 1996, "Stacked regressions", Machine Learning 24, on why not negative), pulled
towards the plain average as by a few rows of evidence. Nothing else is learned: a second model on top has to be fitted on few numbers
that all say the same, and on Telco churn one did worse than its best member (.4187 against .4108). The contributions of the whole are the
weighted contributions of the members.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from productloop.learning._network_training import can_train
from productloop.learning.boosting import BOOSTING
from productloop.learning.classes import even_weight
from productloop.learning.columns import Columns
from productloop.learning.forest import FOREST
from productloop.learning.histogram_boosting import HISTOGRAM_BOOSTING
from productloop.learning.logistic import LOGISTIC, probabilities
from productloop.learning.metrics import SMALLEST_PROBABILITY
from productloop.learning.model import Explained, Model, Recipe
from productloop.learning.network import NETWORK
from productloop.learning.splitting import stratified_folds
from productloop.learning.wording import STACK_TITLE

Floats = NDArray[np.float64]

MEMBERS: tuple[Recipe, ...] = (LOGISTIC, BOOSTING, HISTOGRAM_BOOSTING, FOREST, NETWORK)
"""All that a saved stack may hold; without PyTorch the network is not trained, but read."""
NUM_FOLDS = 3
PULL = 10.0
"""Strength of the pull to the average, on the sum of log-losses."""
LEAST_WEIGHT = 0.01
"""A member below is left out: it would cost time in every prediction and change none."""
FILE = "stack.json"


class StackModel:
    """A weighted pool of other models."""

    members: dict[str, Model]
    """By name, those with a weight above 0."""
    weights: dict[str, float]

    def __init__(self, recipes: Sequence[Recipe] | None = None, weights: Sequence[float] | None = None) -> None:
        """`recipes`: the members, by default all that can be trained here. `weights`: fixed ones, in the same order; None learns them."""
        self.recipes = trainable() if recipes is None else tuple(recipes)
        self.fixed_weights = weights

    def fit(self, inputs: Columns, outcomes: NDArray[Any], weight: Floats | None, seed: int) -> None:
        """Learn the weights out of fold, then fit the members that count on all rows. (n,) integer outcomes."""
        weight = even_weight(weight, len(inputs))
        order = inputs.canonical_order(outcomes, weight)
        inputs, outcomes, weight = inputs.take(order), np.asarray(outcomes, dtype=np.intp)[order], weight[order]
        learned = self._learn(inputs, outcomes, weight, seed) if self.fixed_weights is None else np.array(self.fixed_weights, dtype=float)
        self.weights = {recipe.name: float(one) for recipe, one in zip(self.recipes, learned, strict=True) if one > 0}
        self.members = {recipe.name: recipe.make() for recipe in self.recipes if recipe.name in self.weights}
        for member in self.members.values():
            member.fit(inputs, outcomes, weight, seed)

    def predict(self, inputs: Columns) -> Floats:
        """(n, classes) probabilities. Raises DataProblem for other columns than those of the training."""
        return pool_members([member.predict(inputs) for member in self.members.values()], list(self.weights.values()))

    def contributions(self, inputs: Columns) -> Floats:
        """(n, d + 1) log-odds of class 1, or (n, classes, d + 1) for more than two classes; see `Explained`."""
        total: Any = 0.0
        for name, member in self.members.items():
            assert isinstance(member, Explained), f"{name} cannot explain itself"
            total = total + self.weights[name] * member.contributions(inputs)
        return np.asarray(total, dtype=np.float64)

    def save(self, folder: Path) -> None:
        """Write stack.json and a folder for each member."""
        (folder / FILE).write_text(json.dumps({"weights": self.weights}), encoding="utf-8")
        for name, member in self.members.items():
            (folder / name).mkdir(exist_ok=True)
            member.save(folder / name)

    @classmethod
    def load(cls, folder: Path, recipes: Sequence[Recipe] = MEMBERS) -> Self:
        """Read what `save` wrote; `recipes` are the members it may hold."""
        model, by_name = cls(recipes), {recipe.name: recipe for recipe in recipes}
        model.weights = json.loads((folder / FILE).read_text(encoding="utf-8"))["weights"]
        model.members = {name: by_name[name].load(folder / name) for name in model.weights}
        return model

    def _learn(self, inputs: Columns, outcomes: NDArray[np.intp], weight: Floats, seed: int) -> Floats:
        """(members,) weights; even where a class has fewer rows than folds."""
        counts = np.bincount(outcomes)
        if counts[counts > 0].min() < NUM_FOLDS or len(counts) < 2:
            return np.full(len(self.recipes), 1.0 / len(self.recipes))
        predicted = np.empty((len(self.recipes), len(outcomes), len(counts)))
        for split in stratified_folds(outcomes, NUM_FOLDS, seed):
            train, test = inputs.take(split.train), inputs.take(split.test)
            for place, recipe in enumerate(self.recipes):
                member = recipe.make()
                member.fit(train, outcomes[split.train], weight[split.train], seed)
                predicted[place, split.test] = member.predict(test)
        return learn_weights(predicted, outcomes, weight)


def trainable() -> tuple[Recipe, ...]:
    """The members that can be trained here: the network needs PyTorch."""
    return MEMBERS if can_train() else tuple(recipe for recipe in MEMBERS if recipe is not NETWORK)


def pool_members(predictions: Sequence[Floats], weights: Sequence[float]) -> Floats:
    """(n, classes) of each member -> (n, classes): the product of their powers, brought back to sum 1."""
    logs = [one * np.log(np.maximum(predicted, SMALLEST_PROBABILITY)) for predicted, one in zip(predictions, weights, strict=True)]
    return probabilities(np.sum(logs, axis=0))


def learn_weights(predictions: Floats, outcomes: NDArray[np.intp], weight: Floats) -> Floats:
    """(members, n, classes) predictions of rows that trained no member -> (members,) powers, none negative, at least one above 0.

    The log-loss of the pool is convex in the powers, so there is one answer.
    """
    from scipy.optimize import minimize  # heavy, needed at fit only

    logs = np.log(np.maximum(predictions, SMALLEST_PROBABILITY))
    happened = logs[:, np.arange(len(outcomes)), outcomes]  # (members, n)
    even = np.full(len(logs), 1.0 / len(logs))

    def loss(powers: Floats) -> tuple[float, Floats]:
        scores = np.tensordot(powers, logs, axes=1)
        highest = scores.max(axis=1)
        total = highest + np.log(np.exp(scores - highest[:, None]).sum(axis=1))
        expected = (np.exp(scores - total[:, None]) * logs).sum(axis=2)
        away = powers - even
        value = weight @ (total - powers @ happened) + 0.5 * PULL * away @ away
        return float(value), (expected - happened) @ weight + PULL * away

    found = minimize(loss, even, jac=True, method="L-BFGS-B", bounds=[(0.0, None)] * len(logs)).x
    return np.asarray(np.where(found >= LEAST_WEIGHT, found, 0.0) if found.max() >= LEAST_WEIGHT else even, dtype=np.float64)


def stack_out_of_fold(
    predictions: Sequence[Floats], outcomes: NDArray[np.intp], weight: Floats, folds: Sequence[NDArray[np.intp]]
) -> tuple[Floats, Floats]:
    """What a stack would have predicted out of fold, from its members' (n, classes) out-of-fold predictions: nothing is fitted again.

    folds: disjoint positions of rows judged together; the weights of a fold are learned on the others. Returns the predictions (NaN where
    no fold judges) and the weights learned on all folds, for `StackModel(weights=...)`.
    """
    stacked = np.stack(predictions)
    judged = np.concatenate(folds) if folds else np.zeros(0, dtype=np.intp)
    pooled = np.full_like(stacked[0], np.nan)
    for fold in folds:
        rest = np.setdiff1d(judged, fold)
        powers = learn_weights(stacked[:, rest], outcomes[rest], weight[rest])
        pooled[fold] = pool_members([one[fold] for one in stacked], powers.tolist())
    return pooled, learn_weights(stacked[:, judged], outcomes[judged], weight[judged])


STACK = Recipe("stack", "classes", StackModel, StackModel.load, STACK_TITLE)
