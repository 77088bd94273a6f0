"""The page about the live model: plain words first, numbers of the model that is live, and quiet answers where there is none."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from risk_workspaces import customers, run_on, settings_of
from test_risk_actions import ask, check_page

from productloop.apps.risk import tasks
from productloop.apps.risk._judged import judged_rows
from productloop.apps.risk._live import open_model
from productloop.apps.risk.model_types import ModelReport, ModelRequest
from productloop.apps.risk.tasks import risk_tasks
from productloop.apps.risk.types import ExplainReport, ExplainRequest, ScoreReport, ScoreRequest, TrainRequest
from productloop.foundation.errors import MissingData, UsageError
from productloop.foundation.page import Chart
from productloop.foundation.settings import Settings
from productloop.learning.logistic import LOGISTIC
from productloop.learning.metrics import ece
from productloop.loop.prepared import prepare
from productloop.loop.release import JUDGED_FILE
from productloop.loop.scope import Scope
from productloop.loop.serve import open_live, row_inputs
from productloop.loop.store import Store

NUM = 500


def shop(root: Path, noise: bool = False) -> Store:
    """500 customers; the plan and the days without a visit decide, `colour` does not."""
    random = np.random.default_rng(2)
    plan = random.integers(0, 2, NUM)
    days = random.uniform(0, 60, NUM)
    chance = np.full(NUM, 0.3) if noise else 1 / (1 + np.exp(-(0.08 * days - 4 + 2.5 * plan)))
    gone = ["1" if hit else "0" for hit in random.random(NUM) < chance]
    attributes: dict[str, Any] = {
        "plan": ["free" if one else "paid" for one in plan],
        "quiet": days,
        "colour": [f"c{one}" for one in random.integers(0, 3, NUM)],
    }
    return customers(root, [f"u{number}" for number in range(NUM)], gone, attributes)


@pytest.fixture(scope="module", autouse=True)
def one_recipe() -> Iterator[None]:
    """Logistic regression instead of the picked recipe: the page is the same, the fits take milliseconds."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tasks, "selection", lambda effort: LOGISTIC)
        yield


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> tuple[Store, ModelReport]:
    store = shop(tmp_path_factory.mktemp("model"))
    assert ask(store, "train", TrainRequest()).verdict == "first"
    return store, ask(store, "model", ModelRequest())


def test_first_screen_is_plain_and_says_what_counts(trained: tuple[Store, ModelReport]) -> None:
    store, report = trained
    assert report.state == "model"
    screen = check_page(store, "model", report)
    assert "picked at random" in screen
    assert report.trust == "right"
    assert {str(weight.name) for weight in report.weights[:2]} == {"plan", "quiet"} or "risk.feature.plan" in str(report.weights[:2])
    assert report.weights[0].share.low is not None
    assert sum(float(weight.share.value or 0) for weight in report.weights) == pytest.approx(1, abs=1e-6)
    assert {curve.form for curve in report.curves} <= {"values", "categories", "among", "local"}
    assert report.tree is not None
    assert report.tree.agreement.value is not None
    assert report.tree.agreement.value > 80
    assert sum(float(rule.people.value or 0) for rule in report.tree.rules) == pytest.approx(1)


def test_measures_are_those_of_the_card(trained: tuple[Store, ModelReport]) -> None:
    _, report = trained
    assert report.quality is not None
    by_name = {mark.model.definition: mark for mark in report.marks}
    assert by_name["loop.metric.log_loss"].model.value == pytest.approx(report.quality.quality.value)
    card = {figure.definition: figure.value for figure in report.quality.measures}
    for name in ("loop.metric.ece", "loop.metric.roc_auc", "loop.metric.pr_auc"):
        assert by_name[name].model.value == pytest.approx(card[name])
    assert report.gap is not None
    assert report.gap.value == pytest.approx(100 * float(card["loop.metric.ece"] or 0))
    assert sum(int(one.people.value or 0) for one in report.bins) == NUM
    assert report.alone is not None
    assert float(report.alone.wrong.value or 0) <= 0.13


def test_the_picture_has_the_diagonal_and_intervals(trained: tuple[Store, ModelReport]) -> None:
    from productloop.apps.risk.model_report import model_page

    _, report = trained
    chart = next(block for block in model_page(report).blocks if isinstance(block, Chart))
    happened, exact = chart.series
    assert all(low <= y <= high for low, y, high in zip(happened.low, happened.y, happened.high, strict=True))  # type: ignore[operator]
    assert exact.y == tuple(one.predicted.value for one in report.bins)


def test_predictions_made_again_are_the_kept_ones(trained: tuple[Store, ModelReport]) -> None:
    store, report = trained
    run = run_on(store)
    (task,) = risk_tasks(store, run.settings)
    live = open_model(store, task)
    assert live is not None
    kept = judged_rows(run, store, live)
    assert len(np.unique(kept.keys.code)) == NUM
    assert report.gap is not None
    assert 100 * ece(kept.happened.astype(float), kept.chance) == pytest.approx(report.gap.value)
    path = store.models / live.release.id / JUDGED_FILE
    content = path.read_bytes()
    path.unlink()
    again = judged_rows(run, store, live)
    path.write_bytes(content)
    order, same = np.argsort(kept.keys.code), np.argsort(again.keys.code)
    assert again.chance[same] == pytest.approx(kept.chance[order], abs=1e-12)
    assert (again.outcomes[same] == kept.outcomes[order]).all()


def test_a_scope_judges_only_those_people(trained: tuple[Store, ModelReport]) -> None:
    store, report = trained
    free: ModelReport = ask(store, "model", ModelRequest(scope=Scope(where=("plan=free",))))
    assert free.gap is not None
    assert report.gap is not None
    assert 0 < (free.gap.n or 0) < (report.gap.n or 0)
    assert free.hits is None


def test_no_model_and_no_better_model_are_said(tmp_path: Path) -> None:
    store = shop(tmp_path / "noise", noise=True)
    with pytest.raises(MissingData):
        ask(store, "model", ModelRequest())
    assert ask(store, "train", TrainRequest()).verdict == "baseline"
    report: ModelReport = ask(store, "model", ModelRequest())
    assert report.state == "baseline"
    assert "no better than the overall rate" in check_page(store, "model", report)


def test_costs_say_whom_it_pays_to_contact(trained: tuple[Store, ModelReport]) -> None:
    store, _ = trained
    report: ScoreReport = ask(store, "score", ScoreRequest(cost_missed=300, cost_contact=60))
    assert report.cost is not None
    assert report.cost.verdict == "some"
    assert report.cost.threshold.value == pytest.approx(0.2)
    assert report.flagged is not None
    assert report.flagged.value == report.cost.people.value
    assert all(float(person.chance.value or 0) > 0.2 for person in report.persons)
    saving = report.cost.saving
    assert saving.low is not None
    assert saving.high is not None
    assert 0 < saving.low < float(saving.value or 0) < saving.high
    assert "A contact costs" in check_page(store, "score", report)
    assert report.cost.checked is not None
    assert float(report.cost.checked.value or 0) > 0
    few: ScoreReport = ask(store, "score", ScoreRequest(cost_missed=300, cost_contact=60, capacity=7))
    assert few.flagged is not None
    assert few.flagged.value == 7


@pytest.mark.parametrize(
    ("contact", "kept", "verdict"), [(400, None, "never"), (299.9, None, "nobody"), (10, 0.01, "never"), (0.01, None, "everybody")]
)
def test_nobody_and_everybody_are_answers(trained: tuple[Store, ModelReport], contact: float, kept: float | None, verdict: str) -> None:
    store, _ = trained
    report: ScoreReport = ask(store, "score", ScoreRequest(cost_missed=300, cost_contact=contact, kept_share=kept))
    assert report.cost is not None
    assert report.cost.verdict == verdict
    screen = check_page(store, "score", report)
    assert ("Contacting nobody is right" in screen) == (verdict in ("nobody", "never"))
    assert bool(report.persons) == (verdict == "everybody")


def test_half_of_the_costs_is_refused_and_settings_are_read(trained: tuple[Store, ModelReport]) -> None:
    store, _ = trained
    with pytest.raises(UsageError):
        ask(store, "score", ScoreRequest(cost_missed=300))
    plain = settings_of()
    options = {"template": "risk.outcome", "outcome": "churn=1", "costs": {"missed": 300, "contact": 60}}
    report: ScoreReport = ask(store, "score", ScoreRequest(), Settings(plain.values, plain.origins, tasks={"churn": options}))
    assert report.cost is not None
    assert report.cost.threshold.value == pytest.approx(0.2)


def test_explain_parts_what_can_be_changed_and_says_whom_it_resembles(trained: tuple[Store, ModelReport]) -> None:
    store, _ = trained
    persons = ask(store, "score", ScoreRequest()).persons
    report: ExplainReport = ask(store, "explain", ExplainRequest(subject=persons[0].subject))
    assert sum(abs(reason.push) for reason in report.reasons) == pytest.approx(1, abs=1e-9)
    assert all((reason.push > 0) == reason.raises for reason in report.reasons)
    screen = check_page(store, "explain", report)
    assert "What can be worked on" in screen
    assert "smallest difference" not in screen, "an association stands in the fold only"
    risky = max(
        (one for one in (ask(store, "explain", ExplainRequest(subject=p.subject)) for p in persons[:4])),
        key=lambda one: one.alternative is not None,
    )
    assert risky.alternative is not None
    assert float(risky.alternative.chance.value or 1) <= float(risky.alternative.threshold.value or 0) < float(risky.chance.value or 0)
    assert len(risky.alternative.now) == len(risky.alternative.instead) >= 1
    safe: ExplainReport = ask(store, "explain", ExplainRequest(subject=persons[-1].subject))
    assert safe.alternative is None or float(safe.chance.value or 0) > float(safe.alternative.threshold.value or 1)


def test_an_online_answer_gives_the_reasons_of_explain(trained: tuple[Store, ModelReport]) -> None:
    store, _ = trained
    live = open_live(store, risk_tasks(store, settings_of())[0])
    assert live.task.explainer is not None
    at = run_on(store).now
    explainer = live.task.explainer(live.task, store, live.release, live.model, at)
    prepared = prepare(live, store, at)
    assert explainer is not None
    assert prepared is not None
    for person in ("u3", "u77"):
        alone = row_inputs(live, store, {"subject": person}, at)
        asked = prepared.of(person)
        assert asked is not None
        assert np.array_equal(asked.values, alone.values, equal_nan=True), "prepared together, the same as one by one"
        shown: ExplainReport = ask(store, "explain", ExplainRequest(subject=person))
        found = explainer(asked, 6)
        assert [(one.text, one.raises, one.changeable) for one in found] == [
            (one.text, one.raises, one.changeable) for one in shown.reasons
        ]
        assert [one.push for one in found] == pytest.approx([one.push for one in shown.reasons])
        assert len(explainer(asked, 1)) == 1
    assert prepared.of("nobody") is None
    constant = live.release.model_copy(update={"recipe": live.task.recipes[0].name})
    assert live.task.explainer(live.task, store, constant, live.model, at) is None, "the overall rate has no reasons"


def test_corrections_of_imbalance_are_measured_when_asked_for(trained: tuple[Store, ModelReport]) -> None:
    store, plain = trained
    assert not plain.corrections
    report: ModelReport = ask(store, "model", ModelRequest(imbalance=True))
    assert len(report.corrections) >= 3
    for one in report.corrections:
        order, extra, gap, *_ = one.marks
        assert 0.5 < float(order.value or 0) < 1
        assert extra.low is not None
        assert float(gap.value or 0) > 0
    check_page(store, "model", report)
