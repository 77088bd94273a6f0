"""Uplift: for whom does an action change the outcome, learned from people to whom it was given, or not, by lot.

Arrays in, arrays out. `effect` is always "with the action minus without", so for the outcome "stayed" a positive effect is a customer saved.

Sources
- S- and T-learner: Kuenzel, Sekhon, Bickel and Yu (2019), "Metalearners for estimating heterogeneous treatment effects", PNAS 116.
- DR-learner: Kennedy (2020, 2023), "Towards optimal doubly robust estimation of heterogeneous causal effects": a regression on the pseudo-outcome
  phi = m1(x) - m0(x) + t (y - m1(x)) / e - (1 - t) (y - m0(x)) / (1 - e), with m fitted on other rows (cross-fitting). The propensity e is the
  chance by which the lot was drawn, so phi is unbiased whatever m says.
- Is there a difference between people: the slope of phi on the predictions for unseen rows (best linear predictor; Chernozhukov, Demirer, Duflo and
  Fernandez-Val 2018, "Generic machine learning inference on heterogeneous treatment effects", section 3.1), one-sided, errors robust by group.
  They split once; here each fold is judged by models of the others, so without a difference every pair of rows counts twice, once with either
  as the teacher: the slope's variance is up to twice what it would be with independent folds (a degenerate U-statistic; Serfling 1980,
  "Approximation theorems of mathematical statistics", 5.2.1), and its error is taken that much larger.
- Is there any effect: the mean of phi against 0. Both questions are one family: Holm (1979) at 5 %. Before either is claimed it must be clear at
  2.5 % that the action does anything at all (closed testing: Marcus, Peritz and Gabriel 1976, Biometrika 63): an action that does nothing is
  claimed to do something in 1 of 40 trials.
The trees are the small LightGBM of `boosting`, with larger leaves: an effect is a difference of means and needs more rows than a mean.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from productloop.foundation.figures import INTERVAL_LEVEL
from productloop.learning.boosting import PARAMETERS, known_codes
from productloop.learning.columns import Columns
from productloop.learning.comparisons import holm
from productloop.learning.intervals import Interval
from productloop.learning.splitting import Split, stratified_folds

Floats = NDArray[np.float64]
Learner = Literal["s", "t", "dr", "blend"]
LEARNERS: tuple[Learner, ...] = ("s", "t", "dr", "blend")

NUM_OUTCOME_TREES, NUM_EFFECT_TREES = 150, 100
NUM_FOLDS, NUM_INNER_FOLDS = 5, 3
MIN_LEAF_SHARE, MIN_LEAF = 0.02, 20
"""A leaf holds at least this share of the rows: the effect in it is a difference of two means."""
CLAIM_LEVEL, NOTHING_LEVEL = 0.05, 0.025
"""Of each claim, and of any claim about an action that does nothing."""
COUNTED_TWICE = math.sqrt(2)
"""By so much folds that teach each other understate the slope's error."""
MIN_ARM = 20
"""Rows with the action, and without it, below which nothing is fitted."""


@dataclass(frozen=True, slots=True)
class Trial:
    """People of an experiment: inputs known before it, (n,) who got the action, (n,) what became of them, (n,) the chance by which they got it.

    groups: (n,) codes of what was drawn by lot together (an account), or None when each person was drawn alone.
    """

    inputs: Columns
    treated: NDArray[np.bool_]
    outcome: Floats
    propensity: Floats
    groups: NDArray[Any] | None = None

    def __post_init__(self) -> None:
        size = len(self.inputs)
        assert len(self.treated) == len(self.outcome) == len(self.propensity) == size, "one value a person in every array"
        assert ((self.propensity > 0) & (self.propensity < 1)).all(), "everybody must have had a chance of both"

    def __len__(self) -> int:
        return len(self.inputs)

    def take(self, rows: NDArray[Any]) -> Trial:
        """The same trial, only `rows`."""
        groups = None if self.groups is None else self.groups[rows]
        return Trial(self.inputs.take(rows), self.treated[rows], self.outcome[rows], self.propensity[rows], groups)


@dataclass(frozen=True, slots=True)
class UpliftModel:
    """Effects for anybody with the same columns. `boosters`: (S,), (without, with), (DR,), or (S, DR) whose mean it is."""

    learner: Learner
    boosters: tuple[Any, ...]

    def predict(self, inputs: Columns) -> Floats:
        """(n,) effect of the action on the outcome."""
        if not len(inputs):
            return np.empty(0)
        if self.learner == "s":
            return _difference(self.boosters[0], inputs)
        if self.learner == "t":
            without, with_action = (_predict(booster, known_codes(inputs)) for booster in self.boosters)
            return with_action - without
        if self.learner == "dr":
            return _predict(self.boosters[0], known_codes(inputs))
        return 0.5 * (_difference(self.boosters[0], inputs) + _predict(self.boosters[1], known_codes(inputs)))


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an experiment says: the mean effect, whether there is any, whether it differs between people, and (n,) effects for unseen rows.

    any_p, differs_p: already multiplied for two questions asked (Holm). claims_effect, claims_difference: below CLAIM_LEVEL, and either p below
    NOTHING_LEVEL.
    """

    mean: Interval
    any_p: float
    differs_p: float
    claims_effect: bool
    claims_difference: bool
    effects: Floats
    pseudo: Floats


def fit_uplift(trial: Trial, learner: Learner, seed: int) -> UpliftModel:
    """An uplift model on the whole trial. Each arm must hold at least two rows."""
    if learner == "s":
        return UpliftModel(learner, (_outcome_model(trial, seed),))
    if learner == "t":
        arms = (np.flatnonzero(~trial.treated), np.flatnonzero(trial.treated))
        return UpliftModel(learner, tuple(_plain_model(trial.take(rows), seed) for rows in arms))
    effect = _effect_model(trial.inputs, cross_fitted_pseudo(trial, seed), seed)
    return UpliftModel(learner, (effect,)) if learner == "dr" else UpliftModel(learner, (_outcome_model(trial, seed), effect))


def cross_fitted_pseudo(trial: Trial, seed: int, num_folds: int = NUM_INNER_FOLDS) -> Floats:
    """(n,) doubly robust pseudo-outcomes: each has the effect at its row as its mean. The outcome models never saw the row."""
    pseudo = np.empty(len(trial))
    for split in _folds(trial, num_folds, seed):
        model = _outcome_model(trial.take(split.train), seed)
        pseudo[split.test] = _pseudo(model, trial.take(split.test))
    return pseudo


def judge_trial(trial: Trial, learner: Learner, seed: int) -> Verdict:
    """Mean effect, and whether it differs between people; everything about a row comes from models that never saw it (nor its group)."""
    effects, pseudo = np.empty(len(trial)), np.empty(len(trial))
    deviation = np.empty(len(trial))
    for split in _folds(trial, NUM_FOLDS, seed):
        train, test = trial.take(split.train), trial.take(split.test)
        model = fit_uplift(train, learner, seed)
        effects[split.test] = model.predict(test.inputs)
        deviation[split.test] = effects[split.test] - effects[split.test].mean()  # a fold's own level says nothing about its people
        nuisance = model.boosters[0] if learner in ("s", "blend") else _outcome_model(train, seed)
        pseudo[split.test] = _pseudo(nuisance, test)
    error = _clustered_error(np.ones((len(trial), 1)), pseudo - pseudo.mean(), trial.groups)[0]
    mean = float(pseudo.mean())
    half = NormalDist().inv_cdf(0.5 + INTERVAL_LEVEL / 2) * error
    any_p = math.erfc(abs(mean) / error / math.sqrt(2)) if error > 0 else 1.0
    any_p, differs_p = holm([any_p, _slope_p(deviation, pseudo, trial.groups)])
    interval = Interval(mean, mean - half, mean + half)
    does_anything = min(any_p, differs_p) < NOTHING_LEVEL
    claims = (does_anything and any_p < CLAIM_LEVEL, does_anything and differs_p < CLAIM_LEVEL)
    return Verdict(interval, any_p, differs_p, *claims, effects, pseudo)


def mean_effect(trial: Trial) -> Interval:
    """Mean effect with its 90 % interval without any model: the difference of the means of both arms, each weighted by 1 / its chance (Hajek 1971)."""
    arms = (trial.treated / trial.propensity, ~trial.treated / (1 - trial.propensity))
    if not all(arm.sum() > 0 for arm in arms):
        return Interval(math.nan, -math.inf, math.inf)
    means = [float(arm @ trial.outcome / arm.sum()) for arm in arms]
    influence = len(trial) * sum(
        sign * arm * (trial.outcome - mean) / arm.sum() for sign, arm, mean in zip((1, -1), arms, means, strict=True)
    )
    error = _clustered_error(np.ones((len(trial), 1)), np.asarray(influence), trial.groups)[0]
    half = NormalDist().inv_cdf(0.5 + INTERVAL_LEVEL / 2) * error
    value = means[0] - means[1]
    return Interval(value, value - half, value + half)


def _slope_p(deviation: Floats, pseudo: Floats, groups: NDArray[Any] | None) -> float:
    """One-sided p that the effect rises with its prediction."""
    if not float(deviation.std()) > 1e-12:
        return 1.0
    design = np.stack([np.ones(len(deviation)), deviation], axis=1)
    slope = np.linalg.lstsq(design, pseudo, rcond=None)[0]
    error = COUNTED_TWICE * _clustered_error(design, pseudo - design @ slope, groups)[1]
    return 0.5 * math.erfc(float(slope[1]) / error / math.sqrt(2)) if error > 0 else 1.0


def _clustered_error(design: Floats, residual: Floats, groups: NDArray[Any] | None) -> Floats:
    """(k,) standard errors of a least-squares fit, robust to unequal variances and to rows of one group going together (Liang and Zeger 1986)."""
    scores = design * residual[:, None]
    if groups is not None:
        codes = np.unique(groups, return_inverse=True)[1]
        scores = np.stack([np.bincount(codes, column) for column in scores.T], axis=1)
    num = len(scores)
    if num < 2:
        return np.full(design.shape[1], math.inf)
    bread = np.linalg.pinv(design.T @ design)
    spread = bread @ (scores.T @ scores) @ bread * num / (num - 1)
    return np.asarray(np.sqrt(np.maximum(np.diag(spread), 0.0)))


def _folds(trial: Trial, num_folds: int, seed: int) -> tuple[Split, ...]:
    """Folds with equal shares of both arms and outcomes; a group stays together."""
    positive = trial.outcome > np.median(trial.outcome) if len(np.unique(trial.outcome)) > 2 else trial.outcome > trial.outcome.min()
    return stratified_folds(2 * trial.treated.astype(np.intp) + positive, num_folds, seed, trial.groups)


def _pseudo(model: Any, test: Trial) -> Floats:
    without, with_action = (_predict(model, _with_column(test.inputs, given)) for given in (0.0, 1.0))
    chance = test.propensity
    corrected = test.treated * (test.outcome - with_action) / chance - ~test.treated * (test.outcome - without) / (1 - chance)
    return np.asarray(with_action - without + corrected)


def _difference(model: Any, inputs: Columns) -> Floats:
    return _predict(model, _with_column(inputs, 1.0)) - _predict(model, _with_column(inputs, 0.0))


def _with_column(inputs: Columns, given: float | Floats) -> Floats:
    """(n, d + 1) values with who got the action as the last column."""
    return np.column_stack([known_codes(inputs), np.broadcast_to(given, len(inputs))])


def _outcome_model(trial: Trial, seed: int) -> Any:
    """The outcome from the inputs and from who got the action."""
    values = _with_column(trial.inputs, trial.treated.astype(np.float64))
    return _grow(values, trial.outcome, trial.inputs, NUM_OUTCOME_TREES, seed)


def _plain_model(trial: Trial, seed: int) -> Any:
    return _grow(known_codes(trial.inputs), trial.outcome, trial.inputs, NUM_OUTCOME_TREES, seed)


def _effect_model(inputs: Columns, pseudo: Floats, seed: int) -> Any:
    return _grow(known_codes(inputs), pseudo, inputs, NUM_EFFECT_TREES, seed, is_effect=True)


def _grow(values: Floats, target: Floats, inputs: Columns, num_trees: int, seed: int, is_effect: bool = False) -> Any:
    """A small LightGBM; yes/no outcomes as chances, everything else by squares."""
    import lightgbm  # heavy

    is_chance = not is_effect and set(np.unique(target)) == {0.0, 1.0}
    order = np.lexsort((target, *values.T[::-1]))  # the order of the rows must not matter
    parameters = {
        **PARAMETERS,
        "objective": "binary" if is_chance else "regression",
        "min_data_in_leaf": max(MIN_LEAF, round(MIN_LEAF_SHARE * len(values))),
        "lambda_l2": 1.0,
        "seed": seed % 2**31,
    }
    data = lightgbm.Dataset(
        values[order], label=target[order], categorical_feature=np.flatnonzero(inputs.is_category).tolist(), params=parameters
    )
    return lightgbm.train(parameters, data, num_boost_round=num_trees)


def _predict(booster: Any, values: Floats) -> Floats:
    return np.asarray(booster.predict(values, num_threads=1), dtype=np.float64)
