"""Rows into DuckDB: the last step of every reader.

`land` takes rows that Python had to look at (repaired CSV, spreadsheets, JSON) through a temporary CSV of our own making, because
DuckDB's CSV reader is the fastest way in that needs no further package. `finish` removes blank rows and footers and makes the `RawTable`.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from productloop.foundation.errors import DataProblem, UsageError, excerpt
from productloop.foundation.wording import Say, say
from productloop.loop.sources.detect import MAX_FOOTER_ROWS, is_footer
from productloop.loop.sources.records import MAX_CELL_CHARACTERS, RawTable, ReadOptions, Skipped, new_relation
from productloop.loop.sources.wording import CELL_TOO_LARGE, COLUMNS_DO_NOT_FIT, COLUMNS_TWICE, EMPTY_FILE, ONLY_HEADER

if TYPE_CHECKING:
    import duckdb


@dataclass(slots=True)
class Found:
    """What a reader learned about a table on the way; `finish` makes the `RawTable` of it. `lazy`: the relation is a view of the file."""

    path: Path
    width: int
    header: tuple[str, ...] | None
    first_row: int
    encoding: str = "utf-8"
    delimiter: str = ""
    part: str = ""
    title: str | None = None
    lazy: bool = False
    without_zone: frozenset[int] = frozenset()
    skipped: list[Skipped] = field(default_factory=list)
    notes: list[Say] = field(default_factory=list)


def column_list(width: int) -> str:
    """The `columns` option of DuckDB's `read_csv`: c0 .. ck as text."""
    return "{" + ", ".join(f"'c{index}': 'VARCHAR'" for index in range(width)) + "}"


class Landing:
    """One TEMP TABLE in the making: rows of any width, written to a file in `folder` and loaded once."""

    def __init__(self, folder: Path, path: Path, width: int | None = None) -> None:
        self.relation = new_relation()
        self.widest = width or 1
        self.num_rows = 0
        self._longest = 0
        self._path = path
        self._file = folder / f"{self.relation}.csv"
        self._out = self._file.open("w", encoding="utf-8", errors="replace", newline="")
        self._writer = csv.writer(self._out, lineterminator="\n")

    def add(self, line: int, cells: Sequence[str | None]) -> None:
        """One row. Raises DataProblem for a cell too large to be data."""
        size = sum(len(cell) for cell in cells if cell)
        if size > self._longest:
            self._longest = size
            if size > MAX_CELL_CHARACTERS and any(cell and len(cell) > MAX_CELL_CHARACTERS for cell in cells):
                raise DataProblem(CELL_TOO_LARGE, path=self._path.name, line=line, limit=MAX_CELL_CHARACTERS)
        self.widest = max(self.widest, len(cells))
        self.num_rows += 1
        self._writer.writerow((line, *cells))

    def widen(self, width: int) -> None:
        """At least so many columns, also where no row is as long."""
        self.widest = max(self.widest, width)

    def close(self) -> None:
        """Let go of the file; nothing more can be added."""
        self._out.close()

    def load(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Make the TEMP TABLE `relation`."""
        self._out.close()
        columns = column_list(self.widest).replace("{", "{'line': 'BIGINT', ", 1)
        longest = self._longest
        size_option = f", max_line_size = {8 * longest + 1024}, buffer_size = {32 * longest + 4096}" if longest > 200_000 else ""
        connection.execute(
            f"CREATE TEMP TABLE {self.relation} AS SELECT * FROM read_csv(?, auto_detect = false, header = false, delim = ',', quote = '\"', "
            f"escape = '\"', columns = {columns}, null_padding = true, parallel = false{size_option})",
            [str(self._file)],
        )
        self._file.unlink()


def land(
    connection: duckdb.DuckDBPyConnection, rows: Iterable[tuple[int, Sequence[str | None]]], width: int | None, folder: Path, path: Path
) -> tuple[str, int]:
    """Write (line, cells) pairs to a TEMP TABLE: (its name, number of columns). With `width` None the widest row decides."""
    landing = Landing(folder, path, width)
    try:
        for line, cells in rows:
            landing.add(line, cells)
    finally:
        landing.close()
    landing.load(connection)
    return landing.relation, landing.widest


def finish(connection: duckdb.DuckDBPyConnection, relation: str, found: Found, options: ReadOptions) -> RawTable:
    """The `RawTable` of a filled TEMP TABLE. Raises DataProblem when no data row is left or the given names do not fit."""
    _drop_blank_rows(connection, relation, found)
    _drop_footers(connection, relation, found)
    num_rows = _scalar(connection, f"SELECT count(*) FROM {relation}")
    if num_rows == 0:
        if found.header:
            raise DataProblem(ONLY_HEADER, path=found.path.name, columns=excerpt(", ".join(found.header), 80))
        raise DataProblem(EMPTY_FILE, path=found.path.name)
    header, notes = found.header, list(found.notes)
    if options.columns is not None:
        if len(options.columns) != found.width:
            raise DataProblem(
                COLUMNS_DO_NOT_FIT,
                path=found.path.name,
                given=len(options.columns),
                width=found.width,
                row=_first_row(connection, relation),
            )
        repeated = next((name for index, name in enumerate(options.columns) if name in options.columns[:index]), None)
        if repeated is not None:
            raise UsageError(COLUMNS_TWICE, column=repeated)
        if header is not None:
            notes.append(say("source.header_replaced"))
        header = tuple(options.columns)
    elif header is None:
        notes.append(say("source.no_header"))
    return RawTable(
        relation=relation,
        header=header if header is not None else tuple(f"column {index + 1}" for index in range(found.width)),
        header_found=found.header is not None,
        path=found.path,
        part=found.part,
        encoding=found.encoding,
        delimiter=found.delimiter,
        title=found.title,
        skipped=tuple(sorted(found.skipped, key=lambda row: row.line)),
        num_rows=num_rows,
        first_row=found.first_row,
        notes=tuple(notes),
        lazy=found.lazy,
        without_zone=found.without_zone,
    )


def materialised(connection: duckdb.DuckDBPyConnection, raw: RawTable) -> RawTable:
    """`raw` as a TEMP TABLE, where its relation is a view of the file."""
    if not raw.lazy:
        return raw
    relation = new_relation()
    connection.execute(f"CREATE TEMP TABLE {relation} AS SELECT * FROM {raw.relation}")
    return replace(raw, relation=relation, lazy=False)


def _delete(connection: duckdb.DuckDBPyConnection, relation: str, found: Found, condition: str) -> None:
    """Take rows out of a table, or out of a view by another view over it."""
    if not found.lazy:
        connection.execute(f"DELETE FROM {relation} WHERE {condition}")
        return
    below = new_relation()
    connection.execute(f"ALTER VIEW {relation} RENAME TO {below}")
    connection.execute(f"CREATE TEMP VIEW {relation} AS SELECT * FROM {below} WHERE NOT ({condition})")


def _drop_blank_rows(connection: duckdb.DuckDBPyConnection, relation: str, found: Found) -> None:
    blank = " AND ".join(f"c{index} IS NULL" for index in range(found.width))
    lines = [row[0] for row in connection.execute(f"SELECT line FROM {relation} WHERE {blank} ORDER BY line").fetchall()]
    if lines:
        _delete(connection, relation, found, blank)
        found.skipped.extend(Skipped(line + found.first_row - 1, "blank", "") for line in lines)


def _drop_footers(connection: duckdb.DuckDBPyConnection, relation: str, found: Found) -> None:
    if found.width < 2:
        return
    filled = " + ".join(f"count(c{index})" for index in range(found.width))
    usual = _scalar(connection, f"SELECT coalesce(({filled}) / greatest(count(*), 1), 0) FROM (SELECT * FROM {relation} LIMIT 1000)")
    tail = connection.execute(f"SELECT * FROM {relation} ORDER BY line DESC LIMIT {MAX_FOOTER_ROWS}").fetchall()
    above = [row[0] for row in connection.execute(f"SELECT c0 FROM {relation} WHERE c0 IS NOT NULL ORDER BY line LIMIT 200").fetchall()]
    lines = []
    for line, *cells in tail:
        if not is_footer(cells, usual, above if len(above) == 200 else above[: -len(tail)]):
            break
        lines.append(line)
        found.skipped.append(Skipped(line + found.first_row - 1, "footer", excerpt(next(cell for cell in cells if cell))))
    if lines:
        _delete(connection, relation, found, f"line >= {min(lines)}")


def _first_row(connection: duckdb.DuckDBPyConnection, relation: str) -> str:
    row = connection.execute(f"SELECT * EXCLUDE (line) FROM {relation} ORDER BY line LIMIT 1").fetchone()
    return " | ".join(excerpt(cell or "", 12) for cell in row or ())


def _scalar(connection: duckdb.DuckDBPyConnection, query: str) -> int:
    row = connection.execute(query).fetchone()
    assert row is not None
    return row[0]  # type: ignore[no-any-return]
