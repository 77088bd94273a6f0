"""Weights that are never negative and find who is right, exact explanations, and the contract."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from productloop.learning.blend import pool
from productloop.learning.calibration import log_odds
from productloop.learning.constant import CONSTANT
from productloop.learning.logistic import LOGISTIC, LogisticModel
from productloop.learning.metrics import log_loss
from productloop.learning.model import Recipe
from productloop.learning.network import NETWORK
from productloop.learning.stack import MEMBERS, STACK, StackModel, learn_weights, pool_members, stack_out_of_fold, trainable
from productloop.testing import RECIPE_CHECKS, check_recipe, planted

QUICK = (
    Recipe("weak", "classes", partial(LogisticModel, c=0.01), LogisticModel.load, LOGISTIC.title),
    Recipe("strong", "classes", partial(LogisticModel, c=1.0), LogisticModel.load, LOGISTIC.title),
)


def test_a_stack_keeps_the_contract() -> None:
    quick = replace(STACK, make=partial(StackModel, QUICK), load=partial(StackModel.load, recipes=QUICK))
    assert check_recipe(quick) == (*RECIPE_CHECKS, "contributions")


def shares(generator: np.random.Generator, num_members: int, num_rows: int, num_classes: int) -> np.ndarray:
    return generator.dirichlet(np.ones(num_classes), (num_members, num_rows))


@given(seed=st.integers(0, 10_000), num_members=st.integers(1, 4), num_classes=st.integers(2, 3), num_rows=st.integers(1, 60))
@settings(max_examples=40, deadline=None)
def test_weights_are_not_negative_and_beat_the_average_where_they_were_learned(
    seed: int, num_members: int, num_classes: int, num_rows: int
) -> None:
    generator = np.random.default_rng(seed)
    predictions, outcomes = shares(generator, num_members, num_rows, num_classes), generator.integers(0, num_classes, num_rows)
    powers = learn_weights(predictions, outcomes, np.ones(num_rows))
    assert (powers >= 0).all()
    assert powers.max() > 0
    pooled = pool_members(list(predictions), powers.tolist())
    assert pooled.sum(axis=1) == pytest.approx(np.ones(num_rows))
    even = pool_members(list(predictions), [1 / num_members] * num_members)
    assert log_loss(outcomes, pooled) <= log_loss(outcomes, even) + 0.1 * num_members  # leaving a member out below .01 may cost a little


def test_the_member_that_knows_gets_the_weight_and_pure_noise_none() -> None:
    generator = np.random.default_rng(0)
    truth = generator.random(3_000)
    outcomes = (generator.random(3_000) < truth).astype(int)
    knows, noise = np.stack([1 - truth, truth], axis=1), shares(generator, 1, 3_000, 2)[0]
    powers = learn_weights(np.stack([knows, noise]), outcomes, np.ones(3_000))
    assert powers[0] == pytest.approx(1.0, abs=0.1)
    assert powers[1] < 0.05


def test_two_members_pool_as_the_blend_does() -> None:
    first, second = shares(np.random.default_rng(1), 2, 20, 3)
    assert pool_members([first, second], [0.25, 0.75]) == pytest.approx(pool(first, second, 0.75))


def test_contributions_are_the_weighted_ones_of_the_members_and_survive_the_disk(tmp_path: Path) -> None:
    inputs, outcomes = planted(200, seed=3)
    model = StackModel((LOGISTIC, QUICK[1], CONSTANT), weights=(0.5, 0.7, 0.0))
    model.fit(inputs, outcomes, None, 0)
    assert list(model.members) == ["logistic", "strong"]  # what counts nothing is not kept
    assert model.contributions(inputs).sum(axis=1) == pytest.approx(log_odds(model.predict(inputs)), abs=1e-9)
    model.save(tmp_path)
    loaded = StackModel.load(tmp_path, (*QUICK, *MEMBERS))
    assert np.array_equal(loaded.predict(inputs), model.predict(inputs))


def test_out_of_fold_weights_come_from_the_other_folds() -> None:
    generator = np.random.default_rng(2)
    outcomes = generator.integers(0, 2, 90)
    predictions = list(shares(generator, 3, 100, 2))
    outcomes = np.concatenate([outcomes, np.zeros(10, dtype=int)])
    folds = [np.arange(0, 45), np.arange(45, 90)]  # the last ten are judged by nobody
    pooled, powers = stack_out_of_fold(predictions, outcomes, np.ones(100), folds)
    assert np.isnan(pooled[90:]).all()
    first = learn_weights(np.stack(predictions)[:, 45:90], outcomes[45:90], np.ones(45))
    assert pooled[:45] == pytest.approx(pool_members([one[:45] for one in predictions], first.tolist()))
    assert powers.shape == (3,)


def test_the_network_takes_part_only_where_it_can_be_trained(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("productloop.learning._network_training.find_spec", lambda name: None)
    assert NETWORK not in trainable()
    assert set(trainable()) < set(MEMBERS)
