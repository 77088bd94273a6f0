"""Ranking metrics against hand-counted and slow but obvious versions."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from productloop.learning.history import NO_ITEM, build_history
from productloop.learning.next_item import mask_seen, top_items
from productloop.learning.popularity import Popularity
from productloop.learning.ranking_metrics import (
    evaluate_ranking,
    mean_and_error,
    ndcg_at,
    ranks_of_targets,
    recall_at,
    reciprocal_rank_at,
    usable_targets,
)

SCORES = st.lists(st.lists(st.integers(0, 5), min_size=6, max_size=6), min_size=1, max_size=5)


def test_known_values_for_one_target():
    ranks = np.array([[1], [2], [10], [11], [0]])
    assert ndcg_at(ranks, 10) == pytest.approx([1, 1 / math.log2(3), 1 / math.log2(11), 0, 0])
    assert recall_at(ranks, 10).tolist() == [1, 1, 1, 0, 0]
    assert reciprocal_rank_at(ranks, 10) == pytest.approx([1, 0.5, 0.1, 0, 0])


def test_known_values_for_two_targets():
    ranks = np.array([[3, 1], [2, 50]])
    ideal = 1 + 1 / math.log2(3)
    assert ndcg_at(ranks, 10) == pytest.approx([(1 + 0.5) / ideal, (1 / math.log2(3)) / ideal])
    assert recall_at(ranks, 10).tolist() == [1, 0.5]
    assert reciprocal_rank_at(ranks, 10).tolist() == [1, 0.5]


@given(SCORES, st.integers(1, 8))
def test_top_items_equals_a_full_sort_with_ties_by_code(scores, k):
    array = np.array(scores, dtype=np.float32)
    array[array == 5] = -np.inf
    items, best = top_items(array, k)
    for row, values in enumerate(array):
        allowed = [code for code in range(6) if np.isfinite(values[code])]
        expected = sorted(allowed, key=lambda code: (-values[code], code))[:k]
        assert items[row, : len(expected)].tolist() == expected
        assert best[row, : len(expected)].tolist() == [values[code] for code in expected]
        assert (items[row, len(expected) :] == NO_ITEM).all()


@given(SCORES, st.integers(0, 5), st.permutations(range(6)))
def test_no_order_of_item_codes_changes_a_rank(scores, target, order):
    array = np.array(scores, dtype=np.float32)
    targets = np.full((len(array), 1), target, dtype=np.int32)
    renamed = np.full((len(array), 1), order.index(target), dtype=np.int32)
    assert ranks_of_targets(array, targets).tolist() == ranks_of_targets(array[:, list(order)], renamed).tolist()


@given(SCORES, st.integers(0, 5))
def test_a_rank_counts_everything_that_is_not_below(scores, target):
    array = np.array(scores, dtype=np.float32)
    ranks = ranks_of_targets(array, np.full((len(array), 1), target, dtype=np.int32))[:, 0]
    assert ranks.tolist() == [sum(value >= row[target] for value in row) for row in scores]


@given(st.lists(st.integers(1, 30), min_size=1, max_size=4, unique=True), st.integers(1, 12))
def test_metrics_stay_between_nought_and_one_and_a_better_rank_never_hurts(ranks, k):
    array = np.array([ranks])
    better = np.array([sorted(ranks)])
    better[0, 0] = min(better[0, 0], max(1, better[0, 0] - 1))
    for metric in (ndcg_at, recall_at, reciprocal_rank_at):
        assert 0 <= metric(array, k)[0] <= 1 + 1e-12
        assert metric(better, k)[0] >= metric(array, k)[0] - 1e-12


def test_repeats_and_doubles_are_no_targets_and_repeats_are_counted():
    past = build_history([0, 1], [2, 3], [1, 1], [0, 1], num_items=5)
    wanted, num_repeats = usable_targets(past, np.array([[2, 4], [4, 4]], dtype=np.int32), 5)
    assert wanted.tolist() == [[NO_ITEM, 4], [4, NO_ITEM]]
    assert num_repeats == 1


def test_an_item_newer_than_the_training_can_only_be_missed():
    model = Popularity()
    model.fit(build_history([0, 0, 1], [0, 1, 0], [1, 2, 1], [0, 1, 2]), None, None, 0)
    past = build_history([0, 1], [0, 0], [1, 1], [0, 1], num_items=9)
    result = evaluate_ranking(model, past, np.array([[8], [1]], dtype=np.int32), k=10)
    assert result.num_evaluated == 2
    assert result.ndcg.tolist() == [0, 1]


def test_evaluation_ranks_unseen_items_only_and_leaves_out_actors_without_a_target():
    train = build_history([0, 0, 1, 1, 2, 3], [0, 1, 0, 2, 0, 0], [1, 2, 1, 2, 1, 1], range(6))
    model = Popularity()
    model.fit(train, None, None, 0)
    targets = np.array([[2], [NO_ITEM], [1], [0]], dtype=np.int32)
    result = evaluate_ranking(model, train, targets, k=1)
    assert result.actors.tolist() == [0, 2]
    assert result.num_repeats == 1
    assert result.ndcg.tolist() == [1, 0]  # actor 2: items 1 and 2 tie, and a tie counts against the model
    assert result.coverage == pytest.approx(2 / 3)
    assert result.means()["ndcg"] == (0.5, 0.5)


def test_nobody_to_evaluate_is_not_nought():
    model = Popularity()
    model.fit(build_history([0], [0], [1], [0]), None, None, 0)
    result = evaluate_ranking(model, build_history([0], [0], [1], [0]), np.array([[NO_ITEM]], dtype=np.int32))
    assert result.num_evaluated == 0
    assert math.isnan(result.means()["ndcg"][0])
    assert math.isnan(mean_and_error(np.array([1.0]))[1])


def test_mask_seen_ignores_items_the_model_does_not_know():
    scores = np.zeros((1, 2), dtype=np.float32)
    mask_seen(scores, build_history([0, 0], [1, 7], [1, 2], [0, 1]))
    assert scores.tolist() == [[0, -np.inf]]
