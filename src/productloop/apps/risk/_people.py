"""Who is there to be scored, who stopped long ago, what they pay and when they were last seen.

People who already had the outcome are left out. So are, for dated outcomes, those who have been quiet for longer than nearly everybody
(99 %) the model learned from: it never saw the like, and they are gone rather than at risk.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from productloop.loop.features import DAY_US
from productloop.loop.records import Keys, Outcomes
from productloop.loop.serve import current_subjects
from productloop.loop.store import Store
from productloop.loop.task import Task

QUIET_QUANTILE = 0.99
PAID_DAYS = 84
_ACTIVITY = "(SELECT actor, time FROM events UNION ALL SELECT actor, time FROM orders)"


@dataclass(frozen=True, slots=True)
class Present:
    """The people to score, and how many were left out and why."""

    keys: Keys
    num_gone: int
    num_silent: int
    last_seen: dict[int, int]


def present_people(store: Store, at: int, asked: Keys, outcomes: Outcomes, inactive_days: int | None) -> Present:
    """Everybody at `at` who has not had the outcome. asked, outcomes: the rows that the task asked about so far."""
    keys = current_subjects(store, at)
    last_seen = {
        int(actor): int(time) for actor, time in store.rows(f"SELECT actor, max(time) FROM {_ACTIVITY} WHERE actor IS NOT NULL GROUP BY 1")
    }
    if inactive_days is not None:
        there = np.array([last_seen.get(int(code), -(2**62)) >= at - inactive_days * DAY_US for code in keys.code], dtype=bool)
        return Present(keys.take(there), 0, int((~there).sum()), last_seen)
    known = outcomes.known
    latest = dict(zip(asked.code[known].tolist(), outcomes.value[known].tolist(), strict=True))  # asked stands in order of time
    gone = np.array([latest.get(int(code)) == 1 for code in keys.code], dtype=bool)
    limit = _longest_quiet(store, asked)
    quiet = np.array([at - last_seen.get(int(code), at) > limit for code in keys.code], dtype=bool) & ~gone
    return Present(keys.take(~gone & ~quiet), int(gone.sum()), int(quiet.sum()), last_seen)


def yes_or_no(task: Task, outcomes: Outcomes) -> Outcomes:
    """The outcomes as 1 where one of the classes that count happened, 0 otherwise, -1 where not known."""
    if not task.counted:
        return outcomes
    value = np.where(outcomes.known, np.isin(outcomes.value, task.counted_codes), -1).astype(np.int64)
    return Outcomes(value, outcomes.known_at, outcomes.weight)


def people_beside(store: Store, at: int, asked: Keys, outcomes: Outcomes, inactive_days: int | None) -> Keys:
    """Whom one person is held against to say what is usual: those on the list of `risk score`, so that both pages name one number; everybody
    where nobody is left.
    """
    here = present_people(store, at, asked, outcomes, inactive_days).keys
    return here if len(here) else current_subjects(store, at)


def _longest_quiet(store: Store, asked: Keys) -> float:
    """Microseconds without activity before the moment asked that 99 % of the rows stayed below; infinite without dates or activity."""
    if len(asked) == 0 or not (asked.at > 0).all():
        return float("inf")
    found = []
    for at in np.unique(asked.at).tolist():
        seen = {
            int(actor): int(time) for actor, time in store.rows(f"SELECT actor, max(time) FROM {_ACTIVITY} WHERE time < ? GROUP BY 1", [at])
        }
        found += [at - seen[code] for code in asked.code[asked.at == at].tolist() if code in seen]
    return float(np.quantile(found, QUIET_QUANTILE, method="higher")) if found else float("inf")


def paid_lately(store: Store, at: int, codes: NDArray[np.int32]) -> tuple[NDArray[np.int64], str] | None:
    """((n,) minor units each person paid in the last PAID_DAYS, currency): the currency of most orders, since sums never mix; None without orders."""
    since = at - PAID_DAYS * DAY_US
    currencies = store.rows(
        "SELECT currency FROM orders WHERE amount IS NOT NULL GROUP BY currency ORDER BY count(*) DESC, currency LIMIT 1"
    )
    if not currencies:
        return None
    currency = currencies[0][0]
    query = "SELECT actor, sum(amount) FROM orders WHERE time >= ? AND currency IS NOT DISTINCT FROM ? AND actor IS NOT NULL GROUP BY actor"
    paid = {int(actor): int(amount or 0) for actor, amount in store.rows(query, [since, currency])}
    return np.array([paid.get(int(code), 0) for code in codes], dtype=np.int64), str(currency or "")
