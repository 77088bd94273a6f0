"""Is this number unusual? Points of metrics that are posted one by one, each judged as it comes (learning/anomalies.py) and then learned from.

What is known about a series is kept in `state.db` and committed before the answer: it goes on after a restart, and a point sent again gets
the answer it got before. A series that is new here first learns from what was imported of it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, delete, insert, select, update

from productloop.learning.anomalies import ALARM, SETTLED, WARM_UP, Detector
from productloop.loop.migrations import newest_schema
from productloop.loop.store import Store

SEASONS = (24, 7)
"""Hours of the day and days of the week, in the product's time zone."""
NEEDED = SETTLED + WARM_UP
"""Values before anything can be called unusual."""
RARE = 3.0
"""Besides being new, a thing has to be rarer than one in a thousand (-log10): else the first value after the learning that is a little high
would be called unusual in every series. Of simulated series without anything in them (normal, counts with a daily round, lognormal, correlated
in time; 40 each) 4,000 hours raise .4 to 1.3 alarms instead of 5; 60 values 6 and 8 usual deviations off are found in 87 % and 98 %.
"""
MAX_HISTORY = 10_000
"""Imported values that a new series learns from, the newest."""
KEEP_US = 7 * 86_400_000_000
"""How long an answer is kept for a point that is sent again; an older one is late."""
Series = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Point:
    """One value of one series. `time`: microseconds UTC; `row_id`: the identity of the posted row; `segment`: "" for the whole."""

    row_id: str
    metric: str
    segment: str
    time: int
    value: float


@dataclass(frozen=True, slots=True)
class PointAnswer:
    """What a point is.

    unusual     None where it was not judged: `missing` values are needed first, or it lies before the last one judged (`late`)
    likelihood  0 to 1: how sure it is that something new began here
    expected, low, high  what nine times in ten would have come
    shifted     the level of the last values is what is unusual, not this one by itself
    """

    unusual: bool | None
    missing: int = 0
    late: bool = False
    likelihood: float | None = None
    expected: float | None = None
    low: float | None = None
    high: float | None = None
    shifted: bool = False


def judge_points(store: Store, view: Store, points: Sequence[Point], time_zone: str, at: int) -> list[PointAnswer]:
    """One answer for each point, in their order; committed before this returns.

    store: for writing; view: the store that imported values are read from; at: now, microseconds UTC. Points of a series are judged in
    order of time. Raises DBAPIError where `state.db` cannot be written to.
    """
    tables, zone = newest_schema().tables, ZoneInfo(time_zone)
    detectors, answers = tables["detectors"], tables["point_answers"]
    first: dict[Series, int] = {}
    for point in points:
        series = (point.metric, point.segment)
        first[series] = min(first.get(series, point.time), point.time)
    with store.state.engine.connect() as connection:
        unknown = {series: first[series] for series in first if _held(connection, series) is None}
    learned = _learn(view, unknown, zone)
    found: dict[str, PointAnswer] = {}
    with store.state.engine.begin() as connection:
        connection.execute(delete(answers).where(answers.c.at < at - KEEP_US))  # a write first: nobody comes in between
        before = select(answers.c.row_id, answers.c.answer).where(answers.c.row_id.in_([point.row_id for point in points]))
        known = {str(row.row_id): PointAnswer(**json.loads(row.answer)) for row in connection.execute(before)}
        for series in first:
            held = _held(connection, series)
            last, detector = held or learned[series]
            fresh = {p.row_id: p for p in points if (p.metric, p.segment) == series and p.row_id not in known}
            for point in sorted(fresh.values(), key=lambda one: (one.time, one.row_id)):
                found[point.row_id] = _judged(detector, point, zone) if point.time > last else PointAnswer(None, late=True)
                last = max(last, point.time)
            values = {"last_time": last, "state": json.dumps(detector.state())}
            if held is None:
                connection.execute(insert(detectors).values(metric=series[0], segment=series[1], **values))
            elif fresh:
                here = (detectors.c.metric == series[0]) & (detectors.c.segment == series[1])
                connection.execute(update(detectors).where(here).values(**values))
        rows: list[dict[str, Any]] = [{"row_id": row, "at": at, "answer": json.dumps(asdict(answer))} for row, answer in found.items()]
        if rows:
            connection.execute(insert(answers), rows)
    found |= known
    return [found[point.row_id] for point in points]


def _held(connection: Connection, series: Series) -> tuple[int, Detector] | None:
    """(time of the last value, what is known) of a series; None for a new one."""
    table = newest_schema().tables["detectors"]
    where = (table.c.metric == series[0]) & (table.c.segment == series[1])
    row = connection.execute(select(table.c.last_time, table.c.state).where(where)).first()
    return None if row is None else (int(row.last_time), Detector.from_state(json.loads(row.state)))


def _learn(view: Store, first: Mapping[Series, int], zone: ZoneInfo) -> dict[Series, tuple[int, Detector]]:
    """What the imported values of new series before their first point teach."""
    learned = {series: (-1, Detector(seasons=SEASONS)) for series in first}
    query = """SELECT metric, coalesce(segment, '') AS part, time, value FROM metrics
        WHERE metric IN (SELECT unnest(?)) AND value IS NOT NULL AND time IS NOT NULL
        QUALIFY row_number() OVER (PARTITION BY metric, part ORDER BY time DESC, sequence DESC) <= ? ORDER BY time, sequence"""
    names = sorted({metric for metric, _ in first})
    for metric, segment, time, value in view.rows(query, [names, MAX_HISTORY]) if names else ():
        series = (str(metric), str(segment))
        if series in learned and learned[series][0] < int(time) < first[series]:
            learned[series][1].add(float(value), _places(int(time), zone))
            learned[series] = (int(time), learned[series][1])
    return learned


def _judged(detector: Detector, point: Point, zone: ZoneInfo) -> PointAnswer:
    missing = max(0, NEEDED - detector.num)
    judged = detector.add(point.value, _places(point.time, zone))
    if missing:
        return PointAnswer(None, missing=missing)
    return PointAnswer(
        unusual=judged.likelihood >= ALARM and judged.rarity >= RARE,
        likelihood=judged.likelihood,
        expected=judged.expected,
        low=judged.low,
        high=judged.high,
        shifted=judged.shifted,
    )


def _places(time: int, zone: ZoneInfo) -> tuple[int, int]:
    moment = datetime.fromtimestamp(time / 1e6, zone)
    return moment.hour, moment.weekday()
