"""Notes of interviews: paragraphs, speakers, who and when; Markdown, Word, PDF and plain text."""

from __future__ import annotations

import zipfile
from pathlib import Path

import docx
import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfWriter

from productloop.foundation.errors import DataProblem
from productloop.loop.sources import RawTable, read
from productloop.loop.sources.notes import Block, join_lines, markdown_blocks, pdf_blocks, plain_characters, understand

FIXTURES = Path(__file__).parents[2] / "fixtures" / "sources"


def said(path: Path) -> tuple[RawTable, list[dict[str, str | None]]]:
    connection = duckdb.connect()
    (table,) = read(connection, path)
    rows = connection.execute(f"SELECT * EXCLUDE (line) FROM {table.relation} ORDER BY line").fetchall()
    return table, [dict(zip(table.header, row, strict=True)) for row in rows]


def test_markdown_interview():
    _, rows = said(FIXTURES / "Interview 3 – Anna, 2026-05-02.md")
    assert [row["role"] for row in rows] == ["staff", "user", "staff", "user", "user", "user", "staff", "user"]
    assert {row["author name"] for row in rows if row["role"] == "user"} == {"Anna"}
    assert {row["author name"] for row in rows if row["role"] == "staff"} == {None}
    assert {row["time"] for row in rows} == {"2026-05-02"}
    assert {row["channel"] for row in rows} == {"interview"}
    assert rows[1]["text"] == "Every Friday I export the numbers for our board and paste them into a deck. It takes an hour."
    assert rows[3]["text"] == "The export forgets my column order every single time."
    assert rows[5]["text"] == "Colleagues do the same"
    assert rows[7]["section"] == "Wishes"
    assert rows[7]["status"] == "greeting"
    assert len({row["conversation"] for row in rows}) == 1


def test_chinese_interview_with_facts_and_questions_as_headings():
    _, rows = said(FIXTURES / "用户访谈_李娜_20260418.md")
    assert [(row["role"], row["author name"]) for row in rows] == [("user", "李娜"), ("staff", None), ("user", "李娜")]
    assert rows[0]["text"] == "每天早上要把昨天的订单手工抄到表格里，很容易抄错。"
    assert {row["time"] for row in rows} == {"2026-04-18"}


def test_pdf_of_a_browser():
    _, rows = said(FIXTURES / "回访纪要.pdf")
    assert rows[0]["text"] is not None
    assert rows[0]["text"].startswith("我们每个月要给三十多家门店做对账，现在的做法是先从系统里导出流水，再用表格一行一行核对")
    assert "confirmation" in str(rows[2]["text"])
    assert [row["role"] for row in rows] == [None, None, None, "staff", "user"]
    assert [row["section"] for row in rows] == ["回访纪要"] * 2 + ["Second part"] * 3


def test_word(tmp_path):
    document = docx.Document()
    document.add_heading("Pricing interview", 1)
    document.add_paragraph("Interviewer: Is the price right?")
    document.add_paragraph("Participant: For a team of three it is too much.")
    document.add_paragraph("We would pay half.")
    table = document.add_table(1, 2)
    table.rows[0].cells[0].text, table.rows[0].cells[1].text = "Budget", "20 a month"
    document.save(str(tmp_path / "interview Tom Li 2026.05.03.docx"))
    _, rows = said(tmp_path / "interview Tom Li 2026.05.03.docx")
    assert [(row["role"], row["text"]) for row in rows] == [
        ("staff", "Is the price right?"),
        ("user", "For a team of three it is too much."),
        ("user", "We would pay half."),
        ("user", "Budget / 20 a month"),
    ]
    assert rows[0]["section"] == "Pricing interview"
    assert rows[1]["time"] == "2026-05-03"


def test_plain_text_with_questions(tmp_path):
    path = tmp_path / "talk.txt"
    path.write_text("问：平时怎么记账？\n答：用表格，很麻烦。\n问：为什么不用软件？\n答：太贵，也不会用。\n", encoding="utf-8")
    _, rows = said(path)
    assert [row["role"] for row in rows] == ["staff", "user", "staff", "user"]
    assert rows[3]["text"] == "太贵，也不会用。"


def test_scans_passwords_and_old_files_say_what_to_do(tmp_path):
    scan = PdfWriter()
    scan.add_blank_page(200, 200)
    scan.write(tmp_path / "scan.pdf")
    locked = PdfWriter()
    locked.add_blank_page(200, 200)
    locked.encrypt("secret", algorithm="AES-256")
    locked.write(tmp_path / "locked.pdf")
    (tmp_path / "cut.pdf").write_bytes(b"%PDF-1.7\n1 0 obj\n")
    (tmp_path / "cut.docx").write_bytes(b"PK\x03\x04 cut off")
    with zipfile.ZipFile(tmp_path / "other.docx", "w") as file:
        file.writestr("a.txt", "no document")
    (tmp_path / "old.doc").write_bytes(b"{\\rtf1 text}")
    docx.Document().save(str(tmp_path / "empty.docx"))
    for name, code in {
        "scan.pdf": "file_notes_no_text",
        "locked.pdf": "file_notes_password",
        "cut.pdf": "file_broken",
        "cut.docx": "file_broken",
        "other.docx": "file_broken",
        "old.doc": "file_doc_old",
        "empty.docx": "file_notes_no_text",
    }.items():
        with pytest.raises(DataProblem) as caught:
            said(tmp_path / name)
        assert caught.value.code == code, name
    assert "productloop[ocr]" in DataProblem(caught.value.problem, path="x").render("en")[2]


def test_a_folder_of_notes_is_read_and_notes_beside_tables_are_not(tmp_path):
    connection = duckdb.connect()
    (tmp_path / "README.md").write_text("# about\n\nThis folder holds interviews.\n", encoding="utf-8")
    (tmp_path / "anna.md").write_text("The export is slow.\n\nThe search is fine.\n", encoding="utf-8")
    document = docx.Document()
    document.add_paragraph("Too expensive.")
    document.save(str(tmp_path / "tom.docx"))
    assert [(table.path.name, table.num_rows) for table in read(connection, tmp_path)] == [("anna.md", 2), ("tom.docx", 1)]
    (tmp_path / "reviews.csv").write_text("id,text\n1,fine\n2,slow\n", encoding="utf-8")
    (table,) = read(connection, tmp_path)
    assert table.path.name == "reviews.csv"
    assert [note.slots["file"] for note in table.notes if note.key == "notes.apart"] == ["tom.docx"]


def test_questions_without_marked_answers():
    blocks = [Block("text", "Q1: What is hard?"), Block("text", "The import."), Block("text", "And the export.")]
    paragraphs, about = understand(blocks, "talk")
    assert [(paragraph.role, paragraph.text) for paragraph in paragraphs] == [
        ("staff", "What is hard?"),
        ("user", "The import."),
        ("user", "And the export."),
    ]
    assert about.is_interview


@pytest.mark.parametrize(
    ("stem", "author", "time"),
    [
        ("Interview 3 – Anna, 2026-05-02", "Anna", "2026-05-02"),
        ("用户访谈_李娜_20260418", "李娜", "2026-04-18"),
        ("2026-04-18 interview", "", "2026-04-18"),
        ("Roadmap", "", ""),
        ("interview-Anna-Tom", "", ""),
        ("interview 2026-13-45", "", ""),
    ],
)
def test_who_and_when_by_the_file_name(stem, author, time):
    _, about = understand([Block("text", "Something was said.")], stem)
    assert (about.author, about.time) == (author, time)


def test_lines_of_a_pdf():
    pages = [
        f"Quarterly talks\nThe people we met say that the mo-\nbile app is far too slow when they are\non the road {page}.\n"
        f"They want it to work without a network\nall day long.\nPage {page} of 3"
        for page in (1, 2, 3)
    ]
    blocks = pdf_blocks(pages)
    assert [block.text for block in blocks][:2] == [
        "The people we met say that the mobile app is far too slow when they are on the road 1.",
        "They want it to work without a network all day long.",
    ]
    assert len(blocks) == 6


def test_radicals_and_ligatures():
    assert plain_characters("⼀个⽉ ⻔店 conﬁrm ①ＡＢ") == "一个月 门店 confirm ①ＡＢ"


def test_markdown_marks_go():
    blocks = list(markdown_blocks("# A\n\n> **quoted** `code`\n\n1. one\n2. two\n\n| a | b |\n|---|---|\n| c | d |\n\n![x](y.png)\n"))
    assert [(block.kind, block.text) for block in blocks] == [
        ("heading", "A"),
        ("text", "quoted code"),
        ("text", "one"),
        ("text", "two"),
        ("text", "a / b"),
        ("text", "c / d"),
    ]


@given(st.lists(st.text(alphabet="abc 一二，", min_size=1).map(str.strip).filter(bool), max_size=8))
def test_joining_loses_no_letter(lines):
    assert join_lines(lines).replace(" ", "") == "".join(lines).replace(" ", "")
