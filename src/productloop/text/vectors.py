"""Vectors kept on disk by (text, encoder): a text is encoded once, ever, because encoding is nearly all the cost of finding topics.

What a model says of a text is kept the same way, by (text, model), with the full precision of its numbers. One folder per encoder
or model, so that rows of two can never meet; inside it, segments that are only ever added. A segment is one `.npy` file (no pickle)
named by its own content, written beside its place and moved there, so a reader sees all of it or nothing, and two processes that
write the same texts write the same file. The folder may be deleted at any time, also while it is used.
"""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Sequence
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

KEY_BYTES = 16
"""128 bits of BLAKE2b of the text: a collision among 10^9 texts has a chance below 10^-20."""


def text_key(text: str) -> bytes:
    """Key of a text, 16 bytes; the text itself is not stored."""
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=KEY_BYTES).digest()


class VectorCache:
    """Rows of numbers by text under `folder`, safe for several processes and threads.

    Half `precision` on disk is enough for vectors (1 KB for 512 dimensions); whatever must come back as it was put needs its own.
    """

    def __init__(self, folder: Path, precision: type[np.floating[Any]] = np.float16) -> None:
        self.folder, self._precision = Path(folder), np.dtype(precision)
        self._type = np.dtype(np.float32) if self._precision.itemsize < 4 else self._precision
        self._lock = threading.Lock()
        self._places: dict[str, dict[bytes, tuple[Path, int]]] = {}
        self._known: dict[str, set[str]] = {}

    def get(self, texts: Sequence[str], encoder_id: str) -> tuple[NDArray[Any], NDArray[np.bool_]]:
        """(vectors (n, d), at least 32 bits a number, found (n,)): rows that are not found are zero; d is 0 while nothing at all is stored for the encoder."""
        keys = [text_key(text) for text in texts]
        with self._lock:
            self._refresh(encoder_id)
            places = self._places[encoder_id]
            wanted: dict[Path, list[tuple[int, int]]] = {}
            for row, key in enumerate(keys):
                if (place := places.get(key)) is not None:
                    wanted.setdefault(place[0], []).append((row, place[1]))
            vectors = np.zeros((len(keys), 0), dtype=self._type)
            found = np.zeros(len(keys), dtype=np.bool_)
            for path, pairs in wanted.items():
                stored = self._read_segment(path)
                if stored is None:  # deleted or cut short since it was listed
                    self._forget(encoder_id, path)
                    continue
                if vectors.shape[1] == 0:
                    vectors = np.zeros((len(keys), stored["vector"].shape[1]), dtype=self._type)
                rows, positions = np.array(pairs).T
                vectors[rows] = stored["vector"][positions]
                found[rows] = True
            return vectors, found

    def put(self, texts: Sequence[str], vectors: NDArray[Any], encoder_id: str) -> None:
        """Store vectors (n, d) of `texts` (n,); texts already there are skipped."""
        with self._lock:
            self._refresh(encoder_id)
            places = self._places[encoder_id]
            new = {key: row for row, text in enumerate(texts) if (key := text_key(text)) not in places}
            if not new:
                return
            segment = np.zeros(len(new), dtype=self._segment_type(vectors.shape[1]))
            segment["key"] = np.frombuffer(b"".join(new), dtype=np.uint8).reshape(len(new), KEY_BYTES)
            segment["vector"] = vectors[list(new.values())]
            path = _write_segment(self._encoder_folder(encoder_id), segment)
            self._known[encoder_id].add(path.name)
            places.update({key: (path, position) for position, key in enumerate(new)})

    def clear(self) -> None:
        """Delete every stored vector; the next `get` finds nothing."""
        with self._lock:
            for path in self.folder.glob("*/*.npy"):
                path.unlink(missing_ok=True)
            self._places.clear()
            self._known.clear()

    def _encoder_folder(self, encoder_id: str) -> Path:
        readable = re.sub(r"[^A-Za-z0-9]+", "-", encoder_id).strip("-")[:40]
        return self.folder / f"{readable}-{blake2b(encoder_id.encode(), digest_size=6).hexdigest()}"

    def _refresh(self, encoder_id: str) -> None:
        """Take in segments that other processes added, forget those that are gone."""
        places = self._places.setdefault(encoder_id, {})
        known = self._known.setdefault(encoder_id, set())
        present = {path.name: path for path in sorted(self._encoder_folder(encoder_id).glob("*.npy"))}
        if not known <= present.keys():
            places.clear()
            known.clear()
        for name, path in present.items():
            if name in known:
                continue
            known.add(name)
            segment = self._read_segment(path)
            if segment is not None:
                places.update({key.tobytes(): (path, position) for position, key in enumerate(segment["key"])})

    def _forget(self, encoder_id: str, path: Path) -> None:
        places = self._places[encoder_id]
        self._places[encoder_id] = {key: place for key, place in places.items() if place[0] != path}

    def _segment_type(self, dimension: int) -> np.dtype[np.void]:
        return np.dtype([("key", np.uint8, (KEY_BYTES,)), ("vector", self._precision, (dimension,))])

    def _read_segment(self, path: Path) -> NDArray[np.void] | None:
        """The segment, or None where it is gone or damaged (a cache is remade, not repaired)."""
        try:
            segment: NDArray[np.void] = np.load(path, allow_pickle=False)
        except (OSError, ValueError, EOFError):
            return None
        names, fields = segment.dtype.names, segment.dtype.fields
        return segment if names == ("key", "vector") and fields is not None and fields["vector"][0].base == self._precision else None


def _write_segment(folder: Path, segment: NDArray[np.void]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    name = blake2b(segment.tobytes(), digest_size=16).hexdigest()
    path, draft = folder / f"{name}.npy", folder / f"{name}.{os.getpid()}.{threading.get_ident()}.draft"
    with draft.open("wb") as file:
        np.save(file, segment, allow_pickle=False)
    try:
        draft.replace(path)
    except PermissionError:
        # Windows: another process holds the same file open; its content is the same by its name
        draft.unlink(missing_ok=True)
        if not path.exists():
            raise
    return path
