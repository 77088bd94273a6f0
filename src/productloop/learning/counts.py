"""How many times: models of a count (complaints, claims, orders in a window), and how to judge them.

Three recipes, judged by the mean Poisson deviance on rows they have not seen: the mean for everybody, a log-linear regression (Poisson
regression; Nelder and Wedderburn 1972, J. R. Statist. Soc. A 135) by scikit-learn, kept as plain coefficients, and LightGBM's small trees with
the Poisson objective. Contributions are on the log scale: they add up to the logarithm of the expected number. Counts of people vary more
than Poisson's, so ranges come from the negative binomial with variance mean + dispersion * mean squared, its dispersion by moments
(Cameron and Trivedi, Regression Analysis of Count Data, 2nd ed. 2013, 3.3).
"""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from dataclasses import fields
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from productloop.foundation.figures import INTERVAL_LEVEL
from productloop.learning.boosting import NUM_TREES, PARAMETERS, known_codes
from productloop.learning.classes import even_weight
from productloop.learning.columns import Columns
from productloop.learning.logistic import Encoding, Scorer, check_columns
from productloop.learning.model import Recipe
from productloop.learning.splitting import stratified_folds
from productloop.learning.wording import COUNT_LINE_TITLE, COUNT_MEAN_TITLE, COUNT_TREES_TITLE

Floats = NDArray[np.float64]

SMALLEST_MEAN = 1e-6
ALPHAS = (1.0, 0.1, 0.01, 0.001)
"""L2 strengths of the regression, on the mean of half deviances; the strongest first."""
NUM_FOLDS = 3
MIN_ROWS = 30
LARGEST_LOG = 20.0
FILE, ARRAYS, TREES = "counts.json", "counts.npz", "counts.txt"


def poisson_deviances(outcomes: NDArray[Any], means: Floats) -> Floats:
    """(n,) 2 (y log(y / mean) - y + mean), 0 for a perfect guess (McCullagh and Nelder, Generalized Linear Models, 2nd ed. 1989, 2.3)."""
    count = np.asarray(outcomes, dtype=np.float64)
    mean = np.maximum(means, SMALLEST_MEAN)
    return np.asarray(
        2 * (np.where(count > 0, count * np.log(np.maximum(count, SMALLEST_MEAN) / mean), 0.0) - count + mean), dtype=np.float64
    )


def dispersion_of(outcomes: NDArray[Any], means: Floats, weight: Floats) -> float:
    """How much more than Poisson's the numbers vary: variance = mean + dispersion * mean squared; never negative."""
    excess = float((weight * ((outcomes - means) ** 2 - means)).sum())
    return max(0.0, excess / max(float((weight * means**2).sum()), SMALLEST_MEAN))


def count_quantiles(means: Floats, dispersion: float, level: float) -> Floats:
    """(n,) smallest number of times that is not exceeded with this chance: negative binomial, or Poisson without dispersion."""
    from scipy.special import betainc, gammaincc

    means = np.maximum(np.asarray(means, dtype=np.float64), SMALLEST_MEAN)
    size = 1.0 / dispersion if dispersion > 1e-9 else np.inf

    def at_most(k: Floats) -> Floats:
        found = gammaincc(k + 1, means) if np.isinf(size) else betainc(size, k + 1, size / (size + means))
        return np.asarray(found, dtype=np.float64)

    low, high = np.full(len(means), -1.0), np.ceil(4 * means + 4)
    while (short := at_most(high) < level).any():
        high = np.where(short, 2 * high, high)
    while (high - low > 1).any():
        middle = np.floor((low + high) / 2)
        enough = at_most(middle) >= level
        low, high = np.where(enough, low, middle), np.where(enough, middle, high)
    return high


class _CountModel(ABC):
    """What the three have in common: columns, dispersion, ranges."""

    columns: dict[str, Any]
    dispersion: float

    def predict(self, inputs: Columns) -> Floats:
        """(n,) expected numbers, above 0."""
        return np.asarray(np.exp(np.clip(self.contributions(inputs).sum(axis=1), -LARGEST_LOG, LARGEST_LOG)), dtype=np.float64)

    @abstractmethod
    def contributions(self, inputs: Columns) -> Floats:
        """(n, d + 1) what each column adds to the logarithm of the expected number; the last is an average row's."""

    def ranges(self, inputs: Columns) -> Floats:
        """(n, 2) numbers between which it stays with 90 % chance."""
        means, tail = self.predict(inputs), (1 - INTERVAL_LEVEL) / 2
        return np.stack([count_quantiles(means, self.dispersion, tail), count_quantiles(means, self.dispersion, 1 - tail)], axis=1)

    def losses(self, inputs: Columns, outcomes: NDArray[Any]) -> Floats:
        """(n,) Poisson deviances."""
        return poisson_deviances(outcomes, self.predict(inputs))

    def _describe(self, **more: Any) -> str:
        return json.dumps({"columns": self.columns, "dispersion": self.dispersion, **more}, ensure_ascii=False)


class CountMean(_CountModel):
    """The mean for everybody."""

    mean: float

    def fit(self, inputs: Columns, outcomes: NDArray[Any], weight: Floats | None, seed: int) -> None:
        """Count. (n,) numbers, never negative; `seed` changes nothing."""
        weight = even_weight(weight, len(inputs))
        self.columns, self.mean = inputs.describe(), max(float(weight @ outcomes / weight.sum()), SMALLEST_MEAN)
        self.dispersion = dispersion_of(outcomes, np.full(len(inputs), self.mean), weight)

    def contributions(self, inputs: Columns) -> Floats:
        """No column counts."""
        parts = np.zeros((len(inputs), inputs.values.shape[1] + 1))
        parts[:, -1] = np.log(self.mean)
        return parts

    def save(self, folder: Path) -> None:
        """Write counts.json."""
        (folder / FILE).write_text(self._describe(mean=self.mean), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read what `save` wrote."""
        content = json.loads((folder / FILE).read_text(encoding="utf-8"))
        model = cls()
        model.columns, model.dispersion, model.mean = content["columns"], content["dispersion"], content["mean"]
        return model


class CountLine(_CountModel):
    """Poisson regression on standardised numbers and one-hot categories, strength chosen over folds."""

    scorer: Scorer

    def fit(self, inputs: Columns, outcomes: NDArray[Any], weight: Floats | None, seed: int) -> None:
        """Choose the strength, then fit all rows. (n,) numbers, never negative."""
        weight = even_weight(weight, len(inputs))
        order = inputs.canonical_order(outcomes, weight)
        inputs, outcomes, weight = inputs.take(order), np.asarray(outcomes, dtype=np.float64)[order], weight[order]
        self.columns = inputs.describe()
        encoding = Encoding.learn(inputs, weight)
        matrix = encoding.encode(inputs)
        alpha = _choose_alpha(matrix, outcomes, weight, seed)
        coefficients, intercept = _regress(matrix, outcomes, weight, alpha)
        self.scorer = encoding.scorer(coefficients[None, :], np.array([intercept]), weight @ matrix / weight.sum())
        self.dispersion = dispersion_of(outcomes, self.predict(inputs), weight)

    def contributions(self, inputs: Columns) -> Floats:
        """(n, d + 1); see the class above."""
        check_columns(self.columns, inputs)
        parts = self.scorer.contributions(inputs)[:, 0]
        return np.concatenate([parts, np.full((len(inputs), 1), self.scorer.bias[0])], axis=1)

    def save(self, folder: Path) -> None:
        """Write counts.json and counts.npz."""
        (folder / FILE).write_text(self._describe(), encoding="utf-8")
        np.savez(folder / ARRAYS, **{field.name: getattr(self.scorer, field.name) for field in fields(Scorer)})

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read what `save` wrote; no pickle is opened."""
        content = json.loads((folder / FILE).read_text(encoding="utf-8"))
        model = cls()
        model.columns, model.dispersion = content["columns"], content["dispersion"]
        with np.load(folder / ARRAYS, allow_pickle=False) as arrays:
            model.scorer = Scorer(**{field.name: arrays[field.name] for field in fields(Scorer)})
        return model


class CountTrees(_CountModel):
    """A few hundred tiny trees on the log scale."""

    booster: Any

    def fit(self, inputs: Columns, outcomes: NDArray[Any], weight: Floats | None, seed: int) -> None:
        """Grow the trees. (n,) numbers, never negative; where all are 0 there is nothing to grow and everybody gets the mean."""
        weight = even_weight(weight, len(inputs))
        order = inputs.canonical_order(outcomes, weight)
        inputs, outcomes, weight = inputs.take(order), np.asarray(outcomes, dtype=np.float64)[order], weight[order]
        self.columns, self.booster, self.mean = inputs.describe(), None, max(float(weight @ outcomes / weight.sum()), SMALLEST_MEAN)
        if outcomes.max() > 0:
            self.booster = _grow(inputs, outcomes, weight, seed)
        self.dispersion = dispersion_of(outcomes, self.predict(inputs), weight)

    def contributions(self, inputs: Columns) -> Floats:
        """(n, d + 1) exact Shapley values of the trees on the log scale."""
        check_columns(self.columns, inputs)
        parts = np.zeros((len(inputs), inputs.values.shape[1] + 1))
        parts[:, -1] = np.log(self.mean)
        if self.booster is not None and len(inputs):
            parts = np.asarray(self.booster.predict(known_codes(inputs), pred_contrib=True, num_threads=1), dtype=np.float64)
        return parts

    def predict(self, inputs: Columns) -> Floats:
        """(n,) expected numbers, without the detour over contributions."""
        check_columns(self.columns, inputs)
        if self.booster is None or not len(inputs):
            return np.full(len(inputs), self.mean)
        return np.asarray(self.booster.predict(known_codes(inputs), num_threads=1), dtype=np.float64)

    def save(self, folder: Path) -> None:
        """Write counts.json and, when something was grown, counts.txt (LightGBM's own text form)."""
        (folder / FILE).write_text(self._describe(mean=self.mean, learned=self.booster is not None), encoding="utf-8")
        if self.booster is not None:
            (folder / TREES).write_text(self.booster.model_to_string(), encoding="utf-8", newline="\n")

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read what `save` wrote."""
        content = json.loads((folder / FILE).read_text(encoding="utf-8"))
        model = cls()
        model.columns, model.dispersion, model.mean, model.booster = content["columns"], content["dispersion"], content["mean"], None
        if content["learned"]:
            import lightgbm  # heavy

            model.booster = lightgbm.Booster(model_str=(folder / TREES).read_bytes().decode("utf-8"))
        return model


def _grow(inputs: Columns, outcomes: Floats, weight: Floats, seed: int) -> Any:
    import lightgbm  # heavy

    parameters = {**PARAMETERS, "objective": "poisson", "seed": seed % 2**31}
    categories = np.flatnonzero(inputs.is_category).tolist()
    data = lightgbm.Dataset(known_codes(inputs), label=outcomes, weight=weight, categorical_feature=categories, params=parameters)
    booster = lightgbm.train(parameters, data, num_boost_round=NUM_TREES)
    return lightgbm.Booster(model_str=booster.model_to_string())  # the saved form, so that before and after are equal


def _choose_alpha(matrix: Any, outcomes: Floats, weight: Floats, seed: int) -> float:
    """The strongest penalty not worse than the best beyond one standard error, over three folds."""
    if len(outcomes) < MIN_ROWS:
        return ALPHAS[0]
    losses = np.zeros((len(ALPHAS), len(outcomes)))
    for split in stratified_folds((outcomes > 0).astype(np.intp), NUM_FOLDS, seed):
        for place, alpha in enumerate(ALPHAS):
            coefficients, intercept = _regress(matrix[split.train], outcomes[split.train], weight[split.train], alpha)
            score = np.clip(matrix[split.test] @ coefficients + intercept, -LARGEST_LOG, LARGEST_LOG)
            losses[place, split.test] = poisson_deviances(outcomes[split.test], np.exp(score)) * weight[split.test]
    excess = losses - losses[losses.sum(axis=1).argmin()]
    tolerable = excess.mean(axis=1) <= excess.std(axis=1) / np.sqrt(len(outcomes))
    return ALPHAS[int(tolerable.argmax())]


def _regress(matrix: Any, outcomes: Floats, weight: Floats, alpha: float) -> tuple[Floats, float]:
    """((m,) coefficients, intercept) of scikit-learn's Poisson regression; all zeros where nothing was counted."""
    from sklearn.linear_model import PoissonRegressor  # heavy, needed at fit only

    if not outcomes.max() > 0:
        return np.zeros(matrix.shape[1]), float(np.log(SMALLEST_MEAN))
    solver = "newton-cholesky" if isinstance(matrix, np.ndarray) else "lbfgs"
    fitted = PoissonRegressor(alpha=alpha, solver=solver, max_iter=1_000, tol=1e-6).fit(matrix, outcomes, sample_weight=weight)
    return np.asarray(fitted.coef_, dtype=np.float64), float(fitted.intercept_)


COUNT_MEAN = Recipe("count_mean", "number", CountMean, CountMean.load, COUNT_MEAN_TITLE)
COUNT_LINE = Recipe("count_line", "number", CountLine, CountLine.load, COUNT_LINE_TITLE)
COUNT_TREES = Recipe("count_trees", "number", CountTrees, CountTrees.load, COUNT_TREES_TITLE)
COUNT_RECIPES: tuple[Recipe, ...] = (COUNT_MEAN, COUNT_LINE, COUNT_TREES)
"""For numbers of times on tables; the first is the baseline."""
