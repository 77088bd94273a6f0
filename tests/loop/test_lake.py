"""Writing to a lake table: order kept, columns added, types brought to the table's, nothing left of a write that failed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import arro3.core as arrow
import duckdb
import numpy as np
import pytest

from productloop.loop import lake


def read(folder: Path, query: str = "SELECT * FROM {rows}") -> Any:
    """What the present version of the table holds."""
    from deltalake import DeltaTable

    files = ", ".join(f"'{uri}'" for uri in DeltaTable(str(folder)).file_uris())
    return duckdb.sql(query.format(rows=f"read_parquet([{files}], union_by_name = true)"))


def test_rows_lie_in_the_order_in_which_they_come(tmp_path: Path) -> None:
    connection = duckdb.connect()
    rows = connection.sql(
        "SELECT (i // 7)::INTEGER AS actor, i AS time, hash(i)::VARCHAR AS row_id FROM range(700_000) t(i) ORDER BY actor, time"
    )
    for overwrite in (False, True):
        lake.write(tmp_path / "events", rows, 1, overwrite)
        time = read(tmp_path / "events", "SELECT time FROM {rows}").fetchnumpy()["time"]
        assert len(time) == 700_000
        assert (np.diff(time) > 0).all()


def test_new_columns_are_added_and_types_are_the_tables(tmp_path: Path) -> None:
    folder = tmp_path / "actors"
    lake.write(folder, arrow.Table.from_pydict({"a": arrow.Array(np.array([1, 2], dtype=np.int64))}), 1, False)
    lake.write(folder, duckdb.sql("""SELECT 3::TINYINT AS a, 'x' AS "odd ""name" """), 2, False)
    assert sorted(read(folder).fetchall(), key=str) == [(1, None), (2, None), (3, "x")]
    assert [str(kind) for kind in read(folder).types] == ["BIGINT", "VARCHAR"]
    lake.write(folder, duckdb.sql("SELECT true AS b"), 3, True)
    assert read(folder).fetchall() == [(True,)]


def test_no_rows_make_a_table_without_files(tmp_path: Path) -> None:
    lake.write(tmp_path / "empty", duckdb.sql("SELECT 1 AS a WHERE false"), 1, False)
    lake.write(tmp_path / "empty", duckdb.sql("SELECT 1 AS a WHERE false"), 2, True)
    assert list((tmp_path / "empty").glob("*.parquet")) == []
    lake.write(tmp_path / "empty", duckdb.sql("SELECT 1 AS a"), 3, False)
    assert read(tmp_path / "empty").fetchall() == [(1,)]


def test_a_write_that_fails_leaves_the_table_and_the_folder_as_they_were(tmp_path: Path) -> None:
    folder = tmp_path / "events"
    lake.write(folder, duckdb.sql("SELECT 1::BIGINT AS a"), 1, False)
    before = sorted(path.name for path in folder.rglob("*"))
    with pytest.raises(duckdb.Error):
        lake.write(folder, duckdb.sql("SELECT CASE WHEN i < 5 THEN '7' ELSE 'seven' END AS a FROM range(9) t(i)"), 2, False)
    assert sorted(path.name for path in folder.rglob("*")) == before
    assert read(folder).fetchall() == [(1,)]


def test_the_log_is_read_as_deltalake_reads_it(tmp_path: Path) -> None:
    from deltalake import DeltaTable

    folder = tmp_path / "a b"
    for number in range(3):
        lake.write(folder, duckdb.sql(f"SELECT i % 2 AS a FROM range({number + 1}) t(i)"), number, False)
    DeltaTable(str(folder)).delete("a = 1")
    lake.write(folder, duckdb.sql("SELECT 7::BIGINT AS a"), 9, True)
    assert lake.newest_version(folder) == DeltaTable(str(folder)).version() == 4
    for _ in range(2):
        for version in range(5):
            expected = [Path(uri).name for uri in DeltaTable(str(folder), version=version).file_uris()]
            found = [Path(file) for file in lake.files_of(folder, version)]
            assert all(file.parent == folder and file.exists() for file in found)
            names = [file.name for file in found]
            assert sorted(names) == sorted(expected)
            assert names == expected or version == 3  # the files of one commit may come in any order
        DeltaTable(str(folder)).create_checkpoint()
