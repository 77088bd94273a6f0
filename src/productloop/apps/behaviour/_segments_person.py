"""What one person likes: items and categories they touch more than everybody does, and the segments they are in.

Affinity is a person's share of an item among all their items over everybody's share, both smoothed by PRIOR times of the average person,
so that one click on a rare item is no passion.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from productloop.apps.behaviour._reading import Reading
from productloop.apps.behaviour.segments_types import Label, Liking, SegmentsReport
from productloop.loop.action import Run

PRIOR, MAX_LIKINGS, MIN_TIMES = 5.0, 5, 2
CATEGORY_SQL = "JOIN (SELECT item, any_value(category) AS category FROM items GROUP BY item) i ON i.item = e.item"


def likings(run: Run, source: Reading, person: int) -> tuple[Liking, ...]:
    """Items, then categories, the highest affinity first; only what they touched at least twice and more than others do."""
    found: list[Liking] = []
    kinds: tuple[tuple[Literal["item", "category"], str, str], ...] = (("item", "e.item", ""), ("category", "i.category", CATEGORY_SQL))
    for kind, column, join in kinds:
        rows = source.rows(
            f"""
            SELECT {column}, count(*) FILTER (e.actor = ?), count(*) FROM events e {join}
            WHERE {column} IS NOT NULL GROUP BY 1 ORDER BY 1
            """,
            [person],
        )
        mine, everybody = sum(row[1] for row in rows), sum(row[2] for row in rows)
        scored = [(affinity(row[1], mine, row[2], everybody), str(row[0]), int(row[1])) for row in rows if row[1] >= MIN_TIMES]
        for place, (ratio, name, times) in enumerate(sorted(scored, key=lambda entry: (-entry[0], entry[1]))[:MAX_LIKINGS]):
            if ratio > 1:
                found.append(
                    Liking(
                        kind=kind,
                        name=name,
                        times=run.figure(f"liking_{kind}_{place}_times", times, "events", "behaviour.d.liking_times"),
                        affinity=run.figure(f"liking_{kind}_{place}", round(ratio, 2), "ratio", "behaviour.d.affinity"),
                    )
                )
    return tuple(found)


def affinity(times: float, of: float, times_all: float, of_all: float) -> float:
    """How much larger the smoothed share of a person is than everybody's."""
    average = times_all / of_all
    return (times + PRIOR * average) / (of + PRIOR) / average


def segments_of(report: SegmentsReport, members: Sequence[tuple[str, NDArray[np.int64]]], person: int) -> tuple[Label, ...]:
    """Labels of the segments a person is in."""
    labels: dict[str, Label] = {segment.name: segment.label for segment in report.value_segments}
    labels |= {group.name: group.label for group in report.groups}
    return tuple(labels[name] for name, people in members if person in people)
