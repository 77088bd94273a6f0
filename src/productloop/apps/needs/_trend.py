"""Which topics grow or fade: the last four whole weeks against the eight before, as a share of everything said.

Unit: one voice, one topic, one week, so that somebody who writes ten times about it in a week is one. Test: Fisher's exact test (Fisher
1934) that the topic's share is the same in both windows, one-sided, times twice the number of topics (Bonferroni). A finding needs an
adjusted p below .002, a ratio of at least 1.5 and 15 voices in the larger window: with these, chance alone puts a finding on the first
page of one workspace in 500. Interval of the ratio: `learning.intervals.ratio_interval`; of a weekly mean: exact Poisson (Garwood 1936).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from productloop.apps.needs._calendar import Weeks
from productloop.foundation.figures import INTERVAL_LEVEL
from productloop.learning.intervals import Interval, ratio_interval

Ints = NDArray[np.int64]
Direction = Literal["growing", "fading", "steady", "unknown"]

WEEKS_NOW, WEEKS_BEFORE = 4, 8
MIN_RATIO, MIN_VOICES, MAX_P = 1.5, 15, 0.002


@dataclass(frozen=True, slots=True)
class Trend:
    """How one topic moved. Means are voices a week; `since` is the first week of the new level, None while nothing changed."""

    direction: Direction
    before: Interval
    now: Interval
    ratio: Interval
    p_adjusted: float
    num_now: int
    since: int | None = None


def comparable(weeks: Weeks) -> bool:
    """Whether there are enough whole weeks for the test."""
    return weeks.num_whole >= WEEKS_NOW + WEEKS_BEFORE


def weekly_voices(topic: Ints, voice: Ints, weeks: Weeks, num_topics: int) -> Ints:
    """(topics, weeks) different voices of each topic in each week from `weeks.first` to `weeks.last`."""
    counts = np.zeros((num_topics, weeks.last - weeks.first + 1), dtype=np.int64)
    inside = (weeks.week >= weeks.first) & (weeks.week <= weeks.last) & (topic >= 0)
    once = np.unique(np.column_stack([topic[inside], weeks.week[inside] - weeks.first, voice[inside]]), axis=0)
    np.add.at(counts, (once[:, 0], once[:, 1]), 1)
    return counts


def find_trends(weekly: Ints, weeks: Weeks) -> list[Trend]:
    """Trend of each topic; `weekly` as of `weekly_voices`. "unknown" for all where the weeks do not suffice."""
    if not comparable(weeks):
        nothing = Interval(float("nan"), float("nan"), float("nan"))
        return [Trend("unknown", nothing, nothing, nothing, 1.0, 0) for _ in weekly]
    end = weeks.last_whole - weeks.first + 1
    late, early = weekly[:, end - WEEKS_NOW : end], weekly[:, end - WEEKS_NOW - WEEKS_BEFORE : end - WEEKS_NOW]
    all_late, all_early = int(late.sum()), int(early.sum())
    trends = []
    for row in range(len(weekly)):
        a, b = int(late[row].sum()), int(early[row].sum())
        ratio = ratio_interval(a, all_late, b, all_early)
        p = min(1.0, 2 * len(weekly) * min(_fisher(a, all_late, b, all_early), _fisher(b, all_early, a, all_late)))
        direction = _direction(ratio.value, a, b, p)
        since = None
        if direction in ("growing", "fading"):
            window = slice(end - WEEKS_NOW - WEEKS_BEFORE, end)
            since = weeks.first + window.start + _change_point(weekly[row, window], weekly[:, window].sum(axis=0))
        trends.append(Trend(direction, _weekly_mean(b, WEEKS_BEFORE), _weekly_mean(a, WEEKS_NOW), ratio, p, a, since))
    return trends


def _direction(ratio: float, num_now: int, num_before: int, p: float) -> Direction:
    if p < MAX_P and ratio >= MIN_RATIO and num_now >= MIN_VOICES:
        return "growing"
    if p < MAX_P and ratio <= 1 / MIN_RATIO and num_before >= MIN_VOICES:
        return "fading"
    return "steady"


def _fisher(hits: int, total: int, other_hits: int, other_total: int) -> float:
    """Chance of at least `hits` of `total` if both windows have one share."""
    from scipy.stats import hypergeom

    return float(hypergeom.sf(hits - 1, total + other_total, hits + other_hits, total))


def _weekly_mean(count: int, num_weeks: int) -> Interval:
    from scipy.special import gammaincinv

    tail = (1 - INTERVAL_LEVEL) / 2
    low = float(gammaincinv(count, tail)) if count else 0.0
    return Interval(count / num_weeks, low / num_weeks, float(gammaincinv(count + 1, 1 - tail)) / num_weeks)


def _change_point(counts: Ints, totals: Ints) -> int:
    """First week of the new level: the split with the highest binomial likelihood of two constant shares (Hinkley 1970, Biometrika 57)."""

    def likelihood(hits: float, total: float) -> float:
        share = hits / total if total else 0.0
        return sum(n * float(np.log(p)) for n, p in ((hits, share), (total - hits, 1 - share)) if n > 0)

    splits = range(1, len(counts))
    fits = [likelihood(counts[:at].sum(), totals[:at].sum()) + likelihood(counts[at:].sum(), totals[at:].sum()) for at in splits]
    return 1 + int(np.argmax(fits))
