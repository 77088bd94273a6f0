"""`productloop run`: import what is new, once round the loop, every report, the first page.

Order: tasks on imported tables, actions that write derived tables, tasks that learn from those, the other actions (writers before
readers). A report, table or model whose inputs did not change is kept.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from productloop.foundation.errors import DataProblem, ProductloopError, UsageError
from productloop.foundation.page import Line
from productloop.foundation.tables import CANONICAL
from productloop.foundation.wording import LANGUAGES, Say, Text
from productloop.interfaces.answering import Answer, as_json, page_meta, quote_rows, quote_texts, workspace_meta, write_text
from productloop.interfaces.first_page import FirstPage, Made, Skipped, build_page, with_links
from productloop.interfaces.html import render_html
from productloop.interfaces.registry import all_texts, apps, tasks_of
from productloop.interfaces.session import Session, perform_action
from productloop.interfaces.wording import TEXTS
from productloop.loop.action import Action, App, Report, Run, is_simulated, live_pointers, report_key, source_states
from productloop.loop.decisions import Offer, follow_up, strongest, waiting
from productloop.loop.importing import ImportRequest, file_hash, import_path
from productloop.loop.store import Store
from productloop.loop.task import Task
from productloop.loop.turn import TurnResult, turn

REPORTS = "reports"
FIRST_PAGE = "first_page"
CANONICAL_NAMES = tuple(table.name for table in CANONICAL)


@dataclass(slots=True)
class Lap:
    """What one run has done so far."""

    run: Run
    reports: dict[str, tuple[App, Action, Report]] = field(default_factory=dict)
    skipped: list[Skipped] = field(default_factory=list)
    unreadable: list[Skipped] = field(default_factory=list)
    turns: list[TurnResult] = field(default_factory=list)
    num_imported: int = 0
    remembered: list[tuple[App, Action, str, Report]] = field(default_factory=list)


def run_everything(session: Session, run: Run) -> Answer:
    """One lap; the answer is the first page, also written as files under `reports/`."""
    lap = Lap(run)
    import_inbox(lap, session)
    lap.run = replace(run, as_of=run.store.as_of())
    first, later = plan(lap.run.store)
    written = {table for _, action in first for table in action.writes}
    _turns(lap, lambda task: not written & set(task.reads))
    pointers = _own_pointers(lap.run)
    for app, action in first:
        _make(lap, app, action)
    _turns(lap, lambda task: bool(written & set(task.reads)))
    for app, action in later:
        _make(lap, app, action)
    _remember(lap, pointers)
    record = _record(lap)
    _keep(lap.run, record)
    return _publish(session, lap, record)


def import_inbox(lap: Lap, session: Session) -> None:
    """Import the files of the inbox that were not imported with the same content; one that cannot be read does not stop the rest."""
    store = lap.run.store
    done = {row["file_hash"] for row in store.state.imports("done")}
    for file in sorted(path for path in store.inbox.iterdir() if not path.name.startswith((".", "~$"))) if store.inbox.is_dir() else ():
        if file_hash(file) in done:
            continue
        try:
            import_path(store, lap.run.settings, ImportRequest(file), session.now, session.progress)
            lap.num_imported += 1
        except DataProblem as problem:
            lap.unreadable.append(_failure(Text(file.name, file.name), problem))
    store.refresh()


def plan(store: Store) -> tuple[list[tuple[App, Action]], list[tuple[App, Action]]]:
    """Actions that write what others read, and those that come after the turn of the tasks; each sorted by what it reads and writes."""
    wanted = [
        (app, action)
        for app in apps()
        if any(store.exists(name) for name in app.tables)
        for action in app.actions
        if action.is_on_run(store)
    ]
    before = [pair for pair in wanted if pair[1].writes and "scores" not in pair[1].reads]
    return _sorted(before), _sorted([pair for pair in wanted if pair not in before])


def _sorted(pairs: Sequence[tuple[App, Action]]) -> list[tuple[App, Action]]:
    """Writers before readers; otherwise the order of the apps. Two that read each other keep that order too."""
    waiting_pairs, ordered = list(pairs), []
    while waiting_pairs:
        free = next(
            (
                pair
                for pair in waiting_pairs
                if not any(set(other[1].writes) & set(pair[1].reads) for other in waiting_pairs if other is not pair)
            ),
            waiting_pairs[0],
        )
        waiting_pairs.remove(free)
        ordered.append(free)
    return ordered


def _make(lap: Lap, app: App, action: Action) -> None:
    name = f"{app.name}.{action.name}"
    try:
        request = action.request()
        key = _stable_key(lap.run, name, action)
        report = _kept(lap.run, name, action, key) if action.writes else None
        if report is None:
            report = perform_action(lap.run, app, action, request)
            lap.run.store.refresh()
        if action.writes:
            lap.remembered.append((app, action, key, report))
        lap.reports[name] = (app, action, report)
    except (DataProblem, UsageError) as problem:
        lap.skipped.append(_failure(action.title, problem))


def _stable_key(run: Run, name: str, action: Action) -> str:
    """Everything that a writing action depends on, without the tables it writes itself."""
    return report_key(name, action.request(), run, tuple(table for table in action.reads if table not in action.writes))


def _kept(run: Run, name: str, action: Action, key: str) -> Report | None:
    """The last report of a writing action, if neither its inputs nor the tables it wrote have changed since."""
    last = run.store.state.turn(_memory(name))
    if last is None or last["key"] != key:
        return None
    result = json.loads(last["result"])
    if result["wrote"] != _wrote(run, action):
        return None
    row = run.store.state.report(result["report"])
    try:
        return None if row is None else action.report.model_validate_json(row["body"])
    except ValidationError:
        return None  # kept by an earlier version whose report had other fields: made anew


def _remember(lap: Lap, pointers: dict[str, list[str]]) -> None:
    """Note what writing actions saw, as of the end of the lap: a release of another app does not make them old."""
    now = _own_pointers(lap.run)
    for app, action, key, report in lap.remembered:
        name = f"{app.name}.{action.name}"
        same = pointers.get(app.name) == now.get(app.name)
        result = {"report": report.id, "wrote": _wrote(lap.run, action)}
        lap.run.store.state.save_turn(_memory(name), _stable_key(lap.run, name, action) if same else key, lap.run.now, result)


def _memory(name: str) -> str:
    return f"report/{name}"


def _wrote(run: Run, action: Action) -> dict[str, int]:
    return {name: version for name, version in run.store.versions().items() if name in action.writes}


def _own_pointers(run: Run) -> dict[str, list[str]]:
    """App -> the live releases of the tasks made from its templates."""
    live = {pointer["task"]: pointer["release"] for pointer in live_pointers(run.store)}
    found: dict[str, list[str]] = {}
    for row in run.store.state.releases():
        if live.get(row["task"]) == row["id"]:
            template = json.loads(row["card"])["template"]
            found.setdefault(str(template).partition(".")[0], []).append(row["id"])
    return found


def _turns(lap: Lap, chosen: Callable[[Task], bool]) -> None:
    for task in filter(chosen, tasks_of(lap.run.store, lap.run.settings)):
        try:
            lap.turns += turn(lap.run, (task,))
        except DataProblem as problem:
            lap.skipped.append(_failure(task.title, problem))
    lap.run.store.refresh()


def _failure(name: Text, problem: ProductloopError) -> Skipped:
    (zh, _, fix_zh), (en, _, fix_en) = problem.render("zh"), problem.render("en")
    reasons = (f"{zh.rstrip('。')}。{fix_zh}", f"{en.rstrip('.')}. {fix_en}")
    return Skipped(name_zh=name.zh, name_en=name.en, reason_zh=reasons[0], reason_en=reasons[1])


def _record(lap: Lap) -> FirstPage:
    run = lap.run
    offers = [
        Offer(app=app.name, action=action.name, report=report.id, finding=finding)
        for app, action, report in lap.reports.values()
        if action.on_first_page == "all"
        for finding in report.findings
    ]
    decisions = run.store.state.decisions()
    until = run.as_of if run.as_of is not None else run.now
    cautions: dict[str, Say] = {}
    for _, action, report in lap.reports.values():
        for caution in report.cautions if action.on_first_page == "all" else ():
            cautions.setdefault(caution.model_dump_json(), caution)
    return FirstPage(
        product=run.settings.text("product.name") or run.store.root.name,
        simulated=is_simulated(run.store), time_zone=run.time_zone, as_of=run.as_of, made_at=run.now,
        sources=source_states(run.store, CANONICAL_NAMES),
        offers=strongest(offers, waiting(decisions, until)), followed=follow_up(decisions, offers, until), cautions=tuple(cautions.values()),
        skipped=tuple(lap.skipped), unreadable=tuple(lap.unreadable),
        reports=tuple(_made(name, action, report) for name, (_, action, report) in lap.reports.items()),
    )  # fmt: skip


def _made(name: str, action: Action, report: Report) -> Made:
    headline: Say | None = None
    if action.headline is not None:
        headline = action.headline(report)
    elif action.on_first_page != "nothing":
        headline = next((block.text for block in action.shown(report).blocks if isinstance(block, Line)), None)
    return Made(action=name, title_zh=action.title.zh, title_en=action.title.en, report=report.id, headline=headline)


def _keep(run: Run, record: FirstPage) -> None:
    body = record.model_dump_json()
    digest = hashlib.sha256(body.encode()).hexdigest()[:12]
    row = {"id": f"first-{digest}", "action": FIRST_PAGE, "request": "{}", "as_of": record.as_of, "created_at": run.now, "body": body}
    run.store.state.save_report({**row, "versions": json.dumps(run.store.versions())})


def last_first_page(store: Store) -> FirstPage | None:
    """The newest first page, or None before the first run."""
    rows = store.state.reports(FIRST_PAGE)
    return FirstPage.model_validate_json(rows[-1]["body"]) if rows else None


def _publish(session: Session, lap: Lap, record: FirstPage) -> Answer:
    run, texts = lap.run, all_texts()
    folder = run.store.root / REPORTS
    for done, (name, (_, action, report)) in enumerate(lap.reports.items()):
        session.progress("report", done, len(lap.reports))
        _write_report(run, folder, name, action, report)
    quotes = quote_texts(run.store, record.quote_rows(), run.time_zone)
    for language in LANGUAGES:
        meta = workspace_meta(run.store, run.settings, language, record.simulated, record.as_of, "first-page")
        links = [(_file(made.action, language), made.title_zh if language == "zh" else made.title_en) for made in record.reports]
        document = render_html(build_page(record, language), texts, language, quotes, meta)
        write_text(folder / _file("first-page", language), with_links(document, TEXTS["first.reports"].in_language(language), links))
    data: dict[str, Any] = {
        "first_page": as_json(record), "turns": [result.as_json() for result in lap.turns], "num_imported": lap.num_imported,
        "files": sorted(path.name for path in folder.iterdir() if path.suffix == ".html"),
        "quotes": {row: said.text for row, said in quotes.items()},
    }  # fmt: skip
    place = say_files(folder, session)
    meta = workspace_meta(run.store, run.settings, session.language, record.simulated, record.as_of, "first-page")
    return Answer(data, build_page(record, session.language), (place,), quotes, meta)


def say_files(folder: Path, session: Session) -> Say:
    """Where the reports are."""
    return Say(key="first.files", slots={"folder": str(folder), "file": _file("first-page", session.language)})


def _write_report(run: Run, folder: Path, name: str, action: Action, report: Report) -> None:
    """One HTML file in each language; a file that already shows this very report is left alone."""
    paths = {language: folder / _file(name, language) for language in LANGUAGES}
    if all(path.exists() and report.id[:12] in path.read_text(encoding="utf-8") for path in paths.values()):
        return
    page = action.shown(report)
    quotes = quote_texts(run.store, quote_rows(page, report), run.time_zone)
    for language, path in paths.items():
        write_text(path, render_html(page, all_texts(), language, quotes, page_meta(run.store, run.settings, report, language)))


def _file(name: str, language: str) -> str:
    return f"{name.replace('.', '-')}.{language}.html"
