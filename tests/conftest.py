"""Fixtures of every floor."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

SHARED = Path(os.environ.get("PRODUCTLOOP_SHARED_DATA", Path(__file__).parents[2] / "shared" / "data"))


@pytest.fixture
def shared_data() -> Callable[[str], Path]:
    """`shared_data("waimai_10k/waimai_10k.csv")`: a public data set beside the checkout; the test is skipped where it is absent."""

    def find(name: str) -> Path:
        path = SHARED / name
        if not path.exists():
            pytest.skip(f"public data sets are not here: {path}")
        return path

    return find
