"""Drift: do the rows a model sees today look like those it learned from?

The population stability index, sum over bins of (now - then) * ln(now / then), per column (Siddiqi 2006, Credit Risk Scorecards: below .1
stable, .1 to .25 look, above .25 act). Number columns are cut at the deciles of the training rows, category columns by code; missing and
never-seen values have bins of their own. Bins are fixed at training and saved with the release.

With few rows the index is large by chance alone: without any change it is about chi-squared with (bins - 1) degrees of freedom times
(1 / n_then + 1 / n_now) (Yurdakul and Naranjo 2020, Journal of Risk Model Validation 14). A column is judged only if chance alone stays
below .1 nineteen times in twenty; else the answer is "not enough".
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from statistics import NormalDist
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from productloop.learning.columns import ColumnKind, Columns

Floats = NDArray[np.float64]
Verdict = Literal["stable", "moderate", "large", "not enough"]

MODERATE, LARGE = 0.10, 0.25
NUM_BINS = 10
CHANCE = 0.95


@dataclass(frozen=True, slots=True)
class Bins:
    """One column at training: inner `edges` of its number bins (or the number of its codes) and the count in each bin.

    Bins are: number intervals (edge <= x) or codes, then "never seen" (categories only, 0 for numbers), then "missing".
    """

    name: str
    kind: ColumnKind
    edges: tuple[float, ...]
    num_categories: int
    counts: tuple[int, ...]

    def count(self, values: Floats) -> NDArray[np.int64]:
        """(bins,) how many of (n,) values fall into each bin."""
        present = values[~np.isnan(values)]
        if self.kind == "number":
            size = len(self.edges) + 1
            places = np.searchsorted(np.array(self.edges), present, side="right")
        else:
            size = self.num_categories
            places = np.where((present < 0) | (present >= size), size, present).astype(np.intp)
        counts = np.bincount(places, minlength=size + 1)
        return np.append(counts, len(values) - len(present)).astype(np.int64)


@dataclass(frozen=True, slots=True)
class ColumnDrift:
    """What became of one column. `psi` is None when there are not enough rows; `min_rows`: how many of now would do (None: never,
    the training was too small).
    """

    name: str
    psi: float | None
    verdict: Verdict
    num_rows: int
    min_rows: int | None


def learn_bins(columns: Columns) -> tuple[Bins, ...]:
    """Fix the bins of every column on the training rows. Equal edges merge, so a column of few values gets few bins."""
    bins = []
    for place, (name, kind, size) in enumerate(zip(columns.names, columns.kinds, columns.num_categories, strict=True)):
        values = columns.values[:, place]
        present = values[~np.isnan(values)]
        edges: tuple[float, ...] = ()
        if kind == "number" and len(present):
            inner = np.unique(np.quantile(present, np.arange(1, NUM_BINS) / NUM_BINS, method="inverted_cdf"))
            edges = tuple(float(edge) for edge in inner if edge > present.min())  # an edge at the minimum would cut off nothing
        empty = Bins(name, kind, edges, size, ())
        bins.append(Bins(name, kind, edges, size, tuple(int(count) for count in empty.count(values))))
    return tuple(bins)


def measure_drift(bins: tuple[Bins, ...], columns: Columns) -> tuple[ColumnDrift, ...]:
    """One line per column, in the order of the training. `columns` must have the names of the training, in that order."""
    assert tuple(one.name for one in bins) == columns.names, "drift needs the columns of the training"
    return tuple(_judge(one, columns.values[:, place]) for place, one in enumerate(bins))


def psi(then: NDArray[Any], now: NDArray[Any]) -> float:
    """Population stability index of two (bins,) count vectors; half a row is added to each bin so that an empty one stays finite."""
    used = (np.asarray(then) + np.asarray(now)) > 0
    first, second = then[used] + 0.5, now[used] + 0.5
    shares_then, shares_now = first / first.sum(), second / second.sum()
    return float(((shares_now - shares_then) * np.log(shares_now / shares_then)).sum())


def describe_bins(bins: tuple[Bins, ...]) -> list[dict[str, Any]]:
    """Ready for JSON."""
    return [asdict(one) for one in bins]


def bins_from(description: list[dict[str, Any]]) -> tuple[Bins, ...]:
    """Inverse of `describe_bins`."""
    return tuple(Bins(**{**one, "edges": tuple(one["edges"]), "counts": tuple(one["counts"])}) for one in description)


def _judge(bins: Bins, values: Floats) -> ColumnDrift:
    then, now = np.array(bins.counts), bins.count(values)
    freedom = max(1, int(((then + now) > 0).sum()) - 1)
    # chance alone stays below MODERATE where 1 / n_then + 1 / n_now <= room
    room = MODERATE / _chi_squared_quantile(freedom, CHANCE) - 1.0 / max(1, int(then.sum()))
    min_rows = math.ceil(1.0 / room) if room > 0 else None
    if min_rows is None or len(values) < min_rows:
        return ColumnDrift(bins.name, None, "not enough", len(values), min_rows)
    index = psi(then, now)
    verdict: Verdict = "stable" if index < MODERATE else "moderate" if index < LARGE else "large"
    return ColumnDrift(bins.name, index, verdict, len(values), min_rows)


def _chi_squared_quantile(freedom: int, share: float) -> float:
    """Wilson and Hilferty 1931 (PNAS 17), within 2 % for 1 degree of freedom and better above: enough for a rule of thumb."""
    part = 2.0 / (9.0 * freedom)
    return freedom * (1.0 - part + NormalDist().inv_cdf(share) * math.sqrt(part)) ** 3
