"""When will it happen: how well people are put in order by how soon they leave, and how well curves and medians keep their promise.

Telco: `tenure` is the time, `Churn` the end, five stratified folds (seed 0); the 11 customers with tenure 0 are left out, and so is
TotalCharges (tenure times price). CAUTION: the columns are as of today. A two-year contract is known of somebody only because they stayed long
enough to choose it, so every number on Telco flatters; the protocol is here to compare methods, not to promise an order.
scikit-survival's CoxPHSurvivalAnalysis was measured on the same protocol at .8645 (see docs/benchmarks.md).

    OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 python benchmarks/when.py FOLDER_OF_DATA
"""

from __future__ import annotations

import csv
import math
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from productloop.learning.columns import Columns
from productloop.learning.cox import CoxOrder, fit_cox
from productloop.learning.hazard import hazard_recipes
from productloop.learning.splitting import stratified_folds
from productloop.learning.survival import Spans, concordance, kaplan_meier, spans_of

FILE = "telco_churn/Telco-Customer-Churn.csv"
NOT_INPUTS = ("customerID", "tenure", "Churn", "TotalCharges")
NUM_FOLDS, SEED = 5, 0
WARNING = "Telco's columns are as of today (who has a long contract is known only because they stayed): these numbers flatter."


def telco(folder: Path) -> tuple[Columns, Spans]:
    """The customers with a tenure above 0."""
    with (folder / FILE).open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if float(row["tenure"]) > 0]
    names = [name for name in rows[0] if name not in NOT_INPUTS]
    values, kinds, sizes = [], [], []
    for name in names:
        found = [row[name] for row in rows]
        number = name == "MonthlyCharges"
        known = sorted(set(found))
        values.append([float(value) if number else float(known.index(value)) for value in found])
        kinds.append("number" if number else "category")
        sizes.append(0 if number else len(known))
    columns = Columns(np.array(values).T.copy(), tuple(names), tuple(kinds), tuple(sizes))  # type: ignore[arg-type]
    return columns, spans_of(np.array([float(row["tenure"]) for row in rows]), np.array([row["Churn"] == "Yes" for row in rows]))


def ordered(columns: Columns, spans: Spans) -> list[tuple[str, float, float, float, float]]:
    """(method, C-index, its deviation over folds, Uno's, CPU seconds) of every way to order people."""
    outcomes = np.column_stack([spans.exit, spans.happened])
    ways: list[tuple[str, Any]] = [("Cox (Efron, L2)", None)] + [(recipe.name, recipe) for recipe in hazard_recipes()]
    table = []
    for name, recipe in ways:
        plain, weighted, began = [], [], time.process_time()
        for split in stratified_folds(spans.happened.astype(np.intp), NUM_FOLDS, SEED):
            train, test = columns.take(split.train), columns.take(split.test)
            if recipe is None:
                order = CoxOrder()
                order.fit(train, spans.take(split.train))
                risk = order.risk(test)
            else:
                model = recipe.make()
                model.fit(train, outcomes[split.train], None, SEED)
                risk = model.risk(test)
            plain.append(concordance(spans.take(split.test), risk))
            weighted.append(concordance(spans.take(split.test), risk, inverse=True))
        seconds = (time.process_time() - began) / NUM_FOLDS
        table.append((name, float(np.mean(plain)), float(np.std(plain)), float(np.mean(weighted)), seconds))
    return table


def covered() -> tuple[float, float, float]:
    """Share of 300 simulations in which the 90 % interval holds the truth: curve at one moment, median, hazard ratio 2."""
    hits = np.zeros(3)
    for seed in range(300):
        random = np.random.default_rng(seed)
        kind = random.integers(0, 2, 200).astype(float)
        life, end, entry = random.exponential(10 / (1 + kind)), random.uniform(3, 25, 200), random.uniform(0, 3, 200)
        seen = (life > entry) & (end > entry)
        spans = Spans(entry[seen], np.minimum(life, end)[seen], (life <= end)[seen])
        slow = spans.take(kind[seen] == 0)
        curve = kaplan_meier(slow, 5)
        _, low, high = curve.at(np.array([5.0]))
        median = curve.quantile()
        fitted = fit_cox(kind[seen, None], spans)
        half: NDArray[np.float64] = 1.645 * fitted.standard_errors
        hits += [
            low[0] <= math.exp(-0.5) <= high[0],
            median.low <= 10 * math.log(2) <= median.high,
            abs(fitted.coefficients[0] - math.log(2)) <= half[0],
        ]
    return tuple(float(share) for share in hits / 300)  # type: ignore[return-value]


def main() -> None:
    """Print the tables."""
    columns, spans = telco(Path(sys.argv[1]))
    out = sys.stdout.write
    out(
        f"Telco: {len(spans)} customers, {int(spans.happened.sum())} left, {columns.values.shape[1]} columns, {NUM_FOLDS} folds, seed {SEED}\n"
    )
    out(f"CAUTION: {WARNING}\n")
    for name, plain, deviation, weighted, seconds in ordered(columns, spans):
        out(f"{name:20s} C-index {plain:.4f} +- {deviation:.4f}   Uno {weighted:.4f}   {seconds:5.2f} CPU s a fit\n")
    out("90 % intervals hold the truth (300 simulations): curve {:.3f}, median {:.3f}, hazard ratio {:.3f}\n".format(*covered()))


if __name__ == "__main__":
    main()
