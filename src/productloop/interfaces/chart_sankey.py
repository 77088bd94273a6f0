"""A sankey: how many go from place to place, column by column, as ribbons whose thickness is their number.

Vega-Lite has no such form, so the places and ribbons are laid out here and drawn as bars, areas and texts.
- Order within a column: sweeps to and fro, each place moved to the mean position of its neighbours (the barycentre heuristic of
  Sugiyama, Tagawa and Toda 1981, IEEE Transactions on Systems, Man and Cybernetics 11), which leaves few crossings. Pale places, such as
  having left, stay at the bottom.
- Every place is given room for its name beside it, so that no name covers another; the picture grows taller where that needs it.
- A ribbon runs from one place to the next along a cubic that is level at both ends.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from productloop.foundation.page import Chart, FlowPlace
from productloop.foundation.wording import Language, Text
from productloop.interfaces.chart_labels import cut, number_label, wrapped
from productloop.interfaces.sentences import plain

Spec = dict[str, Any]
BAR, GAP, HEAD, LINE, FLOW_HEIGHT = 9, 9.0, 26.0, 14.0, 300.0
"""Pixels: width of a place, room between two, room of the column names, height of a line of text, of the thickest column."""
THINNEST = 1.5
CHARACTER = 6.0
NUM_SWEEPS, NUM_PIECES = 6, 16
SMALLEST_COLUMN = 62
"""Pixels of a column below which names cannot be read."""
EDGE = 12
"""Pixels of the picture's width that are no part of the frame."""


@dataclass(slots=True)
class _Box:
    """A place as it is drawn: its rows of text, its top and its thickness in pixels."""

    place: FlowPlace
    lines: list[str]
    height: float
    top: float = 0.0

    @property
    def room(self) -> float:
        """What it takes in its column: the bar, or its text where that is taller."""
        return max(self.height, LINE * len(self.lines))

    @property
    def middle(self) -> float:
        """The middle of the bar, in pixels."""
        return self.top + self.height / 2


def draw_sankey(chart: Chart, texts: Mapping[str, Text], language: Language, width: int, colours: tuple[str, str, str, str]) -> Spec:
    """Layers of the picture; colours are those of places, of pale places, of text and of column names."""
    num_columns = max(len(chart.x), max((place.column for place in chart.places), default=0) + 1, 1)
    pitch = (width - EDGE) / num_columns
    characters = max(int((pitch - BAR - 8) / CHARACTER), 4)
    boxes = _boxes(chart, texts, language, characters)
    columns = _ordered(chart, boxes, num_columns)
    height = _stack(boxes, columns)
    accent, pale, ink, quiet = colours
    scales = {"x": {"domain": [0, width - EDGE], "nice": False, "zero": False}, "y": {"domain": [height, 0], "nice": False, "zero": False}}
    axes = {name: {"field": name, "type": "quantitative", "axis": None, "scale": scale} for name, scale in scales.items()}
    bars = [
        {"x": pitch * box.place.column, "x2": pitch * box.place.column + BAR, "y": box.top, "y2": box.top + box.height,
         "colour": pale if box.place.muted else accent} for box in boxes
    ]  # fmt: skip
    layers: list[Spec] = [_ribbons(chart, boxes, pitch, accent, pale, axes)] if chart.links else []
    layers.append({
        "data": {"values": bars}, "mark": {"type": "rect"},
        "encoding": {**axes, "x2": {"field": "x2"}, "y2": {"field": "y2"}, "color": {"field": "colour", "type": "nominal", "scale": None}},
    })  # fmt: skip
    layers += _names(boxes, pitch, axes, ink)
    heads = [
        {"x": pitch * column, "y": 4.0, "text": cut(plain(name, texts, language), int(pitch / CHARACTER))}
        for column, name in enumerate(chart.x)
    ]
    head = {"type": "text", "align": "left", "baseline": "top", "color": quiet, "fontSize": 11}
    layers.append({"data": {"values": heads}, "mark": head, "encoding": {**axes, "text": {"field": "text"}}})
    return {"layer": layers, "encoding": {"x": axes["x"], "y": axes["y"]}, "height": height}


def _boxes(chart: Chart, texts: Mapping[str, Text], language: Language, characters: int) -> list[_Box]:
    sums: dict[int, float] = {}
    for place in chart.places:
        sums[place.column] = sums.get(place.column, 0.0) + place.value
    scale = FLOW_HEIGHT / (max(sums.values(), default=0.0) or 1.0)
    boxes = []
    for place in chart.places:
        name, number = plain(place.label, texts, language), number_label(place.value, chart.share, language)
        whole = f"{name} {number}"
        lines = [whole] if len(wrapped(whole, characters, 2)) == 1 and not wrapped(whole, characters, 1)[0].endswith("…") else []
        boxes.append(_Box(place, lines or [*wrapped(name, characters, 2), cut(number, characters)], max(place.value * scale, THINNEST)))
    return boxes


def _ordered(chart: Chart, boxes: Sequence[_Box], num_columns: int) -> list[list[int]]:
    """Places of each column from top to bottom."""
    columns = [[number for number, box in enumerate(boxes) if box.place.column == column] for column in range(num_columns)]
    for column in columns:
        column.sort(key=lambda number: (boxes[number].place.muted, -boxes[number].place.value, number))
    neighbours: dict[tuple[int, bool], list[tuple[int, float]]] = {}
    for link in chart.links:
        neighbours.setdefault((link.target, True), []).append((link.source, link.value))
        neighbours.setdefault((link.source, False), []).append((link.target, link.value))
    for sweep in range(NUM_SWEEPS):
        forwards = sweep % 2 == 0
        _stack(boxes, columns)
        for column in columns if forwards else columns[::-1]:
            middles = {number: _pull(number, neighbours.get((number, forwards), []), boxes) for number in column}
            column.sort(key=lambda number: (boxes[number].place.muted, middles[number], number))
            _stack(boxes, [column])
    return columns


def _pull(number: int, near: Sequence[tuple[int, float]], boxes: Sequence[_Box]) -> float:
    """The mean middle of the neighbours, by how many go there; its own middle without any."""
    total = sum(value for _, value in near)
    return sum(value * boxes[other].middle for other, value in near) / total if total > 0 else boxes[number].middle


def _stack(boxes: Sequence[_Box], columns: Sequence[Sequence[int]]) -> float:
    """Put the places of each column below each other; returns the height of the picture."""
    deepest = HEAD
    for column in columns:
        top = HEAD
        for number in column:
            boxes[number].top = top
            top += boxes[number].room + GAP
        deepest = max(deepest, top)
    return deepest


def _ribbons(chart: Chart, boxes: Sequence[_Box], pitch: float, accent: str, pale: str, axes: Spec) -> Spec:
    """Areas from place to place; at each place they lie in the order of the other ends, so that they cross little."""
    leaving: dict[int, float] = {}
    entering: dict[int, float] = {}
    starts: dict[int, float] = {}
    ends: dict[int, float] = {}
    links = list(enumerate(chart.links))
    shares = {number: box.height / box.place.value if box.place.value > 0 else 0.0 for number, box in enumerate(boxes)}
    for index, link in sorted(links, key=lambda entry: (entry[1].source, boxes[entry[1].target].top, entry[0])):
        starts[index] = boxes[link.source].top + leaving.get(link.source, 0.0)
        leaving[link.source] = leaving.get(link.source, 0.0) + link.value * shares[link.source]
    for index, link in sorted(links, key=lambda entry: (entry[1].target, boxes[entry[1].source].top, entry[0])):
        ends[index] = boxes[link.target].top + entering.get(link.target, 0.0)
        entering[link.target] = entering.get(link.target, 0.0) + link.value * shares[link.target]
    rows = []
    for index, link in links:
        source, target = boxes[link.source], boxes[link.target]
        left, right = pitch * source.place.column + BAR, pitch * target.place.column
        thick, thin = link.value * shares[link.source], link.value * shares[link.target]
        for piece in range(NUM_PIECES + 1):
            part = piece / NUM_PIECES
            bend = part * part * (3 - 2 * part)
            upper = starts[index] + (ends[index] - starts[index]) * bend
            width = max(thick + (thin - thick) * bend, 0.6)
            colour = pale if target.place.muted else accent
            rows.append({"x": left + (right - left) * part, "y": upper, "y2": upper + width, "link": index, "colour": colour})
    encoding = {
        **axes,
        "y2": {"field": "y2"},
        "detail": {"field": "link", "type": "nominal"},
        "color": {"field": "colour", "type": "nominal", "scale": None},
    }
    return {"data": {"values": rows}, "mark": {"type": "area", "opacity": 0.22}, "encoding": encoding}


def _names(boxes: Sequence[_Box], pitch: float, axes: Spec, ink: str) -> list[Spec]:
    """Names to the right of their places, on a pale casing that keeps them readable over ribbons."""
    rows = []
    for box in boxes:
        first = box.middle - LINE * (len(box.lines) - 1) / 2 if box.height >= LINE * len(box.lines) else box.top + LINE / 2
        for place, line in enumerate(box.lines):
            rows.append({"x": pitch * box.place.column + BAR + 4, "y": first + LINE * place, "text": line})
    mark = {"type": "text", "align": "left", "baseline": "middle", "fontSize": 11.5}
    casing = {**mark, "stroke": "white", "strokeWidth": 3.5, "strokeJoin": "round", "opacity": 0.75}
    encoding = {**axes, "text": {"field": "text"}}
    return [{"data": {"values": rows}, "mark": kind, "encoding": encoding} for kind in (casing, {**mark, "color": ink})]
