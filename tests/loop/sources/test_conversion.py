"""Text cells to types: each way people write times, numbers, money, stars and yes or no."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from productloop.foundation.tables import ColumnType
from productloop.loop.sources.conversion import is_boolean, number_format, sql_expression, sql_reason, time_format

CONNECTION = duckdb.connect()


def convert(value: str, kind: ColumnType, chosen: str | None) -> object:
    row = CONNECTION.execute(f"SELECT {sql_expression('v', kind, chosen)} FROM (SELECT ?::VARCHAR AS v)", [value]).fetchone()
    assert row is not None
    return row[0]


@pytest.mark.parametrize(
    ("text", "chosen", "expected"),
    [
        ("2019-10-05", "iso", "2019-10-05T00:00:00"),
        ("2019/10/5 9:06", "iso", "2019-10-05T09:06:00"),
        ("2019-10-05 09:06:01.123456", "iso", "2019-10-05T09:06:01.123456"),
        ("2019-10-05 9:06 PM", "iso_half_day", "2019-10-05T21:06:00"),
        ("2019-10-05T09:06:01Z", "zoned", "2019-10-05T09:06:01"),
        ("2019-10-05T09:06:01+08:00", "zoned", "2019-10-05T01:06:01"),
        ("2019-10-05 09:06:01 +0800", "zoned", "2019-10-05T01:06:01"),
        ("31-Jul-18", "day_month_name_short", "2018-07-31T00:00:00"),
        ("01-Jan-1995", "day_month_name", "1995-01-01T00:00:00"),
        ("July 31, 2018 10:20", "month_name_day", "2018-07-31T10:20:00"),
        ("2019年10月5日", "chinese", "2019-10-05T00:00:00"),
        ("2019年10月5日 9:06", "chinese", "2019-10-05T09:06:00"),
        ("2019年10月5日9时6分", "chinese", "2019-10-05T09:06:00"),
        ("2019.10.05", "dotted", "2019-10-05T00:00:00"),
        ("2019-10", "month", "2019-10-01T00:00:00"),
        ("19970101", "compact_date", "1997-01-01T00:00:00"),
        ("20191005090601", "compact_time", "2019-10-05T09:06:01"),
        ("1570266361", "epoch_s", "2019-10-05T09:06:01"),
        ("1570266361000", "epoch_ms", "2019-10-05T09:06:01"),
        ("1570266361000000", "epoch_us", "2019-10-05T09:06:01"),
        ("43743.5", "excel", "2019-10-05T12:00:00"),
    ],
)
def test_times(text, chosen, expected):
    assert time_format([text] * 5, named=True) == chosen
    instant = datetime.fromisoformat(expected).replace(tzinfo=UTC)
    assert convert(text, "time", chosen) == round((instant - datetime(1970, 1, 1, tzinfo=UTC)) / timedelta(microseconds=1))


def test_plain_numbers_are_times_only_when_the_header_says_so():
    for text in ("1570266361", "1570266361000", "43743"):
        assert time_format([text], named=False) is None
    assert time_format(["not", "a", "time"], named=True) is None
    assert time_format([], named=True) is None


@pytest.mark.parametrize("text", ["20255-01-01", "1969-12-31", "2101-01-01", "2019-02-30", "yesterday", ""])
def test_times_that_cannot_be_are_null(text):
    assert convert(text, "time", "iso") is None


@pytest.mark.parametrize(
    ("text", "minor"),
    [
        ("¥1,234.50", 123450),
        ("￥12", 1200),
        ("$5", 500),
        ("100元", 10000),
        ("12 CNY", 1200),
        ("(5.00)", -500),
        ("-3.5", -350),
        ("0.005", 1),
        ("1.234,56", 123456),
        ("１２．５", 1250),
        ("abc", None),
        ("", None),
    ],
)
def test_money_in_minor_units(text, minor):
    assert convert(text, "money", number_format([text] * 3)) == minor


@pytest.mark.parametrize(
    ("text", "stars"), [("5", 5), ("4.0", 4), ("五星", 5), ("3星", 3), ("4颗星", 4), ("★★★★☆", 4), ("4/5", 4), ("2 stars", 2), ("10", 10)]
)
def test_ratings(text, stars):
    assert convert(text, "number", number_format([text] * 3)) == stars


def test_missing_words_are_null_in_numbers_and_text_in_texts():
    for word in ("NA", "NULL", "n/a", "-", "无"):
        assert convert(word, "number", "number") is None
        assert convert(word, "text", None) == word
        row = CONNECTION.execute(f"SELECT {sql_reason('v', 'number', 'number')} FROM (SELECT ?::VARCHAR AS v)", [word]).fetchone()
        assert row == (None,)
    assert number_format(["1", "2", "NA", "3.5"]) == "number"
    assert convert("inf", "number", "number") is None
    assert convert("nan", "number", "number") is None


def test_booleans():
    assert [convert(word, "boolean", None) for word in ("是", "TRUE", "y", "1", "否", "No", "0", "maybe")] == [True] * 4 + [False] * 3 + [
        None
    ]
    assert is_boolean(["是", "否", ""])
    assert not is_boolean(["1", "2"])
    assert not is_boolean([])


def test_constants_are_quoted():
    assert convert("x", "category", "constant:it's") == "it's"


def test_whole_numbers_of_identifiers():
    assert convert("123.0", "actor", "whole_number") == "123"


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=30), st.sampled_from(["time", "money", "number", "integer", "boolean", "text"]))
def test_no_text_breaks_an_expression(text, kind):
    chosen = time_format([text], named=True) if kind == "time" else number_format([text])
    if chosen == "slashes" or chosen == "slashes_short":
        chosen = chosen.replace("slashes", "day_first")
    types = {"time": int, "money": int, "number": float, "integer": int, "boolean": bool, "text": str}
    value = convert(text.replace("\0", ""), kind, chosen)
    assert value is None or type(value) is types[kind]


@settings(max_examples=60, deadline=None)
@given(st.datetimes(datetime(1970, 1, 2), datetime(2100, 12, 30)))
def test_written_times_are_read_back(moment):
    microseconds = round((moment - datetime(1970, 1, 1)) / timedelta(microseconds=1))
    assert convert(moment.isoformat(" "), "time", "iso") == microseconds
    day = microseconds - microseconds % 86_400_000_000
    assert convert(f"{moment.year}年{moment.month}月{moment.day}日", "time", "chinese") == day
    assert convert(moment.strftime("%Y%m%d"), "time", "compact_date") == day
    assert convert(f"{moment.day}/{moment.month}/{moment.year}", "time", "day_first") == day
