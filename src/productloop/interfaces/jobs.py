"""Long actions asked over HTTP: each is a row in `state.db` and runs in a child process, so that the server stays quick and a job can be
cancelled by the same signal as Ctrl-C. `python -m productloop.interfaces.jobs ROOT JOB FLAGS` is the child.

The child holds a lease that it renews each second; there it also sees when it should stop, where signals do not reach it (Windows, or a
server that was started again). A job whose lease ended without a result was killed, and is shown as failed.
"""

from __future__ import annotations

import json
import os
import secrets
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from productloop.foundation.errors import Cancelled, ProductloopError
from productloop.foundation.wording import Language
from productloop.interfaces import wording
from productloop.interfaces.registry import find_action
from productloop.interfaces.server_wording import TEXTS
from productloop.interfaces.session import Session, Watcher, choose_language, clock, opened, perform_action, watching
from productloop.loop.store import Store

RUN_EVERYTHING = "run"
"""Name of the job that is `productloop run`."""
BEAT_SECONDS = 1.0
LEASE_US = 30_000_000
START_US = 120_000_000
"""A child has this long to start on a busy machine."""
PROGRESS_US = 200_000
FEW_STEPS = 9
"""A stage of fewer steps is not counted aloud: "1 of 3" says nothing to anybody."""
OPEN = ("waiting", "running", "cancelling")
_children: dict[str, subprocess.Popen[bytes]] = {}


# the server's side ---------------------------------------------------------------------------------------------------


def start_job(store: Store, action: str, request: Mapping[str, Any], flags: Mapping[str, Any], environment: Mapping[str, str]) -> str:
    """Write the job down and start its process; returns its id. The same job already at work is not started twice."""
    asked, now = json.dumps(request, ensure_ascii=False, sort_keys=True), clock()
    for row in store.state.jobs():
        if row["status"] in OPEN and (row["action"], row["request"]) == (action, asked) and _settle(store, row)["status"] in OPEN:
            return str(row["id"])
    job = secrets.token_hex(8)
    row = {"id": job, "action": action, "request": asked, "status": "waiting", "created_at": now, "lease_until": now + START_US}
    store.state.add_job(row | {"progress": "{}"})
    given = json.dumps({name: value for name, value in flags.items() if value is not None}, default=str)
    command = [sys.executable, "-m", "productloop.interfaces.jobs", str(store.root), job, given]
    child = subprocess.Popen(command, stdin=subprocess.DEVNULL, env=dict(environment))  # noqa: S603 (our own module)
    _children[job] = child
    threading.Thread(target=child.wait, daemon=True).start()  # no zombie stays behind
    return job


def look_at(store: Store, job: str, language: Language) -> dict[str, Any] | None:
    """The job as people see it, with a sentence; None when there is none."""
    rows = store.state.jobs(job)
    if not rows:
        return None
    row = _settle(store, rows[0])
    shown = {name: row[name] for name in ("id", "action", "status", "created_at", "report")}
    progress, error = json.loads(row["progress"]), json.loads(row["error"]) if row["error"] else None
    if error is not None and language in error:
        error = {"code": error["code"], **error[language]}
    return shown | {"progress": progress, "error": error, "says": _sentence(row["status"], progress, error, language)}


def _settle(store: Store, row: dict[str, Any]) -> dict[str, Any]:
    """The row, after a job whose process is gone was marked as failed."""
    child = _children.get(row["id"])
    gone = child.poll() is not None if child is not None else (row["lease_until"] or 0) < clock()
    if row["status"] not in OPEN or not gone:
        return row
    row = store.state.jobs(row["id"])[0]  # its last words may have been written in between
    if row["status"] in OPEN:
        ended = {"status": "cancelled"} if row["status"] == "cancelling" else {"status": "failed", "error": json.dumps({"code": "killed"})}
        store.state.update_job(row["id"], **ended)
        row = row | ended
    return row


def _sentence(status: str, progress: Mapping[str, Any], error: Mapping[str, Any] | None, language: Language) -> str:
    if status == "failed" and error is not None and "happened" in error:
        return TEXTS["server.job.failed"].render(language, happened=error["happened"], fix=error["fix"])
    if status == "failed":
        return TEXTS["server.job.killed"].in_language(language)
    known = wording.TEXTS.get(f"progress.{progress['stage']}") if "stage" in progress else None
    if status == "running" and known is not None:
        stage = known.in_language(language)
        if progress["total"] > FEW_STEPS:
            return TEXTS["server.job.stage_of"].render(language, stage=stage, done=progress["done"], total=progress["total"])
        return TEXTS["server.job.stage"].render(language, stage=stage)
    return TEXTS[f"server.job.{status}"].in_language(language)


def cancel(store: Store, job: str) -> None:
    """Ask a job to stop at its next safe place."""
    if store.state.jobs(job)[0]["status"] not in OPEN:
        return
    store.state.update_job(job, status="cancelling")
    child = _children.get(job)
    if child is not None and child.poll() is None and os.name != "nt":  # on Windows the child sees it at its next beat
        child.send_signal(signal.SIGINT)


# the child's side ----------------------------------------------------------------------------------------------------


def run_job(root: Path, job: str, flags: Mapping[str, Any]) -> int:
    """Run the job, writing progress, report or error into its row; returns the exit code."""
    store = Store(root)
    with watching(choose_language(None, "", os.environ)) as watcher:
        row = store.state.jobs(job)[0]
        if row["status"] != "waiting":  # stopped before it began
            store.state.update_job(job, status="cancelled")
            return Cancelled.exit_code
        store.state.update_job(job, status="running", process=os.getpid(), lease_until=clock() + LEASE_US)
        ended = threading.Event()
        beat = threading.Thread(target=_beat, args=(store, job, watcher, ended), daemon=True)
        beat.start()
        try:
            report = _work(store, row, flags, _teller(store, job, watcher))
        except (Cancelled, KeyboardInterrupt):
            outcome: dict[str, Any] = {"status": "cancelled"}
            code = Cancelled.exit_code
        except ProductloopError as error:
            said = {language: dict(zip(("happened", "expected", "fix"), error.render(language), strict=True)) for language in ("zh", "en")}
            outcome, code = {"status": "failed", "error": json.dumps({"code": error.code, **said}, ensure_ascii=False)}, error.exit_code
        else:
            outcome, code = {"status": "done", "report": report, "progress": "{}"}, 0
        finally:
            ended.set()
            beat.join()
        store.state.update_job(job, **outcome)
    return code


def _teller(store: Store, job: str, watcher: Watcher) -> Any:
    last_at, last_stage = 0, ""

    def progress(stage: str, done: int, total: int) -> None:
        nonlocal last_at, last_stage
        watcher(stage, done, total)
        if clock() - last_at > PROGRESS_US or stage != last_stage:
            last_at, last_stage = clock(), stage
            store.state.update_job(job, progress=json.dumps({"stage": stage, "done": done, "total": total}))

    return progress


def _beat(store: Store, job: str, watcher: Watcher, ended: threading.Event) -> None:
    """Renew the lease; notice that somebody asked to stop."""
    while not ended.wait(BEAT_SECONDS):
        store.state.update_job(job, lease_until=clock() + LEASE_US)
        if store.state.jobs(job)[0]["status"] == "cancelling":
            watcher.interrupted = True


def _work(store: Store, row: Mapping[str, Any], flags: Mapping[str, Any], progress: Any) -> str | None:
    """Do what the job asks; returns the id of its report."""
    language = choose_language(None, "", os.environ)
    session = Session(language, os.environ, store.root, clock(), store.root, dict(flags), progress=progress)
    with opened(session) as run:
        if row["action"] == RUN_EVERYTHING:
            from productloop.interfaces.main_job import run_everything  # loads every part of the house

            run_everything(session, run)
            return None
        found = find_action(row["action"])
        assert found is not None, f"no action {row['action']}"
        app, action = found
        return perform_action(run, app, action, action.request.model_validate_json(row["request"])).id


if __name__ == "__main__":
    sys.exit(run_job(Path(sys.argv[1]), sys.argv[2], json.loads(sys.argv[3])))
