"""The same funnel under the rules of other tools: "conversion" is a definition, and definitions differ by more than most changes of a product.

Rules, as read in the sources and documents of the tools (each row of the page says which)
- latest_start: every first step may begin a new attempt, the latest counts (PostHog's open source `funnel-udf`, ClickHouse `windowFunnel`).
- first_entry: the window runs from the first first step in the range, later ones do not reset it (Mixpanel's documented default).
- reentry: a new attempt begins only when the window of the one before is over (Mixpanel's "optimized re-entry", as documented).
- step_to_step: the window is measured from the step before.  no_window: any time later (retentioneering 5).
- unordered, strict: as in `_funnel_kernels`.  inside_range: all events must lie in the dates asked for (PostHog clips every event).
Under all of them everybody who entered counts, also who may still convert, as those tools count; only ours waits for the window.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from productloop.apps.behaviour._funnel import StepEvents, funnel
from productloop.apps.behaviour._funnel_kernels import MAX_WINDOW_US, FunnelDefinition, firsts, window_ends
from productloop.apps.behaviour.types import Rule


@dataclass(frozen=True, slots=True)
class Counted:
    """What one rule says: people who entered, people who went all the way."""

    rule: Rule
    num_entered: int
    num_converted: int


def spread(events: StepEvents, definition: FunnelDefinition) -> list[Counted]:
    """The funnel under every rule but ours. `events` holds all events of the people, `definition` the plain ordered funnel."""
    order = np.lexsort((events.time_us, events.actor))
    whole = events.of(order)
    steps = whole.of(np.flatnonzero(whole.step_mask))
    inside = steps.of(steps.time_us < definition.range_us[1])
    endless = replace(definition, window_us=MAX_WINDOW_US)
    rules: list[tuple[Rule, StepEvents, FunnelDefinition]] = [
        ("latest_start", steps, definition),
        ("first_entry", _entries(steps, definition, _first_of_each), definition),
        ("reentry", _entries(steps, definition, _after_expiry), definition),
        ("step_to_step", steps, replace(endless, step_window_us=definition.window_us)),
        ("no_window", steps, endless),
        ("unordered", steps, replace(definition, mode="unordered")),
        ("strict", whole, replace(definition, mode="strict")),
        ("inside_range", inside, definition),
    ]
    found = []
    for rule, own, own_definition in rules:
        result = funnel(own, own_definition)
        found.append(Counted(rule, len(result), int(np.count_nonzero(result.furthest == result.num_steps))))
    return found


def _entries(
    steps: StepEvents, definition: FunnelDefinition, choose: Callable[[StepEvents, NDArray[np.intp], int], NDArray[np.intp]]
) -> StepEvents:
    """The events with only the chosen first steps left as such."""
    start, end = definition.range_us
    rows = np.flatnonzero((steps.step_mask & 1 > 0) & (steps.time_us >= start) & (steps.time_us < end))
    mask = steps.step_mask & np.uint8(0xFE)
    mask[choose(steps, rows, definition.window_us)] |= np.uint8(1)
    return replace(steps, step_mask=mask)


def _first_of_each(steps: StepEvents, rows: NDArray[np.intp], window_us: int) -> NDArray[np.intp]:
    return rows[firsts(steps.actor[rows])]


def _after_expiry(steps: StepEvents, rows: NDArray[np.intp], window_us: int) -> NDArray[np.intp]:
    if len(rows) == 0:
        return rows
    actor, time_us = steps.actor[rows], steps.time_us[rows]
    following = window_ends(actor, time_us, np.arange(len(rows)), window_us)
    present = np.flatnonzero(firsts(actor))
    chosen = []
    while len(present):
        chosen.append(present)
        later = following[present]
        same = (later < len(rows)) & (actor[np.minimum(later, len(rows) - 1)] == actor[present])
        present = later[same]
    return rows[np.sort(np.concatenate(chosen))]


def nearest(shares: list[float], other: float) -> int:
    """The place of the share that comes nearest to what another tool says; the earlier one of equals."""
    return min(range(len(shares)), key=lambda place: (abs(shares[place] - other), place))
