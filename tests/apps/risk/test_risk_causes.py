"""What goes with leaving: the true needs in place of topics, and points at the edge of a topic."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from risk_workspaces import simulated_workspace, write

from productloop.apps.risk._causes import compare
from productloop.loop.records import Keys
from productloop.loop.simulation_texts import NEUTRAL, PRAISE
from productloop.loop.store import Store


def asked(store: Store) -> tuple[Keys, np.ndarray]:
    rows = store.columns("SELECT subject, time, value FROM outcomes ORDER BY subject, time")
    ids = np.array([str(code) for code in rows["subject"]], dtype=object)
    at = rows["time"].astype(np.int64) - 28 * 86_400_000_000
    return Keys(rows["subject"].astype(np.int32), at, ids), np.array([value == "1" for value in rows["value"]])


def test_points_at_the_edge_of_a_topic_put_their_people_on_neither_side(tmp_path: Path) -> None:
    store, made = simulated_workspace(tmp_path / "workspace", 7, topics=False, scale=0.2)
    need = made.truths["leaving_need"]["need"]
    rows = np.flatnonzero([one not in (PRAISE, NEUTRAL) for one in made.needs])
    edge = (made.needs == need) & (np.arange(len(made.needs)) % 3 == 0)
    names = [str(row) for (row,) in store.rows("SELECT row_id FROM feedback ORDER BY sequence")]
    columns = {"feedback": [names[row] for row in rows], "topic": made.needs[rows], "near": [need if edge[row] else "" for row in rows]}
    write(store, "points", columns)
    store.refresh()
    keys, happened = asked(store)
    cause = next(one for one in compare(store, keys, happened, 28) if one.key == need)
    codes = {name: code for code, name in enumerate(made.actors["actor"])}
    sure, doubtful = (
        {(codes[name], time) for name, time in zip(made.feedback["author"][part], made.feedback["time"][part], strict=True)}
        for part in ((made.needs == need) & ~edge, edge)
    )
    moments = list(zip(keys.code, keys.at, strict=True))
    before = [[any(who == code and time < at for who, time in part) for code, at in moments] for part in (sure, doubtful)]
    assert cause.num_rows == sum(before[0])
    assert cause.num_others == len(keys) - sum(one or other for one, other in zip(*before, strict=True)) < len(keys) - cause.num_rows
