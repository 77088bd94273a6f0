"""Person-weeks: partitions, against a slow count, a planted cost, none where more use is all there is."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from productloop.apps.behaviour._performance_kernel import PersonWeeks, cost_of, merge_person_weeks, person_weeks

ROWS = st.lists(
    st.tuples(st.integers(0, 5), st.integers(0, 27), st.booleans(), st.booleans(), st.booleans(), st.booleans()), min_size=1, max_size=40
)
FLAGS = ("timed", "fault", "slow", "goal")


def of(table: np.ndarray) -> PersonWeeks:
    return person_weeks(table[:, 0], table[:, 1] // 7, table[:, 1], {name: table[:, 2 + k].astype(bool) for k, name in enumerate(FLAGS)})


@given(ROWS, st.integers(1, 4))
@settings(max_examples=60)
def test_any_partition_and_a_slow_count(rows: list[tuple[int, ...]], parts: int) -> None:
    table = np.array(rows, dtype=np.int64)
    whole = of(table)
    merged = merge_person_weeks([of(table[table[:, 0] % parts == part]) for part in reversed(range(parts))])
    for name in ("actor", "week", "events", "days", "timed", "faults", "slow", "goals"):
        assert np.array_equal(getattr(whole, name), getattr(merged, name)), name
    for place, (actor, week) in enumerate(zip(whole.actor, whole.week, strict=True)):
        mine = [row for row in rows if row[0] == actor and row[1] // 7 == week]
        assert whole.faults[place] == sum(row[3] for row in mine)
        assert whole.goals[place] == sum(row[5] for row in mine)
        assert whole.events[place] == sum(not row[3] for row in mine)
        assert whole.days[place] == len({row[1] for row in mine if not row[3]})


def lives(cost: float, seed: int) -> PersonWeeks:
    """400 people over 8 weeks: the busy meet more faults and come back more; a fault takes `cost` off their coming back."""
    random = np.random.default_rng(seed)
    rows = []
    for person in range(400):
        busy = random.random()
        for week in range(8):
            events = 1 + random.poisson(8 * busy)
            met = random.random() < 0.05 + 0.4 * busy
            rows.append((person, week, events, min(7, events), events, int(met), 0, int(random.random() < 0.3)))
            if random.random() > 0.75 + 0.2 * busy - cost * met:
                break
    return PersonWeeks(*np.array(rows, dtype=np.int64).T)


def test_a_planted_cost_is_found_and_none_is_not() -> None:
    found, false, values = 0, 0, []
    for seed in range(10):
        for cost in (0.15, 0.0):
            rows = lives(cost, seed)
            result = cost_of(rows, rows.faults > 0, np.ones(len(rows.actor), dtype=bool), "retention", 8)
            assert result is not None
            if cost:
                found += result.p < 0.05 and result.difference.high < 0
                values.append(result.difference.value)
            else:
                false += result.p < 0.05
    assert found == 10
    assert false <= 2
    assert np.mean(values) == pytest.approx(-0.15, abs=0.03)


def test_unfinished_weeks_and_few_people() -> None:
    rows = lives(0.1, 0)
    everybody = np.ones(len(rows.actor), dtype=bool)
    short = cost_of(rows, rows.faults > 0, everybody, "retention", 1)
    assert short is not None
    assert short.met[1] == int((rows.faults[rows.week == 0] > 0).sum())
    assert cost_of(rows, rows.actor < 5, everybody, "retention", 8) is None
    with pytest.raises(ValueError, match="nothing"):
        merge_person_weeks([])
