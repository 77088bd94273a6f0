"""Paths against a slow reference written from the rule, any partitioning gives the same answer, and the cases of the rule one by one."""

from __future__ import annotations

import statistics
from collections import Counter
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from productloop.apps.behaviour._paths_kernel import (
    MORE,
    NO_SESSION,
    NONE,
    PathsDefinition,
    VisitEvents,
    Visits,
    edges_of,
    merge,
    visit_paths,
)

Rows = list[tuple[int, int, int, int]]
"""(actor, time, name, session)."""
FAR = (-(10**9), 10**9)
A, B, C, D = range(4)


def events_of(rows: Rows, own: bool) -> VisitEvents:
    """The rows as the kernel takes them, ties in the order given."""
    ordered = sorted(rows, key=(lambda row: (row[0], row[3], row[1])) if own else (lambda row: (row[0], row[1])))
    columns = [np.array([row[place] for row in ordered], dtype=np.int64) for place in range(4)]
    return VisitEvents(columns[0], columns[1], columns[2], columns[3] if own else None, columns[2])


def asked(
    silence: int = 30, most: int = 5, start: int | None = None, end: int | None = None, limits: tuple[int, int] = FAR
) -> PathsDefinition:
    """A definition whose data end at 1000."""
    return PathsDefinition(silence, most, limits, 1000, start, end)


def lived(*words: str) -> Rows:
    """Events of one person: "a0 b5" is A at 0, B at 5."""
    return [(1, int(word[1:]), "abcd".index(word[0]), NO_SESSION) for word in " ".join(words).split()]


def shown(visits: Visits) -> list[str]:
    """Paths as text: "-" where no step is, "~" for steps left out."""
    return ["".join("-" if code == NONE else "~" if code == MORE else "abcd"[code] for code in row) for row in visits.steps.tolist()]


@dataclass
class Slow:
    """What the reference says of one visit."""

    actor: int
    steps: list[tuple[int, int]]
    begin: int
    end: int
    last: int
    is_open: bool
    is_cut: bool
    value: int


def slowly(rows: Rows, own: bool, rule: PathsDefinition) -> tuple[list[Slow], Counter[tuple[int, int, int]]]:
    """The rule, event by event: visits with their paths, and how often (actor, step, times) was a loop."""
    found: list[Slow] = []
    loops: Counter[tuple[int, int, int]] = Counter()
    for visit in _split(rows, own, rule.silence_us):
        runs: list[list[int]] = []
        for _, time, name, _ in visit:
            if runs and runs[-1][0] == name:
                runs[-1][2] += 1
            else:
                runs.append([name, time, 1])
        if not rule.range_us[0] <= visit[0][1] < rule.range_us[1]:
            continue
        path = [(name, time) for name, time, _ in runs]
        names = [name for name, _ in path]
        if rule.start is not None:
            if rule.start not in names:
                continue
            path = path[names.index(rule.start) :]
            names = [name for name, _ in path]
        if rule.end is not None:
            after = 1 if rule.start is not None else 0
            if rule.end not in names[after:]:
                continue
            path = path[: names.index(rule.end, after) + 1]
        loops.update((visit[0][0], name, times) for name, _, times in runs if times > 1)
        is_cut = len(path) > rule.max_steps
        if is_cut and rule.end is None:
            path = path[: rule.max_steps]
        elif is_cut and rule.start is None:
            path = path[-rule.max_steps :]
        elif is_cut:
            num_head = rule.max_steps // 2
            path = [*path[:num_head], (MORE, 0), *path[len(path) - (rule.max_steps - num_head - 1) :]]
        last = visit[-1]
        is_open = rule.data_end_us - last[1] < rule.silence_us
        found.append(Slow(last[0], path, visit[0][1], last[1], last[2], is_open, is_cut, visit[0][2]))
    return found, loops


def _split(rows: Rows, own: bool, silence: int) -> list[Rows]:
    visits: list[Rows] = []
    for actor in sorted({row[0] for row in rows}):
        mine = [row for row in rows if row[0] == actor]
        for session in sorted({row[3] for row in mine}) if own else [None]:
            its = sorted((row for row in mine if session is None or row[3] == session), key=lambda row: row[1])
            for place, row in enumerate(its):
                silent = place > 0 and row[1] - its[place - 1][1] >= silence and session in (None, NO_SESSION)
                if place == 0 or silent:
                    visits.append([])
                visits[-1].append(row)
    return visits


rows_strategy = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 120), st.integers(0, 3), st.integers(-1, 1)), max_size=40)
rules = st.builds(
    PathsDefinition,
    silence_us=st.integers(1, 40),
    max_steps=st.integers(2, 5),
    range_us=st.sampled_from([FAR, (20, 90)]),
    data_end_us=st.just(125),
    start=st.sampled_from([None, A, B]),
    end=st.sampled_from([None, A, C]),
)


@settings(max_examples=300, deadline=None)
@given(rows=rows_strategy, own=st.booleans(), rule=rules)
def test_kernel_says_what_the_slow_reference_says(rows: Rows, own: bool, rule: PathsDefinition) -> None:
    visits = visit_paths(events_of(rows, own), rule)
    expected, loops = slowly(rows, own, rule)
    width, right = rule.max_steps, rule.end is not None and rule.start is None
    for row, visit in enumerate(expected):
        codes = [code for code, _ in visit.steps]
        blank = [NONE] * (width - len(codes))
        assert visits.steps[row].tolist() == (blank + codes if right else codes + blank)
        times = [time for time, code in zip(visits.time_us[row].tolist(), visits.steps[row].tolist(), strict=True) if code >= 0]
        assert times == [time for code, time in visit.steps if code >= 0]
        assert (visits.actor[row], visits.begin_us[row], visits.end_us[row], visits.last[row]) == (
            visit.actor,
            visit.begin,
            visit.end,
            visit.last,
        )
        assert (visits.is_open[row], visits.is_cut[row], visits.value[row]) == (visit.is_open, visit.is_cut, visit.value)
    assert len(visits) == len(expected)
    assert Counter(zip(*(getattr(visits.loops, name).tolist() for name in ("actor", "step", "times")), strict=True)) == loops


@settings(max_examples=150, deadline=None)
@given(rows=rows_strategy, rule=rules)
def test_edges_are_those_counted_one_by_one(rows: Rows, rule: PathsDefinition) -> None:
    edges = edges_of(visit_paths(events_of(rows, False), rule))
    expected: dict[tuple[int, int, int], list[tuple[int, int]]] = {}
    for visit in slowly(rows, False, rule)[0]:
        offset = rule.max_steps - len(visit.steps) if rule.end is not None and rule.start is None else 0
        for place in range(len(visit.steps) - 1):
            (before, first), (after, then) = visit.steps[place], visit.steps[place + 1]
            expected.setdefault((place + offset, before, after), []).append((visit.actor, then - first))
    found = list(zip(edges.place.tolist(), edges.before.tolist(), edges.after.tolist(), strict=True))
    assert sorted(found) == sorted(expected)
    assert edges.num_people.tolist() == sorted(edges.num_people.tolist(), reverse=True)
    for row, edge in enumerate(found):
        passed = expected[edge]
        assert edges.num_visits[row] == len(passed)
        assert edges.num_people[row] == len({actor for actor, _ in passed})
        if MORE in edge[1:]:
            assert np.isnan(edges.mean_us[row])
        else:
            times = [time for _, time in passed]
            assert edges.mean_us[row] == pytest.approx(statistics.mean(times))
            assert edges.median_us[row] == statistics.median(times)


@settings(max_examples=100, deadline=None)
@given(rows=rows_strategy, own=st.booleans(), rule=rules, order=st.permutations(range(4)))
def test_any_partition_of_people_gives_the_same_answer(rows: Rows, own: bool, rule: PathsDefinition, order: list[int]) -> None:
    whole = visit_paths(events_of(rows, own), rule)
    parts = [visit_paths(events_of([row for row in rows if row[0] == actor], own), rule) for actor in order]
    joined = merge(parts)
    for name in ("actor", "steps", "time_us", "begin_us", "end_us", "num_events", "first", "last", "is_open", "is_cut", "value"):
        assert np.array_equal(getattr(joined, name), getattr(whole, name)), name
    for table, names in (("loops", ("actor", "step", "times")), ("seen", ("actor", "step", "is_last"))):
        for name in names:
            assert np.array_equal(getattr(getattr(joined, table), name), getattr(getattr(whole, table), name))
    assert (joined.num_in_range, joined.num_started) == (whole.num_in_range, whole.num_started)


def test_a_visit_ends_after_exactly_the_silence() -> None:
    assert shown(visit_paths(events_of(lived("a0 b29 c59"), False), asked())) == ["ab---", "c----"]


def test_equal_events_in_a_row_are_one_step_and_counted_as_a_loop() -> None:
    visits = visit_paths(events_of(lived("a0 b1 b2 b3 a4"), False), asked())
    assert shown(visits) == ["aba--"]
    assert (visits.loops.step.tolist(), visits.loops.times.tolist()) == ([B], [3])
    assert visits.time_us[0].tolist() == [0, 1, 4, 0, 0]


@pytest.mark.parametrize(
    ("start", "end", "path"),
    [(None, None, "abc"), (B, None, "bca"), (None, D, "bad"), (A, D, "a~d"), (D, None, "d--"), (None, A, "--a"), (D, A, None)],
)
def test_where_a_path_begins_and_ends(start: int | None, end: int | None, path: str | None) -> None:
    visits = visit_paths(events_of(lived("a0 b1 c2 b3 a4 d5"), False), asked(most=3, start=start, end=end))
    expected = {"bca": ["bcb"]}.get(path or "", [] if path is None else [path])
    assert shown(visits) == expected


def test_own_sessions_join_what_silence_would_split() -> None:
    rows = [(1, 0, A, 0), (1, 500, B, 0), (1, 510, C, 1)]
    assert shown(visit_paths(events_of(rows, True), asked())) == ["ab---", "c----"]
    assert shown(visit_paths(events_of(rows, False), asked())) == ["a----", "bc---"]


def test_a_visit_at_the_end_of_the_data_is_open() -> None:
    visits = visit_paths(events_of(lived("a0 b5 a970 c971"), False), asked())
    assert visits.is_open.tolist() == [False, True]
    assert visits.seen.step.tolist() == [A, B]
    assert visits.seen.is_last.tolist() == [False, True]


def test_unsorted_events_are_refused() -> None:
    events = VisitEvents(np.array([2, 1]), np.array([0, 0]), np.array([0, 0]))
    with pytest.raises(ValueError, match="sorted by actor"):
        visit_paths(events, asked())
