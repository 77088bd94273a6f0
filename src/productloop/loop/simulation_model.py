"""The numbers of the simulated payment startup: calendar, rates, and which need, step, items and versions carry the planted truths.

All parameters are this simulation's own choices, made so that each planted truth can be found in half a year of a small product's
data; none is estimated from a real company. `docs/demo.md` explains them.

Time runs in weeks since START as a float ("week time"); `to_time` turns it into int64 microseconds UTC. Inside a day it moves the
hours to when people are awake (`_CLOCK_*`), in one growing map, so that what came first stays first.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from productloop.loop.simulation_texts import need_names, read_demo

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]
Columns = dict[str, NDArray[Any]]
"""Column name -> array, all of one length; missing text is None, a missing number NaN."""

GROWING_NEED, LEAVING_NEED, LEAKING_STEP = "growing_need", "leaving_need", "leaking_step"
PAIRED_ITEMS, FIXED_NEED, SLOW_VERSION = "paired_items", "fixed_need", "slow_version"
TRUTHS = frozenset({GROWING_NEED, LEAVING_NEED, LEAKING_STEP, PAIRED_ITEMS, FIXED_NEED, SLOW_VERSION})

# Calendar: Monday 2025-12-29 to Sunday 2026-06-28, whole weeks.
START = datetime(2025, 12, 29, tzinfo=UTC)
NUM_WEEKS = 26
END = START + timedelta(weeks=NUM_WEEKS)
MINUTE, WEEK = 60_000_000, 7 * 24 * 3_600_000_000
"""Microseconds."""
START_TIME = int(START.timestamp()) * 1_000_000
END_TIME = START_TIME + NUM_WEEKS * WEEK

VERSIONS = ("4.0", "4.1", "4.2", "4.3", "4.4", "4.5", "4.6")
RELEASE_WEEKS = (0, 3, 7, 11, 15, 19, 23)
"""Week on whose Monday each of VERSIONS came out; 4.0 was there before."""
PRICE_WEEK, CAMPAIGN_WEEK = 13, 17

# People.
NUM_ACTORS = 1200
SHARE_EARLIER = 0.42
EARLIER_WEEKS = 40
CAMPAIGN_SIGN_UPS = 1.8
SHARE_SHARED_ACCOUNT = 0.15
SHARE_CHINESE = 0.42
COUNTRIES = {"zh": (("CN", 0.7), ("SG", 0.2), ("HK", 0.1)), "en": (("GB", 0.55), ("US", 0.25), ("SG", 0.1), ("AU", 0.1))}
PLANS = (("free", 0.6), ("plus", 0.3), ("pro", 0.1))
PLATFORMS = (("ios", 0.44), ("android", 0.44), ("web", 0.12))
WEEKLY_UPGRADE = 0.65

# Sign-up funnel: share that goes on to each step, and the median minutes it takes them.
STEPS = ("sign_up", "verify_identity", "add_card", "top_up")
PASS_RATES = (1.0, 0.90, 0.86, 0.88)
STEP_MINUTES = (0.0, 6.0, 25.0, 240.0)
STEP_SPREAD = 1.1
"""Standard deviation of the log of the minutes."""

# Leaving: probability within the four weeks after a Monday, before factors.
LABEL_WEEKS = 4
CUT_OFF_WEEKS = (6, 10, 14, 18, 22)
LEAVING_PROBABILITY = 0.08
PLAN_LEAVING = {"free": 1.15, "plus": 0.85, "pro": 0.6}
NOT_ONBOARDED_LEAVING = 1.5
FADE_WEEKS, FADE = 2.0, 0.5
"""In the last two weeks before leaving a user opens the app half as often: the only background sign of leaving."""

# Saying: texts a person and week. Needs share NEED_RATE by weights of .8 to 1.2; writers differ (gamma, shape WRITER_SHAPE).
NEED_RATE, PRAISE_RATE, NEUTRAL_RATE = 0.15, 0.038, 0.014
WRITER_SHAPE = 0.9
SHARE_OTHER_LANGUAGE = 0.03

# Doing: sessions a person and week (gamma, shape ENGAGEMENT_SHAPE), and what a session holds.
SESSION_RATE, ENGAGEMENT_SHAPE = 2.0, 2.0
NOT_ONBOARDED_SESSIONS = 0.4
VIEW_RATE = 0.30
VIEW_MORE, MAX_VIEWS = 0.5, 5
PURCHASE_RATE = 0.10
TASTE = 0.4
"""Share of item views that come from the person's favourite category instead of from everybody's popularity."""

# Money: minor units of CURRENCY.
CURRENCY = "USD"
PLAN_PRICES = {"plus": (499, 599), "pro": (1499, 1499)}
"""Monthly price before and from PRICE_WEEK."""
PERIOD_DAYS = 30
REFUND_RATE = 0.02

# Sizes of the planted truths.
GROWTH = (1.7, 2.4, 3.0, 3.0, 3.0, 3.0)
"""Factor on the growing need's rate in the last six weeks."""
LEAVING_RATIO = 2.5
LEAK = 0.45
"""Factor on the leaking step's pass rate."""
LEAK_WORDS, LEAK_WORDS_WEEKS = 0.3, 6 / 7
"""Share of those who stop at the leaking step that write about it, on top of what they would say anyway, and within which time."""
LEAK_NEEDS = {
    "verify_identity": ("unable_to_verify_identity", "passcode_forgotten", "card_arrival", "declined_card_payment"),
    "add_card": ("declined_card_payment", "card_arrival", "apple_pay_or_google_pay", "card_payment_not_recognised"),
    "top_up": ("top_up_failed", "automatic_top_up", "declined_card_payment", "transfer_not_received_by_recipient"),
}
"""Needs that fit each step, the nearest first; one more than other truths can take."""
PAIR_PROBABILITY = 0.45
"""Probability that the next item viewed after the first of a pair is the second."""
FIXED_RATIO = 0.2
SLOW_EVENT, SLOW_FACTOR = "app_open", 2.5
"""The event that takes longer in the slow version on its platform, and how many times as long."""
CRASH_RATE, SLOW_CRASH_RATE = 0.003, 0.06
"""Share of sessions that end in a crash: everywhere else, and there."""
PATIENCE_MS = 8000
AWAY_DAYS, AWAY = 14, 0.6
"""Who meets a crash there, or waits longer than PATIENCE_MS, leaves out this share of their sessions in so many days after the first time."""

# How long things take: event -> median milliseconds and standard deviation of the log.
DURATIONS = {"app_open": (1600.0, 0.5), "card_payment": (900.0, 0.45), "view_balance": (350.0, 0.4)}
DEVICES = {
    "ios": (("iPhone 15", 0.3), ("iPhone 14", 0.3), ("iPhone 12", 0.25), ("iPhone SE", 0.15)),
    "android": (("Galaxy S23", 0.35), ("Pixel 7", 0.25), ("Redmi Note 12", 0.25), ("Mate 50", 0.15)),
    "web": (("Chrome", 0.6), ("Safari", 0.25), ("Edge", 0.15)),
}


@dataclass(frozen=True, slots=True)
class Carriers:
    """What carries each truth; drawn from the seed whether or not the truth is planted, so that a null test knows where to look."""

    growing_need: str
    leaving_need: str
    fixed_need: str
    fixed_version: int
    leak_platform: str
    leak_step: str
    leak_version: int
    pairs: tuple[tuple[int, int], ...]
    """(first, second) as row numbers of the items table."""
    leak_need: str
    """What those who stop at the leaking step write about."""
    slow_version: int
    slow_platform: str


def draw_carriers(generator: np.random.Generator) -> Carriers:
    """Four different needs, a step, three versions, two platforms and two or three pairs of items from different categories.

    The slow version is neither the leaking nor the fixing one and has four weeks of its own; it is slow where the leak is not.
    """
    growing, leaving, fixed = (need_names()[i] for i in generator.choice(len(need_names()), 3, replace=False))
    leak_version, fixed_version = ((2, 3), (2, 4), (3, 4))[int(generator.integers(3))]
    categories = [row["category"] for row in read_demo("items.csv")]
    shuffled = [int(i) for i in generator.permutation(len(categories))]
    pairs: list[tuple[int, int]] = []
    num_pairs = int(generator.integers(2, 4))
    while len(pairs) < num_pairs:
        first = shuffled.pop()
        second = next(i for i in shuffled if categories[i] != categories[first])
        shuffled.remove(second)
        pairs.append((first, second))
    leak_platform = ("ios", "android")[int(generator.integers(2))]
    leak_step = STEPS[int(generator.integers(1, len(STEPS)))]
    slow_version = int(generator.choice([version for version in range(2, 6) if version not in (leak_version, fixed_version)]))
    return Carriers(
        growing_need=growing,
        leaving_need=leaving,
        fixed_need=fixed,
        fixed_version=fixed_version,
        leak_platform=leak_platform,
        leak_step=leak_step,
        leak_version=leak_version,
        pairs=tuple(pairs),
        leak_need=next(need for need in LEAK_NEEDS[leak_step] if need not in (growing, leaving, fixed)),
        slow_version=slow_version,
        slow_platform="android" if leak_platform == "ios" else "ios",
    )


_CLOCK_SHARES = (0.0, 0.06, 0.33, 0.66, 1.0)
_CLOCK_HOURS = (0.0, 7.0, 12.0, 18.0, 24.0)


def to_time(weeks: Floats) -> Integers:
    """Week time -> int64 microseconds UTC; 6 % of a day's moments fall before 07:00, a third after 18:00."""
    days = np.floor(weeks * 7)
    hours = np.interp(weeks * 7 - days, _CLOCK_SHARES, _CLOCK_HOURS)
    return np.asarray(START_TIME + np.floor((days + hours / 24) * (WEEK / 7)), dtype=np.int64)


def week_of(times: Integers) -> Integers:
    """Microseconds UTC -> whole weeks since START (negative before)."""
    return (times - START_TIME) // WEEK


def choose(generator: np.random.Generator, options: tuple[tuple[str, float], ...], size: int) -> NDArray[Any]:
    """`size` draws from (value, probability) pairs, as an object array."""
    values = np.array([value for value, _ in options], dtype=object)
    return values[generator.choice(len(options), size, p=[share for _, share in options])]
