"""Databases are used again: empty, by another store, and never after rows were deleted."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest
from tests.loop.fake_task import bring

from productloop.loop import store_database
from productloop.loop.store import Store

EVENTS = "user_id,event,timestamp\nu1,a,2026-03-01\nu2,b,2026-03-02\n"


def test_the_next_store_gets_an_empty_database(tmp_path: Path) -> None:
    store_database.forget()
    (tmp_path / "e.csv").write_text(EVENTS, encoding="utf-8")
    store = Store.create(tmp_path / "one")
    bring(store, tmp_path / "e.csv")
    with store.state.engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO merges VALUES (1, 0, 0)")
    held = store.db_of("events")
    cursor = held.cursor()
    assert held.execute("SELECT count(*) FROM events").fetchall() == [(2,)]
    store.refresh()
    store.close()
    for old in (held, cursor):
        with pytest.raises(duckdb.Error):
            old.execute("SELECT 1")
    found = store_database.borrow()
    try:
        assert found.connection.execute("SELECT count(*) FROM duckdb_views() WHERE NOT internal").fetchall() == [(0,)]
        assert found.connection.execute("SELECT count(*) FROM duckdb_tables()").fetchall() == [(0,)]
    finally:
        found.give_back()
    again, other = Store(tmp_path / "one"), Store.create(tmp_path / "two")
    assert (again.count("events"), other.count("events")) == (2, 0)
    again.delete_rows("events", "name = 'a'")
    assert again.count("events") == 1
    again.close()
    other.close()
