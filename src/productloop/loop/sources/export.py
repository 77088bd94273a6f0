"""Exports: files of a known program, told by their header, and what their columns are.

An `Export` is a row of a table, not code: the folded header names that give it away, which column is which target, columns to compute
(SQL over the file's own columns) and columns to rename. `apply` builds the new relation in one DuckDB query and never takes a column away,
so that what no table knows is kept as an attribute. The generic rules of `recognise.py` go on for the targets an export does not name.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from productloop.foundation.errors import DataProblem
from productloop.foundation.tables import fold_header
from productloop.foundation.wording import Say, say
from productloop.loop.sources.exports_wording import ONLY_RATINGS
from productloop.loop.sources.records import RawTable, new_relation

if TYPE_CHECKING:
    import duckdb

WHOLE_ROW = "{whole_row}"
"""In a computed column: a hash of all cells, for rows whose own id is missing."""
_CAP = re.compile(r"导出\D{0,4}(\d{2,6})\s*条|(?:limited to|at most|only the first)\s+([\d,]{2,7})\s+rows", re.IGNORECASE)
_REPEATED = re.compile(r" \(\d+\)$")
_COMMA = "', '"
_JOINS = {"comment": "chr(10)", "comments": "chr(10)"}
_MONTH = re.compile(r"\d{4}[-/.年]\d{1,2}")


@dataclass(frozen=True, slots=True)
class Export:
    """One program's export. All names are folded headers (`foundation.tables.fold_header`).

    `columns` gives for each target the headers that may hold it, the first filled one counts; `computed` gives SQL with `{header}` slots
    (NULL for a header that is absent) for a new column and the target it is, None for an attribute; `renamed` gives a header another name.
    """

    key: str
    has: frozenset[str]
    columns: Mapping[str, tuple[str, ...]]
    any_of: tuple[frozenset[str], ...] = ()
    """Of each set at least one name must be there."""
    lacks: frozenset[str] = frozenset()
    computed: Mapping[str, tuple[str, str | None]] = field(default_factory=dict)
    renamed: Mapping[str, str] = field(default_factory=dict)
    replaced: Mapping[str, str] = field(default_factory=dict)
    """SQL that takes the place of a column's own cells: a time in a format of its own, a text with markup."""
    joins_repeated: bool = False
    """The header names a column once for each of its values: they become one column."""
    table: str = "feedback"
    has_rating_only: bool = False
    """Rows of stars without words are usual: they are counted and left out."""

    def fits(self, folded: Set[str]) -> bool:
        """Whether a header with these folded names is this program's."""
        return self.has <= folded and not self.lacks & folded and all(names & folded for names in self.any_of)


def apply(connection: duckdb.DuckDBPyConnection, raw: RawTable, export: Export) -> RawTable:
    """`raw` with the export's computed columns, names and targets. Raises DataProblem when no row holds words."""
    if export.joins_repeated:
        raw = _join_repeated(connection, raw)
    index_of: dict[str, int] = {}
    for index, name in enumerate(raw.header):
        index_of.setdefault(fold_header(name), index)
    filled = _filled(connection, raw)
    known: dict[str, int] = {}
    for target, names in export.columns.items():
        found = [index_of[name] for name in names if name in index_of and filled[index_of[name]]]
        if found:
            known[target] = found[0]
    if export.table == "feedback" and "text" not in known and "title" in known:
        known["text"] = known.pop("title")  # posts that are a title and nothing else
    header = [export.renamed.get(fold_header(name), name) for name in raw.header]
    slots = _Slots({name: f"c{index}" for name, index in index_of.items()})
    slots["whole_row"] = "md5(concat_ws(chr(31), " + ", ".join(f"coalesce(c{i}, '')" for i in range(len(raw.header))) + "))"
    cells = [f"c{index}" for index in range(len(header))]
    for name, sql in export.replaced.items():
        if name in index_of:
            cells[index_of[name]] = sql.format_map(slots)
    for name, (sql, wanted) in export.computed.items():
        if wanted is not None:
            known[wanted] = len(header)
        header.append(name)
        cells.append(sql.format_map(slots))
    relation = _select(connection, raw, cells)
    notes = [*raw.notes, say("source.export", name=say(f"export.{export.key}"))]
    num_rows = raw.num_rows
    if export.has_rating_only:
        num_rows -= _drop_rating_only(connection, raw, relation, known, notes)
    known_columns = tuple(sorted(known.items()))
    return replace(
        raw, relation=relation, header=tuple(header), num_rows=num_rows, notes=tuple(notes), table=export.table, known=known_columns
    )


def _select(connection: duckdb.DuckDBPyConnection, raw: RawTable, cells: Sequence[str]) -> str:
    """A new relation of the given expressions in place of the raw one; untouched when nothing changes."""
    if all(cell == f"c{index}" for index, cell in enumerate(cells)):
        return raw.relation
    relation = new_relation()
    parts = ", ".join(
        f"{cell} AS c{index}" if re.fullmatch(r"c\d+", cell) else f"nullif(({cell})::VARCHAR, '') AS c{index}"
        for index, cell in enumerate(cells)
    )
    connection.execute(f"CREATE TEMP TABLE {relation} AS SELECT line, {parts} FROM {raw.relation}")
    connection.execute(f"DROP TABLE {raw.relation}")
    return relation


def _join_repeated(connection: duckdb.DuckDBPyConnection, raw: RawTable) -> RawTable:
    """Columns that the header names several times ("Labels", "Labels (2)") as one, their cells joined."""
    groups: dict[str, list[int]] = {}
    for index, name in enumerate(raw.header):
        base = _REPEATED.sub("", name)
        groups.setdefault(base if base in raw.header else name, []).append(index)
    if len(groups) == len(raw.header):
        return raw
    cells = [
        f"c{members[0]}"
        if len(members) == 1
        else f"concat_ws({_JOINS.get(fold_header(name), _COMMA)}, {', '.join(f'c{index}' for index in members)})"
        for name, members in groups.items()
    ]
    return replace(raw, relation=_select(connection, raw, cells), header=tuple(groups))


def capped(connection: duckdb.DuckDBPyConnection, raw: RawTable, time: int | None) -> Say | None:
    """The caution of an export that says in a remark how many rows it holds at most, and holds as many.

    `first` is the month of the oldest row (YYYY-MM): rows of that month are missing, so that no trend may begin with it.
    """
    for row in raw.skipped:
        found = _CAP.search(row.excerpt) if row.reason in ("footer", "title") else None
        limit = int((found.group(1) or found.group(2)).replace(",", "")) if found else 0
        if limit and raw.num_rows >= limit:
            first = ""
            if time is not None:
                value = connection.execute(f"SELECT min(trim(c{time})) FROM {raw.relation}").fetchall()[0][0]
                month = _MONTH.match(value or "")
                first = f"{month.group(0)[:4]}-{month.group(0)[5:]:0>2}" if month else ""
            return say("source.capped", limit=limit, num=raw.num_rows, first=first or "-")
    return None


def _drop_rating_only(
    connection: duckdb.DuckDBPyConnection, raw: RawTable, relation: str, known: Mapping[str, int], notes: list[Say]
) -> int:
    """Leave out rows with neither title nor text; how many. Their mean rating is said, since nothing else of them is kept."""
    said = [f"c{known[target]} IS NULL" for target in ("text", "title") if target in known]
    if not said:
        raise DataProblem(ONLY_RATINGS, path=raw.path.name, num=raw.num_rows)
    rating = f"avg(TRY_CAST(c{known['rating']} AS DOUBLE))" if "rating" in known else "NULL"
    where = " AND ".join(said)
    num, mean = connection.execute(f"SELECT count(*), {rating} FROM {relation} WHERE {where}").fetchall()[0]
    if num:
        connection.execute(f"DELETE FROM {relation} WHERE {where}")
        notes.append(
            say("source.rating_only", count=num) if mean is None else say("source.rating_only_mean", count=num, mean=round(mean, 2))
        )
    return int(num)


def _filled(connection: duckdb.DuckDBPyConnection, raw: RawTable) -> list[bool]:
    counts = ", ".join(f"count(c{index})" for index in range(len(raw.header)))
    return [bool(count) for count in connection.execute(f"SELECT {counts} FROM {raw.relation}").fetchall()[0]]


class _Slots(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "NULL"
