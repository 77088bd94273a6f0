"""Classes of texts: letter n-grams weighed by TF-IDF, and logistic regression on them. Small, fast, and hard to beat on short texts.

Features: the letter runs of `text_features` (Cavnar and Trenkle 1994; Wang and Manning 2012 on how strong such models are).
Fitted by scikit-learn; the L2 strength is chosen by log-loss over three folds in which copies
of a text stay together. Predicted with numpy only, saved as JSON and npz, so a release needs no scikit-learn and no pickle.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from productloop.learning.classes import ClassCodes, classes_from, even_weight, learn_classes
from productloop.learning.constant import CONSTANT
from productloop.learning.metrics import log_loss
from productloop.learning.model import Recipe
from productloop.learning.splitting import stratified_folds
from productloop.learning.text_blend import TEXT_BLEND, text_blend
from productloop.learning.text_features import RunWeights, learn_runs, letter_runs
from productloop.learning.wording import TEXT_LETTERS_TITLE

Floats = NDArray[np.float64]
Strings = NDArray[np.object_]

C_GRID = (1.0, 4.0, 16.0, 64.0)
"""Inverse L2 strengths tried, for rows of length 1; between two of them the loss is flat."""
CAREFUL_C = 4.0
NUM_FOLDS = 3
JSON_FILE, ARRAY_FILE = "text_letters.json", "text_letters.npz"


class TextLettersModel:
    """TF-IDF of letter runs and L2-regularised logistic regression (softmax for more than two classes)."""

    classes: ClassCodes
    letters: RunWeights
    coefficients: Floats
    """(features, k): k = 1 score for two seen classes (log-odds of the second), else one for each."""
    intercept: Floats
    """(k,)"""
    c: float

    def fit(self, inputs: Strings, outcomes: NDArray[Any], weight: Floats | None, seed: int) -> None:
        """Choose the strength, then fit all rows. inputs (n,) texts, outcomes (n,) class codes."""
        weight = even_weight(weight, len(inputs))
        order = np.lexsort((weight, np.asarray(outcomes), np.asarray(inputs, dtype=str)))
        inputs, outcomes, weight = inputs[order], np.asarray(outcomes)[order], weight[order]
        self.classes, self.c = learn_classes(outcomes, weight), CAREFUL_C
        self.letters = RunWeights([], np.zeros(0))
        self.coefficients, self.intercept = np.zeros((0, 1)), np.zeros(1)
        if len(self.classes.present) < 2:
            return
        counted = [letter_runs(str(text)) for text in inputs]
        self.letters = learn_runs(counted)
        codes, matrix = self.classes.compact(outcomes), self.letters.matrix(counted)
        groups = np.unique(np.asarray(inputs, dtype=str), return_inverse=True)[1]
        if np.bincount(codes).min() >= 2 * NUM_FOLDS and groups.max() >= NUM_FOLDS:
            self.c = _choose_c(matrix, codes, weight, groups, seed)
        self.coefficients, self.intercept = _solve(matrix, codes, weight, self.c)

    def predict(self, inputs: Strings) -> Floats:
        """(n, classes) probabilities of (n,) texts."""
        if len(self.classes.present) < 2:
            return self.classes.constant(len(inputs))
        features = self.letters.features([letter_runs(str(text)) for text in inputs])
        scores = features.sums(self.coefficients[features.numbers], len(inputs)) + self.intercept
        return self.classes.expand(_probabilities(scores))

    def save(self, folder: Path) -> None:
        """Write text_letters.json (runs, classes) and text_letters.npz (weights)."""
        content = {"classes": self.classes.describe(), "c": self.c, "runs": list(self.letters.runs)}
        (folder / JSON_FILE).write_text(json.dumps(content, ensure_ascii=True), encoding="utf-8")
        np.savez_compressed(folder / ARRAY_FILE, idf=self.letters.idf, coefficients=self.coefficients, intercept=self.intercept)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read what `save` wrote."""
        content = json.loads((folder / JSON_FILE).read_text(encoding="utf-8"))
        model = cls()
        model.classes, model.c = classes_from(content["classes"]), float(content["c"])
        with np.load(folder / ARRAY_FILE, allow_pickle=False) as arrays:
            model.letters = RunWeights(content["runs"], arrays["idf"])
            model.coefficients, model.intercept = arrays["coefficients"], arrays["intercept"]
        return model


def _choose_c(matrix: Any, codes: NDArray[np.intp], weight: Floats, groups: NDArray[np.intp], seed: int) -> float:
    """The strength with the lowest log-loss over the folds; on a tie the more careful one."""
    folds = stratified_folds(codes, NUM_FOLDS, seed, groups=groups)
    num_classes = int(codes.max()) + 1
    losses = []
    for c in C_GRID:
        total = 0.0
        for fold in folds:
            if len(np.unique(codes[fold.train])) < num_classes:
                return CAREFUL_C
            coefficients, intercept = _solve(matrix[fold.train], codes[fold.train], weight[fold.train], c)
            predicted = _probabilities(matrix[fold.test] @ coefficients + intercept)
            total += log_loss(codes[fold.test], predicted, weight[fold.test]) * float(weight[fold.test].sum())
        losses.append(total)
    return C_GRID[int(np.argmin(losses))]


def _solve(matrix: Any, codes: NDArray[np.intp], weight: Floats, c: float) -> tuple[Floats, Floats]:
    """Coefficients (features, k) and intercept (k,)."""
    from sklearn.linear_model import LogisticRegression

    # liblinear's Newton steps (Lin, Weng and Keerthi 2008) take a fifth of the time of L-BFGS here but know only two classes; the scale
    # keeps the penalty on the intercept at a hundredth of the others'
    two = {"solver": "liblinear", "intercept_scaling": 10.0} if codes.max() == 1 else {"solver": "lbfgs"}
    model = LogisticRegression(C=c, max_iter=1000, tol=1e-4, **two)
    model.fit(matrix, codes, sample_weight=weight)
    return np.ascontiguousarray(model.coef_.T, dtype=np.float64), np.asarray(model.intercept_, dtype=np.float64)


def _probabilities(scores: Floats) -> Floats:
    """(n, 1) log-odds or (n, k) scores -> (n, 2) or (n, k)."""
    if scores.shape[1] == 1:
        scores = np.concatenate([np.zeros_like(scores), scores], axis=1)
    shifted = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(shifted / shifted.sum(axis=1, keepdims=True), dtype=np.float64)


TEXT_LETTERS = Recipe("text_letters", "classes", TextLettersModel, TextLettersModel.load, TEXT_LETTERS_TITLE)
TEXT_RECIPES: tuple[Recipe, ...] = (CONSTANT, TEXT_LETTERS, TEXT_BLEND)


def text_recipes(more_id: str = "") -> tuple[Recipe, ...]:
    """TEXT_RECIPES, the blend with a second encoder where an id is given."""
    return (CONSTANT, TEXT_LETTERS, text_blend(more_id)) if more_id else TEXT_RECIPES
