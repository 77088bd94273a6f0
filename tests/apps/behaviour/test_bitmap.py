"""The actor x day bitmap against sets of (actor, day): any division of the rows, any order of the parts, any codes."""

from __future__ import annotations

import numpy as np
import pytest
from day_rows import day_bits
from hypothesis import given, settings
from hypothesis import strategies as st

from productloop.apps.behaviour import _bitmap
from productloop.apps.behaviour._bitmap import NEVER, DayBitmap, DayTable, Integers

FIRST, NUM = 100, 27
rows_of = st.lists(st.tuples(st.integers(0, 7), st.integers(FIRST, FIRST + NUM - 1)), max_size=60)


def bitmap(rows: list[tuple[int, int]]) -> DayBitmap:
    return day_bits(*columns(rows), FIRST, NUM)


def columns(rows: list[tuple[int, int]]) -> tuple[Integers, Integers]:
    return np.array([row[0] for row in rows], dtype=np.int32), np.array([row[1] for row in rows], dtype=np.int64)


def content(found: DayBitmap) -> set[tuple[int, int]]:
    return {(int(actor), day) for day in range(FIRST - 3, FIRST + 40) for actor in found.actor[found.active(day, day + 1)].tolist()}


@settings(max_examples=200, deadline=None)
@given(rows_of, st.lists(st.integers(0, 3), min_size=60, max_size=60), st.permutations(range(4)), st.sampled_from([0, 3 * 32, 1 << 12]))
def test_any_division_of_the_rows_gives_the_same(rows: list[tuple[int, int]], part: list[int], order: list[int], marked_cells: int) -> None:
    whole = bitmap(rows)
    assert content(whole) == set(rows)
    assert np.all(np.diff(whole.actor) > 0)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_bitmap, "MARKED_CELLS", marked_cells)  # marks for nobody, for three people and all days, for all
        table = DayTable(FIRST, NUM)
        for number in order:
            table.add(*columns([row for row, where in zip(rows, part, strict=False) if where == number]))
            table.bitmap()  # to look at it on the way changes nothing
    assert np.array_equal(table.bitmap().actor, whole.actor)
    assert np.array_equal(table.bitmap().bits, whole.bits)


@settings(max_examples=200, deadline=None)
@given(rows_of, st.lists(st.integers(FIRST - 9, FIRST + NUM + 9), min_size=2, max_size=6, unique=True))
def test_periods_counts_and_first_days(rows: list[tuple[int, int]], edges: list[int]) -> None:
    found, edges = bitmap(rows), sorted(edges)
    days = {actor: {day for who, day in rows if who == actor} for actor in found.actor.tolist()}
    for begin, end, active in zip(edges, edges[1:], found.periods(edges), strict=False):
        expected = [sum(begin <= day < end for day in days[actor]) for actor in found.actor.tolist()]
        assert found.num_days(begin, end).tolist() == expected
        assert active.tolist() == [count > 0 for count in expected]
    assert found.first().tolist() == [min(days[actor]) for actor in found.actor.tolist()]
    wanted = found.of(np.array([1, 3, 99]))
    assert content(wanted) == {row for row in rows if row[0] in (1, 3)}
    assert wanted.first()[2] == NEVER


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(ValueError, match="outside"):
        bitmap([(1, FIRST + NUM)])
    with pytest.raises(ValueError, match="outside"):
        bitmap([(1, FIRST - 1)])
    assert len(bitmap([]).of(np.array([5])).actor) == 1
