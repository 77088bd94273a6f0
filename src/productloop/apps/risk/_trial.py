"""Who was drawn into which arm of a campaign, and what became of them.

A campaign's outcome is read from the store, never kept: for dated or undated results the rows of `outcomes` observed after the start (left = one of them up to
the first that was observed at or after the campaign's end says so; stayed = that one says no), for inactivity whether anything was done in the window.
Whoever has no such row yet is unknown, never "stayed". People who were erased are in no table any more; the campaign knows how many it began with.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from productloop.apps.risk import prevent_wording as wording
from productloop.apps.risk._asking import find_task
from productloop.apps.risk._outcomes import ACTIVITY, is_same
from productloop.apps.risk._treated import HELD_OUT, TREATED
from productloop.apps.risk.tasks import risk_tasks
from productloop.foundation.errors import UsageError
from productloop.foundation.tables import fold_header
from productloop.learning.columns import Columns
from productloop.learning.uplift import Trial
from productloop.loop.accounts import accounts_of, roll_up
from productloop.loop.action import Run
from productloop.loop.campaigns import Campaign
from productloop.loop.features import DAY_US
from productloop.loop.records import Keys
from productloop.loop.store import Store
from productloop.loop.task import Task


def yes_no_task(run: Run, name: str | None) -> Task | None:
    """The risk task of that name, or the first that asks yes or no: only such an outcome can be prevented. None when there is none."""
    if name is None:
        found = (task for task in risk_tasks(run.store, run.settings) if _asks_yes_no(task))
        return next(found, None)
    task = find_task(run, name)
    if task is not None and not _asks_yes_no(task):
        raise UsageError(wording.NOT_YES_NO, task=name)
    return task


def _asks_yes_no(task: Task) -> bool:
    options = dict(task.options or {})
    return task.kind == "classes" and len(task.classes) == 2 and ("inactive_days" in options or "value" in options)


@dataclass(frozen=True, slots=True)
class Arms:
    """People of one campaign. left: 1, 0, or -1 while unknown. propensity: chance of the treated arm. account: what was drawn together."""

    campaign: Campaign
    code: NDArray[np.int32]
    treated: NDArray[np.bool_]
    action: NDArray[np.object_]
    propensity: NDArray[np.float64]
    account: NDArray[np.object_]
    left: NDArray[np.int8]

    @property
    def known(self) -> NDArray[np.bool_]:
        """(n,) people whose outcome is known."""
        return self.left >= 0


def is_held_out(campaign: str, account: str, seed: int, share: float) -> bool:
    """Whether the hash of an account's own id falls into the share that is left alone; the same answer for ever."""
    digest = hashlib.sha256(f"{campaign}|{seed}|{account}".encode()).digest()
    return int.from_bytes(digest[:8], "big") < share * 2**64


def assignment_rows(campaign: Campaign, codes: Sequence[int], treated: Sequence[bool], actions: Sequence[str], share: float) -> Any:
    """Rows of the table `assignments`: what was drawn for whom, with the chance by which it was drawn."""
    import arro3.core as arrow

    types = arrow.DataType
    size = len(codes)
    return arrow.Table.from_pydict(
        {
            "row_id": arrow.Array([hashlib.sha256(f"{campaign.id}|{code}".encode()).hexdigest()[:24] for code in codes], types.utf8()),
            "import_id": arrow.Array([0] * size, types.int64()),
            "sequence": arrow.Array(list(range(size)), types.int64()),
            "experiment": arrow.Array([campaign.id] * size, types.utf8()),
            "actor": arrow.Array(list(codes), types.int32()),
            "variant": arrow.Array([TREATED if one else HELD_OUT for one in treated], types.utf8()),
            "propensity": arrow.Array([1 - share if one else share for one in treated], types.float64()),
            "time": arrow.Array([campaign.started_at] * size, types.int64()),
            "action": arrow.Array(list(actions), types.utf8()),
        }
    )


def reach_of(run: Run, store: Store) -> int:
    """Until when the data reach: the last activity, or the last result where results came later. A scope's end holds for both."""
    until = run.as_of or 0
    if run.scope.until is not None:
        return until
    latest = store.rows("SELECT max(time) FROM outcomes")[0][0]
    return max(until, int(latest or 0))


def arms_of(store: Store, task: Task, campaign: Campaign, reach: int) -> Arms:
    """Everybody of a campaign who is still in the store, in order of their codes."""
    rows = store.columns(
        "SELECT actor, any_value(variant) AS variant, any_value(propensity) AS propensity, any_value(action) AS action "
        "FROM assignments WHERE experiment = ? GROUP BY actor ORDER BY actor",
        [campaign.id],
    )
    codes = rows["actor"].astype(np.int32)
    treated = np.array([variant == TREATED for variant in rows["variant"]], dtype=bool)
    chance = rows["propensity"].astype(np.float64)
    return Arms(
        campaign=campaign,
        code=codes,
        treated=treated,
        action=rows["action"].astype(object),
        propensity=np.where(treated, chance, 1 - chance),
        account=accounts_of(store, codes, campaign.data_until),
        left=_left(store, task, codes, campaign, reach),
    )


def _left(store: Store, task: Task, codes: NDArray[np.int32], campaign: Campaign, reach: int) -> NDArray[np.int8]:
    options = dict(task.options or {})
    if "inactive_days" in options:
        return _left_by_activity(store, codes, campaign, int(options["gap_days"]), reach)
    folded = str(options["column"])
    names = [str(name) for (name,) in store.rows("SELECT DISTINCT task FROM outcomes") if fold_header(str(name)) == folded]
    rows = store.rows(
        "SELECT subject, value, time FROM outcomes WHERE task IN (SELECT unnest(?)) AND time > ? AND time <= ? AND value IS NOT NULL "
        "ORDER BY subject, time, sequence",
        [names, campaign.started_at, reach + DAY_US],
    )
    found: dict[int, int] = {}
    ended: set[int] = set()
    for subject, value, time in rows:
        code = int(subject)
        if code in ended:
            continue
        if is_same(str(value), str(options["value"])):
            found[code] = 1
            ended.add(code)
        elif int(time) >= campaign.ends_at - DAY_US:  # windows end at midnight, data a little earlier
            found[code] = 0
            ended.add(code)
    return np.array([found.get(int(code), -1) for code in codes], dtype=np.int8)


def _left_by_activity(store: Store, codes: NDArray[np.int32], campaign: Campaign, gap_days: int, reach: int) -> NDArray[np.int8]:
    if reach + DAY_US < campaign.ends_at:
        return np.full(len(codes), -1, dtype=np.int8)
    start = campaign.started_at + gap_days * DAY_US
    query = f"SELECT DISTINCT actor FROM {ACTIVITY} WHERE time >= ? AND time < ? AND actor IS NOT NULL"
    active = [int(actor) for (actor,) in store.rows(query, [start, campaign.ends_at])]
    return np.where(np.isin(codes, active), 0, 1).astype(np.int8)


def busy_people(store: Store, campaigns: Sequence[Campaign], at: int) -> NDArray[np.int32]:
    """Codes of everybody who is in a campaign that still runs at `at`: two at once could not be told apart."""
    running = [campaign.id for campaign in campaigns if campaign.ends_at > at]
    if not running:
        return np.empty(0, dtype=np.int32)
    rows = store.rows("SELECT DISTINCT actor FROM assignments WHERE experiment IN (SELECT unnest(?)) ORDER BY actor", [running])
    return np.array([actor for (actor,) in rows], dtype=np.int32)


def trial_of(store: Store, task: Task, arms: Sequence[Arms], names: Sequence[str] | None = None) -> tuple[Trial, Any] | None:
    """(everybody with a known outcome as a trial whose outcome is "stayed", the signature of its inputs); None for nobody.

    Inputs are those known when each campaign was made. names: only these actions.
    """
    parts = [(one, np.flatnonzero(one.known & (np.isin(one.action, list(names)) if names is not None else True))) for one in arms]
    parts = [(one, rows) for one, rows in parts if len(rows)]
    if not parts:
        return None
    codes = np.concatenate([one.code[rows] for one, rows in parts])
    at = np.concatenate([np.full(len(rows), one.campaign.data_until, dtype=np.int64) for one, rows in parts])
    own = store.source_ids(codes)
    keys = Keys(codes, at, np.array([own.get(int(code), str(code)) for code in codes], dtype=object))
    inputs, signature = task.inputs(store, keys, None)
    if not isinstance(inputs, Columns):
        return None
    account = np.concatenate([one.account[rows] for one, rows in parts])
    return (
        Trial(
            inputs,
            np.concatenate([one.treated[rows] for one, rows in parts]),
            np.concatenate([1.0 - one.left[rows] for one, rows in parts]),
            np.concatenate([one.propensity[rows] for one, rows in parts]),
            roll_up(account).place,
        ),
        signature,
    )
