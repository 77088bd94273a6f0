"""Sentences of a page cut into spans, so that every number keeps its `Figure` until it is drawn.

Renderers share these: what a sentence says, which figure stands where, how an interval and a quote read.
Texts are users' data: `clean` takes out what could act on a terminal, break a file or turn the reading direction
(control characters, escapes, bidirectional overrides, lone surrogates; Unicode 16, general categories Cc, Cs, Co and UAX #9).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from productloop.foundation.figures import Figure
from productloop.foundation.page import Block, Cell, Chart, Fold, Grid, Heading, Line, Numbers, Page, Quotes, Series
from productloop.foundation.wording import Language, Say, Text, format_value
from productloop.interfaces.rendering_wording import TEXTS

_DANGEROUS = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ue000-\uf8ff\ufffe\uffff\U000f0000-\U0010ffff]"
)
_TERMINAL_SEQUENCES = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]")
_LINE_BREAKS = re.compile("\r\n|[\r\u2028\u2029]")
_VALUE_SLOT = re.compile(r"\{(\w+)(?::\w+)?\}")
_FIRST_MARK = 0xF0000
_END_MARK = "\ue000"
_MARKED = re.compile(f"([{chr(_FIRST_MARK)}-{chr(_FIRST_MARK + 0xFFFD)}])([^{_END_MARK}]*){_END_MARK}")


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of a sentence; `figure` is set where the piece is a number."""

    text: str
    figure: Figure | None = None


@dataclass(frozen=True, slots=True)
class Quote:
    """What a person said, masked, and a short note on where and when ("2026-03-02, app store, 1 star")."""

    text: str
    note: str = ""


QuoteTexts = Mapping[str, "Quote | str"]
"""Row id -> the masked text, with or without a note."""


def clean(text: str) -> str:
    """Text that can be shown anywhere: without control characters, overrides of reading direction and lone surrogates."""
    return _DANGEROUS.sub("", _TERMINAL_SEQUENCES.sub("", _LINE_BREAKS.sub("\n", text)))


def phrase(key: str, language: Language, **values: object) -> str:
    """A sentence of the renderers' own, by its key without "render."."""
    return TEXTS["render." + key].render(language, **values)


def spans(sentence: Say | str, texts: Mapping[str, Text], language: Language) -> tuple[Span, ...]:
    """The sentence in pieces; a plain string (a name from the user's own data) is one piece."""
    if isinstance(sentence, str):
        return (Span(clean(sentence)),)
    figures: list[Figure] = []
    marked = _marked(sentence, texts, language, figures)
    pieces: list[Span] = []
    end = 0
    for match in _MARKED.finditer(marked):
        pieces.append(Span(clean(marked[end : match.start()])))
        pieces.append(Span(clean(match.group(2)), figures[ord(match.group(1)) - _FIRST_MARK]))
        end = match.end()
    pieces.append(Span(clean(marked[end:])))
    return tuple(piece for piece in pieces if piece.text)


def _marked(sentence: Say, texts: Mapping[str, Text], language: Language, figures: list[Figure]) -> str:
    """The rendered sentence with each figure between marks; the marks are private-use characters, which `clean` keeps out of values."""
    values: dict[str, object] = {}
    for name, value in sentence.slots.items():
        if isinstance(value, Say):
            values[name] = _marked(value, texts, language, figures)
        elif isinstance(value, list):
            values[name] = ("、" if language == "zh" else ", ").join(_marked(item, texts, language, figures) for item in value)
        else:
            values[name] = clean(value) if isinstance(value, str) else value

    def mark(match: re.Match[str]) -> str:
        value = sentence.slots.get(match.group(1))
        if not isinstance(value, Figure):
            return match.group(0)
        figures.append(value)
        return chr(_FIRST_MARK + len(figures) - 1) + match.group(0) + _END_MARK

    template = _VALUE_SLOT.sub(mark, texts[sentence.key].in_language(language))
    return Text(zh=template, en=template).render(language, **values)


def plain(sentence: Say | str, texts: Mapping[str, Text], language: Language) -> str:
    """The sentence as one string."""
    return "".join(span.text for span in spans(sentence, texts, language))


def cell_spans(cell: Cell, texts: Mapping[str, Text], language: Language) -> tuple[Span, ...]:
    """A table cell in pieces; an empty cell has none."""
    if cell is None:
        return ()
    if isinstance(cell, Figure):
        return (Span(format_value(cell, language), cell),)
    return spans(cell, texts, language)


def cell_text(cell: Cell, texts: Mapping[str, Text], language: Language) -> str:
    """A table cell as one string."""
    return "".join(span.text for span in cell_spans(cell, texts, language))


def interval(figure: Figure, language: Language) -> str | None:
    """The 90 % interval, "18–31" or "18.3–31.2 %", both ends written like the value; None where there is none."""
    if figure.value is None or figure.low is None or figure.high is None:
        return None
    low, high = (format_value(figure.model_copy(update={"value": end}), language) for end in (figure.low, figure.high))
    if low == high:
        return low
    for unit in (" %", " " + figure.unit.removeprefix("money:")):
        if low.endswith(unit) and high.endswith(unit):
            low = low.removesuffix(unit)
    return f"{low}–{high}"


def unit_word(figure: Figure, language: Language) -> str:
    """The word after a number standing alone ("people", "天"); empty where the number says it (percent, money) or there is none."""
    key = f"render.unit.{figure.unit}"
    return TEXTS[key].render(language, value=figure) if key in TEXTS and figure.value is not None else ""


def quote(row: str, quotes: QuoteTexts, language: Language) -> Quote:
    """The quote of a row, or a sentence saying that it was erased."""
    found = quotes.get(row)
    if found is None:
        return Quote(phrase("quote_gone", language))
    return Quote(clean(found)) if isinstance(found, str) else Quote(clean(found.text), clean(found.note))


def has_gaps(chart: Chart) -> bool:
    """True when a value of the chart is still open or not known."""
    return any(value is None for series in chart.series for value in series.y)


Reach = tuple[float | None, float | None, float | None]
"""A value with both ends of its interval; the ends are None where the chart draws none."""


def chart_table(chart: Chart) -> tuple[list[Say | str], list[tuple[Say | str, list[Reach]]]]:
    """What a chart shows as a table: (column names, rows of name and values). A heat table keeps its rows, others have a column per series,
    and a map the size of each thing. Ranges carry their intervals.
    """
    if chart.form == "map":
        sizes = [(label, size) for series in chart.series for label, size in zip(series.labels, series.size, strict=False)]
        return [""], [(label, [(size, None, None)]) for label, size in sizes]
    by_series = [(series.name, [_reach(chart, series, place) for place in range(len(chart.x))]) for series in chart.series]
    if chart.form == "heat":
        return list(chart.x), by_series
    return [name for name, _ in by_series], [(label, [values[place] for _, values in by_series]) for place, label in enumerate(chart.x)]


def _reach(chart: Chart, series: Series, place: int) -> Reach:
    value, low, high = (ends[place] if place < len(ends) else None for ends in (series.y, series.low, series.high))
    return (value, low, high) if chart.form == "ranges" and low is not None and high is not None else (value, None, None)


MAX_FLOWS = 50


def flow_table(chart: Chart, texts: Mapping[str, Text], language: Language, most: int = MAX_FLOWS) -> tuple[list[str], list[list[str]]]:
    """What a sankey shows as a table: (heads, rows of column, from, to and number), the `most` largest, column by column."""
    heads = [phrase(f"flow_{name}", language) for name in ("column", "from", "to", "value")]
    links = sorted(chart.links, key=lambda link: -link.value)[:most]
    rows = []
    for link in sorted(links, key=lambda link: (chart.places[link.source].column, -link.value, link.target)):
        before, after = chart.places[link.source], chart.places[link.target]
        column = plain(chart.x[before.column], texts, language) if before.column < len(chart.x) else ""
        value = format_value(link.value, language, "percent" if chart.share else "count")
        rows.append([column, plain(before.label, texts, language), plain(after.label, texts, language), value])
    return heads, rows


def reach_text(reach: Reach, share: bool, language: Language) -> str:
    """A value of a chart in words, with its interval in brackets where there is one."""
    value, low, high = reach
    if value is None:
        return phrase("not_yet", language)
    written = format_value(float(value), language, "percent" if share else "number")
    if low is None or high is None:
        return written
    ends = "–".join(format_value(float(end), language, "percent" if share else "number") for end in (low, high))
    return f"{written}（{ends}）" if language == "zh" else f"{written} ({ends})"


def page_figures(page: Page) -> tuple[Figure, ...]:
    """All figures a reader can see on the page, in order, each id once."""
    found: dict[str, Figure] = {}
    for sentence in _cells((*page.blocks, *page.details), [page.title]):
        for figure in _figures(sentence):
            found.setdefault(figure.id, figure)
    return tuple(found.values())


def _figures(cell: Cell) -> Iterator[Figure]:
    if isinstance(cell, Figure):
        yield cell
    elif isinstance(cell, Say):
        for value in cell.slots.values():
            for item in value if isinstance(value, list) else [value]:
                if isinstance(item, (Figure, Say)):
                    yield from _figures(item)


def _cells(blocks: Iterable[Block], first: Iterable[Cell] = ()) -> Iterator[Cell]:
    """Every sentence, number and cell of the blocks, in reading order."""
    yield from first
    for block in blocks:
        match block:
            case Heading() | Line():
                yield block.text
            case Numbers():
                yield from (part for item in block.items for part in item)
            case Grid():
                yield from (block.title, *block.columns, *(cell for row in block.rows for cell in row))
            case Chart():
                yield from (block.title, *block.x, *(series.name for series in block.series), block.x_title, block.y_title)
            case Fold():
                yield from _cells(block.blocks, [block.title])
            case Quotes():
                pass
