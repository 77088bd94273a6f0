"""The revenue kernel against a slow reference, its identity, any partition, and the lengths of periods."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from productloop.apps.behaviour._revenue_kernel import (
    DAYS_PER_MONTH,
    Coverage,
    Subscriptions,
    cover,
    merge,
    movements,
    retention,
    usual_days,
)

NOBODY = (np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64))
MONTH_ENDS = np.array([30, 58, 89, 119, 150, 180])
order = st.tuples(
    st.integers(0, 4), st.integers(0, 170), st.sampled_from([500, 900, 1500]), st.integers(0, 2), st.sampled_from([0, 30, 91, 365])
)


def subscriptions(rows: list[tuple[int, int, int, int, int]]) -> Subscriptions:
    """(person, day, amount, plan, days of the period; 0 = not given)."""
    table = np.array(rows, dtype=np.int64).reshape(-1, 5)
    given_period = table[:, 4] > 0
    start, end = np.where(given_period, table[:, 1], -1), np.where(given_period, table[:, 1] + table[:, 4], -1)
    return Subscriptions(table[:, 0], table[:, 1], table[:, 2].astype(np.float64), table[:, 3], start, end)


def dense(coverage: Coverage) -> NDArray[np.int64]:
    return np.asarray(coverage.actor)


def slow(coverage: Coverage) -> list[dict[str, float]]:
    """Account by account and month by month."""
    months = [dict.fromkeys(("mrr", "new", "reactivated", "expansion", "contraction", "lost"), 0.0) for _ in MONTH_ENDS]
    for person in set(coverage.actor.tolist()):
        own = [row for row in zip(coverage.actor, coverage.start, coverage.end, coverage.monthly, strict=True) if row[0] == person]
        paid = [sum(monthly for _, start, end, monthly in own if start <= day < end) for day in MONTH_ENDS]
        for month, now in enumerate(paid):
            months[month]["mrr"] += now
            if month == 0:
                continue
            before = paid[month - 1]
            if before == 0 and now > 0:
                known = any(start <= MONTH_ENDS[month - 1] for _, start, _, _ in own)
                months[month]["reactivated" if known else "new"] += now
            elif before > 0 and now == 0:
                months[month]["lost"] += before
            elif now > before:
                months[month]["expansion"] += now - before
            else:
                months[month]["contraction"] += before - now
    return months


@settings(max_examples=60)
@given(st.lists(order, max_size=25))
def test_movements_are_those_of_the_slow_reference_and_add_up(rows: list[tuple[int, int, int, int, int]]) -> None:
    coverage, _ = cover(subscriptions(rows), NOBODY)
    found = movements(coverage, dense(coverage), MONTH_ENDS)
    for month, expected in enumerate(slow(coverage)):
        for name, value in expected.items():
            assert getattr(found, name)[month] == pytest.approx(value, abs=1e-6), (month, name)
    moved = found.new + found.reactivated + found.expansion - found.contraction - found.lost
    np.testing.assert_allclose(found.mrr[1:], found.mrr[:-1] + moved[1:], atol=1e-6)


@settings(max_examples=30)
@given(st.lists(order, min_size=1, max_size=25), st.integers(1, 4))
def test_any_partition_of_people_gives_the_same(rows: list[tuple[int, int, int, int, int]], parts: int) -> None:
    rows = [(*row[:4], row[4] or 30) for row in rows]  # inferred lengths look at all orders of a plan
    coverage, _ = cover(subscriptions(rows), NOBODY)
    whole = movements(coverage, dense(coverage), MONTH_ENDS)
    split = []
    for part in range(parts):
        own = [row for row in rows if row[0] % parts == part]
        piece, _ = cover(subscriptions(own), NOBODY)
        split.append(movements(piece, dense(piece), MONTH_ENDS))
    merged = merge(split)
    for name in ("mrr", "new", "reactivated", "expansion", "contraction", "lost", "num_accounts"):
        np.testing.assert_allclose(getattr(merged, name), getattr(whole, name), atol=1e-6)


@settings(max_examples=40)
@given(st.lists(order, min_size=1, max_size=25))
def test_a_person_is_covered_once(rows: list[tuple[int, int, int, int, int]]) -> None:
    coverage, num_inferred = cover(subscriptions(rows), NOBODY)
    assert (coverage.end >= coverage.start).all()
    same = coverage.actor[1:] == coverage.actor[:-1]
    assert (coverage.end[:-1] <= coverage.start[1:])[same].all()
    assert num_inferred <= len(coverage.actor)


def test_lengths_are_found_in_gaps() -> None:
    rows = [(0, 30 * month, 900, 0, 0) for month in range(5)] + [(1, 365 * year, 9000, 0, 0) for year in range(4)]
    coverage, num_inferred = cover(subscriptions(rows), NOBODY)
    assert num_inferred == 9
    assert coverage.monthly[0] == pytest.approx(900)
    assert coverage.monthly[-1] == pytest.approx(750)
    np.testing.assert_allclose(
        usual_days(np.array([28, 31, 90, 364, 7, 47])), np.array([1, 1, 3, 12, 7 / DAYS_PER_MONTH, 47 / DAYS_PER_MONTH]) * DAYS_PER_MONTH
    )


def test_a_late_renewal_is_no_loss_and_a_cancellation_ends_at_once() -> None:
    late, _ = cover(subscriptions([(0, 0, 900, 0, 30), (0, 35, 900, 0, 30)]), NOBODY)
    assert late.end.tolist() == [35, 65]
    long, _ = cover(subscriptions([(0, 0, 900, 0, 30), (0, 45, 900, 0, 30)]), NOBODY)
    assert long.end.tolist() == [30, 75]
    waits, _ = cover(subscriptions([(0, 0, 900, 0, 0)]), NOBODY)
    stops, _ = cover(subscriptions([(0, 0, 900, 0, 0)]), (np.array([0]), np.array([12])))
    assert waits.end[0] == stops.end[0] + 7


def test_an_upgrade_replaces_the_plan() -> None:
    coverage, _ = cover(subscriptions([(0, 0, 900, 0, 30), (0, 10, 1500, 1, 30), (1, 0, 500, 0, 30), (1, 0, 300, 2, 30)]), NOBODY)
    assert coverage.end.tolist() == [10, 40, 30]
    assert coverage.monthly[2] == pytest.approx(800)
    assert coverage.plan[2] == 0


def test_retention_shares() -> None:
    before, now = np.array([100.0, 100.0, 100.0, 0.0]), np.array([150.0, 50.0, 0.0, 500.0])
    net, gross = retention(before, now, gross=False), retention(before, now, gross=True)
    assert net.value == pytest.approx(200 / 300)
    assert gross.value == pytest.approx(150 / 300)
    assert net.low < net.value < net.high
    assert 0 <= gross.low < gross.high <= 1
    assert np.isnan(retention(np.zeros(2), now[:2], gross=True).value)
