"""`lifecycle` by the value of a column: the same counts for the people of each value, and who of the period before came again.

"Came again" is returning over returning and dormant in the newest period that is over: a share of people, so it has an interval and can be
compared. Each value is compared with everybody else by the pooled score test, Holm-adjusted over the values.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from productloop.apps.behaviour._bitmap import DayBitmap
from productloop.apps.behaviour._lifecycle import LifecycleResult, LifecycleState, lifecycle
from productloop.apps.behaviour._person_split import Part, PersonValues, judge, parts_of
from productloop.apps.behaviour.lifecycle_types import LifecyclePart
from productloop.foundation.figures import Figure
from productloop.learning.experiments import compare_shares
from productloop.learning.intervals import share_interval
from productloop.loop.action import Run


@dataclass(frozen=True, slots=True)
class Counted:
    """What a lifecycle was counted from: days (A people), births (A,), edges of the periods from the one before on."""

    days: DayBitmap
    born: NDArray[np.int64]
    edges: Sequence[int]
    result: LifecycleResult

    def of(self, inside: NDArray[np.bool_]) -> LifecycleResult:
        """The lifecycle of some of the people."""
        days = DayBitmap(self.days.first_day, self.days.actor[inside], self.days.bits[:, inside])
        return lifecycle(days, self.born[inside], self.edges, self.result.first_period, self.result.running_period)


def split_lifecycle(run: Run, counted: Counted | None, split: PersonValues, last: int | None) -> dict[str, Any]:
    """The fields of the report for its breakdown. `last`: place of the newest period that is over."""
    if counted is None:
        return {"by": run.scope.by}
    people = split.of(counted.days.actor)
    there = counted.days.active(counted.edges[0], counted.edges[-1])
    parts, num_values = parts_of(people, there)
    results = [counted.of(part.inside) for part in parts]
    several = int(np.count_nonzero(people.several & there))
    return {
        "by": run.scope.by,
        "num_values": num_values,
        "split_rule": split.rule,
        "several": run.figure("several", several, "people", "behaviour.d.split_several"),
        "stayed": _stayed(run, "stayed", *came_again(counted.result, last)),
        "parts": () if last is None else _rows(run, counted, parts, results, last),
    }


def came_again(result: LifecycleResult, place: int | None) -> tuple[int, int]:
    """(people of the period before who came again, people of the period before) in a period that is over."""
    if place is None:
        return 0, 0
    here = int(result.num_actors[LifecycleState.RETURNING, place])
    return here, here + int(result.num_actors[LifecycleState.DORMANT, place])


def _rows(run: Run, counted: Counted, parts: list[Part], results: list[LifecycleResult], last: int) -> tuple[LifecyclePart, ...]:
    whole = came_again(counted.result, last)
    hits = [came_again(result, last) for result in results]
    chances = [compare_shares(*one, whole[0] - one[0], whole[1] - one[1]) if 0 < one[1] < whole[1] else None for one in hits]
    sizes = [(people, whole[1] - people) for _, people in hits]
    judged = judge(parts, sizes, [None if one is None else (one.difference.value, one.p) for one in chances])
    num_over = max(counted.result.running_period - counted.result.first_period, 0)
    rows = []
    for place, (part, result) in enumerate(zip(parts, results, strict=True)):
        name = f"part{place}"
        figures = {
            state.name.lower(): run.figure(
                f"{name}_{state.name.lower()}", int(result.num_actors[state, last]), "people", f"behaviour.d.lifecycle_{state.name.lower()}"
            )
            for state in (LifecycleState.NEW, LifecycleState.RESURRECTING, LifecycleState.DORMANT)
        }
        active = result.num_active.tolist()
        rows.append(
            LifecyclePart(
                value=part.label,
                active=run.figure(f"{name}_active", active[last], "people", "behaviour.d.lifecycle_active"),
                stayed=_stayed(run, f"{name}_stayed", *came_again(result, last)),
                judged=judged[place],
                by_period=tuple(float(people) if at < num_over else None for at, people in enumerate(active)),
                **figures,
            )
        )
    return tuple(rows)


def _stayed(run: Run, name: str, hits: int, people: int) -> Figure:
    if not people:
        return run.figure(name, None, "share", "behaviour.d.lifecycle_stayed")
    interval = share_interval(hits, people)
    return run.figure(name, interval.value, "share", "behaviour.d.lifecycle_stayed", n=people, interval=(interval.low, interval.high))
