"""How often the 90 % interval of `behaviour changes` holds the effect that was planted, on simulated days of seven kinds.

    python benchmarks/change_effect.py [DRAWS] [SEED]

Each draw: a daily number with a weekday pattern, a change on day 90 or 180, 28 days before and 14 after, as `changes` has them by default.
Kinds: independent counts; with growth of .4 % a day; with days that resemble their neighbours (log level AR(1), .5, standard deviation .1); with a
level that wanders (steps of .015 a day on the log scale); over-dispersed (gamma, variance .1); shares of 20 to 40 people; and amounts.
"""

from __future__ import annotations

import math
import sys
import time

import numpy as np
from numpy.typing import NDArray

from productloop.learning.change_effect import DailySeries, change_effect

BEFORE, AFTER, TAIL = 28, 14, 20
KINDS = ("independent", "growing", "neighbours", "wandering", "over-dispersed", "shares", "amounts")
EFFECTS = (0.6, 1.0, 1.3)


def simulated(kind: str, effect: float, at: int, random: np.random.Generator) -> DailySeries:
    """A series of one kind whose level is `effect` times as high from day `at` on."""
    day = np.arange(at + TAIL)
    level = np.where(day % 7 < 5, 40.0, 20.0)
    step = np.where(day >= at, effect, 1.0)
    if kind == "shares":
        people = random.poisson(level)
        return DailySeries(random.binomial(people, 0.33 * step).astype(float), people.astype(float), True)
    if kind == "amounts":
        return DailySeries(100 * level * step * random.lognormal(0, 0.2, len(day)), np.ones(len(day)), False)
    return DailySeries(random.poisson(level * step * wave(kind, len(day), random)).astype(float), np.ones(len(day)), True)


def wave(kind: str, num: int, random: np.random.Generator) -> NDArray[np.float64]:
    """(num,) factors of the level."""
    if kind == "growing":
        return np.asarray(np.exp(0.004 * np.arange(num)))
    if kind == "wandering":
        return np.asarray(np.exp(np.cumsum(random.normal(0, 0.015, num))))
    if kind == "over-dispersed":
        return np.asarray(random.gamma(10, 0.1, num))
    found = np.zeros(num)
    if kind == "neighbours":
        for day in range(1, num):
            found[day] = 0.5 * found[day - 1] + random.normal(0, 0.1 * math.sqrt(0.75))
    return np.asarray(np.exp(found))


def main(draws: int, seed: int) -> None:
    """Print one line for each kind, effect and length of history."""
    print(f"{draws} draws a row, seed {seed}: interval holds the effect, its width on the log scale, effects called clear; CPU seconds")
    for at in (90, 180):
        for kind in KINDS:
            for effect in EFFECTS:
                began, held, clear, widths = time.process_time(), 0, 0, []
                for draw in range(draws):
                    found = change_effect(simulated(kind, effect, at, np.random.default_rng([seed, draw])), at, BEFORE, AFTER)
                    assert found is not None
                    held += found.ratio.low <= effect <= found.ratio.high
                    clear += found.p < 0.05 and not found.ratio.low <= 1 <= found.ratio.high
                    widths.append(math.log(found.ratio.high / max(found.ratio.low, 1e-9)))
                numbers = f"{held / draws:.3f}  width {np.mean(widths):.2f}  clear {clear / draws:.3f}"
                print(f"day {at:3d}  {kind:15s} effect {effect:.1f}  {numbers}  {time.process_time() - began:.1f} s", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200, int(sys.argv[2]) if len(sys.argv) > 2 else 2026)
