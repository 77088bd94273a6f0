"""A page as one HTML file: inline styles and drawings, no script, no request to anywhere, readable on a phone and on paper.

`static/app.css` is the only style sheet; pages of the server link it, a report carries it inside. The file may be mailed:
a content security policy forbids every load (W3C Content Security Policy Level 3), and every text is escaped,
since names and quotes are users' data.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from importlib import resources

from productloop.foundation.figures import Figure
from productloop.foundation.page import Block, Cell, Chart, Fold, Grid, Heading, Line, Numbers, Page, Quotes
from productloop.foundation.wording import Language, Say, Text, format_value
from productloop.interfaces.chart_labels import text_width
from productloop.interfaces.chart_marks import marks_once
from productloop.interfaces.chart_sankey import SMALLEST_COLUMN
from productloop.interfaces.charts import MAX_WIDTH, chart_svg
from productloop.interfaces.sentences import (
    QuoteTexts,
    Reach,
    Span,
    cell_spans,
    chart_table,
    clean,
    flow_table,
    has_gaps,
    interval,
    page_figures,
    phrase,
    plain,
    quote,
    reach_text,
    spans,
    unit_word,
)

CONTENT_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
LANGUAGE_TAGS: dict[Language, str] = {"zh": "zh-CN", "en": "en"}
NARROW_WIDTH = 340
"""Width in pixels of the drawing that a phone of 390 pixels shows."""
MANY_COLUMNS = 6
"""From so many on, the heads of a table wrap and its cells are tight."""
LONG_CELL = 60
"""In halves of an em. A column with a longer text keeps the width of a few words, and the table scrolls where that is too much: else it would be
a word wide and a page high.
"""
_TAGS = re.compile(r"<[^>]*>")
_WHOLE = re.compile(r"(?<![\w-])(\d{4}-\d\d-\d\d|--[a-z][a-z-]*)(?![\w-])")
"""Dates and options of commands: not broken at their hyphens."""

_NAMESPACE = re.compile(r'\sxmlns(?::\w+)?="[^"]*"')


@dataclass(frozen=True, slots=True)
class PageMeta:
    """What stands around a page: whose product, until when the data reach, and where the report came from.

    `as_of` is a date as it should read, None where the data carry none; `sources` are (name, until);
    `versions` are the table versions that were read; `generated_by` is "productloop 0.1.0".
    """

    product: str
    as_of: str | None
    simulated: bool
    report_id: str
    versions: Mapping[str, int] = field(default_factory=dict)
    sources: tuple[tuple[str, str], ...] = ()
    generated_by: str = "productloop"


@dataclass(frozen=True, slots=True)
class _Pen:
    """What every block needs to be written."""

    texts: Mapping[str, Text]
    language: Language
    quotes: QuoteTexts
    said: set[str] = field(default_factory=set)
    """What changed, as charts before this one said it."""

    def say(self, sentence: Say | str) -> str:
        """The sentence, escaped, its numbers with their tooltips."""
        return self.pieces(spans(sentence, self.texts, self.language))

    def pieces(self, pieces: tuple[Span, ...]) -> str:
        return "".join(_whole(escape(piece.text)) if piece.figure is None else self.number(piece.figure, piece.text) for piece in pieces)

    def number(self, figure: Figure, text: str) -> str:
        return f'<span class="figure" title="{escape(self.origin(figure))}">{escape(text)}</span>'

    def origin(self, figure: Figure) -> str:
        """How the number is counted, its range, how many stand behind it, its id: one line each."""
        lines = [plain(Say(key=figure.definition), self.texts, self.language)]
        between = interval(figure, self.language)
        lines += [phrase("likely", self.language, interval=between)] if between else []
        lines += [phrase("based_on", self.language, n=figure.n)] if figure.n is not None else []
        return "\n".join([*lines, figure.id])


def render_html(page: Page, texts: Mapping[str, Text], language: Language, quotes: QuoteTexts, meta: PageMeta) -> str:
    """The whole page as one self-contained HTML document."""
    pen = _Pen(texts, language, quotes)
    title = plain(page.title, texts, language)
    inside = render_inside(page, texts, language, quotes)
    body = "\n".join([_header(page, pen, meta), f'<main class="page">\n{inside}', "</main>", _footer(pen, meta)])
    return (
        f'<!doctype html>\n<html lang="{LANGUAGE_TAGS[language]}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{CONTENT_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n<meta name="referrer" content="no-referrer">\n'
        f"<title>{escape(title)} · {escape(clean(meta.product))}</title>\n<style>\n{style_sheet()}</style>\n</head>\n"
        f"<body>\n{body}\n</body>\n</html>\n"
    )


def render_blocks(blocks: tuple[Block, ...], texts: Mapping[str, Text], language: Language, quotes: QuoteTexts) -> str:
    """Blocks as HTML fragments, for a place inside another page."""
    pen = _Pen(texts, language, quotes)
    return "\n".join(_block(block, pen) for block in blocks)


def render_inside(page: Page, texts: Mapping[str, Text], language: Language, quotes: QuoteTexts) -> str:
    """What a page says without what stands around it: its blocks, the folded details, how each number is counted."""
    pen = _Pen(texts, language, quotes)
    return "\n".join([render_blocks(page.blocks, texts, language, quotes), _details(page, pen), _definitions(page, pen)])


def style_sheet() -> str:
    """The text of `static/app.css`."""
    return resources.files("productloop.interfaces").joinpath("static", "app.css").read_text("utf-8")


def _header(page: Page, pen: _Pen, meta: PageMeta) -> str:
    until = phrase("data_until", pen.language, as_of=clean(meta.as_of)) if meta.as_of else phrase("data_until_unknown", pen.language)
    sources = "".join(
        f"<li>{escape(phrase('source_until', pen.language, name=clean(name), until=clean(end)))}</li>" for name, end in meta.sources
    )
    banner = f'<p class="banner" role="note">{escape(phrase("simulated", pen.language))}</p>\n' if meta.simulated else ""
    return (
        f'{banner}<header class="masthead">\n<p class="product">{escape(clean(meta.product))}</p>\n<h1>{pen.say(page.title)}</h1>\n'
        f'<div class="freshness"><span class="until">{escape(until)}</span>'
        + (f'<ul class="sources">{sources}</ul>' if sources else "")
        + "</div>\n</header>"
    )


def _details(page: Page, pen: _Pen) -> str:
    if not page.details:
        return ""
    inside = "\n".join(_block(block, pen) for block in page.details)
    return _fold(escape(phrase("details", pen.language)), inside, "fold")


def _fold(title: str, inside: str, kind: str) -> str:
    return f'<details class="{kind}">\n<summary>{title}</summary>\n<div class="fold-body">\n{inside}\n</div>\n</details>'


def _definitions(page: Page, pen: _Pen) -> str:
    """Every number of the page under the sentence that says how it is counted."""
    groups: dict[tuple[str, str | None], list[Figure]] = {}
    for figure in page_figures(page):
        groups.setdefault((figure.definition, figure.protocol), []).append(figure)
    if not groups:
        return ""
    parts = [f"<p>{escape(phrase('definitions_lead', pen.language))}</p>"]
    for (definition, protocol), figures in groups.items():
        parts.append(f'<p class="definition">{pen.say(Say(key=definition))}</p>')
        if protocol:
            sentence = plain(Say(key=protocol), pen.texts, pen.language)
            parts.append(f'<p class="protocol">{escape(phrase("measured", pen.language, protocol=sentence))}</p>')
        heads = (phrase(key, pen.language) for key in ("figure_id", "number", "interval_column", "rows_column"))
        rows = [
            [
                f"<code>{escape(figure.id)}</code>",
                escape(f"{format_value(figure, pen.language)} {unit_word(figure, pen.language)}".strip()),
                escape(interval(figure, pen.language) or "–"),
                "–" if figure.n is None else escape(f"{figure.n:,}"),
            ]
            for figure in figures
        ]
        parts.append(_table([escape(head) for head in heads], rows, [False, True, True, True]))
    return _fold(escape(phrase("definitions", pen.language)), "\n".join(parts), "fold definitions")


def _footer(pen: _Pen, meta: PageMeta) -> str:
    joint = "、" if pen.language == "zh" else ", "
    versions = joint.join(f"{clean(name)} {version}" for name, version in sorted(meta.versions.items()))
    lines = [phrase("made_by", pen.language, generated_by=clean(meta.generated_by))]
    lines.append(phrase("report_id", pen.language, report_id=clean(meta.report_id)))
    lines += [phrase("versions", pen.language, versions=versions)] if versions else []
    return '<footer class="colophon">' + "".join(f"<span>{escape(line)}</span>" for line in lines) + "</footer>"


def _block(block: Block, pen: _Pen) -> str:
    match block:
        case Heading():
            return f"<h2>{pen.say(block.text)}</h2>"
        case Line():
            return _line(block, pen)
        case Numbers():
            return _numbers(block, pen)
        case Grid():
            return _grid(block, pen)
        case Quotes():
            return _quotes(block, pen)
        case Chart():
            return _chart(block, pen)
        case Fold():
            return _fold(pen.say(block.title), "\n".join(_block(inner, pen) for inner in block.blocks), "fold")


def _line(block: Line, pen: _Pen) -> str:
    if block.tone == "plain":
        return f"<p>{pen.say(block.text)}</p>"
    tone = phrase("label", pen.language, label=phrase(f"tone_{block.tone}", pen.language))
    return f'<p class="line {block.tone}"><span class="unseen">{escape(tone)}</span>{pen.say(block.text)}</p>'


def _numbers(block: Numbers, pen: _Pen) -> str:
    cards = []
    for label, figure in block.items:
        unit, between = unit_word(figure, pen.language), interval(figure, pen.language)
        shown = format_value(figure, pen.language)
        if figure.unit.startswith("money:"):
            shown, _, unit = shown.partition(" ")
        value = pen.number(figure, shown)
        known = " unknown" if figure.value is None else " long" if len(shown) > 8 else ""
        cards.append(
            f'<div class="card{known}"><dt>{pen.say(label)}</dt><dd class="value">{value}'
            + (f' <span class="unit">{escape(unit)}</span>' if unit else "")
            + "</dd>"
            + (f'<dd class="range">{escape(phrase("likely", pen.language, interval=between))}</dd>' if between else "")
            + "</div>"
        )
    return '<dl class="numbers">' + "".join(cards) + "</dl>"


def _grid(block: Grid, pen: _Pen) -> str:
    title = f"<h3>{pen.say(block.title)}</h3>\n" if block.title else ""
    if not block.rows:
        return f'{title}<p class="empty">{escape(phrase("nothing", pen.language))}</p>'
    numeric = [
        any(isinstance(row[place], Figure) for row in block.rows) and all(isinstance(row[place], Figure | None) for row in block.rows)
        for place in range(len(block.columns))
    ]
    rows = [[_cell(cell, pen) for cell in row] for row in block.rows]
    return title + _table([pen.say(column) for column in block.columns], rows, numeric)


def _cell(cell: Cell, pen: _Pen) -> str:
    if cell is None:
        return '<span class="none">–</span>'
    between = interval(cell, pen.language) if isinstance(cell, Figure) else None
    range_ = f'<span class="range">{escape(between)}</span>' if between else ""
    return pen.pieces(cell_spans(cell, pen.texts, pen.language)) + range_


def _whole(text: str) -> str:
    return _WHOLE.sub(r'<span class="whole">\1</span>', text)


def _table(heads: list[str], rows: list[list[str]], numeric: list[bool]) -> str:
    """A table in a box of its own that scrolls sideways where it must; heads and cells are HTML already."""
    kinds = [' class="number"' if is_number else "" for is_number in numeric]
    head = "".join(f'<th scope="col"{kind}>{text}</th>' for text, kind in zip(heads, kinds, strict=True))
    longest = [max((text_width(_TAGS.sub("", row[place])) for row in rows), default=0) for place in range(len(heads))]
    kinds = [' class="long"' if not kind and length > LONG_CELL else kind for kind, length in zip(kinds, longest, strict=True)]
    body = "\n".join("<tr>" + "".join(f"<td{kind}>{text}</td>" for text, kind in zip(row, kinds, strict=True)) + "</tr>" for row in rows)
    box = "table-box many" if len(heads) >= MANY_COLUMNS else "table-box"
    return f'<div class="{box}" tabindex="0">\n<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody>\n</table>\n</div>'


def _quotes(block: Quotes, pen: _Pen) -> str:
    parts = [_quote(row, pen) for row in block.rows]
    if block.dissent:
        parts.append(f'<p class="dissent-title">{escape(phrase("dissent", pen.language))}</p>')
        parts += [_quote(row, pen, " dissent") for row in block.dissent]
    return f'<div class="quotes">{"".join(parts)}</div>'


def _quote(row: str, pen: _Pen, kind: str = "") -> str:
    said = quote(row, pen.quotes, pen.language)
    gone = "" if row in pen.quotes else " gone"
    note = f"<footer>{escape(said.note)}</footer>" if said.note else ""
    return f'<blockquote class="quote{kind}{gone}"><p dir="auto">{escape(said.text)}</p>{note}</blockquote>'


def _chart(block: Chart, pen: _Pen) -> str:
    title = plain(block.title, pen.texts, pen.language)
    drawings = ""
    scrolls = block.form == "heat" or (block.form == "sankey" and len(block.x) * SMALLEST_COLUMN > NARROW_WIDTH)
    for name, width in (("wide", MAX_WIDTH), ("narrow", NARROW_WIDTH)):
        drawing = chart_svg(block, pen.texts, pen.language, MAX_WIDTH if scrolls else width, titled=False)
        drawings += f'<div class="drawing {name}">{_inline_svg(drawing, title)}</div>\n'
        if scrolls:  # a heat table, or a sankey of many columns, keeps its width
            drawings = drawings.replace("drawing wide", "drawing fixed")
            break
    gaps = f'<p class="gaps">{escape(phrase("chart_unknown", pen.language))}</p>\n' if has_gaps(block) else ""
    marks = marks_once(block, pen.texts, pen.language, pen.said)
    gaps += f'<p class="gaps">{_whole(escape(marks))}</p>\n' if marks else ""
    numbers = _fold(escape(phrase("chart_numbers", pen.language)), _chart_table(block, pen), "chart-numbers")
    return f'<figure class="chart">\n<figcaption>{pen.say(block.title)}</figcaption>\n{drawings}{gaps}{numbers}\n</figure>'


def _inline_svg(drawing: str, title: str) -> str:
    """The SVG as an element of the page: no namespaces (HTML knows them), and a name for those who cannot see it."""
    return _NAMESPACE.sub("", drawing).replace("<svg", f'<svg role="img" aria-label="{escape(title)}"', 1)


def _chart_table(block: Chart, pen: _Pen) -> str:
    """What the chart shows, as a table."""
    if block.form == "sankey":
        heads, flows = flow_table(block, pen.texts, pen.language)
        return _table([escape(head) for head in heads], [[escape(cell) for cell in row] for row in flows], [False, False, False, True])
    names, rows = chart_table(block)
    body = [[pen.say(name), *(_chart_cell(value, block, pen) for value in values)] for name, values in rows]
    return _table(["", *(pen.say(name) for name in names)], body, [False, *(True for _ in names)])


def _chart_cell(reach: Reach, block: Chart, pen: _Pen) -> str:
    written = escape(reach_text(reach, block.share, pen.language))
    return f'<span class="none">{written}</span>' if reach[0] is None else written
