"""Features: only what was known before each moment, unseen categories as "other", the same in a batch and one by one."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.loop.fake_task import bring

from productloop.foundation.errors import DataProblem
from productloop.loop.features import DAY_US, describe, encode, raw_columns, row_columns
from productloop.loop.records import InputColumn, Keys, Signature
from productloop.loop.store import Store

AT = 1_772_323_200_000_000 + 10 * DAY_US  # 2026-03-11
FILES = {
    "actors.csv": "user_id,signup_date,plan,seats,known_at\nu1,2026-03-01,free,1,2026-03-01\nu1,2026-03-01,pro,5,2026-03-09\n"
    "u1,2026-03-01,gold,9,2026-03-20\nu2,2026-03-05,pro,2,2026-03-05\n",
    "events.csv": "user_id,event,timestamp\nu1,login,2026-03-02T08:00:00\nu1,pay,2026-03-10T08:00:00\nu1,login,2026-03-11T00:00:00\n"
    "u1,login,2026-03-15T08:00:00\nu2,login,2026-02-01T08:00:00\n",
    "orders.csv": "order_id,user_id,order_date,amount\no1,u1,2026-03-03,9.50\no2,u1,2026-03-30,100\n",
    "feedback.csv": "user_id,text,rating,time\nu1,good,4,2026-03-05\nu1,bad,1,2026-03-25\n",
}


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = Store.create(tmp_path / "workspace")
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
        bring(store, tmp_path / name, table=name.removesuffix(".csv"))
    return store


def asked(store: Store, at: int = AT) -> Keys:
    codes = dict(store.rows("SELECT id, code FROM actor_codes"))
    names = ["u1", "u2"]
    return Keys(np.array([codes[n] for n in names], dtype=np.int32), np.full(2, at, dtype=np.int64), np.array(names, dtype=object))


def test_what_was_known_before_the_moment(store: Store) -> None:
    raw = raw_columns(store, asked(store))
    assert raw["plan"].tolist() == ["pro", "pro"]
    assert raw["seats"].tolist() == [5.0, 2.0]
    assert raw["days_since_sign_up"].tolist() == [10.0, 6.0]
    assert raw["events_28_days"].tolist() == [2.0, 0.0], "the event at the very moment is not before it"
    assert raw["events_28_days_before"].tolist() == [0.0, 1.0]
    assert raw["login_28_days"].tolist() == [1.0, 0.0]
    assert raw["days_since_last_event"][0] == pytest.approx(16 / 24)
    assert raw["orders"].tolist() == [1.0, 0.0]
    assert raw["amount_84_days"].tolist() == [9.5, 0.0]
    assert raw["mean_rating_84_days"][0] == 4.0
    assert np.isnan(raw["mean_rating_84_days"][1])
    assert "seats" not in raw_columns(store, asked(store), leave_out=("seats",))


def test_nothing_changes_when_the_future_is_deleted(store: Store) -> None:
    before = raw_columns(store, asked(store))
    store.delete_rows("actors", f"known_at > {AT}")
    for table in ("events", "orders", "feedback"):
        assert store.delete_rows(table, f"time >= {AT}") > 0
    after = raw_columns(store, asked(store))
    assert before.keys() == after.keys()
    for name, values in before.items():
        np.testing.assert_array_equal(values, after[name], err_msg=name)


def test_a_batch_is_the_same_as_one_by_one(store: Store) -> None:
    everybody = asked(store)
    many = Keys(np.tile(everybody.code, 20), np.repeat(AT - np.arange(20) * DAY_US, 2), np.tile(everybody.ids, 20))
    batch = raw_columns(store, many)
    signature = describe(batch)
    together = encode(batch, signature, len(many)).values
    for row in range(0, 40, 7):
        alone = encode(raw_columns(store, many.take(np.array([row]))), signature, 1).values
        assert np.array_equal(alone[0], together[row], equal_nan=True)


def test_a_new_person_has_columns_too(store: Store) -> None:
    raw = raw_columns(store, Keys(np.array([999], dtype=np.int32), np.array([AT]), np.array(["new"], dtype=object)))
    assert raw["events_28_days"].tolist() == [0.0]
    assert np.isnan(raw["days_since_last_event"][0])


def test_describe_leaves_out_what_says_nothing() -> None:
    raw = {
        "constant": np.ones(100),
        "empty": np.full(100, np.nan),
        "number": np.arange(100.0),
        "id": np.array([f"id{i}" for i in range(100)], dtype=object),
        "colour": np.array(["red", "green", None, "blue"] * 25, dtype=object),
        "one": np.array(["same"] * 100, dtype=object),
    }
    signature = describe(raw)
    assert [(c.name, c.kind, c.categories) for c in signature.columns] == [
        ("colour", "category", ("blue", "green", "red")),
        ("number", "number", ()),
    ]


def test_dates_become_days_weekday_and_month_however_one_row_writes_them() -> None:
    days = np.array([f"{1 + row % 12}/{1 + row % 28}/2015" for row in range(60)], dtype=object)
    signature = describe({"signed": days})
    assert [(c.name, c.kind, c.unit) for c in signature.columns] == [
        ("signed:day", "number", "day:mdy"),
        ("signed:weekday", "category", "weekday:mdy"),
        ("signed:month", "number", "month:mdy"),
    ]
    row = encode(row_columns({"signed": "3/2/2015"}, signature), signature, 1).values[0]
    assert row.tolist() == [16496.0, 0.0, 3.0]  # Monday 2015-03-02
    assert np.isnan(encode(row_columns({"signed": "soon"}, signature), signature, 1).values).all()


def test_ids_free_text_and_masked_words_are_left_out_and_rare_ones_are_other() -> None:
    generator = np.random.default_rng(0)
    common = [f"model{row % 30}" for row in range(900)]
    raw = {
        "policy_number": 100_000.0 + generator.permutation(1000),
        "zip": generator.permutation(1000) + 400_000.0,
        "amount": generator.permutation(1000) * 1.0,
        "street": np.array(["[address]"] * 800 + [f"{row} Main" for row in range(200)], dtype=object),
        "note": np.array([f"text {row % 300}" for row in range(1000)], dtype=object),
        "model": np.array(common + [f"rare{row}" for row in range(100)], dtype=object),
    }
    signature = describe(raw)
    assert [column.name for column in signature.columns] == ["amount", "model"]
    model = signature.columns[1]
    assert len(model.categories) == 30
    assert all(category.startswith("model") for category in model.categories)
    assert encode(raw, signature, 1000).values[-1, 1] == 30


SIGNATURE = Signature(
    columns=(InputColumn(name="colour", kind="category", categories=("blue", "red")), InputColumn(name="n", kind="number"))
)


def test_an_unseen_category_becomes_other() -> None:
    given = {"colour": np.array(["red", "purple", None, "blue"], dtype=object), "n": np.array(["1.5", "x", None, np.inf], dtype=object)}
    encoded = encode(given, SIGNATURE, 4)
    np.testing.assert_array_equal(encoded.values[:, 0], [1, 2, np.nan, 0])
    np.testing.assert_array_equal(encoded.values[:, 1], [1.5, np.nan, np.nan, np.nan])
    assert encoded.num_categories == (2, 0)


def test_a_missing_required_input_is_named() -> None:
    required = SIGNATURE.model_copy(update={"columns": (*SIGNATURE.columns, InputColumn(name="tenure", kind="number", required=True))})
    with pytest.raises(DataProblem) as caught:
        encode({}, required, 1)
    assert "tenure" in caught.value.render("en")[0]
    np.testing.assert_array_equal(encode({}, SIGNATURE, 2).values, np.full((2, 2), np.nan))


def test_a_row_of_a_caller_keeps_only_known_names() -> None:
    raw = row_columns({"colour": "red", "other": 1}, SIGNATURE)
    assert list(raw) == ["colour"]
    assert raw["colour"].tolist() == ["red"]


def test_events_of_the_training_keep_their_columns_when_the_ranking_moves(tmp_path: Path) -> None:
    """More than twelve event names: which ones have a column is decided at training, not by what is common when asked."""
    rows = [f"u{person},event{number:02d},2026-03-01T0{person % 8}:00:00" for number in range(14) for person in range(20 - number)]
    old = bring_events(tmp_path / "a", rows)
    trained = describe(raw_columns(old, asked(old)))
    more = [f"u{person},fresh{number:02d},2026-03-02T00:00:00" for number in range(14) for person in range(30)]
    new = bring_events(tmp_path / "b", rows + more)
    again = raw_columns(new, asked(new), trained=trained)
    assert {column.name for column in trained.columns} <= set(again)
    old.close()
    new.close()


def bring_events(folder: Path, rows: list[str]) -> Store:
    folder.mkdir(parents=True)
    store = Store.create(folder / "workspace")
    (folder / "events.csv").write_text("user_id,event,timestamp\n" + "\n".join(rows) + "\n", encoding="utf-8")
    bring(store, folder / "events.csv", table="events")
    return store


CELLS = st.one_of(st.none(), st.text(max_size=4), st.floats(), st.integers(), st.booleans(), st.sampled_from(["a", "b", "1", "1e400"]))


@given(st.lists(CELLS, min_size=4, max_size=4), st.sets(st.integers(0, 3)))
def test_one_row_is_encoded_as_in_a_batch(cells: list[object], left_out: set[int]) -> None:
    kinds: tuple[Literal["number", "category"], ...] = ("number", "category", "number", "category")
    columns = tuple(InputColumn(name=f"c{place}", kind=kind, categories=("a", "1", "True")) for place, kind in enumerate(kinds))
    signature = Signature(columns=columns)
    row = {f"c{place}": cell for place, cell in enumerate(cells) if place not in left_out}
    raw = row_columns(row, signature)
    alone = encode(raw, signature, 1)
    twice = encode({name: np.repeat(values, 2) for name, values in raw.items()}, signature, 2)
    np.testing.assert_array_equal(alone.values[0], twice.values[1])
    assert alone.describe() == twice.describe()
