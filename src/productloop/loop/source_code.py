"""Which code answers: a fingerprint of the package's own files, so that reports kept by other code are made anew.

The version alone does not say it: an editable install changes without one, and a wheel may be built twice under the same. The contents count, not
the times of the files, so that the same code has the same fingerprint on every machine. Doors and drawings are left out: they change no answer.
"""

from __future__ import annotations

import functools
import hashlib
from pathlib import Path

import productloop

READ = (".py", ".json", ".csv", ".txt", ".npz")
LEFT_OUT = "interfaces"


@functools.cache
def own_fingerprint() -> str:
    """The fingerprint of this process's code, computed once: about 30 ms of CPU."""
    return fingerprint(Path(productloop.__file__).parent)


def fingerprint(package: Path) -> str:
    """sha256 of the names and contents of all code and data files in a package folder; of the version alone where there are no files (a zip)."""
    found = hashlib.sha256(productloop.__version__.encode())
    files = [path for path in package.rglob("*") if path.suffix in READ and path.relative_to(package).parts[0] != LEFT_OUT]
    for name, path in sorted((path.relative_to(package).as_posix(), path) for path in files):
        content = path.read_bytes()
        found.update(f"\0{name}\0{len(content)}\0".encode())
        found.update(content)
    return found.hexdigest()
