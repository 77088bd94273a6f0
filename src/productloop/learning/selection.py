"""Pick the recipe by what it predicts on rows it has not seen, inside the training rows only.

Every recipe is fitted on each split and judged on the split's other rows; the lowest log-loss wins (Stone 1974, "Cross-validatory choice",
J. R. Statist. Soc. B 36), is calibrated if that helps beyond noise, and is fitted again on all rows. Only a member of the blend has to beat
the blend by more than one standard error of the paired difference (Breiman and others 1984, Classification and Regression Trees, 3.4.3): on a
thousand rows the order of the three is mostly chance, and a mean of two is seldom much worse than the better of them. Log-loss, because a
probability is what the floors above multiply with money; the order of customers (ROC-AUC) comes out right with it. The picked loss is
slightly optimistic (it is the lowest of several), so a report uses rows that took no part in the picking.

How far it looks is the effort: `quick` compares the overall rate, logistic regression and small boosting; `normal` adds their blend;
`thorough` takes every recipe there is. The recipe's name is the same, so that a release opens whatever effort made it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, Literal, Self, get_args

import numpy as np
from numpy.typing import NDArray

from productloop.learning.blend import BLEND, BlendModel, mix_out_of_fold
from productloop.learning.boosting import BOOSTING, SMALL, BoostingModel, grow_out_of_fold
from productloop.learning.calibration import Calibration, calibration_from, choose_calibration
from productloop.learning.classes import ClassCodes, classes_from, even_weight, learn_classes
from productloop.learning.columns import Columns
from productloop.learning.logistic import LOGISTIC, LogisticModel, line_out_of_fold
from productloop.learning.metrics import log_losses
from productloop.learning.model import Model, Recipe, is_explained
from productloop.learning.recipes import CLASS_RECIPES, find_class_recipe, thorough_recipes
from productloop.learning.splitting import Split, stratified_folds
from productloop.learning.stack import MEMBERS, STACK, StackModel, stack_out_of_fold
from productloop.learning.wording import SELECTION_TITLE

Floats = NDArray[np.float64]
Effort = Literal["quick", "normal", "thorough"]
"""How much to try before one recipe is picked."""
EFFORTS: tuple[Effort, ...] = get_args(Effort)

NUM_FOLDS = 5
MANY_ROWS, FEW_FOLDS = 5_000, 3
"""Above so many rows three folds tell recipes apart as well as five, in less time."""
MIN_ROWS = 30
"""With fewer rows, or a class of fewer rows than folds, nothing is picked: the baseline it is."""
FILE, MODEL_FOLDER = "selection.json", "model"


@dataclass(frozen=True, slots=True)
class RecipeLoss:
    """One line of the table a card shows: out-of-fold log-loss (nats) and its standard error over rows."""

    name: str
    log_loss: float
    standard_error: float


@dataclass(frozen=True, slots=True)
class Chosen:
    """What was picked.

    model                    fitted on all rows, calibrated
    out_of_fold_predictions  (n, classes) of the picked recipe, before calibration; NaN for rows that no split judges
    table                    all recipes, best first
    """

    name: str
    model: SelectedModel
    out_of_fold_predictions: Floats
    table: tuple[RecipeLoss, ...]


class SelectedModel:
    """The picked model with its calibration; fitted by itself it cuts five stratified folds."""

    name: str
    model: Model
    calibration: Calibration
    classes: ClassCodes

    def __init__(self, effort: Effort = "normal") -> None:
        self.effort: Effort = effort

    def fit(self, inputs: Columns, outcomes: NDArray[Any], weight: Floats | None, seed: int) -> None:
        """Pick among the built-in recipes. (n,) integer outcomes. Rows with dates belong to `choose` with splits by time instead."""
        even = even_weight(weight, len(inputs))
        order = inputs.canonical_order(outcomes, even)
        inputs, outcomes, even = inputs.take(order), np.asarray(outcomes, dtype=np.intp)[order], even[order]
        counts = np.bincount(outcomes)
        enough = len(outcomes) >= MIN_ROWS and len(counts) >= 2 and counts[counts > 0].min() >= NUM_FOLDS
        num_folds = FEW_FOLDS if len(outcomes) > MANY_ROWS else NUM_FOLDS
        folds = stratified_folds(outcomes, num_folds, seed) if enough else ()
        picked = choose(recipes_for(self.effort), inputs, outcomes, even, folds, seed).model
        self.name, self.model, self.calibration, self.classes = picked.name, picked.model, picked.calibration, picked.classes

    def predict(self, inputs: Columns) -> Floats:
        """(n, classes) calibrated probabilities."""
        return self.calibration.apply(widen(self.model.predict(inputs), self.classes))

    def contributions(self, inputs: Columns) -> Floats:
        """Contributions of the picked model; see `Explained`. With Platt's line they are scaled along and still sum to the score.

        With an isotonic or temperature calibration they explain the score before it: the order of rows and of reasons is the same.
        A model that cannot explain itself gives zeros.
        """
        if not is_explained(self.model):
            width, num_classes = inputs.values.shape[1] + 1, self.classes.num_classes
            return np.zeros((len(inputs), width) if num_classes == 2 else (len(inputs), num_classes, width))
        parts = self.model.contributions(inputs)
        if self.calibration.kind == "platt":
            parts = self.calibration.slope * parts
            parts[:, -1] += self.calibration.intercept
        return parts

    def save(self, folder: Path) -> None:
        """Write selection.json and the picked model's folder."""
        content = {"name": self.name, "calibration": self.calibration.describe(), "classes": self.classes.describe()}
        (folder / FILE).write_text(json.dumps(content), encoding="utf-8")
        (folder / MODEL_FOLDER).mkdir(exist_ok=True)
        self.model.save(folder / MODEL_FOLDER)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read what `save` wrote. Raises UsageError when the recipe came from a package that is gone."""
        content = json.loads((folder / FILE).read_text(encoding="utf-8"))
        selected = cls()
        selected.name, selected.classes = content["name"], classes_from(content["classes"])
        selected.calibration = calibration_from(content["calibration"])
        selected.model = find_class_recipe(content["name"]).load(folder / MODEL_FOLDER)
        return selected


def recipes_for(effort: Effort) -> tuple[Recipe, ...]:
    """What is compared at that effort; the first is the baseline."""
    if effort == "quick":
        return tuple(recipe for recipe in CLASS_RECIPES if recipe is not BLEND)
    return thorough_recipes() if effort == "thorough" else CLASS_RECIPES


def choose(
    recipes: Sequence[Recipe], inputs: Columns, outcomes: NDArray[Any], weight: Floats | None, folds: Sequence[Split], seed: int
) -> Chosen:
    """Pick among `recipes` (the first is the baseline) by log-loss over `folds`, calibrate, fit on all rows.

    outcomes: (n,) class codes. folds: splits of these rows, stratified or by time (`splitting`); none means: take the baseline.
    """
    outcomes, weight = np.asarray(outcomes, dtype=np.intp), even_weight(weight, len(inputs))
    classes = learn_classes(outcomes, weight)
    judged = np.unique(np.concatenate([split.test for split in folds])) if folds else np.zeros(0, dtype=np.intp)
    predictions, make = _out_of_fold(recipes, inputs, outcomes, weight, folds, seed)
    lines = [_judge(name, outcomes[judged], predicted[judged], weight[judged]) for name, predicted in predictions.items()]
    table = tuple(sorted(lines, key=lambda line: line.log_loss)) if len(judged) else tuple(lines)  # sorted is stable: simpler first
    picked, selected = _pick(table, predictions, outcomes, weight, judged), SelectedModel()
    selected.name, selected.classes, selected.model = picked, classes, make[picked]()
    selected.calibration = choose_calibration(outcomes, predictions[picked], weight, _disjoint(folds))
    selected.model.fit(inputs, outcomes, weight, seed)
    return Chosen(picked, selected, predictions[picked], table)


def _out_of_fold(
    recipes: Sequence[Recipe], inputs: Columns, outcomes: NDArray[Any], weight: Floats, folds: Sequence[Split], seed: int
) -> tuple[dict[str, Floats], dict[str, Callable[[], Model]]]:
    """Predictions of each recipe for rows it did not see, and how to make it with what the folds chose.

    The built-in ones choose their strength, size and shares over these folds instead of again inside each; the blend's members are fitted
    already.
    """
    predictions: dict[str, Floats] = {}
    make: dict[str, Callable[[], Model]] = {recipe.name: recipe.make for recipe in recipes}
    c, parts = None, SMALL
    for recipe in recipes:
        name, members = recipe.name, [predictions.get(LOGISTIC.name), predictions.get(BOOSTING.name)]
        if recipe is LOGISTIC and folds:
            c, predictions[name] = line_out_of_fold(inputs, outcomes, weight, folds)
            make[name] = partial(LogisticModel, c)
        elif recipe is BOOSTING and BLEND in recipes and folds:
            grown = grow_out_of_fold(inputs, outcomes, weight, folds, seed)
            parts, predictions[name] = grown.parts, grown.predictions
            make[name] = partial(BoostingModel, parts)
        elif recipe is BLEND and members[0] is not None and members[1] is not None:
            mixed, share = mix_out_of_fold(members[0], members[1], outcomes, weight, _disjoint(folds))
            if 0.0 < share < 1.0:  # else it is one of its members
                predictions[name], make[name] = mixed, partial(BlendModel, share, parts, c)
        elif recipe is STACK and folds:
            stacked = [replace(one, make=make[one.name]) for one in recipes if one in MEMBERS]
            found = [predictions[one.name] for one in stacked]
            predictions[name], powers = stack_out_of_fold(found, outcomes, weight, _disjoint(folds))
            make[name] = partial(StackModel, stacked, powers.tolist())
        else:
            predictions[name] = predict_out_of_fold(recipe, inputs, outcomes, weight, folds, seed)
    return predictions, make


def _pick(
    table: Sequence[RecipeLoss], predictions: dict[str, Floats], outcomes: NDArray[np.intp], weight: Floats, judged: NDArray[np.intp]
) -> str:
    """The first of the table, or the blend where that is one of its members and its lead is within one standard error."""
    best = table[0].name
    if best not in (LOGISTIC.name, BOOSTING.name) or BLEND.name not in predictions:
        return best
    lead = log_losses(outcomes[judged], predictions[BLEND.name][judged]) - log_losses(outcomes[judged], predictions[best][judged])
    mean = float(lead @ weight[judged] / weight[judged].sum())
    error = float(np.sqrt((lead - mean) ** 2 @ weight[judged] ** 2) / weight[judged].sum())
    return best if mean > error else BLEND.name


def predict_out_of_fold(
    recipe: Recipe, inputs: Columns, outcomes: NDArray[Any], weight: Floats, folds: Sequence[Split], seed: int
) -> Floats:
    """(n, classes) predictions of each judged row by a model that did not see it; NaN for the others."""
    classes = learn_classes(outcomes, weight)
    predicted = np.full((len(inputs), classes.num_classes), np.nan)
    for split in folds:
        model = recipe.make()
        model.fit(inputs.take(split.train), outcomes[split.train], weight[split.train], seed)
        predicted[split.test] = widen(model.predict(inputs.take(split.test)), classes)
    return predicted


def widen(predicted: Floats, classes: ClassCodes) -> Floats:
    """(n, k) -> (n, num_classes): a model whose rows held no row of the highest classes gives them their base rate."""
    known = predicted.shape[1]
    if known == classes.num_classes:
        return predicted
    rest = np.tile(np.array(classes.base_rates)[known:], (len(predicted), 1))
    return np.concatenate([predicted * (1.0 - rest.sum(axis=1, keepdims=True)), rest], axis=1)


def _judge(name: str, outcomes: NDArray[Any], predicted: Floats, weight: Floats) -> RecipeLoss:
    if not len(outcomes):
        return RecipeLoss(name, float("nan"), float("nan"))
    losses = log_losses(outcomes, predicted)
    mean = float(losses @ weight / weight.sum())
    return RecipeLoss(name, mean, float(np.sqrt((losses - mean) ** 2 @ weight**2) / weight.sum()))


def _disjoint(folds: Sequence[Split]) -> list[NDArray[np.intp]]:
    """The judged rows of each split; overlapping splits (repeated folds) keep a row in the first only."""
    seen: NDArray[np.intp] = np.zeros(0, dtype=np.intp)
    parts = []
    for split in folds:
        parts.append(np.setdiff1d(split.test, seen))
        seen = np.concatenate([seen, parts[-1]])
    return [part for part in parts if len(part)]


def selection(effort: Effort) -> Recipe:
    """The recipe that picks among `recipes_for(effort)`."""
    return Recipe("selection", "classes", partial(SelectedModel, effort), SelectedModel.load, SELECTION_TITLE)


SELECTION = selection("normal")
