"""Which program a table comes from, asked once a table by its header; a table of an unknown program passes through untouched."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from productloop.foundation.tables import fold_header
from productloop.loop.sources import boards, property_column, stores, surveys, tickets, umeng
from productloop.loop.sources.export import Export, apply, capped
from productloop.loop.sources.landing import materialised
from productloop.loop.sources.nested import SAMPLE_CELLS, flatten_cells
from productloop.loop.sources.records import RawTable, ReadOptions

if TYPE_CHECKING:
    import duckdb

EXPORTS: tuple[Export, ...] = (*stores.EXPORTS, *boards.EXPORTS, *tickets.EXPORTS)
"""Asked in order, the most particular first."""


def arrange(connection: duckdb.DuckDBPyConnection, raw: RawTable, options: ReadOptions) -> RawTable:
    """`raw` as its program means it. Column names that a person gave switch this off."""
    if not raw.header_found or options.columns is not None or raw.table is not None:
        return raw
    raw = property_column.expand(connection, raw)
    if raw.table is not None:
        return raw
    folded = {fold_header(name) for name in raw.header}
    export = next((export for export in EXPORTS if export.fits(folded)), None)
    survey = None if options.as_is else surveys.survey_of(raw)
    if raw.lazy and (export is not None or survey is not None or _has_nested(connection, raw)):
        raw = materialised(connection, raw)
    raw = raw if raw.lazy else flatten_cells(connection, raw)
    if umeng.is_report(raw):
        return umeng.unpivot(connection, materialised(connection, raw))
    if survey is not None:
        return surveys.unpivot(connection, raw, survey)
    if export is not None:
        raw = apply(connection, raw, export)
    caution = capped(connection, raw, dict(raw.known).get("time"))
    return raw if caution is None else replace(raw, notes=(*raw.notes, caution))


def _has_nested(connection: duckdb.DuckDBPyConnection, raw: RawTable) -> bool:
    """Whether a cell of the first rows may be a list or an object."""
    first = connection.execute(f"SELECT * EXCLUDE (line) FROM {raw.relation} LIMIT {SAMPLE_CELLS}").fetchall()
    return any(cell is not None and cell.startswith(("[", "{")) for row in first for cell in row)
