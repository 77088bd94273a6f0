"""Who may be compared with whom: the moment, the plan known by then, activity and time since they came."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import arro3.core as arrow
import numpy as np
import pytest

from productloop.learning.stratified import combine_codes
from productloop.loop.alike import MAX_MOMENTS, NEVER, alike, moments
from productloop.loop.store import Store

DAY = 86_400_000_000
NOW = 1_000 * DAY
TYPES = {"plan": arrow.DataType.utf8(), "name": arrow.DataType.utf8(), "actor": arrow.DataType.int32()}


def append(store: Store, table: str, columns: dict[str, list[Any]]) -> None:
    size = len(next(iter(columns.values())))
    whole = {"row_id": arrow.Array([f"{table}{row}" for row in range(size)], arrow.DataType.utf8())}
    for name, values in {"import_id": [1] * size, "sequence": list(range(size)), **columns}.items():
        whole[name] = arrow.Array(values, TYPES.get(name, arrow.DataType.int64()))
    with store.writing():
        store.append(table, arrow.Table.from_pydict(whole), 1)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """Six people: 0 to 2 came long ago, 3 to 5 lately; 2 and 5 do a lot; 4 changed plan after the moment."""
    store = Store.create(tmp_path_factory.mktemp("alike") / "workspace")
    came = [NOW - 500 * DAY] * 3 + [NOW - 10 * DAY] * 3
    append(
        store,
        "actors",
        {
            "actor": [0, 1, 2, 3, 4, 5, 4],
            "plan": ["free"] * 6 + ["pro"],
            "first_seen": [*came, came[4]],
            "known_at": [*came, NOW + DAY],
        },
    )
    append(
        store,
        "events",
        {
            "actor": [2] * 5 + [5] * 5 + [0],
            "name": ["open"] * 11,
            "time": [NOW - DAY * (day + 1) for day in range(5)] * 2 + [NOW - 100 * DAY],
        },
    )
    store.refresh()
    return store


def test_alike_are_those_of_one_moment_plan_activity_and_time_since_they_came(store: Store) -> None:
    people = np.arange(6)
    codes = combine_codes(*alike(store, people, np.full(6, NOW))).tolist()
    assert codes[0] == codes[1]
    assert codes[3] == codes[4], "the plan of later is not known yet"
    assert len({codes[0], codes[2], codes[3], codes[5]}) == 4
    later = combine_codes(*alike(store, np.array([3, 4, 3, 4]), np.array([NOW, NOW, NOW + 2 * DAY, NOW + 2 * DAY]))).tolist()
    assert later[0] == later[1]
    assert len({later[0], later[2], later[3]}) == 3


def test_undated_rows_differ_by_plan_alone(store: Store) -> None:
    codes = combine_codes(*alike(store, np.arange(6), np.full(6, NEVER))).tolist()
    assert codes[0] == codes[2] == codes[3] == codes[5]
    assert codes[4] != codes[0]


def test_many_moments_are_compared_by_blocks() -> None:
    few = np.arange(MAX_MOMENTS) * DAY
    assert len(np.unique(moments(few))) == MAX_MOMENTS
    many = np.arange(100) * DAY
    assert len(np.unique(moments(many))) == 4


def test_an_empty_workspace_has_everybody_alike(tmp_path: Path) -> None:
    codes = combine_codes(*alike(Store.create(tmp_path / "empty"), np.arange(3), np.full(3, NOW)))
    assert np.unique(codes).tolist() == [0]
