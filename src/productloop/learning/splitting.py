"""Splits: which rows teach and which rows judge.

Time first: rows that have dates are split by time with a gap as long as the outcome takes to be known, else the future leaks into the
training (Kaufman and others 2012, "Leakage in data mining", ACM TKDD 6). With groups given, one subject never stands on both sides.
Everything is decided by the seed and the order of the rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Split:
    """Positions of the rows that teach and of those that judge; no row is in both."""

    train: NDArray[np.intp]
    test: NDArray[np.intp]


def stratified_folds(outcomes: NDArray[Any], num_folds: int, seed: int, groups: NDArray[Any] | None = None) -> tuple[Split, ...]:
    """`num_folds` splits; each row judges once and each fold has about the same share of each class.

    outcomes: (n,) class codes. groups: (n,) subject of each row; a subject's rows stay together and the subject counts by its most
    frequent class. Fewer rows (or subjects) than folds give as many folds as there are rows; at least two are needed.
    """
    outcomes = np.asarray(outcomes)
    subjects = np.arange(len(outcomes)) if groups is None else np.unique(np.asarray(groups), return_inverse=True)[1]
    labels = _majority(subjects, outcomes)
    num_folds = min(num_folds, len(labels))
    assert num_folds >= 2, "folds need at least two subjects"
    shuffled = np.random.default_rng(seed).permutation(len(labels))
    dealt = shuffled[np.argsort(labels[shuffled], kind="stable")]  # class by class, in random order, dealt like cards
    fold_of_subject = np.empty(len(labels), dtype=np.intp)
    fold_of_subject[dealt] = np.arange(len(labels)) % num_folds
    fold = fold_of_subject[subjects]
    return tuple(Split(np.flatnonzero(fold != number), np.flatnonzero(fold == number)) for number in range(num_folds))


def split_by_time(times: NDArray[Any], test_share: float, gap: Any = 0, groups: NDArray[Any] | None = None) -> Split:
    """The newest rows judge, the older ones teach.

    times: (n,) numbers or datetime64. test_share: in (0, 1), share of rows that judge; rows of the same instant stay together.
    gap: rows within `gap` before the first judged row (same unit as `times`) belong to neither side.
    groups: (n,) subjects; a subject that judges does not teach.
    """
    assert 0 < test_share < 1, f"test_share must be between 0 and 1, got {test_share}"
    times = np.asarray(times)
    ordered = np.sort(times)
    cut = ordered[len(times) - max(1, round(test_share * len(times)))]
    return _split_at(times, cut, times.max(), gap, groups)


def forward_folds(times: NDArray[Any], num_folds: int, gap: Any = 0, groups: NDArray[Any] | None = None) -> tuple[Split, ...]:
    """Splits that roll forward: each of the `num_folds` newest periods (of equal row counts) is judged by what came before it.

    (Hyndman and Athanasopoulos, Forecasting: Principles and Practice, 3rd ed., 5.10.) Periods that share one instant merge; a fold
    without teaching rows is left out, so the result may have fewer splits, or none.
    """
    times = np.asarray(times)
    ordered = np.sort(times)
    starts = np.unique(ordered[[len(times) * number // (num_folds + 1) for number in range(1, num_folds + 1)]])
    ends = [*(ordered[np.searchsorted(ordered, start) - 1] for start in starts[1:]), ordered[-1]]
    splits = (_split_at(times, start, end, gap, groups) for start, end in zip(starts, ends, strict=True))
    return tuple(split for split in splits if len(split.train) and len(split.test))


def _split_at(times: NDArray[Any], start: Any, end: Any, gap: Any, groups: NDArray[Any] | None) -> Split:
    judged = (times >= start) & (times <= end)
    teaches = times + gap < start
    if groups is not None:
        teaches &= ~np.isin(groups, np.asarray(groups)[judged])
    return Split(np.flatnonzero(teaches), np.flatnonzero(judged))


def _majority(subjects: NDArray[np.intp], outcomes: NDArray[Any]) -> NDArray[np.intp]:
    """(subjects,) most frequent class code of each subject; the lowest code on a tie."""
    codes = np.unique(outcomes, return_inverse=True)[1]
    num_codes = int(codes.max()) + 1
    pairs, counts = np.unique(subjects * num_codes + codes, return_counts=True)
    owner, code = pairs // num_codes, pairs % num_codes
    best = np.lexsort((code, -counts, owner))
    first = np.concatenate([[True], np.diff(owner[best]) > 0])
    return np.asarray(code[best][first], dtype=np.intp)
