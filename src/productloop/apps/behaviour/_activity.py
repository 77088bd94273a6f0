"""The days on which people did something, read from the store in one pass and kept in the workspace's cache.

What is kept depends on the version of the events, the merged identities, the zone, the events and the conditions asked for, and on
nothing else; a segment is a choice among the people of it and needs no new pass. The cache may be deleted at any time.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import arro3.core as arrow
import duckdb
import numpy as np
from numpy.typing import NDArray

from productloop.apps.behaviour._bitmap import DayBitmap, DayTable
from productloop.apps.behaviour._periods import PeriodUnit, period_index, period_start
from productloop.apps.behaviour._reading import Reading
from productloop.loop.action import Run

Rows = tuple[NDArray[np.integer[Any]], NDArray[np.int64]]
"""Actor codes and instants in microseconds."""
FORMAT = 2
ROWS_PER_PART = 1 << 15
"""Small parts stay in the processor's cache; fewer rows than this are not worth a part of their own."""


def activity(run: Run, source: Reading, names: Sequence[str] = (), *, filtered: bool = True) -> DayBitmap:
    """Who did any of `names` (none: anything) on which day, of all the data up to the end of the run's.

    `filtered`: only events that meet the conditions of the run's scope, done by people of its segment; its dates never matter here.
    """
    scope = run.scope.model_copy(update={"since": None, "until": None, "by": None, "segment": None, "product": None})
    scope = scope if filtered else type(scope)()
    folder = run.store.cache / "days"
    of_people = run.store.versions().get("actors") if scope.where else None  # a condition may be told by people's rows alone
    ends = (source.data_begin_us, source.data_end_us)
    parts = (FORMAT, run.time_zone, run.as_of, scope.model_dump(mode="json"), of_people, sorted(names), *ends)
    path = folder / f"{_digest(run.store.versions().get('events'), run.store.state.merges_mark())[:16]}-{_digest(*parts)[:24]}.npz"
    found = _kept(path)
    if found is None:
        narrowed = source.whole if scope == type(scope)() else run.store.narrowed(scope, run.time_zone, run.as_of)
        try:
            found = read_days(narrowed.db_of("events"), (source.data_begin_us, source.data_end_us), run.time_zone, names)
        finally:
            if narrowed is not source.whole:
                narrowed.close()
        _keep(path, found)
    if filtered and run.scope.segment is not None:
        members = run.store.columns("SELECT DISTINCT actor FROM segments WHERE segment = ?", [run.scope.segment])["actor"]
        inside = np.isin(found.actor, members)
        found = DayBitmap(found.first_day, found.actor[inside], found.bits[:, inside])
    return found


def day_edges(first: int, num: int, unit: PeriodUnit, weekday: int) -> list[int]:
    """The local days on which the periods first..first + num - 1 begin, and the day after the last."""
    return [int(day) for day in period_start(np.arange(first, first + num + 1), unit, weekday).astype("datetime64[D]").astype(np.int64)]


def read_days(db: duckdb.DuckDBPyConnection, ends_us: tuple[int, int], time_zone: str, names: Sequence[str]) -> DayBitmap:
    """The bitmap of the view `events` of a database, whose first and last instant are `ends_us`, in one pass."""
    first, last = (int(day) for day in period_index(np.array(ends_us, dtype=np.int64), time_zone, "day"))
    days = DayTable(first, last - first + 1)
    for actor, time_us in _batches(db, names):
        days.add(actor, period_index(time_us, time_zone, "day"))
    return days.bitmap()


def _batches(db: duckdb.DuckDBPyConnection, names: Sequence[str]) -> Iterator[Rows]:
    """(actor, time) of the events, some hundred thousand rows at a time: the whole table is never in memory."""
    where = f"AND name IN ({', '.join('?' * len(names))})" if names else ""
    query = f"SELECT actor, time FROM events WHERE actor IS NOT NULL AND time IS NOT NULL {where}"
    relation = db.cursor().sql(query, params=list(names))
    held: list[Rows] = []
    num_held = 0
    for batch in arrow.RecordBatchReader.from_stream(relation):
        held.append((batch.column(0).to_numpy(), batch.column(1).to_numpy()))
        num_held += len(held[-1][0])
        if num_held >= ROWS_PER_PART:
            yield _joined(held)
            held, num_held = [], 0
    if held:
        yield _joined(held)


def _joined(held: list[Rows]) -> Rows:
    if len(held) == 1:
        return held[0]
    return np.concatenate([actor for actor, _ in held]), np.concatenate([time_us for _, time_us in held])


def _digest(*parts: object) -> str:
    return hashlib.sha256(json.dumps(parts, sort_keys=True, default=str, ensure_ascii=False).encode()).hexdigest()


def _kept(path: Path) -> DayBitmap | None:
    """The kept bitmap; None where there is none or it cannot be read."""
    try:
        with np.load(path, allow_pickle=False) as file:
            return DayBitmap(int(file["first_day"]), file["actor"], file["bits"])
    except (OSError, ValueError, KeyError, BadZipFile):
        return None


def _keep(path: Path, found: DayBitmap) -> None:
    """Write it beside and rename, so that no reader sees half; what earlier versions of the events left is deleted. A full disk is no error."""
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_name(f"{path.stem}.{os.getpid()}.part")
        with beside.open("wb") as file:
            np.savez(file, first_day=found.first_day, actor=found.actor, bits=found.bits)
        beside.replace(path)
        for old in path.parent.glob("*.npz"):
            if old.name.split("-")[0] != path.name.split("-")[0]:
                with contextlib.suppress(OSError):
                    old.unlink()
