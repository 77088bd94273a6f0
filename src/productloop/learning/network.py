"""A small neural network for tables: one hidden layer of 32 units on standardised numbers and one-hot categories.

What goes wrong with networks on small tables is not the network but its size and its penalty: two layers of 64 and 32 without one had the
worst log-loss of all on Telco churn (.617) and German credit (1.348), one layer of 32 with a strong penalty is as good as boosting
(.4165, .4876). So the L2 penalty here is that of 16 rows of evidence whatever the number of rows, and early stopping, which costs a tenth
of the rows, begins at 5,000. Trained with PyTorch (`_network_training`, the extra "deep"), predicted and explained with numpy only.

Contributions are integrated gradients on the straight path from the average training row (Sundararajan, Taly, Yan 2017, "Axiomatic
attribution for deep networks", ICML): they sum to the score minus that of the average row. With one hidden layer of rectified units the
integral has a closed form: a unit's mean slope on the path is its rise divided by the rise of what goes in. Deeper networks take the
mean of the gradient at 64 points, and the remainder (below a hundredth) is spread in proportion to the contributions.

Encoding, missing values and categories never seen are those of `logistic`; numbers are kept within the 2 % and 98 % of the training
rows, so that one odd value does not decide.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from productloop.learning._network_training import Layer, Training, require_torch, train
from productloop.learning.classes import ClassCodes, classes_from, even_weight, learn_classes
from productloop.learning.columns import Columns
from productloop.learning.logistic import Encoding, Scorer, check_columns, constant_contributions, probabilities, spread_contributions
from productloop.learning.model import Recipe
from productloop.learning.wording import NETWORK_TITLE

Floats = NDArray[np.float64]

PRIOR_ROWS, MOST_DECAY = 16.0, 0.02
"""The penalty per row is PRIOR_ROWS / rows, at most MOST_DECAY; chosen on German credit, heart disease and bank churn, five folds."""
STEPS_PER_EPOCH, FEWEST_BATCH_ROWS, MOST_BATCH_ROWS = 40, 32, 1_024
EDGE = 0.02
"""Share of the numbers of a column, at each end, that are pulled in."""
NUM_POINTS = 64
CHUNK_ROWS = 4_096
JSON_FILE, ARRAY_FILE = "network.json", "network.npz"


@dataclass(frozen=True, slots=True)
class Network:
    """What a fitted network keeps; everything float64.

    low, high  (numbers,) where numbers are cut off
    first      gives what goes into each unit of the first layer, as contributions of the columns around the average row
    rest       the layers behind the first rectifier; the last has 1 output (log-odds of class 1) or one per seen class
    """

    low: Floats
    high: Floats
    first: Scorer
    rest: tuple[Layer, ...]

    def scores(self, inputs: Columns) -> Floats:
        """(n, k) log-odds, or scores before the softmax."""
        return self.after_first(self.moves(inputs).sum(axis=2) + self.first.bias)

    def contributions(self, inputs: Columns) -> Floats:
        """(n, k, d + 1) integrated gradients by column; the last is the score of the average row."""
        moves = self.moves(inputs)  # (n, units, d)
        start, end = self.first.bias, moves.sum(axis=2) + self.first.bias
        parts = np.einsum("nud,nuk->nkd", moves, self._mean_slope(start, end))
        base = self.after_first(start[None, :])[0]
        lost = self.after_first(end) - base - parts.sum(axis=2)
        size = np.abs(parts)
        parts = parts + lost[:, :, None] * size / np.maximum(size.sum(axis=2, keepdims=True), np.finfo(float).tiny)
        return np.concatenate([parts, np.broadcast_to(base[None, :, None], (len(inputs), len(base), 1))], axis=2)

    def moves(self, inputs: Columns) -> Floats:
        """(n, units, d) how far each column moves what goes into each unit of the first layer away from the average row."""
        values = inputs.values.copy()
        numbers = ~inputs.is_category
        values[:, numbers] = np.clip(values[:, numbers], self.low, self.high)  # NaN stays
        return self.first.contributions(Columns(values, inputs.names, inputs.kinds, inputs.num_categories))

    def after_first(self, entering: Floats) -> Floats:
        """(n, units) that enter the first rectifier -> (n, k) scores."""
        values = entering
        for weights, biases in self.rest:
            values = np.maximum(values, 0.0) @ weights + biases
        return values

    def _mean_slope(self, start: Floats, end: Floats) -> Floats:
        """(n, units, k) mean gradient of the scores by what enters the first rectifier, on the way from (units,) to (n, units)."""
        if len(self.rest) == 1:
            rise, run = np.maximum(end, 0.0) - np.maximum(start, 0.0), end - start
            still = np.abs(run) < 1e-12
            slope = np.where(still, end > 0.0, rise / np.where(still, 1.0, run))
            return slope[:, :, None] * self.rest[0][0]
        total = np.zeros((*end.shape, self.rest[-1][0].shape[1]))
        for point in range(NUM_POINTS):
            total += self._slope(start + (end - start) * (point + 0.5) / NUM_POINTS)
        return total / NUM_POINTS

    def _slope(self, entering: Floats) -> Floats:
        """(n, units) -> (n, units, k) gradient of the scores at one point: the product of the layers' weights where units are on."""
        on, values = [], entering
        for weights, biases in self.rest:
            on.append(values > 0.0)
            values = np.maximum(values, 0.0) @ weights + biases
        slope = np.broadcast_to(np.eye(values.shape[1]), (len(entering), values.shape[1], values.shape[1]))
        for (weights, _), is_on in zip(reversed(self.rest), reversed(on), strict=True):
            slope = is_on[:, :, None] * (weights @ slope)
        return np.asarray(slope, dtype=np.float64)


class NetworkModel:
    """Fully connected network with rectified units."""

    classes: ClassCodes
    columns: dict[str, Any]
    network: Network | None
    """None when only one class was seen: then everyone gets the base rates."""

    def __init__(self, hidden: tuple[int, ...] = (32,), focal_gamma: float = 0.0) -> None:
        """`hidden`: sizes of the hidden layers, at least one. `focal_gamma`: 0 is log-loss; above, rare classes weigh more and
        probabilities are no longer calibrated (see `imbalance`).
        """
        assert hidden, "a network needs a hidden layer"
        self.training = Training(hidden=hidden, focal_gamma=focal_gamma)

    def fit(self, inputs: Columns, outcomes: NDArray[Any], weight: Floats | None, seed: int) -> None:
        """Train. (n,) integer outcomes. Raises NotInstalled without PyTorch."""
        require_torch()
        weight = even_weight(weight, len(inputs))
        order = inputs.canonical_order(outcomes, weight)
        inputs, outcomes, weight = inputs.take(order), np.asarray(outcomes, dtype=np.intp)[order], weight[order]
        self.classes, self.columns, self.network = learn_classes(outcomes, weight), inputs.describe(), None
        if len(self.classes.present) < 2:
            return
        numbers = inputs.values[:, ~inputs.is_category]
        low, high = np.array([_edges(numbers[:, place]) for place in range(numbers.shape[1])]).reshape(-1, 2).T
        values = inputs.values.copy()
        values[:, ~inputs.is_category] = np.clip(numbers, low, high)
        inputs = Columns(values, inputs.names, inputs.kinds, inputs.num_categories)
        encoding = Encoding.learn(inputs, weight)
        matrix = encoding.encode(inputs)
        settings = replace(
            self.training,
            decay=min(MOST_DECAY, PRIOR_ROWS / len(outcomes)),
            batch_rows=int(np.clip(len(outcomes) // STEPS_PER_EPOCH, FEWEST_BATCH_ROWS, MOST_BATCH_ROWS)),
        )
        (weights, biases), *rest = train(matrix, self.classes.compact(outcomes), weight, settings, seed)
        self.network = Network(low, high, encoding.scorer(weights.T, biases, weight @ matrix / weight.sum()), tuple(rest))

    def predict(self, inputs: Columns) -> Floats:
        """(n, classes) probabilities. Raises DataProblem for other columns than those of the training."""
        check_columns(self.columns, inputs)
        if self.network is None:
            return self.classes.constant(len(inputs))
        if not len(inputs):
            return np.empty((0, self.classes.num_classes))
        parts = [probabilities(self.network.scores(chunk)) for chunk in _chunks(inputs)]
        return self.classes.expand(np.concatenate(parts))

    def contributions(self, inputs: Columns) -> Floats:
        """(n, d + 1) log-odds of class 1, or (n, classes, d + 1) for more than two classes; see `Explained`."""
        check_columns(self.columns, inputs)
        if self.network is None or not len(inputs):
            return constant_contributions(self.classes, inputs)
        parts = np.concatenate([self.network.contributions(chunk) for chunk in _chunks(inputs)])
        return parts[:, 0] if self.classes.num_classes == 2 else spread_contributions(self.classes, parts)

    def save(self, folder: Path) -> None:
        """Write network.json and, when something was learned, network.npz."""
        num_layers = 0 if self.network is None else len(self.network.rest)
        content = {"classes": self.classes.describe(), "columns": self.columns, "num_layers": num_layers}
        (folder / JSON_FILE).write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
        if self.network is None:
            return
        arrays = {f"first_{field.name}": getattr(self.network.first, field.name) for field in fields(Scorer)}
        for place, (weights, biases) in enumerate(self.network.rest):
            arrays |= {f"weights_{place}": weights, f"biases_{place}": biases}
        np.savez(folder / ARRAY_FILE, low=self.network.low, high=self.network.high, **arrays)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read what `save` wrote; no pickle is opened, no PyTorch needed."""
        content = json.loads((folder / JSON_FILE).read_text(encoding="utf-8"))
        model = cls()
        model.classes, model.columns, model.network = classes_from(content["classes"]), content["columns"], None
        if content["num_layers"]:
            with np.load(folder / ARRAY_FILE, allow_pickle=False) as arrays:
                first = Scorer(**{field.name: arrays[f"first_{field.name}"] for field in fields(Scorer)})
                rest = tuple((arrays[f"weights_{place}"], arrays[f"biases_{place}"]) for place in range(content["num_layers"]))
                model.network = Network(arrays["low"], arrays["high"], first, rest)
        return model


def _chunks(inputs: Columns) -> list[Columns]:
    """The rows in pieces that fit into memory as (rows, units, columns)."""
    return [inputs.take(np.arange(start, min(start + CHUNK_ROWS, len(inputs)))) for start in range(0, len(inputs), CHUNK_ROWS)]


def _edges(numbers: Floats) -> tuple[float, float]:
    """Where a column's numbers are cut off; nothing is known of an empty one."""
    known = numbers[~np.isnan(numbers)]
    if not len(known):
        return 0.0, 0.0
    low, high = np.quantile(known, (EDGE, 1.0 - EDGE))
    return float(low), float(high)


NETWORK = Recipe("network", "classes", NetworkModel, NetworkModel.load, NETWORK_TITLE)
