"""Leak alarms: inputs that know the answer, and rows that were learned before they judge. Arrays in, findings with their evidence out.

A model whose inputs hold the outcome looks perfect and is useless (Kaufman et al. 2012, Leakage in Data Mining, ACM TKDD 6; Kapoor and
Narayanan 2023, Patterns 4, count 294 papers). Each alarm is a rule that clean data do not meet:

    answer       one column alone ranks the rows with a ROC-AUC above .98; categories and bins of numbers count by the share of their own
                 rows that had the outcome, smoothed and cross-validated, so that a column of many rare values gains nothing
    value        one value (or its absence, or any value but the usual one) decides: 30 rows or more, 99 % of them one class that at most
                 half of all rows have. Not where the next values lead up to it: then it is a dose, not a flag
    future       dates that lie after the moment asked, though before the data end (a planned date, such as a renewal, lies beyond that too)
    identifier   whole numbers, all different, spread like a counter or rising with the order of the rows
    total        a sum that agrees with what was summed up to the end of the data, not up to the moment asked
    present      a category that agrees with what was true at the end of the data, not at the moment asked
    copies       rows of other subjects that are alike on both sides of the split, far more than chance makes, and in groups of two to four
    near_copies  the same with one column different
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from productloop.learning.columns import Columns
from productloop.learning.metrics import roc_auc
from productloop.learning.splitting import stratified_folds

Floats = NDArray[np.float64]
LeakKind = Literal["answer", "value", "future", "identifier", "total", "present", "copies", "near_copies"]

LEAK_AUC = 0.98
MIN_ROWS, MIN_CLASS = 50, 10
"""Rows, and rows of the rarer class, below which no column is judged."""
NUM_BINS = 64
MIN_DECIDED, DECIDED, DOSE = 30, 0.99, 0.25
MIN_LATER, MIN_LATER_SHARE, MAX_PLANNED = 5, 0.01, 0.1
MIN_DIFFERENT, UNIQUE = 20, 0.99
SPREAD = 3
"""A counter's numbers lie within this many times the number of rows."""
AGREES, DISAGREES, CLOSE = 0.8, 0.2, 0.02
MAX_GROUP, MIN_COPIES, COPIES_SHARE, NEAR_SHARE, OVER_CHANCE = 4, 5, 0.02, 0.05, 3.0


@dataclass(frozen=True, slots=True)
class Leak:
    """One finding. `number`: the ROC-AUC (answer), the share of one class (value), of later dates (future), of different values
    (identifier), of rows that agree with today's total or value (total, present), of judging rows with a copy (copies).

    `num_rows` the rows it speaks of; `rows` two of them as examples, by position; `value` the encoded value that decides, NaN where its
    absence does; `rest` True when it is every value but the usual one, `value`, that decides; `outcome` the class decided for.
    """

    kind: LeakKind
    column: str
    number: float
    num_rows: int
    rows: tuple[int, ...]
    value: float = math.nan
    rest: bool = False
    outcome: int = 1


def gives_away(columns: Columns, happened: NDArray[Any], seed: int) -> list[Leak]:
    """Columns that know the answer by themselves. happened: (n,) 0 or 1."""
    counts = np.bincount(happened.astype(np.intp), minlength=2)
    if len(happened) < MIN_ROWS or counts.min() < MIN_CLASS:
        return []
    folds = [split.test for split in stratified_folds(happened.astype(np.intp), 5, seed)]
    found = []
    for place, name in enumerate(columns.names):
        values, is_category = columns.values[:, place], columns.kinds[place] == "category"
        area = area_alone(values, happened, is_category, folds)
        if area > LEAK_AUC:
            found.append(Leak("answer", name, area, len(happened), _one_of_each(values, happened)))
        else:
            found += _decisive(name, values, happened, is_category)
    return found


def area_alone(values: Floats, happened: NDArray[Any], is_category: bool, folds: Sequence[NDArray[np.intp]]) -> float:
    """ROC-AUC of one column: of its numbers as they stand, and of the cross-validated rates of its categories, bins and gaps."""
    area = 0.5
    known = ~np.isnan(values)
    if not is_category and known.sum() >= MIN_ROWS and len(np.unique(happened[known])) == 2:
        area = roc_auc(happened[known], values[known])
    levels = _levels(values, is_category)
    rates = np.empty(len(values))
    for test in folds:
        learned = np.ones(len(values), dtype=bool)
        learned[test] = False
        base = happened[learned].mean()
        sizes = np.bincount(levels[learned], minlength=levels.max() + 1)
        hits = np.bincount(levels[learned], happened[learned], minlength=levels.max() + 1)
        rates[test] = ((hits + 2 * base) / (sizes + 2))[levels[test]] - base  # folds differ in their base; that is no signal
    return float(max(area, 1 - area, roc_auc(happened, rates)))


def _levels(values: Floats, is_category: bool) -> NDArray[np.intp]:
    """(n,) a level of each row: categories and few different numbers as they are, many by quantile; missing is a level."""
    present, places = np.unique(values, return_inverse=True)  # NaN comes last, as one value
    if is_category or len(present) <= NUM_BINS:
        return np.asarray(places, dtype=np.intp)
    known = values[~np.isnan(values)]
    edges = np.unique(np.quantile(known, np.linspace(0, 1, NUM_BINS + 1)[1:-1]))
    return np.where(np.isnan(values), len(edges) + 1, np.searchsorted(edges, values, side="right")).astype(np.intp)


def _decisive(name: str, values: Floats, happened: NDArray[Any], is_category: bool) -> list[Leak]:
    """The value of a column that nearly decides, for the most rows; none for most columns."""
    present, places = np.unique(values, return_inverse=True)
    if len(present) < 2:
        return []
    sizes = np.bincount(places)
    hits = np.bincount(places, happened)
    usual = int(np.argmax(sizes))
    best: Leak | None = None
    for outcome in (1, 0):
        base = float((happened == outcome).mean())
        if base > 0.5:
            continue
        shares = (hits if outcome == 1 else sizes - hits) / sizes
        candidates = [(usual, True)] if len(present) > 2 else []
        candidates += [(int(level), False) for level in np.flatnonzero((sizes >= MIN_DECIDED) & (shares >= DECIDED))]
        for level, rest in candidates:
            inside = (np.arange(len(present)) == level) != rest
            num = int(sizes[inside].sum())
            share = float((shares * sizes)[inside].sum() / max(num, 1))
            if num < MIN_DECIDED or share < DECIDED or (not rest and not is_category and _is_dose(level, sizes, shares, base)):
                continue
            if best is None or num > best.num_rows:
                rows = np.flatnonzero(inside[places])
                best = Leak("value", name, share, num, (int(rows[0]), int(rows[-1])), float(present[level]), rest, outcome)
    return [] if best is None else [best]


def _is_dose(level: int, sizes: NDArray[np.intp], shares: Floats, base: float) -> bool:
    """Whether a neighbouring number lies a quarter of the way to certainty or more without being certain: risk grows with the number."""
    near = [place for place in (level - 1, level + 1) if 0 <= place < len(sizes) and sizes[place] >= MIN_DECIDED]
    return any(base + DOSE * (1 - base) <= float(shares[place]) < DECIDED for place in near)


def _one_of_each(values: Floats, happened: NDArray[Any]) -> tuple[int, ...]:
    """A row with the outcome and one without, each with a value that many of its kind have."""
    rows = []
    for outcome in (1, 0):
        mine = np.flatnonzero(happened == outcome)
        present, counts = np.unique(values[mine], return_counts=True)
        usual = present[np.argmax(counts)]
        same = np.isnan(values[mine]) if math.isnan(usual) else values[mine] == usual
        rows.append(int(mine[same][0]))
    return tuple(rows)


def later_than_asked(name: str, days: Floats, asked: Floats, end: float) -> Leak | None:
    """Dates after the moment asked. days, asked: (n,) days since 1970 (NaN = none), end: the day on which the data end."""
    later = (days > asked) & (days <= end)
    planned = days > end
    num = int(later.sum())
    if num < max(MIN_LATER, MIN_LATER_SHARE * len(days)) or planned.sum() > MAX_PLANNED * (num + planned.sum()):
        return None
    rows = np.flatnonzero(later)
    return Leak("future", name, num / len(days), num, (int(rows[0]), int(rows[-1])))


def is_identifier(values: Floats) -> bool:
    """Whole numbers, all different, spread like a counter or rising (falling) with the order of the rows: no real quantity looks like that."""
    if len(values) < MIN_ROWS or np.isnan(values).any() or not (values == np.round(values)).all():
        return False
    ordered = np.unique(values)
    if len(ordered) < UNIQUE * len(values):
        return False
    steps = np.diff(values)
    return bool(ordered[-1] - ordered[0] < SPREAD * len(values) or (steps > 0).mean() >= UNIQUE or (steps < 0).mean() >= UNIQUE)


def identifiers(columns: Columns, subject: NDArray[Any]) -> list[Leak]:
    """Number columns that are identifiers. subject: (n,) whose row it is; each counts once, in the order of the rows."""
    _, first = np.unique(subject, return_index=True)
    rows = np.sort(first)
    found = []
    for place, name in enumerate(columns.names):
        if columns.kinds[place] == "number" and is_identifier(columns.values[rows, place]):
            share = len(np.unique(columns.values[rows, place])) / len(rows)
            found.append(Leak("identifier", name, share, len(rows), (int(rows[0]), int(rows[-1]))))
    return found


def total_of_today(name: str, values: Floats, then: Floats, now: Floats) -> Leak | None:
    """A sum that goes on after the moment asked. then, now: (n,) what was summed up to that moment and up to the end of the data.

    Judged on the rows where both differ by more than 5 %; a common factor (another unit, tax) is allowed for.
    """
    judged = ~np.isnan(values) & (now > 0) & (np.abs(now - then) > 0.05 * now)
    if judged.sum() < MIN_DIFFERENT:
        return None
    agrees_now, agrees_then = (_agrees(values[judged], total[judged]) for total in (now, then))
    if agrees_now.mean() < AGREES or agrees_then.mean() > DISAGREES:
        return None
    rows = np.flatnonzero(judged)[agrees_now]
    return Leak("total", name, float(agrees_now.mean()), int(judged.sum()), (int(rows[0]), int(rows[-1])))


def value_of_today(name: str, values: NDArray[np.object_], then: NDArray[np.object_], now: NDArray[np.object_]) -> Leak | None:
    """A category written over after the moment asked. values, then, now: (n,) words or None; judged where both histories differ."""
    judged = np.array([one is not None and first is not None and first != last for one, first, last in zip(values, then, now, strict=True)])
    if judged.sum() < MIN_DIFFERENT:
        return None
    agrees_now, agrees_then = (np.asarray(values[judged] == told[judged], dtype=bool) for told in (now, then))
    if agrees_now.mean() < AGREES or agrees_then.mean() > DISAGREES:
        return None
    rows = np.flatnonzero(judged)[agrees_now]
    return Leak("present", name, float(agrees_now.mean()), int(judged.sum()), (int(rows[0]), int(rows[-1])))


def _agrees(values: Floats, totals: Floats) -> NDArray[np.bool_]:
    there = totals > 0
    if not there.any():
        return np.zeros(len(values), dtype=bool)
    factor = float(np.median(values[there] / totals[there]))
    if factor == 0:
        return np.zeros(len(values), dtype=bool)
    return np.abs(values - factor * totals) <= CLOSE * np.abs(factor * totals) + 1e-9


def copies(columns: Columns, subject: NDArray[Any], judges: NDArray[np.bool_]) -> list[Leak]:
    """Rows that judge and have a twin of another subject among the learned ones. judges: (n,) True for rows that judge."""
    width = len(columns.names)
    if width < 2 or judges.sum() < MIN_COPIES or (~judges).sum() < MIN_COPIES:
        return []
    terms = _hashes(columns.values)
    whole = terms.sum(axis=1, dtype=np.uint64)
    same = _chance_of_same(columns.values)
    exact = _twins(whole, subject, judges)
    found = []
    chance = float(np.prod(same)) * (~judges).sum()
    if _too_many(exact, judges, chance, COPIES_SHARE):
        found.append(Leak("copies", "", float(exact[judges].mean()), int(exact[judges].sum()), _pair(whole, exact, judges, subject)))
    best: tuple[int, int, NDArray[np.bool_], NDArray[np.uint64]] | None = None
    for place in range(width):
        rest = whole - terms[:, place]
        near = _twins(rest, subject, judges) & ~exact
        without = float(np.prod(np.delete(same, place))) * (~judges).sum()
        if _too_many(near, judges, without, NEAR_SHARE) and (best is None or near.sum() > best[0]):
            best = (int(near.sum()), place, near, rest)
    if best is not None and not found:
        _, place, near, rest = best
        share, num = float(near[judges].mean()), int(near[judges].sum())
        found.append(Leak("near_copies", columns.names[place], share, num, _pair(rest, near, judges, subject)))
    return found


def _too_many(twins: NDArray[np.bool_], judges: NDArray[np.bool_], chance: float, share: float) -> bool:
    """chance: expected twins of one row among the learned rows if the columns were independent."""
    num = int(twins[judges].sum())
    size = int(judges.sum())
    return num >= max(MIN_COPIES, share * size) and num > OVER_CHANCE * chance * size


def _twins(hashes: NDArray[np.uint64], subject: NDArray[Any], judges: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """(n,) True where a row of another subject on the other side is alike, in a group of at most MAX_GROUP."""
    _, group, sizes = np.unique(hashes, return_inverse=True, return_counts=True)
    small = (sizes[group] > 1) & (sizes[group] <= MAX_GROUP)
    judged = np.bincount(group, judges) > 0
    learned = np.bincount(group, ~judges) > 0
    _, codes = np.unique(subject, return_inverse=True)
    low = np.full(len(sizes), len(codes))
    high = np.full(len(sizes), -1)
    np.minimum.at(low, group, codes)
    np.maximum.at(high, group, codes)
    return np.asarray(small & judged[group] & learned[group] & (low != high)[group])


def _pair(hashes: NDArray[np.uint64], twins: NDArray[np.bool_], judges: NDArray[np.bool_], subject: NDArray[Any]) -> tuple[int, ...]:
    for row in np.flatnonzero(twins & judges):
        others = np.flatnonzero(twins & ~judges & (hashes == hashes[row]) & (subject != subject[row]))
        if len(others):
            return int(row), int(others[0])
    return ()


def _hashes(values: Floats) -> NDArray[np.uint64]:
    """(n, d) a number for each value and column, such that sums of a row's numbers are equal for equal rows only (splitmix64, Steele 2014)."""
    plain = np.where(np.isnan(values), -1.2345e300, values + 0.0)  # -0 and 0 are one value
    bits: NDArray[np.uint64] = np.frombuffer(np.ascontiguousarray(plain), dtype=np.uint64).reshape(values.shape)
    mixed: Any = bits + np.arange(1, values.shape[1] + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.asarray(mixed ^ (mixed >> np.uint64(31)), dtype=np.uint64)


def _chance_of_same(values: Floats) -> Floats:
    """(d,) chance that two rows have the same value in a column."""
    result = []
    for column in values.T:
        _, counts = np.unique(column, return_counts=True)
        result.append(float(((counts / len(column)) ** 2).sum()))
    return np.array(result)
