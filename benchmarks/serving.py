"""How fast a live risk model answers: in the process, and over HTTP from many clients at once.

    python benchmarks/serving.py                      # Telco churn: imported, trained, served, asked
    python benchmarks/serving.py --workspace FOLDER   # a workspace with a live model of its own

In the process: one row of given inputs is scored; one row is scored and explained (reasons in order, by groups of inputs), in CPU
milliseconds. Over HTTP: the real server on a free port; 32 clients, each with one open connection, post one row at a time to /v1/predict,
first at a steady pace (`--pace` requests a second and client), then as fast as they get answers, in wall milliseconds as the client sees
them; "inside" is the time that the server itself took for the row. Clients are coroutines of one thread: 32 threads would wait for each
other and be measured instead. Clients and server share the machine; its load (os.getloadavg) is printed beside.
"""

from __future__ import annotations

import argparse
import asyncio
import csv
import http.client
import itertools
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

SHARED = Path(os.environ.get("PRODUCTLOOP_SHARED_DATA", Path(__file__).resolve().parents[2] / "shared" / "data"))
FILE = SHARED / "telco_churn" / "Telco-Customer-Churn.csv"
TASK, OUTCOME, ID = "churn", "Churn", "customerID"
NUM_CLIENTS = 32
NUM_ROWS = 300
WARM_UP = 30


def make_workspace(folder: Path) -> Path:
    """Telco imported and trained."""
    for command in (
        ["init", str(folder)],
        ["import", str(FILE), "--outcome", f"{OUTCOME}=Yes", "--workspace", str(folder)],
        ["risk", "train", "--workspace", str(folder)],
    ):
        subprocess.run([sys.executable, "-m", "productloop", *command], check=True, stdout=subprocess.DEVNULL)
    return folder


def telco_rows() -> list[dict[str, Any]]:
    """Rows as a caller would post them: the columns without the outcome and the id."""
    with FILE.open(encoding="utf-8", newline="") as file:
        rows = list(itertools.islice(csv.DictReader(file), NUM_ROWS))
    return [{name: value for name, value in row.items() if name not in (OUTCOME, ID)} for row in rows]


def in_process(workspace: Path, rows: Sequence[dict[str, Any]]) -> None:
    """Print the compute of one row."""
    from productloop.foundation.settings import load_settings
    from productloop.interfaces.registry import tasks_of
    from productloop.learning.reasons import explain, group_columns
    from productloop.loop.serve import open_live, predict_row
    from productloop.loop.store import SETTINGS_FILE, Store

    store = Store(workspace)
    tasks = {task.name: task for task in tasks_of(store, load_settings(workspace / SETTINGS_FILE, {}, {}))}
    live = open_live(store, tasks[TASK])
    signature, read = live.release.signature, live.task.row_input
    assert read is not None
    model: Any = live.model
    print(f"model: {getattr(model, 'name', live.release.recipe)}, {len(signature.columns)} columns")
    groups = group_columns(read(store, rows[0], signature))

    def scored_and_explained(row: dict[str, Any]) -> None:
        inputs = read(store, row, signature)
        model.predict(inputs)
        explain(model.contributions(inputs), inputs, groups)

    report("in the process, scored (CPU)", timed(lambda row: predict_row(live, store, row, 0), rows))
    report("in the process, scored and explained (CPU)", timed(scored_and_explained, rows))
    store.close()


def timed(answer: Callable[[dict[str, Any]], object], rows: Sequence[dict[str, Any]]) -> list[float]:
    """Milliseconds of CPU of each call after a warm-up: what a busy machine adds by letting others run is not counted."""
    for row in rows[:WARM_UP]:
        answer(row)
    found = []
    for row in rows:
        started = time.thread_time()
        answer(row)
        found.append(1000 * (time.thread_time() - started))
    return found


def report(name: str, milliseconds: Sequence[float], more: str = "") -> None:
    """One line of the table."""
    half, high = np.percentile(milliseconds, [50, 99])
    print(f"{name:48s} n {len(milliseconds):6d}   p50 {half:8.3f} ms   p99 {high:8.3f} ms   {more}")


class Server:
    """The real server in a process of its own, for the length of a `with`."""

    def __init__(self, workspace: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])
        command = [sys.executable, "-m", "productloop", "serve", "--workspace", str(workspace), "--port", str(self.port)]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL)

    def __enter__(self) -> Server:
        for _ in range(600):
            if self.process.poll() is not None:
                break
            try:
                connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
                connection.request("GET", "/api/health")
                if connection.getresponse().status == 200:
                    return self
            except OSError:
                time.sleep(0.1)
        self.__exit__()
        raise SystemExit("the server did not start")

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.wait(timeout=20)


async def ask(port: int, rows: Sequence[dict[str, Any]], seconds: float, pace: float) -> tuple[list[float], list[float]]:
    """Milliseconds of every request by 32 clients, outside and inside. pace: requests a second and client; 0 = no pause."""
    outside: list[float] = []
    inside: list[float] = []
    bodies = [json.dumps([row]).encode() for row in rows]
    head = f"POST /v1/predict/{TASK} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\nContent-Length: "

    async def client(number: int) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        began = time.perf_counter() + (number / NUM_CLIENTS / pace if pace else 0)
        for turn in itertools.count():
            due = began + turn / pace if pace else time.perf_counter()
            if due - began >= seconds:
                break
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            body = bodies[(number + turn) % len(bodies)]
            started = time.perf_counter()
            writer.write(f"{head}{len(body)}\r\n\r\n".encode() + body)
            answer = await reader.readuntil(b"\r\n\r\n")
            content = await reader.readexactly(int(answer.lower().split(b"content-length:")[1].split(b"\r\n")[0]))
            outside.append(1000 * (time.perf_counter() - started))
            assert b" 200 " in answer[:16], content[:300]
            inside.append(json.loads(content)["predictions"][0]["latency_ms"])
        writer.close()

    await asyncio.gather(*(client(number) for number in range(NUM_CLIENTS)))
    return outside, inside


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--workspace", type=Path)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--pace", type=float, default=5.0)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        workspace = options.workspace or make_workspace(Path(folder) / "telco")
        rows = telco_rows()
        in_process(workspace, rows)
        with Server(workspace) as server:
            asyncio.run(ask(server.port, rows, 1.0, 2.0))  # the model is loaded by the first request
            for name, pace in (
                (f"{NUM_CLIENTS} clients, {NUM_CLIENTS * options.pace:.0f} requests a second", options.pace),
                ("as fast as they can", 0.0),
            ):
                outside, inside = asyncio.run(ask(server.port, rows, options.seconds, pace))
                report(f"HTTP, {name}", outside, f"{len(outside) / options.seconds:.0f} a second")
                report("  inside the server", inside)
    if hasattr(os, "getloadavg"):
        print(f"load of the machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")


if __name__ == "__main__":
    main()
