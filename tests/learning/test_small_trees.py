"""Contributions by lookup are LightGBM's own, with gaps, unseen codes and zeros that mean missing."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from productloop.learning.boosting import SINGLE_ROWS, BoostingModel
from productloop.learning.columns import Columns
from productloop.learning.small_trees import small_trees

WIDTH = 4


def table(num: int, seed: int = 0) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    random = np.random.default_rng(seed)
    values = np.column_stack(
        [
            random.normal(size=num),
            random.integers(0, 6, num),
            random.exponential(size=num) * (random.random(num) < 0.6),
            random.integers(0, 3, num),
        ]
    )
    values[random.random(num) < 0.2, 0] = np.nan
    score = np.nan_to_num(values[:, 0]) + np.isin(values[:, 1], [1, 4]) - values[:, 2] * (values[:, 3] == 2)
    return values.astype(float), (random.random(num) < 1 / (1 + np.exp(-score))).astype(float)


def grown(num_leaves: int = 7, **more: Any) -> Any:
    import lightgbm

    values, happened = table(500)
    options = {"objective": "binary", "num_leaves": num_leaves, "min_data_in_leaf": 5, "verbosity": -1, "num_threads": 1, **more}
    return lightgbm.train(options, lightgbm.Dataset(values, happened, categorical_feature=[1, 3], params=options), num_boost_round=25)


@pytest.mark.parametrize(
    "more", [{}, {"zero_as_missing": True}, {"use_missing": False}, {"extra_trees": True}, {"num_leaves": 2}, {"num_leaves": 8}]
)
def test_a_lookup_says_what_lightgbm_says(more: dict[str, Any]) -> None:
    booster = grown(**more)
    found = small_trees(booster, WIDTH)
    assert found is not None
    rows, _ = table(80, seed=1)
    random = np.random.default_rng(2)
    rows[random.random(rows.shape) < 0.15] = np.nan
    rows[:10, 1], rows[10:20, 1], rows[20:25, 2] = 17.0, -1.0, 1e-40
    expected = booster.predict(rows, pred_contrib=True)
    assert np.stack([found.contributions(row) for row in rows]) == pytest.approx(expected, abs=1e-12)
    assert [found.score(row) for row in rows] == booster.predict(rows, raw_score=True).tolist()


def test_larger_trees_and_several_classes_are_left_to_lightgbm() -> None:
    assert small_trees(grown(num_leaves=16), WIDTH) is None
    assert small_trees(grown(objective="multiclass", num_class=2), WIDTH) is None


def test_a_model_that_is_asked_for_single_rows_switches_and_says_the_same() -> None:
    values, happened = table(300)
    columns = Columns(values, ("a", "b", "c", "d"), ("number", "category", "number", "category"), (0, 6, 0, 3))
    model = BoostingModel()
    model.fit(columns, happened.astype(int), None, seed=0)
    batch, predicted = model.contributions(columns), model.predict(columns)
    for row in range(SINGLE_ROWS + 3):
        assert model.contributions(columns.take(np.array([row])))[0] == pytest.approx(batch[row], abs=1e-12)
        assert model.predict(columns.take(np.array([row])))[0].tolist() == predicted[row].tolist()
    assert model._small is not None
