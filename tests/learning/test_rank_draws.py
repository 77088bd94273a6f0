"""Ranks over draws: probabilities that add up, intervals that hold the truth, shrinkage that leaves clear ratios alone."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from productloop.learning.intervals import Interval
from productloop.learning.rank_draws import draw_ratios, draw_shares, draw_together, factor_to_settle, rank_draws


@given(st.integers(1, 6), st.integers(1, 40), st.integers(0, 2**32 - 1))
def test_probabilities_add_up(num_items: int, num_draws: int, seed: int) -> None:
    scores = np.random.default_rng(seed).integers(0, 5, (num_draws, num_items)).astype(float)
    ranks = rank_draws(scores)
    assert sorted(ranks.order.tolist()) == list(range(num_items))
    assert ranks.first.sum() == pytest.approx(1.0)
    assert np.allclose(ranks.beats + ranks.beats.T, 1.0)
    assert (ranks.rank_low >= 1).all()
    assert (ranks.rank_low <= ranks.rank_high).all()
    assert (ranks.rank_high <= num_items).all()
    assert (ranks.score_low <= ranks.score).all()


def test_clear_order_is_certain_and_a_tie_is_not() -> None:
    random = np.random.default_rng(0)
    scores = np.column_stack([random.normal(10, 0.1, 4000), random.normal(5, 1, 4000), random.normal(5, 1, 4000)])
    ranks = rank_draws(scores)
    assert ranks.order[0] == 0
    assert ranks.first[0] == 1.0
    assert (ranks.rank_low[0], ranks.rank_high[0]) == (1, 1)
    assert (ranks.rank_low[1], ranks.rank_high[1]) == (2, 3)
    assert ranks.beats[1, 2] == pytest.approx(0.5, abs=0.03)


def test_what_is_not_finite_is_refused() -> None:
    with pytest.raises(ValueError, match="finite"):
        rank_draws(np.array([[1.0, np.nan]]))
    with pytest.raises(ValueError, match="between 0 and its total"):
        draw_shares(np.random.default_rng(0), [3], [2])


def test_no_items_is_no_order() -> None:
    assert len(rank_draws(np.zeros((5, 0))).order) == 0


def test_shares_are_drawn_around_what_was_counted() -> None:
    shares = draw_shares(np.random.default_rng(1), [30, 0], [100, 0])
    assert np.percentile(shares[:, 0], [5, 95]) == pytest.approx([0.229, 0.379], abs=0.006)
    assert shares[:, 1].std() > 0.3  # nothing known: anything between 0 and 1


def test_ratios_keep_their_interval_and_unknown_ones_are_one() -> None:
    drawn = draw_ratios(np.random.default_rng(2), [Interval(2.0, 1.6, 2.5), Interval(math.nan, 0.0, math.inf)])
    assert np.percentile(drawn[:, 0], [5, 50, 95]) == pytest.approx([1.6, 2.0, 2.5], rel=0.02)
    assert (drawn[:, 1] == 1.0).all()


def test_noise_is_drawn_together_and_a_clear_ratio_stays() -> None:
    quiet = draw_together([Interval(1.2, 0.8, 1.8), Interval(0.85, 0.55, 1.3), Interval(1.05, 0.7, 1.6)])
    assert [ratio.value for ratio in quiet] == [1.0, 1.0, 1.0]
    clear = draw_together([Interval(2.5, 2.1, 2.98), Interval(0.95, 0.7, 1.3), Interval(1.05, 0.8, 1.4), Interval(math.nan, 0.0, math.inf)])
    assert 2.1 < clear[0].value < 2.5
    assert 0.95 < clear[1].value < 1.0
    assert clear[3].value == 1.0


def test_answers_until_settled() -> None:
    random = np.random.default_rng(3)
    better, worse = np.exp(random.normal(0.2, 0.2, 20_000)), np.exp(random.normal(0.0, 0.2, 20_000))
    factor = factor_to_settle(better, worse)
    assert factor == pytest.approx(0.08 * (1.2816 / 0.2) ** 2, rel=0.1)
    assert factor_to_settle(better * 100, worse) == 1.0
    assert factor_to_settle(worse, better) == math.inf
