"""A network made by hand is predicted and explained right without PyTorch; with it, training keeps the contract."""

from __future__ import annotations

from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from productloop.foundation.errors import NotInstalled
from productloop.learning import _network_training
from productloop.learning.calibration import log_odds
from productloop.learning.classes import learn_classes
from productloop.learning.columns import Columns, number_columns
from productloop.learning.logistic import Encoding
from productloop.learning.network import NETWORK, Network, NetworkModel
from productloop.testing import RECIPE_CHECKS, check_recipe, planted

needs_torch = pytest.mark.skipif(find_spec("torch") is None, reason="training needs PyTorch, the extra deep")


def by_hand(hidden: tuple[int, ...], num_scores: int = 1) -> tuple[NetworkModel, Columns, list[tuple[np.ndarray, np.ndarray]]]:
    """A network with random weights on the planted columns; also its layers as plain matrices."""
    generator = np.random.default_rng(5)
    inputs, _ = planted(80, seed=3)
    weight = np.ones(80)
    encoding = Encoding.learn(inputs, weight)
    matrix = encoding.encode(inputs)
    sizes = (matrix.shape[1], *hidden, num_scores)
    layers = [(generator.normal(size=pair), generator.normal(size=pair[1])) for pair in pairwise(sizes)]
    model = NetworkModel(hidden)
    model.classes = learn_classes(np.arange(80) % max(2, num_scores), None)
    model.columns = inputs.describe()
    first = encoding.scorer(layers[0][0].T, layers[0][1], weight @ matrix / 80)
    model.network = Network(np.full(3, -9.0), np.full(3, 9.0), first, tuple(layers[1:]))
    return model, inputs, layers


def forward(matrix: np.ndarray, layers: list[tuple[np.ndarray, np.ndarray]]) -> np.ndarray:
    for weights, biases in layers[:-1]:
        matrix = np.maximum(matrix @ weights + biases, 0)
    return matrix @ layers[-1][0] + layers[-1][1]


@pytest.mark.parametrize("hidden", [(6,), (6, 4)], ids=str)
def test_prediction_is_the_plain_product_of_the_layers(hidden: tuple[int, ...]) -> None:
    model, inputs, layers = by_hand(hidden)
    scores = forward(Encoding.learn(inputs, np.ones(80)).encode(inputs), layers)
    assert log_odds(model.predict(inputs)) == pytest.approx(np.clip(scores[:, 0], -27, 27), abs=1e-6)


@pytest.mark.parametrize("hidden", [(6,), (6, 4)], ids=str)
def test_integrated_gradients_are_complete_and_start_at_the_average_row(hidden: tuple[int, ...]) -> None:
    model, inputs, layers = by_hand(hidden)
    assert model.network is not None
    parts = model.contributions(inputs)
    assert parts.sum(axis=1) == pytest.approx(model.network.scores(inputs)[:, 0], abs=1e-9)
    average = Encoding.learn(inputs, np.ones(80)).encode(inputs).mean(axis=0)[None, :]
    assert parts[:, -1] == pytest.approx(np.full(80, forward(average, layers)[0, 0]), abs=1e-9)
    assert not parts[:, 2].any()  # a constant column


def test_integrated_gradients_are_the_integral_of_the_gradient() -> None:
    """Against a fine sum of numeric differences on the path of one row, column by column."""
    model, inputs, layers = by_hand((6,))
    encoding = Encoding.learn(inputs, np.ones(80))
    matrix = encoding.encode(inputs)
    start, end = matrix.mean(axis=0), matrix[17]
    middles = start + (end - start) * (np.arange(4_000)[:, None] + 0.5) / 4_000
    entering = middles @ layers[0][0] + layers[0][1]
    slope = ((entering > 0) * layers[1][0][:, 0]).mean(axis=0) @ layers[0][0].T  # (m,)
    by_cell = (end - start) * slope
    columns = [[0, 3], [1, 4], [2, 5], list(range(6, 11)), list(range(11, 18))]  # value and gap of each number, slots of each category
    assert model.contributions(inputs)[17, :-1] == pytest.approx([by_cell[cells].sum() for cells in columns], abs=0.01)


def test_three_classes_are_explained_by_the_softmax_of_their_scores() -> None:
    model, inputs, _ = by_hand((6,), num_scores=3)
    powers = np.exp(model.contributions(inputs).sum(axis=2))
    assert powers / powers.sum(axis=1, keepdims=True) == pytest.approx(model.predict(inputs), abs=1e-9)


def test_saved_and_loaded_predicts_the_same_bytes_without_torch(tmp_path: Path) -> None:
    model, inputs, _ = by_hand((6, 4))
    model.save(tmp_path)
    loaded = NetworkModel.load(tmp_path)
    assert np.array_equal(loaded.predict(inputs), model.predict(inputs))
    assert np.array_equal(loaded.contributions(inputs), model.contributions(inputs))


def test_numbers_beyond_the_training_rows_count_as_the_last_ones() -> None:
    model, inputs, _ = by_hand((6,))
    values = inputs.take(np.arange(2)).values.copy()
    values[1] = values[0]
    values[:, 0] = [9.0, 1e9]
    first, second = model.predict(Columns(values, inputs.names, inputs.kinds, inputs.num_categories))
    assert first.tolist() == second.tolist()


def test_without_torch_the_error_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_network_training, "find_spec", lambda name: None)
    inputs, outcomes = planted(60, seed=3)
    with pytest.raises(NotInstalled) as raised:
        NetworkModel().fit(inputs, outcomes, None, 0)
    for language in ("zh", "en"):
        assert 'pip install "productloop[deep]"' in raised.value.render(language)[2]


@needs_torch
def test_training_keeps_the_contract() -> None:
    assert check_recipe(NETWORK) == (*RECIPE_CHECKS, "contributions")


@needs_torch
def test_a_network_learns_what_a_line_cannot_and_stops_early_with_enough_rows() -> None:
    generator = np.random.default_rng(0)
    values = generator.normal(size=(5_200, 2))
    outcomes = (values[:, 0] * values[:, 1] > 0).astype(int)
    model = NetworkModel()
    model.fit(number_columns(values), outcomes, None, 0)
    assert ((model.predict(number_columns(values))[:, 1] > 0.5) == outcomes).mean() > 0.95


@needs_torch
def test_focal_loss_pulls_probabilities_to_the_middle() -> None:
    inputs, outcomes = planted(300, seed=3)
    plain, focal = NetworkModel(), NetworkModel(focal_gamma=2.0)
    for model in (plain, focal):
        model.fit(inputs, outcomes, None, 0)
    away = [np.abs(model.predict(inputs)[:, 1] - 0.5).mean() for model in (plain, focal)]
    assert away[1] < away[0]
