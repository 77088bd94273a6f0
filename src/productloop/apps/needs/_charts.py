"""Charts that several reports of `needs` draw: the map of topics, people by week, and unhappy people of each need with their interval."""

from __future__ import annotations

from collections.abc import Sequence

from productloop.apps.needs.types import TopicLine
from productloop.foundation.page import Chart, Series
from productloop.foundation.wording import say

MAX_MAPPED = 40
STATES = ("need", "praise", "too_small")
"""What is drawn on the map; topics of all sorts of things have no place that means anything."""

Place = tuple[float, float]
"""Across and up, each from -1 to 1."""


def topic_map(lines: Sequence[TopicLine], places: Sequence[Place]) -> Chart:
    """The topics as circles near what is like them, a colour for each kind; `places` (k,) beside `lines`."""
    shown = [(line, place) for line, place in zip(lines, places, strict=True) if line.state in STATES][:MAX_MAPPED]
    series = []
    for state in STATES:
        its = [(line, place) for line, place in shown if line.state == state]
        if its:
            across, up = tuple(place[0] for _, place in its), tuple(place[1] for _, place in its)
            size = tuple(float(line.people.value or 0) for line, _ in its)
            names = tuple(line.name for line, _ in its)
            series.append(Series(name=say(f"needs.state.{state}"), y=up, x=across, size=size, labels=names))
    return Chart(form="map", title=say("needs.topics.map"), x=(), series=tuple(series))


def weekly(lines: Sequence[TopicLine], weeks: tuple[str, ...], counts_people: bool) -> Chart:
    """A line for each topic: people (or texts) of each week; a gap where the week is open."""
    series = tuple(Series(name=line.name, y=tuple(None if y is None else float(y) for y in line.by_week)) for line in lines)
    return Chart(form="lines", title=say("needs.chart.people" if counts_people else "needs.chart.texts"), x=weeks, series=series)


def unhappy_ranges(needs: Sequence[TopicLine], counts_people: bool) -> Chart:
    """Unhappy people (or texts) of each need, a dot with its interval: rows whose lines overlap widely may change places."""
    y, low, high = (tuple(getattr(need.unhappy, part) for need in needs) for part in ("value", "low", "high"))
    series = Series(name=say("needs.column.unhappy"), y=y, low=low, high=high)
    title = say("needs.chart.unhappy_people" if counts_people else "needs.chart.unhappy_texts")
    return Chart(form="ranges", title=title, x=tuple(need.name for need in needs), series=(series,))
