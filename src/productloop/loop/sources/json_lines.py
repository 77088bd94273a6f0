"""JSON: a list of objects, an object that holds one list of objects (`{"data": [...]}`), or JSON Lines (one object a line).

Nested objects become columns with dots (`user.id`), lists stay JSON text, true and false become "true" and "false". Columns stand in
the order in which their names first appear, so that two exports of one system look alike.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from productloop.foundation.errors import DataProblem, excerpt
from productloop.foundation.wording import say
from productloop.loop.sources import nested
from productloop.loop.sources.encoding import decode_head, to_utf8
from productloop.loop.sources.landing import Found, finish, land
from productloop.loop.sources.records import RawTable, Reader, ReadOptions, Skipped
from productloop.loop.sources.wording import BROKEN_FILE, EMPTY_FILE, NESTED, NO_TABLE_IN_JSON

if TYPE_CHECKING:
    import duckdb

MAX_BAD_SHARE = 0.2
"""More lines than this that are not JSON, and the file is something else."""


def matches(path: Path, head: bytes) -> bool:
    """Text that begins like JSON: an object, or a list of objects or under a JSON name."""
    text = (decode_head(head) or "").lstrip()
    if path.suffix.lower() in READER.suffixes:
        return text.startswith(("{", "["))
    return text.startswith('{"') or (text.startswith("[") and text[1:].lstrip().startswith(("{", "]")))


def read(connection: duckdb.DuckDBPyConnection, path: Path, options: ReadOptions) -> list[RawTable]:
    """One table. Raises DataProblem: not JSON, no list of records in it, empty."""
    with tempfile.TemporaryDirectory(prefix="productloop-") as name:
        folder = Path(name)
        plain = to_utf8(path, folder, options.encoding)
        found = Found(path, 0, (), 1, plain.encoding)
        records = objects_of_lines(plain.path, found.skipped) if _is_lines(plain.path) else enumerate(_whole(plain.path, path), 1)
        names: dict[str, int] = {}
        counted = [0]
        relation, width = land(connection, _rows(nested.unfold(records), names, counted), None, folder, path)
    num_bad = sum(row.reason == "ragged" for row in found.skipped)
    if num_bad > MAX_BAD_SHARE * (num_bad + counted[0]):
        raise DataProblem(BROKEN_FILE, path=path.name, detail=found.skipped[0].excerpt)
    if not counted[0] or not names:
        raise DataProblem(EMPTY_FILE, path=path.name)
    if num_bad:
        found.notes.append(say("source.json_bad_lines", count=num_bad))
    if plain.num_replaced:
        found.notes.append(say("source.replaced", count=plain.num_replaced))
    found.header, found.width = tuple(names), width
    return [finish(connection, relation, found, options)]


READER = Reader("json", (".json", ".jsonl", ".ndjson"), matches, read)


def _is_lines(path: Path) -> bool:
    """JSON Lines: the first filled line is a whole object, and so is the next one (a file of one line is one object)."""
    seen = 0
    with path.open(encoding="utf-8-sig") as file:
        for line in file:
            if not line.strip():
                continue
            try:
                if not isinstance(json.loads(line), dict):
                    return False
            except (json.JSONDecodeError, RecursionError):
                return seen > 0
            seen += 1
            if seen == 2:
                return True
    return False


def objects_of_lines(path: Path, skipped: list[Skipped], first: int = 1) -> Iterator[tuple[int, dict[str, Any]]]:
    """(number, object) of each line of a UTF-8 file that is a JSON object; the others go to `skipped`. Lines count from `first`."""
    with path.open(encoding="utf-8-sig") as file:
        for number, line in enumerate(file, first):
            if not line.strip():
                skipped.append(Skipped(number, "blank", ""))
                continue
            try:
                record = json.loads(line)
            except (json.JSONDecodeError, RecursionError):
                record = None
            if isinstance(record, dict):
                yield number, record
            else:
                skipped.append(Skipped(number, "ragged", excerpt(line.strip())))


def _whole(path: Path, shown: Path) -> list[dict[str, object]]:
    """The records of a JSON document: itself, or its only list of objects (the longest, one level deeper, if there are several)."""
    try:
        document = json.loads(path.read_text(encoding="utf-8-sig"))
    except json.JSONDecodeError as error:
        raise DataProblem(BROKEN_FILE, path=shown.name, detail=excerpt(error, 80)) from None
    except RecursionError:
        raise DataProblem(BROKEN_FILE, path=shown.name, detail=NESTED) from None
    known = nested.records_of(document)
    if known is not None:
        return known
    if isinstance(document, list):
        lists = [document]
    elif isinstance(document, dict):
        inner = [*document.values(), *(value for part in document.values() if isinstance(part, dict) for value in part.values())]
        lists = [value for value in inner if isinstance(value, list) and value and isinstance(value[0], dict)]
    else:
        lists = []
    records = max(lists, key=len, default=None)
    if (
        records is None
        and isinstance(document, dict)
        and document
        and not any(isinstance(value, (dict, list)) for value in document.values())
    ):
        return [document]
    if records == []:
        raise DataProblem(EMPTY_FILE, path=shown.name)
    if records is None or not all(isinstance(record, (dict, str)) for record in records):
        kinds = sorted({type(value).__name__ for value in (records or [document])})
        raise DataProblem(NO_TABLE_IN_JSON, path=shown.name, detail=", ".join(kinds[:3]))
    return [record if isinstance(record, dict) else {"text": record} for record in records]


def _rows(
    records: Iterable[tuple[int, dict[str, object]]], names: dict[str, int], counted: list[int]
) -> Iterator[tuple[int, list[str | None]]]:
    """(line, cells) of each record; `names` grows by the columns met, and a later row may be wider than an earlier one."""
    for line, record in records:
        cells: list[str | None] = [None] * len(names)
        for name, value in _flat(record, ""):
            index = names.setdefault(name, len(names))
            if index >= len(cells):
                cells.extend([None] * (index + 1 - len(cells)))
            cells[index] = value
        counted[0] += 1
        yield line, cells


def _flat(record: dict[str, object], prefix: str) -> Iterator[tuple[str, str | None]]:
    for key, value in record.items():
        name = prefix + key
        if isinstance(value, dict) and value:
            yield from _flat(value, name + ".")
        elif value is None or value in ({}, []):
            yield name, None
        elif isinstance(value, str):
            yield name, value
        elif isinstance(value, bool):
            yield name, "true" if value else "false"
        elif isinstance(value, list):
            yield name, json.dumps(value, ensure_ascii=False)
        else:
            yield name, str(value)
