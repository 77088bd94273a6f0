"""Customers that looked like this one, and what became of them.

Snapshots are the task's own: everybody at past moments with what was known then (`productloop.loop.features`) and the result that followed.
People of one account at one moment are one snapshot (means of numbers; it left when all its people with a known result did). Each account
counts once, by the snapshot most like the customer. Where no result was ever named, 28 quiet days count as having left.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from productloop.apps.risk._case_who import QUIET_DAYS, Customer
from productloop.apps.risk._naming import TOPIC, Names, given_groups
from productloop.apps.risk.case_types import Alike
from productloop.apps.risk.tasks import make_outcome
from productloop.learning.alike import distances
from productloop.learning.columns import Columns
from productloop.loop.accounts import Accounts, accounts_of, roll_up
from productloop.loop.features import DAY_US
from productloop.loop.records import Keys, Outcomes, Signature
from productloop.loop.serve import current_subjects
from productloop.loop.store import Store
from productloop.loop.task import Task

NUM_ALIKE, SHOWN = 30, 10
MIN_SNAPSHOTS = 20
MAX_ROWS = 40_000
"""Newest snapshots that are looked at: more would cost seconds and change nothing."""
NUM_NOW = 5
_ACTIVE = (
    "SELECT actor FROM events WHERE time >= ? AND actor IS NOT NULL UNION SELECT actor FROM orders WHERE time >= ? AND actor IS NOT NULL"
)
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Snapshots:
    """Past rows with a known result."""

    task: Task
    keys: Keys
    left: NDArray[np.bool_]
    by: Literal["result", "quiet"]


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Those alike: `num` of which `num_left` left, of everybody `base_left` of `base_num`."""

    by: Literal["result", "quiet", "few", "none"]
    num: int = 0
    num_left: int = 0
    base_num: int = 0
    base_left: int = 0
    shown: tuple[Alike, ...] = ()
    now: tuple[Alike, ...] = ()


def past_snapshots(store: Store, task: Task | None, keys: Keys, outcomes: Outcomes, as_of: int | None) -> Snapshots | None:
    """The task's rows with a known result, else whether people went quiet; None without any."""
    by: Literal["result", "quiet"] = "result"
    if task is None:
        if not store.count("events"):
            return None
        by, task = "quiet", make_outcome("quiet", {"inactive_days": QUIET_DAYS}, store)
        keys = task.keys(store, as_of)
        outcomes = task.outcomes(store, keys, as_of)
    rows = np.flatnonzero(outcomes.known)
    if not len(rows):
        return None
    rows = rows[np.argsort(keys.at[rows], kind="stable")][-MAX_ROWS:]
    return Snapshots(task, keys.take(rows), outcomes.value[rows] == 1, by)


def find_alike(store: Store, past: Snapshots | None, customer: Customer, moment: int | None, names: Names, gone: bool) -> Neighbours:
    """Those that looked like the customer at `moment`."""
    if past is None:
        return Neighbours("none")
    asked = _with_customer(past.keys, customer, moment if past.task.dated else 0)
    everything, signature = past.task.inputs(store, asked, None)
    is_past = np.arange(len(asked)) < len(past.keys)
    inputs, mine = everything.take(is_past), everything.take(~is_past)
    ids = accounts_of(store, past.keys.code, past.keys.at)
    rolled = roll_up(np.array([f"{moment}\t{name}" for moment, name in zip(past.keys.at.tolist(), ids, strict=True)], dtype=object))
    rows = _rolled(inputs, rolled)
    stayed = rolled.sums((~past.left).astype(np.float64)) > 0
    names_of_rows = np.array([str(one).partition("\t")[2] for one in rolled.ids], dtype=object)
    moments = np.array([int(str(one).partition("\t")[0]) for one in rolled.ids], dtype=np.int64)
    others = names_of_rows != customer.name
    if int(others.sum()) < MIN_SNAPSHOTS:
        return Neighbours("few", base_num=int(others.sum()))
    me = _rolled(mine, roll_up(np.zeros(len(mine), dtype=object)))
    groups = given_groups(names, inputs.names) | {name: TOPIC for name in inputs.names if name.startswith(TOPIC)}
    apart = distances(rows, me, groups)
    order = np.flatnonzero(others & np.isfinite(apart))
    order = order[np.argsort(apart[order], kind="stable")]
    _, first = np.unique(names_of_rows[order].astype(str), return_index=True)
    nearest = order[np.sort(first)][: min(NUM_ALIKE, max(SHOWN, len(first) // 10))]
    shown = tuple(
        Alike(id=str(names_of_rows[row]), at=int(moments[row]) or None, distance=round(float(apart[row]), 4), left=bool(~stayed[row]))
        for row in nearest[:SHOWN]
    )
    return Neighbours(
        past.by, len(nearest), int((~stayed[nearest]).sum()), int(others.sum()), int((~stayed[others]).sum()), shown,
        _today(store, past, customer, (me, signature, groups)) if gone else (),
    )  # fmt: skip


def _with_customer(keys: Keys, customer: Customer, moment: int | None) -> Keys:
    """The keys with the customer's people at `moment` after them: everything is read once."""
    at = np.full(len(customer.codes), moment or 0, dtype=np.int64)
    ids = np.array([customer.ids.get(code, str(code)) for code in customer.listed], dtype=object)
    return Keys(np.concatenate([keys.code, customer.codes]), np.concatenate([keys.at, at]), np.concatenate([keys.ids, ids]))


def _rolled(inputs: Columns, rolled: Accounts) -> Columns:
    """One row for each account: means of known numbers; of categories that of its first person with one."""
    values = np.full((len(rolled), inputs.values.shape[1]), np.nan)
    for place, kind in enumerate(inputs.kinds):
        column = inputs.values[:, place]
        known = ~np.isnan(column)
        if kind == "category":
            rows = np.flatnonzero(known)[::-1]
            values[rolled.place[rows], place] = column[rows]
        else:
            size = np.bincount(rolled.place[known], minlength=len(rolled))
            total = np.bincount(rolled.place[known], weights=column[known], minlength=len(rolled))
            values[:, place] = np.where(size > 0, total / np.maximum(size, 1), np.nan)
    return Columns(values, inputs.names, inputs.kinds, inputs.num_categories)


def _today(store: Store, past: Snapshots, customer: Customer, asked: tuple[Columns, Signature, dict[str, str]]) -> tuple[Alike, ...]:
    """Customers of today, without known leavers, that look as this one did before it left."""
    me, signature, groups = asked
    at = store.as_of()
    keys = current_subjects(store, at or 0)
    latest = dict(zip(past.keys.code.tolist(), past.left.tolist(), strict=True))  # keys stand in order of time
    active = store.columns(_ACTIVE, [(at or 0) - QUIET_DAYS * DAY_US] * 2)["actor"]
    here = np.array([not latest.get(int(code), False) for code in keys.code], dtype=bool)
    keys = keys.take(here & np.isin(keys.code, active) if len(active) else here)
    if not len(keys):
        return ()
    inputs, _ = past.task.inputs(store, keys, signature)
    rolled = roll_up(accounts_of(store, keys.code, at or 0))
    apart = distances(_rolled(inputs, rolled), me, groups)
    order = np.flatnonzero((rolled.ids != customer.name) & np.isfinite(apart))
    order = order[np.argsort(apart[order], kind="stable")][:NUM_NOW]
    return tuple(Alike(id=str(rolled.ids[row]), at=None, distance=round(float(apart[row]), 4), left=None) for row in order)
