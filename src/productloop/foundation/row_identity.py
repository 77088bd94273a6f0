"""The identity of a row whose source gives it no id of its own, or of the id it gives: a keyed hash that tells nothing to anybody else.

SHA-256 of the workspace's key and the row, cut to 96 of its 256 bits: with a secret prefix the cut is what keeps a longer row from being
computed from a shorter one (length extension needs the whole state; SHA-512/256 of FIPS 180-4 does the same). It costs half of an HMAC, and
ten million rows have to be hashed in one import. Workspaces made before have a key of 32 bytes and stay with HMAC-SHA256 (RFC 2104).
"""

from __future__ import annotations

import hashlib
import hmac
import secrets

OLD_KEY_BYTES = 32
NUM_DIGITS = 24
SEPARATOR, ABSENT = "\x1f", "\x1e"
"""Between the cells of a row, and in place of an empty one."""


def new_key() -> bytes:
    """A key of 36 random bytes, as 48 letters that may stand in SQL."""
    return secrets.token_urlsafe(36).encode()


def identity_sql(key: bytes, text: str) -> str:
    """DuckDB SQL of the identity of what the expression `text` holds."""
    if len(key) != OLD_KEY_BYTES:
        return f"substr(sha256('{key.decode()}' || {text}), 1, {NUM_DIGITS})"
    block = key.ljust(64, b"\0")
    inner, outer = bytes(b ^ 0x36 for b in block).hex(), bytes(b ^ 0x5C for b in block).hex()
    return f"substr(sha256(unhex('{outer}') || unhex(sha256(unhex('{inner}') || encode({text})))), 1, {NUM_DIGITS})"


def identity_of(key: bytes, text: str) -> str:
    """The same of one text."""
    data = text.encode()
    if len(key) != OLD_KEY_BYTES:
        return hashlib.sha256(key + data).hexdigest()[:NUM_DIGITS]
    return hmac.new(key, data, hashlib.sha256).hexdigest()[:NUM_DIGITS]


def own_id_text(table: str, own: str) -> str:
    """What is hashed of a row that has an id of its own, whether it came in a file or over HTTP."""
    return SEPARATOR.join((f"{table}|id|", own))
