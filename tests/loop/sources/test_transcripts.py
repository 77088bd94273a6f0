"""Chats as plain text: the five ways a line names its speaker, conversations, dates."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from productloop.loop.sources import RawTable, read
from productloop.loop.sources.transcripts import parse

FIXTURES = Path(__file__).parents[2] / "fixtures" / "sources"


def said(path: Path) -> tuple[RawTable, list[dict[str, str | None]]]:
    connection = duckdb.connect()
    (table,) = read(connection, path)
    rows = connection.execute(f"SELECT * EXCLUDE (line) FROM {table.relation} ORDER BY line").fetchall()
    return table, [dict(zip(table.header, row, strict=True)) for row in rows]


def test_time_in_brackets():
    _, rows = said(FIXTURES / "chat_brackets.txt")
    assert [row["role"] for row in rows] == ["user", "staff", "user", "staff", "user"]
    assert [row["status"] for row in rows] == ["greeting", None, None, None, "greeting"]
    assert rows[2]["text"] == "The invoice shows last year’s address.\nI changed it in March."
    assert rows[2]["time"] == "2026-01-02 10:02:00"
    assert rows[0]["author name"] == "Anna"
    assert len({row["conversation"] for row in rows}) == 1


def test_speaker_above_the_message():
    table, rows = said(FIXTURES / "chat_above.txt")
    assert [(row["role"], row["status"]) for row in rows] == [("user", "greeting"), ("staff", None), ("user", None)]
    assert rows[2]["text"] == "会员自动续费了，我没有同意过\n能退吗"
    assert "chats.left_out" in {note.key for note in table.notes}


def test_labels_and_several_conversations():
    _, rows = said(FIXTURES / "chat_labels.txt")
    assert [row["role"] for row in rows] == ["user", "staff", "user", "user", "robot", "user", "staff"]
    assert len({row["conversation"] for row in rows}) == 2
    assert "author name" not in rows[0]


def test_whatsapp():
    table, rows = said(FIXTURES / "whatsapp.txt")
    assert [row["role"] for row in rows] == ["user", "staff", "user"]
    assert rows[0]["time"] == "2026-01-25 10:00:00"
    assert rows[2]["text"] == "I waited the whole day\nand nobody came"
    assert "chats.day_first" in {note.key for note in table.notes}


@pytest.mark.parametrize(
    ("line", "time"),
    [
        ("[02/01/2026, 10:00:05] Anna: a", "2026-01-02 10:00:05"),
        ("1/25/26, 3:04 PM - Anna: a", "2026-01-25 15:04:00"),
        ("1/2/26, 12:04\u202fAM - Anna: a", "2026-01-02 00:04:00"),
        ("2026年1月2日 下午3:04 Anna：a", "2026-01-02 15:04:00"),
        ("2026/1/2 15:04 Anna: a", "2026-01-02 15:04:00"),
    ],
)
def test_dates(line, time):
    heard = parse([line, line.replace("Anna", "Tom")], "x")
    assert [(message.name, message.text, message.time) for message in heard.messages] == [("Anna", "a", time), ("Tom", "a", time)]


def test_two_names_without_a_role_are_said():
    heard = parse(["[2026-01-02 10:00] Anna: hello", "[2026-01-02 10:01] Tom: hello"], "x")
    assert [note.key for note in heard.notes] == ["chats.roles_unknown"]
    assert {message.role for message in heard.messages} == {"user"}


@pytest.mark.parametrize(
    "text",
    [
        "Great app: works\nBad: slow\nGood: fast\nNice: cheap\n",
        "很好用\n客服：态度差\n物流慢\n一般\n还行吧\n不错\n",
        "2026-01-02 10:00 the app crashed\n2026-01-02 10:01 it crashed again\n2026-01-02 10:05 and again\n",
        "see https://example.com\nsee http://example.org\n",
    ],
)
def test_one_text_a_line_stays_so(tmp_path, text):
    path = tmp_path / "reviews.txt"
    path.write_text(text, encoding="utf-8")
    table, rows = said(path)
    assert "role" not in table.header
    assert len(rows) == text.count("\n")


words = st.text(alphabet="abc 退款很慢", min_size=1, max_size=20).map(str.strip).filter(bool)


@given(st.lists(st.tuples(st.sampled_from(["Anna", "客服小王", "Tom Li"]), words), min_size=2, max_size=12))
def test_every_message_comes_back(messages):
    lines = [f"[2026-01-02 10:{minute:02d}] {name}: {text}" for minute, (name, text) in enumerate(messages)]
    heard = parse(lines, "x")
    assert [(message.name, message.text) for message in heard.messages] == [(name, " ".join(text.split())) for name, text in messages]
    assert all(message.role == ("staff" if message.name == "客服小王" else "user") for message in heard.messages)


pieces = st.sampled_from(
    [
        "[",
        "]",
        "2026-01-02",
        "31/02/2026",
        "13/13/2026",
        "10:00",
        "25:61",
        "PM",
        "下午",
        " ",
        " - ",
        ": ",
        "：",
        "Anna",
        "客服",
        "a",
        "----",
        "会话 12",
        "\u200e",
    ]
)


@given(st.lists(st.lists(pieces, max_size=9).map("".join), max_size=12))
def test_no_line_is_a_traceback(lines):
    heard = parse(lines, "x")
    assert all(message.text and message.role for message in heard.messages)
