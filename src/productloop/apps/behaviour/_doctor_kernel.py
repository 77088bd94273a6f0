"""What may be wrong with a table of events, as arrays: each check finds its rows and says how the table would look without the fault.

The limits below are ours, set on simulated data so that clean data raise no alarm; they are not taken from a paper. Times are
microseconds UTC; `offset_us` turns them into the clock of the product. Rows may come in any order.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

SECOND_US = 1_000_000
HOUR_US = 3_600 * SECOND_US
DAY_US = 24 * HOUR_US
OLDEST_US = 946_684_800 * SECOND_US
"""2000-01-01: an older time is a clock that was never set."""
WHOLE_SECONDS_SHARE = 0.995
TIED_SHARE = 0.02
"""Share of people with different events at one instant from which their order is a problem."""
MIN_PROFILE_EVENTS = 500
QUIET_HOURS = 6
QUIET_SHARE = 0.15
"""Of an even day a quarter lies in six hours; people who sleep leave less than this there."""
NIGHT = (21, 7)
"""The middle of the quiet hours of people lies between these hours of their own clock (23:30 to 5:30 for nearly all, with a margin)."""
DOUBLE_SHARE = 0.005
MIN_DOUBLE = 10
BOT_EVENTS_A_DAY = 500
BOT_TIMES_OTHERS = 20
STOPPED_DAYS = 7
STOPPED_BEFORE = 28
STOPPED_MIN_A_DAY = 3.0
GAP_SHARE = 0.1
GAP_MIN_A_DAY = 20.0
MISSING_SHARE = 0.2
NEW_EVENT_SHARE = 0.05
NEW_EVENT_DAYS = 14
BEFORE_SIGN_UP_SHARE = 0.2


@dataclass(frozen=True, slots=True)
class Events:
    """actor code (n,), time (n,), name code (n,), order within the import (n,), item (n,) as a hash."""

    actor: NDArray[np.int64]
    time_us: NDArray[np.int64]
    name: NDArray[np.int64]
    sequence: NDArray[np.int64]
    item: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.time_us)

    def of(self, keep: NDArray[np.bool_]) -> Events:
        """The rows of a mask."""
        return Events(self.actor[keep], self.time_us[keep], self.name[keep], self.sequence[keep], self.item[keep])

    def shifted(self, by_us: int) -> Events:
        """The same with all times moved."""
        return replace(self, time_us=self.time_us + by_us)


def wrong_clock(events: Events, now_us: int) -> NDArray[np.bool_]:
    """(n,) rows in the future (a day of grace for zones) or before 2000."""
    return (events.time_us < OLDEST_US) | (events.time_us > now_us + DAY_US)


def doubled(events: Events) -> NDArray[np.bool_]:
    """(n,) rows that repeat an earlier row of the same person, event and thing within the same second."""
    second = events.time_us // SECOND_US
    order = np.lexsort((events.sequence, events.item, events.name, second, events.actor))
    keys = (events.actor[order], second[order], events.name[order], events.item[order])
    same = np.ones(max(len(order) - 1, 0), dtype=np.bool_)
    for key in keys:
        same &= key[1:] == key[:-1]
    found = np.zeros(len(events), dtype=np.bool_)
    found[order[1:][same]] = True
    return found


def tied_people(events: Events) -> tuple[bool, NDArray[np.int64]]:
    """(are all times whole seconds?, people with different events at one instant)."""
    whole = len(events) > 0 and float((events.time_us % SECOND_US == 0).mean()) >= WHOLE_SECONDS_SHARE
    order = np.lexsort((events.time_us, events.actor))
    actor, time, name = events.actor[order], events.time_us[order], events.name[order]
    same = (actor[1:] == actor[:-1]) & (time[1:] == time[:-1]) & (name[1:] != name[:-1])
    return whole, np.unique(actor[1:][same])


def bots(events: Events, offset_us: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """(people with far more events on one day than a person can have, their most in a day)."""
    day = (events.time_us + offset_us) // DAY_US
    pairs, counts = np.unique(np.stack([events.actor, day]), axis=1, return_counts=True)
    if len(counts) == 0:
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    people, place = np.unique(pairs[0], return_inverse=True)
    most = np.zeros(len(people), dtype=np.int64)
    np.maximum.at(most, place, counts)
    limit = max(BOT_EVENTS_A_DAY, BOT_TIMES_OTHERS * float(np.quantile(most, 0.9)))
    found = most >= limit
    return people[found], most[found]


def hour_profile(events: Events, offset_us: int) -> NDArray[np.float64]:
    """(24,) share of events in each hour of the product's clock."""
    hours = ((events.time_us + offset_us) // HOUR_US) % 24
    counts = np.bincount(hours, minlength=24).astype(np.float64)
    shares: NDArray[np.float64] = counts / max(float(counts.sum()), 1.0)
    return shares


def clock_shift(events: Events, offset_us: int) -> int | None:
    """Whole hours to add so that the quiet hours lie at night; None where they do, or where no part of the day is quiet."""
    if len(events) < MIN_PROFILE_EVENTS:
        return None
    profile = hour_profile(events, offset_us)
    quiet = np.array([sum(profile[(start + step) % 24] for step in range(QUIET_HOURS)) for start in range(24)])
    start = int(quiet.argmin())
    middle = (start + QUIET_HOURS / 2) % 24
    at_night = middle >= NIGHT[0] or middle <= NIGHT[1]
    if quiet[start] >= QUIET_SHARE or at_night:
        return None
    shift = (3.0 - middle) % 24
    return round(shift if shift <= 12 else shift - 24)


def before_sign_up(first_event_us: NDArray[np.int64], first_seen_us: NDArray[np.int64]) -> float:
    """Share of people whose first event lies on the day before the day on which they signed up."""
    if len(first_event_us) == 0:
        return 0.0
    return float((first_event_us // DAY_US == first_seen_us // DAY_US - 1).mean())


@dataclass(frozen=True, slots=True)
class Stop:
    """An event (or with name None all of them) that is missing from one day to another, both in days since 1970."""

    name: int | None
    first_day: int
    last_day: int
    per_day_before: float


def stops(events: Events, offset_us: int) -> list[Stop]:
    """Events that ended while others went on, and days on which nearly nothing was recorded."""
    if len(events) == 0:
        return []
    day = (events.time_us + offset_us) // DAY_US
    first, last = int(day.min()), int(day.max())
    num_days = last - first + 1
    if num_days < STOPPED_DAYS + STOPPED_BEFORE or num_days > 20_000:
        return []
    found: list[Stop] = []
    total = np.bincount(day - first, minlength=num_days)
    for name in np.unique(events.name).tolist():
        counts = np.bincount(day[events.name == name] - first, minlength=num_days)
        ended = int(np.flatnonzero(counts)[-1])
        before = counts[max(0, ended - STOPPED_BEFORE + 1) : ended + 1].mean()
        missing = num_days - 1 - ended
        went_on = total[ended + 1 :].mean() > 0.3 * total[max(0, ended - STOPPED_BEFORE + 1) : ended + 1].mean() if missing else False
        if missing >= STOPPED_DAYS and before >= STOPPED_MIN_A_DAY and went_on:
            found.append(Stop(int(name), first + ended + 1, last, float(before)))
    return found + _gaps(total, first)


def _gaps(total: NDArray[np.int64], first: int) -> list[Stop]:
    """Days in the middle with less than a tenth of the same weekdays around them."""
    found: list[Stop] = []
    low = np.zeros(len(total), dtype=np.bool_)
    for place in range(7, len(total) - 7):
        around = np.median(total[[place - 7, place + 7, *(p for p in (place - 14, place + 14) if 0 <= p < len(total))]])
        low[place] = around >= GAP_MIN_A_DAY and total[place] < GAP_SHARE * around
    for place in np.flatnonzero(low).tolist():
        if found and found[-1].last_day == first + place - 1:
            found[-1] = replace(found[-1], last_day=first + place)
        else:
            found.append(Stop(None, first + place, first + place, float(np.median(total[max(0, place - 14) : place]))))
    return found


def sudden_events(events: Events, offset_us: int) -> list[tuple[int, int, int]]:
    """(name, first day, rows) of events that begin late and are many at once."""
    if len(events) == 0:
        return []
    day = (events.time_us + offset_us) // DAY_US
    first, last = int(day.min()), int(day.max())
    found = []
    for name in np.unique(events.name).tolist():
        own = day[events.name == name]
        begins = int(own.min())
        late = begins >= first + max(2 * NEW_EVENT_DAYS, (last - first) // 4) and last - begins >= NEW_EVENT_DAYS
        if late and len(own) >= NEW_EVENT_SHARE * int((day >= begins).sum()):
            found.append((int(name), begins, len(own)))
    return found


def shared_keys(actor: NDArray[np.int64], key: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """(one person, another) for every key (session, device) that exactly two people have: each pair once."""
    pairs = np.unique(np.stack([key, actor]), axis=1)
    keys, counts = np.unique(pairs[0], return_counts=True)
    two = np.isin(pairs[0], keys[counts == 2])
    people = pairs[1][two].reshape(-1, 2)
    people = np.unique(np.sort(people, axis=1), axis=0)
    return people[:, 0], people[:, 1]


def spellings(names: Sequence[str], words: Sequence[tuple[str, ...]]) -> list[tuple[int, ...]]:
    """Places of names that are one name written in several ways; `words` are the words of each name."""
    groups: dict[str, list[int]] = {}
    for place, parts in enumerate(words):
        if parts and all(part.isascii() for part in parts):
            groups.setdefault("".join(parts), []).append(place)
    return [tuple(places) for places in groups.values() if len(places) > 1]
