"""What changed, on a chart over time: dashed vertical rules at their dates, with short labels where there is room, and all of them in words below.

A rule stands at its own date, also between two points. Labels stand on two levels, and one that would cover another is left out: the words
below the chart hold every mark. Marks outside the dates of the chart are not drawn and not said.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import Any

from productloop.foundation.page import Chart
from productloop.foundation.wording import Language, Say, Text
from productloop.interfaces.chart_labels import cut, date_positions, text_width
from productloop.interfaces.sentences import phrase, plain

Spec = dict[str, Any]
LABEL_COLUMNS, CHARACTER, LEVELS, LINE = 14, 6.6, 2, 14
MOST = 24
"""More marks than this are a pattern, not marks: the newest are shown."""


def marks_within(chart: Chart) -> list[tuple[str, Say | str]]:
    """The marks whose dates the chart covers, by date; none on a chart whose x are not dates, nor on heat tables, maps and ranges."""
    names = [label for label in chart.x if isinstance(label, str)]
    days = date_positions(names) if len(names) == len(chart.x) else None
    if days is None or chart.form not in ("lines", "bars"):
        return []
    step = min((later - earlier for earlier, later in itertools.pairwise(days) if later > earlier), default=1)
    dated = [(date_positions([day]), day, label) for day, label in chart.marks]
    kept = [(place[0], day, label) for place, day, label in dated if place is not None and days[0] <= place[0] < days[-1] + step]
    return [(day, label) for _, day, label in sorted(kept, key=lambda mark: mark[0])][-MOST:]


def marks_sentence(chart: Chart, texts: Mapping[str, Text], language: Language) -> str:
    """All marks in words, for below the chart; empty where there are none."""
    joint = "；" if language == "zh" else "; "
    written = [phrase("mark", language, day=day, label=plain(label, texts, language)) for day, label in marks_within(chart)]
    return phrase("marks", language, marks=joint.join(written)) if written else ""


def mark_layers(chart: Chart, texts: Mapping[str, Text], language: Language, ends: Sequence[float], pixels: float) -> list[Spec]:
    """Layers for a chart over dates whose x axis goes from `ends[0]` to `ends[1]` (days since year 1) over so many pixels."""
    first, last = ends
    free = [-1.0] * LEVELS
    rows = []
    for day, label in marks_within(chart):
        [at] = date_positions([day]) or [0]
        at = min(at, int(last))
        x = (at - first) / ((last - first) or 1) * pixels
        text = cut(plain(label, texts, language), LABEL_COLUMNS)
        half = text_width(text) * CHARACTER / 2
        left = min(max(x - half, 0.0), max(0.0, pixels - 2 * half))
        level = next((number for number in range(LEVELS) if free[number] < left), None)
        if level is not None:
            free[level] = left + 2 * half + 6
        middle = first + (left + half) / pixels * (last - first)
        rows.append({"at": at, "text": "" if level is None else text, "level": LINE * (level or 0), "middle": middle})
    if not rows:
        return []
    x_at = {"field": "at", "type": "quantitative"}
    rule = {"type": "rule", "strokeDash": [3, 3], "color": "#93a09e", "strokeWidth": 1}
    layers: list[Spec] = [
        {"data": {"values": rows}, "mark": rule, "encoding": {"x": x_at, "y": {"value": 0}, "y2": {"value": "height"}}},
    ]
    for row in rows:
        if row["text"]:
            mark = {"type": "text", "align": "center", "baseline": "top", "fontSize": 11, "color": "#5d6b6a"}
            encoding = {"x": {**x_at, "field": "middle"}, "y": {"value": row["level"]}, "text": {"field": "text"}}
            layers.append({"data": {"values": [row]}, "mark": mark, "encoding": encoding})
    return layers
