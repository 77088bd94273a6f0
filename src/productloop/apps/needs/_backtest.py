"""Back-test: with the last weeks held back, would the list have named what people were then most unhappy about?

Ranked on the NOW_WEEKS whole weeks before the held-back ones, by unhappy people times severity as known then (outcomes observed by then),
and judged by unhappy voices in the held-back weeks. Beside it: by people alone, by the trend of the last weeks (unhappy people in the last
TREND_WEEKS), and what chance names. The topics are today's: their texts were grouped with the later ones at hand, which flatters all alike.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from productloop.apps.needs._scores import draw_severity
from productloop.apps.needs._sentiment import NEGATIVE_BELOW
from productloop.apps.needs._severity import Asked, severities
from productloop.apps.needs._study import MIN_TEXTS, NOW_WEEKS, Study
from productloop.learning.intervals import Interval
from productloop.loop.store import Store

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

TOP = 10
TREND_WEEKS = 4
MIN_KNOWN_WEEKS = 4


@dataclass(frozen=True, slots=True)
class BackTest:
    """How many of the `top` topics that came next each way of ranking named."""

    num_weeks: int
    num_topics: int
    top: int
    """The first ten, or half of the topics where there are fewer than twenty: naming all is no feat."""
    named: int
    by_people: int
    by_trend: int
    by_chance: float


def back_test(study: Study, store: Store, asked: Asked | None, topics: Sequence[int], own: Flags, num_weeks: int) -> BackTest | None:
    """None where the weeks, texts or topics do not suffice."""
    weeks = study.weeks
    if weeks is None or weeks.num_whole < num_weeks + MIN_KNOWN_WEEKS or len(topics) < 4:
        return None
    cut = weeks.last_whole - num_weeks + 1
    before = own & (weeks.week >= cut - NOW_WEEKS) & (weeks.week < cut) & (weeks.week >= 0)
    after = own & (weeks.week >= cut) & (weeks.week <= weeks.last_whole)
    if min(before.sum(), after.sum()) < MIN_TEXTS:
        return None
    top = min(TOP, len(topics) // 2)
    came = _unhappy(study, topics, after)
    known = _unhappy(study, topics, before) * _severity_then(study, store, asked, topics, int(study.texts.time[after].min()))
    recent = _unhappy(study, topics, before & (weeks.week >= cut - TREND_WEEKS))
    people = np.array([len(np.unique(study.texts.voice[rows[before[rows]]])) for rows in (study.rows_of(topic) for topic in topics)])
    truth = _first(came, top)
    hits = [len(truth & _first(scores, top)) for scores in (known, people.astype(np.float64), recent)]
    return BackTest(num_weeks, len(topics), top, hits[0], hits[1], hits[2], top * top / len(topics))


def _first(scores: Floats, top: int) -> set[int]:
    return set(np.argsort(-scores, kind="stable")[:top].tolist())


def _unhappy(study: Study, topics: Sequence[int], rows: Flags) -> Floats:
    """(k,) unhappy voices of each topic in these texts."""
    assert study.ledger is not None
    inside = rows[study.points.text] & (study.points.sentiment < NEGATIVE_BELOW)
    return np.array([len(np.unique(study.voice[inside & (study.ledger.labels == topic)])) for topic in topics], dtype=np.float64)


def _severity_then(study: Study, store: Store, asked: Asked | None, topics: Sequence[int], cut_us: int) -> Floats:
    """(k,) ratio of leaving as the outcomes observed by then gave it."""
    ones = np.ones(len(topics))
    if asked is None or not asked.dated:
        return ones
    seen = asked.at + asked.window_days * 86_400_000_000 <= cut_us
    then = replace(asked, person=asked.person[seen], at=asked.at[seen], happened=asked.happened[seen])
    found = {one.topic: one for one in severities(study, store, then, topics)}
    ratios = [found[topic].ratio if topic in found else Interval(float("nan"), 0.0, float("inf")) for topic in topics]
    drawn = draw_severity(ratios, [topic in found and found[topic].named for topic in topics])
    return np.array([ratio.value for ratio in drawn])
