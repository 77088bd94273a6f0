"""Uplift: a planted effect is found where it is, the pseudo-outcome is unbiased whatever the models say, null data give no claim."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from productloop.learning import uplift
from productloop.learning.columns import Columns
from productloop.learning.uplift import LEARNERS, MIN_ARM, Learner, Trial, fit_uplift, judge_trial, mean_effect
from productloop.learning.uplift_metrics import judge_ranking, parts_of


def planted(seed: int, size: int = 1_500, effect: float = 0.35, share: float = 0.5, groups: int = 1) -> tuple[Trial, np.ndarray]:
    """People of whom half (category 1) are moved by `effect`, the others not at all; base rate by a number that moves nothing."""
    random = np.random.default_rng(seed)
    kind = random.integers(0, 2, size).astype(float)
    number, noise = random.normal(size=size), random.normal(size=size)
    group = np.arange(size) // groups
    treated = (random.random(size) < share)[group]
    base = 0.25 + 0.3 * (number > 0)
    truth = effect * kind
    outcome = (random.random(size) < base + truth * treated).astype(float)
    inputs = Columns(np.stack([kind, number, noise], axis=1), ("kind", "number", "noise"), ("category", "number", "number"), (2, 0, 0))
    return Trial(inputs, treated, outcome, np.full(size, share), group if groups > 1 else None), truth


@pytest.mark.parametrize("learner", LEARNERS)
def test_every_learner_tells_those_who_are_moved_from_the_others(learner: Learner) -> None:
    trial, truth = planted(1)
    model = fit_uplift(trial, learner, seed=0)
    fresh, fresh_truth = planted(2)
    effects = model.predict(fresh.inputs)
    assert effects.shape == (len(fresh),)
    assert effects[fresh_truth > 0].mean() - effects[fresh_truth == 0].mean() > 0.2
    assert model.predict(fresh.inputs.take(np.arange(0))).shape == (0,)
    assert truth.mean() == pytest.approx(0.175, abs=0.02)


def test_the_same_rows_in_another_order_give_the_same_model() -> None:
    trial, _ = planted(3, size=400)
    shuffled = trial.take(np.random.default_rng(0).permutation(len(trial)))
    first, second = (fit_uplift(one, "s", seed=0).predict(trial.inputs) for one in (trial, shuffled))
    assert np.array_equal(first, second)


def test_an_effect_that_differs_is_claimed_and_its_mean_lies_in_the_interval() -> None:
    trial, truth = planted(4, size=1_000)
    verdict = judge_trial(trial, "blend", seed=0)
    assert verdict.claims_effect
    assert verdict.claims_difference
    assert verdict.mean.low < truth.mean() < verdict.mean.high
    plain = mean_effect(trial)
    assert plain.low < truth.mean() < plain.high
    assert verdict.mean.high - verdict.mean.low < plain.high - plain.low  # the models explain part of the outcome


def test_null_data_are_rarely_claimed_to_hold_an_effect(monkeypatch: pytest.MonkeyPatch) -> None:
    """Twelve experiments without an effect at 5 %: three or more claims happen by chance in 1 of 50 such sets (the benchmark counts more)."""
    monkeypatch.setattr(uplift, "NUM_OUTCOME_TREES", 40)
    claims = 0
    for seed in range(12):
        trial, _ = planted(100 + seed, size=200, effect=0.0)
        verdict = judge_trial(trial, "s", seed)
        claims += verdict.claims_effect or verdict.claims_difference
    assert claims <= 2


def test_people_drawn_together_make_the_interval_wider() -> None:
    """Ten people of one account who all do the same are one draw, not ten."""
    random = np.random.default_rng(5)
    account = np.repeat(np.arange(60), 10)
    treated, outcome = (random.random(60) < 0.5)[account], (random.random(60) < 0.5).astype(float)[account]
    inputs = Columns(random.normal(size=(600, 1)), ("x",), ("number",), (0,))
    alone = mean_effect(Trial(inputs, treated, outcome, np.full(600, 0.5)))
    together = mean_effect(Trial(inputs, treated, outcome, np.full(600, 0.5), account))
    assert together.high - together.low > 2.5 * (alone.high - alone.low)
    assert together.value == pytest.approx(alone.value)


def test_unequal_chances_are_weighed_out() -> None:
    """Where those at risk got the action more often, the plain difference misleads; 1 / chance puts it right."""
    random = np.random.default_rng(6)
    risky = random.random(20_000) < 0.5
    chance = np.where(risky, 0.9, 0.3)
    treated = random.random(20_000) < chance
    outcome = (random.random(20_000) < np.where(risky, 0.4, 0.8) + 0.1 * treated).astype(float)
    trial = Trial(Columns(risky[:, None].astype(float), ("r",), ("number",), (0,)), treated, outcome, chance)
    found = mean_effect(trial)
    assert outcome[treated].mean() - outcome[~treated].mean() < 0
    assert found.low < 0.1 < found.high


def test_one_arm_says_nothing() -> None:
    inputs = Columns(np.zeros((30, 1)), ("x",), ("number",), (0,))
    found = mean_effect(Trial(inputs, np.ones(30, dtype=bool), np.ones(30), np.full(30, 0.8)))
    assert np.isnan(found.value)
    assert found.low == -np.inf
    assert MIN_ARM >= 2


# measures ----------------------------------------------------------------------------------------------------------------


def test_qini_by_hand() -> None:
    """Four people, the first of the ranking is the only one gained: the curve rises to 1/2 of the treated and stays."""
    score, treated = np.array([4.0, 3.0, 2.0, 1.0]), np.array([True, False, True, False])
    outcome = np.array([1.0, 0.0, 0.0, 0.0])
    ranked = judge_ranking(score, treated, outcome, np.full(4, 0.5), seed=0, num_draws=0)
    assert ranked.curve.gain[0] == 0
    assert ranked.curve.gain[-1] == pytest.approx(0.5)  # one of two treated, none of two held out
    assert ranked.curve.gain[10] == pytest.approx(0.5)
    assert ranked.qini.value == pytest.approx(
        0.5 * 0.25 * 0.5 + 0.75 * 0.5 - 0.25, abs=0.001
    )  # area under the curve minus the triangle to (1, 1/2)


@settings(max_examples=25)
@given(st.integers(0, 2**31), st.integers(20, 200))
def test_the_curve_ends_at_the_mean_effect_whatever_the_ranking(seed: int, size: int) -> None:
    random = np.random.default_rng(seed)
    treated = np.arange(size) % 2 == 0
    outcome = (random.random(size) < 0.4).astype(float)
    ranked = judge_ranking(random.normal(size=size), treated, outcome, np.full(size, 0.5), seed=0, num_draws=0)
    assert ranked.curve.gain[-1] == pytest.approx(outcome[treated].mean() - outcome[~treated].mean())


def test_a_right_ranking_has_a_qini_above_chance_and_a_wrong_one_below() -> None:
    trial, truth = planted(7, size=2_000)
    arms = (trial.treated, trial.outcome, trial.propensity)
    right = judge_ranking(truth, *arms, seed=0, num_draws=100)
    wrong = judge_ranking(-truth, *arms, seed=0, num_draws=100)
    assert right.qini.low > 0 > wrong.qini.high
    assert right.auuc.value > wrong.auuc.value
    assert (right.curve.low <= right.curve.high).all()


def test_parts_hold_everybody_and_the_first_is_moved_most() -> None:
    trial, truth = planted(8, size=2_000)
    parts = parts_of(truth, trial.treated, trial.outcome == 1)
    assert len(parts) == 10
    assert sum(part.num_treated + part.num_held_out for part in parts) == 2_000
    assert parts[0].effect.low > 0
    assert parts[0].effect.value > parts[-1].effect.value


def test_few_people_make_fewer_parts_and_very_few_none() -> None:
    treated = np.arange(100) < 50
    assert len(parts_of(np.zeros(100), treated, treated)) == 1
    assert parts_of(np.zeros(10), treated[:10], treated[:10]) == ()


def test_without_one_arm_there_is_no_curve() -> None:
    ranked = judge_ranking(np.zeros(5), np.ones(5, dtype=bool), np.ones(5), np.full(5, 0.5), seed=0, num_draws=5)
    assert np.isnan(ranked.qini.value)
    assert np.isnan(ranked.curve.gain).all()
