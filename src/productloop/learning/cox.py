"""Proportional hazards: how many times as fast it happens to one kind of person as to another, whatever the time.

Cox (1972), J. R. Statist. Soc. B 34; ties after Efron (1977, J. Am. Stat. Assoc. 72); people watched from later than 0 stand in the risk sets
only from then on. Solved by Newton's steps, halved where the likelihood would fall. An L2 penalty keeps coefficients of rare columns
finite; 0 gives the plain estimate, whose standard errors come from the observed information.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from productloop.learning.columns import Columns
from productloop.learning.logistic import Encoding
from productloop.learning.survival import Spans

Floats = NDArray[np.float64]

MAX_STEPS = 50
TOLERANCE = 1e-9
PENALTY = 1.0
"""On standardised columns and the sum of log-likelihoods; the order of people hardly depends on it."""


@dataclass(frozen=True, slots=True)
class CoxFit:
    """(d,) logarithms of hazard ratios by column of the matrix, their standard errors, and the partial log-likelihood."""

    coefficients: Floats
    standard_errors: Floats
    log_likelihood: float


def fit_cox(matrix: Floats, spans: Spans, penalty: float = 0.0) -> CoxFit:
    """Fit (n, d) columns. Without any event or column all coefficients are 0."""
    matrix = matrix - matrix.mean(axis=0) if len(matrix) else matrix
    width = matrix.shape[1]
    beta = np.zeros(width)
    value, slope, information = _partial(matrix, spans, beta, penalty)
    for _ in range(MAX_STEPS if spans.happened.any() and width else 0):
        step = np.linalg.lstsq(information, slope, rcond=None)[0]
        size = 1.0
        while True:
            trial = beta + size * step
            found = _partial(matrix, spans, trial, penalty)
            if found[0] >= value - 1e-12 or size < 1e-6:
                break
            size /= 2
        gained = found[0] - value
        beta, (value, slope, information) = trial, found
        if gained < TOLERANCE * (1 + abs(value)):
            break
    errors = np.sqrt(np.clip(np.diag(np.linalg.pinv(information)), 0.0, None)) if width else np.zeros(0)
    return CoxFit(beta, errors, value)


def _partial(matrix: Floats, spans: Spans, beta: Floats, penalty: float) -> tuple[float, Floats, Floats]:
    """(log-likelihood, slope (d,), information (d, d)) with Efron's ties.

    Sums over a risk set are differences of running sums: who was watched at least until then, without who was not watched yet.
    """
    width = matrix.shape[1]
    value, slope, information = -0.5 * penalty * float(beta @ beta), -penalty * beta, penalty * np.eye(width)
    cases = np.flatnonzero(spans.happened)
    if not len(cases):
        return value, slope, information
    line = matrix @ beta
    shift = float(line.max())
    weight = np.exp(line - shift)
    moments, tied, num_tied = np.unique(spans.exit[cases], return_inverse=True, return_counts=True)
    carried = np.column_stack([np.ones(len(matrix)), matrix]) * weight[:, None]
    risk = _at_least(spans.exit, carried, moments) - _at_least(spans.entry, carried, moments)  # (k, 1 + d)
    own = np.zeros_like(risk)
    np.add.at(own, tied, carried[cases])
    place = np.repeat(np.arange(len(moments)), num_tied)
    share = (np.arange(len(place)) - np.repeat(np.cumsum(num_tied) - num_tied, num_tied)) / num_tied[place]
    below = risk[place, 0] - share * own[place, 0]
    means = (risk[place, 1:] - share[:, None] * own[place, 1:]) / below[:, None]
    value += float(line[cases].sum() - (np.log(below) + shift).sum())
    slope = slope + matrix[cases].sum(axis=0) - means.sum(axis=0)
    plain, shared = np.bincount(place, 1 / below), np.bincount(place, share / below)
    so_far = np.concatenate([[0.0], np.cumsum(plain)])
    counted = weight * (so_far[np.searchsorted(moments, spans.exit, "right")] - so_far[np.searchsorted(moments, spans.entry, "right")])
    counted[cases] -= weight[cases] * shared[tied]
    return value, slope, information + matrix.T @ (matrix * counted[:, None]) - means.T @ means


def _at_least(ends: Floats, carried: Floats, moments: Floats) -> Floats:
    """(k, m) sums of the rows that end at each moment or later."""
    order = np.argsort(-ends, kind="stable")
    sums = np.concatenate([np.zeros((1, carried.shape[1])), np.cumsum(carried[order], axis=0)])
    return np.asarray(sums[np.searchsorted(-ends[order], -moments, side="right")], dtype=np.float64)


class CoxOrder:
    """Orders people by how fast it happens to them, from columns known at their start."""

    encoding: Encoding
    fitted: CoxFit

    def fit(self, inputs: Columns, spans: Spans, penalty: float = PENALTY) -> None:
        """Learn from rows with their spans."""
        self.encoding = Encoding.learn(inputs, np.ones(len(inputs)))
        self.fitted = fit_cox(self._matrix(inputs), spans, penalty)

    def risk(self, inputs: Columns) -> Floats:
        """(n,) logarithms of hazard relative to the mean row, up to a constant."""
        return np.asarray(self._matrix(inputs) @ self.fitted.coefficients, dtype=np.float64)

    def _matrix(self, inputs: Columns) -> Floats:
        matrix = self.encoding.encode(inputs)
        return np.asarray(matrix if isinstance(matrix, np.ndarray) else matrix.toarray(), dtype=np.float64)
