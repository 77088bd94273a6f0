"""Inputs of the risk models: columns known before each moment, and one row given by a caller of the API."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from productloop.loop.features import describe, encode, encode_row, raw_columns, row_columns
from productloop.loop.records import Keys, Signature
from productloop.loop.store import Store

SAME_AGE = 0.75
MIN_ROWS = 30


def inputs_at(left_out: tuple[str, ...], dated: bool, store: Store, keys: Keys, signature: Signature | None) -> tuple[Any, Signature]:
    """Encoded columns known before each key's moment; without dates everything that is known."""
    if not dated:
        keys = Keys(keys.code, np.zeros(len(keys), dtype=np.int64), keys.ids)
    raw = raw_columns(store, keys, leave_out=left_out, trained=signature)
    used = describe(raw) if signature is None else signature
    return encode(raw, used, len(keys)), used


def inputs_along(left_out: tuple[str, ...], duration: str, store: Store, keys: Keys, signature: Signature | None) -> tuple[Any, Signature]:
    """As `inputs_at` without dates, for a model along the column `duration`: columns that only grow with it (the sum of all bills) are left out,
    since they say how long somebody has been here and not how long they will stay.
    """
    keys = Keys(keys.code, np.zeros(len(keys), dtype=np.int64), keys.ids)
    raw = raw_columns(store, keys, leave_out=left_out, trained=signature)
    if signature is None:
        grown = grow_along(raw, duration)
        raw = {name: values for name, values in raw.items() if name not in grown}
    used = describe(raw) if signature is None else signature
    return encode(raw, used, len(keys)), used


def grow_along(raw: Mapping[str, NDArray[Any]], duration: str) -> tuple[str, ...]:
    """Number columns whose rank correlation (Spearman 1904) with the duration is SAME_AGE and more."""
    length = raw.get(duration)
    if length is None or length.dtype == object:
        return ()
    found = []
    for name, values in sorted(raw.items()):
        if name == duration or values.dtype == object:
            continue
        both = np.isfinite(values) & np.isfinite(length)
        if both.sum() >= MIN_ROWS and spearman(values[both], length[both]) >= SAME_AGE:
            found.append(name)
    return tuple(found)


def spearman(first: NDArray[np.float64], second: NDArray[np.float64]) -> float:
    """Rank correlation; 0 where one of them is constant."""
    ranks = []
    for values in (first, second):
        _, place, sizes = np.unique(values, return_inverse=True, return_counts=True)
        middle = np.cumsum(sizes) - (sizes - 1) / 2
        ranks.append(middle[place] - middle[place].mean())
    spread = float(np.sqrt((ranks[0] ** 2).sum() * (ranks[1] ** 2).sum()))
    return float(ranks[0] @ ranks[1]) / spread if spread > 0 else 0.0


def row_input(store: Store, row: Mapping[str, Any], signature: Signature) -> Any:
    """Inputs of one row given by a caller; with a known `subject` its stored columns fill what was not given."""
    if "subject" not in row:
        return encode_row(row, signature)
    raw = row_columns(row, signature)
    found = store.rows("SELECT code FROM actor_codes WHERE id = ? LIMIT 1", [str(row["subject"])])
    if found:
        keys = Keys(np.array([found[0][0]], dtype=np.int32), np.zeros(1, dtype=np.int64), np.array([row["subject"]], dtype=object))
        raw = {**raw_columns(store, keys, trained=signature), **raw}
    return encode(raw, signature, 1)
