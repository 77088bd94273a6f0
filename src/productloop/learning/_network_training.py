"""How the small network learns: Adam on the mean (focal) log-loss with L2 on the weights, in PyTorch, on one thread of the CPU.

Adam: Kingma and Ba 2015, ICLR. First weights: uniform within sqrt(6 / (in + out)) (Glorot and Bengio 2010, AISTATS). Focal loss: Lin and
others 2017, ICCV. Drawing and shuffling are numpy's, so that a seed means the same on every version of PyTorch.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from productloop.foundation.errors import NotInstalled
from productloop.learning.splitting import stratified_folds
from productloop.learning.wording import NETWORK_EXTRA_MISSING

Floats = NDArray[np.float64]
Layer = tuple[Floats, Floats]
"""((in, out) weights, (out,) biases)"""

NUM_HOLDOUT_FOLDS = 10
"""Early stopping looks at one row in ten."""


@dataclass(frozen=True, slots=True)
class Training:
    """Settings of one training.

    hidden          sizes of the hidden layers
    decay           L2 on the weights, per row: half of it times their squares is added to the mean loss
    num_epochs      passes over the rows; the most, with early stopping
    batch_rows      rows in a step
    learning_rate   of Adam
    focal_gamma     0 is log-loss; above, sure rows count less (2 in the paper), at the cost of calibration
    early_rows      from so many rows on, a tenth is held out and the epoch with the lowest loss there is kept
    patience        epochs without a lower loss before stopping
    """

    hidden: tuple[int, ...] = (32,)
    decay: float = 0.005
    num_epochs: int = 60
    batch_rows: int = 200
    learning_rate: float = 1e-3
    focal_gamma: float = 0.0
    early_rows: int = 5_000
    patience: int = 8


def can_train() -> bool:
    """Whether PyTorch is there; it is not loaded."""
    return find_spec("torch") is not None


def require_torch() -> None:
    """Raise NotInstalled, with the command that helps, where PyTorch is missing."""
    if not can_train():
        raise NotInstalled(NETWORK_EXTRA_MISSING)


def train(matrix: Any, codes: NDArray[np.intp], weight: Floats, settings: Training, seed: int) -> list[Layer]:
    """Fit one network. matrix: (n, m) dense or sparse rows; codes: (n,) 0 .. k - 1; the last layer has 1 output for k = 2, else k.

    Raises NotInstalled without PyTorch.
    """
    require_torch()
    import torch

    threads = torch.get_num_threads()
    torch.set_num_threads(1)  # sums in another order would be another model
    try:
        return _Training(torch, matrix, codes, weight, settings, seed).run()
    finally:
        torch.set_num_threads(threads)


class _Training:
    """The state of one run."""

    def __init__(self, torch: Any, matrix: Any, codes: NDArray[np.intp], weight: Floats, settings: Training, seed: int) -> None:
        self.torch, self.settings, self.random = torch, settings, np.random.default_rng(seed)
        self.matrix, self.codes, self.weight = matrix, codes, weight
        num_scores = 1 if codes.max() == 1 else int(codes.max()) + 1
        sizes = (matrix.shape[1], *settings.hidden, num_scores)
        self.parameters = [self._draw(*shape) for shape in pairwise(sizes)]
        self.train, self.test = np.arange(len(codes)), np.zeros(0, dtype=np.intp)
        if len(codes) >= settings.early_rows and np.bincount(codes).min() >= NUM_HOLDOUT_FOLDS:
            split = stratified_folds(codes, NUM_HOLDOUT_FOLDS, seed)[0]
            self.train, self.test = split.train, split.test

    def run(self) -> list[Layer]:
        flat = [one for pair in self.parameters for one in pair]
        optimiser = self.torch.optim.Adam(flat, lr=self.settings.learning_rate)
        best, lowest, without_gain = self._layers(), float("inf"), 0
        for _ in range(self.settings.num_epochs):
            shuffled = self.random.permutation(self.train)
            for start in range(0, len(shuffled), self.settings.batch_rows):
                optimiser.zero_grad()
                self._loss(shuffled[start : start + self.settings.batch_rows]).backward()
                optimiser.step()
            if not len(self.test):
                continue
            with self.torch.no_grad():
                loss = float(self._mean_loss(self.test))
            without_gain = 0 if loss < lowest else without_gain + 1
            if loss < lowest:
                best, lowest = self._layers(), loss
            if without_gain == self.settings.patience:
                break
        return best if len(self.test) else self._layers()

    def _draw(self, num_in: int, num_out: int) -> tuple[Any, Any]:
        bound = np.sqrt(6.0 / (num_in + num_out))
        drawn = self.random.uniform(-bound, bound, (num_in, num_out)).astype(np.float32)
        weights = self.torch.tensor(drawn, requires_grad=True)
        return weights, self.torch.zeros(num_out, dtype=self.torch.float32, requires_grad=True)

    def _loss(self, rows: NDArray[np.intp]) -> Any:
        penalty = sum((weights**2).sum() for weights, _ in self.parameters)
        return self._mean_loss(rows) + 0.5 * self.settings.decay * penalty

    def _mean_loss(self, rows: NDArray[np.intp]) -> Any:
        torch = self.torch
        dense = self.matrix[rows]
        values = torch.from_numpy(np.ascontiguousarray(dense if isinstance(dense, np.ndarray) else dense.toarray(), dtype=np.float32))
        for weights, biases in self.parameters[:-1]:
            values = torch.relu(values @ weights + biases)
        weights, biases = self.parameters[-1]
        scores = values @ weights + biases
        truth = torch.from_numpy(self.codes[rows])
        if scores.shape[1] == 1:
            scores = torch.cat([torch.zeros_like(scores), scores], dim=1)
        losses = torch.nn.functional.cross_entropy(scores, truth, reduction="none")
        if self.settings.focal_gamma:
            losses = (1.0 - torch.exp(-losses)) ** self.settings.focal_gamma * losses
        each = torch.from_numpy(self.weight[rows].astype(np.float32))
        return (losses * each).sum() / len(rows)

    def _layers(self) -> list[Layer]:
        return [(w.detach().numpy().astype(np.float64), b.detach().numpy().astype(np.float64)) for w, b in self.parameters]
