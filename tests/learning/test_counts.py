from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from productloop.learning.columns import Columns
from productloop.learning.counts import COUNT_RECIPES, count_quantiles, dispersion_of, poisson_deviances
from productloop.learning.model import Recipe


def planted(size: int, seed: int) -> tuple[Columns, np.ndarray]:
    """log mean = .2 + .8 x + (0, .5, 1 by kind); a column with gaps and a constant one say nothing."""
    random = np.random.default_rng(seed)
    number, kind = random.normal(size=size), random.integers(0, 3, size).astype(float)
    counts = random.poisson(np.exp(0.2 + 0.8 * number + 0.5 * kind)).astype(float)
    gaps = np.where(random.random(size) < 0.2, np.nan, random.normal(size=size))
    values = np.column_stack([number, gaps, np.full(size, 7.0), kind])
    return Columns(values, ("signal", "gaps", "constant", "kind"), ("number", "number", "number", "category"), (0, 0, 0, 3)), counts


@given(st.integers(0, 20), st.floats(0.01, 30))
def test_deviance_is_zero_only_for_the_right_guess(count: int, mean: float) -> None:
    found = float(poisson_deviances(np.array([count]), np.array([mean]))[0])
    assert found >= -1e-12
    assert float(poisson_deviances(np.array([count]), np.array([float(count)]))[0]) == pytest.approx(0.0, abs=1e-5)
    if count:
        assert found == pytest.approx(2 * (count * math.log(count / mean) - count + mean), abs=1e-9)


@settings(max_examples=40)
@given(st.floats(0.05, 40), st.sampled_from([0.0, 0.3, 2.0]), st.sampled_from([0.05, 0.5, 0.95]))
def test_quantile_is_the_smallest_that_reaches_the_level(mean: float, dispersion: float, level: float) -> None:
    k = int(count_quantiles(np.array([mean]), dispersion, level)[0])

    def chance(j: int) -> float:
        if dispersion == 0:
            return math.exp(j * math.log(mean) - mean - math.lgamma(j + 1))
        r = 1 / dispersion
        return math.exp(
            math.lgamma(j + r) - math.lgamma(r) - math.lgamma(j + 1) + r * math.log(r / (r + mean)) + j * math.log(mean / (r + mean))
        )

    assert sum(chance(j) for j in range(k + 1)) >= level - 1e-9
    assert sum(chance(j) for j in range(k)) < level + 1e-9


@pytest.mark.parametrize("recipe", COUNT_RECIPES, ids=lambda recipe: recipe.name)
def test_recipe_is_repeatable_saved_and_adds_up(recipe: Recipe, tmp_path: Path) -> None:
    inputs, counts = planted(300, 1)
    model = recipe.make()
    model.fit(inputs, counts, None, 0)
    means = model.predict(inputs)
    assert means.shape == (300,)
    assert np.isfinite(means).all()
    assert (means > 0).all()
    again = recipe.make()
    order = np.random.default_rng(0).permutation(300)
    again.fit(inputs.take(order), counts[order], None, 0)
    assert again.predict(inputs) == pytest.approx(means, rel=1e-6)
    model.save(tmp_path)
    loaded = recipe.load(tmp_path)
    assert np.array_equal(loaded.predict(inputs), means)
    assert np.exp(model.contributions(inputs).sum(axis=1)) == pytest.approx(means, rel=1e-9)  # type: ignore[attr-defined]
    ranges = loaded.ranges(inputs)  # type: ignore[attr-defined]
    assert (ranges[:, 0] <= ranges[:, 1]).all()
    assert ((counts >= ranges[:, 0]) & (counts <= ranges[:, 1])).mean() >= 0.85


def test_signal_is_found_and_noise_is_not() -> None:
    (inputs, counts), (fresh, truth) = planted(600, 2), planted(2000, 3)
    losses = {}
    for recipe in COUNT_RECIPES:
        model = recipe.make()
        model.fit(inputs, counts, None, 0)
        losses[recipe.name] = poisson_deviances(truth, model.predict(fresh)).mean()
    assert losses["count_line"] < losses["count_trees"] < losses["count_mean"]  # the truth is a line
    assert losses["count_line"] < 0.75 * losses["count_mean"]
    shuffled = np.random.default_rng(4).permutation(counts)
    line, mean = COUNT_RECIPES[1].make(), COUNT_RECIPES[0].make()
    for model in (line, mean):
        model.fit(inputs, shuffled, None, 0)
    other = np.random.default_rng(5).permutation(truth)
    assert poisson_deviances(other, line.predict(fresh)).mean() > 0.98 * poisson_deviances(other, mean.predict(fresh)).mean()


@pytest.mark.parametrize("recipe", COUNT_RECIPES, ids=lambda recipe: recipe.name)
def test_odd_training_gives_finite_numbers(recipe: Recipe) -> None:
    inputs, _ = planted(40, 6)
    for counts in (np.zeros(40), np.ones(40), np.r_[np.zeros(39), 500.0]):
        model = recipe.make()
        model.fit(inputs, counts, None, 0)
        assert np.isfinite(model.predict(inputs)).all()
    one = recipe.make()
    one.fit(inputs.take(np.array([0])), np.array([2.0]), None, 0)
    assert one.predict(inputs)[0] > 0


def test_dispersion_is_found_and_absent_for_poisson() -> None:
    random = np.random.default_rng(7)
    mean, weight = np.full(20_000, 3.0), np.ones(20_000)
    mixed = random.poisson(mean * random.gamma(2.0, 0.5, 20_000))
    assert dispersion_of(mixed, mean, weight) == pytest.approx(0.5, abs=0.05)
    assert dispersion_of(random.poisson(mean), mean, weight) < 0.02
