"""Import: one file becomes rows of canonical tables: read -> understand -> convert -> mask -> identify -> commit.

Row identity is the source's own id where it has one, else an HMAC of the raw row before masking, plus the ordinal among equal rows
within the import; what is stored is the maximum multiplicity over imports, so importing a file twice adds nothing.
Everything heavy is one vectorised DuckDB query; Python sees only distinct values that may hold personal details.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import sys
import tempfile
import tomllib
from collections.abc import Callable
from collections.abc import Mapping as MappingType
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict

from productloop.foundation.errors import DataProblem, UsageError, excerpt, shown_path
from productloop.foundation.privacy import classify_column
from productloop.foundation.settings import Settings, check_zone
from productloop.foundation.tables import TABLES
from productloop.foundation.wording import Say, say
from productloop.loop import identities, wording
from productloop.loop.contacts import hide_contacts
from productloop.loop.rows import Conversion, OutcomeColumn, keep_details, open_vault
from productloop.loop.sources import RawTable, ReadOptions, read
from productloop.loop.sources.mapping import Mapping, MapRequest, understand
from productloop.loop.sources.wording import BROKEN_FILE
from productloop.loop.store import SETTINGS_FILE, Store

if TYPE_CHECKING:
    import duckdb

STANDARD_INPUT = "-"
MEMORY_LIMIT = "1800MB"
"""Of DuckDB while it imports; the program and the writer of the lake need about as much again for ten million rows."""
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class ImportRequest:
    """What a person says about a file."""

    path: Path
    table: str | None = None
    columns: tuple[str, ...] | None = None
    map: MappingType[str, str] | None = None
    outcome: str | None = None
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    time_zone: str | None = None


class Imported(BaseModel):
    """What one import did, in numbers and sentences."""

    model_config = ConfigDict(frozen=True)

    import_id: int
    path: str
    part: str
    table: str
    num_rows: int
    num_new: int
    num_repeated: int
    num_quarantined: int
    understood: tuple[tuple[str, str], ...]
    """(column of the file, column of the table)."""
    ignored: tuple[tuple[str, Say], ...]
    prevents: tuple[Say, ...]
    notes: tuple[Say, ...]
    quarantine: tuple[tuple[str, int], ...]
    """(column, rows) that could not be used."""
    unreadable: tuple[tuple[str, str, int], ...] = ()
    """(column of the file, reason, cells) that could not be read; their rows were kept without them."""
    attributes: tuple[str, ...] = ()
    """Columns kept as further attributes, by their names in the file."""
    outcome: tuple[str, str, int, int] | None = None
    """(task, value that counts, rows with that value, rows with any value)."""


def import_path(store: Store, settings: Settings, request: ImportRequest, at: int, progress: Progress) -> list[Imported]:
    """Import a file or a folder; each table of it is one atomic import. Nothing is half-written when it fails or is interrupted."""
    import duckdb

    if request.time_zone:
        check_zone(request.time_zone, "--time-zone")
    if request.path.name == STANDARD_INPUT and not request.path.exists():
        with tempfile.TemporaryDirectory(prefix="productloop-") as folder:
            path = Path(folder) / "pasted.txt"  # text copied from a page, or any table as text
            path.write_bytes(sys.stdin.buffer.read())
            return import_path(store, settings, dataclasses.replace(request, path=path), at, progress)
    with tempfile.TemporaryDirectory(prefix="productloop-", ignore_cleanup_errors=True) as scratch, duckdb.connect() as connection:
        connection.execute("SET preserve_insertion_order = true")
        connection.execute(f"SET memory_limit = '{MEMORY_LIMIT}'")  # what is more waits on disk
        connection.execute("SET temp_directory = '" + scratch.replace("'", "''") + "'")
        progress("read", 0, 3)
        tables = read(connection, request.path, _options(settings, request))
        try:
            return [_import_table(store, settings, connection, raw, request, at, progress) for raw in tables]
        except (duckdb.InvalidInputException, duckdb.IOException, duckdb.SerializationException) as error:
            if not any(raw.lazy for raw in tables):
                raise
            raise DataProblem(BROKEN_FILE, path=request.path.name, detail=excerpt(error, 80)) from None  # damaged in its middle


def _options(settings: Settings, request: ImportRequest) -> ReadOptions:
    as_is = request.table not in (None, "feedback") or "text" in (request.map or {})
    return ReadOptions(request.columns, request.encoding, request.delimiter, request.sheet, settings.text("speech.model"), as_is=as_is)


def file_hash(path: Path) -> str:
    """sha256 of a file's bytes; of names and hashes for a folder."""
    digest = hashlib.sha256()
    if path.is_dir():
        for child in sorted(path.rglob("*")):
            if child.is_file():
                digest.update(f"{shown_path(child.relative_to(path))}:{file_hash(child)}\n".encode())
        return digest.hexdigest()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def _import_table(
    store: Store, settings: Settings, db: duckdb.DuckDBPyConnection, raw: RawTable, request: ImportRequest, at: int, progress: Progress
) -> Imported:
    if raw.table == identities.MERGES:
        return _import_merges(store, settings, db, raw, request, at)
    mapping = _understand(store, db, raw, request)
    table = TABLES[mapping.table]
    progress("convert", 1, 3)
    outcome = OutcomeColumn.find(raw, mapping, request.outcome) if request.outcome else None
    plan = Conversion(store, settings, db, raw, mapping, outcome, request.time_zone or settings.text("product.time_zone"))
    plan.convert()
    plan.mask_texts()
    bad = plan.quarantine()
    with store.writing():
        repair(store)
        progress("write", 2, 3)
        counts = plan.identify()
        counts["num_quarantined"] = sum(count for _, count in bad)
        import_id = store.state.begin_import(
            shown_path(request.path),
            raw.part,
            file_hash(raw.path),
            table.name,
            at,
            counts,
            [note.model_dump(mode="json") for note in (*raw.notes, *plan.notes)],
        )
        plan.commit(import_id)
        store.state.finish_import(import_id, at)
    if outcome is not None:
        write_task(store.root, outcome.task, f"{outcome.task}={outcome.value}")
    if request.map:
        store.state.remember_mapping(mapping.fingerprint, mapping.table, dict(request.map))
    store.refresh()
    return Imported(
        import_id=import_id,
        path=shown_path(raw.path),
        part=raw.part,
        table=table.name,
        **counts,
        understood=tuple((c.source, c.target) for c in mapping.columns if c.target is not None),
        ignored=tuple(
            (c.source, c.reason) for c in mapping.columns if c.how == "ignored" and not (outcome and c.source_index == outcome.index)
        ),
        prevents=(*mapping.prevents, *plan.prevents()),
        notes=(*raw.notes, *plan.notes),
        quarantine=tuple(bad),
        unreadable=tuple((plan.header_of(name), reason, num) for name, reason, num in plan.unreadable),
        attributes=tuple(source.source for _, source, _ in plan.attributes),
        outcome=None if outcome is None else (outcome.task, outcome.value, *plan.count_outcomes(outcome.value)),
    )


def _import_merges(
    store: Store, settings: Settings, db: duckdb.DuckDBPyConnection, raw: RawTable, request: ImportRequest, at: int
) -> Imported:
    """Statements that two ids are one person: that person counts once from now on, in rows imported before and later, too."""
    alias, actor, time, source = (f"c{dict(raw.known)[name]}" for name in ("alias", "actor", "time", "source"))
    details = hide_contacts(db, raw.relation, (alias, actor), store.identity_key())
    stamp = f"coalesce(TRY_CAST({time} AS BIGINT), {at})"
    pairs = f"SELECT {alias} AS alias, {actor} AS actor, {stamp} AS time, {source} AS source FROM {raw.relation} WHERE {alias} <> {actor}"
    with store.writing():
        repair(store)
        counts = {"num_rows": raw.num_rows, "num_new": 0, "num_repeated": 0, "num_quarantined": 0}
        given = [note.model_dump(mode="json") for note in raw.notes]
        import_id = store.state.begin_import(shown_path(request.path), raw.part, file_hash(raw.path), identities.MERGES, at, counts, given)
        keep_details(store, settings, details, import_id)
        new, aside = identities.link(store, db, pairs, import_id)
        counts |= {"num_new": new - aside, "num_repeated": raw.num_rows - new, "num_quarantined": aside}
        store.state.finish_import(import_id, at, counts)
    store.refresh()
    notes = [*raw.notes, say("loop.import.merges", num=new - aside)]
    return Imported(
        import_id=import_id,
        path=shown_path(raw.path),
        part=raw.part,
        table=identities.MERGES,
        num_rows=counts["num_rows"],
        num_new=counts["num_new"],
        num_repeated=counts["num_repeated"],
        num_quarantined=counts["num_quarantined"],
        understood=(),
        ignored=(),
        prevents=(),
        notes=(*notes, say("loop.import.merges_aside", num=aside)) if aside else tuple(notes),
        quarantine=(),
    )


def write_task(root: Path, task: str, outcome: str) -> None:
    """Write [tasks.TASK] into productloop.toml unless it is there; comments and everything else stay as they are."""
    path = root / SETTINGS_FILE
    text = path.read_text(encoding="utf-8-sig") if path.exists() else ""
    name = task if task.isascii() and task.replace("-", "").replace("_", "").isalnum() else json.dumps(task, ensure_ascii=False)
    if task in tomllib.loads(text).get("tasks", {}):
        return
    partial = path.with_name(path.name + ".partial")
    lines = ["", f"[tasks.{name}]", 'template = "risk.outcome"', f"outcome = {json.dumps(outcome, ensure_ascii=False)}", ""]
    partial.write_text(text.rstrip("\n") + "\n" * bool(text.strip()) + "\n".join(lines), encoding="utf-8")
    partial.replace(path)


def _understand(store: Store, db: duckdb.DuckDBPyConnection, raw: RawTable, request: ImportRequest) -> Mapping:
    ask = MapRequest(table=request.table, map=dict(request.map or {}), columns=request.columns, classify=classify_column)
    mapping = understand(db, raw, ask)
    remembered = None if request.map or request.table else store.state.mapping(mapping.fingerprint)
    if remembered is not None:
        mapping = understand(db, raw, MapRequest(table=remembered[0], map=remembered[1], columns=request.columns, classify=classify_column))
    return mapping


def repair(store: Store) -> list[int]:
    """Finish or take back imports that a killed process left; called under the write lock. Returns the imports touched.

    The Delta log is the truth: if the table's own commit stands, everything the import wrote before it stands too.
    """
    touched = []
    for row in store.state.imports("undoing"):
        _take_back(store, row["id"])
        store.state.mark_import(row["id"], "undone")
        touched.append(int(row["id"]))
    for row in store.state.imports("running"):
        if row["id"] in store.committed_imports(row["target"]):
            store.state.finish_import(row["id"], row["started_at"])
        else:
            _take_back(store, row["id"])
            store.state.mark_import(row["id"], "failed")
        touched.append(int(row["id"]))
    return touched


def _take_back(store: Store, import_id: int) -> dict[str, int]:
    """Delete the rows an import brought, except actor codes, which are never reused."""
    gone = {}
    for name in TABLES:
        if name != "actor_codes" and store.exists(name) and import_id in store.committed_imports(name):
            gone[name] = store.delete_rows(name, f"import_id = {import_id}")
    said = store.state.drop_identities(import_id)
    return gone | ({identities.MERGES: said} if said else {})


def undo(store: Store, settings: Settings, import_id: int) -> tuple[dict[str, int], list[str]]:
    """Take an import back: (rows removed by table, files imported later that held some of the same rows and should be imported again)."""
    row = next((row for row in store.state.imports() if row["id"] == import_id), None)
    if row is None or row["status"] != "done":
        raise UsageError(
            wording.IMPORT_UNKNOWN, number=str(import_id), known=", ".join(str(r["id"]) for r in store.state.imports("done")) or "-"
        )
    with store.writing():
        store.state.mark_import(import_id, "undoing")
        vault = open_vault(store, settings)
        vault.erase_import(str(import_id))
        vault.close()
        gone = _take_back(store, import_id)
        store.state.mark_import(import_id, "undone")
    later = [r["source"] for r in store.state.imports("done") if r["id"] > import_id and r["target"] == row["target"] and r["num_repeated"]]
    return gone, later
