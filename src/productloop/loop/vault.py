"""The vault: the only place where contact details stay readable, encrypted, and every look at them is written down first.

`vault.db` (SQLite) maps a pseudonym to its contact detail, encrypted with Fernet (AES-128-CBC and HMAC-SHA256, see the specification at
github.com/fernet/spec). The key lies beside it in `vault.key` or comes from the environment; without it the details are lost by design.
The files are readable by their owner only where the system knows such rights. SQLite overwrites what is deleted (`secure_delete`).
The audit is kept when details are erased: it holds pseudonyms, reasons and times, never a detail.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import sqlalchemy as sql
from cryptography.fernet import Fernet, InvalidToken
from sqlalchemy.dialects.sqlite import insert

from productloop.foundation.errors import UsageError, WorkspaceProblem
from productloop.loop.vault_wording import (
    REVEAL_WITHOUT_REASON,
    VAULT_KEY_LOST,
    VAULT_KEY_MALFORMED,
    VAULT_KEY_WRONG,
    VAULT_UNREADABLE,
)

_METADATA = sql.MetaData()
_CONTACTS = sql.Table(
    "contacts",
    _METADATA,
    sql.Column("pseudonym", sql.Text, primary_key=True),
    sql.Column("kind", sql.Text, nullable=False),
    sql.Column("encrypted", sql.LargeBinary, nullable=False),
)
# One person may come with several imports: a detail goes when the last of them goes.
_SEEN = sql.Table(
    "contact_imports",
    _METADATA,
    sql.Column("pseudonym", sql.Text, sql.ForeignKey("contacts.pseudonym", ondelete="CASCADE"), primary_key=True),
    sql.Column("import_id", sql.Text, primary_key=True, index=True),
)
_AUDIT = sql.Table(
    "audit",
    _METADATA,
    sql.Column("id", sql.Integer, primary_key=True, autoincrement=True),
    sql.Column("at_us", sql.BigInteger, nullable=False),
    sql.Column("reason", sql.Text, nullable=False),
    sql.Column("pseudonyms", sql.Text, nullable=False),
    sqlite_autoincrement=True,
)
_PROOF = sql.Table("proof", _METADATA, sql.Column("encrypted", sql.LargeBinary, nullable=False))
_PROOF_WORDS = b"productloop vault 1"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_CHUNK = 500  # SQLite allows 999 parameters in a statement on old builds


class Contact(NamedTuple):
    """One contact detail: its kind ("email", "phone", "openid" ...) and its value as it was stored."""

    kind: str
    value: str


class AuditRow(NamedTuple):
    """One look into the vault: when, why, at whom."""

    at: datetime
    reason: str
    pseudonyms: tuple[str, ...]


class Vault:
    """Pseudonym -> encrypted contact detail in one SQLite file. `Vault.open(folder, key)` or, for `vault = false`, `Vault.none()`."""

    def __init__(self, engine: sql.Engine | None, cipher: Fernet | None, path: Path | None) -> None:
        self._engine, self._cipher, self._path = engine, cipher, path

    @classmethod
    def none(cls) -> Vault:
        """A vault that keeps nothing and reveals nothing."""
        return cls(None, None, None)

    @classmethod
    def open(cls, folder: Path, key: str | None = None) -> Vault:
        """Open or make `vault.db` in an existing folder. `key` (44 characters) comes from the environment and wins over `vault.key`.

        Raises WorkspaceProblem when the key is lost, wrong or no key, or the file cannot be used.
        """
        path, key_path = folder / "vault.db", folder / "vault.key"
        try:
            cipher = _cipher(path, key_path, key)
            if not path.exists():
                _create_private(path, b"")
        except OSError as problem:
            raise WorkspaceProblem(VAULT_UNREADABLE, path=str(path), reason=problem.strerror or type(problem).__name__) from problem
        engine = sql.create_engine(sql.URL.create("sqlite", database=str(path)))
        sql.event.listen(engine, "connect", _set_pragmas)
        vault = cls(engine, cipher, path)
        try:
            vault._prove_key(key_path)
        except WorkspaceProblem:
            vault.close()
            raise
        return vault

    def close(self) -> None:
        """Let go of the file (Windows cannot delete it before)."""
        if self._engine is not None:
            self._engine.dispose()

    def put_many(self, rows: Iterable[tuple[str, str, str, str]]) -> int:
        """Store (pseudonym, kind, value, import_id) rows in one transaction; what is there already stays. Returns how many were new."""
        if self._engine is None or self._cipher is None:
            return 0
        wanted: dict[str, Contact] = {}
        seen: dict[tuple[str, str], None] = {}
        for pseudonym, kind, value, import_id in rows:
            wanted.setdefault(pseudonym, Contact(kind, value))
            seen[pseudonym, import_id] = None
        with self._begin() as connection:
            known = {pseudonym for pseudonym, _, _ in _rows_of(connection, list(wanted))}
            new = [
                {"pseudonym": pseudonym, "kind": contact.kind, "encrypted": self._cipher.encrypt(contact.value.encode())}
                for pseudonym, contact in wanted.items()
                if pseudonym not in known
            ]
            if new:
                connection.execute(insert(_CONTACTS).on_conflict_do_nothing(), new)
            if seen:
                pairs = [{"pseudonym": pseudonym, "import_id": import_id} for pseudonym, import_id in seen]
                connection.execute(insert(_SEEN).on_conflict_do_nothing(), pairs)
        return len(new)

    def reveal(self, pseudonyms: Iterable[str], reason: str, at: datetime) -> dict[str, Contact]:
        """The contact details behind pseudonyms; the look is in the audit before anything is decrypted. Unknown pseudonyms are left out.

        `at` carries its time zone. Raises UsageError without a reason.
        """
        asked = list(dict.fromkeys(pseudonyms))
        if not reason.strip():
            raise UsageError(REVEAL_WITHOUT_REASON)
        if at.tzinfo is None:
            raise ValueError("a time without its zone")
        if self._engine is None or self._cipher is None:
            return {}
        at_us = (at - _EPOCH) // timedelta(microseconds=1)
        with self._begin() as connection:
            connection.execute(_AUDIT.insert(), {"at_us": at_us, "reason": reason.strip(), "pseudonyms": json.dumps(asked)})
        with self._begin() as connection:
            rows = _rows_of(connection, asked)
        found = {pseudonym: Contact(kind, self._decrypt(encrypted)) for pseudonym, kind, encrypted in rows}
        return {pseudonym: found[pseudonym] for pseudonym in asked if pseudonym in found}

    def erase(self, pseudonyms: Iterable[str]) -> int:
        """Remove the details of these pseudonyms for good. Returns how many there were."""
        if self._engine is None:
            return 0
        asked, num_erased = list(dict.fromkeys(pseudonyms)), 0
        with self._begin() as connection:
            for start in range(0, len(asked), _CHUNK):
                chunk = asked[start : start + _CHUNK]
                num_erased += connection.execute(_CONTACTS.delete().where(_CONTACTS.c.pseudonym.in_(chunk))).rowcount
        return num_erased

    def erase_import(self, import_id: str) -> int:
        """Forget that an import gave details; those that no other import gave are removed. Returns how many were removed."""
        if self._engine is None:
            return 0
        with self._begin() as connection:
            connection.execute(_SEEN.delete().where(_SEEN.c.import_id == import_id))
            orphaned = ~sql.exists().where(_SEEN.c.pseudonym == _CONTACTS.c.pseudonym)
            return connection.execute(_CONTACTS.delete().where(orphaned)).rowcount

    def audit(self) -> list[AuditRow]:
        """Every look into the vault, oldest first."""
        if self._engine is None:
            return []
        with self._begin() as connection:
            rows = connection.execute(sql.select(_AUDIT).order_by(_AUDIT.c.id)).all()
        return [AuditRow(_EPOCH + timedelta(microseconds=row.at_us), row.reason, tuple(json.loads(row.pseudonyms))) for row in rows]

    @contextmanager
    def _begin(self) -> Iterator[sql.Connection]:
        assert self._engine is not None
        try:
            with self._engine.begin() as connection:
                yield connection
        except sql.exc.DBAPIError as problem:
            raise WorkspaceProblem(VAULT_UNREADABLE, path=str(self._path), reason=str(problem.orig)) from problem

    def _decrypt(self, encrypted: bytes) -> str:
        assert self._cipher is not None
        try:
            return self._cipher.decrypt(encrypted).decode()
        except InvalidToken as problem:
            raise WorkspaceProblem(VAULT_UNREADABLE, path=str(self._path), reason="InvalidToken") from problem

    def _prove_key(self, key_path: Path) -> None:
        """A new vault stores a known sentence under its key; later the key must open it."""
        assert self._cipher is not None
        with self._begin() as connection:
            _METADATA.create_all(connection)
            proof = connection.execute(sql.select(_PROOF.c.encrypted)).scalar()
            if proof is None:
                connection.execute(_PROOF.insert(), {"encrypted": self._cipher.encrypt(_PROOF_WORDS)})
                return
        try:
            self._cipher.decrypt(proof)
        except InvalidToken as problem:
            raise WorkspaceProblem(VAULT_KEY_WRONG, path=str(self._path), key_path=str(key_path)) from problem


def _cipher(path: Path, key_path: Path, key: str | None) -> Fernet:
    if key:
        return _as_cipher(key.strip().encode(), "PRODUCTLOOP_VAULT_KEY")
    if not key_path.exists():
        if path.exists() and path.stat().st_size:
            raise WorkspaceProblem(VAULT_KEY_LOST, path=str(path), key_path=str(key_path))
        _create_private(key_path, Fernet.generate_key() + b"\n")
    return _as_cipher(key_path.read_bytes().strip(), str(key_path))


def _as_cipher(key: bytes, source: str) -> Fernet:
    try:
        return Fernet(key)
    except ValueError as problem:
        raise WorkspaceProblem(VAULT_KEY_MALFORMED, source=source) from problem


def _create_private(path: Path, content: bytes) -> None:
    """A new file that only its owner may read; systems without such rights ignore the mode. Another process may have made it first."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
    except FileExistsError:
        return
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)


def _set_pragmas(connection: sql.engine.interfaces.DBAPIConnection, _record: object) -> None:
    cursor = connection.cursor()
    for pragma in ("secure_delete = ON", "foreign_keys = ON", "synchronous = FULL", "busy_timeout = 30000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _rows_of(connection: sql.Connection, pseudonyms: Sequence[str]) -> list[tuple[str, str, bytes]]:
    """(pseudonym, kind, encrypted) of those that are there."""
    query = sql.select(_CONTACTS.c.pseudonym, _CONTACTS.c.kind, _CONTACTS.c.encrypted)
    found: list[tuple[str, str, bytes]] = []
    for start in range(0, len(pseudonyms), _CHUNK):
        rows = connection.execute(query.where(_CONTACTS.c.pseudonym.in_(pseudonyms[start : start + _CHUNK])))
        found += [(row.pseudonym, row.kind, row.encrypted) for row in rows]
    return found
