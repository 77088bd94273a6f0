"""Rows that change one by one, in `state.db`: all SQL for them stands here, portable between SQLite and PostgreSQL.

SQLite runs in WAL mode with `synchronous=FULL`: a row that was acknowledged survives a power cut.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Engine,
    Integer,
    MetaData,
    Row,
    Table,
    create_engine,
    delete,
    event,
    exists,
    func,
    insert,
    literal,
    select,
    text,
    update,
)
from sqlalchemy.exc import DBAPIError, IntegrityError

from productloop.foundation.errors import WorkspaceProblem
from productloop.foundation.wording import Text
from productloop.loop import wording
from productloop.loop.migrations import migrate, newest_schema
from productloop.loop.same_person import resolve

BUSY_SECONDS = 20  # how long a statement waits for another process that writes
_MERGES = Table("merges", MetaData(), Column("alias", Integer), Column("actor", Integer))
"""Read with every question about people; the whole schema (50 ms in a new process) is worked out only where more is needed."""


class State:
    """The database of one workspace. Times are microseconds UTC, given by the caller."""

    def __init__(self, address: str | Path) -> None:
        url = f"sqlite:///{address}" if isinstance(address, Path) else address
        self.engine: Engine = create_engine(url)
        if url.startswith("sqlite"):
            event.listen(self.engine, "connect", _sqlite_pragmas)
        try:
            with self.engine.begin() as connection:
                migrate(connection)
        except DBAPIError as error:
            raise _unopened(str(address), error) from error

    def close(self) -> None:
        """Give back all connections."""
        self.engine.dispose()

    def _t(self, name: str) -> Table:
        return newest_schema().tables[name]

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        try:
            with self.engine.begin() as connection:
                yield connection
        except IntegrityError:
            raise
        except DBAPIError as error:
            raise WorkspaceProblem(wording.STATE_UNWRITABLE, reason=_reason(error)) from error

    def _run(self, statement: Any, rows: Sequence[dict[str, Any]] | None = None) -> int:
        with self._writing() as connection:
            result = connection.execute(statement, rows) if rows is not None else connection.execute(statement)
            return int(result.rowcount)

    def _all(self, statement: Any) -> Sequence[Row[Any]]:
        try:
            with self.engine.connect() as connection:
                return connection.execute(statement).fetchall()
        except DBAPIError as error:
            raise _unopened(str(self.engine.url.database), error) from error

    # imports ------------------------------------------------------------------------------------------------------

    def begin_import(self, source: str, part: str, file_hash: str, target: str, at: int, counts: dict[str, int], notes: list[Any]) -> int:
        """A ledger row with status "running" and the counts it will have; returns its id."""
        table = self._t("imports")
        values = {"source": source, "part": part, "file_hash": file_hash, "target": target, "status": "running", "started_at": at}
        with self._writing() as connection:
            result = connection.execute(insert(table).values(**values, **counts, notes=json.dumps(notes, ensure_ascii=False)))
            key: Any = result.inserted_primary_key
            return int(key[0])

    def finish_import(self, import_id: int, at: int, counts: Mapping[str, int] | None = None) -> None:
        """The import is visible: mark it done, with counts that were only known at its end."""
        table = self._t("imports")
        self._run(update(table).where(table.c.id == import_id).values(finished_at=at, status="done", **(counts or {})))

    def mark_import(self, import_id: int, status: str) -> None:
        """Set the status: running, done, undone, failed."""
        table = self._t("imports")
        self._run(update(table).where(table.c.id == import_id).values(status=status))

    def imports(self, status: str | None = None) -> list[dict[str, Any]]:
        """The ledger, oldest first."""
        table = self._t("imports")
        statement = select(table).order_by(table.c.id)
        if status is not None:
            statement = statement.where(table.c.status == status)
        return [dict(row._mapping) for row in self._all(statement)]

    def remember_mapping(self, fingerprint: str, target: str, columns: dict[str, str]) -> None:
        """Keep a corrected mapping for files with the same header."""
        table = self._t("mappings")
        with self._writing() as connection:
            connection.execute(delete(table).where(table.c.fingerprint == fingerprint))
            connection.execute(
                insert(table).values(fingerprint=fingerprint, target=target, columns=json.dumps(columns, ensure_ascii=False))
            )

    def mapping(self, fingerprint: str) -> tuple[str, dict[str, str]] | None:
        """(table, {canonical: header}) remembered for this header, or None."""
        table = self._t("mappings")
        rows = self._all(select(table.c.target, table.c.columns).where(table.c.fingerprint == fingerprint))
        found: list[Any] = list(rows)
        return (str(found[0][0]), dict(json.loads(found[0][1]))) if found else None

    # releases ------------------------------------------------------------------------------------------------------

    def add_release(self, release: dict[str, Any]) -> None:
        """A trained model, as yet not live. A turn that was killed before it was made live writes the same release again."""
        table = self._t("releases")
        with self._writing() as connection:
            connection.execute(delete(table).where(table.c.id == release["id"]))
            connection.execute(insert(table).values(**release))

    def releases(self, task: str | None = None) -> list[dict[str, Any]]:
        """All releases, oldest first."""
        table = self._t("releases")
        statement = select(table).order_by(table.c.created_at, table.c.id)
        if task is not None:
            statement = statement.where(table.c.task == task)
        return [dict(row._mapping) for row in self._all(statement)]

    def set_release_status(self, release: str, status: str) -> None:
        """candidate, accepted or refused."""
        table = self._t("releases")
        self._run(update(table).where(table.c.id == release).values(status=status))

    def point(self, task: str, release: str, at: int, reason: str) -> None:
        """Make a release live. History is kept: the newest row is the pointer."""
        self._run(insert(self._t("pointers")).values(task=task, release=release, at=at, reason=reason))

    def live(self, task: str) -> str | None:
        """The live release of a task, or None."""
        history = self.pointer_history(task)
        return str(history[-1]["release"]) if history else None

    def pointer_history(self, task: str) -> list[dict[str, Any]]:
        """Every release that was live, oldest first."""
        table = self._t("pointers")
        return [dict(row._mapping) for row in self._all(select(table).where(table.c.task == task).order_by(table.c.id))]

    # predictions ---------------------------------------------------------------------------------------------------

    def add_predictions(self, rows: list[dict[str, Any]]) -> None:
        """Online predictions, in one transaction; an id that is there already is left as it is."""
        if rows:
            table = self._t("predictions")
            with self._writing() as connection:
                ids = [row["id"] for row in rows]
                known = {found for (found,) in connection.execute(select(table.c.id).where(table.c.id.in_(ids)))}
                new = {row["id"]: row for row in reversed(rows) if row["id"] not in known}
                if new:
                    connection.execute(insert(table), list(reversed(new.values())))

    def predictions(self, task: str, since: int | None = None) -> list[dict[str, Any]]:
        """Logged predictions of a task, oldest first."""
        table = self._t("predictions")
        statement = select(table).where(table.c.task == task).order_by(table.c.at, table.c.id)
        if since is not None:
            statement = statement.where(table.c.at >= since)
        return [dict(row._mapping) for row in self._all(statement)]

    # inbox ---------------------------------------------------------------------------------------------------------

    def receive(self, rows: Iterable[tuple[str, str, str]], at: int) -> int:
        """Rows that came over HTTP: (table, row id, masked payload). Committed before this returns; a known id is skipped."""
        table = self._t("inbox")
        columns = ["target", "row_id", "payload", "received_at"]
        accepted = 0
        with self._writing() as connection:
            for target, row_id, payload in rows:
                known = exists().where(table.c.row_id == row_id)
                new = select(literal(target), literal(row_id), literal(payload), literal(at, BigInteger)).where(
                    ~known
                )  # one statement: no other
                accepted += connection.execute(insert(table).from_select(columns, new)).rowcount  # writer comes in between
        return accepted

    def inbox(self) -> list[dict[str, Any]]:
        """Rows waiting to be moved to the lake, in order of arrival."""
        table = self._t("inbox")
        return [dict(row._mapping) for row in self._all(select(table).order_by(table.c.id))]

    def num_waiting(self) -> int:
        """How many rows wait to be moved."""
        return int(self._all(select(func.count()).select_from(self._t("inbox")))[0][0])

    def clear_inbox(self, ids: list[int]) -> None:
        """Forget rows that are in the lake now."""
        table = self._t("inbox")
        for start in range(0, len(ids), 500):
            self._run(delete(table).where(table.c.id.in_(ids[start : start + 500])))

    # reports, turns, decisions -------------------------------------------------------------------------------------

    def save_report(self, report: dict[str, Any]) -> None:
        """Keep a report under its content key (the same key is the same bytes)."""
        table = self._t("reports")
        with self.engine.begin() as connection:
            connection.execute(delete(table).where(table.c.id == report["id"]))
            connection.execute(insert(table).values(**report))

    def reports(self, action: str | None = None) -> list[dict[str, Any]]:
        """Kept reports, oldest first."""
        table = self._t("reports")
        statement = select(table).order_by(table.c.created_at, table.c.id)
        if action is not None:
            statement = statement.where(table.c.action == action)
        return [dict(row._mapping) for row in self._all(statement)]

    def report(self, key: str) -> dict[str, Any] | None:
        """The report with this id (or a prefix of it), or None."""
        table = self._t("reports")
        rows = self._all(select(table).where(table.c.id.startswith(key, autoescape=True)).order_by(table.c.created_at.desc()))
        return dict(rows[0]._mapping) if rows else None

    def turn(self, task: str) -> dict[str, Any] | None:
        """What the last turn of a task was and did."""
        table = self._t("turns")
        rows = self._all(select(table).where(table.c.task == task))
        return dict(rows[0]._mapping) if rows else None

    def save_turn(self, task: str, key: str, at: int, result: dict[str, Any]) -> None:
        """Remember a finished turn, so that an equal one is skipped."""
        table = self._t("turns")
        with self.engine.begin() as connection:
            connection.execute(delete(table).where(table.c.task == task))
            connection.execute(insert(table).values(task=task, key=key, at=at, result=json.dumps(result, ensure_ascii=False)))

    def add_decision(self, decision: dict[str, Any]) -> int:
        """A person decided: do, answer or wait."""
        with self.engine.begin() as connection:
            key: Any = connection.execute(insert(self._t("decisions")).values(**decision)).inserted_primary_key
            return int(key[0])

    def decisions(self) -> list[dict[str, Any]]:
        """All decisions, oldest first."""
        table = self._t("decisions")
        return [dict(row._mapping) for row in self._all(select(table).order_by(table.c.id))]

    # labels --------------------------------------------------------------------------------------------------------

    def add_labels(self, question: str, answers: Sequence[tuple[str, str]], at: int) -> None:
        """A person's answers (row id, value); an earlier answer about the same row is kept and no longer counts."""
        if answers:
            rows = [{"question": question, "row_id": row_id, "value": value, "at": at} for row_id, value in answers]
            self._run(insert(self._t("labels")), rows)

    def labels(self, question: str) -> dict[str, str]:
        """The answer that counts for each row, in the order of the newest answers."""
        table = self._t("labels")
        found: dict[str, str] = {}
        for row in self._all(select(table.c.row_id, table.c.value).where(table.c.question == question).order_by(table.c.id)):
            found.pop(row.row_id, None)
            found[row.row_id] = row.value
        return found

    def label_questions(self) -> dict[str, tuple[str, ...]]:
        """Question -> every value it was ever answered with, both sorted."""
        table = self._t("labels")
        found: dict[str, list[str]] = {}
        for row in self._all(select(table.c.question, table.c.value).distinct().order_by(table.c.question, table.c.value)):
            found.setdefault(row.question, []).append(row.value)
        return {question: tuple(values) for question, values in found.items()}

    def erase_labels(self, rows: Sequence[str]) -> int:
        """Remove every answer about these rows; returns how many went."""
        table = self._t("labels")
        return sum(self._run(delete(table).where(table.c.row_id.in_(rows[start : start + 500]))) for start in range(0, len(rows), 500))

    # jobs, tokens, merges ------------------------------------------------------------------------------------------

    def add_job(self, job: dict[str, Any]) -> None:
        """A long action to be run in a child process."""
        self._run(insert(self._t("jobs")).values(**job))

    def update_job(self, job: str, **values: Any) -> None:
        """Progress, status, report or error of a job."""
        table = self._t("jobs")
        self._run(update(table).where(table.c.id == job).values(**values))

    def jobs(self, job: str | None = None) -> list[dict[str, Any]]:
        """Jobs, newest first; one when an id is given."""
        table = self._t("jobs")
        statement = select(table).order_by(table.c.created_at.desc(), table.c.id)
        if job is not None:
            statement = statement.where(table.c.id == job)
        return [dict(row._mapping) for row in self._all(statement)]

    def add_token(self, digest: str, name: str, at: int) -> None:
        """An access token, by its SHA-256."""
        self._run(insert(self._t("tokens")).values(hash=digest, name=name, created_at=at))

    def has_token(self, digest: str) -> bool:
        """Whether a token with this SHA-256 was given out."""
        table = self._t("tokens")
        return bool(self._all(select(func.count()).select_from(table).where(table.c.hash == digest))[0][0])

    def merges(self) -> list[tuple[int, int]]:
        """(alias code, code of the person at the end of its chain): identities merged, applied on read."""
        found: list[Any] = list(self._all(select(_MERGES.c.alias, _MERGES.c.actor).order_by(_MERGES.c.alias)))
        return [(int(row[0]), int(row[1])) for row in found]

    def merges_mark(self) -> list[int]:
        """Four numbers that change whenever the merged identities do."""
        alias, actor = _MERGES.c.alias, _MERGES.c.actor
        mixed = func.sum(((alias + 1) * 7919 + actor) % 1_000_003 * (alias % 1009 + 1))
        (found,) = self._all(select(func.count(alias), func.sum(alias), func.sum(actor), mixed))
        return [int(one or 0) for one in found]

    def identities(self) -> list[dict[str, Any]]:
        """Every statement that two ids are one person, oldest first."""
        table = self._t("identities")
        return [dict(row._mapping) for row in self._all(select(table).order_by(table.c.id))]

    def said_identities(self, aliases: Sequence[int]) -> set[tuple[int, int]]:
        """The (alias, actor) that were said of these aliases, also those that were taken back."""
        table = self._t("identities")
        found: set[tuple[int, int]] = set()
        for start in range(0, len(aliases), 500):
            rows: list[Any] = list(self._all(select(table.c.alias, table.c.actor).where(table.c.alias.in_(aliases[start : start + 500]))))
            found |= {(int(row[0]), int(row[1])) for row in rows}
        return found

    def add_identities(self, found: Iterable[tuple[int, int, int, str]], import_id: int) -> tuple[int, int]:
        """Keep (alias, actor, time, source) that nobody said before: (how many, how many of them are set aside). One that was taken back stays so."""
        table = self._t("identities")
        with self._writing() as connection:
            rows = connection.execute(select(table.c.id, table.c.alias, table.c.actor, table.c.at, table.c.undone_at)).fetchall()
            known = {(row.alias, row.actor): row for row in rows}
            pairs = {(int(alias), int(actor)): (int(at), source) for alias, actor, at, source in found}
            new: list[dict[str, Any]] = [
                {"alias": alias, "actor": actor, "at": at, "source": source, "import_id": import_id, "status": "counts"}
                for (alias, actor), (at, source) in pairs.items()
                if (alias, actor) not in known
            ]
            for pair, (at, _) in pairs.items():
                if pair in known and at < known[pair].at:  # history was filled in
                    connection.execute(update(table).where(table.c.id == known[pair].id).values(at=at))
            if new:
                connection.execute(insert(table), new)
            verdicts = self._follow(connection)
        aside = sum(verdicts[row["alias"], row["actor"]] != "counts" for row in new)
        return len(new), aside

    def drop_identities(self, import_id: int) -> int:
        """Forget what an import said about identities; returns how many statements went."""
        table = self._t("identities")
        with self._writing() as connection:
            gone = connection.execute(delete(table).where(table.c.import_id == import_id)).rowcount
            if gone:
                self._follow(connection)
        return int(gone)

    def reverse_identity(self, number: int, at: int) -> None:
        """Take one statement back; it stays in the list."""
        table = self._t("identities")
        with self._writing() as connection:
            connection.execute(update(table).where(table.c.id == number).values(undone_at=at))
            self._follow(connection)

    def erase_identities(self, codes: Sequence[int]) -> int:
        """Forget every statement about these codes; returns how many went."""
        table = self._t("identities")
        with self._writing() as connection:
            gone = connection.execute(delete(table).where(table.c.alias.in_(codes) | table.c.actor.in_(codes))).rowcount
            self._follow(connection)
        return int(gone)

    def _follow(self, connection: Connection) -> dict[tuple[int, int], str]:
        """Write what follows from the statements to `merges`; what became of each pair."""
        table, merges = self._t("identities"), self._t("merges")
        rows = connection.execute(select(table).where(table.c.undone_at.is_(None)).order_by(table.c.at, table.c.id)).fetchall()
        resolved, verdicts = resolve((row.alias, row.actor) for row in rows)
        for row, verdict in zip(rows, verdicts, strict=True):
            if row.status != verdict:
                connection.execute(update(table).where(table.c.id == row.id).values(status=verdict))
        before = {row.alias: row.actor for row in connection.execute(select(merges.c.alias, merges.c.actor))}
        changed = [alias for alias, actor in before.items() if resolved.get(alias) != actor]
        for start in range(0, len(changed), 500):
            connection.execute(delete(merges).where(merges.c.alias.in_(changed[start : start + 500])))
        new = [{"alias": alias, "actor": actor, "at": 0} for alias, actor in resolved.items() if before.get(alias) != actor]
        if new:
            connection.execute(insert(merges), new)
        return {(row.alias, row.actor): verdict for row, verdict in zip(rows, verdicts, strict=True)}

    def erase_subject(self, ids: set[str]) -> int:
        """Remove predictions and inbox rows of a person; returns how many rows went."""
        predictions, inbox = self._t("predictions"), self._t("inbox")
        gone = 0
        for subject in ids:
            gone += self._run(delete(predictions).where(predictions.c.subject == subject))
        waiting = [row["id"] for row in self.inbox() if ids & set(map(str, json.loads(row["payload"]).values()))]
        for key in waiting:
            gone += self._run(delete(inbox).where(inbox.c.id == key))
        return gone

    def forget_reports(self) -> None:
        """Drop all kept reports: after an erase their quotes and figures no longer stand on existing rows."""
        self._run(delete(self._t("reports")))

    def mark_not_reproducible(self) -> None:
        """Cards stood on rows that were erased: say so in each."""
        table = self._t("releases")
        for row in self.releases():
            card = json.loads(row["card"]) | {"reproducible": False}
            self._run(update(table).where(table.c.id == row["id"]).values(card=json.dumps(card, ensure_ascii=False)))

    def named_versions(self) -> dict[str, set[int]]:
        """Table versions that a Card or a kept report names."""
        named: dict[str, set[int]] = {}
        for versions in (
            *(json.loads(row["versions"]) for row in self.reports()),
            *(json.loads(row["card"])["versions"] for row in self.releases()),
        ):
            for name, version in versions.items():
                named.setdefault(name, set()).add(int(version))
        return named

    def cut_log(self) -> None:
        """Empty the write-ahead log into the database (SQLite only): with secure_delete, deleted rows then stand in no file."""
        if self.engine.dialect.name == "sqlite":
            with self.engine.connect() as connection:
                connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))

    def backup_to(self, path: Path) -> None:
        """A consistent copy of the database while others may write (SQLite only)."""
        with self.engine.connect() as connection:
            connection.execute(text("VACUUM INTO :path"), {"path": str(path)})


def _sqlite_pragmas(connection: Any, _record: Any) -> None:
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}")
    _write_ahead(cursor)
    for pragma in ("synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _write_ahead(cursor: Any) -> None:
    """WAL mode. Two that turn a new file to WAL at once hold each other up: SQLite fails one of them at once, without its busy timeout
    (https://www.sqlite.org/c3ref/busy_handler.html, on deadlocks), so the waiting is done here.
    """
    end = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > end:
                raise
            time.sleep(0.02)


def _unopened(path: str, error: DBAPIError) -> WorkspaceProblem:
    """A damaged file needs a backup; a full disk, missing rights or another program only need time or room."""
    damaged = any(sign in str(error.orig) for sign in ("not a database", "malformed", "no such"))
    return WorkspaceProblem(wording.STATE_UNREADABLE if damaged else wording.STATE_UNREACHABLE, path=path, reason=_reason(error))


def _reason(error: DBAPIError) -> Text | str:
    message = str(error.orig)
    return next((text for sign, text in wording.DATABASE_REASONS.items() if sign in message), message)
