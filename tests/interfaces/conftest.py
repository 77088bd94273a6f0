"""A fake app in place of the real ones, and an isolated folder with a small file."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.interfaces import fake_app

from productloop.interfaces import registry
from productloop.interfaces.cli import main

REVIEWS = """text,rating,user_id,created_at
导出太慢了，每次都要等好几分钟,2,u1,2026-03-01 10:00:00
The export is slow and I cannot stop it,1,u2,2026-03-02 11:00:00
界面很好看，用起来顺手,5,u3,2026-03-03 12:00:00
Works fine for our small team,4,u4,2026-03-04 13:00:00
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "PRODUCTLOOP_INTERFACE_LANGUAGE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "reviews.csv").write_text(REVIEWS, encoding="utf-8")
    return tmp_path


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "load_apps", lambda: (fake_app.APP,))
    fake_app.CALLS.clear()


Command = Callable[..., tuple[int, str, str]]


@pytest.fixture
def command(folder: Path, fake: None, capsys: pytest.CaptureFixture[str]) -> Command:
    def run(*tokens: str) -> tuple[int, str, str]:
        code = main(list(tokens))
        out, err = capsys.readouterr()
        return code, out, err

    return run


@pytest.fixture
def ask(command: Command) -> Callable[..., dict[str, Any]]:
    """A command with --json; its answer."""

    def run(*tokens: str) -> dict[str, Any]:
        _, out, _ = command(*tokens, "--json")
        return dict(json.loads(out))

    return run
