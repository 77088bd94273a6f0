from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from tests.interfaces.served import HERE, make_workspace, served, wait_for

from productloop.foundation.errors import UsageError
from productloop.interfaces.http import serve_forever

TOKEN = "a-long-random-token-of-32-letters"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """One server for the whole file: no test minds what another left."""
    with pytest.MonkeyPatch.context() as patch, served(make_workspace(tmp_path_factory.mktemp("shop")), patch) as client:
        yield client


def test_a_quick_action_answers_at_once_with_report_quotes_and_definitions(client: TestClient) -> None:
    answer = client.post("/api/fake/count", json={"limit": 2, "scope": {"where": ["rating>=2"]}})
    assert answer.status_code == 200
    body = answer.json()
    assert body["ok"] is True
    assert body["report"]["texts"]["value"] == 3
    assert body["report"]["echo"]["limit"] == 2
    assert body["definitions"] == {"fake.definition": "number of texts"}
    assert set(body["quotes"]) == set(body["report"]["quotes"])


@pytest.mark.parametrize(
    ("body", "place"), [({"limit": 0}, "limit"), ({"wrong": 1}, "wrong"), ({"order": "size"}, "order"), ({"scope": {"x": 1}}, "scope.x")]
)
def test_a_wrong_request_names_its_place(client: TestClient, body: dict[str, object], place: str) -> None:
    answer = client.post("/api/fake/count", json=body)
    assert answer.status_code == 422
    assert answer.json()["error"]["code"] == "request_invalid"
    assert place in answer.json()["error"]["happened"]


def test_errors_are_in_the_reader_s_language(client: TestClient) -> None:
    answers = {
        client.post("/api/fake/count", json={"fail": True}, headers={"Accept-Language": "zh-CN,zh;q=0.9"}).json()["error"]["happened"],
        client.post("/api/fake/count?language=zh", json={"fail": True}).json()["error"]["happened"],
        client.post("/api/fake/count", json={"fail": True}, headers={"Cookie": "language=zh"}).json()["error"]["happened"],
    }
    assert answers == {"坏了"}
    english = client.post("/api/fake/count", json={"fail": True})
    assert (english.status_code, english.json()["error"]) == (
        422,
        {"code": "fake_broken", "happened": "it broke", "expected": "one that works", "fix": "try again"},
    )


def test_openapi_describes_every_route(client: TestClient) -> None:
    document = client.get("/api/openapi.json").json()
    assert document["openapi"].startswith("3.")
    assert {"/api/fake/count", "/api/fake/mark", "/v1/{table}", "/v1/outcomes", "/v1/predict/{task}", "/api/jobs/{job}"} <= set(
        document["paths"]
    )
    schema = document["components"]["schemas"]["CountRequest"]["properties"]
    assert schema["limit"]["description"] == "how many rows at most | 最多几行"
    assert "202" in document["paths"]["/api/fake/mark"]["post"]["responses"]
    identifiers = [operation["operationId"] for path in document["paths"].values() for operation in path.values()]
    assert len(identifiers) == len(set(identifiers))
    assert not any(word in path for path in document["paths"] for word in ("analytics", "events"))


def test_what_there_is(client: TestClient) -> None:
    health = client.get("/api/health").json()
    assert (health["ok"], health["as_of"], health["waiting"]) == (True, 1_772_629_200_000_000, 0)
    (app,) = client.get("/api/apps").json()
    assert app["title"] == {"zh": "假应用", "en": "fake"}
    assert [action["length"] for action in app["actions"]] == ["quick", "long"]
    assert client.get("/api/tasks").json() == []
    missing = client.get("/api/nothing")
    assert (missing.status_code, missing.json()["error"]["code"]) == (404, "not_found")
    rollback = client.post("/api/tasks/churn/rollback")
    assert (rollback.status_code, rollback.json()["error"]["code"]) == (400, "nothing_live")


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Host": "evil.example"}, 403),
        ({"Host": "evil.example:8321"}, 403),
        ({"Host": "127.0.0.1.evil.example"}, 403),
        ({"Host": "[::1"}, 403),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://127.0.0.1:9999"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Origin": HERE}, 200),
        ({"Host": "localhost:8321", "Origin": "http://localhost:8321"}, 200),
        ({}, 200),
    ],
)
def test_other_sites_are_turned_away(client: TestClient, headers: dict[str, str], status: int) -> None:
    answer = client.post("/api/fake/count", json={}, headers=headers)
    assert answer.status_code == status
    if status == 403:
        assert answer.json()["error"]["code"] == "foreign_request"


def test_reading_from_a_link_elsewhere_is_allowed_but_not_under_another_name(client: TestClient) -> None:
    assert client.get("/", headers={"Sec-Fetch-Site": "cross-site", "Accept": "text/html"}).status_code == 200
    assert client.get("/", headers={"Host": "evil.example", "Accept": "text/html"}).status_code == 403


def test_a_body_has_a_limit_and_says_its_length(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with served(make_workspace(tmp_path, with_data=False), monkeypatch, flags={"serve.body_limit_mb": 1}) as client:
        answer = client.post("/v1/feedback", json=[{"text": "x" * 1_100_000}])
        assert (answer.status_code, answer.json()["error"]["code"]) == (413, "body_too_large")
        chunked = client.post("/v1/feedback", content=iter([b"[]"]), headers={"Content-Type": "application/json"})
        assert chunked.status_code == 413
        assert client.post("/v1/feedback", json=[{"text": "x" * 100_000}]).status_code == 200


def test_off_loopback_a_token_is_needed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    environment = {"LANG": "en", "PRODUCTLOOP_TOKEN": TOKEN}
    with served(make_workspace(tmp_path), monkeypatch, environment, {"serve.host": "0.0.0.0"}) as client:
        assert client.get("/api/health").status_code == 401
        assert client.get("/api/health", headers={"Authorization": "Bearer wrong"}).status_code == 401
        assert client.get("/api/health", headers={"Authorization": f"Bearer {TOKEN}", "Host": "shop.example"}).status_code == 200
        page = client.get("/", headers={"Accept": "text/html"})
        assert page.status_code == 401
        assert 'name="token"' in page.text
        assert client.post("/sign-in", data={"token": "wrong"}).status_code == 401
        entered = client.post("/sign-in", data={"token": TOKEN})
        assert entered.status_code == 303
        assert "HttpOnly" in entered.headers["set-cookie"]
        assert "samesite=strict" in entered.headers["set-cookie"].lower()
        assert client.get("/", headers={"Accept": "text/html"}).status_code == 200


def test_a_server_that_others_can_reach_does_not_start_without_a_token(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        serve_forever(make_workspace(tmp_path, with_data=False), {"serve.host": "0.0.0.0"}, {"PRODUCTLOOP_TOKEN": "short"})
    assert caught.value.code == "token_missing"


def test_a_port_that_is_taken_is_said(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other, pytest.raises(UsageError) as caught:
        serve_forever(make_workspace(tmp_path, with_data=False), {"serve.port": other.getsockname()[1]}, {})
    assert caught.value.code == "port_taken"


def ask(address: str, body: object = None) -> tuple[int, dict[str, object]]:
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(address, data, {"Content-Type": "application/json", "Accept-Language": "en"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        return answer.status, json.loads(answer.read())


def test_a_real_server_and_shell_commands_share_one_workspace(tmp_path: Path) -> None:
    root = make_workspace(tmp_path / "shop")
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "LANG": "en_US.UTF-8"}
    command = [sys.executable, "-m", "productloop", "--workspace", str(root)]
    log = tmp_path / "server.log"
    with log.open("wb") as output:
        server = subprocess.Popen([*command, "serve", "--port", "8397"], stdout=output, stderr=output, env=environment)
    address = "http://127.0.0.1:8397"

    def answers() -> bool:
        try:
            return ask(f"{address}/api/health")[0] == 200
        except OSError:
            assert server.poll() is None, log.read_text()
            return False

    try:
        wait_for(answers, 40)
        assert ask(f"{address}/v1/feedback", [{"id": "r9", "text": "arrived over HTTP"}])[1] == {"accepted": 1, "received": 1}
        more = tmp_path / "more.csv"
        more.write_text("text,rating,user_id,created_at\nfrom the shell,3,u9,2026-03-09 10:00:00\n", encoding="utf-8")
        subprocess.run([*command, "import", str(more)], check=True, capture_output=True, env=environment, timeout=120)
        wait_for(lambda: ask(f"{address}/api/health")[1]["as_of"] == 1_773_050_400_000_000)  # the server sees what the shell imported
        wait_for(lambda: ask(f"{address}/api/health")[1]["waiting"] == 0)
        exported = tmp_path / "feedback.csv"
        subprocess.run([*command, "export", "feedback", str(exported)], check=True, capture_output=True, env=environment, timeout=120)
        written = exported.read_text(encoding="utf-8")
        assert "arrived over HTTP" in written  # and the shell what came over HTTP
        assert "from the shell" in written
    finally:
        server.send_signal(signal.SIGINT) if os.name != "nt" else server.terminate()
        server.wait(timeout=30)
    assert "Traceback" not in log.read_text()
