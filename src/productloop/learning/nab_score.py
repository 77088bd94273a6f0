"""The score of the Numenta Anomaly Benchmark: how early anomalies are found, and at the cost of how many false alarms.

Written from its description (Lavin and Ahmad 2015, Evaluating real-time anomaly detection algorithms: the Numenta Anomaly Benchmark,
arXiv 1510.03336; ICMLA 2015):
- Around each labelled anomaly lies a window; the windows of a file are 10 % of its rows together. Only the first detection in a
  window counts: it earns the weight of a true positive times a sigmoid that is nearly 1 at the left edge and 0 at the right one.
- A detection outside every window costs the weight of a false positive times the same sigmoid carried on to the right of the last
  window before it (distance in widths of that window), and the whole weight from three widths on or before the first window.
- A window without a detection costs the weight of a false negative.
- The first 15 % of a file, at most 750 rows, are for learning: nothing there counts.
- One threshold for all files. Normalised: 100 * (score - null) / (perfect - null), where null detects nothing and perfect everything at once.
Standard profile: weights 1 (true positive), .11 (false positive), 1 (false negative).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Window = tuple[int, int]
"""First and last row of an anomaly window, both inside."""

PROBATION_SHARE, MAX_PROBATION = 0.15, 750
STEEPNESS = 5.0
FAR_WIDTHS = 3.0


@dataclass(frozen=True, slots=True)
class Profile:
    """What a true positive is worth, what a false positive and a false negative cost."""

    true_positive: float
    false_positive: float
    false_negative: float


STANDARD = Profile(1.0, 0.11, 1.0)


@dataclass(frozen=True, slots=True)
class Scored:
    """One file: the score a detector gave each row (n,), and its windows in order."""

    scores: Floats
    windows: tuple[Window, ...]


def probation(num_rows: int) -> int:
    """Rows at the beginning that do not count."""
    return min(int(PROBATION_SHARE * num_rows), MAX_PROBATION)


def row_values(num_rows: int, windows: Sequence[Window], profile: Profile = STANDARD) -> tuple[Floats, NDArray[np.int64]]:
    """((n,) what a detection at each row adds to the score, (n,) the window the row lies in, -1 = none, -2 = does not count)."""
    rows = np.arange(num_rows)
    place = np.full(num_rows, -1, dtype=np.int64)
    distance = np.full(num_rows, np.inf)  # in widths of the window, from its right edge
    for number, (first, last) in enumerate(windows):
        width = last - first + 1
        inside = (rows >= first) & (rows <= last)
        place[inside] = number
        distance[inside] = -(last - rows[inside] + 1) / width
        distance[rows > last] = (rows[rows > last] - last) / max(width - 1, 1)
    value = np.where(distance >= FAR_WIDTHS, -1.0, _sigmoid(np.minimum(distance, FAR_WIDTHS)))
    top = float(_sigmoid(np.array([-1.0]))[0])
    value = np.where(place >= 0, value / top * profile.true_positive, value * profile.false_positive)
    place[: probation(num_rows)] = -2
    return value, place


def raw_score(detected: NDArray[np.bool_], windows: Sequence[Window], profile: Profile = STANDARD) -> float:
    """The score of one file, not normalised. `detected` (n,) rows that raised an alarm."""
    value, place = row_values(len(detected), windows, profile)
    total = float(value[detected & (place == -1)].sum())
    for number in range(len(windows)):
        mine = place == number
        if mine.any():
            hits = value[detected & mine]
            total += float(hits.max()) if len(hits) else -profile.false_negative
    return total


def normalised(raw: float, num_windows: int, profile: Profile = STANDARD) -> float:
    """The score over all files on the scale on which a detector that never speaks has 0 and a perfect one 100. NaN without windows."""
    null, perfect = -profile.false_negative * num_windows, profile.true_positive * num_windows
    return 100.0 * (raw - null) / (perfect - null) if num_windows else float("nan")


def score_at(files: Sequence[Scored], threshold: float, profile: Profile = STANDARD) -> float:
    """The normalised score of all files at one threshold: a row whose score reaches it is a detection."""
    raw = sum(raw_score(file.scores >= threshold, file.windows, profile) for file in files)
    return normalised(raw, sum(len(file.windows) for file in files), profile)


def best_threshold(files: Sequence[Scored], profile: Profile = STANDARD) -> tuple[float, float]:
    """(the threshold with the highest score over all files, that normalised score); infinity where silence is best."""
    parts: list[Floats] = []  # (rows, 2): score of the row, what the total gains once rows down to it are detections
    for file in files:
        value, place = row_values(len(file.scores), file.windows, profile)
        outside = place == -1
        parts.append(np.column_stack([file.scores[outside], value[outside]]))
        for number in range(len(file.windows)):
            mine = place == number
            order = np.argsort(-file.scores[mine], kind="stable")
            scores, reached = file.scores[mine][order], np.maximum.accumulate(value[mine][order])
            gain = np.diff(reached, prepend=-profile.false_negative)
            parts.append(np.column_stack([scores, gain]))
    rows = np.concatenate(parts) if parts else np.empty((0, 2))
    rows = rows[np.argsort(-rows[:, 0], kind="stable")]
    num = sum(len(file.windows) for file in files)
    total = -profile.false_negative * num + np.cumsum(rows[:, 1])
    last = np.append(np.flatnonzero(np.diff(rows[:, 0])), len(rows) - 1) if len(rows) else np.empty(0, dtype=np.int64)
    if not len(last) or total[last].max() <= -profile.false_negative * num:
        return float("inf"), normalised(-profile.false_negative * num, num, profile)
    best = last[int(np.argmax(total[last]))]
    return float(rows[best, 0]), normalised(float(total[best]), num, profile)


def _sigmoid(distance: Floats) -> Floats:
    """1 far to the left of a window's right edge, 0 at it, -1 far to the right."""
    return np.asarray(2.0 / (1.0 + np.exp(STEEPNESS * distance)) - 1.0)
