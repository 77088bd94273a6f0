"""Fixtures of several files of tests of risk."""

from __future__ import annotations

from pathlib import Path

import pytest
from prevention_workspace import workspace


@pytest.fixture(scope="session")
def prevention_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace that tests copy: writing one takes longer than most tests."""
    root = tmp_path_factory.mktemp("template") / "w"
    workspace(root).close()
    return root
