"""Arrivals: rows that came over HTTP lie in `state.db` (acknowledged after commit) and are moved to the lake here, deduplicated by id."""

from __future__ import annotations

import json
from typing import Any

from productloop.foundation.tables import STORED_TYPES, TABLES
from productloop.loop import identities
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
            rows = [row for row in waiting if row["target"] == name]
            if name == identities.MERGES:
                _drain_merges(store, rows, at)
            else:
                _drain_table(store, name, rows, at)
        store.state.clear_inbox([int(row["id"]) for row in waiting])
    store.refresh()
    return len(waiting)


def _drain_merges(store: Store, rows: list[dict[str, Any]], at: int) -> None:
    """Statements that two ids are one person; what was said before makes no import."""
    import arro3.core as arrow
    import duckdb

    payloads = [json.loads(row["payload"]) for row in rows]
    text = arrow.DataType.utf8()
    columns: dict[str, Any] = {name: arrow.Array([p[name] for p in payloads], text) for name in ("alias", "actor", "source")}
    columns["time"] = arrow.Array([int(p["time"]) for p in payloads], arrow.DataType.int64())
    with duckdb.connect() as db:
        db.register("arrived", arrow.Table.from_pydict(columns))
        db.execute("CREATE TABLE said AS SELECT DISTINCT * FROM arrived WHERE alias <> actor")
        codes = store.parquet("actor_codes")
        if codes is not None:
            known = db.execute(
                f"""SELECT a.code, b.code, s.alias, s.actor FROM said s JOIN {codes} a ON a.id = s.alias JOIN {codes} b ON b.id = s.actor"""
            ).fetchall()
            said = store.state.said_identities([row[0] for row in known])
            for alias, actor, *ids in known:
                if (alias, actor) in said:
                    db.execute("DELETE FROM said WHERE alias = ? AND actor = ?", ids)
        num = int(db.execute("SELECT count(*) FROM (SELECT DISTINCT alias, actor FROM said)").fetchall()[0][0])
        if num == 0:
            return
        counts = {"num_rows": num, "num_new": num, "num_repeated": 0, "num_quarantined": 0}
        import_id = store.state.begin_import("http", "", "", identities.MERGES, at, counts, [])
        new, aside = identities.link(store, db, "SELECT alias, actor, time, source FROM said", import_id)
        store.state.finish_import(import_id, at, {**counts, "num_new": new - aside, "num_quarantined": aside})


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
