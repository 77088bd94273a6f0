"""Which program a table comes from, asked once a table by its header; a table of an unknown program passes through untouched."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from productloop.foundation.tables import fold_header
from productloop.loop.sources import boards, stores, surveys, tickets
from productloop.loop.sources.export import Export, apply, capped
from productloop.loop.sources.nested import flatten_cells
from productloop.loop.sources.records import RawTable, ReadOptions

if TYPE_CHECKING:
    import duckdb

EXPORTS: tuple[Export, ...] = (*stores.EXPORTS, *boards.EXPORTS, *tickets.EXPORTS)
"""Asked in order, the most particular first."""


def arrange(connection: duckdb.DuckDBPyConnection, raw: RawTable, options: ReadOptions) -> RawTable:
    """`raw` as its program means it. Column names that a person gave switch this off."""
    if not raw.header_found or options.columns is not None or raw.table is not None:
        return raw
    raw = flatten_cells(connection, raw)
    survey = None if options.as_is else surveys.survey_of(raw)
    if survey is not None:
        return surveys.unpivot(connection, raw, survey)
    folded = {fold_header(name) for name in raw.header}
    export = next((export for export in EXPORTS if export.fits(folded)), None)
    if export is not None:
        raw = apply(connection, raw, export)
    caution = capped(connection, raw, dict(raw.known).get("time"))
    return raw if caution is None else replace(raw, notes=(*raw.notes, caution))
