"""A step in a weekly series: found where it is planted, covered by its interval, and not seen in noise, also where weeks resemble each other."""

from __future__ import annotations

import numpy as np
import pytest

from productloop.learning.step_change import MIN_SIDE, find_step, mean_interval


def weeks(random: np.random.Generator, step: float, place: int, size: int = 24) -> tuple[np.ndarray, np.ndarray]:
    sizes = random.integers(8, 40, size).astype(float)
    level = 4.0 + np.where(np.arange(size) >= place, step, 0.0) + random.normal(0, 0.1, size)
    return level + random.normal(0, 1.2, size) / np.sqrt(sizes), sizes


def test_a_planted_step_is_found_with_its_place_and_size() -> None:
    found, covered = 0, 0
    for seed in range(20):
        means, sizes = weeks(np.random.default_rng(seed), -0.9, 16)
        step = find_step(means, sizes, 0)
        assert step is not None
        found += step.p < 0.01 and step.first <= 16 <= step.last
        covered += step.difference.low <= -0.9 <= step.difference.high
    assert found >= 16
    assert covered >= 16


def test_noise_is_called_a_step_as_often_as_p_says() -> None:
    p = [find_step(*weeks(np.random.default_rng(100 + seed), 0.0, 10), 0) for seed in range(100)]
    assert np.mean([step.p < 0.05 for step in p if step is not None]) < 0.09


def test_weeks_that_resemble_their_neighbours_are_no_step() -> None:
    named = 0
    for seed in range(100):
        random = np.random.default_rng(500 + seed)
        noise = np.zeros(30)
        for week in range(1, 30):
            noise[week] = 0.5 * noise[week - 1] + random.normal()
        step = find_step(noise, np.ones(30), 0)
        assert step is not None
        named += step.p < 0.01
    assert named <= 8


def test_unknown_weeks_are_left_out_and_little_is_no_answer() -> None:
    means, sizes = weeks(np.random.default_rng(3), -1.2, 12)
    means[5], sizes[20] = np.nan, 0
    step = find_step(means, sizes, 0)
    assert step is not None
    assert 10 <= step.place <= 13
    assert find_step(means[: 2 * MIN_SIDE - 1], sizes[: 2 * MIN_SIDE - 1], 0) is None
    assert find_step(np.ones(20), np.ones(20), 0) is None


def test_mean_with_its_interval() -> None:
    found = mean_interval(np.array([1.0, 2.0, 3.0, 4.0]))
    assert found.value == 2.5
    assert found.high - found.value == pytest.approx(1.6449 * np.std([1, 2, 3, 4], ddof=1) / 2, rel=1e-3)
    assert np.isinf(mean_interval(np.array([3.0])).high)
    assert np.isnan(mean_interval(np.array([])).value)
    weighted = mean_interval(np.array([1.0, 3.0]), np.array([30.0, 10.0]))
    assert weighted.value == 1.5
