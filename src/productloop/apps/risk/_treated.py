"""What campaigns do to the rows that teach the risk model.

Somebody who was called and stayed may have stayed because of the call: their row must not teach that people like them are safe. So a row whose
outcome became known after its person was treated, and whose moment lies no later than one window behind the treatment, has the weight 0: it neither
teaches nor judges. Those left alone by lot stand for the treated as well: their rows weigh 1 / share held out (inverse probability of staying
in the sample; Horvitz and Thompson 1952), so that people at high risk, who are treated most, are not missing from what is learned.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from productloop.loop.features import DAY_US
from productloop.loop.records import Keys, Outcomes
from productloop.loop.store import Store

CAMPAIGN_PREFIX = "prevent:"
TREATED, HELD_OUT = "treated", "holdout"
"""Beginning of the names of our campaigns, and what `assignments.variant` says."""


def untouched_outcomes(
    outcomes: Callable[[Store, Keys, int | None], Outcomes], window_days: int, store: Store, keys: Keys, as_of: int | None
) -> Outcomes:
    """What `outcomes` says, weighed by `without_treated`: what a task gives to training."""
    return without_treated(store, keys, outcomes(store, keys, as_of), window_days)


def without_treated(store: Store, keys: Keys, outcomes: Outcomes, window_days: int) -> Outcomes:
    """The same outcomes, weighed so that what a campaign changed does not teach. window_days: how far ahead the task asks."""
    if not store.exists("assignments") or len(keys) == 0:
        return outcomes
    rows = store.rows(
        "SELECT actor, variant, time, propensity FROM assignments WHERE starts_with(experiment, ?) AND variant IN (?, ?)",
        [CAMPAIGN_PREFIX, TREATED, HELD_OUT],
    )
    if not rows:
        return outcomes
    weight = outcomes.weight.copy()
    order = np.argsort(keys.code, kind="stable")
    codes = keys.code[order]
    for actor, variant, time, propensity in rows:
        mine = order[np.searchsorted(codes, actor, "left") : np.searchsorted(codes, actor, "right")]
        at = keys.at[mine]
        touched = mine[(outcomes.known_at[mine] >= time) & ((at == 0) | (at <= time + window_days * DAY_US))]
        weight[touched] *= 0.0 if variant == TREATED else 1 / max(float(propensity), 0.01)
    return replace(outcomes, weight=weight)
