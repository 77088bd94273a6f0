"""HTML reports: one file, no script, nothing fetched, everything escaped, every number explained."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rendered_page import META, QUOTES, TEXTS, full_page

from productloop.foundation.figures import Figure
from productloop.foundation.page import Grid, Heading, Line, Numbers, Page, Quotes
from productloop.foundation.wording import LANGUAGES, Language, say
from productloop.interfaces.html import CONTENT_POLICY, MANY_COLUMNS, render_blocks, render_html, style_sheet
from productloop.interfaces.sentences import interval, page_figures

_VOID = {"meta", "br", "img", "input", "hr", "link"}


class Outline(HTMLParser):
    """Checks that tags are closed in order; keeps tags, attributes and text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len({name for name, _ in attrs}) == len(attrs), f"an attribute twice in {tag}"
        self.tags.append((tag, dict(attrs)))
        if tag not in _VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag, f"</{tag}> is out of order"

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def outline(html: str) -> Outline:
    parser = Outline()
    parser.feed(html)
    parser.close()
    assert parser.open == []
    return parser


@pytest.fixture(scope="module")
def reports() -> dict[Language, str]:
    return {language: render_html(full_page(), TEXTS, language, QUOTES, META) for language in LANGUAGES}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_report_is_well_formed_and_fetches_nothing(reports: dict[Language, str], language: Language) -> None:
    html = reports[language]
    page = outline(html)
    tags = {tag for tag, _ in page.tags}
    assert not tags & {"script", "link", "img", "iframe", "object", "embed", "base", "form", "image", "use"}
    assert "<script" not in html.lower()
    assert "http:" not in html
    assert "https:" not in html
    assert "@import" not in html
    assert not re.search(r"url\((?!#)", html)
    for _, attributes in page.tags:
        assert not any(name.startswith("on") or name in {"src", "href", "xlink:href", "action"} for name in attributes)


@pytest.mark.parametrize(("language", "tag"), [("zh", "zh-CN"), ("en", "en")])
def test_the_page_names_its_language_and_forbids_loading(reports: dict[Language, str], language: Language, tag: str) -> None:
    page = outline(reports[language])
    assert ("html", {"lang": tag}) in page.tags
    policy = [attributes["content"] for name, attributes in page.tags if attributes.get("http-equiv") == "Content-Security-Policy"]
    assert policy == [CONTENT_POLICY] == ["default-src 'none'; style-src 'unsafe-inline'; img-src data:"]


def test_names_and_quotes_are_shown_as_they_are(reports: dict[Language, str]) -> None:
    text = "".join(outline(reports["zh"]).text)
    assert "<script>alert('x')</script> & \"[bold]导出[/bold]\" `a|b` *c*" in text
    assert "138****1234" in text
    assert "木舟笔记 <Muzhou>" in text
    assert "\x1b" not in reports["zh"]
    assert "\u202e" not in reports["zh"]
    assert "[31m" not in reports["zh"]


def test_an_erased_quote_says_so_and_its_id_stays_hidden(reports: dict[Language, str]) -> None:
    assert "（这条原话已删除）" in reports["zh"]
    assert "(this text has been erased)" in reports["en"]


def test_dissent_stands_under_its_own_title(reports: dict[Language, str]) -> None:
    html = reports["en"]
    assert html.index("Export spins") < html.index("Some say otherwise") < html.index("导出挺快的")


def test_each_number_tells_where_it_comes_from(reports: dict[Language, str]) -> None:
    titles = [attributes["title"] or "" for _, attributes in outline(reports["en"]).tags if attributes.get("class") == "figure"]
    lead = next(title for title in titles if title.endswith("needs7f3a.export.people"))
    assert lead.split("\n") == [TEXTS["d.people"].en, "about 18–31, nine times in ten", "n = 312", "needs7f3a.export.people"]
    ids = {title.rsplit("\n", 1)[-1] for title in titles}
    assert {figure.id for figure in page_figures(full_page())} <= ids


def test_the_last_fold_defines_every_figure(reports: dict[Language, str]) -> None:
    html = reports["en"]
    fold = html[html.index('<details class="fold definitions">') :]
    for figure in page_figures(full_page()):
        assert f"<code>{figure.id}</code>" in fold
    for key in ("d.people", "d.share", "d.money", "d.quality"):
        assert TEXTS[key].en in fold
    assert "How it was measured: Compared on data newer than the training" in fold


def test_folds_are_closed_and_hold_what_is_not_for_the_first_screen(reports: dict[Language, str]) -> None:
    page = outline(reports["zh"])
    folds = [attributes for tag, attributes in page.tags if tag == "details"]
    assert len(folds) >= 3
    assert not any("open" in attributes for attributes in folds)
    assert reports["zh"].index("依据与明细") < reports["zh"].index("0.812")


def test_header_and_footer(reports: dict[Language, str]) -> None:
    html = reports["en"]
    for part in (
        "Data until 2026-10-18",
        "Zendesk: until 2026-10-18",
        "Made by productloop 0.1.0",
        "Report needs7f3a",
        "events 3, feedback 12",
    ):
        assert part in html
    assert "Simulated data." in html
    real = replace(META, simulated=False, as_of=None, versions={}, sources=())
    bare = render_html(Page(title=say("t.title"), blocks=()), TEXTS, "en", {}, real)
    outline(bare)
    assert "Simulated" not in bare
    assert "The data carry no dates" in bare
    assert "Data versions" not in bare
    assert "<details" not in bare


def test_tones_have_words_beside_their_colours(reports: dict[Language, str]) -> None:
    assert 'class="line caution"><span class="unseen">Take care: </span>' in reports["en"]


def test_tables_scroll_in_a_box_and_numbers_stand_right(reports: dict[Language, str]) -> None:
    html = reports["en"]
    assert html.count("<table>") == len(re.findall(r'<div class="table-box(?: many)?" tabindex="0">', html))
    assert '<td class="number"><span class="figure"' in html
    assert '<span class="range">18–31</span>' in html


def test_charts_are_drawn_inside_with_a_name_and_their_numbers(reports: dict[Language, str]) -> None:
    page = outline(reports["zh"])
    drawings = [attributes for tag, attributes in page.tags if tag == "svg"]
    assert len(drawings) == 9  # four charts for wide and narrow screens, one heat table that scrolls
    assert all(attributes["role"] == "img" and attributes["aria-label"] for attributes in drawings)
    assert "空缺处：还没结束" in reports["zh"]
    assert "看数字" in reports["zh"]


def test_an_empty_table_says_so() -> None:
    html = render_blocks((Grid(columns=(say("t.people"),), rows=()),), TEXTS, "en", {})
    assert "Nothing here yet." in html
    assert "<table" not in html


def test_money_keeps_its_currency_at_both_ends() -> None:
    figure = Figure(id="a.b", value=123450, unit="money:CNY", low=100000, high=150000, definition="d.money")
    assert interval(figure, "en") == "1,000.00–1,500.00 CNY"
    html = render_blocks((Numbers(items=((say("t.money"), figure),)),), TEXTS, "en", {})
    assert '>1,234.50</span> <span class="unit">CNY</span>' in html


def test_numbers_inside_nested_sentences_keep_their_figures() -> None:
    inner = say("t.bad", rate=Figure(id="deep.rate", value=0.5, unit="share", definition="d.share"))
    line = Line(text=say("t.topic", name=inner))
    html = render_blocks((line,), TEXTS, "en", {})
    assert 'deep.rate">50.0 %</span>' in html
    assert [figure.id for figure in page_figures(Page(title=say("t.title"), blocks=(line,)))] == ["deep.rate"]


def test_the_style_sheet_loads_nothing_and_knows_phones_and_paper() -> None:
    sheet = style_sheet()
    assert "url(" not in sheet
    assert "@import" not in sheet
    assert "</" not in sheet
    assert "@media print" in sheet
    assert "@media (max-width: 720px)" in sheet
    assert "overflow-x: auto" in sheet


def test_the_same_page_is_the_same_bytes(reports: dict[Language, str]) -> None:
    assert render_html(full_page(), TEXTS, "en", QUOTES, META) == reports["en"]


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60))
def test_no_text_can_break_the_page(text: str) -> None:
    blocks = (
        Heading(text=say("t.topic", name=text)),
        Grid(columns=(say("t.people"),), rows=((text,),)),
        Quotes(rows=("a",)),
    )
    page = outline(render_blocks(blocks, TEXTS, "en", {"a": text}))
    assert {tag for tag, _ in page.tags} <= {"h2", "div", "table", "thead", "tbody", "tr", "th", "td", "blockquote", "p", "span"}


def test_a_table_of_many_columns_is_marked_so_that_its_heads_wrap() -> None:
    def html_of(num: int) -> str:
        grid = Grid(columns=(say("t.chart_bars"),) * num, rows=(("x",) * num,))
        return render_html(Page(title=say("t.chart_bars"), blocks=(grid,)), TEXTS, "en", {}, META)

    assert 'class="table-box"' in html_of(MANY_COLUMNS - 1)
    assert 'class="table-box many"' in html_of(MANY_COLUMNS)
    assert ".table-box.many th { white-space: normal;" in html_of(1)


def test_a_long_text_in_a_table_keeps_a_width_and_dates_and_options_stay_whole() -> None:
    grid = Grid(
        columns=(say("t.people"), say("t.people")),
        rows=(("2026-01-02", "a text that is longer than a few words, so that it is no column of single words"),),
    )
    html = render_blocks((grid, Line(text=say("t.topic", name="until 2026-01-02, with --send; a_2026-01-02-x stays"))), TEXTS, "en", QUOTES)
    assert html.count('class="long"') == 1
    assert html.count('<span class="whole">2026-01-02</span>') == 2
    assert '<span class="whole">--send</span>; a_2026-01-02-x' in html
