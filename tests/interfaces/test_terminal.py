"""Pages on a terminal: any encoding, any width, folds on demand, users' texts never read as commands."""

from __future__ import annotations

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rendered_page import QUOTES, TEXTS, full_page
from rich.cells import cell_len
from rich.console import Console

from productloop.foundation.page import Chart, Grid, Line, Page, Quotes, Series
from productloop.foundation.wording import LANGUAGES, Language, say
from productloop.interfaces.terminal import print_page


def printed(
    language: Language, encoding: str = "utf-8", width: int = 100, details: bool = False, page: Page | None = None, **quotes: str
) -> str:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding=encoding, newline="\n")  # strict: an unwritable character would raise
    console = Console(file=stream, width=width)
    print_page(page or full_page(), TEXTS, language, quotes or QUOTES, console, details)
    stream.flush()
    return raw.getvalue().decode(encoding)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("encoding", ["utf-8", "gbk", "cp936", "ascii", "cp1252", "big5"])
@pytest.mark.parametrize("width", [40, 60, 120])
def test_no_console_stops_a_report_or_is_overrun(language: Language, encoding: str, width: int) -> None:
    text = printed(language, encoding, width, details=True)
    assert "2026-10-12" in text
    assert max(map(cell_len, text.splitlines())) <= width


def test_a_chinese_console_reads_chinese() -> None:
    text = printed("zh", "gbk", 60)
    assert "24 人说「导出」太慢" in text
    assert "导出挺快的，没遇到问题 ?" in text
    assert "####" in text
    assert "█" not in text


def test_an_ascii_console_gets_ascii_signs() -> None:
    text = printed("en", "ascii", 60, details=True)
    assert text.isascii()
    assert "about 33.1-43.0 %" in text
    assert "| Export spins" in text


def test_numbers_tables_quotes_and_charts_are_there() -> None:
    text = printed("en")
    for part in ("312 people", "12,345.00 CNY", "about 33.1–43.0 %, nine times in ten", "not known", "rising", "138****1234", "▌", "█"):
        assert part in text
    assert "! Store reviews stop" in text
    assert "Some say otherwise" in text
    assert "(this text has been erased)" in text
    assert "31 % -> 44 %" in text
    assert "Gaps are still open" in text


def test_a_range_of_whole_percents_is_written_more_exactly() -> None:
    series = Series(name="n", y=(0.19, 0.3), low=(0.187, 0.2), high=(0.193, 0.4))
    page = Page(title=say("t.title"), blocks=(Chart(form="ranges", title=say("t.chart_bars"), x=("a", "b"), series=(series,), share=True),))
    text = printed("en", page=page)
    assert "19.0 %  18.7 %–19.3 %" in text
    assert "30 %  20 %–40 %" in text


def test_folds_are_printed_only_on_demand() -> None:
    closed, opened = printed("en"), printed("en", details=True)
    assert "2 more parts folded; add --details to see." in closed
    assert "How we know" not in closed
    assert "Week 1" not in closed
    assert "How we know" in opened
    assert "Week 1" in opened
    assert "0.812" in opened
    assert "folded" not in opened


def test_markup_and_escapes_of_users_are_plain_text() -> None:
    text = printed("en")
    assert "[bold]导出[/bold]" in text
    assert "\x1b" not in text
    assert "\u202e" not in text


def test_colours_are_only_for_terminals() -> None:
    stream = io.StringIO()
    print_page(full_page(), TEXTS, "en", QUOTES, Console(file=stream, width=80, force_terminal=True, color_system="standard"))
    assert "\x1b[" in stream.getvalue()
    assert "\x1b[31m\u202e" not in stream.getvalue()


def test_a_table_too_wide_becomes_a_list() -> None:
    assert "  Against last week: rising" in printed("en", width=60)
    assert "  Against last week: rising" not in printed("en", width=100)


def test_an_empty_table_says_so() -> None:
    page = Page(title=say("t.title"), blocks=(Grid(columns=(say("t.people"),), rows=()),))
    assert "暂无内容。" in printed("zh", page=page)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60), st.sampled_from(["utf-8", "gbk", "ascii"]))
def test_no_text_stops_a_report(text: str, encoding: str) -> None:
    blocks = (Line(text=say("t.topic", name=text)), Quotes(rows=("a",)), Grid(columns=(say("t.people"),), rows=((text,),)))
    assert "\x1b" not in printed("en", encoding, 60, page=Page(title=say("t.title"), blocks=blocks), a=text)
