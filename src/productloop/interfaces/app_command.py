"""`productloop APP [ACTION] [FILE ...] [--field value ...]`: import the files if there are any, perform the action, show its report."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from productloop.foundation.errors import UsageError, excerpt
from productloop.foundation.tables import TABLES
from productloop.foundation.wording import Text
from productloop.interfaces import wording
from productloop.interfaces.answering import Answer, deliver, report_answer
from productloop.interfaces.options import Option, Values, build, fill_positionals, options_of, parse
from productloop.interfaces.registry import nearest
from productloop.interfaces.session import Session, opened, perform_action, write_line
from productloop.loop.action import Action, App, Request, Run
from productloop.loop.importing import Imported, ImportRequest, file_hash, import_path
from productloop.loop.store import Store

EVERYTHING = Option("all", ("all",), "flag", Text("按全部数据", "all data"))


def run_app(session: Session, app: App, words: Sequence[str]) -> None:
    """Run one action of an app and show its report."""
    action, left = _action(app, words)
    options = options_of(action.request)
    values, found = parse(left, (*options, EVERYTHING))
    everything = bool(values.pop(EVERYTHING.path, False))
    files = [session.folder / word for word in found if (session.folder / word).exists()]
    others = [word for word in found if not (session.folder / word).exists()]
    if others and action is app.actions[0] and not any(option.positional for option in options):
        raise _unknown(app, others[0], session.folder)
    unused = fill_positionals(values, others, options, f"{app.name} {action.name}")
    if unused:
        raise _unknown(app, unused[0], session.folder)
    build(action.request, values, options).scope.check()  # a wrong option is told before a file is read
    with ExitStack() as stack:
        root = session.root()
        temporary = root is None and bool(files)
        if temporary:
            root = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="productloop-", ignore_cleanup_errors=True)))
            Store.create(root).close()
            session = replace(session, flags={"product.name": files[0].stem, **session.flags})
        run = stack.enter_context(opened(session, root))
        imported = [part for file in files for part in _import(session, run, file)]
        run = _again(run) if imported else run
        if imported and not everything:
            _narrow(session, run, imported, files, values)
        answer = _report(session, run, app, action, build(action.request, values, options))
        deliver(session, answer, f"{app.name} {action.name}")
    if temporary:
        inside = files[0].is_relative_to(session.folder)
        path = files[0].relative_to(session.folder) if inside else files[0]
        write_line(sys.stderr if session.json else sys.stdout, session.say("door.keep", path=str(path)))


def _action(app: App, words: Sequence[str]) -> tuple[Action, Sequence[str]]:
    """A first word that is an action's name is that action, else the app's first action is meant."""
    if words:
        named = next((action for action in app.actions if action.name == words[0]), None)
        if named is not None:
            return named, words[1:]
    return app.actions[0], words


def _unknown(app: App, word: str, folder: Path) -> UsageError:
    names = [action.name for action in app.actions]
    beside = [entry.name for entry in (folder / word).parent.iterdir()] if (folder / word).parent.is_dir() else []
    return UsageError(
        wording.ACTION_UNKNOWN,
        app=app.name,
        word=excerpt(word),
        known=", ".join(names),
        nearest=nearest(Path(word).name, [*names, *beside]),
    )


def _import(session: Session, run: Run, file: Path) -> list[Imported]:
    imported = import_path(run.store, run.settings, ImportRequest(file), session.now, session.progress)
    for part in imported:
        table = TABLES[part.table].title.in_language(session.language)
        session.log(
            "import.part", path=file.name, table=f"{table}: {session.say('import.counts', num_rows=part.num_rows, num_new=part.num_new)}"
        )
    return imported


def _again(run: Run) -> Run:
    run.store.refresh()
    return replace(run, as_of=run.store.as_of())


def _narrow(session: Session, run: Run, imported: Sequence[Imported], files: Sequence[Path], values: Values) -> None:
    """Let the report see only what these imports brought, unless that is everything, or part of it was there before."""
    ids = {part.import_id for part in imported}
    others = [row for row in run.store.state.imports("done") if row["id"] not in ids and row["num_new"]]
    if not others:
        return
    if any(part.num_repeated for part in imported):
        inside = [child for file in files for child in (file.rglob("*") if file.is_dir() else (file,)) if child.is_file()]
        hashes = {file_hash(child) for child in inside}
        earlier = {row["id"] for row in others if row["file_hash"] in hashes}
        if any(part.num_new for part in imported) or not earlier or max(earlier) - min(earlier) >= len(earlier):
            session.log("door.all_data")
            return
        ids = earlier
    session.log("door.this_import")
    values.setdefault(("scope", "where"), []).extend([f"import_id>={min(ids)}", f"import_id<={max(ids)}"])


def _report(session: Session, run: Run, app: App, action: Action, request: Request) -> Answer:
    report = perform_action(run, app, action, request)
    return report_answer(run.store, run.settings, report, action.shown(report), session.language)
