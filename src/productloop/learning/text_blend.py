"""Classes of texts from three sides: runs of letters and words, the same runs weighed by class, and the meaning of the sentence.

Each side is a logistic regression with a score for each class (one against the rest):
    runs      TF-IDF of letters and words, plain
    ratios    the same, each run multiplied by the size of its log-count ratio (Wang and Manning 2012, "Baselines and bigrams", ACL: NB-SVM)
    vectors   sentence vectors of the default encoder
A fourth regression learns from predictions for rows that the sides did not see (Wolpert 1992, "Stacked generalization", Neural Networks 5)
how much each side counts (one number a side, so that hundreds of rows are enough), what the polarity of the word lists adds, and the base
rate of each class. Its probabilities are therefore calibrated as they come.

`decide` is another question: which class to act on. For macro-F1 the most probable class is not the best answer when classes are rare
(Lipton, Elkan and Naryanaswamy 2014, arXiv 1402.1892), so each class has a factor, found on the same out-of-fold predictions.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from productloop.learning.classes import ClassCodes, classes_from, even_weight, learn_classes
from productloop.learning.decision import decide, learn_factors
from productloop.learning.model import Recipe
from productloop.learning.splitting import stratified_folds
from productloop.learning.text_features import RunWeights, learn_runs, letter_runs, polarities, vectors_of, word_runs
from productloop.learning.wording import TEXT_BLEND_TITLE
from productloop.text.encoders import DEFAULT_ENCODER

Floats = NDArray[np.float64]
Strings = NDArray[np.object_]

SIDES = ("runs", "ratios", "vectors")
STRENGTHS = {"runs": 8.0, "ratios": 2.0, "vectors": 1.0}
"""Inverse L2 strengths; the fourth regression corrects scores that are too bold or too shy."""
NUM_FOLDS = 4
MIN_CLASS_ROWS = 8
"""Below, sides cannot be compared: each counts a third."""
RIDGE = 1e-3
"""Pull of the fourth regression towards equal sides, per row."""
JSON_FILE, ARRAY_FILE = "text_blend.json", "text_blend.npz"


class _Side:
    """One score for each class: inputs @ coefficients + intercept."""

    def __init__(self, coefficients: Floats, intercept: Floats) -> None:
        self.coefficients, self.intercept = coefficients, intercept  # (features, k), (k,)


class TextBlendModel:
    """Three linear models of a text and the regression that weighs them."""

    classes: ClassCodes
    letters: RunWeights
    words: RunWeights
    sides: dict[str, _Side]
    stack: Floats
    """(3 sides + 2 k polarities + k intercepts,) parameters of the fourth regression."""
    factors: Floats
    """(classes,) see `decide`."""
    encoder_id: str

    def fit(self, inputs: Strings, outcomes: NDArray[Any], weight: Floats | None, seed: int) -> None:
        """Inputs (n,) texts, outcomes (n,) class codes, n >= 1."""
        weight = even_weight(weight, len(inputs))
        order = np.lexsort((weight, np.asarray(outcomes), np.asarray(inputs, dtype=str)))
        texts, outcomes, weight = [str(inputs[row]) for row in order], np.asarray(outcomes)[order], weight[order]
        self.classes, self.encoder_id = learn_classes(outcomes, weight), DEFAULT_ENCODER.id
        self.letters = self.words = RunWeights([], np.zeros(0))
        self.sides, self.stack, self.factors = {}, np.zeros(0), np.ones(self.classes.num_classes)
        if len(self.classes.present) < 2:
            return
        codes = self.classes.compact(outcomes)
        counted = ([letter_runs(text) for text in texts], [word_runs(text) for text in texts])
        self.letters, self.words = learn_runs(counted[0]), learn_runs(counted[1])
        matrices = self._matrices(texts, counted)
        num_classes = len(self.classes.present)
        self.stack = _even_stack(num_classes)
        groups = np.unique(np.array(texts, dtype=str), return_inverse=True)[1]
        if np.bincount(codes).min() >= MIN_CLASS_ROWS and groups.max() >= NUM_FOLDS:
            scores = _out_of_fold(matrices, codes, weight, groups, seed)
            judged = np.isfinite(scores[0]).all(axis=1)
            tones = polarities(texts)
            self.stack = _fit_stack(scores[:, judged], tones[judged], codes[judged], weight[judged])
            probabilities = _softmax(_combine(self.stack, scores[:, judged], tones[judged]))
            self.factors[list(self.classes.present)] = learn_factors(codes[judged], probabilities, weight[judged])
        self.sides = {name: _fit_side(name, matrices[name], codes, weight) for name in SIDES}

    def predict(self, inputs: Strings) -> Floats:
        """(n, classes) probabilities of (n,) texts."""
        if len(self.classes.present) < 2:
            return self.classes.constant(len(inputs))
        texts = [str(text) for text in inputs]
        scores = np.empty((len(SIDES), len(texts), len(self.classes.present)))
        vectors = vectors_of(texts, self.encoder_id)
        for row, text in enumerate(texts):
            scores[:, row] = self._row_scores(text, vectors[row])
        return self.classes.expand(_softmax(_combine(self.stack, scores, polarities(texts))))

    def decide(self, probabilities: Floats) -> NDArray[np.intp]:
        """(n,) class to act on, chosen in training for macro-F1; (n, classes) probabilities as `predict` gives them."""
        return decide(probabilities, self.factors)

    def _row_scores(self, text: str, vector: Floats) -> Floats:
        """(sides, k) scores of one text: a loop and no matrix product, whose rounding would depend on the number of rows."""
        parts = (self.letters.features(letter_runs(text)), self.words.features(word_runs(text)))
        numbers = np.concatenate([parts[0][0], parts[1][0] + len(self.letters.runs)])
        values = np.concatenate([parts[0][1], parts[1][1]])
        rows = [values @ self.sides[name].coefficients[numbers] + self.sides[name].intercept for name in ("runs", "ratios")]
        return np.stack([*rows, vector @ self.sides["vectors"].coefficients + self.sides["vectors"].intercept])

    def _matrices(self, texts: Sequence[str], counted: tuple[list[Any], list[Any]]) -> dict[str, Any]:
        from scipy import sparse

        runs = sparse.hstack([self.letters.matrix(counted[0]), self.words.matrix(counted[1])]).tocsr()
        return {"runs": runs, "ratios": runs, "vectors": vectors_of(texts, self.encoder_id)}

    def save(self, folder: Path) -> None:
        """Write text_blend.json (runs, classes, encoder) and text_blend.npz (weights)."""
        content = {"classes": self.classes.describe(), "encoder": self.encoder_id, "sides": list(self.sides)}
        content |= {"letters": list(self.letters.runs), "words": list(self.words.runs)}
        (folder / JSON_FILE).write_text(json.dumps(content, ensure_ascii=True), encoding="utf-8")
        arrays = {"letters_idf": self.letters.idf, "words_idf": self.words.idf, "stack": self.stack, "factors": self.factors}
        for name, side in self.sides.items():
            arrays |= {f"{name}_coefficients": side.coefficients, f"{name}_intercept": side.intercept}
        np.savez_compressed(folder / ARRAY_FILE, allow_pickle=False, **arrays)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read what `save` wrote."""
        content = json.loads((folder / JSON_FILE).read_text(encoding="utf-8"))
        model = cls()
        model.classes, model.encoder_id = classes_from(content["classes"]), content["encoder"]
        with np.load(folder / ARRAY_FILE, allow_pickle=False) as arrays:
            model.letters = RunWeights(content["letters"], arrays["letters_idf"])
            model.words = RunWeights(content["words"], arrays["words_idf"])
            model.stack, model.factors = arrays["stack"], arrays["factors"]
            model.sides = {name: _Side(arrays[f"{name}_coefficients"], arrays[f"{name}_intercept"]) for name in content["sides"]}
        return model


def _fit_side(name: str, matrix: Any, codes: NDArray[np.intp], weight: Floats) -> _Side:
    """One against the rest; for two classes the second one's scores, halved and mirrored."""
    num_classes = int(codes.max()) + 1
    fitted = [_fit_yes(name, matrix, codes == code, weight) for code in (range(num_classes) if num_classes > 2 else (1,))]
    coefficients, intercept = np.stack([one[0] for one in fitted], axis=1), np.array([one[1] for one in fitted])
    if num_classes == 2:
        coefficients, intercept = np.concatenate([-coefficients, coefficients], axis=1) / 2, np.concatenate([-intercept, intercept]) / 2
    return _Side(np.ascontiguousarray(coefficients), intercept)


def _fit_yes(name: str, matrix: Any, yes: NDArray[np.bool_], weight: Floats) -> tuple[Floats, float]:
    """(features,) coefficients and the intercept of yes against no, both of equal total weight."""
    from scipy import sparse
    from sklearn.linear_model import LogisticRegression

    scale = np.ones(matrix.shape[1])
    if name == "ratios":
        there = matrix.sign()  # a run counts once a text, as in the source
        in_yes, in_no = (1.0 + there[rows].sum(axis=0) for rows in (np.flatnonzero(yes), np.flatnonzero(~yes)))
        scale = np.abs(np.log(np.asarray(in_yes / in_yes.sum()).ravel() / np.asarray(in_no / in_no.sum()).ravel()))
        matrix = matrix @ sparse.diags_array(scale)
    # liblinear's Newton steps (Lin, Weng and Keerthi 2008); the scale keeps the penalty on the intercept at a hundredth of the others'
    model = LogisticRegression(C=STRENGTHS[name], solver="liblinear", intercept_scaling=10.0, class_weight="balanced", max_iter=1000)
    model.fit(matrix, yes, sample_weight=weight)
    return model.coef_[0] * scale, float(model.intercept_[0])


def _out_of_fold(matrices: dict[str, Any], codes: NDArray[np.intp], weight: Floats, groups: NDArray[np.intp], seed: int) -> Floats:
    """(sides, n, k) scores of each row by models that did not see it or a copy of it; NaN where a fold lacked a class."""
    num_classes = int(codes.max()) + 1
    scores = np.full((len(SIDES), len(codes), num_classes), np.nan)
    for fold in stratified_folds(codes, NUM_FOLDS, seed, groups=groups):
        if len(np.unique(codes[fold.train])) < num_classes:
            continue
        for number, name in enumerate(SIDES):
            side = _fit_side(name, matrices[name][fold.train], codes[fold.train], weight[fold.train])
            scores[number, fold.test] = matrices[name][fold.test] @ side.coefficients + side.intercept
    return scores


def _even_stack(num_classes: int) -> Floats:
    """Each side a third, no polarity, no base rates."""
    return np.concatenate([np.full(len(SIDES), 1.0 / len(SIDES)), np.zeros(3 * num_classes)])


def _combine(stack: Floats, scores: Floats, tones: Floats) -> Floats:
    """(n, k) scores before the softmax. scores (sides, n, k), tones (n, 2)."""
    num_sides, num_classes = scores.shape[0], scores.shape[2]
    tone = stack[num_sides : num_sides + 2 * num_classes].reshape(2, num_classes)
    total = stack[num_sides + 2 * num_classes :] + tones[:, :1] * tone[0] + tones[:, 1:] * tone[1]
    for number in range(num_sides):
        total = total + stack[number] * scores[number]
    return np.asarray(total, dtype=np.float64)


def _fit_stack(scores: Floats, tones: Floats, codes: NDArray[np.intp], weight: Floats) -> Floats:
    """Parameters with the lowest log-loss, sides pulled towards a third each and the rest towards 0."""
    from scipy.optimize import minimize

    _, num_rows, num_classes = scores.shape
    if num_rows == 0:
        return _even_stack(num_classes)
    start, truth, share = _even_stack(num_classes), np.eye(num_classes)[codes], weight / weight.sum()

    def loss(stack: Floats) -> tuple[float, Floats]:
        probabilities = _softmax(_combine(stack, scores, tones))
        away = stack - start
        value = -float(share @ np.log(np.maximum(probabilities[np.arange(num_rows), codes], 1e-300))) + RIDGE * float(away @ away)
        error = share[:, None] * (probabilities - truth)
        slope = np.concatenate([(scores * error).sum(axis=(1, 2)), (tones.T @ error).ravel(), error.sum(axis=0)])
        return value, slope + 2.0 * RIDGE * away

    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 500, "ftol": 1e-12, "gtol": 1e-8})
    return np.asarray(found.x, dtype=np.float64)


def _softmax(scores: Floats) -> Floats:
    shifted = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(shifted / shifted.sum(axis=1, keepdims=True), dtype=np.float64)


TEXT_BLEND = Recipe("text_blend", "classes", TextBlendModel, TextBlendModel.load, TEXT_BLEND_TITLE)
