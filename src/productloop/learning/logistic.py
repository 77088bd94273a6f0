"""Logistic regression for tables: the second oldest method and hard to beat on small data.

Encoding: numbers are standardised with the mean and deviation of the training rows, a missing number becomes the mean plus an
indicator of its own, categories become one column each. The L2 strength is chosen among four by three-fold log-loss inside training:
the strongest within one standard error of the best (Hastie, Tibshirani, Friedman: The Elements of Statistical Learning, 2nd ed. 2009,
4.4 and 7.10). Fitted by scikit-learn, predicted with numpy only: a release needs no scikit-learn.

Everything learned is kept as contributions that are zero for an average row, so the score of a row *is* the sum of its contributions
(the linear case of Shapley values; Strumbelj and Kononenko 2014, Knowledge and Information Systems 41). A category or a gap that was
never seen in training therefore counts as average.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from productloop.foundation.errors import DataProblem, excerpt
from productloop.learning.classes import ClassCodes, classes_from, even_weight, learn_classes
from productloop.learning.columns import Columns
from productloop.learning.metrics import SMALLEST_PROBABILITY, log_losses
from productloop.learning.model import Recipe
from productloop.learning.splitting import Split, stratified_folds
from productloop.learning.wording import COLUMNS_DIFFER, LOGISTIC_TITLE

Floats = NDArray[np.float64]

C_GRID = (0.01, 0.1, 1.0, 10.0)
"""Inverse L2 strengths tried, on the sum of log-losses of standardised columns; between two of them the loss is flat."""
CAREFUL_C = 0.1
"""Used where a class has too few rows to try several."""
NUM_FOLDS = 3
MAX_NEWTON_SIZE = 500
"""Newton steps need a (columns x classes) squared matrix; above this size L-BFGS is faster."""
CHUNK_ROWS = 65_536
JSON_FILE, ARRAY_FILE = "logistic.json", "logistic.npz"


@dataclass(frozen=True, slots=True)
class Scorer:
    """What a fitted model keeps. k = 1 score for two classes (log-odds of class 1), else one per seen class.

    mean, slope        (numbers,), (numbers, k): contribution of a present value x is (x - mean) * slope - shift
    missing, shift     (numbers, k): contribution of a missing value is missing - shift
    table, offset      (slots, k), (categories,): contribution of code c is table[offset + c]; after the codes of a column come
                       one slot for "missing" and one for "never seen" (always 0)
    bias               (k,) the score of an average row
    """

    mean: Floats
    slope: Floats
    missing: Floats
    shift: Floats
    table: Floats
    offset: NDArray[np.int64]
    bias: Floats

    def contributions(self, inputs: Columns) -> Floats:
        """(n, k, d): how much each column moves each score."""
        is_category = inputs.is_category
        result = np.empty((len(inputs), self.bias.shape[0], is_category.shape[0]))
        numbers = inputs.values[:, ~is_category]
        gaps = np.isnan(numbers)[:, :, None]  # (n, numbers, 1)
        present = (np.where(gaps[:, :, 0], 0.0, numbers) - self.mean)[:, :, None] * self.slope
        result[:, :, ~is_category] = (np.where(gaps, self.missing, present) - self.shift).transpose(0, 2, 1)
        sizes = np.array(inputs.num_categories, dtype=np.int64)[is_category]
        slots = self.offset + category_slots(inputs.values[:, is_category], sizes)
        result[:, :, is_category] = self.table[slots].transpose(0, 2, 1)
        return result


class LogisticModel:
    """One-hot, standardised, L2-regularised logistic regression (softmax for more than two classes)."""

    classes: ClassCodes
    columns: dict[str, Any]
    scorer: Scorer | None
    """None when only one class was seen: then everyone gets the base rates."""
    c: float

    def __init__(self, c: float | None = None) -> None:
        """`c`: a fixed inverse strength; None chooses one inside training."""
        self.fixed_c = c

    def fit(self, inputs: Columns, outcomes: NDArray[Any], weight: Floats | None, seed: int) -> None:
        """Choose the strength, then fit all rows. (n,) integer outcomes. Raises nothing for odd data: see the contract battery."""
        weight = even_weight(weight, len(inputs))
        order = inputs.canonical_order(outcomes, weight)
        inputs, outcomes, weight = inputs.take(order), np.asarray(outcomes, dtype=np.intp)[order], weight[order]
        self.classes, self.columns = learn_classes(outcomes, weight), inputs.describe()
        self.scorer, self.c = None, self.fixed_c or CAREFUL_C
        if len(self.classes.present) < 2:
            return
        codes = self.classes.compact(outcomes)
        encoding = Encoding.learn(inputs, weight)
        matrix = encoding.encode(inputs)
        if self.fixed_c is None:
            self.c = choose_c(matrix, codes, weight, seed)
        coefficients, intercept = solve(matrix, codes, weight, self.c)
        self.scorer = encoding.scorer(coefficients, intercept, weight @ matrix / weight.sum())

    def predict(self, inputs: Columns) -> Floats:
        """(n, classes) probabilities. Raises DataProblem for other columns than those of the training."""
        check_columns(self.columns, inputs)
        if self.scorer is None:
            return self.classes.constant(len(inputs))
        parts = [np.empty((0, len(self.classes.present)))]
        for start in range(0, len(inputs), CHUNK_ROWS):
            chunk = inputs.take(np.arange(start, min(start + CHUNK_ROWS, len(inputs))))
            parts.append(probabilities(self.scorer.contributions(chunk).sum(axis=2) + self.scorer.bias))
        return self.classes.expand(np.concatenate(parts))

    def contributions(self, inputs: Columns) -> Floats:
        """(n, d + 1) log-odds of class 1, or (n, classes, d + 1) for more than two classes; see `Explained`."""
        check_columns(self.columns, inputs)
        two = self.classes.num_classes == 2
        if self.scorer is None:
            return constant_contributions(self.classes, inputs)
        parts = self.scorer.contributions(inputs)
        bias = np.broadcast_to(self.scorer.bias[None, :, None], (*parts.shape[:2], 1))
        parts = np.concatenate([parts, bias], axis=2)
        return parts[:, 0] if two else spread_contributions(self.classes, parts)

    def save(self, folder: Path) -> None:
        """Write logistic.json and, when something was learned, logistic.npz."""
        content = {"classes": self.classes.describe(), "columns": self.columns, "c": self.c, "learned": self.scorer is not None}
        (folder / JSON_FILE).write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
        if self.scorer is not None:
            np.savez(folder / ARRAY_FILE, **{field.name: getattr(self.scorer, field.name) for field in fields(Scorer)})

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read what `save` wrote; no pickle is opened."""
        content = json.loads((folder / JSON_FILE).read_text(encoding="utf-8"))
        model = cls()
        model.classes, model.columns, model.c = classes_from(content["classes"]), content["columns"], content["c"]
        model.scorer = None
        if content["learned"]:
            with np.load(folder / ARRAY_FILE, allow_pickle=False) as arrays:
                model.scorer = Scorer(**{field.name: arrays[field.name] for field in fields(Scorer)})
        return model


@dataclass(frozen=True, slots=True)
class Encoding:
    """How columns become the solver's matrix: [numbers | gaps of numbers | one-hot with gaps]."""

    mean: Floats
    scale: Floats
    sizes: NDArray[np.int64]
    """(categories,) number of codes of each category column."""

    @classmethod
    def learn(cls, inputs: Columns, weight: Floats) -> Encoding:
        """Weighted mean and deviation of each number; a constant or empty column gets deviation 1 and so stays 0."""
        numbers = inputs.values[:, ~inputs.is_category]
        known = np.where(np.isnan(numbers), 0.0, weight[:, None])
        total = np.maximum(known.sum(axis=0), np.finfo(float).tiny)
        filled = np.nan_to_num(numbers, nan=0.0)
        mean = (filled * known).sum(axis=0) / total
        scale = np.sqrt(((filled - mean) ** 2 * known).sum(axis=0) / total)
        flat = scale <= 1e-12 * np.maximum(1.0, np.abs(mean))  # rounding of the mean, not a signal
        return cls(mean, np.where(flat, np.inf, scale), np.array(inputs.num_categories, dtype=np.int64)[inputs.is_category])

    def encode(self, inputs: Columns) -> Any:
        """(n, m) matrix, dense below a few hundred columns, else sparse rows."""
        numbers = inputs.values[:, ~inputs.is_category]
        gaps = np.isnan(numbers)
        dense = np.hstack([np.where(gaps, 0.0, (numbers - self.mean) / self.scale), gaps.astype(np.float64)])
        slots = category_slots(inputs.values[:, inputs.is_category], self.sizes) + self.offset
        num_slots = int((self.sizes + 2).sum())
        if num_slots <= MAX_NEWTON_SIZE:
            one_hot = np.zeros((len(inputs), num_slots))
            np.put_along_axis(one_hot, slots, 1.0, axis=1)
            return np.hstack([dense, one_hot])
        from scipy import sparse  # only wide tables need it

        starts = np.arange(0, slots.size + 1, slots.shape[1])
        one_hot_rows = sparse.csr_array((np.ones(slots.size), slots.ravel(), starts), shape=(len(inputs), num_slots))
        return sparse.hstack([sparse.csr_array(dense), one_hot_rows], format="csr")

    @property
    def offset(self) -> NDArray[np.int64]:
        """(categories,) first slot of each category column."""
        return np.concatenate([[0], np.cumsum(self.sizes + 2)[:-1]]).astype(np.int64)[: len(self.sizes)]

    def scorer(self, coefficients: Floats, intercept: Floats, shares: Floats) -> Scorer:
        """Turn (k, m) coefficients into contributions centred on the average training row; `shares` (m,) is that row, encoded."""
        width = len(self.mean)
        weights = coefficients.T  # (m, k)
        slope, missing, table = weights[:width], weights[width : 2 * width], weights[2 * width :].copy()
        shift = shares[width : 2 * width, None] * missing
        bias = intercept + shift.sum(axis=0)
        slot_shares = shares[2 * width :]
        for first, size in zip(self.offset, self.sizes + 2, strict=True):
            part = slice(first, first + size)
            average = slot_shares[part] @ table[part]
            bias = bias + average
            table[part] = np.where(slot_shares[part, None] > 0, table[part] - average, 0.0)  # never seen = average
        missing = np.where(shares[width : 2 * width, None] > 0, missing, shift)
        return Scorer(self.mean, slope / self.scale[:, None], missing, shift, table, self.offset, bias)


def category_slots(codes: Floats, sizes: NDArray[np.int64]) -> NDArray[np.int64]:
    """(n, categories) codes -> slot within the column: the code, `size` for missing, `size + 1` for never seen."""
    gaps = np.isnan(codes)
    whole = np.where(gaps, 0, codes)
    unseen = (whole < 0) | (whole >= sizes)
    slots = np.where(unseen, sizes + 1, whole).astype(np.int64)
    return np.where(gaps, sizes, slots)


def choose_c(matrix: Any, codes: NDArray[np.intp], weight: Floats, seed: int) -> float:
    """The inverse strength for these encoded rows, over three folds; careful where rows are few."""
    if np.bincount(codes).min() < NUM_FOLDS:
        return CAREFUL_C
    losses = np.empty((len(C_GRID), len(codes)))
    for split in stratified_folds(codes, NUM_FOLDS, seed):
        found = _predict_path(matrix[split.train], codes[split.train], weight[split.train], matrix[split.test])
        for place, predicted in enumerate(found):
            losses[place, split.test] = log_losses(codes[split.test], predicted) * weight[split.test]
    return C_GRID[_strongest(losses)]


def _strongest(losses: Floats) -> int:
    """(strengths, rows) losses -> place of the strongest penalty that is not worse than the best beyond one standard error.

    One standard error of the paired difference (after Breiman and others 1984, 3.4.3). A weaker penalty than needed gains nothing and
    gives columns that carry the same fact large opposite coefficients: right in sum, absurd as reasons.
    """
    excess = losses - losses[losses.sum(axis=1).argmin()]
    tolerable = excess.mean(axis=1) <= excess.std(axis=1) / np.sqrt(losses.shape[1])
    return int(tolerable.argmax())


def _predict_path(train: Any, codes: NDArray[np.intp], weight: Floats, test: Any) -> list[Floats]:
    """(judged rows, seen classes) probabilities for each strength, strongest penalty first: each starts from the one before."""
    solver, found = make_solver(train, codes), []
    for c in C_GRID:
        solver.set_params(C=c).fit(train, codes, sample_weight=weight)
        found.append(probabilities(test @ solver.coef_.T + solver.intercept_))
    return found


def line_out_of_fold(inputs: Columns, outcomes: NDArray[np.intp], weight: Floats, folds: Sequence[Split]) -> tuple[float, Floats]:
    """(inverse strength chosen over these folds, (n, classes) predictions with it; NaN where no fold judges).

    One pass over the folds says both; choosing the strength again inside each fold takes four times as long for the same answer.
    """
    num_classes = learn_classes(outcomes, weight).num_classes
    predicted = np.full((len(C_GRID), len(inputs), num_classes), np.nan)
    for split in folds:
        train, test, own = inputs.take(split.train), inputs.take(split.test), weight[split.train]
        classes = learn_classes(outcomes[split.train], own, num_classes)
        if len(classes.present) < 2:
            predicted[:, split.test] = classes.constant(len(test))
            continue
        encoding = Encoding.learn(train, own)
        found = _predict_path(encoding.encode(train), classes.compact(outcomes[split.train]), own, encoding.encode(test))
        predicted[:, split.test] = [classes.expand(one) for one in found]
    judged = np.unique(np.concatenate([split.test for split in folds]))
    place = _strongest(np.stack([log_losses(outcomes[judged], one[judged]) * weight[judged] for one in predicted]))
    return C_GRID[place], predicted[place]


def solve(matrix: Any, codes: NDArray[np.intp], weight: Floats, c: float) -> tuple[Floats, Floats]:
    """L2 logistic regression by scikit-learn: ((k, m) coefficients, (k,) intercept)."""
    solver = make_solver(matrix, codes).set_params(C=c).fit(matrix, codes, sample_weight=weight)
    return np.asarray(solver.coef_, dtype=np.float64), np.asarray(solver.intercept_, dtype=np.float64)


def make_solver(matrix: Any, codes: NDArray[np.intp]) -> Any:
    """scikit-learn's LogisticRegression with the method that suits the size."""
    from sklearn.linear_model import LogisticRegression  # heavy, needed at fit only

    num_scores = int(codes.max()) + 1
    newton = isinstance(matrix, np.ndarray) and matrix.shape[1] * (1 if num_scores == 2 else num_scores) <= MAX_NEWTON_SIZE
    return LogisticRegression(solver="newton-cholesky" if newton else "lbfgs", max_iter=10_000, tol=1e-6, warm_start=True)


def probabilities(scores: Floats) -> Floats:
    """(n, 1) log-odds -> (n, 2), or (n, k) scores -> (n, k): sigmoid or softmax, without overflow."""
    if scores.shape[1] == 1:
        scores = np.hstack([np.zeros_like(scores), scores])
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True), dtype=np.float64)


def pool(first: Floats, second: Floats, share: float) -> Floats:
    """(n, classes) twice -> (n, classes): first ** (1 - share) * second ** share, brought back to sum 1."""
    logs = [np.log(np.maximum(one, SMALLEST_PROBABILITY)) for one in (first, second)]
    return probabilities((1 - share) * logs[0] + share * logs[1])


def constant_contributions(classes: ClassCodes, inputs: Columns) -> Floats:
    """Contributions of a model that saw one class only: no column counts, the base rates say it all."""
    rates = np.log(np.array(classes.base_rates))
    parts = np.zeros((len(inputs), classes.num_classes, inputs.values.shape[1] + 1))
    parts[:, :, -1] = rates
    return parts[:, 1] - parts[:, 0] if classes.num_classes == 2 else parts


def spread_contributions(classes: ClassCodes, parts: Floats) -> Floats:
    """(n, k, d + 1) of the seen classes -> (n, classes, d + 1); an unseen class has only the logarithm of its base rate."""
    if parts.shape[1] == 1:  # two classes seen of three or more
        parts = np.concatenate([np.zeros_like(parts), parts], axis=1)
    full = np.zeros((parts.shape[0], classes.num_classes, parts.shape[2]))
    full[:, :, -1] = np.log(np.array(classes.base_rates))
    full[:, np.array(classes.present)] = parts
    return full


def check_columns(trained: dict[str, Any], inputs: Columns) -> None:
    """Raise DataProblem unless the columns have the names, kinds and sizes of the training."""
    if trained != inputs.describe():
        raise DataProblem(COLUMNS_DIFFER, found=excerpt(", ".join(inputs.names)), trained=excerpt(", ".join(trained["names"])))


LOGISTIC = Recipe("logistic", "classes", LogisticModel, LogisticModel.load, LOGISTIC_TITLE)
