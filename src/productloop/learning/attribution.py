"""Which part of the whole a change comes from: each part's share of the shortfall, up to two columns deep, with an interval.

    found = attribute(Cells(codes, amount, size), reference, changed, expected, seed)

After Bhagwan et al. 2014, Adtributor: revenue debugging in advertising systems (NSDI 14): a part's *explanatory power* is its share of the
whole change; its *surprise* is the Jensen-Shannon term of its share expected and its share seen; the column is named whose few parts explain
most with the most surprise. Here the same is asked once more inside the first part named, and two things are added: intervals (bootstrap over days;
Efron 1979), and the answer "everywhere": a part is named only where its share of the change exceeds its share of the whole by more than chance
(Bonferroni over all parts looked at), since the largest part always has the largest share of a change that is everywhere.

What is expected of a part: for amounts that add up, its share in the reference days times what was expected of the whole; for a ratio (errors by
people), its own ratio in the reference days at its present size. A ratio's change through the mix of sizes alone is thus no part's fault.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]

NUM_DRAWS = 1000
ENOUGH, LEAST = 0.67, 0.1
"""At most MAX_PARTS together explain this much, or none is named; each at least the second (as in the paper)."""
WEEK = 7
MAX_PARTS = 3
CHANCE = 0.02
"""Of naming any part where the change is everywhere."""
DEEPER = 0.67
"""A part inside a part is named where it explains this much of it."""


@dataclass(frozen=True, slots=True)
class Cells:
    """Values by cell and day: codes (C, K) of each column, -1 = not known; amount (C, P); size (C, P) for a ratio, else None."""

    codes: Codes
    amount: Floats
    size: Floats | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """A part: ((column, code), ...) one or two columns deep; its share of the change with 90 % interval; its usual share of the whole."""

    path: tuple[tuple[int, int], ...]
    share: float
    low: float
    high: float
    usual: float


def attribute(cells: Cells, reference: Codes, changed: Codes, expected: float, seed: int) -> tuple[Part, ...]:
    """The parts a change comes from, empty where it is everywhere. `reference`, `changed`: columns of days; `expected`: the sum of the
    amounts (or the mean ratio) expected of the whole over the changed days.
    """
    draws = _draws(cells, reference, changed, expected, seed)
    if draws is None:
        return ()
    fault, usual = draws  # (1 + NUM_DRAWS, C), the first as it was
    keys = [(column, code) for column in range(cells.codes.shape[1]) for code in np.unique(cells.codes[:, column]).tolist() if code >= 0]
    if not keys:
        return ()
    inside = np.stack([cells.codes[:, column] == code for column, code in keys]).astype(np.float64)
    shares, sizes = fault @ inside.T, usual @ inside.T
    chosen: list[int] = []
    best = -1.0
    for column in range(cells.codes.shape[1]):
        mine = [place for place, key in enumerate(keys) if key[0] == column]
        named, surprise = _named(mine, shares, sizes, len(keys))
        if named and surprise > best:
            chosen, best = named, surprise
    parts = [_part((keys[place],), shares[:, place], sizes[:, place]) for place in chosen]
    if parts:
        parts[0] = _deeper(parts[0], cells.codes, fault, usual) or parts[0]
    return tuple(parts)


def _draws(cells: Cells, reference: Codes, changed: Codes, expected: float, seed: int) -> tuple[Floats, Floats] | None:
    """((1 + draws, C) share of the change, (1 + draws, C) usual share of the whole); None where nothing changed.

    What the reference days say is drawn by days; what the changed days say varies as single reference days do around their own whole.
    """
    random = np.random.default_rng(seed)
    days = random.multinomial(len(reference), np.full(len(reference), 1 / len(reference)), NUM_DRAWS)
    before = np.concatenate([np.ones((1, len(reference))), days])
    chosen = random.integers(0, len(reference), (NUM_DRAWS, len(changed)))
    old, new = cells.amount[:, reference], cells.amount[:, changed].sum(axis=1)
    was = before @ old.T
    if cells.size is None:
        usual = was / np.maximum(was.sum(axis=1, keepdims=True), 1e-300)
        target = usual * expected
        strange = _strange(old, usual[0], old.sum(axis=0))
        now = new + _noise(strange, chosen)
    else:
        old_size, new_size = cells.size[:, reference], cells.size[:, changed].sum(axis=1)
        many = before @ old_size.T
        whole = was.sum(axis=1, keepdims=True) / np.maximum(many.sum(axis=1, keepdims=True), 1e-300)
        rate = (was + whole) / (many + 1.0)  # one more at the rate of all: a part seldom seen is like the others
        total = max(float(new_size.sum()), 1e-300)
        level = (rate * new_size / total).sum(axis=1, keepdims=True)
        usual = rate * new_size / total / np.maximum(level, 1e-300)
        target = usual * expected
        strange = old - rate[0][:, None] * old_size
        now = (new + _noise(strange, chosen)) / total
    gap = target - now
    change = gap.sum(axis=1, keepdims=True)
    if abs(float(change[0, 0])) < 1e-12:
        return None
    held = np.sign(change[0, 0]) * np.maximum(np.abs(change), 0.2 * abs(float(change[0, 0])))  # a draw without change has no shares
    return gap / held, usual


def _strange(old: Floats, usual: Floats, total: Floats) -> Floats:
    """(C, days) how far each part was from its usual share of the day, plus its share of how far the whole was from a week before."""
    far = WEEK if len(total) >= 2 * WEEK else 1
    away = (total[far:] - total[:-far]) / np.sqrt(2) if len(total) > far else np.zeros(1)
    return np.asarray(old - usual[:, None] * total + usual[:, None] * np.resize(away, len(total)))


def _noise(strange: Floats, chosen: Codes) -> Floats:
    """(1 + draws, C) sums over drawn days of how far each part (C, days) was from its usual share; the first row 0."""
    counts = np.zeros((len(chosen), strange.shape[1]))
    np.add.at(counts, (np.arange(len(chosen))[:, None], chosen), 1.0)
    return np.concatenate([np.zeros((1, len(strange))), counts @ strange.T])


def _named(mine: Sequence[int], shares: Floats, sizes: Floats, num_looked: int) -> tuple[list[int], float]:
    """(parts of one column that explain enough, by surprise; the sum of their surprise); empty where chance explains them."""
    expected = np.clip(sizes[0, list(mine)], 1e-9, None)
    moved = np.clip(expected * (1 - 0.5 * (shares[0, list(mine)] / expected)), 1e-9, None)  # a change of half the whole, for scale
    middle = (expected + moved) / 2
    surprise = 0.5 * (expected * np.log(expected / middle) + moved * np.log(moved / middle))
    found: list[int] = []
    explained, total = 0.0, 0.0
    for place in np.argsort(-surprise, kind="stable").tolist():
        number = mine[place]
        excess = np.quantile(shares[1:, number] - sizes[1:, number], CHANCE / num_looked)
        if shares[0, number] < LEAST or excess <= 0 or len(found) == MAX_PARTS:
            continue
        found.append(number)
        explained += float(shares[0, number])
        total += float(surprise[place])
        if explained >= ENOUGH:
            break
    return (sorted(found, key=lambda number: -shares[0, number]), total) if explained >= ENOUGH else ([], 0.0)


def _part(path: tuple[tuple[int, int], ...], share: Floats, size: Floats) -> Part:
    low, high = np.quantile(share[1:], [0.05, 0.95])
    value = float(share[0])
    return Part(path, value, min(float(low), value), max(float(high), value), float(size[0]))


def _deeper(part: Part, codes: Codes, fault: Floats, usual: Floats) -> Part | None:
    """The part of a second column that explains most of a part, where it does by more than its size there."""
    column, code = part.path[0]
    within = codes[:, column] == code
    whole_fault, whole_usual = fault[:, within].sum(axis=1), usual[:, within].sum(axis=1)
    others = [
        (other, value)
        for other in range(codes.shape[1])
        if other != column
        for value in np.unique(codes[within, other]).tolist()
        if value >= 0
    ]
    best: Part | None = None
    for other, value in others:
        inside = within & (codes[:, other] == value)
        share, size = fault[:, inside].sum(axis=1), usual[:, inside].sum(axis=1)
        excess = share - whole_fault * size / np.maximum(whole_usual, 1e-300)
        enough = share[0] >= DEEPER * whole_fault[0] and np.quantile(excess[1:], CHANCE / len(others)) > 0
        if enough and (best is None or share[0] - size[0] > best.share - best.usual):
            best = _part((*part.path, (other, value)), share, size)
    return best
