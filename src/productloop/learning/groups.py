"""Groups of people by what they do, or the answer that there are none. Arrays in, arrays out.

Any clustering cuts any data into pieces. Groups are only reported where
1. every group comes back when people are drawn anew: mean Jaccard likeness of each group with its best match over random halves is at
   least STABLE (Hennig 2007, "Cluster-wise assessment of cluster stability", Computational Statistics & Data Analysis 52: from 0.85 a
   group is highly stable); and
2. the groups are tighter than k-means makes them in data of one single group with the same covariance (SigClust's null and cluster index:
   Liu, Hayes, Nobel and Marron 2008, Journal of the American Statistical Association 103), by a Monte Carlo test at MAX_P; and
3. there is a dip between them: along the line through the centres of any two groups the density falls to MAX_VALLEY of the lower peak or
   less. Without it people differ by degrees (a skewed column passes the first two: measured in 2 of 8 such data sets, with dips of .96
   and 1.0; planted groups have .07 and less).
The number of groups is the one whose least stable group is most stable; of numbers within TIE of it the largest. Only that number is
tested: trying the others after it failed would find groups in skewed data of one group (measured: in 3 of 4).

Columns are scaled by median and interquartile range (by standard deviation where half of all values are equal) and cut at +-MOST, so that
a few extreme people do not make a group of their own.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Labels = NDArray[np.int64]
Method = Literal["k_means", "mixture"]

STABLE, TIE = 0.85, 0.03
NUM_HALVES, NUM_NULLS, MAX_P = 20, 99, 0.02
NUM_STARTS = 3
MAX_VALLEY, NUM_GRID = 0.8, 60
MOST = 4.0
MAX_COMPONENTS, EXPLAINED = 8, 0.9
"""Principal components kept: as many as explain this share of the variance, at most so many; the rest is noise between people."""
MAX_ROWS = 3_000
"""People by whom stability and chance are judged; more are drawn down to these, which decides the same in a tenth of the time."""
MIN_SIZE = 20
"""People below whom a group is nothing to plan for."""


@dataclass(frozen=True, slots=True)
class Trial:
    """One number of groups that was tried: the Jaccard likeness of its least stable group, and the chance of groups so tight without any
    (NaN where it was not stable enough to be tested).
    """

    num_groups: int
    stability: float
    p: float


@dataclass(frozen=True, slots=True)
class Groups:
    """labels (n,) 0.. from the largest group to the smallest, empty where there are no clear groups; stability (k,) of each."""

    labels: Labels
    stability: Floats
    trials: tuple[Trial, ...]

    @property
    def num_groups(self) -> int:
        """How many clear groups there are; 0 for none."""
        return len(self.stability)


def robust_scale(values: Floats) -> Floats:
    """(n, d) columns around their median in units of their spread, cut at +-MOST; a column without any spread becomes 0."""
    middle = np.median(values, axis=0)
    low, high = np.quantile(values, [0.25, 0.75], axis=0)
    spread = (high - low) / 1.349  # the interquartile range of a normal distribution with standard deviation 1
    spread = np.where(spread > 0, spread, values.std(axis=0))
    return np.asarray(np.clip((values - middle) / np.where(spread > 0, spread, 1.0), -MOST, MOST))


def clear_groups(values: Floats, seed: int, max_groups: int = 8, method: Method = "k_means") -> Groups:
    """The groups of the rows of (n, d) scaled values. Raises ValueError for fewer than 2 groups asked."""
    if max_groups < 2:
        raise ValueError("at least 2 groups must be tried")
    nothing = np.empty(0, dtype=np.int64)
    if len(values) < 4 * MIN_SIZE or values.shape[1] == 0 or not values.std(axis=0).any():
        return Groups(nothing, np.empty(0), ())
    scores = components(values)
    generator = np.random.default_rng(seed)
    rows = np.sort(generator.choice(len(scores), MAX_ROWS, replace=False)) if len(scores) > MAX_ROWS else np.arange(len(scores))
    judged = scores[rows]
    trials: list[Trial] = []
    for num in range(2, min(max_groups, len(scores) // (2 * MIN_SIZE)) + 1):
        labels = _fit(judged, num, seed, method)(judged)
        least = float(_jaccards(judged, labels, num, seed + num, method).min())
        if np.bincount(labels, minlength=num).min() * len(scores) < MIN_SIZE * len(judged):
            least = 0.0
        trials.append(Trial(num, round(least, 4), float("nan")))
    stable = [trial for trial in trials if trial.stability >= STABLE]
    if not stable:
        return Groups(nothing, np.empty(0), tuple(trials))
    best = max(trial.stability for trial in stable)
    num = max(trial.num_groups for trial in stable if trial.stability >= best - TIE)
    p = chance(judged, num, seed + 1000, method)
    trials = [Trial(trial.num_groups, trial.stability, p) if trial.num_groups == num else trial for trial in trials]
    if p > MAX_P or valley(judged, _fit(judged, num, seed, method)(judged), num) > MAX_VALLEY:
        return Groups(nothing, np.empty(0), tuple(trials))
    return _largest_first(scores, judged, num, seed, method, tuple(trials))


def components(values: Floats) -> Floats:
    """(n, c) principal components that hold EXPLAINED of the variance, at most MAX_COMPONENTS."""
    centred = values - values.mean(axis=0)
    left, sizes, _ = np.linalg.svd(centred, full_matrices=False)
    total = float(np.sum(sizes**2))
    if total == 0:
        return np.zeros((len(values), 1))
    kept = int(np.searchsorted(np.cumsum(sizes**2) / total, EXPLAINED) + 1)
    kept = min(kept, MAX_COMPONENTS, len(sizes))
    return np.asarray(left[:, :kept] * sizes[:kept])


class _Fit:
    """A fitted clustering: rows -> labels."""

    def __init__(self, model: object) -> None:
        self._model = model

    def __call__(self, values: Floats) -> Labels:
        return np.asarray(self._model.predict(values), dtype=np.int64)  # type: ignore[attr-defined]


def _fit(values: Floats, num: int, seed: int, method: Method, num_starts: int = NUM_STARTS) -> _Fit:
    if method == "mixture":
        from sklearn.mixture import GaussianMixture

        return _Fit(GaussianMixture(num, covariance_type="diag", n_init=num_starts, reg_covar=1e-3, random_state=seed).fit(values))
    from sklearn.cluster import KMeans
    from sklearn.exceptions import ConvergenceWarning

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # fewer different people than groups: not stable, and said so
        return _Fit(KMeans(num, n_init=num_starts, random_state=seed).fit(values))


def _jaccards(values: Floats, labels: Labels, num: int, seed: int, method: Method) -> Floats:
    """(num,) mean over random halves of the likeness of each group with the group of the half's own clustering that fits it best."""
    generator = np.random.default_rng(seed)
    found = np.zeros((NUM_HALVES, num))
    for draw in range(NUM_HALVES):
        half = np.sort(generator.choice(len(values), len(values) // 2, replace=False))
        again = _fit(values[half], num, seed + draw, method, num_starts=2)(values[half])
        both = np.zeros((num, num))
        np.add.at(both, (labels[half], again), 1)
        union = both.sum(axis=1, keepdims=True) + both.sum(axis=0, keepdims=True) - both
        found[draw] = np.max(np.divide(both, union, out=np.zeros_like(both), where=union > 0), axis=1)
    return np.asarray(found.mean(axis=0))


def tightness(values: Floats, labels: Labels) -> float:
    """Cluster index: squares within groups over squares around the mean; 1 = the groups say nothing."""
    total = float(np.sum((values - values.mean(axis=0)) ** 2))
    within = sum(float(np.sum((values[labels == group] - values[labels == group].mean(axis=0)) ** 2)) for group in np.unique(labels))
    return within / total if total > 0 else 1.0


def chance(values: Floats, num: int, seed: int, method: Method) -> float:
    """Monte Carlo p that one normal group with the covariance of the (n, c) components gives `num` groups as tight."""
    generator = np.random.default_rng(seed)
    seen = tightness(values, _fit(values, num, seed, method)(values))
    spread = values.std(axis=0)
    as_tight = 0
    for draw in range(NUM_NULLS):
        null = generator.normal(size=values.shape) * spread
        as_tight += tightness(null, _fit(null, num, seed + draw, method)(null)) <= seen
    return (as_tight + 1) / (NUM_NULLS + 1)


def valley(values: Floats, labels: Labels, num: int) -> float:
    """How deep the dip between the two groups that touch most is: lowest density between their medians over the lower of the two peaks.

    Along the line through both centres, by a Gaussian kernel of Silverman's width (1986, Density Estimation, 3.4); 1 = no dip at all.
    """
    worst = 0.0
    for first in range(num):
        for second in range(first + 1, num):
            pair = values[(labels == first) | (labels == second)]
            own = labels[(labels == first) | (labels == second)] == first
            line = pair[own].mean(axis=0) - pair[~own].mean(axis=0)
            along = pair @ (line / (np.linalg.norm(line) or 1.0))
            width = 0.9 * np.mean([along[own].std(), along[~own].std()]) * len(along) ** -0.2
            low, high = sorted((float(np.median(along[own])), float(np.median(along[~own]))))
            grid = np.linspace(low - (high - low) / 2, high + (high - low) / 2, NUM_GRID)
            density = np.exp(-0.5 * ((grid[:, None] - along[None, :]) / max(float(width), 1e-9)) ** 2).sum(axis=1)
            dip = int(np.argmin(np.where((grid >= low) & (grid <= high), density, np.inf)))
            worst = max(worst, float(density[dip] / min(density[: dip + 1].max(), density[dip:].max())))
    return worst


def _largest_first(scores: Floats, judged: Floats, num: int, seed: int, method: Method, trials: tuple[Trial, ...]) -> Groups:
    fit = _fit(judged, num, seed, method)
    labels, own = fit(scores), fit(judged)
    stability = _jaccards(judged, own, num, seed + num, method)
    order = np.argsort(-np.bincount(labels, minlength=num), kind="stable")
    rank = np.empty(num, dtype=np.int64)
    rank[order] = np.arange(num)
    return Groups(rank[labels], stability[order], trials)
