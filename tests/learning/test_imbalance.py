"""Treatments keep what they must, make up sensible rows, and are shown to cost calibration."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from productloop.learning.calibration import log_odds
from productloop.learning.columns import Columns, number_columns
from productloop.learning.imbalance import (
    TREATMENTS,
    TreatedModel,
    focal_factor,
    focal_weights,
    imbalance_costs,
    oversample,
    smote,
    treated,
    undersample,
    weigh_classes,
)
from productloop.learning.logistic import LOGISTIC, LogisticModel
from productloop.learning.model import Recipe
from productloop.testing import planted

LINE = Recipe("line", "classes", partial(LogisticModel, c=1.0), LogisticModel.load, LOGISTIC.title)


def rare(num_rows: int, seed: int) -> tuple[Columns, np.ndarray]:
    """The planted columns, with about one case in ten."""
    inputs, outcomes = planted(num_rows, seed)
    keep = (outcomes == 0) | (np.arange(num_rows) % 8 == 0)
    return inputs.take(keep), outcomes[keep]


@given(counts=st.lists(st.integers(0, 30), min_size=2, max_size=4).filter(lambda counts: sum(counts) > 0), seed=st.integers(0, 99))
@settings(max_examples=12, deadline=None)
def test_every_class_seen_ends_up_with_the_same_weight(counts: list[int], seed: int) -> None:
    outcomes = np.repeat(np.arange(len(counts)), counts)
    inputs = planted(len(outcomes), seed=1)[0]
    sizes = [count for count in counts if count]
    expected = {weigh_classes: sum(counts), oversample: max(sizes) * len(sizes), undersample: min(sizes) * len(sizes)}
    for treat, num_rows in {**expected, smote: max(sizes) * len(sizes)}.items():
        rows, codes, weight = treat(inputs, outcomes, np.ones(len(outcomes)), seed)
        assert len(rows) == len(codes) == len(weight) == num_rows
        totals = np.bincount(codes, weights=weight, minlength=len(counts))
        assert totals[np.array(counts) > 0] == pytest.approx(np.full(len(sizes), totals.max()))
        assert not totals[np.array(counts) == 0].any()


def test_drawn_rows_are_rows_that_were_there() -> None:
    inputs, outcomes = rare(300, seed=3)
    known = {row.tobytes() for row in np.column_stack([inputs.values, outcomes])}
    for treat in (oversample, undersample):
        rows, codes, _ = treat(inputs, outcomes, np.ones(len(outcomes)), 0)
        assert {row.tobytes() for row in np.column_stack([rows.values, codes])} <= known
    rows, codes, _ = undersample(inputs, outcomes, np.ones(len(outcomes)), 0)
    assert (codes == 1).sum() == (outcomes == 1).sum()  # every rare case is kept


def test_made_up_rows_lie_between_rows_of_their_class_and_have_categories_that_exist() -> None:
    inputs, outcomes = rare(400, seed=3)
    rows, codes, weight = smote(inputs, outcomes, np.ones(len(outcomes)), 0)
    assert np.array_equal(rows.values[: len(outcomes)], inputs.values, equal_nan=True)  # the real rows stay
    made, cases = rows.values[len(outcomes) :], inputs.values[outcomes == 1]
    assert (codes[len(outcomes) :] == 1).all()
    assert weight.tolist() == [1.0] * len(rows)
    assert made[:, 0].min() >= cases[:, 0].min()
    assert made[:, 0].max() <= cases[:, 0].max()
    assert (made[:, 2] == 7.0).all()  # a constant stays one
    for place in (3, 4):
        assert set(made[~np.isnan(made[:, place]), place]) <= set(cases[~np.isnan(cases[:, place]), place])
    assert len(np.unique(made[:, 0])) > 0.9 * len(made)  # not copies


def test_a_category_is_that_of_most_neighbours() -> None:
    cases = np.column_stack([np.linspace(0.0, 0.1, 6), [2.0, 2.0, 2.0, 2.0, 2.0, 1.0]])
    far = np.column_stack([np.full(40, 50.0), np.zeros(40)])
    inputs = Columns(np.vstack([cases, far]), ("x", "kind"), ("number", "category"), (0, 3))
    rows, _, _ = smote(inputs, np.repeat([1, 0], [6, 40]), np.ones(46), 0)
    assert (rows.values[46:, 1] == 2.0).all()


def test_a_class_of_one_row_is_repeated() -> None:
    inputs = number_columns(np.arange(8.0)[:, None])
    rows, codes, _ = smote(inputs, np.array([0, 0, 0, 0, 0, 0, 0, 1]), np.ones(8), 0)
    assert rows.values[codes == 1, 0].tolist() == [7.0] * 7


@pytest.mark.parametrize("treatment", TREATMENTS, ids=lambda one: one.name)
def test_a_treated_recipe_is_a_recipe(treatment: object, tmp_path: Path) -> None:
    recipe = treated(LINE, treatment)
    inputs, outcomes = rare(300, seed=3)
    order = np.random.default_rng(0).permutation(len(outcomes))
    model, moved = recipe.make(), recipe.make()
    model.fit(inputs, outcomes, None, 4)
    moved.fit(inputs.take(order), outcomes[order], None, 4)
    assert moved.predict(inputs) == pytest.approx(model.predict(inputs), abs=1e-6)
    assert model.contributions(inputs).sum(axis=1) == pytest.approx(log_odds(model.predict(inputs)), abs=1e-9)
    model.save(tmp_path)
    assert np.array_equal(recipe.load(tmp_path).predict(inputs), model.predict(inputs))
    assert recipe.name == f"line_{treatment.name}"
    assert treatment.title.zh in recipe.title.zh
    assert treatment.title.en in recipe.title.en
    for odd in (np.zeros(20, dtype=int), np.arange(20) % 3):
        model = recipe.make()
        model.fit(inputs.take(np.arange(20)), odd, None, 0)
        assert model.predict(inputs).sum(axis=1) == pytest.approx(np.ones(len(inputs)))


def test_treatments_cost_calibration_and_find_nothing_that_a_moved_threshold_does_not() -> None:
    inputs, outcomes = rare(2_400, seed=3)
    untreated, *others = imbalance_costs(inputs, outcomes, 0, LINE)
    assert untreated.extra_log_loss.value == untreated.extra_log_loss.high == 0.0
    assert untreated.precision == pytest.approx(untreated.untreated_precision)
    assert untreated.ece < 0.03
    for cost in others:
        assert cost.extra_log_loss.low > 0, cost.treatment.name
        assert cost.ece > 3 * untreated.ece
        assert cost.roc_auc == pytest.approx(untreated.roc_auc, abs=0.02)
        assert cost.recall > untreated.recall
        assert cost.precision == pytest.approx(cost.untreated_precision, abs=0.05)


def test_focal_weights_bring_logistic_regression_to_the_focal_loss() -> None:
    right = np.array([0.1, 0.5, 0.9])
    score, step = np.log(right / (1 - right)), 1e-6
    loss = [(1 - p) ** 2 * -np.log(p) for p in (1 / (1 + np.exp(-score - step)), 1 / (1 + np.exp(-score + step)))]
    assert (loss[1] - loss[0]) / (2 * step) == pytest.approx((1 - right) * focal_factor(right), rel=1e-4)
    inputs, outcomes = rare(300, seed=3)
    rows, codes, weight = focal_weights(inputs, outcomes, np.ones(len(outcomes)), 0)
    model = LogisticModel(c=1.0)
    model.fit(rows, codes, weight, 0)
    assert focal_factor(model.predict(inputs)[np.arange(len(codes)), codes]) == pytest.approx(weight, abs=0.01)  # it stands still
    assert weight[codes == 1].mean() > 2 * weight[codes == 0].mean()


def test_too_few_cases_are_not_measured() -> None:
    inputs, _ = planted(40, seed=3)
    assert imbalance_costs(inputs, np.repeat([0, 1], [36, 4]), 0) == ()


def test_folds_are_cut_before_anything_is_made_up() -> None:
    """Rows that say nothing: a treatment before the split would make copies of a test row part of the training, and look clever."""
    generator = np.random.default_rng(0)
    inputs, outcomes = number_columns(generator.normal(size=(300, 3))), (np.arange(300) % 10 == 0).astype(int)
    costs = imbalance_costs(inputs, outcomes, 0, LINE)
    assert [cost.treatment.name for cost in costs] == [treatment.name for treatment in TREATMENTS]
    assert all(cost.roc_auc < 0.65 for cost in costs)


def test_a_model_that_was_loaded_needs_no_treatment(tmp_path: Path) -> None:
    inputs, outcomes = rare(200, seed=3)
    model = TreatedModel(LINE, oversample)
    model.fit(inputs, outcomes, None, 0)
    model.save(tmp_path)
    assert np.array_equal(LINE.load(tmp_path).predict(inputs), model.predict(inputs))
