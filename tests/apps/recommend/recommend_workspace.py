"""Workspaces made the way people make them: files imported into a new folder, actions performed on it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from productloop.apps.recommend import APP
from productloop.foundation.settings import load_settings
from productloop.foundation.wording import speak
from productloop.loop import wording as loop_wording
from productloop.loop.action import Report, Request, Run, perform
from productloop.loop.importing import ImportRequest, import_path
from productloop.loop.simulation import Simulated, simulate, write_files
from productloop.loop.store import Store

NOW = 1_790_000_000_000_000


def silent(stage: str, done: int, total: int) -> None:
    """No progress shown."""


def workspace(folder: Path, files: list[Path], **how: Any) -> Store:
    """A new workspace with these files imported."""
    store = Store.create(folder)
    for file in files:
        import_path(store, load_settings(None, {}), ImportRequest(file, **how), NOW, silent)
    return store


def demo(folder: Path, seed: int, planted: Any = "all", scale: float = 1.0) -> tuple[Store, Simulated]:
    """A workspace with the simulated startup's events, orders and items."""
    simulated = simulate(seed, scale, planted)
    paths = [path for path in write_files(simulated, folder / "files") if path.stem in ("events", "orders", "items")]
    return workspace(folder / "workspace", paths), simulated


def make_run(store: Store, as_of: int | None = None, tasks: dict[str, Any] | None = None) -> Run:
    """A run without provider."""
    settings = load_settings(None, {})
    settings.tasks.update(tasks or {})
    return Run(store=store, settings=settings, provider=None, as_of=as_of, now=NOW, seed=0, progress=silent)


def ask(store: Store, action: str, request: Request | None = None, as_of: int | None = None, tasks: dict[str, Any] | None = None) -> Any:
    """The report of an action, performed as every interface does."""
    chosen = APP.action(action)
    return perform(f"recommend.{action}", chosen, request or chosen.request(), make_run(store, as_of, tasks), fresh=True)


def said(report: Report, action: str) -> str:
    """Every sentence of the page in both languages; a missing text or slot raises."""
    from productloop.foundation.page import Fold, Grid, Heading, Line, Numbers
    from productloop.foundation.wording import Say

    page = APP.action(action).page(report)
    texts = {**loop_wording.TEXTS, **APP.texts}
    found: list[Any] = [page.title]
    blocks = [*page.blocks, *page.details]
    while blocks:
        block = blocks.pop(0)
        if isinstance(block, (Line, Heading)):
            found.append(block.text)
        elif isinstance(block, Grid):
            found += [*block.columns, *([block.title] if block.title else []), *(cell for row in block.rows for cell in row)]
        elif isinstance(block, Fold):
            found.append(block.title)
            blocks += block.blocks
        elif isinstance(block, Numbers):
            found += [label for label, _ in block.items]
    for finding in report.findings:
        found += [finding.text, *([finding.advice] if finding.advice else [])]
    for figure in page.figures():
        assert figure.definition in texts, figure.definition
        assert figure.protocol is None or figure.protocol in texts
    sentences = [part for part in found if isinstance(part, Say)]
    return "\n".join(speak(sentence, texts, language) for sentence in sentences for language in ("zh", "en"))


def clicks(path: Path, num_people: int, num_items: int, seed: int = 0, day: int = 1) -> Path:
    """A file of people who walk through neighbouring items, a choice a day from `day` of March on."""
    generator = np.random.default_rng(seed)
    rows = ["user_id,event,timestamp,item_id"]
    for person in range(num_people):
        place = int(generator.integers(num_items))
        for step in range(int(generator.integers(3, 9))):
            rows.append(f"u{person},click,2026-03-{day + step:02d}T10:{person // 60:02d}:{person % 60:02d}Z,i{place}")
            place = (place + 1 + int(generator.integers(2))) % num_items
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path
