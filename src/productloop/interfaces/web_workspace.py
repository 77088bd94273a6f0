"""What the pages about the workspace show: tables and imports, models in plain words, settings with their origins."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from productloop.foundation.page import Block, Grid, Heading, Line, Page
from productloop.foundation.settings import SETTINGS, Settings
from productloop.foundation.tables import CANONICAL, DERIVED, TABLES
from productloop.foundation.wording import Language, say
from productloop.interfaces.answering import day_of
from productloop.interfaces.html import render_blocks
from productloop.interfaces.import_page import imports_page
from productloop.interfaces.session import Session
from productloop.interfaces.status import status
from productloop.interfaces.web_rendering import Words, safe, texts
from productloop.loop.action import Run, source_states

SHOWN_ASIDE = 50


def data_page(run: Run, language: Language) -> dict[str, Any]:
    """Tables with rows and last day, the ledger of imports, rows that were set aside."""
    words = Words(language)
    states = {state.table: state for state in source_states(run.store, tuple(TABLES))}
    tables = []
    for table in (*CANONICAL, *DERIVED):
        state = states.get(table.name)
        if state is not None:
            extra = [name for name, _ in run.store.attributes(table.name)]
            day = day_of(state.until, run.time_zone) or "–"
            tables.append((table.title.in_language(language), table.name, f"{state.num_rows:,}", day, ", ".join(extra)))
    imports = imports_page(run.store.state.imports(), run.time_zone)
    query = 'SELECT file, "column", count(*) FROM quarantine GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2 LIMIT ?'
    aside = [(str(file), str(column), f"{count:,}") for file, column, count in run.store.rows(query, [SHOWN_ASIDE])]
    until = day_of(run.as_of, run.time_zone)
    return {
        "tables": tables,
        "imports": safe(_drawn(imports, language)),
        "aside": aside,
        "until": words("render.data_until", as_of=until) if until else words("render.data_until_unknown"),
    }


def models_page(run: Run, session: Session) -> dict[str, Any]:
    """The loop, then each task as `productloop status` describes it, with the releases that were live."""
    language = session.language
    answer = status(run, session)
    assert answer.page is not None
    place = next(i for i, block in enumerate(answer.page.blocks) if isinstance(block, Heading) and block.text.key == "status.tasks")
    groups: list[list[Block]] = []
    nothing: list[Block] = []
    for block in answer.page.blocks[place + 1 :]:
        if isinstance(block, Line) and block.text.key == "status.task":
            groups.append([Heading(text=block.text)])
        else:
            (groups[-1] if groups else nothing).append(block)
    names = [str(entry["task"]) for entry in answer.data["tasks"]]
    assert len(names) == len(groups), "status describes each task once"
    tasks = []
    for name, blocks in zip(names, groups, strict=True):
        history = run.store.state.pointer_history(name)
        rows = tuple((_minute(row["at"], run.time_zone), str(row["release"]), str(row["reason"])) for row in reversed(history))
        columns = tuple(say(f"server.history_{column}") for column in ("when", "release", "reason"))
        grid = render_blocks((Grid(columns=columns, rows=rows),), texts(), language, {}) if rows else ""
        tasks.append(
            {
                "name": name,
                "about": safe(render_blocks(tuple(blocks), texts(), language, {})),
                "history": safe(grid),
                "can_roll_back": len({row["release"] for row in history}) > 1,
            }
        )
    return {
        "loop_table": safe(render_blocks(tuple(_untitled(block) for block in answer.page.blocks[:place]), texts(), language, {})),
        "tasks": tasks,
        "nothing": safe(render_blocks(tuple(nothing), texts(), language, {})),
    }


def _untitled(block: Block) -> Block:
    return block.model_copy(update={"title": None}) if isinstance(block, Grid) else block


def settings_page(settings: Settings, language: Language) -> dict[str, Any]:
    """Every setting: name, value, origin, meaning; and the tasks written in the file."""
    words = Words(language)
    rows = []
    for setting in SETTINGS:
        value, origin = settings.values[setting.name], settings.origins[setting.name]
        shown = ", ".join(value) if isinstance(value, tuple) else str(value).lower() if isinstance(value, bool) else str(value)
        known = words(f"server.origin.{origin}") if origin in ("default", "flag") else origin
        rows.append((setting.name, shown, known, setting.help.in_language(language), origin != "default"))
    return {"rows": rows, "tasks": settings.tasks}


def _drawn(page: Page, language: Language) -> str:
    return render_blocks(page.blocks, texts(), language, {})


def _minute(at: int, time_zone: str) -> str:
    return datetime.fromtimestamp(at / 1e6, UTC).astimezone(ZoneInfo(time_zone)).strftime("%Y-%m-%d %H:%M")
