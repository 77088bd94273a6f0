"""Days written as rows, for the kernels that count from the actor x day bitmap."""

from __future__ import annotations

from productloop.apps.behaviour._bitmap import DayBitmap, DayTable, Integers


def day_bits(actor: Integers, day: Integers, first_day: int, num_days: int) -> DayBitmap:
    """The bitmap of rows that come in one array."""
    table = DayTable(first_day, num_days)
    table.add(actor, day)
    return table.bitmap()
