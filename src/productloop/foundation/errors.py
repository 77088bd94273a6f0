"""Errors as a service: what happened (with the value), what was expected, what to do next, in Chinese and English.

ProductloopError
├── UsageError            exit 2, HTTP 400   the request or the settings are wrong
├── DataProblem           exit 3, HTTP 422   the data cannot be used as it is
│   └── MissingData       exit 3, HTTP 409   a table or result that the action needs is not there; says which command makes it
├── GateFailed            exit 1, HTTP 409   a gate said no
├── WorkspaceProblem      exit 3, HTTP 500   the workspace cannot be read or written (rights, full disk, locked)
├── ProviderUnreachable   exit 4, HTTP 502   a language model could not be reached or did not answer as asked
├── NotInstalled          exit 2, HTTP 501   an optional part is missing; names the extra
└── Cancelled             exit 130, HTTP 499 the person interrupted; nothing half-written

An error carries a `Problem` (its code and sentences) and parameters; it is rendered at the edge, in the reader's language:

    raise DataProblem(EMPTY_FILE, path="x.csv")
"""

from __future__ import annotations

import errno
import os
import re
import sys
from dataclasses import dataclass
from pathlib import Path

from productloop.foundation.system_wording import REASONS
from productloop.foundation.wording import Language, Text


@dataclass(frozen=True, slots=True)
class Problem:
    """The sentences of one kind of error. `code` is stable and searchable, e.g. "file_empty"."""

    code: str
    happened: Text
    expected: Text
    fix: Text


class ProductloopError(Exception):
    """Root of all errors meant for people."""

    exit_code = 1
    http_status = 500

    def __init__(self, problem: Problem, **parameters: object) -> None:
        super().__init__(problem.code)
        self.problem = problem
        self.parameters = parameters

    @property
    def code(self) -> str:
        """Stable name of the problem."""
        return self.problem.code

    def render(self, language: Language) -> tuple[str, str, str]:
        """(happened, expected, fix) in `language`."""
        texts = (self.problem.happened, self.problem.expected, self.problem.fix)
        happened, expected, fix = (text.render(language, **self.parameters) for text in texts)
        return happened, expected, fix

    def __str__(self) -> str:
        return f"[{self.code}] " + " ".join(self.render("en"))


class UsageError(ProductloopError):
    """The request or the settings are wrong."""

    exit_code = 2
    http_status = 400


class DataProblem(ProductloopError):
    """The data cannot be used as it is."""

    exit_code = 3
    http_status = 422


class MissingData(DataProblem):
    """A table or result that the action needs is not there."""

    http_status = 409


class GateFailed(ProductloopError):
    """A gate said no."""

    exit_code = 1
    http_status = 409


class WorkspaceProblem(ProductloopError):
    """The workspace cannot be read or written."""

    exit_code = 3
    http_status = 500


class ProviderUnreachable(ProductloopError):
    """A language model could not be reached or did not answer as asked."""

    exit_code = 4
    http_status = 502


class NotInstalled(ProductloopError):
    """An optional part is missing."""

    exit_code = 2
    http_status = 501


class Cancelled(Exception):
    """The person interrupted; raised only from `progress`."""

    exit_code = 130
    http_status = 499


def reason_of(error: OSError) -> Text:
    """Why the system refused, in both languages; what is not in the table in the system's own words."""
    known = REASONS.get(error.errno or 0)
    if known is not None:
        return known
    own = os.strerror(error.errno) if error.errno else excerpt(error, 160)
    return Text(own, own)


def reason_in(text: str) -> Text | str:
    """The reason inside another library's message that ends in "(os error 28)"; the message itself where it names none."""
    found = re.search(r"\(os error (\d+)\)", text)
    if found is None or sys.platform == "win32":  # Windows has numbers of its own
        return excerpt(text, 200)
    return reason_of(OSError(int(found.group(1)), ""))


def shown_path(path: Path | str) -> str:
    """A path as text that can be stored and sent: bytes of a name that are no UTF-8 become the sign for an unknown character."""
    text = Path(path).as_posix()
    try:
        return os.fsencode(text).decode("utf-8", errors="replace")
    except UnicodeEncodeError:  # half a character in a name on Windows
        return text.encode("utf-8", errors="replace").decode("utf-8")


def check_target(path: Path) -> None:
    """Raise IsADirectoryError unless `path` is free or a file: a device must never be replaced by one."""
    if path.exists() and not path.is_file():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))


def excerpt(value: object, limit: int = 40) -> str:
    """At most `limit` characters of a value for an error; the caller masks personal data first."""
    text = str(value).replace("\n", " ")
    return text if len(text) <= limit else text[: limit - 1] + "…"
