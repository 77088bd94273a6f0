"""Items that go together: found where planted, silent where not, and the expectation is what shuffling gives."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from productloop.apps.recommend import _pairs, report
from productloop.apps.recommend._pairs import MIN_PEOPLE, in_sittings, pairs_together
from productloop.learning.history import History, build_history
from productloop.loop.simulation import Simulated, simulate

MINUTE = 60_000_000


def history_of(simulated: Simulated) -> tuple[History, np.ndarray]:
    """Histories of the simulated startup and its item ids in code order."""
    events = simulated.events
    chosen = np.array([item is not None for item in events["item"]])
    names, items = np.unique(events["item"][chosen].astype(str), return_inverse=True)
    _, actors = np.unique(events["actor"][chosen].astype(str), return_inverse=True)
    return build_history(actors, items, events["time"][chosen], events["sequence"][chosen]), names


@pytest.mark.parametrize("seed", [51, 52, 53])
def test_planted_pairs_are_found_and_nothing_else(seed: int) -> None:
    simulated = simulate(seed)
    history, names = history_of(simulated)
    found = {frozenset((str(names[pair.first]), str(names[pair.second]))) for pair in pairs_together(history).found}
    assert found == {frozenset(pair) for pair in simulated.truths["paired_items"]["pairs"]}


@pytest.mark.parametrize("seed", [51, 52, 53])
def test_without_planted_pairs_nothing_is_found(seed: int) -> None:
    pairs = pairs_together(history_of(simulate(seed, 1.0, frozenset()))[0])
    assert pairs.num_tested == 40 * 39 // 2
    assert pairs.found == ()


def drawn(seed: int, popularity: np.ndarray, num_people: int = 150) -> History:
    """Very different numbers of sittings of three choices each, every choice on its own; the popularity is that of the sitting's quarter."""
    generator = np.random.default_rng(seed)
    actors, items, times = [], [], []
    for person in range(num_people):
        for sitting in range(1 + generator.geometric(0.1)):
            day = int(generator.integers(0, 91 * len(popularity)))
            for step in range(3):
                actors.append(person)
                items.append(generator.choice(popularity.shape[1], p=popularity[day // 91]))
                times.append((day * 1440 + sitting * 40 + step) * MINUTE)
    return build_history(actors, items, times, np.arange(len(items)))


def test_popular_items_active_people_and_seasons_make_no_pair() -> None:
    skewed = np.arange(1, 21) ** -1.0
    flat = np.r_[np.full(4, 8.0), np.ones(16)]  # four items that everybody uses in one quarter only
    popularity = np.array([skewed / skewed.sum(), flat / flat.sum(), skewed[::-1] / skewed.sum()])
    for seed in range(3):
        assert pairs_together(drawn(seed, popularity)).found == ()


def test_expected_people_are_what_shuffling_within_people_gives() -> None:
    share = np.arange(1, 9) ** -0.7
    history = drawn(1, np.array([share / share.sum()]), 60)
    sittings = in_sittings(history)
    kept, columns = _pairs._columns(sittings.actor, sittings.item, history.num_items)
    expected, _, _ = _pairs._counts(sittings, columns[sittings.item], len(kept))
    generator = np.random.default_rng(5)
    total = np.zeros_like(expected)
    rows = np.flatnonzero(sittings.joined)
    for _ in range(300):
        order = np.lexsort((generator.random(len(sittings.item)), sittings.actor))
        item = columns[sittings.item[order]]
        low, high = np.minimum(item[rows], item[rows + 1]), np.maximum(item[rows], item[rows + 1])
        once = np.unique((sittings.actor[rows] * len(kept) + low) * len(kept) + high) % len(kept) ** 2
        total += np.bincount(once, minlength=len(kept) ** 2).reshape(len(kept), len(kept))
    upper = np.triu_indices(len(kept), 1)
    # shuffling may put two of an item side by side, where the sittings have none: the expectation is a little above it, never below
    ratio = expected[upper] / (total[upper] / 300)
    assert ratio.min() > 0.98
    assert ratio.max() < 1.35
    assert 1.0 <= ratio.mean() < 1.2


def test_fewer_than_ten_people_are_no_pair() -> None:
    rows = [
        (person, 1000 * person + 100 * (choice // 2) + choice, item)
        for person in range(MIN_PEOPLE - 1)
        for choice, item in enumerate((0, 1, 2, 3, 4, 5))
    ]
    actors, times, items = np.array(rows).T
    assert pairs_together(build_history(actors, items, times * MINUTE, np.arange(len(rows)))).found == ()


def test_nothing_gives_nothing() -> None:
    empty = build_history([], [], [], [], num_actors=0, num_items=0)
    assert pairs_together(empty).num_tested == 0
    assert pairs_together(build_history([0], [0], [0], [0])).found == ()


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 4), st.integers(0, 300)), max_size=40))
def test_sittings_hold_no_gap_no_repeat_and_nobody_alone(rows: list[tuple[int, int, int]]) -> None:
    actors, items, minutes = (
        (np.array(column, dtype=np.int64) for column in zip(*rows, strict=True)) if rows else (np.zeros(0, dtype=np.int64),) * 3
    )
    sittings = in_sittings(build_history(actors, items, minutes * MINUTE, np.arange(len(rows)), num_actors=4, num_items=5))
    assert len(sittings.actor) == len(sittings.item) == len(sittings.period) == len(sittings.joined) <= len(rows)
    joined = np.flatnonzero(sittings.joined)
    assert (sittings.actor[joined] == sittings.actor[joined + 1]).all()
    assert (sittings.item[joined] != sittings.item[joined + 1]).all()
    assert (sittings.period[joined] == sittings.period[joined + 1]).all()
    linked = sittings.joined.copy()
    linked[joined + 1] = True
    assert linked.all()


def test_the_page_says_the_numbers_the_method_uses() -> None:
    assert (report.WINDOW_MINUTES, report.PAIR_PEOPLE, report.PAIR_LEVEL) == (_pairs.WINDOW_MINUTES, _pairs.MIN_PEOPLE, _pairs.LEVEL)
