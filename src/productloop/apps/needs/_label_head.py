"""What a head learnt from a few labels can do: how often it is right, what it may decide alone, and the share of each answer.

Judged is on checks: labelled texts that were drawn by lot and not because the head was unsure of them, each answered by a head that did
not learn from it (cross-validation). Only for those is a share of right answers, a conformal threshold or a correction honest.

Shares of answers: the head's chances summed over all texts, plus the mean of what it was off by on the checks: the difference estimator of
survey sampling (Särndal, Swensson and Wretman 1992, Model Assisted Survey Sampling, 6.3), today called prediction-powered inference
(Angelopoulos and others 2023, Science 382; with cross-validation: Zrnic and Candès 2024, PNAS 121). Its limits use Student's t and two
added errors of one half, of either sign, so that few checks without an error do not look like certainty (after Agresti and Coull 1998).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from productloop.learning.conformal import Conformal, conformal_threshold
from productloop.learning.few_shot import FewShotHead, fit_few_shot
from productloop.learning.intervals import Interval, bootstrap_interval
from productloop.learning.splitting import stratified_folds

Floats = NDArray[np.float64]
Rows = NDArray[np.intp]
Flags = NDArray[np.bool_]

ERROR = 0.10
"""Promised share of texts decided alone and wrongly."""
MIN_CHECKS = 6
"""Fewer checks than this: no shares and no statement about quality."""
NUM_FOLDS = 6
MAX_POOL = 200
"""Unlabelled texts that a head learns from; more make it slower and no better."""
HALF_FROM = 16
"""From this many labels on a head of half of them says whether labels still help."""


@dataclass(frozen=True, slots=True)
class Space:
    """All n different texts: vectors (n, d) of length 1, first guesses (n, k), weight (n,) of each among voices (sums to 1)."""

    vectors: Floats
    prior: Floats
    weight: Floats


@dataclass(frozen=True, slots=True)
class Labels:
    """m labels: rows (m,) of the space, codes (m,) of answers, and whether each row was drawn by lot."""

    rows: Rows
    codes: Rows
    check: Flags


@dataclass(frozen=True, slots=True)
class Learned:
    """What a head does.

    chances    (n, k) of every text; for labelled ones by a head that did not learn from them
    conformal  threshold found on the checks
    right      (checks,) whether the head is right; `cold` the same of the first guess, `common` of the most common answer
    gain       share of checks right beyond a head of half of the labels; None with too few labels
    shares     (k) of all voices; empty with too few checks
    """

    chances: Floats
    conformal: Conformal
    right: Flags
    cold: Flags
    common: Flags
    gain: Interval | None
    shares: tuple[Interval, ...]


def learn(space: Space, labels: Labels, seed: int) -> Learned:
    """Train on all labels, judge on the checks. Needs two labels at least."""
    pool = _pool(space, labels, seed)
    chances = _train(space, labels, np.arange(len(labels.rows)), pool, seed).predict(space.vectors, space.prior)
    chances[labels.rows], expected = _unseen(space, labels, pool, seed, 1.0)
    checks, truth = labels.rows[labels.check], labels.codes[labels.check]
    right = chances[checks].argmax(axis=1) == truth
    gain = None
    if len(labels.rows) >= HALF_FROM and len(checks) >= MIN_CHECKS:
        half = _unseen(space, labels, pool, seed, 0.5)[0][labels.check].argmax(axis=1) == truth
        gain = bootstrap_interval(right.astype(np.float64) - half, lambda rows: float(rows.mean()), seed)
    return Learned(
        chances,
        conformal_threshold(chances[checks], truth, ERROR),
        right,
        space.prior[checks].argmax(axis=1) == truth,
        np.bincount(labels.codes).argmax() == truth,
        gain,
        _shares(space, expected, chances[checks], checks, truth) if len(checks) >= MIN_CHECKS else (),
    )


def _pool(space: Space, labels: Labels, seed: int) -> Rows:
    unlabelled = np.setdiff1d(np.arange(len(space.vectors)), labels.rows)
    if len(unlabelled) <= MAX_POOL:
        return unlabelled
    return np.sort(np.random.default_rng(seed).choice(unlabelled, MAX_POOL, replace=False))


def _train(space: Space, labels: Labels, taught: Rows, pool: Rows, seed: int) -> FewShotHead:
    rows = labels.rows[taught]
    return fit_few_shot(space.vectors[rows], space.prior[rows], labels.codes[taught], space.vectors[pool], space.prior[pool], seed)


def _unseen(space: Space, labels: Labels, pool: Rows, seed: int, share: float) -> tuple[Floats, Floats]:
    """(m, k) chances of each labelled text by a head that learnt from a share of the labels, not this one among them; (k,) shares of the
    answers that these heads expect, each counted by its checks.
    """
    found, expected = np.zeros((len(labels.rows), space.prior.shape[1])), np.zeros(space.prior.shape[1])
    check_weight = np.where(labels.check, space.weight[labels.rows], 0.0)
    draw = np.random.default_rng([seed, 1])
    for split in stratified_folds(labels.codes, min(NUM_FOLDS, len(labels.rows)), seed):
        taught = np.sort(draw.permutation(split.train)[: max(1, round(share * len(split.train)))])
        chances = _train(space, labels, taught, pool, seed).predict(space.vectors, space.prior)
        found[split.test] = chances[labels.rows[split.test]]
        expected += check_weight[split.test].sum() * (space.weight @ chances)
    return found, expected / max(float(check_weight.sum()), 1e-12)


def _shares(space: Space, expected: Floats, chances: Floats, checks: Rows, truth: Rows) -> tuple[Interval, ...]:
    """Share of each answer among all voices: what the heads expect (k,), corrected by their errors on the checks, chances (checks, k)."""
    from scipy.special import stdtrit

    weight = space.weight[checks] / space.weight[checks].sum()
    off = np.eye(chances.shape[1])[truth] - chances
    value = expected + weight @ off
    effective = 1.0 / float(weight @ weight)
    # everything was labelled: nothing is left to chance
    rest = 1.0 - len(checks) / len(space.weight)
    spread = (weight @ (off - weight @ off) ** 2 * effective + 2 * 0.25) / (effective + 1.0)
    half = float(stdtrit(max(effective - 1.0, 1.0), 0.95)) * np.sqrt(rest * spread / effective)
    clipped = [np.clip(part, 0.0, 1.0).tolist() for part in (value, value - half, value + half)]
    return tuple(Interval(*one) for one in zip(*clipped, strict=True))
