"""A page as Markdown, to paste into a document or a ticket (CommonMark 0.31 with the tables of GitHub Flavored Markdown 0.29).

Folds become sections at the end of their block, charts become tables. Names and quotes are users' data: every character that
Markdown or HTML would read as a mark is escaped, so no link, picture or tag can come out of them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from productloop.foundation.figures import Figure
from productloop.foundation.page import Block, Cell, Chart, Fold, Grid, Heading, Line, Numbers, Page, Quotes
from productloop.foundation.wording import Language, Say, Text, format_value
from productloop.interfaces.chart_marks import marks_once
from productloop.interfaces.sentences import (
    QuoteTexts,
    Span,
    cell_text,
    chart_table,
    flow_table,
    interval,
    phrase,
    plain,
    quote,
    reach_text,
    spans,
    unit_word,
)

_MARKS = re.compile(r"([\\`*_\[\]<>|#~!])")
_AMPERSAND = re.compile(r"&(?=#?\w+;)")
_LINE_START = re.compile(r"^([ \t]*)([-+=]|\d+(?=[.)](?:\s|$)))", re.MULTILINE)
_WORD_AND_REST = re.compile(r"(\w(?:.*\w)?)(\W*)", re.DOTALL)
_ADDRESS = re.compile(r"(?<=\w):(?=//)|(?<=\bwww)\.")
_DEEPEST = 6


def escape_markdown(text: str) -> str:
    """The text so that Markdown shows it as it is: marks escaped, addresses not turned into links."""
    escaped = _MARKS.sub(r"\\\1", _AMPERSAND.sub("&amp;", text))
    escaped = _ADDRESS.sub(lambda match: "\\" + match.group(0), escaped)
    return _LINE_START.sub(_escape_line_start, escaped)


def _escape_line_start(match: re.Match[str]) -> str:
    """The list mark or list number at the start of a line, escaped."""
    indent, mark = match.groups()
    return f"{indent}{mark}\\" if mark.isdigit() else f"{indent}\\{mark}"


def _bold(text: str) -> str:
    """The text in bold; a sign at its end stays outside, since CommonMark does not close "**18 %**" before a Chinese character."""
    match = _WORD_AND_REST.fullmatch(text)
    return f"**{escape_markdown(match.group(1))}**{escape_markdown(match.group(2))}" if match else escape_markdown(text)


@dataclass(frozen=True, slots=True)
class _Pen:
    texts: Mapping[str, Text]
    language: Language
    quotes: QuoteTexts
    said: set[str] = field(default_factory=set)

    def say(self, sentence: Say | str) -> str:
        return self.pieces(spans(sentence, self.texts, self.language))

    def pieces(self, pieces: tuple[Span, ...]) -> str:
        """One line of Markdown; numbers in sentences are bold."""
        text = "".join(escape_markdown(piece.text) if piece.figure is None else _bold(piece.text) for piece in pieces)
        return " ".join(text.split())


def render_markdown(page: Page, texts: Mapping[str, Text], language: Language, quotes: QuoteTexts) -> str:
    """The whole page, folds and details included."""
    pen = _Pen(texts, language, quotes)
    parts = [f"# {pen.say(page.title)}", *_blocks(page.blocks, pen, 2)]
    if page.details:
        parts += [f"## {phrase('details', language)}", *_blocks(page.details, pen, 3)]
    return "\n\n".join(part for part in parts if part) + "\n"


def _blocks(blocks: tuple[Block, ...], pen: _Pen, depth: int) -> list[str]:
    return [part for block in blocks for part in _block(block, pen, depth)]


def _block(block: Block, pen: _Pen, depth: int) -> list[str]:
    match block:
        case Heading():
            return [_title(block.text, pen, depth)]
        case Line(tone="plain"):
            return [pen.say(block.text)]
        case Line():
            tone = phrase("label", pen.language, label=phrase(f"tone_{block.tone}", pen.language))
            return [f"> **{tone.strip()}** {pen.say(block.text)}"]
        case Numbers():
            return ["\n".join(_number(label, figure, pen) for label, figure in block.items)]
        case Grid():
            return [*([_title(block.title, pen, depth + 1)] if block.title else []), _grid(block, pen)]
        case Quotes():
            return _quotes(block, pen)
        case Chart():
            # a map is nothing without its places; the table of a page with a map holds its numbers
            marks = escape_markdown(marks_once(block, pen.texts, pen.language, pen.said)).replace("\n", " ")
            return [] if block.form == "map" else [_title(block.title, pen, depth + 1), _chart(block, pen), marks]
        case Fold():
            return [_title(block.title, pen, depth + 1), *_blocks(block.blocks, pen, depth + 2)]


def _title(sentence: Say, pen: _Pen, depth: int) -> str:
    return f"{'#' * min(depth, _DEEPEST)} {pen.say(sentence)}"


def _number(label: Say, figure: Figure, pen: _Pen) -> str:
    unit, between = unit_word(figure, pen.language), interval(figure, pen.language)
    value = _bold(format_value(figure, pen.language)) + (f" {unit}" if unit else "")
    range_ = phrase("likely", pen.language, interval=between) if between else ""
    range_ = f"({range_})" if range_ and pen.language == "en" else range_
    joint = "，" if pen.language == "zh" else " "
    return f"- {phrase('label', pen.language, label=pen.say(label))}{value}" + (joint + range_ if range_ else "")


def _grid(block: Grid, pen: _Pen) -> str:
    if not block.rows:
        return phrase("nothing", pen.language)
    numeric = [any(isinstance(row[place], Figure) for row in block.rows) for place in range(len(block.columns))]
    return _table([pen.say(column) for column in block.columns], [[_cell(cell, pen) for cell in row] for row in block.rows], numeric)


def _cell(cell: Cell, pen: _Pen) -> str:
    if cell is None:
        return "–"
    text = " ".join(escape_markdown(cell_text(cell, pen.texts, pen.language)).split())
    between = interval(cell, pen.language) if isinstance(cell, Figure) else None
    if not between:
        return text
    return f"{text}（{between}）" if pen.language == "zh" else f"{text} ({between})"


def _table(heads: list[str], rows: list[list[str]], numeric: list[bool]) -> str:
    rule = ["---:" if is_number else "---" for is_number in numeric]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in (heads, rule, *rows))


def _quotes(block: Quotes, pen: _Pen) -> list[str]:
    parts = [_quote(row, pen) for row in block.rows]
    if block.dissent:
        parts += [
            phrase("label", pen.language, label=phrase("dissent", pen.language)).strip(),
            *(_quote(row, pen) for row in block.dissent),
        ]
    return parts


def _quote(row: str, pen: _Pen) -> str:
    said = quote(row, pen.quotes, pen.language)
    lines = [escape_markdown(line.lstrip()) for line in said.text.split("\n")]
    lines += [f"*{escape_markdown(said.note)}*"] if said.note else []
    return "\n".join(f"> {line}".rstrip() + ("  " if place < len(lines) - 1 else "") for place, line in enumerate(lines))


def _chart(block: Chart, pen: _Pen) -> str:
    """What the chart shows, as a table; what is still open says so."""
    if block.form == "sankey":
        flow_heads, flows = flow_table(block, pen.texts, pen.language)
        cells = [[escape_markdown(cell).replace("\n", " ") for cell in row] for row in (flow_heads, *flows)]
        return _table(cells[0], cells[1:], [False, False, False, True])
    heads, rows = chart_table(block)
    names = [escape_markdown(plain(name, pen.texts, pen.language)).replace("\n", " ") for name in heads]
    body = [
        [
            escape_markdown(plain(name, pen.texts, pen.language)).replace("\n", " "),
            *(reach_text(value, block.share, pen.language) for value in values),
        ]
        for name, values in rows
    ]
    return _table(["", *names], body, [False, *(True for _ in names)])
