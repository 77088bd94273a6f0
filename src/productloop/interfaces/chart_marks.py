"""What changed, on a chart over time: dashed vertical rules at their dates, with short labels where there is room, and all of them in words below.

Labels stand in a band above the numbers. A rule stands at its own date, also between two points; on bars within the bar of its week. A chart
that has more marks than MOST shows the most important, which come first, and says how many it leaves out. Labels stand on two levels, the most
important find room first, and one that would cover another is left out: the words below the chart hold every mark drawn. Marks outside the dates
of the chart are not drawn and not said.
"""

from __future__ import annotations

import bisect
import itertools
import re
from collections.abc import Mapping, Sequence
from typing import Any

from productloop.foundation.page import Chart, date_positions
from productloop.foundation.wording import Language, Say, Text
from productloop.interfaces.chart_labels import cut, text_width
from productloop.interfaces.sentences import phrase, plain

Spec = dict[str, Any]
LABEL_COLUMNS, CHARACTER, LEVELS, LINE, GAP = 14, 6.6, 2, 14, 6
MOST = 12
"""More marks than this are a forest, not marks."""
_RULE = {"type": "rule", "strokeDash": [3, 3], "color": "#93a09e", "strokeWidth": 1}
BAND = LEVELS * LINE + 4
"""Height of the band for labels, in pixels."""
_TEXT = {"type": "text", "align": "center", "baseline": "top", "fontSize": 11, "color": "#5d6b6a"}
_COLON = re.compile("[:：]")
_Mark = tuple[str, Say | str]


def _inside(chart: Chart) -> list[_Mark]:
    """The marks whose dates the chart covers, in the order given; none on a chart whose x are not dates, nor on heat tables, maps and ranges."""
    days = chart.days()
    if days is None:
        return []
    end = days[-1] + min((later - earlier for earlier, later in itertools.pairwise(days) if later > earlier), default=1)
    return [(day, label) for day, label in chart.marks if days[0] <= _ordinal(day) < end]


def _ordinal(day: str) -> int:
    """Days since year 1; -1 for what is no date."""
    return (date_positions([day]) or [-1])[0]


def marks_within(chart: Chart) -> list[_Mark]:
    """The marks that the chart shows, by date: at most MOST, the most important."""
    return sorted(_inside(chart)[:MOST], key=lambda mark: _ordinal(mark[0]))


def marks_sentence(chart: Chart, texts: Mapping[str, Text], language: Language) -> str:
    """All marks shown in words, for below the chart, and how many more there are; empty where there are none."""
    joint = "；" if language == "zh" else "; "
    written = [phrase("mark", language, day=day, label=plain(label, texts, language)) for day, label in marks_within(chart)]
    if (more := len(_inside(chart)) - len(written)) > 0:
        written.append(phrase("marks_more", language, num=more))
    return phrase("marks", language, marks=joint.join(written)) if written else ""


def marks_once(chart: Chart, texts: Mapping[str, Text], language: Language, said: set[str]) -> str:
    """The sentence, unless a chart of the same page has `said` it already; remembers it there."""
    sentence = marks_sentence(chart, texts, language)
    if sentence in said:
        return ""
    said.add(sentence)
    return sentence


def mark_layers(chart: Chart, texts: Mapping[str, Text], language: Language, ends: Sequence[float], pixels: float) -> list[Spec]:
    """Layers for lines over dates whose x axis goes from `ends[0]` to `ends[1]` (days since year 1) over so many pixels."""
    first, last = ends
    span = (last - first) or 1
    placed = _placed(
        chart, texts, language, [(min(_ordinal(day), last) - first) / span * pixels for day, _ in _inside(chart)[:MOST]], pixels
    )
    if not placed:
        return []
    rows = [{"at": first + x / pixels * span} for x, _, _, _ in placed]
    x_at = {"field": "at", "type": "quantitative"}
    layers: list[Spec] = [
        {"data": {"values": rows}, "mark": _RULE, "encoding": {"x": x_at, "y": {"value": 0}, "y2": {"value": "height"}}},
    ]
    for _, text, level, middle in placed:
        if text:
            row = {"text": text, "middle": first + middle / pixels * span}
            encoding = {"x": {**x_at, "field": "middle"}, "y": {"value": level}, "text": {"field": "text"}}
            layers.append({"data": {"values": [row]}, "mark": _TEXT, "encoding": encoding})
    return layers


def bar_mark_layers(chart: Chart, texts: Mapping[str, Text], language: Language, pixels: float) -> list[Spec]:
    """Layers for standing bars over dates, `pixels` wide in all: a rule as far into the bar as its day is into the bar's week or month."""
    days = chart.days() or []
    slot = pixels / max(len(days), 1)
    edges = [*days, days[-1] + min((b - a for a, b in itertools.pairwise(days) if b > a), default=1)] if days else []
    places = []
    for day, _ in _inside(chart)[:MOST]:
        bar = bisect.bisect_right(days, _ordinal(day)) - 1
        places.append((bar, (_ordinal(day) - edges[bar]) / max(edges[bar + 1] - edges[bar], 1)))
    placed = _placed(chart, texts, language, [(bar + into) * slot for bar, into in places], pixels)
    layers: list[Spec] = []
    for (bar, into), (x, text, level, middle) in zip(places, placed, strict=True):
        at = {"field": "place", "type": "ordinal", "sort": None, "bandPosition": round(into, 3)}
        alone: Spec = {"x": at, "xOffset": None, "color": None, "y2": {"value": "height"}, "y": {"value": 0}}
        layers.append({"data": {"values": [{"place": bar}]}, "mark": _RULE, "encoding": alone})
        if text:
            mark = {**_TEXT, "dx": round(middle - x, 1)}
            encoding = {"x": at, "xOffset": None, "color": None, "y": {"value": level}, "text": {"field": "text"}}
            layers.append({"data": {"values": [{"place": bar, "text": text}]}, "mark": mark, "encoding": encoding})
    return layers


def _short(text: str) -> str:
    """A label for the chart: what stands before a colon where the whole is too long."""
    return text if text_width(text) <= LABEL_COLUMNS else cut(_COLON.split(text)[0], LABEL_COLUMNS)


def _placed(
    chart: Chart, texts: Mapping[str, Text], language: Language, across: Sequence[float], pixels: float
) -> list[tuple[float, str, int, float]]:
    """(x of the rule, its label or "" where there is no room, height of the label, x of its middle) of each mark at the places `across`."""
    taken: list[list[tuple[float, float]]] = [[] for _ in range(LEVELS)]
    found = []
    for (_, label), x in zip(_inside(chart)[:MOST], across, strict=True):
        text = _short(plain(label, texts, language))
        half = text_width(text) * CHARACTER / 2
        left = min(max(x - half, 0.0), max(0.0, pixels - 2 * half))
        right = left + 2 * half
        free = (number for number in range(LEVELS) if all(right + GAP <= begin or left >= end + GAP for begin, end in taken[number]))
        level = next(free, None)
        if level is not None:
            taken[level].append((left, right))
        found.append((x, "" if level is None else text, LINE * (level or 0), left + half))
    return found
