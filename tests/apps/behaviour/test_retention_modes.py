"""Brackets, rolling clocks, sums and days: the kernels against counting people one by one, and any partition of the people."""

from __future__ import annotations

import math

import numpy as np
import pytest
from day_rows import day_bits
from hypothesis import given, settings
from hypothesis import strategies as st

from productloop.apps.behaviour import _retention
from productloop.apps.behaviour._bitmap import DayBitmap
from productloop.apps.behaviour._retention import (
    PeriodEvents,
    RetentionDefinition,
    RetentionResult,
    merge_retention,
    retention,
    retention_of_days,
)
from productloop.apps.behaviour._rolling import TimedEvents, rolling_retention

Row = tuple[int, int, float]
"""Actor, time (an hour), value."""
rows_of = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 79), st.sampled_from([0.0, 1.0, 2.5, math.nan])), max_size=30)
DAY = 8
"""Hours of a day here, so that few draws meet often."""


def timed(rows: list[Row], valued: bool) -> TimedEvents:
    actor, time = (np.array([row[side] for row in rows], dtype=np.int64) for side in (0, 1))
    value = np.array([row[2] for row in rows]) if valued else None
    return TimedEvents(actor, time, time // DAY, value)


def days_of(rows: list[Row]) -> DayBitmap:
    return day_bits(np.array([row[0] for row in rows], dtype=np.int64), np.array([row[1] // DAY for row in rows], dtype=np.int64), 0, 10)


def plain(start: list[Row], back: list[Row], rule: RetentionDefinition, rolling: bool) -> tuple[list[list[int]], list[list[float]]]:
    """(people, sums) by cohort and column, person by person."""
    people, sums = [], []
    for cohort in range(rule.first_cohort, rule.first_cohort + rule.num_cohorts):
        begun: dict[int, int] = {}
        for who, time, _ in sorted(start, key=lambda row: row[1]):
            earliest = min(other[1] for other in start if other[0] == who)
            if time // DAY == cohort and (rule.cohorts == "recurring" or earliest // DAY == cohort):
                begun.setdefault(who, time)
        row, total = [len(begun)], []
        for first, last in ((0, 0), *rule.spans):
            found: dict[int, list[float]] = {who: [] for who in begun}
            for who, time, value in back:
                if who in begun and (time >= begun[who] or not rolling):
                    since = (time - begun[who]) // DAY if rolling else time // DAY - cohort
                    if since >= first and (since <= last or (rule.rule == "on_or_after" and first > 0)):
                        found[who].append(value)
            if first > 0:
                row.append(sum(len(values) >= rule.min_occurrences for values in found.values()))
            total.append(sum(value for values in found.values() for value in values if not math.isnan(value)))
        people.append(row)
        sums.append(total)
    return people, sums


definitions = st.builds(
    lambda first, cohorts, brackets, kind, rule, least: RetentionDefinition(
        first, cohorts, sum(brackets), 99, kind, rule, least, brackets=tuple(brackets)
    ),
    st.integers(0, 4),
    st.integers(1, 4),
    st.lists(st.integers(1, 3), min_size=1, max_size=3),
    st.sampled_from(["first", "recurring"]),
    st.sampled_from(["on", "on_or_after"]),
    st.integers(1, 2),
)


def rolled(start: TimedEvents, back: TimedEvents, rule: RetentionDefinition) -> RetentionResult:
    ends = [(rule.first_cohort + place + 1) * DAY for place in range(rule.num_cohorts)]
    return rolling_retention(start, back, rule, DAY, ends, 80)


@settings(max_examples=120, deadline=None)
@given(rows_of, rows_of, definitions, st.booleans(), st.booleans())
def test_cells_equal_counting_people(start: list[Row], back: list[Row], rule: RetentionDefinition, rolling: bool, valued: bool) -> None:
    def found(some: set[int]) -> RetentionResult:
        begun, returned = (timed([row for row in rows if row[0] in some], value) for rows, value in ((start, False), (back, valued)))
        return rolled(begun, returned, rule) if rolling else retention(begun.by_period, returned.by_period, rule)

    people, sums = plain(start, back, rule, rolling)
    whole = found(set(range(6)))
    assert whole.num_retained.tolist() == people
    if valued:
        assert whole.total is not None
        assert whole.total == pytest.approx(np.array(sums))
    divided = merge_retention([found({0, 3}), found({1}), found({2, 4, 5})])
    assert np.array_equal(divided.num_retained, whole.num_retained)
    assert np.array_equal(divided.finished, whole.finished)


@settings(max_examples=200, deadline=None)
@given(rows_of, rows_of, definitions, st.booleans(), st.sampled_from([1, 2, 1 << 18]))
def test_days_give_the_same_as_events(start: list[Row], back: list[Row], rule: RetentionDefinition, same: bool, part: int) -> None:
    rule = RetentionDefinition(rule.first_cohort, rule.num_cohorts, rule.num_periods, 99, rule.cohorts, rule.rule, 1, rule.brackets)
    edges = list(range(rule.first_cohort, rule.first_cohort + rule.num_cohorts + rule.num_periods + 1))
    first = days_of(start)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_retention, "ACTORS_PER_PART", part)
        found = retention_of_days(first, first if same else days_of(back), edges, rule)
    events = timed(start, False).by_period
    assert np.array_equal(found.num_retained, retention(events, events if same else timed(back, False).by_period, rule).num_retained)


def test_a_quarter_past_midnight_is_day_one_of_the_calendar_only() -> None:
    hour = 3_600_000_000
    start = TimedEvents(np.array([1]), np.array([23 * hour + 45 * hour // 60]), np.array([0]))
    back = TimedEvents(np.array([1, 1]), np.array([24 * hour + hour // 60, 48 * hour]), np.array([1, 2]))
    rule = RetentionDefinition(0, 1, 2, 9)
    assert retention(start.by_period, back.by_period, rule).num_retained.tolist() == [[1, 1, 1]]
    rolling = rolling_retention(start, back, rule, 24 * hour, [24 * hour], 30 * 24 * hour)
    assert rolling.num_retained.tolist() == [[1, 1, 0]]
    near = TimedEvents(np.array([1]), np.array([24 * hour + hour // 60]), np.array([1]))
    assert rolling_retention(start, near, rule, 24 * hour, [24 * hour], 30 * 24 * hour).num_retained.tolist() == [[1, 0, 0]]


def test_a_rolling_cell_is_finished_when_the_last_to_start_had_it_whole() -> None:
    start = timed([(1, 0, 0.0), (2, 9, 0.0)], False)
    found = rolling_retention(start, start, RetentionDefinition(0, 2, 2, 99), DAY, [8, 16], 32)
    assert found.finished.tolist() == [[True, True, True], [True, True, False]]


def test_simple_mean_counts_each_group_once() -> None:
    size = np.array([[10, 5], [2, 2], [0, 0]])
    result = RetentionResult(np.arange(3), size, np.ones((3, 2), dtype=np.bool_))
    assert result.simple_mean().tolist() == [1.0, 0.75]
    assert result.weighted_mean().tolist() == [1.0, 7 / 12]
    assert result.shown().cohort.tolist() == [0, 1]


def test_wrong_brackets_and_days_are_refused() -> None:
    with pytest.raises(ValueError, match="brackets"):
        RetentionDefinition(0, 1, 3, 9, brackets=(1, 1))
    days = days_of([(1, 1, 0.0)])
    with pytest.raises(ValueError, match="days can neither"):
        retention_of_days(days, days, [0, 1], RetentionDefinition(0, 1, 1, 9, min_occurrences=2))
    with pytest.raises(ValueError, match="same length"):
        PeriodEvents(np.zeros(1, int), np.zeros(1, int), np.zeros(2))
