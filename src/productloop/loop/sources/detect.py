"""What a table in a file looks like: delimiter, title rows, header, footer rows. Decided on the first rows, in plain Python.

Every rule reads the rows as lists of texts, so that CSV and spreadsheets share it. The numbers (90 % of rows agree, 10 title rows,
5 footer rows) are choices, tried on the public files that the tests name; nothing here is learned.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from productloop.foundation.tables import CANONICAL, fold_header

DELIMITERS = (",", "\t", ";", "|")
UNUSUAL_DELIMITERS = ("::", "||", "^", "~", "\x01", "，", "§", "¦", "¬", "#", ":")
WHITESPACE = "whitespace"
ONE_COLUMN = "\x1f"
"""The ASCII unit separator: occurs in no text, so that a line stays one cell."""
MAX_TITLE_ROWS = 10
MAX_FOOTER_ROWS = 5
MIN_WIDE = 10
"""From this width on a row that lacks its last field tells of a careless writer, not of another separator."""

NUMBER = re.compile(r"\s*[-+]?[¥￥$€£]?\s*\d[\d,]*(\.\d+)?([eE][-+]?\d+)?\s*[%元]?\s*$")
DATE = re.compile(r"\s*(\d{4}[-/.年]\d{1,2}([-/.月]|$)|\d{1,2}[-/.](\d{1,2}|[A-Za-z]{3,9})[-/.]\d{2,4})")
_TITLE_TAIL = re.compile(r"[\s_\-—－|｜]*(评论详情|评论列表|用户评论|评论|评价|reviews?|comments?|export|导出)\s*$", re.IGNORECASE)
_TOTAL = re.compile(r"\s*(合计|总计|小计|汇总|共计|grand total|total|sum)\s*[:：]?\s*$", re.IGNORECASE)
_SENTENCE = re.compile(r"[。！？!?]|\S+\s+\S+\s+\S+\s+\S+\s+\S+\s+\S+")

KNOWN_HEADERS: frozenset[str] = frozenset(
    alias
    for table in CANONICAL
    for column in table.columns
    for alias in (*column.aliases, fold_header(column.name), fold_header(column.title.zh))
)
TEXT_HEADERS: frozenset[str] = frozenset(
    alias
    for table in CANONICAL
    for column in table.columns
    if column.type == "text"
    for alias in (*column.aliases, fold_header(column.name))
)


@dataclass(frozen=True, slots=True)
class Dialect:
    """How the lines of a delimited file split. `overflow`: the last column holds unquoted delimiters and takes the rest of the line."""

    delimiter: str
    width: int
    overflow: bool = False
    spaced: bool = False
    """A blank stands between delimiter and quote (`1, "a, b"`), which RFC 4180 forbids and people write."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Which of the first rows are what. `data_start` and `title_rows` are 0-based row numbers; `header` is None when there is none."""

    title: str | None
    title_rows: tuple[int, ...]
    header: tuple[str, ...] | None
    data_start: int


def find_dialect(lines: Sequence[str]) -> Dialect:
    """The delimiter that gives most lines the same number of cells; `ONE_COLUMN` when none does."""
    filled = [line for line in lines if line.strip()]
    best: tuple[tuple[float, int, int], Dialect] | None = None
    for delimiter in DELIMITERS:
        if not any(delimiter in line for line in filled):
            continue
        for counts in (_quoted_counts(filled, delimiter), [line.count(delimiter) + 1 for line in filled]):
            share, start, width = _regularity(counts)
            if width < 2 or share < 0.9:
                continue
            score = (round(share, 2), -start, width)
            if best is None or score > best[0]:
                best = (score, Dialect(delimiter, width, spaced=is_spaced(filled, delimiter)))
    if best is not None:
        return best[1]
    blanks = whitespace_width(filled)
    if blanks:
        return Dialect(WHITESPACE, blanks)
    return _overflowing(filled) or Dialect(ONE_COLUMN, 1)


def unusual_delimiter(lines: Sequence[str], tried: str) -> str | None:
    """A separator that stands equally often in every line although it is none of ours: the sign of a wrong delimiter."""
    filled = [line for line in lines if line.strip()]
    if len(filled) < 2:
        return None
    for delimiter in (*DELIMITERS, *UNUSUAL_DELIMITERS):
        counts = {line.count(delimiter) for line in filled}
        first = filled[0].split(delimiter)
        named = delimiter not in "，：:#" or all(fold_header(cell) in KNOWN_HEADERS for cell in first)
        if delimiter != tried and len(counts) == 1 and counts != {0} and named and all(len(cell) < 60 for cell in first):
            return delimiter
    return None


def whitespace_width(lines: Sequence[str]) -> int | None:
    """Number of columns set apart by blanks: the same in every line, at least half of them numbers; None for ordinary text."""
    rows = [line.split() for line in lines]
    body = rows[1:] if len(rows) > 1 else rows
    width = len(body[0]) if body else 0
    if width < 2 or any(len(row) != width for row in rows):
        return None
    numeric = sum(all(NUMBER.match(row[index]) for row in body) for index in range(width))
    return width if 3 * numeric >= width and numeric >= 1 else None


def find_layout(rows: Sequence[Sequence[str]]) -> Layout:
    """Title rows, header and start of the data among the first rows (up to some hundreds) of a table."""
    filled = [sum(1 for cell in row if cell.strip()) for row in rows]
    usual = Counter(n for n in filled if n).most_common(1)[0][0] if any(filled) else 0
    title_rows: list[int] = []
    start = 0
    while start < min(len(rows), MAX_TITLE_ROWS + 1) and usual >= 2 and filled[start] <= max(1, usual // 3):
        title_rows.append(start)
        start += 1
    if start > MAX_TITLE_ROWS or start >= len(rows):
        title_rows, start = [], 0
    while start < len(rows) and not filled[start]:
        title_rows.append(start)
        start += 1
    titles = (clean_title(_first_filled(rows[index])) for index in title_rows if filled[index])
    title = next((text for text in titles if not text.startswith("sep=")), None)  # "sep=;" is a hint for Excel
    if start < len(rows) and looks_like_header(rows[start], rows[start + 1 :]):
        return Layout(title, tuple(title_rows), _unique([cell.strip().lstrip("\ufeff") for cell in rows[start]]), start + 1)
    return Layout(title, tuple(title_rows), None, start)


def looks_like_header(first: Sequence[str], rest: Sequence[Sequence[str]]) -> bool:
    """Whether `first` names columns: no numbers or dates, and known names, or cells of another kind than those below."""
    cells = [cell.strip() for cell in first]
    named = [cell for cell in cells if cell]
    if not named or not _names_enough(cells, rest) or any(NUMBER.match(cell) or DATE.match(cell) for cell in named):
        return False
    known = sum(fold_header(cell) in KNOWN_HEADERS for cell in named)
    if 4 * known >= len(named) and not any(len(cell) > 60 for cell in named):
        return True
    if not rest:
        return len(cells) > 1 and len(set(named)) == len(named) and not any(_SENTENCE.search(cell) for cell in named)
    return _differs_from_below(cells, rest)


def is_spaced(lines: Sequence[str], delimiter: str) -> bool:
    """Whether quotes follow the delimiter and a blank in most lines that hold quotes."""
    quoted = [line for line in lines if '"' in line]
    return 2 * sum(f'{delimiter} "' in line for line in quoted) > len(quoted)


def clean_title(text: str) -> str:
    """The name in a title row: 「米家_评论详情」 -> 「米家」."""
    shorter = _TITLE_TAIL.sub("", text.strip())
    return shorter or text.strip()


def is_footer(cells: Sequence[str | None], usual: float, above: Sequence[str]) -> bool:
    """Whether one of the last rows is a remark of the exporter or a sum, not data.

    `usual` is the mean number of filled cells of a row, `above` are values of the first column: a remark is the only cell of its row,
    and unlike them (no number or date among numbers and dates, much longer among texts).
    """
    first = (cells[0] or "").strip()
    if len(cells) < 2 or not first or first in above:
        return False
    if _TOTAL.match(first):
        return True
    if len(cells) < 3 or usual < 2 or any(cell and cell.strip() for cell in cells[1:]) or len(above) < 3:
        return False
    typed = sum(bool(NUMBER.match(value) or DATE.match(value)) for value in above)
    if typed >= 0.8 * len(above):
        return not (NUMBER.match(first) or DATE.match(first)) and len(first) > 3
    return len(first) > 1.5 * max(map(len, above)) and len(first) > 10


def _quoted_counts(lines: Sequence[str], delimiter: str) -> list[int]:
    try:
        counts = [len(row) for row in csv.reader([line + "\n" for line in lines], delimiter=delimiter, skipinitialspace=True) if row]
    except csv.Error:
        return []
    return counts[:-1] if len(counts) > 20 else counts  # the last record may be cut in two


def _regularity(counts: Sequence[int]) -> tuple[float, int, int]:
    """(share of lines with the usual number of cells, lines before the first such line, that number)."""
    several = Counter(count for count in counts if count > 1)
    if not several:
        return 0.0, 0, 1
    width = max(several, key=lambda count: (several[count], count))
    start = counts.index(width)
    if start > MAX_TITLE_ROWS:
        return 0.0, start, width
    body = counts[start:]
    if body and body[-1] == 1 and len(body) > 2:  # a remark of the exporter at the end
        body = body[:-1]
    short = several[width - 1] if width >= MIN_WIDE else 0  # trackers write rows that are a field short
    return (several[width] + short) / len(body), start, width


def _overflowing(lines: Sequence[str]) -> Dialect | None:
    """`label,review` above unquoted reviews with commas: the header names the columns, the last one is text."""
    for delimiter in DELIMITERS:
        names = [fold_header(cell) for cell in lines[0].split(delimiter)] if lines else []
        if len(names) < 2 or names[-1] not in TEXT_HEADERS or 2 * sum(name in KNOWN_HEADERS for name in names) < len(names):
            continue
        enough = sum(line.count(delimiter) + 1 >= len(names) for line in lines)
        if enough >= 0.95 * len(lines):
            return Dialect(delimiter, len(names), overflow=True)
    return None


def _differs_from_below(cells: Sequence[str], rest: Sequence[Sequence[str]]) -> bool:
    longer = False
    for index, cell in enumerate(cells):
        below = [row[index].strip() for row in rest if index < len(row) and row[index].strip()]
        if not below or not cell:
            continue
        typed = sum(bool(NUMBER.match(value) or DATE.match(value)) for value in below)
        if typed >= 0.8 * len(below):
            return True
        mean = sum(map(len, below)) / len(below)
        longer = longer or (len(cell) <= 30 and mean > 3 * len(cell) and not _SENTENCE.search(cell))
        few = len(set(below)) <= 20 and len(below) >= 5 * len(set(below))
        longer = longer or (few and cell not in below and len(cell) <= 30)
    return longer and len(cells) > 1 and not any(_SENTENCE.search(cell) for cell in cells)


def _names_enough(cells: Sequence[str], rest: Sequence[Sequence[str]]) -> bool:
    """Whether at least half of the columns that hold something in most rows below have a name."""
    if not rest:
        return 2 * sum(map(bool, cells)) >= len(cells)
    used = [
        cell for index, cell in enumerate(cells) if 2 * sum(1 for row in rest if index < len(row) and row[index].strip()) >= len(rest)
    ] or list(cells)
    return 2 * sum(map(bool, used)) >= len(used)


def _first_filled(row: Sequence[str]) -> str:
    return next(cell for cell in row if cell.strip())


def _unique(names: Sequence[str]) -> tuple[str, ...]:
    seen: Counter[str] = Counter()
    result = []
    for name in names:
        seen[name] += 1
        result.append(name if seen[name] == 1 or not name else f"{name} ({seen[name]})")
    return tuple(result)
