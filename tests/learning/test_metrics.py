from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics as reference

from productloop.learning import metrics


def rows(seed: int, num_rows: int = 60) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    generator = np.random.default_rng(seed)
    outcomes = generator.integers(0, 2, num_rows)
    outcomes[:2] = [0, 1]
    scores = np.round(generator.random(num_rows), 1)  # many ties
    return outcomes, scores, generator.random(num_rows) + 0.1


@given(st.integers(0, 10_000))
@settings(max_examples=40, deadline=None)
def test_agrees_with_scikit_learn_with_ties_and_weights(seed: int) -> None:
    outcomes, scores, weight = rows(seed)
    pairs = [
        (metrics.roc_auc(outcomes, scores, weight), reference.roc_auc_score(outcomes, scores, sample_weight=weight)),
        (metrics.pr_auc(outcomes, scores, weight), reference.average_precision_score(outcomes, scores, sample_weight=weight)),
        (metrics.brier(outcomes, scores, weight), reference.brier_score_loss(outcomes, scores, sample_weight=weight)),
    ]
    inner = np.clip(scores, 0.05, 0.95)
    both = np.stack([1 - inner, inner], axis=1)
    pairs.append((metrics.log_loss(outcomes, both, weight), reference.log_loss(outcomes, both, sample_weight=weight)))
    guess = both.argmax(axis=1)
    pairs.append((metrics.accuracy(outcomes, both, weight), reference.accuracy_score(outcomes, guess, sample_weight=weight)))
    pairs.append((metrics.macro_f1(outcomes, both, weight), reference.f1_score(outcomes, guess, average="macro", sample_weight=weight)))
    for ours, theirs in pairs:
        assert ours == pytest.approx(theirs, abs=1e-12)


@given(st.integers(0, 10_000), st.integers(1, 60))
@settings(max_examples=40, deadline=None)
def test_weights_count_like_repeated_rows_and_order_does_not_matter(seed: int, k: int) -> None:
    outcomes, scores, _ = rows(seed)
    counts = np.random.default_rng(seed).integers(1, 4, len(outcomes))
    many = np.repeat(np.arange(len(outcomes)), counts)
    np.random.default_rng(seed + 1).shuffle(many)
    for metric in (metrics.roc_auc, metrics.pr_auc, metrics.brier, metrics.ece):
        assert metric(outcomes, scores, counts.astype(float)) == pytest.approx(metric(outcomes[many], scores[many]), abs=1e-12)
    weighted = metrics.precision_at_k(outcomes, scores, k, counts.astype(float))
    assert weighted == pytest.approx(metrics.precision_at_k(outcomes[many], scores[many], k), abs=1e-12)
    assert metrics.lift(outcomes, scores, 0.1, counts.astype(float)) == pytest.approx(metrics.lift(outcomes[many], scores[many]))


def test_ties_at_the_edge_share_what_they_would_get_on_average() -> None:
    outcomes, scores = np.array([1, 0, 1, 0]), np.array([0.9, 0.5, 0.5, 0.1])
    assert metrics.precision_at_k(outcomes, scores, 2) == pytest.approx(0.75)  # the sure hit and half of a tie
    assert metrics.lift(outcomes, scores, 0.25) == pytest.approx(2.0)


def test_ece_by_hand() -> None:
    outcomes, scores = np.array([0, 1, 1, 1]), np.array([0.05, 0.05, 0.95, 1.0])
    assert metrics.ece(outcomes, scores) == pytest.approx((2 * 0.45 + 2 * 0.025) / 4)


def test_what_does_not_exist_is_nan_never_zero() -> None:
    ones, scores = np.ones(3, dtype=int), np.array([0.1, 0.2, 0.3])
    assert math.isnan(metrics.roc_auc(ones, scores))
    assert math.isnan(metrics.pr_auc(1 - ones, scores))
    assert math.isnan(metrics.lift(1 - ones, scores))
    assert math.isnan(metrics.precision_at_k(ones, scores, 0))
    assert math.isnan(metrics.brier(np.zeros(0), np.zeros(0)))
    assert math.isnan(metrics.roc_auc(np.zeros(0), np.zeros(0)))


def test_one_certain_mistake_is_dear_but_finite() -> None:
    assert metrics.log_loss(np.array([1]), np.array([[1.0, 0.0]])) == pytest.approx(-math.log(1e-15))
