"""What all exports of known programs share: odd encodings, doubled names, nothing in them, size, and a person's own words."""

from __future__ import annotations

import io
import json
import sys

import duckdb
import pytest

from productloop.foundation.errors import DataProblem
from productloop.foundation.wording import LANGUAGES
from productloop.loop.sources import ReadOptions, read
from productloop.loop.sources.arrange import EXPORTS
from productloop.loop.sources.exports_wording import TEXTS
from productloop.loop.sources.surveys import SURVEYS

PLAY = "Package Name,App Version Name,Reviewer Language,Star Rating,Review Title,Review Text,Review Link"


def review(number: int) -> str:
    return f'com.a,1.{number % 9},en,{number % 5 + 1},,"Sync, number {number}, is slow",https://play.google.com/r?reviewId=r{number}'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_encodings(bring, rows, tmp_path, encoding):
    path = tmp_path / "reviews.csv"
    mark = "\ufeff" if encoding in ("utf-16-le", "utf-16-be") else ""
    path.write_bytes((mark + "\r\n".join([PLAY, *map(review, range(5))])).encode(encoding))
    (done,) = bring(path)
    assert done.num_new == 5
    assert rows("id, text", "id")[2] == {"id": "r2", "text": "Sync, number 2, is slow"}


@pytest.mark.parametrize("encoding", ["gbk", "gb18030"])
def test_chinese_encodings(bring, rows, tmp_path, encoding):
    path = tmp_path / "a.csv"
    path.write_bytes("评分,评论时间,评论内容,回复内容\n5,2026-03-01,很好用，天天在用,\n1,2026-03-02,闪退了好几次,已修复\n".encode(encoding))
    bring(path)
    assert [(row["text"], row["status"]) for row in rows("text, status")] == [("很好用，天天在用", None), ("闪退了好几次", "replied")]


@pytest.mark.parametrize(("content", "code"), [("", "file_empty"), ("\ufeff", "file_empty"), (PLAY + "\r\n", "file_only_header")])
def test_nothing_in_it(bring, tmp_path, content, code):
    path = tmp_path / "reviews.csv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(DataProblem) as caught:
        bring(path)
    assert caught.value.code == code


@pytest.mark.parametrize("content", ['{"data": []}', '{"tickets": [], "end_of_stream": true}', "[]"])
def test_an_export_with_no_records(bring, tmp_path, content):
    path = tmp_path / "a.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(DataProblem):
        bring(path)


def test_names_that_stand_twice_are_both_kept(bring, rows, tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("评分,评论时间,评论内容,备注,备注\n5,2026-03-01,很好用的软件,甲说,乙说\n", encoding="utf-8")
    (done,) = bring(path)
    assert done.attributes == ("备注", "备注 (2)")
    assert rows('"备注", "备注__2_"') == [{"备注": "甲说", "备注__2_": "乙说"}]


def test_ten_megabytes(bring, tmp_path):
    path = tmp_path / "reviews.csv"
    lines = [PLAY, *(review(number).replace(f"number {number}, is slow", "which is slow " * 80) for number in range(10_000))]
    path.write_text("\n".join(lines), encoding="utf-8")
    assert path.stat().st_size > 10_000_000
    assert bring(path)[0].num_new == 10_000


def test_a_person_overrules_what_is_known(bring, rows, tmp_path):
    path = tmp_path / "reviews.csv"
    path.write_text("\n".join([PLAY, *map(review, range(3))]), encoding="utf-8")
    bring(path, map={"version": "Reviewer Language"})
    assert {row["version"] for row in rows("version")} == {"en"}


def test_standard_input(bring, rows, monkeypatch):
    text = "用户昵称\t评分\t评论时间\t评论内容\n小明\t5星\t2026-03-01\t很好用，天天在用\n大壮\t1星\t2026-03-02\t闪退了好几次\n"
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
    assert bring("-")[0].num_new == 2
    assert [row["rating"] for row in rows("rating")] == [5, 1]


def test_an_unknown_table_passes_untouched(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text("\n".join(json.dumps({"user": f"u{i}", "tags": ["a", "b"], "event": "open"}) for i in range(3)), encoding="utf-8")
    (table,) = read(duckdb.connect(), path, ReadOptions())
    assert (table.table, table.known, table.notes) == (None, (), ())


def test_every_export_has_a_name_and_every_sentence_can_be_said():
    keys = {export.key for export in EXPORTS} | {survey.key for survey in SURVEYS} | {"google_forms"}
    slots = {
        "name": "x",
        "count": 1,
        "mean": 4.5,
        "limit": 5000,
        "first": "2026-02",
        "people": 1,
        "answers": 2,
        "questions": 3,
        "silent": 4,
        "events": 3,
        "merges": 2,
        "rest": 1,
        "reason": "x",
        "kind": "x",
        "last": "2026-03",
        "file": "x",
        "days": 3,
    }
    for key in keys:
        assert f"export.{key}" in TEXTS
    for text in TEXTS.values():
        for language in LANGUAGES:
            assert text.render(language, **slots, column="x", num=1)
