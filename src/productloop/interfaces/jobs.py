"""Long actions asked over HTTP: each is a row in `state.db` and runs in a child process, so that the server stays quick and a job can be
cancelled by the same signal as Ctrl-C. `python -m productloop.interfaces.jobs ROOT JOB` is the child.

A job whose process is gone although its row says "running" was killed: it is shown as failed when it is next looked at.
"""

from __future__ import annotations

import json
import os
import secrets
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

from productloop.foundation.errors import Cancelled, ProductloopError
from productloop.interfaces.registry import find_action
from productloop.interfaces.session import clock, open_run, perform_action, watching
from productloop.loop.store import Store

RUN_EVERYTHING = "run"
"""Name of the job that is `productloop run`."""
_children: dict[str, subprocess.Popen[bytes]] = {}


def start_job(store: Store, action: str, request: dict[str, Any]) -> str:
    """Write the job down and start its process; returns its id."""
    job = secrets.token_hex(8)
    row = {"id": job, "action": action, "request": json.dumps(request, ensure_ascii=False), "status": "waiting", "created_at": clock(), "progress": "{}"}
    store.state.add_job(row)
    flags = {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP} if os.name == "nt" else {}
    command = [sys.executable, "-m", "productloop.interfaces.jobs", str(store.root), job]
    child = subprocess.Popen(command, stdin=subprocess.DEVNULL, **flags)  # type: ignore[call-overload]  # noqa: S603 (our own module and ids)
    _children[job] = child
    threading.Thread(target=child.wait, daemon=True).start()  # no zombie stays behind
    store.state.update_job(job, process=child.pid)
    return job


def look_at(store: Store, job: str) -> dict[str, Any] | None:
    """The job as people see it, or None when there is none."""
    rows = store.state.jobs(job)
    if not rows:
        return None
    row = rows[0]
    child = _children.get(job)
    if row["status"] in ("waiting", "running") and child is not None and child.poll() is not None:
        row = store.state.jobs(job)[0]
        if row["status"] in ("waiting", "running"):
            store.state.update_job(job, status="failed", error=json.dumps({"code": "killed", "exit": child.returncode}))
            row = store.state.jobs(job)[0]
    shown = {name: row[name] for name in ("id", "action", "status", "created_at", "report")}
    return shown | {"progress": json.loads(row["progress"]), "error": json.loads(row["error"]) if row["error"] else None}


def cancel(store: Store, job: str) -> None:
    """Ask a running job to stop at its next safe place."""
    child = _children.get(job)
    if child is not None and child.poll() is None:
        child.send_signal(signal.CTRL_BREAK_EVENT if os.name == "nt" else signal.SIGINT)
    elif store.state.jobs(job)[0]["status"] == "waiting":
        store.state.update_job(job, status="cancelled")


def run_job(root: Path, job: str) -> int:
    """The child: run the job, writing progress, report or error into its row."""
    store = Store(root)
    row = store.state.jobs(job)[0]
    store.state.update_job(job, status="running", process=os.getpid())
    last = [0]

    with watching("en") as watcher:

        def progress(stage: str, done: int, total: int) -> None:
            watcher(stage, done, total)
            if clock() - last[0] > 200_000:
                last[0] = clock()
                store.state.update_job(job, progress=json.dumps({"stage": stage, "done": done, "total": total}))

        try:
            report = _work(root, row["action"], json.loads(row["request"]), progress)
        except Cancelled:
            store.state.update_job(job, status="cancelled")
            return Cancelled.exit_code
        except ProductloopError as error:
            said = {language: error.render(language) for language in ("zh", "en")}
            store.state.update_job(job, status="failed", error=json.dumps({"code": error.code, **said}, ensure_ascii=False))
            return error.exit_code
        store.state.update_job(job, status="done", report=report, progress="{}")
    return 0


def _work(root: Path, action_name: str, request: dict[str, Any], progress: Any) -> str | None:
    if action_name == RUN_EVERYTHING:
        from productloop.interfaces.main_job import run_everything

        run_everything(root, {}, os.environ, clock(), progress)
        return None
    found = find_action(action_name)
    assert found is not None, f"no action {action_name}"
    app, action = found
    run = open_run(root, {}, os.environ, clock(), progress)
    try:
        return perform_action(run, app, action, action.request.model_validate(request)).id
    finally:
        run.store.close()


if __name__ == "__main__":
    sys.exit(run_job(Path(sys.argv[1]), sys.argv[2]))
