"""Who was there on which day, one bit each: what retention, lifecycle and stickiness are counted from. Arrays in, arrays out.

A week, a month or a longer time is the OR of its days, so one pass over the events answers every later question. The bits lie byte by
byte of the calendar (all actors' first eight days, then their next eight), so that one period is a few long rows of memory: a million
people and a year are 46 MB, and a question about them takes milliseconds.

`DayTable` gathers rows that come one array after another, in any order and however they are divided: the part of an array is the bytes it
marks, merging is OR.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.integer[Any]]

MARKED_CELLS = 1 << 23
"""Actors x days that are marked a byte each before they become bits: 8 MB. A byte is set three times faster than a bit.

Only the days of the rows that come are marked: an import brings a few days of many people, a compacted file a few people of all days."""
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
    """The bitmap of rows that come one array after another, in any order; quickest if actors and days that lie near each other come together.

    For dense codes: from 0 to the highest, each has its row of bits.
    """

    def __init__(self, first_day: int, num_days: int) -> None:
        self._first_day, self._num_days = first_day, num_days
        self._bits = np.zeros(((num_days + 7) >> 3, 0), dtype=np.uint8)
        self._marks = np.zeros(MARKED_CELLS, dtype=np.bool_)
        # What is marked and not bits yet: actors from `_begin` to before `_end`, the bytes of days `_days`.
        self._begin = self._end = 0
        self._days = slice(0, 0)

    def add(self, actor: Integers, day: Integers) -> None:
        """Take in rows: actor (n,) from 0 on and local day (n,). Raises ValueError for a day outside first..first + num - 1."""
        if not len(actor):
            return
        first, last = int(day.min()) - self._first_day, int(day.max()) - self._first_day
        if first < 0 or last >= self._num_days:
            raise ValueError("a day lies outside the bitmap")
        low, high = int(actor.min()), int(actor.max())
        if not self._has_marks_for(low, high, first >> 3, last >> 3):
            self._keep_marks()
            self._begin = self._end = low
            self._days = slice(first >> 3, (last >> 3) + 1)
            if not self._has_marks_for(low, high, first >> 3, last >> 3):
                self._set_bits(actor, np.subtract(day, self._first_day, dtype=np.int64))
                return
        self._end = max(self._end, high + 1)
        place = np.multiply(actor, self._width, dtype=np.intp)
        place += day
        place -= self._begin * self._width + self._first_day + 8 * self._days.start
        self._marks[place] = True

    def bitmap(self) -> DayBitmap:
        """The bitmap of all rows so far."""
        self._keep_marks()
        actor = np.flatnonzero(np.bitwise_or.reduce(self._bits, axis=0))
        return DayBitmap(self._first_day, actor, self._bits.take(actor, axis=1))

    @property
    def _width(self) -> int:
        """Days a marked actor has."""
        return 8 * (self._days.stop - self._days.start)

    def _has_marks_for(self, low: int, high: int, first_byte: int, last_byte: int) -> bool:
        days_fit = self._days.start <= first_byte and last_byte < self._days.stop
        return days_fit and self._begin <= low and (high + 1 - self._begin) * self._width <= len(self._marks)

    def _set_bits(self, actor: Integers, place: NDArray[np.int64]) -> None:
        """Bit by bit, where actors lie too far from each other to be marked."""
        self._make_room(int(actor.max()) + 1)
        np.bitwise_or.at(self._bits, (place >> 3, actor), np.left_shift(1, place & 7).astype(np.uint8))

    def _keep_marks(self) -> None:
        if self._end > self._begin:
            self._make_room(self._end)
            marks = self._marks[: (self._end - self._begin) * self._width]
            packed = np.packbits(marks, bitorder="little").reshape(self._end - self._begin, -1)
            for byte, bits in enumerate(packed.T, self._days.start):
                self._bits[byte, self._begin : self._end] |= bits
            marks[:] = False
        self._begin = self._end

    def _make_room(self, num_actors: int) -> None:
        num_bytes, room = self._bits.shape
        if num_actors > room:
            bits = np.zeros((num_bytes, max(num_actors, 2 * room)), dtype=np.uint8)
            bits[:, :room] = self._bits
            self._bits = bits
