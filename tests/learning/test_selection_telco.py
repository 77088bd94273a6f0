"""One held-out fold of real churn data; the full protocol is benchmarks/risk.py."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from productloop.learning.columns import Columns
from productloop.learning.logistic import LogisticModel
from productloop.learning.metrics import ece, log_loss, roc_auc
from productloop.learning.reasons import explain, group_columns
from productloop.learning.selection import SelectedModel
from productloop.learning.splitting import stratified_folds

NUMBERS = {"tenure", "MonthlyCharges", "TotalCharges"}


@pytest.mark.shared
def test_picks_a_calibrated_model_that_beats_logistic_regression_and_explains_itself(shared_data: Callable[[str], Path]) -> None:
    with shared_data("telco_churn/Telco-Customer-Churn.csv").open(encoding="utf-8", newline="") as file:
        (_, *names, _), *rows = csv.reader(file)
    values, sizes = [], []
    for place, name in enumerate(names, start=1):
        cells = [row[place].strip() for row in rows]
        codes = {} if name in NUMBERS else {cell: code for code, cell in enumerate(sorted(set(cells)))}
        values.append([codes.get(cell, float(cell) if cell and not codes else np.nan) for cell in cells])
        sizes.append(len(codes))
    kinds = tuple("number" if name in NUMBERS else "category" for name in names)
    inputs, outcomes = Columns(np.array(values).T.copy(), tuple(names), kinds, tuple(sizes)), np.array([row[-1] == "Yes" for row in rows])
    assert np.isnan(inputs.values).sum() == 11  # blank TotalCharges
    split = stratified_folds(outcomes, 5, seed=0)[0]
    train, test, truth = inputs.take(split.train), inputs.take(split.test), outcomes[split.test].astype(int)
    picked, plain = SelectedModel(), LogisticModel(c=1.0)
    for model in (picked, plain):
        model.fit(train, outcomes[split.train], None, seed=0)
    predicted = picked.predict(test)
    assert log_loss(truth, predicted) < log_loss(truth, plain.predict(test))
    assert roc_auc(truth, predicted[:, 1]) > 0.83
    assert ece(truth, predicted[:, 1]) < 0.05  # 1,409 rows: noise alone is about .02
    groups = group_columns(inputs, {"tenure": "time with us", "TotalCharges": "time with us"})
    riskiest = predicted[:, 1].argsort()[-100:]
    reasons = explain(picked.contributions(test.take(riskiest)), test.take(riskiest), groups)
    strongest = [first.group for first, *_ in reasons]
    assert strongest.count("time with us") + strongest.count("Contract") > 80  # new customers on monthly contracts
    assert all(first.contribution > 0 for first, *_ in reasons)
