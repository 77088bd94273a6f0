"""The scan for a change: found when planted, its start and size near the truth; seldom anything where there is nothing."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from productloop.learning.change_points import find_change

Floats = NDArray[np.float64]
WIDTH = 28


def windows(seed: int, memory: float = 0.3, num: int = 30, tails: float = 8.0) -> tuple[Floats, Floats]:
    """(one quiet window, quiet windows before it): dependent, with heavy tails and a level that is a little off."""
    random = np.random.default_rng(seed)
    made = np.zeros((num + 1, WIDTH))
    for row in made:
        noise = random.standard_t(tails, WIDTH)
        row[0] = noise[0]
        for day in range(1, WIDTH):
            row[day] = memory * row[day - 1] + noise[day]
        row += 0.5 * random.normal()
    return made[0], made[1:]


def test_a_planted_drop_is_found_with_its_start_and_size() -> None:
    hits = []
    for seed in range(8):
        gap, past = windows(seed)
        gap[16:] -= 5
        change = find_change(gap, past, seed)
        assert change is not None
        assert change.p < 0.02
        hits.append(abs(change.start - 16) <= 1 and change.end == WIDTH and change.low <= -5 <= change.high)
    assert sum(hits) >= 6


def test_a_planted_day_that_is_over_is_found() -> None:
    gap, past = windows(3)
    gap[10] -= 15
    change = find_change(gap, past, 0)
    assert change is not None
    assert change.p < 0.01
    assert change.start <= 10 < change.end <= 14


def test_quiet_windows_stay_quiet() -> None:
    chances = []
    for seed in range(30):
        gap, past = windows(100 + seed)
        change = find_change(gap, past, 0)
        assert change is not None
        chances.append(change.p)
    assert np.mean(np.array(chances) < 0.1) <= 0.2
    assert np.mean(np.array(chances) < 0.01) <= 0.04


def test_a_forecast_that_is_often_wrong_is_no_change() -> None:
    random = np.random.default_rng(5)
    past = 10 * random.normal(size=(30, 1)) + random.normal(size=(30, WIDTH))
    gap = 10 + random.normal(size=WIDTH)
    change = find_change(gap, past, 0)
    assert change is not None
    assert change.p > 0.1


def test_too_little_past_gaps_and_constants_are_answers() -> None:
    gap, past = windows(1)
    assert find_change(gap, past[:3], 0) is None
    assert find_change(np.full(WIDTH, np.nan), past, 0) is None
    gap[5:8] = np.nan
    assert find_change(gap, past, 0) is not None
    still = find_change(np.zeros(WIDTH), np.zeros((10, WIDTH)), 0)
    assert still is not None
    assert still.p == pytest.approx(1)


def test_the_same_seed_gives_the_same_answer() -> None:
    gap, past = windows(2)
    assert find_change(gap, past, 7) == find_change(gap, past, 7)
