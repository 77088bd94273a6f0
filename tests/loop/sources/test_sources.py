"""Choosing a reader: folders, gzip, binary files, and the public files that must be read exactly."""

from __future__ import annotations

import csv
import gzip
import sqlite3
from pathlib import Path

import duckdb
import pytest

from productloop.foundation.errors import DataProblem
from productloop.foundation.wording import LANGUAGES, speak
from productloop.loop import sources
from productloop.loop.sources import SOURCES, Reader, ReadOptions, read
from productloop.loop.sources.wording import KINDS, PROBLEMS, REASONS, TEXTS


@pytest.fixture
def connection() -> duckdb.DuckDBPyConnection:
    return duckdb.connect()


def test_both_languages_say_the_same_slots():
    for problem in PROBLEMS:
        for text in (problem.happened, problem.expected, problem.fix):
            assert text.slots("zh") == text.slots("en"), problem.code
    for key, text in {**TEXTS, **KINDS}.items():
        assert text.slots("zh") == text.slots("en"), key
    raised_by_readers = {problem.code for problem in PROBLEMS if problem.code.startswith("file_")} - {"file_not_found"}
    assert raised_by_readers == set(REASONS)


def test_readers_are_listed_and_named():
    assert [reader.name for reader in SOURCES] == [
        "spreadsheet",
        "parquet",
        "pictures",
        "recordings",
        "events",
        "chats",
        "json",
        "pasted",
        "notes",
        "transcripts",
        "delimited",
    ]


def test_outsiders_come_first(connection, tmp_path, monkeypatch):
    asked = []

    def matches(path: Path, head: bytes) -> bool:
        asked.append(path.name)
        return False

    class Point:
        name = "mine"

        def load(self) -> Reader:
            return Reader("mine", (".mine",), matches, SOURCES[-1].read)

    monkeypatch.setattr(sources, "entry_points", lambda group: [Point()] if group == "productloop.sources" else [])
    (tmp_path / "a.csv").write_text("id,text\n1,a\n", encoding="utf-8")
    assert read(connection, tmp_path / "a.csv")[0].num_rows == 1
    assert asked == ["a.csv"]


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("a.zip", b"PK\x03\x04" + b"\0" * 100, "file_binary"),
        ("a.csv", b"MZ\x90\x00\x03\x00\x00\x00" + bytes(range(256)) * 4, "file_binary"),
        ("a.gif", b"GIF89a" + bytes(range(256)), "file_binary"),
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "file_doc_old"),
        ("a.ppt", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "file_binary"),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "Workbook".encode("utf-16-le"), "file_xls_old"),
        ("a.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), "file_password"),
        ("a.xlsx", b"PK\x03\x04 cut off", "file_broken"),
        ("a.parquet", b"PAR1 cut off", "file_broken"),
        ("a.csv.gz", gzip.compress(b"id,text\n1,a\n" * 1000, mtime=0)[:-20], "file_gzip_truncated"),
        ("a.csv.gz", gzip.compress(b"", mtime=0), "file_empty"),
    ],
)
def test_files_that_are_no_tables(connection, tmp_path, name, data, code):
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(DataProblem) as caught:
        read(connection, path)
    assert caught.value.code == code
    for language in LANGUAGES:
        assert name in caught.value.render(language)[0]


def test_a_database_is_refused(connection, tmp_path):
    base = sqlite3.connect(tmp_path / "a.csv")
    base.execute("CREATE TABLE t (a)")
    base.commit()
    base.close()
    with pytest.raises(DataProblem, match="SQLite") as caught:
        read(connection, tmp_path / "a.csv")
    assert caught.value.code == "file_binary"


def test_not_found_names_the_nearest(connection, tmp_path):
    (tmp_path / "reviews_2024.csv").write_text("id,text\n1,a\n", encoding="utf-8")
    with pytest.raises(DataProblem) as caught:
        read(connection, tmp_path / "review_2024.csv")
    assert caught.value.code == "file_not_found"
    assert caught.value.parameters["nearest"] == "reviews_2024.csv"
    with pytest.raises(DataProblem) as caught:
        read(connection, tmp_path / "no" / "such.csv")
    assert caught.value.parameters["nearest"] == "-"


def test_no_rights(connection, tmp_path, monkeypatch):
    path = tmp_path / "a.csv"
    path.write_text("id,text\n1,a\n", encoding="utf-8")

    def refuse(*_args: object, **_kwargs: object) -> None:
        raise PermissionError

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(DataProblem) as caught:
        read(connection, path)
    assert caught.value.code == "file_no_rights"


def test_a_folder_reads_what_it_can_and_names_the_rest(connection, tmp_path):
    (tmp_path / "b.csv").write_text("id,text\n1,a\n", encoding="utf-8")
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "a.jsonl").write_text('{"id": 1}\n{"id": 2}\n', encoding="utf-8")
    (tmp_path / "empty.csv").write_bytes(b"")
    (tmp_path / "README.md").write_text("about", encoding="utf-8")
    (tmp_path / ".hidden.csv").write_text("id\n1\n", encoding="utf-8")
    tables = read(connection, tmp_path)
    assert [table.path.name for table in tables] == ["b.csv", "a.jsonl"]
    assert [speak(note, TEXTS, "en") for note in tables[0].notes] == ["empty.csv was not read: it is empty"]
    assert [speak(note, TEXTS, "zh") for note in tables[0].notes] == ["没有读 empty.csv：是空的"]


def test_a_folder_with_nothing_readable(connection, tmp_path):
    (tmp_path / "a.gif").write_bytes(b"GIF89a" + bytes(64))
    with pytest.raises(DataProblem) as caught:
        read(connection, tmp_path)
    assert caught.value.code == "folder_nothing_readable"


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "num_rows", "num_columns", "header_found"),
    [
        ("olid/olid-training-v1.0.tsv.gz", 13_240, 5, True),
        ("cookie_cats/cookie_cats.csv.gz", 90_189, 5, True),
        ("telco_churn/Telco-Customer-Churn.csv", 7_043, 21, True),
        ("waimai_10k/waimai_10k.csv", 11_987, 2, True),
        ("amazon_alexa/amazon_alexa.tsv", 3_150, 5, True),
        ("simple_shop/simple-onlineshop.csv", 32_283, 3, True),
        ("cdnow/CDNOW_master.txt.gz", 69_659, 4, True),
        ("cdnow/CDNOW_sample.txt", 6_919, 5, False),
        ("cold_zh/train.csv.gz", 25_726, 5, True),
        ("cold_zh/dev.csv", 6_431, 5, True),
        ("cold_zh/test.csv", 5_323, 6, True),
        ("movielens_100k/u.data.gz", 100_000, 4, False),
        ("movielens_100k/u.item", 1_682, 24, False),
        ("fewclue_eprstmt/test_public.json", 610, 3, True),
        ("banking77/train.csv", 10_003, 2, True),
        ("davidson_hate/labeled_data.csv.gz", 24_783, 7, True),
        ("subjqa_electronics/train.csv.gz", 2_345, 19, True),
    ],
)
def test_public_files(connection, shared_data, name, num_rows, num_columns, header_found):
    (table,) = read(connection, shared_data(name))
    assert (table.num_rows, len(table.header), table.header_found) == (num_rows, num_columns, header_found)
    assert [row for row in table.skipped if row.reason != "blank"] == []


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "delimiter", "encoding"),
    [
        ("telco_churn/Telco-Customer-Churn.csv", ",", "utf-8"),
        ("amazon_alexa/amazon_alexa.tsv", "\t", "utf-8"),
        ("cold_zh/dev.csv", ",", "utf-8-sig"),
        ("banking77/train.csv", ",", "utf-8"),
        ("subjqa_electronics/test.csv", ",", "utf-8"),
        ("movielens_100k/u.item", "|", "latin-1"),
    ],
)
def test_every_cell_of_public_files(connection, shared_data, name, delimiter, encoding):
    path = shared_data(name)
    (table,) = read(connection, path)
    with path.open(encoding=encoding, newline="") as file:
        rows = [tuple(cell or None for cell in row) for row in csv.reader(file, delimiter=delimiter)]
    found = connection.execute(f"SELECT * EXCLUDE (line) FROM {table.relation} ORDER BY line").fetchall()
    assert found == rows[1 if table.header_found else 0 :]


@pytest.mark.shared
def test_broken_bytes_of_olid_are_counted(connection, shared_data):
    (table,) = read(connection, shared_data("olid/olid-training-v1.0.tsv.gz"))
    assert [note.key for note in table.notes] == ["source.replaced"]
    assert connection.execute(f"SELECT count(*) FROM {table.relation} WHERE c4 = 'NULL'").fetchone() == (9_364,)


@pytest.mark.shared
@pytest.mark.parametrize(("name", "app"), [("CommentsOf小米商城.xlsx", "小米商城"), ("CommentsOf米家.xlsx", "米家")])
def test_app_store_workbooks(connection, shared_data, name, app):
    (table,) = read(connection, shared_data(f"appstore_zh/{name}"))
    assert table.title == app
    assert table.header == ("发表时间", "作者", "评级", "标题", "内容")
    assert table.num_rows == 5_000
    assert [(row.line, row.reason) for row in table.skipped] == [(1, "title"), (2, "title"), (5004, "footer")]
    repeats = [note for note in table.notes if note.key == "source.sheet_repeats"]
    assert len(repeats) == (app == "小米商城")
    if app == "小米商城":
        (second,) = read(connection, shared_data(f"appstore_zh/{name}"), ReadOptions(sheet="Sheet1"))
        assert second.part == "Sheet1"
        assert second.header[0] == "内容"
