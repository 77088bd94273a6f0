"""Who was there on which day, one bit each: what retention, lifecycle and stickiness are counted from. Arrays in, arrays out.

A week, a month or a longer time is the OR of its days, so one pass over the events answers every later question. The bits lie byte by
byte of the calendar (all actors' first eight days, then their next eight), so that one period is a few long rows of memory: a million
people and a year are 46 MB, and a question about them takes milliseconds.

`day_bits` makes the part of some rows, `merge_days` puts parts together, in any order and however the rows were divided.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.integer[Any]]

MAX_CELLS_PER_ROW = 64
"""Actors x days are marked one by one unless there are more of them than this for each row: then rows are sorted instead."""
MIN_CELLS = 1 << 22
NEVER = 1 << 62


@dataclass(frozen=True, slots=True)
class DayBitmap:
    """`actor` (A,) codes, ascending, each once; `bits` (B, A): bit d of byte b = there on day `first_day + 8 * b + d` (local days)."""

    first_day: int
    actor: NDArray[np.int64]
    bits: NDArray[np.uint8]

    def active(self, begin: int, end: int) -> NDArray[np.bool_]:
        """(A,) was the actor there on any day of [begin, end)?"""
        found = np.zeros(len(self.actor), dtype=np.uint8)
        for byte, mask in self._bytes(begin, end):
            found |= self.bits[byte] if mask == 0xFF else self.bits[byte] & np.uint8(mask)
        return np.not_equal(found, 0)

    def num_days(self, begin: int, end: int) -> NDArray[np.int64]:
        """(A,) on how many days of [begin, end)?"""
        found = np.zeros(len(self.actor), dtype=np.int64)
        for byte, mask in self._bytes(begin, end):
            found += np.bitwise_count(self.bits[byte] & np.uint8(mask))
        return found

    def periods(self, edges: Sequence[int]) -> NDArray[np.bool_]:
        """(P, A) was the actor there in each of the P periods [edges[p], edges[p + 1]) of days?"""
        found = np.zeros((len(edges) - 1, len(self.actor)), dtype=np.bool_)
        for place in range(len(edges) - 1):
            found[place] = self.active(edges[place], edges[place + 1])
        return found

    def first(self) -> NDArray[np.int64]:
        """(A,) the first day of each actor; NEVER for one without any."""
        found = np.full(len(self.actor), NEVER, dtype=np.int64)
        for byte in range(len(self.bits) - 1, -1, -1):
            here = self.bits[byte]
            lowest = np.bitwise_count((here & -here) - np.uint8(1)).astype(np.int64)
            found = np.where(here > 0, self.first_day + 8 * byte + lowest, found)
        return found

    def rows(self, here: slice) -> DayBitmap:
        """The same days for a run of the actors."""
        return DayBitmap(self.first_day, self.actor[here], self.bits[:, here])

    def of(self, actors: Integers) -> DayBitmap:
        """The same days for exactly these actors, which must be ascending; nobody's days are empty."""
        place = np.minimum(np.searchsorted(self.actor, actors), max(len(self.actor) - 1, 0))
        bits = np.zeros((len(self.bits), len(actors)), dtype=np.uint8)
        if len(self.actor):
            known = self.actor[place] == actors
            bits[:, known] = self.bits[:, place[known]]
        return DayBitmap(self.first_day, actors.astype(np.int64), bits)

    def _bytes(self, begin: int, end: int) -> list[tuple[int, int]]:
        """(byte, mask) of the days [begin, end)."""
        low, high = max(begin - self.first_day, 0), min(end - self.first_day, 8 * len(self.bits))
        found = []
        for byte in range(low >> 3, (high + 7) >> 3) if low < high else ():
            from_bit, to_bit = max(low - 8 * byte, 0), min(high - 8 * byte, 8)
            found.append((byte, ((1 << to_bit) - 1) & ~((1 << from_bit) - 1)))
        return found


def day_bits(actor: Integers, day: Integers, first_day: int, num_days: int) -> DayBitmap:
    """The bitmap of some rows: actor (n,) and local day (n,), in any order. Raises ValueError for a day outside first..first + num - 1."""
    num_bytes = (num_days + 7) >> 3
    if not len(actor):
        return DayBitmap(first_day, np.empty(0, dtype=np.int64), np.zeros((num_bytes, 0), dtype=np.uint8))
    place = day - first_day
    if int(place.min()) < 0 or int(place.max()) >= num_days:
        raise ValueError("a day lies outside the bitmap")
    width = 8 * num_bytes
    low, high = int(actor.min()), int(actor.max())
    if (high - low + 1) * width <= max(MAX_CELLS_PER_ROW * len(actor), MIN_CELLS):
        codes = np.arange(low, high + 1)
        row = actor - actor.dtype.type(low)
    else:
        codes, row = np.unique(actor, return_inverse=True)
    # Half the memory where the numbers fit.
    row = row.astype(np.int32 if len(codes) * width < 1 << 31 else np.int64)
    row *= width
    row += place.astype(row.dtype)
    marks = np.zeros(len(codes) * width, dtype=np.bool_)
    marks[row] = True
    bits = np.packbits(marks, bitorder="little").reshape(len(codes), num_bytes)
    there = bits.any(axis=1)
    return DayBitmap(first_day, codes[there].astype(np.int64), np.ascontiguousarray(bits[there].T))


def merge_days(parts: Sequence[DayBitmap]) -> DayBitmap:
    """The bitmaps of parts of the rows put together. Raises ValueError for none, or for parts that cover other days."""
    if not parts:
        raise ValueError("nothing to merge")
    if len({(part.first_day, len(part.bits)) for part in parts}) > 1:
        raise ValueError("bitmaps of other days cannot be merged")
    actor = np.concatenate([part.actor for part in parts])
    bits = np.concatenate([part.bits for part in parts], axis=1)
    if np.all(actor[1:] > actor[:-1]):
        return DayBitmap(parts[0].first_day, actor, bits)
    order = np.argsort(actor, kind="stable")
    actor = actor[order]
    starts = np.flatnonzero(np.append(True, actor[1:] != actor[:-1])) if len(actor) else np.empty(0, dtype=np.int64)
    joined = np.bitwise_or.reduceat(bits[:, order], starts, axis=1) if len(starts) else bits
    return DayBitmap(parts[0].first_day, actor[starts], joined)
