"""The benchmark's score: its published example, its definition row by row, and the search for a threshold against trying them all."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from productloop.learning.nab_score import STANDARD, Profile, Scored, best_threshold, normalised, probation, raw_score, row_values, score_at


def test_the_published_example() -> None:
    """Lavin and Ahmad 2015, figure 2: -A_FP + .9999 A_TP - .8093 A_FP - A_FP = .6909; two detections in the window count once."""
    first, width = 4000, 2001
    last = first + width - 1
    detected = np.zeros(20_000, dtype=bool)
    just_past = last + round(0.45 * (width - 1))  # sigmoid -.8093
    detected[[3000, first + 3, first + 900, just_past, last + 3 * width]] = True
    value, _ = row_values(len(detected), [(first, last)])
    assert value[first + 3] == pytest.approx(0.9999, abs=5e-5)
    assert value[just_past] / STANDARD.false_positive == pytest.approx(-0.8093, abs=5e-4)
    assert raw_score(detected, [(first, last)]) == pytest.approx(0.6909, abs=5e-4)


def test_perfect_is_100_silence_0_and_a_miss_costs_a_whole_window() -> None:
    windows = [(200, 249), (500, 549)]
    silent = np.zeros(1000, dtype=bool)
    perfect = silent.copy()
    perfect[[200, 500]] = True
    half = silent.copy()
    half[200] = True
    scores = [normalised(raw_score(detected, windows), 2) for detected in (silent, half, perfect)]
    assert scores == pytest.approx([0, 50, 100])


def test_rows_for_learning_do_not_count() -> None:
    assert probation(1000) == 150
    assert probation(100_000) == 750
    detected = np.zeros(1000, dtype=bool)
    detected[:150] = True
    assert raw_score(detected, []) == 0
    detected[150] = True
    assert raw_score(detected, []) == pytest.approx(-0.11)


def test_earlier_is_worth_more_and_further_away_costs_more() -> None:
    value, place = row_values(1000, [(400, 499)], Profile(2.0, 0.5, 1.0))
    inside = value[place == 0]
    assert (np.diff(inside) < 0).all()
    assert inside[0] == pytest.approx(2.0)
    assert value[300] == pytest.approx(-0.5)
    assert (np.diff(value[500:]) <= 0).all()
    assert value[999] == pytest.approx(-0.5)


@settings(max_examples=40)
@given(st.integers(0, 10_000))
def test_the_best_threshold_is_the_best_of_all(seed: int) -> None:
    random = np.random.default_rng(seed)
    files = [
        Scored(random.integers(0, 6, 120) / 5, ((40, 49), (80, 91))),
        Scored(random.integers(0, 6, 100) / 5, ((30, 35),)),
        Scored(random.integers(0, 6, 60) / 5, ()),
    ]
    threshold, score = best_threshold(files)
    tried = [score_at(files, one) for one in (*np.arange(6) / 5, np.inf)]
    assert score == pytest.approx(max(tried))
    assert score_at(files, threshold) == pytest.approx(score)


def test_without_windows_nothing_is_normalised() -> None:
    threshold, score = best_threshold([Scored(np.linspace(0, 1, 50), ())])
    assert threshold == np.inf
    assert np.isnan(score)
