"""Risk recipes one by one on a public table, and what treatments of rare classes cost.

    python benchmarks/risk_recipes.py telco
    python benchmarks/risk_recipes.py telco --imbalance

Protocol: stratified five-fold cross-validation (scikit-learn's StratifiedKFold, shuffled, seed 0), predictions of the five test folds pooled.
CPU seconds: process time of one fit and its predictions, one thread. Without PyTorch the network is left out, also of the stack. With
`--imbalance` the folds are the library's own (`imbalance_costs`), and the network with focal loss is added where it can be trained.
"""

from __future__ import annotations

import argparse
import time
from functools import partial

import numpy as np
from numpy.typing import NDArray
from sklearn.model_selection import StratifiedKFold

from productloop.learning.boosting import BOOSTING
from productloop.learning.columns import Columns
from productloop.learning.imbalance import imbalance_costs
from productloop.learning.logistic import LOGISTIC
from productloop.learning.metrics import brier, ece, log_loss, pr_auc, roc_auc
from productloop.learning.model import Recipe
from productloop.learning.network import NETWORK, NetworkModel
from productloop.learning.recipes import THOROUGH_RECIPES
from risk_data import TABLES


def main() -> None:
    """Print one line per recipe, or per treatment."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("table", choices=sorted(TABLES))
    parser.add_argument("--imbalance", action="store_true")
    arguments = parser.parse_args()
    columns, outcomes = TABLES[arguments.table]()
    print(f"{arguments.table}: {len(outcomes)} rows, {outcomes.mean():.1%} cases", flush=True)
    focal = Recipe("network_focal", "classes", partial(NetworkModel, focal_gamma=2.0), NetworkModel.load, NETWORK.title)
    if not arguments.imbalance:
        print(f"{'':20s} ROC-AUC  PR-AUC log-loss   Brier     ECE  CPU s (one fit)")
        for recipe in THOROUGH_RECIPES:
            judge(recipe, columns, outcomes)
        return
    for recipe in (LOGISTIC, BOOSTING):
        for cost in imbalance_costs(columns, outcomes, 0, recipe):
            extra = cost.extra_log_loss
            print(
                f"{recipe.name:10s} {cost.treatment.name:14s} ROC-AUC {cost.roc_auc:.4f}  log-loss {cost.log_loss:.4f} "
                f"(+{extra.value:.4f}, {extra.low:.4f} to {extra.high:.4f})  ECE {cost.ece:.3f}  flagged {cost.num_flagged}  "
                f"precision {cost.precision:.3f}  recall {cost.recall:.3f}  untreated, flagging as many {cost.untreated_precision:.3f}",
                flush=True,
            )
    if NETWORK in THOROUGH_RECIPES:
        for recipe in (NETWORK, focal):
            judge(recipe, columns, outcomes)


def judge(recipe: Recipe, columns: Columns, outcomes: NDArray[np.intp]) -> None:
    """One line: pooled out-of-fold measures and the CPU time of a fit."""
    predicted, start = np.empty((len(outcomes), 2)), time.process_time()
    for train, test in StratifiedKFold(5, shuffle=True, random_state=0).split(columns.values, outcomes):
        model = recipe.make()
        model.fit(columns.take(train), outcomes[train], None, 0)
        predicted[test] = model.predict(columns.take(test))
    seconds, scores = (time.process_time() - start) / 5, predicted[:, 1]
    measures = (roc_auc(outcomes, scores), pr_auc(outcomes, scores), log_loss(outcomes, predicted), brier(outcomes, scores))
    print(f"{recipe.name:20s}" + "".join(f" {value:7.4f}" for value in (*measures, ece(outcomes, scores))) + f" {seconds:6.2f}", flush=True)


if __name__ == "__main__":
    main()
