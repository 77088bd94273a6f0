from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from productloop.learning.conformal import conformal_threshold


def drawn(num_rows: int, seed: int, num_classes: int = 3) -> tuple[np.ndarray, np.ndarray]:
    """An overconfident model: its probabilities are sharper than the truth's."""
    generator = np.random.default_rng(seed)
    truth = generator.dirichlet(np.full(num_classes, 0.6), num_rows)
    labels = (generator.random((num_rows, 1)) > truth.cumsum(axis=1)).sum(axis=1).clip(max=num_classes - 1)
    sharp = np.maximum(truth, 1e-9) ** 2.5
    return sharp / sharp.sum(axis=1, keepdims=True), labels


@pytest.mark.parametrize("error", [0.02, 0.1, 0.3])
@pytest.mark.parametrize("num_rows", [60, 400])
def test_the_promise_holds_on_average_even_for_an_overconfident_model(error: float, num_rows: int) -> None:
    missed, wrong = [], []
    for seed in range(300):
        probabilities, labels = drawn(num_rows + 50, seed)
        found = conformal_threshold(probabilities[:num_rows], labels[:num_rows], error)
        fresh, truth = probabilities[num_rows:], labels[num_rows:]
        missed.append((~found.possible(fresh)[np.arange(50), truth]).mean())
        wrong.append((found.alone(fresh) & (fresh.argmax(axis=1) != truth)).mean())
    assert np.mean(missed) <= error + 0.006
    assert np.mean(missed) >= error - 1 / (num_rows + 1) - 0.012
    assert np.mean(wrong) <= np.mean(missed) + 1e-12


def test_too_few_rows_promise_nothing() -> None:
    probabilities, labels = drawn(18, 1)
    found = conformal_threshold(probabilities, labels, 0.05)
    assert found.threshold == 0.0
    assert found.share == 0.0
    assert not found.alone(probabilities).any()
    assert conformal_threshold(np.zeros((0, 2)), np.zeros(0), 0.1).share == 0.0
    perfect = np.eye(2)[np.arange(19) % 2]
    assert conformal_threshold(perfect, np.arange(19) % 2, 0.05).share == 1.0


@given(st.integers(0, 2**32 - 1), st.integers(1, 200), st.floats(0.01, 0.5))
def test_counts_add_up(seed: int, num_rows: int, error: float) -> None:
    probabilities, labels = drawn(num_rows, seed, 2)
    found = conformal_threshold(probabilities, labels, error)
    assert 0 <= found.wrong <= found.share <= 1
    assert found.wrong <= error * (num_rows + 1) / num_rows + 1e-9
