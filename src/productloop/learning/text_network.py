"""A small neural network on what a text is about and how it is written: the side of `text_blend` that can join one thing with another.

What goes in are directions of the runs (latent semantic analysis: Deerwester and others 1990, JASIS 41(6); by the random method of Halko,
Martinsson and Tropp 2011, SIAM Review 53(2)), learned from the texts of the training without their labels, and the marks that need no
labels. One layer of rectified units, Adam with decoupled decay (Kingma and Ba 2015, ICLR; Loshchilov and Hutter 2019, ICLR), a rate that
falls to zero, and drop-out (Srivastava and others 2014, JMLR 15) of inputs and units. Two networks with other first weights are averaged,
which is again one network, twice as wide. numpy only: PyTorch is an extra, and so small a network needs none.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from productloop.learning.text_features import Features

Floats = NDArray[np.float64]
Singles = NDArray[np.float32]

NUM_DIRECTIONS, MOST_RUNS = 150, 20_000
"""Directions of the most frequent runs; rare ones say little about the others and would fill the file."""
NUM_NETWORKS, NUM_UNITS, NUM_EPOCHS, BATCH_ROWS = 2, 64, 15, 128
RATE, DECAY = 2e-3, 1e-3
DROPPED_INPUTS, DROPPED_UNITS = 0.3, 0.5
MEAN_KEPT, SQUARE_KEPT, TINY = 0.9, 0.99, 1e-8
"""Of Adam: how much of the running mean of slopes and of their squares stays."""
LEAST_SPREAD = 1e-3
"""Added to the standard deviation of an input, so that one that hardly moves is not blown up."""


class Directions:
    """Where a text stands by its runs: weights of the kept runs @ directions."""

    def __init__(self, kept: NDArray[np.int64], directions: NDArray[np.float16], num_runs: int) -> None:
        """Numbers of the kept runs (m,) of `num_runs`, their directions (m, d)."""
        self.kept, self.directions, self.num_runs = kept, directions, num_runs
        self.place = np.full(num_runs, -1, dtype=np.int64)
        self.place[kept] = np.arange(len(kept))
        self.exact = directions.astype(np.float32)  # half precision takes longer to read

    def rows(self, matrix: Any) -> Floats:
        """(n, d) of (n, runs) sparse rows."""
        return np.asarray(matrix[:, self.kept] @ self.exact.astype(np.float64), dtype=np.float64)

    def of_texts(self, features: Features, num_texts: int) -> Floats:
        """(num_texts, d) of texts with these runs."""
        places = self.place[features.numbers]
        there = places >= 0
        kept = Features(features.owners[there], places[there], features.values[there])
        return kept.sums(self.exact[kept.numbers], num_texts)


def learn_directions(matrix: Any, seed: int) -> Directions:
    """Directions of the greatest spread of (n, runs) sparse rows; fewer where there are few texts or runs."""
    in_texts = np.bincount(matrix.indices, minlength=matrix.shape[1])
    kept = np.sort(np.argsort(-in_texts, kind="stable")[:MOST_RUNS])
    size = min(NUM_DIRECTIONS, matrix.shape[0] - 1, len(kept) - 1)
    if size < 1:
        return Directions(np.zeros(0, dtype=np.int64), np.zeros((0, 0), dtype=np.float16), matrix.shape[1])
    from sklearn.utils.extmath import randomized_svd

    _, _, found = randomized_svd(matrix[:, kept], size, n_oversamples=10, n_iter=2, random_state=seed)
    return Directions(kept, found.T.astype(np.float16), matrix.shape[1])


class Network:
    """One score for each class: max(0, inputs @ first + first_bias) @ last + last_bias."""

    def __init__(self, first: Floats, first_bias: Floats, last: Floats, last_bias: Floats) -> None:
        """(inputs, units), (units,), (units, k), (k,)"""
        self.first, self.first_bias, self.last, self.last_bias = first, first_bias, last, last_bias

    def scores(self, inputs: Floats) -> Floats:
        """(n, k) scores of (n, inputs) rows, or (k,) of one."""
        return np.asarray(np.maximum(inputs @ self.first + self.first_bias, 0.0) @ self.last + self.last_bias, dtype=np.float64)


def fit_network(inputs: Floats, codes: NDArray[np.intp], weight: Floats, seed: int) -> Network:
    """Log-loss of (n, inputs) rows with classes (n,) 0 .. k - 1; rare classes count more, by the root of how rare they are."""
    num_classes = int(codes.max()) + 1
    mean, spread = inputs.mean(axis=0), inputs.std(axis=0) + LEAST_SPREAD
    share = (weight / np.sqrt(np.bincount(codes, weight, num_classes))[codes]).astype(np.float32)
    share /= share.mean()
    standard = ((inputs - mean) / spread).astype(np.float32)
    truth = np.eye(num_classes, dtype=np.float32)[codes]
    parts = [_fit_once(standard, truth, share, np.random.default_rng((seed, number))) for number in range(NUM_NETWORKS)]
    first, first_bias = np.concatenate([part[0] for part in parts], axis=1), np.concatenate([part[1] for part in parts])
    last = np.concatenate([part[2] for part in parts]).astype(np.float64) / NUM_NETWORKS
    last_bias = np.mean([part[3] for part in parts], axis=0, dtype=np.float64)
    first = first.astype(np.float64) / spread[:, None]
    # the scores of a row sum to 0, as those of the other sides do
    return Network(first, first_bias - mean @ first, last - last.mean(axis=1, keepdims=True), last_bias - last_bias.mean())


def _fit_once(inputs: Singles, truth: Singles, share: Singles, random: np.random.Generator) -> list[Singles]:
    """First weights, their biases, last weights, their biases."""
    num_rows, width = inputs.shape
    drawn = (random.normal(size=(width, NUM_UNITS)) / np.sqrt(width), random.normal(size=(NUM_UNITS, truth.shape[1])) / 10)
    first, last = (one.astype(np.float32) for one in drawn)
    layers = [first, np.zeros(NUM_UNITS, dtype=np.float32), last, np.zeros(truth.shape[1], dtype=np.float32)]
    running = [(np.zeros_like(one), np.zeros_like(one)) for one in layers]
    num_steps, step = NUM_EPOCHS * -(-num_rows // BATCH_ROWS), 0
    for _ in range(NUM_EPOCHS):
        shuffled = random.permutation(num_rows)
        for start in range(0, num_rows, BATCH_ROWS):
            rows = shuffled[start : start + BATCH_ROWS]
            slopes = _slopes(layers, inputs[rows], truth[rows], share[rows, None] / np.float32(len(rows)), random)
            step += 1
            rate = RATE * (1.0 - step / (num_steps + 1))
            descend(layers, running, slopes, rate, DECAY, step)
    return layers


def descend(
    layers: Sequence[Singles], running: Sequence[tuple[Singles, Singles]], slopes: Sequence[Singles], rate: float, decay: float, step: int
) -> None:
    """One step of Adam with decoupled weight decay (Loshchilov and Hutter 2019), in place; `running` holds the means of slopes and of their squares."""
    for layer, (mean, square), slope in zip(layers, running, slopes, strict=True):
        mean += np.float32(1.0 - MEAN_KEPT) * (slope - mean)
        square += np.float32(1.0 - SQUARE_KEPT) * (slope**2 - square)
        sure_mean, sure_square = mean / np.float32(1.0 - MEAN_KEPT**step), square / np.float32(1.0 - SQUARE_KEPT**step)
        layer -= np.float32(rate) * (sure_mean / (np.sqrt(sure_square) + np.float32(TINY)) + np.float32(decay) * layer)


def _slopes(layers: list[Singles], inputs: Singles, truth: Singles, share: Any, random: np.random.Generator) -> list[Singles]:
    """Slope of the loss by each layer for some rows, with some inputs and units dropped."""
    first, first_bias, last, last_bias = layers
    inputs = inputs * _kept(inputs.shape, DROPPED_INPUTS, random)
    entering = inputs @ first + first_bias
    open_units = _kept(entering.shape, DROPPED_UNITS, random) * (entering > 0)
    units = entering * open_units
    scores = units @ last + last_bias
    raised = np.exp(scores - scores.max(axis=1, keepdims=True))
    error = (raised / raised.sum(axis=1, keepdims=True) - truth) * share
    back = (error @ last.T) * open_units
    return [inputs.T @ back, back.sum(axis=0), units.T @ error, error.sum(axis=0)]


def _kept(shape: tuple[int, ...], dropped: float, random: np.random.Generator) -> Singles:
    """0 where something is dropped, else so much more that the mean stays."""
    kept: Singles = (random.random(shape, dtype=np.float32) >= dropped).astype(np.float32) / np.float32(1.0 - dropped)
    return kept
