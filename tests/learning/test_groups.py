"""Groups are found where they were planted, and none where people differ by chance or by degrees."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from productloop.learning.effects import standardised_difference
from productloop.learning.groups import MAX_VALLEY, STABLE, clear_groups, components, robust_scale, tightness, valley

NUM_PEOPLE = 300
MIXES = np.array([[8.0, 1.0, 0.5, 2.0, 0.3], [1.0, 6.0, 2.0, 0.3, 1.0], [2.0, 0.5, 0.5, 0.5, 6.0]])


def planted(seed: int) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Weekly rates of people of three kinds, and three columns of noise."""
    generator = np.random.default_rng(seed)
    kind = generator.integers(0, 3, NUM_PEOPLE)
    rates = np.log1p(generator.poisson(MIXES[kind] * 4) / 4)
    return np.column_stack([rates, generator.normal(size=(NUM_PEOPLE, 2))]), kind


def agreement(first: NDArray[np.int64], second: NDArray[np.int64]) -> float:
    """Share of pairs of people on whom two divisions agree."""
    same = first[:, None] == first[None, :]
    return float(np.mean(same == (second[:, None] == second[None, :])))


@pytest.mark.parametrize("method", ["k_means", "mixture"])
def test_three_planted_groups_are_found(method: str) -> None:
    values, kind = planted(1)
    found = clear_groups(robust_scale(values), 7, 4, method)  # type: ignore[arg-type]
    assert found.num_groups == 3
    assert agreement(found.labels, kind) > 0.97
    assert (found.stability >= STABLE).all()
    sizes = np.bincount(found.labels)
    assert sizes.tolist() == sorted(sizes.tolist(), reverse=True)


@pytest.mark.parametrize("seed", [0, 4])
@pytest.mark.parametrize("shape", ["normal", "poisson", "degrees"])
def test_no_groups_where_none_were_planted(shape: str, seed: int) -> None:
    generator = np.random.default_rng(seed)
    means = np.array([4, 2, 1, 0.5, 0.3])
    activity = generator.gamma(2, 1.5, NUM_PEOPLE)[:, None]
    values = {
        "normal": lambda: generator.normal(size=(NUM_PEOPLE, 6)),
        "poisson": lambda: np.log1p(generator.poisson(means, size=(NUM_PEOPLE, 5))),
        "degrees": lambda: np.log1p(generator.poisson(activity * means) / 4),
    }[shape]()
    found = clear_groups(robust_scale(values), seed, 4)
    assert found.num_groups == 0
    assert len(found.labels) == 0


def test_the_same_seed_gives_the_same_groups() -> None:
    values, _ = planted(2)
    first, second = (clear_groups(robust_scale(values), 3, 2) for _ in range(2))
    assert np.array_equal(first.labels, second.labels)
    assert first.trials[0].stability == second.trials[0].stability


def test_too_few_people_are_not_divided() -> None:
    values, _ = planted(3)
    assert clear_groups(robust_scale(values[:50]), 1).num_groups == 0
    assert clear_groups(np.ones((200, 3)), 1).num_groups == 0
    with pytest.raises(ValueError, match="at least 2"):
        clear_groups(values, 1, 1)


def test_a_dip_is_deep_between_groups_and_absent_in_one() -> None:
    values, kind = planted(4)
    scores = components(robust_scale(values))
    assert valley(scores, kind, 3) < 0.3
    generator = np.random.default_rng(5)
    single = generator.normal(size=(400, 2))
    assert valley(single, (single[:, 0] > 0).astype(np.int64), 2) > MAX_VALLEY
    assert tightness(scores, kind) < 0.7
    assert tightness(single, np.zeros(len(single), dtype=np.int64)) == pytest.approx(1)


def test_scaling_survives_columns_of_one_value_and_extreme_people() -> None:
    values = np.column_stack([np.ones(50), np.r_[np.zeros(40), np.arange(10.0)], np.r_[np.arange(49.0), 1e9]])
    scaled = robust_scale(values)
    assert np.all(scaled[:, 0] == 0)
    assert np.abs(scaled).max() <= 4
    assert scaled[:, 1].std() > 0


def test_standardised_difference_against_its_formula() -> None:
    first, second = np.array([3.0, 5.0, 7.0, 9.0]), np.array([1.0, 2.0, 3.0, 4.0])
    found = standardised_difference(first, second)
    pooled = np.sqrt((3 * first.var(ddof=1) + 3 * second.var(ddof=1)) / 6)
    assert found.interval.value == pytest.approx((6 - 2.5) / pooled * (1 - 3 / 23))
    assert found.interval.low < found.interval.value < found.interval.high
    assert 0 < found.p < 0.05
    assert standardised_difference(first, first).interval.value == 0
    assert standardised_difference(first[:1], second).p == 1
