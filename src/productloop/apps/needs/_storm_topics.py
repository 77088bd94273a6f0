"""Topics that flare up by themselves: days on which one topic's unhappy voices are more than the weeks before explain."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from productloop.apps.needs._sentiment import NEGATIVE_BELOW
from productloop.apps.needs._storm import FALSE_ALARMS, Arrivals, by_day, first_of_day, judge_days
from productloop.apps.needs._study import Study

Ints = NDArray[np.int64]

_DAY_HOURS, _WEEK_DAYS = 24, 7


@dataclass(frozen=True, slots=True)
class Flare:
    """Days [start, end) since the first one."""

    topic: int
    start: int
    end: int
    num_voices: int
    num_expected: float
    size: float


def find_flares(study: Study, hour: Ints, arrivals: Arrivals) -> list[Flare]:
    """Newest first. `hour` (n,) of the texts, -1 without a date; each topic and day counts in the correction."""
    assert study.ledger is not None
    points, num_topics, num_days = study.points, len(study.ledger.entries), by_day(arrivals.unhappy, arrivals.hours).size
    counts = np.zeros((num_days, num_topics))
    felt = np.where(np.isfinite(points.sentiment), points.sentiment, study.sentiment[points.text])
    wanted = (np.nan_to_num(felt) < NEGATIVE_BELOW) & (study.ledger.labels >= 0)
    last = arrivals.first + num_days * _DAY_HOURS
    members: dict[int, Ints] = {}
    for topic in range(num_topics):
        rows = np.unique(points.text[wanted & (study.ledger.labels == topic)])
        rows = rows[(hour[rows] >= arrivals.first) & (hour[rows] < last)]
        members[topic] = first_of_day(hour, study.texts.voice, rows)
        counts[:, topic] = np.bincount((hour[members[topic]] - arrivals.first) // _DAY_HOURS, minlength=num_days)
    content = by_day(arrivals.content, arrivals.hours)
    weekday = (arrivals.first // _DAY_HOURS + np.arange(num_days)) % _WEEK_DAYS
    expected, found = judge_days(counts, content, weekday, FALSE_ALARMS / max(1, num_days * num_topics))
    found[1:-1] |= found[:-2] & found[2:]  # one quiet day does not end it
    flares: list[Flare] = []
    for topic in range(num_topics):
        edges = np.flatnonzero(np.diff(np.concatenate([[False], found[:, topic], [False]]).astype(np.int8)))
        for start, end in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
            day = (hour[members[topic]] - arrivals.first) // _DAY_HOURS
            its = members[topic][(day >= start) & (day < end)]
            usual = float(np.nansum(expected.mean[start:end, topic]))
            flares.append(Flare(topic, start, end, len(np.unique(study.texts.voice[its])), usual, float(expected.size[start, topic])))
    return sorted(flares, key=lambda flare: (-flare.end, -flare.num_voices, flare.topic))
