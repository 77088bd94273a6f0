from __future__ import annotations

import json
import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.interfaces import fake_app
from tests.interfaces.served import NOW, make_workspace, served, wait_for

from productloop.foundation.errors import DataProblem
from productloop.foundation.wording import Text
from productloop.interfaces import jobs, registry
from productloop.loop.action import Action, App, Request, Run
from productloop.loop.store import Store


def endless(run: Run, _request: Request) -> Any:
    """Goes on until it is stopped; would write at its end."""
    import arro3.core as arrow

    rows = arrow.Table.from_pydict({"row_id": arrow.Array(["t"], arrow.DataType.utf8())})
    run.at_end(lambda: run.store.overwrite("topics", rows))
    for done in range(10_000):
        run.progress("report", done, 10_000)
        time.sleep(0.01)
    raise AssertionError("nobody stopped it")


ENDLESS = Action(
    "endless",
    Text("停不下来", "endless"),
    endless,
    fake_app.count_page,
    Request,
    fake_app.CountReport,
    "writes",
    "long",
    ("feedback",),
    ("topics",),
)
APP = App("fake", Text("假应用", "fake"), Text("？", "?"), ("feedback",), (*fake_app.APP.actions, ENDLESS), (), fake_app.TEXTS)


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    monkeypatch.setattr(registry, "load_apps", lambda: (APP,))
    store = Store(make_workspace(tmp_path))
    yield store
    store.close()


def write_down(
    store: Store, action: str, request: dict[str, Any] | None = None, status: str = "waiting", lease_until: int | None = None
) -> str:
    job = f"job-{len(store.state.jobs())}"
    lease = jobs.clock() + 60_000_000 if lease_until is None else lease_until
    asked = json.dumps(request or {})
    store.state.add_job(
        {"id": job, "action": action, "request": asked, "status": status, "created_at": NOW, "progress": "{}", "lease_until": lease}
    )
    return job


def look(store: Store, job: str) -> dict[str, Any]:
    found = jobs.look_at(store, job, "en")
    assert found is not None
    return found


def test_a_job_ends_with_the_id_of_its_report(store: Store) -> None:
    job = write_down(store, "fake.count", {"limit": 3})
    assert jobs.run_job(store.root, job, {}) == 0
    found = look(store, job)
    assert (found["status"], found["says"]) == ("done", "Done")
    kept = store.state.report(found["report"])
    assert kept is not None
    assert json.loads(kept["request"])["limit"] == 3


def test_what_went_wrong_is_said_in_both_languages(store: Store) -> None:
    job = write_down(store, "fake.count", {"fail": True})
    assert jobs.run_job(store.root, job, {}) == DataProblem.exit_code
    found = look(store, job)
    assert found["status"] == "failed"
    assert found["error"] == {"code": "fake_broken", "happened": "it broke", "expected": "one that works", "fix": "try again"}
    chinese = jobs.look_at(store, job, "zh")
    assert chinese is not None
    assert chinese["says"] == "没有做成：坏了。再来"


@pytest.mark.skipif(os.name == "nt", reason="a signal cannot be sent to one process there")
def test_a_signal_stops_a_job_and_nothing_is_half_written(store: Store) -> None:
    job = write_down(store, "fake.endless")

    def stop() -> None:
        wait_for(lambda: look(store, job)["progress"].get("stage") == "report")
        os.kill(os.getpid(), signal.SIGINT)

    thread = threading.Thread(target=stop)
    thread.start()
    assert jobs.run_job(store.root, job, {}) == 130
    thread.join()
    assert look(store, job)["status"] == "cancelled"
    assert not store.exists("topics")
    assert store.state.reports("fake.endless") == []


def test_a_job_of_an_earlier_server_sees_that_it_should_stop(store: Store) -> None:
    job = write_down(store, "fake.endless")

    def stop() -> None:
        wait_for(lambda: look(store, job)["status"] == "running")
        jobs.cancel(store, job)  # there is no child of this server: only the row says so

    thread = threading.Thread(target=stop)
    thread.start()
    assert jobs.run_job(store.root, job, {}) == 130
    thread.join()
    assert look(store, job)["status"] == "cancelled"


def test_a_job_stopped_before_it_began_does_not_begin(store: Store) -> None:
    job = write_down(store, "fake.endless")
    jobs.cancel(store, job)
    assert look(store, job)["status"] == "cancelling"
    assert jobs.run_job(store.root, job, {}) == 130
    assert look(store, job)["status"] == "cancelled"
    jobs.cancel(store, job)
    assert look(store, job)["status"] == "cancelled"


def test_a_job_whose_process_is_gone_is_said_to_have_failed(store: Store) -> None:
    killed = write_down(store, "fake.count", status="running", lease_until=NOW)
    assert look(store, killed)["status"] == "failed"
    assert "nothing is half-written" in look(store, killed)["says"]
    stopped = write_down(store, "fake.count", status="cancelling", lease_until=NOW)
    assert look(store, stopped)["status"] == "cancelled"
    alive = write_down(store, "fake.count", status="running")
    assert look(store, alive)["status"] == "running"
    assert jobs.look_at(store, "nobody", "en") is None


def test_the_same_job_is_not_started_twice(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[Any] = []

    class Child:
        def __init__(self, command: list[str], **_more: Any) -> None:
            started.append(command)

        def poll(self) -> None:
            return None

        def wait(self) -> int:
            return 0

    monkeypatch.setattr(jobs.subprocess, "Popen", Child)
    first = jobs.start_job(store, "fake.count", {"limit": 1}, {"loop.seed": 3, "serve.host": None}, {})
    assert jobs.start_job(store, "fake.count", {"limit": 1}, {}, {}) == first
    assert jobs.start_job(store, "fake.count", {"limit": 2}, {}, {}) != first
    assert len(started) == 2
    assert json.loads(started[0][-1]) == {"loop.seed": 3}
    store.state.update_job(first, status="done")
    assert jobs.start_job(store, "fake.count", {"limit": 1}, {}, {}) != first
    jobs._children.clear()


def test_a_long_action_runs_in_a_child_and_can_be_looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A real child: it knows only the real apps, and says so in words when the workspace has no data for them."""
    with served(make_workspace(tmp_path, with_data=False), monkeypatch, dict(os.environ) | {"LANG": "en"}) as client:
        answer = client.post("/api/run")
        assert answer.status_code == 202
        address = answer.json()["address"]
        wait_for(lambda: client.get(address).json()["status"] not in jobs.OPEN, 60)
        assert client.get(address).json()["status"] == "done"
        assert client.delete(address).json()["status"] == "done"
        assert client.get("/api/jobs/nobody").json()["error"]["code"] == "job_unknown"
        assert "what you should know now" in client.get("/", headers={"Accept": "text/html"}).text
