"""Lifecycle: each period's active people as new, returning or resurrecting, and those who fell silent as dormant.

Rule (as read in PostHog's open source lifecycle runner)
- new: active in the period of their first event in the whole store ("born").
- returning: active in the period before as well. resurrecting: active, neither new nor returning.
- dormant: active in the period before and not in this one; counted once, in the first silent period. The running period has none yet:
  who has not come this week may still come.

Two sums always hold: new + returning + resurrecting = active; and active in a period = returning + dormant in the next, if that has ended.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from productloop.apps.behaviour._bitmap import DayBitmap


class LifecycleState(IntEnum):
    """What an actor is in a period."""

    NEW = 0
    RETURNING = 1
    RESURRECTING = 2
    DORMANT = 3


@dataclass(frozen=True, slots=True)
class LifecycleResult:
    """`num_actors` (4, P): people in each `LifecycleState` in the P periods from `first_period` on.

    `running_period` and all after it are in progress: their counts may still grow and nobody is dormant in them.
    """

    first_period: int
    running_period: int
    num_actors: NDArray[np.int64]

    @property
    def num_active(self) -> NDArray[np.int64]:
        """(P,) people who were there."""
        return np.asarray(self.num_actors[: LifecycleState.DORMANT].sum(axis=0))


def states_in(days: DayBitmap, born: NDArray[np.int64], edges: Sequence[int]) -> NDArray[np.bool_]:
    """(4, A) flags of the actors in the period [edges[1], edges[2]) of days, after the period [edges[0], edges[1]).

    `born` (A,): local day of each actor's first event in the whole store.
    """
    before, here = days.active(edges[0], edges[1]), days.active(edges[1], edges[2])
    new = here & (born >= edges[1]) & (born < edges[2])
    returning = here & before & ~new
    return np.stack([new, returning, here & ~new & ~returning, before & ~here])


def lifecycle(days: DayBitmap, born: NDArray[np.int64], edges: Sequence[int], first_period: int, running_period: int) -> LifecycleResult:
    """People by state in every period from `first_period` on.

    `edges`: local days on which the periods from `first_period - 1` on begin, and the day after the last. Raises ValueError for fewer
    than two periods, or where an actor is active before it was born.
    """
    if len(edges) < 3 or len(born) != len(days.actor):
        raise ValueError("a lifecycle needs the period before and a birth for each actor")
    if np.any(days.first() < born):
        raise ValueError("an actor is active before its birth")
    counts = [np.count_nonzero(states_in(days, born, edges[place : place + 3]), axis=1) for place in range(len(edges) - 2)]
    num_actors = np.array(counts, dtype=np.int64).T
    num_actors[LifecycleState.DORMANT, max(running_period - first_period, 0) :] = 0
    return LifecycleResult(first_period, running_period, num_actors)


def merge_lifecycle(results: Sequence[LifecycleResult]) -> LifecycleResult:
    """The lifecycles of disjoint partitions of actors put together. Raises ValueError for none, or when the periods differ."""
    if not results:
        raise ValueError("nothing to merge")
    first = results[0]
    spans = {(result.first_period, result.running_period, result.num_actors.shape) for result in results}
    if len(spans) > 1:
        raise ValueError("lifecycles of other periods cannot be merged")
    return LifecycleResult(first.first_period, first.running_period, np.sum([result.num_actors for result in results], axis=0))
