"""The ordered funnel with what a plain one lacks: a window per step, exclusions, steps that may be skipped. Each event is one step.

The rule, on top of that of `_funnel_kernels` (PostHog's open source `funnel-udf` was read for exclusions and optional steps)
- Of each step the attempt with the latest start is kept. An event of step k continues the attempt with the latest start among those at the
  nearest step before it, or, past steps that may be skipped, at an earlier one down to the last that may not; among equal starts the
  nearest. An event that would only continue an older attempt than the one kept at its own step changes nothing.
- An exclusion of gap i, within the window and after the attempt first reached step i, stops it there: nothing continues from step i. Events
  of exactly the same time have no known order, and any order that helps counts: an exclusion counts when it lies strictly between.
- Reported is the attempt that was first to get furthest, of those that no exclusion stopped there. Who has only stopped ones is "excluded".
- Step times are the earliest of that attempt; with a window per step those of the events that led to its last step, from the last back.
- A step that may be skipped counts as done if the attempt did it before its next step.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from productloop.apps.behaviour._funnel_kernels import (
    NO_TIME,
    Attempts,
    Flags,
    FunnelDefinition,
    Integers,
    Masks,
    first_furthest,
    firsts,
    lasts,
    steps_ascending_in_ties,
)

Rows = NDArray[np.intp]
NEVER = np.iinfo(np.int64).max


@dataclass(frozen=True, slots=True)
class _Steps:
    """Rows that are steps, lowest step first among equal times, with the number of their moment (actor, time) among all rows."""

    actor: Integers
    time_us: NDArray[np.int64]
    mask: Masks
    moment: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class _Reached:
    """The rows (r,) that reached a step: each with the start of its attempt (never decreasing), the step and row it came from, and the
    first of these rows that belongs to the same attempt.
    """

    row: Rows
    start: Rows
    from_step: NDArray[np.int8]
    from_row: Rows
    first: Rows


class _Exclusions:
    """Which moments hold an exclusion of each gap, and how far an actor and the window reach."""

    def __init__(self, actor: Integers, time_us: NDArray[np.int64], mask: Masks | None, num_gaps: int) -> None:
        self.first_row = np.flatnonzero(firsts(actor) | firsts(time_us))
        self.actor, self.time_us = actor, time_us
        found = np.zeros(len(self.first_row), dtype=np.uint8) if mask is None else np.bitwise_or.reduceat(mask, self.first_row)
        self.moments = [np.flatnonzero(found >> gap & 1) for gap in range(num_gaps)]

    def following(self, gap: int, moment: NDArray[np.int64]) -> NDArray[np.int64]:
        """The first moment after each of `moment` that holds an exclusion of the gap; NEVER where there is none."""
        moments = self.moments[gap]
        place = np.searchsorted(moments, moment, side="right")
        return np.where(place < len(moments), np.append(moments, NEVER)[place], NEVER)

    def stops(self, gap: int, moment: NDArray[np.int64], actor: Integers, until_us: NDArray[np.int64]) -> Flags:
        """(m,) whether an exclusion of the same actor follows a moment, at `until_us` at the latest."""
        following = self.following(gap, moment)
        known = following != NEVER
        row = self.first_row[np.where(known, following, 0)]
        return np.asarray(known & (self.actor[row] == actor) & (self.time_us[row] <= until_us))


def attempts_with_options(
    actor: Integers, time_us: NDArray[np.int64], mask: Masks, exclusion: Masks | None, definition: FunnelDefinition
) -> tuple[Attempts, NDArray[np.int64]]:
    """(best attempts, excluded actors (x,) sorted) of a partition whose rows (n,) are sorted by (actor, time), one step each at most.

    Bit i of `exclusion` marks an event that must not lie between steps i + 1 and i + 2.
    """
    num_steps = definition.num_steps
    steps, exclusions = _prepare(actor, time_us, mask, exclusion, definition)
    reached = [_entries(steps)]
    for step in range(1, num_steps):
        reached.append(_reach(step, steps, reached, exclusions, definition))
    entries = steps.actor[reached[0].row]
    actors = entries[firsts(entries)].astype(np.int64)
    furthest, final, start = first_furthest(actors, steps.actor, [at.row for at in reached], [at.start for at in reached])
    excluded = np.zeros(len(actors), dtype=np.bool_)
    for step in range(num_steps - 1):
        here = np.flatnonzero(furthest == step + 1)
        clean, rows, starts = _first_clean(step, actors[here], steps, reached[step], exclusions, definition.window_us)
        final[here[clean]], start[here[clean]] = rows, starts
        excluded[here[~clean]] = True
    times = _times(furthest, final, start, steps, reached, definition)
    open_start = _open_starts(actors, steps, reached, exclusions, definition)
    kept = ~excluded
    return Attempts(actors[kept], furthest[kept], times[kept], open_start[kept]), actors[excluded]


def _prepare(
    actor: Integers, time_us: NDArray[np.int64], mask: Masks, exclusion: Masks | None, definition: FunnelDefinition
) -> tuple[_Steps, _Exclusions]:
    matters = mask != 0 if exclusion is None else (mask != 0) | (exclusion != 0)
    matters &= (time_us >= definition.range_us[0]) & (time_us <= definition.last_useful_us)
    actor, time_us, mask = actor[matters], time_us[matters], mask[matters]
    exclusion = None if exclusion is None else exclusion[matters]
    mask = np.where(time_us < definition.range_us[1], mask, mask & np.uint8(0xFE)).astype(np.uint8)
    moment = np.cumsum(firsts(actor) | firsts(time_us), dtype=np.int64) - 1
    rows = np.flatnonzero(mask)
    own = steps_ascending_in_ties(actor[rows], time_us[rows], mask[rows])
    exclusions = _Exclusions(actor, time_us, exclusion if len(actor) else None, definition.num_steps - 1)
    return _Steps(actor[rows], time_us[rows], own, moment[rows]), exclusions


def _entries(steps: _Steps) -> _Reached:
    row = np.flatnonzero(steps.mask == 1)
    return _Reached(row, row, np.full(len(row), -1, dtype=np.int8), row, row)


def _reach(step: int, steps: _Steps, reached: list[_Reached], exclusions: _Exclusions, definition: FunnelDefinition) -> _Reached:
    here = np.flatnonzero(steps.mask == 1 << step)
    start, from_row = np.full(len(here), -1, dtype=np.intp), np.full(len(here), -1, dtype=np.intp)
    from_step = np.full(len(here), -1, dtype=np.int8)
    for earlier in range(step - 1, definition.step_before(step) - 1, -1):  # the nearest first
        at = reached[earlier]
        if len(at.row) == 0:
            continue
        place = np.searchsorted(at.row, here) - 1  # the last such row before
        known, place = place >= 0, np.maximum(place, 0)
        begun, last = at.start[place], at.row[place]
        valid = known & (steps.actor[begun] == steps.actor[here]) & (begun > start)
        valid &= steps.time_us[here] - steps.time_us[begun] <= definition.window_us
        if definition.step_window_us is not None:
            valid &= steps.time_us[here] - steps.time_us[last] <= definition.step_window_us
        valid &= exclusions.following(earlier, steps.moment[at.first[place]]) >= steps.moment[here]
        start[valid], from_row[valid], from_step[valid] = begun[valid], last[valid], earlier
    kept = (start >= 0) & (start == np.maximum.accumulate(start))  # rows are sorted by actor: later actors have later starts
    start = start[kept]
    row = here[kept]
    return _Reached(row, start, from_step[kept], from_row[kept], row[np.searchsorted(start, start)])


def _first_clean(
    step: int, actors: NDArray[np.int64], steps: _Steps, at: _Reached, exclusions: _Exclusions, window_us: int
) -> tuple[Flags, Rows, Rows]:
    """Of actors who got to `step` and no further: (who has an attempt there that no exclusion stopped, its first row, its start)."""
    begins = np.flatnonzero(firsts(at.start))
    row, start = at.row[begins], at.start[begins]
    who = steps.actor[row]
    mine = np.isin(who, actors)
    row, start, who = row[mine], start[mine], who[mine]
    clean = ~exclusions.stops(step, steps.moment[row], who, steps.time_us[start] + window_us)
    row, start, who = row[clean], start[clean], who[clean]
    first = firsts(who)
    return np.isin(actors, who), row[first], start[first]


def _times(
    furthest: NDArray[np.int8], final: Rows, start: Rows, steps: _Steps, reached: list[_Reached], definition: FunnelDefinition
) -> NDArray[np.int64]:
    times = np.full((len(furthest), definition.num_steps), NO_TIME, dtype=np.int64)
    bound = final.copy()  # the row of the step found last, going back
    wanted = furthest.astype(np.int64) - 1  # with a window per step: the step that led there
    for step in range(definition.num_steps - 1, -1, -1):
        at = reached[step]
        here = np.flatnonzero(furthest - 1 == step)
        times[here, step] = steps.time_us[final[here]]
        if definition.step_window_us is not None:
            here = np.flatnonzero(wanted == step)
            times[here, step] = steps.time_us[bound[here]]
            place = np.searchsorted(at.row, bound[here])
            wanted[here], bound[here] = at.from_step[place], at.from_row[place]
            continue
        earlier = np.flatnonzero(furthest - 1 > step)
        if len(at.row) == 0 or len(earlier) == 0:
            continue
        place = np.minimum(np.searchsorted(at.start, start[earlier]), len(at.row) - 1)
        done = (at.start[place] == start[earlier]) & (at.row[place] < bound[earlier])
        earlier, place = earlier[done], place[done]
        times[earlier, step] = steps.time_us[at.row[place]]
        bound[earlier] = at.row[place]
    return times


def _open_starts(
    actors: NDArray[np.int64], steps: _Steps, reached: list[_Reached], exclusions: _Exclusions, definition: FunnelDefinition
) -> NDArray[np.int64]:
    """The latest start of an attempt that could still go on, by actor; NO_TIME where there is none."""
    open_start = np.full(len(actors), NO_TIME, dtype=np.int64)
    for step, at in enumerate(reached[:-1]):
        last = np.flatnonzero(lasts(steps.actor[at.row])) if len(at.row) else np.empty(0, dtype=np.intp)
        who, begun = steps.actor[at.row[last]], steps.time_us[at.start[last]]
        alive = ~exclusions.stops(step, steps.moment[at.first[last]], who, begun + definition.window_us)
        if definition.step_window_us is not None:
            alive &= definition.data_end_us - steps.time_us[at.row[last]] < definition.step_window_us
        place = np.searchsorted(actors, who[alive])
        np.maximum.at(open_start, place, begun[alive])
    if definition.num_steps == 1 and len(actors):
        entries = reached[0].row
        open_start = steps.time_us[entries[lasts(steps.actor[entries])]]
    return open_start
