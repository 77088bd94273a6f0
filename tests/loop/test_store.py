"""The store: versions that stay fixed, views, writers one at a time, repair of an undo that was killed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import duckdb
import numpy as np
import pytest
from tests.loop.fake_task import NOW, SETTINGS, bring

from productloop.foundation.errors import UsageError, WorkspaceProblem
from productloop.foundation.tables import TABLES
from productloop.loop import importing
from productloop.loop.importing import repair, undo
from productloop.loop.scope import Scope
from productloop.loop.store import Store

ROOT = Path(__file__).parents[2]
EVENTS = "user_id,event,timestamp,seats\nu1,a,2026-03-01,3\nu2,b,2026-03-02,\n"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.create(tmp_path / "workspace")


def write(tmp_path: Path, name: str, text: str) -> Path:
    (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path / name


def test_an_empty_workspace_answers_every_table(store: Store) -> None:
    for table in TABLES.values():
        assert store.count(table.name) == 0
        assert store.names(table.name)[3:] == [column.name for column in table.columns]
        assert store.attributes(table.name) == []
    assert (store.as_of(), store.versions(), store.quotes([]), store.files("events"), store.parquet("events")) == (None, {}, {}, [], None)


def test_creating_again_keeps_what_is_there(store: Store, tmp_path: Path) -> None:
    bring(store, write(tmp_path, "e.csv", EVENTS))
    key = store.identity_key()
    again = Store.create(store.root)
    assert (again.identity_key(), again.count("events")) == (key, 2)
    assert (store.home / ".gitignore").read_text(encoding="utf-8") == "*\n"


def test_the_workspace_is_found_from_below(store: Store, tmp_path: Path) -> None:
    below = store.root / "inbox" / "deep"
    below.mkdir()
    assert Store.find(below) == Store.find(store.root) == store.root
    assert Store.find(tmp_path) is None
    with pytest.raises(UsageError) as caught:
        Store(tmp_path)
    assert caught.value.code == "no_workspace"


def test_a_place_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(WorkspaceProblem) as caught:
        Store.create(tmp_path / "file")
    assert caught.value.code == "workspace_unwritable"


def test_readers_keep_their_version_until_they_look_again(store: Store, tmp_path: Path) -> None:
    bring(store, write(tmp_path, "a.csv", EVENTS))
    reader = Store(store.root)
    assert reader.count("events") == 2
    with store.writing():
        bring(store, write(tmp_path, "b.csv", EVENTS.replace("u1", "u3").replace("u2", "u4")))
        assert reader.count("events") == 2, "a reader neither waits nor sees half of it"
    reader.refresh()
    assert reader.count("events") == 4
    assert Store(store.root, pinned={"events": 0}).count("events") == 2


def test_missing_values_of_each_kind(store: Store, tmp_path: Path) -> None:
    bring(store, write(tmp_path, "e.csv", EVENTS + "u3,c,2026-03-03,5\n"))
    found = store.columns(
        "SELECT actor, name, CASE WHEN actor > 0 THEN value END AS value, CASE WHEN actor = 0 THEN actor END AS few FROM events ORDER BY actor"
    )
    assert found["actor"].tolist() == [0, 1, 2]
    assert np.isnan(found["value"]).all()
    assert found["few"].tolist() == [0, -1, -1]
    assert store.columns("SELECT session FROM events")["session"].tolist() == [None] * 3


def test_the_last_instant_and_names_of_people(store: Store, tmp_path: Path) -> None:
    bring(store, write(tmp_path, "e.csv", EVENTS))
    assert store.as_of() == 1_772_409_600_000_000
    assert store.source_ids(np.array([0, 1, -1, 7])) == {0: "u1", 1: "u2"}
    assert store.source_ids(np.array([], dtype=np.int32)) == {}


def test_merged_identities_count_as_one(store: Store, tmp_path: Path) -> None:
    bring(store, write(tmp_path, "e.csv", EVENTS))
    with store.state.engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO merges VALUES (1, 0, 0)")
    store.refresh()
    assert store.rows("SELECT count(*), count(DISTINCT actor) FROM events") == [(2, 1)]


def test_one_writer_at_a_time(store: Store) -> None:
    other = Store(store.root)
    with store.writing(), pytest.raises(WorkspaceProblem) as caught, other.writing(timeout_seconds=0.1):
        pass
    assert caught.value.code == "workspace_busy"
    with other.writing(timeout_seconds=0.1):
        pass


def test_two_programs_import_at_once(store: Store, tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from productloop.loop.store import Store; from tests.loop.fake_task import bring\n"
        "store = Store(Path(sys.argv[1]))\n"
        "for name in sys.argv[2:]: bring(store, Path(name))\n"
    )
    shared = write(tmp_path, "shared.csv", EVENTS)
    processes = []
    for number in range(2):
        own = [
            write(tmp_path, f"p{number}_{i}.csv", f"user_id,event,timestamp\nv{number}{i},a,2026-03-01\nboth,{i},2026-03-01\n")
            for i in range(3)
        ]
        command = [sys.executable, "-c", code, str(store.root), *map(str, own), str(shared)]
        processes.append(subprocess.Popen(command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}))
    assert [process.wait(timeout=120) for process in processes] == [0, 0]
    store.refresh()
    assert store.count("events") == 6 + 3 + 2
    assert store.rows("SELECT count(*), count(DISTINCT id), count(DISTINCT code), max(code) FROM actor_codes") == [(9, 9, 9, 8)]
    assert {row["status"] for row in store.state.imports()} == {"done"}
    assert len(store.state.imports()) == 8


def test_an_undo_that_was_killed_is_finished(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bring(store, write(tmp_path, "e.csv", EVENTS))
    real = importing._take_back

    def dying(*given: object) -> None:
        real(*given)  # type: ignore[arg-type]
        raise MemoryError

    monkeypatch.setattr(importing, "_take_back", dying)
    with pytest.raises(MemoryError):
        undo(store, SETTINGS, 1)
    monkeypatch.undo()
    again = Store(store.root)
    with again.writing():
        assert repair(again) == [1]
        assert repair(again) == []
    assert again.count("events") == 0
    assert [row["status"] for row in again.state.imports()] == ["undone"], "the ledger says what the lake holds"
    bring(again, tmp_path / "e.csv")
    assert again.count("events") == 2


def test_reading_through_no_scope_sees_all_up_to_the_moment(store: Store, tmp_path: Path) -> None:
    bring(store, write(tmp_path, "e.csv", EVENTS))
    assert store.narrowed(Scope(), "UTC", None).count("events") == 2
    assert store.narrowed(Scope(), "UTC", 1_772_323_200_000_000).count("events") == 1
    assert NOW > 0


def test_files_may_lack_columns_or_have_wider_ones(store: Store) -> None:
    kinds = dict(store.declared(TABLES["metrics"]))
    for number, made in enumerate(("'a' AS row_id, 1.5::DOUBLE AS value", "'b' AS row_id, 'north' AS place"), 1):
        store.append("metrics", duckdb.sql(f"SELECT {made}"), number)
    assert store.names("metrics") == [*kinds, "place"]
    assert store.attributes("metrics") == [("place", "VARCHAR")]
    assert sorted(store.rows("SELECT row_id, value, place, metric FROM metrics")) == [("a", 1.5, None, None), ("b", None, "north", None)]
    assert store.count("metrics") == 2
    store.overwrite("metrics", duckdb.sql("SELECT 'c' AS row_id, 7::INTEGER AS sequence, 2::FLOAT AS value"))
    described = {str(row[0]): str(row[1]) for row in store.rows("DESCRIBE metrics")}
    assert {name: described[name] for name in kinds} == kinds
    assert store.rows("SELECT row_id, sequence, value FROM metrics") == [("c", 7, 2.0)]


def test_rows_of_numbers_come_as_columns_give_them(store: Store, tmp_path: Path) -> None:
    query = "SELECT actor, time, (name = ?)::UTINYINT AS is_it FROM events WHERE name <> ?"
    empty = store.columns_of_rows(query, ["a", "x"], "events")
    assert {name: (values.dtype, len(values)) for name, values in empty.items()} == {
        "actor": (np.dtype(np.int32), 0),
        "time": (np.dtype(np.int64), 0),
        "is_it": (np.dtype(np.uint8), 0),
    }
    bring(store, write(tmp_path, "e.csv", EVENTS))
    bring(store, write(tmp_path, "f.csv", EVENTS.replace("2026-03", "2026-04") + "u3,x,2026-04-03,1\n"))
    for parameters, num in ((["a", "x"], 4), (["b", "none"], 5)):
        given, found = store.columns(query, parameters), store.columns_of_rows(query, parameters, "events")
        assert {name: len(values) for name, values in found.items()} == dict.fromkeys(given, num)
        assert all((found[name] == given[name]).all() and found[name].dtype == given[name].dtype for name in given)
    with_gaps = store.columns_of_rows("SELECT CASE WHEN name = 'b' THEN 7 END AS code FROM events", [], "events")
    assert sorted(with_gaps["code"].tolist()) == [-1, -1, -1, 7, 7]
