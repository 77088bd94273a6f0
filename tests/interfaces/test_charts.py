"""Charts: what is unknown is a gap, names never become code, drawing needs nothing from outside."""

from __future__ import annotations

import json
import re
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rendered_page import HOSTILE, TEXTS, full_page

from productloop.foundation.page import Chart, Fold, Series
from productloop.foundation.wording import LANGUAGES, Language, say
from productloop.interfaces.chart_forms import CHARACTER, EDGE, MARGIN, map_rows
from productloop.interfaces.chart_labels import cut, date_labels, number_label, text_width, thinned, wrapped
from productloop.interfaces.chart_marks import MOST, marks_once, marks_sentence, marks_within
from productloop.interfaces.charts import ACCENT, FONT, MAX_WIDTH, chart_spec, chart_svg


def charts() -> list[Chart]:
    page = full_page()
    found = []
    for block in (*page.blocks, *page.details):
        found += [inner for inner in (block.blocks if isinstance(block, Fold) else (block,)) if isinstance(inner, Chart)]
    return found


def line_chart(*y: float | None, share: bool = False) -> Chart:
    x = tuple(f"2026-03-{2 + place:02d}" for place in range(len(y)))
    return Chart(form="lines", title=say("t.chart_lines"), x=x, series=(Series(name="a", y=y),), share=share)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("chart", charts(), ids=lambda chart: f"{chart.form}-{len(chart.series)}")
def test_every_form_is_drawn_within_its_width(chart: Chart, language: Language) -> None:
    for width in (MAX_WIDTH, 340):
        svg = chart_svg(chart, TEXTS, language, width)
        assert svg.startswith("<svg")
        assert f'width="{width}"' in svg
        assert "<script" not in svg
        assert "<image" not in svg
        assert "href" not in svg
        assert "NaN" not in svg
        assert "undefined" not in svg
        assert "null" not in svg


def test_the_title_and_the_labels_are_in_the_readers_language() -> None:
    chart = charts()[3]
    assert "第 1 周" in chart_svg(chart, TEXTS, "zh")
    assert "Week 1" in chart_svg(chart, TEXTS, "en")
    assert TEXTS["t.chart_groups"].en in chart_svg(chart, TEXTS, "en")
    assert TEXTS["t.chart_groups"].en not in chart_svg(chart, TEXTS, "en", titled=False)


def test_names_are_data_and_never_markup_or_expressions() -> None:
    svg = chart_svg(charts()[0], TEXTS, "en")
    assert "&lt;script&gt;" in svg
    assert "<script" not in svg
    trap = "'] + cos(0) + ['"
    chart = Chart(form="bars", title=say("t.chart_bars"), x=(trap, 'b"]', "c\\"), series=(Series(name="n", y=(1, 2, 3)),))
    assert trap.replace("'", "&#39;") in chart_svg(chart, TEXTS, "en") or trap in chart_svg(chart, TEXTS, "en")


def test_the_spec_holds_its_data_and_the_fonts() -> None:
    spec = chart_spec(charts()[2], TEXTS, "zh")
    json.dumps(spec, allow_nan=False)
    assert "url" not in spec["data"]
    assert spec["config"]["font"] == FONT
    svg = chart_svg(charts()[0], TEXTS, "zh")
    assert svg.count(f'font-family="{FONT}"') == svg.count("font-family=") == svg.count("<text")
    assert spec["width"] == MAX_WIDTH


def test_a_line_breaks_where_a_value_is_missing_and_its_open_end_is_shaded() -> None:
    spec = chart_spec(line_chart(1, None, 3, None), TEXTS, "en")
    known = [row for row in spec["data"]["values"] if row["y"] is not None]
    assert len({row["segment"] for row in known}) == 2
    strips = [layer for layer in spec["layer"] if layer["mark"]["type"] == "rect"]
    assert len(strips) == 1
    assert not [layer for layer in chart_spec(line_chart(1, None, 3), TEXTS, "en")["layer"] if layer["mark"]["type"] == "rect"]


def test_an_unknown_bar_says_so_instead_of_being_zero() -> None:
    svg = chart_svg(charts()[0], TEXTS, "en")
    assert "not yet" in svg
    assert svg.count(f'fill="{ACCENT}"') == 5


def test_intervals_become_bands_and_error_bars() -> None:
    bars, steps, lines, groups, _ = charts()
    for chart, mark in ((bars, "rule"), (steps, "rule"), (lines, "area")):
        assert mark in [layer["mark"]["type"] for layer in chart_spec(chart, TEXTS, "en")["layer"]]
    assert "rule" not in [layer["mark"]["type"] for layer in chart_spec(groups, TEXTS, "en")["layer"]]


def test_shares_are_percent() -> None:
    assert "62 %" in chart_svg(charts()[1], TEXTS, "en")
    assert "40 %" in chart_svg(line_chart(0.3, 0.4, share=True), TEXTS, "en")


def test_bars_and_low_lines_start_at_zero_and_high_lines_do_not() -> None:
    assert chart_spec(line_chart(3, 9), TEXTS, "en")["encoding"]["y"]["scale"]["domain"][0] == 0
    assert chart_spec(line_chart(3.9, 4.2), TEXTS, "en")["encoding"]["y"]["scale"]["domain"][0] == 3.9
    assert chart_spec(charts()[1], TEXTS, "en")["encoding"]["y"]["scale"]["domain"][0] == 0


def test_long_names_lie_and_short_ones_stand() -> None:
    assert chart_spec(charts()[0], TEXTS, "zh")["encoding"]["y"]["field"] == "place"
    assert chart_spec(charts()[1], TEXTS, "zh")["encoding"]["x"]["field"] == "place"


@pytest.mark.parametrize("form", ["bars", "lines", "heat"])
@pytest.mark.parametrize("y", [(), (None, None), (0.0,), (-3.0, 5.0), (float("nan"), 2.0)])
def test_odd_series_are_drawn(form: str, y: tuple[float | None, ...]) -> None:
    x = tuple(f"n{place}" for place in range(len(y)))
    chart = Chart.model_validate({"form": form, "title": say("t.chart_bars"), "x": x, "series": (Series(name="a", y=y),)})
    assert "NaN" not in chart_svg(chart, TEXTS, "en")


def test_a_chart_without_series_is_drawn() -> None:
    for form in ("bars", "lines", "heat"):
        chart = Chart.model_validate({"form": form, "title": say("t.chart_bars"), "x": (), "series": ()})
        assert chart_svg(chart, TEXTS, "zh").startswith("<svg")


def test_the_same_chart_is_the_same_bytes() -> None:
    assert chart_svg(charts()[2], TEXTS, "zh") == chart_svg(charts()[2], TEXTS, "zh")


def test_two_drawings_share_no_id() -> None:
    first, second = (set(re.findall(r'\bid="([^"]+)"', chart_svg(chart, TEXTS, "en"))) for chart in charts()[:2])
    assert first
    assert second
    assert not first & second


def test_importing_loads_no_drawing_engine() -> None:
    code = "import sys, productloop.interfaces.charts; sys.exit('vl_convert' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_dates_are_short_and_name_the_year_once() -> None:
    assert date_labels(["2026-03-02", "2026-03-09"], "en") == ["Mar 2", "Mar 9"]
    assert date_labels(["2025-12", "2026-01", "2026-02"], "zh") == ["2025年12月", "2026年1月", "2月"]
    assert date_labels(["2026-13-01"], "en") is None
    assert date_labels(["登录"], "zh") is None
    assert date_labels([], "zh") is None


@pytest.mark.parametrize(
    ("value", "share", "language", "label"),
    [
        (0.183, True, "en", "18 %"),
        (0.082, True, "en", "8.2 %"),
        (4.217, False, "en", "4.22"),
        (12300, False, "zh", "12,300"),
        (1_234_567, False, "zh", "123.5 万"),
        (1_234_567, False, "en", "1.23M"),
    ],
)
def test_numbers_on_charts_are_short(value: float, share: bool, language: Language, label: str) -> None:
    assert number_label(value, share, language) == label


@given(st.text(max_size=80), st.integers(4, 30), st.integers(1, 3))
def test_wrapped_lines_never_pass_their_width(text: str, columns: int, most: int) -> None:
    lines = wrapped(text, columns, most)
    assert 1 <= len(lines) <= most
    assert all(text_width(line) <= columns for line in lines)


def test_chinese_wraps_between_characters_and_english_between_words() -> None:
    assert wrapped("希望支持深色模式", 8, 3) == ["希望支持", "深色模式"]
    assert wrapped("exports time out", 8, 3) == ["exports", "time out"]
    assert cut(HOSTILE, 10).endswith("…")


@given(st.integers(0, 500), st.integers(1, 40))
def test_thinned_places_are_few_and_begin_with_the_first(num_labels: int, most: int) -> None:
    places = thinned(num_labels, most)
    assert len(places) <= most
    assert not num_labels or places[0] == 0


def test_the_largest_thing_on_a_map_has_its_name_even_at_the_edge() -> None:
    names = ("card payment declined", "refund not arrived", "exchange rate wrong", "x", "y")
    series = Series(name="need", y=(0.0, 0.05, 0.9, -1.0, -0.02), x=(-1.0, -0.95, 1.0, 0.4, 0.0), size=(90, 80, 70, 5, 60), labels=names)
    chart = Chart(form="map", title=say("t.title"), x=(), series=(series,))
    for width in (640, 330):
        rows = {row["full"]: row for row in map_rows(chart, TEXTS, "en", width)}
        for row in rows.values():
            if row["text"]:
                middle = (row["across"] + MARGIN) / (2 * MARGIN) * (width - EDGE) + row["right"]
                half = len(row["text"]) * CHARACTER / 2
                assert half - 1e-6 <= middle <= width - EDGE - half + 1e-6
        assert rows["card payment declined"]["text"] == "card payment declined"
        assert rows["exchange rate wrong"]["text"] == "exchange rate wrong"


def test_stacked_bars_stand_on_each_other_and_hang_below_the_line() -> None:
    x = ("2026-03-02", "2026-03-09", "2026-03-16")
    series = (Series(name="new", y=(3, 4, 5)), Series(name="back", y=(2, None, 1)), Series(name="silent", y=(-2, -6, None)))
    chart = Chart(form="bars", title=say("t.chart_bars"), x=x, series=series, stacked=True)
    spec = chart_spec(chart, TEXTS, "en")
    assert spec["encoding"]["y"]["stack"] == "zero"
    assert "xOffset" not in spec["encoding"]
    low, high = spec["encoding"]["y"]["scale"]["domain"]
    assert low < -6
    assert high >= 6
    assert any(layer["mark"]["type"] == "rule" for layer in spec["layer"])
    assert chart_svg(chart, TEXTS, "zh").startswith("<svg")
    beside = chart_spec(chart.model_copy(update={"stacked": False}), TEXTS, "en")
    assert "xOffset" in beside["encoding"]
    assert "stack" not in beside["encoding"]["y"]
    alone = Chart(form="bars", title=say("t.chart_bars"), x=("a", "b"), series=series[:1], stacked=True)
    assert "stack" not in chart_spec(alone, TEXTS, "en")["encoding"]["y"]


def test_marks_stand_at_their_dates_and_are_said_below() -> None:
    chart = line_chart(1, 2, 3, 2).model_copy(
        update={"marks": (("2026-03-03", "4.3"), ("2026-03-04", say("t.chart_groups")), ("2025-01-01", "old"))}
    )
    svg = chart_svg(chart, TEXTS, "en")
    assert svg.count("stroke-dasharray") == 2
    assert ">4.3<" in svg
    assert "old" not in svg
    assert marks_within(chart) == [("2026-03-03", "4.3"), ("2026-03-04", say("t.chart_groups"))]
    assert "2026-03-03 4.3" in marks_sentence(chart, TEXTS, "en")
    assert marks_sentence(line_chart(1, 2), TEXTS, "zh") == ""
    said: set[str] = set()
    assert marks_once(chart, TEXTS, "en", said) == marks_sentence(chart, TEXTS, "en")
    assert marks_once(chart, TEXTS, "en", said) == ""  # a page says it once
    named = chart.model_copy(update={"x": ("a", "b", "c", "d")})
    assert marks_within(named) == []
    assert "stroke-dasharray" not in chart_svg(named, TEXTS, "en")
    crowded = chart.model_copy(update={"marks": tuple(("2026-03-03", f"mark number {number}") for number in range(30))})
    assert len(marks_within(crowded)) == MOST
    assert marks_sentence(crowded, TEXTS, "en").endswith(f"; and {30 - MOST} more.")
    assert chart_svg(crowded, TEXTS, "en").count("mark number") == 2


@pytest.mark.parametrize("stacked", [True, False])
def test_marks_stand_within_the_bars_of_their_weeks_and_above_the_numbers(stacked: bool) -> None:
    series = tuple(Series(name=name, y=(3.0, 2.0, 4.0)) for name in ("new", "gone"))
    marks = (("2026-03-12", "price: Plus costs more"), ("2026-03-02", "version 4.3"), ("2026-04-01", "later"))
    chart = Chart(form="bars", title=say("t.chart_bars"), x=("2026-03-02", "2026-03-09", "2026-03-16"), series=series, stacked=stacked)
    plain_svg, svg = chart_svg(chart, TEXTS, "en"), chart_svg(chart.model_copy(update={"marks": marks}), TEXTS, "en")
    assert svg.count("stroke-dasharray") == plain_svg.count("stroke-dasharray") + 2
    assert ">price<" in svg
    assert ">version 4.3<" in svg
    assert "later" not in svg
    spec = chart_spec(chart.model_copy(update={"marks": marks}), TEXTS, "en")
    places = [layer["encoding"]["x"]["bandPosition"] for layer in spec["layer"] if layer["mark"].get("strokeDash")]
    assert places == [pytest.approx(3 / 7, abs=0.001), 0]
    assert spec["encoding"]["y"]["scale"]["range"][1] > 0
    assert "range" not in chart_spec(chart, TEXTS, "en")["encoding"]["y"]["scale"]


def test_important_marks_are_kept_and_find_room_for_their_labels() -> None:
    days = tuple(f"2026-03-{day:02}" for day in range(2, 30))
    chart = line_chart(*range(1, 29)).model_copy(update={"x": days})
    many = (("2026-03-15", "price"), *((day, f"version 4.{number}") for number, day in enumerate(days)))
    crowded = chart.model_copy(update={"marks": many})
    shown = marks_within(crowded)
    assert len(shown) == MOST
    assert ("2026-03-15", "price") in shown
    assert [day for day, _ in shown] == sorted(day for day, _ in shown)
    assert ">price<" in chart_svg(crowded, TEXTS, "en")
    assert marks_sentence(crowded, TEXTS, "zh").endswith(f"；另有 {len(many) - MOST} 项。")
