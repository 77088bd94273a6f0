"""Two forms of chart beside bars, lines and heat tables: a map of things that lie near what is like them, and ranges.

A map writes a name only where it covers no other name, the largest things first: the rest is in the table below the picture.
A range is a dot with its interval, one name below the other, because intervals are compared along one scale
(W. S. Cleveland, The Elements of Graphing Data, 1994, chapter 3: dot plots).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from productloop.foundation.page import Chart
from productloop.foundation.wording import Language, Text
from productloop.interfaces.chart_labels import cut, text_width
from productloop.interfaces.sentences import plain

Spec = dict[str, Any]
Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""
MAP_HEIGHT, LARGEST, SMALLEST = 380, 1500.0, 40.0
"""Pixels, and square pixels of the largest and smallest circle."""
LABEL_COLUMNS, LINE, CHARACTER = 22, 15.0, 6.6
EDGE = 16.0
"""Pixels of the picture's width that are no part of the frame."""
MARGIN = 1.22
"""The places go from -1 to 1; the frame leaves room for circles and names."""


def map_rows(chart: Chart, texts: Mapping[str, Text], language: Language, width: int) -> list[dict[str, Any]]:
    """One row a place: where, how large, its name, and the name again where there is room to write it."""
    rows: list[dict[str, Any]] = []
    largest = max((size for series in chart.series for size in series.size), default=1.0) or 1.0
    for number, series in enumerate(chart.series):
        for place, (across, up) in enumerate(zip(series.x, series.y, strict=True)):
            size = series.size[place] if place < len(series.size) else largest
            area = SMALLEST + (LARGEST - SMALLEST) * max(size, 0.0) / largest
            name = plain(series.labels[place], texts, language) if place < len(series.labels) else ""
            rows.append({"across": across, "up": up or 0.0, "series": number, "area": area, "size": size, "full": name, "text": ""})
            rows[-1]["name"] = plain(series.name, texts, language)
    _name_places(rows, width)
    return rows


def _name_places(rows: list[dict[str, Any]], width: int) -> None:
    """Give each row its name where there is room: above its circle, else below, right or left of it; pushed inside the frame."""
    circles = {id(row): _circle(row, width) for row in rows}
    taken: list[Box] = []
    for row in sorted(rows, key=lambda row: (-row["size"], row["full"])):
        text = cut(row["full"], LABEL_COLUMNS)
        half = text_width(text) * CHARACTER / 2
        x, y, radius = circles[id(row)]
        others = [(cx - r, cy - r, cx + r, cy + r) for key, (cx, cy, r) in circles.items() if key != id(row)]
        up, aside = radius + LINE / 2 + 1, radius + half + 3
        for right, down in ((0.0, -up), (0.0, up), (aside, 0.0), (-aside, 0.0)):
            middle = x + right
            middle += max(0.0, half - middle) - max(0.0, middle + half - (width - EDGE)) if right == 0 else 0.0
            box = (middle - half, y + down - LINE / 2, middle + half, y + down + LINE / 2)
            if box[0] >= 0 and box[2] <= width - EDGE and not any(_covers(box, other) for other in (*taken, *others)):
                row |= {"text": text, "right": middle - x, "down": down}
                taken.append(box)
                break


def _circle(row: Mapping[str, Any], width: int) -> tuple[float, float, float]:
    """Middle (across, down from the top) and radius of a circle, in pixels."""
    across, down = ((value + MARGIN) / (2 * MARGIN) for value in (row["across"], -row["up"]))
    return across * (width - EDGE), down * MAP_HEIGHT, math.sqrt(row["area"] / math.pi)


def _covers(box: Box, other: Box) -> bool:
    return box[0] < other[2] and other[0] < box[2] and box[1] < other[3] and other[1] < box[3]


def draw_map(rows: list[dict[str, Any]], colour: Spec) -> Spec:
    """Circles by place and size, with the names that fit."""
    scale = {"domain": [-MARGIN, MARGIN], "nice": False, "zero": False}
    encoding = {
        "x": {"field": "across", "type": "quantitative", "axis": None, "scale": scale},
        "y": {"field": "up", "type": "quantitative", "axis": None, "scale": scale},
    }
    circle = {"type": "circle", "opacity": 0.55, "stroke": "white", "strokeWidth": 1}
    size = {"field": "area", "type": "quantitative", "scale": None, "legend": None}
    layers: list[Spec] = [{"mark": circle, "encoding": {"size": size, "color": colour}}]
    for row in rows:
        if row["text"]:  # the distance to a name depends on its circle, and a mark's offset cannot come from the data
            mark = {"type": "text", "baseline": "middle", "dx": row["right"], "dy": row["down"]}
            layers.append({"data": {"values": [row]}, "mark": mark, "encoding": {"text": {"field": "text"}}})
    return {"layer": layers, "encoding": encoding, "height": MAP_HEIGHT}


def draw_ranges(rows: list[dict[str, Any]], place_axis: Spec, value_axis: Spec, colour: Spec, num_names: int) -> Spec:
    """A dot with its interval for each name, names below each other."""
    known = [row[key] for row in rows for key in ("y", "low", "high") if row[key] is not None]
    low, high = (min(known), max(known)) if known else (0.0, 1.0)
    low = low if low > 0.5 * high or low < 0 else 0.0
    pad = 0.04 * ((high - low) or 1.0)
    scale = {"domain": [low - (pad if low else 0), high + pad], "nice": True, "zero": False}
    encoding: Spec = {
        "y": {"field": "place", "type": "ordinal", "axis": {**place_axis, "domain": False, "grid": True}, "sort": None},
        "x": {"field": "y", "type": "quantitative", "axis": value_axis, "scale": scale},
    }
    ends = {"x": {"field": "low", "type": "quantitative"}, "x2": {"field": "high"}, "color": colour}
    rule = {"type": "rule", "strokeWidth": 3, "opacity": 0.45, "strokeCap": "round"}
    several = len({row["series"] for row in rows}) > 1
    if several:
        encoding["yOffset"] = {"field": "series", "type": "ordinal", "sort": None}
    layers: list[Spec] = [
        {"transform": [{"filter": "datum.low !== null"}], "mark": rule, "encoding": ends},
        {
            "transform": [{"filter": "datum.y !== null"}],
            "mark": {"type": "point", "filled": True, "size": 70, "opacity": 1},
            "encoding": {"color": colour},
        },
    ]
    return {"layer": layers, "encoding": encoding, "height": max(60, num_names * (30 if not several else 44))}
