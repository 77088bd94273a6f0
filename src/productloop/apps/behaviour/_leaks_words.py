"""What people wrote around a step, those who dropped beside those who went on. Reads the tables `points` and `topics` that `needs` writes.

Each person counts once a topic. Test: Fisher's exact test, one-sided (more often among those who dropped), over all topics with MIN_WRITERS
writers in both groups together, adjusted by Holm (1979); a topic is named at an adjusted p below MAX_P with MIN_DROPPED writers among those
who dropped. With nothing to find that makes one false topic in a hundred reports.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from productloop.learning.comparisons import fisher_tail, holm
from productloop.learning.intervals import Interval, ratio_interval
from productloop.loop.roles import ANSWERED
from productloop.loop.store import Store

MIN_WRITERS = 5
MIN_DROPPED = 4
MAX_P = 0.01
MAX_QUOTES = 3
Codes = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Words:
    """What a set of people wrote around their step, one entry per (text, topic): actor, row id, topic (None = none), answered."""

    actor: Codes
    row_id: NDArray[np.object_]
    topic: NDArray[np.object_]
    answered: NDArray[np.bool_]

    def writers(self, people: Codes) -> Codes:
        """Those of `people` who wrote anything, sorted."""
        return np.unique(self.actor[np.isin(self.actor, people)])


@dataclass(frozen=True, slots=True)
class TopicCount:
    """One topic: writers among those who dropped and who went on, their ratio, p for all topics, and texts of those who dropped."""

    topic: str
    num_dropped: int
    num_passed: int
    ratio: Interval
    p_adjusted: float
    named: bool
    quotes: tuple[str, ...]


def words_around(store: Store, people: Codes, at_us: NDArray[np.int64], around_us: int) -> Words:
    """What `people` (m,) sorted wrote within `around_us` of their own `at_us` (m,)."""
    topics = "LEFT JOIN points p ON p.feedback = f.row_id" if store.exists("points") else ""
    topic = "p.topic" if topics else "NULL::VARCHAR"
    found = store.columns(
        f"""
        SELECT DISTINCT f.author::BIGINT AS actor, f.row_id, f.time, {topic} AS topic, coalesce(lower(f.status), '') AS status FROM feedback f {topics}
        WHERE f.author IS NOT NULL AND f.time IS NOT NULL ORDER BY f.author, f.time, f.row_id, topic
        """
    )
    actor, time_us = found["actor"].astype(np.int64), found["time"].astype(np.int64)
    if len(people) == 0 or len(actor) == 0:
        none = np.empty(0, dtype=object)
        return Words(np.empty(0, dtype=np.int64), none, none, np.empty(0, dtype=np.bool_))
    place = np.minimum(np.searchsorted(people, actor), len(people) - 1)
    near = (people[place] == actor) & (np.abs(time_us - at_us[place]) <= around_us)
    answered = np.isin(found["status"][near].astype(str), ANSWERED)
    return Words(actor[near], found["row_id"][near].astype(object), found["topic"][near].astype(object), answered)


def compare_topics(words: Words, dropped: Codes, passed: Codes) -> list[TopicCount]:
    """The topics by p, the surest first. `dropped` and `passed` are disjoint."""
    known = np.array([topic is not None for topic in words.topic], dtype=np.bool_)
    actor, topic, row_id = words.actor[known], words.topic[known].astype(str), words.row_id[known]
    is_dropped, is_passed = np.isin(actor, dropped), np.isin(actor, passed)
    counted: list[tuple[str, int, int, tuple[str, ...]]] = []
    for name in np.unique(topic[is_dropped | is_passed]).tolist():
        mine = topic == name
        hits = len(np.unique(actor[mine & is_dropped]))
        others = len(np.unique(actor[mine & is_passed]))
        if hits + others >= MIN_WRITERS:
            _, first = np.unique(actor[mine & is_dropped], return_index=True)  # one text a person
            quotes = tuple(str(row) for row in row_id[mine & is_dropped][first][:MAX_QUOTES])
            counted.append((str(name), hits, others, quotes))
    if not counted or len(dropped) == 0 or len(passed) == 0:
        return []
    chances = [fisher_tail(hits, len(dropped), others, len(passed)) for _, hits, others, _ in counted]
    found = [
        TopicCount(
            name, hits, others, ratio_interval(hits, len(dropped), others, len(passed)), p, p < MAX_P and hits >= MIN_DROPPED, quotes
        )
        for (name, hits, others, quotes), p in zip(counted, holm(chances), strict=True)
    ]
    order = sorted(range(len(found)), key=lambda place: (not found[place].named, chances[place], found[place].topic))
    return [found[place] for place in order]
