"""Which canonical table a file is, and which of its columns is what.

Order: what the person says (`--table`, `--map text=内容`, `--columns actor,item,value,time`), then header names (aliases of `foundation/tables.py`,
folded), then content. An alias is believed only where the content agrees: a "date" without dates and a "comments" full of counts are
attributes. Columns nobody claims are kept as attributes unless privacy says drop. A file that lacks a required column is refused with the
columns seen, the names that would do, and the option to type.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from collections.abc import Mapping as MappingType
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from productloop.foundation.errors import DataProblem, UsageError, excerpt
from productloop.foundation.tables import CANONICAL, Column, ColumnType, Table, fold_header
from productloop.foundation.wording import Say, say
from productloop.loop.sources import recognise
from productloop.loop.sources.conversion import sql_expression, sql_reason
from productloop.loop.sources.profile import Profile, day_or_month_first, has_zones, profile
from productloop.loop.sources.recognise import BY_NAME, nearest
from productloop.loop.sources.records import RawTable
from productloop.loop.sources.tickets import refuse_without_words
from productloop.loop.sources.wording import (
    ANY_TABLE,
    COLUMN_MISSING,
    COLUMN_TWICE,
    COLUMN_UNKNOWN,
    NO_TABLE_FITS,
    TABLE_UNKNOWN,
    TARGET_UNKNOWN,
)

if TYPE_CHECKING:
    import duckdb

How = Literal["alias", "content", "explicit", "attribute", "ignored"]
Classify = Callable[[str, Sequence[str]], tuple[str, str]]
SHOWN_COLUMNS = 20
"""Names of columns in an error; more are cut."""
LINE_NUMBER = "#"
"""`--map actor=#`: the row number stands for a missing column."""


@dataclass(frozen=True, slots=True)
class MapRequest:
    """What a person says about the columns. `map` is {column of the table: header}; `classify` is the privacy floor's verdict on a column."""

    table: str | None = None
    map: MappingType[str, str] = field(default_factory=dict)
    columns: tuple[str, ...] | None = None
    classify: Classify | None = None


@dataclass(frozen=True, slots=True)
class ColumnMap:
    """One column of the file and what becomes of it.

    `source_index` is k of `ck`; -1 for a value that stands in no column (a constant or the row number, see `format`).
    `format` is what `conversion.sql_expression` needs to know, for times, numbers and constants.
    """

    source: str
    source_index: int
    target: str | None
    how: How
    reason: Say
    format: str | None = None


@dataclass(frozen=True, slots=True)
class Mapping:
    """A file understood. `prevents` says what the important missing columns make impossible; `fingerprint` is the sha256 of the folded header."""

    table: str
    columns: tuple[ColumnMap, ...]
    prevents: tuple[Say, ...]
    fingerprint: str
    confidence: float


def understand(connection: duckdb.DuckDBPyConnection, raw: RawTable, request: MapRequest) -> Mapping:
    """The mapping of a raw table. Raises UsageError for names that do not exist, DataProblem for a missing required column."""
    profiles = profile(connection, raw)
    explicit = _explicit(raw, request)
    if request.table is None and "text" not in explicit and raw.header_found and not raw.complete:
        refuse_without_words(raw, {held.index for held in profiles if held.values})
    table, confidence = _table(raw, profiles, request, explicit)
    for target in explicit:
        if target not in table.by_name:
            raise UsageError(TARGET_UNKNOWN, target=target, table=table.name, nearest=nearest(target, table.by_name))
    claimed: dict[str, tuple[int, How]] = {target: (index, "explicit") for target, index in explicit.items()}
    claimed |= _known(raw, profiles, table, request, explicit)
    named = raw.header_found or request.columns is not None
    told = raw.complete and raw.table == table.name and request.columns is None
    if named and not told:
        taken = {index for index, _ in claimed.values()}
        for target, index in recognise.by_alias(raw, profiles, table, taken, set(claimed)).items():
            claimed[target] = (index, "alias" if raw.header_found else "explicit")
    taken = {index for index, _ in claimed.values()}
    guesses = {} if told else recognise.by_content(raw, profiles, table, taken, set(claimed), named=named)
    claimed.update({target: (index, "content") for target, index in guesses.items()})
    constants = {} if told else recognise.constants(raw, profiles, table, {target: index for target, (index, _) in claimed.items()})
    _require(raw, table, {*claimed, *constants})
    columns = [_claimed_column(connection, raw, profiles, table.column(target), index, how) for target, (index, how) in claimed.items()]
    columns += [
        ColumnMap("", -1, target, "content", say("mapping.constant", target=target, value=value), f"constant:{value}")
        for target, value in constants.items()
    ]
    unclaimed = [index for index in range(len(raw.header)) if index not in _indexes(claimed) and not (told and not profiles[index].values)]
    columns += [_left_over(raw, profiles[index], request.classify) for index in unclaimed]
    present = {*claimed, *constants}
    prevents = tuple(
        say(f"prevents.{table.name}.{column.name}") for column in table.columns if column.prevents and column.name not in present
    )
    columns.sort(key=lambda column: (column.source_index < 0, column.source_index))
    return Mapping(table.name, tuple(columns), prevents, fingerprint(raw), confidence)


def expression(column: ColumnMap, kind: ColumnType) -> str:
    """DuckDB SQL that converts the cells of `column` to the stored form of `kind`, NULL where it cannot (people stay text)."""
    return sql_expression(f"c{column.source_index}", kind, column.format)


def reason(column: ColumnMap, kind: ColumnType) -> str:
    """DuckDB SQL for why a filled cell gave NULL: 'year_out_of_range', 'unreadable' or NULL."""
    return "NULL" if column.source_index < 0 else sql_reason(f"c{column.source_index}", kind, column.format)


def fingerprint(raw: RawTable) -> str:
    """sha256 of the folded header, or of the number of columns where there is none: files of one exporter share it."""
    text = "\x1f".join(fold_header(name) for name in raw.header) if raw.header_found else f"no header, {len(raw.header)} columns"
    return hashlib.sha256(text.encode()).hexdigest()


def _explicit(raw: RawTable, request: MapRequest) -> dict[str, int]:
    """{target: column index}; -1 for the row number."""
    folded = [fold_header(name) for name in raw.header]
    result: dict[str, int] = {}
    targets = sorted({column.name for table in CANONICAL for column in table.columns})
    for target, header in request.map.items():
        if target not in targets:
            raise UsageError(
                TARGET_UNKNOWN, target=target, table=ANY_TABLE if request.table is None else request.table, nearest=nearest(target, targets)
            )
        if header == LINE_NUMBER:
            result[target] = -1
            continue
        if fold_header(header) not in folded:
            raise UsageError(COLUMN_UNKNOWN, column=header, nearest=nearest(header, raw.header), known=first_names(raw))
        index = folded.index(fold_header(header))
        if index in result.values():
            raise UsageError(COLUMN_TWICE, column=header)
        result[target] = index
    return result


def _known(
    raw: RawTable, profiles: list[Profile], table: Table, request: MapRequest, explicit: MappingType[str, int]
) -> dict[str, tuple[int, How]]:
    """{target: (column index, "alias")} that the reader knows about this program's export, where the column holds anything."""
    if raw.table != table.name or request.columns is not None:
        return {}
    return {
        target: (index, "alias")
        for target, index in raw.known
        if target not in explicit and index not in explicit.values() and profiles[index].values
    }


def _table(raw: RawTable, profiles: list[Profile], request: MapRequest, explicit: MappingType[str, int]) -> tuple[Table, float]:
    if request.table is not None:
        if request.table not in BY_NAME:
            raise UsageError(TABLE_UNKNOWN, table=request.table, nearest=nearest(request.table, BY_NAME), tables=", ".join(BY_NAME))
        return BY_NAME[request.table], 1.0
    if raw.table is not None and request.columns is None and all(target in BY_NAME[raw.table].by_name for target in explicit):
        return BY_NAME[raw.table], 1.0
    found = recognise.table_of(raw, profiles, explicit, named=raw.header_found or request.columns is not None)
    if found is None:
        raise DataProblem(NO_TABLE_FITS, path=raw.path.name, num=len(raw.header), seen=first_names(raw))
    return found


def first_names(raw: RawTable) -> str:
    """The first names of the header: nobody reads three hundred in an error."""
    names = ", ".join(excerpt(name) or "-" for name in raw.header[:SHOWN_COLUMNS])
    return excerpt(names + ", …" * (len(raw.header) > SHOWN_COLUMNS), 300)


def _indexes(claimed: MappingType[str, tuple[int, How]]) -> set[int]:
    return {index for index, _ in claimed.values()}


def _require(raw: RawTable, table: Table, present: set[str]) -> None:
    for column in table.required:
        if column.name not in present:
            raise DataProblem(
                COLUMN_MISSING,
                path=raw.path.name,
                table=table.title,
                column=column.title,
                target=column.name,
                aliases=", ".join((column.name, *column.aliases[:6])),
                seen=first_names(raw),
                example=next((name for name in raw.header if name), "-"),
            )


def _claimed_column(
    connection: duckdb.DuckDBPyConnection, raw: RawTable, profiles: list[Profile], column: Column, index: int, how: How
) -> ColumnMap:
    if index < 0:
        return ColumnMap(LINE_NUMBER, -1, column.name, how, say("mapping.line_number"), "line")
    header = raw.header[index]
    reason: Say = say(f"mapping.{how}", column=header, target=column.name)
    chosen: str | None = None
    held = profiles[index]
    if column.type == "time":
        chosen = held.named_time or "iso"
        if chosen == "iso" and has_zones(connection, raw, index):
            chosen = "zoned"
        if chosen.startswith("slashes"):
            day_first, certain = day_or_month_first(connection, raw, index)
            chosen = ("day_first" if day_first else "month_first") + chosen.removeprefix("slashes")
            said = "mapping.day_first" if day_first else "mapping.month_first"
            reason = say(said if certain else "mapping.month_first_guess", column=header)
    elif column.type in ("number", "integer", "money"):
        chosen = held.number or "number"
    elif (
        column.type in ("id", "actor", "category")
        and held.values
        and all(value.endswith(".0") and value[:-2].isdigit() for value in held.values)
    ):
        chosen = "whole_number"
    return ColumnMap(header, index, column.name, how, reason, chosen)


def _left_over(raw: RawTable, held: Profile, classify: Classify | None) -> ColumnMap:
    header = raw.header[held.index]
    if not held.values:
        return ColumnMap(header, held.index, None, "ignored", say("mapping.empty", column=header))
    if not header.strip() and raw.header_found:
        return ColumnMap(header, held.index, None, "ignored", say("mapping.no_name", index=held.index + 1))
    if classify is not None:
        privacy, kind = classify(header, held.values[:200])
        if privacy == "drop":
            return ColumnMap(header, held.index, None, "ignored", say("mapping.dropped", column=header, kind=kind))
    return ColumnMap(header, held.index, None, "attribute", say("mapping.attribute", column=header))
