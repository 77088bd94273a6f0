"""XLSX workbooks through python-calamine: every sheet that holds a table, cells as text, formulas never evaluated.

A sheet whose texts stand in an earlier sheet already (exporters add word lists and copies) is left out and named in the notes.
Encrypted workbooks are OLE compound files with a stream "EncryptedPackage" (MS-OFFCRYPTO 2.3.4.4); old .xls files hold "Workbook" instead.
"""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from productloop.foundation.errors import DataProblem, ProductloopError, excerpt
from productloop.foundation.wording import Say, say
from productloop.loop.sources import detect
from productloop.loop.sources.landing import Found, finish, land
from productloop.loop.sources.records import RawTable, Reader, ReadOptions, Skipped
from productloop.loop.sources.wording import BROKEN_FILE, EMPTY_FILE, NO_SUCH_SHEET, OLD_EXCEL, ONLY_HEADER, PASSWORD

if TYPE_CHECKING:
    import duckdb

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
REPEATED_SHARE = 0.8
"""A sheet is a copy when this share of its distinct longer texts stands in an earlier sheet."""
MIN_TEXT_CHARACTERS = 5

Cell = str | int | float | bool | datetime | date | time | timedelta | None


def matches(path: Path, head: bytes) -> bool:
    """A workbook by its content: a zip that holds xl/workbook.xml, or an OLE file called .xls or .xlsx."""
    if head.startswith(OLE):
        return path.suffix.lower() in READER.suffixes or "EncryptedPackage".encode("utf-16-le") in head
    if not head.startswith(b"PK\x03\x04"):
        return False
    if path.suffix.lower() in (".xlsx", ".xlsm"):
        return True
    return zipfile.is_zipfile(path) and any(name.startswith("xl/") for name in zipfile.ZipFile(path).namelist())


def read(connection: duckdb.DuckDBPyConnection, path: Path, options: ReadOptions) -> list[RawTable]:
    """One table a sheet. Raises DataProblem: password, old format, broken, no such sheet, empty, only a header."""
    import python_calamine

    _refuse_ole(path)
    try:
        workbook = python_calamine.CalamineWorkbook.from_path(str(path))
        names = list(workbook.sheet_names)
        if options.sheet is not None and options.sheet not in names:
            raise DataProblem(NO_SUCH_SHEET, path=path.name, sheet=options.sheet, sheets=", ".join(names))
        chosen = [options.sheet] if options.sheet is not None else names
        sheets = [(name, [[_text(cell) for cell in row] for row in _cells(workbook, name)]) for name in chosen]
    except (python_calamine.CalamineError, zipfile.BadZipFile) as error:
        raise DataProblem(BROKEN_FILE, path=path.name, detail=excerpt(error, 80)) from None
    return _tables(connection, path, sheets, options)


READER = Reader("spreadsheet", (".xlsx", ".xlsm", ".xls"), matches, read)


def _refuse_ole(path: Path) -> None:
    with path.open("rb") as file:
        if file.read(8) != OLE:
            return
        file.seek(0)
        content = file.read()
    encrypted = "EncryptedPackage".encode("utf-16-le") in content
    raise DataProblem(PASSWORD if encrypted else OLD_EXCEL, path=path.name)


def _cells(workbook: object, name: str) -> list[list[Cell]]:
    return workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)  # type: ignore[attr-defined,no-any-return]


def _tables(
    connection: duckdb.DuckDBPyConnection, path: Path, sheets: list[tuple[str, list[list[str]]]], options: ReadOptions
) -> list[RawTable]:
    tables: list[RawTable] = []
    notes: list[Say] = []
    problem: ProductloopError | None = None
    seen: list[tuple[str, set[str]]] = []
    for name, rows in sheets:
        if not any(any(row) for row in rows):
            notes.append(say("source.sheet_empty", sheet=name))
            continue
        texts = {cell for row in rows for cell in row if len(cell) >= MIN_TEXT_CHARACTERS}
        first, share = _most_repeated(texts, seen)
        if share >= REPEATED_SHARE:
            notes.append(say("source.sheet_repeats", sheet=name, share=share, first=first))
            continue
        try:
            tables.append(_like_first(_table(connection, path, name, rows, options), tables))
            seen.append((name, texts))
        except DataProblem as error:
            problem = problem or error
    if not tables:
        raise problem or DataProblem(EMPTY_FILE, path=path.name)
    return [replace(tables[0], notes=(*tables[0].notes, *notes)), *tables[1:]]


def _like_first(table: RawTable, tables: Sequence[RawTable]) -> RawTable:
    """A sheet that goes on where the first one ended has its columns, and is about the app in its title."""
    if not tables or len(table.header) != len(tables[0].header):
        return table
    first = tables[0]
    if first.header_found and not table.header_found:
        notes = tuple(note for note in table.notes if note.key != "source.no_header")
        return replace(table, header=first.header, header_found=True, title=table.title or first.title, notes=notes)
    return replace(table, title=table.title or first.title) if table.header == first.header else table


def _most_repeated(texts: set[str], seen: Sequence[tuple[str, set[str]]]) -> tuple[str, float]:
    """(sheet, share of `texts`) of the earlier sheet that holds most of them; a handful of texts proves nothing."""
    if len(texts) < 10:
        return "", 0.0
    shares = [(len(texts & earlier) / len(texts), name) for name, earlier in seen]
    share, name = max(shares, default=(0.0, ""))
    return name, share


def _table(connection: duckdb.DuckDBPyConnection, path: Path, name: str, rows: list[list[str]], options: ReadOptions) -> RawTable:
    used = [index for index in range(max(map(len, rows))) if any(index < len(row) and row[index] for row in rows)]
    rows = [[row[index] if index < len(row) else "" for index in used] for row in rows]
    layout = detect.find_layout(rows[: detect.MAX_TITLE_ROWS + 200])
    if layout.header is not None and not any(any(row) for row in rows[layout.data_start :]):
        raise DataProblem(ONLY_HEADER, path=path.name, columns=excerpt(", ".join(layout.header), 80))
    found = Found(path, len(used), layout.header, layout.data_start + 1, part=name, title=layout.title)
    found.skipped.extend(
        Skipped(index + 1, "title" if any(rows[index]) else "blank", excerpt(" ".join(rows[index]).strip())) for index in layout.title_rows
    )

    def numbered() -> Iterator[tuple[int, list[str]]]:
        yield from enumerate(rows[layout.data_start :], 1)

    with tempfile.TemporaryDirectory(prefix="productloop-") as folder:
        relation, _ = land(connection, numbered(), len(used), Path(folder), path)
    return finish(connection, relation, found, options)


def _text(cell: Cell) -> str:
    """A cell as it would stand in a CSV: whole numbers without a point, times as ISO 8601."""
    if isinstance(cell, str):
        return cell
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(" ")
    return cell.isoformat() if isinstance(cell, (date, time)) else str(cell)
