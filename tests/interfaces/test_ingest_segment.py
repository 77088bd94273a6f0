"""The calls of the Segment spec over HTTP: kept once, whole batches or nothing, acknowledged after commit, refused with a reason."""

from __future__ import annotations

import base64
import gzip
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from tests.interfaces.served import make_workspace, served, serving_of, wait_for

from productloop.foundation.settings import load_settings
from productloop.interfaces import segment
from productloop.loop.arrivals import drain
from productloop.loop.identities import statements
from productloop.loop.importing import ImportRequest, import_path
from productloop.loop.store import Store

FIXTURES = Path(__file__).parents[1] / "fixtures" / "sources"
AT = "2026-03-01T08:00:00.000Z"
TOKEN = "a-long-random-token-of-32-letters"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    with pytest.MonkeyPatch.context() as patch, served(make_workspace(tmp_path_factory.mktemp("shop"), False), patch) as client:
        yield client


def settle(client: TestClient) -> None:
    serving = serving_of(client)
    wait_for(lambda: not serving.store.state.inbox())
    wait_for(lambda: serving._commits() == serving._seen)


def rows(client: TestClient, query: str) -> list[tuple[Any, ...]]:
    with serving_of(client).reading() as store:
        return store.rows(query)


def test_a_batch_becomes_events_people_and_merges_and_is_kept_once(client: TestClient) -> None:
    batch = [json.loads(line) for line in (FIXTURES / "segment.jsonl").read_text("utf-8").splitlines()]
    for message in batch:
        message.pop("sentAt")
    answer = client.post("/v1/batch", json={"batch": batch})
    assert answer.status_code == 200
    assert answer.json()["success"] is True
    settle(client)
    again = client.post("/v1/batch", json={"batch": batch})
    assert again.json()["received"] == 9
    settle(client)
    found = rows(
        client,
        "SELECT e.name, c.id, e.value, e.platform, e.version, e.device, e.item FROM events e JOIN actor_codes c ON c.code = e.actor ORDER BY time, e.id",
    )
    assert found == [
        ("page_view", "u1", None, "web", None, None, None),  # anon-1 is u1
        ("Order Completed", "u1", 25.5, "iOS", "1.2.0", "iPhone12,1", "p9"),
        ("screen", "u2", None, "iOS", "1.2.0", "iPhone12,1", None),
    ]
    with serving_of(client).reading() as store:
        said = [(one.alias, one.actor, one.status) for one in statements(store)]
    assert said == [("anon-1", "u1", "counts"), ("old-7", "u1", "counts"), ("anon-1", "u2", "taken")]
    properties = rows(client, "SELECT properties FROM events WHERE name = 'page_view'")[0][0]
    assert json.loads(properties)["page"] == "Pricing"
    assert "203.0.113.7" not in json.dumps(rows(client, "SELECT * FROM events"))
    assert "jane@example.com" not in json.dumps(rows(client, "SELECT * FROM actors"))
    assert [row[0] for row in rows(client, "SELECT plan FROM actors WHERE plan IS NOT NULL ORDER BY known_at")] == ["pro", "team"]


def test_the_same_message_in_a_file_adds_nothing(client: TestClient, tmp_path: Path) -> None:
    settle(client)
    before = rows(client, "SELECT count(*) FROM events")
    serving = serving_of(client)
    imported = import_path(serving.store, load_settings(None, {}), ImportRequest(FIXTURES / "segment.jsonl"), 1, lambda *_: None)
    assert (imported[0].table, imported[0].num_new) == ("events", 0)
    settle(client)
    assert rows(client, "SELECT count(*) FROM events") == before


@pytest.mark.parametrize(
    ("address", "body", "part"),
    [
        ("track", {"event": "x", "timestamp": AT}, "userId"),
        ("track", {"userId": "u1", "timestamp": AT}, "event"),
        ("track", {"userId": "u1", "event": "x", "timestamp": "yesterday"}, "yesterday"),
        ("track", {"userId": "u1", "event": "x", "properties": [1]}, "properties"),
        ("track", [1], "object"),
        ("group", {"userId": "u1"}, "groupId"),
        ("alias", {"userId": "u1"}, "previousId"),
        ("batch", {"messages": []}, "batch"),
        (
            "batch",
            {"batch": [{"type": "track", "userId": "u9", "event": "fine", "timestamp": AT}, {"type": "order", "userId": "u1"}]},
            "message 2",
        ),
        ("batch", {"batch": [7]}, "object"),
    ],
)
def test_what_is_malformed_is_refused_with_a_reason_and_nothing_is_kept(client: TestClient, address: str, body: Any, part: str) -> None:
    settle(client)
    answer = client.post(f"/v1/{address}", json=body)
    assert answer.status_code == 400
    assert part in answer.json()["error"]["happened"]
    assert serving_of(client).store.state.inbox() == []
    chinese = client.post(f"/v1/{address}", json=body, headers={"Accept-Language": "zh"}).json()["error"]["happened"]
    assert any("\u4e00" <= letter <= "\u9fff" for letter in chinese)


def test_bodies_that_are_no_json_or_too_large(client: TestClient) -> None:
    assert client.post("/v1/track", content=b"{").status_code == 400
    assert client.post("/v1/track", content=b"\xff").status_code == 400
    assert client.post("/v1/track", content=b"no gzip", headers={"Content-Encoding": "gzip"}).status_code == 400
    assert client.post("/v1/batch", json={"batch": [{}] * 10_001}).status_code == 413
    bomb = gzip.compress(b" " * 60_000_000)
    assert client.post("/v1/track", content=bomb, headers={"Content-Encoding": "gzip"}).status_code == 413
    good = gzip.compress(json.dumps({"messageId": "z1", "userId": "u5", "event": "zipped", "timestamp": AT}).encode())
    assert client.post("/v1/track", content=good, headers={"Content-Encoding": "gzip"}).json()["accepted"] == 1


def test_a_wrong_clock_is_corrected_by_the_time_of_sending(client: TestClient) -> None:
    body = {"messageId": "w1", "userId": "u6", "event": "late", "timestamp": "2019-01-01T00:00:00Z", "sentAt": "2019-01-01T01:00:00Z"}
    assert client.post("/v1/track", json=body).status_code == 200
    settle(client)
    at = rows(client, "SELECT time FROM events WHERE id = 'w1'")[0][0]
    assert abs(at - (time.time() - 3600) * 1e6) < 120e6


def test_a_full_inbox_and_a_locked_database_ask_to_come_back(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    body = {"messageId": "b1", "userId": "u1", "event": "x", "timestamp": AT}
    monkeypatch.setattr(segment, "MAX_WAITING", -1)
    answer = client.post("/v1/track", json=body)
    assert (answer.status_code, answer.headers["Retry-After"], answer.json()["error"]["code"]) == (429, "5", "too_busy")
    monkeypatch.undo()

    def refuse(*_: object) -> int:
        from productloop.foundation.errors import WorkspaceProblem
        from productloop.loop.wording import STATE_UNWRITABLE

        raise WorkspaceProblem(STATE_UNWRITABLE, reason="disk full")

    monkeypatch.setattr(serving_of(client).store.state, "receive", refuse)
    answer = client.post("/v1/track", json=body)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    monkeypatch.undo()
    assert client.post("/v1/track", json=body).json()["accepted"] == 1


def test_the_write_key_of_an_sdk_is_the_token(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    environment = {"PRODUCTLOOP_TOKEN": TOKEN, "LANG": "en_US.UTF-8"}
    with served(make_workspace(tmp_path / "w", False), monkeypatch, environment, {"serve.host": "0.0.0.0"}) as client:
        body = {"messageId": "k1", "userId": "u1", "event": "x", "timestamp": AT}
        for given, status in ((f"{TOKEN}:", 200), (f":{TOKEN}", 200), ("wrong:", 401), ("é", 401)):
            basic = base64.b64encode(given.encode()).decode()
            assert client.post("/v1/track", json=body, headers={"Authorization": f"Basic {basic}"}).status_code == status
        assert client.post("/v1/track", json=body, headers={"Authorization": "Basic %%%"}).status_code == 401


SENDER = """
import sys, os
from pathlib import Path
from productloop.interfaces.ingest import Cleaner
from productloop.interfaces import segment
from productloop.loop.store import Store
from productloop.loop.arrivals import drain
from types import SimpleNamespace
store = Store(Path(sys.argv[1]))
serving = SimpleNamespace(store=store)
cleaner = Cleaner(store.identity_key())
for number in range(10_000):
    message = {"type": "identify" if number % 3 == 0 else "track", "messageId": f"m{number}", "userId": f"u{number % 7}", "anonymousId": f"a{number}",
               "event": "x", "timestamp": "2026-03-01T08:00:00Z"}
    store.state.receive(segment._rows(serving, cleaner, message, 1, 1), 1)
    sys.stdout.write(f"{number}\\n"); sys.stdout.flush()
    if number % 20 == 19:
        drain(store, 1)
"""


@pytest.mark.slow
def test_killed_while_it_receives_nothing_acknowledged_is_lost(tmp_path: Path) -> None:
    root = tmp_path / "w"
    Store.create(root).close()
    acknowledged = 0
    for lines in (5, 33, 61):
        child = subprocess.Popen([sys.executable, "-c", SENDER, str(root)], stdout=subprocess.PIPE, text=True)
        assert child.stdout is not None
        seen = [int(child.stdout.readline()) for _ in range(lines)]
        child.kill()
        seen += [int(line) for line in child.stdout.read().split("\n")[:-1]]
        child.wait()
        child.stdout.close()
        acknowledged = max(acknowledged, seen[-1])
    store = Store(root)
    drain(store, 2)
    wanted = {f"m{number}" for number in range(acknowledged + 1) if number % 3}
    kept = [row[0] for row in store.rows("SELECT id FROM events")]
    assert len(kept) == len(set(kept))
    assert wanted <= set(kept)
    joined = {one.alias for one in statements(store) if one.status == "counts"}
    assert {f"a{number}" for number in range(0, acknowledged + 1, 3)} <= joined
    store.close()
