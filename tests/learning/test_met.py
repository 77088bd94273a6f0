"""Ratios of those who met something: in simulated lives of known ratio the interval holds it, late starts and misfiled texts taken out."""

from __future__ import annotations

import math

import numpy as np
import pytest

from productloop.learning.met import EXACT, NEVER, Met, Points, Shares, first_met, hold_beside, met_ratio, met_topic, surely_met
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


def who_met(person: np.ndarray, at: np.ndarray, met: np.ndarray) -> Met:
    wrote = np.flatnonzero(met < NEVER)
    points = Points(wrote, met[wrote], np.zeros(len(wrote), dtype=np.int64), np.zeros((len(wrote), 1), dtype=bool))
    return met_topic(points, 0, (person, at), WINDOW, EXACT)


def test_nine_intervals_in_ten_hold_the_ratio_of_the_simulated_lives() -> None:
    held, logs, plain = 0, [], []
    for seed in range(200):
        person, at, happened, group, met = lives(seed)
        who = who_met(person, at, met)
        ratio = met_ratio(who, happened, [np.unique(at, return_inverse=True)[1], group]).ratio
        held += ratio.low <= RATIO <= ratio.high
        logs.append(math.log(ratio.value))
        plain.append(math.log(stratified_ratio(who.exposed, happened, combine_codes(at, group)).ratio.value))
    assert 168 <= held <= 190
    assert math.exp(np.mean(logs)) == pytest.approx(RATIO, rel=0.02)
    assert math.exp(np.mean(plain)) < 0.97 * RATIO, "without late starts taken out"


def test_texts_under_a_wrong_topic_do_not_draw_the_ratio_to_one() -> None:
    """Half of the texts stand at the edge, together with as many more from people picked at random."""
    held, logs = 0, []
    for seed in range(40):
        person, at, happened, group, met = lives(seed)
        random = np.random.default_rng(seed)
        wrote = np.flatnonzero(met < NEVER)
        strangers = random.choice(PEOPLE, len(wrote) // 4)
        writer, time = np.concatenate([wrote, strangers]), np.concatenate([met[wrote], random.integers(0, 10_000, len(strangers))])
        edge = np.where(np.arange(len(writer)) < len(wrote), random.random(len(writer)) < 0.5, True)
        points = Points(writer, time, np.zeros(len(writer), dtype=np.int64), edge[:, None])
        share = float((edge & (np.arange(len(writer)) < len(wrote))).sum() / edge.sum())
        who = met_topic(points, 0, (person, at), WINDOW, [Shares(1, share, 0, 0)])
        ratio = met_ratio(who, happened, [np.unique(at, return_inverse=True)[1], group]).ratio
        held += ratio.low <= RATIO <= ratio.high
        logs.append(math.log(ratio.value))
    assert held >= 32
    assert math.exp(np.mean(logs)) == pytest.approx(RATIO, rel=0.05)


def test_who_met_it_only_at_the_edge_stands_on_neither_side() -> None:
    points = Points(
        person=np.array([0, 1, 2, 3, -1]),
        time=np.array([5, 5, 5, 5, 5]),
        topic=np.array([0, 0, 1, 2, 0]),
        edge=np.array([[False, False, False], [True, False, False], [True, False, False], [False, False, False], [False, False, False]]),
    )
    asked = np.arange(5), np.full(5, 10)
    who = met_topic(points, 0, asked, 10, [Shares(0.9, 0.6, 0.1, 0.01), Shares(0.8, 0.5, 0.2, 0.02)])
    assert who.exposed.tolist() == [True, False, False, False, False]
    assert who.others.tolist() == [False, False, False, True, True]
    assert who.chances[0].tolist() == pytest.approx([0.9, 0.6, 0.1, 0.01, 0.0])
    assert who.chances[1].tolist() == pytest.approx([0.8, 0.5, 0.2, 0.02, 0.0])
    assert who.late == (0.0, 0.0)
    late = met_topic(points, 0, (np.arange(5), np.full(5, 5)), 10, EXACT)
    assert late.late == pytest.approx((0.4,))
    assert not late.exposed.any()
    undated = met_topic(points, 0, (np.arange(5), np.full(5, NEVER)), 10, EXACT)
    assert undated.chances[0].tolist() == pytest.approx([1, 1, 0, 0, 0])
    assert undated.late == (0.0,)


def test_two_texts_make_it_likelier_than_one() -> None:
    points = Points(np.array([0, 0, 1]), np.array([1, 3, 1]), np.zeros(3, dtype=np.int64), np.ones((3, 1), dtype=bool))
    half = [Shares(1.0, 0.5, 0.0, 0.0)]
    assert met_topic(points, 0, (np.array([0, 0, 1]), np.array([2, 4, 4])), 1, half).chances[0].tolist() == pytest.approx([0.5, 0.75, 0.5])


def test_limits_are_the_outermost_of_what_the_shares_may_be() -> None:
    random = np.random.default_rng(2)
    flags = random.random(3_000) < 0.3
    happened = random.random(3_000) < np.where(flags, 0.3, 0.1)
    chances = tuple(np.where(flags, share, 0.0) for share in (0.9, 0.7, 1.0))
    everybody = [np.zeros(3_000, dtype=np.int64)]
    apart = [met_ratio(Met(flags, ~flags, (chance,), (0.0,)), happened, everybody) for chance in chances]
    together = met_ratio(Met(flags, ~flags, chances, (0.0,) * 3), happened, everybody)
    assert (together.ratio.value, together.p) == (apart[0].ratio.value, apart[0].p)
    assert (together.ratio.low, together.ratio.high) == (apart[2].ratio.low, apart[1].ratio.high)


def test_first_met_is_the_earliest_and_nobody_meets_nothing() -> None:
    first = first_met(np.array([2, 2, 0, -1]), np.array([9, 4, 7, 1]), np.array([0, 1, 2]))
    assert first.tolist() == [7, NEVER, 4]
    assert first_met(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)).tolist() == []


def test_what_only_borrows_from_a_stronger_one_is_not_held() -> None:
    random = np.random.default_rng(3)
    cause = random.random(6_000) < 0.3
    shadow = np.where(random.random(6_000) < 0.8, cause, random.random(6_000) < 0.3)
    happened = random.random(6_000) < np.where(cause, 0.3, 0.1)
    met = [surely_met(flags) for flags in (cause, shadow)]
    everybody = [np.zeros(6_000, dtype=np.int64)]
    assert met_ratio(met[1], happened, everybody).p < 0.001
    assert hold_beside(met, happened, [everybody] * 2, [0.01, 0.01]) == [0]
    assert hold_beside(met, happened, [everybody] * 2, [0.01, 0.01], most=0) == []
