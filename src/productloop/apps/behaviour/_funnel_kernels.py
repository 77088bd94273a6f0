"""Funnel kernels: sorted arrays of one partition of actors in, the best attempt of each actor out. No order of input rows is guessed here.

The rule (as read in PostHog's open source `funnel-udf`, and equal to ClickHouse `windowFunnel` for the ordered mode)
- An attempt starts at an event of step 1; the window W is inclusive and measured from that start, never from the step before.
- The latest start wins, so the furthest step equals the longest chain t1 <= t2 <= .. <= tk of distinct events with tk - t1 <= W.
- Events of one actor with the same time have no known order: any order of them may serve (time first, then step).
- One event serves one step of a chain; the same event listed as two steps needs two events.
- A window per step, where there is one, lies between a step and the one before it, inclusive, besides W. Of two attempts at the same step
  the one with the later start also has the later last event, so that only the newest need be kept.
- strict: after each moment, an attempt whose last step no event of that moment matched is lost (A A B converts, A x B does not).
- unordered: an attempt starts at an event of any step; reached = the most distinct steps served by distinct events within W.
- Reported is the attempt that was first to get furthest; its step times are the earliest of that attempt.

How it is fast
- Because the latest start wins, the start that an event of step k would use is that of the last valid event of step k-1 before it.
  Looking at neighbours among the rows of two steps replaces groups, windows, searches and loops over people.
- Where an event matches several steps, whether a tie group can serve steps i..j with distinct events is Hall's marriage condition
  (Hall 1935); the size of the largest matching is its deficiency form (Ore 1955). Steps are at most 8, so subsets are at most 255.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.integer[Any]]
Flags = NDArray[np.bool_]
Masks = NDArray[np.uint8]
Mode = Literal["ordered", "strict", "unordered"]

MAX_STEPS = 8  # one byte of step bits per event
MAX_WINDOW_US = 1 << 62  # 146,000 years: "no window"; a time plus a window still fits 64 bits
NO_TIME = np.iinfo(np.int64).min  # "this step was not reached"


@dataclass(frozen=True, slots=True)
class FunnelDefinition:
    """What counts: `num_steps` 1..8, an inclusive window in microseconds from the first step, and the half-open range of entries.

    `data_end_us` is the last instant that the data covers; events after it are not seen.
    """

    num_steps: int
    window_us: int
    range_us: tuple[int, int]
    data_end_us: int
    mode: Mode = "ordered"
    step_window_us: int | None = None
    """The most that may lie between a step and the one before it; not for the unordered mode."""
    optional: int = 0
    """Bit j: step j + 1 may be skipped. Never the first or the last step; for the ordered mode only."""

    def __post_init__(self) -> None:
        if not 1 <= self.num_steps <= MAX_STEPS:
            raise ValueError(f"a funnel has 1 to {MAX_STEPS} steps, not {self.num_steps}")
        if not 0 <= self.window_us <= MAX_WINDOW_US:
            raise ValueError(f"window_us must lie between 0 and {MAX_WINDOW_US}: {self.window_us}")
        if self.range_us[1] < self.range_us[0]:
            raise ValueError(f"the range ends before it starts: {self.range_us}")
        if self.mode not in ("ordered", "strict", "unordered"):
            raise ValueError(f"unknown mode {self.mode!r}")
        if self.step_window_us is not None and (self.mode == "unordered" or not 0 <= self.step_window_us <= MAX_WINDOW_US):
            raise ValueError(f"a window per step must be at least 0 and its steps need an order: {self.step_window_us}, {self.mode}")
        if self.optional and (self.mode != "ordered" or self.optional & ~((1 << (self.num_steps - 1)) - 2)):
            raise ValueError(
                f"only steps between the first and the last of an ordered funnel can be optional: {self.optional:b}, {self.mode}"
            )

    def step_before(self, step: int) -> int:
        """The step (from 0) that must have been done before `step`: the nearest earlier one that is not optional; 0 for the first."""
        return next((earlier for earlier in range(step - 1, -1, -1) if not self.optional >> earlier & 1), 0)

    @property
    def last_useful_us(self) -> int:
        """The last time that an event of an attempt within the range can have."""
        return min(self.range_us[1] - 1 + self.window_us, self.data_end_us)


@dataclass(frozen=True, slots=True)
class Attempts:
    """The best attempt of each actor who entered, by actor code.

    actor (m,), furthest step (m,) 1..k, step_time_us (m, k) with NO_TIME where not reached, open_start_us (m,): the latest start
    of an attempt that could still go on (NO_TIME: none).
    """

    actor: NDArray[np.int64]
    furthest: NDArray[np.int8]
    step_time_us: NDArray[np.int64]
    open_start_us: NDArray[np.int64]


def best_attempts(actor: Integers, time_us: NDArray[np.int64], mask: Masks, definition: FunnelDefinition) -> Attempts:
    """The best attempts of a partition. Rows (n,) must be sorted by (actor, time); bits above `num_steps` must be 0."""
    actor, time_us, mask = useful(actor, time_us, mask, definition)
    if definition.mode == "unordered":
        return _unordered_attempts(actor, time_us, mask, definition)
    if definition.range_us[1] <= definition.last_useful_us:
        # Only step 1 is bound to the range.
        mask = np.where(time_us < definition.range_us[1], mask, mask & np.uint8(0xFE)).astype(np.uint8)
    if definition.mode == "ordered" and definition.step_window_us is None and not has_overlap(mask):
        return _ordered_attempts(actor, time_us, mask, definition)
    return _grouped_attempts(actor, time_us, mask, definition)


def has_overlap(mask: Masks) -> bool:
    """Does any event match more than one step?"""
    return bool(np.any(mask & (mask - np.uint8(1)))) if len(mask) else False


def useful(
    actor: Integers, time_us: NDArray[np.int64], mask: Masks, definition: FunnelDefinition
) -> tuple[Integers, NDArray[np.int64], Masks]:
    """Only rows that can matter: matching a step (strict needs all, as they break chains) and at a useful time."""
    if definition.mode != "strict" and len(mask) and not mask.min():
        rows = np.flatnonzero(mask)
        actor, time_us, mask = actor[rows], time_us[rows], mask[rows]
    first_us, last_us = definition.range_us[0], definition.last_useful_us
    if len(time_us) and (time_us.min() < first_us or time_us.max() > last_us):
        rows = np.flatnonzero((time_us >= first_us) & (time_us <= last_us))
        actor, time_us, mask = actor[rows], time_us[rows], mask[rows]
    return actor, time_us, mask


def firsts(values: NDArray[Any]) -> Flags:
    """True where a value differs from the one before: the first row of each run."""
    flags = np.ones(len(values), dtype=np.bool_)
    np.not_equal(values[1:], values[:-1], out=flags[1:])
    return flags


def lasts(values: NDArray[Any]) -> Flags:
    """True where a value differs from the one after: the last row of each run."""
    flags = np.ones(len(values), dtype=np.bool_)
    np.not_equal(values[1:], values[:-1], out=flags[:-1])
    return flags


def steps_ascending_in_ties(actor: Integers, time_us: NDArray[np.int64], mask: Masks) -> Masks:
    """Single-bit masks reordered within equal (actor, time), lowest step first. The rows of a tie differ in nothing else."""
    same = time_us[1:] == time_us[:-1]
    ties = np.flatnonzero(same)
    ties = ties[actor[ties] == actor[ties + 1]]
    if not np.any(mask[ties + 1] < mask[ties]):
        return mask
    same[:] = False
    same[ties] = True
    tied = np.zeros(len(mask), dtype=np.bool_)
    tied[1:] |= same
    tied[:-1] |= same
    rows = np.flatnonzero(tied)
    group = np.cumsum(np.concatenate(([True], ~same)))[rows]
    packed = (group << 8) | mask[rows]
    packed.sort()
    result = mask.copy()
    result[rows] = (packed & 0xFF).astype(np.uint8)
    return result


def _ordered_attempts(actor: Integers, time_us: NDArray[np.int64], mask: Masks, definition: FunnelDefinition) -> Attempts:
    """Ordered mode where each event matches one step.

    Of first steps in a row, only the last can begin what follows; of later steps in a row, only the first can be the first of its attempt.
    So an attempt goes on exactly where, among the rows kept of a step and all rows of the next, one of the next follows one kept.
    """
    mask = steps_ascending_in_ties(actor, time_us, mask)
    kept = mask == 1
    joined = kept[1:] & kept[:-1]
    joined &= actor[1:] == actor[:-1]
    run_begins = kept.copy()
    run_begins[1:] ^= joined
    kept[:-1] ^= joined  # the last of each run
    begins, ends = np.flatnonzero(run_begins), np.flatnonzero(kept)
    entries = actor[begins]
    first = np.flatnonzero(firsts(entries))
    actors, start = entries[first], begins[first]
    open_start = time_us[ends[np.flatnonzero(lasts(entries))]]
    furthest = np.ones(len(actors), dtype=np.int8)
    steps = [(ends, ends)]  # (rows kept, the start of the attempt that each belongs to; both ascending)
    begun = np.empty(len(mask), dtype=np.intp)
    for step in range(1, definition.num_steps):
        begun[steps[-1][0]] = steps[-1][1]
        matches = mask == 1 << step
        kept |= matches
        rows = np.flatnonzero(kept)
        matches = matches[rows]
        place = np.flatnonzero(matches[1:] > matches[:-1])
        starts, rows = begun[rows[place]], rows[place + 1]
        valid = actor[starts] == actor[rows]
        valid &= time_us[rows] - time_us[starts] <= definition.window_us
        chosen = np.flatnonzero(valid)
        rows, starts = rows[chosen], starts[chosen]
        steps.append((rows, starts))
        kept = np.zeros(len(mask), dtype=np.bool_)
        kept[rows] = True
        who = actor[rows]
        first = np.flatnonzero(firsts(who))
        position = np.searchsorted(actors, who[first])
        furthest[position] = step + 1
        start[position] = starts[first]
    times = np.full((len(actors), definition.num_steps), NO_TIME, dtype=np.int64)
    times[:, 0] = time_us[start]
    for step, (rows, starts) in enumerate(steps[1:], 1):
        reached = np.flatnonzero(furthest > step)
        times[reached, step] = time_us[rows[np.searchsorted(starts, start[reached])]]
    return Attempts(actors.astype(np.int64), furthest, times, open_start)


def first_furthest(
    actors: Integers, actor: Integers, rows: list[NDArray[np.intp]], starts: list[NDArray[np.intp]]
) -> tuple[NDArray[np.int8], NDArray[np.intp], NDArray[np.intp]]:
    """Per actor: the furthest step, the row that reached it first, and that attempt's start."""
    furthest = np.zeros(len(actors), dtype=np.int8)
    final = np.zeros(len(actors), dtype=np.intp)
    start = np.zeros(len(actors), dtype=np.intp)
    for step, (here, begun) in enumerate(zip(rows, starts, strict=True)):
        first = firsts(actor[here])
        position = np.searchsorted(actors, actor[here[first]])
        furthest[position] = step + 1
        final[position] = here[first]
        start[position] = begun[first]
    return furthest, final, start


# --- ordered with overlapping steps, and strict: the state after each moment (actor, time) --------------------------------------------


def _grouped_attempts(actor: Integers, time_us: NDArray[np.int64], mask: Masks, definition: FunnelDefinition) -> Attempts:
    num_steps = definition.num_steps
    if len(actor) == 0:
        empty = np.empty(0, dtype=np.int64)
        return Attempts(empty, np.empty(0, dtype=np.int8), np.empty((0, num_steps), dtype=np.int64), empty)
    first_row = np.flatnonzero(firsts(actor) | firsts(time_us))
    serves = _serves(mask, first_row, num_steps)
    matched = np.bitwise_or.reduceat(mask, first_row)
    who, when = actor[first_row], time_us[first_row]
    groups = np.arange(len(first_row))
    new_actor = firsts(who)
    origins, changes, states, rows, starts = [], [], [], [], []
    before: list[NDArray[np.intp]] = []
    lately: list[NDArray[np.intp]] = []  # the last moment at which that state was reached; looked at with a window per step only
    step_window_us = definition.step_window_us
    for step in range(num_steps):
        start = np.where(serves[0, step], groups, -1)
        origin = np.zeros(len(groups), dtype=np.int8)
        for earlier in range(1, step + 1):
            come = before[earlier - 1]
            usable = serves[earlier, step] & (come >= 0)
            usable &= when - when[come] <= definition.window_us
            if step_window_us is not None:
                usable &= when - when[lately[earlier - 1]] <= step_window_us
            better = usable & (come >= start)  # the later start; among equals the one with more steps done earlier
            start[better] = come[better]
            origin[better] = earlier
        # Ordered: a start is kept until a later one replaces it. Strict: only while each moment matches this step.
        broken = new_actor if definition.mode == "ordered" else new_actor | ((matched & (1 << step)) == 0)
        state = _running_maximum(start, broken)
        changed = new_actor | np.concatenate(([True], state[1:] != state[:-1])) | broken
        origins.append(origin)
        changes.append(np.maximum.accumulate(np.where(changed, groups, 0)))
        states.append(state)
        before.append(np.where(new_actor, -1, np.concatenate(([-1], state[:-1]))))
        if step_window_us is not None:
            changes[-1] = _running_maximum(np.where(start >= 0, groups, -1), broken)
            lately.append(np.where(new_actor, -1, np.concatenate(([-1], changes[-1][:-1]))))
        rows.append(np.flatnonzero(start >= 0))
        starts.append(start[rows[-1]])
    entries = who[rows[0]]
    actors = entries[firsts(entries)]
    furthest, final, _ = first_furthest(actors, who, rows, starts)
    times = _trace(furthest, final, when, origins, changes)
    end = np.flatnonzero(lasts(who))
    end = end[np.searchsorted(who[end], actors)]
    if step_window_us is not None:
        late = [definition.data_end_us - when[change] >= step_window_us for change in changes]
        states = [np.where(gone, -1, state) for state, gone in zip(states, late, strict=True)]
    alive = np.max([state[end] for state in states], axis=0) if len(actors) else np.empty(0, dtype=np.intp)
    return Attempts(actors.astype(np.int64), furthest, times, np.where(alive >= 0, when[alive], NO_TIME))


def _running_maximum(values: NDArray[np.intp], new_segment: Flags) -> NDArray[np.intp]:
    """Running maximum that begins anew at each segment; values are -1 or an index below n, so both fit one 64-bit integer."""
    offset = np.cumsum(new_segment, dtype=np.int64) * (len(values) + 1)
    return (np.maximum.accumulate(values + offset) - offset).astype(np.intp)


def _serves(mask: Masks, first_row: NDArray[np.intp], num_steps: int) -> NDArray[np.bool_]:
    """(k, k, groups): can distinct events of a group serve all of the steps i..j? By Hall's condition over the subsets of i..j."""
    served = np.zeros((num_steps, num_steps, len(first_row)), dtype=np.bool_)
    matched = np.bitwise_or.reduceat(mask, first_row)
    for step in range(num_steps):
        served[step, step] = (matched & (1 << step)) != 0
    num_events = np.add.reduceat((mask != 0).astype(np.int32), first_row)
    several = np.flatnonzero(num_events > 1)
    if len(several) == 0:
        return served
    in_several = np.repeat(num_events > 1, np.diff(first_row, append=len(mask)))
    events = mask[in_several]
    sizes = np.diff(first_row, append=len(mask))[several]
    offsets = np.concatenate(([0], np.cumsum(sizes)[:-1]))
    for length in range(1, num_steps):  # shorter intervals first
        for low in range(num_steps - length):
            high = low + length
            # Subsets holding both ends; those without an end were judged with the shorter intervals.
            enough = served[low, high - 1, several] & served[low + 1, high, several]
            inner = ((1 << high) - 1) & ~((1 << (low + 1)) - 1)
            part = inner
            while enough.any():
                subset = part | (1 << low) | (1 << high)
                enough &= np.add.reduceat(((events & subset) != 0).astype(np.int32), offsets) >= subset.bit_count()
                if part == 0:
                    break
                part = (part - 1) & inner
            served[low, high, several] = enough
    return served


def _trace(
    furthest: NDArray[np.int8],
    final: NDArray[np.intp],
    when: NDArray[np.int64],
    origins: list[NDArray[np.int8]],
    changes: list[NDArray[np.intp]],
) -> NDArray[np.int64]:
    """The step times of each best attempt, walking back from its last step."""
    times = np.full((len(furthest), len(origins)), NO_TIME, dtype=np.int64)
    group = final.copy()
    origin = np.zeros(len(furthest), dtype=np.int8)
    for step in range(len(origins), 0, -1):
        arriving = np.flatnonzero(furthest == step)
        origin[arriving] = origins[step - 1][group[arriving]]
        leaving = np.flatnonzero((furthest > step) & (origin == step))
        group[leaving] = changes[step - 1][group[leaving] - 1]
        origin[leaving] = origins[step - 1][group[leaving]]
        reached = furthest >= step
        times[reached, step - 1] = when[group[reached]]
    return times


# --- unordered ------------------------------------------------------------------------------------------------------------------------


class _Matching:
    """How many distinct steps the rows [low, high) can serve with distinct events."""

    def __init__(self, mask: Masks, num_steps: int) -> None:
        self.num_steps = num_steps
        self.overlap = has_overlap(mask)
        # Where each event matches one step, the matching is a count of the steps present.
        self.subsets = range(1, 1 << num_steps) if self.overlap else [1 << step for step in range(num_steps)]
        self.sums = [np.concatenate(([0], np.cumsum((mask & subset) != 0, dtype=np.int32))) for subset in self.subsets]

    def size(self, low: NDArray[np.intp], high: NDArray[np.intp]) -> NDArray[np.int8]:
        """(m,) matchings of m row ranges."""
        if not self.overlap:
            present = np.zeros(len(low), dtype=np.int8)
            for total in self.sums:
                present += total[high] > total[low]
            return present
        missing = np.zeros(len(low), dtype=np.int32)
        for subset, total in zip(self.subsets, self.sums, strict=True):
            np.maximum(missing, subset.bit_count() - (total[high] - total[low]), out=missing)
        return (self.num_steps - missing).astype(np.int8)

    def first_high(self, low: NDArray[np.intp], high: NDArray[np.intp], size: NDArray[np.int8] | int) -> NDArray[np.intp]:
        """The least end h in (low, high] at which the rows [low, h) serve `size` steps; `high` must be such an end."""
        bottom, top = low + 1, high.copy()
        while np.any(bottom < top):
            middle = (bottom + top) // 2
            enough = self.size(low, middle) >= size
            top = np.where(enough, middle, top)
            bottom = np.where(enough, bottom, middle + 1)
        return top


def window_ends(actor: Integers, time_us: NDArray[np.int64], rows: NDArray[np.intp], window_us: int) -> NDArray[np.intp]:
    """The first row after each of `rows` that is another actor's or later than the window."""
    last: NDArray[np.intp] = np.flatnonzero(lasts(actor))
    top: NDArray[np.intp] = last[np.cumsum(firsts(actor)) - 1][rows] + 1
    bottom = rows + 1
    limit = time_us[rows] + window_us
    while np.any(bottom < top):
        middle = (bottom + top) // 2
        inside = time_us[np.minimum(middle, len(time_us) - 1)] <= limit
        inside &= middle < top
        bottom = np.where(inside, middle + 1, bottom)
        top = np.where(inside, top, middle)
    return top


def _unordered_attempts(actor: Integers, time_us: NDArray[np.int64], mask: Masks, definition: FunnelDefinition) -> Attempts:
    # The first row of a moment sees all events of that moment, in whichever order they came.
    entry = np.flatnonzero((time_us < definition.range_us[1]) & (firsts(actor) | firsts(time_us)))
    end = window_ends(actor, time_us, entry, definition.window_us)
    matching = _Matching(mask, definition.num_steps)
    size = matching.size(entry, end)
    first = np.flatnonzero(firsts(actor[entry]))
    actors = actor[entry[first]]
    if len(actors) == 0:
        empty = np.empty(0, dtype=np.int64)
        return Attempts(empty, np.empty(0, dtype=np.int8), np.empty((0, definition.num_steps), dtype=np.int64), empty)
    furthest = np.maximum.reduceat(size, first)
    best = np.flatnonzero(size == np.repeat(furthest, np.diff(first, append=len(entry))))
    low, high, reached = entry[best], end[best], size[best]
    done = time_us[matching.first_high(low, high, reached) - 1]
    # Of the attempts that got furthest: the first to get there, and of those the latest start.
    order = np.lexsort((-low, done, actor[low]))
    chosen = order[firsts(actor[low][order])]
    low, high = low[chosen], high[chosen]
    times = np.full((len(actors), definition.num_steps), NO_TIME, dtype=np.int64)
    for step in range(definition.num_steps):
        rows = np.flatnonzero(furthest > step)
        times[rows, step] = time_us[matching.first_high(low[rows], high[rows], step + 1) - 1]
    open_start = time_us[entry[lasts(actor[entry])]]
    return Attempts(actors.astype(np.int64), furthest.astype(np.int8), times, open_start)
