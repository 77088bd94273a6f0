"""A page on a terminal: numbers, tables, quotes and small charts, on any console down to ASCII and 60 columns.

A console of an old code page (GBK on Windows, plain ASCII in a log) must never stop a report: what it cannot write becomes "?",
frames and bars become ASCII. Folds are named, and printed only on demand. Charts follow the sparkline idea
(E. Tufte, Beautiful Evidence, 2006): one line of blocks, first and last value beside it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from rich import box
from rich.console import Console
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table
from rich.text import Text as Styled

from productloop.foundation.figures import Figure
from productloop.foundation.page import Block, Chart, Fold, Grid, Heading, Line, Numbers, Page, Quotes, Series
from productloop.foundation.wording import Language, Say, Text, format_value
from productloop.interfaces.chart_labels import cut, number_label, text_width
from productloop.interfaces.chart_marks import marks_once
from productloop.interfaces.sentences import (
    QuoteTexts,
    Span,
    cell_spans,
    cell_text,
    flow_table,
    has_gaps,
    interval,
    phrase,
    plain,
    quote,
    spans,
    unit_word,
)


class PipeConsole(Console):
    """A console whose reader may leave, as `head` does: that is no error, and the command line ends with 0."""

    def on_broken_pipe(self) -> None:
        """Rich would leave with code 1, which means that a gate said no."""
        raise BrokenPipeError


_SPARKS = "▁▂▃▄▅▆▇█"
_TONES = {"plain": ("", ""), "good": ("+ ", "green"), "bad": ("x ", "red"), "caution": ("! ", "yellow")}
_ASCII_FORMS = str.maketrans({"–": "-", "—": "-", "…": "...", "·": ".", "“": '"', "”": '"', "‘": "'", "’": "'", "★": "*", "☆": "."})
_ACCENT = "cyan"
_BAR_COLUMNS = 24
_ENDS_COLUMNS = 20
"""Columns of a spark line besides its name and blocks: the margin, and the first and last value."""
_NARROWEST_COLUMN = 12
_NUM_COLUMNS = 4
_NUM_FLOWS = 12
"""A heat map of more columns is drawn as lines of blocks."""


@dataclass(frozen=True, slots=True)
class _Desk:
    """What every block needs to be printed."""

    texts: Mapping[str, Text]
    language: Language
    quotes: QuoteTexts
    console: Console
    details: bool
    said: set[str] = field(default_factory=set)
    """What changed, as charts before this one said it."""

    @property
    def unicode(self) -> bool:
        """True when the console can write every character."""
        return self.console.encoding.lower().startswith("utf")

    def safe(self, text: str) -> str:
        """The text as this console can write it."""
        if self.unicode:
            return text
        try:
            return "".join(character if character.isascii() else _writable(character, self.console.encoding) for character in text)
        except LookupError:  # an encoding Python does not know
            return text.encode("ascii", "replace").decode("ascii")

    def styled(self, pieces: tuple[Span, ...], style: str = "") -> Styled:
        """The pieces with their numbers in bold; never read as markup."""
        text = Styled(style=style, overflow="fold")
        for piece in pieces:
            text.append(self.safe(piece.text), style="bold" if piece.figure is not None else "")
        return text

    def say(self, sentence: Say | str, style: str = "") -> Styled:
        return self.styled(spans(sentence, self.texts, self.language), style)

    def name(self, sentence: Say | str, columns: int) -> str:
        """The sentence in one line of at most `columns`, as this console can write it."""
        line = self.safe(plain(sentence, self.texts, self.language).replace("\n", " "))
        return self.safe(cut(line, columns))

    def own(self, key: str, style: str = "", **values: object) -> Styled:
        """A sentence of the renderers' own."""
        return Styled(self.safe(phrase(key, self.language, **values)), style=style, overflow="fold")

    def print(self, *parts: object) -> None:
        self.console.print(*parts, highlight=False, markup=False, emoji=False)


def _writable(character: str, encoding: str) -> str:
    try:
        character.encode(encoding)
    except UnicodeEncodeError:
        return character.translate(_ASCII_FORMS).encode(encoding, "replace").decode(encoding)
    return character


def print_page(
    page: Page, texts: Mapping[str, Text], language: Language, quotes: QuoteTexts, console: Console, details: bool = False
) -> None:
    """Print the page; with `details`, also everything that is folded."""
    desk = _Desk(texts, language, quotes, console, details)
    desk.print(Panel(desk.say(page.title, "bold"), border_style=_ACCENT, box=box.ROUNDED if desk.unicode else box.ASCII))
    _print_blocks(page.blocks, desk)
    if page.details and details:
        desk.print()
        desk.print(desk.own("details", f"bold {_ACCENT}"))
        _print_blocks(page.details, desk)
    num_folds = sum(isinstance(block, Fold) for block in page.blocks) + bool(page.details)
    if num_folds and not details:
        desk.print()
        desk.print(desk.own("details_hidden", "dim", num_folds=num_folds))


def _print_blocks(blocks: tuple[Block, ...], desk: _Desk) -> None:
    for block in blocks:
        _print_block(block, desk)


def _print_block(block: Block, desk: _Desk) -> None:
    match block:
        case Heading():
            desk.print()
            desk.print(desk.say(block.text, f"bold {_ACCENT}"))
        case Line():
            mark, colour = _TONES[block.tone]
            desk.print(Styled(mark, style=f"bold {colour}") + desk.say(block.text) if mark else desk.say(block.text))
        case Numbers():
            _print_numbers(block, desk)
        case Grid():
            _print_grid(block, desk)
        case Quotes():
            _print_quotes(block, desk)
        case Chart():
            _print_chart(block, desk)
        case Fold() if desk.details:
            desk.print()
            desk.print(desk.say(block.title, "bold"))
            _print_blocks(block.blocks, desk)
        case Fold():
            pass


def _print_numbers(block: Numbers, desk: _Desk) -> None:
    """Key numbers, one a line: label, number with its unit, likely range."""
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    for _ in range(3):
        table.add_column(overflow="fold")
    for label, figure in block.items:
        unit, between = unit_word(figure, desk.language), interval(figure, desk.language)
        value = Styled(desk.safe(format_value(figure, desk.language)), style="bold" if figure.value is not None else "dim")
        value.append(desk.safe(f" {unit}" if unit else ""), style="dim")
        table.add_row(desk.say(label), value, desk.own("likely", "dim", interval=between) if between else "")
    desk.print()
    desk.print(table)


def _print_grid(block: Grid, desk: _Desk) -> None:
    desk.print()
    if block.title:
        desk.print(desk.say(block.title, "bold"))
    if not block.rows:
        desk.print(desk.own("nothing", "dim"))
        return
    heads = [plain(column, desk.texts, desk.language) for column in block.columns]
    widths = [
        max(text_width(head), *(text_width(cell_text(row[place], desk.texts, desk.language)) for row in block.rows))
        for place, head in enumerate(heads)
    ]
    if sum(min(width, _NARROWEST_COLUMN) + 3 for width in widths) > desk.console.width:
        _print_records(block, heads, desk)
        return
    table = Table(box=box.SIMPLE_HEAD if desk.unicode else box.ASCII2, header_style="dim", pad_edge=False)
    for place, head in enumerate(heads):
        numeric = any(isinstance(row[place], Figure) for row in block.rows)
        narrowest = min(widths[place], _NARROWEST_COLUMN)
        table.add_column(Styled(desk.safe(head)), justify="right" if numeric else "left", overflow="fold", min_width=narrowest)
    for row in block.rows:
        table.add_row(
            *(desk.styled(cell_spans(cell, desk.texts, desk.language)) if cell is not None else Styled("-", "dim") for cell in row)
        )
    desk.print(table)


def _print_records(block: Grid, heads: list[str], desk: _Desk) -> None:
    """A table too wide for the console: each row as lines of "column: value"."""
    for row in block.rows:
        desk.print()
        for head, cell in zip(heads, row, strict=True):
            line = Styled(desk.safe(phrase("label", desk.language, label=head)), style="dim", overflow="fold")
            value = desk.styled(cell_spans(cell, desk.texts, desk.language)) if cell is not None else Styled("-", "dim")
            desk.print(Padding(line + value, (0, 0, 0, 2)))


def _print_quotes(block: Quotes, desk: _Desk) -> None:
    desk.print()
    for row in block.rows:
        _print_quote(row, desk, _ACCENT)
    if block.dissent:
        desk.print(desk.own("dissent", "dim"))
        for row in block.dissent:
            _print_quote(row, desk, "dim")


def _print_quote(row: str, desk: _Desk, colour: str) -> None:
    """A quote beside a bar that runs along all its lines."""
    said = quote(row, desk.quotes, desk.language)
    body = Styled(desk.safe(said.text), overflow="fold")
    if said.note:
        body.append("\n" + desk.safe(said.note), style="dim")
    bar = "▌" if desk.unicode else "|"
    for line in body.wrap(desk.console, max(desk.console.width - 2, 10), overflow="fold"):
        desk.print(Styled(f"{bar} ", style=colour) + line)


def _print_chart(block: Chart, desk: _Desk) -> None:
    if block.form == "map":  # nothing to read without places; the table of a page with a map holds its numbers
        return
    desk.print()
    desk.print(desk.say(block.title, "bold"))
    if block.form == "ranges":
        _print_ranges(block, desk)
    elif block.form == "sankey":
        _print_flows(block, desk)
    elif block.form == "bars" and not block.stacked:
        _print_bars(block, desk)
    elif block.form == "heat" and len(block.x) <= _NUM_COLUMNS:
        _print_columns(block, desk)
    else:
        _print_sparks(block, desk)
    if has_gaps(block):
        desk.print(desk.own("chart_unknown", "dim"))
    marks = marks_once(block, desk.texts, desk.language, desk.said)
    if marks:
        desk.print(Styled(desk.safe(marks), style="dim"))


def _print_columns(block: Chart, desk: _Desk) -> None:
    """A heat map of few columns as a table."""
    table = Table(box=box.SIMPLE_HEAD if desk.unicode else box.ASCII2, header_style="dim", pad_edge=False)
    table.add_column("")
    for head in block.x:
        table.add_column(desk.say(head), justify="right")
    for series in block.series:
        table.add_row(desk.say(series.name), *(desk.safe(_chart_value(value, block, desk)) for value in series.y))
    desk.print(table)


def _print_flows(block: Chart, desk: _Desk) -> None:
    """The largest flows of a sankey as a table."""
    heads, rows = flow_table(block, desk.texts, desk.language, _NUM_FLOWS)
    table = Table(box=box.SIMPLE_HEAD if desk.unicode else box.ASCII2, header_style="dim", pad_edge=False)
    for place, head in enumerate(heads):
        table.add_column(desk.safe(head), justify="right" if place == len(heads) - 1 else "left")
    for row in rows:
        table.add_row(*(desk.safe(cell) for cell in row))
    desk.print(table)
    if len(block.links) > len(rows):
        desk.print(desk.own("flow_rest", "dim", num=len(block.links) - len(rows)))


def _print_bars(block: Chart, desk: _Desk) -> None:
    """A line per bar: name, bar, value."""
    known = [abs(value) for series in block.series for value in series.y if value is not None]
    longest = max(known, default=0) or 1
    columns = max(16, desk.console.width - _BAR_COLUMNS - 12)
    for series in block.series:
        if len(block.series) > 1:
            desk.print(desk.say(series.name, "dim"))
        names = [desk.name(label, columns) for label in block.x]
        width = max(map(text_width, names), default=0)
        for name, value in zip(names, series.y, strict=False):
            line = Styled("  " + name + " " * (width - text_width(name) + 1), no_wrap=True, overflow="crop")
            length = 0 if value is None else round(abs(value) / longest * _BAR_COLUMNS)
            line.append(("█" if desk.unicode else "#") * length, style=_ACCENT)
            line.append(" " + desk.safe(_chart_value(value, block, desk)), style="dim" if value is None else "")
            desk.print(line)


def _print_ranges(block: Chart, desk: _Desk) -> None:
    """A line per name: its value and likely range. A bar from zero would draw "half as often" as a loss and "as often" as a gain."""
    names = [desk.name(label, max(16, desk.console.width - _BAR_COLUMNS - 12)) for label in block.x]
    width = max(map(text_width, names), default=0)
    for series in block.series:
        if len(block.series) > 1:
            desk.print(desk.say(series.name, "dim"))
        lows, highs = series.low or (None,) * len(names), series.high or (None,) * len(names)
        for name, value, low, high in zip(names, series.y, lows, highs, strict=False):
            line = Styled("  " + name + " " * (width - text_width(name) + 2), no_wrap=True, overflow="crop")
            shown = [_chart_value(one, block, desk) for one in (value, low, high)]
            if block.share and value is not None and low != high and shown[1] == shown[2]:
                shown = [f"{100 * (one or 0.0):.1f} %" for one in (value, low, high)]  # whole percents would say that nothing is left open
            line.append(desk.safe(shown[0]), style="dim" if value is None else "bold")
            if low is not None and high is not None:
                line.append(desk.safe(f"  {shown[1]}–{shown[2]}"), style="dim")
            desk.print(line)


def _print_sparks(block: Chart, desk: _Desk) -> None:
    """A line per series: name, blocks for the values (a space where unknown), first and last known value.

    A line never wraps: where the values are more than fit, the latest are shown.
    """
    names = [desk.name(series.name, 20) for series in block.series]
    width = max(map(text_width, names), default=0)
    room = desk.console.width - width - _ENDS_COLUMNS
    shown = [series.model_copy(update={"y": series.y[-room:]}) for series in block.series]
    known = [value for series in shown for value in series.y if value is not None]
    low, high = (min(0.0, *known), max(known)) if known else (0.0, 1.0)
    for name, series in zip(names, shown, strict=True):
        values = [value for value in series.y if value is not None]
        line = Styled("  " + name + " " * (width - text_width(name) + 1), no_wrap=True, overflow="crop")
        if desk.unicode:
            line.append(_sparkline(series, low, high) + " ", style=_ACCENT)
        if values:
            ends = " -> ".join(_chart_value(value, block, desk) for value in (values[0], values[-1]))
            line.append(desk.safe(ends))
        else:
            line.append(desk.safe(phrase("not_yet", desk.language)), style="dim")
        desk.print(line)
    if block.x:
        first, last = (plain(label, desk.texts, desk.language) for label in (block.x[-room:][0], block.x[-1]))
        desk.print(Styled(desk.safe(f"  {cut(first, 20)} – {cut(last, 20)}"), style="dim"))


def _sparkline(series: Series, low: float, high: float) -> str:
    scale = (len(_SPARKS) - 1) / ((high - low) or 1)
    return "".join(" " if value is None else _SPARKS[round((value - low) * scale)] for value in series.y)


def _chart_value(value: float | None, block: Chart, desk: _Desk) -> str:
    return phrase("not_yet", desk.language) if value is None else number_label(value, block.share, desk.language)
