"""Lifecycle and stickiness from days: the two sums that always hold, counting person by person, any partition of the people."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from day_rows import day_bits
from hypothesis import given, settings
from hypothesis import strategies as st

from productloop.apps.behaviour._bitmap import DayBitmap
from productloop.apps.behaviour._lifecycle import LifecycleResult, LifecycleState, lifecycle, merge_lifecycle, states_in
from productloop.apps.behaviour._lifecycle_change import net_change

DAYS = 24
rows_of = st.lists(st.tuples(st.integers(0, 6), st.integers(0, DAYS - 1)), max_size=50)
edges_of = st.lists(st.integers(0, DAYS), min_size=3, max_size=8, unique=True).map(sorted)


def days_of(rows: list[tuple[int, int]]) -> DayBitmap:
    return day_bits(np.array([row[0] for row in rows], dtype=np.int64), np.array([row[1] for row in rows], dtype=np.int64), 0, DAYS)


def by_name(result: LifecycleResult) -> dict[str, list[int]]:
    return {state.name: result.num_actors[state].tolist() for state in LifecycleState}


def test_one_person() -> None:
    days = days_of([(1, 1), (1, 2), (1, 5)])
    assert by_name(lifecycle(days, days.first(), list(range(-1, 9)), 0, 6)) == {
        "NEW": [0, 1, 0, 0, 0, 0, 0, 0],
        "RETURNING": [0, 0, 1, 0, 0, 0, 0, 0],
        "RESURRECTING": [0, 0, 0, 0, 0, 1, 0, 0],
        "DORMANT": [0, 0, 0, 1, 0, 0, 0, 0],  # once, and not in the running period 6
    }


def test_birth_is_the_first_event_of_any_kind() -> None:
    # Born on day 1 by another event: active on day 2 is resurrecting, though born just before.
    days = days_of([(1, 2)])
    assert by_name(lifecycle(days, np.array([1]), [-1, 0, 1, 2, 3], 0, 9))["RESURRECTING"] == [0, 0, 1]
    with pytest.raises(ValueError, match="before its birth"):
        lifecycle(days, np.array([3]), [0, 1, 2], 0, 9)
    with pytest.raises(ValueError, match="period before"):
        lifecycle(days, np.array([1]), [0, 1], 0, 9)
    assert days.actor[states_in(days, np.array([2]), [2, 3, 4])[LifecycleState.DORMANT]].tolist() == [1]


@settings(max_examples=200, deadline=None)
@given(rows_of, st.lists(st.tuples(st.integers(0, 6), st.integers(0, 5)), max_size=5), edges_of, st.integers(0, 9))
def test_the_two_sums_and_counting_person_by_person(
    rows: list[tuple[int, int]], other: list[tuple[int, int]], edges: list[int], running: int
) -> None:
    days, everything = days_of(rows), days_of(rows + other)
    born = everything.of(days.actor).first()
    result = lifecycle(days, born, edges, 1, running)
    states = by_name(result)
    active = [{who for who, day in rows if begin <= day < end} for begin, end in itertools.pairwise(edges)]
    assert result.num_active.tolist() == [len(people) for people in active[1:]]
    birth = {who: min(day for one, day in rows + other if one == who) for who, _ in rows + other}
    for place in range(1, len(active)):
        before, here, at = active[place - 1], active[place], place - 1
        new = {who for who in here if edges[place] <= birth[who] < edges[place + 1]}
        assert states["NEW"][at] == len(new)
        assert states["RETURNING"][at] == len((here & before) - new)
        assert states["RESURRECTING"][at] == len(here - before - new)
        assert states["NEW"][at] + states["RETURNING"][at] + states["RESURRECTING"][at] == len(here)
        ended = place < running
        assert states["DORMANT"][at] == (len(before - here) if ended else 0)
        if ended:
            assert states["RETURNING"][at] + states["DORMANT"][at] == len(before)
    parts = [days.rows(slice(begin, begin + 2)) for begin in range(0, 8, 2)]
    births = [born[begin : begin + 2] for begin in range(0, 8, 2)]
    merged = merge_lifecycle([lifecycle(part, birth, edges, 1, running) for part, birth in zip(parts, births, strict=True)])
    assert np.array_equal(merged.num_actors, result.num_actors)


def test_other_periods_are_not_merged() -> None:
    days = days_of([(1, 2)])
    one, two = (lifecycle(days, days.first(), [0, 1, 2], first, 9) for first in (0, 1))
    with pytest.raises(ValueError, match="other periods"):
        merge_lifecycle([one, two])
    with pytest.raises(ValueError, match="nothing"):
        merge_lifecycle([])


@settings(max_examples=100, deadline=None)
@given(rows_of, edges_of, st.integers(0, 20), st.integers(0, 20))
def test_the_change_is_what_came_less_what_fell_silent(rows: list[tuple[int, int]], edges: list[int], one: int, two: int) -> None:
    days = days_of(rows)
    result = lifecycle(days, days.first(), edges, 0, 99)
    first, last = sorted((one % (len(edges) - 2), two % (len(edges) - 2)))
    found = net_change(days, edges, result, first, last)
    came = result.num_actors[[LifecycleState.NEW, LifecycleState.RESURRECTING], first : last + 1].sum()
    assert found.value == came - result.num_actors[LifecycleState.DORMANT, first : last + 1].sum()
    assert found.low <= found.value <= found.high
    with pytest.raises(ValueError, match="over"):
        net_change(days, edges, result, first, len(edges) - 2)


@pytest.mark.parametrize(
    ("gained", "lost", "clear"), [(5, 0, True), (4, 0, False), (9, 2, True), (8, 3, False), (60, 40, True), (55, 45, False)]
)
def test_a_change_is_clear_where_the_exact_sign_test_says_so(gained: int, lost: int, clear: bool) -> None:
    days = days_of([(who, 2 if who < gained else 0) for who in range(gained + lost)])
    found = net_change(days, [0, 1, 3], lifecycle(days, days.first(), [0, 1, 3], 0, 9), 0, 0)
    assert (found.low > 0) == clear


def test_what_moves_everybody_at_once_widens_the_interval() -> None:
    quiet = [(who, day) for day in range(12) for who in range(day % 2, 100 + day % 2)]
    loud = [(who, day) for day in range(12) for who in range(100 if day % 2 else 40)]
    widths = []
    for rows in (quiet, loud):
        days = days_of(rows)
        edges = list(range(12))
        found = net_change(days, edges, lifecycle(days, days.first(), edges, 0, 99), 0, 9)
        widths.append(found.high - found.low)
    assert widths[0] < 10 < 100 < widths[1]
