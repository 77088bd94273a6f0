"""A sankey: nothing covers anything, thickness is number, the drawing is made, and a table stands for it where nothing can be drawn."""

from __future__ import annotations

import itertools

import pytest

from productloop.foundation.page import Chart, FlowLink, FlowPlace
from productloop.foundation.wording import Text, say
from productloop.interfaces.chart_sankey import GAP, HEAD, LINE, draw_sankey
from productloop.interfaces.charts import chart_spec, chart_svg
from productloop.interfaces.sentences import flow_table

TEXTS = {"t.title": Text("路径", "Paths"), "t.open": Text("打开应用", "open app")}
PLACES = (
    FlowPlace(column=0, label=say("t.open"), value=100),
    FlowPlace(column=1, label="view_balance", value=60),
    FlowPlace(column=1, label="transfer", value=10),
    FlowPlace(column=1, label="left", value=30, muted=True),
    FlowPlace(column=2, label="transfer", value=40),
)
LINKS = (
    FlowLink(source=0, target=1, value=60),
    FlowLink(source=0, target=2, value=10),
    FlowLink(source=0, target=3, value=30),
    FlowLink(source=1, target=4, value=40),
)
CHART = Chart(form="sankey", title=say("t.title"), x=("1", "2", "3"), series=(), places=PLACES, links=LINKS)
COLOURS = ("#0b6e69", "#b9c3c1", "#1d2b2a", "#5d6b6a")


@pytest.mark.parametrize("width", [340, 640])
def test_bars_of_a_column_stand_apart_and_are_as_thick_as_their_number(width: int) -> None:
    spec = draw_sankey(CHART, TEXTS, "en", width, COLOURS)
    bars = spec["layer"][1]["data"]["values"]
    assert all(0 <= bar["x"] < bar["x2"] <= width and HEAD <= bar["y"] < bar["y2"] <= spec["height"] for bar in bars)
    thickness = [bar["y2"] - bar["y"] for bar in bars]
    assert thickness[0] / thickness[1] == pytest.approx(100 / 60)
    second = sorted(bars[1:4], key=lambda bar: bar["y"])
    assert all(above["y2"] + GAP <= below["y"] + 1e-9 for above, below in itertools.pairwise(second))
    assert bars[3]["y"] == max(bar["y"] for bar in bars[1:4])  # what left stays at the bottom


@pytest.mark.parametrize("width", [340, 640])
def test_names_of_a_column_do_not_cover_each_other(width: int) -> None:
    names = draw_sankey(CHART, TEXTS, "zh", width, COLOURS)["layer"][3]["data"]["values"]
    for column in {name["x"] for name in names}:
        heights = sorted(name["y"] for name in names if name["x"] == column)
        assert all(below - above >= LINE - 1e-9 for above, below in itertools.pairwise(heights))
    assert any(name["text"].startswith("打开应用") for name in names)


def test_ribbons_fill_both_ends() -> None:
    spec = draw_sankey(CHART, TEXTS, "en", 640, COLOURS)
    rows = spec["layer"][0]["data"]["values"]
    bars = spec["layer"][1]["data"]["values"]
    starts = [min((row for row in rows if row["link"] == link), key=lambda row: row["x"]) for link in range(3)]
    assert sum(row["y2"] - row["y"] for row in starts) == pytest.approx(bars[0]["y2"] - bars[0]["y"])
    assert min(row["y"] for row in starts) == pytest.approx(bars[0]["y"])


@pytest.mark.parametrize("language", ["zh", "en"])
def test_it_is_drawn_with_its_names(language: str) -> None:
    drawing = chart_svg(CHART, TEXTS, language)  # type: ignore[arg-type]
    assert drawing.startswith("<svg")
    assert ("打开应用" if language == "zh" else "open app") in drawing
    assert chart_spec(CHART, TEXTS, "en")["title"]["text"] == ["Paths"]


def test_a_table_of_the_largest_flows_stands_for_it() -> None:
    heads, rows = flow_table(CHART, TEXTS, "en", 3)
    assert heads == ["place", "from", "to", "number"]
    assert rows == [["1", "open app", "view_balance", "60"], ["1", "open app", "left", "30"], ["2", "view_balance", "transfer", "40"]]


def test_an_empty_one_is_drawn_too() -> None:
    assert chart_svg(CHART.model_copy(update={"places": (), "links": ()}), TEXTS, "en").startswith("<svg")
