"""Exports of event tools: JSON Lines, JSON lists, and zip files of them (Amplitude: a zip of .json.gz).

One file gives up to four tables: what happened (events), who the people are (actors), which ids are one person (merges), what things are
called (items). Every record is accounted for: it is one of these, or it is counted with the reason why not. What the records mean stands in
`event_records.py`. A profile names only what changed: people are kept as they stood after each change (`event_profiles.py`).
"""

from __future__ import annotations

import gzip
import json
import re
import tempfile
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from productloop.foundation.errors import DataProblem, excerpt, shown_path
from productloop.foundation.wording import Say, say
from productloop.loop.sources.encoding import decode_head, to_utf8
from productloop.loop.sources.event_profiles import Profiles
from productloop.loop.sources.event_records import NO_PAIR, UNCHANGED, UNKNOWN, Fact, Shape, shape_of
from productloop.loop.sources.json_lines import objects_of_lines
from productloop.loop.sources.landing import Landing
from productloop.loop.sources.records import RawTable, Reader, ReadOptions, Skipped
from productloop.loop.sources.wording import BROKEN_FILE, EMPTY_FILE

if TYPE_CHECKING:
    import duckdb

MAX_BAD_SHARE = 0.2
"""More lines than this that are not JSON, and the file is something else."""
MAX_PROPERTIES = 400
"""Different names of properties that get a column; those of further names stand together as one JSON text."""
MORE = "more_properties"
FIELDS = {
    "events": ("id", "actor", "name", "time", "item", "session", "value", "platform", "version", "device", "duration_ms"),
    "actors": ("actor", "account", "first_seen", "plan", "platform", "country", "known_at"),
    "merges": ("alias", "actor", "time", "source"),
    "items": ("item", "title", "category", "price", "text", "picture", "known_at"),
}
_TOLD_BY = 20
"""Records that are looked at to tell the tool: the first may be of a kind that names no event."""
_LIST = re.compile(r'\s*(?:\{\s*"(batch|results|data|events)"\s*:\s*)?\[')
_JSON_NAMES = (".json", ".jsonl", ".ndjson", ".json.gz", ".jsonl.gz", ".ndjson.gz")
_GZIP = b"\x1f\x8b"


def matches(path: Path, head: bytes) -> bool:
    """JSON whose first records are a known tool's, or a zip that holds such files only."""
    if head.startswith(b"PK\x03\x04"):
        return _zip_matches(path)
    text = (decode_head(head) or "").lstrip()
    return text.startswith(("{", "[")) and _told(text) is not None


def _zip_matches(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as archive:
            names = _members(archive)
            return bool(names) and any(_told((decode_head(_head_of(archive, name)) or "").lstrip()) for name in names[:_TOLD_BY])
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError):
        return False


def _members(archive: zipfile.ZipFile) -> list[str]:
    """JSON files of the archive in order of their names; none when it holds anything else but such files."""
    names = sorted(one.filename for one in archive.infolist() if not one.is_dir() and not one.filename.startswith("__MACOSX"))
    return names if all(name.lower().endswith(_JSON_NAMES) for name in names) else []


def _head_of(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as raw:
        if name.lower().endswith(".gz"):
            with gzip.open(raw) as plain:
                return plain.read(65_536)
        return raw.read(65_536)


def _told(text: str) -> tuple[str, Shape] | None:
    """(tool, shape) of the first records in a text that may be cut anywhere."""
    decoder, place = json.JSONDecoder(), 0
    listed = _LIST.match(text)
    if listed is not None:
        place = listed.end()
    for _ in range(_TOLD_BY):
        while place < len(text) and text[place] in " \t\r\n,":
            place += 1
        try:
            record, place = decoder.raw_decode(text, place)
        except (json.JSONDecodeError, RecursionError):
            return None
        found = shape_of(record) if isinstance(record, dict) else None
        if found is not None:
            return found
    return None


@dataclass(slots=True)
class _Reading:
    """What was met on the way through the records of one file."""

    path: Path
    tool: str = ""
    shape: Shape | None = None
    num_records: int = 0
    skipped: list[Skipped] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)
    notes: list[Say] = field(default_factory=list)
    encoding: str = "utf-8"
    uploaded: tuple[str, str] | None = None
    """First and last upload of an Amplitude export."""


def read(connection: duckdb.DuckDBPyConnection, path: Path, options: ReadOptions) -> list[RawTable]:
    """Up to four tables. Raises DataProblem: broken, empty, nothing in it that can be used."""
    reading = _Reading(path)
    with tempfile.TemporaryDirectory(prefix="productloop-") as name:
        folder = Path(name)
        sheets = {kind: _Sheet(kind, Landing(folder, path)) for kind in FIELDS}
        people = Profiles()
        try:
            for line, record in _records(path, folder, options, reading):
                for fact in _facts(record, reading):
                    _put(sheets, people, line, fact, reading)
            tables = [_table(connection, sheet, reading) for sheet in sheets.values() if sheet.landing.num_rows]
        finally:
            for sheet in sheets.values():
                sheet.landing.close()
    if people.num_begun_at_zero:
        reading.notes.append(say("source.events.from_zero", num=people.num_begun_at_zero))
    num_bad = sum(row.reason == "ragged" for row in reading.skipped)
    if num_bad > MAX_BAD_SHARE * (num_bad + reading.num_records):
        raise DataProblem(BROKEN_FILE, path=path.name, detail=reading.skipped[0].excerpt)
    if not tables:
        raise DataProblem(EMPTY_FILE, path=path.name)
    return [_with_notes(tables[0], reading, num_bad, tables), *tables[1:]]


READER = Reader("events", (), matches, read)


def _with_notes(first: RawTable, reading: _Reading, num_bad: int, tables: list[RawTable]) -> RawTable:
    counts = {table.part: table.num_rows for table in tables}
    notes = [say("source.export", name=say(f"export.{reading.tool}"))]
    notes.append(
        say(
            "source.events.counts",
            num=reading.num_records,
            events=counts.get("events", 0),
            people=counts.get("actors", 0),
            merges=counts.get("merges", 0),
            rest=sum(reading.left_out.values()),
        )
    )
    for reason, num in sorted(reading.left_out.items()):
        said = reason in (NO_PAIR, UNCHANGED, UNKNOWN)
        why = say(f"events.reason.{reason}") if said else say("events.reason.kind", kind=excerpt(reason))
        notes.append(say("source.events.left_out", num=num, reason=why))
    if num_bad:
        notes.append(say("source.json_bad_lines", count=num_bad))
    if reading.uploaded is not None:
        notes.append(say("source.events.uploaded", first=reading.uploaded[0], last=reading.uploaded[1]))
    return replace(first, notes=(*notes, *reading.notes), skipped=tuple(reading.skipped))


# --- records -----------------------------------------------------------------------------------------------------------------------------


def _records(path: Path, folder: Path, options: ReadOptions, reading: _Reading) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """(number of the line or record, record), the lines of all files of a zip numbered through."""
    if not zipfile.is_zipfile(path):
        yield from _of_file(path, folder, options, reading, 0)
        return
    start = 0
    with zipfile.ZipFile(path) as archive:
        for name in _members(archive):
            target = folder / "member"
            broken = _extract(archive, name, target)
            if broken:
                reading.notes.append(say("source.events.member", file=shown_path(name.rpartition("/")[2])))
            last = start
            for last, record in _of_file(target, folder, options, reading, start):
                yield last, record
            start = last
            target.unlink()


def _extract(archive: zipfile.ZipFile, name: str, target: Path) -> bool:
    """Write a member without gzip; what can be read of a broken one. Whether it was broken."""
    try:
        with archive.open(name) as raw, target.open("wb") as out, ExitStack() as stack:
            source: Any = stack.enter_context(gzip.open(raw)) if name.lower().endswith(".gz") else raw
            while block := source.read(1 << 16):
                out.write(block)
    except (EOFError, zlib.error, gzip.BadGzipFile, zipfile.BadZipFile):
        return True
    return False


def _of_file(path: Path, folder: Path, options: ReadOptions, reading: _Reading, start: int) -> Iterator[tuple[int, Mapping[str, Any]]]:
    plain = to_utf8(path, folder, options.encoding)
    reading.encoding = plain.encoding
    if plain.num_replaced:
        reading.notes.append(say("source.replaced", count=plain.num_replaced))
    with plain.path.open(encoding="utf-8-sig") as file:
        listed = _LIST.match(file.read(200))
    if listed is not None:
        yield from enumerate(_listed(plain.path, listed.group(1), reading), start + 1)
        return
    yield from objects_of_lines(plain.path, reading.skipped, start + 1)


def _listed(path: Path, name: str | None, reading: _Reading) -> Iterator[Mapping[str, Any]]:
    """The records of a JSON document that is a list, or holds one under `name`."""
    try:
        document = json.loads(path.read_text(encoding="utf-8-sig"))
    except (json.JSONDecodeError, RecursionError) as error:
        raise DataProblem(BROKEN_FILE, path=reading.path.name, detail=excerpt(error, 80)) from None
    for record in document if name is None else document[name]:
        yield record if isinstance(record, dict) else {}


def _facts(record: Mapping[str, Any], reading: _Reading) -> Iterator[Fact]:
    """What a record says; the tool is told by the first record that is known. Uploads of Amplitude are noted."""
    reading.num_records += 1
    if reading.shape is None:
        found = shape_of(record)
        if found is None:
            yield Fact("left_out", {"reason": UNKNOWN})
            return
        reading.tool, reading.shape = found
    uploaded = record.get("server_upload_time") if reading.tool == "amplitude" else None
    if isinstance(uploaded, str):
        first, last = reading.uploaded or (uploaded[:16], uploaded[:16])
        reading.uploaded = min(first, uploaded[:16]), max(last, uploaded[:16])
    yield from reading.shape(record)


# --- tables ------------------------------------------------------------------------------------------------------------------------------


class _Sheet:
    """One of the tables in the making; a column for each name that is met."""

    def __init__(self, kind: str, landing: Landing) -> None:
        self.kind, self.landing = kind, landing
        self.names: dict[str, int] = {name: index for index, name in enumerate(FIELDS[kind])}
        self.num_fields = len(self.names)
        self.header = list(FIELDS[kind])
        self.extra: dict[str, int] = {}

    def add(self, line: int, fields: Mapping[str, Any], extra: Mapping[str, str]) -> None:
        """One row: the fields of the table, then its further properties."""
        cells: list[str | None] = [None] * len(self.header)
        for name, value in fields.items():
            if value is not None:
                cells[self.names[name]] = written(value)
        more: dict[str, str] = {}
        for name, value in extra.items():
            index = self.extra.get(name)
            if index is None:
                if len(self.extra) >= MAX_PROPERTIES and name != MORE:
                    more[name] = value
                    continue
                index = self.extra[name] = len(self.header)
                self.header.append(name)
                cells.append(None)
            cells[index] = value
        if more:
            self.add_more(cells, more)
        self.landing.add(line, cells)

    def add_more(self, cells: list[str | None], more: Mapping[str, str]) -> None:
        """The properties of names beyond MAX_PROPERTIES as one JSON text."""
        index = self.extra.get(MORE)
        if index is None:
            index = self.extra[MORE] = len(self.header)
            self.header.append(MORE)
            cells.append(None)
        cells[index] = json.dumps(more, ensure_ascii=False)


def _put(sheets: Mapping[str, _Sheet], people: Profiles, line: int, fact: Fact, reading: _Reading) -> None:
    if fact.kind == "left_out":
        reading.left_out[str(fact.fields["reason"])] += 1
        return
    extra = dict(flat(fact.extra))
    if fact.kind in ("events", "merges"):
        sheets[fact.kind].add(line, fact.fields, extra)
        return
    values = {name: written(value) for name, value in fact.fields.items() if value is not None}
    news = list(people.rows(fact, extra, values))
    for table, fields, known in news:
        sheets[table].add(line, fields, known)
    if not news and not fact.aside and fact.kind != "groups":
        reading.left_out[UNCHANGED] += 1


def _table(connection: duckdb.DuckDBPyConnection, sheet: _Sheet, reading: _Reading) -> RawTable:
    sheet.landing.widen(len(sheet.header))
    sheet.landing.load(connection)
    return RawTable(
        relation=sheet.landing.relation,
        header=tuple(sheet.header),
        header_found=True,
        path=reading.path,
        part=sheet.kind,
        encoding=reading.encoding,
        delimiter="",
        title=None,
        skipped=(),
        num_rows=sheet.landing.num_rows,
        first_row=1,
        notes=(),
        table=sheet.kind,
        known=tuple(sheet.names.items()),
        complete=True,
    )


def flat(values: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    """(name, text) of every filled value; names of nested objects are joined by dots, lists stay JSON."""
    for key, value in values.items():
        if isinstance(value, dict):
            yield from flat(value, f"{prefix}{key}.")
        elif value is not None and value != "" and value != []:
            yield prefix + key, written(value)


def written(value: Any) -> str:
    """A value as the text of a cell."""
    if isinstance(value, str):
        return value.replace("\0", "")
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (list, dict)):
        return json.dumps(value, ensure_ascii=False).replace("\\u0000", "")
    return str(value)
