from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from productloop.apps.behaviour import _periods, _retention
from productloop.apps.behaviour._periods import period_index, period_start, running_period
from productloop.apps.behaviour._retention import PeriodEvents, RetentionDefinition, RetentionResult, merge_retention, retention

HOUR_US = 3_600_000_000
ZONES = [
    "UTC",
    "Asia/Shanghai",
    "America/New_York",
    "Europe/Berlin",
    "Asia/Kolkata",
    "Australia/Lord_Howe",
    "America/Sao_Paulo",
    "Pacific/Apia",
]


def microseconds(*parts: int, zone: str = "UTC") -> int:
    return round(datetime(*parts, tzinfo=ZoneInfo(zone)).timestamp()) * 1_000_000


def of(*rows: tuple[int, int]) -> PeriodEvents:
    return PeriodEvents(np.array([row[0] for row in rows], dtype=np.int64), np.array([row[1] for row in rows], dtype=np.int64))


# --- periods --------------------------------------------------------------------------------------------------------------------------


def plain_period(time_us: int, zone: str, unit: str, week_start: int) -> int:
    day = (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=time_us)).astimezone(ZoneInfo(zone)).date()
    if unit == "month":
        return (day.year - 1970) * 12 + day.month - 1
    if unit == "week":
        begin = day - timedelta(days=(day.weekday() - week_start) % 7)
        epoch = date(1970, 1, 1) - timedelta(days=(3 - week_start) % 7)
        return (begin - epoch).days // 7
    return (day - date(1970, 1, 1)).days


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.datetimes(datetime(1968, 1, 1), datetime(1975, 1, 1)) | st.datetimes(datetime(2009, 1, 1), datetime(2015, 1, 1)),
        min_size=1,
        max_size=20,
    ),
    st.sampled_from([*ZONES, "Africa/Monrovia"]),
    st.sampled_from(["day", "week", "month"]),
    st.integers(0, 6),
)
def test_periods_equal_the_calendar_row_by_row(moments: list[datetime], zone: str, unit: str, week_start: int) -> None:
    # All within some months of the first: an offset is asked for each day between.
    moments = [moments[0] + (moment - moments[0]) / 50 for moment in moments]
    times = [(moment - datetime(1970, 1, 1)) // timedelta(microseconds=1) for moment in moments]
    found = period_index(np.array(times), zone, unit, week_start)  # type: ignore[arg-type]
    assert found.tolist() == [plain_period(time, zone, unit, week_start) for time in times]
    for period, moment in zip(period_start(found, unit, week_start).tolist(), times, strict=True):  # type: ignore[arg-type]
        assert plain_period(moment, zone, unit, week_start) == plain_period(
            microseconds(period.year, period.month, period.day, 12), "UTC", unit, week_start
        )
        assert unit != "week" or period.weekday() == week_start
        assert unit != "month" or period.day == 1


@pytest.mark.parametrize("zone", ZONES)
def test_every_quarter_hour_of_a_year_around_summer_time(zone: str) -> None:
    times = np.arange(microseconds(2023, 12, 31), microseconds(2025, 1, 2), HOUR_US // 4)
    expected = [plain_period(time, zone, "day", 0) for time in times[::3].tolist()]
    assert period_index(times, zone, "day")[::3].tolist() == expected
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_periods, "MAX_QUARTERS", 0)
        assert np.array_equal(period_index(times[::5], zone, "day"), period_index(times, zone, "day")[::5])


def test_a_day_east_of_utc_begins_at_local_midnight() -> None:
    times = np.array([microseconds(2026, 3, 1, 23, 59, 59, zone="Asia/Shanghai"), microseconds(2026, 3, 2, zone="Asia/Shanghai")])
    days = period_index(times, "Asia/Shanghai", "day")
    assert period_start(days, "day").tolist() == [date(2026, 3, 1), date(2026, 3, 2)]
    assert np.diff(period_index(times, "Asia/Shanghai", "week", 0)).tolist() == [1]  # 2 March 2026 is a Monday
    assert np.diff(period_index(times, "Asia/Shanghai", "week", 6)).tolist() == [0]
    assert period_index(times, "UTC", "day")[0] == period_index(times, "UTC", "day")[1]


def test_the_running_period_is_over_only_after_its_last_instant() -> None:
    end = microseconds(2026, 3, 2)
    assert running_period(end - 1, "UTC", "day") == running_period(end - 2, "UTC", "day") + 1


def test_wrong_periods_are_refused() -> None:
    now = np.array([0])
    with pytest.raises(ValueError, match="unit"):
        period_index(now, "UTC", "year")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="week_start"):
        period_index(now, "UTC", "week", 7)
    with pytest.raises(ValueError, match="years 1 to 9999"):
        period_index(np.array([10**18]), "UTC", "day")
    with pytest.raises(ZoneInfoNotFoundError):
        period_index(now, "Mars/Base", "day")
    assert len(period_index(np.empty(0, dtype=np.int64), "UTC", "day")) == 0


# --- retention ------------------------------------------------------------------------------------------------------------------------


def test_midnight_counts_in_calendar_days() -> None:
    # Started 23:45, back 00:01: retained on day 1 of the calendar.
    times = np.array([microseconds(2026, 1, 5, 23, 45), microseconds(2026, 1, 6, 0, 1)])
    days = period_index(times, "UTC", "day")
    result = retention(of((1, days[0])), of((1, days[1])), RetentionDefinition(int(days[0]), 1, 1, int(days[0]) + 5))
    assert result.num_retained.tolist() == [[1, 1]]


def test_first_and_recurring_cohorts() -> None:
    start = of((1, 0), (1, 2), (2, 1), (3, -5), (3, 1))
    back = of((1, 1), (1, 3), (2, 1), (3, 2))
    first = retention(start, back, RetentionDefinition(0, 3, 2, 10))
    # Actor 3 started before the first cohort, so it is in none; a return in the cohort's own period is not needed nor used.
    assert first.num_retained.tolist() == [[1, 1, 0], [1, 0, 0], [0, 0, 0]]
    recurring = retention(start, back, RetentionDefinition(0, 3, 2, 10, cohorts="recurring"))
    assert recurring.num_retained.tolist() == [[1, 1, 0], [2, 1, 0], [1, 1, 0]]


def test_on_or_after_looks_beyond_the_shown_periods() -> None:
    rule = RetentionDefinition(0, 1, 2, 10, rule="on_or_after")
    assert retention(of((1, 0), (2, 0)), of((1, 9), (2, 1)), rule).num_retained.tolist() == [[2, 2, 1]]


def test_minimum_occurrences() -> None:
    start, back = of((1, 0), (2, 0)), of((1, 1), (1, 1), (2, 1), (2, 2))
    assert retention(start, back, RetentionDefinition(0, 1, 2, 9, min_occurrences=2)).num_retained.tolist() == [[2, 1, 0]]
    anyway = RetentionDefinition(0, 1, 2, 9, rule="on_or_after", min_occurrences=2)
    assert retention(start, back, anyway).num_retained.tolist() == [[2, 2, 0]]


def test_unfinished_cells_are_unknown_and_outside_the_mean() -> None:
    start = of((1, 0), (2, 0), (3, 1), (4, 1), (5, 1), (6, 1))
    result = retention(start, of((1, 1), (3, 2), (4, 2), (5, 2)), RetentionDefinition(0, 2, 2, 2))
    share = result.share()
    assert result.finished.tolist() == [[True, True, False], [True, False, False]]
    assert np.array_equal(share, [[1, 0.5, np.nan], [1, np.nan, np.nan]], equal_nan=True)
    assert np.array_equal(result.weighted_mean(), [1, 0.5, np.nan], equal_nan=True)
    later = retention(start, of((1, 1), (3, 2), (4, 2), (5, 2)), RetentionDefinition(0, 2, 2, 9))
    assert later.weighted_mean().tolist() == [1.0, (1 + 3) / 6, 0.0]
    assert [part.tolist() for part in later.pooled()] == [[6, 4, 0], [6, 6, 6]]


def test_empty_and_wrong_retention() -> None:
    result = retention(of(), of(), RetentionDefinition(0, 2, 1, 5))
    assert result.num_retained.tolist() == [[0, 0], [0, 0]]
    assert np.isnan(result.share()).all()
    with pytest.raises(ValueError, match="at least 1"):
        RetentionDefinition(0, 0, 1, 5)
    with pytest.raises(ValueError, match="unknown"):
        RetentionDefinition(0, 1, 1, 5, rule="before")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="same length"):
        PeriodEvents(np.zeros(1, int), np.zeros(2, int))
    with pytest.raises(ValueError, match="cannot be merged"):
        merge_retention([result, retention(of(), of(), RetentionDefinition(0, 2, 1, 1))])


def plain_retention(start: list[tuple[int, int]], back: list[tuple[int, int]], rule: RetentionDefinition) -> list[list[int]]:
    table = []
    for cohort in range(rule.first_cohort, rule.first_cohort + rule.num_cohorts):
        actors = {who for who, period in start if period == cohort}
        if rule.cohorts == "first":
            actors = {who for who in actors if min(period for other, period in start if other == who) == cohort}
        row = [len(actors)]
        for offset in range(1, rule.num_periods + 1):
            wanted = cohort + offset
            counts = [
                sum(other == who and (period == wanted or (rule.rule == "on_or_after" and period > wanted)) for other, period in back)
                for who in actors
            ]
            row.append(sum(count >= rule.min_occurrences for count in counts))
        table.append(row)
    return table


pairs = st.lists(st.tuples(st.integers(0, 5), st.integers(-3, 9)), max_size=40)


@settings(max_examples=400, deadline=None)
@given(
    pairs, pairs, st.integers(-2, 3), st.integers(1, 4), st.integers(0, 5), st.sampled_from(["first", "recurring"]),
    st.sampled_from(["on", "on_or_after"]), st.integers(1, 2), st.sampled_from([1, 2, 1 << 20]), st.booleans(), st.booleans(), st.booleans(),
)  # fmt: skip
def test_retention_equals_counting_people(start, back, first, cohorts, periods, kind, rule, least, part, spread, narrow, same) -> None:  # type: ignore[no-untyped-def]
    definition = RetentionDefinition(first, cohorts, periods, 5, kind, rule, least)
    begun, returned = of(*start), of(*back)
    if spread:  # codes too far apart to be used as they are
        begun, returned = (PeriodEvents(events.actor * 10**12 - 10**12, events.period) for events in (begun, returned))
    elif narrow:  # the smallest type that holds them
        begun, returned = (PeriodEvents(events.actor.astype(np.uint8), events.period) for events in (begun, returned))
    if same:
        back, returned = start, begun
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_retention, "EVENTS_PER_PART", part)
        result = retention(begun, returned, definition)
    assert result.num_retained.tolist() == plain_retention(start, back, definition)
    halves: list[RetentionResult] = []
    for odd in (0, 1):
        sides = [
            PeriodEvents(events.actor[events.actor % 2 == odd], events.period[events.actor % 2 == odd]) for events in (begun, returned)
        ]
        halves.append(retention(*sides, definition))
    assert np.array_equal(merge_retention(halves).num_retained, result.num_retained)
