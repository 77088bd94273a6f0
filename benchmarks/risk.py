"""Risk models on public tables: the recipe picked inside training against fixed small LightGBM and plain logistic regression.

    python benchmarks/risk.py telco --seeds 5
    python benchmarks/risk.py german --seeds 5

Protocol: stratified five-fold cross-validation, one pass per seed; everything (recipe, blend weights, L2 strength, calibration) is chosen
inside the training folds; predictions of the five test folds are pooled and judged on the same rows for all models. CPU seconds are process
time, one thread. Data: IBM Telco churn (7,043 x 19), Statlog German credit (1,000 x 20, 1 = bad).
The folder of the public sets is `../shared/data` beside the checkout, or PRODUCTLOOP_SHARED_DATA.
"""

from __future__ import annotations

import argparse
import csv
import os
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from productloop.learning.boosting import BoostingModel
from productloop.learning.columns import Columns
from productloop.learning.logistic import LogisticModel
from productloop.learning.metrics import brier, ece, log_loss, log_losses, pr_auc, roc_auc
from productloop.learning.model import Model
from productloop.learning.resampling import mean_interval
from productloop.learning.selection import SelectedModel
from productloop.learning.splitting import stratified_folds

SHARED = Path(os.environ.get("PRODUCTLOOP_SHARED_DATA", Path(__file__).resolve().parents[2] / "shared" / "data"))


def encode(rows: list[list[str]], names: list[str], is_number: list[bool]) -> Columns:
    """Text cells to codes (alphabetical) and numbers; a blank is missing."""
    values = np.empty((len(rows), len(names)))
    sizes = []
    for place, number in enumerate(is_number):
        cells = [row[place].strip() for row in rows]
        if number:
            values[:, place], size = [float(cell) if cell else np.nan for cell in cells], 0
        else:
            codes = {cell: code for code, cell in enumerate(sorted(set(cells) - {""}))}
            values[:, place], size = [codes.get(cell, np.nan) for cell in cells], len(codes)
        sizes.append(size)
    return Columns(values, tuple(names), tuple("number" if number else "category" for number in is_number), tuple(sizes))


def telco() -> tuple[Columns, NDArray[np.intp]]:
    """7,043 customers, 19 columns; 11 blank TotalCharges stay missing."""
    with (SHARED / "telco_churn" / "Telco-Customer-Churn.csv").open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    numbers = {"tenure", "MonthlyCharges", "TotalCharges"}
    names = header[1:-1]
    columns = encode([row[1:-1] for row in rows], names, [name in numbers for name in names])
    return columns, np.array([row[-1] == "Yes" for row in rows], dtype=np.intp)


def german() -> tuple[Columns, NDArray[np.intp]]:
    """1,000 applicants, 20 columns."""
    rows = [line.split() for line in (SHARED / "german_credit" / "german.data").read_text(encoding="utf-8").splitlines() if line.strip()]
    is_number = [not rows[0][place].startswith("A") for place in range(20)]
    columns = encode([row[:20] for row in rows], [f"a{place + 1}" for place in range(20)], is_number)
    return columns, np.array([row[20] == "2" for row in rows], dtype=np.intp)


def main() -> None:
    """Run one data set and print its table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", choices=("telco", "german"))
    parser.add_argument("--seeds", type=int, default=5)
    arguments = parser.parse_args()
    columns, outcomes = {"telco": telco, "german": german}[arguments.data]()
    contenders: dict[str, Callable[[], Model]] = {
        "picked inside training": SelectedModel,
        "LightGBM 250x7": BoostingModel,
        "logistic C=1": lambda: LogisticModel(c=1.0),
    }
    measured: dict[str, list[tuple[float, ...]]] = {name: [] for name in contenders}
    losses: dict[str, NDArray[np.float64]] = {name: np.zeros(len(outcomes)) for name in contenders}
    picks: list[str] = []
    for seed in range(arguments.seeds):
        for name, make in contenders.items():
            predicted, start = np.empty((len(outcomes), 2)), time.process_time()
            for split in stratified_folds(outcomes, 5, seed):
                model = make()
                model.fit(columns.take(split.train), outcomes[split.train], None, seed)
                predicted[split.test] = model.predict(columns.take(split.test))
                if isinstance(model, SelectedModel):
                    picks.append(f"{model.name}+{model.calibration.kind}")
            seconds, scores = time.process_time() - start, predicted[:, 1]
            row = (log_loss(outcomes, predicted), brier(outcomes, scores), ece(outcomes, scores), roc_auc(outcomes, scores))
            measured[name].append((*row, pr_auc(outcomes, scores), seconds))
            losses[name] += log_losses(outcomes, predicted) / arguments.seeds
            print(f"seed {seed}  {name:24s}" + "".join(f" {value:8.4f}" for value in measured[name][-1]), flush=True)
    print(f"\n{arguments.data}: {len(outcomes)} rows, pooled five folds, mean of {arguments.seeds} seeds")
    print(f"{'':32s} log-loss    Brier      ECE      AUC   PR-AUC    CPU s (5 fits)")
    for name, rows in measured.items():
        print(f"{name:32s}" + "".join(f" {value:8.4f}" for value in np.mean(rows, axis=0)))
    for name in list(contenders)[1:]:
        gap = mean_interval(losses["picked inside training"] - losses[name], seed=0)
        print(f"picked minus {name}: log-loss {gap.value:+.4f} (90 % {gap.low:+.4f} to {gap.high:+.4f})")
    print("picks:", {pick: picks.count(pick) for pick in sorted(set(picks))})


if __name__ == "__main__":
    main()
