"""A page: what a person reads of a report, as blocks without rendered text. One page becomes terminal, HTML and Markdown.

The first screen (`blocks`) uses a product manager's words; `details` stand in a fold.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict

from productloop.foundation.figures import Figure
from productloop.foundation.wording import Say

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_MONTH = re.compile(r"\d{4}-\d{2}")

Cell = Figure | Say | str | None
"""A plain string is a name from the user's own data (an event, a topic, an id)."""


class _Block(BaseModel):
    model_config = ConfigDict(frozen=True)


class Heading(_Block):
    """A section title."""

    kind: Literal["heading"] = "heading"
    text: Say


class Line(_Block):
    """One sentence. `tone` colours it: good, bad, caution or plain."""

    kind: Literal["line"] = "line"
    text: Say
    tone: Literal["plain", "good", "bad", "caution"] = "plain"


class Numbers(_Block):
    """A row of key numbers with their labels."""

    kind: Literal["numbers"] = "numbers"
    items: tuple[tuple[Say, Figure], ...]


class Grid(_Block):
    """A table; `rows` hold one cell per column."""

    kind: Literal["grid"] = "grid"
    title: Say | None = None
    columns: tuple[Say, ...]
    rows: tuple[tuple[Cell, ...], ...]


class Quotes(_Block):
    """What people said, by row id; the texts are fetched, masked, when the page is rendered."""

    kind: Literal["quotes"] = "quotes"
    rows: tuple[str, ...]
    dissent: tuple[str, ...] = ()


class Series(_Block):
    """One line or set of bars: `y` None = still open or not known."""

    name: Say | str
    y: tuple[float | None, ...]
    low: tuple[float | None, ...] = ()
    high: tuple[float | None, ...] = ()
    x: tuple[float, ...] = ()
    """On a map: places across; `y` are places up."""
    size: tuple[float, ...] = ()
    labels: tuple[Say | str, ...] = ()
    """On a map: the name of each place."""


class FlowPlace(_Block):
    """On a sankey: something that many pass, in a column (0 = the first), with how many."""

    column: int
    label: Say | str
    value: float
    muted: bool = False
    """True for what is no further step, such as having left: drawn pale."""


class FlowLink(_Block):
    """On a sankey: how many go from a place to another, by their numbers in `places`."""

    source: int
    target: int
    value: float


class Chart(_Block):
    """A picture: bars, lines over time, a heat table, a map of things that lie near what is like them, ranges (a dot with its
    interval for each name, one below the other), or a sankey (how many go from place to place, column by column).
    `x` labels are dates or names, on a sankey the names of the columns; a map has none.
    """

    kind: Literal["chart"] = "chart"
    form: Literal["bars", "lines", "heat", "map", "ranges", "sankey"]
    title: Say
    x: tuple[str | Say, ...]
    series: tuple[Series, ...]
    places: tuple[FlowPlace, ...] = ()
    links: tuple[FlowLink, ...] = ()
    share: bool = False
    """True when y are shares of 1, shown as percent."""
    stacked: bool = False
    """Bars of one place stand on each other, negative ones below the line, instead of side by side."""
    marks: tuple[tuple[str, Say | str], ...] = ()
    """(date, what changed then), drawn as dashed rules over dates and said below; dates outside x are left out. The most important first:
    where there is no room for all, the later ones are only counted.
    """
    x_title: Say | None = None
    y_title: Say | None = None

    def days(self) -> list[int] | None:
        """Days since year 1 of the places of lines or bars over dates; None on any other chart."""
        names = [label for label in self.x if isinstance(label, str)]
        return date_positions(names) if self.form in ("lines", "bars") and len(names) == len(self.x) else None


def date_positions(names: Sequence[str]) -> list[int] | None:
    """Days since year 1 of labels that are all ISO days or months, else None."""
    if not names or not all(_DAY.fullmatch(name) or _MONTH.fullmatch(name) for name in names):
        return None
    try:
        return [date.fromisoformat(name if len(name) == 10 else name + "-01").toordinal() for name in names]
    except ValueError:
        return None


class Fold(_Block):
    """Blocks that stand folded under a title."""

    kind: Literal["fold"] = "fold"
    title: Say
    blocks: tuple[Block, ...]


Block = Heading | Line | Numbers | Grid | Quotes | Chart | Fold
Fold.model_rebuild()


class Page(BaseModel):
    """A whole page."""

    model_config = ConfigDict(frozen=True)

    title: Say
    blocks: tuple[Block, ...]
    details: tuple[Block, ...] = ()

    def quote_rows(self) -> list[str]:
        """Row ids of all quotes on the page, in order."""
        return [row for block in _walk((*self.blocks, *self.details)) if isinstance(block, Quotes) for row in (*block.rows, *block.dissent)]

    def figures(self) -> list[Figure]:
        """All figures on the page, in order."""
        found: list[Figure] = []
        for block in _walk((*self.blocks, *self.details)):
            if isinstance(block, Numbers):
                found += [figure for _, figure in block.items]
            elif isinstance(block, Grid):
                found += [cell for row in block.rows for cell in row if isinstance(cell, Figure)]
            elif isinstance(block, Line):
                found += _figures_of(block.text)
        return found


def _figures_of(sentence: Say) -> list[Figure]:
    found: list[Figure] = []
    for value in sentence.slots.values():
        for part in value if isinstance(value, list) else [value]:
            found += [part] if isinstance(part, Figure) else _figures_of(part) if isinstance(part, Say) else []
    return found


def _walk(blocks: tuple[Block, ...]) -> list[Block]:
    found: list[Block] = []
    for block in blocks:
        found.append(block)
        if isinstance(block, Fold):
            found += _walk(block.blocks)
    return found
