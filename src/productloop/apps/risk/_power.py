"""What a list can show before it is sent: the smallest effect that would be seen, how many people it takes, in how many weeks.

Two-sided 5 %, power 80 % (learning/experiments.py). People of one account go together: counted as if all of an account did the same (design effect =
people an account, the upper end of Kish 1965), so that nothing is promised that accounts then break.
"""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from productloop.apps.risk._candidates import Candidates
from productloop.apps.risk._prevent_list import Picked
from productloop.apps.risk.prevent_types import Power, Tellable
from productloop.learning.experiments import people_needed, smallest_effect
from productloop.loop.action import Run
from productloop.loop.task import Task

FEWER = 1 / 3
"""The effect that a plan is made for: a third fewer leave. Ours; contacting rarely does more."""
LONGEST_WEEKS = 52


def horizon_days(task: Task) -> int:
    """Days until the outcome of somebody assigned today is known."""
    options = dict(task.options or {})
    return int(options["window_days"]) + int(options.get("gap_days", 0))


def look_again(run: Run, task: Task, now: int) -> str:
    """The day on which the outcomes of people assigned `now` are known, in the product's zone."""
    day = datetime.fromtimestamp(now / 1_000_000, UTC).astimezone(ZoneInfo(run.time_zone)).date()
    return (day + timedelta(days=horizon_days(task))).isoformat()


def power_of(run: Run, task: Task, people: Candidates, picked: Picked, holdout: float) -> Power | None:
    """None for an empty list."""
    size = people.accounts.num_people
    num, num_alone = int(size[picked.rows[picked.treated]].sum()), int(size[picked.rows[~picked.treated]].sum())
    inside = np.isin(people.accounts.place, picked.rows)
    if num == 0:
        return None
    rate = float(people.chance[inside].mean())
    together = float((size[picked.rows] ** 2).sum() / size[picked.rows].sum())  # people an account, as one of its people meets it
    variance = rate * (1 - rate) * together
    smallest = smallest_effect(num, num_alone, variance)
    needed = people_needed(FEWER * rate, variance) / (4 * holdout * (1 - holdout)) if rate > 0 else math.inf
    weeks = _weeks(needed, num + num_alone, len(people.keys), horizon_days(task))
    tellable: Tellable = "one" if smallest <= FEWER * rate else "several" if weeks is not None else "never"
    seen = 100 * smallest if math.isfinite(smallest) else None
    return Power(
        tellable=tellable,
        smallest=run.figure("smallest", seen, "points", "risk.prevent.define.smallest", n=num + num_alone),
        rate=run.figure("list_rate", 100 * rate, "people", "risk.prevent.define.list_rate", n=int(inside.sum())),
        needed=run.figure("needed", math.ceil(needed) if math.isfinite(needed) else None, "people", "risk.prevent.define.needed"),
        weeks=weeks,
    )


def _weeks(needed: float, a_week: int, everybody: int, window_days: int) -> int | None:
    """Weeks until so many were assigned and their outcomes are known, with a list like this each week; nobody is on two lists within a window.

    None beyond a year.
    """
    if not math.isfinite(needed):
        return None
    window = math.ceil(window_days / 7)
    lists = math.ceil(needed / a_week)
    rounds = math.ceil(needed / everybody)
    weeks = max(lists, (rounds - 1) * window + 1) + window
    return weeks if weeks <= LONGEST_WEEKS else None
