"""Sentences with slots: numbers as a person reads them, plurals, nesting; nothing is said half."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from productloop.foundation.figures import Figure
from productloop.foundation.wording import Text, format_value, say, speak


def figure(value: float | None, unit: str = "people", low: float | None = None, high: float | None = None) -> Figure:
    return Figure(id="k.n", value=value, unit=unit, low=low, high=high, definition="d")


def test_slots_plurals_and_missing_values() -> None:
    text = Text("{num:count} 人说 {what:quote}", "{num:count} {num|person says|people say} {what:quote}")
    assert text.render("en", num=1, what="hi") == "1 person says “hi”"
    assert text.render("en", num=1234, what="hi") == "1,234 people say “hi”"
    assert text.render("zh", num=1, what="好") == "1 人说 「好」"
    assert text.slots("zh") == text.slots("en") == {"num", "what"}
    assert Text("{n|a|b}", "{n|one|many}").render("en", n=figure(None)) == "many"
    with pytest.raises(KeyError):
        text.render("en", num=1)


@pytest.mark.parametrize(
    ("value", "kind", "written"),
    [
        (12345, None, "12,345"),
        (0.5, None, "0.5"),
        (999.7, "number", "1,000"),
        (-999.7, "number", "-1,000"),
        (123.4, "number", "123"),
        (12345.6, "number", "12,346"),
        (0, "number", "0"),
        (0.183, "percent", "18.3 %"),
        (1.0, "percent", "100 %"),
        (1.2, "percent", "120.0 %"),
        (True, None, "True"),
        (None, "count", "not known"),
        ("plain", None, "plain"),
        ("x" * 90, "quote", "“" + "x" * 79 + "…”"),
        (date(2026, 3, 1), None, "2026-03-01"),
        (datetime(2026, 3, 1, 8, 30, tzinfo=UTC), "date", "2026-03-01"),
        (figure(0.25, "share"), None, "25.0 %"),
        (figure(12.0), None, "12"),
        (figure(None), "count", "not known"),
        (figure(20, low=18, high=31), "range", "18-31"),
        (figure(0.2, "share", 0.18, 0.31), "range", "18-31 %"),
        (figure(1.0, "score", 0.5, 1.5), "range", "0.5-1.5"),
        (figure(20), "range", "20"),
        (figure(123450, "money:CNY"), None, "1,234.50 CNY"),
        (figure(123450, "money:CNY", 100000, 200000), "range", "1,000.00-2,000.00 CNY"),
        (figure(123450, "money:"), None, "1,234.50"),
        (figure(123450, "money:", 100000, 200000), "range", "1,000.00-2,000.00"),
    ],
)
def test_values_as_a_person_reads_them(value: object, kind: str | None, written: str) -> None:
    assert format_value(value, "en", kind) == written


def test_sentences_in_sentences() -> None:
    texts = {"list": Text("有 {things}", "there are {things}"), "cat": Text("猫", "cats"), "num": Text("{n:count} 只狗", "{n:count} dogs")}
    sentence = say("list", things=[say("cat"), say("num", n=2)])
    assert speak(sentence, texts, "en") == "there are cats, 2 dogs"
    assert speak(sentence, texts, "zh") == "有 猫、2 只狗"
    assert speak("{as it is}", texts, "en") == "{as it is}"
    assert speak(texts["cat"], texts, "zh") == "猫"


@given(st.text())
def test_what_people_wrote_is_never_read_as_a_slot(value: str) -> None:
    assert Text("{a}{b}", "{a}|{b}").render("en", a=value, b="B") == f"{value}|B"


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e12, max_value=1e12))
def test_numbers_are_never_written_with_an_exponent(value: float) -> None:
    for kind in ("number", "count", "percent"):
        assert "e" not in format_value(value, "en", kind)
