"""CSV, TSV, semicolons, pipes, columns set apart by blanks, and one text a line.

The fast path hands the file to DuckDB's parallel CSV reader in strict mode and numbers the rows in file order (`row_number()` over an
ordered scan: .56 CPU s for 1,000,000 rows of 6 columns). It is believed only when it gives as many rows as the file has lines.
Everything else (blank lines, cells over several lines, ragged rows, quotes that do not pair) is read row by row in Python, where each
row that is left out is named. Quotes: RFC 4180, unless reading without them gives a more regular table.
"""

from __future__ import annotations

import csv
import itertools
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from productloop.foundation.errors import DataProblem, UsageError, excerpt
from productloop.foundation.wording import say
from productloop.loop.sources import detect
from productloop.loop.sources.encoding import PlainText, decode_head, to_utf8
from productloop.loop.sources.landing import Found, column_list, finish, land
from productloop.loop.sources.records import MAX_CELL_CHARACTERS, RawTable, Reader, ReadOptions, Skipped, new_relation
from productloop.loop.sources.wording import CELL_TOO_LARGE, DELIMITER_EMPTY, EMPTY_FILE, ONLY_HEADER, RAGGED, WRONG_DELIMITER

if TYPE_CHECKING:
    import duckdb

HEAD_CHARACTERS = 400_000
HEAD_LINES = 300
MAX_RAGGED_SHARE = 0.2
"""Above this the table is not understood, and leaving rows out would hide it."""


_Mode = Literal["quoted", "line", "plain"]
"""Quotes by RFC 4180; quotes that end with their line at the latest; quotes as ordinary characters."""


@dataclass(frozen=True, slots=True)
class _Quality:
    """How regular one way of reading is: rows, rows of another width, cells over several lines that hold the delimiter, no error."""

    num_rows: int
    num_ragged: int
    num_swallowed: int
    sound: bool

    @property
    def ragged_share(self) -> float:
        return self.num_ragged / max(1, self.num_rows)


def matches(path: Path, head: bytes) -> bool:
    """Any text file that is not JSON."""
    text = decode_head(head)
    return text is not None and bool(text.strip())


def read(connection: duckdb.DuckDBPyConnection, path: Path, options: ReadOptions) -> list[RawTable]:
    """One table. Raises DataProblem: empty, only a header, wrong delimiter, ragged, cell too large, unknown encoding."""
    with tempfile.TemporaryDirectory(prefix="productloop-") as name:
        folder = Path(name)
        plain = to_utf8(path, folder, options.encoding)
        lines = _head_lines(plain.path)
        if not any(line.strip() for line in lines):
            raise DataProblem(EMPTY_FILE, path=path.name)
        dialect = _dialect(lines, options, path)
        found, quoted = _found(path, plain, lines, dialect)
        relation = (
            None if dialect.delimiter == detect.WHITESPACE or dialect.overflow else _fast(connection, plain, dialect, found, quoted=quoted)
        )
        if relation is None:
            relation = _careful(connection, plain, dialect, found, folder)
        return [finish(connection, relation, found, options)]


READER = Reader("delimited", (".csv", ".tsv", ".txt", ".tab", ".data", ".dat", ".psv", ".item", ".user"), matches, read)


def _head_lines(path: Path) -> list[str]:
    with path.open(encoding="utf-8-sig", newline=None) as file:
        text = file.read(HEAD_CHARACTERS)
    lines = text.split("\n")
    if len(text) == HEAD_CHARACTERS and len(lines) > 2:
        lines.pop()  # cut in the middle
    return lines[:HEAD_LINES]


def _dialect(lines: list[str], options: ReadOptions, path: Path) -> detect.Dialect:
    delimiter = {"\\t": "\t", "tab": "\t"}.get(options.delimiter or "", options.delimiter)
    if delimiter == "":
        raise UsageError(DELIMITER_EMPTY)
    if delimiter is None:
        dialect = detect.find_dialect(lines)
    elif delimiter == detect.WHITESPACE:
        dialect = detect.Dialect(delimiter, max(len(line.split()) for line in lines))
    else:
        rows = _split_rows(lines, delimiter, quoted=True)
        widths = [len(row) for row in rows if any(row)]
        dialect = detect.Dialect(delimiter, max(widths, key=lambda width: (widths.count(width), width)))
    if dialect.width == 1:
        other = detect.unusual_delimiter(lines, dialect.delimiter)
        if other is not None:
            raise DataProblem(WRONG_DELIMITER, path=path.name, delimiter={"\t": "tab"}.get(other, other))
        return detect.Dialect(detect.ONE_COLUMN, 1)
    return dialect


def _found(path: Path, plain: PlainText, lines: list[str], dialect: detect.Dialect) -> tuple[Found, bool]:
    """What the first lines say, and whether quotes are read as quotes there."""
    quoted = plain.num_quotes > 0
    rows = _split_rows(lines, dialect.delimiter, quoted=quoted, spaced=dialect.spaced)
    if dialect.overflow:
        rows = [_join_rest(row, dialect) for row in rows]
    layout = detect.find_layout(rows[: detect.MAX_TITLE_ROWS + 200])
    if layout.header is not None and not any(any(row) for row in rows[layout.data_start :]):
        raise DataProblem(ONLY_HEADER, path=path.name, columns=excerpt(", ".join(layout.header), 80))
    header = layout.header
    width = max(dialect.width, len(header)) if header is not None else dialect.width
    if header is not None:
        header = (*header, *[""] * (width - len(header)))
    found = Found(path, width, header, layout.data_start + 1, plain.encoding, _shown(dialect.delimiter), title=layout.title)
    found.skipped.extend(
        Skipped(index + 1, "title" if any(rows[index]) else "blank", excerpt(" ".join(rows[index]).strip())) for index in layout.title_rows
    )
    if plain.num_replaced:
        found.notes.append(say("source.replaced", count=plain.num_replaced))
    return found, quoted


def _fast(connection: duckdb.DuckDBPyConnection, plain: PlainText, dialect: detect.Dialect, found: Found, *, quoted: bool) -> str | None:
    """The file through DuckDB's parallel reader; None when a row does not fit or lines and rows differ in number."""
    import duckdb

    relation = new_relation()
    quote = "'\"'" if quoted else "''"
    try:
        connection.execute(
            f"CREATE TEMP TABLE {relation} AS SELECT row_number() OVER () AS line, * FROM read_csv(?, auto_detect = false, header = false, "
            f"skip = {found.first_row - 1}, delim = ?, quote = {quote}, escape = {quote}, columns = {column_list(found.width)})",
            [str(plain.path), dialect.delimiter],
        )
    except duckdb.InvalidInputException:
        return None
    row = connection.execute(f"SELECT count(*) FROM {relation}").fetchone()
    if row is None or row[0] != plain.num_lines - (found.first_row - 1):
        connection.execute(f"DROP TABLE {relation}")
        return None
    return relation


def _careful(connection: duckdb.DuckDBPyConnection, plain: PlainText, dialect: detect.Dialect, found: Found, folder: Path) -> str:
    """The file row by row: quotes decided over the whole file, ragged and blank rows set aside and named."""
    mode = _choose_mode(plain, dialect, found)
    if plain.num_quotes and mode != "quoted" and dialect.delimiter != detect.WHITESPACE:
        found.notes.append(say("source.unquoted"))
    counts = {"padded": 0, "overflow": 0, "ragged": 0, "rows": 0}
    rows = _repaired(_records(plain.path, dialect, found.path, mode), dialect, found, counts)
    relation, _ = land(connection, rows, found.width, folder, found.path)
    if counts["ragged"] > MAX_RAGGED_SHARE * max(1, counts["rows"]):
        first = next(row.line for row in found.skipped if row.reason == "ragged")
        raise DataProblem(RAGGED, path=found.path.name, total=counts["rows"], ragged=counts["ragged"], width=found.width, line=first)
    for kind in ("padded", "overflow"):
        if counts[kind]:
            found.notes.append(say(f"source.{kind}", count=counts[kind]))
    return relation


def _repaired(
    records: Iterator[list[str]], dialect: detect.Dialect, found: Found, counts: dict[str, int]
) -> Iterator[tuple[int, list[str]]]:
    """(line, cells) of the rows that fit or can be made to fit without guessing; the others go to `found.skipped`."""
    width, last = found.width, 0
    single: set[int] = set()
    for index, row in enumerate(records):
        last = index + 1
        if index < found.first_row - 1:
            continue
        line = index - (found.first_row - 1) + 1
        if not any(row):
            found.skipped.append(Skipped(index + 1, "blank", ""))
            continue
        counts["rows"] += 1
        if len(row) > width:
            if dialect.overflow:
                row = _join_rest(row, dialect)
                counts["overflow"] += 1
            elif not any(row[width:]):
                row = row[:width]
        if len(row) > width or (len(row) < width and len(row) == 1):
            counts["ragged"] += 1
            if sum(map(bool, row)) == 1:
                single.add(index + 1)
            found.skipped.append(Skipped(index + 1, "ragged", excerpt(dialect.delimiter.join(row))))
            continue
        counts["padded"] += len(row) < width
        yield line, row
    _name_footers(found, counts, last, single)


def _name_footers(found: Found, counts: dict[str, int], last: int, single: set[int]) -> None:
    """Remarks in one cell below the last row are footers, not broken rows; `last` is the number of rows in the file."""
    for position in range(len(found.skipped) - 1, max(-1, len(found.skipped) - 1 - detect.MAX_FOOTER_ROWS), -1):
        row = found.skipped[position]
        if row.line != last or (row.reason == "ragged" and row.line not in single):
            return
        last -= 1
        if row.reason == "ragged":
            found.skipped[position] = Skipped(row.line, "footer", row.excerpt)
            counts["ragged"] -= 1
            counts["rows"] -= 1


def _choose_mode(plain: PlainText, dialect: detect.Dialect, found: Found) -> _Mode:
    """The way of reading quotes that gives the most regular table; a tie goes to RFC 4180, unless its cells swallow whole rows."""
    if plain.num_quotes == 0 or dialect.delimiter == detect.WHITESPACE or dialect.overflow or len(dialect.delimiter) > 1:
        return "plain"
    quoted = _quality(plain.path, dialect, found, "quoted")
    if found.width == 1:
        return "quoted" if quoted.sound and 2 * quoted.num_swallowed <= quoted.num_rows else "plain"
    unquoted = _quality(plain.path, dialect, found, "plain")
    if quoted.sound and quoted.num_ragged == 0:
        return "plain" if dialect.delimiter in "\t|" and quoted.num_swallowed and unquoted.num_ragged == 0 else "quoted"
    if quoted.sound and quoted.ragged_share <= unquoted.ragged_share:
        return "quoted"
    by_mode: dict[_Mode, _Quality] = {"quoted": quoted, "line": _quality(plain.path, dialect, found, "line"), "plain": unquoted}
    return max(by_mode, key=lambda mode: by_mode[mode].num_rows - by_mode[mode].num_ragged)


def _quality(path: Path, dialect: detect.Dialect, found: Found, mode: _Mode) -> _Quality:
    try:
        return _measure(_records(path, dialect, found.path, mode, strict=True), dialect, found, sound=True)
    except csv.Error:
        return _measure(_records(path, dialect, found.path, mode), dialect, found, sound=False)
    except DataProblem:  # a quote that is never closed makes a giant cell
        return _Quality(1, 1, 0, False)


def _measure(records: Iterator[list[str]], dialect: detect.Dialect, found: Found, *, sound: bool) -> _Quality:
    num_rows = num_ragged = num_swallowed = 0
    for row in itertools.islice(records, found.first_row - 1, None):
        if any(row):
            num_rows += 1
            num_ragged += len(row) != found.width
            num_swallowed += any("\n" in cell and (dialect.delimiter in cell or found.width == 1) for cell in row)
    return _Quality(num_rows, num_ragged, num_swallowed, sound)


def _records(path: Path, dialect: detect.Dialect, shown: Path, mode: _Mode, *, strict: bool = False) -> Iterator[list[str]]:
    if mode != "quoted":
        yield from _records_by_line(path, dialect.delimiter, shown, mode)
        return
    before = csv.field_size_limit(MAX_CELL_CHARACTERS)
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, delimiter=dialect.delimiter, strict=strict, skipinitialspace=dialect.spaced)
            try:
                yield from reader
            except csv.Error as error:
                if "field larger" in str(error):
                    raise DataProblem(CELL_TOO_LARGE, path=shown.name, line=reader.line_num, limit=MAX_CELL_CHARACTERS) from None
                raise
    finally:
        csv.field_size_limit(before)


def _records_by_line(path: Path, delimiter: str, shown: Path, mode: _Mode) -> Iterator[list[str]]:
    """Each line a row: "plain" takes quotes as ordinary characters, "line" closes an open quote at the end of its line."""
    with path.open(encoding="utf-8-sig", newline=None) as file:
        for number, line in enumerate(file, 1):
            if len(line) > MAX_CELL_CHARACTERS and any(len(cell) > MAX_CELL_CHARACTERS for cell in line.split(delimiter)):
                raise DataProblem(CELL_TOO_LARGE, path=shown.name, line=number, limit=MAX_CELL_CHARACTERS)
            text = line.rstrip("\n")
            if mode == "line" and '"' in text and len(text) < csv.field_size_limit():
                yield next(csv.reader([text], delimiter=delimiter))
            else:
                yield _split(text, delimiter)


def _split_rows(lines: list[str], delimiter: str, *, quoted: bool, spaced: bool = False) -> list[list[str]]:
    if quoted and len(delimiter) == 1:
        try:
            return list(csv.reader([line + "\n" for line in lines], delimiter=delimiter, skipinitialspace=spaced))
        except csv.Error:
            pass
    return [_split(line, delimiter) for line in lines]


def _split(line: str, delimiter: str) -> list[str]:
    return line.split() if delimiter == detect.WHITESPACE else line.split(delimiter)


def _join_rest(row: list[str], dialect: detect.Dialect) -> list[str]:
    last = dialect.width - 1
    return [*row[:last], dialect.delimiter.join(row[last:])] if len(row) > last else row


def _shown(delimiter: str) -> str:
    return "" if delimiter == detect.ONE_COLUMN else delimiter
