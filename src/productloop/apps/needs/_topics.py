"""`topics`: every topic with its people, feelings, segments, versions, levels and place on the map."""

from __future__ import annotations

import difflib
from typing import Any

import numpy as np
from numpy.typing import NDArray

from productloop.apps.needs import topics_wording
from productloop.apps.needs._counting import Counted, count_topics, unhappy_voices
from productloop.apps.needs._figures import Counter, entry_name
from productloop.apps.needs._segments import Over, columns_of, over_represented
from productloop.apps.needs._study import MIN_TEXTS, Study, study
from productloop.apps.needs._weekly import shown_weeks, trends
from productloop.apps.needs.topics_types import GroupLine, OverLine, TopicDetail, TopicsReport, TopicsRequest
from productloop.foundation.errors import UsageError
from productloop.foundation.wording import say
from productloop.learning.intervals import share_interval
from productloop.loop.action import Run

MAX_OVER = 5
NAMED_TOPICS = 3
"""A coarser group is named by its largest topics."""


def list_topics(run: Run, request: TopicsRequest) -> TopicsReport:
    """The report. UsageError where no topic has the id or name asked for."""
    found = study(run)
    run.progress("count", 3, 4)
    counter = Counter(run, found)
    counted = count_topics(found)
    counted.sort(
        key=lambda topic: (-topic.num_voices, topic.id)
    )  # the numbers shown are of the recent window, the ledger's order of all time
    chosen = choose(counted, request.topic) if request.topic is not None else counted
    moved = trends(found)
    over = over_represented(found, columns_of(found, run.store), found.recent, [topic.number for topic in chosen]) if chosen else {}
    places = map_places(found)
    details = []
    for topic in chosen[: request.num_topics]:
        line = counter.topic(topic, *moved[topic.number], found.weeks)
        across, up = places[topic.number]
        lines = tuple(_over(run, topic, one, rank) for rank, one in enumerate(over.get(topic.number, ())[:MAX_OVER]))
        entry = topic.entry
        details.append(TopicDetail(line=line, over=lines, middle=entry.middle, coarse=entry.coarse, across=across, up=up))
    weeks = found.weeks
    return TopicsReport(
        **run.frame("needs.topics", ("feedback",)),
        counts_people=found.texts.counts_people,
        enough=len(found.texts) >= MIN_TEXTS,
        missing=run.figure("missing", max(0, MIN_TEXTS - len(found.texts)), "texts", "needs.d.missing"),
        people=run.figure("people", counter.num_recent, counter.head, f"needs.d.{counter.head}", n=int(found.recent.sum())),
        texts=run.figure("texts", int(found.recent.sum()), "texts", "needs.d.texts"),
        level=request.level,
        one=request.topic is not None,
        topics=tuple(details),
        num_topics=run.figure("num_topics", len(counted), "number", "needs.d.num_topics"),
        groups=_groups(run, found, counter, request.level) if request.level != "fine" and counted else (),
        weeks=tuple(weeks.day(week).isoformat() for week in shown_weeks(weeks)) if weeks is not None else (),
    )


def choose(counted: list[Counted], wanted: str) -> list[Counted]:
    """The topic with this id, or those whose name holds the words. UsageError with the nearest name where there is none."""
    lowered = wanted.strip().lower()
    exact = [topic for topic in counted if topic.id == wanted.strip()]
    named = [topic for topic in counted if lowered in topic.entry.name_zh.lower() or lowered in topic.entry.name_en.lower()]
    if exact or named:
        return exact or named
    names = {name: topic for topic in counted for name in (topic.entry.name_zh, topic.entry.name_en)}
    close = difflib.get_close_matches(wanted, list(names), 1, 0.0)
    raise UsageError(topics_wording.NO_SUCH_TOPIC, topic=wanted, nearest=close[0] if close else "–")


def map_places(found: Study) -> NDArray[np.float64]:
    """(k, 2) places of the topics by classical scaling of their centroids (Torgerson 1952), each axis from -1 to 1."""
    if found.ledger is None:
        return np.zeros((0, 2))
    centroids = found.ledger.space(found.vectors.shape[1]).centroids.astype(np.float64)
    centred = centroids - centroids.mean(axis=0)
    _, lengths, axes = np.linalg.svd(centred, full_matrices=False)
    places = np.zeros((len(centroids), 2))
    for axis in range(min(2, len(lengths))):
        along = centred @ axes[axis]
        # the sign of an axis is arbitrary: the largest topic lies to the right and up
        along = along * (-1.0 if along[0] < 0 else 1.0)
        places[:, axis] = 2.0 * (along - along.min()) / ((along.max() - along.min()) or 1.0) - 1.0
    return np.round(places, 4)


def _over(run: Run, topic: Counted, over: Over, rank: int) -> OverLine:
    name = f"{topic.id}.over_{rank}"
    people = run.figure(f"{name}.people", over.num_voices, "people", "needs.d.over_people", n=over.num_others)
    interval = (over.ratio.low, over.ratio.high)
    return OverLine(
        column=over.column,
        value=over.value,
        people=people,
        ratio=run.figure(f"{name}.ratio", over.ratio.value, "ratio", "needs.d.over_ratio", interval=interval),
    )


def _groups(run: Run, found: Study, counter: Counter, level: str) -> tuple[GroupLine, ...]:
    """Groups of the coarser level, most people first."""
    assert found.ledger is not None
    number = np.array([entry.middle if level == "middle" else entry.coarse for entry in found.ledger.entries])
    groups: list[GroupLine] = []
    for group in np.unique(number):
        topics = np.flatnonzero(number == group)
        points = np.flatnonzero(np.isin(found.ledger.labels, topics) & found.recent[found.points.text])
        voices = len(np.unique(found.voice[points]))
        unhappy, felt = unhappy_voices(found.voice[points], found.points.sentiment[points])
        parts: list[Any] = [entry_name(found.ledger.entries[topic]) for topic in topics[:NAMED_TOPICS]]
        groups.append(
            GroupLine(
                number=int(group),
                name=say("needs.group", topics=parts),
                topics=tuple(found.ledger.entries[topic].id for topic in topics),
                people=run.figure(f"group_{group}.people", voices, counter.head, f"needs.d.{counter.head}"),
                share=_share(run, f"group_{group}.share", voices, counter.num_recent, "needs.d.share"),
                unhappy_share=_share(run, f"group_{group}.unhappy_share", unhappy, felt, "needs.d.unhappy_share"),
            )
        )
    return tuple(sorted(groups, key=lambda group: (-(group.people.value or 0), group.number)))


def _share(run: Run, name: str, hits: int, total: int, definition: str) -> Any:
    interval = share_interval(hits, total)
    return run.figure(name, interval.value, "share", definition, n=total, interval=(interval.low, interval.high))
