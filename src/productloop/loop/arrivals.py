"""Arrivals: rows that came over HTTP lie in `state.db` (acknowledged after commit) and are moved to the lake here, deduplicated by id."""

from __future__ import annotations

import json
from typing import Any

from productloop.foundation.tables import STORED_TYPES, TABLES
from productloop.loop.importing import repair
from productloop.loop.store import Store


def drain(store: Store, at: int) -> int:
    """Move rows that arrived over HTTP into the lake, if no other program is writing; returns how many."""
    waiting = store.state.inbox()
    if not waiting:
        return 0
    with store.writing():
        repair(store)
        waiting = store.state.inbox()
        for name in dict.fromkeys(row["target"] for row in waiting):
            _drain_table(store, name, [row for row in waiting if row["target"] == name], at)
        store.state.clear_inbox([int(row["id"]) for row in waiting])
    store.refresh()
    return len(waiting)


def _drain_table(store: Store, name: str, rows: list[dict[str, Any]], at: int) -> None:
    import arro3.core as arrow
    import duckdb

    table = TABLES[name]
    payloads = [json.loads(row["payload"]) for row in rows]
    text = arrow.DataType.utf8()
    columns: dict[str, Any] = {
        c.name: arrow.Array([None if p.get(c.name) is None else str(p[c.name]) for p in payloads], text) for c in table.columns
    }
    columns["row_id"] = arrow.Array([row["row_id"] for row in rows], text)
    with duckdb.connect() as db:
        db.register("arrived", arrow.Table.from_pydict(columns))
        db.execute("CREATE TABLE fresh AS SELECT *, row_number() OVER () AS sequence FROM arrived")
        known = store.parquet(name)
        if known is not None:
            db.execute(f"DELETE FROM fresh WHERE row_id IN (SELECT row_id FROM {known})")
        people = [c.name for c in table.columns if c.type == "actor"]
        codes = store.parquet("actor_codes") or "(SELECT NULL::VARCHAR AS id, NULL::BIGINT AS code WHERE false)"
        ids = " UNION ".join(f'SELECT "{p}" AS id FROM fresh WHERE "{p}" IS NOT NULL' for p in people)
        new_ids = (
            f"SELECT DISTINCT id FROM ({ids}) WHERE id NOT IN (SELECT id FROM {codes} WHERE id IS NOT NULL) ORDER BY id"
            if ids
            else "SELECT NULL AS id WHERE false"
        )
        num_new = int(db.execute("SELECT count(*) FROM fresh").fetchall()[0][0])  # a drain that was killed comes here again
        counts = {"num_rows": len(rows), "num_new": num_new, "num_repeated": len(rows) - num_new, "num_quarantined": 0}
        import_id = store.state.begin_import("http", "", "", name, at, counts, [])
        start = f"(SELECT coalesce(max(code), -1) FROM {codes})"
        brought = f"SELECT id, ({start} + row_number() OVER (ORDER BY id))::BIGINT AS code FROM ({new_ids})"
        db.execute(f"CREATE TABLE brought AS {brought}")
        if db.execute("SELECT count(*) FROM brought").fetchall()[0][0]:
            store.append(
                "actor_codes",
                db.sql(f"SELECT 'code-' || code AS row_id, {import_id}::BIGINT AS import_id, code AS sequence, code, id FROM brought"),
                import_id,
            )
        db.execute(f"CREATE TABLE all_codes AS SELECT id, code FROM {store.parquet('actor_codes') or codes}")
        cast = ", ".join(
            f'(SELECT k.code FROM all_codes k WHERE k.id = f."{c.name}")::INTEGER AS "{c.name}"'
            if c.type == "actor"
            else f'TRY_CAST(f."{c.name}" AS {STORED_TYPES[c.type]}) AS "{c.name}"'
            for c in table.columns
        )
        order = ", ".join(f'"{n}"' for n in table.order) or "sequence"
        store.append(
            name, db.sql(f"SELECT f.row_id, {import_id}::BIGINT AS import_id, f.sequence, {cast} FROM fresh f ORDER BY {order}"), import_id
        )
        store.state.finish_import(import_id, at)
