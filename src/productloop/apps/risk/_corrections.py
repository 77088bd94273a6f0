"""What class weights and resampling would do to the chances: measured on these people with logistic regression, whose fits take seconds."""

from __future__ import annotations

import numpy as np

from productloop.apps.risk._live import Live
from productloop.apps.risk.model_types import CorrectionView
from productloop.foundation.figures import Figure
from productloop.foundation.wording import say
from productloop.learning.columns import Columns
from productloop.learning.imbalance import TREATMENTS, ImbalanceCost, imbalance_costs
from productloop.loop.action import Run
from productloop.loop.store import Store

MAX_ROWS = 10_000


def corrections(run: Run, store: Store, live: Live) -> tuple[CorrectionView, ...]:
    """One line for each correction, over five folds of the people with a known result (at most 10,000); none where there are too few."""
    task = live.task
    keys = task.keys(store, run.as_of)
    outcomes = task.outcomes(store, keys, run.as_of)
    rows = np.flatnonzero(outcomes.known)
    if len(rows) > MAX_ROWS:
        rows = np.sort(np.random.default_rng(run.seed).choice(rows, MAX_ROWS, replace=False))
    if len(rows) == 0 or len(task.classes) != 2:
        return ()
    inputs: Columns = task.inputs(store, keys.take(rows), live.release.signature)[0]
    found = imbalance_costs(inputs, outcomes.value[rows], run.seed, treatments=TREATMENTS)
    return tuple(_view(run, number, one, len(rows)) for number, one in enumerate(found))


def _view(run: Run, number: int, one: ImbalanceCost, num: int) -> CorrectionView:
    def figure(name: str, value: float, unit: str = "score") -> Figure:
        limits = (one.extra_log_loss.low, one.extra_log_loss.high) if name == "extra" else None
        return run.figure(f"correction_{number}_{name}", value, unit, f"risk.define.correction_{name}", n=num, interval=limits)

    return CorrectionView(
        name=say("risk.model.correction", name=one.treatment.title),
        marks=(
            figure("order", one.roc_auc),
            figure("extra", one.extra_log_loss.value),
            figure("gap", 100 * one.ece, "points"),
            figure("flagged", one.num_flagged, "people"),
            figure("right", one.precision, "share"),
            figure("untreated", one.untreated_precision, "share"),
        ),
    )
