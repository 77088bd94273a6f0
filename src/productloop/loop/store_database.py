"""The in-memory DuckDB of a store, used again by the next one: making it takes 28 ms of CPU and throwing it away 7, emptying it 1.

DuckDB fills a catalog with some thousand functions whenever a database is made; a question opens two or three, one beside the other.
"""

from __future__ import annotations

import os
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

MAX_IDLE = 3
_idle: list[duckdb.DuckDBPyConnection] = []
_changing = threading.Lock()


@dataclass(frozen=True, slots=True)
class StoreDatabase:
    """A database while a store has it: `connection` to work with, the names of the views and tables that were `made` in it."""

    kept: duckdb.DuckDBPyConnection
    connection: duckdb.DuckDBPyConnection
    views: set[str] = field(default_factory=set)
    tables: set[str] = field(default_factory=set)

    def give_back(self) -> None:
        """Empty it and keep it for the next store; the connection and all cursors of it are closed."""
        import duckdb

        self.connection.close()
        try:
            for kind, names in (("VIEW", self.views), ("TABLE", self.tables)):
                for name in names:
                    self.kept.execute(f'DROP {kind} "{name}"')
        except duckdb.Error:  # what cannot be emptied is not used again
            self.kept.close()
            return
        with _changing:
            if len(_idle) < MAX_IDLE:
                _idle.append(self.kept)
                return
        self.kept.close()

    def throw_away(self) -> None:
        """Close it."""
        self.connection.close()
        self.kept.close()


def forget() -> None:
    """Throw away what is kept: it may hold parts of files in memory."""
    with _changing:
        while _idle:
            _idle.pop().close()


def borrow() -> StoreDatabase:
    """An empty database with the settings of the store."""
    with _changing:
        kept = _idle.pop() if _idle else None
    if kept is None:
        import duckdb

        kept = duckdb.connect(config={"threads": min(4, os.cpu_count() or 1)})
        kept.execute("SET preserve_insertion_order = true")
        kept.execute("SET parquet_metadata_cache = true")  # a file of the lake never changes: its footer is read once, not at every query
    return StoreDatabase(kept, kept.cursor())
