"""Classes of texts from five sides: runs of letters and words, the same weighed by class, the meaning of the sentence, likeness, a network.

The first three sides are logistic regressions with a score for each class (one against the rest):
    runs      TF-IDF of letters and words, plain
    ratios    the same, each run multiplied by the size of its log-count ratio (Wang and Manning 2012, "Baselines and bigrams", ACL: NB-SVM)
    vectors   sentence vectors of the default encoder
    kernel    ridge regression on how like a text is to texts of the training, by its vector and marks (`text_features.described`): the
              Gaussian kernel, approximated through landmarks (Williams and Seeger 2001, "Using the Nystrom method to speed up kernel
              machines", NIPS 13)
    network   where there are few classes: a small neural network on directions of the runs and the marks (`text_network`), or, for texts in
              a language written with blanks, one on words in their order (`text_convolution`, then called `convolution`)
A product that wants more and has the time names a second encoder. Its vectors, around their mean (`text_features.Centred`), make two
more sides, `more_vectors` and `more_kernel`, of the same kinds as `vectors` and `kernel`; the default encoder stays, for the marks need it.
A last regression learns from predictions for rows that the sides did not see (Wolpert 1992, "Stacked generalization", Neural Networks 5)
how much each side counts (one number a side, so that hundreds of rows are enough), what the marks add, and the base rate of each class.
Its probabilities are therefore calibrated as they come.

`decide` is another question: which class to act on. For macro-F1 the most probable class is not the best answer when classes are rare
(Lipton, Elkan and Naryanaswamy 2014, arXiv 1402.1892), so each class has a factor, found on the same out-of-fold predictions.
"""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from productloop.learning.classes import ClassCodes, classes_from, even_weight, learn_classes
from productloop.learning.decision import decide, learn_factors
from productloop.learning.model import Recipe
from productloop.learning.splitting import stratified_folds
from productloop.learning.text_convolution import Convolution, Vocabulary, fit_convolution, learn_vocabulary
from productloop.learning.text_features import (
    Centred,
    RunWeights,
    described,
    has_han,
    in_equal_blocks,
    joined,
    learn_centre,
    learn_runs,
    letter_runs,
    vectors_of,
    word_runs,
)
from productloop.learning.text_network import Directions, Network, fit_network, learn_directions
from productloop.learning.wording import TEXT_BLEND_TITLE
from productloop.text.encoders import DEFAULT_ENCODER

Floats = NDArray[np.float64]
Strings = NDArray[np.object_]

STRENGTHS = {"runs": 8.0, "ratios": 2.0, "vectors": 1.0, "more_vectors": 1.0}
"""Inverse L2 strengths; the last regression corrects scores that are too bold or too shy."""
NUM_LANDMARKS = 600
MARK_SCALE = 0.15
"""Vectors have length 1; marks are made small beside them."""
KERNEL_WIDTH, KERNEL_PENALTY, KERNEL_STEP = 1.0, 1.0, 3.0
"""exp(-width * squared distance); L2 penalty; the step brings answers of -1 and 1 to the size of log-odds."""
BLOCK_ROWS = 4096
"""Rows compared with the landmarks at a time, for memory."""
MOST_NETWORK_CLASSES = 4
"""With more, the network is left out: on the training part of a set of ten it made the blend's log-loss worse (.356 to .362)."""
LEAST_CONVOLUTION_TEXTS = 400
"""With fewer, texts with blanks have the network on directions, too: not tried, and reading the table of word vectors takes a second."""
BLOCK_TEXTS = 64
"""Texts predicted together, for memory."""
NUM_FOLDS = 4
MIN_CLASS_ROWS = 8
"""Below, sides cannot be compared: all count the same."""
RIDGE, MARK_RIDGE = 1e-3, 1e-2
"""Pull of the last regression towards equal sides, and of its marks towards 0, per row."""
KERNELS = ("kernel", "more_kernel")
NETWORK_PARTS = ("first", "first_bias", "last", "last_bias")
CONVOLUTION_PARTS = ("filters", "bias", "last", "last_bias")
JSON_FILE, ARRAY_FILE = "text_blend.json", "text_blend.npz"


class _Side:
    """One score for each class: inputs @ coefficients + intercept."""

    def __init__(self, coefficients: Floats, intercept: Floats) -> None:
        self.coefficients, self.intercept = coefficients, intercept  # (features, k), (k,)

    def scores(self, matrix: Any) -> Floats:
        """(n, k) scores of (n, features) rows."""
        return np.asarray(matrix @ self.coefficients + self.intercept, dtype=np.float64)


class _Likeness:
    """One score for each class: likeness to landmarks @ coefficients + intercept."""

    def __init__(self, landmarks: NDArray[np.float32], coefficients: Floats, intercept: Floats) -> None:
        self.landmarks, self.coefficients, self.intercept = landmarks, coefficients, intercept  # (m, d), (m, k), (k,)
        self.points = landmarks.astype(np.float64)

    def scores(self, points: Floats) -> Floats:
        """(n, k) scores of (n, d) points."""
        blocks = [points[start : start + BLOCK_ROWS] for start in range(0, len(points), BLOCK_ROWS)]
        found = [_likeness(block, self.points) @ self.coefficients + self.intercept for block in blocks]
        return np.concatenate(found) if found else np.zeros((0, len(self.intercept)))


_AnySide = _Side | _Likeness | Network | Convolution


class TextBlendModel:
    """Five models of a text and the regression that weighs them."""

    classes: ClassCodes
    letters: RunWeights
    words: RunWeights
    directions: Directions | None
    """None where there is no such network: more than MOST_NETWORK_CLASSES, words in their order instead, or a file of before it."""
    vocabulary: Vocabulary | None
    """None where there is no convolution."""
    sides: dict[str, _AnySide]
    stack: Floats
    """(sides + marks * k + k intercepts,) parameters of the last regression."""
    factors: Floats
    """(classes,) see `decide`."""
    encoder_id: str
    more_id: str
    """Encoder of the two sides more; "" without them."""
    centre: Centred | None

    def __init__(self, more_id: str = "") -> None:
        self.more_id = more_id
        self.directions = self.vocabulary = self.centre = None

    def fit(self, inputs: Strings, outcomes: NDArray[Any], weight: Floats | None, seed: int) -> None:
        """Inputs (n,) texts, outcomes (n,) class codes, n >= 1."""
        weight = even_weight(weight, len(inputs))
        order = np.lexsort((weight, np.asarray(outcomes), np.asarray(inputs, dtype=str)))
        texts, outcomes, weight = [str(inputs[row]) for row in order], np.asarray(outcomes)[order], weight[order]
        self.classes, self.encoder_id = learn_classes(outcomes, weight), DEFAULT_ENCODER.id
        self.letters = self.words = RunWeights([], np.zeros(0))
        self.sides, self.stack, self.factors = {}, np.zeros(0), np.ones(self.classes.num_classes)
        self.directions = self.vocabulary = self.centre = None
        if len(self.classes.present) < 2:
            return
        codes = self.classes.compact(outcomes)
        counted = ([letter_runs(text) for text in texts], [word_runs(text) for text in texts])
        self.letters, self.words = learn_runs(counted[0]), learn_runs(counted[1])
        runs = self._matrix(counted)
        if self.more_id:
            self.centre = learn_centre(vectors_of(texts, self.more_id))
        places, marks = self._places(texts)
        matrices: dict[str, Any] = {"runs": runs, "ratios": runs, **places}
        if len(self.classes.present) <= MOST_NETWORK_CLASSES:
            matrices |= self._network_inputs(texts, runs, marks, seed)
        self.stack = _even_stack(len(matrices), marks.shape[1], len(self.classes.present))
        groups = np.unique(np.array(texts, dtype=str), return_inverse=True)[1]
        if np.bincount(codes).min() >= MIN_CLASS_ROWS and groups.max() >= NUM_FOLDS:
            scores = _out_of_fold(matrices, codes, weight, groups, seed)
            judged = np.isfinite(scores[0]).all(axis=1)
            self.stack = _fit_stack(scores[:, judged], marks[judged], codes[judged], weight[judged])
            probabilities = _softmax(_combine(self.stack, scores[:, judged], marks[judged]))
            self.factors[list(self.classes.present)] = learn_factors(probabilities, weight[judged])
        self.sides = {name: _fit_side(name, matrix, codes, weight, seed) for name, matrix in matrices.items()}

    def predict(self, inputs: Strings) -> Floats:
        """(n, classes) probabilities of (n,) texts."""
        if len(self.classes.present) < 2:
            return self.classes.constant(len(inputs))
        texts = [str(text) for text in inputs]
        scores = np.empty((len(self.sides), len(texts), len(self.classes.present)))
        places, marks = self._places(texts)
        for start in range(0, len(texts), BLOCK_TEXTS):
            rows = slice(start, start + BLOCK_TEXTS)
            scores[:, rows] = self._scores(texts[rows], {name: there[rows] for name, there in places.items()}, marks[rows])
        return self.classes.expand(_softmax(_combine(self.stack, scores, marks)))

    def decide(self, probabilities: Floats) -> NDArray[np.intp]:
        """(n,) class to act on, chosen in training for macro-F1; (n, classes) probabilities as `predict` gives them."""
        return decide(probabilities, self.factors)

    def _places(self, texts: list[str]) -> tuple[dict[str, Floats], Floats]:
        """(n, d) where texts stand for each side on vectors, and their marks (n, m)."""
        vectors = vectors_of(texts, self.encoder_id)
        marks = described(texts, vectors)
        places = {"vectors": vectors, "kernel": _points(vectors, marks)}
        if self.centre is not None:
            more = self.centre.points(vectors_of(texts, self.more_id))
            places |= {"more_vectors": more, "more_kernel": _points(more, marks)}
        return places, marks

    def _scores(self, texts: list[str], places: dict[str, Floats], marks: Floats) -> Floats:
        """(sides, n, k) scores of n texts, each as if it were alone."""
        letters = self.letters.features([letter_runs(text) for text in texts])
        runs = joined(letters, self.words.features([word_runs(text) for text in texts]), len(self.letters.runs))
        scores = []
        for name, side in self.sides.items():
            if isinstance(side, Convolution):
                assert self.vocabulary is not None
                scores.append(side.scores(self.vocabulary.lines(texts)))
            elif isinstance(side, Network):
                assert self.directions is not None
                scores.append(in_equal_blocks(side.scores, np.hstack([self.directions.of_texts(runs, len(texts)), marks])))
            elif name in places:
                scores.append(in_equal_blocks(side.scores, places[name]))
            else:
                scores.append(runs.sums(side.coefficients[runs.numbers], len(texts)) + side.intercept)
        return np.stack(scores)

    def _network_inputs(self, texts: list[str], runs: Any, marks: Floats, seed: int) -> dict[str, Any]:
        """What the network reads, under its name; what it needs to read other texts is learned and kept."""
        if len(texts) >= LEAST_CONVOLUTION_TEXTS and 2 * sum(map(has_han, texts)) < len(texts):
            self.vocabulary = learn_vocabulary(texts)
            return {"convolution": self.vocabulary.lines(texts)}
        self.directions = learn_directions(runs, seed)
        return {"network": np.hstack([self.directions.rows(runs), marks])}

    def _matrix(self, counted: tuple[list[Any], list[Any]]) -> Any:
        from scipy import sparse

        return sparse.hstack([self.letters.matrix(counted[0]), self.words.matrix(counted[1])]).tocsr()

    def save(self, folder: Path) -> None:
        """Write text_blend.json (runs, classes, encoder) and text_blend.npz (weights)."""
        content = {"classes": self.classes.describe(), "encoder": self.encoder_id, "more": self.more_id, "sides": list(self.sides)}
        content |= {"letters": list(self.letters.runs), "words": list(self.words.runs)}
        if self.vocabulary is not None:
            content["vocabulary"] = self.vocabulary.words
        (folder / JSON_FILE).write_text(json.dumps(content, ensure_ascii=True), encoding="utf-8")
        arrays: dict[str, NDArray[Any]] = {
            "letters_idf": self.letters.idf,
            "words_idf": self.words.idf,
            "stack": self.stack,
            "factors": self.factors,
        }
        for name, side in self.sides.items():
            if isinstance(side, Network | Convolution):
                parts = NETWORK_PARTS if isinstance(side, Network) else CONVOLUTION_PARTS
                arrays |= {f"{name}_{part}": getattr(side, part) for part in parts}
                continue
            arrays |= {f"{name}_coefficients": side.coefficients, f"{name}_intercept": side.intercept}
            if isinstance(side, _Likeness):
                arrays[f"{name}_landmarks"] = side.landmarks
        if self.vocabulary is not None:
            arrays["vocabulary_table"] = self.vocabulary.table
        if self.directions is not None:
            arrays |= {"directions_kept": self.directions.kept, "directions": self.directions.directions}
        if self.centre is not None:
            arrays |= {"centre_mean": self.centre.mean, "centre_scale": np.array(self.centre.scale)}
        np.savez_compressed(folder / ARRAY_FILE, allow_pickle=False, **arrays)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read what `save` wrote."""
        content = json.loads((folder / JSON_FILE).read_text(encoding="utf-8"))
        model = cls(content.get("more", ""))  # older files have no second encoder
        model.classes, model.encoder_id = classes_from(content["classes"]), content["encoder"]
        with np.load(folder / ARRAY_FILE, allow_pickle=False) as arrays:
            model.letters = RunWeights(content["letters"], arrays["letters_idf"])
            model.words = RunWeights(content["words"], arrays["words_idf"])
            model.stack, model.factors = arrays["stack"], arrays["factors"]
            model.sides = {}
            if "vocabulary" in content:
                model.vocabulary = Vocabulary(content["vocabulary"], arrays["vocabulary_table"])
            if "directions" in arrays:
                num_runs = len(model.letters.runs) + len(model.words.runs)
                model.directions = Directions(arrays["directions_kept"], arrays["directions"], num_runs)
            if "centre_mean" in arrays:
                model.centre = Centred(arrays["centre_mean"], float(arrays["centre_scale"]))
            for name in content["sides"]:  # older files have no network, or no kernel either and two marks only, the first two
                if name == "network":
                    model.sides[name] = Network(*(arrays[f"{name}_{part}"] for part in NETWORK_PARTS))
                    continue
                if name == "convolution":
                    parts = (arrays[f"{name}_{part}"] for part in CONVOLUTION_PARTS)
                    model.sides[name] = Convolution(arrays["vocabulary_table"], *parts)
                    continue
                linear = (arrays[f"{name}_coefficients"], arrays[f"{name}_intercept"])
                likeness = f"{name}_landmarks"
                model.sides[name] = _Likeness(arrays[likeness], *linear) if likeness in arrays else _Side(*linear)
        return model


def _points(vectors: Floats, marks: Floats) -> Floats:
    """(n, d + marks) where a text stands for the kernel."""
    return np.hstack([vectors, MARK_SCALE * marks])


def _likeness(points: Floats, landmarks: Floats) -> Floats:
    """(n, m) Gaussian kernel."""
    away = (points**2).sum(axis=1)[:, None] + (landmarks**2).sum(axis=1) - 2.0 * points @ landmarks.T
    return np.asarray(np.exp(-KERNEL_WIDTH * np.maximum(away, 0.0)), dtype=np.float64)


def _fit_likeness(points: Floats, codes: NDArray[np.intp], weight: Floats, seed: int) -> _Likeness:
    """Ridge regression of -1 and 1 for each class, all classes of equal total weight."""
    num_classes = int(codes.max()) + 1
    chosen = np.sort(np.random.default_rng(seed).choice(len(points), min(NUM_LANDMARKS, len(points)), replace=False))
    landmarks: NDArray[np.float32] = points[chosen].astype(np.float32)
    exact: Floats = landmarks.astype(np.float64)
    values, basis = np.linalg.eigh(_likeness(exact, exact))
    kept = values > 1e-6 * values[-1]
    basis = basis[:, kept] / np.sqrt(values[kept])
    share = weight * (len(codes) / num_classes / np.bincount(codes, weight, num_classes))[codes]
    square, right = np.zeros((basis.shape[1] + 1,) * 2), np.zeros((basis.shape[1] + 1, num_classes))
    for start in range(0, len(points), BLOCK_ROWS):
        rows = slice(start, start + BLOCK_ROWS)
        there = _likeness(points[rows], exact) @ basis
        there = np.hstack([there, np.ones((len(there), 1))])
        weighed = there.T * share[rows]
        square += weighed @ there
        right += weighed @ np.where(codes[rows, None] == np.arange(num_classes), 1.0, -1.0)
    penalty = np.full(len(square), KERNEL_PENALTY)
    penalty[-1] = 1e-6 * len(points)  # hardly any on the intercept
    solved = KERNEL_STEP * np.linalg.solve(square + np.diag(penalty), right)
    return _Likeness(landmarks, basis @ solved[:-1], solved[-1])


def _fit_side(name: str, matrix: Any, codes: NDArray[np.intp], weight: Floats, seed: int) -> _AnySide:
    """One against the rest; for two classes the second one's scores, halved and mirrored."""
    if name in KERNELS:
        return _fit_likeness(matrix, codes, weight, seed)
    if name == "network":
        return fit_network(matrix, codes, weight, seed)
    if name == "convolution":
        return fit_convolution(matrix, codes, weight, seed)
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
    scores = np.full((len(matrices), len(codes), num_classes), np.nan)
    for fold in stratified_folds(codes, NUM_FOLDS, seed, groups=groups):
        if len(np.unique(codes[fold.train])) < num_classes:
            continue
        for number, (name, matrix) in enumerate(matrices.items()):
            side = _fit_side(name, matrix[fold.train], codes[fold.train], weight[fold.train], seed)
            scores[number, fold.test] = side.scores(matrix[fold.test])
    return scores


def _even_stack(num_sides: int, num_marks: int, num_classes: int) -> Floats:
    """All sides the same, no marks, no base rates."""
    return np.concatenate([np.full(num_sides, 1.0 / num_sides), np.zeros((num_marks + 1) * num_classes)])


def _combine(stack: Floats, scores: Floats, marks: Floats) -> Floats:
    """(n, k) scores before the softmax. scores (sides, n, k), marks (n, m or more)."""
    num_sides, _, num_classes = scores.shape
    slopes = stack[num_sides:-num_classes].reshape(-1, num_classes)
    total = np.tile(stack[-num_classes:], (scores.shape[1], 1))
    for number, slope in enumerate(slopes):  # sums, no matrix product: the same for a text alone and among others
        total += marks[:, number : number + 1] * slope
    for number in range(num_sides):
        total += stack[number] * scores[number]
    return np.asarray(total, dtype=np.float64)


def _fit_stack(scores: Floats, marks: Floats, codes: NDArray[np.intp], weight: Floats) -> Floats:
    """Parameters with the lowest log-loss, sides pulled towards the same share and the rest towards 0."""
    from scipy.optimize import minimize

    num_sides, num_rows, num_classes = scores.shape
    start = _even_stack(num_sides, marks.shape[1], num_classes)
    if num_rows == 0:
        return start
    truth, share, pull = np.eye(num_classes)[codes], weight / weight.sum(), np.full(len(start), RIDGE)
    pull[num_sides:-num_classes] = MARK_RIDGE

    def loss(stack: Floats) -> tuple[float, Floats]:
        probabilities = _softmax(_combine(stack, scores, marks))
        away = stack - start
        value = -float(share @ np.log(np.maximum(probabilities[np.arange(num_rows), codes], 1e-300))) + float(pull @ away**2)
        error = share[:, None] * (probabilities - truth)
        slope = np.concatenate([(scores * error).sum(axis=(1, 2)), (marks.T @ error).ravel(), error.sum(axis=0)])
        return value, slope + 2.0 * pull * away

    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 500, "ftol": 1e-12, "gtol": 1e-8})
    return np.asarray(found.x, dtype=np.float64)


def _softmax(scores: Floats) -> Floats:
    shifted = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(shifted / shifted.sum(axis=1, keepdims=True), dtype=np.float64)


def text_blend(more_id: str = "") -> Recipe:
    """The recipe, with the sides of a second encoder (its id) or without. One name: a file says itself which encoders it needs."""
    return Recipe("text_blend", "classes", partial(TextBlendModel, more_id), TextBlendModel.load, TEXT_BLEND_TITLE)


TEXT_BLEND = text_blend()
