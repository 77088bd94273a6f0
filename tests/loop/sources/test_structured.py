"""Workbooks, JSON and Parquet."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path

import duckdb
import openpyxl
import pytest

from productloop.foundation.errors import DataProblem
from productloop.loop.sources import RawTable, ReadOptions, read


@pytest.fixture
def connection() -> duckdb.DuckDBPyConnection:
    return duckdb.connect()


def cells(connection: duckdb.DuckDBPyConnection, table: RawTable) -> list[tuple[str | None, ...]]:
    return connection.execute(f"SELECT * EXCLUDE (line) FROM {table.relation} ORDER BY line").fetchall()


def workbook(path: Path, sheets: dict[str, list[list[object]]]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def test_cells_of_a_workbook_become_text(connection, tmp_path):
    rows = [
        ["用户ID", "时间", "日期", "金额", "会员", "内容"],
        [10001, datetime(2024, 1, 2, 3, 4, 5), date(2024, 1, 2), 12.5, True, "=1+1 是公式"],
        [10002, None, None, 3, False, "换\n行"],
    ]
    (table,) = read(connection, workbook(tmp_path / "a.xlsx", {"反馈": rows}))
    assert table.header == tuple(rows[0])
    assert table.part == "反馈"
    assert cells(connection, table)[0][:5] == ("10001", "2024-01-02 03:04:05", "2024-01-02", "12.5", "true")
    assert cells(connection, table)[1] == ("10002", None, None, "3", "false", "换\n行")


def test_title_empty_column_and_footer(connection, tmp_path):
    rows: list[list[object]] = [[None, "小应用_评论详情"], [None, "有意见请告诉我们"], [None, "时间", "作者", "内容"]]
    rows += [[None, f"2024-01-{day:02d}", f"作者{day}", f"第{day}条评论"] for day in range(1, 11)]
    rows += [[None, "数据支持一次性导出5000条"]]
    (table,) = read(connection, workbook(tmp_path / "a.xlsx", {"评论": rows}))
    assert table.title == "小应用"
    assert table.header == ("时间", "作者", "内容")
    assert table.num_rows == 10
    assert [(row.line, row.reason) for row in table.skipped] == [(1, "title"), (2, "title"), (14, "footer")]


def test_each_sheet_is_a_table_and_copies_are_left_out(connection, tmp_path):
    texts = [f"这是第{i}条很长的评论文字" for i in range(20)]
    sheets: dict[str, list[list[object]]] = {
        "评论": [["时间", "内容"], *[["2024-01-01", text] for text in texts]],
        "词": [["内容"], *[[text] for text in texts]],
        "用户": [["用户ID", "套餐"], ["u1", "pro"], ["u2", "free"]],
        "空": [],
    }
    path = workbook(tmp_path / "a.xlsx", sheets)
    tables = read(connection, path)
    assert [table.part for table in tables] == ["评论", "用户"]
    assert [note.key for note in tables[0].notes] == ["source.sheet_repeats", "source.sheet_empty"]
    assert [table.part for table in read(connection, path, ReadOptions(sheet="词"))] == ["词"]
    with pytest.raises(DataProblem) as caught:
        read(connection, path, ReadOptions(sheet="订单"))
    assert caught.value.code == "file_no_such_sheet"
    assert caught.value.parameters["sheets"] == "评论, 词, 用户, 空"


def test_empty_and_header_only_workbooks(connection, tmp_path):
    for rows, code in (([], "file_empty"), ([["用户ID", "时间", "内容"]], "file_only_header")):
        with pytest.raises(DataProblem) as caught:
            read(connection, workbook(tmp_path / "a.xlsx", {"一": rows}))
        assert caught.value.code == code


RECORDS = [
    {"id": 1, "user": {"id": "u1", "tags": ["a", "b"]}, "text": "很好\n用", "ok": True},
    {"id": 2, "user": {"id": "u2"}, "score": 4.5, "text": None, "extra": {}},
]
EXPECTED = [
    ("1", "u1", '["a", "b"]', "很好\n用", "true", None, None),
    ("2", "u2", None, None, None, "4.5", None),
]


@pytest.mark.parametrize(
    "content",
    [
        json.dumps(RECORDS, ensure_ascii=False, indent=1),
        json.dumps({"code": 0, "data": RECORDS}),
        json.dumps({"code": 0, "data": {"total": 2, "list": RECORDS}}),
        "\n".join(json.dumps(record) for record in RECORDS) + "\n",
    ],
)
def test_json_in_each_form(connection, tmp_path, content):
    path = tmp_path / "a.json"
    path.write_text(content, encoding="utf-8")
    (table,) = read(connection, path)
    assert table.header == ("id", "user.id", "user.tags", "text", "ok", "score", "extra")
    assert cells(connection, table) == EXPECTED


def test_json_lines_with_blank_and_broken_lines(connection, tmp_path):
    lines = [json.dumps({"id": i, "text": f"t{i}"}) for i in range(20)]
    (tmp_path / "a.jsonl").write_text("\n".join([*lines[:5], "", "{broken", *lines[5:]]), encoding="utf-8")
    (table,) = read(connection, tmp_path / "a.jsonl")
    assert table.num_rows == 20
    assert [(row.line, row.reason) for row in table.skipped] == [(6, "blank"), (7, "ragged")]
    assert connection.execute(f"SELECT max(line) FROM {table.relation}").fetchone() == (22,)


@pytest.mark.parametrize(
    ("content", "code"),
    [("[1, 2, 3]", "file_json_no_table"), ('{"a": {"b": 1}}', "file_json_no_table"), ("[]", "file_empty"), ('[{"a": 1}, ', "file_broken")],
)
def test_json_without_records(connection, tmp_path, content, code):
    (tmp_path / "a.json").write_text(content, encoding="utf-8")
    with pytest.raises(DataProblem) as caught:
        read(connection, tmp_path / "a.json")
    assert caught.value.code == code


def test_parquet_with_structs_lists_and_order(connection, tmp_path):
    path = tmp_path / "a.parquet"
    connection.execute(
        "COPY (SELECT range AS id, {'name': 'u' || range, 'geo': {'city': '北京'}} AS user, [range, 2] AS tags, "
        "TIMESTAMP '2024-01-02 03:04:05.123456' AS at, '' AS blank FROM range(5000)) TO '" + str(path) + "' (FORMAT parquet)"
    )
    (table,) = read(connection, path)
    assert table.header == ("id", "user.name", "user.geo.city", "tags", "at", "blank")
    assert table.without_zone == {4}
    assert table.num_rows == 5000
    assert cells(connection, table)[1] == ("1", "u1", "北京", "[1,2]", "2024-01-02 03:04:05.123456", None)
    assert connection.execute(f"SELECT count(*) FROM {table.relation} WHERE c0::BIGINT <> line - 1").fetchone() == (0,)
