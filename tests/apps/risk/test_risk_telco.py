from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from risk_workspaces import run_on, settings_of

from productloop.apps.risk import APP
from productloop.apps.risk.types import ExplainRequest, ScoreRequest, TrainRequest
from productloop.loop.action import perform
from productloop.loop.importing import ImportRequest, import_path
from productloop.loop.store import Store


@pytest.mark.shared
@pytest.mark.slow
def test_telco_from_file_to_card(tmp_path: Path, shared_data: Callable[[str], Path]) -> None:
    """Pooled five-fold quality of the whole way (import, inputs, picked recipe): log-loss .412, ROC-AUC .848, base rate .579."""
    path = shared_data("telco_churn/Telco-Customer-Churn.csv")
    store = Store.create(tmp_path)
    import_path(store, settings_of(), ImportRequest(path, outcome="Churn=Yes"), 1, lambda stage, done, total: None)
    trained = perform("risk.train", APP.action("train"), TrainRequest(), run_on(store))
    assert trained.verdict == "first"
    quality = trained.quality
    assert quality.num_rows == 7043
    assert quality.quality.value < 0.415
    assert quality.baseline.value == pytest.approx(0.5786, abs=1e-3)
    measures = {figure.definition: figure.value for figure in quality.measures}
    assert measures["loop.metric.roc_auc"] > 0.845
    assert measures["loop.metric.pr_auc"] > 0.655
    assert measures["loop.metric.ece"] < 0.025
    assert (trained.of, trained.hits.value, trained.base.value) == (10, 8, 3)
    assert "loop.warning.undated" in quality.warnings
    store.refresh()
    report = perform("risk.score", APP.action("score"), ScoreRequest(), run_on(store))
    assert report.state == "model"
    assert report.people.value == 5174
    assert report.num_gone == 1869
    reasons = {reason.slots["feature"] for person in report.persons for reason in person.reasons}
    assert "Contract" in reasons
    explained = perform("risk.explain", APP.action("explain"), ExplainRequest(subject=report.persons[0].subject), run_on(store))
    changeable = {reason.text.slots["feature"]: reason.changeable for reason in explained.reasons}
    assert changeable["Contract"]
    assert not changeable["tenure"]
