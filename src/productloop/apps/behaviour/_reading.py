"""What the behaviour kernels need of the store, as arrays: only the columns they use, step masks computed in SQL.

The range of a request binds the first step (or the start of a cohort) only, so events after its last day are read too: what happens
within the window after it still counts. What the data cover ends at the last event of the whole table, not of a filtered part.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from productloop.apps.behaviour import wording
from productloop.apps.behaviour._dictionary import EventNames
from productloop.apps.behaviour._funnel import StepEvents
from productloop.foundation.errors import UsageError, excerpt
from productloop.foundation.tables import BOOKKEEPING
from productloop.foundation.wording import Say
from productloop.loop.action import Run
from productloop.loop.scope import Scope
from productloop.loop.store import Store

FAR_US = 1 << 61
NOT_A_KIND = ("id", "actor", "name", "time", "item", "session", "value", "duration_ms", "properties")
"""Event columns that name a thing or measure it; all others may say what kind of event it is."""
MAX_PROPERTIES = 40
PROPERTY_SAMPLE = 20_000
MAX_LISTED = 12


@dataclass(frozen=True, slots=True)
class Split:
    """A column to split people by: its name, and its SQL over `events`."""

    name: str
    sql: str
    of_person: bool = False
    """The value is what is known of the person now, whatever it was at the event."""


class Reading:
    """The events of one request. `range_us` binds entries; `data_end_us` is the last instant that the events cover."""

    def __init__(self, run: Run, events: Store, whole: Store) -> None:
        self._events, self._whole = events, whole
        self._settings = run.settings
        start, end = run.scope.range_us(run.time_zone)
        self.range_us = (-FAR_US if start is None else start, FAR_US if end is None else end)
        self.data_begin_us, self.data_end_us = whole.time_span("events") or (0, 0)

    @property
    def whole(self) -> Store:
        """All events up to the end of the run's, of whatever scope."""
        return self._whole

    def rows(self, query: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Rows of a query over the events in scope."""
        return self._events.rows(query, parameters)

    def columns(self, query: str, parameters: Sequence[Any] = ()) -> dict[str, NDArray[Any]]:
        """Columns of a query over the events in scope."""
        return self._events.columns(query, parameters)

    def columns_of_events(self, query: str, parameters: Sequence[Any] = ()) -> dict[str, NDArray[Any]]:
        """Columns of numbers of a query that gives some of the events in scope, row by row."""
        return self._events.columns_of_rows(query, parameters, "events")

    @cached_property
    def names(self) -> tuple[str, ...]:
        """All event names of the workspace, the most frequent first."""
        return tuple(
            str(row[0])
            for row in self._whole.rows("SELECT name FROM events WHERE name IS NOT NULL GROUP BY name ORDER BY count(*) DESC, name")
        )

    @cached_property
    def event_names(self) -> EventNames:
        """What the events are called in both languages."""
        return EventNames(self._settings, self.names)

    def label(self, name: str) -> Say | str:
        """What a page calls an event; requests, files and commands keep its name."""
        return self.event_names.label(name)

    def checked(self, names: Sequence[str]) -> tuple[str, ...]:
        """The same names. Raises UsageError with the nearest name for one that never happened."""
        for name in names:
            if not self._happened(name) and self.names:
                raise UsageError(
                    wording.EVENT_UNKNOWN,
                    name=excerpt(name),
                    nearest=next(iter(self.event_names.find(name, "zh") + self.event_names.find(name, "en")), _nearest(name, self.names)),
                    known=", ".join(self.names[:MAX_LISTED]),
                )
        return tuple(names)

    def _happened(self, name: str) -> bool:
        """One row with that name is soon found; to list all names takes a look at every row."""
        if "names" in self.__dict__:
            return name in self.names
        return bool(self._whole.rows("SELECT 1 FROM events WHERE name = ? LIMIT 1", [name]))

    def step_events(self, steps: Sequence[str], all_events: bool) -> StepEvents:
        """The events that match a step (for the strict order: all), as arrays in stored order."""
        bits: dict[str, int] = {}
        for place, name in enumerate(steps):
            bits[name] = bits.get(name, 0) | 1 << place
        cases = " ".join(f"WHEN ? THEN {mask}" for mask in bits.values())
        where = "" if all_events else f"WHERE name IN ({', '.join('?' * len(bits))})"
        found = self.columns(
            f"SELECT actor, time, sequence::INTEGER AS sequence, (CASE name {cases} ELSE 0 END)::UTINYINT AS step_mask FROM events {where}",
            [*bits, *([] if all_events else bits)],
        )
        return StepEvents(found["actor"], found["time"], found["sequence"], found["step_mask"])

    def splits(self) -> tuple[Split, ...]:
        """Every column that may say what kind of person entered: declared ones, those an import brought, and properties."""
        hidden = {*NOT_A_KIND, *(name for name, _ in BOOKKEEPING)}
        columns = [name for name in self._whole.names("events") if name not in hidden]
        return (*(Split(name, f'"{name}"::VARCHAR') for name in columns), *(Split(name, _property(name)) for name in self._properties()))

    def split(self, name: str, *, of_people: bool = False) -> Split:
        """The column called `name`, of events or, with `of_people`, of people. Raises UsageError with the nearest one when there is none."""
        known = {split.name: split for split in self.splits()}
        if name not in known:
            columns = [column for column in self._whole.names("events") if column in ("item", "session", "value", "duration_ms")]
            known |= {column: Split(column, f'"{column}"::VARCHAR') for column in columns}
            if of_people:
                known = {split.name: split for split in self._person_splits()} | known
        if name not in known:
            raise UsageError(
                wording.BREAKDOWN_UNKNOWN, name=excerpt(name), nearest=_nearest(name, known), known=", ".join(list(known)[:MAX_LISTED])
            )
        return known[name]

    def _person_splits(self) -> tuple[Split, ...]:
        """The columns of people (plan, country, whatever an import brought), as newest known; the query names the table `events`."""
        if not self._whole.exists("actors"):
            return ()
        hidden = {"actor", "id", "name", "first_seen", "known_at", *(name for name, _ in BOOKKEEPING)}
        newest = '(SELECT arg_max("{}"::VARCHAR, (coalesce(known_at, 0), sequence)) FROM actors WHERE actors.actor = events.actor)'
        names = [name for name in self._whole.names("actors") if name not in hidden]
        return tuple(Split(name, newest.format(name.replace('"', '""')), of_person=True) for name in names)

    def _properties(self) -> list[str]:
        found = self._whole.rows(
            f"""
            SELECT k FROM (SELECT unnest(json_keys(properties)) AS k FROM
              (SELECT properties FROM events WHERE properties IS NOT NULL AND properties <> '{{}}' LIMIT {PROPERTY_SAMPLE}))
            GROUP BY k ORDER BY count(*) DESC, k LIMIT {MAX_PROPERTIES}
            """
        )
        return [str(row[0]) for row in found]

    def entry_values(self, entries: Sequence[str], splits: Sequence[Split]) -> tuple[NDArray[np.int64], dict[str, NDArray[Any]]]:
        """(actor (m,), values (m,) by column, None = not known) at each actor's first event of `entries` within the range.

        Actors are sorted. One pass: equal times are decided by the order within the import.
        """
        if not splits:
            return np.empty(0, dtype=np.int64), {}
        packed = ", ".join(f"'c{place}': {split.sql}" for place, split in enumerate(splits))
        start, end = self.range_us
        found = self.columns(
            f"""
            SELECT actor, unnest(arg_min({{{packed}}}, (time, sequence))) FROM events
            WHERE name IN ({", ".join("?" * len(entries))}) AND time >= ? AND time < ? GROUP BY actor ORDER BY actor
            """,
            [*entries, start, end],
        )
        return found["actor"].astype(np.int64), {split.name: found[f"c{place}"] for place, split in enumerate(splits)}


@contextmanager
def reading(run: Run) -> Iterator[Reading]:
    """The events of a run's scope without its last day, which binds entries only; closed at the end."""
    whole = run.store.narrowed(Scope(), run.time_zone, run.as_of)
    scope = run.scope.model_copy(update={"since": None, "until": None, "by": None})
    events = whole if scope == Scope() else run.store.narrowed(scope, run.time_zone, run.as_of)
    try:
        yield Reading(run, events, whole)
    finally:
        whole.close()
        if events is not whole:
            events.close()


def _property(name: str) -> str:
    path = "$." + json.dumps(name, ensure_ascii=False)
    return "json_extract_string(properties, '" + path.replace("'", "''") + "')"


def _nearest(name: str, known: Any) -> str:
    listed = list(known)
    folded = {entry.lower(): entry for entry in reversed(listed)}
    found = difflib.get_close_matches(name.lower(), folded, 1, 0)
    return folded[found[0]] if found else "-"
