"""Whether a series left what was expected of it, since when and by how much: a scan over every stretch of the newest values.

    change = find_change(gap, past_gaps, seed)       # Change(start, end, mean, low, high, p)

`gap` (W,) is what came minus what a forecast made before it had said; `past_gaps` (origins, W) is the same for forecasts made at earlier times
(rolling origins), so that a forecast that is often wrong is not taken for a change. For each stretch (one that reaches to the newest value,
or a short one that is over) the sum of gaps is held against its usual size; the largest ratio of all stretches is what is judged, so that
looking everywhere costs nothing extra (scan statistic: Kulldorff 1997, Communications in Statistics 26; for a shift of a mean the maximum
likelihood ratio over all places: Page 1955, Biometrika 42).

How large that maximum gets when nothing changed is simulated: a level and a drift of the forecast's mistakes, drawn with the spread they had at past
origins (Student's t with as many degrees of freedom as there were windows that do not overlap), plus blocks of what is left of past gaps
(moving block bootstrap: Kuensch 1989, Annals of Statistics 17), which keeps the dependence of neighbouring days and tails as heavy as they are.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

NUM_DRAWS = 4000
BLOCK = 7
MIN_ORIGINS = 4
LEAST_FREEDOM = 5
LEAST_OWN = 0.5
"""At least this share of the variance of past levels, and of what noise makes of them, is taken as the forecast's own: a forecast learns its level
from values as noisy as these.
"""
SHORT_WINDOW = 8
"""In a window of no more values every stretch is looked at; in a longer one those that are over are at most half of it."""
LASTS = 0.4
"""A stretch is not over while what follows it is still this share as far off."""
NORMAL_90 = 1.645


@dataclass(frozen=True, slots=True)
class Change:
    """The stretch that stands out most: [start, end) in the window; mean gap per value there with 90 % interval; p over all stretches."""

    start: int
    end: int
    mean: float
    low: float
    high: float
    p: float


def find_change(gap: Floats, past_gaps: Floats, seed: int) -> Change | None:
    """The change of a window (W,), NaN where unknown; None where fewer than MIN_ORIGINS past windows are whole. See the top of the file."""
    width = len(gap)
    past = past_gaps[np.isfinite(past_gaps).all(axis=1)] if past_gaps.size else np.empty((0, width))
    known = np.isfinite(gap)
    if len(past) < MIN_ORIGINS or not known.any():
        return None
    sums = np.concatenate([[0.0], np.cumsum(np.where(known, gap, 0.0))])
    null = _quiet(past, known, seed)
    begins, ends = _stretches(known)
    spread = np.array([np.std(null[end] - null[start]) for start, end in zip(begins, ends, strict=True)])
    spread = np.maximum(spread, 1e-9 * max(float(np.abs(past).max()), float(np.nanmax(np.abs(gap))), 1e-300))
    size = np.abs(sums[ends] - sums[begins]) / spread
    best = int(np.argmax(size))
    largest = np.zeros(NUM_DRAWS)
    for start, end, usual in zip(begins, ends, spread, strict=True):
        np.maximum(largest, np.abs(null[end] - null[start]) / usual, out=largest)
    p = (1 + int((largest >= size[best]).sum())) / (1 + NUM_DRAWS)
    start, end = int(begins[best]), int(ends[best])
    last = int(ends.max())
    if end < last and LASTS * abs(sums[end] - sums[start]) / (end - start) <= np.sign(sums[end] - sums[start]) * (
        sums[last] - sums[end]
    ) / (last - end):
        end = last
    if end == last:
        start = _sharpened(gap, start, end, float(np.sign(sums[end] - sums[start])))
    else:
        start, end = _widened(gap, start, end, float(sums[end] - sums[start]) / (end - start))
    num = int(known[start:end].sum())
    mean, half = float(sums[end] - sums[start]) / num, NORMAL_90 * float(np.std(null[end] - null[start])) / num
    return Change(start, end, mean, mean - half, mean + half, p)


def _sharpened(gap: Floats, start: int, end: int, sign: float) -> int:
    """The start of a stretch that still lasts: the place that splits the window into the two levels closest to it (least squares)."""
    best, found = 0.0, start
    for place in range(1, end):
        before, after = gap[:place][np.isfinite(gap[:place])], gap[place:end][np.isfinite(gap[place:end])]
        if len(before) < 2 or not len(after) or not np.isfinite(gap[place]):
            continue
        step = float(after.mean() - before.mean())
        explained = step**2 * len(before) * len(after) / (len(before) + len(after))
        if step * sign > 0 and explained > best:
            best, found = explained, place
    return found


def _widened(gap: Floats, start: int, end: int, mean: float) -> tuple[int, int]:
    """A stretch that is over, with the values beside it that are still LASTS as far off."""
    while start > 0 and gap[start - 1] * np.sign(mean) >= LASTS * abs(mean):
        start -= 1
    while end < len(gap) and gap[end] * np.sign(mean) >= LASTS * abs(mean):
        end += 1
    return start, end


def _stretches(known: NDArray[np.bool_]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """(begins, ends) of every stretch that is looked at; each begins and ends with a known value."""
    width = len(known)
    longest = width if width <= SHORT_WINDOW else width // 2
    last = int(np.flatnonzero(known)[-1]) + 1
    found = [
        (start, end)
        for start in range(last)
        for end in range(start + 1, last + 1)
        if known[start] and known[end - 1] and (end == last or end - start <= longest)
    ]
    places = np.array(found, dtype=np.int64)
    return places[:, 0], places[:, 1]


def _quiet(past: Floats, known: NDArray[np.bool_], seed: int) -> Floats:
    """(W + 1, NUM_DRAWS) running sums of windows in which nothing changed."""
    random = np.random.default_rng(seed)
    origins, width = past.shape
    time = np.arange(width) - (width - 1) / 2
    level = past.mean(axis=1)
    drift = past @ time / max(float(time @ time), 1.0)
    rest = past - level[:, None] - drift[:, None] * time
    rest *= np.sqrt(width / max(width - 2, 1))
    freedom = max(LEAST_FREEDOM, min(origins - 1, origins * 2 // width + 2))
    block = min(BLOCK, width)
    num = -(-width // block)
    rows = random.integers(0, origins, (NUM_DRAWS, num))
    begins = random.integers(0, width - block + 1, (NUM_DRAWS, num))
    noise = rest[rows[:, :, None], begins[:, :, None] + np.arange(block)].reshape(NUM_DRAWS, -1)[:, :width]
    drawn = random.standard_t(freedom, (2, NUM_DRAWS, 1))
    paths = noise + drawn[0] * _own(level, noise.mean(axis=1)) + drawn[1] * _own(drift, noise @ time / max(float(time @ time), 1.0)) * time
    sums = np.cumsum(np.where(known, paths, 0.0), axis=1)
    return np.ascontiguousarray(np.concatenate([np.zeros((NUM_DRAWS, 1)), sums], axis=1).T)


def _own(seen: Floats, noise: Floats) -> float:
    """How large a level or drift of the forecast's mistakes is by itself: what was seen at past origins less what noise alone makes of it."""
    whole, by_noise = float(np.mean(seen**2)), float(np.mean(noise**2))
    return float(np.sqrt(max(whole - by_noise, LEAST_OWN * max(whole, by_noise))))
