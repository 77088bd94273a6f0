"""Workspaces shared by the tests of `recommend`: made once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from recommend_workspace import ask, demo

from productloop.loop.simulation import Simulated
from productloop.loop.store import Store


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, Simulated]]:
    """The demo, trained once."""
    store, simulated = demo(tmp_path_factory.mktemp("recommend"), 3)
    ask(store, "train")
    yield store, simulated
    store.close()
