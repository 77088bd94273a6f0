"""Early behaviour: partitions, against a slow count, planted and shuffled outcomes, the rule."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from productloop.apps.behaviour._drivers_kernel import activity_strata, associate, best_rule, count_early, merge_early, phi

ROWS = st.lists(st.tuples(st.integers(0, 6), st.integers(-1, 2), st.integers(0, 4), st.integers(1, 3)), min_size=1, max_size=40)


@given(ROWS, st.integers(1, 4))
@settings(max_examples=60)
def test_any_partition_of_people_gives_the_same(rows: list[tuple[int, int, int, int]], parts: int) -> None:
    table = np.array(rows, dtype=np.int64)
    whole = count_early(table[:, 0], table[:, 1], table[:, 2], table[:, 3], (2, 3))
    slices = [table[table[:, 0] % parts == part] for part in range(parts)]
    merged = merge_early([count_early(*part.T, (2, 3)) for part in reversed(slices) if len(part)])
    assert np.array_equal(whole.actor, merged.actor)
    assert np.array_equal(whole.times, merged.times)
    for place, person in enumerate(whole.actor):
        for event in range(2):
            for days in (1, 2, 3):
                slow = sum(times for who, what, day, times in rows if who == person and what == event and day < days)
                assert whole.within(event, days)[place] == slow
    with pytest.raises(ValueError, match="nothing"):
        merge_early([])


def people(seed: int, num: int = 600) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(times (n, 8, 7), days active, a will to stay) of people of whom the active do more of everything."""
    random = np.random.default_rng(seed)
    will = random.random(num)
    times = random.poisson(0.05 + 0.35 * will[:, None, None], size=(num, 8, 7))
    return times, (times.sum(axis=1) > 0).sum(axis=1), will


def test_planted_is_found_and_shuffled_is_not() -> None:
    found, false = 0, 0
    for seed in range(12):
        times, active, will = people(seed)
        random = np.random.default_rng(100 + seed)
        done = times.sum(axis=2)
        stays = random.random(len(will)) < 0.15 + 0.3 * will + 0.25 * (done[:, 2] >= 2)
        flags = [done[:, event] >= 2 for event in range(8)]
        strata = [activity_strata(active)] * 8
        results = associate(flags, stays, strata)
        found += results[2] is not None and results[2].p < 0.05
        shuffled = associate(flags, random.permutation(stays), strata)
        false += any(one is not None and one.p < 0.05 for one in shuffled)
    assert found >= 10
    assert false <= 2


def test_activity_is_taken_out() -> None:
    times, active, _ = people(1, 4_000)
    random = np.random.default_rng(2)
    stays = random.random(len(active)) < 0.1 + 0.1 * active
    flag = times[:, 0].sum(axis=1) > 0
    [crude] = associate([flag], stays, [np.zeros(len(flag), dtype=np.int64)])
    [alike] = associate([flag], stays, [activity_strata(active)])
    assert crude is not None
    assert alike is not None
    assert crude.difference.value > 2 * alike.difference.value


def test_the_rule_is_the_one_that_was_planted() -> None:
    random = np.random.default_rng(3)
    times = random.poisson(0.4, size=(2_000, 3, 7))
    stays = random.random(2_000) < 0.2 + 0.6 * (times[:, 1, :3].sum(axis=1) >= 2)
    early = count_early(
        np.repeat(np.arange(2_000), 21), np.tile(np.repeat(np.arange(3), 7), 2_000), np.tile(np.arange(7), 6_000), times.ravel(), (3, 7)
    )
    assert best_rule(early, stays, np.ones(2_000, dtype=bool), 7) == (1, 2, 3)
    assert best_rule(early, stays, np.zeros(2_000, dtype=bool), 7) is None
    assert phi(np.ones(4, dtype=bool), np.array([True, False, True, False])) == 0.0


def test_too_few_people_are_not_compared() -> None:
    flag = np.arange(100) < 5
    assert associate([flag], np.arange(100) % 2 == 0, [np.zeros(100, dtype=np.int64)]) == [None]
