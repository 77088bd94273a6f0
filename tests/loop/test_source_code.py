"""The fingerprint of the code: of contents and names, not of times, doors or compiled files."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from productloop.foundation.page import Page
from productloop.foundation.settings import load_settings
from productloop.foundation.wording import Text, say
from productloop.loop import action as actions
from productloop.loop.action import Action, Report, Request, Run, perform
from productloop.loop.source_code import fingerprint, own_fingerprint
from productloop.loop.store import Store


def package(folder: Path) -> Path:
    (folder / "apps").mkdir(parents=True)
    (folder / "interfaces").mkdir()
    (folder / "__init__.py").write_text("", "utf-8")
    (folder / "apps" / "count.py").write_text("ONE = 1\n", "utf-8")
    (folder / "apps" / "words.csv").write_text("a\n", "utf-8")
    (folder / "interfaces" / "door.py").write_text("", "utf-8")
    return folder


def test_contents_and_names_count_and_nothing_else(tmp_path: Path) -> None:
    here, there = package(tmp_path / "here"), package(tmp_path / "there")
    os.utime(there / "apps" / "count.py", (1, 1))
    before = fingerprint(here)
    assert fingerprint(there) == before
    (here / "interfaces" / "door.py").write_text("NEW = 1\n", "utf-8")
    (here / "apps" / "count.cpython-311.pyc").write_bytes(b"compiled")
    assert fingerprint(here) == before
    (here / "apps" / "count.py").write_text("ONE = 2\n", "utf-8")
    changed = fingerprint(here)
    assert changed != before
    (here / "apps" / "words.csv").write_text("b\n", "utf-8")
    assert fingerprint(here) not in (before, changed)
    (there / "apps" / "count.py").rename(there / "apps" / "sum.py")
    assert fingerprint(there) != before
    assert len(fingerprint(tmp_path / "nothing")) == 64


def test_this_process_knows_its_code() -> None:
    assert own_fingerprint() == own_fingerprint()
    assert len(own_fingerprint()) == 64


def test_a_report_kept_by_other_code_is_made_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = []

    def answer(run: Run, request: Request) -> Report:
        made.append(run.key)
        return Report(**run.frame("test.count", ()))

    title = Text("数", "Count")
    action = Action("count", title, answer, lambda report: Page(title=say("x"), blocks=()), Request, Report, "reads", "quick", ())
    run = Run(Store.create(tmp_path), load_settings(None, {}), None, None, 0, 0, lambda stage, done, total: None)
    first = perform("test.count", action, Request(), run)
    assert perform("test.count", action, Request(), run).id == first.id
    assert len(made) == 1
    monkeypatch.setattr(actions, "own_fingerprint", lambda: "an upgraded install")
    assert perform("test.count", action, Request(), run).id != first.id
    assert len(made) == 2
    run.store.close()
