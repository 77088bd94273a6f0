from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from productloop.learning.decision import decide, expected_macro_f1, learn_factors
from productloop.learning.metrics import macro_f1


def rare_class(num_rows: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Calibrated probabilities of a class that happens to one in ten, and what happened."""
    generator = np.random.default_rng(seed)
    chance = generator.beta(0.5, 4.5, num_rows)
    return (generator.random(num_rows) < chance).astype(int), np.stack([1 - chance, chance], axis=1)


def test_a_rare_class_is_acted_on_below_one_half() -> None:
    _, probabilities = rare_class(4000, 1)
    factors = learn_factors(probabilities)
    fresh_outcomes, fresh = rare_class(4000, 2)
    decided = np.eye(2)[decide(fresh, factors)]
    assert factors[1] / factors[0] > 1.1
    assert macro_f1(fresh_outcomes, decided) > macro_f1(fresh_outcomes, fresh) + 0.02


def test_without_a_gain_the_most_probable_class_stays() -> None:
    outcomes = np.array([0, 1, 2] * 10)
    assert np.array_equal(learn_factors(np.eye(3)[outcomes]), np.ones(3))
    assert np.array_equal(decide(np.array([[0.5, 0.5]]), np.ones(2)), [0])


@given(st.integers(0, 2**32 - 1), st.integers(2, 5), st.integers(1, 40))
def test_factors_are_positive_and_repeatable(seed: int, num_classes: int, num_rows: int) -> None:
    generator = np.random.default_rng(seed)
    probabilities = generator.dirichlet(np.ones(num_classes), num_rows)
    factors = learn_factors(probabilities)
    assert (factors > 0).all()
    assert np.array_equal(factors, learn_factors(probabilities))


def test_expected_macro_f1_is_the_macro_f1_where_everything_is_sure() -> None:
    generator = np.random.default_rng(6)
    outcomes, weight = generator.integers(0, 3, 200), generator.uniform(0.5, 2.0, 200)
    decided = np.eye(3)[np.where(generator.random(200) < 0.7, outcomes, 0)]
    assert expected_macro_f1(decided, np.ones(3), weight) == 1.0
    probabilities, chances = rare_class(20_000, 7)
    expected, happened = expected_macro_f1(chances, np.array([1.0, 2.0])), macro_f1(probabilities, chances * [1.0, 2.0])
    assert abs(expected - happened) < 0.01
    half = np.concatenate([chances[:10_000], chances[:10_000]])
    assert abs(expected_macro_f1(half, np.ones(2)) - expected_macro_f1(chances[:10_000], np.ones(2), np.full(10_000, 3.0))) < 1e-12


def test_without_rows_nothing_is_decided_otherwise() -> None:
    assert np.array_equal(learn_factors(np.zeros((0, 3))), np.ones(3))
