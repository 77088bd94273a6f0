"""Ratios of those who met something: in simulated lives of known ratio the interval holds it, late starts and doubtful edges taken out."""

from __future__ import annotations

import math

import numpy as np
import pytest

from productloop.learning.met import NEVER, Points, Side, combined_p, first_met, hold_beside, lines_around, met_ratio
from productloop.learning.stratified import combine_codes, stratified_ratio

RATIO, WINDOW, MOMENTS, PEOPLE = 2.2, 1_000, np.arange(2_000, 10_000, 1_000), 800


def lives(seed: int, ratio: float = RATIO) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """(person, moment, left within the window, group) of rows, and when each of 800 people met it.

    Two groups leave at different rates and meet it at different rates; whoever has met it leaves `ratio` times as often per window.
    """
    random = np.random.default_rng(seed)
    entered = random.integers(-6_000, 8_000, PEOPLE)
    group = (random.random(PEOPLE) < 0.4).astype(np.int64)
    share = np.where(group == 1, 0.12, 0.07)
    met = entered + random.exponential(np.where(group == 1, 9_000, 20_000)).astype(np.int64)
    before = random.exponential(-WINDOW / np.log1p(-share)) + entered
    after = random.exponential(-WINDOW / np.log1p(-ratio * share)) + np.maximum(met, entered)
    left = np.where(before < met, before, after)
    met = np.where(met < left, met, NEVER)
    place, person = np.nonzero((entered < MOMENTS[:, None]) & (left >= MOMENTS[:, None]))
    at = MOMENTS[place]
    return person, at, left[person] < at + WINDOW, group[person], met


def lines(person: np.ndarray, at: np.ndarray, met: np.ndarray) -> list[Side]:
    wrote = np.flatnonzero(met < NEVER)
    edge = np.zeros((len(wrote), 1), dtype=bool)
    points = Points(wrote, met[wrote], np.zeros(len(wrote), dtype=np.int64), edge, np.array([0]))
    return lines_around(points, 0, (person, at), WINDOW)


def test_nine_intervals_in_ten_hold_the_ratio_of_the_simulated_lives() -> None:
    held, logs, plain = 0, [], []
    for seed in range(200):
        person, at, happened, group, met = lives(seed)
        strata = combine_codes(at, group)
        sides = lines(person, at, met)
        ratio = met_ratio(sides, happened, strata).ratio
        held += ratio.low <= RATIO <= ratio.high
        logs.append(math.log(ratio.value))
        plain.append(math.log(stratified_ratio(sides[0].exposed, happened, strata).ratio.value))
    assert 168 <= held <= 190
    assert math.exp(np.mean(logs)) == pytest.approx(RATIO, rel=0.02)
    assert math.exp(np.mean(plain)) < 0.97 * RATIO, "without late starts taken out"


def test_who_met_it_only_at_the_edge_stands_on_neither_side() -> None:
    points = Points(
        person=np.array([0, 1, 2, 3, -1]),
        time=np.array([5, 5, 5, 5, 5]),
        topic=np.array([0, 0, 1, 2, 0]),
        edge=np.array([[False, False, False], [True, False, False], [True, False, False], [False, False, False], [False, False, False]]),
        group=np.array([7, 8, 7]),
    )
    asked = np.arange(5), np.full(5, 10)
    all_points, sure, kin = lines_around(points, 0, asked, 10)
    assert all_points.exposed.tolist() == [True, True, False, False, False]
    assert all_points.used.all()
    assert sure.exposed.tolist() == [True, False, False, False, False]
    assert sure.used.tolist() == [True, False, False, True, True]
    assert kin.used.tolist() == [True, False, False, False, True], "topic 2 is of the same group"
    late = lines_around(points, 0, (np.arange(5), np.full(5, 5)), 10)[0]
    assert late.late.tolist() == [True, True, False, False, False]
    assert not late.exposed.any()
    undated = lines_around(points, 0, (np.arange(5), np.full(5, NEVER)), 10)[0]
    assert undated.exposed.tolist() == [True, True, False, False, False]
    assert not undated.late.any()


def test_first_met_is_the_earliest_and_nobody_meets_nothing() -> None:
    first = first_met(np.array([2, 2, 0, -1]), np.array([9, 4, 7, 1]), np.array([0, 1, 2]))
    assert first.tolist() == [7, NEVER, 4]
    assert first_met(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)).tolist() == []


def test_what_only_borrows_from_a_stronger_one_is_not_held() -> None:
    random = np.random.default_rng(3)
    cause = random.random(6_000) < 0.3
    shadow = np.where(random.random(6_000) < 0.8, cause, random.random(6_000) < 0.3)
    happened = random.random(6_000) < np.where(cause, 0.3, 0.1)
    nobody, strata = np.zeros(6_000, dtype=bool), np.zeros(6_000, dtype=np.int64)
    sides = [[Side(flags, nobody, ~nobody)] for flags in (cause, shadow)]
    assert met_ratio(sides[1], happened, strata).p < 0.001
    assert hold_beside(sides, happened, [strata] * 2, lambda _, p: p < 0.01) == [0]
    assert hold_beside(sides, happened, [strata] * 2, lambda _, p: p < 0.01, most=0) == []


def test_combined_p_of_equal_ones_is_theirs_and_one_small_one_counts_by_its_share() -> None:
    assert combined_p([0.2, 0.2]) == pytest.approx(0.2)
    assert combined_p([1e-8, 1e-8]) == pytest.approx(1e-8)
    assert combined_p([1e-6, 0.5]) == pytest.approx(2e-6, rel=1e-3)
    assert combined_p([0.0, 0.4]) < 1e-200
    assert combined_p([1.0, 0.01]) == pytest.approx(0.022, abs=0.001)


def test_combined_p_keeps_its_level_however_the_two_depend_on_each_other() -> None:
    random = np.random.default_rng(5)
    first, second = random.normal(size=(2, 4_000))
    for likeness in (0.0, 0.7, 1.0):
        other = likeness * first + np.sqrt(1 - likeness**2) * second
        values = [
            combined_p([math.erfc(abs(a) / math.sqrt(2)), math.erfc(abs(b) / math.sqrt(2))]) for a, b in zip(first, other, strict=True)
        ]
        assert 0.03 < np.mean(np.array(values) < 0.05) < 0.065
