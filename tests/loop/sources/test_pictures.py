"""Pictures: grouping of lines with given boxes; the recogniser itself on a drawn picture where the extra is installed."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from productloop.foundation.errors import DataProblem, NotInstalled
from productloop.loop.sources import pictures, read
from productloop.loop.sources.pictures import MAX_HEIGHT, Line, find_cards, pieces

FIXTURES = Path(__file__).parents[2] / "fixtures" / "sources"
installed = all(importlib.util.find_spec(name) for name in ("rapidocr", "onnxruntime"))


def line(text: str, top: float, left: float = 20, width: float = 400, height: float = 28, score: float = 0.99) -> Line:
    return Line(text, score, left, top, left + width, top + height)


def test_cards_with_name_date_and_stars():
    cards = find_cards(
        [
            line("10:24", 10, width=50),
            line("86%", 10, left=640, width=40),
            line("小雨点", 70, width=80),
            line("2026-03-01", 72, left=560, width=110),
            line("★★☆☆☆", 104, width=120),
            line("更新以后扫码没有反应，", 141),
            line("希望尽快修复。", 176, width=300),
            line("Anna K.", 258, width=90),
            line("2026/3/2 18:05", 258, left=560, width=110),
            line("The search is fast and", 290),
            line("finds everything.", 324),
            line("Helpful (3)", 360, width=80),
        ]
    )
    assert [(card.text, card.rating, card.time) for card in cards] == [
        ("更新以后扫码没有反应，希望尽快修复。", "2", "2026-03-01"),
        ("The search is fast and finds everything.", "", "2026-03-02 18:05"),
    ]


def test_a_heading_of_its_own_belongs_to_the_nearer_card():
    cards = find_cards([line("4.0分", 0), line("The first text", 50), line("2026-01-02", 200), line("The second text", 260)])
    assert [(card.text, card.rating, card.time) for card in cards] == [("The first text", "4.0", ""), ("The second text", "", "2026-01-02")]
    below = find_cards([line("The first text", 0), line("2026-01-02", 50), line("The second text", 300)])
    assert [card.time for card in below] == ["2026-01-02", ""]


def test_both_sides_of_a_chat_are_bubbles():
    cards = find_cards([line("Why is it so slow?", 0, left=20, width=200), line("We are looking into it", 34, left=400, width=300)])
    assert [(card.text, card.side) for card in cards] == [("Why is it so slow?", "left"), ("We are looking into it", "right")]


def test_scraps_are_left_away_and_doubt_is_kept():
    cards = find_cards([line("￥年￥￥￥", 0, score=0.54), line("the app crashed again", 34, score=0.7)])
    assert [(card.text, card.score) for card in cards] == [("the app crashed again", 0.7)]
    assert find_cards([line("10:24", 0), line("回复", 40)]) == []
    assert find_cards([]) == []


@given(st.lists(st.floats(0, 100), max_size=4 * MAX_HEIGHT // 100).map(lambda spread: [each for each in spread for _ in range(100)]))
def test_pieces_cover_a_picture_once(spread):
    found = pieces(spread)
    assert [end for _, end in found[:-1]] == [start for start, _ in found[1:]]
    assert (found[0][0], found[-1][1]) == (0, len(spread))
    assert all(end - start <= MAX_HEIGHT for start, end in found)


def test_without_the_extra_the_error_names_it(tmp_path, monkeypatch):
    monkeypatch.setattr(pictures.importlib.util, "find_spec", lambda name: None)
    (tmp_path / "a.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(64))
    with pytest.raises(NotInstalled) as caught:
        read(duckdb.connect(), tmp_path / "a.png")
    assert "productloop[ocr]" in caught.value.render("en")[2]
    with pytest.raises(NotInstalled):
        read(duckdb.connect(), tmp_path)
    (tmp_path / "a.csv").write_text("id,text\n1,fine\n2,slow\n", encoding="utf-8")
    (table,) = read(duckdb.connect(), tmp_path)
    assert [note.slots["file"] for note in table.notes if note.key == "notes.apart"] == ["a.png"]


@pytest.mark.skipif(not installed, reason="the extra ocr is not installed")
@pytest.mark.filterwarnings("default")
def test_a_screenshot_in_two_languages():
    connection = duckdb.connect()
    (table,) = read(connection, FIXTURES / "reviews.png")
    rows = connection.execute(f"SELECT * EXCLUDE (line) FROM {table.relation} ORDER BY line").fetchall()
    found = [dict(zip(table.header, row, strict=True)) for row in rows]
    assert [row["text"] for row in found] == [
        "更新以后扫码一直没有反应，换了两台手机都一样，希望尽快修复。",
        "The new search is fast and finds everything, but dark mode is still missing.",
        "会员自动续费了，客服电话打不通！",
    ]
    assert [row["time"] for row in found] == ["2026-03-01", "2026-03-02", "2026-03-03"]
    assert {row["status"] for row in found} == {"screenshot"}


@pytest.mark.skipif(not installed, reason="the extra ocr is not installed")
@pytest.mark.filterwarnings("default")
def test_a_broken_picture(tmp_path):
    (tmp_path / "a.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(64))
    with pytest.raises(DataProblem) as caught:
        read(duckdb.connect(), tmp_path / "a.png")
    assert caught.value.code == "file_broken"
