"""Import: identity, order, masking, quarantine, undo, and the public files as published."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from productloop.foundation.errors import Cancelled, DataProblem, UsageError, WorkspaceProblem
from productloop.foundation.settings import load_settings
from productloop.loop.importing import Imported, ImportRequest, import_path, repair, undo
from productloop.loop.store import Store
from productloop.loop.vault import Vault

SETTINGS = load_settings(None, {})
AT = 1_780_000_000_000_000


def silent(_stage: str, _done: int, _total: int) -> None:
    pass


def bring(store: Store, path: Path, **more: object) -> list[Imported]:
    return import_path(store, SETTINGS, ImportRequest(path, **more), AT, silent)  # type: ignore[arg-type]


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


FEEDBACK = "id,user_id,created_at,text,rating\nr1,u1,2026-03-01 08:00:00,Card was declined,1\nr2,u2,2026-03-02 09:00:00,很好用,5\n"


def test_a_file_twice_adds_nothing(store: Store, write: Callable[[str, str], Path]) -> None:
    path = write("feedback.csv", FEEDBACK)
    first, second = bring(store, path)[0], bring(store, path)[0]
    assert (first.table, first.num_rows, first.num_new, first.num_repeated) == ("feedback", 2, 2, 0)
    assert (second.num_new, second.num_repeated) == (0, 2)
    assert store.count("feedback") == 2


def test_multiplicity_is_the_maximum_over_imports(store: Store, write: Callable[[str, str], Path]) -> None:
    row = "u1,login,2026-03-01T08:00:00\n"
    bring(store, write("a.csv", "user_id,event,timestamp\n" + row * 2))
    bring(store, write("b.csv", "user_id,event,timestamp\n" + row * 3))
    bring(store, write("c.csv", "user_id,event,timestamp\n" + row))
    assert store.count("events") == 3


def test_a_source_id_is_the_identity_even_when_the_text_changed(store: Store, write: Callable[[str, str], Path]) -> None:
    bring(store, write("a.csv", FEEDBACK))
    bring(store, write("b.csv", FEEDBACK.replace("很好用", "很好用！！")))
    assert store.count("feedback") == 2


def test_events_keep_their_order_under_ties(store: Store, write: Callable[[str, str], Path]) -> None:
    rows = "".join(f"u{i % 3},step{i},2026-03-01T08:00:00\n" for i in range(30))
    bring(store, write("e.csv", "user_id,event,timestamp\n" + rows))
    found = store.rows("SELECT actor, name, sequence FROM events")
    assert found == sorted(found, key=lambda row: (row[0], row[2]))
    assert [row[1] for row in found if row[0] == 0] == [f"step{i}" for i in range(0, 30, 3)]


def test_codes_are_append_only(store: Store, write: Callable[[str, str], Path]) -> None:
    bring(store, write("a.csv", "user_id,event,timestamp\nzoe,a,2026-03-01\nadam,a,2026-03-01\n"))
    before = dict(store.rows("SELECT id, code FROM actor_codes"))
    bring(store, write("b.csv", "user_id,event,timestamp\nbob,a,2026-03-02\nzoe,b,2026-03-02\n"))
    after = dict(store.rows("SELECT id, code FROM actor_codes"))
    assert before == {"zoe": 0, "adam": 1}
    assert after == before | {"bob": 2}


def test_texts_are_masked_before_they_are_stored(store: Store, write: Callable[[str, str], Path]) -> None:
    bring(store, write("f.csv", "user_id,text,time\nu1,call me at 13812345678 or a.b@example.com,2026-03-01\n"))
    text = store.rows("SELECT text FROM feedback")[0][0]
    assert "13812345678" not in text
    assert "example.com" not in text
    for path in (store.home / "lake").rglob("*.parquet"):
        assert b"13812345678" not in path.read_bytes()
    vault = Vault.open(store.home)
    assert len(vault.audit()) == 0
    vault.close()


def test_nicknames_count_people_but_are_not_kept(store: Store, write: Callable[[str, str], Path]) -> None:
    bring(store, write("f.csv", "作者,内容,评级,发表时间\n小明同学,好,5,2026-03-01\n小明同学,很好,5,2026-03-02\n大壮,差,1,2026-03-02\n"))
    assert store.rows("SELECT count(DISTINCT author) FROM feedback")[0][0] == 2
    assert all(str(row[0]).startswith("p_") for row in store.rows("SELECT id FROM actor_codes"))


def test_contacts_as_ids_join_and_masked_ones_never_do(store: Store, write: Callable[[str, str], Path]) -> None:
    bring(
        store,
        write("e.csv", "phone,event,timestamp\n+86 138 1234 5678,a,2026-03-01\n13812345678,b,2026-03-02\n138****5678,c,2026-03-03\n"),
        map={"actor": "phone"},
    )
    assert store.count("actor_codes") == 1
    assert store.count("events") == 2
    assert store.rows('SELECT "column" FROM quarantine') == [("actor",)]


def test_unusable_rows_are_set_aside_and_counted(store: Store, write: Callable[[str, str], Path]) -> None:
    path = write("e.csv", "user_id,event,timestamp\nu1,a,2026-03-01\n,b,2026-03-02\nu3,c,20255-01-01\nu4,,2026-03-02\n")
    done = bring(store, path)[0]
    assert (done.num_rows, done.num_new, done.num_quarantined) == (4, 1, 3)
    assert dict(done.quarantine) == {"actor": 1, "name": 1, "time": 1}
    bring(store, path)
    assert store.count("quarantine") == 3, "the same bad row is set aside once"


def test_outcome_becomes_rows_and_leaves_the_attributes(store: Store, write: Callable[[str, str], Path]) -> None:
    path = write("c.csv", "customerID,tenure,TotalCharges,Churn\nc1,1,29.85,Yes\nc2,34, ,No\nc3,2,10,No\n")
    bring(store, path, outcome="Churn=Yes", table="actors")
    assert store.rows("SELECT task, value, count(*) FROM outcomes GROUP BY ALL ORDER BY 2") == [("churn", "No", 2), ("churn", "Yes", 1)]
    assert dict(store.attributes("actors")) == {"tenure": "DOUBLE", "TotalCharges": "DOUBLE"}


def test_an_outcome_told_later_is_kept_for_rows_that_are_there_already(store: Store, write: Callable[[str, str], Path]) -> None:
    path = write("c.csv", "customerID,tenure,Churn\nc1,1,Yes\nc2,34,No\nc2,34,No\nc3,2,No\n")
    bring(store, path, table="actors")
    assert not store.exists("outcomes")
    for _ in range(2):
        done = bring(store, path, outcome="Churn=Yes", table="actors")[0]
        assert (done.num_new, store.count("actors")) == (0, 4)
        assert store.rows("SELECT value, count(*) FROM outcomes GROUP BY ALL ORDER BY 1") == [("No", 3), ("Yes", 1)]


def test_a_type_conflict_widens_to_text(store: Store, write: Callable[[str, str], Path]) -> None:
    bring(store, write("a.csv", "user_id,seats\nu1,3\nu2,4\n"), table="actors")
    done = bring(store, write("b.csv", "user_id,seats\nu3,many\nu4,5\n"), table="actors")[0]
    assert "loop.import.widened" in [note.key for note in done.notes]
    assert dict(store.attributes("actors"))["seats"] == "VARCHAR"
    assert store.count("actors") == 4


def test_naive_times_are_read_in_the_declared_zone(store: Store, write: Callable[[str, str], Path]) -> None:
    bring(store, write("e.csv", "user_id,event,timestamp\nu1,a,2026-03-01 08:00:00\n"), time_zone="Asia/Shanghai")
    assert store.rows("SELECT time FROM events")[0][0] == 1_772_323_200_000_000


def test_undo_takes_rows_back_and_names_what_to_import_again(store: Store, write: Callable[[str, str], Path]) -> None:
    first = bring(store, write("a.csv", FEEDBACK))[0]
    bring(store, write("b.csv", FEEDBACK + "r3,u3,2026-03-03 10:00:00,new one,3\n"))
    gone, later = undo(store, SETTINGS, first.import_id)
    assert gone["feedback"] == 2
    assert [Path(source).name for source in later] == ["b.csv"]
    assert store.rows("SELECT id FROM feedback") == [("r3",)]
    bring(store, write("b.csv", FEEDBACK + "r3,u3,2026-03-03 10:00:00,new one,3\n"))
    assert store.count("feedback") == 3
    with pytest.raises(UsageError) as caught:
        undo(store, SETTINGS, first.import_id)
    assert caught.value.code == "import_unknown"


@pytest.mark.parametrize("stage", ["read", "convert", "write"])
def test_an_interruption_leaves_nothing(store: Store, write: Callable[[str, str], Path], stage: str) -> None:
    def stop(name: str, _done: int, _total: int) -> None:
        if name == stage:
            raise Cancelled

    with pytest.raises(Cancelled):
        import_path(store, SETTINGS, ImportRequest(write("f.csv", FEEDBACK)), AT, stop)
    assert store.count("feedback") == 0
    assert store.state.imports() == []


@pytest.mark.parametrize("table", ["actor_codes", "quarantine", "feedback"])
def test_a_process_killed_between_commits_is_repaired(
    store: Store, write: Callable[[str, str], Path], table: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The import dies right after the commit of `table`; the next writer finishes it or takes it back, never half."""
    real = Store.append

    def dying(self: Store, name: str, rows: object, import_id: int) -> None:
        real(self, name, rows, import_id)
        if name == table:
            raise MemoryError

    path = write("f.csv", FEEDBACK + "r9,u9,2026-03-03,,4\n")
    monkeypatch.setattr(Store, "append", dying)
    with pytest.raises(MemoryError):
        bring(store, path)
    monkeypatch.setattr(Store, "append", real)
    again = Store(store.root)
    with again.writing():
        touched = repair(again)
    assert len(touched) == 1
    status = again.state.imports()[0]["status"]
    assert (status, again.count("feedback")) in {("done", 2), ("failed", 0)}
    assert (status == "done") == (table == "feedback")
    bring(again, path)
    assert again.count("feedback") == 2
    assert again.count("quarantine") == 1


def test_a_full_disk_is_said_and_nothing_is_lost(store: Store, write: Callable[[str, str], Path], monkeypatch: pytest.MonkeyPatch) -> None:
    bring(store, write("a.csv", FEEDBACK))

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("productloop.loop.lake.write_file", full)
    with pytest.raises(WorkspaceProblem) as caught:
        bring(store, write("b.csv", FEEDBACK.replace("r1", "r7")))
    assert "the disk is full" in caught.value.render("en")[0]
    monkeypatch.undo()
    assert Store(store.root).count("feedback") == 2


def test_years_that_cannot_be(store: Store, write: Callable[[str, str], Path]) -> None:
    with pytest.raises(DataProblem):
        bring(store, write("e.csv", "user_id,event,timestamp\nu1,a,20255-03-01\nu2,b,20255-03-02\n"))
    assert store.count("events") == 0


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 3)), min_size=1, max_size=30))
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_split_of_a_file_stores_what_the_whole_does(tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, int]]) -> None:
    """Distinct rows over two overlapping files: the union, each once."""
    folder = tmp_path_factory.mktemp("split")
    store = Store.create(folder / "workspace")
    lines = [f"{actor},event{number},2026-03-0{1 + number}T00:00:00\n" for actor, number in dict.fromkeys(rows)]
    half = len(lines) // 2
    for name, part in (("a.csv", lines[: half + 1]), ("b.csv", lines[half:])):
        (folder / name).write_text("user_id,event,timestamp\n" + "".join(part), encoding="utf-8")
        bring(store, folder / name)
    assert store.count("events") == len(lines)
    store.close()


PUBLISHED = (
    ("amazon_alexa", "amazon_alexa.tsv", {}, "feedback", 3150),
    ("waimai_10k", "waimai_10k.csv", {}, "feedback", 11987),
    ("telco_churn", "Telco-Customer-Churn.csv", {"outcome": "Churn=Yes"}, "actors", 7043),
    ("simple_shop", "simple-onlineshop.csv", {}, "events", 32283),
    ("cdnow", "CDNOW_master.txt.gz", {}, "orders", 69659),
    ("movielens_100k", "u.data.gz", {"columns": ("actor", "item", "value", "time")}, "events", 100000),
    ("olid", "olid-training-v1.0.tsv.gz", {}, "feedback", 13240),
    ("cookie_cats", "cookie_cats.csv.gz", {}, "actors", 90189),
    ("cold_zh", "dev.csv", {}, "feedback", 6431),
    ("appstore_zh", "", {}, "feedback", 10000),
)


@pytest.mark.shared
@pytest.mark.parametrize(("name", "file", "options", "table", "num_rows"), PUBLISHED, ids=[case[0] for case in PUBLISHED])
def test_public_files_read_as_published(
    store: Store, shared_data: Callable[[str], Path], name: str, file: str, options: dict[str, object], table: str, num_rows: int
) -> None:
    path = shared_data(name) / file if file else shared_data(name)
    first = bring(store, path, **options)
    assert {done.table for done in first} == {table}
    assert sum(done.num_rows for done in first) == num_rows
    assert sum(done.num_new + done.num_repeated + done.num_quarantined for done in first) == num_rows, "every row is accounted for"
    stored = store.count(table)
    again = bring(store, path, **options)
    assert sum(done.num_new for done in again) == 0
    assert store.count(table) == stored == sum(done.num_new for done in first)


@pytest.mark.shared
def test_deleted_markers_become_a_status(store: Store, shared_data: Callable[[str], Path]) -> None:
    bring(store, shared_data("appstore_zh"))
    found = store.rows("SELECT product, count(*) FROM feedback WHERE status = 'deleted' GROUP BY product")
    assert dict(found) == {"小米商城": 1524, "米家": 1188}
    assert store.rows("SELECT count(*) FROM feedback WHERE text LIKE '%该条评论已经被删除%'")[0][0] == 0


@pytest.mark.shared
def test_blank_numbers_of_telco_are_missing(store: Store, shared_data: Callable[[str], Path]) -> None:
    bring(store, shared_data("telco_churn") / "Telco-Customer-Churn.csv", outcome="Churn=Yes")
    values = store.columns('SELECT "TotalCharges" FROM actors')["TotalCharges"]
    assert values.dtype == np.float64
    assert int(np.isnan(values).sum()) == 11
    assert store.rows("SELECT count(*) FROM outcomes WHERE value = 'Yes'")[0][0] == 1869


def test_the_ledger_is_plain_data(store: Store, write: Callable[[str, str], Path]) -> None:
    bring(store, write("a.csv", FEEDBACK))
    row = store.state.imports()[0]
    assert row["status"] == "done"
    assert json.loads(row["notes"]) == []


def test_outcome_writes_the_task_once_and_keeps_comments(store: Store, write: Callable[[str, str], Path]) -> None:
    (store.root / "productloop.toml").write_text('# mine\n[product]\nname = "小店"\n', encoding="utf-8")
    path = write("c.csv", "customerID,tenure,Churn\nc1,1,Yes\nc2,34,No\n")
    done = bring(store, path, outcome="Churn=Yes", table="actors")[0]
    bring(store, path, outcome="Churn=Yes", table="actors")
    text = (store.root / "productloop.toml").read_text(encoding="utf-8")
    assert text.count("[tasks.churn]") == 1
    assert text.startswith("# mine\n")
    assert load_settings(store.root / "productloop.toml", {}).tasks == {"churn": {"template": "risk.outcome", "outcome": "churn=Yes"}}
    assert done.outcome == ("churn", "Yes", 1, 2)
    assert done.attributes == ("tenure",)


@pytest.mark.shared
def test_cdnow_money_and_people_are_those_of_the_file(store: Store, shared_data: Callable[[str], Path]) -> None:
    """23,570 customers (Fader and Hardie), and every cent of the file."""
    import gzip
    from decimal import Decimal

    path = shared_data("cdnow") / "CDNOW_master.txt.gz"
    bring(store, path)
    with gzip.open(path, "rt") as lines:
        next(lines)
        cents = sum(int(Decimal(line.split()[3]) * 100) for line in lines)
    assert store.rows("SELECT count(DISTINCT actor), sum(amount) FROM orders") == [(23570, cents)]
