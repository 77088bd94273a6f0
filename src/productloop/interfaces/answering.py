"""How an answer reaches people: on the terminal, as one JSON object, or as a file that can be passed on."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import BaseModel

import productloop
from productloop.foundation.errors import UsageError, WorkspaceProblem, check_target, reason_of
from productloop.foundation.page import Page
from productloop.foundation.settings import Settings
from productloop.foundation.tables import TABLES
from productloop.foundation.wording import Language, Say, Text, speak
from productloop.interfaces import wording
from productloop.interfaces.html import PageMeta, render_html
from productloop.interfaces.registry import all_texts
from productloop.interfaces.sentences import Quote
from productloop.interfaces.session import Session, write_json, write_line
from productloop.loop.action import Report, SourceState, source_states
from productloop.loop.quotes import as_said
from productloop.loop.store import Store

FORMATS = (".html", ".md", ".json")
STARS = "★★★★★"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command has to say: a page, or lines, and the same as data. `lines` follow the page."""

    data: Mapping[str, Any]
    page: Page | None = None
    lines: tuple[Say, ...] = ()
    quotes: Mapping[str, Quote] | None = None
    meta: PageMeta | None = None


def day_of(at: int | None, time_zone: str) -> str | None:
    """The day of an instant (microseconds UTC) in a zone, YYYY-MM-DD."""
    return None if at is None else datetime.fromtimestamp(at / 1e6, UTC).astimezone(ZoneInfo(time_zone)).strftime("%Y-%m-%d")


def quote_texts(store: Store, rows: Sequence[str], time_zone: str) -> dict[str, Quote]:
    """Masked texts of feedback rows with a short note: day, channel, stars."""
    if not rows:
        return {}
    query = "SELECT row_id, title, text, time, channel, rating FROM feedback WHERE row_id IN (SELECT unnest(?))"
    found = {}
    for row_id, title, text, time, channel, rating in store.rows(query, [list(dict.fromkeys(rows))]):
        stars = STARS[: round(rating)] if rating is not None and 1 <= rating <= 5 else None
        found[str(row_id)] = Quote(as_said(title, text), " · ".join(part for part in (day_of(time, time_zone), channel, stars) if part))
    return found


def quote_rows(page: Page, report: Report) -> list[str]:
    """Rows quoted on a page and in the findings of its report."""
    return [*page.quote_rows(), *(row for finding in report.findings for row in finding.quotes)]


def page_meta(store: Store, settings: Settings, report: Report, language: Language) -> PageMeta:
    """What stands around a report's page."""
    return PageMeta(
        product=settings.text("product.name") or store.root.name, as_of=day_of(report.as_of, report.time_zone), simulated=report.simulated,
        report_id=report.id[:12], versions=report.versions, sources=source_ends(report.sources, report.time_zone, language),
        generated_by=f"productloop {productloop.__version__}",
    )  # fmt: skip


def workspace_meta(store: Store, settings: Settings, language: Language, simulated: bool, as_of: int | None, report_id: str) -> PageMeta:
    """What stands around a page about the whole workspace."""
    zone = settings.text("product.time_zone")
    return PageMeta(
        product=settings.text("product.name") or store.root.name, as_of=day_of(as_of, zone), simulated=simulated, report_id=report_id,
        versions=store.versions(), sources=source_ends(source_states(store, tuple(TABLES)[:9]), zone, language),
        generated_by=f"productloop {productloop.__version__}",
    )  # fmt: skip


def source_ends(states: Sequence[SourceState], time_zone: str, language: Language) -> tuple[tuple[str, str], ...]:
    """(name of the table, last day) of each table that has dates."""
    ends = ((TABLES[state.table].title.in_language(language), day_of(state.until, time_zone)) for state in states)
    return tuple((name, day) for name, day in ends if day is not None)


def definitions_of(document: Any, texts: Mapping[str, Text], language: Language) -> dict[str, str]:
    """The sentences behind the `definition` and `protocol` keys of every figure in a report's JSON."""
    return {key: texts[key].in_language(language) for key in sorted(set(_definition_keys(document))) if key in texts}


def _definition_keys(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        yield from (part[name] for name in ("definition", "protocol") if isinstance(part.get(name), str))
        for value in part.values():
            yield from _definition_keys(value)
    elif isinstance(part, list):
        for value in part:
            yield from _definition_keys(value)


def report_answer(store: Store, settings: Settings, report: Report, page: Page, language: Language) -> Answer:
    """A report with everything that its readers need."""
    quotes = quote_texts(store, quote_rows(page, report), report.time_zone)
    document = report.model_dump(mode="json")
    data = {
        "report": document,
        "quotes": {row: said.text for row, said in quotes.items()},
        "definitions": definitions_of(document, all_texts(), language),
    }
    return Answer(data, page, quotes=quotes, meta=page_meta(store, settings, report, language))


def deliver(session: Session, answer: Answer, command: str) -> None:
    """Give an answer the way the person asked for it."""
    texts = all_texts()
    if session.output is not None:
        path = session.output if session.output.is_absolute() else session.folder / session.output
        write_file(path, answer, texts, session.language, command)
        session.log("door.written", path=str(path))
    if session.json:
        write_json({"ok": True, **answer.data})
        return
    if answer.page is not None and session.output is None:
        from productloop.interfaces.terminal import PipeConsole, print_page

        print_page(answer.page, texts, session.language, answer.quotes or {}, PipeConsole(file=sys.stdout), session.details)
    for line in answer.lines:
        write_line(sys.stdout, speak(line, texts, session.language))


def write_file(path: Path, answer: Answer, texts: Mapping[str, Text], language: Language, command: str) -> None:
    """Write an answer as .html, .md or .json, whole or not at all."""
    suffix = path.suffix.lower()
    if suffix not in FORMATS:
        raise UsageError(wording.OUTPUT_FORMAT, path=path.name)
    if suffix == ".json":
        write_text(path, json.dumps({"ok": True, **answer.data}, ensure_ascii=False, indent=1, default=str) + "\n")
        return
    if answer.page is None or answer.meta is None:
        raise UsageError(wording.OUTPUT_NOTHING, command=command)
    if suffix == ".html":
        write_text(path, render_html(answer.page, texts, language, answer.quotes or {}, answer.meta))
        return
    from productloop.interfaces.markdown import render_markdown

    write_text(path, render_markdown(answer.page, texts, language, answer.quotes or {}))


def write_text(path: Path, text: str) -> None:
    """Write a file so that a reader sees the old or the new one, never half. Raises WorkspaceProblem."""
    partial = path.with_name(path.name + ".partial")
    try:
        check_target(path)
        path.parent.mkdir(parents=True, exist_ok=True)
        partial.write_text(text, encoding="utf-8", newline="\n")
        partial.replace(path)
    except OSError as error:
        raise WorkspaceProblem(wording.OUTPUT_UNWRITABLE, path=str(path), reason=reason_of(error)) from error


def as_json(model: BaseModel) -> dict[str, Any]:
    """A pydantic record as plain data."""
    return model.model_dump(mode="json")
