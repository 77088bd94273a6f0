"""Points of metrics over HTTP: judged as they come, kept over a restart, answered alike when sent again, refused as other rows are."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fastapi.testclient import TestClient
from sqlalchemy.exc import OperationalError
from tests.interfaces.served import make_workspace, served, serving_of, wait_for

from productloop.interfaces import metric_points
from productloop.learning.anomalies import ALARM, Detector
from productloop.loop.metric_points import NEEDED, SEASONS

HOUR = 3_600
START = 1_772_400_000  # a Sunday, 21:20 UTC
DOCUMENT = Path(__file__).parents[2] / "docs" / "files.md"


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_workspace(tmp_path_factory.mktemp("shop"), False)


@pytest.fixture
def client(root: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    with served(root, monkeypatch) as client:
        yield client


def points(values: list[float], first: int = 0, **more: Any) -> list[dict[str, Any]]:
    return [{"metric": "errors", "time": START + HOUR * (first + place), "value": value, **more} for place, value in enumerate(values)]


def post(client: TestClient, rows: list[dict[str, Any]], language: str = "en") -> Any:
    answer = client.post("/v1/metrics", json=rows, headers={"Accept-Language": language})
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_each_point_is_judged_and_what_is_known_outlives_the_server(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usual = [round(float(value), 3) for value in np.random.default_rng(1).normal(100, 5, NEEDED + 60)]
    with served(root, monkeypatch) as client:
        told = post(client, points(usual[: NEEDED + 30]))
        assert (told["accepted"], told["received"], len(told["points"])) == (NEEDED + 30, NEEDED + 30, NEEDED + 30)
        assert [one["missing"] for one in told["points"][: NEEDED + 1]] == list(range(NEEDED, -1, -1))
        assert told["points"][0]["unusual"] is None
        assert told["points"][0]["text"].startswith("too early to say: 100 values more")
        assert not any(one["unusual"] for one in told["points"])
    with served(root, monkeypatch) as client:  # a server that was started again
        calm = post(client, points(usual[NEEDED + 30 :], NEEDED + 30))["points"]
        assert not any(one["unusual"] for one in calm)
        assert calm[-1]["text"].startswith("errors is ")
        odd = points([180.0], NEEDED + 60)
        (found,) = post(client, odd)["points"]
        detector = Detector(seasons=SEASONS)
        for place, value in enumerate([*usual, 180.0]):
            hour, day = divmod(START // HOUR + place, 24)[::-1]
            judged = detector.add(value, (hour, (day + 3) % 7))  # 1 January 1970 was a Thursday
        assert found["likelihood"] == pytest.approx(judged.likelihood, rel=1e-5)
        assert found["unusual"] is True
        assert found["likelihood"] >= ALARM
        assert found["low"] < 100 < found["high"] < 180
        assert "nine times in ten" in found["text"]
        again = post(client, odd, "zh")["points"][0]
        assert again.pop("text").startswith("errors：180，不寻常")
        found.pop("text")
        assert again == found, "sent again: the same answer, and nothing is learned twice"
        late = post(client, points([100.0], 5, unit="late"))["points"][0]
        assert (late["unusual"], late["late"]) == (None, True)
        wait_for(lambda: not serving_of(client).store.state.inbox())
        wait_for(lambda: serving_of(client)._commits() == serving_of(client)._seen)
        with serving_of(client).reading() as store:
            assert store.count("metrics") == NEEDED + 62


def test_a_new_series_learns_from_what_is_stored_of_it(client: TestClient) -> None:
    serving = serving_of(client)
    values = [float(value) for value in np.random.default_rng(2).normal(10, 1, NEEDED)]
    post(client, points(values, segment="android"))
    wait_for(lambda: not serving.store.state.inbox())
    wait_for(lambda: serving._commits() == serving._seen)
    with serving.store.state.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM detectors")
    (found,) = post(client, points([40.0], NEEDED, segment="android"))["points"]
    assert (found["unusual"], found["segment"]) == (True, "android")


def test_what_cannot_be_kept_is_refused_with_a_time_to_come_back(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    for bad, code in (({"time": 1, "value": 2}, "row_incomplete"), ({"metric": "m", "time": 1, "value": "high"}, "value_unreadable")):
        assert client.post("/v1/metrics", json=[bad]).json()["error"]["code"] == code
    assert post(client, [])["points"] == []
    monkeypatch.setattr(metric_points, "MAX_WAITING", -1)
    answer = client.post("/v1/metrics", json=points([1.0], 900))
    assert (answer.status_code, answer.headers["Retry-After"], answer.json()["error"]["code"]) == (429, "5", "too_busy")
    monkeypatch.undo()

    def refuse(*_: object) -> Any:
        raise OperationalError("", None, Exception("disk is full"))

    monkeypatch.setattr(metric_points, "judge_points", refuse)
    answer = client.post("/v1/metrics", json=points([1.0], 900))
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")


def test_the_example_of_the_documents_works(client: TestClient) -> None:
    examples = re.findall(r"curl .*?/v1/metrics.*?-d '(\[.*?\])'", DOCUMENT.read_text(encoding="utf-8"), re.DOTALL)
    assert len(examples) == 2, "one in each language"
    for example in examples:
        answer = post(client, json.loads(example))
        assert answer["received"] == 1
        assert {"metric", "unusual", "expected", "low", "high", "text"} <= set(answer["points"][0])
