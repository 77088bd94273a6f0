"""Calibration: make "30 %" happen 30 times in 100, and only when the rows say it helps.

platt        sigmoid of a straight line through the log-odds, with Platt's smoothed targets (Platt 1999, "Probabilistic outputs for
             support vector machines"); two classes
temperature  one factor on the logarithms (Guo and others 2017, "On calibration of modern neural networks"); more classes
isotonic     a rising curve (Zadrozny and Elkan 2002, KDD; pool adjacent violators), straight between the centres of its steps, so that two
             rows with different scores keep their order (Oron and Flournoy 2017, "Centered isotonic regression", Statistics in
             Biopharmaceutical Research 9); two classes

A calibration is taken only if, learned on some folds and judged on the others, it lowers the log-loss and the 90 % interval of the gain
excludes 0. Small models with L2 are usually calibrated already, and a needless curve costs more than it gives.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from statistics import NormalDist
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from productloop.foundation.figures import INTERVAL_LEVEL
from productloop.learning.metrics import log_loss, log_losses

Floats = NDArray[np.float64]
Kind = Literal["none", "platt", "temperature", "isotonic"]

SMALLEST = 1e-12
MIN_ROWS = 100
"""Below this a calibration is noise (guess; Platt's line alone has two parameters)."""
TEMPERATURES = tuple(float(value) for value in np.exp(np.linspace(np.log(0.25), np.log(4.0), 49)))


@dataclass(frozen=True, slots=True)
class Calibration:
    """A monotone correction of probabilities; `slope` and `intercept` for platt and temperature, `points` for isotonic."""

    kind: Kind = "none"
    slope: float = 1.0
    intercept: float = 0.0
    points: tuple[tuple[float, float], ...] = ()
    """(probability before, after), both rising."""

    def apply(self, probabilities: Floats) -> Floats:
        """(n, classes) -> (n, classes), rows sum to 1."""
        if self.kind == "none":
            return probabilities
        if self.kind == "temperature":
            logs = self.slope * np.log(np.maximum(probabilities, SMALLEST))
            powers = np.exp(logs - logs.max(axis=1, keepdims=True))
            return np.asarray(powers / powers.sum(axis=1, keepdims=True), dtype=np.float64)
        if self.kind == "platt":
            one = _sigmoid(self.slope * log_odds(probabilities) + self.intercept)
        else:
            before, after = np.array(self.points).T
            one = np.interp(probabilities[:, 1], before, after)
        return np.stack([1.0 - one, one], axis=1)

    def describe(self) -> dict[str, Any]:
        """Ready for JSON; `Calibration(**...)` after `calibration_from`."""
        return asdict(self)


def calibration_from(description: dict[str, Any]) -> Calibration:
    """Inverse of `Calibration.describe`."""
    points = tuple((float(before), float(after)) for before, after in description["points"])
    return Calibration(description["kind"], description["slope"], description["intercept"], points)


def fit_calibration(kind: Kind, outcomes: NDArray[Any], probabilities: Floats, weight: Floats) -> Calibration:
    """Learn one kind on (n,) codes and (n, classes) probabilities of rows that did not train the model."""
    if kind == "platt":
        return _fit_platt(outcomes, log_odds(probabilities), weight)
    if kind == "temperature":
        tries = (Calibration("temperature", slope=1.0 / temperature) for temperature in TEMPERATURES)
        return min(tries, key=lambda one: log_loss(outcomes, one.apply(probabilities), weight))
    if kind == "isotonic":
        return _fit_isotonic(outcomes, probabilities[:, 1], weight)
    return Calibration()


def choose_calibration(outcomes: NDArray[Any], probabilities: Floats, weight: Floats, folds: Sequence[NDArray[np.intp]]) -> Calibration:
    """The calibration that beats none beyond noise, else none.

    outcomes (n,), probabilities (n, classes) out of fold, `folds`: disjoint positions of rows judged together. Each kind is learned on all
    folds but one and judged on that one.
    """
    judged = np.concatenate(folds) if folds else np.zeros(0, dtype=np.intp)
    if len(judged) < MIN_ROWS or len(folds) < 2 or len(np.unique(outcomes[judged])) < 2:
        return Calibration()
    kinds: tuple[Kind, ...] = ("platt", "isotonic") if probabilities.shape[1] == 2 else ("temperature",)
    before = log_losses(outcomes[judged], probabilities[judged])
    best, best_loss = Calibration(), float(before @ weight[judged])
    for kind in kinds:
        after = np.concatenate(
            [
                log_losses(outcomes[fold], _fit_without(kind, fold, judged, outcomes, probabilities, weight).apply(probabilities[fold]))
                for fold in folds
            ]
        )
        gain, loss = before - after, float(after @ weight[judged])
        if loss < best_loss and _beyond_noise(gain, weight[judged]):
            best, best_loss = fit_calibration(kind, outcomes[judged], probabilities[judged], weight[judged]), loss
    return best


def log_odds(probabilities: Floats) -> Floats:
    """(n, 2) -> (n,) logarithm of the odds of class 1."""
    one = np.clip(probabilities[:, 1], SMALLEST, 1.0 - SMALLEST)
    return np.asarray(np.log(one) - np.log1p(-one), dtype=np.float64)


def _fit_without(
    kind: Kind, fold: NDArray[np.intp], judged: NDArray[np.intp], outcomes: NDArray[Any], probabilities: Floats, weight: Floats
) -> Calibration:
    rest = np.setdiff1d(judged, fold, assume_unique=True)
    return fit_calibration(kind, outcomes[rest], probabilities[rest], weight[rest])


def _beyond_noise(gain: Floats, weight: Floats) -> bool:
    """Whether the 90 % interval (normal) of the weighted mean gain lies above 0."""
    mean = float(gain @ weight / weight.sum())
    error = float(np.sqrt((gain - mean) ** 2 @ weight**2) / weight.sum())
    return mean > NormalDist().inv_cdf(0.5 + INTERVAL_LEVEL / 2) * error


def _fit_platt(outcomes: NDArray[Any], scores: Floats, weight: Floats) -> Calibration:
    """Newton steps on slope and intercept; targets (N1 + 1) / (N1 + 2) and 1 / (N0 + 2) instead of 1 and 0."""
    is_one = np.asarray(outcomes) == 1
    num_ones, num_zeros = float(weight[is_one].sum()), float(weight[~is_one].sum())
    target = np.where(is_one, (num_ones + 1) / (num_ones + 2), 1 / (num_zeros + 2))
    design = np.stack([scores, np.ones_like(scores)], axis=1)  # (n, 2)
    parameters = np.array([1.0, 0.0])
    for _ in range(50):
        predicted = _sigmoid(design @ parameters)
        curvature = (weight * predicted * (1 - predicted))[:, None] * design
        step = np.linalg.solve(design.T @ curvature + 1e-9 * np.eye(2), design.T @ (weight * (target - predicted)))
        parameters = parameters + np.clip(step, -1.0, 1.0)  # short steps: far from the optimum Newton overshoots
        if np.abs(step).max() < 1e-10:
            break
    slope = max(float(parameters[0]), 0.0)  # a calibration never turns the order round
    return Calibration("platt", slope=slope, intercept=float(parameters[1]))


def _fit_isotonic(outcomes: NDArray[Any], scores: Floats, weight: Floats) -> Calibration:
    """Rising curve kept off 0 and 1 by 1 / (n + 2), as Laplace would; beyond the outer centres it goes half of the way to 0 and to 1."""
    from sklearn.isotonic import IsotonicRegression  # heavy, needed at fit only

    edge = 1.0 / (len(scores) + 2)
    steps = IsotonicRegression(y_min=edge, y_max=1.0 - edge).fit_transform(scores, outcomes, sample_weight=weight)
    values, place = np.unique(steps, return_inverse=True)
    centres = np.bincount(place, scores * weight) / np.bincount(place, weight)
    before, after = np.concatenate([[0.0], centres, [1.0]]), np.concatenate([[values[0] / 2], values, [(1.0 + values[-1]) / 2]])
    return Calibration("isotonic", points=tuple(zip(before.tolist(), after.tolist(), strict=True)))


def _sigmoid(scores: Floats) -> Floats:
    powers = np.exp(-np.abs(scores))
    return np.asarray(np.where(scores >= 0, 1.0, powers) / (1.0 + powers), dtype=np.float64)
