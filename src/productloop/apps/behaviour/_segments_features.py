"""What each person does, as columns: how often each event in an active week, at which hours, on how many weeks; arrays in and out.

Only habits may form groups: a column counts where people keep it, judged by the agreement of their even and odd active weeks (split-half
reliability with the Spearman-Brown correction; Brown 1910, British Journal of Psychology 3). What differs between people by chance alone
is left out, and where nothing is kept there are no groups.

Platform, plan, country, time since the first and the last event say who somebody is and when they came, not what they do: they describe
groups, but do not form them (a column of two values splits any data cleanly, whatever people do).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from productloop.apps.behaviour._periods import period_index, period_start

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

QUARTER_US = 900_000_000
DAY_US = 86_400_000_000
MIN_WEEKS = 2
"""Active weeks without which nobody can tell a habit."""
MIN_SHARE, MAX_NAMES = 0.05, 25
"""Events looked at: done by so many of the people, at most so many."""
MIN_RELIABILITY = 0.3
PRIOR_EVENTS = 5.0
"""Events of the average person added to each person's shares, so that three events at night do not make a night owl."""
NIGHT, EVENING, WEEKEND, WEEKS = "night", "evening", "weekend", "weeks"


@dataclass(frozen=True, slots=True)
class Habits:
    """p people with enough active weeks and their d columns.

    columns: the code of an event, or NIGHT, EVENING, WEEKEND (shares of a person's events), WEEKS (share of weeks with any event).
    raw (p, d) as people read it (times an active week, shares of 1), values (p, d) as it is clustered, reliability (d,).
    """

    actor: Ints
    columns: tuple[int | str, ...]
    raw: Floats
    values: Floats
    reliability: Floats
    num_left_out: int
    """People with too few active weeks."""

    @property
    def kept(self) -> NDArray[np.bool_]:
        """(d,) columns that people keep from week to week."""
        return self.reliability >= MIN_RELIABILITY


def local_hours(time_us: Ints, time_zone: str) -> tuple[Ints, NDArray[np.bool_]]:
    """((n,) hour of the local day, (n,) whether it is Saturday or Sunday). Zones differ from UTC by whole quarters of an hour."""
    quarters, place = np.unique(time_us // QUARTER_US, return_inverse=True)
    zone = ZoneInfo(time_zone)
    local = [datetime.fromtimestamp(quarter * 900, UTC).astimezone(zone) for quarter in quarters.tolist()]
    hour = np.array([moment.hour for moment in local], dtype=np.int64)
    weekend = np.array([moment.weekday() >= 5 for moment in local], dtype=np.bool_)
    return hour[place], weekend[place]


def habits(actor: Ints, time_us: Ints, name: Ints, time_zone: str, week_start: int) -> Habits:
    """The habits of the people of (n,) events, sorted by actor and time."""
    people, row = np.unique(actor, return_inverse=True)
    week = period_index(time_us, time_zone, "week", week_start)
    pairs, pair = np.unique(np.stack([row, week], axis=1), axis=0, return_inverse=True) if len(row) else (np.empty((0, 2), np.int64), row)
    pair = pair.reshape(-1)
    num_weeks = np.bincount(pairs[:, 0], minlength=len(people))
    rank = np.arange(len(pairs)) - np.repeat(np.cumsum(num_weeks) - num_weeks, num_weeks)
    half = (rank % 2)[pair]
    enough = num_weeks >= MIN_WEEKS
    codes = _frequent_names(row, name, len(people))
    hour, weekend = local_hours(time_us, time_zone)
    columns: tuple[int | str, ...] = (*codes, NIGHT, EVENING, WEEKEND, WEEKS)
    marks = [(hour < 6), (hour >= 18), weekend]
    raw: list[Floats] = []
    halves: list[Floats] = []
    for keep, weeks in ((None, num_weeks), (half == 0, (num_weeks + 1) // 2), (half == 1, num_weeks // 2)):
        rates = [_counts(row, name == code, keep, len(people)) / np.maximum(weeks, 1) for code in codes]
        rates += [_shares(row, mark, keep, len(people)) for mark in marks]
        (raw if keep is None else halves).append(np.column_stack([*rates, np.zeros(len(people))]))
    whole = raw[0]
    # How regularly somebody comes: active weeks over the weeks since their first one.
    first_week = pairs[np.append(0, np.cumsum(num_weeks))[:-1].clip(max=max(len(pairs) - 1, 0)), 1] if len(pairs) else np.empty(0)
    span = np.maximum(week.max(initial=0) - first_week + 1, 1)
    whole[:, -1] = num_weeks / span
    for part in range(2):
        own = np.bincount(pairs[(pairs[:, 1] % 2) == part, 0], minlength=len(people))
        halves[part][:, -1] = own / np.maximum(span // 2 + (span % 2) * (first_week % 2 == part), 1)
    values, first, second = (_scaled(part, len(codes)) for part in (whole, *halves))
    reliability = np.array([_agreement(first[enough, place], second[enough, place]) for place in range(len(columns))])
    return Habits(people[enough], columns, whole[enough], values[enough], reliability, int(np.count_nonzero(~enough)))


def _frequent_names(row: Ints, name: Ints, num_people: int) -> tuple[int, ...]:
    pairs = np.unique(np.stack([row, name], axis=1), axis=0) if len(row) else np.empty((0, 2), np.int64)
    codes, counts = np.unique(pairs[:, 1], return_counts=True)
    ranked = np.lexsort((codes, -counts))[:MAX_NAMES]
    return tuple(int(codes[place]) for place in ranked if counts[place] >= MIN_SHARE * num_people)


def _counts(row: Ints, mark: NDArray[np.bool_], keep: NDArray[np.bool_] | None, num_people: int) -> Floats:
    return np.bincount(row[mark if keep is None else mark & keep], minlength=num_people).astype(np.float64)


def _shares(row: Ints, mark: NDArray[np.bool_], keep: NDArray[np.bool_] | None, num_people: int) -> Floats:
    every = np.ones(len(row), dtype=np.bool_)
    average = float(mark.mean()) if len(row) else 0.0
    return (_counts(row, mark, keep, num_people) + PRIOR_EVENTS * average) / (_counts(row, every, keep, num_people) + PRIOR_EVENTS)


def _scaled(raw: Floats, num_rates: int) -> Floats:
    """Rates as log(1 + x): twice as often is the same distance from once as from ten times; shares as they are."""
    values = raw.copy()
    values[:, :num_rates] = np.log1p(values[:, :num_rates])
    return values


def _agreement(first: Floats, second: Floats) -> float:
    """Reliability of the whole from the correlation of its halves; 0 where nothing varies."""
    if len(first) < 3 or first.std() == 0 or second.std() == 0:
        return 0.0
    correlation = float(np.corrcoef(first, second)[0, 1])
    return 2 * correlation / (1 + correlation) if correlation > 0 else 0.0


def window_begin(data_end_us: int, time_zone: str, weeks: int, week_start: int) -> int:
    """The first instant of the last `weeks` calendar weeks, the running one among them, in microseconds UTC."""
    last = int(period_index(np.array([data_end_us], dtype=np.int64), time_zone, "week", week_start)[0])
    day = period_start(np.array([last - weeks + 1], dtype=np.int64), "week", week_start).tolist()[0]
    return int(datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(time_zone)).timestamp() * 1_000_000)
