"""What the contract battery does not say of a forest: sane probabilities and exact explanations of them."""

from __future__ import annotations

import numpy as np
import pytest

from productloop.learning.calibration import log_odds
from productloop.learning.columns import Columns, number_columns
from productloop.learning.forest import ForestModel
from productloop.testing import planted


@pytest.fixture(scope="module")
def fitted() -> tuple[ForestModel, Columns]:
    inputs, outcomes = planted(300, seed=3)
    model = ForestModel()
    model.fit(inputs, outcomes, None, 0)
    return model, inputs


def test_contributions_sum_to_the_log_odds_around_one_average(fitted: tuple[ForestModel, Columns]) -> None:
    model, inputs = fitted
    parts = model.contributions(inputs)
    assert parts.sum(axis=1) == pytest.approx(log_odds(model.predict(inputs)), abs=1e-9)
    assert parts[:, -1] == pytest.approx(np.full(300, parts[0, -1]), abs=1e-9)
    assert np.abs(parts[:, 0]).mean() > 5 * np.abs(parts[:, 4]).mean()  # the planted signal against noise
    assert not parts[:, 2].any()  # a constant column


def test_three_classes_are_explained_by_the_softmax_of_their_scores() -> None:
    inputs, _ = planted(120, seed=3)
    model = ForestModel()
    model.fit(inputs, np.arange(120) % 3, None, 0)
    powers = np.exp(model.contributions(inputs).sum(axis=2))
    assert powers / powers.sum(axis=1, keepdims=True) == pytest.approx(model.predict(inputs), abs=1e-9)


def test_probabilities_are_shares_of_rows_not_steps_of_a_solver() -> None:
    generator = np.random.default_rng(0)
    group = np.repeat([0.0, 1.0], 400)  # one side never, the other in half of the cases
    outcomes = (group == 1) & (generator.random(800) < 0.5)
    inputs = number_columns(group[:, None])
    model = ForestModel()
    model.fit(inputs, outcomes.astype(int), None, 0)
    never, half = model.predict(number_columns(np.array([[0.0], [1.0]])))[:, 1]
    assert 0 < never < 0.01
    assert half == pytest.approx(outcomes[group == 1].mean(), abs=0.02)
