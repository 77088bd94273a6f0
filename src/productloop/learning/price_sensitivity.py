"""What prices people say they would accept, and what they say they would buy at.

- Van Westendorp's price sensitivity meter (1976, NSS Price Sensitivity Meter, ESOMAR congress): each person names the price at which the thing is too
  cheap to trust, cheap, expensive, and too expensive. Shares of people by price give four curves; where they cross are the points: optimal (too cheap =
  too expensive), indifference (cheap = expensive), and the acceptable range from "too cheap" = "not cheap" to "too expensive" = "not expensive".
- Gabor and Granger (1966, Price as an indicator of quality, Economica 33): each person says for given prices whether they would buy. Shares that do not
  fall with the price are pooled (isotonic regression: Barlow and Brunk 1972, JASA 67); revenue for a hundred asked = price x share.

Intervals are percentile bootstraps over people, 90 %. Both are what people say, not what they do.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from productloop.foundation.figures import INTERVAL_LEVEL
from productloop.learning.intervals import Interval

Floats = NDArray[np.float64]

NUM_DRAWS = 500
MAX_GRID = 400


@dataclass(frozen=True, slots=True)
class PriceMeter:
    """Points as intervals, in the unit of the answers; curves (grid,) as shares of people at each of `prices`.

    num_people  whose four answers rise from too cheap to too expensive
    num_inconsistent  left out: complete, but their answers do not rise
    """

    optimal: Interval
    indifference: Interval
    lowest: Interval
    highest: Interval
    prices: Floats
    too_cheap: Floats
    cheap: Floats
    expensive: Floats
    too_expensive: Floats
    num_people: int
    num_inconsistent: int


@dataclass(frozen=True, slots=True)
class Demand:
    """For each tested price (k,): share who would buy with interval, that share after pooling, revenue per hundred people asked with interval.

    best  place of the price with the most revenue; `chance` (k,) how often each price had the most over the draws
    """

    prices: Floats
    asked: NDArray[np.int64]
    share: tuple[Interval, ...]
    pooled: Floats
    revenue: tuple[Interval, ...]
    best: int
    chance: Floats


def price_meter(answers: Floats, seed: int) -> PriceMeter:
    """`answers` (n, 4): too cheap, cheap, expensive, too expensive; rows with a NaN or a price below 0 are left out.

    Raises ValueError when nobody's answers rise.
    """
    complete = answers[np.isfinite(answers).all(axis=1) & (answers >= 0).all(axis=1)]
    rising = (np.diff(complete, axis=1) >= 0).all(axis=1) & (complete[:, 3] > complete[:, 0])
    kept = complete[rising]
    if not len(kept):
        raise ValueError("nobody's answers rise from too cheap to too expensive")
    grid = np.unique(kept)
    if len(grid) > MAX_GRID:
        grid = np.unique(np.quantile(grid, np.linspace(0, 1, MAX_GRID)))
    falls = [(kept[:, place, None] >= grid).astype(np.float64) for place in (0, 1)]
    rises = [(kept[:, place, None] <= grid).astype(np.float64) for place in (2, 3)]
    random = np.random.default_rng(seed)
    weights = np.vstack([np.ones(len(kept)), random.multinomial(len(kept), np.full(len(kept), 1 / len(kept)), NUM_DRAWS)]) / len(kept)
    too_cheap, cheap, expensive, too_expensive = (weights @ part for part in (*falls, *rises))
    pairs = ((too_cheap, too_expensive), (cheap, expensive), (too_cheap, 1 - cheap), (1 - expensive, too_expensive))
    optimal, indifference, lowest, highest = (
        _interval(np.array([_crossing(grid, down, up) for down, up in zip(*pair, strict=True)])) for pair in pairs
    )
    return PriceMeter(
        optimal, indifference, lowest, highest, grid, too_cheap[0], cheap[0], expensive[0], too_expensive[0],
        len(kept), len(complete) - len(kept),
    )  # fmt: skip


def _crossing(grid: Floats, falling: Floats, rising: Floats) -> float:
    """The price where a falling share meets a rising one; between two prices by a straight line, the middle where they are equal for a while."""
    gap = falling - rising
    equal = np.flatnonzero(np.abs(gap) < 1e-12)
    if len(equal):
        return float((grid[equal[0]] + grid[equal[-1]]) / 2)
    below = np.flatnonzero(gap < 0)
    if not len(below):
        return float(grid[-1])
    after = int(below[0])
    if after == 0:
        return float(grid[0])
    share = gap[after - 1] / (gap[after - 1] - gap[after])
    return float(grid[after - 1] + share * (grid[after] - grid[after - 1]))


def demand(prices: Floats, answers: Floats, seed: int) -> Demand:
    """`prices` (k,) ascending; `answers` (n, k) 1 = would buy, 0 = would not, NaN = not asked. Raises ValueError for a price nobody was asked."""
    asked = np.isfinite(answers)
    if not len(prices) or (asked.sum(axis=0) == 0).any():
        raise ValueError("a price nobody was asked about")
    yes = np.where(asked, answers, 0.0)
    random = np.random.default_rng(seed)
    num = len(answers)
    weights = np.vstack([np.ones(num), random.multinomial(num, np.full(num, 1 / num), NUM_DRAWS)]).astype(np.float64)
    counts = weights @ asked.astype(np.float64)
    with np.errstate(invalid="ignore", divide="ignore"):
        shares = np.where(counts > 0, weights @ yes / np.where(counts > 0, counts, 1), np.nan)
    pooled = np.array([_falling(row, count) for row, count in zip(np.nan_to_num(shares), counts, strict=True)])
    revenue = 100 * pooled * prices
    best = revenue.argmax(axis=1)
    chance = np.bincount(best[1:], minlength=len(prices)) / NUM_DRAWS
    return Demand(
        prices,
        asked.sum(axis=0).astype(np.int64),
        tuple(_interval(shares[:, place]) for place in range(len(prices))),
        pooled[0],
        tuple(_interval(revenue[:, place]) for place in range(len(prices))),
        int(best[0]),
        chance.astype(np.float64),
    )


def _falling(shares: Floats, weights: Floats) -> Floats:
    """Shares made to fall with the price: neighbours that rise are pooled (pool adjacent violators)."""
    blocks: list[tuple[float, float, int]] = []
    for share, weight in zip(shares.tolist(), np.maximum(weights, 1e-12).tolist(), strict=True):
        blocks.append((share, weight, 1))
        while len(blocks) > 1 and blocks[-1][0] > blocks[-2][0]:
            (first, first_weight, first_size), (second, second_weight, second_size) = blocks[-2:]
            total = first_weight + second_weight
            blocks[-2:] = [((first * first_weight + second * second_weight) / total, total, first_size + second_size)]
    return np.concatenate([np.full(size, share) for share, _, size in blocks])


def _interval(draws: Floats) -> Interval:
    """The first is the estimate, the others are draws."""
    known = draws[1:][np.isfinite(draws[1:])]
    low, high = np.quantile(known, [(1 - INTERVAL_LEVEL) / 2, (1 + INTERVAL_LEVEL) / 2])
    return Interval(float(draws[0]), float(low), float(high))
