"""Fixtures of every floor."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# A busy machine is slow, which is no failure; in CI the examples are the same each time, elsewhere they are new ones.
settings.register_profile("calm", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("same", settings.get_profile("calm"), derandomize=True)
settings.load_profile("same" if os.environ.get("CI") else "calm")

SHARED = Path(os.environ.get("PRODUCTLOOP_SHARED_DATA", Path(__file__).parents[2] / "shared" / "data"))


def pytest_collection_finish() -> None:
    """Thousands of tests and the modules they import stay to the end: the garbage collector need not look through them each time."""
    gc.collect()
    gc.freeze()


def pytest_unconfigure() -> None:
    gc.unfreeze()


@pytest.fixture
def shared_data() -> Callable[[str], Path]:
    """`shared_data("waimai_10k/waimai_10k.csv")`: a public data set beside the checkout; the test is skipped where it is absent."""

    def find(name: str) -> Path:
        path = SHARED / name
        if not path.exists():
            pytest.skip(f"public data sets are not here: {path}")
        return path

    return find
