"""Migrations: the first schema, kept as a dump forever, becomes the newest without losing a row; a failed step leaves nothing."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import Connection, MetaData, create_engine, inspect, text

from productloop.loop import migrations
from productloop.loop.migrations import MIGRATIONS, migrate, newest_schema
from productloop.loop.state import State

FIXTURE = Path(__file__).parents[1] / "fixtures" / "state_v1.sql"


@pytest.fixture
def first_schema(tmp_path: Path) -> Path:
    path = tmp_path / "state.db"
    connection = sqlite3.connect(path)
    connection.executescript(FIXTURE.read_text(encoding="utf-8"))
    connection.close()
    return path


def schema_of(path: Path) -> dict[str, list[tuple[str, str, bool]]]:
    engine = create_engine(f"sqlite:///{path}")
    found = {
        table: [(column["name"], str(column["type"]), bool(column["nullable"])) for column in inspect(engine).get_columns(table)]
        for table in inspect(engine).get_table_names()
    }
    engine.dispose()
    return found


def test_the_first_schema_becomes_the_newest_and_keeps_every_row(first_schema: Path, tmp_path: Path) -> None:
    state = State(first_schema)
    (imported,) = state.imports()
    assert (imported["source"], imported["status"], imported["num_new"]) == ("reviews.csv", "done", 2)
    assert state.mapping("f" * 64) == ("feedback", {"text": "内容"})
    assert state.live("churn") == "churn-aaaaaaaaaa"
    assert state.named_versions() == {"events": {3}, "feedback": {0}}
    assert [row["subject"] for row in state.predictions("churn")] == ["u1"]
    assert [row["owner"] for row in state.decisions()] == ["王"]
    assert [row["status"] for row in state.jobs()] == ["done"]
    assert state.has_token("d" * 64)
    assert [row["row_id"] for row in state.inbox()] == ["r1"]
    assert state.report("k1") is not None
    assert state.turn("churn") is not None
    assert state.merges() == [(5, 2)]
    state.close()
    State(tmp_path / "new.db").close()
    assert schema_of(first_schema) == schema_of(tmp_path / "new.db")


def test_the_tables_statements_are_written_with_are_those_of_an_old_database_made_new(first_schema: Path) -> None:
    state = State(first_schema)
    found = MetaData()
    found.reflect(state.engine)
    state.close()

    def described(schema: MetaData) -> dict[str, object]:
        return {
            name: [(column.name, str(column.type), column.nullable, column.primary_key) for column in table.columns]
            for name, table in schema.tables.items()
            if name != "migrations"
        }

    assert described(newest_schema()) == described(found)


def test_applied_once(first_schema: Path) -> None:
    engine = create_engine(f"sqlite:///{first_schema}")
    with engine.begin() as connection:
        assert migrate(connection) == len(MIGRATIONS) - 1
    with engine.begin() as connection:
        assert migrate(connection) == 0
        assert connection.execute(text("SELECT number FROM migrations ORDER BY number")).scalars().all() == list(
            range(1, len(MIGRATIONS) + 1)
        )
    engine.dispose()


def test_a_step_that_fails_leaves_nothing(first_schema: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def half(connection: Connection) -> None:
        connection.execute(text("ALTER TABLE decisions ADD COLUMN half INTEGER"))
        raise MemoryError

    monkeypatch.setattr(migrations, "MIGRATIONS", (*MIGRATIONS, half))
    before = schema_of(first_schema)
    with pytest.raises(MemoryError):
        State(first_schema)
    assert schema_of(first_schema) == before

    def whole(connection: Connection) -> None:
        connection.execute(text("ALTER TABLE decisions ADD COLUMN half INTEGER"))

    monkeypatch.setattr(migrations, "MIGRATIONS", (*MIGRATIONS, whole))
    state = State(first_schema)
    assert [row["half"] for row in state.decisions()] == [None]
    state.close()


def test_numbers_in_the_code_are_in_order() -> None:
    assert [step.__name__[:4] for step in MIGRATIONS] == [f"m{number:03d}" for number in range(1, len(MIGRATIONS) + 1)]
