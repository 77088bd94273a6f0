"""Funnels: who got how far, how fast, and who may still convert. Arrays in, frozen records out.

The rule of an attempt stands in `_funnel_kernels`. Here: which entries count, what an unfinished attempt is called, partitions.
- The range binds the first step only; later steps may lie up to the window after it (as Amplitude and Quick Tracking count).
- converted = reached the last step; in progress = not converted, but an attempt is younger than the window at the end of the data;
  dropped = the rest. People in progress are never counted as lost.
- unordered: the entry is the first event of any step, so the first bar counts people with any step.
- A step that may be skipped loses nobody: who stopped at it stopped at the last step before it that may not be skipped.
- A property held constant: the funnel of each (actor, value) by itself; of an actor, the one that got furthest.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from productloop.apps.behaviour._funnel_kernels import (
    MAX_STEPS,
    NO_TIME,
    Attempts,
    FunnelDefinition,
    Integers,
    Masks,
    best_attempts,
    firsts,
    has_overlap,
    useful,
)
from productloop.apps.behaviour._funnel_options_kernel import attempts_with_options

# Rows handled at once: large enough that NumPy's cost per call vanishes, small enough to stay near the processor's cache
# (2^15 to 2^19 measured on the 5.6M step events of 10M: .21, .19, .21, .19, .21 CPU s; sorting them first .26, .23, .24, .27, .26 more).
ROWS_PER_PART = 1 << 16
MAX_RUNS = 64
"""More sorted runs than this are sorted row by row."""


class Status(IntEnum):
    """What became of an actor who entered."""

    DROPPED = 0
    IN_PROGRESS = 1
    CONVERTED = 2


@dataclass(frozen=True, slots=True)
class StepEvents:
    """Events of one query, all arrays (n,): actor code, time in microseconds, order within its import, and the steps it matches.

    Bit j of `step_mask` says that the event matches step j + 1. Rows may come in any order; sorted by (actor, time) is fastest.
    `sequence` decides who is first among equal times in `attribute_first`; a funnel orders equal times by step.
    """

    actor: Integers
    time_us: NDArray[np.int64]
    sequence: Integers
    step_mask: NDArray[np.unsignedinteger[Any]]
    exclusion_mask: Masks | None = None
    """Bit i: must not lie between steps i + 1 and i + 2. For the ordered mode only."""

    def __post_init__(self) -> None:
        if not len(self.actor) == len(self.time_us) == len(self.sequence) == len(self.step_mask):
            raise ValueError("the arrays of StepEvents must have the same length")
        if self.exclusion_mask is not None and len(self.exclusion_mask) != len(self.actor):
            raise ValueError("the arrays of StepEvents must have the same length")

    def __len__(self) -> int:
        return len(self.actor)

    def of(self, rows: NDArray[Any]) -> StepEvents:
        """The same for some rows: a mask (n,) or places (m,)."""
        exclusion = None if self.exclusion_mask is None else self.exclusion_mask[rows]
        return StepEvents(self.actor[rows], self.time_us[rows], self.sequence[rows], self.step_mask[rows], exclusion)


@dataclass(frozen=True, slots=True)
class FunnelCounts:
    """People per step, each (k,): who reached it, and who stopped there as dropped or in progress (0 where it may be skipped)."""

    num_reached: NDArray[np.int64]
    num_dropped: NDArray[np.int64]
    num_in_progress: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class FunnelResult:
    """The best attempt of each actor who entered within the range, sorted by actor.

    actor (m,), furthest (m,) 1..k, step_time_us (m, k) with NO_TIME where a step was not reached, status (m,) of `Status`.
    In the unordered mode column j is the time at which j + 1 distinct steps were done.
    """

    num_steps: int
    actor: NDArray[np.int64]
    furthest: NDArray[np.int8]
    step_time_us: NDArray[np.int64]
    status: NDArray[np.int8]
    excluded: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    """(x,) actors, sorted, who entered but have only attempts that an exclusion stopped; they are in nothing else."""
    optional: int = 0
    """Bit j: step j + 1 may be skipped; its time is NO_TIME for who did."""

    def __len__(self) -> int:
        return len(self.actor)

    @property
    def stopped_at(self) -> NDArray[np.int8]:
        """(m,) the last step reached that may not be skipped, 1..k."""
        if not self.optional:
            return self.furthest
        kept = [step for step in range(self.num_steps) if not self.optional >> step & 1]
        return np.array([0, *(1 + max(s for s in kept if s <= step) for step in range(self.num_steps))], dtype=np.int8)[self.furthest]

    def following(self, step: int) -> int:
        """The next step after `step` (from 1) that may not be skipped; num_steps + 1 after the last."""
        return next((later for later in range(step + 1, self.num_steps + 1) if not self.optional >> (later - 1) & 1), self.num_steps + 1)

    def preceding(self, step: int) -> int:
        """The last step before `step` (from 1) that may not be skipped; 1 for the first."""
        return next((earlier for earlier in range(step - 1, 0, -1) if not self.optional >> (earlier - 1) & 1), 1)

    def reached(self, step: int) -> NDArray[np.bool_]:
        """(m,) who did `step` (from 1) on the way."""
        if self.optional >> (step - 1) & 1:
            return np.asarray(self.step_time_us[:, step - 1] != NO_TIME)
        return np.asarray(self.furthest >= step)

    @property
    def entry_us(self) -> NDArray[np.int64]:
        """(m,) when the reported attempt started."""
        return self.step_time_us[:, 0]

    def counts(self) -> FunnelCounts:
        """People per step; of steps that may not be skipped, reached(j) - reached(j + 1) = dropped(j) + in progress(j)."""
        stopped = self.stopped_at
        dropped, in_progress, converted = (
            np.bincount(stopped[self.status == status], minlength=self.num_steps + 1)[1:]
            for status in (Status.DROPPED, Status.IN_PROGRESS, Status.CONVERTED)
        )
        num_reached = np.cumsum((dropped + in_progress + converted)[::-1])[::-1]
        for step in range(self.num_steps):
            if self.optional >> step & 1:
                num_reached[step] = np.count_nonzero(self.reached(step + 1))
        return FunnelCounts(num_reached, dropped, in_progress)

    def of(self, keep: NDArray[np.bool_]) -> FunnelResult:
        """The same for the actors marked in `keep` (m,)."""
        own = (self.actor[keep], self.furthest[keep], self.step_time_us[keep], self.status[keep])
        return FunnelResult(self.num_steps, *own, optional=self.optional)


@dataclass(frozen=True, slots=True)
class TimeToConvert:
    """How long the people took who got from one step to another, in microseconds; NaN where nobody did."""

    num_actors: int
    mean_us: float
    median_us: float
    percentiles: tuple[tuple[float, float], ...]
    """(percent, microseconds), as asked."""


@dataclass(frozen=True, slots=True)
class Attribution:
    """One value per actor, sorted by actor: actor (m,), value (m,)."""

    actor: NDArray[np.int64]
    value: NDArray[Any]


def funnel(events: StepEvents, definition: FunnelDefinition) -> FunnelResult:
    """The furthest step, its times and the status of every actor who entered the funnel within the range.

    Raises ValueError when a mask names a step beyond `num_steps`, or exclusions or steps to skip meet an order that is not "ordered" or an
    event that is several steps.
    """
    mask = _checked_mask(events.step_mask, definition.num_steps)
    overlap = has_overlap(mask)
    exclusion = events.exclusion_mask
    if (definition.optional or exclusion is not None) and (definition.mode != "ordered" or overlap):
        raise ValueError("exclusions and steps to skip are for the ordered mode, where an event is one step")
    actor, time_us = events.actor, np.asarray(events.time_us, dtype=np.int64)
    if not _is_sorted(actor, time_us):
        if exclusion is None:
            actor, time_us, mask = useful(actor, time_us, mask, definition)
            actor, time_us, mask = _runs_in_order(actor, time_us, mask) or _sorted(actor, time_us, mask)
        else:
            order = np.lexsort((time_us, actor))
            actor, time_us, mask, exclusion = actor[order], time_us[order], mask[order], exclusion[order]
    parts = list(_partitions(actor, ROWS_PER_PART)) or [slice(0, 0)]
    if not overlap and (
        exclusion is not None or definition.optional or (definition.step_window_us is not None and definition.mode == "ordered")
    ):
        found = [
            attempts_with_options(actor[part], time_us[part], mask[part], None if exclusion is None else exclusion[part], definition)
            for part in parts
        ]
        return merge([_with_status(attempts, definition, excluded) for attempts, excluded in found])
    return merge([_with_status(best_attempts(actor[part], time_us[part], mask[part], definition), definition) for part in parts])


def in_order(actor: Integers, time_us: NDArray[np.int64], mask: Masks) -> StepEvents:
    """Events without a sequence, sorted by (actor, time): what is counted several times is put in order once, in the arrays given."""
    if not _is_sorted(actor, time_us):
        actor, time_us, mask = _runs_in_order(actor, time_us, mask) or _sorted(actor, time_us, mask, in_place=True)
    return StepEvents(actor, time_us, np.broadcast_to(np.int64(0), actor.shape), mask)


def funnel_holding(events: StepEvents, value: NDArray[np.int64], definition: FunnelDefinition) -> FunnelResult:
    """The funnel in which all steps of an attempt, and exclusions of it, carry the same value. value (n,): a code, -1 = no value.

    Of an actor with several values: the one that got furthest, of these the first to get there; in progress if any still is.
    """
    known = np.flatnonzero(value >= 0)
    num_values = int(value.max()) + 1 if len(known) else 1
    pair = events.actor[known].astype(np.int64) * num_values + value[known]
    own = events.of(known)
    found = funnel(StepEvents(pair, own.time_us, own.sequence, own.step_mask, own.exclusion_mask), definition)
    actor = found.actor // num_values
    last_us = found.step_time_us[np.arange(len(found)), found.furthest - 1]
    order = np.lexsort((found.actor, last_us, -found.furthest.astype(np.int64), actor))
    chosen = order[firsts(actor[order])]
    who, status = actor[chosen], found.status[chosen].copy()
    status[(status == Status.DROPPED) & np.isin(who, actor[found.status == Status.IN_PROGRESS])] = Status.IN_PROGRESS
    excluded = np.setdiff1d(found.excluded // num_values, who)
    return FunnelResult(found.num_steps, who, found.furthest[chosen], found.step_time_us[chosen], status, excluded, found.optional)


def merge(results: Sequence[FunnelResult]) -> FunnelResult:
    """The funnel of disjoint partitions of actors put together. Raises ValueError when an actor is in two of them."""
    if not results:
        raise ValueError("nothing to merge")
    num_steps, optional = results[0].num_steps, results[0].optional
    if any(result.num_steps != num_steps or result.optional != optional for result in results):
        raise ValueError("funnels with different steps cannot be merged")
    if len(results) == 1:
        return results[0]
    actor = np.concatenate([result.actor for result in results])
    columns = [np.concatenate([getattr(result, name) for result in results]) for name in ("furthest", "step_time_us", "status")]
    excluded = np.sort(np.concatenate([result.excluded for result in results]))
    if not np.all(actor[1:] > actor[:-1]):
        order = np.argsort(actor, kind="stable")
        actor, columns = actor[order], [column[order] for column in columns]
    if np.any(actor[1:] == actor[:-1]) or np.any(excluded[1:] == excluded[:-1]):
        raise ValueError("an actor is in two partitions")
    return FunnelResult(num_steps, actor, columns[0], columns[1], columns[2], excluded, optional)


def time_to_convert(
    result: FunnelResult, from_step: int = 1, to_step: int | None = None, percents: Sequence[float] = (10, 25, 50, 75, 90)
) -> TimeToConvert:
    """Time from one step to a later one (the last by default) of the people whose best attempt did both."""
    last = result.num_steps if to_step is None else to_step
    if not 1 <= from_step < last <= result.num_steps:
        raise ValueError(f"steps must be 1 <= from < to <= {result.num_steps}, not {from_step} and {last}")
    reached = result.reached(last) & result.reached(from_step)
    took = result.step_time_us[reached, last - 1] - result.step_time_us[reached, from_step - 1]
    if len(took) == 0:
        return TimeToConvert(0, np.nan, np.nan, tuple((float(percent), np.nan) for percent in percents))
    points = np.percentile(took, list(percents))
    return TimeToConvert(
        len(took),
        float(took.mean()),
        float(np.median(took)),
        tuple((float(percent), float(point)) for percent, point in zip(percents, points, strict=True)),
    )


def attribute_first(events: StepEvents, value: NDArray[Any], definition: FunnelDefinition) -> Attribution:
    """First touch: the value (n,) at each actor's first entry event in the range, by time, then sequence.

    An entry event is one of step 1, in the unordered mode one of any step. The actors are those of `funnel`.
    """
    if len(value) != len(events):
        raise ValueError("there must be one value per event")
    entry_bits = 0xFF if definition.mode == "unordered" else 1
    start, end = definition.range_us
    rows = np.flatnonzero(_checked_mask(events.step_mask, definition.num_steps) & np.uint8(entry_bits))
    time_us = events.time_us[rows]
    rows = rows[(time_us >= start) & (time_us < end) & (time_us <= definition.data_end_us)]
    keys = (events.actor[rows], events.time_us[rows], events.sequence[rows])
    if not _is_sorted(*keys):
        rows = rows[np.lexsort(keys[::-1])]
    rows = rows[firsts(events.actor[rows])]
    return Attribution(events.actor[rows].astype(np.int64), value[rows])


def break_down(result: FunnelResult, attribution: Attribution) -> tuple[tuple[Any, FunnelResult], ...]:
    """The funnel per attributed value, values sorted. Each actor is in exactly one part; actors without a value are in none."""
    if len(attribution.actor) == 0:
        return ()
    position = np.minimum(np.searchsorted(attribution.actor, result.actor), len(attribution.actor) - 1)
    known = attribution.actor[position] == result.actor
    values, codes = np.unique(attribution.value[position], return_inverse=True)
    parts = ((value, result.of(known & (codes == code))) for code, value in enumerate(values.tolist()))
    return tuple((value, part) for value, part in parts if len(part))


def _with_status(attempts: Attempts, definition: FunnelDefinition, excluded: NDArray[np.int64] | None = None) -> FunnelResult:
    known = attempts.open_start_us != NO_TIME
    age_us = definition.data_end_us - np.where(known, attempts.open_start_us, definition.data_end_us)
    status = np.where(known & (age_us < definition.window_us), Status.IN_PROGRESS, Status.DROPPED).astype(np.int8)
    status[attempts.furthest == definition.num_steps] = Status.CONVERTED
    own = (attempts.actor, attempts.furthest, attempts.step_time_us, status)
    nobody = np.empty(0, dtype=np.int64)
    return FunnelResult(definition.num_steps, *own, nobody if excluded is None else excluded, definition.optional)


def _checked_mask(step_mask: NDArray[np.unsignedinteger[Any]], num_steps: int) -> Masks:
    if len(step_mask) and int(step_mask.max()) >= 1 << num_steps:
        raise ValueError(f"a step mask names a step beyond {num_steps} (at most {MAX_STEPS})")
    return step_mask.astype(np.uint8, copy=False)


def _partitions(actor: Integers, rows_per_part: int) -> Iterator[slice]:
    """Slices of about that many rows that never cut an actor; `actor` must be sorted."""
    begin = 0
    while begin < len(actor):
        end = min(begin + rows_per_part, len(actor))
        if end < len(actor):
            cut = int(np.searchsorted(actor, actor[end], side="left"))
            end = cut if cut > begin else int(np.searchsorted(actor, actor[end], side="right"))
        yield slice(begin, end)
        begin = end


def _is_sorted(*keys: Integers) -> bool:
    """Are the rows in lexicographic order of the keys, the first key first? Looked at block by block, to stop early."""
    num_rows = len(keys[0])
    for begin in range(0, num_rows - 1, ROWS_PER_PART):
        end = min(begin + ROWS_PER_PART, num_rows - 1)
        in_order = keys[-1][begin:end] <= keys[-1][begin + 1 : end + 1]
        for key in keys[-2::-1]:
            here, following = key[begin:end], key[begin + 1 : end + 1]
            in_order &= here == following
            in_order |= here < following
        if not in_order.all():
            return False
    return True


def _runs_in_order(actor: Integers, time_us: NDArray[np.int64], mask: Masks) -> tuple[Integers, NDArray[np.int64], Masks] | None:
    """The files of a compacted table are sorted each and disjoint, but may be read in any order: whole runs moved; None where that is not so."""
    begins = np.concatenate(([0], np.flatnonzero(actor[1:] < actor[:-1]) + 1))
    if len(begins) > MAX_RUNS or len(actor) == 0:
        return None
    ends = np.append(begins[1:], len(actor))
    order = sorted(range(len(begins)), key=lambda run: (int(actor[begins[run]]), int(time_us[begins[run]])))
    runs = [slice(int(begins[run]), int(ends[run])) for run in order]
    if any(actor[one.stop - 1] > actor[following.start] for one, following in pairwise(runs)):
        return None
    columns = [np.concatenate([column[run] for run in runs]) for column in (actor, time_us, mask)]
    return (columns[0], columns[1], columns[2]) if _is_sorted(columns[0], columns[1]) else None


def _sorted(actor: Integers, time_us: NDArray[np.int64], mask: Masks, in_place: bool = False) -> tuple[Integers, NDArray[np.int64], Masks]:
    """Rows in order of (actor, time): as one 64-bit integer per event where that fits, which sorts several times faster.

    `in_place`: into the arrays given, so that besides them only those integers are in memory.
    """
    if len(actor) == 0:
        return actor, time_us, mask
    packing = _packing(actor, time_us, mask)
    if packing is None:
        order = np.lexsort((time_us, actor))
        return actor[order], time_us[order], mask[order]
    packed = _packed(packing, actor, time_us, mask)
    packed.sort()
    if not in_place:
        actor, time_us, mask = np.empty_like(actor), np.empty_like(time_us), np.empty_like(mask)
    for rows in _blocks(len(packed)):
        key = packed[rows]
        mask[rows] = packing.kinds.take(key & ((1 << packing.kind_bits) - 1), mode="clip")
        key >>= packing.kind_bits
        passed = key & ((1 << packing.time_bits) - 1)
        passed *= packing.unit_us
        np.add(passed, packing.first_us, out=time_us[rows])
        key >>= packing.time_bits
        key += packing.first_actor
        actor[rows] = key
    return actor, time_us, mask


@dataclass(frozen=True, slots=True)
class _Packing:
    """How (actor, time, mask) go into 63 bits: from where each is counted, in which unit, in how many bits."""

    first_actor: int
    first_us: int
    unit_us: int
    time_bits: int
    kinds: Masks
    kind_bits: int


def _packing(actor: Integers, time_us: NDArray[np.int64], mask: Masks) -> _Packing | None:
    """None where they need more than 63 bits."""
    first_actor, first_us = int(actor.min()), int(time_us.min())
    actor_bits = (int(actor.max()) - first_actor).bit_length()
    kinds = np.flatnonzero(sum(np.bincount(mask[rows], minlength=256) for rows in _blocks(len(mask)))).astype(np.uint8)
    kind_bits = (len(kinds) - 1).bit_length()
    duration = int(time_us.max()) - first_us
    # Many sources write whole milliseconds or seconds: counting in those saves 10 or 20 bits.
    for unit_us in (1, 1_000, 1_000_000):
        time_bits = (duration // unit_us).bit_length()
        if actor_bits + time_bits + kind_bits <= 63 and all(_is_whole(time_us[rows] - first_us, unit_us) for rows in _blocks(len(time_us))):
            return _Packing(first_actor, first_us, unit_us, time_bits, kinds, kind_bits)
    return None


def _is_whole(values: NDArray[np.int64], unit: int) -> bool:
    return unit == 1 or bool(np.array_equal(values // unit * unit, values))  # faster than the remainder


def _packed(packing: _Packing, actor: Integers, time_us: NDArray[np.int64], mask: Masks) -> NDArray[np.int64]:
    """(n,) one integer per row, in the order of (actor, time)."""
    codes = np.searchsorted(packing.kinds, np.arange(256)).astype(np.uint8)
    packed = np.empty(len(actor), dtype=np.int64)
    for rows in _blocks(len(packed)):
        key = packed[rows]
        key[:] = actor[rows]
        key -= packing.first_actor
        key <<= packing.time_bits
        passed = time_us[rows] - packing.first_us
        key |= passed if packing.unit_us == 1 else passed // packing.unit_us
        key <<= packing.kind_bits
        key |= codes.take(mask[rows], mode="clip")  # twice as fast as codes[..]
    return packed


def _blocks(num_rows: int) -> Iterator[slice]:
    """Slices of rows that stay in the processor's cache: arrays as long as the events are as few as can be."""
    return (slice(begin, begin + ROWS_PER_PART) for begin in range(0, num_rows, ROWS_PER_PART))
