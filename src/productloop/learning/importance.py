"""What a fitted model goes by, seen from outside: which groups of inputs move its answers, and how the answer moves with one input.

Importance    mean size of a group's contribution to the score, as a share of all (for models that can say it exactly: Lundberg and others 2020,
              Nature Machine Intelligence 2), else how far the log-odds move when a group is shuffled among rows (after Fisher, Rudin, Dominici
              2019, "All models are wrong, but many are useful", JMLR 20). Both say what the model leans on, not what is true; neither looks
              at outcomes, so that rows of the training may be used. Intervals: percentile bootstrap over rows.
Curves        partial dependence (Friedman 2001, Annals of Statistics 29): the mean answer when one input is set to a value for everybody, with
              the spread of the single rows' curves (individual conditional expectation: Goldstein and others 2015, JCGS 24). A number that is
              correlated with another would be set to values that never occur beside it; there accumulated local effects are used instead
              (Apley and Zhu 2020, JRSS B 82): differences within narrow bins, summed up. Categories have no neighbours; one that goes together with
              another column (Cramer's V 1946) gets the mean answer of the rows that have it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from productloop.foundation.figures import INTERVAL_LEVEL
from productloop.learning.calibration import SMALLEST
from productloop.learning.columns import Columns
from productloop.learning.intervals import Interval
from productloop.learning.reasons import ColumnGroup, spearman

Floats = NDArray[np.float64]
Chance = Callable[[Columns], Floats]
"""(n,) probability of the class asked about."""

NUM_DRAWS = 300
CORRELATED = 0.5
"""Rank correlation from which setting one number alone makes rows that do not exist (guess)."""
NUM_POINTS = 9
NUM_CATEGORIES = 8
MIN_CATEGORY_ROWS = 20
TAILS = ((1 - INTERVAL_LEVEL) / 2, (1 + INTERVAL_LEVEL) / 2)


@dataclass(frozen=True, slots=True)
class Curve:
    """How the answer moves with one input.

    kind         "values" = partial dependence at numbers, "categories" = at codes, "local" = accumulated local effects, "among" = mean answer of the
                 rows that have the code
    at           (k,) values, or codes with the highest mean first
    mean         (k,) chance
    low, high    (k,) where nine in ten rows lie, or the 90 % interval of the mean ("local")
    """

    kind: Literal["values", "categories", "local", "among"]
    at: Floats
    mean: Floats
    low: Floats
    high: Floats


def contribution_importance(contributions: Floats, groups: Sequence[ColumnGroup], seed: int) -> list[Interval]:
    """Share of each group in all movement of the score. contributions: (n, d + 1) as `Explained` gives for two classes."""
    sizes = np.stack([np.abs(contributions[:, list(group.places)].sum(axis=1)) for group in groups], axis=1)
    return _shares(sizes, seed)


def shuffled_importance(chance: Chance, inputs: Columns, groups: Sequence[ColumnGroup], seed: int) -> list[Interval]:
    """Share of each group in all movement of the log-odds when a group's columns are shuffled together among the rows."""
    random = np.random.default_rng(seed)
    before = _log_odds(chance(inputs))
    moved = []
    for group in groups:
        values = inputs.values.copy()
        values[:, list(group.places)] = values[random.permutation(len(inputs))][:, list(group.places)]
        moved.append(np.abs(_log_odds(chance(Columns(values, inputs.names, inputs.kinds, inputs.num_categories))) - before))
    return _shares(np.stack(moved, axis=1), seed)


def _log_odds(chance: Floats) -> Floats:
    kept = np.clip(chance, SMALLEST, 1 - SMALLEST)
    return np.asarray(np.log(kept) - np.log1p(-kept), dtype=np.float64)


def _shares(sizes: Floats, seed: int) -> list[Interval]:
    """(n, groups) non-negative -> each group's share of the sum of means, with its interval over rows; zeros where nothing moves."""
    num = len(sizes)
    means = sizes.mean(axis=0) if num else np.zeros(sizes.shape[1])
    if not means.sum() > 0:
        return [Interval(0.0, 0.0, 0.0) for _ in means]
    random = np.random.default_rng(seed)
    draws = np.stack([np.bincount(random.integers(0, num, num), minlength=num) for _ in range(NUM_DRAWS)]) @ sizes  # (draws, groups)
    shares = draws / np.maximum(draws.sum(axis=1, keepdims=True), np.finfo(float).tiny)
    low, high = np.quantile(shares, TAILS, axis=0)
    return [Interval(float(one), float(a), float(b)) for one, a, b in zip(means / means.sum(), low, high, strict=True)]


def curve_of(chance: Chance, inputs: Columns, place: int, seed: int) -> Curve | None:
    """The curve of one column over these rows, or None where it does not vary. Categories with fewer than 20 rows are left out."""
    values = inputs.values[:, place]
    known = values[~np.isnan(values)]
    if inputs.kinds[place] == "category":
        codes, counts = np.unique(known[known < inputs.num_categories[place]], return_counts=True)
        most = np.argsort(-counts, kind="stable")[:NUM_CATEGORIES]
        kept = codes[most][counts[most] >= MIN_CATEGORY_ROWS]
        if len(kept) < 2:
            return None
        if any(_cramer(values, inputs.values[:, other]) > CORRELATED for other in np.flatnonzero(inputs.is_category) if other != place):
            return _by_mean(_among(chance, inputs, place, kept))
        return _by_mean(_dependence(chance, inputs, place, kept, "categories"))
    grid = np.unique(np.quantile(known, np.linspace(0.05, 0.95, NUM_POINTS), method="nearest")) if len(known) else known
    if len(grid) < 2:
        return None
    numbers = [other for other, kind in enumerate(inputs.kinds) if kind == "number"]
    related = np.abs(spearman(inputs.values[:, numbers]))[numbers.index(place)]
    if (np.delete(related, numbers.index(place)) > CORRELATED).any() and len(grid) > 2:
        return _local_effects(chance, inputs.take(~np.isnan(values)), place, grid, seed)
    return _dependence(chance, inputs, place, grid, "values")


def _dependence(chance: Chance, inputs: Columns, place: int, grid: Floats, kind: Literal["values", "categories"]) -> Curve:
    repeated = np.repeat(inputs.values, len(grid), axis=0)
    repeated[:, place] = np.tile(grid, len(inputs))
    answers = chance(Columns(repeated, inputs.names, inputs.kinds, inputs.num_categories)).reshape(len(inputs), len(grid))
    low, high = np.quantile(answers, TAILS, axis=0)
    return Curve(kind, grid, answers.mean(axis=0), low, high)


def _among(chance: Chance, inputs: Columns, place: int, codes: Floats) -> Curve:
    answers, values = chance(inputs), inputs.values[:, place]
    parts = [answers[values == code] for code in codes]
    low, high = np.array([np.quantile(part, TAILS) for part in parts]).T
    return Curve("among", codes, np.array([part.mean() for part in parts]), low, high)


def _by_mean(curve: Curve) -> Curve:
    order = np.argsort(-curve.mean, kind="stable")
    return Curve(curve.kind, curve.at[order], curve.mean[order], curve.low[order], curve.high[order])


def _cramer(one: Floats, other: Floats) -> float:
    """Cramer's V of two columns of codes over the rows where both are known: 0 = independent, 1 = one says the other."""
    both = ~np.isnan(one) & ~np.isnan(other)
    first, second = (np.unique(values[both], return_inverse=True)[1] for values in (one, other))
    if not both.any() or first.max() < 1 or second.max() < 1:
        return 0.0
    counts = np.bincount(first * (second.max() + 1) + second, minlength=int((first.max() + 1) * (second.max() + 1))).astype(np.float64)
    table = counts.reshape(int(first.max()) + 1, -1)
    expected = table.sum(axis=1, keepdims=True) * table.sum(axis=0) / table.sum()
    return float(np.sqrt(((table - expected) ** 2 / expected).sum() / table.sum() / (min(table.shape) - 1)))


def _local_effects(chance: Chance, inputs: Columns, place: int, edges: Floats, seed: int) -> Curve:
    """Sum of mean differences within the bins between `edges`, moved so that its mean over the rows is the mean answer."""
    values = inputs.values[:, place]
    bins = np.clip(np.searchsorted(edges, values, side="left") - 1, 0, len(edges) - 2)  # (n,) rows outside the edges: the nearest bin
    ends = []
    for step in (0, 1):
        moved = inputs.values.copy()
        moved[:, place] = edges[bins + step]
        ends.append(chance(Columns(moved, inputs.names, inputs.kinds, inputs.num_categories)))
    rise = ends[1] - ends[0]
    level = chance(inputs)
    random = np.random.default_rng(seed)

    def curve(rows: Floats) -> Floats:
        sizes = np.bincount(bins, rows, minlength=len(edges) - 1)
        steps = np.bincount(bins, rows * rise, minlength=len(edges) - 1) / np.maximum(sizes, 1.0)
        heights = np.concatenate([[0.0], np.cumsum(steps)])
        middle = (heights[:-1] + heights[1:]) / 2
        return np.asarray(heights - middle @ sizes / sizes.sum() + level @ rows / rows.sum(), dtype=np.float64)

    num = len(inputs)
    draws = np.stack([curve(np.bincount(random.integers(0, num, num), minlength=num).astype(np.float64)) for _ in range(NUM_DRAWS)])
    low, high = np.quantile(draws, TAILS, axis=0)
    return Curve("local", edges, np.clip(curve(np.ones(num)), 0.0, 1.0), np.clip(low, 0.0, 1.0), np.clip(high, 0.0, 1.0))
