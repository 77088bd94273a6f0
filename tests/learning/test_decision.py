from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from productloop.learning.decision import decide, learn_factors
from productloop.learning.metrics import macro_f1


def rare_class(num_rows: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Calibrated probabilities of a class that happens to one in ten, and what happened."""
    generator = np.random.default_rng(seed)
    chance = generator.beta(0.5, 4.5, num_rows)
    return (generator.random(num_rows) < chance).astype(int), np.stack([1 - chance, chance], axis=1)


def test_a_rare_class_is_acted_on_below_one_half() -> None:
    outcomes, probabilities = rare_class(4000, 1)
    factors = learn_factors(outcomes, probabilities)
    fresh_outcomes, fresh = rare_class(4000, 2)
    decided = np.eye(2)[decide(fresh, factors)]
    assert factors[1] / factors[0] > 1.1
    assert macro_f1(fresh_outcomes, decided) > macro_f1(fresh_outcomes, fresh) + 0.02


def test_without_a_gain_the_most_probable_class_stays() -> None:
    outcomes = np.array([0, 1, 2] * 10)
    assert np.array_equal(learn_factors(outcomes, np.eye(3)[outcomes]), np.ones(3))
    assert np.array_equal(decide(np.array([[0.5, 0.5]]), np.ones(2)), [0])


@given(st.integers(0, 2**32 - 1), st.integers(2, 5), st.integers(1, 40))
def test_factors_are_positive_and_repeatable(seed: int, num_classes: int, num_rows: int) -> None:
    generator = np.random.default_rng(seed)
    probabilities = generator.dirichlet(np.ones(num_classes), num_rows)
    outcomes = generator.integers(0, num_classes, num_rows)
    factors = learn_factors(outcomes, probabilities)
    assert (factors > 0).all()
    assert np.array_equal(factors, learn_factors(outcomes, probabilities))
