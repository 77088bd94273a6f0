"""Identity: which ids are one person. Statements are kept (`identities` in state.db); what follows from them (`merges`) is applied on read.

A statement says "alias is actor": a device id or an anonymous id is a user. By which rules they count stands in `same_person.py`. Nothing
in the lake changes: undoing an import, or one statement, gives back what was before.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from productloop.foundation.errors import UsageError
from productloop.loop import wording

if TYPE_CHECKING:
    import duckdb

    from productloop.loop.store import Store

MERGES = "merges"
"""Stands in the ledger of imports for the table of statements."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One "alias is actor" as people read it; `person` is the id at the end of the chain, for those that count."""

    number: int
    alias: str
    actor: str
    person: str
    at: int
    source: str
    import_id: int
    status: str


def assign_codes(store: Store, db: duckdb.DuckDBPyConnection, ids: str, import_id: int) -> None:
    """Give codes to the ids that a query `ids` (column id) lists and nobody has; TEMP TABLE link_codes (id, code) holds all. Under the lock."""
    known = store.parquet("actor_codes") or "(SELECT NULL::VARCHAR AS id, NULL::BIGINT AS code WHERE false)"
    start = f"(SELECT coalesce(max(code), -1) FROM {known})"
    db.execute(
        f"""CREATE OR REPLACE TEMP TABLE link_codes AS
        WITH seen AS (SELECT DISTINCT id FROM ({ids}) WHERE id IS NOT NULL),
             joined AS (SELECT s.id, k.code FROM seen s LEFT JOIN {known} k ON k.id = s.id)
        SELECT id, coalesce(code, {start} + row_number() OVER (PARTITION BY code IS NULL ORDER BY id))::INTEGER AS code, code IS NULL AS is_new
        FROM joined"""
    )
    new = "link_codes WHERE is_new ORDER BY code"
    if db.execute("SELECT count(*) FROM link_codes WHERE is_new").fetchall()[0][0]:
        columns = f"'code-' || code AS row_id, {import_id}::BIGINT AS import_id, code::BIGINT AS sequence, code::BIGINT AS code, id"
        store.append("actor_codes", db.sql(f"SELECT {columns} FROM {new}"), import_id)


def link(store: Store, db: duckdb.DuckDBPyConnection, pairs: str, import_id: int) -> tuple[int, int]:
    """Keep the statements that a query `pairs` (alias, actor, time, source) gives, each pair once: (new ones, those set aside). Under the lock."""
    assign_codes(store, db, f"SELECT alias AS id FROM ({pairs}) UNION ALL SELECT actor FROM ({pairs})", import_id)
    found = db.execute(
        f"""SELECT a.code, b.code, min(p.time), min(p.source) FROM ({pairs}) p JOIN link_codes a ON a.id = p.alias
        JOIN link_codes b ON b.id = p.actor GROUP BY 1, 2 ORDER BY 3, 1, 2"""
    ).fetchall()
    return store.state.add_identities(found, import_id)


def statements(store: Store, limit: int | None = None) -> list[Statement]:
    """All statements, oldest first; the newest `limit` of them."""
    rows = store.state.identities()
    rows = rows if limit is None else rows[-limit:]
    merged = dict(store.state.merges())
    codes = {code for row in rows for code in (row["alias"], row["actor"], merged.get(row["alias"], row["actor"]))}
    names = store.source_ids(np.array(sorted(codes), dtype=np.int64))
    return [
        Statement(
            number=row["id"],
            alias=names.get(row["alias"], ""),
            actor=names.get(row["actor"], ""),
            person=names.get(merged.get(row["alias"], row["actor"]), "") if row["status"] == "counts" and row["undone_at"] is None else "",
            at=row["at"],
            source=row["source"],
            import_id=row["import_id"],
            status=row["status"] if row["undone_at"] is None else "undone",
        )
        for row in rows
    ]


def reverse(store: Store, number: int, at: int) -> Statement:
    """Take one statement back; the same two ids are not joined again by a later import. UsageError for a number that is not there."""
    with store.writing():
        found = next((one for one in statements(store) if one.number == number), None)
        if found is None or found.status == "undone":
            known = [str(one.number) for one in statements(store) if one.status != "undone"]
            raise UsageError(wording.IDENTITY_UNKNOWN, number=str(number), known=", ".join(known[:20]) or "-")
        store.state.reverse_identity(number, at)
    store.refresh()
    return found


def everyone_in(store: Store, code: int) -> list[int]:
    """All codes of the person that a code belongs to."""
    merged = dict(store.state.merges())
    person = merged.get(code, code)
    return sorted({person, code, *(alias for alias, actor in merged.items() if actor == person)})
