"""How long until it happens: survival curves, their comparison, the risk by age, and how well a score orders people. No model here.

A row is one person: watched from `entry` (0, or later when the record began later: delayed entry) until `exit`, when it `happened` or the
record ended with the person still there (censored: never counted as "no" and never as "yes"). Times in any one unit.

- Curve: Kaplan and Meier (1958, J. Am. Stat. Assoc. 53), with risk sets entry < t <= exit (Tsai, Jewell and Wang 1987, Biometrika 74).
- Band: Greenwood's (1926) variance on the log(-log) scale (Kalbfleisch and Prentice 1980), so that it stays between 0 and 1.
- Median: the first time at which the curve is at or below one half; its limits are where the band crosses (Brookmeyer and Crowley 1982, Biometrics 38).
- Comparison of groups: log-rank (Mantel 1966; Peto and Peto 1972), hypergeometric variance, chi-square with groups - 1 degrees of freedom.
- Rate by age: number happened / time watched in each interval, exact Poisson limits (Garwood 1936, Biometrika 28).
- Order: concordance of Harrell and others (1982, JAMA 247); with `inverse` weights that of Uno and others (2011, Stat. Med. 30).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

import numpy as np
from numpy.typing import NDArray

from productloop.foundation.figures import INTERVAL_LEVEL
from productloop.learning.intervals import Interval

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
CHUNK = 512


@dataclass(frozen=True, slots=True)
class Spans:
    """(n,) watched from `entry` to `exit` (0 <= entry < exit), and whether it `happened` at `exit`."""

    entry: Floats
    exit: Floats
    happened: Flags

    def __post_init__(self) -> None:
        if not (len(self.entry) == len(self.exit) == len(self.happened)):
            raise ValueError("entry, exit and happened must have the same length")
        if len(self.entry) and (float(self.entry.min()) < 0 or bool((self.entry >= self.exit).any())):
            raise ValueError("every span must satisfy 0 <= entry < exit")

    def __len__(self) -> int:
        return len(self.exit)

    def take(self, rows: NDArray[Any]) -> Spans:
        """The spans at these positions, or where this mask is true."""
        return Spans(self.entry[rows], self.exit[rows], self.happened[rows])

    def at_risk(self, times: Floats) -> NDArray[np.int64]:
        """(k,) people watched at each time: entry < t <= exit."""
        left = np.searchsorted(np.sort(self.exit), times, side="left")
        return np.asarray(np.searchsorted(np.sort(self.entry), times, side="left") - left, dtype=np.int64)


def spans_of(exit_: NDArray[Any], happened: NDArray[Any], entry: NDArray[Any] | None = None) -> Spans:
    """Spans from plain arrays; None: everybody is watched from 0."""
    until = np.asarray(exit_, dtype=np.float64)
    begin = np.zeros(len(until)) if entry is None else np.asarray(entry, dtype=np.float64)
    return Spans(begin, until, np.asarray(happened, dtype=bool))


@dataclass(frozen=True, slots=True)
class Curve:
    """Steps of a survival curve: from `times[k]` on, the share `survival[k]` is still there, with its 90 % band; 1 before the first.

    at_risk, events   (k,) people watched just before, and how many it happened to.
    until             the last time anybody was watched; the curve says nothing beyond.
    """

    times: Floats
    survival: Floats
    low: Floats
    high: Floats
    at_risk: NDArray[np.int64]
    events: NDArray[np.int64]
    until: float

    def at(self, moments: NDArray[Any]) -> tuple[Floats, Floats, Floats]:
        """(survival, low, high) at each moment; NaN after `until`."""
        moments = np.asarray(moments, dtype=np.float64)
        place = np.searchsorted(self.times, moments, side="right")
        beyond = moments > self.until
        found = [np.where(beyond, np.nan, np.concatenate([[1.0], values])[place]) for values in (self.survival, self.low, self.high)]
        return found[0], found[1], found[2]

    def quantile(self, gone: float = 0.5) -> Interval:
        """The time by which this share is gone, with limits. NaN where the curve never gets there; infinite limits likewise."""
        value, low, high = (_first_at_or_below(self.times, values, 1 - gone) for values in (self.survival, self.low, self.high))
        return Interval(math.nan if math.isinf(value) else value, low, high)


def _first_at_or_below(times: Floats, values: Floats, level: float) -> float:
    reached = np.flatnonzero(values <= level + 1e-12)
    return float(times[reached[0]]) if len(reached) else math.inf


def kaplan_meier(spans: Spans, min_at_risk: int = 1) -> Curve:
    """The curve. Times with fewer than `min_at_risk` people watched are skipped at the beginning (delayed entry starts with few) and
    end the curve later on.
    """
    times = np.unique(spans.exit[spans.happened])
    risk = spans.at_risk(times)
    enough = risk >= min_at_risk
    until = float(spans.exit.max()) if len(spans) else 0.0
    if min_at_risk > 1 and len(times):
        if not enough.any():
            return _empty(0.0 if spans.entry.max() > 0 else min(until, float(times[0])))
        first = int(np.flatnonzero(enough)[0])
        short = np.flatnonzero(~enough[first:])
        last = first + int(short[0]) if len(short) else len(times)
        until = min(until, float(times[last])) if last < len(times) else _last_watched(spans, min_at_risk)
        times, risk = times[first:last], risk[first:last]
    events = np.bincount(np.searchsorted(times, spans.exit[spans.happened & np.isin(spans.exit, times)]), minlength=len(times))
    if not len(times):
        return _empty(until)
    survival = np.asarray(np.cumprod(1.0 - events / risk), dtype=np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        variance = np.cumsum(np.where(risk > events, events / (risk * np.maximum(risk - events, 1.0)), np.inf))
        spread = NormalDist().inv_cdf(0.5 + INTERVAL_LEVEL / 2) * np.sqrt(variance) / np.abs(np.log(survival))
        low, high = (np.asarray(survival ** np.exp(sign * spread), dtype=np.float64) for sign in (1, -1))
    gone = survival <= 0
    if gone.any():  # nobody is left: no variance; the last band above it still holds
        before = high[~gone][-1] if (~gone).any() else 1.0
        low, high = np.where(gone, 0.0, low), np.where(gone, before, high)
    return Curve(times, survival, low, high, risk, events.astype(np.int64), until)


def _last_watched(spans: Spans, min_at_risk: int) -> float:
    """The last exit before which at least so many people are watched."""
    ends = np.unique(spans.exit)
    enough = spans.at_risk(ends) >= min_at_risk
    return float(ends[enough][-1]) if enough.any() else 0.0


def _empty(until: float) -> Curve:
    none, whole = np.zeros(0), np.zeros(0, dtype=np.int64)
    return Curve(none, none, none, none, whole, whole, until)


@dataclass(frozen=True, slots=True)
class LogRank:
    """Chi-square with `degrees` degrees of freedom and its p; (groups,) how often it happened and how often it would without a difference."""

    chi_square: float
    degrees: int
    p: float
    happened: Floats
    expected: Floats


def log_rank(spans: Spans, groups: NDArray[Any]) -> LogRank:
    """Whether the groups (n,) codes 0, 1, ... differ. p = 1 where nothing can be compared."""
    codes = np.unique(groups, return_inverse=True)[1]
    size = int(codes.max()) + 1 if len(codes) else 0
    times = np.unique(spans.exit[spans.happened])
    risk = (
        np.stack([spans.take(codes == code).at_risk(times) for code in range(size)], axis=1).astype(np.float64)
        if size
        else np.zeros((0, 0))
    )
    happened, expected = np.zeros(size), np.zeros(size)
    covariance = np.zeros((size, size))
    for place, moment in enumerate(times):
        now = spans.happened & (spans.exit == moment)
        counts = np.bincount(codes[now], minlength=size).astype(np.float64)
        total, events = float(risk[place].sum()), float(counts.sum())
        share = risk[place] / total
        happened += counts
        expected += events * share
        if total > 1:
            covariance += events * (total - events) / (total - 1) * (np.diag(share) - np.outer(share, share))
    if size < 2 or not len(times):
        return LogRank(0.0, max(size - 1, 0), 1.0, happened, expected)
    gap = (happened - expected)[1:]
    variance = covariance[1:, 1:]
    rank = int(np.linalg.matrix_rank(variance))
    if rank == 0:
        return LogRank(0.0, 0, 1.0, happened, expected)
    from scipy.special import chdtrc

    chi_square = max(0.0, float(gap @ np.linalg.pinv(variance) @ gap))
    return LogRank(chi_square, rank, float(chdtrc(rank, chi_square)), happened, expected)


@dataclass(frozen=True, slots=True)
class Rates:
    """Rate per unit of time in intervals [edges[k], edges[k + 1]): happened / watched, with exact 90 % limits; NaN where nobody was watched."""

    edges: Floats
    happened: NDArray[np.int64]
    watched: Floats
    rate: Floats
    low: Floats
    high: Floats


def rates_by_age(spans: Spans, edges: NDArray[Any]) -> Rates:
    """(k,) rates between the k + 1 ascending edges. What happens exactly at an edge belongs to the interval before it."""
    from scipy.special import gammaincinv

    edges = np.asarray(edges, dtype=np.float64)
    begin, end = edges[:-1], edges[1:]
    inside = np.clip(np.minimum(spans.exit[:, None], end) - np.maximum(spans.entry[:, None], begin), 0.0, None)
    watched = inside.sum(axis=0)
    place = np.searchsorted(edges, spans.exit[spans.happened], side="left") - 1
    place = place[(place >= 0) & (place < len(begin))]
    happened = np.bincount(place, minlength=len(begin)).astype(np.int64)
    tail = (1 - INTERVAL_LEVEL) / 2
    with np.errstate(divide="ignore", invalid="ignore"):
        safe = np.where(watched > 0, watched, np.nan)
        low = np.where(happened > 0, gammaincinv(np.maximum(happened, 1), tail), 0.0) / safe
        high = gammaincinv(happened + 1.0, 1 - tail) / safe
    return Rates(edges, happened, watched, happened / safe, low, high)


def concordance(spans: Spans, risk: NDArray[Any], inverse: bool = False) -> float:
    """Of all pairs whose order is known, the share in which the one it happened to first has the higher `risk`; ties in risk half.

    A pair is known when it happened to one of them and the other was still there (also when seen last at that very moment). `inverse`: each pair
    counts by the inverse square of the chance to still be watched then (Uno), so that it does not depend on how long people were watched.
    NaN without a known pair. Entries are ignored.
    """
    risk = np.asarray(risk, dtype=np.float64)
    cases = np.flatnonzero(spans.happened)
    weight = np.ones(len(cases))
    if inverse:
        censoring = kaplan_meier(Spans(np.zeros(len(spans)), spans.exit, ~spans.happened))
        before = np.searchsorted(censoring.times, spans.exit[cases], side="left")
        stays = np.concatenate([[1.0], censoring.survival])[before]
        weight = np.where(stays > 0, 1.0 / np.maximum(stays, 1e-12) ** 2, 0.0)
    above = total = 0.0
    for start in range(0, len(cases), CHUNK):
        rows, share = cases[start : start + CHUNK], weight[start : start + CHUNK]
        later = (spans.exit > spans.exit[rows, None]) | ((spans.exit == spans.exit[rows, None]) & ~spans.happened)
        gap = np.sign(risk[rows, None] - risk)
        total += float(share @ later.sum(axis=1))
        above += float(share @ (later * (0.5 + 0.5 * gap)).sum(axis=1))
    return above / total if total > 0 else math.nan
