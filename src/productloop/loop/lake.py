"""Writing to a table of the lake: the rows go to one Parquet file, in the order in which they come, and one commit makes them visible.

DuckDB writes the file and `deltalake` commits it. The writer of `deltalake` itself deals batches out to several tasks and takes them back as
they get ready, so that the rows of a table that was put in order lie in disorder again, a few hundred thousand at a time; the kernels
then have to sort what was sorted. A file that was written and not committed is no part of any version, and `vacuum` clears it away.

Which version is the newest and which files it holds stands in the JSON files of the log (Delta Lake protocol, "Add File and Remove File"); to read
it there costs a question 30 MB and 15 ms of CPU less than `deltalake`, which writes, deletes and vacuums.
"""

from __future__ import annotations

import json
import os
import uuid
from pathlib import Path
from typing import Any
from urllib.parse import unquote

FAST, SMALL = "lz4_raw", "zstd"
"""Compression of what is appended, which costs time at every import, and of what is compacted, which is read for long."""
TYPES = {
    "integer": "INTEGER",
    "long": "BIGINT",
    "short": "SMALLINT",
    "byte": "TINYINT",
    "double": "DOUBLE",
    "float": "FLOAT",
    "boolean": "BOOLEAN",
}
"""Delta type -> DuckDB type; all others are text."""


def newest_version(path: Path) -> int:
    """The newest version of the table in this folder: each commit is one file of the log, called by its number."""
    return max(int(file.stem) for file in (path / "_delta_log").glob("*.json") if file.stem.isdecimal())


def files_of(path: Path, version: int) -> list[str]:
    """The Parquet files of a version of the table in this folder, the newest first."""
    names = _names_from_checkpoint(path, version) if (path / "_delta_log" / "_last_checkpoint").exists() else _names_from_log(path, version)
    return [str(path.absolute() / unquote(name)) for name in names]


def _names_from_log(path: Path, version: int) -> list[str]:
    present: dict[str, None] = {}
    for number in range(version + 1):
        for line in (path / "_delta_log" / f"{number:020}.json").read_text(encoding="utf-8").splitlines():
            action = json.loads(line)
            if "add" in action:
                present[action["add"]["path"]] = None
            elif "remove" in action:
                present.pop(action["remove"]["path"], None)
    return list(reversed(present))


def _names_from_checkpoint(path: Path, version: int) -> list[str]:
    """After a hundred commits, when those before the checkpoint may be gone."""
    from deltalake import DeltaTable

    found: Any = DeltaTable(str(path), version=version).get_add_actions()
    return [str(name.as_py()) for name in found.column("path")]


def write(path: Path, rows: Any, import_id: int, overwrite: bool) -> None:
    """Append rows (a DuckDB relation or anything with an Arrow stream) to the table in this folder, or put them in place of its content.

    Columns the table lacks are added to it, columns the rows lack stay empty; values are brought to the types the table has.
    Raises OSError, duckdb.Error or DeltaError when that cannot be done; the table is then as before.
    """
    import arro3.core as arrow
    import duckdb
    from deltalake import CommitProperties, DeltaTable, Schema
    from deltalake.transaction import create_table_with_add_actions

    relation = rows if isinstance(rows, duckdb.DuckDBPyRelation) else _relation(rows)
    schema = Schema.from_arrow(arrow.RecordBatchReader.from_arrow(relation.limit(0)).schema)
    table = DeltaTable(str(path)) if (path / "_delta_log").is_dir() else None
    types = {field.name: _type_name(field) for field in schema.fields}
    if table is not None and not overwrite:
        kept = {field.name: _type_name(field) for field in table.schema().fields}
        added = [field for field in schema.fields if field.name not in kept]
        types |= {name: kind for name, kind in kept.items() if name in types}
        if added:
            table.alter.add_columns(added)
        schema = table.schema()
    properties = CommitProperties(custom_metadata={"import_id": str(import_id)})
    file, num_rows = write_file(path, relation, types, SMALL if overwrite else FAST)
    actions = [] if num_rows == 0 else [_added(file, num_rows)]
    if num_rows == 0:
        file.unlink()
    if table is None:
        # No column statistics in the log: erasing a person cannot reach what stands there.
        create_table_with_add_actions(
            str(path), schema, actions, configuration={"delta.dataSkippingNumIndexedCols": "0"}, commit_properties=properties
        )
    else:
        table.create_write_transaction(actions, "overwrite" if overwrite else "append", schema, commit_properties=properties)


def write_file(folder: Path, relation: Any, types: dict[str, str], compression: str) -> tuple[Path, int]:
    """(a new Parquet file with the relation's rows in their order, how many they are)."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"part-{uuid.uuid4()}.parquet"
    names = ['"' + name.replace('"', '""') + '"' for name in relation.columns]
    listed = ", ".join(
        f"CAST({quoted} AS {TYPES.get(types[name], 'VARCHAR')}) AS {quoted}" for name, quoted in zip(relation.columns, names, strict=True)
    )
    options = f"FORMAT parquet, PARQUET_VERSION v2, COMPRESSION {compression}"
    target = str(file).replace("'", "''")
    is_whole = False
    try:
        relation.query("given_rows", f"COPY (SELECT {listed} FROM given_rows) TO '{target}' ({options})")
        with file.open("rb+") as opened:
            os.fsync(opened.fileno())
        is_whole = True
    finally:  # an interrupted write leaves nothing, whatever interrupted it
        if not is_whole:
            file.unlink(missing_ok=True)
    found = relation.query("given_rows", f"SELECT num_rows FROM parquet_file_metadata('{target}')").fetchall()  # a new database takes 35 ms
    return file, int(found[0][0])


def _relation(rows: Any) -> Any:
    import duckdb

    connection = duckdb.connect(config={"threads": 1})
    connection.register("given", rows)
    return connection.table("given")


def _type_name(field: Any) -> str:
    return str(getattr(field.type, "type", "string"))


def _added(file: Path, num_rows: int) -> Any:
    from deltalake.transaction import AddAction

    found = file.stat()
    return AddAction(file.name, found.st_size, {}, int(found.st_mtime * 1000), True, json.dumps({"numRecords": num_rows}))
