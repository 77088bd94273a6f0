"""How fast a live risk model answers: in the process, and over HTTP from many clients at once.

    python benchmarks/serving.py                      # Telco churn: imported, trained, served, asked
    python benchmarks/serving.py --workspace FOLDER   # a workspace with a live model of its own

In the process: one row of given inputs is scored; one row is scored and explained (its three strongest reasons, as sentences in English), in
CPU milliseconds; one person is looked up by id, by queries and once everybody's inputs are prepared. Over HTTP: the real server on a free
port; 32 clients, each with one open connection, post one row at a time to /v1/predict, asking for three reasons (`--reasons 0`: for none),
first at a steady pace (`--pace` requests a second and client), then as fast as they get answers, then by id, in wall milliseconds as the
client sees them; "inside" is the time that the server itself took for the row. Clients are coroutines of one thread: 32 threads would wait for each
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
NUM_REASONS = 3
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
    from productloop.foundation.wording import speak
    from productloop.interfaces.registry import all_texts, tasks_of
    from productloop.loop.prepared import prepare
    from productloop.loop.serve import open_live, predict_row, row_digest, row_inputs, value_of
    from productloop.loop.store import SETTINGS_FILE, Store

    store, texts = Store(workspace), all_texts()
    tasks = {task.name: task for task in tasks_of(store, load_settings(workspace / SETTINGS_FILE, {}, {}))}
    live, now = open_live(store, tasks[TASK]), int(time.time() * 1e6)
    assert live.task.explainer is not None
    print(f"model: {getattr(live.model, 'name', live.release.recipe)}, {len(live.release.signature.columns)} columns")
    started = time.process_time()
    explainer = live.task.explainer(live.task, store, live.release, live.model, now)
    assert explainer is not None
    print(f"reasons prepared in {time.process_time() - started:.2f} CPU s")

    def scored_and_explained(row: dict[str, Any]) -> None:
        inputs = row_inputs(live, store, row, now)
        value_of(live, inputs)
        row_digest(row)
        for reason in explainer(inputs, NUM_REASONS):
            speak(reason.text, texts, "en")

    report("in the process, scored (CPU)", timed(lambda row: predict_row(live, store, row, now), rows))
    report("in the process, scored and explained (CPU)", timed(scored_and_explained, rows))
    people = [{"subject": subject} for subject in telco_ids()]
    report("a person looked up by queries, scored (CPU)", timed(lambda row: predict_row(live, store, row, now), people, time.process_time))
    started = time.process_time()
    prepared = prepare(live, store, now)
    assert prepared is not None
    print(f"{len(prepared.rows)} people prepared in {time.process_time() - started:.2f} CPU s")
    found = timed(lambda row: value_of(live, prepared.of(row["subject"])), people, time.process_time)
    report("a person looked up, prepared, scored (CPU)", found)
    store.close()


def telco_ids() -> list[str]:
    """Customers by the source's own ids."""
    with FILE.open(encoding="utf-8", newline="") as file:
        return [row[ID] for row in itertools.islice(csv.DictReader(file), NUM_ROWS)]


def timed(
    answer: Callable[[dict[str, Any]], object], rows: Sequence[dict[str, Any]], clock: Callable[[], float] = time.thread_time
) -> list[float]:
    """Milliseconds of CPU of each call after a warm-up: what a busy machine adds by letting others run is not counted."""
    for row in rows[:WARM_UP]:
        answer(row)
    found = []
    for row in rows:
        started = clock()
        answer(row)
        found.append(1000 * (clock() - started))
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


async def ask(port: int, rows: Sequence[dict[str, Any]], seconds: float, pace: float, reasons: int) -> tuple[list[float], list[float]]:
    """Milliseconds of every request by 32 clients, outside and inside. pace: requests a second and client; 0 = no pause."""
    outside: list[float] = []
    inside: list[float] = []
    bodies = [json.dumps([row]).encode() for row in rows]
    head = f"POST /v1/predict/{TASK}?reasons={reasons} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\nContent-Length: "

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
    parser.add_argument("--reasons", type=int, default=NUM_REASONS)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        workspace = options.workspace or make_workspace(Path(folder) / "telco")
        rows = telco_rows()
        in_process(workspace, rows)
        with Server(workspace) as server:
            people = [{"subject": subject} for subject in telco_ids()]
            for warm in (rows, people):  # the model is loaded and people are prepared by the first requests
                asyncio.run(ask(server.port, warm, 1.0, 2.0, options.reasons))
            steady = f"{NUM_CLIENTS} clients, {NUM_CLIENTS * options.pace:.0f} requests a second"
            for name, asked, pace in (
                (steady, rows, options.pace),
                ("as fast as they can", rows, 0.0),
                (f"people by id, {NUM_CLIENTS * options.pace:.0f} a second", people, options.pace),
            ):
                outside, inside = asyncio.run(ask(server.port, asked, options.seconds, pace, options.reasons))
                report(f"HTTP, {name}", outside, f"{len(outside) / options.seconds:.0f} a second")
                report("  inside the server", inside)
    if hasattr(os, "getloadavg"):
        print(f"load of the machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")


if __name__ == "__main__":
    main()
