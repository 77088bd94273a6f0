"""Sources: the files people have, read into DuckDB as text tables.

`read(connection, path, options)` takes a file, a gzipped file or a folder. `SOURCES` lists the built-in readers in the order they are
asked; a package adds one through the entry-point group "productloop.sources" (each entry point is a `Reader`, asked before the built-in
ones).
"""

from __future__ import annotations

import codecs
import difflib
import errno
import gzip
import re
import shutil
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from importlib.metadata import entry_points
from pathlib import Path
from typing import TYPE_CHECKING

from productloop.foundation.errors import DataProblem, NotInstalled, excerpt, shown_path
from productloop.foundation.wording import Say, say
from productloop.loop.sources import (
    chats,
    delimited,
    event_files,
    json_lines,
    notes,
    parquet,
    pasted,
    pictures,
    recordings,
    spreadsheet,
    transcripts,
)
from productloop.loop.sources.arrange import arrange
from productloop.loop.sources.encoding import decode_head
from productloop.loop.sources.landing import materialised
from productloop.loop.sources.records import RawTable, Reader, ReadOptions, Skipped
from productloop.loop.sources.wording import (
    ADVICE,
    BINARY_FILE,
    EMPTY_FILE,
    GZIP_ENDS_EARLY,
    KINDS,
    LINK_BROKEN,
    NO_RIGHTS,
    NOT_A_FILE,
    NOT_FOUND,
    NOTHING_READABLE,
    OLD_EXCEL,
    WRONG_ENCODING,
)

if TYPE_CHECKING:
    import duckdb

__all__ = ["SOURCES", "RawTable", "ReadOptions", "Reader", "Skipped", "read", "readers"]

SOURCES: tuple[Reader, ...] = (
    spreadsheet.READER,
    parquet.READER,
    pictures.READER,
    recordings.READER,
    event_files.READER,
    chats.READER,
    json_lines.READER,
    pasted.READER,
    notes.READER,
    transcripts.READER,
    delimited.READER,
)
HEAD_BYTES = 65_536
_GZIP = b"\x1f\x8b"
_PROSE = (".md", ".rst", ".html", ".htm", ".xml", ".py", ".toml", ".yaml", ".yml", ".ini", ".log", "")
"""Text files that a folder holds beside its tables; imported only when named alone."""
_APART = {suffix: reader.name for reader in (notes.READER, pictures.READER, recordings.READER) for suffix in reader.suffixes}
"""Suffix -> kind of the files that a folder of tables may hold without being meant."""
_ABOUT_FOLDER = re.compile(r"(?:readme|licen[cs]e|changelog|contributing|source|notice)\b", re.IGNORECASE)
_PAGE = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<!doctype html|<html[\s>])", re.IGNORECASE)
"""A sign-in page saved in place of the export, or a table that a system wrote as HTML and called .xls."""
_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"7z\xbc\xaf\x27\x1c", "archive"),
    (b"Rar!", "archive"),
    (b"BZh", "archive"),
    (b"\xfd7zXZ\x00", "archive"),
    (b"\x28\xb5\x2f\xfd", "archive"),
    (b"MZ", "program"),
    (b"\x7fELF", "program"),
    (b"\x89PNG", "picture"),
    (b"\xff\xd8\xff", "picture"),
    (b"GIF8", "picture"),
    (b"SQLite format 3\x00", "database"),
    (spreadsheet.OLE, "office"),
)


def readers() -> tuple[Reader, ...]:
    """Readers of other packages, then the built-in ones. A broken entry point raises its own ImportError."""
    return (*(point.load() for point in sorted(entry_points(group="productloop.sources"), key=lambda point: point.name)), *SOURCES)


def read(connection: duckdb.DuckDBPyConnection, path: Path, options: ReadOptions | None = None) -> list[RawTable]:
    """The tables of a file (one a sheet) or of all readable files of a folder, sorted by path. Raises DataProblem."""
    options = options or ReadOptions()
    try:
        if path.is_dir():
            return _read_folder(connection, path, options)
        if not path.exists():
            raise _absent(path)
        return _read_file(connection, path, options)
    except PermissionError:
        raise DataProblem(NO_RIGHTS, path=str(path)) from None
    except OSError as error:
        if error.errno in (errno.ELOOP, errno.ENAMETOOLONG):
            raise _absent(path) from None
        raise


def _absent(path: Path) -> DataProblem:
    try:
        if path.is_symlink():
            return DataProblem(LINK_BROKEN, path=str(path))
    except OSError:  # a name too long to exist
        pass
    return DataProblem(NOT_FOUND, path=excerpt(path, 300), nearest=_nearest(path))


def _read_file(connection: duckdb.DuckDBPyConnection, path: Path, options: ReadOptions) -> list[RawTable]:
    if not path.is_file() and not path.is_char_device():
        raise DataProblem(NOT_A_FILE, path=str(path))  # opening a pipe would wait for ever
    with _unzipped(path) as plain:
        with plain.open("rb") as file:
            head = file.read(HEAD_BYTES)
        if not head.removeprefix(codecs.BOM_UTF8).strip():
            raise DataProblem(EMPTY_FILE, path=path.name)
        if _PAGE.match(head):
            raise DataProblem(BINARY_FILE, path=path.name, kind=KINDS["page"], advice=ADVICE["page"])
        for reader in readers():
            if reader.matches(plain, head):
                try:
                    tables = reader.read(connection, plain, options)
                except DataProblem as problem:
                    if "path" in problem.parameters:
                        problem.parameters["path"] = path.name
                    raise
                except UnicodeError:
                    if options.encoding is None:
                        raise
                    raise DataProblem(WRONG_ENCODING, path=path.name, encoding=options.encoding) from None
                if plain != path:
                    tables = [materialised(connection, table) for table in tables]  # the file without gzip goes when it was read
                arranged = [
                    table if table.complete else arrange(connection, chats.refine(connection, table, options), options) for table in tables
                ]
                return [replace(table, path=path) for table in arranged]
    raise _unreadable(path, head)


def _unreadable(path: Path, head: bytes) -> DataProblem:
    kind = next((kind for magic, kind in _MAGIC if head.startswith(magic)), "binary")
    if head[257:262] == b"ustar":
        kind = "archive"
    if kind == "office" and "Workbook".encode("utf-16-le") in head:
        return DataProblem(OLD_EXCEL, path=path.name)
    if kind == "program" and decode_head(head) is not None:
        kind = "binary"
    return DataProblem(BINARY_FILE, path=path.name, kind=KINDS[kind], advice=ADVICE.get(kind, ADVICE[""]))


@contextmanager
def _unzipped(path: Path) -> Iterator[Path]:
    """`path`, or its content without gzip in a temporary file that keeps the inner name."""
    with path.open("rb") as file:
        zipped = file.read(2) == _GZIP
    if not zipped:
        yield path
        return
    with tempfile.TemporaryDirectory(prefix="productloop-") as folder:
        inner = path.name.removesuffix(".gz") if path.name != ".gz" else "data"
        target = Path(folder) / inner
        try:
            with gzip.open(path, "rb") as source, target.open("wb") as out:
                shutil.copyfileobj(source, out, 1 << 20)
        except (EOFError, zlib.error, gzip.BadGzipFile):
            raise DataProblem(GZIP_ENDS_EARLY, path=path.name) from None
        yield target


def _read_folder(connection: duckdb.DuckDBPyConnection, folder: Path, options: ReadOptions) -> list[RawTable]:
    tables: list[RawTable] = []
    remarks: list[Say] = []
    missing: NotInstalled | None = None
    files = sorted(file for file in folder.rglob("*") if file.is_file() and not _hidden(file.relative_to(folder)))
    wanted, apart = _sorted_out(files)
    remarks += [say("notes.apart", file=shown_path(file.relative_to(folder)), kind=say(f"notes.kind.{kind}")) for file, kind in apart]
    for file in wanted:
        try:
            tables.extend(_read_file(connection, file, options))
        except PermissionError:
            remarks.append(_not_read(file, folder, DataProblem(NO_RIGHTS, path=file.name)))
        except (DataProblem, NotInstalled) as problem:
            remarks.append(_not_read(file, folder, problem))
            missing = missing or (problem if isinstance(problem, NotInstalled) else None)
    if not tables and missing is not None:
        raise missing
    if not tables:
        raise DataProblem(NOTHING_READABLE, path=str(folder), num_files=len(files))
    return [replace(tables[0], notes=(*tables[0].notes, *remarks)), *tables[1:]]


def _sorted_out(files: list[Path]) -> tuple[list[Path], list[tuple[Path, str]]]:
    """(files of a folder to read, documents, pictures and recordings that lie beside tables of data with their kind).

    Such files are read where a folder holds nothing else (and plain text); beside tables they are as often manuals and logos as interviews.
    """
    kinds = {file: _APART.get(_suffix(file)) for file in files}
    tables = [file for file in files if kinds[file] is None and _suffix(file) not in _PROSE]
    if any(_suffix(file) != ".txt" for file in tables):
        return tables, [(file, kind) for file in files if (kind := kinds[file]) is not None and _suffix(file) not in _PROSE]
    return [file for file in files if file in tables or (kinds[file] is not None and not _ABOUT_FOLDER.match(file.name))], []


def _suffix(file: Path) -> str:
    return Path(file.name.removesuffix(".gz")).suffix.lower()


def _not_read(file: Path, folder: Path, problem: DataProblem | NotInstalled) -> Say:
    return say("source.unreadable", file=shown_path(file.relative_to(folder)), reason=say(f"problem.{problem.code}"))


def _hidden(path: Path) -> bool:
    return any(part.startswith((".", "~$")) for part in path.parts)


def _nearest(path: Path) -> str:
    """The most similar name in the same folder, a dash when there is none."""
    folder = path.parent
    try:
        names = sorted(entry.name for entry in folder.iterdir()) if folder.is_dir() else []
    except OSError:  # the name is too long, or the folder may not be listed
        names = []
    close = difflib.get_close_matches(path.name, names, n=1, cutoff=0.3)
    return close[0] if close else "-"
