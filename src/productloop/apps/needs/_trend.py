"""Which topics grow or fade: the last weeks against those before, as a share of everything said.

Unit: one voice, one topic, one week, so that somebody who writes ten times about it in a week is one. A change may have begun 3 to 8
whole weeks ago; each of these splits is compared with up to 12 whole weeks before it (at least 8) by Fisher's exact test (Fisher 1934) of
equal shares, one-sided, and the clearest one counts. Its p is multiplied by all tests made: 2 directions x splits x topics that are large
enough to pass (Bonferroni over what can be rejected at all; Tarone 1990, Biometrics 46). A finding needs an adjusted p below .03, a
ratio of at least 1.5 and 15 voices in the larger window. Since the splits overlap, the correction is far stricter than it says: the
smallest adjusted p in ten simulated workspaces without any rise is .36. Why not a fixed "last 4 against 8 before": a rise that began six
weeks ago lies in both windows then; on eleven simulated rises, the true needs known, the median p is three thousand times larger.
Interval of the ratio: `learning.intervals.ratio_interval`; of a weekly mean: exact Poisson (Garwood 1936).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from productloop.apps.needs._calendar import Weeks
from productloop.foundation.figures import INTERVAL_LEVEL
from productloop.learning.comparisons import fisher_tail
from productloop.learning.intervals import Interval, ratio_interval

Ints = NDArray[np.int64]
Direction = Literal["growing", "fading", "steady", "unknown"]

FIRST_SPLIT, LAST_SPLIT, USUAL_SPLIT = 3, 8, 4
"""Weeks a change may be old; a topic without a change is described by its last USUAL_SPLIT weeks."""
MIN_BEFORE, MAX_BEFORE = 8, 12
MIN_RATIO, MIN_VOICES, MAX_P = 1.5, 15, 0.03
WEEKS_NEEDED = USUAL_SPLIT + MIN_BEFORE


@dataclass(frozen=True, slots=True)
class Trend:
    """How one topic moved. Means are voices a week; `since` is the first week of the new level, None while nothing changed."""

    direction: Direction
    before: Interval
    now: Interval
    ratio: Interval
    p_adjusted: float
    since: int | None = None


@dataclass(frozen=True, slots=True)
class _Split:
    """Two windows of one topic: voices of the topic and of all topics, before and now."""

    weeks_before: int
    weeks_now: int
    hits_before: int
    hits_now: int
    all_before: int
    all_now: int

    def p(self) -> float:
        """Of the more extreme side."""
        more = fisher_tail(self.hits_now, self.all_now, self.hits_before, self.all_before)
        return min(more, fisher_tail(self.hits_before, self.all_before, self.hits_now, self.all_now))


def comparable(weeks: Weeks) -> bool:
    """Whether there are enough whole weeks for the test."""
    return weeks.num_whole >= WEEKS_NEEDED


def weekly_voices(topic: Ints, voice: Ints, week: Ints, weeks: Weeks, num_topics: int) -> Ints:
    """(topics, weeks) different voices of each topic in each week from `weeks.first` to `weeks.last`; `topic`, `voice`, `week` (p,) of points."""
    counts = np.zeros((num_topics, weeks.last - weeks.first + 1), dtype=np.int64)
    inside = (week >= weeks.first) & (week <= weeks.last) & (topic >= 0)
    once = np.unique(np.column_stack([topic[inside], week[inside] - weeks.first, voice[inside]]), axis=0)
    np.add.at(counts, (once[:, 0], once[:, 1]), 1)
    return counts


def find_trends(weekly: Ints, weeks: Weeks) -> list[Trend]:
    """Trend of each topic; `weekly` as of `weekly_voices`. "unknown" for all where the weeks do not suffice."""
    if not comparable(weeks):
        nothing = Interval(float("nan"), float("nan"), float("nan"))
        return [Trend("unknown", nothing, nothing, nothing, 1.0) for _ in weekly]
    whole = weekly[:, weeks.first_whole - weeks.first : weeks.last_whole - weeks.first + 1]
    sizes = [size for size in range(FIRST_SPLIT, LAST_SPLIT + 1) if size + MIN_BEFORE <= whole.shape[1]]
    num_tests = 2 * len(sizes) * int((whole[:, -(MAX_BEFORE + LAST_SPLIT) :].sum(axis=1) >= MIN_VOICES).sum())
    return [_trend(whole, row, sizes, num_tests, weeks.last_whole) for row in range(len(whole))]


def _trend(whole: Ints, row: int, sizes: list[int], num_tests: int, last: int) -> Trend:
    splits = [_split(whole, row, size) for size in sizes]
    chances = [split.p() for split in splits]
    best = int(np.argmin(chances))
    p = min(1.0, num_tests * chances[best])
    direction = _direction(splits[best], p)
    split = splits[best] if direction != "steady" else splits[sizes.index(USUAL_SPLIT)]
    return Trend(
        direction,
        before=_weekly_mean(split.hits_before, split.weeks_before),
        now=_weekly_mean(split.hits_now, split.weeks_now),
        ratio=ratio_interval(split.hits_now, split.all_now, split.hits_before, split.all_before),
        p_adjusted=p,
        since=None if direction == "steady" else last - split.weeks_now + 1,
    )


def _split(whole: Ints, row: int, size: int) -> _Split:
    now, before = whole[:, -size:], whole[:, -(size + MAX_BEFORE) : -size]
    return _Split(before.shape[1], size, int(before[row].sum()), int(now[row].sum()), int(before.sum()), int(now.sum()))


def _direction(split: _Split, p: float) -> Literal["growing", "fading", "steady"]:
    ratio = ratio_interval(split.hits_now, split.all_now, split.hits_before, split.all_before).value
    if p < MAX_P and ratio >= MIN_RATIO and split.hits_now >= MIN_VOICES:
        return "growing"
    if p < MAX_P and ratio <= 1 / MIN_RATIO and split.hits_before >= MIN_VOICES:
        return "fading"
    return "steady"


def _weekly_mean(count: int, num_weeks: int) -> Interval:
    from scipy.special import gammaincinv

    tail = (1 - INTERVAL_LEVEL) / 2
    low = float(gammaincinv(count, tail)) if count else 0.0
    high = float(gammaincinv(count + 1, 1 - tail))
    return Interval(round(count / num_weeks, 1), round(low / num_weeks, 1), round(high / num_weeks, 1))
