"""Histories: order, ties, slices, holding out, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from productloop.foundation.errors import DataProblem
from productloop.learning.history import (
    NO_ITEM,
    History,
    build_history,
    latest_per_item,
    leave_last_new_out,
    leave_last_out,
    steps_from_end,
    validate,
)
from productloop.learning.history_wording import HISTORY_MALFORMED, HISTORY_REASONS, MODEL_FILES_MALFORMED

ROWS = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 6), st.integers(0, 3), st.integers(1, 3)), max_size=40)


def history_of(rows: list[tuple[int, int, int, int]]) -> History:
    actors, items, times, weights = (np.array([row[column] for row in rows], dtype=np.int64) for column in range(4))
    return build_history(actors, items, times, np.arange(len(rows)), weights, num_actors=5, num_items=7)


@given(ROWS)
def test_the_builder_sorts_each_actor_by_time_and_then_by_sequence(rows):
    history = history_of(rows)
    for actor in range(5):
        mine = sorted((time, place, item) for place, (who, item, time, _) in enumerate(rows) if who == actor)
        one = history.between(actor, actor + 1)
        assert one.items.tolist() == [item for _, _, item in mine]
        assert one.times_us.tolist() == [time for time, _, _ in mine]


@given(ROWS)
def test_the_order_of_the_raw_rows_does_not_matter_when_the_sequence_is_kept(rows):
    order = np.random.default_rng(0).permutation(len(rows))
    columns = [np.array([row[column] for row in rows], dtype=np.int64)[order] for column in range(3)]
    shuffled = build_history(*columns, order, num_actors=5, num_items=7)
    assert shuffled.items.tolist() == history_of(rows).items.tolist()


@given(ROWS, st.integers(1, 3))
def test_what_stays_and_what_is_held_out_together_are_the_history(rows, holdout):
    history = history_of(rows)
    past, targets = leave_last_out(history, holdout)
    validate(past)
    for actor in range(5):
        whole, stays = (part.between(actor, actor + 1).items.tolist() for part in (history, past))
        if len(whole) > holdout:
            assert stays + targets[actor].tolist() == whole
        else:
            assert stays == whole
            assert (targets[actor] == NO_ITEM).all()


@given(ROWS)
def test_latest_per_item_keeps_the_last_place_and_the_largest_weight(rows):
    history = history_of(rows)
    once = latest_per_item(history)
    for actor in range(5):
        before, after = history.between(actor, actor + 1), once.between(actor, actor + 1)
        items = before.items.tolist()
        expected = [item for place, item in enumerate(items) if item not in items[place + 1 :]]
        assert after.items.tolist() == expected
        assert after.weights.tolist() == [max(before.weights[before.items == item]) for item in expected]


@given(ROWS)
def test_the_last_new_item_is_predicted_from_exactly_what_came_before_it(rows):
    history = history_of(rows)
    past, targets = leave_last_new_out(history)
    for actor in range(5):
        whole, stays = (part.between(actor, actor + 1).items.tolist() for part in (history, past))
        new = [place for place, item in enumerate(whole) if item not in whole[:place]]
        if len(new) > 1:
            assert (stays, targets[actor, 0]) == (whole[: new[-1]], whole[new[-1]])
        else:
            assert (stays, targets[actor, 0]) == (whole, NO_ITEM)


@settings(max_examples=50)
@given(ROWS, st.lists(st.integers(0, 4), max_size=6))
def test_take_gives_the_actors_in_the_order_asked(rows, actors):
    history = history_of(rows)
    taken = history.take(actors)
    assert taken.num_actors == len(actors)
    for place, actor in enumerate(actors):
        np.testing.assert_array_equal(taken.between(place, place + 1).items, history.between(actor, actor + 1).items)


def test_steps_from_end_count_down_to_zero_for_each_actor():
    history = build_history([0, 0, 0, 2], [1, 2, 3, 4], [1, 2, 3, 1], [0, 1, 2, 3])
    assert steps_from_end(history).tolist() == [2, 1, 0, 0]
    assert history.lengths.tolist() == [3, 0, 1]
    assert history.num_items == 5


def test_nothing_at_all_is_a_history():
    history = build_history([], [], [], [])
    assert (history.num_actors, history.num_items) == (0, 0)
    assert leave_last_out(history, 1)[1].shape == (0, 1)


@pytest.mark.parametrize(
    ("indptr", "items", "times", "weights", "reason"),
    [
        ([0, 2], [0, 1], [1], [1, 1], "lengths"),
        ([0, 1], [0, 1], [1, 2], [1, 1], "indptr"),
        ([0, 2, 1, 2], [0, 1], [1, 2], [1, 1], "indptr"),
        ([0, 2], [0, -1], [1, 2], [1, 1], "items"),
        ([0, 2], [0, 9], [1, 2], [1, 1], "items"),
        ([0, 2], [0, 1], [1, 2], [1, 0], "weights"),
        ([0, 2], [0, 1], [1, 2], [1, np.nan], "weights"),
        ([0, 2], [0, 1], [2, 1], [1, 1], "order"),
    ],
)
def test_a_malformed_history_is_refused_with_its_reason(indptr, items, times, weights, reason):
    arrays = [np.array(array) for array in (indptr, items, times, weights)]
    with pytest.raises(DataProblem) as caught:
        validate(History(*arrays, num_items=3))
    assert caught.value.code == "history_malformed"
    assert HISTORY_REASONS[reason].en in str(caught.value)
    assert HISTORY_REASONS[reason].zh in " ".join(caught.value.render("zh"))


@pytest.mark.parametrize(
    "columns", [([0, -1], [0, 0], [1, 1], [0, 1]), ([0], [-1], [1], [0]), ([0, 1], [0], [1], [0]), ([0], [0], [1, 2], [0])]
)
def test_the_builder_refuses_wrong_codes_and_lengths(columns):
    with pytest.raises(DataProblem):
        build_history(*columns)


def test_both_languages_have_the_same_slots():
    for problem in (HISTORY_MALFORMED, MODEL_FILES_MALFORMED):
        for text in (problem.happened, problem.expected, problem.fix):
            assert text.slots("zh") == text.slots("en")
