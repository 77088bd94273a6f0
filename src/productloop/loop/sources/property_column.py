"""Events whose properties stand in one column as JSON text, as warehouses and Parquet exports of event tools have them.

Each property becomes a column, so that it is kept, masked or dropped by what it holds; those that say platform, version, session, value and
the like fill these, by the names of `event_records.py`.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from productloop.foundation.tables import EVENTS, fold_header
from productloop.loop.sources.event_files import MAX_PROPERTIES
from productloop.loop.sources.event_records import COLUMNS_OF_PROPERTIES
from productloop.loop.sources.profile import profile
from productloop.loop.sources.recognise import by_alias
from productloop.loop.sources.records import RawTable, new_relation

if TYPE_CHECKING:
    import duckdb

_NAMES = frozenset({"properties", "eventproperties", "props", "params", "eventparams", "attributes", "属性"})
SAMPLE_CELLS = 50


def expand(connection: duckdb.DuckDBPyConnection, raw: RawTable) -> RawTable:
    """`raw` with a column for each property; untouched where no column of properties stands beside person, event and time."""
    place = next((index for index, name in enumerate(raw.header) if fold_header(name) in _NAMES), None)
    if place is None or not _holds_objects(connection, raw, place):
        return raw
    known = by_alias(raw, profile(connection, raw), EVENTS, {place}, set())
    if not {"actor", "name", "time"} <= known.keys():
        return raw
    cell = f"CASE WHEN json_valid(c{place}) THEN c{place} END"
    found = connection.execute(f"SELECT DISTINCT unnest(json_keys({cell})) AS name FROM {raw.relation} ORDER BY 1").fetchall()
    names = [str(name) for (name,) in found][:MAX_PROPERTIES]
    others = [index for index in range(len(raw.header)) if index != place]
    moved = {index: number for number, index in enumerate(others)}
    cells = [f"c{index} AS c{number}" for index, number in moved.items()]
    for number, name in enumerate(names, len(others)):
        path = ("$." + json.dumps(name, ensure_ascii=False)).replace("'", "''")
        cells.append(f"nullif(json_extract_string(c{place}, '{path}'), '') AS c{number}")
    relation = new_relation()
    whole = f"SELECT * REPLACE ({cell} AS c{place}) FROM {raw.relation}"
    connection.execute(f"CREATE TEMP TABLE {relation} AS SELECT line, {', '.join(cells)} FROM ({whole})")
    targets = {target: moved[index] for target, index in known.items()}
    folded = {fold_header(name): number for number, name in reversed(list(enumerate(names, len(others))))}
    for target, aliases in COLUMNS_OF_PROPERTIES.items():
        free = [folded[alias] for alias in aliases if alias in folded and folded[alias] not in targets.values()]
        if free:
            targets.setdefault(target, free[0])
    header = (*(raw.header[index] for index in others), *names)
    return replace(
        raw, relation=relation, header=header, lazy=False, table=EVENTS.name, known=tuple(sorted(targets.items())), complete=True
    )


def _holds_objects(connection: duckdb.DuckDBPyConnection, raw: RawTable, place: int) -> bool:
    query = f"SELECT json_valid(c{place}) AND starts_with(trim(c{place}), '{{') FROM {raw.relation} WHERE c{place} IS NOT NULL LIMIT {SAMPLE_CELLS}"
    first = connection.execute(query).fetchall()
    return bool(first) and all(row[0] for row in first)
