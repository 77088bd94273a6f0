"""A list leaves the house: as a file that opens in a CRM or WeCom, or posted to an address. Only lists of started campaigns do.

The file is UTF-8 with a byte order mark (RFC 3629; what Excel and WeCom's import need to read Chinese), comma separated (RFC 4180), texts that a spreadsheet
would run as a formula are escaped. It lies in the workspace's folder `lists`, whatever asks for it, so that nobody can have a file written elsewhere.
What is posted holds the source's own ids and the action, never what people wrote, paid or are called. Only http(s); without encryption only to
this machine; redirects are not followed; three tries; each part carries a key by which the receiver can tell a repeat.
"""

from __future__ import annotations

import csv
import hashlib
import ipaddress
import json
import re
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from productloop.apps.risk import prevent_wording as wording
from productloop.foundation.errors import ProviderUnreachable, UsageError, WorkspaceProblem, check_target, excerpt, reason_of
from productloop.foundation.wording import Text
from productloop.loop.upkeep import escape_formula

FOLDER = "lists"
NUM_TRIES, FIRST_WAIT_SECONDS, TIMEOUT_SECONDS = 3, 0.5, 10.0
PART_LINES = 500
_FILE = re.compile(r"[\w\-. ()（）]{1,100}\.csv", re.IGNORECASE)


def list_path(root: Path, name: str) -> Path:
    """Where a list of that name lies. Raises UsageError for anything but a plain file name that ends in .csv."""
    plain = name.replace("\\", "/").removeprefix("./").removeprefix(f"{FOLDER}/")
    if not _FILE.fullmatch(plain) or plain.startswith("."):
        raise UsageError(wording.FILE_NAME, name=excerpt(name))
    return root / FOLDER / plain


def write_list(path: Path, header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Write the file, whole or not at all."""
    partial = path.with_name(path.name + ".partial")
    try:
        path.parent.mkdir(exist_ok=True)
        ignore = path.parent / ".gitignore"
        if not ignore.exists():
            ignore.write_text("*\n", encoding="utf-8")  # lists name people: they belong in no repository
        check_target(path)
        with partial.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(header)
            writer.writerows([[escape_formula(cell) for cell in row] for row in rows])
        partial.replace(path)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise WorkspaceProblem(wording.LIST_UNWRITABLE, path=path.name, reason=reason_of(error)) from error


def check_address(address: str) -> str:
    """The host of an address that may be posted to. Raises UsageError for any other."""
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise UsageError(wording.ADDRESS_UNUSABLE, address=excerpt(address)) from error
    safe = parts.scheme == "https" or (parts.scheme == "http" and _is_here(host))
    if not safe or not host or parts.username is not None or parts.password is not None:
        raise UsageError(wording.ADDRESS_UNUSABLE, address=f"{parts.scheme}://{host}")
    return host if port is None else f"{host}:{port}"


def _is_here(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def post_list(
    address: str, campaign: str, lines: Sequence[dict[str, Any]], frame: dict[str, Any], first_wait: float = FIRST_WAIT_SECONDS
) -> int:
    """Post the lines in parts; returns how many arrived. Raises ProviderUnreachable with how many arrived before."""
    host = check_address(address)
    parts = [lines[start : start + PART_LINES] for start in range(0, len(lines), PART_LINES)]
    sent = 0
    for number, part in enumerate(parts, 1):
        body = json.dumps({**frame, "campaign": campaign, "part": number, "parts": len(parts), "lines": part}, ensure_ascii=False).encode()
        reason = _post(address, body, hashlib.sha256(body).hexdigest()[:32], first_wait)
        if reason is not None:
            raise ProviderUnreachable(wording.NOT_SENT, host=host, reason=reason, sent=sent, total=len(lines), campaign=campaign)
        sent += len(part)
    return sent


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A list goes where the person said, nowhere else."""

    def redirect_request(self, *_: Any) -> None:
        return None


def _post(address: str, body: bytes, key: str, first_wait: float) -> Text | str | None:
    """Why it did not arrive, or None when it did. Only what may pass by itself is tried again: no answer, 429 and 5xx."""
    proxies: dict[str, str] | None = {} if _is_here(urlsplit(address).hostname or "") else None
    opener = urllib.request.build_opener(_NoRedirect, urllib.request.ProxyHandler(proxies))
    headers = {"Content-Type": "application/json; charset=utf-8", "User-Agent": "productloop", "Idempotency-Key": key}
    request = urllib.request.Request(address, data=body, headers=headers, method="POST")  # noqa: S310 (check_address allows http(s) only)
    reason: Text | str = ""
    for attempt in range(NUM_TRIES):
        if attempt:
            time.sleep(first_wait * 2 ** (attempt - 1))
        try:
            with opener.open(request, timeout=TIMEOUT_SECONDS):
                return None
        except urllib.error.HTTPError as error:
            reason = f"HTTP {error.code}"
            error.close()
            if error.code != 429 and error.code < 500:
                return reason
        except (OSError, ValueError) as error:
            cause = error.reason if isinstance(error, urllib.error.URLError) else error
            reason = reason_of(cause) if isinstance(cause, OSError) and cause.errno else excerpt(cause, 80)
    return reason
