"""What readers of files take and give: options, raw tables, rows left out, and the reader itself (one of the three open seams).

A reader turns one file into one DuckDB TEMP TABLE a sheet, every cell as text. What the columns mean is decided afterwards (`mapping.py`).
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from productloop.foundation.wording import Say

if TYPE_CHECKING:
    import duckdb

MAX_CELL_CHARACTERS = 5_000_000
"""A longer cell is a mistake (an unclosed quote, a picture pasted as text) and stops the import."""

SkipReason = Literal["title", "footer", "blank", "ragged"]
_numbers = itertools.count(1)


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """What a person says about a file when guessing is wrong."""

    columns: tuple[str, ...] | None = None
    """Names for a file without a header."""
    encoding: str | None = None
    delimiter: str | None = None
    """One separator, or "whitespace" for columns set apart by blanks."""
    sheet: str | None = None
    speech_model: str = ""
    """Folder of the Whisper model that writes recordings down; empty: none."""
    as_is: bool = False
    """The person says which columns to take: a questionnaire keeps its one row a respondent."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """A row of the file that is not data. `line` counts the rows of the file (or sheet) from 1."""

    line: int
    reason: SkipReason
    excerpt: str


@dataclass(frozen=True, slots=True)
class RawTable:
    """One table as it stands in the file.

    `relation` names a TEMP TABLE with `line` (BIGINT, 1-based row number among the data rows, in file order; a row left out leaves a gap)
    and `c0 .. ck` (VARCHAR, NULL for empty). The row of the file is `line + first_row - 1`.
    """

    relation: str
    header: tuple[str, ...]
    header_found: bool
    path: Path
    part: str
    encoding: str
    delimiter: str
    title: str | None
    skipped: tuple[Skipped, ...]
    num_rows: int
    first_row: int
    notes: tuple[Say, ...]
    table: str | None = None
    """The canonical table, when the reader knows whose export this is; a person's --table wins."""
    known: tuple[tuple[str, int], ...] = ()
    """(column of that table, k of `ck`) that the reader knows; a person's --map wins."""
    lazy: bool = False
    """The relation is a view of the file itself, which stays where it is while it is imported."""
    complete: bool = False
    """`known` is all there is: every other column is a property, whatever it is called."""
    without_zone: frozenset[int] = frozenset()
    """k of the `ck` that the file itself stores as instants without a zone: no cell of them can end with one."""


@dataclass(frozen=True, slots=True)
class Reader:
    """One kind of file. `matches(path, head)` sees the name and the first bytes; `read` raises DataProblem when it cannot."""

    name: str
    suffixes: tuple[str, ...]
    matches: Callable[[Path, bytes], bool]
    read: Callable[[duckdb.DuckDBPyConnection, Path, ReadOptions], list[RawTable]]


def new_relation() -> str:
    """A fresh name for a TEMP TABLE."""
    return f"raw_{next(_numbers)}"
