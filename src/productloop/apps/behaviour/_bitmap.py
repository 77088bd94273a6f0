"""Who was there on which day, one bit each: what retention, lifecycle and stickiness are counted from. Arrays in, arrays out.

A week, a month or a longer time is the OR of its days, so one pass over the events answers every later question. The bits lie byte by
byte of the calendar (all actors' first eight days, then their next eight), so that one period is a few long rows of memory: a million
people and a year are 46 MB, and a question about them takes milliseconds.

`DayTable` gathers rows that come one array after another, `day_bits` is the part of one array, `merge_days` puts parts together, in any
order and however the rows were divided.
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
MARKED_CELLS = 1 << 23
"""Actors x days that are marked a byte each before they become bits: 8 MB. A byte is set three times faster than a bit."""
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


class DayTable:
    """The bitmap of rows that come one array after another, in any order; quickest if actors that lie near each other come together.

    For dense codes: from 0 to the highest, each has its row of bits.
    """

    def __init__(self, first_day: int, num_days: int) -> None:
        self._first_day, self._num_days = first_day, num_days
        self._width = 8 * ((num_days + 7) >> 3)
        self._bits = np.zeros((0, self._width >> 3), dtype=np.uint8)
        self._marks = np.zeros((max(1, MARKED_CELLS // self._width), self._width), dtype=np.bool_)
        self._begin = self._end = 0  # the actors whose marks are not bits yet

    def add(self, actor: Integers, day: Integers) -> None:
        """Take in rows: actor (n,) from 0 on and local day (n,). Raises ValueError for a day outside first..first + num - 1."""
        if not len(actor):
            return
        place = np.subtract(day, self._first_day, dtype=np.int64)
        if int(place.min()) < 0 or int(place.max()) >= self._num_days:
            raise ValueError("a day lies outside the bitmap")
        low, high = int(actor.min()), int(actor.max())
        if high - low >= len(self._marks):
            self._make_room(high + 1)
            np.bitwise_or.at(self._bits, (actor, place >> 3), np.left_shift(1, place & 7).astype(np.uint8))
            return
        if low < self._begin or high >= self._begin + len(self._marks):
            self._keep_marks()
            self._begin = self._end = low
        self._end = max(self._end, high + 1)
        row = np.subtract(actor, self._begin, dtype=np.int64)
        row *= self._width
        place += row
        self._marks.reshape(-1)[place] = True

    def bitmap(self) -> DayBitmap:
        """The bitmap of all rows so far."""
        self._keep_marks()
        bits = np.ascontiguousarray(self._bits.T)
        actor = np.flatnonzero(bits.any(axis=0))
        return DayBitmap(self._first_day, actor, bits[:, actor])

    def _keep_marks(self) -> None:
        if self._end > self._begin:
            self._make_room(self._end)
            marks = self._marks[: self._end - self._begin]
            self._bits[self._begin : self._end] |= np.packbits(marks.reshape(-1), bitorder="little").reshape(len(marks), -1)
            marks[:] = False
        self._begin = self._end

    def _make_room(self, num_actors: int) -> None:
        if num_actors > len(self._bits):
            bits = np.zeros((max(num_actors, 2 * len(self._bits)), self._bits.shape[1]), dtype=np.uint8)
            bits[: len(self._bits)] = self._bits
            self._bits = bits


def day_bits(actor: Integers, day: Integers, first_day: int, num_days: int) -> DayBitmap:
    """The bitmap of some rows: actor (n,), any codes, and local day (n,), in any order. Raises ValueError as `DayTable.add`."""
    low, high = (int(actor.min()), int(actor.max())) if len(actor) else (0, 0)
    if (high - low + 1) * num_days <= max(MAX_CELLS_PER_ROW * len(actor), MIN_CELLS):
        codes, number = np.arange(low, high + 1), actor - actor.dtype.type(low)
    else:
        codes, number = np.unique(actor, return_inverse=True)
    table = DayTable(first_day, num_days)
    table.add(number, day)
    found = table.bitmap()
    return DayBitmap(first_day, codes[found.actor].astype(np.int64), found.bits)


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
