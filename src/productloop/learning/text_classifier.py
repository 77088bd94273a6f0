"""Classes of texts: letter n-grams weighed by TF-IDF, and logistic regression on them. Small, fast, and hard to beat on short texts.

Features: a text with Chinese characters gives all runs of 1-3 characters; another gives runs of 2-5 letters within its words, blanks
at both ends, so that beginnings and endings count (Cavnar and Trenkle 1994; Wang and Manning 2012 on how strong such models are). The
weight of a run is (1 + log count) * (1 + log((1 + n) / (1 + texts with it))), scaled to length 1 (Manning, Raghavan and Schutze, Introduction
to Information Retrieval, 6.4). Fitted by scikit-learn; the L2 strength is chosen by log-loss over three folds in which copies
of a text stay together. Predicted with numpy only, saved as JSON and npz, so a release needs no scikit-learn and no pickle.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from productloop.learning.classes import ClassCodes, classes_from, even_weight, learn_classes
from productloop.learning.constant import CONSTANT
from productloop.learning.metrics import log_loss
from productloop.learning.model import Recipe
from productloop.learning.splitting import stratified_folds
from productloop.learning.wording import TEXT_LETTERS_TITLE
from productloop.text.cleaning import to_half_width

Floats = NDArray[np.float64]
Strings = NDArray[np.object_]

HAN_RUNS, LETTER_RUNS = (1, 3), (2, 5)
MIN_TEXTS = 2
"""Runs that stand in fewer texts than this are left out, once there are 200 texts: they cannot be told from chance."""
MAX_FEATURES = 200_000
MAX_LETTERS = 2_000
"""What stands later in a text is not read; one pasted log must not outweigh all others in time."""
C_GRID = (1.0, 4.0, 16.0, 64.0)
"""Inverse L2 strengths tried, for rows of length 1; between two of them the loss is flat."""
CAREFUL_C = 4.0
NUM_FOLDS = 3
JSON_FILE, ARRAY_FILE = "text_letters.json", "text_letters.npz"

_HAN = re.compile("[\u3400-\u9fff\U00020000-\U000323af]")
_BLANKS = re.compile(r"\s+")


def letter_runs(text: str) -> Counter[str]:
    """Runs of letters of one text with their counts."""
    plain = _BLANKS.sub(" ", to_half_width(text).casefold())[:MAX_LETTERS].strip()
    runs: Counter[str] = Counter()
    if _HAN.search(plain):
        for size in range(HAN_RUNS[0], HAN_RUNS[1] + 1):
            runs.update(plain[start : start + size] for start in range(len(plain) - size + 1))
        return runs
    for word in plain.split(" "):
        padded = f" {word} "
        for size in range(LETTER_RUNS[0], min(LETTER_RUNS[1], len(padded)) + 1):
            runs.update(padded[start : start + size] for start in range(len(padded) - size + 1))
    return runs


class TextLettersModel:
    """TF-IDF of letter runs and L2-regularised logistic regression (softmax for more than two classes)."""

    classes: ClassCodes
    runs: dict[str, int]
    """Run of letters -> its feature number."""
    idf: Floats
    """(features,)"""
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
        self.runs, self.idf = {}, np.zeros(0)
        self.coefficients, self.intercept = np.zeros((0, 1)), np.zeros(1)
        if len(self.classes.present) < 2:
            return
        counted = [letter_runs(str(text)) for text in inputs]
        self._learn_runs(counted)
        codes, matrix = self.classes.compact(outcomes), self._matrix(counted)
        if np.bincount(codes).min() >= 2 * NUM_FOLDS:
            groups = np.unique(np.asarray(inputs, dtype=str), return_inverse=True)[1]
            self.c = _choose_c(matrix, codes, weight, groups, seed)
        self.coefficients, self.intercept = _solve(matrix, codes, weight, self.c)

    def _learn_runs(self, counted: list[Counter[str]]) -> None:
        in_texts: Counter[str] = Counter()
        for runs in counted:
            in_texts.update(runs.keys())
        least = MIN_TEXTS if len(counted) >= 200 else 1
        kept = sorted((run for run, count in in_texts.items() if count >= least), key=lambda run: (-in_texts[run], run))[:MAX_FEATURES]
        self.runs = {run: number for number, run in enumerate(sorted(kept))}
        shared = np.array([in_texts[run] for run in self.runs], dtype=np.float64)
        self.idf = 1.0 + np.log((1.0 + len(counted)) / (1.0 + shared))

    def _matrix(self, counted: list[Counter[str]]) -> Any:
        from scipy import sparse

        rows = [self._features(runs) for runs in counted]
        starts = np.concatenate([[0], np.cumsum([len(numbers) for numbers, _ in rows])])
        columns, values = (np.concatenate([row[side] for row in rows]) if rows else np.zeros(0) for side in (0, 1))
        return sparse.csr_matrix((values, columns.astype(np.int64), starts), shape=(len(rows), len(self.runs)))

    def _features(self, runs: Counter[str]) -> tuple[NDArray[np.int64], Floats]:
        """(feature numbers, weights) of one text; a text without any known run has none."""
        known = sorted((self.runs[run], count) for run, count in runs.items() if run in self.runs)
        numbers = np.array([number for number, _ in known], dtype=np.int64)
        values = (1.0 + np.log(np.array([count for _, count in known], dtype=np.float64))) * self.idf[numbers]
        length = float(np.sqrt(values @ values))
        return numbers, values / length if length > 0 else values

    def predict(self, inputs: Strings) -> Floats:
        """(n, classes) probabilities of (n,) texts."""
        if len(self.classes.present) < 2:
            return self.classes.constant(len(inputs))
        scores = np.empty((len(inputs), len(self.intercept)))
        for row, text in enumerate(inputs):
            numbers, values = self._features(letter_runs(str(text)))
            scores[row] = values @ self.coefficients[numbers] + self.intercept
        return self.classes.expand(_probabilities(scores))

    def save(self, folder: Path) -> None:
        """Write text_letters.json (runs, classes) and text_letters.npz (weights)."""
        content = {"classes": self.classes.describe(), "c": self.c, "runs": list(self.runs)}
        (folder / JSON_FILE).write_text(json.dumps(content, ensure_ascii=True), encoding="utf-8")
        np.savez_compressed(folder / ARRAY_FILE, idf=self.idf, coefficients=self.coefficients, intercept=self.intercept)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read what `save` wrote."""
        content = json.loads((folder / JSON_FILE).read_text(encoding="utf-8"))
        model = cls()
        model.classes, model.c = classes_from(content["classes"]), float(content["c"])
        model.runs = {run: number for number, run in enumerate(content["runs"])}
        with np.load(folder / ARRAY_FILE, allow_pickle=False) as arrays:
            model.idf, model.coefficients, model.intercept = arrays["idf"], arrays["coefficients"], arrays["intercept"]
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
TEXT_RECIPES: tuple[Recipe, ...] = (CONSTANT, TEXT_LETTERS)
