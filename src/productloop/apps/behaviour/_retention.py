"""Calendar retention: of the people who started in a period, how many came back in each later one. Arrays in, frozen records out.

Definitions (as read in PostHog's open source retention runner; calendar buckets in the product's zone come from `_periods`)
- first: an actor belongs to the cohort of the first start event in ALL history, which the caller therefore passes whole.
  recurring: to every cohort in which it started.
- Cell (c, 0) = size of the cohort. Cell (c, k > 0) = its actors with at least m return events in period c + k ("on"), or in c + k
  or any later period of the data ("on_or_after"). Each actor counts once per cell.
- A cell whose period has not ended at the end of the data is in progress: NaN, never 0. An "on or after" cell may still grow later.
- Mean over cohorts, weighted by size: only cohorts whose cell is complete are in its numerator and its denominator.

The kernel is a table actor x period (one byte per cell, parts of actors at a time); cohorts x returns is then one matrix product.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.integer[Any]]

# Bytes of the actor x period table of one part: near the processor's cache, and float32 sums of its actors stay exact (< 2^24).
BYTES_PER_PART = 1 << 23
EVENTS_PER_PART = 1 << 20
# Actor codes are dense by design; beyond this many codes per event they are numbered anew first.
MAX_CODES_PER_ROW = 4


@dataclass(frozen=True, slots=True)
class PeriodEvents:
    """Events of one kind: actor code (n,) and period (n,), in any order; sorted by actor is fastest."""

    actor: Integers
    period: NDArray[np.int64]

    def __post_init__(self) -> None:
        if len(self.actor) != len(self.period):
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

    def __post_init__(self) -> None:
        if self.num_cohorts < 1 or self.num_periods < 0 or self.min_occurrences < 1:
            raise ValueError("num_cohorts and min_occurrences must be at least 1, num_periods at least 0")
        if self.cohorts not in ("first", "recurring") or self.rule not in ("on", "on_or_after"):
            raise ValueError(f"unknown cohorts {self.cohorts!r} or rule {self.rule!r}")


@dataclass(frozen=True, slots=True)
class RetentionResult:
    """cohort (C,) periods, num_retained (C, K + 1) actors, finished (C, K + 1): has the cell's period ended?

    `num_retained[:, 0]` is the cohort's size so far; cells that are not finished hold the count so far.
    """

    cohort: NDArray[np.int64]
    num_retained: NDArray[np.int64]
    finished: NDArray[np.bool_]

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


def retention(start: PeriodEvents, back: PeriodEvents, definition: RetentionDefinition) -> RetentionResult:
    """Cohorts by the `start` events, returns by the `back` events (the same object where both are the same event)."""
    num_cohorts, num_columns = definition.num_cohorts, definition.num_cohorts + definition.num_periods
    same = back is start and definition.min_occurrences == 1
    start, back, codes = dense(start, back)
    num_actors = len(codes)
    counts = np.zeros((num_cohorts, num_columns + 1), dtype=np.int64)
    sizes = np.zeros(num_cohorts, dtype=np.int64)
    # Column 0 holds everything before the first cohort, the last column everything after the last one needed.
    width = num_columns + 2
    events_per_actor = (len(start.actor) + len(back.actor)) // max(num_actors, 1) + 1
    actors_per_part = max(1, min(BYTES_PER_PART // (width * 8), EVENTS_PER_PART // events_per_actor))
    starts = parts_of(start, num_actors, actors_per_part)
    returns = starts if same else parts_of(back, num_actors, actors_per_part)
    for begin, slice_start, slice_back in zip(range(0, num_actors, actors_per_part), starts, returns, strict=True):
        num_here = min(actors_per_part, num_actors - begin)
        joined = returned = _table(slice_start, begin, (num_here, width), definition, 1)
        if not same:
            returned = _table(slice_back, begin, (num_here, width), definition, definition.min_occurrences)
        joined = joined[:, : num_cohorts + 1]
        if definition.cohorts == "first":
            joined = _first_only(joined)
        joined = joined[:, 1:]  # a start before the first cohort leaves no cohort
        sizes += np.count_nonzero(joined, axis=0)
        if definition.rule == "on_or_after" and definition.min_occurrences == 1:
            returned = np.logical_or.accumulate(returned[:, ::-1], axis=1)[:, ::-1]
        counts += np.rint(joined.astype(np.float32).T @ returned[:, 1:].astype(np.float32)).astype(np.int64)
    return _cells(counts, sizes, definition)


def merge_retention(results: Sequence[RetentionResult]) -> RetentionResult:
    """The retention of disjoint partitions of actors put together. Raises ValueError when the definitions differ."""
    if not results:
        raise ValueError("nothing to merge")
    first = results[0]
    for other in results[1:]:
        if not np.array_equal(first.cohort, other.cohort) or not np.array_equal(first.finished, other.finished):
            raise ValueError("retentions with different cohorts or ends cannot be merged")
    total: NDArray[np.int64] = np.sum([result.num_retained for result in results], axis=0)
    return RetentionResult(first.cohort, total, first.finished)


def _cells(counts: NDArray[np.int64], sizes: NDArray[np.int64], definition: RetentionDefinition) -> RetentionResult:
    """Cohort x period turned to cohort x periods since."""
    since = np.arange(definition.num_cohorts)[:, None] + np.arange(definition.num_periods + 1)
    num_retained = np.take_along_axis(counts, since, axis=1)
    num_retained[:, 0] = sizes
    cohort = definition.first_cohort + np.arange(definition.num_cohorts)
    return RetentionResult(cohort, num_retained, definition.first_cohort + since < definition.running_period)


def _first_only(table: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Only the first True of each row."""
    rows, first = np.arange(len(table)), table.argmax(axis=1)
    result = np.zeros_like(table)
    result[rows, first] = table[rows, first]
    return result


def _table(
    events: PeriodEvents, begin: int, shape: tuple[int, int], definition: RetentionDefinition, min_occurrences: int
) -> NDArray[np.bool_]:
    """(actors, width) from actor `begin` on: has it `min_occurrences` events in the period ("on or after": from it on)?"""
    num_actors, width = shape
    column = np.clip(events.period - (definition.first_cohort - 1), 0, width - 1)
    cell = (events.actor.astype(np.int64) - begin) * width
    cell += column
    if min_occurrences == 1:
        flags = np.zeros(num_actors * width, dtype=np.bool_)
        flags[cell] = True
        return flags.reshape(num_actors, width)
    num_events = np.bincount(cell, minlength=num_actors * width).reshape(num_actors, width)
    if definition.rule == "on_or_after":
        num_events = np.cumsum(num_events[:, ::-1], axis=1)[:, ::-1]
    return num_events >= min_occurrences


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
    return PeriodEvents(numbered[:border], first.period), PeriodEvents(numbered[border:], second.period), codes.astype(np.int64)


def parts_of(events: PeriodEvents, num_actors: int, actors_per_part: int) -> list[PeriodEvents]:
    """The events of each run of `actors_per_part` actors."""
    actor, period = events.actor, events.period
    num_parts = -(-num_actors // actors_per_part)
    if np.any(actor[1:] < actor[:-1]):
        # Only the part must be in order, not the actor: NumPy sorts 16-bit numbers in linear time.
        part = (actor.astype(np.int64) // actors_per_part).astype(np.uint16 if num_parts <= 1 << 16 else np.int64)
        order = np.argsort(part, kind="stable")
        actor, period = actor[order], period[order]
        borders = np.searchsorted(part, np.arange(num_parts).astype(part.dtype), sorter=order)
    else:
        # In the codes' own type: NumPy would otherwise copy all of them to the wider one.
        borders = np.searchsorted(actor, (np.arange(num_parts) * actors_per_part).astype(actor.dtype))
    return [PeriodEvents(actor[begin:end], period[begin:end]) for begin, end in pairwise([*borders.tolist(), len(actor)])]
