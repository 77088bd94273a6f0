"""Items that go together: pairs that the same people choose one right after the other more often than chance.

Null hypothesis: what a person chose in a quarter, and when, is as it was, but which item stood at which moment is a draw without regard to
the one before (a permutation of items within each person and quarter). So neither how active people are, nor how popular an item is at a
time, nor what a person likes makes a pair; only what follows what does.

- A sitting is a run of choices of one person without a gap above `WINDOW_MINUTES` (30: the usual inactivity limit of web analytics);
  repeats of one item in a row count once. Choices that stand alone in their sitting carry no order and are left out.
- In a quarter (`PERIOD_DAYS`) in which a person made n choices in sittings, n_i of them item i, with m neighbouring places, one such place
  holds {a, b} with probability 2 n_a n_b / (n^2 - sum n_i^2) (two draws that differ), so at least one of them with about 1 - (1 - that)^m;
  over a person's quarters the probabilities of none multiply.
- The number of people with the pair is then a sum of independent draws with these probabilities (Poisson-binomial). Its upper tail above
  the mean is bounded by the Poisson of the same mean (Hoeffding 1956, Annals of Mathematical Statistics 27), which is the p value here.
- Bonferroni over all pairs tested: both items chosen by at least `MIN_PEOPLE` people in sittings, whatever was seen of the pair.
- Lift = people seen / people expected; its interval is the exact interval of a Poisson count (Garwood 1936) over the expectation.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import gammaincinv, pdtrc

from productloop.foundation.figures import INTERVAL_LEVEL
from productloop.learning.history import History
from productloop.learning.popularity import MICROSECONDS_PER_DAY

WINDOW_MINUTES = 30
PERIOD_DAYS = 91
"""Short enough for what comes and goes, long enough to leave something to shuffle: at 28 days pairs of a small product are missed."""
MIN_PEOPLE = 10
MAX_ITEMS = 2_000
"""Items looked at, the most used first: a square table of doubles, 32 MB."""
LEVEL = 0.002
"""Of the p value after Bonferroni: one false pair in five hundred workspaces."""


Int64 = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Sittings:
    """The choices that have a neighbour, all (rows,), by person and time: `joined[r]` = row r and r + 1 stand in one sitting."""

    actor: Int64
    item: Int64
    period: Int64
    """In which stretch of `PERIOD_DAYS` the sitting began."""
    joined: npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two items (codes, the smaller first) and what was counted; `p_adjusted` is after Bonferroni, at most 1."""

    first: int
    second: int
    people: int
    expected: float
    lift: float
    low: float
    high: float
    p_adjusted: float
    forward: int
    """Times the second came right after the first; `backward`: the other way round."""
    backward: int

    @property
    def sure(self) -> bool:
        """Beyond chance, by enough people."""
        return self.people >= MIN_PEOPLE and self.p_adjusted < LEVEL


@dataclass(frozen=True, slots=True)
class Pairs:
    """The pairs found beyond chance, surest first, and how many were tested."""

    found: tuple[Pair, ...]
    num_tested: int
    num_people: int
    """People with at least two choices in one sitting."""


def pairs_together(history: History) -> Pairs:
    """All pairs of the most used items, tested; see the top of this file."""
    sittings = in_sittings(history)
    if not len(sittings.item):
        return Pairs((), 0, 0)
    kept, columns = _columns(sittings.actor, sittings.item, history.num_items)
    expected, observed, follows = _counts(sittings, columns[sittings.item], len(kept))
    upper = np.triu_indices(len(kept), 1)
    seen, chance = observed[upper], expected[upper]
    num_tested = len(seen)
    hopeful = np.flatnonzero((seen >= MIN_PEOPLE) & (seen > chance))
    p_adjusted = np.minimum(1.0, pdtrc(seen[hopeful] - 1, chance[hopeful]) * num_tested)
    tail = (1 - INTERVAL_LEVEL) / 2
    found = []
    for place, p in zip(hopeful, p_adjusted, strict=True):
        people, mean = int(seen[place]), float(chance[place])
        low, high = gammaincinv(people, tail) / mean, gammaincinv(people + 1, 1 - tail) / mean
        a, b = int(upper[0][place]), int(upper[1][place])
        pair = Pair(
            int(kept[a]),
            int(kept[b]),
            people,
            mean,
            people / mean,
            float(low),
            float(high),
            float(p),
            int(follows[a, b]),
            int(follows[b, a]),
        )
        if pair.sure:
            found.append(pair)
    found.sort(key=lambda pair: (pair.p_adjusted, -pair.low, pair.first, pair.second))
    return Pairs(tuple(found), num_tested, len(np.unique(sittings.actor)))


def in_sittings(history: History) -> Sittings:
    """Cut each person's choices where they paused; see the top of this file."""
    actor, item, time = history.actor_of_row, history.items.astype(np.int64), history.times_us
    close = (actor[1:] == actor[:-1]) & (time[1:] - time[:-1] <= WINDOW_MINUTES * 60_000_000)
    sitting = np.concatenate(([True], ~close))[: len(item)]
    period = time[np.flatnonzero(sitting)][np.cumsum(sitting) - 1] // (PERIOD_DAYS * MICROSECONDS_PER_DAY)
    fresh = sitting | np.concatenate(([True], item[1:] != item[:-1]))[: len(item)]  # a repeat stands where the item already stood
    actor, item, period, number = actor[fresh], item[fresh], period[fresh], np.cumsum(sitting)[fresh]
    joined = np.concatenate((number[1:] == number[:-1], [False]))[: len(item)]
    alone = ~joined & ~np.concatenate(([False], joined[:-1]))[: len(item)]
    return Sittings(actor[~alone], item[~alone], period[~alone], joined[~alone])


def _columns(
    actor: npt.NDArray[np.int64], item: npt.NDArray[np.int64], num_items: int
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """(items kept, column of each item or -1): chosen by `MIN_PEOPLE` people or more, at most `MAX_ITEMS` of them."""
    once = np.unique(actor * num_items + item) % num_items
    people = np.bincount(once, minlength=num_items)
    most = np.argsort(-people, kind="stable")[:MAX_ITEMS]
    kept = np.sort(most[people[most] >= MIN_PEOPLE])
    columns = np.full(num_items, -1, dtype=np.int64)
    columns[kept] = np.arange(len(kept))
    return kept, columns


def _counts(sittings: Sittings, column: Int64, size: int) -> tuple[npt.NDArray[np.float64], Int64, Int64]:
    """(people expected, people seen, times followed), each (size, size); the first two symmetric."""
    actor, joined = sittings.actor, sittings.joined
    starts = np.flatnonzero(np.concatenate(([True], (actor[1:] != actor[:-1]) | (sittings.period[1:] != sittings.period[:-1]))))
    ends = np.append(starts[1:], len(actor))
    expected = np.zeros((size, size))
    of_actor: list[tuple[Int64, npt.NDArray[np.float64]]] = []
    for start, end in zip(starts, ends, strict=True):
        of_actor.append(_log_without(column[start:end], int(joined[start:end].sum())))
        if end == len(actor) or actor[end] != actor[start]:
            own = np.unique(np.concatenate([columns for columns, _ in of_actor]))
            without = np.zeros((len(own), len(own)))
            for columns, logs in of_actor:
                place = np.searchsorted(own, columns)
                without[np.ix_(place, place)] += logs
            expected[np.ix_(own, own)] -= np.expm1(without)
            of_actor = []
    rows = np.flatnonzero(joined)
    before, after, who = column[rows], column[rows + 1], actor[rows]
    both = (before >= 0) & (after >= 0)
    before, after, who = before[both], after[both], who[both]
    follows = np.zeros((size, size), dtype=np.int64)
    np.add.at(follows, (before, after), 1)
    low, high = np.minimum(before, after), np.maximum(before, after)
    once = np.unique((who * size + low) * size + high) % (size * size) if size else np.zeros(0, dtype=np.int64)
    observed = np.bincount(once, minlength=size * size).reshape(size, size)
    return expected, observed + observed.T, follows


def _log_without(column: Int64, num_places: int) -> tuple[Int64, npt.NDArray[np.float64]]:
    """(columns chosen, log of the probability of no neighbouring place with each pair of them) of one person in one period."""
    own, times = np.unique(column, return_counts=True)
    rare = 0
    if own[0] < 0:  # items left out still take places, each counted as one of a kind
        own, times, rare = own[1:], times[1:], int(times[0])
    different = len(column) ** 2 - float((times.astype(np.float64) ** 2).sum()) - rare
    if len(own) < 2 or different <= 0:
        return own, np.zeros((len(own), len(own)))
    one_place = 2.0 * np.outer(times, times) / different
    return own, num_places * np.log1p(-np.minimum(one_place, 1 - 1e-12))
