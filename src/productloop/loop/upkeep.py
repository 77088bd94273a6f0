"""Upkeep of a workspace: backup and restore, erasing a person everywhere, compacting, exporting a table.

Nothing here is part of a turn. Erase reaches every version: old files are vacuumed at once, kept reports are dropped, and Cards that
stood on the erased rows are marked "no longer reproducible".
"""

from __future__ import annotations

import csv
import secrets
import shutil
import tempfile
import zipfile
import zlib
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy.exc import DBAPIError

from productloop.foundation.anonymity import Anonymity, k_anonymity
from productloop.foundation.errors import DataProblem, UsageError, WorkspaceProblem, check_target, reason_of
from productloop.foundation.settings import Settings
from productloop.foundation.tables import TABLES, Table
from productloop.loop import wording
from productloop.loop.identities import everyone_in
from productloop.loop.importing import MEMORY_LIMIT, repair
from productloop.loop.rows import open_vault
from productloop.loop.store import FOLDER, SETTINGS_FILE, Store

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_NEVER_IN_BACKUP = {"write.lock"}


def backup(store: Store, target: Path) -> int:
    """One zip file with settings, lake, state, vault and models; returns its size in bytes. Readers and the server may go on."""
    target = target.resolve()
    partial = target.with_name(target.name + ".partial")
    try:
        check_target(target)
        target.parent.mkdir(parents=True, exist_ok=True)
        with (
            store.writing(),
            tempfile.TemporaryDirectory() as scratch,
            zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        ):
            copy = Path(scratch) / "state.db"
            store.state.backup_to(copy)
            archive.write(copy, f"{FOLDER}/state.db")
            for path in sorted(store.home.rglob("*")):
                inside = path.relative_to(store.home)
                if (
                    path.is_file()
                    and inside.parts[0] != "cache"
                    and not path.name.startswith("state.db")
                    and path.name not in _NEVER_IN_BACKUP
                ):
                    archive.write(path, f"{FOLDER}/{inside.as_posix()}")
            if (store.root / SETTINGS_FILE).exists():
                archive.write(store.root / SETTINGS_FILE, SETTINGS_FILE)
        partial.replace(target)
    except (OSError, DBAPIError) as error:
        partial.unlink(missing_ok=True)
        reason = reason_of(error) if isinstance(error, OSError) else str(error)[:160]
        raise WorkspaceProblem(wording.BACKUP_FAILED, path=str(target), reason=reason) from error
    return target.stat().st_size


def restore(archive_path: Path, root: Path) -> None:
    """Unpack a backup into an empty or new folder; an existing workspace is never overwritten."""
    root = root.resolve()
    if (root / FOLDER).exists():
        raise UsageError(wording.RESTORE_OCCUPIED, path=str(root))
    partial = root.with_name(f"{root.name}.{secrets.token_hex(4)}.partial")  # a name of its own: nothing of the person's is swept away
    try:
        with zipfile.ZipFile(archive_path) as archive:
            names = archive.namelist()
            unsafe = [name for name in names if Path(name).is_absolute() or ".." in Path(name).parts]
            if unsafe or not any(name.startswith(f"{FOLDER}/lake") or name == f"{FOLDER}/state.db" for name in names):
                raise DataProblem(wording.BACKUP_UNREADABLE, path=str(archive_path), reason=unsafe[0] if unsafe else FOLDER)
            archive.extractall(partial)
    except (OSError, zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        shutil.rmtree(partial, ignore_errors=True)
        reason = reason_of(error) if isinstance(error, OSError) else wording.NOT_A_ZIP
        raise DataProblem(wording.BACKUP_UNREADABLE, path=str(archive_path), reason=reason) from error
    root.mkdir(parents=True, exist_ok=True)
    for child in partial.iterdir():
        if not (root / child.name).exists():
            shutil.move(str(child), root / child.name)
    shutil.rmtree(partial, ignore_errors=True)
    for folder in ("lake", "models", "cache"):
        (root / FOLDER / folder).mkdir(exist_ok=True)
    for name in ("identity.key", "vault.key", "vault.db"):
        if (root / FOLDER / name).exists():
            (root / FOLDER / name).chmod(0o600)
    Store(root).close()


def erase(store: Store, settings: Settings, person: str) -> dict[str, int]:
    """Remove a person by the source's own id from every table, version, cache and the vault; returns rows removed by place."""
    found = store.rows("SELECT code FROM actor_codes WHERE id = ?", [person])
    if not found:
        raise UsageError(wording.PERSON_UNKNOWN, person=person)
    codes = everyone_in(store, int(found[0][0]))  # all ids that are this person
    listed_codes = ", ".join(map(str, codes))
    gone: dict[str, int] = {}
    with store.writing():
        repair(store)
        ids = {person, *store.source_ids(np.array(codes)).values()}
        texts = [str(row[0]) for row in store.rows(f"SELECT row_id FROM feedback WHERE author IN ({listed_codes})")]
        for table in TABLES.values():
            people = [column.name for column in table.columns if column.type == "actor"]
            if people and store.exists(table.name):
                gone[table.name] = store.delete_rows(table.name, " OR ".join(f'"{name}" IN ({listed_codes})' for name in people))
        for start in range(0, len(texts), 200):
            listed = ", ".join(f"'{row_id}'" for row_id in texts[start : start + 200])
            gone["points"] = gone.get("points", 0) + store.delete_rows("points", f"feedback IN ({listed})")
        gone["labels"] = store.state.erase_labels(texts)
        newest = int(store.rows("SELECT max(code) FROM actor_codes")[0][0])
        gone["actor_codes"] = store.delete_rows("actor_codes", f"code IN ({listed_codes})")
        if newest in codes:  # the highest code stays taken, without an id: codes are never given again
            nameless = f"SELECT 'code-{newest}' AS row_id, 0::BIGINT AS import_id, {newest}::BIGINT AS sequence, {newest}::BIGINT AS code"
            store.append("actor_codes", store.db.sql(f"{nameless}, NULL::VARCHAR AS id"), 0)
        gone["state"] = store.state.erase_subject(ids)
        gone["identities"] = store.state.erase_identities(codes)
        vault = open_vault(store, settings)
        gone["vault"] = int(vault.erase(sorted(ids)) or 0)
        vault.close()
        store.state.forget_reports()
        store.state.mark_not_reproducible()
        store.state.cut_log()
        for name in TABLES:
            if store.exists(name):
                store.vacuum(name, 0)
        shutil.rmtree(store.cache, ignore_errors=True)
        store.cache.mkdir(exist_ok=True)
    store.refresh()
    return {name: count for name, count in gone.items() if count}


def compact(store: Store) -> dict[str, tuple[int, int]]:
    """Rewrite each table as few files in its order and drop versions older than seven days that nothing names; (files before, after)."""
    result = {}
    named = store.state.named_versions()
    with store.writing():
        repair(store)
        for table in TABLES.values():
            before = len(store.files(table.name))
            if before > 1:
                _rewrite(store, table)
            if before:
                # Delta can only vacuum by age: as long as any Card or report names an older version, all files stay.
                if not any(version < store.current_version(table.name) for version in named.get(table.name, ())):
                    store.vacuum(table.name, 7 * 24)
                result[table.name] = (before, len(store.files(table.name)))
    return result


def _rewrite(store: Store, table: Table) -> None:
    """All rows of a table in its order, in one commit; what does not fit into memory waits in the cache folder."""
    import duckdb

    order = ", ".join(f'"{name}"' for name in table.order)
    store.cache.mkdir(exist_ok=True)
    with (
        tempfile.TemporaryDirectory(dir=store.cache, ignore_cleanup_errors=True) as scratch,
        duckdb.connect(config={"memory_limit": MEMORY_LIMIT, "temp_directory": scratch}) as connection,
    ):
        rows = connection.sql(f"SELECT * FROM {store.parquet(table.name)} {f'ORDER BY {order}' if order else ''}")
        store.overwrite(table.name, rows)


MAX_JUDGED = 200_000
"""Rows up to which an export is checked for k-anonymity: about four seconds."""


def export_table(store: Store, table: str, target: Path) -> int:
    """Write a table as CSV (UTF-8 with BOM, formulas escaped, people by the source's own ids) or Parquet; returns the rows."""
    if table not in TABLES:
        raise UsageError(wording.TABLE_UNKNOWN, table=table, known=", ".join(TABLES))
    people = [column.name for column in TABLES[table].columns if column.type == "actor"]
    swaps = ", ".join(f'(SELECT k.id FROM actor_codes k WHERE k.code = t."{name}") AS "{name}"' for name in people)
    times = [column.name for column in TABLES[table].columns if column.type == "time"]
    stamps = ", ".join(f'make_timestamp("{name}") AS "{name}"' for name in times)
    replaced = ", ".join(part for part in (swaps, stamps) if part)
    query = f'SELECT t.* {f"REPLACE ({replaced})" if replaced else ""} FROM "{table}" t'
    target = target.resolve()
    partial = target.with_name(target.name + ".partial")
    try:
        check_target(target)
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.suffix == ".parquet":
            store.db.sql(query).write_parquet(str(partial))
            num_rows = store.count(table)
        else:
            num_rows = _write_csv(store.db.cursor().execute(query), partial)
        partial.replace(target)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise WorkspaceProblem(wording.WORKSPACE_UNWRITABLE, path=str(target), reason=reason_of(error)) from error
    return num_rows


def export_anonymity(store: Store, table: str) -> Anonymity | None:
    """How easily rows of this table lead back to people; None for tables without people, empty ones and those of more than MAX_JUDGED rows.

    Judged are the columns that others may know as well: categories, dates, numbers, yes and no; ids and texts never leave unmasked.
    """
    spec = TABLES[table]
    if not any(column.type == "actor" for column in spec.columns) or not 0 < store.count(table) <= MAX_JUDGED:
        return None
    times = {column.name for column in spec.columns if column.type == "time"}
    kinds = ("category", "number", "integer", "boolean", "money", "time")
    names = [column.name for column in spec.columns if column.type in kinds]
    names += [name for name, kind in store.attributes(table) if kind in ("VARCHAR", "DOUBLE", "BIGINT", "BOOLEAN")]
    counts = ", ".join(f'count(DISTINCT "{name}")' for name in names)
    distinct = store.rows(f'SELECT {counts} FROM "{table}"')[0]
    varied = [name for name, num in zip(names, distinct, strict=True) if num > 1]
    if not varied:
        return None
    shown = ", ".join(f'CAST(make_timestamp("{name}") AS DATE) AS "{name}"' if name in times else f'"{name}"' for name in varied)
    rows = store.rows(f'SELECT {shown} FROM "{table}"')
    return k_anonymity({name: [row[place] for row in rows] for place, name in enumerate(varied)}, varied)


def _write_csv(cursor: Any, target: Path) -> int:
    num_rows = 0
    with target.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([column[0] for column in cursor.description])
        while rows := cursor.fetchmany(10_000):
            writer.writerows([[escape_formula(cell) for cell in row] for row in rows])
            num_rows += len(rows)
    return num_rows


def escape_formula(cell: Any) -> Any:
    """A text that a spreadsheet would run as a formula gets a leading apostrophe; numbers stay numbers."""
    if isinstance(cell, str) and cell.startswith(FORMULA_STARTS):
        try:
            float(cell)
        except ValueError:
            return "'" + cell
    return cell


def reset(store: Store) -> None:
    """Delete everything the workspace holds except its settings; the caller has asked the person."""
    root = store.root
    store.close()
    shutil.rmtree(root / FOLDER)
    Store.create(root).close()
