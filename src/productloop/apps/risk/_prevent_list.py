"""Which customers go on the list, with which action: arrays in, arrays out.

Before an effect is known a list goes by what is at stake (chance to leave x worth), and a customer is left alone where even keeping everybody who would leave
would not earn the cost. Once it is known, by effect x worth - cost, and a customer is left alone where that is not above 0. Under a budget customers are
taken in the order of gain per cost (the greedy rule for a knapsack, Dantzig 1957), under a capacity alone in the order of gain.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Choice:
    """(m,) each customer's best action (-1: none) and its score; customers left alone by reason."""

    action: NDArray[np.intp]
    score: Floats
    never_pays: NDArray[np.bool_]
    no_action: NDArray[np.bool_]
    not_moved: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Picked:
    """Customers on the list in order, and which of them are contacted; the others were left alone by lot."""

    rows: NDArray[np.intp]
    treated: NDArray[np.bool_]


def choose_by_stake(stake: Floats, fits: NDArray[np.bool_], cost: Floats, counts_money: bool) -> Choice:
    """(m,) at stake, (actions, m) fits, (actions,) cost: the first action written that fits. counts_money: stake and cost are both money."""
    none = np.asarray(~fits.any(axis=0), dtype=bool)
    action = np.where(none, -1, fits.argmax(axis=0)).astype(np.intp)
    charged = np.where(none, 0.0, cost[np.maximum(action, 0)])
    never = ~none & ((stake < charged) if counts_money else (stake <= 0))
    return Choice(np.where(never, -1, action).astype(np.intp), stake, never, none, np.zeros(len(stake), dtype=bool))


def choose_by_gain(gain: Floats, fits: NDArray[np.bool_]) -> Choice:
    """(actions, m) expected gain after cost: the best action that fits, where it gains anything."""
    none = np.asarray(~fits.any(axis=0), dtype=bool)
    usable = np.where(fits, gain, -np.inf)
    best = usable.argmax(axis=0)
    score = usable[best, np.arange(gain.shape[1])]
    loses = ~none & (score <= 0)
    action = np.where(none | loses, -1, best).astype(np.intp)
    return Choice(action, np.where(none, 0.0, score), np.zeros(len(score), dtype=bool), none, loses)


def pick(choice: Choice, cost: Floats, held_out: Callable[[int], bool], capacity: int, budget: float | None) -> Picked:
    """Walk down the order; whom the lot leaves alone stays on the list and costs nothing. cost: (actions,), budget in the same unit."""
    able = np.flatnonzero(choice.action >= 0)
    charged = cost[choice.action[able]]
    worth_it = choice.score[able]
    key = worth_it / np.maximum(charged, 1e-9) if budget is not None and (charged > 0).any() else worth_it
    key = np.where(charged > 0, key, np.inf) if budget is not None and (charged > 0).any() else key
    rows, treated = [], []
    left, spent = capacity, 0.0
    for place in np.lexsort((able, -worth_it, -key)):
        row, price = int(able[place]), float(charged[place])
        if left == 0:
            break
        if budget is not None and spent + price > budget:
            continue
        alone = held_out(row)
        rows.append(row)
        treated.append(not alone)
        if not alone:
            left, spent = left - 1, spent + price
    order = np.lexsort((rows, [-float(choice.score[row]) for row in rows])) if rows else np.empty(0, dtype=np.intp)
    return Picked(np.array(rows, dtype=np.intp)[order], np.array(treated, dtype=bool)[order])
