"""How surprising the newest value of a series is, one value at a time: constant work and memory per value, nothing looked ahead.

    detector = Detector(seasons=(24,))
    judged = detector.add(value, places=(hour,))      # Judgement(likelihood, expected, low, high, ...)
    likelihoods(values, places, seasons)               # the same over an array: batch is streaming

What is expected: the robust level (exponentially weighted mean of steps clipped to LEVEL_CLIP usual deviations: Huber's idea, 1964), or the
level of the same place in a season (hour of day, day of week) while its usual deviation is clearly smaller.
How surprising: two quantities, the distance of the value from what was expected (spike) and the mean of the last RECENT signed distances
(shift of level), both in usual deviations. The tail of each is learned as it comes: a running high quantile (stochastic approximation: Robbins
and Monro 1951) and the mean excess over it, as the scale of a generalised Pareto tail (peaks over threshold in streams: Siffer et al. 2017,
Anomaly detection in streams with extreme value theory). Rarity is -log10 of the tail probability. A short recent mean held against its own
history is what Lavin and Ahmad 2015 (arXiv 1510.03336) call anomaly likelihood.
One alarm for one thing: a surprise counts as far as it exceeds the greatest of its kind before it, which is forgotten slowly (FORGETTING).

    likelihood = 1 - 10 ** -(rarity - rarity remembered)      in [0, 1)

The numbers below were chosen on one half of the files of the Numenta Anomaly Benchmark (`benchmarks/anomalies.py`), by the score that each
file gets at the threshold of the others; halved or doubled, each moves it by at most 13 points.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

MEMORY = 300
"""Values over which level and usual deviation are averaged."""
PLACE_MEMORY = 84
"""Values of one place in a season over which its level is averaged: 12 an hour for a week."""
PLACE_LEARNED, PLACE_CLIPPED = 12, 24
"""Values of a place before it is believed, and before its steps are clipped."""
SEASON_BETTER = 0.9
"""A season is used once its usual mistake is below this share of the plain level's."""
RECENT, STRIDE = 20, 10
"""Values in the recent mean; it is judged once in so many values, since in between it says nearly the same."""
CLIP, LEVEL_CLIP, SHIFT_CLIP = 5.0, 4.0, 6.0
"""Usual deviations to which the deviation, the levels and the recent mean are clipped."""
SETTLED, WARM_UP = 50, 50
"""Values before the usual deviation is good enough to learn a tail in it, and values of a tail before it is believed."""
TAIL = 0.02
"""Share of values beyond the running quantile."""
HEAVINESS = 0.25
"""Shape of the generalised Pareto tail: 0 would be an exponential one."""
QUANTILE_STEP, EXCESS_STEP, SIZE_MEMORY = 0.1, 0.02, 300
FORGETTING = 0.002
"""Share of the greatest surprise that is forgotten with each value."""
LEAST_SPREAD = 1e-3
"""Of the range seen: smaller deviations are rounding."""
ALARM = 0.95
"""A likelihood worth an alarm: about the threshold that scored best there."""
REACH = 1.2533 * 1.645
"""Mean absolute deviations that hold nine values in ten of a normal distribution."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What one value is.

    likelihood  0 to 1: how sure it is that something new began here
    rarity  -log10 of the chance of so large a distance or shift; 0 until SETTLED + WARM_UP values are known
    expected, low, high  what nine times in ten would have come
    shifted  True when the recent mean is what is rare, not the value by itself
    """

    likelihood: float
    rarity: float
    expected: float
    low: float
    high: float
    shifted: bool


@dataclass(slots=True)
class _Tail:
    """The upper tail of a non-negative quantity: a running quantile and the mean excess over it."""

    quantile: float = 0.0
    excess: float = 0.0
    size: float = 0.0
    remembered: float = 0.0
    num: int = 0

    def judged(self, amount: float) -> tuple[float, float]:
        """(rarity, how far it exceeds the greatest before it)."""
        rarity = self.rarity(amount)
        new = max(rarity - self.remembered, 0.0)
        self.remembered = max(self.remembered, rarity)
        return rarity, new

    def rarity(self, amount: float) -> float:
        """-log10 of the chance of at least `amount`."""
        if self.num < WARM_UP or self.excess <= 0 or amount <= self.quantile:
            return 0.0
        return -math.log10(TAIL) + math.log10(1 + HEAVINESS * (amount - self.quantile) / self.excess) / HEAVINESS

    def add(self, amount: float) -> None:
        """Take in an amount, and forget a little of the greatest rarity."""
        self.num += 1
        self.remembered *= 1 - FORGETTING
        self.size += (amount - self.size) / min(self.num, SIZE_MEMORY)
        step = max(self.size, 1e-12) * max(QUANTILE_STEP, 1 / (self.num + 1))
        self.quantile = max(self.quantile + (step * (1 - TAIL) if amount > self.quantile else -step * TAIL), 0.0)
        if amount > self.quantile:
            over = amount - self.quantile
            weight = max(EXCESS_STEP, 1 / (self.num * TAIL + 1))
            self.excess = over if self.excess <= 0 else self.excess + (over - self.excess) * weight


def _clipped(distance: float, deviation: float, num: int) -> float:
    """The step of a mean deviation towards one distance."""
    return (min(distance, CLIP * deviation) if num > SETTLED else distance) - deviation


@dataclass(slots=True)
class Season:
    """Levels of the places of one season, and their mean deviation."""

    levels: list[float]
    counts: list[int]
    mistake: float = 0.0
    num: int = 0

    def learn(self, place: int, value: float) -> None:
        """Take in the value of a place."""
        step = value - self.levels[place]
        if self.counts[place] >= PLACE_LEARNED:
            self.num += 1
            self.mistake += _clipped(abs(step), self.mistake, self.num) / min(self.num, MEMORY)
        self.counts[place] += 1
        if self.counts[place] > PLACE_CLIPPED and self.num > SETTLED:
            step = max(-LEVEL_CLIP * self.mistake, min(LEVEL_CLIP * self.mistake, step))
        self.levels[place] += step / min(self.counts[place], PLACE_MEMORY)


@dataclass(slots=True)
class Detector:
    """The state of one series. `seasons`: places of each season, such as (24,) for hours of a day or (7,) for days of a week."""

    seasons: tuple[int, ...] = ()
    num: int = 0
    level: float = 0.0
    deviation: float = 0.0
    least: float = 0.0
    greatest: float = 0.0
    recent: float = 0.0
    spike: _Tail = field(default_factory=_Tail)
    shift: _Tail = field(default_factory=_Tail)
    profiles: list[Season] = field(default_factory=list)

    def __post_init__(self) -> None:
        if not self.profiles:
            self.profiles = [Season([0.0] * num, [0] * num) for num in self.seasons]

    def add(self, value: float, places: Sequence[int] = ()) -> Judgement:
        """Judge a value, then learn from it. `places`: where it lies in each season. A value that is not finite changes nothing."""
        expected, scale = self._expected(places)
        reach = REACH * scale if self.num > 1 else 0.0
        if not math.isfinite(value) or self.num == 0:
            if math.isfinite(value):
                self.level = self.least = self.greatest = value
                self._learn(value, scale, places)
            return Judgement(0.0, 0.0, expected, expected - reach, expected + reach, False)
        self.least, self.greatest = min(self.least, value), max(self.greatest, value)
        scale = max(scale, self._least_scale())
        distance = (value - expected) / scale
        self.recent += (max(-SHIFT_CLIP, min(SHIFT_CLIP, distance)) - self.recent) / RECENT
        by_spike = self.spike.judged(abs(distance))
        by_shift = self.shift.judged(abs(self.recent)) if self.num % STRIDE == 0 else (0.0, 0.0)
        if self.num >= SETTLED:
            self.spike.add(min(abs(distance), 1e6))
            self.shift.add(abs(self.recent))
        self._learn(value, scale, places)
        rarity, new = max(by_spike[0], by_shift[0]), max(by_spike[1], by_shift[1])
        return Judgement(1 - 10.0**-new, rarity, expected, expected - reach, expected + reach, by_shift[1] > by_spike[1])

    def _least_scale(self) -> float:
        return max(LEAST_SPREAD * (self.greatest - self.least), 1e-9)

    def _expected(self, places: Sequence[int]) -> tuple[float, float]:
        """(what is expected, the usual deviation from it)."""
        best, expected = self.deviation, self.level
        for season, place in zip(self.profiles, places, strict=True):
            if (
                season.num >= PLACE_LEARNED
                and season.counts[place] >= PLACE_LEARNED
                and season.mistake < SEASON_BETTER * self.deviation
                and season.mistake < best
            ):
                best, expected = season.mistake, season.levels[place]
        return expected, max(best, self._least_scale())

    def _learn(self, value: float, scale: float, places: Sequence[int]) -> None:
        self.num += 1
        for season, place in zip(self.profiles, places, strict=True):
            season.learn(place, value)
        step = value - self.level
        weight = 1 / min(self.num, MEMORY)
        self.level += (max(-LEVEL_CLIP * scale, min(LEVEL_CLIP * scale, step)) if self.num > 20 else step) * weight
        self.deviation += _clipped(abs(step), self.deviation, self.num) * weight

    def state(self) -> dict[str, Any]:
        """Everything it has learned, as JSON."""
        return asdict(self)

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> Detector:
        """The detector whose state was kept; it goes on as if it had never stopped."""
        parts = {"spike": _Tail(**state["spike"]), "shift": _Tail(**state["shift"]), "seasons": tuple(state["seasons"])}
        return cls(**{**state, **parts, "profiles": [Season(**one) for one in state["profiles"]]})


def judge(values: Floats, places: NDArray[np.int64], seasons: tuple[int, ...]) -> list[Judgement]:
    """One judgement for each of the values (n,), oldest first. `places` (n, seasons)."""
    detector = Detector(seasons=seasons)
    return [detector.add(float(value), tuple(where)) for value, where in zip(values, places.tolist(), strict=True)]


def likelihoods(values: Floats, places: NDArray[np.int64], seasons: tuple[int, ...]) -> Floats:
    """(n,) how sure it is that something new began at each value; see `judge`."""
    return np.array([one.likelihood for one in judge(values, places, seasons)])
