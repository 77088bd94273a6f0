from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

from productloop.learning.text_features import Features
from productloop.learning.text_network import NUM_DIRECTIONS, NUM_NETWORKS, NUM_UNITS, fit_network, learn_directions


def crossed(num_rows: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Inputs of which only two together say the class."""
    inputs = np.random.default_rng(seed).normal(size=(num_rows, 4))
    return inputs, (inputs[:, 0] * inputs[:, 1] > 0).astype(np.intp)


def some_runs(num_rows: int, num_runs: int, seed: int) -> sparse.csr_matrix:
    return sparse.random_array((num_rows, num_runs), density=0.2, format="csr", rng=seed)


def test_what_only_two_inputs_together_say_is_learned() -> None:
    inputs, codes = crossed(3000, 1)
    network = fit_network(inputs, codes, np.ones(len(codes)), 0)
    assert network.first.shape == (4, NUM_NETWORKS * NUM_UNITS)
    fresh, truth = crossed(1000, 2)
    scores = network.scores(fresh)
    assert (scores.argmax(axis=1) == truth).mean() > 0.85
    assert np.allclose(scores.sum(axis=1), 0.0, atol=1e-6)
    assert np.allclose(scores[0], network.scores(fresh[0]), atol=1e-9)


def test_the_seed_decides_everything_and_an_even_weight_nothing() -> None:
    inputs, codes = crossed(200, 3)
    first, again, other = (fit_network(inputs, codes, np.ones(200), seed).scores(inputs) for seed in (0, 0, 1))
    assert first.tobytes() == again.tobytes()
    assert not np.array_equal(first, other)
    assert np.allclose(first, fit_network(inputs, codes, np.full(200, 4.0), 0).scores(inputs), atol=1e-3)


def test_a_row_without_weight_teaches_nothing() -> None:
    inputs, codes = crossed(200, 4)
    weight = np.repeat([1.0, 0.0], 100)
    turned = np.where(weight > 0, codes, 1 - codes)
    scores = [fit_network(inputs, its, weight, 0).scores(inputs) for its in (codes, turned)]
    assert np.allclose(scores[0], scores[1], atol=1e-4)


@given(st.integers(1, 8), st.integers(0, 12), st.integers(0, 2**32 - 1))
def test_directions_of_any_texts(num_rows: int, num_runs: int, seed: int) -> None:
    matrix = some_runs(num_rows, num_runs, seed)
    directions = learn_directions(matrix, 0)
    found = directions.rows(matrix)
    assert found.shape == (num_rows, directions.directions.shape[1])
    assert found.shape[1] <= min(NUM_DIRECTIONS, max(num_rows - 1, 0), max(num_runs - 1, 0))
    assert np.isfinite(found).all()
    features = Features(np.repeat(np.arange(num_rows), np.diff(matrix.indptr)), matrix.indices.astype(np.int64), matrix.data)
    assert np.allclose(found, directions.of_texts(features, num_rows), atol=1e-9)


def test_the_first_direction_is_where_texts_spread_most(monkeypatch: pytest.MonkeyPatch) -> None:
    matrix = some_runs(60, 40, 5)
    monkeypatch.setattr("productloop.learning.text_network.NUM_DIRECTIONS", 3)
    found = learn_directions(matrix, 0).rows(matrix)
    exact = np.linalg.svd(matrix.toarray(), compute_uv=False)[0]
    assert np.linalg.norm(found[:, 0]) == pytest.approx(exact, rel=0.01)


def test_rare_runs_have_no_direction(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("productloop.learning.text_network.MOST_RUNS", 2)
    matrix = sparse.csr_matrix(np.array([[1.0, 0.0, 1.0], [1.0, 0.0, 1.0], [1.0, 1.0, 0.0], [0.0, 0.0, 1.0]]))
    directions = learn_directions(matrix, 0)
    assert directions.kept.tolist() == [0, 2]
    assert np.array_equal(directions.of_texts(Features(np.array([0]), np.array([1]), np.ones(1)), 1), np.zeros((1, 1)))
