"""Ids of people that are contact details: a telephone number or a mail address as user id is never stored as it is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from productloop.foundation.privacy import normalise_contact, pseudonym

if TYPE_CHECKING:
    import duckdb


def hide_contacts(db: duckdb.DuckDBPyConnection, relation: str, columns: Sequence[str], key: bytes) -> list[tuple[str, str, str]]:
    """Put pseudonyms in place of the ids that are telephone numbers, mail addresses or card numbers; (pseudonym, kind, value) for the vault."""
    import arro3.core as arrow

    maybe = "contains({0}, '@') OR regexp_full_match({0}, '[-+0-9() ]{{10,}}[xX]?(\\.0)?') OR regexp_matches({0}, '[^\\x00-\\x7F]')"
    query = " UNION ".join(f"SELECT {name} AS id FROM {relation} WHERE {maybe.format(name)}" for name in columns)
    details, changed = [], []
    for (value,) in db.execute(query).fetchall():
        contact = normalise_contact(str(value))
        if contact is not None:
            hidden = pseudonym(key, *contact)
            details.append((hidden, contact[0], str(value)))
            changed.append((str(value), hidden))
    if changed:
        text = arrow.DataType.utf8()
        old, new = (arrow.Array(list(side), text) for side in zip(*changed, strict=True))
        db.register("hidden_ids", arrow.Table.from_pydict({"old": old, "new": new}))
        for name in columns:
            db.execute(f"UPDATE {relation} SET {name} = h.new FROM hidden_ids h WHERE {name} = h.old")
        db.unregister("hidden_ids")
    return details
