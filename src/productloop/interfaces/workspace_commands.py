"""What the commands about a workspace do. Each takes the session and its request and returns an `Answer`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import productloop
from productloop.foundation.errors import UsageError
from productloop.foundation.settings import load_settings
from productloop.foundation.tables import TABLES
from productloop.foundation.wording import say
from productloop.interfaces import commands, wording
from productloop.interfaces.answering import Answer, as_json, day_of
from productloop.interfaces.doctor import doctor, list_settings
from productloop.interfaces.import_page import identities_page, import_page, imports_page
from productloop.interfaces.main_job import last_first_page, run_everything
from productloop.interfaces.session import Session, opened
from productloop.interfaces.show import show
from productloop.interfaces.status import status
from productloop.interfaces.workspace_file import settings_file
from productloop.loop import upkeep
from productloop.loop.feedback import decide as note_decision
from productloop.loop.identities import reverse, statements
from productloop.loop.importing import Imported, ImportRequest, import_path
from productloop.loop.importing import undo as take_back
from productloop.loop.release import roll_back
from productloop.loop.simulation import simulate, write_files
from productloop.loop.store import FOLDER, SETTINGS_FILE, Store
from productloop.loop.wording import DAY_UNREADABLE

DEMO_NAME = "Demo Pay"
REVIEW_DAYS = 28
"""A decision is looked at again after four weeks unless the person says otherwise."""


def init(session: Session, request: commands.Init) -> Answer:
    """A new workspace, with a settings file that explains itself, and a first import if one was named."""
    root = (session.folder / request.folder).resolve()
    there = Store.find(root) == root
    Store.create(root).close()
    path = root / SETTINGS_FILE
    if not path.exists():
        path.write_text(settings_file(session.language), encoding="utf-8")
    lines = [say("init.there" if there else "init.done", path=str(root))]
    if request.source is None:
        lines.append(say("init.next_import"))
        return Answer({"workspace": str(root)}, lines=tuple(lines))
    imported = _import(session, root, [request.source], request)
    page = import_page(imported)
    return Answer({"workspace": str(root), "imports": [as_json(part) for part in imported]}, page, (*lines, say("init.next_run")))


def import_files(session: Session, request: commands.Import) -> Answer:
    """Import files and say what was understood, ignored, prevented and set aside."""
    imported = _import(session, session.require_root(), list(request.files), request)
    return Answer({"imports": [as_json(part) for part in imported]}, import_page(imported), (say("import.next"),))


def _import(session: Session, root: Path, files: list[str], reading: commands.Reading) -> list[Imported]:
    given = reading.model_dump(include={"table", "columns", "outcome", "encoding", "delimiter", "sheet", "time_zone"})
    imported: list[Imported] = []
    with opened(session, root) as run:
        for file in files:
            asked = ImportRequest(session.folder / file, map=dict(reading.map) or None, **given)
            imported += import_path(run.store, run.settings, asked, session.now, session.progress)
    return imported


def imports(session: Session, _request: commands.Nothing) -> Answer:
    """The ledger."""
    with opened(session) as run:
        rows = run.store.state.imports()
        return Answer({"imports": rows}, imports_page(rows, run.time_zone))


def undo(session: Session, request: commands.Undo) -> Answer:
    """Take an import back."""
    with opened(session) as run:
        removed, again = take_back(run.store, run.settings, request.number)
    repeat = [say("undo.again", file=file) for file in again]
    lines = (say("undo.done", number=request.number, num=sum(removed.values())), *repeat, say("undo.next"))
    return Answer({"import": request.number, "removed": removed, "import_again": again}, lines=lines)


def identities(session: Session, request: commands.Identities) -> Answer:
    """The merged identities, or one of them taken back."""
    with opened(session) as started:
        if request.undo is not None:
            gone = reverse(started.store, request.undo, session.now)
            lines = (say("identities.undone", alias=gone.alias, actor=gone.actor), say("undo.next"))
            return Answer({"merge": gone.number, "alias": gone.alias, "actor": gone.actor}, lines=lines)
        found = statements(started.store)
        return Answer({"merges": [asdict(one) for one in found]}, identities_page(found, started.time_zone))


def run(session: Session, _request: commands.Nothing) -> Answer:
    """Once round the loop, then the first page."""
    with opened(session) as started:
        return run_everything(session, started)


def show_status(session: Session, _request: commands.Nothing) -> Answer:
    """The ring with its numbers."""
    with opened(session) as started:
        return status(started, session)


def demo(session: Session, request: commands.Demo) -> Answer:
    """A workspace with simulated data, marked as such wherever its numbers are shown, and the main job on it. Called again, it runs again."""
    root = (session.folder / request.folder).resolve()
    if Store.find(root) != root or not _is_filled(root):
        store = Store.create(root)
        (store.home / "simulated").write_text("simulated\n", encoding="utf-8")
        store.close()
        if not (root / SETTINGS_FILE).exists():
            (root / SETTINGS_FILE).write_text(settings_file(session.language, {"product.name": DEMO_NAME}), encoding="utf-8")
        settings = load_settings(root / SETTINGS_FILE, session.environment, session.flags)
        write_files(simulate(settings.number("loop.seed"), request.scale), root / "inbox")
    elif not (root / FOLDER / "simulated").exists():
        raise UsageError(wording.FOLDER_NOT_EMPTY, path=str(root))
    with opened(session, root) as started:
        answer = run_everything(session, started)
    lines = (*answer.lines, say("demo.done", path=str(root)), say("demo.next", path=request.folder))
    return replace(answer, data={"workspace": str(root), **answer.data}, lines=lines)


def _is_filled(root: Path) -> bool:
    store = Store(root)
    try:
        return any(store.exists(name) for name in TABLES)
    finally:
        store.close()


def serve(session: Session, request: commands.Serve) -> Answer:
    """Open the pages and the API until Ctrl-C."""
    from productloop.interfaces.http import serve_forever  # FastAPI and uvicorn are only needed here

    root = session.require_root()
    flags = {**session.flags, "serve.host": request.host, "serve.port": request.port}
    settings = load_settings(root / SETTINGS_FILE, session.environment, flags)
    address = f"http://{settings.text('serve.host')}:{settings.number('serve.port')}"
    session.log("serve.at", address=address)
    serve_forever(root, flags, session.environment)
    return Answer({"address": address})


def backup(session: Session, request: commands.FileOut) -> Answer:
    """A copy of the whole workspace in one file."""
    target = session.folder / request.file
    with opened(session) as started:
        size = upkeep.backup(started.store, target)
    return Answer({"file": str(target), "bytes": size}, lines=(say("backup.done", path=str(target), size_mb=size / 1e6),))


def restore(session: Session, request: commands.Restore) -> Answer:
    """A workspace from a backup."""
    root = (session.folder / request.folder).resolve()
    upkeep.restore(session.folder / request.file, root)
    return Answer({"workspace": str(root)}, lines=(say("restore.done", path=str(root)),))


def erase(session: Session, request: commands.Erase) -> Answer:
    """Remove a person everywhere."""
    with opened(session) as started:
        gone = upkeep.erase(started.store, started.settings, request.person)
    places = [say("erase.place", place=place, num=num) for place, num in gone.items()]
    return Answer({"erased": gone}, lines=(say("erase.done", person=request.person), *places, say("erase.reports")))


def export(session: Session, request: commands.Export) -> Answer:
    """Write one table to a file."""
    target = session.folder / (request.file or f"{request.table}.csv")
    with opened(session) as started:
        num = upkeep.export_table(started.store, request.table, target)
        risk = upkeep.export_anonymity(started.store, request.table)
    lines = [say("export.done", num=num, path=str(target)), say("export.warning")]
    if risk is not None and risk.num_rows_below:
        lines.append(say("export.rare", num=risk.num_rows_below, share=f"{risk.share_below:.0%}", k=risk.k, column=risk.causes[0].name))
        steps = [say(f"export.step.{step.change}", column=step.column) for step in risk.advice]
        if steps:
            lines.append(say("export.advice" if risk.reached else "export.advice.part", steps=steps, left=risk.advice[-1].num_rows_below))
    elif risk is not None:
        lines.append(say("export.anonymous", smallest=risk.smallest_group))
    document = None if risk is None else risk._asdict()
    return Answer({"file": str(target), "rows": num, "anonymity": document}, lines=tuple(lines))


def compact(session: Session, _request: commands.Nothing) -> Answer:
    """Fewer, ordered files."""
    with opened(session) as started:
        files = upkeep.compact(started.store)
    lines = tuple(say("compact.done", table=table, before=before, after=after) for table, (before, after) in files.items())
    return Answer({"files": files}, lines=lines or (say("compact.nothing"),))


def rollback(session: Session, request: commands.Rollback) -> Answer:
    """The model release before."""
    with opened(session) as started:
        before, after = roll_back(started.store, request.task, session.now)
    line = say("rollback.done", task=request.task, before=before, after=after)
    return Answer({"task": request.task, "before": before, "live": after}, lines=(line,))


def decide(session: Session, request: commands.Decide) -> Answer:
    """Note a decision about a finding of the last first page."""
    with opened(session) as started:
        page = last_first_page(started.store)
        offers = page.offers if page is not None else ()
        numbered = {str(number): offer for number, offer in enumerate(offers, 1)} | {offer.key: offer for offer in offers}
        offer = numbered.get(request.finding)
        if offer is None:
            known = " / ".join(str(number) for number in range(1, len(offers) + 1)) or "productloop run"
            raise UsageError(wording.FINDING_UNKNOWN, finding=request.finding, known=known)
        review = _review_at(request.review, session.now, started.time_zone)
        number = note_decision(started.store, offer.key, request.choice, request.owner, session.now, review, offer.model_dump_json())
        day = str(day_of(review, started.time_zone))
    line = say("decide.done", finding=request.finding, choice=say(f"decide.choice.{request.choice}"), day=day)
    return Answer({"decision": number, "finding": offer.key, "choice": request.choice, "review": day}, lines=(line,))


def _review_at(day: str | None, now: int, time_zone: str) -> int:
    """The instant at which a review is due, microseconds UTC: the beginning of its day."""
    zone = ZoneInfo(time_zone)
    if day is None:
        chosen = datetime.fromtimestamp(now / 1e6, UTC).astimezone(zone) + timedelta(days=REVIEW_DAYS)
    else:
        try:
            chosen = datetime.fromisoformat(day).replace(tzinfo=zone)
        except ValueError as error:
            raise UsageError(DAY_UNREADABLE, day=day) from error
    return int(chosen.replace(hour=0, minute=0, second=0, microsecond=0).timestamp()) * 1_000_000


def reset(session: Session, request: commands.Reset) -> Answer:
    """Empty the workspace; only with --yes."""
    root = session.require_root()
    if not request.yes:
        raise UsageError(wording.NOT_CONFIRMED, path=str(root))
    upkeep.reset(Store(root))
    return Answer({"workspace": str(root)}, lines=(say("reset.done", path=str(root)),))


def version(_session: Session, _request: commands.Nothing) -> Answer:
    """The version."""
    return Answer({"version": productloop.__version__}, lines=(say("version.line", version=productloop.__version__),))


def show_figure(session: Session, request: commands.Show) -> Answer:
    """Where a number comes from."""
    with opened(session) as started:
        return show(started, request.figure, session.language)


Runs = dict[str, Callable[[Session, Any], Answer]]
RUNS: Runs = {
    "init": init, "import": import_files, "run": run, "status": show_status, "decide": decide, "serve": serve, "demo": demo,
    "imports": imports, "undo": undo, "identities": identities, "show": show_figure, "settings": list_settings, "doctor": doctor,
    "export": export, "backup": backup, "restore": restore, "erase": erase, "compact": compact, "rollback": rollback, "reset": reset,
    "version": version,
}  # fmt: skip
"""Command name -> what it does; the same names as `commands.COMMANDS`."""
