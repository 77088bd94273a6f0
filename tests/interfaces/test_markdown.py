"""Markdown: users' texts stay texts, tables keep their shape, both languages are complete."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rendered_page import QUOTES, TEXTS, full_page

from productloop.foundation.page import Chart, Grid, Page, Quotes, Series
from productloop.foundation.wording import LANGUAGES, Language, say
from productloop.interfaces.markdown import escape_markdown, render_markdown
from productloop.interfaces.rendering_wording import TEXTS as OWN


def tables(markdown: str) -> list[list[str]]:
    return [part.splitlines() for part in markdown.split("\n\n") if part.startswith("|")]


def num_cells(line: str) -> int:
    return len(re.findall(r"(?<!\\)\|", line)) - 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_on_the_page_is_there(language: Language) -> None:
    text = render_markdown(full_page(), TEXTS, language, QUOTES)
    for key in ("t.title", "t.first", "t.ranked", "t.chart_lines", "t.chart_heat", "t.quality", "t.topic_column"):
        assert TEXTS[key].in_language(language) in text
    assert OWN["render.details"].in_language(language) in text
    assert OWN["render.quote_gone"].in_language(language) in text
    assert "138\\*\\*\\*\\*1234" in text
    assert text.count("\n# ") == 0
    assert text.startswith("# ")
    assert text.endswith("\n")
    assert "\n\n\n" not in text


def test_numbers_are_bold_and_carry_their_range() -> None:
    assert "**24** people said" in render_markdown(full_page(), TEXTS, "en", QUOTES)
    text = render_markdown(full_page(), TEXTS, "en", QUOTES)
    assert "- Unhappy: **38.2** % (about 33.1–43.0 %, nine times in ten)" in text
    assert "- 不满意的占比：**38.2** %，大概 33.1–43.0 %（九成把握）" in render_markdown(full_page(), TEXTS, "zh", QUOTES)
    assert "> **Take care:** Store reviews" in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_row_has_as_many_cells_as_its_head(language: Language) -> None:
    found = tables(render_markdown(full_page(), TEXTS, language, QUOTES))
    assert len(found) == 6
    for lines in found:
        assert len({num_cells(line) for line in lines}) == 1


def test_charts_are_tables_and_gaps_are_not_zero() -> None:
    text = render_markdown(full_page(), TEXTS, "en", QUOTES)
    assert "| 2026-09-14 | not yet | 19.0 % |" in text
    assert "| 2026-10-19 | 66.0 % | not yet |" in text  # a heat table keeps its rows


def test_tags_links_and_pictures_of_users_are_text() -> None:
    text = render_markdown(full_page(), TEXTS, "en", QUOTES)
    assert not re.search(r"(?<!\\)<", text)
    assert "\\<script\\>" in text
    assert "\x1b" not in text
    assert escape_markdown("![x](http://a.b/c.png)") == "\\!\\[x\\](http\\://a.b/c.png)"
    assert escape_markdown("- a\n1. b\n2.5 c") == "\\- a\n1\\. b\n2.5 c"
    assert escape_markdown("&lt;b&gt; R&D") == "&amp;lt;b&amp;gt; R&D"


@given(st.text(max_size=60))
def test_no_text_leaves_its_cell_or_its_quote(text: str) -> None:
    grid = Grid(columns=(say("t.people"), say("t.stars")), rows=((text, "x"),))
    page = Page(title=say("t.title"), blocks=(grid, Quotes(rows=("a",))))
    parts = render_markdown(page, TEXTS, "en", {"a": text}).rstrip("\n").split("\n\n", 2)
    assert len(parts) == 3
    lines = parts[1].splitlines()
    assert len(lines) == 3
    assert {len(re.findall(r"(?<!\\)(?:\\\\)*\|", line)) for line in lines} == {3}
    assert all(line.startswith(">") for line in parts[2].split("\n"))


def test_ranges_keep_their_intervals() -> None:
    series = Series(name="n", y=(10.0, 3.0, None), low=(8.0, None, None), high=(11.5, None, None))
    shown = Page(title=say("t.title"), blocks=(Chart(form="ranges", title=say("t.chart_bars"), x=("a", "b", "c"), series=(series,)),))
    assert "| a | 10 (8–11.5) |" in render_markdown(shown, TEXTS, "en", {})
    assert "| a | 10（8–11.5） |" in render_markdown(shown, TEXTS, "zh", {})
    assert "| b | 3 |" in render_markdown(shown, TEXTS, "en", {})
