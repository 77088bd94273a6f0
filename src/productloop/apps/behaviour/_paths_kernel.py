"""Visits and the paths through them: which step follows which, where visits end, what is repeated. Arrays in, frozen records out.

The rules, after PostHog's `paths_query_runner.py` (stored version), with what is ours said
- A visit ends where a person is silent for `silence_us` or longer (gap >= 30 minutes by default). With the data's own session ids a
  visit is all events of one person and id; events without an id are split by silence among themselves (ours).
- Equal events in a row are one step; how often they were repeated is kept (ours).
- start: the path begins at the first such step of the visit. end: it ends at the first such step (after the start, if both are given).
  Visits without it are left out.
- A path longer than `max_steps` is cut: from its beginning, or, with an end, to the last steps before it; with both ends the middle
  becomes one step MORE.
- The time of an edge runs from the first event of a step to the first event of the next one (ours).
- The range binds the first event of a visit. A visit is open while its person has been silent for less than `silence_us` at the end of
  the data: nobody knows yet whether it ends there (ours).

A person's visits are counted one by one, and people beside them: `visit_paths` of one partition of people, `merge` for all.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.signedinteger[Any]]
Flags = NDArray[np.bool_]

NONE, MORE = -1, -2
"""No step here; steps that were left out in the middle of a path with both ends."""
NO_SESSION = -1
ROWS_PER_PART = 1 << 20
MAX_CODES = 1 << 22
"""Range of codes that is counted in a table instead of sorted."""


@dataclass(frozen=True, slots=True)
class VisitEvents:
    """Events as arrays (n,), sorted by actor, then (with own sessions) session, then time and order within the import.

    `name` is the code of the step, >= 0. `session` is the code of the data's own session, NO_SESSION where it gives none; None = split
    by silence. `value` is the code of a column to split by, or None.
    """

    actor: Integers
    time_us: NDArray[np.int64]
    name: Integers
    session: Integers | None = None
    value: Integers | None = None

    def __len__(self) -> int:
        return len(self.actor)

    def part(self, rows: slice) -> VisitEvents:
        """The same for some rows."""
        session, value = (None if column is None else column[rows] for column in (self.session, self.value))
        return VisitEvents(self.actor[rows], self.time_us[rows], self.name[rows], session, value)


@dataclass(frozen=True, slots=True)
class PathsDefinition:
    """What is asked. `start` and `end` are codes of steps, None = the visit's own ends; `range_us` is half open."""

    silence_us: int
    max_steps: int
    range_us: tuple[int, int]
    data_end_us: int
    start: int | None = None
    end: int | None = None


@dataclass(frozen=True, slots=True)
class Visits:
    """The v visits with the asked path, by actor; k = max_steps.

    steps (v, k) codes, NONE where there is none: paths to an end stand at the right, all others at the left.
    time_us (v, k) of the first event of each step; begin_us, end_us, num_events (v,) of the whole visit; first, last (v,) its first and
    last step; value (v,) of the split column at its first event.
    """

    actor: NDArray[np.int64]
    steps: NDArray[np.int32]
    time_us: NDArray[np.int64]
    begin_us: NDArray[np.int64]
    end_us: NDArray[np.int64]
    num_events: NDArray[np.int64]
    first: NDArray[np.int32]
    last: NDArray[np.int32]
    is_open: Flags
    is_cut: Flags
    """More steps follow (or, before an end, came before) than are shown."""
    value: NDArray[np.int32]
    loops: Loops
    seen: Seen
    num_in_range: int
    """Visits in the range, with or without the asked start and end."""
    num_started: int
    """Of those, visits with the asked start."""

    def __len__(self) -> int:
        return len(self.actor)

    def of(self, keep: Flags) -> Visits:
        """The visits marked in `keep` (v,); loops, seen steps and totals stay those of all."""
        rows: dict[str, Any] = {name: getattr(self, name)[keep] for name in _BY_VISIT}
        return replace(self, **rows)


@dataclass(frozen=True, slots=True)
class Loops:
    """Steps of these visits, anywhere in them, that were done several times in a row: actor, step code, how many times in a row (>= 2)."""

    actor: NDArray[np.int64]
    step: NDArray[np.int32]
    times: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Seen:
    """One row per finished visit and step that happens anywhere in it: actor, step code, whether the visit ends on it."""

    actor: NDArray[np.int64]
    step: NDArray[np.int32]
    is_last: Flags


_BY_VISIT = ("actor", "steps", "time_us", "begin_us", "end_us", "num_events", "first", "last", "is_open", "is_cut", "value")


def visit_paths(events: VisitEvents, definition: PathsDefinition) -> Visits:
    """The visits of all people with the asked path. Raises ValueError for events that are not sorted by actor."""
    if len(events) and np.any(np.diff(events.actor) < 0):
        raise ValueError("events must be sorted by actor")
    bounds = _bounds(events.actor)
    return merge([_visits(events.part(slice(first, last)), definition) for first, last in itertools.pairwise(bounds)])


def merge(parts: Sequence[Visits]) -> Visits:
    """The visits of disjoint partitions of people put together, by actor. Raises ValueError for no part."""
    if not parts:
        raise ValueError("nothing to merge")
    by_visit = _by_actor(parts, _BY_VISIT)
    loops = Loops(**_by_actor([part.loops for part in parts], ("actor", "step", "times")))
    seen = Seen(**_by_actor([part.seen for part in parts], ("actor", "step", "is_last")))
    num_in_range, num_started = (sum(part.num_in_range for part in parts), sum(part.num_started for part in parts))
    return Visits(**by_visit, loops=loops, seen=seen, num_in_range=num_in_range, num_started=num_started)


def _by_actor(parts: Sequence[Any], names: Sequence[str]) -> dict[str, Any]:
    """The columns of all parts in the order of the actor, the first of them; equal actors keep their order."""
    joined = {name: np.concatenate([getattr(part, name) for part in parts]) for name in names}
    if not np.any(np.diff(joined["actor"]) < 0):
        return joined
    order = np.argsort(joined["actor"], kind="stable")
    return {name: column[order] for name, column in joined.items()}


def _bounds(actor: Integers) -> list[int]:
    """Row numbers between which whole people stand, about ROWS_PER_PART apart."""
    found = [0]
    while found[-1] < len(actor):
        near = min(found[-1] + ROWS_PER_PART, len(actor))
        found.append(near if near == len(actor) else int(np.searchsorted(actor, actor[near - 1], side="right")))
    return found if len(found) > 1 else [0, 0]


def _visits(events: VisitEvents, definition: PathsDefinition) -> Visits:
    """One partition."""
    begins = _visit_begins(events, definition.silence_us)
    visit_first = np.flatnonzero(begins)
    visit_last = np.append(visit_first[1:], len(events))[: len(visit_first)] - 1
    run_first = np.flatnonzero(begins | _changed(events.name))
    num_repeats = np.diff(np.append(run_first, len(events)))
    first_run = np.searchsorted(run_first, visit_first)
    after_run = np.append(first_run[1:], len(run_first))[: len(first_run)]
    begin_us = events.time_us[visit_first]
    in_range = (begin_us >= definition.range_us[0]) & (begin_us < definition.range_us[1])
    run_visit = np.repeat(np.arange(len(visit_first)), after_run - first_run)
    run_name = events.name[run_first]
    begin, stop = first_run.copy(), after_run.copy()
    kept = in_range.copy()
    if definition.start is not None:
        begin = _first_of(run_name, run_visit, definition.start, first_run, after_run)
        kept &= begin < after_run
    num_started = int(np.count_nonzero(kept))
    if definition.end is not None:
        after = begin + 1 if definition.start is not None else begin
        stop = _first_of(run_name, run_visit, definition.end, np.minimum(after, after_run), after_run) + 1
        kept &= stop <= after_run
    row = np.flatnonzero(kept)
    place, is_cut = _places(begin[row], stop[row], definition)
    steps = np.where(place >= 0, run_name[np.maximum(place, 0)], place) if len(run_name) else place
    times = np.where(place >= 0, events.time_us[run_first[np.maximum(place, 0)]], 0) if len(run_name) else np.zeros(place.shape, np.int64)
    looped = np.flatnonzero(kept[run_visit] & (num_repeats > 1))
    end_us = events.time_us[visit_last]
    is_open = definition.data_end_us - end_us < definition.silence_us
    value = np.full(len(visit_first), NONE) if events.value is None else events.value[visit_first]
    return Visits(
        actor=events.actor[visit_first[row]].astype(np.int64),
        steps=steps.astype(np.int32),
        time_us=times.astype(np.int64),
        begin_us=begin_us[row],
        end_us=end_us[row],
        num_events=(visit_last - visit_first + 1)[row].astype(np.int64),
        first=events.name[visit_first[row]].astype(np.int32),
        last=events.name[visit_last[row]].astype(np.int32),
        is_open=is_open[row],
        is_cut=is_cut,
        value=value[row].astype(np.int32),
        loops=Loops(events.actor[run_first[looped]].astype(np.int64), run_name[looped].astype(np.int32), num_repeats[looped]),
        seen=_seen(events, run_visit, run_name, visit_first, visit_last, kept & ~is_open),
        num_in_range=int(np.count_nonzero(in_range)),
        num_started=num_started,
    )


def _seen(events: VisitEvents, run_visit: Integers, run_name: Integers, first: Integers, last: Integers, wanted: NDArray[np.int64]) -> Seen:
    """The different steps of the wanted visits."""
    inside = wanted[run_visit]
    most = int(run_name.max(initial=0)) + 1
    pair = np.sort(run_visit[inside] * most + run_name[inside])  # np.unique would hash, which is slower here by far
    pair = pair[np.append(True, pair[1:] != pair[:-1])[: len(pair)]]
    visit, step = pair // most, pair % most
    return Seen(events.actor[first[visit]].astype(np.int64), step.astype(np.int32), events.name[last[visit]] == step)


def _visit_begins(events: VisitEvents, silence_us: int) -> Flags:
    begins = np.ones(len(events), dtype=np.bool_)
    silent = events.time_us[1:] - events.time_us[:-1] >= silence_us
    other = events.actor[1:] != events.actor[:-1]
    if events.session is None:
        begins[1:] = other | silent
    else:
        begins[1:] = other | (events.session[1:] != events.session[:-1]) | (silent & (events.session[1:] == NO_SESSION))
    return begins


def _changed(name: Integers) -> Flags:
    changed = np.ones(len(name), dtype=np.bool_)
    changed[1:] = name[1:] != name[:-1]
    return changed


def _first_of(
    run_name: Integers, run_visit: NDArray[np.int64], wanted: int, begin: NDArray[np.int64], stop: NDArray[np.int64]
) -> NDArray[np.int64]:
    """(visits,) the first run of the wanted step in [begin, stop) of each visit; `stop` where there is none."""
    there = np.flatnonzero(run_name == wanted)
    there = there[there >= begin[run_visit[there]]]
    found = stop.copy()
    visit, first = np.unique(run_visit[there], return_index=True)
    found[visit] = there[first]
    return found


def _places(begin: NDArray[np.int64], stop: NDArray[np.int64], definition: PathsDefinition) -> tuple[NDArray[np.int64], Flags]:
    """((v, k) run of each step, NONE or MORE; (v,) whether the path was cut)."""
    most = definition.max_steps
    column = np.arange(most)[None, :]
    length = stop - begin
    is_cut = length > most
    if definition.end is not None and definition.start is None:
        place = stop[:, None] - most + column
        return np.where(place >= begin[:, None], place, NONE), is_cut
    place = begin[:, None] + column
    place = np.where(place < stop[:, None], place, NONE)
    if definition.end is not None:
        num_head = most // 2
        tail = stop[:, None] - most + column
        place = np.where(is_cut[:, None], np.where(column < num_head, place, np.where(column == num_head, MORE, tail)), place)
    return place, is_cut


# ---------------------------------------------------------------- what the visits say


@dataclass(frozen=True, slots=True)
class Edges:
    """One row per step that follows another, the most people first: arrays (e,).

    place is the column of the earlier step, before and after the codes of both; times in microseconds, NaN beside MORE.
    """

    place: NDArray[np.int64]
    before: NDArray[np.int64]
    after: NDArray[np.int64]
    num_visits: NDArray[np.int64]
    num_people: NDArray[np.int64]
    mean_us: NDArray[np.float64]
    median_us: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.place)


def edges_of(visits: Visits) -> Edges:
    """Every pair of steps one after the other, by people, then visits, then place."""
    row, place = np.nonzero((visits.steps[:, :-1] != NONE) & (visits.steps[:, 1:] != NONE))
    before, after = visits.steps[row, place].astype(np.int64), visits.steps[row, place + 1].astype(np.int64)
    took = (visits.time_us[row, place + 1] - visits.time_us[row, place]).astype(np.float64)
    took[(before == MORE) | (after == MORE)] = np.nan
    most = int(visits.steps.max(initial=0)) + 3
    key = (place * most + before + 2) * most + after + 2
    found, edge = _numbered(key)
    num_visits = np.bincount(edge, minlength=len(found))
    num_people = _num_people(edge, visits.actor[row], len(found))
    first = np.append(0, np.cumsum(num_visits))
    ordered = took[_by_group(edge, len(found))]
    middle = np.array([np.median(ordered[first[place] : first[place + 1]]) for place in range(len(found))])
    mean = np.bincount(edge, weights=took, minlength=len(found)) / np.maximum(num_visits, 1)
    rank = np.lexsort((found, -num_visits, -num_people))
    return Edges(
        place=(found // most**2)[rank],
        before=(found // most % most - 2)[rank],
        after=(found % most - 2)[rank],
        num_visits=num_visits[rank].astype(np.int64),
        num_people=num_people[rank],
        mean_us=mean[rank],
        median_us=middle[rank],
    )


def _numbered(codes: NDArray[Any]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """((m,) different codes, ascending; (n,) which of them each is): `np.unique`, without sorting where the codes are small."""
    low, high = (int(codes.min()), int(codes.max())) if len(codes) else (0, 0)
    if high - low >= MAX_CODES:
        found, number = np.unique(codes, return_inverse=True)
        return found.astype(np.int64), number.astype(np.int64)
    shifted = codes.astype(np.int64) - low
    seen = np.bincount(shifted, minlength=high - low + 1) > 0
    if not len(codes):
        seen[:] = False
    return np.flatnonzero(seen) + low, (np.cumsum(seen) - 1)[shifted]


def _by_group(group: NDArray[np.int64], num_groups: int) -> NDArray[np.int64]:
    """(n,) rows by group, in their order within each; NumPy sorts 16-bit numbers by radix, ten times as fast as others."""
    return np.argsort(group.astype(np.uint16) if num_groups <= 1 << 16 else group, kind="stable")


def _num_people(group: NDArray[np.int64], actor: NDArray[np.int64], num_groups: int) -> NDArray[np.int64]:
    """(groups,) different actors of each group."""
    order = _by_group(group, num_groups) if not np.any(np.diff(actor) < 0) else np.lexsort((actor, group))
    its, person = group[order], actor[order]
    is_new = np.ones(len(its), dtype=np.bool_)
    is_new[1:] = (its[1:] != its[:-1]) | (person[1:] != person[:-1])
    return np.bincount(its[is_new], minlength=num_groups)


def most_frequent(codes: NDArray[Any], actor: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """(code, rows, people) of each code, the most rows first."""
    found, group = _numbered(codes)
    num_rows = np.bincount(group, minlength=len(found))
    num_people = _num_people(group, actor, len(found))
    rank = np.lexsort((found, -num_rows))
    return found[rank], num_rows[rank], num_people[rank]
