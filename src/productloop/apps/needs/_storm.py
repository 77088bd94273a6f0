"""When unhappy people are more than the weeks before explain: since when, the peak, until when. Counts in, storms out.

Counted are arrivals: the first unhappy text of each voice on each day of the product's own calendar, so that a person who posts two
hundred times is one. The method is that of outbreak detection (Noufaily et al., An improved algorithm for outbreak detection in multiple
surveillance systems, Statistics in Medicine 32(7), 2013): expected from calm days only, an upper limit of the negative binomial, and days
already found are no past of later ones; here with weekdays, hours of the day and a trailing window of weeks instead of years.

- expected: mean of the last LEVEL_DAYS calm days, times the weekday (over PAST_DAYS, drawn towards 1), times more where content people
  grow as well (a launch), times the hour of the day;
- spread: variance mean + mean^2 / size, of calm days (method of moments), plus the uncertainty of the mean itself;
- windows of WINDOW_HOURS that end in each hour, or single days where only dates are known; chance of a false alarm FALSE_ALARMS in the
  whole series (Bonferroni);
- start: of the stretch with the largest likelihood ratio of a raised rate (Kulldorff, A spatial scan statistic, Communications in
  Statistics 26(6), 1997, in time alone); end: where the sum of gains at the root of the storm's ratio (twice the usual or more) is
  highest (Page, Continuous inspection schemes, Biometrika 41, 1954).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

MIN_VOICES, MIN_RATIO = 8, 2.0
"""A storm has at least this many unhappy voices and is at least this many times the usual."""
FALSE_ALARMS = 0.01
LEVEL_DAYS, PAST_DAYS, MIN_PAST_DAYS = 28, 56, 14
WINDOW_HOURS = (1, 6, 24)
CALM_HOURS = 12
"""A storm is over when this long has passed since its last hour above twice the usual (dates only: a whole day)."""
ONE_HOUR_SHARE = 0.9
"""From this share of texts in the same hour of the day on, times are dates without an hour."""
MIN_SPREAD = 0.03
"""Days differ by at least a sixth (.03 is the square) beyond chance, however even the few weeks before looked."""
_PRIOR_WEEKDAY, _PRIOR_HOURS = 2.0, 24.0
"""Weight of a flat week in days, and of a flat day in voices."""
_DAY_HOURS, _WEEK_DAYS = 24, 7
_QUARTER_US = 900_000_000
_LIMITS = 0.05
MAX_SCANNED = 600
"""Periods at the beginning of a storm in which its start is sought."""


@dataclass(frozen=True, slots=True)
class Arrivals:
    """Unhappy and content voices by hour (or by day) of the local calendar; period 0 is hour `first` since 1970-01-01 there."""

    first: int
    hours: int
    """Length of a period: 1, or 24 where only dates are known."""
    unhappy: Floats
    """(t,)"""
    content: Floats
    """(t,)"""

    @property
    def num_days(self) -> int:
        """Days on the calendar; the last may be open."""
        return -(-len(self.unhappy) * self.hours // _DAY_HOURS)

    def when(self, period: int) -> datetime:
        """Local start of a period, without a zone."""
        return datetime(1970, 1, 1) + timedelta(hours=self.first + period * self.hours)


@dataclass(frozen=True, slots=True)
class Expected:
    """What is usual in each of t periods, and how surely."""

    mean: Floats
    """(t,) NaN where there are no two weeks before."""
    size: Floats
    """(t,) of the negative binomial."""


@dataclass(frozen=True, slots=True)
class Storm:
    """Periods [start, end)."""

    start: int
    end: int
    peak: int
    running: bool
    num_expected: float


def local_hours(time_us: Ints, time_zone: str) -> Ints:
    """Hours since 1970-01-01 00:00 on the local calendar, (n,). Offsets are asked once per quarter of an hour."""
    zone = ZoneInfo(time_zone)
    quarters, inverse = np.unique(time_us // _QUARTER_US, return_inverse=True)
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    offsets = [(epoch + timedelta(minutes=15 * int(quarter))).astimezone(zone).utcoffset() for quarter in quarters]
    minutes = np.array([0 if offset is None else int(offset.total_seconds()) // 60 for offset in offsets], dtype=np.int64)
    return np.asarray((15 * quarters + minutes) // 60, dtype=np.int64)[inverse]


def only_dates(hour: Ints) -> bool:
    """Whether nearly all texts lie in one hour of the day: dates without an hour."""
    return len(hour) > 0 and bool(np.bincount(hour % _DAY_HOURS).max() >= ONE_HOUR_SHARE * len(hour))


def first_of_day(hour: Ints, voice: Ints, rows: Ints) -> Ints:
    """The rows that are the first of their voice on their day, by time."""
    ordered = rows[np.argsort(hour[rows], kind="stable")]
    key = hour[ordered] // _DAY_HOURS * (int(voice.max(initial=0)) + 1) + voice[ordered]
    _, first = np.unique(key, return_index=True)
    return np.asarray(ordered[np.sort(first)], dtype=np.int64)


def count_arrivals(hour: Ints, voice: Ints, unhappy: Flags, content: Flags, until: int) -> Arrivals:
    """Voices by hour, from midnight of the first day to the hour `until`; by day where only dates are known. `hour` -1: no date."""
    known = (hour >= 0) & (hour <= until)
    dates = only_dates(hour[known])
    hours = _DAY_HOURS if dates else 1
    start = int(hour[known].min()) // _DAY_HOURS * _DAY_HOURS
    size = (until - start) // hours + 1
    counted = []
    for wanted in (unhappy, content):
        rows = first_of_day(hour, voice, np.flatnonzero(known & wanted))
        counted.append(np.bincount((hour[rows] - start) // hours, minlength=size).astype(np.float64))
    return Arrivals(start, hours, counted[0], counted[1])


def by_day(values: Floats, hours: int) -> Floats:
    """Sums of whole days; the last may be open."""
    if hours == _DAY_HOURS:
        return values
    padded = np.concatenate([values, np.zeros(-len(values) % _DAY_HOURS)])
    return np.asarray(padded.reshape(-1, _DAY_HOURS).sum(axis=1), dtype=np.float64)


def expect(arrivals: Arrivals) -> tuple[Expected, list[Storm]]:
    """(what is usual in each period, the storms found, oldest first)."""
    days, content = by_day(arrivals.unhappy, arrivals.hours), by_day(arrivals.content, arrivals.hours)
    weekday = (arrivals.first // _DAY_HOURS + np.arange(len(days))) % _WEEK_DAYS
    daily, found_days = judge_days(days[:, None], content, weekday, FALSE_ALARMS / max(1, len(days)))
    mean, size = daily.mean[:, 0], daily.size[:, 0]
    if arrivals.hours == _DAY_HOURS:
        expected = Expected(mean, size)
        return expected, _storms(arrivals, expected, (1,))
    profile = _profiles(arrivals.unhappy, found_days[:, 0])
    hourly = (mean[:, None] * profile).reshape(-1)[: len(arrivals.unhappy)]
    expected = Expected(hourly, np.repeat(size, _DAY_HOURS)[: len(hourly)])
    return expected, _storms(arrivals, expected, WINDOW_HOURS)


def judge_days(counts: Floats, content: Floats, weekday: Ints, chance: float) -> tuple[Expected, NDArray[np.bool_]]:
    """(what is usual, whether there are too many) on each of d days for k series, (d, k). `content` (d,) voices grow with a launch."""
    num_days, num_series = counts.shape
    mean, size = np.full((num_days, num_series), np.nan), np.full((num_days, num_series), np.nan)
    found = np.zeros((num_days, num_series), dtype=bool)
    for day in range(MIN_PAST_DAYS, num_days):
        past = slice(max(0, day - PAST_DAYS), day)
        calm = (~found[past]).astype(np.float64)
        calm[:, calm.sum(axis=0) < MIN_PAST_DAYS] = 1.0  # weeks of storm become what is usual
        mean[day], size[day] = _usual(counts[past], calm, weekday[past], int(weekday[day]))
        grown = max(1.0, (content[day] - 2.0 * np.sqrt(content[day]) + 1.0) / (content[past][-LEVEL_DAYS:].mean() + 1.0))
        mean[day] *= grown
        found[day] = too_many(counts[day], mean[day], size[day], chance)
    return Expected(mean, size), found


def _usual(counts: Floats, calm: Floats, weekday: Ints, today: int) -> tuple[Floats, Floats]:
    """(mean, size of the negative binomial) of the next day, (k,) each, from (d, k) days before of which `calm` (0 or 1) count."""
    weight = calm.copy()
    weight[:-LEVEL_DAYS] = 0.0
    sparse = weight.sum(axis=0) < MIN_PAST_DAYS
    weight[:, sparse] = calm[:, sparse]
    num = weight.sum(axis=0)
    level = np.maximum((counts * weight).sum(axis=0) / num, 1.0 / num)
    overall = np.maximum((counts * calm).sum(axis=0) / calm.sum(axis=0), 1.0 / num)
    is_day = (weekday[None, :] == np.arange(_WEEK_DAYS)[:, None]).astype(np.float64)
    factor = (is_day @ (counts * calm) / overall + _PRIOR_WEEKDAY) / (is_day @ calm + _PRIOR_WEEKDAY)
    usual = level * factor[weekday]
    variance = (calm * (counts - usual) ** 2).sum(axis=0) / np.maximum(calm.sum(axis=0) - 1.0, 1.0)
    spread = np.maximum(np.maximum(variance - level, 0.0) / level**2, MIN_SPREAD)
    return level * factor[today], 1.0 / (spread + np.maximum(variance, level) / (num * level**2))


def too_many(counts: Floats, mean: Floats, size: Floats, chance: float) -> Flags:
    """Whether counts are above the negative binomial's upper limit, at least MIN_VOICES and MIN_RATIO times the usual; (n,)."""
    flagged = np.zeros(len(counts), dtype=bool)
    with np.errstate(invalid="ignore"):
        rows = np.flatnonzero((counts >= MIN_VOICES) & (counts >= MIN_RATIO * mean))
    if len(rows):
        flagged[rows] = upper_tail(counts[rows], mean[rows], size[rows]) < chance
    return flagged


def upper_tail(counts: Floats, mean: Floats, size: Floats) -> Floats:
    """P(Y >= count) of the negative binomial with this mean and variance mean + mean^2 / size; counts above 0, (n,)."""
    from scipy.special import betainc

    return np.asarray(betainc(counts, size, mean / (mean + size)), dtype=np.float64)


def usual_range(mean: float, size: float) -> tuple[int, int]:
    """(low, high) between which a count lies nine times in ten."""
    most = int(mean + 12.0 * np.sqrt(mean + mean**2 / size) + 12.0)
    counts = np.arange(1, most + 1, dtype=np.float64)
    tail = upper_tail(counts, np.full(most, mean), np.full(most, size))
    return int((tail > 1.0 - _LIMITS).sum()), int((tail > _LIMITS).sum())


def _profiles(unhappy: Floats, found_days: Flags) -> Floats:
    """(d, 24) share of a day's voices in each hour, from the calm days of the PAST_DAYS before."""
    num_days = len(found_days)
    padded = np.concatenate([unhappy, np.zeros(num_days * _DAY_HOURS - len(unhappy))]).reshape(num_days, _DAY_HOURS)
    total = np.vstack([np.zeros(_DAY_HOURS), np.cumsum(padded * ~found_days[:, None], axis=0)])
    ends = np.arange(num_days)
    past = total[ends] - total[np.maximum(0, ends - PAST_DAYS)]
    past = past + _PRIOR_HOURS / _DAY_HOURS
    return np.asarray(past / past.sum(axis=1, keepdims=True), dtype=np.float64)


def _storms(arrivals: Arrivals, expected: Expected, windows: tuple[int, ...]) -> list[Storm]:
    """Alarmed windows that touch, each group cut to the stretch that is raised."""
    counts, mean = arrivals.unhappy, expected.mean
    alarmed = np.zeros(len(counts), dtype=bool)
    chance = FALSE_ALARMS / (len(windows) * max(1, len(counts)))
    for window in windows:
        total, usual = _rolling(counts, window), _rolling(mean, window)
        for end in np.flatnonzero(too_many(total, usual, expected.size, chance)):
            alarmed[max(0, end - window + 1) : end + 1] = True
    edges = np.flatnonzero(np.diff(np.concatenate([[False], alarmed, [False]]).astype(np.int8)))
    storms: list[Storm] = []
    for start, end in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        storm = _cut(arrivals, mean, start, end)
        if storms and storm.start <= storms[-1].end + _gap(arrivals):  # an hour's pause does not make two storms
            storm = _cut(arrivals, mean, storms.pop().start, end)
        storms.append(storm)
    return storms


def _gap(arrivals: Arrivals) -> int:
    """Periods of calm after which a storm is over."""
    return CALM_HOURS if arrivals.hours == 1 else 1


def _cut(arrivals: Arrivals, mean: Floats, start: int, end: int) -> Storm:
    counts = arrivals.unhappy
    usual = np.maximum(np.nan_to_num(mean, nan=float(np.nanmean(mean))), 1e-9)
    margin = _DAY_HOURS // arrivals.hours
    start = max(0, start - margin)
    begin = start + _most_raised(counts[start:end], usual[start:end])
    gap = _gap(arrivals)
    reach = min(len(counts), end + gap)
    ratio = max(MIN_RATIO, float(np.sqrt(counts[begin:end].sum() / usual[begin:end].sum())))
    gains = np.log(ratio) * counts[begin:reach] - (ratio - 1.0) * usual[begin:reach]
    stop = begin + int(np.argmax(np.cumsum(gains))) + 1
    peak = begin + int(np.argmax(counts[begin:stop]))
    return Storm(begin, stop, peak, len(counts) - stop < gap, float(usual[begin:stop].sum()))


def _most_raised(counts: Floats, usual: Floats) -> int:
    """First period of the stretch with the largest likelihood ratio c ln(c / m) - (c - m); of a long one it is sought in its beginning."""
    size = min(len(counts), MAX_SCANNED)
    seen, due = (np.concatenate([[0.0], np.cumsum(values[:size])]) for values in (counts, usual))
    count, mean = seen[None, 1:] - seen[:-1, None], due[None, 1:] - due[:-1, None]
    raised = (count > mean) & (mean > 0)
    ratio = np.where(raised, count * np.log(np.where(raised, count / np.where(raised, mean, 1.0), 1.0)) - (count - mean), -1.0)
    return int(np.unravel_index(int(np.argmax(np.triu(ratio + 1.0))), ratio.shape)[0])


def _rolling(values: Floats, window: int) -> Floats:
    """Sum of the `window` periods that end with each; NaN spreads."""
    total = np.concatenate([[0.0], np.cumsum(np.nan_to_num(values))])
    ends = np.arange(1, len(values) + 1)
    sums = total[ends] - total[np.maximum(0, ends - window)]
    return np.where(np.isnan(values) | np.isnan(values[np.maximum(0, ends - window)]), np.nan, sums)
