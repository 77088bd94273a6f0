"""Calendar retention: of the people who started in a period, how many came back in each later one. Arrays in, frozen records out.

Definitions (as read in PostHog's open source retention runner; calendar buckets in the product's zone come from `_periods`)
- first: an actor belongs to the cohort of the first start event in ALL history, which the caller therefore passes whole.
  recurring: to every cohort in which it started.
- Cell (c, 0) = size of the cohort. Cell (c, k > 0) = its actors with at least m return events in period c + k ("on"), or in c + k
  or any later period of the data ("on_or_after"). Each actor counts once per cell.
- Brackets b1, b2, ..: column i stands for the offsets sum(b before i) + 1 .. sum(b up to i), m events anywhere in them.
- Sums: cell (c, k) = total of a value over the return events of the cohort's actors in period c + k, its own period (k = 0) included.
- A cell whose period has not ended at the end of the data is in progress: NaN, never 0. An "on or after" cell may still grow later.
- Mean over cohorts, weighted by size: only cohorts whose cell is complete are in its numerator and its denominator.

The kernel is a table actor x period (parts of actors at a time); cohorts x returns is then one matrix product. Tables come from an
actor x day bitmap (`retention_of_days`) or, where events must be counted or added up, from the events themselves (`retention`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from productloop.apps.behaviour._bitmap import DayBitmap

Integers = NDArray[np.integer[Any]]
Floats = NDArray[np.float64]

# Bytes of the actor x period table of one part: near the processor's cache, and float32 sums of its actors stay exact (< 2^24).
BYTES_PER_PART = 1 << 23
EVENTS_PER_PART = 1 << 20
ACTORS_PER_PART = 1 << 16
FAR = 1 << 40
# Actor codes are dense by design; beyond this many codes per event they are numbered anew first.
MAX_CODES_PER_ROW = 4


@dataclass(frozen=True, slots=True)
class PeriodEvents:
    """Events of one kind: actor code (n,) and period (n,), in any order; sorted by actor is fastest. `value` (n,): NaN = none."""

    actor: Integers
    period: NDArray[np.int64]
    value: Floats | None = None

    def __post_init__(self) -> None:
        if len(self.actor) != len(self.period) or (self.value is not None and len(self.value) != len(self.actor)):
            raise ValueError("the arrays of PeriodEvents must have the same length")


@dataclass(frozen=True, slots=True)
class RetentionDefinition:
    """`num_cohorts` cohorts from period `first_cohort` on, each followed for `num_periods` periods after its own.

    `running_period` is the first period that is not complete (see `_periods.running_period`); m = `min_occurrences`.
    """

    first_cohort: int
    num_cohorts: int
    num_periods: int
    running_period: int
    cohorts: Literal["first", "recurring"] = "first"
    rule: Literal["on", "on_or_after"] = "on"
    min_occurrences: int = 1
    brackets: tuple[int, ...] = ()
    """Lengths of custom columns in periods; their sum is `num_periods`. Empty: a column for each period."""

    def __post_init__(self) -> None:
        if self.brackets and (min(self.brackets) < 1 or sum(self.brackets) != self.num_periods):
            raise ValueError("brackets must be at least 1 each and add up to num_periods")
        if self.num_cohorts < 1 or self.num_periods < 0 or self.min_occurrences < 1:
            raise ValueError("num_cohorts and min_occurrences must be at least 1, num_periods at least 0")
        if self.cohorts not in ("first", "recurring") or self.rule not in ("on", "on_or_after"):
            raise ValueError(f"unknown cohorts {self.cohorts!r} or rule {self.rule!r}")

    @property
    def spans(self) -> tuple[tuple[int, int], ...]:
        """(first, last) offset of each column after the cohort's own period."""
        ends = np.cumsum(self.brackets or (1,) * self.num_periods).tolist()
        return tuple((end - length + 1, end) for end, length in zip(ends, self.brackets or (1,) * self.num_periods, strict=True))


@dataclass(frozen=True, slots=True)
class RetentionResult:
    """cohort (C,) periods, num_retained (C, K + 1) actors, finished (C, K + 1): has the cell's period ended?

    `num_retained[:, 0]` is the cohort's size so far; cells that are not finished hold the count so far.
    `total` and `num_values` (C, K + 1): sum and number of the values of return events, where a value was asked for.
    """

    cohort: NDArray[np.int64]
    num_retained: NDArray[np.int64]
    finished: NDArray[np.bool_]
    total: Floats | None = None
    num_values: Floats | None = None

    @property
    def size(self) -> NDArray[np.int64]:
        """(C,) actors of each cohort."""
        return self.num_retained[:, 0]

    def share(self) -> NDArray[np.float64]:
        """(C, K + 1) shares of the cohort; NaN while in progress and for empty cohorts."""
        known = self.finished & (self.size > 0)[:, None]
        return np.where(known, self.num_retained / np.maximum(self.size, 1)[:, None], np.nan)

    def pooled(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """(retained, size), each (K + 1,), summed over the cohorts whose cell is finished: the counts behind the weighted mean."""
        retained = np.where(self.finished, self.num_retained, 0).sum(axis=0)
        return retained, np.where(self.finished, self.size[:, None], 0).sum(axis=0)

    def weighted_mean(self) -> NDArray[np.float64]:
        """(K + 1,) mean share over cohorts, weighted by size; NaN where no cohort is finished."""
        retained, size = self.pooled()
        return np.where(size > 0, retained / np.maximum(size, 1), np.nan)

    def simple_mean(self) -> NDArray[np.float64]:
        """(K + 1,) mean of the cohorts' shares, each counting the same; NaN where no cohort is finished."""
        share = self.share()
        num = np.isfinite(share).sum(axis=0)
        return np.where(num > 0, np.nansum(share, axis=0) / np.maximum(num, 1), np.nan)

    def shown(self) -> RetentionResult:
        """Only the cohorts that hold anybody."""
        kept = self.size > 0
        sums = [None if part is None else part[kept] for part in (self.total, self.num_values)]
        return RetentionResult(self.cohort[kept], self.num_retained[kept], self.finished[kept], *sums)


def retention(start: PeriodEvents, back: PeriodEvents, definition: RetentionDefinition) -> RetentionResult:
    """Cohorts by the `start` events, returns by the `back` events (the same object where both are the same event).

    Where the `back` events have values, their sums come too.
    """
    width = definition.num_cohorts + definition.num_periods + 2
    same = back is start and definition.min_occurrences == 1 and back.value is None
    start, back, codes = dense(start, back)
    num_actors = len(codes)
    parts = [_no_counts(definition, back.value is not None)]
    # Column 0 holds everything before the first cohort, the last column everything after the last one needed.
    events_per_actor = (len(start.actor) + len(back.actor)) // max(num_actors, 1) + 1
    actors_per_part = max(1, min(BYTES_PER_PART // (width * 8), EVENTS_PER_PART // events_per_actor))
    starts = parts_of(start, num_actors, actors_per_part)
    returns = starts if same else parts_of(back, num_actors, actors_per_part)
    for begin, slice_start, slice_back in zip(range(0, num_actors, actors_per_part), starts, returns, strict=True):
        shape = (min(actors_per_part, num_actors - begin), width)
        joined = returned = _flags(_cells(slice_start, begin, shape, definition), shape)
        if not same:
            cells = _cells(slice_back, begin, shape, definition)
            returned = _numbers(cells, shape) if definition.min_occurrences > 1 else _flags(cells, shape)
        joined = joined[:, : definition.num_cohorts + 1]
        if definition.cohorts == "first":
            joined = _first_only(joined)
        joined = joined[:, 1:]  # a start before the first cohort leaves no cohort
        part = _count(joined, returned[:, 1:], definition)
        if slice_back.value is not None:
            known = np.isfinite(slice_back.value)
            cells = _cells(slice_back, begin, shape, definition)[known]
            tables = (_numbers(cells, shape, slice_back.value[known]), _numbers(cells, shape))
            part = _with_sums(part, joined, tables, definition)
        parts.append(part)
    return merge_retention(parts)


def retention_of_days(start: DayBitmap, back: DayBitmap, edges: Sequence[int], definition: RetentionDefinition) -> RetentionResult:
    """The same, of days: people are there or not, so `min_occurrences` must be 1.

    `edges`: local days on which the periods from `first_cohort` to `first_cohort + num_cohorts + num_periods` begin.
    """
    if definition.min_occurrences != 1 or len(edges) != definition.num_cohorts + definition.num_periods + 1:
        raise ValueError("days can neither be counted twice nor have other periods than the definition")
    back = start if back is start else back.of(start.actor)
    parts = [_no_counts(definition, False)]
    for begin in range(0, len(start.actor), ACTORS_PER_PART):
        here = slice(begin, begin + ACTORS_PER_PART)
        joined = start.rows(here).periods(edges[: definition.num_cohorts + 1])
        if definition.cohorts == "first":
            there = start.rows(here).active(-FAR, edges[0])
            for cohort in joined:
                new = cohort & ~there
                there |= cohort
                cohort[:] = new
        returned = back.rows(here).periods([*edges, FAR])
        parts.append(_count(joined.T, returned.T, definition))
    return merge_retention(parts)


def merge_retention(results: Sequence[RetentionResult]) -> RetentionResult:
    """The retention of disjoint partitions of actors put together. Raises ValueError when the definitions differ."""
    if not results:
        raise ValueError("nothing to merge")
    first = results[0]
    for other in results[1:]:
        if not np.array_equal(first.cohort, other.cohort) or not np.array_equal(first.finished, other.finished):
            raise ValueError("retentions with different cohorts or ends cannot be merged")
    added = [
        None if any(part is None for part in parts) else np.sum([part for part in parts if part is not None], axis=0)
        for parts in ([result.total for result in results], [result.num_values for result in results])
    ]
    total: NDArray[np.int64] = np.sum([result.num_retained for result in results], axis=0)
    return RetentionResult(first.cohort, total, first.finished, *added)


def _no_counts(definition: RetentionDefinition, sums: bool) -> RetentionResult:
    """Nobody yet: the shape, the cohorts and which cells are finished."""
    last = np.array([0, *(last for _, last in definition.spans)], dtype=np.int64)
    cohort = definition.first_cohort + np.arange(definition.num_cohorts)
    finished = cohort[:, None] + last < definition.running_period
    empty = np.zeros(finished.shape) if sums else None
    return RetentionResult(cohort, np.zeros(finished.shape, dtype=np.int64), finished, empty, empty)


def _count(joined: NDArray[np.bool_], returned: NDArray[Any], definition: RetentionDefinition) -> RetentionResult:
    """Joined (n, C) and returned (n, W) of the same actors, W from the first cohort's period on: flags, or numbers of events."""
    frame = _no_counts(definition, False)
    frame.num_retained[:, 0] = np.count_nonzero(joined, axis=0)
    if definition.rule == "on_or_after":
        add = np.logical_or if returned.dtype == np.bool_ else np.add
        returned = add.accumulate(returned[:, ::-1], axis=1)[:, ::-1]
    if not definition.brackets or definition.rule == "on_or_after":
        flags = returned if returned.dtype == np.bool_ else returned >= definition.min_occurrences
        counts = np.rint(joined.astype(np.float32).T @ flags.astype(np.float32)).astype(np.int64)
        since = np.arange(definition.num_cohorts)[:, None] + np.array([first for first, _ in definition.spans], dtype=np.int64)
        frame.num_retained[:, 1:] = np.take_along_axis(counts, since, axis=1)
        return frame
    for cohort in range(definition.num_cohorts):  # an actor counts once in a bracket, whatever its periods
        here = returned[joined[:, cohort]]
        for column, (first, last) in enumerate(definition.spans, 1):
            events = here[:, cohort + first : cohort + last + 1].sum(axis=1)
            frame.num_retained[cohort, column] = np.count_nonzero(events >= definition.min_occurrences)
    return frame


def _with_sums(
    part: RetentionResult, joined: NDArray[np.bool_], tables: tuple[NDArray[Any], NDArray[Any]], definition: RetentionDefinition
) -> RetentionResult:
    """The sum and the number of values in each cell; `tables` (n, W + 1) hold them by actor and period."""
    found = []
    for table in tables:
        by_period = joined.astype(np.float64).T @ table[:, 1:].astype(np.float64)
        cells = np.zeros(part.num_retained.shape)
        for cohort in range(definition.num_cohorts):
            for column, (first, last) in enumerate(((0, 0), *definition.spans)):
                end = None if definition.rule == "on_or_after" and column else cohort + last + 1
                cells[cohort, column] = by_period[cohort, cohort + first : end].sum()
        found.append(cells)
    return replace(part, total=found[0], num_values=found[1])


def _first_only(table: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Only the first True of each row."""
    rows, first = np.arange(len(table)), table.argmax(axis=1)
    result = np.zeros_like(table)
    result[rows, first] = table[rows, first]
    return result


def _cells(events: PeriodEvents, begin: int, shape: tuple[int, int], definition: RetentionDefinition) -> NDArray[np.int64]:
    """(n,) the cell of each event in a table (actors from `begin` on, periods)."""
    column = np.clip(events.period - (definition.first_cohort - 1), 0, shape[1] - 1)
    column += (events.actor.astype(np.int64) - begin) * shape[1]
    return column


def _flags(cells: NDArray[np.int64], shape: tuple[int, int]) -> NDArray[np.bool_]:
    flags = np.zeros(shape[0] * shape[1], dtype=np.bool_)
    flags[cells] = True
    return flags.reshape(shape)


def _numbers(cells: NDArray[np.int64], shape: tuple[int, int], values: Floats | None = None) -> NDArray[Any]:
    return np.bincount(cells, weights=values, minlength=shape[0] * shape[1]).reshape(shape)


def dense(first: PeriodEvents, second: PeriodEvents) -> tuple[PeriodEvents, PeriodEvents, NDArray[np.int64]]:
    """The same events with actors numbered 0..A-1, and the codes (A,) behind those numbers. Codes near enough to that stay as they are."""
    ends = [(int(events.actor.min()), int(events.actor.max())) for events in (first, second) if len(events.actor)]
    if not ends:
        return first, second, np.empty(0, dtype=np.int64)
    low, high = min(low for low, _ in ends), max(high for _, high in ends)
    if low >= 0 and high < MAX_CODES_PER_ROW * (len(first.actor) + len(second.actor)) + 1_000:
        return first, second, np.arange(high + 1)
    codes, numbered = np.unique(np.concatenate([first.actor, second.actor]), return_inverse=True)
    border = len(first.actor)
    numbers = numbered[:border], numbered[border:]
    return replace(first, actor=numbers[0]), replace(second, actor=numbers[1]), codes.astype(np.int64)


def parts_of(events: PeriodEvents, num_actors: int, actors_per_part: int) -> list[PeriodEvents]:
    """The events of each run of `actors_per_part` actors."""
    actor, period, value = events.actor, events.period, events.value
    num_parts = -(-num_actors // actors_per_part)
    if np.any(actor[1:] < actor[:-1]):
        # Only the part must be in order, not the actor: NumPy sorts 16-bit numbers in linear time.
        part = (actor.astype(np.int64) // actors_per_part).astype(np.uint16 if num_parts <= 1 << 16 else np.int64)
        order = np.argsort(part, kind="stable")
        actor, period, value = actor[order], period[order], None if value is None else value[order]
        borders = np.searchsorted(part, np.arange(num_parts).astype(part.dtype), sorter=order)
    else:
        # In the codes' own type: NumPy would otherwise copy all of them to the wider one.
        borders = np.searchsorted(actor, (np.arange(num_parts) * actors_per_part).astype(actor.dtype))
    ends = pairwise([*borders.tolist(), len(actor)])
    return [PeriodEvents(actor[begin:end], period[begin:end], None if value is None else value[begin:end]) for begin, end in ends]
