"""Upkeep: erasing a person everywhere, backup and restore, compacting under pinned versions, exports that no spreadsheet runs."""

from __future__ import annotations

import csv
import json
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.loop.fake_task import NOW, SETTINGS, bring, bring_people, make_run, make_task, write_people

from productloop.foundation.errors import DataProblem, UsageError
from productloop.learning.constant import CONSTANT
from productloop.learning.logistic import LOGISTIC
from productloop.loop.arrivals import drain
from productloop.loop.feedback import post_outcomes
from productloop.loop.records import Prediction
from productloop.loop.release import card_of
from productloop.loop.serve import PredictionLog
from productloop.loop.store import Store
from productloop.loop.turn import turn
from productloop.loop.upkeep import backup, compact, erase, escape_formula, export_anonymity, export_table, reset, restore
from productloop.loop.vault import Vault

PERSON = "zq7person"
SECRET = "violet walrus"
PHONE = "13812345678"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.create(tmp_path / "workspace")


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, str], Path]:
    def write(name: str, text: str) -> Path:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write


def places_that_hold(home: Path, *secrets: str) -> list[str]:
    """Files under `home` in whose bytes, or in whose decoded Parquet cells, one of the secrets stands."""
    found = []
    for path in sorted(home.rglob("*")):
        if not path.is_file():
            continue
        content = path.read_bytes()
        if path.suffix == ".parquet":
            content += repr(duckdb.sql(f"SELECT * FROM read_parquet('{path.as_posix()}')").fetchall()).encode()
        if path.suffix in (".checkpoint", ".parquet") or any(secret.encode() in content for secret in secrets):
            found += [path.relative_to(home).as_posix()] if any(secret.encode() in content for secret in secrets) else []
    return found


def a_person_everywhere(store: Store, write: Callable[[str, str], Path]) -> None:
    others = "".join(f"u{i},login,2026-03-0{1 + i % 9}\n" for i in range(20))
    bring(store, write("events.csv", f"user_id,event,timestamp\n{others}{PERSON},login,2026-03-01\n"))
    feedback = f"user_id,text,time\n{PERSON},{SECRET} please call {PHONE},2026-03-01\nu1,all fine here,2026-03-02\n"
    bring(store, write("feedback.csv", feedback))
    bring(store, write("orders.csv", f"order_id,user_id,order_date,amount\no1,{PERSON},2026-03-01,9.50\no2,u2,2026-03-02,3\n"))
    bring(store, write("more.csv", f"user_id,event,timestamp\n{PERSON},logout,2026-03-04\n"))
    store.delete_rows("events", "name = 'logout'")  # an older version still holds it
    post_outcomes(store, [{"subject": PERSON, "task": "churn", "value": "Yes"}, {"subject": "u1", "task": "churn", "value": "No"}], NOW)
    drain(store, NOW)
    post_outcomes(store, [{"subject": PERSON, "task": "churn", "value": "No"}], NOW + 1)
    log = PredictionLog(store)
    for number, subject in enumerate((PERSON, "u1")):
        log.add(Prediction(id=f"p{number}", task="churn", release="r", subject=subject, value={"Yes": 0.5}, latency_ms=1.0, at=NOW), "h")
    log.close()
    store.state.save_report(
        {"id": "k", "action": "needs", "request": "{}", "as_of": None, "versions": "{}", "created_at": NOW, "body": json.dumps([SECRET])}
    )
    (store.cache / "vectors.json").write_text(SECRET, encoding="utf-8")


def test_erase_reaches_every_version_cache_vault_and_state(store: Store, write: Callable[[str, str], Path]) -> None:
    a_person_everywhere(store, write)
    assert len(places_that_hold(store.home, PERSON, SECRET)) >= 4
    server = Store(store.root)
    assert server.count("feedback") == 2
    gone = erase(store, SETTINGS, PERSON)
    assert {"events", "feedback", "orders", "outcomes", "actor_codes", "state"} <= set(gone)
    assert (gone["events"], gone["feedback"], gone["state"]) == (1, 1, 2)
    assert places_that_hold(store.home, PERSON, SECRET, PHONE) == [], "also while a server has the workspace open"
    again = Store(store.root)
    assert again.count("events") == 20
    assert again.rows("SELECT text FROM feedback") == [("all fine here",)]
    assert again.state.reports() == []
    assert [row["subject"] for row in again.state.predictions("churn")] == ["u1"]
    assert drain(again, NOW) == 0
    with pytest.raises(UsageError) as caught:
        erase(again, SETTINGS, PERSON)
    assert caught.value.code == "person_unknown"


def test_erase_removes_contacts_from_the_vault(store: Store, write: Callable[[str, str], Path]) -> None:
    bring(store, write("e.csv", f"phone,event,timestamp\n{PHONE},a,2026-03-01\n13912345678,a,2026-03-02\n"), map={"actor": "phone"})
    first, second = (row[0] for row in store.rows("SELECT id FROM actor_codes ORDER BY code"))
    assert erase(store, SETTINGS, first)["vault"] == 1
    vault = Vault.open(store.home)
    assert set(vault.reveal([first, second], "test", datetime(2026, 1, 1, tzinfo=UTC))) == {second}
    vault.close()


def test_erase_marks_cards_and_keeps_codes_of_the_others(store: Store, tmp_path: Path, write: Callable[[str, str], Path]) -> None:
    bring_people(store, write_people(tmp_path / "people.csv", 60))
    turn(make_run(store), (make_task(CONSTANT, LOGISTIC),))
    (before,) = [json.loads(row["card"]) for row in store.state.releases()]
    assert before["reproducible"]
    others = dict(store.rows("SELECT id, code FROM actor_codes WHERE id <> 'u0059'"))
    code = store.rows("SELECT code FROM actor_codes WHERE id = 'u0059'")[0][0]
    erase(store, SETTINGS, "u0059")
    assert not card_of(store, before["release"]).reproducible  # type: ignore[union-attr]
    assert store.count("scores") == store.count("outcomes") == store.count("actors") == 59
    bring(store, write("e.csv", "user_id,event,timestamp\nnewcomer,a,2026-03-01\n"))
    after = dict(store.rows("SELECT id, code FROM actor_codes"))
    assert others.items() <= after.items()
    assert after["newcomer"] != code, "a code is never given again"


def test_backup_and_restore_give_the_same_workspace(store: Store, tmp_path: Path, write: Callable[[str, str], Path]) -> None:
    a_person_everywhere(store, write)
    (store.root / "productloop.toml").write_text('[product]\nname = "Acme"\n', encoding="utf-8")
    size = backup(store, tmp_path / "deep" / "copy.zip")
    assert size == (tmp_path / "deep" / "copy.zip").stat().st_size
    assert [path.name for path in (tmp_path / "deep").iterdir()] == ["copy.zip"]
    with zipfile.ZipFile(tmp_path / "deep" / "copy.zip") as archive:
        assert not [name for name in archive.namelist() if "cache" in name or "write.lock" in name or "-wal" in name]
    restore(tmp_path / "deep" / "copy.zip", tmp_path / "other")
    other = Store(tmp_path / "other")
    for table in ("events", "feedback", "orders", "outcomes", "actor_codes"):
        query = f'SELECT * FROM "{table}" ORDER BY row_id'
        assert other.rows(query) == store.rows(query), table
    assert other.state.imports() == store.state.imports()
    assert other.identity_key() == store.identity_key()
    assert (other.root / "productloop.toml").read_text(encoding="utf-8") == '[product]\nname = "Acme"\n'
    done = bring(other, write("feedback.csv", (tmp_path / "feedback.csv").read_text(encoding="utf-8")))[0]
    assert (done.num_new, done.num_repeated) == (0, 2), "rows keep their identity"
    assert not list(tmp_path.glob("*.partial"))


def test_restore_refuses_an_occupied_folder_and_what_is_no_backup(store: Store, tmp_path: Path, write: Callable[[str, str], Path]) -> None:
    bring(store, write("e.csv", "user_id,event,timestamp\nu1,a,2026-03-01\n"))
    backup(store, tmp_path / "copy.zip")
    with pytest.raises(UsageError) as caught:
        restore(tmp_path / "copy.zip", store.root)
    assert caught.value.code == "restore_occupied"
    assert store.count("events") == 1
    with zipfile.ZipFile(tmp_path / "empty.zip", "w") as archive:
        archive.writestr("readme.txt", "hello")
    for path in (tmp_path / "empty.zip", write("text.zip", "no zip at all"), tmp_path / "missing.zip"):
        with pytest.raises(DataProblem) as problem:
            restore(path, tmp_path / "new")
        assert problem.value.code == "backup_unreadable"
        assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("name", ["../evil.txt", "/evil.txt", ".productloop/../../evil.txt", "a/../../evil.txt"])
def test_restore_writes_nothing_outside(tmp_path: Path, name: str) -> None:
    with zipfile.ZipFile(tmp_path / "bad.zip", "w") as archive:
        archive.writestr(".productloop/state.db", "")
        archive.writestr(name, "evil")
    with pytest.raises(DataProblem) as caught:
        restore(tmp_path / "bad.zip", tmp_path / "inner" / "new")
    assert caught.value.code == "backup_unreadable"
    assert not list(tmp_path.rglob("evil.txt"))


def test_restore_into_the_present_folder(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    backup(store, tmp_path / "copy.zip")
    (tmp_path / "here").mkdir()
    (tmp_path / "here.partial").mkdir()
    (tmp_path / "here.partial" / "mine.txt").write_text("keep me", encoding="utf-8")
    monkeypatch.chdir(tmp_path / "here")
    restore(tmp_path / "copy.zip", Path())
    Store(tmp_path / "here").close()
    assert (tmp_path / "here.partial" / "mine.txt").read_text(encoding="utf-8") == "keep me"


def test_compact_makes_one_file_in_order_and_keeps_every_row(store: Store, write: Callable[[str, str], Path]) -> None:
    for number in range(4):
        rows = "".join(f"u{(7 * i + number) % 5},step{number}_{i},2026-03-01T08:00:00\n" for i in range(10))
        bring(store, write(f"e{number}.csv", "user_id,event,timestamp\n" + rows))
    before = store.rows("SELECT * FROM events ORDER BY row_id")
    result = compact(store)
    assert result["events"] == (4, 1)
    assert store.rows("SELECT * FROM events ORDER BY row_id") == before
    found = store.rows("SELECT actor, time, sequence FROM events")
    assert found == sorted(found)
    assert compact(store)["events"] == (1, 1)


@pytest.mark.parametrize("named", [True, False])
def test_compact_keeps_versions_that_a_report_names(
    store: Store, write: Callable[[str, str], Path], monkeypatch: pytest.MonkeyPatch, named: bool
) -> None:
    """The seven days are made zero here, so that only the naming protects a version."""
    bring(store, write("a.csv", "user_id,event,timestamp\nu1,a,2026-03-01\n"))
    pinned = store.versions()
    if named:
        row = {"id": "k", "action": "needs", "request": "{}", "as_of": None, "created_at": NOW, "body": "{}"}
        store.state.save_report(row | {"versions": json.dumps(pinned)})
    bring(store, write("b.csv", "user_id,event,timestamp\nu2,b,2026-03-02\n"))
    real = Store.vacuum
    asked: list[int] = []

    def at_once(self: Store, table: str, hours: int) -> None:
        asked.append(hours)
        real(self, table, 0)

    monkeypatch.setattr(Store, "vacuum", at_once)
    compact(store)
    assert set(asked) == (set() if named else {7 * 24})
    assert store.count("events") == 2
    old = Store(store.root, pinned=pinned)
    if named:
        assert old.rows("SELECT name FROM events") == [("a",)]
    else:
        with pytest.raises(duckdb.Error):
            old.rows("SELECT name FROM events")


def test_exports_have_a_bom_ids_of_the_source_and_no_formulas(store: Store, tmp_path: Path, write: Callable[[str, str], Path]) -> None:
    texts = ["=cmd|' /C calc'!A0", "+1 for this", "-1 never again", "@everyone", "普通 text", "\t=1+1"]
    body = "".join(f'u{i},"{text}",2026-03-01\n' for i, text in enumerate(texts))
    bring(store, write("f.csv", "user_id,text,time\n" + body))
    assert export_table(store, "feedback", tmp_path / "out" / "feedback.csv") == len(texts)
    content = (tmp_path / "out" / "feedback.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    with (tmp_path / "out" / "feedback.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = sorted(csv.DictReader(file), key=lambda row: row["author"])
    assert [row["author"] for row in rows] == [f"u{i}" for i in range(len(texts))]
    assert all(not row["text"].startswith(("=", "+", "-", "@", "\t")) for row in rows)
    assert rows[4]["text"] == "普通 text"
    assert rows[0]["time"].startswith("2026-03-01")
    assert export_table(store, "feedback", tmp_path / "feedback.parquet") == len(texts)
    assert duckdb.sql(f"SELECT count(*) FROM read_parquet('{(tmp_path / 'feedback.parquet').as_posix()}')").fetchall() == [(len(texts),)]
    assert export_table(store, "metrics", tmp_path / "metrics.csv") == 0
    with pytest.raises(UsageError) as caught:
        export_table(store, "nothing", tmp_path / "x.csv")
    assert caught.value.code == "table_unknown"


@given(st.one_of(st.text(max_size=20), st.floats(allow_nan=False), st.integers(), st.none()))
def test_only_texts_that_would_run_are_escaped(cell: Any) -> None:
    written = escape_formula(cell)
    if isinstance(cell, str) and cell.startswith(("=", "@")):
        assert written == "'" + cell
    elif not isinstance(cell, str):
        assert written is cell
    else:
        assert written in (cell, "'" + cell)
        assert written == cell or cell.startswith(("+", "-", "\t", "\r"))


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("-5", "-5"),
        ("-1.5e3", "-1.5e3"),
        (-3, -3),
        ("+86 138", "'+86 138"),
        ("-1+cmd", "'-1+cmd"),
        ("--", "'--"),
        ("", ""),
        ("\t=5", "'\t=5"),
    ],
)
def test_negative_numbers_stay_numbers(cell: Any, written: Any) -> None:
    assert escape_formula(cell) == written


def test_reset_keeps_only_the_settings(store: Store, write: Callable[[str, str], Path]) -> None:
    bring(store, write("e.csv", "user_id,event,timestamp\nu1,a,2026-03-01\n"))
    (store.root / "productloop.toml").write_text("[product]\n", encoding="utf-8")
    reset(store)
    again = Store(store.root)
    assert (again.count("events"), again.state.imports()) == (0, [])
    assert (store.root / "productloop.toml").exists()


def test_an_export_says_how_many_rows_lead_back_to_a_person(store: Store, write: Callable[[str, str], Path]) -> None:
    common = "".join(f"u{i},free,CN\n" for i in range(12))
    bring(store, write("actors.csv", "user_id,plan,country\n" + common + "rare1,pro,IS\nrare2,plus,FO\n"))
    risk = export_anonymity(store, "actors")
    assert risk is not None
    assert (risk.num_rows, risk.num_rows_below, risk.smallest_group) == (14, 2, 1)
    assert {cause.name for cause in risk.causes} == {"plan", "country"}
    assert export_anonymity(store, "items") is None, "no people in it"
