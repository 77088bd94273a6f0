"""Delimited files: every dialect read exactly, every broken file refused with its reason."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from productloop.foundation.errors import DataProblem
from productloop.loop.sources import RawTable, ReadOptions, read


@pytest.fixture
def connection() -> duckdb.DuckDBPyConnection:
    return duckdb.connect()


def cells(connection: duckdb.DuckDBPyConnection, table: RawTable) -> list[tuple[str | None, ...]]:
    return connection.execute(f"SELECT * EXCLUDE (line) FROM {table.relation} ORDER BY line").fetchall()


def load(
    connection: duckdb.DuckDBPyConnection, path: Path, data: bytes, **options: object
) -> tuple[RawTable, list[tuple[str | None, ...]]]:
    path.write_bytes(data)
    (table,) = read(connection, path, ReadOptions(**options))  # type: ignore[arg-type]
    return table, cells(connection, table)


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_each_delimiter_and_line_end(connection, tmp_path, delimiter, newline):
    rows = [["user_id", "内容", "score"], ["u1", "很好", "5"], ["u2", "不好用", "1"], ["u3", "", "3"]]
    data = newline.join(delimiter.join(row) for row in rows).encode()
    table, found = load(connection, tmp_path / "a.csv", data)
    assert table.header == ("user_id", "内容", "score")
    assert table.header_found
    assert table.delimiter == delimiter
    assert table.first_row == 2
    assert found == [("u1", "很好", "5"), ("u2", "不好用", "1"), ("u3", None, "3")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
def test_encodings_of_chinese(connection, tmp_path, encoding):
    text = "时间,内容,评级\n" + "".join(f"2024-01-{day:02d},这个应用很好用，就是更新以后经常闪退{day},5\n" for day in range(1, 29))
    data = text.encode(encoding)
    if encoding == "utf-16-be":
        data = b"\xfe\xff" + data
    table, found = load(connection, tmp_path / "a.csv", data)
    assert table.header == ("时间", "内容", "评级")
    assert found[27] == ("2024-01-28", "这个应用很好用，就是更新以后经常闪退28", "5")
    assert len(found) == 28


def test_latin_1_and_windows_signs(connection, tmp_path):
    _, found = load(connection, tmp_path / "a.csv", "id|title\n1|Misérables, Les\n2|Léon\n".encode("latin-1"))
    assert found == [("1", "Misérables, Les"), ("2", "Léon")]
    table, found = load(connection, tmp_path / "b.csv", "id|title\n1|it’s “fine”\n2|Léon\n".encode("cp1252"))
    assert table.encoding == "cp1252"
    assert found[0] == ("1", "it’s “fine”")


def test_a_broken_byte_is_replaced_and_counted(connection, tmp_path):
    data = b"id,text\n" + "".join(f"{i},很好用的应用\n" for i in range(50)).encode() + b"51,bad\xe2 byte\n"
    table, found = load(connection, tmp_path / "a.csv", data)
    assert found[-1] == ("51", "bad� byte")
    assert table.encoding == "utf-8"
    assert [(note.key, note.slots) for note in table.notes] == [("source.replaced", {"count": 1})]


def test_cells_over_several_lines_keep_their_text_and_order(connection, tmp_path):
    rows = [(str(i), f'line one, "{i}"\nline two\ttab') for i in range(500)]
    out = io.StringIO()
    csv.writer(out).writerows([("id", "text"), *rows])
    table, found = load(connection, tmp_path / "a.csv", out.getvalue().encode())
    assert found == rows
    assert table.skipped == ()


def test_unbalanced_quotes_are_ordinary_characters(connection, tmp_path):
    lines = [f'{i}\t"he said {i}\tOFF' if i % 3 else f'{i}\tplain" {i}"\tNOT' for i in range(100)]
    table, found = load(connection, tmp_path / "a.tsv", ("id\ttweet\tlabel\n" + "\n".join(lines) + "\n").encode())
    assert found == [tuple(line.split("\t")) for line in lines]
    assert "source.unquoted" in [note.key for note in table.notes]


def test_an_open_quote_does_not_swallow_the_rest_of_the_file(connection, tmp_path):
    lines = [f'{i},"text {i}, with a comma",5' for i in range(300)]
    lines[100] = '100,"never closed,5'
    table, found = load(connection, tmp_path / "a.csv", ("id,text,score\n" + "\n".join(lines) + "\n").encode())
    assert len(found) >= 299
    assert found[-1] == ("299", "text 299, with a comma", "5")
    assert [row.line for row in table.skipped] in ([], [102])


def test_texts_with_commas_under_a_named_last_column(connection, tmp_path):
    data = "label,review\n" + "".join(f"1,很快,好吃,味道足{i}\n0,太慢{i}\n" for i in range(40))
    table, found = load(connection, tmp_path / "a.csv", data.encode())
    assert found[0] == ("1", "很快,好吃,味道足0")
    assert found[1] == ("0", "太慢0")
    assert [note.key for note in table.notes] == ["source.overflow"]


def test_null_and_na_stay_text(connection, tmp_path):
    _, found = load(connection, tmp_path / "a.csv", b"id,label\n1,NULL\n2,NA\n3,\n")
    assert found == [("1", "NULL"), ("2", "NA"), ("3", None)]


def test_formulas_are_text(connection, tmp_path):
    _, found = load(connection, tmp_path / "a.csv", b"id,text\n1,=cmd|'/c calc'!A1\n2,=1+1\n")
    assert found == [("1", "=cmd|'/c calc'!A1"), ("2", "=1+1")]


def test_title_blank_ragged_and_footer_rows_are_named(connection, tmp_path):
    rows = "".join(f"2024-01-{day:02d},user{day},text {day}\n" for day in range(1, 29))
    data = f"我的应用_评论详情\n\n时间,作者,内容\n{rows}\nx,y,z,w,v\nDone by the exporter\n"
    table, found = load(connection, tmp_path / "a.csv", data.encode())
    assert table.title == "我的应用"
    assert table.header == ("时间", "作者", "内容")
    assert table.first_row == 4
    assert len(found) == 28
    assert [(row.line, row.reason) for row in table.skipped] == [(1, "title"), (2, "blank"), (32, "blank"), (33, "ragged"), (34, "footer")]
    lines = connection.execute(f"SELECT min(line), max(line) FROM {table.relation}").fetchone()
    assert lines == (1, 28)


def test_short_rows_are_padded_and_said(connection, tmp_path):
    table, found = load(connection, tmp_path / "a.csv", b"id,name,plan\n" + b"1,a,b\n" * 20 + b"2,c\n")
    assert found[-1] == ("2", "c", None)
    assert [note.key for note in table.notes] == ["source.padded"]


def test_without_header_columns_are_numbered_or_named(connection, tmp_path):
    data = b"196\t242\t3\t881250949\n186\t302\t3\t891717742\n"
    table, _ = load(connection, tmp_path / "u.data", data)
    assert not table.header_found
    assert table.header == ("column 1", "column 2", "column 3", "column 4")
    named, found = load(connection, tmp_path / "u.data", data, columns=("actor", "item", "value", "time"))
    assert named.header == ("actor", "item", "value", "time")
    assert found[0] == ("196", "242", "3", "881250949")


def test_columns_set_apart_by_blanks(connection, tmp_path):
    table, found = load(connection, tmp_path / "a.txt", b" id  date usd\r\n 00001 19970101   11.77\r\n 00002 19970112   12.00\r\n")
    assert table.header == ("id", "date", "usd")
    assert found == [("00001", "19970101", "11.77"), ("00002", "19970112", "12.00")]


def test_one_text_a_line(connection, tmp_path):
    texts = ["The app is great, really", "It crashes; a lot", "很好用，推荐", 'She said "wow"', "no"]
    table, found = load(connection, tmp_path / "a.txt", "\n".join(texts).encode())
    assert found == [(text,) for text in texts]
    assert not table.header_found
    table, found = load(connection, tmp_path / "b.csv", "\n".join(["内容", *texts]).encode())
    assert table.header == ("内容",)
    assert len(found) == 5


def test_blanks_before_quotes_and_hints_for_excel(connection, tmp_path):
    data = b'"id", "text", "date"\n"1", "a, b", "2024-01-01"\n"2", "c", "2024-01-02"\n'
    table, found = load(connection, tmp_path / "a.csv", data)
    assert table.header == ("id", "text", "date")
    assert found == [("1", "a, b", "2024-01-01"), ("2", "c", "2024-01-02")]
    assert load(connection, tmp_path / "a.csv", data + b"\n" + data.split(b"\n", 1)[1])[1] == found * 2
    table, found = load(connection, tmp_path / "b.csv", b"sep=;\nid;text\n1;hello there\n2;b c\n")
    assert (table.title, table.header, len(found)) == (None, ("id", "text"), 2)


@pytest.mark.parametrize("data", [b"id,text\r1,a\r2,b\r", b"id,text\r\n1,a\n2,b\r\n", b"id,text\n1,a\n2,b\n\n\n"])
def test_line_ends_of_all_kinds(connection, tmp_path, data):
    table, found = load(connection, tmp_path / "a.csv", data)
    assert (table.header, found) == (("id", "text"), [("1", "a"), ("2", "b")])


def test_repeated_header_names_are_told_apart(connection, tmp_path):
    table, _ = load(connection, tmp_path / "a.csv", b"id,text,text\n1,a,b\n")
    assert table.header == ("id", "text", "text (2)")


@pytest.mark.parametrize(
    ("name", "data", "options", "code"),
    [
        ("empty.csv", b"", {}, "file_empty"),
        ("blank.csv", b"\n\n  \n", {}, "file_empty"),
        ("header.csv", b"user_id,event,timestamp\n", {}, "file_only_header"),
        ("header.csv", "时间,内容\n\n\n".encode(), {}, "file_only_header"),
        ("odd.csv", b"user_id^event^time\nu1^open^2024-01-01\nu2^open^2024-01-02\n", {}, "file_wrong_delimiter"),
        ("semi.csv", b"user_id;event;time\nu1;open;2024-01-01\nu2;open;2024-01-02\n", {"delimiter": ","}, "file_wrong_delimiter"),
        ("big.csv", b"id,text\n1," + b"x" * 10_000_000 + b"\n", {}, "file_cell_too_large"),
        ("big.csv", b'id,text\n1,"' + b"x" * 10_000_000 + b'"\n', {}, "file_cell_too_large"),
        ("enc.csv", b"id,text\n1,a\n", {"encoding": "klingon"}, "file_unknown_encoding"),
        ("cols.csv", b"1,2,3\n4,5,6\n", {"columns": ("a", "b")}, "file_columns_do_not_fit"),
    ],
)
def test_refusals(connection, tmp_path, name, data, options, code):
    with pytest.raises(DataProblem) as caught:
        load(connection, tmp_path / name, data, **options)
    assert caught.value.code == code
    for language in ("zh", "en"):
        assert name in " ".join(caught.value.render(language)) or code == "file_unknown_encoding"


def test_ragged_beyond_repair(connection, tmp_path):
    rows = "".join(f"{i},b,c\n" for i in range(200)) + "".join(f"{i},b,c,d,e\n" for i in range(100))
    with pytest.raises(DataProblem) as caught:
        load(connection, tmp_path / "a.csv", ("id,name,plan\n" + rows).encode(), delimiter=",")
    assert caught.value.code == "file_ragged"
    assert caught.value.parameters["ragged"] == 100
    assert caught.value.parameters["line"] == 202


def test_a_cell_of_three_megabytes_passes(connection, tmp_path):
    _, found = load(connection, tmp_path / "a.csv", b"id,text\n1," + b"x" * 3_000_000 + b"\n2,b\n")
    assert [len(row[1] or "") for row in found] == [3_000_000, 1]


def test_file_order_is_kept_in_large_files(connection, tmp_path):
    data = "user_id,event,n\n" + "".join(f"u{i % 97},open,{i}\n" for i in range(300_000))
    table, _ = load(connection, tmp_path / "a.csv", data.encode())
    assert connection.execute(f"SELECT count(*) FROM {table.relation} WHERE c2::BIGINT <> line - 1").fetchone() == (0,)
    assert table.num_rows == 300_000


def test_a_last_row_with_little_in_it_is_data(connection, tmp_path):
    data = b"user_id,content,title\n" + b"1,a,b\n" * 10 + b"2,,\n"
    table, found = load(connection, tmp_path / "a.csv", data)
    assert found[-1] == ("2", None, None)
    table, found = load(connection, tmp_path / "b.csv", b"day,amount,note\n" + b"2024-01-01,5,b\n" * 10 + "合计,50,\n".encode())
    assert len(found) == 10
    assert [row.reason for row in table.skipped] == ["footer"]


SHARED_CONNECTION = duckdb.connect()
_CELLS = st.text(st.characters(exclude_categories=("Cs", "Cc"), include_characters="\n\t,;\"|'"), max_size=20)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 999).map(str), _CELLS, _CELLS), min_size=1, max_size=8))
def test_what_the_csv_module_writes_is_read_back(tmp_path_factory, rows):
    path = tmp_path_factory.mktemp("csv") / "a.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_ALL)
        writer.writerows([("user_id", "content", "title"), *rows])
    (table,) = read(SHARED_CONNECTION, path, ReadOptions(delimiter=","))
    assert cells(SHARED_CONNECTION, table) == [tuple(cell or None for cell in row) for row in rows]
