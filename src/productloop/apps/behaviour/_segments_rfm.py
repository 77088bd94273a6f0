"""Recency, frequency, money: five steps each, and seven segments made of them. Arrays in, arrays out.

Quintiles as in Hughes (1994), Strategic Database Marketing. Cut points are values, not ranks: equal people always get the same score, and
each is rounded down to two significant digits, so that a few new people move nobody. The segments are a grid over recency and the mean of
frequency and money (ours; the usual maps of eleven segments cannot be told apart in small products).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

NUM_DRAWS, NUM_SCORES = 40, 5
NAMES = ("champions", "loyal", "recent", "fading", "slipping_best", "at_risk", "asleep")
GRID = (
    ("asleep", "asleep", "at_risk", "slipping_best", "slipping_best"),
    ("asleep", "asleep", "at_risk", "slipping_best", "slipping_best"),
    ("fading", "fading", "loyal", "loyal", "loyal"),
    ("recent", "recent", "loyal", "champions", "champions"),
    ("recent", "recent", "loyal", "champions", "champions"),
)
"""Segment by recency score (rows 1-5, 5 = most recent) and worth (columns 1-5, mean of frequency and money, halves up)."""


@dataclass(frozen=True, slots=True)
class Rfm:
    """segment (n,) index into NAMES; cut points of recency in days, of frequency and of money (empty without money)."""

    segment: Ints
    recency_cuts: tuple[float, ...]
    frequency_cuts: tuple[float, ...]
    money_cuts: tuple[float, ...]


def rfm(recency_days: Floats, frequency: Floats, money: Floats | None) -> Rfm:
    """The segments of (n,) people."""
    columns = [recency_days, frequency, *([] if money is None else [money])]
    return _by_cuts(columns, [cut_points(column) for column in columns])


def _by_cuts(columns: list[Floats], cuts: list[tuple[float, ...]]) -> Rfm:
    scores = [np.searchsorted(np.array(cut), column, side="right") + 1 for column, cut in zip(columns, cuts, strict=True)]
    recency = 6 - np.clip(scores[0], 1, 5)
    worth = np.floor(np.mean([np.clip(score, 1, 5) for score in scores[1:]], axis=0) + 0.5).astype(np.int64)
    grid = np.array([[NAMES.index(name) for name in row] for row in GRID])
    return Rfm(grid[recency - 1, worth - 1], cuts[0], cuts[1], cuts[2] if len(cuts) > 2 else ())


def cut_points(values: Floats) -> tuple[float, ...]:
    """Four cut points, ascending: the smallest values whose people get 2, 3, 4 and 5; infinite where nobody does.

    A score is the fifth in which the middle of all people with the same value lies, so that a value which two thirds share is a 4 at the
    top and a 2 at the bottom, never a 5 or a 1.
    """
    if not len(values):
        return ()
    found, counts = np.unique(values, return_counts=True)
    middle = (np.cumsum(counts) - counts / 2) / len(values)
    score = np.minimum(np.floor(NUM_SCORES * middle) + 1, NUM_SCORES)
    return tuple(
        _rounded_down(float(found[score >= wanted][0])) if score[-1] >= wanted else math.inf for wanted in range(2, NUM_SCORES + 1)
    )


def _rounded_down(value: float) -> float:
    """Two significant digits, never above the value."""
    if value == 0:
        return 0.0
    unit = 10.0 ** (math.floor(math.log10(abs(value))) - 1)
    return float(f"{math.floor(value / unit + 1e-9) * unit:.6g}")


def stability(columns: list[Floats], segment: Ints, seed: int) -> Floats:
    """(7,) share of a segment's people who stay in it when the cut points come from people drawn anew; NaN for an empty one."""
    generator = np.random.default_rng(seed)
    stayed = np.zeros(len(NAMES))
    for _ in range(NUM_DRAWS):
        rows = generator.integers(0, len(segment), len(segment))
        again = _by_cuts(columns, [cut_points(column[rows]) for column in columns]).segment
        stayed += np.bincount(segment[again == segment], minlength=len(NAMES))
    size = np.bincount(segment, minlength=len(NAMES))
    return np.asarray(np.divide(stayed / NUM_DRAWS, size, out=np.full(len(NAMES), np.nan), where=size > 0))
