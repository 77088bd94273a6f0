"""Which part a change comes from: planted parts are named with intervals that hold the truth, a change that is everywhere names none."""

from __future__ import annotations

import numpy as np

from productloop.learning.attribution import Cells, attribute

PLATFORM, PLAN = 0, 1
CODES = np.array([(platform, plan) for platform in range(3) for plan in range(2)])  # android, ios, web x free, paid
USUAL = np.array([30.0, 40.0, 25.0, 35.0, 20.0, 30.0])
DAYS = 56
REFERENCE, CHANGED = np.arange(42), np.arange(42, 56)


def cells(seed: int, fall: dict[int, float]) -> Cells:
    level = np.repeat(USUAL[:, None], DAYS, axis=1)
    for cell, share in fall.items():
        level[cell, CHANGED] *= 1 - share
    return Cells(CODES, np.random.default_rng(seed).poisson(level).astype(np.float64))


def expected() -> float:
    return float(USUAL.sum() * len(CHANGED))


def test_a_planted_pair_is_named_two_deep() -> None:
    covered = 0
    for seed in range(10):
        parts = attribute(cells(seed, {1: 0.8, 4: 0.1}), REFERENCE, CHANGED, expected(), seed)
        assert set(parts[0].path) == {(PLATFORM, 0), (PLAN, 1)}
        truth = 40 * 0.8 / (40 * 0.8 + 20 * 0.1)
        covered += parts[0].low <= truth <= parts[0].high
    assert covered >= 7


def test_a_whole_platform_is_named_one_deep() -> None:
    parts = attribute(cells(1, {0: 0.5, 1: 0.5}), REFERENCE, CHANGED, expected(), 0)
    assert [part.path for part in parts] == [((PLATFORM, 0),)]
    assert parts[0].share > 0.8


def test_a_rise_is_named_too() -> None:
    parts = attribute(cells(2, {3: -0.8}), REFERENCE, CHANGED, expected(), 0)
    assert (PLATFORM, 1) in parts[0].path


def test_what_is_everywhere_names_nobody() -> None:
    named = [attribute(cells(seed, dict.fromkeys(range(6), 0.3)), REFERENCE, CHANGED, expected(), seed) for seed in range(20)]
    assert sum(bool(parts) for parts in named) <= 2


def test_a_ratio_is_explained_by_its_rates_not_by_its_sizes() -> None:
    random = np.random.default_rng(0)
    size = np.repeat(10 * USUAL[:, None], DAYS, axis=1)
    rate = np.full(size.shape, 0.05)
    rate[1, CHANGED] = 0.25
    broken = Cells(CODES, random.binomial(size.astype(int), rate).astype(np.float64), size)
    parts = attribute(broken, REFERENCE, CHANGED, 0.05, 0)
    assert set(parts[0].path) == {(PLATFORM, 0), (PLAN, 1)}
    size[1, CHANGED] *= 3
    grown = Cells(CODES, random.binomial(size.astype(int), 0.05).astype(np.float64), size)
    assert attribute(grown, REFERENCE, CHANGED, 0.05, 0) == ()


def test_nothing_known_is_no_part() -> None:
    unknown = Cells(np.full((1, 1), -1), np.ones((1, DAYS)))
    assert attribute(unknown, REFERENCE, CHANGED, 20.0, 0) == ()
    still = Cells(CODES, np.ones((6, DAYS)))
    assert attribute(still, REFERENCE, CHANGED, 6.0 * len(CHANGED), 0) == ()
