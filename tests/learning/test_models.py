"""What the contract battery does not say: exact explanations, the solver's equal, picking, outside recipes."""

from __future__ import annotations

from importlib.metadata import EntryPoint
from pathlib import Path

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from productloop.foundation.errors import DataProblem, UsageError
from productloop.learning import model as model_module
from productloop.learning.blend import BLEND, best_share
from productloop.learning.boosting import BOOSTING, MOST_TREES, Part, count_bags, grow_out_of_fold, merge, start
from productloop.learning.calibration import Calibration, log_odds
from productloop.learning.classes import even_weight, learn_classes
from productloop.learning.columns import Columns, number_columns
from productloop.learning.constant import CONSTANT, ConstantModel
from productloop.learning.forest import FOREST
from productloop.learning.logistic import LOGISTIC, LogisticModel, line_out_of_fold
from productloop.learning.metrics import log_loss
from productloop.learning.model import Recipe, outside_recipes
from productloop.learning.recipes import CLASS_RECIPES
from productloop.learning.selection import EFFORTS, SelectedModel, choose, recipes_for
from productloop.learning.splitting import forward_folds, stratified_folds
from productloop.learning.stack import STACK
from productloop.testing import check_recipe, planted


@pytest.mark.parametrize("recipe", [LOGISTIC, BOOSTING, BLEND], ids=lambda recipe: recipe.name)
def test_contributions_sum_exactly_to_the_log_odds(recipe: Recipe) -> None:
    inputs, outcomes = planted(300, seed=3)
    fitted = recipe.make()
    fitted.fit(inputs, outcomes, None, 0)
    sums = fitted.contributions(inputs).sum(axis=1)
    assert sums == pytest.approx(log_odds(fitted.predict(inputs)), abs=1e-9)


@pytest.mark.parametrize("recipe", [LOGISTIC, BOOSTING, BLEND], ids=lambda recipe: recipe.name)
def test_three_classes_are_explained_by_the_softmax_of_their_scores(recipe: Recipe) -> None:
    inputs, _ = planted(150, seed=3)
    fitted = recipe.make()
    fitted.fit(inputs, np.arange(150) % 3, None, 0)
    parts = fitted.contributions(inputs)
    assert parts.shape == (150, 3, 6)
    powers = np.exp(parts.sum(axis=2))
    assert powers / powers.sum(axis=1, keepdims=True) == pytest.approx(fitted.predict(inputs), abs=1e-9)


def test_logistic_is_scikit_learns_and_an_unseen_code_counts_as_average() -> None:
    inputs, outcomes = planted(300, seed=3)
    fitted = LogisticModel(c=1.0)
    fitted.fit(inputs, outcomes, None, 0)
    signal, gaps = inputs.values[:, 0], np.isnan(inputs.values[:, 1])
    second = np.nan_to_num((inputs.values[:, 1] - np.nanmean(inputs.values[:, 1])) / np.nanstd(inputs.values[:, 1]))
    codes = [inputs.values[:, place] == code for place, size in ((3, 3), (4, 5)) for code in range(size)]
    matrix = np.column_stack([(signal - signal.mean()) / signal.std(), second, gaps, np.isnan(inputs.values[:, 3]), *codes])
    reference = LogisticRegression(C=1.0, tol=1e-8, max_iter=1000).fit(matrix, outcomes)
    assert fitted.predict(inputs)[:, 1] == pytest.approx(reference.predict_proba(matrix)[:, 1], abs=1e-4)
    average = fitted.contributions(inputs)
    assert average[:, :-1].mean(axis=0) == pytest.approx(np.zeros(5), abs=1e-9)
    unseen = inputs.take(np.arange(1)).values.copy()
    unseen[0, 3:] = [17.0, 4.0]
    parts = fitted.contributions(Columns(unseen, inputs.names, inputs.kinds, inputs.num_categories))
    assert parts[0, 3:5].tolist() == [0.0, 0.0]


def test_logistic_on_wide_tables_uses_sparse_rows() -> None:
    generator = np.random.default_rng(0)
    codes = generator.integers(0, 600, (400, 1)).astype(float)
    inputs = Columns(np.hstack([codes, generator.normal(size=(400, 1))]), ("city", "x"), ("category", "number"), (600, 0))
    outcomes = (inputs.values[:, 1] > 0).astype(int)
    fitted = LogisticModel()
    fitted.fit(inputs, outcomes, None, 0)
    assert ((fitted.predict(inputs)[:, 1] > 0.5) == outcomes).mean() > 0.95


def test_weights_count_as_repeated_rows() -> None:
    inputs, outcomes = planted(200, seed=3)
    twice = np.where(np.arange(200) < 50, 2.0, 1.0)
    repeated = np.concatenate([np.arange(200), np.arange(50)])
    rates = learn_classes(outcomes, twice).base_rates
    assert rates[1] == pytest.approx((outcomes[repeated].mean() * 200 + 0.5) / 201)
    weighted, many = LogisticModel(c=1.0), LogisticModel(c=0.8)  # the mean weight is 1: 200 rows' worth of evidence, not 250
    weighted.fit(inputs, outcomes, twice, 0)
    many.fit(inputs.take(repeated), outcomes[repeated], None, 0)
    assert weighted.predict(inputs) == pytest.approx(many.predict(inputs), abs=1e-6)
    assert even_weight(None, 3).tolist() == [1.0, 1.0, 1.0]


def test_other_columns_are_refused_by_name() -> None:
    inputs, outcomes = planted(100, seed=3)
    for recipe in (LOGISTIC, BOOSTING):
        fitted = recipe.make()
        fitted.fit(inputs, outcomes, None, 0)
        with pytest.raises(DataProblem, match="x0"):
            fitted.predict(number_columns(inputs.values))


def test_choose_takes_the_lowest_loss_and_keeps_what_it_saw() -> None:
    inputs, outcomes = planted(400, seed=3)
    folds = stratified_folds(outcomes, 3, seed=0)
    chosen = choose((CONSTANT, LOGISTIC), inputs, outcomes, None, folds, seed=0)
    assert chosen.name == "logistic"
    assert [line.name for line in chosen.table] == ["logistic", "constant"]
    assert chosen.table[0].log_loss < chosen.table[1].log_loss
    losses = -np.log(chosen.out_of_fold_predictions[np.arange(400), outcomes])
    assert losses.mean() == pytest.approx(chosen.table[0].log_loss)


def test_choose_by_time_leaves_the_first_rows_unjudged_and_noise_keeps_the_baseline() -> None:
    inputs, outcomes = planted(240, seed=3)
    shuffled = np.random.default_rng(0).permutation(outcomes)
    chosen = choose((CONSTANT, LOGISTIC), inputs, shuffled, None, forward_folds(np.arange(240), 3), seed=0)
    assert chosen.name == "constant"
    assert np.isnan(chosen.out_of_fold_predictions[:60]).all()
    assert not np.isnan(chosen.out_of_fold_predictions[60:]).any()


def test_a_member_of_the_blend_has_to_beat_it_beyond_noise() -> None:
    inputs, outcomes = planted(240, seed=4)
    folds = stratified_folds(outcomes, 3, seed=0)
    chosen = choose(CLASS_RECIPES, inputs, outcomes, None, folds, seed=0)
    assert [line.name for line in chosen.table[:2]] == ["logistic", "blend"]
    assert chosen.table[1].log_loss - chosen.table[0].log_loss < 0.002  # by so little a member leads
    assert chosen.name == "blend"
    shuffled = np.random.default_rng(0).permutation(outcomes)
    assert choose(CLASS_RECIPES, inputs, shuffled, None, folds, seed=0).name == "constant"  # the baseline needs no lead on the blend


def test_the_share_is_even_without_evidence_and_one_sided_with_much() -> None:
    generator = np.random.default_rng(0)
    chance = generator.uniform(0.1, 0.9, 2000)
    outcomes = (generator.random(2000) < chance).astype(np.intp)
    right, useless = np.stack([1 - chance, chance], axis=1), np.full((2000, 2), 0.5)
    assert best_share(useless, right, outcomes, np.ones(2000)) > 0.9
    assert best_share(right, useless, outcomes, np.ones(2000)) < 0.1
    assert best_share(right, right, outcomes, np.ones(2000)) == 0.5
    assert 0.5 < best_share(useless[:20], right[:20], outcomes[:20], np.ones(20)) < 1.0


def test_small_parts_are_drawn_more_often_within_the_limit_of_trees() -> None:
    assert count_bags([150], 4) == [4]
    assert count_bags([600, 60], 4) == [1, 4]
    assert count_bags([300, 90], 4) == [2, 4]
    assert count_bags([1500, 400], 2) == [1, 1]
    for first, second in ((60, 60), (250, 120), (400, 160)):
        num_bags = count_bags([first, second], 4)
        assert first * num_bags[0] + second * num_bags[1] <= MOST_TREES


def test_quick_effort_leaves_the_blend_out_and_the_baseline_is_always_first() -> None:
    assert [recipe.name for recipe in recipes_for("quick")] == ["constant", "logistic", "boosting"]
    assert {recipes_for(effort)[0] for effort in EFFORTS} == {CONSTANT}
    assert recipes_for("thorough")[-1] is STACK


def test_a_stack_is_put_together_from_what_its_members_predicted_already(tmp_path: Path) -> None:
    inputs, outcomes = planted(200, seed=3)
    chosen = choose((CONSTANT, LOGISTIC, FOREST, STACK), inputs, outcomes, None, stratified_folds(outcomes, 3, 0), seed=0)
    assert {line.name for line in chosen.table} == {"constant", "logistic", "forest", "stack"}
    assert chosen.table[0].log_loss < chosen.table[-1].log_loss == pytest.approx(0.69, abs=0.02)
    chosen.model.save(tmp_path)
    assert np.array_equal(SelectedModel.load(tmp_path).predict(inputs), chosen.model.predict(inputs))


def test_without_folds_the_baseline_is_taken() -> None:
    inputs, outcomes = planted(20, seed=3)
    chosen = choose(CLASS_RECIPES, inputs, outcomes, None, (), seed=0)
    assert isinstance(chosen.model.model, ConstantModel)
    assert np.isnan(chosen.table[0].log_loss)
    assert not chosen.model.contributions(inputs).any()


def test_a_platt_line_scales_the_reasons_along(tmp_path: Path) -> None:
    inputs, outcomes = planted(200, seed=3)
    selected = choose((CONSTANT, LOGISTIC), inputs, outcomes, None, stratified_folds(outcomes, 3, 0), seed=0).model
    selected.calibration = Calibration("platt", slope=0.7, intercept=-0.2)
    assert selected.contributions(inputs).sum(axis=1) == pytest.approx(log_odds(selected.predict(inputs)), abs=1e-9)
    selected.save(tmp_path)
    assert np.array_equal(SelectedModel.load(tmp_path).predict(inputs), selected.predict(inputs))


def offer(monkeypatch: pytest.MonkeyPatch, **points: str) -> None:
    found = [EntryPoint(name, value, model_module.ENTRY_POINT_GROUP) for name, value in points.items()]
    monkeypatch.setattr(model_module, "entry_points", lambda group: found)


def test_outside_recipes_come_through_the_entry_point_group(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    offer(monkeypatch, rate="productloop.learning.constant:CONSTANT")
    assert outside_recipes() == (CONSTANT,)
    with pytest.raises(UsageError, match="recipe_name_taken"):
        outside_recipes(taken=("constant",))
    offer(monkeypatch, wrong="productloop.learning.constant:ConstantModel")
    with pytest.raises(UsageError, match="not a model recipe"):
        outside_recipes()
    offer(monkeypatch)
    inputs, outcomes = planted(60, seed=3)
    model = choose((CONSTANT,), inputs, outcomes, None, (), seed=0).model
    model.name = "gone"
    model.save(tmp_path)
    with pytest.raises(UsageError, match="gone"):
        SelectedModel.load(tmp_path)


def test_the_battery_catches_a_model_that_is_sure_of_itself() -> None:
    class Sure(ConstantModel):
        def predict(self, inputs: Columns) -> np.ndarray:
            return np.tile([0.2, 0.9], (len(inputs), 1))

    with pytest.raises(AssertionError, match="sum to 1"):
        check_recipe(Recipe("sure", "classes", Sure, Sure.load, CONSTANT.title))


def test_the_battery_catches_a_model_that_depends_on_the_order() -> None:
    class Last(ConstantModel):
        def fit(self, inputs: Columns, outcomes: np.ndarray, weight: np.ndarray | None, seed: int) -> None:
            super().fit(inputs, outcomes[-7:], weight, seed)

    with pytest.raises(AssertionError, match="order of the training rows"):
        check_recipe(Recipe("last", "classes", Last, Last.load, CONSTANT.title), is_baseline=True)


def test_merged_trees_score_and_explain_as_their_weighted_sum() -> None:
    inputs, outcomes = planted(200, seed=3)
    parts = (Part(7, 30, is_random=True, share=0.25), Part(15, 20, is_random=False, share=0.75))
    grown = [start(inputs, outcomes, np.ones(200), part, 0.05, 1) for part in parts]
    for booster, part in zip(grown, parts, strict=True):
        for _ in range(part.num_trees):
            booster.update()
    together = merge(grown, [part.share for part in parts])
    for question in ("raw_score", "pred_contrib"):
        asked = [booster.predict(inputs.values, **{question: True}) for booster in grown]
        found = together.predict(inputs.values, **{question: True})
        assert found == pytest.approx(0.25 * asked[0] + 0.75 * asked[1], abs=1e-12)
    assert together.num_trees() == 50


def test_trees_are_chosen_on_other_rows_than_those_they_are_judged_on() -> None:
    inputs, outcomes = planted(300, seed=3)
    shuffled = np.random.default_rng(0).permutation(outcomes)
    folds = stratified_folds(outcomes, 3, seed=0)
    grown, noise = (grow_out_of_fold(inputs, labels, np.ones(300), folds, 0) for labels in (outcomes, shuffled))
    assert log_loss(outcomes, grown.predictions) < log_loss(outcomes, np.tile([1 - outcomes.mean(), outcomes.mean()], (300, 1))) - 0.1
    assert log_loss(shuffled, noise.predictions) > log_loss(shuffled, np.tile([1 - outcomes.mean(), outcomes.mean()], (300, 1)))
    assert sum(part.share for part in grown.parts) == 1.0
    assert sum(part.num_trees for part in noise.parts) <= sum(part.num_trees for part in grown.parts)


def test_one_pass_over_the_folds_gives_the_strength_and_the_predictions_with_it() -> None:
    inputs, outcomes = planted(300, seed=3)
    folds = stratified_folds(outcomes, 3, seed=0)
    c, predicted = line_out_of_fold(inputs, outcomes, np.ones(300), folds)
    fold = folds[1]
    alone = LogisticModel(c)
    alone.fit(inputs.take(fold.train), outcomes[fold.train], None, 0)
    assert alone.predict(inputs.take(fold.test)) == pytest.approx(predicted[fold.test], abs=1e-4)
