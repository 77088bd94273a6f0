"""Accounts: whom a person belongs to at a moment, people without one, and sums by account."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.loop.fake_task import bring

from productloop.loop.accounts import accounts_of, has_accounts, people_of, roll_up
from productloop.loop.features import DAY_US
from productloop.loop.store import Store

MARCH = 1_772_323_200_000_000  # 2026-03-01
FILE = (
    "user_id,account,plan,known_at\nu1,acme,pro,2026-03-01\nu2,acme,pro,2026-03-01\nu3,,free,2026-03-01\n"
    "u2,globex,pro,2026-03-10\nu2,,gold,2026-03-12\nu4,solo,free,\n"
)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    folder: Path = tmp_path_factory.mktemp("accounts")
    store = Store.create(folder / "workspace")
    (folder / "actors.csv").write_text(FILE, encoding="utf-8")
    bring(store, folder / "actors.csv", table="actors")
    return store


def codes(store: Store, *names: str) -> np.ndarray:
    known = dict(store.rows("SELECT id, code FROM actor_codes"))
    return np.array([known[name] for name in names], dtype=np.int32)


def test_a_person_belongs_where_they_did_at_that_moment(store: Store) -> None:
    everybody = codes(store, "u1", "u2", "u3", "u4")
    assert accounts_of(store, everybody, MARCH + DAY_US).tolist() == ["acme", "acme", "u3", "solo"]
    assert accounts_of(store, everybody, 0).tolist() == ["acme", "globex", "u3", "solo"], "a row without an account takes none away"
    assert accounts_of(store, everybody, MARCH - DAY_US).tolist() == ["u1", "u2", "u3", "solo"]


def test_each_person_may_be_asked_at_another_moment(store: Store) -> None:
    asked = codes(store, "u2", "u2", "u1", "u2")
    at = np.array([MARCH + 20 * DAY_US, MARCH, MARCH, MARCH - 1], dtype=np.int64)
    together = accounts_of(store, asked, at).tolist()
    assert together == ["globex", "acme", "acme", "u2"]
    assert together == [accounts_of(store, asked[row : row + 1], int(at[row]))[0] for row in range(4)]


def test_people_of_an_account_and_of_a_person(store: Store) -> None:
    assert people_of(store, "acme", MARCH).tolist() == codes(store, "u1", "u2").tolist()
    assert people_of(store, "acme", 0).tolist() == codes(store, "u1").tolist()
    assert people_of(store, "u3", 0).tolist() == codes(store, "u3").tolist()
    assert len(people_of(store, "nobody", 0)) == 0
    assert has_accounts(store)


def test_without_a_table_of_people_everyone_is_their_own_account(tmp_path: Path) -> None:
    store = Store.create(tmp_path / "workspace")
    (tmp_path / "events.csv").write_text("user_id,event,timestamp\na,open,2026-03-02\nb,open,2026-03-02\n", encoding="utf-8")
    bring(store, tmp_path / "events.csv", table="events")
    assert sorted(accounts_of(store, codes(store, "a", "b"), 0)) == ["a", "b"]
    assert not has_accounts(store)
    assert len(accounts_of(store, np.array([], dtype=np.int32), 0)) == 0


@given(st.lists(st.tuples(st.sampled_from("abcde"), st.integers(-50, 50)), max_size=30))
def test_sums_by_account_lose_nothing(people: list[tuple[str, int]]) -> None:
    ids = np.array([name for name, _ in people], dtype=object)
    values = np.array([value for _, value in people], dtype=np.float64)
    rolled = roll_up(ids)
    assert rolled.ids.tolist() == list(dict.fromkeys(ids.tolist()))
    assert rolled.num_people.sum() == len(people)
    for row, name in enumerate(rolled.ids.tolist()):
        assert rolled.sums(values)[row] == sum(value for one, value in people if one == name)
        assert rolled.largest(values)[row] == max(value for one, value in people if one == name)
        assert set(ids[rolled.people(row)]) == {name}
