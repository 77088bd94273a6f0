"""What earlier campaigns taught about an action: whom it keeps, whether it keeps anybody, or that it is too early to say.

A campaign may say something about its mean effect at any size; a model of who is moved needs ENOUGH_LEFT people who left. An effect is a difference
of two shares, and its model divides those who left among leaves of two arms: with 100 of them a leaf of a tenth of the people holds about five an
arm, below which a share cannot be told from nothing. Whether effects differ is tested (learning/uplift.py), else everybody gets the mean.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from productloop.apps.risk._trial import Arms, trial_of
from productloop.learning.intervals import Interval
from productloop.learning.uplift import MIN_ARM, NOTHING_LEVEL, Trial, UpliftModel, Verdict, fit_uplift, judge_trial, mean_effect
from productloop.loop.store import Store
from productloop.loop.task import Task

ENOUGH_LEFT = 100
LEARNER: Literal["blend"] = "blend"
_QUANTILE, _CLAIMED = 1.6448536269514722, NormalDist().inv_cdf(1 - NOTHING_LEVEL / 2)
"""Standard normal quantiles of the 90 % interval and of a two-sided test that an action does anything."""
Kind = Literal["early", "uplift", "mean", "none", "harm"]
"""Too few left; effects differ between people; an effect, the same for all as far as can be told; none that can be told; more left because of it."""


@dataclass(frozen=True, slots=True)
class Learned:
    """What is known of one action, or of all together. mean: change of the chance to stay, positive = kept. names: the actions it is about."""

    kind: Kind
    names: tuple[str, ...]
    num_people: int
    num_left: int
    mean: Interval
    trial: Trial | None = None
    signature: Any = None
    verdict: Verdict | None = None
    model: UpliftModel | None = None

    def effects(self, inputs: Any) -> NDArray[np.float64]:
        """(n,) effect on the chance to stay of people with these inputs (encoded with `signature`)."""
        return self.model.predict(inputs) if self.model is not None else np.full(len(inputs), self.mean.value)


def learn(store: Store, task: Task, arms: Sequence[Arms], seed: int, names: tuple[str, ...]) -> Learned | None:
    """What all campaigns together say about these actions; None before any outcome is known."""
    found = trial_of(store, task, arms, names)
    if found is None:
        return None
    trial, signature = found
    num, num_left = len(trial), int((1 - trial.outcome).sum())
    plain = mean_effect(trial)
    smallest = min(int(trial.treated.sum()), int((~trial.treated).sum()))
    if num_left < ENOUGH_LEFT or smallest < MIN_ARM or num_left == num or not trial.inputs.names:
        return Learned(_early(plain, smallest), names, num, num_left, plain, trial, signature)
    verdict = judge_trial(trial, LEARNER, seed)
    if verdict.claims_difference:
        return Learned("uplift", names, num, num_left, verdict.mean, trial, signature, verdict, fit_uplift(trial, LEARNER, seed))
    if verdict.claims_effect:
        return Learned("mean" if verdict.mean.value > 0 else "harm", names, num, num_left, verdict.mean, trial, signature, verdict)
    return Learned("none", names, num, num_left, verdict.mean, trial, signature, verdict)


def _early(plain: Interval, smallest: int) -> Kind:
    """Before a model: an effect is claimed only where it is clear that the action does anything, like after it."""
    error = (plain.high - plain.low) / (2 * _QUANTILE)
    if smallest < MIN_ARM or not abs(plain.value) > _CLAIMED * error:
        return "early"
    return "mean" if plain.value > 0 else "harm"
