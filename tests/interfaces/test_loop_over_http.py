"""The whole loop on a running server: import, train, serve, post outcomes, turn, release, roll back, with a shell beside it."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

PEOPLE, LATER = 500, 2000


def call(address: str, method: str = "GET", body: Any = None) -> Any:
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(address, data=data, method=method, headers={"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)


def wait_for(address: str, job: str) -> dict[str, Any]:
    for _ in range(600):
        found: dict[str, Any] = call(f"{address}/api/jobs/{job}")
        if found["status"] in ("done", "failed", "cancelled"):
            return found
        time.sleep(0.2)
    raise AssertionError("the job does not end")


def productloop(root: Path, *words: str) -> None:
    subprocess.run(
        [sys.executable, "-m", "productloop", *words, "--workspace", str(root), "--language", "en"], check=True, capture_output=True
    )


def write_people(path: Path, first: int, number: int, with_outcome: bool) -> dict[str, str]:
    """People whose leaving follows their tickets and plan; returns what became of each."""
    random = np.random.default_rng(first)
    became: dict[str, str] = {}
    lines = ["user_id,signed_up_at,plan,tickets,seats" + (",left" if with_outcome else "")]
    for person in range(first, first + number):
        plan, tickets, seats = ("free", "pro")[random.integers(2)], int(random.integers(0, 6)), int(random.integers(1, 9))
        chance = 1 / (1 + np.exp(3.2 - 0.9 * tickets - 1.2 * (plan == "free")))
        became[f"u{person}"] = "yes" if random.random() < chance else "no"
        lines.append(
            f"u{person},2026-01-{1 + person % 28:02d},{plan},{tickets},{seats}" + (f",{became[f'u{person}']}" if with_outcome else "")
        )
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return became


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    root = tmp_path / "shop"
    subprocess.run([sys.executable, "-m", "productloop", "init", str(root), "--language", "en"], check=True, capture_output=True)
    write_people(tmp_path / "people.csv", 0, PEOPLE, True)
    productloop(root, "import", str(tmp_path / "people.csv"), "--outcome", "left=yes", "--table", "actors")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {**os.environ, "PYTHONUTF8": "1"}
    command = [sys.executable, "-m", "productloop", "serve", "--workspace", str(root), "--port", str(port)]
    server = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(900):  # a busy machine starts slowly
            try:
                call(f"http://127.0.0.1:{port}/api/health")
                break
            except OSError:
                time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(timeout=20)


@pytest.mark.slow
def test_the_loop_closes(address: str, tmp_path: Path) -> None:
    root = tmp_path / "shop"
    # train and release
    assert wait_for(address, call(f"{address}/api/run", "POST")["job"])["status"] == "done"
    task = next(task for task in call(f"{address}/api/tasks") if task["name"] == "left")
    first = task["live"]
    assert first is not None
    assert task["card"]["beats_baseline"] is True
    # serve: the live model answers, by person and by columns
    answers = call(f"{address}/v1/predict/left", "POST", [{"subject": "u1"}, {"plan": "free", "tickets": 5}, {"plan": "pro", "tickets": 0}])
    assert answers["release"] == first
    risky, safe = (row["value"]["yes"] for row in answers["predictions"][1:])
    assert risky > 0.5 > safe
    # new people come by the shell while the server runs; what became of them is posted later
    became = write_people(tmp_path / "later.csv", 10_000, LATER, False)
    productloop(root, "import", str(tmp_path / "later.csv"), "--table", "actors")
    call(f"{address}/v1/predict/left", "POST", [{"subject": name} for name in list(became)[:20]])
    posted = call(f"{address}/v1/outcomes", "POST", [{"subject": name, "task": "left", "value": value} for name, value in became.items()])
    assert posted["accepted"] == LATER
    assert call(f"{address}/v1/outcomes", "POST", [{"subject": "u10000", "task": "left", "value": became["u10000"]}])["accepted"] == 0
    # the next turn sees them and the gate speaks
    assert wait_for(address, call(f"{address}/api/run", "POST")["job"])["status"] == "done"
    task = next(task for task in call(f"{address}/api/tasks") if task["name"] == "left")
    second = task["live"]
    assert second != first, "as much again, newer than the training: a refresh"
    assert task["card"]["num_labelled"] == PEOPLE + LATER
    # roll back by one pointer
    assert call(f"{address}/api/tasks/left/rollback", "POST", {})["to"] == first
    assert call(f"{address}/v1/predict/left", "POST", [{"subject": "u1"}])["release"] == first
