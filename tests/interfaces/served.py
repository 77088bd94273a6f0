"""A server with the fake app in place of the real ones, and a workspace with a few reviews."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from tests.interfaces import fake_app
from tests.interfaces.conftest import REVIEWS

from productloop.foundation.settings import load_settings
from productloop.interfaces import registry, web, web_rendering
from productloop.interfaces.http import create_app
from productloop.interfaces.serving import Serving
from productloop.loop.importing import ImportRequest, import_path
from productloop.loop.store import Store

HERE = "http://127.0.0.1:8321"
NOW = 1_775_000_000_000_000


def make_workspace(folder: Path, with_data: bool = True) -> Path:
    store = Store.create(folder)
    if with_data:
        file = folder / "reviews.csv"
        file.write_text(REVIEWS, encoding="utf-8")
        import_path(store, load_settings(None, {}), ImportRequest(file), NOW, lambda *_: None)
    store.close()
    return folder


@contextmanager
def served(
    root: Path, monkeypatch: pytest.MonkeyPatch, environment: Mapping[str, str] | None = None, flags: Mapping[str, object] | None = None
) -> Iterator[TestClient]:
    """A client of a server of `root`, which speaks English unless asked otherwise."""
    monkeypatch.setattr(registry, "load_apps", lambda: (fake_app.APP,))
    web_rendering.texts.cache_clear()
    web._drawn.clear()
    app = create_app(root, environment or {"LANG": "en_US.UTF-8"}, flags)
    try:
        with TestClient(app, base_url=HERE, headers={"Accept-Language": "en"}, follow_redirects=False) as client:
            yield client
    finally:
        web_rendering.texts.cache_clear()


def serving_of(client: TestClient) -> Serving:
    serving = client.app.state.serving  # type: ignore[attr-defined]
    assert isinstance(serving, Serving)
    return serving


def wait_for(condition: Callable[[], bool], seconds: float = 20) -> None:
    """Until the condition holds; fails the test when it never does."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.05)
