"""What actors did, as arrays: the inputs of every next-item model.

`History` is a compressed sparse row layout (as `scipy.sparse.csr_matrix`, but the rows of one actor stay in time order and an item may
occur more than once). Ties in time are broken by the sequence number of the row in its source, a stated rule: in MovieLens-100k 44 % of
users have their last item on the same second as the one before it, and another order of ties changes the test set.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from productloop.foundation.errors import DataProblem
from productloop.learning.history_wording import HISTORY_MALFORMED, HISTORY_REASONS

Int32 = npt.NDArray[np.int32]
Int64 = npt.NDArray[np.int64]
Float32 = npt.NDArray[np.float32]

NO_ITEM = -1
"""In arrays of item codes: there is none."""


@dataclass(frozen=True, slots=True, eq=False)
class History:
    """The past of n actors in time order.

    `indptr` (n+1,): actor r owns rows indptr[r]:indptr[r+1]. `items` (nnz,): item codes from 0. `times_us` (nnz,): UTC microseconds.
    `weights` (nnz,): strength of the row, above 0 (1 = one plain use). `num_items`: size of the catalogue; 0 = largest code + 1.
    """

    indptr: Int64
    items: Int32
    times_us: Int64
    weights: Float32
    num_items: int = 0

    def __post_init__(self) -> None:
        """Fix the types (no copy where they are right) and the size of the catalogue."""
        for name, kind in (("indptr", np.int64), ("items", np.int32), ("times_us", np.int64), ("weights", np.float32)):
            object.__setattr__(self, name, np.ascontiguousarray(getattr(self, name), dtype=kind))
        if self.num_items == 0 and self.items.size:
            object.__setattr__(self, "num_items", int(self.items.max()) + 1)

    @property
    def num_actors(self) -> int:
        """Number of actors n, those without any row included."""
        return len(self.indptr) - 1

    @property
    def lengths(self) -> Int64:
        """Rows per actor, (n,)."""
        return np.diff(self.indptr)

    @property
    def actor_of_row(self) -> Int64:
        """Actor of each row, (nnz,)."""
        return np.repeat(np.arange(self.num_actors, dtype=np.int64), self.lengths)

    def between(self, start: int, stop: int) -> History:
        """Actors start..stop-1, without copying their rows."""
        stop = min(stop, self.num_actors)
        low, high = int(self.indptr[start]), int(self.indptr[stop])
        rows = slice(low, high)
        return History(self.indptr[start : stop + 1] - low, self.items[rows], self.times_us[rows], self.weights[rows], self.num_items)

    def take(self, actors: npt.ArrayLike) -> History:
        """The given actors, in the given order."""
        chosen = np.asarray(actors, dtype=np.int64)
        lengths = self.lengths[chosen]
        indptr = _pointers(lengths)
        rows = np.arange(int(indptr[-1])) + np.repeat(self.indptr[chosen] - indptr[:-1], lengths)
        return History(indptr, self.items[rows], self.times_us[rows], self.weights[rows], self.num_items)

    def where(self, keep: npt.NDArray[np.bool_]) -> History:
        """Only the rows marked in `keep` (nnz,); every actor stays, perhaps without rows."""
        running = np.concatenate(([0], np.cumsum(keep, dtype=np.int64)))
        return History(running[self.indptr], self.items[keep], self.times_us[keep], self.weights[keep], self.num_items)


def build_history(
    actors: npt.ArrayLike,
    items: npt.ArrayLike,
    times_us: npt.ArrayLike,
    sequence: npt.ArrayLike,
    weights: npt.ArrayLike | None = None,
    *,
    num_actors: int | None = None,
    num_items: int | None = None,
) -> History:
    """Sort raw rows, all (nnz,), by (actor, time, sequence) into a `History`.

    Codes count from 0. `weights` None = 1 each. `num_actors` and `num_items` default to the largest code + 1.
    Errors: DataProblem `history_malformed` for unequal lengths, codes out of range and weights that are not above 0.
    """
    actor, item = np.asarray(actors, dtype=np.int64), np.asarray(items, dtype=np.int64)
    time, order_in_source = np.asarray(times_us, dtype=np.int64), np.asarray(sequence, dtype=np.int64)
    weight = np.ones(len(item), dtype=np.float32) if weights is None else np.asarray(weights, dtype=np.float32)
    catalogue = num_items if num_items is not None else int(item.max(initial=-1)) + 1
    population = num_actors if num_actors is not None else int(actor.max(initial=-1)) + 1
    for array in (actor, time, order_in_source, weight):
        if len(array) != len(item):
            raise _malformed("lengths", len(array), len(item), catalogue)
    _first_bad("actors", (actor < 0) | (actor >= population), actor, catalogue)
    _first_bad("items", (item < 0) | (item >= catalogue), item, catalogue)
    order = np.lexsort((order_in_source, time, actor))
    indptr = _pointers(np.bincount(actor, minlength=population).astype(np.int64))
    history = History(indptr, item[order].astype(np.int32), time[order], weight[order], catalogue)
    validate(history)
    return history


def validate(history: History) -> None:
    """Raise DataProblem `history_malformed` at the first row that breaks the layout; silence means it is sound."""
    indptr, num_rows, catalogue = history.indptr, len(history.items), history.num_items
    for array in (history.times_us, history.weights):
        if len(array) != num_rows:
            raise _malformed("lengths", len(array), num_rows, catalogue)
    if len(indptr) == 0 or indptr[0] != 0 or indptr[-1] != num_rows:
        raise _malformed("indptr", 0, num_rows, catalogue)
    _first_bad("indptr", np.diff(indptr) < 0, indptr, catalogue)
    _first_bad("items", (history.items < 0) | (history.items >= catalogue), history.items, catalogue)
    _first_bad("weights", ~(np.isfinite(history.weights) & (history.weights > 0)), history.weights, catalogue)
    actor = history.actor_of_row
    back = (history.times_us[1:] < history.times_us[:-1]) & (actor[1:] == actor[:-1])
    _first_bad("order", back, history.times_us[1:], catalogue)


def leave_last_out(history: History, holdout: int) -> tuple[History, Int32]:
    """Set the last `holdout` rows of every actor aside: (what stays, targets (n, holdout) in time order).

    An actor with `holdout` rows or fewer keeps them all and has `NO_ITEM` as targets: nothing would be left to predict from.
    Leave-last-out still lets a model see other actors' future (Ji et al. 2023, arXiv 2010.11060): report one cut in time beside it.
    """
    lengths = history.lengths
    tested = lengths > holdout
    targets = np.full((history.num_actors, holdout), NO_ITEM, dtype=np.int32)
    ends = history.indptr[1:][tested]
    targets[tested] = history.items[ends[:, None] - holdout + np.arange(holdout)]
    from_end = np.repeat(history.indptr[1:], lengths) - np.arange(len(history.items))
    held_out = (from_end <= holdout) & np.repeat(tested, lengths)
    return history.where(~held_out), targets


def leave_last_new_out(history: History) -> tuple[History, Int32]:
    """Set each actor's last NEW item aside: (everything before its first use, targets (n, 1)).

    For choosing settings where people repeat items: the last row would mostly be a repeat, which is not recommended; and taking earlier
    uses of the target out of the past would tell a model what is missing there. Actors with one item keep everything and have `NO_ITEM`.
    """
    num_rows, actor = len(history.items), history.actor_of_row
    _, first_use = np.unique(actor * max(history.num_items, 1) + history.items, return_index=True)
    cut = np.full(history.num_actors, -1, dtype=np.int64)
    np.maximum.at(cut, actor[first_use], first_use)
    tested = cut > history.indptr[:-1]
    targets = np.full((history.num_actors, 1), NO_ITEM, dtype=np.int32)
    targets[tested, 0] = history.items[cut[tested]]
    return history.where(~tested[actor] | (np.arange(num_rows) < cut[actor])), targets


def latest_per_item(history: History) -> History:
    """One row per (actor, item): the place of its last occurrence and the largest weight it ever had.

    Repeats say "still relevant", not "relevant so many times more": page views would otherwise drown purchases.
    """
    if not len(history.items):
        return history
    key = history.actor_of_row * max(history.num_items, 1) + history.items
    order = np.argsort(key, kind="stable")
    ordered = key[order]
    first = np.flatnonzero(np.concatenate(([True], ordered[1:] != ordered[:-1])))
    if len(first) == len(key):
        return history
    last = np.concatenate((first[1:], [len(key)])) - 1
    keep = np.zeros(len(key), dtype=np.bool_)
    keep[order[last]] = True
    weights = history.weights.copy()
    weights[order[last]] = np.maximum.reduceat(history.weights[order], first)
    return History(history.indptr, history.items, history.times_us, weights, history.num_items).where(keep)


def steps_from_end(history: History) -> Int64:
    """For each row, how many rows of the same actor came after it, (nnz,): 0 for the last one."""
    return np.repeat(history.indptr[1:], history.lengths) - 1 - np.arange(len(history.items))


def _pointers(lengths: npt.NDArray[Any]) -> Int64:
    return np.concatenate((np.zeros(1, dtype=np.int64), np.cumsum(lengths, dtype=np.int64)))


def _first_bad(reason: str, bad: npt.NDArray[np.bool_], values: npt.NDArray[Any], num_items: int) -> None:
    if bad.any():
        row = int(np.argmax(bad))
        raise _malformed(reason, row, values[row].item(), num_items)


def _malformed(reason: str, row: int, found: object, num_items: int) -> DataProblem:
    return DataProblem(HISTORY_MALFORMED, reason=HISTORY_REASONS[reason], row=row, found=found, num_items=num_items)
