"""How bad a topic is for those who bring it up: whether they leave more often than people alike who did not (outcomes, where imported).

Rows are (person, moment asked); an outcome observed at the end of a window asks about who wrote before the window began. Compared within
strata of moment, plan, a third of activity and whether the person wrote about other topics (who writes a lot meets every topic), pooled
(`learning.stratified`), 90 % interval, p corrected for all topics (Holm). Two things blur such a ratio, and both are taken out:
- a text at the edge of a topic says little about its author: who has only such texts stands on neither side (EDGE). Where the edge lies is
  not known, so the ratio is pooled over three ways of drawing it, and how far they lie apart widens the interval;
- some of the others write about it within the window: `learning.stratified.without_late_starts`.
Others must hold beside the strongest, within its strata, else they only borrow from it. It is an association, and the page says so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from productloop.apps.needs._study import Study
from productloop.foundation.tables import fold_header
from productloop.learning.comparisons import holm
from productloop.learning.intervals import Interval, share_interval
from productloop.learning.stratified import combine_codes, pool_definitions, stratified_ratio, without_late_starts
from productloop.loop.store import Store

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

DAY_US = 86_400_000_000
WINDOW_DAYS = 28
"""What an outcome looks ahead when no task says otherwise, as in the risk app."""
ACTIVITY_DAYS = 28
MAX_P = 0.03
"""Named only below this after correction: of a hundred quiet workspaces at most three may name a topic."""
MIN_PEOPLE, MIN_CASES = 20, 10
EDGE_INSIDE, EDGE_OUTSIDE = 0.10, 0.15
"""A point of a topic is sure when its cosine is this much nearer to it than to any other; one elsewhere may belong here when it is this
much nearer to its own at most. Chosen on the simulated seeds 100-119: the planted need is named in 17 instead of 14 without it."""
MAX_MOMENTS = 26
"""With more moments than this, they are compared by blocks of WINDOW_DAYS."""
COUNTED = ("1", "yes", "true", "y", "left", "churned", "lost", "是", "流失")
LEAVING = ("churn", "churned", "exited", "left", "leave", "attrition", "是否流失", "流失")
SURE_LINE = 1
"""Of the three lines, the one that tests and plain shares rest on."""
NEVER = np.iinfo(np.int64).max


@dataclass(frozen=True, slots=True)
class Asked:
    """One outcome: m rows of people (actor codes), the moment before which they must have written, and whether it happened."""

    name: str
    value: str
    person: Ints
    at: Ints
    """µs UTC; NEVER where the outcome has no date: all texts count then."""
    happened: Flags
    window_days: int

    @property
    def dated(self) -> bool:
        """Whether it is known that people wrote before."""
        return len(self.at) > 0 and bool((self.at < NEVER).all())

    @property
    def is_leaving(self) -> bool:
        """Whether it is called by a name of leaving."""
        return self.name in {fold_header(name) for name in LEAVING}


@dataclass(frozen=True, slots=True)
class Severity:
    """How often those who bring a topic up have the outcome, against people alike."""

    topic: int
    ratio: Interval
    """Among people alike, with what blurs it taken out."""
    theirs: Interval
    others: Interval
    """Plain shares."""
    num_people: int
    num_cases: int
    p: float
    p_adjusted: float = 1.0
    named: bool = False


def read_outcome(store: Store, tasks: Mapping[str, Mapping[str, Any]]) -> Asked | None:
    """The outcome with the most rows among those with two values, of people whose texts could be known; None without one."""
    if not store.exists("outcomes"):
        return None
    known = "FROM outcomes WHERE value IS NOT NULL AND subject IS NOT NULL"
    raw = store.columns(f"SELECT subject, task, value, coalesce(time, {NEVER}) AS time {known} ORDER BY 1, 4, 2, 3")
    names = np.array([fold_header(str(task)) for task in raw["task"]], dtype=object)
    best: Asked | None = None
    for name in sorted(set(names)):
        rows = np.flatnonzero(names == name)
        values = np.array([str(value) for value in raw["value"][rows]], dtype=object)
        distinct = sorted(set(values))
        if len(distinct) == 2 and (best is None or len(rows) > len(best.person)):
            counted = [value for value in distinct if value.strip().lower() in COUNTED]
            chosen = counted[0] if len(counted) == 1 else min(distinct, key=lambda value: int((values == value).sum()))
            days = _window_days(tasks, name)
            time = raw["time"][rows].astype(np.int64)
            at = np.where(time < NEVER, time - days * DAY_US, NEVER)
            at = at if (time < NEVER).all() else np.full(len(rows), NEVER)
            best = Asked(str(name), str(chosen), raw["subject"][rows].astype(np.int64), at, values == chosen, days)
    return best


def severities(study: Study, store: Store, asked: Asked, topics: Sequence[int]) -> list[Severity]:
    """One for each topic that enough people brought up before they were asked; those to name are marked, the strongest first."""
    if study.ledger is None or len(asked.person) == 0:
        return []
    member, edge = _sides(study)
    met = {topic: _first_said(study, member == topic, asked) < asked.at for topic in topics}
    counts = np.sum(list(met.values()), axis=0) if met else np.zeros(len(asked.person))
    background = combine_codes(_period(asked), _plan(store, asked), _third(store, asked))
    found: list[Severity] = []
    sides: dict[int, _Sides] = {}
    for topic in topics:
        strata = combine_codes(background, np.minimum(counts - met[topic], 2))
        drawn = [_sides_of(study, asked, (member == topic) & ~out, out, strata) for out in _lines(study, member, edge, topic)]
        sure = drawn[SURE_LINE]
        exposed, others = sure.exposed, sure.used & ~sure.exposed
        people = [len(np.unique(asked.person[side])) for side in (exposed, others)]
        if min(people) < MIN_PEOPLE:
            continue
        pooled = pool_definitions([_ratio(asked, one) for one in drawn])
        p = stratified_ratio(exposed[sure.used], asked.happened[sure.used], strata[sure.used]).p
        num_cases = len(np.unique(asked.person[exposed & asked.happened]))
        found.append(Severity(topic, pooled, _share(asked.happened[exposed]), _share(asked.happened[others]), people[0], num_cases, p))
        sides[topic] = sure
    adjusted = holm([one.p for one in found])
    found = [replace(one, p_adjusted=p) for one, p in zip(found, adjusted, strict=True)]
    return _name(found, sides, asked)


@dataclass(frozen=True, slots=True)
class _Sides:
    """(m,) who said it before they were asked, who of all rows is compared, when each first said it, strata."""

    exposed: Flags
    used: Flags
    first: Ints
    strata: Ints


def _lines(study: Study, member: Ints, edge: Flags, topic: int) -> list[Flags]:
    """(p,) points that count for neither side, by three ways of drawing the line around a topic: none, those at its edge, and those of
    topics of the same group too.
    """
    assert study.ledger is not None
    group = np.array([entry.middle for entry in study.ledger.entries])
    kin = (member >= 0) & (member != topic) & (group[member] == group[topic])
    at_edge = edge[:, topic]
    return [np.zeros(len(member), dtype=bool), at_edge, at_edge | kin]


def _sides_of(study: Study, asked: Asked, points: Flags, neither: Flags, strata: Ints) -> _Sides:
    first = _first_said(study, points, asked)
    exposed = first < asked.at
    return _Sides(exposed, exposed | ~(_first_said(study, neither, asked) < asked.at), first, strata)


def _ratio(asked: Asked, sides: _Sides) -> Interval:
    used = sides.used
    ratio = stratified_ratio(sides.exposed[used], asked.happened[used], sides.strata[used]).ratio
    return without_late_starts(ratio, _late(asked, sides.first, used & ~sides.exposed))


def _name(found: list[Severity], sides: dict[int, _Sides], asked: Asked) -> list[Severity]:
    """Marks what may be named: clear after correction and clear still beside everything named before it. Most certain first."""
    beside: list[Flags] = []
    ordered = sorted(found, key=lambda one: (one.ratio.value <= 1, one.p, one.topic))
    for place, one in enumerate(ordered):
        exposed, used, strata = sides[one.topic].exposed, sides[one.topic].used, sides[one.topic].strata
        if one.p_adjusted >= MAX_P or not one.ratio.value > 1 or one.num_cases < MIN_CASES:
            continue
        within = combine_codes(strata, *beside)
        if stratified_ratio(exposed[used], asked.happened[used], within[used]).p * len(found) < MAX_P:
            ordered[place] = replace(one, named=True)
            beside.append(exposed)
    return sorted(ordered, key=lambda one: not one.named)


def _sides(study: Study) -> tuple[Ints, Flags]:
    """((p,) topic of each point, (p, k) whether a point stands at the edge of a topic, inside it or out)."""
    assert study.ledger is not None
    space = study.ledger.space(study.vectors.shape[1])
    cosine = space.moved(study.vectors, study.points.sides) @ space.centroids.T
    member = study.ledger.labels
    num_topics = cosine.shape[1]
    inside = member[:, None] == np.arange(num_topics)
    if num_topics < 2:
        return member, np.zeros(inside.shape, dtype=bool)
    ordered = np.sort(cosine, axis=1)
    best, second = ordered[:, [-1]], ordered[:, [-2]]
    rival = np.where(cosine == best, second, best)
    return member, np.where(inside, cosine - rival < EDGE_INSIDE, cosine >= best - EDGE_OUTSIDE)


def _first_said(study: Study, points: Flags, asked: Asked) -> Ints:
    """(m,) when each row's person first wrote one of these points, µs UTC; NEVER where not. Undated outcomes: 0 where ever."""
    rows = np.unique(study.points.text[points])
    author, time = study.texts.author[rows], study.texts.time[rows]
    known = (author >= 0) & ((time > 0) | (not asked.dated))
    author, time = author[known], time[known]
    first = np.full(int(max(author.max(initial=-1), asked.person.max(initial=-1))) + 1, NEVER, dtype=np.int64)
    np.minimum.at(first, author, time if asked.dated else np.zeros(len(time), dtype=np.int64))
    return first[asked.person]


def _late(asked: Asked, first: Ints, others: Flags) -> float:
    """Share of the others who first wrote about it within the window."""
    if not asked.dated or not others.any():
        return 0.0
    return float((first[others] < asked.at[others] + asked.window_days * DAY_US).mean())


def _share(happened: Flags) -> Interval:
    return share_interval(int(happened.sum()), len(happened))


def _window_days(tasks: Mapping[str, Mapping[str, Any]], name: str) -> int:
    """The window that a task on this outcome states, else WINDOW_DAYS."""
    for options in tasks.values():
        column = str(options.get("outcome", "")).partition("=")[0].strip()
        days = options.get("window_days", options.get("window"))
        if column and fold_header(column) == name and isinstance(days, int) and not isinstance(days, bool) and days > 0:
            return days
    return WINDOW_DAYS


def _period(asked: Asked) -> Ints:
    moments, codes = np.unique(asked.at, return_inverse=True)
    if len(moments) <= MAX_MOMENTS:
        return codes.astype(np.int64)
    return np.unique(asked.at // (WINDOW_DAYS * DAY_US), return_inverse=True)[1].astype(np.int64)


def _plan(store: Store, asked: Asked) -> Ints:
    """The plan each person was known to have at the moment; an attribute without a date counts always."""
    if not store.exists("actors"):
        return np.zeros(len(asked.person), dtype=np.int64)
    known: dict[int, list[tuple[int, str]]] = {}
    for actor, plan, since in store.rows("SELECT actor, coalesce(plan, ''), coalesce(known_at, 0) FROM actors ORDER BY actor, 3, 2"):
        known.setdefault(int(actor), []).append((int(since), str(plan)))
    plans = []
    for person, at in zip(asked.person.tolist(), asked.at.tolist(), strict=True):
        held = [plan for since, plan in known.get(person, ()) if since <= at]
        plans.append(held[-1] if held else "")
    return np.unique(np.array(plans, dtype=str), return_inverse=True)[1].astype(np.int64)


def _third(store: Store, asked: Asked) -> Ints:
    """Which third of its period a person's activity before the moment lies in; one for all where nothing says when."""
    third = np.zeros(len(asked.person), dtype=np.int64)
    if not asked.dated or not store.exists("events"):
        return third
    counts, period = _activity(store, asked), _period(asked)
    for number in np.unique(period):
        rows = period == number
        third[rows] = np.searchsorted(np.quantile(counts[rows], [1 / 3, 2 / 3]), counts[rows], side="left")
    return third


def _activity(store: Store, asked: Asked) -> Ints:
    """(m,) events of each row's person in the ACTIVITY_DAYS before the moment."""
    import arro3.core as arrow

    columns = {"row": np.arange(len(asked.person), dtype=np.int64), "actor": asked.person, "at": asked.at}
    table = arrow.Table.from_pydict({name: arrow.Array.from_numpy(np.ascontiguousarray(values)) for name, values in columns.items()})
    cursor = store.db.cursor()
    cursor.register("asked_rows", table)
    query = f"""SELECT k.row, count(*) FROM asked_rows k JOIN events e
        ON e.actor = k.actor AND e.time < k.at AND e.time >= k.at - {ACTIVITY_DAYS * DAY_US} GROUP BY k.row"""
    found = np.array(cursor.execute(query).fetchall(), dtype=np.int64).reshape(-1, 2)
    cursor.unregister("asked_rows")
    cursor.close()
    counts = np.zeros(len(asked.person), dtype=np.int64)
    counts[found[:, 0]] = found[:, 1]
    return counts
