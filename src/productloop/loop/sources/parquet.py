"""Parquet through DuckDB: columns as text, fields of structs as columns with dots, lists and maps as JSON text, in file order.

The relation is a view: what a column repeats stays a dictionary, is converted once a value, and takes no memory.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast

from productloop.foundation.errors import DataProblem, excerpt
from productloop.loop.sources.landing import Found, finish
from productloop.loop.sources.records import RawTable, Reader, ReadOptions, new_relation
from productloop.loop.sources.wording import BROKEN_FILE

if TYPE_CHECKING:
    import duckdb
    from duckdb.sqltypes import DuckDBPyType


def matches(path: Path, head: bytes) -> bool:
    """The magic bytes of the format."""
    return head.startswith(b"PAR1")


def read(connection: duckdb.DuckDBPyConnection, path: Path, options: ReadOptions) -> list[RawTable]:
    """One table. Raises DataProblem when the file is cut off or encrypted."""
    import duckdb

    relation = new_relation()
    try:
        source = connection.read_parquet(str(path))
        columns = [part for name, kind in zip(source.columns, source.types, strict=True) for part in _expand(_quote(name), name, kind)]
        cells = ", ".join(f"{expression} AS c{index}" for index, (_, expression, _) in enumerate(columns))
        connection.execute(
            f"CREATE TEMP VIEW {relation} AS SELECT file_row_number + 1 AS line, {cells} FROM read_parquet({_text(path)}, file_row_number = true)"
        )
        without_zone = frozenset(index for index, (_, _, kind) in enumerate(columns) if kind in ZONELESS)
        found = Found(path, len(columns), tuple(name for name, _, _ in columns), 1, lazy=True, without_zone=without_zone)
        return [finish(connection, relation, found, options)]
    except (duckdb.InvalidInputException, duckdb.IOException, duckdb.SerializationException) as error:
        raise DataProblem(BROKEN_FILE, path=path.name, detail=excerpt(error, 80)) from None


READER = Reader("parquet", (".parquet", ".pq"), matches, read)


ZONELESS = ("timestamp", "timestamp_s", "timestamp_ms", "timestamp_ns", "date")
"""Types of instants that are stored without a zone."""


def _expand(expression: str, name: str, kind: DuckDBPyType) -> list[tuple[str, str, str]]:
    """(column name, SQL text expression, type) of one column; a struct gives several."""
    if kind.id == "struct":
        return [
            part
            for field, inner in kind.children
            for part in _expand(f"{expression}.{_quote(field)}", f"{name}.{field}", cast("DuckDBPyType", inner))
        ]
    if kind.id in ("list", "array", "map", "union"):
        return [(name, f"CAST(to_json({expression}) AS VARCHAR)", kind.id)]
    if kind.id == "blob":
        return [(name, f"CAST({expression} AS VARCHAR)", kind.id)]
    return [(name, f"nullif(CAST({expression} AS VARCHAR), '')", kind.id)]


def _text(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"


def _quote(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
