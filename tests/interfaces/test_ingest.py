from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st
from tests.interfaces.served import make_workspace, served, serving_of, wait_for

from productloop.foundation.errors import DataProblem
from productloop.foundation.tables import CANONICAL, EVENTS, FEEDBACK, ORDERS
from productloop.foundation.wording import say
from productloop.interfaces.ingest import MAX_ROWS, Cleaner, read_time, read_value
from productloop.interfaces.web_rendering import texts
from productloop.learning.columns import Columns, number_columns
from productloop.loop.monitor import track
from productloop.loop.records import RowReason
from productloop.loop.rows import open_vault
from productloop.loop.serve import Live

CLEANER = Cleaner(b"k" * 32)


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """One server for the whole file: no test minds what another left."""
    with pytest.MonkeyPatch.context() as patch, served(make_workspace(tmp_path_factory.mktemp("shop")), patch) as client:
        yield client


def settle(client: TestClient) -> None:
    """Until every posted row is in the lake and visible."""
    serving = serving_of(client)
    wait_for(lambda: not serving.store.state.inbox())
    wait_for(lambda: serving._commits() == serving._seen)


def rows(client: TestClient, query: str) -> list[tuple[Any, ...]]:
    with serving_of(client).reading() as store:
        return store.rows(query)


def test_posted_rows_are_masked_deduplicated_and_visible(client: TestClient) -> None:
    posted = [
        {"id": "a1", "text": "请打 13812345678 找我", "author": "u1", "rating": 2, "time": "2026-03-05T08:00:00+08:00", "shop": "north"},
        {"id": "a2", "text": "mail me: someone@example.com", "author": "13812345678", "time": 1_772_600_000},
    ]
    assert client.post("/v1/feedback", json=posted).json() == {"accepted": 2, "received": 2}
    settle(client)
    client.post("/v1/feedback", json=posted)  # sent again after it was stored
    settle(client)
    found = rows(
        client,
        "SELECT f.id, text, rating, time, properties, c.id FROM feedback f JOIN actor_codes c ON c.code = f.author WHERE f.id IS NOT NULL ORDER BY 1",
    )
    assert [row[0] for row in found] == ["a1", "a2"]
    assert "13812345678" not in json.dumps(found)
    assert "someone@example.com" not in json.dumps(found)
    assert found[0][2:5] == (2.0, 1_772_668_800_000_000, '{"shop": "north"}')
    assert found[0][5] == "u1"  # joins with the imported file
    assert found[1][5].startswith("p_")
    vault = open_vault(serving_of(client).store, serving_of(client).settings)
    kept = vault.reveal([found[1][5]], "test", datetime(2026, 3, 6, tzinfo=UTC))
    vault.close()
    assert [contact.value for contact in kept.values()] == ["13812345678"]


def test_the_same_row_without_an_id_is_kept_once(client: TestClient) -> None:
    row = {"text": "again and again", "time": "2026-03-05"}
    assert client.post("/v1/feedback", json=[row, row]).json()["accepted"] == 1
    outcome = {"subject": "u1", "task": "repeated", "value": 1}
    assert client.post("/v1/outcomes", json=[outcome]).json()["accepted"] == 1
    assert client.post("/v1/outcomes", json=[outcome]).json()["accepted"] in (0, 1)  # 1 where the first is in the lake already
    settle(client)
    assert rows(client, "SELECT count(*) FROM feedback WHERE text = 'again and again'") == [(1,)]
    assert rows(client, "SELECT count(*) FROM outcomes WHERE task = 'repeated'") == [(1,)]


@pytest.mark.parametrize(
    ("address", "row", "code"),
    [
        ("/v1/feedback", {"rating": 1}, "row_incomplete"),
        ("/v1/events", {"actor": "u1", "name": "x"}, "row_incomplete"),
        ("/v1/events", {"actor": "u1", "name": "x", "time": "yesterday"}, "time_unreadable"),
        ("/v1/orders", {"actor": "u1", "time": "2026-03-01", "amount": "a lot"}, "value_unreadable"),
        ("/v1/feedback", {"text": "x", "rating": "NaN"}, "value_unreadable"),
        ("/v1/outcomes", {"subject": "u1", "task": "churn"}, "outcome_incomplete"),
        ("/v1/scores", {"task": "churn"}, "no_such_table"),
        ("/v1/predict/churn", {"subject": "u1"}, "task_unknown"),
    ],
)
def test_a_bad_row_refuses_the_whole_batch(client: TestClient, address: str, row: dict[str, Any], code: str) -> None:
    settle(client)
    good = {"text": "fine", "actor": "u1", "name": "x", "time": "2026-03-01", "subject": "u1", "task": "churn", "value": "1"}
    answer = client.post(address, json=[good, row])
    assert answer.status_code in (400, 422)
    assert answer.json()["error"]["code"] == code
    assert serving_of(client).store.state.inbox() == []
    chinese = client.post(address, json=[good, row], headers={"Accept-Language": "zh"}).json()["error"]["happened"]
    assert any("\u4e00" <= letter <= "\u9fff" for letter in chinese)


def test_too_many_rows_and_odd_bodies(client: TestClient) -> None:
    assert client.post("/v1/feedback", json=[{"text": "x"}] * (MAX_ROWS + 1)).json()["error"]["code"] == "too_many_rows"
    for body in ({"text": "x"}, [1], "x"):
        assert client.post("/v1/feedback", json=body).status_code == 422
    assert client.post("/v1/feedback", content="{", headers={"Content-Type": "application/json"}).status_code == 422
    half = b'[{"text": "half \\ud800 a character, \\u0000 and nothing"}]'
    assert client.post("/v1/feedback", content=half, headers={"Content-Type": "application/json"}).status_code == 200
    settle(client)
    assert rows(client, "SELECT text FROM feedback WHERE text LIKE 'half%'") == [("half ? a character,  and nothing",)]


class Certain:
    """A model that is sure that the answer is yes."""

    def predict(self, inputs: Any) -> Any:
        return np.array([[0.1, 0.9]])


def numbers_of(_store: Any, row: dict[str, Any], _signature: Any) -> Columns:
    return number_columns(np.array([[float(row["visits"])]]))


def test_reasons_in_the_readers_language_and_people_made_ready(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    serving, prepared_for = serving_of(client), list[int]()

    def explainer(_task: Any, _store: Any, _release: Any, _model: Any, at: int) -> Any:
        prepared_for.append(at)
        return lambda inputs, num: (RowReason(say("fake.many", texts=int(inputs.values[0, 0])), True, False, 0.75),)[:num]

    task: Any = SimpleNamespace(
        name="lost", kind="classes", row_input=numbers_of, explainer=explainer,
        inputs=lambda store, keys, signature: (number_columns(keys.code[:, None].astype(float)), signature),
    )  # fmt: skip
    release: Any = SimpleNamespace(id="lost-1", signature=SimpleNamespace(classes=("0", "1"), columns=()))
    live = Live(task, release, Certain())  # type: ignore[arg-type]
    monkeypatch.setattr(serving, "live", lambda name: live)
    monkeypatch.setattr(serving, "_is_current", lambda held: True)
    monkeypatch.setitem(serving._live, "lost", live)
    client.post("/v1/events", json=[{"actor": "u1", "name": "open", "time": "2026-03-05"}])
    settle(client)

    def ask(query: str, rows: list[dict[str, Any]], **headers: str) -> Any:
        return client.post(f"/v1/predict/lost{query}", json=rows, headers=headers).json()["predictions"]

    assert "reasons" not in ask("", [{"visits": 3}])[0]
    for _ in range(2):  # the second is answered without a thread
        (told,) = ask("?reasons=2", [{"visits": 3}], **{"Accept-Language": "zh"})
        assert told["reasons"] == [{"text": texts()["fake.many"].render("zh", texts=3), "raises": True, "changeable": False, "push": 0.75}]
    assert ask("?reasons=2&language=en", [{"visits": 3}])[0]["reasons"][0]["text"] == texts()["fake.many"].render("en", texts=3)
    assert len(prepared_for) == 1, "looked up once"
    assert client.post("/v1/predict/lost?reasons=99", json=[{"visits": 3}]).status_code == 422
    answers = [ask("?reasons=1", [{"subject": "u1"}])[0] for _ in range(3)]  # by a query, prepared, at once
    assert serving._lookups.ready(live, serving._view) is not None
    assert len({json.dumps([one["as_of"], one["value"], one["reasons"]]) for one in answers}) == 1
    with serving.reading() as store:
        assert answers[0]["as_of"] == store.as_of()
    assert client.post("/v1/predict/lost", json=[{"subject": "nobody"}]).json()["error"]["code"] == "subject_unknown"
    task.explainer = None
    serving._lookups._reasons.clear()
    assert ask("?reasons=1", [{"visits": 3}])[0]["reasons"] is None, "this model gives none"


def test_predictions_meet_the_outcomes_that_come_later(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    serving = serving_of(client)
    task: Any = SimpleNamespace(name="churn", kind="classes", row_input=None, inputs=lambda store, keys, signature: (keys, signature))
    release: Any = SimpleNamespace(id="churn-1", signature=SimpleNamespace(classes=("0", "1")))
    monkeypatch.setattr(serving, "live", lambda name: Live(task, release, Certain()))  # type: ignore[arg-type]
    answer = client.post("/v1/predict/churn", json=[{"subject": "u1"}, {"subject": "u2"}]).json()
    assert answer["release"] == "churn-1"
    assert [one["value"] for one in answer["predictions"]] == [{"0": 0.1, "1": 0.9}] * 2
    assert client.post("/v1/predict/churn", json=[{"subject": "nobody"}]).json()["error"]["code"] == "subject_unknown"
    wait_for(lambda: len(serving.store.state.predictions("churn")) == 2)
    outcomes = [{"subject": "u1", "task": "churn", "value": "1"}, {"subject": "u2", "task": "churn", "value": 0}]
    assert client.post("/v1/outcomes", json=outcomes).json()["accepted"] == 2
    settle(client)
    with serving.reading() as store:
        tracked = track(store, "churn")
    assert (tracked.num_predictions, tracked.num_known, tracked.accuracy, tracked.mean_probability) == (2, 2, 0.5, 0.5)


@pytest.mark.parametrize(
    ("value", "zone", "expected"),
    [
        ("2026-03-05T00:00:00Z", "UTC", 1_772_668_800_000_000),
        ("2026-03-05", "Asia/Shanghai", 1_772_640_000_000_000),
        ("2026-03-05 08:00:00", "Asia/Shanghai", 1_772_668_800_000_000),
        (1_772_668_800, "Asia/Shanghai", 1_772_668_800_000_000),
        (1_772_668_800_123, "UTC", 1_772_668_800_123_000),
        ("1772668800123456", "UTC", 1_772_668_800_123_456),
        (1_772_668_800.5, "UTC", 1_772_668_800_500_000),
    ],
)
def test_times(value: Any, zone: str, expected: int) -> None:
    assert read_time(value, "time", 1, zone) == expected


@pytest.mark.parametrize("value", ["", "soon", "2026-13-01", "20255-01-01", float("inf"), float("nan"), -5, True, None, [], {}, 10**30])
def test_no_time(value: Any) -> None:
    with pytest.raises(DataProblem) as caught:
        read_time(value, "time", 1, "UTC")
    assert caught.value.code == "time_unreadable"


@pytest.mark.parametrize(("value", "expected"), [("12.50", 1250), (12, 1200), (0.125, 13), ("-3.005", -301), (1e3, 100_000)])
def test_money_is_in_minor_units(value: Any, expected: int) -> None:
    assert read_value(value, ORDERS.column("amount"), 1) == expected


def test_columns_that_nobody_declared_are_kept_masked_or_dropped_by_what_they_hold() -> None:
    row = {
        "actor": "u1",
        "name": "pay",
        "time": 1_772_668_800,
        "real_name": "张三",
        "phone": "13812345678",
        "note": "写信到 a@b.cn",
        "size": 3,
        "ok": True,
    }
    row |= {"properties": {"plan": "pro"}, "nested": {"b": [1, 2]}}
    kept = json.loads(CLEANER.row(EVENTS, row, 1)["properties"])
    assert "real_name" not in kept
    assert kept["phone"].startswith("p_")
    assert "a@b.cn" not in kept["note"]
    assert (kept["size"], kept["ok"], kept["plan"]) == (3, True, "pro")
    assert json.loads(kept["nested"]) == {"b": [1, 2]}


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30), lambda inner: st.lists(inner, max_size=3), max_leaves=4
)


@given(
    st.sampled_from(CANONICAL),
    st.dictionaries(st.sampled_from([c.name for table in CANONICAL for c in table.columns] + ["other", "手机"]), json_values),
)
def test_any_row_is_stored_whole_or_refused_in_words(table: Any, row: dict[str, Any]) -> None:
    try:
        payload = CLEANER.row(table, row, 1)
    except DataProblem:
        return
    assert set(payload) <= set(table.by_name)
    assert all(column.name in payload for column in table.required)
    json.dumps(payload, ensure_ascii=False, allow_nan=False).encode("utf-8")


@given(st.from_regex(r"1[38]\d{9}", fullmatch=True))
def test_no_telephone_number_survives(number: str) -> None:
    stored = json.dumps(CLEANER.row(FEEDBACK, {"text": f"call {number} now", "author": number, "phone": number}, 1))
    assert number not in stored
