"""The translated trees say what scikit-learn's say, on every kind of row."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.ensemble import HistGradientBoostingClassifier

from productloop.learning.calibration import log_odds
from productloop.learning.columns import Columns
from productloop.learning.histogram_boosting import PARAMETERS, HistogramBoostingModel
from productloop.testing import planted

SIZES = (0, 0, 70, 4, 400)


def mixed(num_rows: int, seed: int) -> Columns:
    """Numbers and categories with gaps, one of them with more codes than a word has bits, one with more than the library holds."""
    generator = np.random.default_rng(seed)
    numbers = generator.normal(size=(num_rows, 2))
    codes = [generator.integers(0, size, num_rows) for size in SIZES[2:]]
    values = np.column_stack([numbers, *codes]).astype(float)
    values[generator.random(values.shape) < 0.15] = np.nan
    return Columns(values, ("a", "b", "wide", "narrow", "city"), ("number", "number", "category", "category", "category"), SIZES)


def reference(inputs: Columns, outcomes: np.ndarray, asked: Columns) -> np.ndarray:
    """scikit-learn by itself, on columns it can hold."""
    keep = [0, 1, 2, 3]
    model = HistGradientBoostingClassifier(**PARAMETERS, categorical_features=[2, 3], random_state=0)
    order = inputs.canonical_order(outcomes, np.ones(len(outcomes)))
    model.fit(inputs.values[np.ix_(order, keep)], outcomes[order])
    return np.asarray(model.predict_proba(asked.values[:, keep]))


def narrow(inputs: Columns) -> Columns:
    return Columns(inputs.values[:, :4].copy(), inputs.names[:4], inputs.kinds[:4], inputs.num_categories[:4])


@pytest.mark.parametrize("num_classes", [2, 3])
def test_predicts_what_scikit_learn_predicts(num_classes: int) -> None:
    inputs, asked = narrow(mixed(500, 0)), narrow(mixed(300, 1))
    odd = np.isin(np.nan_to_num(inputs.values[:, 2], nan=1.0) % 7, (0, 3)).astype(int)
    outcomes = (odd + (inputs.values[:, 0] > 0.5) * (num_classes - 1)) % num_classes
    inputs.values[inputs.values[:, 2] == 11, 2] = 12  # code 11 is asked about, but never seen
    model = HistogramBoostingModel()
    model.fit(inputs, outcomes, None, 0)
    assert (asked.values[:, 2] == 11).any()
    assert model.predict(asked) == pytest.approx(reference(inputs, outcomes, asked), abs=1e-9)
    assert model.predict(inputs) == pytest.approx(reference(inputs, outcomes, inputs), abs=1e-9)


def test_contributions_are_exact_and_a_code_beyond_the_sizes_is_missing() -> None:
    inputs, outcomes = planted(300, seed=3)
    model = HistogramBoostingModel()
    model.fit(inputs, outcomes, None, 0)
    parts = model.contributions(inputs)
    assert parts.sum(axis=1) == pytest.approx(log_odds(model.predict(inputs)), abs=1e-9)
    assert parts[:, -1] == pytest.approx(np.full(300, parts[0, -1]), abs=1e-12)
    odd = inputs.take(np.arange(3)).values.copy()
    odd[:, 3] = [np.nan, 99.0, -1.0]
    odd[:, [0, 1, 4]] = odd[0, [0, 1, 4]]
    predicted = model.predict(Columns(odd, inputs.names, inputs.kinds, inputs.num_categories))[:, 1]
    assert predicted[0] == predicted[1] == predicted[2]


def test_three_classes_are_explained_by_the_softmax_of_their_scores() -> None:
    inputs, _ = planted(150, seed=3)
    model = HistogramBoostingModel()
    model.fit(inputs, np.arange(150) % 3, None, 0)
    powers = np.exp(model.contributions(inputs).sum(axis=2))
    assert powers / powers.sum(axis=1, keepdims=True) == pytest.approx(model.predict(inputs), abs=1e-9)


def test_of_more_categories_than_the_library_holds_the_frequent_ones_count() -> None:
    inputs = mixed(1_400, 2)
    frequent = np.random.default_rng(0).integers(0, 4, 1_400) * 130.0  # 0, 130, 260, 390
    inputs.values[::2, 4] = frequent[::2]
    outcomes = np.isin(inputs.values[:, 4], (130.0, 390.0)).astype(int)
    model = HistogramBoostingModel()
    model.fit(inputs, outcomes, None, 0)
    assert len(np.unique(inputs.values[:, 4])) > 256
    assert ((model.predict(inputs)[:, 1] > 0.5) == outcomes).mean() > 0.99


def test_weights_count_as_repeated_rows() -> None:
    inputs, outcomes = planted(200, seed=3)
    twice = np.where(np.arange(200) < 50, 2.0, 1.0)
    weighted, even = HistogramBoostingModel(), HistogramBoostingModel()
    weighted.fit(inputs, outcomes, twice, 0)
    even.fit(inputs, outcomes, 3 * np.ones(200), 0)
    plain = HistogramBoostingModel()
    plain.fit(inputs, outcomes, None, 0)
    assert even.predict(inputs) == pytest.approx(plain.predict(inputs), abs=1e-12)
    assert np.abs(weighted.predict(inputs) - plain.predict(inputs)).max() > 0.001
