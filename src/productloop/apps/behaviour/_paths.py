"""`paths` from events to report: frequent ways, edges, where visits end, what is repeated, and two values beside each other.

Visits of one person are alike, so the interval of a share of visits takes people as the unit: the linearised variance of a ratio
over clusters (Cochran 1977, Sampling Techniques, 3rd ed., chapter 9A) gives the number of independent visits that carry as much, and
Wilson's interval is drawn for these. Two values are compared by the share of their people who ever took an edge, corrected for all
edges compared (Holm 1979).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from productloop.apps.behaviour import paths_wording as wording
from productloop.apps.behaviour._guess import guess_steps
from productloop.apps.behaviour._paths_flow import flow_of
from productloop.apps.behaviour._paths_kernel import MORE, NONE, PathsDefinition, Visits, edges_of, most_frequent, visit_paths
from productloop.apps.behaviour._reading import Reading, reading
from productloop.apps.behaviour._visits_reading import Steps, minutes, steps_of, visit_events
from productloop.apps.behaviour.paths_types import (
    Label,
    Leaving,
    Loop,
    NearStep,
    PathDifference,
    PathEdge,
    PathLine,
    PathsPart,
    PathsReport,
    PathsRequest,
    PathStep,
)
from productloop.foundation.errors import UsageError
from productloop.foundation.figures import Figure
from productloop.foundation.wording import Say, say
from productloop.learning.comparisons import fisher_tail, holm
from productloop.learning.intervals import Interval, difference_interval, share_interval
from productloop.loop import wording as loop_wording
from productloop.loop.action import Run, is_simulated, require

MINUTE_US = 60_000_000
MAX_EDGES, MAX_NEAREST, MAX_FREQUENT, MAX_LEAVING, MAX_LOOPS, MAX_DIFFERENCES = 50, 8, 10, 10, 10, 20
MAX_PARTS = 2
MIN_PEOPLE = 10
"""Of both values together, below which an edge is not compared."""
FEW_VISITS = 30
ONE_EVENT_SHARE = 0.5
"""Above this share of visits with a single step, paths say little."""


def answer_paths(run: Run, request: PathsRequest) -> PathsReport:
    """The report. Raises UsageError for an unknown event, pattern or column, MissingData without events."""
    require(run.store.exists("events"), loop_wording.NOTHING_IMPORTED, tables="events")
    with reading(run) as source:
        run.progress("read", 0, 2)
        steps = steps_of(source, request.group, request.ignore)
        start, end = (_code(name, steps, source) for name in (request.start, request.end))
        if request.own_sessions and not source.rows("SELECT 1 FROM events WHERE session IS NOT NULL LIMIT 1"):
            raise UsageError(wording.NO_SESSIONS)
        split = None if run.scope.by is None else source.split(run.scope.by)
        events, values = visit_events(source, steps, request.own_sessions, split)
        run.progress("count", 1, 2)
        silence_us = round(request.silence_minutes * MINUTE_US)
        definition = PathsDefinition(silence_us, request.max_steps, source.range_us, source.data_end_us, start, end)
        visits = visit_paths(events, definition)
        funnel = run.settings.words("behaviour.funnel") or guess_steps(source)
        goal = steps.code(funnel[-1]) if len(funnel) > 1 and (funnel[-1] in steps.names or funnel[-1] in steps.code_of) else None
        return _report(run, request, visits, _Naming(steps, source, goal), [str(value) for value in values], (start, end))


class _Naming:
    """What pages call the steps, which names were used, and the step that the default funnel ends with."""

    def __init__(self, steps: Steps, source: Reading, goal: int | None) -> None:
        self._steps, self._source, self.goal = steps, source, goal
        self.used: dict[str, Label] = {}

    def __call__(self, code: int) -> Label:
        if code == MORE:
            return say("behaviour.label.more_steps")
        label = self._steps.label(code, self._source)
        self.used[self._steps.names[code]] = label
        return label


def _code(name: str | None, steps: Steps, source: Reading) -> int | None:
    """The code of an asked step. Raises UsageError for one that never happened or is left out."""
    if name is None:
        return None
    if name not in steps.names and name not in steps.code_of:
        source.checked([name])
        raise UsageError(wording.STEP_IGNORED, name=name)
    return steps.code(name)


def _report(
    run: Run, request: PathsRequest, visits: Visits, naming: _Naming, values: Sequence[str], asked: tuple[int | None, int | None]
) -> PathsReport:
    start_label, end_label = (None if code is None else naming(code) for code in asked)
    has_visits = len(visits) > 0
    edges, num_edges = _edges(run, visits, naming)
    parts, differences = _parts(run, request, visits, naming, values)
    both = request.start is not None and request.end is not None
    reached = share_interval(len(visits), visits.num_started) if both else None
    return PathsReport(
        **run.frame("behaviour.paths", ("events",)),
        cautions=_cautions(run, request, visits),
        state="ok" if has_visits else "none",
        start=request.start,
        end=request.end,
        start_label=start_label,
        end_label=end_label,
        silence_minutes=request.silence_minutes,
        own_sessions=request.own_sessions,
        max_steps=request.max_steps,
        visits=run.figure("visits", len(visits), "visits", "behaviour.d.visits"),
        people=run.figure("people", len(np.unique(visits.actor)), "people", "behaviour.d.visit_people"),
        reached=run.figure(
            "reached",
            reached.value if reached else None,
            "share",
            "behaviour.d.path_reached",
            n=visits.num_started if reached else None,
            interval=(reached.low, reached.high) if reached else None,
        ),
        nearest=_nearest(run, request, visits, naming),
        frequent=_frequent(run, request, visits, naming),
        edges=edges,
        num_edges=num_edges,
        steps=_steps(run, visits) if request.end is None else (),
        leaving=_leaving(run, visits, naming) if request.end is None else (),
        loops=_loops(run, visits, naming),
        flow=flow_of(visits, naming, ends=request.end is None),
        by=run.scope.by,
        parts=parts,
        differences=differences,
        named=tuple(naming.used.items()),
    )


def share_of_visits(hits: NDArray[np.bool_], actor: NDArray[np.int64]) -> Interval:
    """Interval of the share of visits (n,) that are hits, people being the unit; no visits: NaN, 0 and 1."""
    if len(hits) == 0:
        return share_interval(0, 0)
    person = np.unique(actor, return_inverse=True)[1]
    num_visits = np.bincount(person)
    num_hits = np.bincount(person, weights=hits)
    share, num_people = float(hits.mean()), len(num_visits)
    spread = float(np.sum((num_hits - share * num_visits) ** 2)) * num_people / max(num_people - 1, 1) / len(hits) ** 2
    independent = min(share * (1 - share) / spread, float(len(hits))) if spread > 0 else float(min(num_people, len(hits)))
    interval = share_interval(share * independent, independent)
    return Interval(share, interval.low, interval.high)


def share_figure(run: Run, name: str, hits: NDArray[np.bool_], actor: NDArray[np.int64], definition: str) -> Figure:
    """The share of visits as a figure."""
    found = share_of_visits(hits, actor)
    return run.figure(name, found.value, "share", definition, n=len(hits), interval=(found.low, found.high))


def _frequent(run: Run, request: PathsRequest, visits: Visits, naming: _Naming) -> tuple[PathLine, ...]:
    if not len(visits):
        return ()
    found, group = np.unique(visits.steps, axis=0, return_inverse=True)
    group = group.reshape(-1)
    codes, num_visits, num_people = most_frequent(group, visits.actor)
    lines = []
    for place, (code, rows, people) in enumerate(zip(codes, num_visits, num_people, strict=True)):
        if place == MAX_FREQUENT or rows < 2:
            break
        cut = bool(np.any(visits.is_cut[group == code]))
        steps = [naming(int(step)) for step in found[code] if step != NONE]
        lines.append(
            PathLine(
                steps=tuple(_with_rest(request, steps) if cut else steps),
                share=share_figure(run, f"frequent_{place}", group == code, visits.actor, "behaviour.d.path_share"),
                visits=run.figure(f"frequent_{place}_visits", int(rows), "visits", "behaviour.d.visits"),
                people=run.figure(f"frequent_{place}_people", int(people), "people", "behaviour.d.visit_people"),
            )
        )
    return tuple(lines)


def _with_rest(request: PathsRequest, steps: list[Label]) -> list[Label]:
    """A cut path with dots where more steps lie; between two ends they stand in the middle already."""
    more = say("behaviour.label.more_steps")
    if request.end is None:
        return [*steps, more]
    return [more, *steps] if request.start is None else steps


def _nearest(run: Run, request: PathsRequest, visits: Visits, naming: _Naming) -> tuple[NearStep, ...]:
    """What comes right after the start, or right before the end; without both, what visits begin with."""
    column = 1 if request.start is not None else -2 if request.end is not None else 0
    steps = visits.steps[:, column]
    there = steps >= 0
    codes, _, num_people = most_frequent(steps[there], visits.actor[there])
    return tuple(
        NearStep(
            label=naming(code),
            share=share_figure(run, f"near_{place}", steps == code, visits.actor, "behaviour.d.near"),
            people=run.figure(f"near_{place}_people", people, "people", "behaviour.d.visit_people"),
        )
        for place, (code, people) in enumerate(zip(codes[:MAX_NEAREST].tolist(), num_people.tolist(), strict=False))
    )


def _edges(run: Run, visits: Visits, naming: _Naming) -> tuple[tuple[PathEdge, ...], int]:
    found = edges_of(visits)
    lines = []
    for row in range(min(MAX_EDGES, len(found))):
        name = f"edge_{row}"
        num_visits = int(found.num_visits[row])
        mean, median = minutes(float(found.mean_us[row])), minutes(float(found.median_us[row]))
        lines.append(
            PathEdge(
                place=int(found.place[row]) + 1,
                before=naming(int(found.before[row])),
                after=naming(int(found.after[row])),
                people=run.figure(f"{name}_people", int(found.num_people[row]), "people", "behaviour.d.edge_people"),
                visits=run.figure(f"{name}_visits", num_visits, "visits", "behaviour.d.edge_visits"),
                mean=run.figure(f"{name}_mean", mean, "minutes", "behaviour.d.edge_time", n=num_visits),
                median=run.figure(f"{name}_median", median, "minutes", "behaviour.d.edge_time", n=num_visits),
            )
        )
    return tuple(lines), len(found)


def _steps(run: Run, visits: Visits) -> tuple[PathStep, ...]:
    lines = []
    length = np.count_nonzero(visits.steps != NONE, axis=1)
    for place in range(1, visits.steps.shape[1] + 1):
        here = length >= place
        if not here.any():
            break
        finished = here & ~visits.is_open
        ended = (length == place) & ~visits.is_cut
        lines.append(
            PathStep(
                place=place,
                visits=run.figure(f"step_{place}_visits", int(here.sum()), "visits", "behaviour.d.step_visits"),
                people=run.figure(f"step_{place}_people", len(np.unique(visits.actor[here])), "people", "behaviour.d.visit_people"),
                ended=share_figure(run, f"step_{place}_ended", ended[finished], visits.actor[finished], "behaviour.d.step_ended"),
            )
        )
    return tuple(lines)


def _leaving(run: Run, visits: Visits, naming: _Naming) -> tuple[Leaving, ...]:
    """The last events of finished visits, and how often a visit with the event ends on it."""
    finished = visits.of(~visits.is_open)
    lines = []
    codes, _, num_people = most_frequent(finished.last, finished.actor)
    for place, (code, people) in enumerate(zip(codes[:MAX_LEAVING].tolist(), num_people.tolist(), strict=False)):
        has_it = visits.seen.step == code
        lines.append(
            Leaving(
                label=naming(code),
                share=share_figure(run, f"leaving_{place}", finished.last == code, finished.actor, "behaviour.d.leaving"),
                of_its_visits=share_figure(
                    run, f"leaving_{place}_of_its", visits.seen.is_last[has_it], visits.seen.actor[has_it], "behaviour.d.leaving_of_its"
                ),
                people=run.figure(f"leaving_{place}_people", int(people), "people", "behaviour.d.visit_people"),
                is_goal=code == naming.goal,
            )
        )
    return tuple(lines)


def _loops(run: Run, visits: Visits, naming: _Naming) -> tuple[Loop, ...]:
    loops = visits.loops
    codes, num_times, num_people = most_frequent(loops.step, loops.actor)
    lines = []
    for place, row in enumerate(np.lexsort((codes, -num_people))[:MAX_LOOPS].tolist()):
        times = loops.times[loops.step == codes[row]]
        lines.append(
            Loop(
                label=naming(int(codes[row])),
                people=run.figure(f"loop_{place}_people", int(num_people[row]), "people", "behaviour.d.loop_people"),
                visits=run.figure(f"loop_{place}_visits", int(num_times[row]), "events", "behaviour.d.loop_visits"),
                median_times=run.figure(f"loop_{place}_median", float(np.median(times)), "number", "behaviour.d.loop_times", n=len(times)),
                most_times=run.figure(f"loop_{place}_most", int(times.max()), "number", "behaviour.d.loop_most"),
            )
        )
    return tuple(lines)


def _parts(
    run: Run, request: PathsRequest, visits: Visits, naming: _Naming, values: Sequence[str]
) -> tuple[tuple[PathsPart, ...], tuple[PathDifference, ...]]:
    """The two values with the most visits: their pictures, and the edges they take at different rates."""
    known = visits.value >= 0
    if run.scope.by is None or not known.any():
        return (), ()
    codes, _, _ = most_frequent(visits.value[known], visits.actor[known])
    kept = [visits.of(visits.value == code) for code in codes[:MAX_PARTS].tolist()]
    parts = []
    for place, (code, part) in enumerate(zip(codes.tolist(), kept, strict=False)):
        parts.append(
            PathsPart(
                value=values[code],
                visits=run.figure(f"part_{place}_visits", len(part), "visits", "behaviour.d.visits"),
                people=run.figure(f"part_{place}_people", len(np.unique(part.actor)), "people", "behaviour.d.visit_people"),
                flow=flow_of(part, naming, ends=request.end is None),
            )
        )
    return tuple(parts), _differences(run, kept, naming) if len(kept) == MAX_PARTS else ()


def _differences(run: Run, kept: Sequence[Visits], naming: _Naming) -> tuple[PathDifference, ...]:
    pairs = [_people_by_pair(part) for part in kept]
    totals = [len(np.unique(part.actor)) for part in kept]
    rows = []
    for pair in sorted(set(pairs[0]) | set(pairs[1])):
        first, second = pairs[0].get(pair, 0), pairs[1].get(pair, 0)
        if first + second >= MIN_PEOPLE:
            tails = (fisher_tail(first, totals[0], second, totals[1]), fisher_tail(second, totals[1], first, totals[0]))
            rows.append((pair, first, second, min(1.0, 2 * min(tails))))
    adjusted = holm([row[3] for row in rows])
    ranked = sorted(zip(rows, adjusted, strict=True), key=lambda entry: (entry[1], entry[0][3], entry[0][0]))
    lines = []
    for place, ((pair, first, second, _), p_adjusted) in enumerate(ranked[:MAX_DIFFERENCES]):
        gap = difference_interval(first, totals[0], second, totals[1])
        shares = []
        for side, hits, total in (("first", first, totals[0]), ("second", second, totals[1])):
            share = share_interval(hits, total)
            interval = (share.low, share.high)
            shares.append(
                run.figure(f"difference_{place}_{side}", share.value, "share", "behaviour.d.edge_share", n=total, interval=interval)
            )
        lines.append(
            PathDifference(
                before=naming(pair[0]),
                after=naming(pair[1]),
                first=shares[0],
                second=shares[1],
                difference=run.figure(
                    f"difference_{place}", gap.value, "share", "behaviour.d.edge_difference", interval=(gap.low, gap.high)
                ),
                p_adjusted=run.figure(f"difference_{place}_p", p_adjusted, "number", "behaviour.d.p_adjusted"),
            )
        )
    return tuple(lines)


def _people_by_pair(visits: Visits) -> dict[tuple[int, int], int]:
    """People who ever took a step after another, wherever in the path."""
    row, place = np.nonzero((visits.steps[:, :-1] >= 0) & (visits.steps[:, 1:] >= 0))
    before, after = visits.steps[row, place].astype(np.int64), visits.steps[row, place + 1].astype(np.int64)
    most = int(visits.steps.max(initial=0)) + 1
    codes, _, num_people = most_frequent(before * most + after, visits.actor[row])
    return {(int(code) // most, int(code) % most): int(people) for code, people in zip(codes, num_people, strict=True)}


def _cautions(run: Run, request: PathsRequest, visits: Visits) -> tuple[Say, ...]:
    found: list[Say] = []
    if 0 < len(visits) < FEW_VISITS:
        found.append(say("behaviour.caution.few_visits", visits=len(visits), needed=FEW_VISITS))
    single = int(np.count_nonzero((visits.first == visits.last) & (np.count_nonzero(visits.steps != NONE, axis=1) == 1)))
    if request.start is None and request.end is None and single > ONE_EVENT_SHARE * len(visits) > 0:
        found.append(say("behaviour.caution.short_visits", visits=single, of=len(visits)))
    num_open = int(np.count_nonzero(visits.is_open))
    if num_open:
        found.append(say("behaviour.caution.open_visits", visits=num_open))
    if is_simulated(run.store):
        found.append(say("behaviour.caution.simulated"))
    return tuple(found)
