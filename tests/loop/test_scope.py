"""Scope: days in the product's zone, conditions, segments and products, applied once in the store."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.loop.fake_task import bring

from productloop.foundation.errors import UsageError
from productloop.loop.scope import Scope, parse_condition
from productloop.loop.store import Store

DAY = 86_400_000_000
FEEDBACK = """id,user_id,created_at,text,rating,product,plan tier
r1,u1,2026-03-01 23:30:00,first,1,Ours,pro
r2,u2,2026-03-02 08:00:00,it's slow,5,Theirs,free
r3,u3,,undated,3,Ours,nan
r4,u1,2026-03-05 08:00:00,fourth,2,Ours,inf
"""
EVENTS = """user_id,event,timestamp,os,weird key
u1,login,2026-03-01T08:00:00,android,1
u2,login,2026-03-02T08:00:00,ios,2.0
u1,pay,2026-03-05T08:00:00,android,x
"""


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    folder = tmp_path_factory.mktemp("scope")
    store = Store.create(folder / "workspace")
    for name, text in (("feedback.csv", FEEDBACK), ("events.csv", EVENTS)):
        (folder / name).write_text(text, encoding="utf-8")
        bring(store, folder / name)
    import arro3.core as arrow
    import numpy as np

    code = store.rows("SELECT code FROM actor_codes WHERE id = 'u2'")[0][0]
    number = arrow.Array.from_numpy(np.zeros(1, dtype=np.int64))
    text_of = arrow.DataType.utf8()
    row = {"row_id": arrow.Array(["s"], text_of), "import_id": number, "sequence": number, "segment": arrow.Array(["it's new"], text_of)}
    store.append("segments", arrow.Table.from_pydict(row | {"actor": arrow.Array.from_numpy(np.array([code], dtype=np.int32))}), 0)
    return store


def seen(store: Store, zone: str = "UTC", as_of: int | None = None, **asked: object) -> tuple[list[str], list[str]]:
    """(feedback ids, names of events) inside a scope."""
    inside = store.narrowed(Scope(**asked), zone, as_of)  # type: ignore[arg-type]
    feedback = [row[0] for row in inside.rows("SELECT id FROM feedback ORDER BY id")]
    events = [row[0] for row in inside.rows("SELECT name FROM events ORDER BY time")]
    inside.close()
    return feedback, events


def test_days(store: Store) -> None:
    assert seen(store) == (["r1", "r2", "r3", "r4"], ["login", "login", "pay"])
    assert seen(store, since="2026-03-02") == (["r2", "r4"], ["login", "login", "pay"]), "what came before still says who is new"
    assert seen(store, until="2026-03-02") == (["r1", "r2"], ["login", "login"]), "the last day is inside; no date is not"
    assert seen(store, since="2026-03-02", until="2026-03-02")[0] == ["r2"]
    assert seen(store, "Asia/Shanghai", until="2026-03-01")[0] == [], "23:30 UTC is the next day in Shanghai"
    assert seen(store, until="9999-12-31")[1] == ["login", "login", "pay"]


def test_as_of_hides_what_came_later(store: Store) -> None:
    at = store.rows("SELECT time FROM events WHERE name = 'login' ORDER BY time DESC LIMIT 1")[0][0]
    assert seen(store, as_of=at) == (["r1", "r2", "r3"], ["login", "login"])
    assert seen(store, as_of=at - 1)[1] == ["login"]


def test_products_and_segments(store: Store) -> None:
    assert seen(store, product="Ours")[0] == ["r1", "r3", "r4"]
    assert seen(store, product="nobody's")[0] == []
    assert seen(store, segment="it's new") == (["r2"], ["login"])
    assert seen(store, segment="none") == ([], [])


@pytest.mark.parametrize(
    ("condition", "feedback"),
    [
        ("rating<=2", ["r1", "r4"]),
        ("rating = 5", ["r2"]),
        ("rating=5.0", ["r2"]),
        ("rating!=5", ["r1", "r3", "r4"]),
        ("text~SLOW", ["r2"]),
        ("text='it's slow'", ["r2"]),
        ("text~'", ["r2"]),
        ("plan_tier=pro", ["r1"]),
        ("plan_tier=nan", ["r3"]),
        ("plan_tier=inf", ["r4"]),
        ("plan_tier!=nan", ["r1", "r2", "r4"]),
        ("rating>nan", []),
        ("product=Ours", ["r1", "r3", "r4"]),
    ],
)
def test_conditions_on_columns(store: Store, condition: str, feedback: list[str]) -> None:
    assert seen(store, where=(condition,))[0] == feedback


def test_conditions_on_event_properties_and_several(store: Store) -> None:
    assert seen(store, where=("weird_key=2",))[1] == ["login"]
    assert seen(store, where=("weird_key>=1",))[1] == ["login", "login"]
    assert seen(store, where=("name=pay",)) == (["r1", "r2", "r3", "r4"], ["pay"])
    assert seen(store, where=("name=login", "platform=ios"))[1] == ["login"]
    with pytest.raises(UsageError) as caught:
        seen(store, where=("nothing=1",))
    assert caught.value.code == "column_unknown"


def test_people_are_asked_for_by_the_sources_ids(store: Store) -> None:
    who = store.rows("SELECT c.id, count(*) FROM events e JOIN actor_codes c ON c.code = e.actor GROUP BY ALL ORDER BY ALL")
    everything = sum(count for _, count in who)
    for name, count in who:
        assert len(seen(store, where=(f"actor={name}",))[1]) == count
        assert len(seen(store, where=(f"actor!={name}",))[1]) == everything - count
        assert len(seen(store, where=(f"actor~{name}",))[1]) >= count
    assert seen(store, where=("actor=nobody",))[1] == []
    assert len(seen(store, where=("actor!=0",))[1]) == everything  # 0 is a code, no id


def test_what_only_people_tell_narrows_what_they_did(tmp_path: Path) -> None:
    store = Store.create(tmp_path / "workspace")
    actors = "user_id,signup_date,country\nu1,2026-01-01,DE\nu2,2026-01-01,FR\n"
    for name, text in (("feedback.csv", FEEDBACK), ("events.csv", EVENTS), ("actors.csv", actors)):
        (tmp_path / name).write_text(text, encoding="utf-8")
        bring(store, tmp_path / name)
    assert seen(store, where=("country=DE",)) == (["r1", "r4"], ["login", "pay"])
    assert seen(store, where=("country!=DE",)) == (["r2"], ["login"])
    assert seen(store, where=("country=DE", "name=pay"))[1] == ["pay"]
    store.close()


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"since": "yesterday"}, "day_unreadable"),
        ({"until": "2026-02-30"}, "day_unreadable"),
        ({"since": "0001-01-01"}, None),
        ({"since": "2026-03-02", "until": "2026-03-01"}, "range_empty"),
        ({"since": "2026-03-02", "until": "2026-03-02"}, None),
    ],
)
def test_days_that_cannot_be_read(asked: dict[str, str], code: str | None) -> None:
    if code is None:
        Scope(**asked).range_us("Asia/Shanghai")  # type: ignore[arg-type]
    else:
        with pytest.raises(UsageError) as caught:
            Scope(**asked).range_us("Asia/Shanghai")  # type: ignore[arg-type]
        assert caught.value.code == code


def test_a_day_is_as_long_as_its_zone_says() -> None:
    def hours(zone: str, day: str) -> float:
        start, end = Scope(since=day, until=day).range_us(zone)
        assert start is not None
        assert end is not None
        return (end - start) / (DAY / 24)

    assert (hours("Europe/Berlin", "2026-03-29"), hours("Europe/Berlin", "2026-10-25"), hours("Asia/Shanghai", "2026-03-29")) == (
        23,
        25,
        24,
    )


@pytest.mark.parametrize("condition", ["", "platform", "=android"])
def test_what_is_no_condition(condition: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_condition(condition)
    assert caught.value.code == "condition_unreadable"


@given(
    st.text("abz 中_-.", min_size=1).map(str.strip).filter(bool),
    st.sampled_from(["=", "!=", ">=", "<=", ">", "<", "~"]),
    st.text("ab1 中.-"),
)
def test_conditions_are_read_back(column: str, operator: str, value: str) -> None:
    assert parse_condition(f" {column} {operator} {value} ") == (column, operator, value.strip())
