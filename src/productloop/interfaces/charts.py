"""A `Chart` block as a Vega-Lite specification and as an SVG, drawn offline by `vl-convert`.

Look: one accent colour, light grid, labels on the data instead of axes and legends where there is room, intervals as bands and
error bars, percent axes for shares, labels always level and wrapped (Chinese breaks between any two characters).
What is still open or not known is a gap: no bar, no cell, no line, a shaded end, never a zero.

Bars start at zero, since their length is read; lines start at zero unless their lowest value is above half the highest
(W. S. Cleveland, The Elements of Graphing Data, 1994). Sizes are pixels.
Vega-Lite 5 (https://vega.github.io/vega-lite/docs/); names travel as data or as JSON string literals, never as expressions.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import math
import re
from collections.abc import Mapping
from typing import Any

from productloop.foundation.page import Chart, date_positions
from productloop.foundation.wording import Language, Text
from productloop.interfaces.chart_forms import draw_map, draw_ranges, map_rows
from productloop.interfaces.chart_labels import cut, date_labels, number_label, text_width, thinned, wrapped
from productloop.interfaces.chart_marks import BAND, bar_mark_layers, mark_layers
from productloop.interfaces.chart_sankey import draw_sankey
from productloop.interfaces.sentences import phrase, plain

MAX_WIDTH = 640
FONT = "system-ui, 'Noto Sans CJK SC', 'PingFang SC', 'Microsoft YaHei', sans-serif"
ACCENT = "#0b6e69"
COLOURS = (ACCENT, "#8a9bab", "#c8741a", "#7a5bb5", "#b4436c", "#8a9a2b")
"""The accent, then hues that stay apart for the common kinds of colour blindness; a seventh series starts again."""
INK, MUTED, GRID_LINE, PAPER = "#1d2b2a", "#5d6b6a", "#e6ebea", "#f1f4f3"

_MEASURED_FONT = "sans-serif"
"""By what the engine measures labels, its own sans-serif, with the metrics of Arial: the same drawing on every machine. Seeking the reader's
fonts for every label, or measuring in a font of all of Chinese, takes longer than the drawing (15 charts in English: 3.9 CPU seconds, so 1.4)."""
_DRAWN_FONT = re.compile(rf'(<text\b[^>]*\bfont-family="){_MEASURED_FONT}(?=")')

_VEGA_LITE_VERSION = "5.20"
_CHARACTER = 6.6
"""Width of half an em at 12 px: a Latin letter; a Chinese character takes two."""
_PLOT_HEIGHT, _BAR_ROW, _HEAT_ROW = 230, 34, 32
_MAX_UPRIGHT_BARS = 12
_MAX_VALUE_LABELS = 30
_MIN_LABEL_SLOT = 38
_MAX_BAR = 62
_VALUE_AXIS = 45
"""About what the value axis takes beside lines."""
_MARKED_BARS = 0.9
"""Of a picture's width: what lies about beside the value axis of standing bars."""
_ID = re.compile(r'(?<=\bid=")clip\d+(?=")')
_ID_USE = re.compile(r'(\bid="|url\(#)(clip\d+)(?=["\)])')

_CONFIG: dict[str, Any] = {
    "aria": False,
    "background": None,
    "font": FONT,
    "padding": {"left": 8, "right": 4, "top": 4, "bottom": 4},
    "view": {"stroke": None},
    "title": {"anchor": "start", "color": INK, "fontSize": 15, "fontWeight": 600, "offset": 14, "lineHeight": 20},
    "axis": {
        "labelColor": MUTED,
        "labelFontSize": 12,
        "labelLimit": 400,
        "labelLineHeight": 15,
        "titleColor": MUTED,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "gridColor": GRID_LINE,
        "domainColor": "#b9c3c1",
    },
    "legend": {"labelColor": INK, "labelFontSize": 12, "symbolType": "square", "symbolSize": 110, "labelLimit": 180},
    "text": {"fontSize": 12, "color": INK},
}

Spec = dict[str, Any]
_Rows = list[dict[str, Any]]


def chart_svg(chart: Chart, texts: Mapping[str, Text], language: Language, width: int = MAX_WIDTH, titled: bool = True) -> str:
    """The chart as one SVG document, `width` pixels wide."""
    import vl_convert

    spec = chart_spec(chart, texts, language, width, titled)
    measured = spec | {"config": _CONFIG | {"font": _MEASURED_FONT}}
    drawing = vl_convert.vegalite_to_svg(measured, vl_version=_VEGA_LITE_VERSION)
    return _with_own_ids(_DRAWN_FONT.sub(lambda begin: begin.group(1) + FONT, drawing))


def _with_own_ids(drawing: str) -> str:
    """The SVG with ids made of its content: the engine counts on from drawing to drawing, and two drawings on a page must not share ids."""
    numbers = {name: number for number, name in enumerate(dict.fromkeys(_ID.findall(drawing)))}
    plainly = _ID_USE.sub(lambda use: f"{use.group(1)}{numbers[use.group(2)]}", drawing)
    prefix = "d" + hashlib.sha256(plainly.encode()).hexdigest()[:10]
    return _ID_USE.sub(lambda use: f"{use.group(1)}{prefix}-{numbers[use.group(2)]}", drawing)


def chart_spec(chart: Chart, texts: Mapping[str, Text], language: Language, width: int = MAX_WIDTH, titled: bool = True) -> Spec:
    """The chart as a Vega-Lite 5 specification, `width` pixels wide in all."""
    names = [plain(label, texts, language) for label in chart.x]
    rows = map_rows(chart, texts, language, width) if chart.form == "map" else _rows(chart, texts, language)
    if chart.form == "sankey":
        spec = draw_sankey(chart, texts, language, width, (ACCENT, "#b9c3c1", INK, MUTED))
    else:
        draw = {"bars": _bars, "lines": _lines, "heat": _heat, "map": _map, "ranges": _ranges}[chart.form]
        spec = draw(chart, names, rows, width, language)
    if chart.days() is not None:
        _add_marks(spec, chart, texts, language, width)
    spec |= {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "width": width,
        "autosize": {"type": "fit-x", "contains": "padding"},
        "data": {"values": rows},
        "config": _CONFIG,
    }
    if titled:
        spec["title"] = {"text": wrapped(plain(chart.title, texts, language), int(width / (_CHARACTER * 1.3)), 2)}
    x_title, y_title = (plain(title, texts, language) if title else None for title in (chart.x_title, chart.y_title))
    if chart.form == "ranges" or (chart.form == "bars" and not _upright(names, width)):
        x_title, y_title = y_title, x_title
    _set_title(spec["encoding"]["x"], x_title, {})
    # Above the axis and level: turned Chinese is hard to read.
    level = {"titleAngle": 0, "titleAlign": "left", "titleAnchor": "end", "titleBaseline": "bottom", "titleX": 0, "titleY": -10}
    _set_title(spec["encoding"]["y"], y_title, level)
    return spec


def _add_marks(spec: Spec, chart: Chart, texts: Mapping[str, Text], language: Language, width: int) -> None:
    """Rules and labels of what changed, above the numbers."""
    if chart.form == "lines":
        scale = spec["encoding"]["x"]["scale"]
        room = int(scale["range"][1]["expr"].removeprefix("width - "))  # names at the ends of lines stand there
        marks = mark_layers(chart, texts, language, scale["domain"], width - room - _VALUE_AXIS)
    else:
        marks = bar_mark_layers(chart, texts, language, _MARKED_BARS * width)
    if marks:
        spec["layer"] += marks
        spec["height"] += BAND
        spec["encoding"]["y"]["scale"]["range"] = [{"expr": "height"}, BAND]


def _rows(chart: Chart, texts: Mapping[str, Text], language: Language) -> _Rows:
    """One row per series and x: place, series number and name, value, interval, and the value as a reader sees it."""
    rows: _Rows = []
    for number, series in enumerate(chart.series):
        name = plain(series.name, texts, language)
        segment = 0
        for place in range(len(chart.x)):
            y, low, high = (_known(values, place) for values in (series.y, series.low, series.high))
            segment += y is None  # a line breaks where a value is missing
            if y is None or low is None or high is None:
                low = high = None
            label = phrase("not_yet", language) if y is None else number_label(y, chart.share, language)
            row = {"place": place, "series": number, "name": name, "y": y, "low": low, "high": high, "segment": segment, "label": label}
            row["tip"] = max(y, high) if y is not None and high is not None else (0 if y is None else max(y, 0))
            rows.append(row)
    return rows


def _known(values: tuple[float | None, ...], place: int) -> float | None:
    value = values[place] if place < len(values) else None
    return None if value is None or not math.isfinite(value) else value


def _set_title(encoding: Spec, title: str | None, placing: Spec) -> None:
    if title and encoding.get("axis"):
        encoding["axis"] = {**encoding["axis"], "title": title, **placing}


def _extent(rows: _Rows) -> tuple[float, float]:
    """Smallest and largest of all values and interval ends; (0, 1) where nothing is known."""
    known = [row[key] for row in rows for key in ("y", "low", "high") if row[key] is not None]
    return (min(known), max(known)) if known else (0.0, 1.0)


def _place_axis(labels: Mapping[int, list[str]], upright: bool = True) -> Spec:
    """Axis that writes `labels` (position -> lines) and nothing else; on a standing axis two lines are centred on their place."""
    tall = [position for position, lines in labels.items() if len(lines) > 1]
    raised = {"condition": {"test": f"indexof({tall}, datum.value) >= 0", "value": -7.5}, "value": 0}
    literal = json.dumps({str(position): lines for position, lines in labels.items()}, ensure_ascii=False)
    return {
        "values": list(labels),
        "labelExpr": f"{literal}[datum.value]",
        "labelAngle": 0,
        "labelOverlap": False,
        "labelFlush": False,
        "ticks": False,
        "labelPadding": 8,
        "grid": False,
        "title": None,
        **({} if upright else {"labelOffset": raised}),
    }


def _value_axis(chart: Chart) -> Spec:
    expression = "format(100 * datum.value, ',.3~r') + ' %'" if chart.share else "format(datum.value, ',.12~g')"
    return {"labelExpr": expression, "tickCount": 5, "grid": True, "domain": False, "ticks": False, "labelPadding": 6, "title": None}


def _colour(chart: Chart, names: Mapping[int, str], width: int) -> Spec:
    """Colour by series, with a legend on top; the accent alone where there is one series."""
    if len(chart.series) < 2:
        return {"value": ACCENT}
    domain = list(names)
    literal = json.dumps({str(number): cut(name, 26) for number, name in names.items()}, ensure_ascii=False)
    columns = max(1, width // int(40 + _CHARACTER * max(text_width(cut(name, 26)) for name in names.values())))
    legend = {"orient": "top", "direction": "horizontal", "columns": columns, "title": None, "labelExpr": f"{literal}[datum.value]"}
    scale = {"domain": domain, "range": [COLOURS[number % len(COLOURS)] for number in domain]}
    return {"field": "series", "type": "nominal", "scale": scale, "legend": legend}


# ---------------------------------------------------------------- bars


def _upright(names: list[str], width: int) -> bool:
    """True when bars can stand: dates, or few names that fit below in two lines."""
    if date_positions(names) is not None:
        return True
    columns = int((width - 60) / max(len(names), 1) / _CHARACTER) - 1
    return len(names) <= _MAX_UPRIGHT_BARS and columns >= 4 and all(_fits(name, columns) for name in names)


def _fits(name: str, columns: int) -> bool:
    lines = wrapped(name, columns, 3)
    return len(lines) <= 2 and not any(line.endswith("…") for line in lines)


def _bars(chart: Chart, names: list[str], rows: _Rows, width: int, language: Language) -> Spec:
    upright, num_series, num_names = _upright(names, width), max(len(chart.series), 1), max(len(names), 1)
    slot = (width - 60) / num_names
    columns = int(slot / _CHARACTER) - 1 if upright else int(width * 0.32 / _CHARACTER)
    labels = date_labels(names, language)
    kept = thinned(num_names, width // 72) if labels is not None else range(len(names))
    lines = {place: [labels[place]] if labels is not None else wrapped(names[place], columns, 2) for place in kept}
    place_axis = _place_axis(lines, upright)
    place_axis["domain"] = upright
    stacked = chart.stacked and num_series > 1
    labelled = not stacked and len(rows) <= _MAX_VALUE_LABELS and (not upright or slot / num_series >= _MIN_LABEL_SLOT)
    low, high = _stack_extent(rows) if stacked else _extent(rows)
    low, high = min(low, 0), max(high, 0) or 1
    room = (high - low) * (0.12 if upright else 60 / (width * 0.6))
    value: Spec = {"field": "y", "type": "quantitative", "axis": None if labelled else _value_axis(chart)}
    value["scale"] = {"domain": [low - (room if low < 0 else 0), high + (room if labelled else 0)], "nice": not labelled}
    place: Spec = {"field": "place", "type": "ordinal", "axis": place_axis, "sort": None}
    thickness = slot if upright else float(_BAR_ROW)
    beside = 1 if stacked else num_series
    thin = max(0.3 if beside > 1 else 0.42, 1 - _MAX_BAR * beside / thickness)
    place["scale"] = {"paddingInner": thin, "paddingOuter": thin / 2}
    along, across = ("x", "y") if upright else ("y", "x")
    encoding: Spec = {along: place, across: value}
    if stacked:
        value["stack"] = "zero"
    elif num_series > 1:
        encoding[along + "Offset"] = {"field": "series", "type": "ordinal", "sort": None}
    colour = _colour(chart, {row["series"]: row["name"] for row in rows}, width)
    known: list[Spec] = [{"filter": "datum.y !== null"}]
    mark = {"type": "bar"} if stacked else {"type": "bar", "cornerRadiusEnd": 3}
    layers: list[Spec] = [{"transform": known, "mark": mark, "encoding": {"color": colour}}]
    if stacked and low < 0:
        line = {"type": "rule", "color": MUTED, "strokeWidth": 1}
        layers.append(
            {"data": {"values": [{"zero": 0}]}, "mark": line, "encoding": {across: {"field": "zero", "type": "quantitative"}, along: None}}
        )
    layers += [] if stacked else _error_bars(rows, across)
    layers += _value_labels(across) if labelled else []
    height = _PLOT_HEIGHT if upright else max(70, num_names * (_BAR_ROW if beside == 1 else 14 + 20 * beside))
    return {"layer": layers, "encoding": encoding, "height": height}


def _stack_extent(rows: _Rows) -> tuple[float, float]:
    """The lowest heap below the line and the highest above it."""
    below, above = {row["place"]: 0.0 for row in rows}, {row["place"]: 0.0 for row in rows}
    for row in rows:
        heap = below if (row["y"] or 0) < 0 else above
        heap[row["place"]] += row["y"] or 0
    return min(below.values(), default=0.0), max(above.values(), default=0.0)


def _error_bars(rows: _Rows, across: str) -> list[Spec]:
    if not any(row["low"] is not None for row in rows):
        return []
    encoding = {across: {"field": "low", "type": "quantitative"}, across + "2": {"field": "high"}}
    # A white casing keeps the part inside the bar visible.
    return [
        {
            "transform": [{"filter": "datum.low !== null"}],
            "mark": {"type": "rule", "color": colour, "opacity": opacity, "strokeWidth": thickness, "strokeCap": "round"},
            "encoding": encoding,
        }
        for colour, opacity, thickness in (("white", 0.75, 4), (INK, 0.8, 1.5))
    ]


def _value_labels(across: str) -> list[Spec]:
    """Each value at the end of its bar or error bar; "not yet", in grey, where there is none."""
    away: Spec = {"align": "center", "baseline": "bottom", "dy": -5} if across == "y" else {"align": "left", "baseline": "middle", "dx": 6}
    encoding = {across: {"field": "tip", "type": "quantitative"}, "text": {"field": "label"}}
    return [
        {"transform": [{"filter": f"datum.y {sign} null"}], "mark": {"type": "text", "color": colour, **away}, "encoding": encoding}
        for sign, colour in (("!==", INK), ("===", "#93a09e"))
    ]


# ---------------------------------------------------------------- lines


def _lines(chart: Chart, names: list[str], rows: _Rows, width: int, language: Language) -> Spec:
    days = date_positions(names)
    positions = days if days is not None and len(set(days)) == len(days) else list(range(len(names)))
    labels = date_labels(names, language)
    low, high = _extent(rows)
    low = low if low > 0.5 * high or low < 0 else 0
    ends = _end_labels(rows, chart, (high - low) or 1)
    room = min(int(width * 0.34), 18 + int(1.12 * _CHARACTER * max((text_width(end["text"]) for end in ends), default=0)))
    slot = 90 if labels is None else max(68, 16 + int(_CHARACTER * max(map(text_width, labels), default=0)))  # a year makes a date wide
    most = max(2, (width - room - 50) // slot)
    columns = int((width - room - 50) / most / _CHARACTER)
    axis = _place_axis(
        {
            positions[place]: [labels[place]] if labels is not None else wrapped(names[place], columns, 2)
            for place in thinned(len(names), most)
        }
    )
    axis["domain"] = True
    for row in rows:
        row["at"] = positions[row["place"]]
    for end in ends:
        end["at"] = positions[-1]
    first, last = (
        (positions[0], positions[-1]) if len(set(positions)) > 1 else (min(positions, default=0) - 1, max(positions, default=0) + 1)
    )
    scale = {"domain": [first, last], "nice": False, "zero": False, "range": [8, {"expr": f"width - {room}"}]}
    x: Spec = {"field": "at", "type": "quantitative", "axis": axis, "scale": scale}
    y_scale = {"domain": [low, high if high > low else low + 1], "nice": True, "zero": False}
    y: Spec = {"field": "y", "type": "quantitative", "axis": _value_axis(chart), "scale": y_scale}
    colour = _colour(chart, {row["series"]: row["name"] for row in rows}, width) | ({"legend": None} if len(chart.series) > 1 else {})
    layers = [*_open_end(rows, positions, language), *_band(rows, colour), *_strokes(rows, colour), *_end_texts(ends, colour)]
    return {"layer": layers, "encoding": {"x": x, "y": y}, "height": _PLOT_HEIGHT}


def _open_end(rows: _Rows, positions: list[int], language: Language) -> list[Spec]:
    """A shaded strip where no series is known any more."""
    known = [row["at"] for row in rows if row["y"] is not None]
    if not known or max(known) == positions[-1]:
        return []
    strip = {"values": [{"from": max(known), "to": positions[-1], "text": phrase("not_yet", language)}]}
    x = {"field": "from", "type": "quantitative"}
    return [
        {
            "data": strip,
            "mark": {"type": "rect", "color": PAPER},
            "encoding": {"x": x, "x2": {"field": "to"}, "y": {"value": 0}, "y2": {"value": "height"}},
        },
        {
            "data": strip,
            "mark": {"type": "text", "align": "right", "baseline": "top", "color": MUTED, "dx": -6, "dy": 6},
            "encoding": {"x": {**x, "field": "to"}, "y": {"value": 0}, "text": {"field": "text"}},
        },
    ]


def _band(rows: _Rows, colour: Spec) -> list[Spec]:
    if not any(row["low"] is not None for row in rows):
        return []
    detail = [{"field": "segment", "type": "nominal"}, {"field": "series", "type": "nominal"}]
    encoding = {"y": {"field": "low", "type": "quantitative"}, "y2": {"field": "high"}, "color": colour, "detail": detail}
    mark = {"type": "area", "opacity": 0.14, "interpolate": "linear"}
    return [{"transform": [{"filter": "datum.low !== null"}], "mark": mark, "encoding": encoding}]


def _strokes(rows: _Rows, colour: Spec) -> list[Spec]:
    """The lines, cut where a value is missing, and their points where there are few."""
    known = [{"filter": "datum.y !== null"}]
    detail = {"field": "segment", "type": "nominal"}
    layers: list[Spec] = [
        {
            "transform": known,
            "mark": {"type": "line", "strokeWidth": 2.25, "strokeJoin": "round", "strokeCap": "round"},
            "encoding": {"color": colour, "detail": detail},
        }
    ]
    if len({row["place"] for row in rows}) <= 31:
        layers.append(
            {"transform": known, "mark": {"type": "point", "filled": True, "size": 28, "opacity": 1}, "encoding": {"color": colour}}
        )
    return layers


def _end_labels(rows: _Rows, chart: Chart, height: float) -> list[dict[str, Any]]:
    """Name and last value of each series, for the right edge, moved apart so that none covers another."""
    last: dict[int, dict[str, Any]] = {row["series"]: row for row in rows if row["y"] is not None}
    ends = []
    for number, row in last.items():
        text = row["label"] if len(chart.series) == 1 else f"{cut(row['name'], 18)} {row['label']}"
        ends.append({"series": number, "height": row["y"], "text": text})
    gap = 16 * height / _PLOT_HEIGHT
    ends.sort(key=lambda end: end["height"])
    for below, above in itertools.pairwise(ends):
        above["height"] = max(above["height"], below["height"] + gap)
    return ends


def _end_texts(ends: list[dict[str, Any]], colour: Spec) -> list[Spec]:
    if not ends:
        return []
    mark = {"type": "text", "align": "left", "baseline": "middle", "dx": 8, "fontWeight": 600}
    y = {"field": "height", "type": "quantitative"}
    return [{"data": {"values": ends}, "mark": mark, "encoding": {"y": y, "text": {"field": "text"}, "color": colour}}]


# ---------------------------------------------------------------- heat


def _heat(chart: Chart, names: list[str], rows: _Rows, width: int, language: Language) -> Spec:
    """A table of coloured cells: one row per series, x on top; what is not known stays pale and empty."""
    series = {row["series"]: row["name"] for row in rows}
    slot = width * 0.74 / max(len(names), 1)
    labels = date_labels(names, language) or names
    x_axis = _place_axis({place: wrapped(labels[place], int(slot / _CHARACTER), 2) for place in range(len(names))})
    y_axis = _place_axis({number: wrapped(name, int(width * 0.26 / _CHARACTER), 2) for number, name in series.items()}, upright=False)
    plain_axis = {"domain": False, "ticks": False, "labelPadding": 6}
    x = {"field": "place", "type": "ordinal", "axis": {**x_axis, **plain_axis, "orient": "top"}, "sort": None}
    y = {"field": "series", "type": "ordinal", "axis": {**y_axis, **plain_axis}, "sort": None}
    low, high = _extent(rows)
    known, unknown = [{"filter": "datum.y !== null"}], [{"filter": "datum.y === null"}]
    tile = {"type": "rect", "stroke": "white", "strokeWidth": 2, "cornerRadius": 4}
    if low < 0:
        most = max(-low, high)
        scale: Spec = {"domain": [-most, 0, most], "range": ["#b4436c", "#f5f7f6", ACCENT]}
        dark = f"abs(datum.y) > {0.72 * most}"
    else:
        scale = {"domain": [0, high or 1], "range": ["#eef6f5", "#7fbcb6", ACCENT], "interpolate": "lab"}
        dark = f"datum.y > {0.72 * high}"
    colour = {"field": "y", "type": "quantitative", "scale": scale, "legend": None}
    layers: list[Spec] = [
        {"transform": known, "mark": tile, "encoding": {"color": colour}},
        {"transform": unknown, "mark": {**tile, "color": "#f7f9f8"}},
    ]
    if slot >= 30:
        ink = {"condition": {"test": dark, "value": "white"}, "value": INK}
        layers.append({"transform": known, "mark": {"type": "text"}, "encoding": {"text": {"field": "label"}, "color": ink}})
    return {"layer": layers, "encoding": {"x": x, "y": y}, "height": max(_HEAT_ROW * len(series), _HEAT_ROW)}


# ---------------------------------------------------------------- maps and ranges


def _map(chart: Chart, names: list[str], rows: _Rows, width: int, language: Language) -> Spec:
    """Things near what is like them."""
    return draw_map(rows, _colour(chart, {row["series"]: row["name"] for row in rows}, width))


def _ranges(chart: Chart, names: list[str], rows: _Rows, width: int, language: Language) -> Spec:
    """Dots with their intervals, one name below the other."""
    columns = int(width * 0.34 / _CHARACTER)
    place_axis = _place_axis({place: wrapped(name, columns, 2) for place, name in enumerate(names)}, upright=False)
    colour = _colour(chart, {row["series"]: row["name"] for row in rows}, width)
    return draw_ranges(rows, place_axis, _value_axis(chart), colour, len(names))
