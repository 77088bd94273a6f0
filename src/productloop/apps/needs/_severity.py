"""How bad a topic is for those who bring it up: whether they leave more often than people alike who did not (outcomes, where imported).

Rows are (person, moment asked); an outcome observed at the end of a window asks about who wrote before the window began. Compared among
people alike (`loop.alike`) who wrote about as many other topics (who writes a lot meets every topic); the ratio, its 90 % interval and its p
by `learning.met`, as in the risk app; p corrected for all topics (Holm). Others must hold beside the strongest, else they only borrow from
it. It is an association, and the page says so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from productloop.apps.needs._edges import edges
from productloop.apps.needs._study import Study
from productloop.foundation.tables import fold_header
from productloop.learning.comparisons import holm
from productloop.learning.intervals import Interval, share_interval
from productloop.learning.met import NEVER, Met, Points, first_met, hold_beside, met_ratio, met_topic
from productloop.loop.alike import alike
from productloop.loop.store import Store

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

DAY_US = 86_400_000_000
WINDOW_DAYS = 28
"""What an outcome looks ahead when no task says otherwise, as in the risk app."""
MAX_P = 0.03
"""Named only below this after correction: of a hundred quiet workspaces at most three may name a topic."""
MIN_PEOPLE, MIN_CASES = 20, 10
COUNTED = ("1", "yes", "true", "y", "left", "churned", "lost", "是", "流失")
LEAVING = ("churn", "churned", "exited", "left", "leave", "attrition", "是否流失", "流失")


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
    points = _points(study, asked)
    rows = asked.person, asked.at
    met = {topic: _first_said(points, topic, asked) < asked.at for topic in topics}
    counts = np.sum(list(met.values()), axis=0) if met else np.zeros(len(asked.person))
    background = alike(store, asked.person, asked.at)
    found: list[Severity] = []
    compared: dict[int, tuple[Met, list[Ints]]] = {}
    for topic in topics:
        who = met_topic(points, topic, rows, asked.window_days * DAY_US)
        people = [len(np.unique(asked.person[side])) for side in (who.exposed, who.others)]
        if min(people) < MIN_PEOPLE:
            continue
        people_alike = [*background, np.minimum(counts - met[topic], 2)]
        pooled = met_ratio(who, asked.happened, people_alike)
        num_cases = len(np.unique(asked.person[who.exposed & asked.happened]))
        theirs, their_others = _share(asked.happened[who.exposed]), _share(asked.happened[who.others])
        found.append(Severity(topic, pooled.ratio, theirs, their_others, people[0], num_cases, pooled.p))
        compared[topic] = who, people_alike
    adjusted = holm([one.p for one in found])
    return _name([replace(one, p_adjusted=p) for one, p in zip(found, adjusted, strict=True)], compared, asked)


def _name(found: list[Severity], compared: Mapping[int, tuple[Met, list[Ints]]], asked: Asked) -> list[Severity]:
    """Marks what may be named: clear after correction and clear still beside everything named before it. Most certain first."""
    ordered = sorted(found, key=lambda one: (one.ratio.value <= 1, one.p, one.topic))
    strong = [one.topic for one in ordered if one.p_adjusted < MAX_P and one.ratio.value > 1 and one.num_cases >= MIN_CASES]
    its = [compared[topic] for topic in strong]
    limits = [MAX_P / len(found)] * len(its)
    held = hold_beside([who for who, _ in its], asked.happened, [people_alike for _, people_alike in its], limits)
    named = {strong[place] for place in held}
    return sorted((replace(one, named=one.topic in named) for one in ordered), key=lambda one: not one.named)


def _points(study: Study, asked: Asked) -> Points:
    """Points by whom and when; of undated outcomes all count, whenever they were written."""
    assert study.ledger is not None
    author, time = study.texts.author[study.points.text], study.texts.time[study.points.text]
    known = (time > 0) | (not asked.dated)
    return Points(
        person=np.where(known, author, -1).astype(np.int64),
        time=time if asked.dated else np.zeros(len(time), dtype=np.int64),
        topic=study.ledger.labels,
        edge=edges(study),
    )


def _first_said(points: Points, topic: int, asked: Asked) -> Ints:
    inside = points.topic == topic
    return first_met(points.person[inside], points.time[inside], asked.person)


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
