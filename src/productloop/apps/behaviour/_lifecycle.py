"""Lifecycle: each period's active people as new, returning or resurrecting, and those who fell silent as dormant.

Rule (as read in PostHog's open source lifecycle runner)
- new: active in the period of their first event in the whole store ("born").
- returning: active in the period before as well. resurrecting: active, neither new nor returning.
- dormant: active in the period before and not in this one; counted once, in the first silent period. The running period has none yet:
  who has not come this week may still come.

Two sums always hold: new + returning + resurrecting = active; and active in a period = returning + dormant in the next, if that has ended.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from productloop.apps.behaviour._retention import PeriodEvents, dense, parts_of

CELLS_PER_PART = 1 << 24  # one byte each
NEVER = 1 << 62


class LifecycleState(IntEnum):
    """What an actor is in a period."""

    NEW = 0
    RETURNING = 1
    RESURRECTING = 2
    DORMANT = 3


@dataclass(frozen=True, slots=True)
class LifecycleResult:
    """One row per actor and period within first..last: actor (r,), period (r,), state (r,) of `LifecycleState`.

    `running_period` and all after it are in progress: their counts may still grow and nobody is dormant in them.
    """

    first_period: int
    last_period: int
    running_period: int
    actor: NDArray[np.int64]
    period: NDArray[np.int64]
    state: NDArray[np.int8]

    def num_actors(self, state: LifecycleState) -> NDArray[np.int64]:
        """(last - first + 1,) people in that state per period."""
        periods = self.period[self.state == state] - self.first_period
        return np.bincount(periods, minlength=self.last_period - self.first_period + 1)

    def actors(self, period: int, state: LifecycleState) -> NDArray[np.int64]:
        """The people behind one count, sorted."""
        return np.sort(self.actor[(self.period == period) & (self.state == state)])


def lifecycle(
    events: PeriodEvents, first_period: int, last_period: int, running_period: int, born: PeriodEvents | None = None
) -> LifecycleResult:
    """The states of every actor in the periods first..last.

    `born`: one row per actor with the period of its first event in the whole store. Without it `events` must be the whole history.
    With it `events` may begin at `first_period - 1`. Raises ValueError when an actor of `events` has no row in `born`.
    """
    if last_period < first_period:
        raise ValueError(f"the last period {last_period} is before the first {first_period}")
    span = last_period - first_period + 2
    keep = (events.period >= first_period - 1) & (events.period <= last_period)
    history = events if born is None else born
    seen = events if keep.all() else PeriodEvents(events.actor[keep], events.period[keep])
    seen, history, codes = dense(seen, history)
    pairs = _active_pairs(seen, len(codes), first_period - 1, span)
    who, column = pairs // span, pairs % span
    # Pairs are sorted, so the period before and the one after stand beside a pair, if at all.
    follows = np.zeros(len(pairs), dtype=np.bool_)
    follows[1:] = (pairs[1:] == pairs[:-1] + 1) & (who[1:] == who[:-1])
    is_followed = np.append(follows[1:], False)
    births = _births(history, len(codes)) - first_period + 1
    state = np.where(follows, LifecycleState.RETURNING, LifecycleState.RESURRECTING)
    if np.any(births[who] > span):
        raise ValueError("an actor has no birth period")
    state[births[who] == column] = LifecycleState.NEW
    shown = column > 0
    silent = ~is_followed & (column + 1 < span) & (column + first_period < running_period)
    return LifecycleResult(
        first_period,
        last_period,
        running_period,
        codes[np.concatenate([who[shown], who[silent]])].astype(np.int64),
        np.concatenate([column[shown], column[silent] + 1]) + first_period - 1,
        np.concatenate([state[shown], np.full(np.count_nonzero(silent), LifecycleState.DORMANT)]).astype(np.int8),
    )


def _active_pairs(events: PeriodEvents, num_actors: int, first_period: int, span: int) -> NDArray[np.int64]:
    """The numbers actor * span + (period - first_period), sorted, each once: by marking cells, which costs less than sorting events."""
    actors_per_part = max(1, CELLS_PER_PART // span)
    found = [np.empty(0, dtype=np.int64)]
    for begin, part in zip(range(0, num_actors, actors_per_part), parts_of(events, num_actors, actors_per_part), strict=True):
        marks = np.zeros(min(actors_per_part, num_actors - begin) * span, dtype=np.bool_)
        marks[(part.actor.astype(np.int64) - begin) * span + (part.period - first_period)] = True
        found.append(np.flatnonzero(marks) + begin * span)
    return np.concatenate(found)


def _births(history: PeriodEvents, num_actors: int) -> NDArray[np.int64]:
    """(num_actors,) the earliest period of each actor in `history`; far in the future where there is none."""
    births = np.full(num_actors, NEVER, dtype=np.int64)
    np.minimum.at(births, history.actor, history.period)
    return births
