"""Events of a request as visits see them: names as codes, some gathered into one step, some left out; sorted for the kernel."""

from __future__ import annotations

import fnmatch
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from productloop.apps.behaviour import paths_wording as wording
from productloop.apps.behaviour._paths_kernel import NO_SESSION, VisitEvents
from productloop.apps.behaviour._reading import Reading, Split
from productloop.foundation.errors import UsageError, excerpt
from productloop.foundation.wording import Say


@dataclass(frozen=True, slots=True)
class Steps:
    """The steps of a request: their names by code, and the code of every event that is looked at."""

    names: tuple[str, ...]
    """An event name, or the name of a group."""
    groups: frozenset[str]
    code_of: Mapping[str, int]

    def code(self, name: str | None) -> int | None:
        """The code of a step, None for None. Raises KeyError for a name that is no step."""
        return None if name is None else self.names.index(name) if name in self.names else self.code_of[name]

    def label(self, code: int, source: Reading) -> Say | str:
        """What a page calls the step."""
        return self.names[code] if self.names[code] in self.groups else source.label(self.names[code])


def steps_of(source: Reading, group: Sequence[str], ignore: Sequence[str]) -> Steps:
    """The steps of a request. Raises UsageError for a group without "=" or a pattern that no event matches."""
    members: dict[str, str] = {}
    groups = []
    for written in group:
        name, equals, patterns = written.partition("=")
        if not equals or not name.strip() or not patterns.strip():
            raise UsageError(wording.GROUP_UNREADABLE, group=excerpt(written))
        groups.append(name.strip())
        members |= {event: name.strip() for event in _matching(source, patterns.split("+")) if event not in members}
    left_out = set(_matching(source, ignore))
    seen = [name for name in source.names if name not in left_out]
    names = tuple(dict.fromkeys(members.get(name, name) for name in seen))
    place = {name: code for code, name in enumerate(names)}
    return Steps(names, frozenset(groups), {name: place[members.get(name, name)] for name in seen})


def _matching(source: Reading, patterns: Sequence[str]) -> list[str]:
    found: list[str] = []
    for pattern in (pattern.strip() for pattern in patterns):
        names = [name for name in source.names if fnmatch.fnmatchcase(name, pattern)]
        if not names:
            source.checked([pattern])  # a plain name gets the nearest one as a hint
        found += names
    return found


def visit_events(source: Reading, steps: Steps, own_sessions: bool, split: Split | None = None) -> tuple[VisitEvents, NDArray[Any]]:
    """(the events of all people, values (m,) of the split column by code; empty without one)."""
    rows = list(steps.code_of.items())
    session = ", e.session" if own_sessions else ""
    value = "" if split is None else f", {split.sql} AS split_value"
    query = f"SELECT actor, time, sequence::INTEGER AS sequence, c.code::INTEGER AS code{session}{value} FROM events e"
    known = ", ".join(["(?, ?)"] * len(rows)) or "(NULL, 0)"
    query += f" JOIN (VALUES {known}) c(known_name, code) ON e.name = c.known_name WHERE actor IS NOT NULL AND time IS NOT NULL"
    found = source.columns(query, [entry for row in rows for entry in row])
    actor, time_us = found["actor"], found["time"].astype(np.int64, copy=False)
    sessions = _codes(found["session"])[0] if own_sessions else None
    values, names = (None, np.empty(0, dtype=object)) if split is None else _codes(found["split_value"])
    order = _order(actor, time_us, found["sequence"], sessions)
    columns = [actor, time_us, found["code"], sessions, values]
    if order is not None:
        columns = [None if column is None else column[order] for column in columns]
    return VisitEvents(*columns), names  # type: ignore[arg-type]


def _order(
    actor: NDArray[Any], time_us: NDArray[np.int64], sequence: NDArray[Any], session: NDArray[Any] | None
) -> NDArray[np.int64] | None:
    """The order of the kernel; None where the rows are in it already."""
    if session is not None:
        return np.lexsort((sequence, time_us, session, actor))
    same = actor[1:] == actor[:-1]
    tied = same & (time_us[1:] == time_us[:-1])
    late = (actor[1:] < actor[:-1]) | (same & (time_us[1:] < time_us[:-1])) | (tied & (sequence[1:] < sequence[:-1]))
    return np.lexsort((sequence, time_us, actor)) if late.any() else None


def _codes(values: NDArray[Any]) -> tuple[NDArray[np.int64], NDArray[Any]]:
    """((n,) codes in the order of the sorted values, NO_SESSION where nothing is known; (m,) the values)."""
    known = np.array([value is not None for value in values], dtype=np.bool_)
    names, found = np.unique(values[known].astype(str), return_inverse=True)
    codes = np.full(len(values), NO_SESSION, dtype=np.int64)
    codes[known] = found
    return codes, names


def minutes(mean_us: float) -> float:
    """Microseconds as minutes."""
    return mean_us / 60e6
