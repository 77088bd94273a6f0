"""A head from 8-60 labelled texts: sentence vectors, the answers of a cold-start model, and the texts nobody has labelled.

What so few labels cannot say, the others do. A logistic regression on the vectors learns from the labels and, weaker, from the cold-start
answers for the unlabelled pool (distillation: Hinton, Vinyals and Dean 2015, arXiv 1503.02531; one round of self-training: Amini and others
2022, arXiv 2202.12040). A second regression of two weights and an intercept for each class mixes its scores with the cold start's, fitted on
scores for labels it did not see and pulled towards the even mixture, so that eight labels move it little and sixty move it.

`choose` says which texts to label next: those the head is unsure of, spread over the pool, by k-means++ seeding weighted by uncertainty
(Arthur and Vassilvitskii 2007, SODA; Ash and others 2020, BADGE, arXiv 1906.03671).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from productloop.learning.splitting import stratified_folds

Floats = NDArray[np.float64]

VECTOR_RIDGE = 0.3
"""L2 on the vectors' coefficients, for vectors of length 1 less the pool's mean; on the scale of one labelled text."""
POOL_WEIGHT = 0.3
"""A cold-start answer for an unlabelled text counts as this much of a label; all of them together at most POOL_SHARE times the labels."""
POOL_SHARE = 3.0
MIX_RIDGE = 1.0
NUM_FOLDS = 5
SMALLEST = 0.02
"""Cold-start answers are kept this far from 0: a word list is never certain."""


@dataclass(frozen=True, slots=True)
class FewShotHead:
    """Fitted by `fit_few_shot`; plain arrays.

    mean (d,), coefficients (d, k), intercept (k,) of the vectors' regression; mix (2 + k,): weight of the cold start, weight of the vectors,
    and one number for each class.
    """

    mean: Floats
    coefficients: Floats
    intercept: Floats
    mix: Floats

    def predict(self, vectors: NDArray[Any], prior: Floats) -> Floats:
        """(n, k) probabilities of (n, d) vectors with (n, k) cold-start answers."""
        return _softmax(_mixed(self.mix, _log(prior), (vectors - self.mean) @ self.coefficients + self.intercept))


def fit_few_shot(
    vectors: NDArray[Any], prior: Floats, outcomes: NDArray[Any], pool_vectors: NDArray[Any], pool_prior: Floats, seed: int
) -> FewShotHead:
    """Learn from n labelled and m unlabelled texts.

    vectors (n, d) of length 1, prior (n, k) cold-start probabilities (rows sum to 1; even where it knows nothing), outcomes (n,) codes below
    k, n >= 1; pool_vectors (m, d) and pool_prior (m, k), m >= 0. A class without a label keeps what the cold start says about it.
    """
    vectors, pool_vectors = np.asarray(vectors, dtype=np.float64), np.asarray(pool_vectors, dtype=np.float64)
    outcomes, num_classes = np.asarray(outcomes, dtype=np.intp), prior.shape[1]
    mean = np.concatenate([vectors, pool_vectors]).mean(axis=0)
    centred, pool = vectors - mean, pool_vectors - mean
    truth, pool_truth = np.eye(num_classes)[outcomes], np.clip(pool_prior, SMALLEST, None)
    pool_truth = pool_truth / pool_truth.sum(axis=1, keepdims=True)
    scores = np.zeros((len(vectors), num_classes))
    for rows, others in _leave_out(outcomes, seed):
        coefficients, intercept = _fit_vectors(centred[others], truth[others], pool, pool_truth)
        scores[rows] = centred[rows] @ coefficients + intercept
    mix = _fit_mix(_log(prior), scores, truth)
    coefficients, intercept = _fit_vectors(centred, truth, pool, pool_truth)
    return FewShotHead(mean, coefficients, intercept, mix)


def choose(vectors: NDArray[Any], predictions: Floats, labelled: NDArray[Any], num: int, seed: int) -> NDArray[np.intp]:
    """Positions (at most num,) of the texts to label next, the most useful first.

    vectors (n, d) of length 1, predictions (n, k) of the present head or cold start, labelled (n,) bool. Each next text is drawn with a chance
    that grows with its squared distance to all texts labelled or chosen so far, times its uncertainty (1 - probability of the
    likeliest class against an even guess); copies of a chosen text are never drawn.
    """
    vectors = np.asarray(vectors, dtype=np.float64)
    taken, generator = np.array(labelled, dtype=bool), np.random.default_rng(seed)
    num_classes = predictions.shape[1]
    unsure = (1.0 - predictions.max(axis=1)) / (1.0 - 1.0 / num_classes)
    far = np.full(len(vectors), 2.0)
    for row in np.flatnonzero(taken).tolist():
        far = np.minimum(far, _squared_distances(vectors, row))
    chosen: list[int] = []
    while len(chosen) < num:
        value = np.where(taken | (far <= 1e-6), 0.0, far * (0.05 + unsure))
        if value.sum() <= 0:
            break
        drawn = int(generator.choice(len(vectors), p=value / value.sum()))
        chosen.append(drawn)
        taken[drawn] = True
        far = np.minimum(far, _squared_distances(vectors, drawn))
    return np.array(chosen, dtype=np.intp)


def _squared_distances(vectors: Floats, row: int) -> Floats:
    return np.asarray(((vectors - vectors[row]) ** 2).sum(axis=1), dtype=np.float64)


def _leave_out(outcomes: NDArray[np.intp], seed: int) -> list[tuple[NDArray[np.intp], NDArray[np.intp]]]:
    """(rows to predict, rows to learn from), each row predicted once; one row learns from the pool alone."""
    if len(outcomes) < 2:
        return [(np.arange(len(outcomes)), np.arange(0))]
    return [(split.test, split.train) for split in stratified_folds(outcomes, NUM_FOLDS, seed)]


def _fit_vectors(vectors: Floats, truth: Floats, pool: Floats, pool_truth: Floats) -> tuple[Floats, Floats]:
    """(d, k) coefficients, (k,) intercept; the intercept is free, only the coefficients are pulled towards 0."""
    from scipy.optimize import minimize

    each = min(POOL_WEIGHT, POOL_SHARE * max(len(vectors), 1) / max(len(pool), 1))
    inputs, targets = np.concatenate([vectors, pool]), np.concatenate([truth, pool_truth])
    weight = np.concatenate([np.ones(len(vectors)), np.full(len(pool), each)])
    width, num_classes = inputs.shape[1], truth.shape[1]

    def loss(flat: Floats) -> tuple[float, Floats]:
        coefficients, intercept = flat[: width * num_classes].reshape(width, num_classes), flat[width * num_classes :]
        probabilities = _softmax(inputs @ coefficients + intercept)
        value = -float((weight[:, None] * targets * np.log(np.maximum(probabilities, 1e-300))).sum())
        error = weight[:, None] * (probabilities - targets)
        slope = np.concatenate([(inputs.T @ error + VECTOR_RIDGE * coefficients).ravel(), error.sum(axis=0) + 1e-3 * intercept])
        return value + 0.5 * VECTOR_RIDGE * float((coefficients**2).sum()) + 0.5e-3 * float(intercept @ intercept), slope

    found = minimize(loss, np.zeros((width + 1) * num_classes), jac=True, method="L-BFGS-B", options={"maxiter": 200})
    return found.x[: width * num_classes].reshape(width, num_classes), found.x[width * num_classes :]


def _fit_mix(prior: Floats, scores: Floats, truth: Floats) -> Floats:
    """(2 + k,) weights of the two sides and intercepts."""
    from scipy.optimize import minimize

    start = np.concatenate([np.ones(2), np.zeros(truth.shape[1])])

    def loss(mix: Floats) -> tuple[float, Floats]:
        probabilities = _softmax(_mixed(mix, prior, scores))
        value = -float((truth * np.log(np.maximum(probabilities, 1e-300))).sum())
        error, away = probabilities - truth, mix - start
        slope = np.concatenate([[(prior * error).sum(), (scores * error).sum()], error.sum(axis=0)])
        return value + MIX_RIDGE * float(away @ away), slope + 2.0 * MIX_RIDGE * away

    bounds = [(0.0, None), (0.0, None), *[(None, None)] * truth.shape[1]]  # neither side ever counts against itself
    return np.asarray(minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds).x, dtype=np.float64)


def _mixed(mix: Floats, prior: Floats, scores: Floats) -> Floats:
    return np.asarray(mix[0] * prior + mix[1] * scores + mix[2:], dtype=np.float64)


def _log(prior: Floats) -> Floats:
    return np.asarray(np.log(np.clip(prior, SMALLEST, None)), dtype=np.float64)


def _softmax(scores: Floats) -> Floats:
    shifted = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(shifted / shifted.sum(axis=1, keepdims=True), dtype=np.float64)
