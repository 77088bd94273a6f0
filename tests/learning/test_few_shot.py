from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from productloop.learning.few_shot import choose, fit_few_shot


def planted(num_rows: int, seed: int, num_classes: int = 2) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Vectors around a centre for each class, a cold start that is right in about 7 of 10, and the classes."""
    generator = np.random.default_rng(seed)
    centres = np.random.default_rng(99).normal(size=(num_classes, 40))
    labels = generator.integers(0, num_classes, num_rows)
    vectors = centres[labels] + 3.5 * generator.normal(size=(num_rows, 40))
    guess = np.where(generator.random(num_rows) < 0.7, labels, generator.integers(0, num_classes, num_rows))
    strength = np.where(generator.random(num_rows) < 0.3, 0.0, generator.choice([0.3, 0.6], num_rows))[:, None]  # some texts say nothing
    prior = strength * np.eye(num_classes)[guess] + (1 - strength) / num_classes
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True), prior, labels


def right(predicted: np.ndarray, labels: np.ndarray) -> float:
    return float((predicted.argmax(axis=1) == labels).mean())


@pytest.mark.parametrize("num_classes", [2, 4])
def test_labels_pool_and_cold_start_together_beat_the_cold_start(num_classes: int) -> None:
    vectors, prior, labels = planted(300, 1, num_classes)
    test_vectors, test_prior, truth = planted(1000, 2, num_classes)
    head = fit_few_shot(vectors[:32], prior[:32], labels[:32], vectors[32:], prior[32:], 0)
    predicted = head.predict(test_vectors, test_prior)
    assert np.allclose(predicted.sum(axis=1), 1.0)
    assert right(predicted, truth) > right(test_prior, truth) + 0.03
    without = fit_few_shot(vectors[:32], prior[:32], labels[:32], vectors[:0], prior[:0], 0)
    assert right(predicted, truth) > right(without.predict(test_vectors, test_prior), truth) - 0.02


def test_a_useless_cold_start_is_not_followed() -> None:
    vectors, prior, labels = planted(60, 3)
    test_vectors, test_prior, truth = planted(1000, 4)
    wrong, test_wrong = prior[:, ::-1], test_prior[:, ::-1]
    head = fit_few_shot(vectors, wrong, labels, vectors[:0], wrong[:0], 0)
    assert right(head.predict(test_vectors, test_wrong), truth) > right(test_wrong, truth) + 0.15


@pytest.mark.parametrize("num_rows", [1, 2, 8])
def test_hardly_any_labels_and_one_class(num_rows: int) -> None:
    vectors, prior, labels = planted(40, 5)
    for codes in (labels[:num_rows], np.zeros(num_rows, dtype=int)):
        head = fit_few_shot(vectors[:num_rows], prior[:num_rows], codes, vectors[num_rows:], prior[num_rows:], 0)
        again = fit_few_shot(vectors[:num_rows], prior[:num_rows], codes, vectors[num_rows:], prior[num_rows:], 0)
        predicted = head.predict(vectors, prior)
        assert np.isfinite(predicted).all()
        assert (predicted > 0).all()
        assert np.array_equal(predicted, again.predict(vectors, prior))


@settings(max_examples=25)
@given(st.integers(0, 2**32 - 1), st.integers(0, 12), st.integers(1, 60))
def test_chosen_are_new_and_distinct(seed: int, num: int, num_rows: int) -> None:
    vectors, prior, _ = planted(num_rows, seed)
    labelled = np.arange(num_rows) % 4 == 0
    found = choose(vectors, prior, labelled, num, seed)
    assert len(found) == min(num, int((~labelled).sum()))
    assert len(set(found.tolist())) == len(found)
    assert not labelled[found].any()
    assert np.array_equal(found, choose(vectors, prior, labelled, num, seed))


def test_copies_are_asked_once_and_certain_texts_late() -> None:
    vectors = np.repeat(np.eye(6), 5, axis=0)
    predictions = np.full((30, 2), 0.5)
    assert sorted(choose(vectors, predictions, np.zeros(30, dtype=bool), 10, 0) // 5) == list(range(6))
    sure = np.tile([0.999, 0.001], (30, 1))
    sure[:10] = 0.5
    first = [choose(vectors, sure, np.zeros(30, dtype=bool), 1, seed)[0] for seed in range(100)]
    assert np.mean(np.array(first) < 10) > 0.8
