"""A funnel split by a column: whose value counts, and the funnel of each value.

- first: one value per actor, that of their first step-1 event in the range;  last: that of their last step event in the range and window.
- all: the funnel of each value on only the events that carry it; a person may be in several.
- step: the funnel of each value in which that step's event must carry it; who did not get to that step is in none.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from productloop.apps.behaviour._funnel import FunnelResult, StepEvents
from productloop.apps.behaviour._funnel_kernels import FunnelDefinition, firsts
from productloop.apps.behaviour._funnel_plan import FunnelEvents, value_codes
from productloop.apps.behaviour._leaks import aligned
from productloop.apps.behaviour.types import FunnelPart
from productloop.foundation.wording import Say, say
from productloop.learning.intervals import share_interval
from productloop.loop.action import Run

MAX_PARTS = 12


@dataclass(frozen=True, slots=True)
class PartResult:
    """The funnel of one value: everybody so far, and who had the whole window."""

    value: str | Say
    everybody: FunnelResult
    settled: FunnelResult


def last_values(events: StepEvents, values: NDArray[Any], definition: FunnelDefinition) -> tuple[NDArray[np.int64], NDArray[Any]]:
    """(actor (m,) sorted, value (m,)) at each actor's last event of any step, by time, then sequence."""
    inside = (events.step_mask > 0) & (events.time_us >= definition.range_us[0]) & (events.time_us <= definition.last_useful_us)
    rows = np.flatnonzero(inside)
    rows = rows[np.lexsort((-events.sequence[rows].astype(np.int64), -events.time_us[rows], events.actor[rows]))]
    rows = rows[firsts(events.actor[rows])]
    return events.actor[rows].astype(np.int64), values[rows]


def parts_by_person(
    everybody: FunnelResult, settled: FunnelResult, actor: NDArray[np.int64], given: NDArray[Any]
) -> tuple[list[PartResult], int]:
    """Each person in one part: the largest values, all others together, and people without a value; and how many values there are."""
    value, settled_value = aligned(everybody, actor, given), aligned(settled, actor, given)
    names, sizes = np.unique([str(entry) for entry in value if entry is not None], return_counts=True)
    largest = [str(names[place]) for place in sorted(range(len(names)), key=lambda place: (-int(sizes[place]), str(names[place])))]
    shown = set(largest[:MAX_PARTS])

    def group(entry: Any) -> str:
        return "unknown" if entry is None else f"={entry}" if str(entry) in shown else "other"

    groups, settled_groups = np.array([group(e) for e in value]), np.array([group(e) for e in settled_value])
    found = []
    for key in [*(f"={name}" for name in largest[:MAX_PARTS]), "other", "unknown"]:
        if np.any(groups == key):
            label = {"other": say("behaviour.label.other"), "unknown": say("behaviour.label.unknown")}.get(key, key[1:])
            own = settled.of(settled_groups == key) if len(settled_groups) else settled
            found.append(PartResult(label, everybody.of(groups == key), own))
    return found, len(names)


def parts_by_event(
    events: FunnelEvents, values: NDArray[Any], whole: FunnelDefinition, closed: FunnelDefinition, step: int | None
) -> tuple[list[PartResult], int]:
    """The funnel per value on the events that carry it: all events (`step` None), or only those of one step (from 1)."""
    names, codes = value_codes(values)
    found = []
    for code, name in _largest(names, codes, events.events.actor):
        if step is None:
            own = events.of(codes == code)
            both = own.count(whole), own.count(closed)
        else:
            bit = np.uint8(1 << (step - 1))
            mask = np.where(codes == code, events.events.step_mask, events.events.step_mask & ~bit).astype(np.uint8)
            own = FunnelEvents(replace(events.events, step_mask=mask), events.held)
            results = own.count(whole), own.count(closed)
            both = results[0].of(results[0].reached(step)), results[1].of(results[1].reached(step))
        if len(both[0]):
            found.append(PartResult(name, *both))
    return found, len(names)


def _largest(names: list[str], codes: NDArray[np.int64], actor: NDArray[Any]) -> Iterator[tuple[int, str]]:
    """(code, name) of the values that most people have."""
    people = [len(np.unique(actor[codes == code])) if len(names) <= 1000 else int(np.sum(codes == code)) for code in range(len(names))]
    for code in sorted(range(len(names)), key=lambda code: (-people[code], names[code]))[:MAX_PARTS]:
        yield code, names[code]


def part_figures(run: Run, parts: list[PartResult]) -> tuple[FunnelPart, ...]:
    """The parts as figures of a report."""
    found = []
    for place, part in enumerate(parts):
        steps = range(1, part.everybody.num_steps + 1)
        reached = {step: int(np.count_nonzero(part.settled.reached(step))) for step in steps}
        of_first = [(reached[step], len(part.settled)) for step in steps]
        of_previous = [(reached[step], reached[part.settled.preceding(step)]) for step in steps]
        shares = []
        for name, counted in (("of_first", of_first), ("of_previous", of_previous)):
            intervals = [share_interval(min(hits, total), total) for hits, total in counted]
            shares.append(
                tuple(
                    run.figure(
                        f"part{place}_{name}_{step}", one.value, "share", f"behaviour.d.{name}", n=total, interval=(one.low, one.high)
                    )
                    for step, one, (_, total) in zip(steps, intervals, counted, strict=True)
                )
            )
        people = tuple(
            run.figure(f"part{place}_people_{step}", int(np.count_nonzero(part.everybody.reached(step))), "people", "behaviour.d.people")
            for step in steps
        )
        found.append(FunnelPart(value=part.value, people=people, of_first=shares[0], of_previous=shares[1]))
    return tuple(found)
