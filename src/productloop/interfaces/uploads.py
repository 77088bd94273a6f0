"""Files that arrive through the browser: streamed into the inbox under a safe name, whole or not at all."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import AsyncIterator
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect

from productloop.foundation.errors import DataProblem, UsageError, WorkspaceProblem, excerpt
from productloop.interfaces import server_wording as wording
from productloop.loop.store import Store
from productloop.loop.wording import WORKSPACE_UNWRITABLE

_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*]')
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
"""Names that Windows gives to devices."""
MAX_NAME_BYTES = 200


def safe_name(name: str) -> str:
    """The name, if it is a plain file name on every system; UsageError otherwise."""
    bad = _FORBIDDEN.search(name) or _RESERVED.fullmatch(name) or name.startswith((".", "~$", " ")) or name.endswith((".", " "))
    if not name or bad or len(name.encode("utf-8", "replace")) > MAX_NAME_BYTES:
        raise UsageError(wording.FILE_NAME, name=excerpt(name))
    return name


def free_place(folder: Path, name: str) -> Path:
    """A path in the folder that no file has yet: "reviews.csv", then "reviews-2.csv"."""
    stem, dot, ending = name.partition(".")
    place, number = folder / name, 2
    while place.exists():
        place, number = folder / f"{stem}-{number}{dot}{ending}", number + 1
    return place


async def receive(store: Store, name: str, chunks: AsyncIterator[bytes]) -> str:
    """Write the chunks as a file of the inbox; returns the name it got. Half a file is never left behind."""
    name = safe_name(name)
    partial = store.inbox / f".{secrets.token_hex(8)}.partial"
    try:
        store.inbox.mkdir(exist_ok=True)
        with partial.open("wb") as file:
            async for chunk in chunks:
                await run_in_threadpool(file.write, chunk)
        place = free_place(store.inbox, name)
        partial.replace(place)
    except ClientDisconnect as error:
        raise DataProblem(wording.FILE_CUT, name=excerpt(name)) from error
    except OSError as error:
        raise WorkspaceProblem(WORKSPACE_UNWRITABLE, path=str(store.inbox), reason=os.strerror(error.errno or 0)) from error
    finally:
        partial.unlink(missing_ok=True)
    return place.name


def waiting(store: Store) -> list[tuple[str, str]]:
    """(name, size) of the files of the inbox that no import has the name of."""
    names = {str(row["source"]).replace("\\", "/").rpartition("/")[2] for row in store.state.imports("done")}
    files = sorted(store.inbox.iterdir()) if store.inbox.is_dir() else []
    shown = [file for file in files if file.is_file() and not file.name.startswith((".", "~$")) and file.name not in names]
    return [(file.name, _size(file.stat().st_size)) for file in shown]


def _size(num_bytes: int) -> str:
    return f"{num_bytes / 1e6:,.1f} MB" if num_bytes >= 1e6 else f"{max(1, num_bytes / 1e3):.0f} kB"
