"""The store: one workspace on disk. Tables lie in a Delta Lake, rows that change one by one in `state.db`.

One writer at a time (an OS lock), readers never wait: a reader works on the versions it opened.
DuckDB reads the Parquet files of a version; SQL sees every declared table as a view, empty when nothing was imported.

    my-product/
      productloop.toml
      inbox/
      .productloop/  lake/  state.db  vault.db  models/  cache/  identity.key  write.lock
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from filelock import FileLock, Timeout

from productloop.foundation.errors import UsageError, WorkspaceProblem, reason_in, reason_of
from productloop.foundation.row_identity import new_key
from productloop.foundation.tables import BOOKKEEPING, STORED_TYPES, TABLES, Table
from productloop.loop import lake, store_database, wording
from productloop.loop.conditions import comparison, literal, people_with
from productloop.loop.scope import Scope, parse_condition

if TYPE_CHECKING:
    import duckdb

    from productloop.loop.state import State
    from productloop.loop.store_database import StoreDatabase

FOLDER = ".productloop"
SETTINGS_FILE = "productloop.toml"
TIMED = ("feedback", "events", "orders")
NO_END_US = 2**62
_SPANS = """SELECT min(stats_min_value::BIGINT), max(stats_max_value::BIGINT), count(*) FILTER (stats_min_value IS NULL OR stats_max_value IS NULL)
    FROM parquet_metadata([{files}]) WHERE path_in_schema = 'time'"""
Column = np.ndarray[Any, np.dtype[Any]]


class Store:
    """A workspace. `pinned` fixes table versions (for `show`); `scope` narrows what reads see."""

    def __init__(self, root: Path, pinned: Mapping[str, int] | None = None) -> None:
        self.root = root
        self.home = root / FOLDER
        if not (self.home / "lake").is_dir():
            raise UsageError(wording.NO_WORKSPACE, path=str(root))
        from productloop.loop.state import State  # loads SQLAlchemy, which --help can do without

        self.state: State = State(self.home / "state.db")
        self._lock = FileLock(self.home / "write.lock")
        self._pinned = dict(pinned) if pinned is not None else None
        self._versions: dict[str, int] | None = None
        self._files: dict[tuple[str, int], list[str]] = {}
        self._db: StoreDatabase | None = None
        self._views: set[str] = set()  # those that show the fixed versions; others may be there
        self._viewing = threading.Lock()
        self._conditions: dict[str, list[str]] = {}
        self._end_us = NO_END_US
        self._merged: bool | None = None

    @classmethod
    def create(cls, root: Path) -> Store:
        """A new, empty workspace; an existing one is opened as it is."""
        try:
            for folder in ("lake", "models", "cache"):
                (root / FOLDER / folder).mkdir(parents=True, exist_ok=True)
            (root / "inbox").mkdir(exist_ok=True)
            ignore = root / FOLDER / ".gitignore"
            if not ignore.exists():
                ignore.write_text("*\n", encoding="utf-8")
            key = root / FOLDER / "identity.key"
            if not key.exists():
                key.write_bytes(new_key())
                key.chmod(0o600)
        except OSError as error:
            raise WorkspaceProblem(wording.WORKSPACE_UNWRITABLE, path=str(root), reason=reason_of(error)) from error
        return cls(root)

    @staticmethod
    def find(start: Path) -> Path | None:
        """The workspace folder at or above `start`."""
        for folder in (start, *start.parents):
            if (folder / FOLDER / "lake").is_dir():
                return folder
        return None

    def close(self) -> None:
        """Release files and connections."""
        if self._db is not None:
            self._db.give_back()
        self._forget()
        self.state.close()

    # places ----------------------------------------------------------------------------------------------------------

    @property
    def models(self) -> Path:
        """Folder of model releases."""
        return self.home / "models"

    @property
    def cache(self) -> Path:
        """Folder that may be deleted at any time."""
        return self.home / "cache"

    @property
    def inbox(self) -> Path:
        """Folder whose files `run` imports."""
        return self.root / "inbox"

    def identity_key(self) -> bytes:
        """Secret of this workspace for row identity and pseudonyms."""
        return (self.home / "identity.key").read_bytes()

    def lake_path(self, table: str) -> Path:
        """Folder of a lake table."""
        return self.home / "lake" / table

    # versions --------------------------------------------------------------------------------------------------------

    def versions(self) -> dict[str, int]:
        """Version of every table that exists, fixed when first asked; `refresh` looks again."""
        if self._versions is None:
            if self._pinned is not None:
                self._versions = dict(self._pinned)
            else:
                self._versions = {name: self.current_version(name) for name in TABLES if self.exists(name)}
        return self._versions

    def exists(self, table: str) -> bool:
        """Whether the table was ever written."""
        return (self.lake_path(table) / "_delta_log").is_dir()

    def refresh(self) -> None:
        """See what was committed since this store was opened."""
        self._versions = None
        self._merged = None
        self._views.clear()

    def _forget(self) -> None:
        self._db = None
        self._merged = None
        self._views.clear()

    def _delta(self, table: str) -> Any:
        from deltalake import DeltaTable

        return DeltaTable(str(self.lake_path(table)))

    # reading ---------------------------------------------------------------------------------------------------------

    @property
    def db(self) -> duckdb.DuckDBPyConnection:
        """An in-memory DuckDB in which every table is a view of its fixed version."""
        return self._connect(TABLES)

    def db_of(self, table: str) -> duckdb.DuckDBPyConnection:
        """The same with at least the view of one table: made several times faster."""
        return self._connect_for(table)

    def _connect(self, names: Iterable[str]) -> duckdb.DuckDBPyConnection:
        """The DuckDB with views of at least these tables. A view of every table takes 30 ms, a query of one table 3 ms: the connection is
        kept over a `refresh`, and a view is made when a query first names its table.
        """
        with self._viewing:
            if self._db is None:
                self._db = store_database.borrow()
            connection = self._db.connection
            if self._merged is None:
                self._load_merges(self._db)
            missing = set(names) - self._views
            for name in sorted(missing, key=lambda name: (name != "segments", name)):  # the views of a segment's scope look there
                connection.execute(self._view(TABLES[name], connection))
                self._views.add(name)
                self._db.views.add(name)
            return connection

    def _connect_for(self, query: str) -> duckdb.DuckDBPyConnection:
        conditions = (condition for listed in self._conditions.values() for condition in listed)
        words = " ".join((query, *conditions)).lower()
        return self._connect(name for name in TABLES if name in words)

    def files(self, table: str) -> list[str]:
        """Parquet files of the table's present version."""
        return lake.files_of(self.lake_path(table), self.current_version(table)) if self.exists(table) else []

    def parquet(self, table: str) -> str | None:
        """SQL that reads the table as it is stored, without scope and merges; None when it holds nothing."""
        files = self.files(table)
        return f"read_parquet([{', '.join(literal(f) for f in files)}], union_by_name = true)" if files else None

    def _uris(self, table: str) -> list[str]:
        """Files of the table's fixed version; a version never changes."""
        version = self.versions().get(table)
        if version is None:
            return []
        if (table, version) not in self._files:
            self._files[table, version] = lake.files_of(self.lake_path(table), version)
        return self._files[table, version]

    def _view(self, table: Table, db: duckdb.DuckDBPyConnection) -> str:
        empty = {name: f'NULL::{kind} AS "{name}"' for name, kind in self.declared(table)}
        body = f"SELECT {', '.join(empty.values())} WHERE false"
        if files := self._uris(table.name):
            source = f"read_parquet([{', '.join(literal(uri) for uri in files)}], union_by_name = true)"
            stored = {str(row[0]): str(row[1]) for row in db.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()}
            if all(stored.get(name, kind) == kind for name, kind in self.declared(table)):
                # Not a union with an empty relation: through that DuckDB would read every row to count them.
                columns = [f'"{name}"' if name in stored else missing for name, missing in empty.items()]
                more = [f'"{name}"' for name in stored if name not in empty]
                body = f"SELECT {', '.join([*columns, *more])} FROM {source}"
            else:
                body = f"SELECT * FROM ({body}) UNION ALL BY NAME SELECT * FROM {source}"
        body = self._apply_merges(table, body)
        conditions = self._conditions.get(table.name)
        if conditions:
            body = f"SELECT * FROM ({body}) WHERE {' AND '.join(conditions)}"
        return f'CREATE OR REPLACE VIEW "{table.name}" AS {body}'

    def _apply_merges(self, table: Table, body: str) -> str:
        """People by the code of the person at the end of their chain; `merged_people` holds those whose code is another's."""
        people = [column.name for column in table.columns if column.type == "actor"]
        if not people or not self._merged:
            return body
        joins = " ".join(f'LEFT JOIN merged_people m{index} ON m{index}.alias = t."{name}"' for index, name in enumerate(people))
        replaced = ", ".join(f'coalesce(m{index}.actor, t."{name}") AS "{name}"' for index, name in enumerate(people))
        return f"SELECT t.* REPLACE ({replaced}) FROM ({body}) t {joins}"

    def _load_merges(self, db: StoreDatabase) -> None:
        merges = self.state.merges()
        self._merged = bool(merges)
        if merges:
            import arro3.core as arrow

            codes = np.array(merges, dtype=np.int32)
            columns: dict[str, Any] = {name: arrow.Array(codes[:, place].copy()) for place, name in enumerate(("alias", "actor"))}
            db.connection.register("given_merges", arrow.Table.from_pydict(columns))
            db.connection.execute("CREATE OR REPLACE TABLE merged_people AS SELECT * FROM given_merges")
            db.connection.unregister("given_merges")
            db.tables.add("merged_people")

    @staticmethod
    def declared(table: Table) -> list[tuple[str, str]]:
        """(name, stored type) of the bookkeeping and declared columns."""
        return [*BOOKKEEPING, *((column.name, STORED_TYPES[column.type]) for column in table.columns)]

    def names(self, table: str) -> list[str]:
        """All columns of a table, declared ones first, then attributes that imports brought."""
        return [str(row[0]) for row in self.rows(f'DESCRIBE "{table}"')]

    def attributes(self, table: str) -> list[tuple[str, str]]:
        """(name, type) of the columns that imports brought beyond the declared ones."""
        known = {name for name, _ in self.declared(TABLES[table])}
        return [(str(row[0]), str(row[1])) for row in self.rows(f'DESCRIBE "{table}"') if str(row[0]) not in known]

    def rows(self, query: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Result rows of a SQL query over the tables."""
        return self._connect_for(query).cursor().execute(query, list(parameters)).fetchall()

    def columns(self, query: str, parameters: Sequence[Any] = ()) -> dict[str, Column]:
        """Result columns as arrays. Missing numbers become NaN (integers -1), missing strings None."""
        raw = self._connect_for(query).cursor().execute(query, list(parameters)).fetchnumpy()
        return {name: _plain(values) for name, values in raw.items()}

    def columns_of_rows(self, query: str, parameters: Sequence[Any], table: str) -> dict[str, Column]:
        """As `columns`, for a query of numbers that gives some of the rows of one table: the answer is in memory once, not two or three times.

        The arrays begin as long as the table; what is not filled is address space, not memory.
        """
        relation = self._connect_for(query).cursor().sql(query, params=list(parameters))
        most = self._most_rows(table)
        found = {name: np.empty(most, dtype=values.dtype) for name, values in relation.limit(0).fetchnumpy().items()}
        num = 0
        for batch in _batches(relation):
            if any(column.null_count for column in batch.columns):
                return self.columns(query, parameters)
            for column, values in zip(batch.columns, found.values(), strict=True):
                values[num : num + len(column)] = column.to_numpy()
            num += batch.num_rows
        return {name: values[:num] for name, values in found.items()}

    def _most_rows(self, table: str) -> int:
        """Rows in the files of the table's fixed version."""
        uris = self._uris(table)
        if not uris:
            return 0
        listed = ", ".join(literal(uri) for uri in uris)
        return int(self.rows(f"SELECT sum(num_rows) FROM parquet_file_metadata([{listed}])")[0][0])

    def count(self, table: str) -> int:
        """Rows of a table."""
        return int(self.rows(f'SELECT count(*) FROM "{table}"')[0][0])

    def as_of(self) -> int | None:
        """The last instant in feedback, events and orders, in microseconds UTC; None without any date."""
        return max((span[1] for name in TIMED if (span := self.time_span(name)) is not None), default=None)

    def time_span(self, table: str) -> tuple[int, int] | None:
        """(first, last) time of a table's rows seen through this store, microseconds UTC; None without dates.

        Where nothing but an end narrows the table, the files' own statistics say it, without reading 10 million times; of one file
        DuckDB asks them by itself, and sooner.
        """
        conditions = self._conditions.get(table, [])
        if conditions in ([], [_before(self._end_us)]) and len(uris := self._uris(table)) > 1:
            listed = ", ".join(literal(uri) for uri in uris)
            first, last, num_without = self.rows(_SPANS.format(files=listed))[0]
            if num_without == 0 and last is not None and int(last) < self._end_us:
                return int(first), int(last)
        first, last = self.rows(f'SELECT min(time), max(time) FROM "{table}"')[0]
        return None if first is None else (int(first), int(last))

    def quotes(self, row_ids: Sequence[str]) -> dict[str, str]:
        """Masked texts of feedback rows, by row id."""
        if not row_ids:
            return {}
        found = self.rows("SELECT row_id, text FROM feedback WHERE row_id IN (SELECT unnest(?))", [list(row_ids)])
        return {str(row_id): str(text) for row_id, text in found}

    def source_ids(self, codes: Column) -> dict[int, str]:
        """The source's own ids of actor codes."""
        wanted = sorted({int(code) for code in codes if code >= 0})
        found = self.rows("SELECT code, id FROM actor_codes WHERE code IN (SELECT unnest(?))", [wanted])
        return {int(code): str(name) for code, name in found}

    def code_of(self, person: str) -> int | None:
        """The code under which the tables hold the person whom a source calls so; None for nobody."""
        found = self.rows("SELECT code FROM actor_codes WHERE id = ? LIMIT 1", [person])
        if not found:
            return None
        other = self.rows("SELECT actor FROM merged_people WHERE alias = ?", [found[0][0]]) if self._merged else []
        return int(other[0][0] if other else found[0][0])

    # scope -----------------------------------------------------------------------------------------------------------

    def narrowed(self, scope: Scope, time_zone: str, as_of: int | None) -> Store:
        """The same workspace seen through a scope; `self` when the scope is empty and no end is given."""
        start, end = scope.range_us(time_zone)
        limit = min(x for x in (end, as_of + 1 if as_of is not None else None, NO_END_US) if x is not None)
        conditions: dict[str, list[str]] = {name: [_before(limit)] if limit < NO_END_US else [] for name in TIMED}
        if start is not None:
            conditions["feedback"].append(f"time >= {start}")
        if end is not None:
            conditions["feedback"].append("time IS NOT NULL")
        if scope.product is not None:
            conditions["feedback"].append(f"product = {literal(scope.product)}")
        if scope.segment is not None:
            for name, column in (("feedback", "author"), ("events", "actor"), ("orders", "actor"), ("actors", "actor")):
                inside = f"(SELECT actor FROM segments WHERE segment = {literal(scope.segment)})"
                conditions.setdefault(name, []).append(f"{column} IN {inside}")
        for condition in scope.where:
            self._add_condition(condition, conditions)
        other = Store(self.root, pinned=self.versions())
        other._conditions, other._end_us, other._files = conditions, limit, self._files
        return other

    def _add_condition(self, condition: str, conditions: dict[str, list[str]]) -> None:
        column, operator, value = parse_condition(condition)
        found = False
        for name in ("feedback", "events", "orders", "actors"):
            if column in self.names(name):
                expression = f'"{column}"'
                if column in ("actor", "author"):  # people are held as codes, and asked for by the source's ids
                    found = True
                    conditions.setdefault(name, []).append(self._person_condition(expression, operator, value))
                    continue
            elif name == "events" and self._has_property(name, column):
                expression = f"json_extract_string(properties, {literal('$.' + json.dumps(column, ensure_ascii=False))})"
            elif name != "actors" and column in self.names("actors"):
                expression = "author" if name == "feedback" else "actor"
                conditions.setdefault(name, []).append(f"{expression} IN {people_with(column, operator, value)}")
                continue
            else:
                continue
            found = True
            conditions.setdefault(name, []).append(comparison(expression, operator, value))
        if not found:
            raise UsageError(wording.COLUMN_UNKNOWN, column=column, known=", ".join(self.names("events")[3:14]))

    def _person_condition(self, expression: str, operator: str, value: str) -> str:
        if operator in ("=", "!="):
            code = self.code_of(value)
            return f"{expression} {'=' if operator == '=' else 'IS DISTINCT FROM'} {-1 if code is None else code}"
        return f"{expression} IN (SELECT code FROM actor_codes WHERE {comparison('id', operator, value)})"

    def _has_property(self, table: str, name: str) -> bool:
        path = "$." + json.dumps(name, ensure_ascii=False)
        return bool(self.rows(f'SELECT 1 FROM "{table}" WHERE json_exists(properties, ?) LIMIT 1', [path]))

    # writing ---------------------------------------------------------------------------------------------------------

    @contextmanager
    def writing(self, timeout_seconds: float = 60.0) -> Iterator[None]:
        """Hold the workspace's write lock; readers are not held up. The lock dies with the process."""
        try:
            with self._lock.acquire(timeout=timeout_seconds):
                yield
        except Timeout as error:
            raise WorkspaceProblem(wording.WORKSPACE_BUSY, seconds=int(timeout_seconds)) from error

    def append(self, table: str, rows: Any, import_id: int) -> None:
        """Commit rows (anything with an Arrow stream) to a lake table, atomically, marked with the import that brought them."""
        self._write(table, rows, import_id, overwrite=False)

    def overwrite(self, table: str, rows: Any, import_id: int = 0) -> None:
        """Replace the whole content of a table in one commit."""
        self._write(table, rows, import_id, overwrite=True)

    def _write(self, table: str, rows: Any, import_id: int, overwrite: bool) -> None:
        import duckdb
        from deltalake.exceptions import DeltaError

        try:
            lake.write(self.lake_path(table), rows, import_id, overwrite)
        except (OSError, DeltaError, duckdb.Error) as error:
            raise WorkspaceProblem(
                wording.LAKE_UNWRITABLE,
                table=table,
                reason=reason_of(error) if isinstance(error, OSError) and error.errno else reason_in(str(error)),
            ) from error
        self.refresh()

    def delete_rows(self, table: str, predicate: str) -> int:
        """Delete rows of a lake table by a Delta predicate; returns how many."""
        if not self.exists(table):
            return 0
        result = self._delta(table).delete(predicate)
        self.refresh()
        if self._db is not None:  # DuckDB may hold what it read of the old files in memory
            self._db.throw_away()
        store_database.forget()
        self._forget()
        return int(result["num_deleted_rows"])

    def current_version(self, table: str) -> int:
        """Newest version of a table on disk."""
        return lake.newest_version(self.lake_path(table))

    def vacuum(self, table: str, hours: int) -> None:
        """Delete files that no version newer than `hours` uses."""
        self._delta(table).vacuum(retention_hours=hours, dry_run=False, enforce_retention_duration=False)

    def committed_imports(self, table: str) -> set[int]:
        """Imports that the Delta log of a table knows: the truth the ledger is repaired from."""
        if not self.exists(table):
            return set()
        return {int(entry["import_id"]) for entry in self._delta(table).history() if "import_id" in entry}


def _batches(relation: duckdb.DuckDBPyRelation) -> Iterator[Any]:
    import arro3.core as arrow

    yield from arrow.RecordBatchReader.from_stream(relation)


def _plain(values: Any) -> Column:
    """NumPy array without a mask."""
    if isinstance(values, np.ma.MaskedArray):
        if values.dtype.kind in "fb":
            return np.asarray(values.filled(np.nan if values.dtype.kind == "f" else False))
        if values.dtype.kind in "iu":
            return np.where(np.ma.getmaskarray(values), -1, values.data.astype(np.int64))
        plain = np.asarray(values.data, dtype=object).copy()
        plain[np.ma.getmaskarray(values)] = None
        return plain
    return np.asarray(values)


def _before(end_us: int) -> str:
    return f"(time IS NULL OR time < {end_us})"
