"""Several classes, numbers of times and remaining time: from the settings to the answer over the API."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from risk_workspaces import customers, run_on, settings_of, simulated_workspace, write

from productloop.apps.risk import APP, _targets
from productloop.apps.risk._asking import find_task
from productloop.apps.risk._inputs import grow_along
from productloop.apps.risk._targets import duration_column, unit_of
from productloop.apps.risk.fairness_types import FairnessRequest
from productloop.apps.risk.model_types import ModelReport, ModelRequest
from productloop.apps.risk.tasks import make_outcome, with_effort
from productloop.apps.risk.types import ExplainRequest, ScoreRequest, TrainRequest
from productloop.foundation.errors import UsageError
from productloop.foundation.page import Page
from productloop.foundation.settings import Settings
from productloop.foundation.wording import LANGUAGES
from productloop.interfaces.markdown import render_markdown
from productloop.interfaces.registry import all_texts
from productloop.learning.logistic import LOGISTIC
from productloop.loop.action import perform
from productloop.loop.features import DAY_US
from productloop.loop.monitor import track
from productloop.loop.release import load_release
from productloop.loop.serve import open_live, predict_row, score_all
from productloop.loop.store import Store
from productloop.loop.turn import turn
from productloop.testing import check_task

NUM = 300


@pytest.fixture(scope="module")
def machines(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """Machines that overheat when hot, wear out when old, never both; claims follow the heat; two values are rare."""
    random = np.random.default_rng(0)
    heat, age = random.normal(size=NUM), random.normal(size=NUM)
    failure = np.where(heat > 0.8, "heat", np.where(age > 0.8, "wear", "none")).astype(object)
    noisy = random.random(NUM) < 0.05
    failure[noisy] = "none"
    failure[:3], failure[3:5] = "flood", None
    store = customers(
        tmp_path_factory.mktemp("machines"), [f"m{i}" for i in range(NUM)], list(failure), {"heat": heat, "age": age}, "failure"
    )
    claims = random.poisson(np.exp(-0.5 + heat)).astype(int).tolist()
    write(store, "outcomes", {"subject": list(range(NUM)), "task": ["claims"] * NUM, "value": [str(n) for n in claims]})
    store.refresh()
    return store


def test_an_outcome_without_a_value_asks_which(machines: Store) -> None:
    task = make_outcome("failure", {"outcome": "failure"}, machines)
    assert task.classes == ("heat", "none", "wear")
    assert task.counted == (0, 2)  # everything but the most common value
    keys = task.keys(machines, None)
    outcomes = task.outcomes(machines, keys, None)
    assert outcomes.known.sum() == NUM - 5  # three floods are too few for a class, two are not known
    assert check_task(task, machines, None)[-1] == "classes"
    assert make_outcome("failure", {"outcome": "failure", "bad": "wear"}, machines).counted == (2,)
    for bad in ("flood", "heat,none,wear"):
        with pytest.raises(UsageError):
            make_outcome("failure", {"outcome": "failure", "bad": bad}, machines)


def test_classes_from_training_to_the_answer(machines: Store) -> None:
    asked = make_outcome("failure", {"outcome": "failure"}, machines)
    task = replace(asked, recipes=(asked.recipes[0], LOGISTIC))
    (result,) = turn(run_on(machines), (task,))
    assert result.verdict == "first"
    release, _ = load_release(machines, task, result.release or "")
    assert release.signature.classes == task.classes
    assert release.card.figures["roc_auc"].value > 0.8  # type: ignore[operator]
    assert release.card.figures["base_rate"].value == pytest.approx(0.37, abs=0.06)
    assert sum(size for _, _, size in release.card.calibration) == release.card.num_labelled
    live = open_live(machines, task)
    answer, _, _ = predict_row(live, machines, {"heat": 2.0, "age": -1.0}, 1)
    assert max(answer, key=answer.get) == "heat"
    assert sum(answer.values()) == pytest.approx(1.0, abs=1e-5)
    machines.refresh()
    scores = machines.rows("SELECT value FROM scores WHERE task = 'failure'")
    assert len(scores) == NUM == result.num_scored
    assert 0.25 < np.mean([value for (value,) in scores]) < 0.5  # of heat or wear, not of the last class alone


def test_counts_from_training_to_the_answer(machines: Store) -> None:
    task = make_outcome("claims", {"outcome": "claims", "target": "count"}, machines)
    assert with_effort(task, "thorough") is task
    (result,) = turn(run_on(machines), (task,))
    assert result.verdict == "first"
    release, _ = load_release(machines, task, result.release or "")
    card = release.card
    assert card.quality.definition == "loop.metric.poisson_deviance"
    assert card.quality.value < 0.85 * card.baseline.value  # type: ignore[operator]
    assert set(card.compared) == {"count_mean", "count_line", "count_trees"}
    assert card.figures["mean_top_tenth"].value > 2 * card.figures["mean_number"].value  # type: ignore[operator]
    assert card.slices == {}
    live = open_live(machines, task)
    hot, _, _ = predict_row(live, machines, {"heat": 2.0, "age": 0.0}, 1)
    cold, _, _ = predict_row(live, machines, {"heat": -2.0, "age": 0.0}, 1)
    assert hot["value"] > 4 * cold["value"] > 0
    assert 0 <= hot["low"] <= hot["value"] <= hot["high"]
    machines.state.add_predictions([{"id": "p", "task": "claims", "release": card.release, "subject": "m1", "latency_ms": 1.0, "at": 1,
                                     "value": '{"value": 1.0, "low": 0.0, "high": null}', "input_hash": "x"}])  # fmt: skip
    assert track(machines, "claims").num_known == 0  # a number is no class that came true or not


def page_of(store: Store, name: str, request: Any, tasks: dict[str, Any]) -> tuple[Any, str]:
    """The report and its first screen in English; both languages render and every figure is defined."""
    store.refresh()
    plain = settings_of()
    report = perform(f"risk.{name}", APP.action(name), request, run_on(store, Settings(plain.values, plain.origins, tasks=tasks)))
    page, texts = APP.action(name).page(report), all_texts()
    for language in LANGUAGES:
        assert render_markdown(page, texts, language, {})
    for figure in page.figures():
        assert figure.definition in texts, figure
    return report, render_markdown(Page(title=page.title, blocks=page.blocks), texts, "en", {}).replace("**", "")


def shares_of(report: ModelReport) -> dict[str, float]:
    return {one.name: float(one.rate.value or 0) for one in report.classes}


def test_pages_of_several_classes_and_of_numbers_read_sensibly(machines: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """After the two trainings above: the list names the most probable class, and the number with its range."""
    monkeypatch.setattr(_targets, "selection", lambda effort: LOGISTIC)  # what it was trained with
    tasks = {"claims": {"template": "risk.outcome", "outcome": "claims", "target": "count"},
             "failure": {"template": "risk.outcome", "outcome": "failure"}}  # fmt: skip
    if machines.state.live("claims") is None or machines.state.live("failure") is None:
        pytest.skip("the tests that train did not run")
    report, screen = page_of(machines, "score", ScoreRequest(task="claims"), tasks)
    assert report.state == "model"
    assert report.numbers.kind == "count"
    first, last = report.numbers.persons[0].number.value, report.numbers.persons[-1].number.value
    assert first > 3 * last
    assert "Who is expected to have most" in screen
    assert "mostly 0 to" in screen or "mostly 1 to" in screen
    report, screen = page_of(machines, "train", TrainRequest(task="claims"), tasks)
    assert report.verdict == "skipped" or report.quality is not None
    report, screen = page_of(machines, "score", ScoreRequest(task="failure"), tasks)
    assert {person.likely.slots["name"] for person in report.persons} == {"heat", "wear"}
    assert report.rate.value == pytest.approx(0.37, abs=0.06)
    assert "most likely which" in screen
    heat = next(person.subject for person in report.persons if person.likely.slots["name"] == "heat")
    explained, screen = page_of(machines, "explain", ExplainRequest(subject=heat, task="failure"), tasks)
    assert "Most likely: heat" in screen
    assert "What they said last" not in screen, "nobody's words came in here"
    assert explained.reasons[0].text.slots["feature"] == "heat"
    assert explained.reasons[0].raises
    explained, screen = page_of(machines, "explain", ExplainRequest(subject=heat, task="claims"), tasks)
    assert f"{heat} is expected to have claims" in screen
    assert explained.numbers.persons[0].number.high >= explained.numbers.persons[0].number.value
    alone, screen = page_of(machines, "model", ModelRequest(task="failure", value="wear"), tasks)
    assert [one.name for one in alone.classes] == sorted(shares_of(alone), key=lambda name: -shares_of(alone)[name])
    assert sum(shares_of(alone).values()) == pytest.approx(1.0)
    assert "Each outcome by itself" in screen
    assert alone.rate.value == shares_of(alone)["wear"]
    assert alone.event.slots["value"] == "wear"
    assert alone.bins[-1].happened.value > 2 * alone.rate.value
    assert alone.hits.value > alone.base.value
    groups, screen = page_of(machines, "fairness", FairnessRequest(task="failure", column=("age",), value="wear"), tasks)
    assert groups.state == "model"
    assert "failure = wear" in screen
    assert max(group.happened.value for group in groups.columns[0].groups) > 2 * alone.rate.value, "old machines wear"
    for name, request in (("model", ModelRequest(task="claims")), ("fairness", FairnessRequest(task="claims"))):
        number, screen = page_of(machines, name, request, tasks)
        assert number.state == "number"
        assert "how many or how long" in screen
    goes_by, screen = page_of(machines, "model", ModelRequest(task="claims"), tasks)
    assert sum(weight.share.value for weight in goes_by.weights) == pytest.approx(1.0, abs=0.3), "the first eight of all"
    assert goes_by.weights[0].share.value >= goes_by.weights[-1].share.value
    assert goes_by.curves[0].mean[-1] != goes_by.curves[0].mean[0]
    assert "How the predicted number moves" in screen
    with pytest.raises(UsageError, match="heat"):
        page_of(machines, "model", ModelRequest(task="failure", value="nothing such"), tasks)
    with pytest.raises(UsageError):
        find_task(run_on(machines, Settings(settings_of().values, settings_of().origins, tasks=tasks)), "claims")


def test_numbers_that_are_none_are_not_known(tmp_path: Path) -> None:
    store = customers(tmp_path, ["a", "b", "c", "d"], ["3", "-1", "many", ""], {"x": [1.0, 2.0, 3.0, 4.0]}, "claims")
    task = make_outcome("claims", {"outcome": "claims", "target": "count"}, store)
    value = task.outcomes(store, task.keys(store, None), None).value
    assert value.tolist() == pytest.approx([3.0, math.nan, math.nan, math.nan], nan_ok=True)
    for options in (
        {"target": "count"},
        {"target": "count", "outcome": "a=b"},
        {"target": "count", "outcome": "a", "count": "b"},
        {"target": "x"},
    ):
        with pytest.raises(UsageError):
            make_outcome("claims", options, store)


@pytest.fixture(scope="module")
def startup(tmp_path_factory: pytest.TempPathFactory) -> tuple[Store, Any]:
    return simulated_workspace(tmp_path_factory.mktemp("startup"), 3, scale=0.03, topics=False)


@pytest.mark.parametrize("what", ["feedback", "orders"])
def test_texts_and_orders_are_counted_in_windows_that_have_ended(startup: tuple[Store, Any], what: str) -> None:
    store, _ = startup
    task = make_outcome("n", {"target": "count", "count": what, "window_days": 14}, store)
    as_of = store.as_of()
    assert as_of is not None
    keys = task.keys(store, as_of)
    outcomes = task.outcomes(store, keys, as_of)
    open_ = keys.at + 14 * DAY_US > as_of + 1
    assert np.isnan(outcomes.value[open_]).all()
    assert open_.any()
    row = int(np.flatnonzero(outcomes.value > 0)[0])
    column = "author" if what == "feedback" else "actor"
    query = f"SELECT count(*) FROM {what} WHERE {column} = ? AND time >= ? AND time < ?"
    at = int(keys.at[row])
    assert outcomes.value[row] == store.rows(query, [int(keys.code[row]), at, at + 14 * DAY_US])[0][0]


def test_remaining_days_run_to_the_first_outcome_or_the_last_look(tmp_path: Path) -> None:
    store = Store.create(tmp_path)
    start = 1_700_000_000_000_000 // DAY_US * DAY_US
    write(store, "actor_codes", {"code": [0, 1], "id": ["stays", "leaves"]})
    looks = [(0, 28, "0"), (0, 56, "0"), (1, 28, "0"), (1, 56, "1")]
    write(store, "outcomes", {"subject": [c for c, _, _ in looks], "task": ["churn"] * 4, "value": [v for _, _, v in looks],
                              "time": [start + d * DAY_US for _, d, _ in looks]})  # fmt: skip
    task = make_outcome("when", {"outcome": "churn=1", "target": "time"}, store)
    keys = task.keys(store, None)
    value = task.outcomes(store, keys, None).value
    found = {(str(name), int(at - start) // DAY_US): tuple(row) for name, at, row in zip(keys.ids, keys.at, value, strict=True)}
    assert found == {("stays", 0): (56.0, 0.0), ("stays", 28): (28.0, 0.0), ("leaves", 0): (56.0, 1.0), ("leaves", 28): (28.0, 1.0)}
    early = task.outcomes(store, keys, start + 30 * DAY_US).value
    assert early[np.flatnonzero(keys.at == start)].tolist() == [[28.0, 0.0], [28.0, 0.0]]  # nothing of the second look is known then


def test_time_from_training_to_the_answer_over_a_table_without_dates(tmp_path: Path) -> None:
    random = np.random.default_rng(1)
    plan = random.integers(0, 2, 300)
    life, end = random.exponential(np.where(plan == 1, 40.0, 10.0)), random.uniform(0, 30, 300)
    tenure = np.ceil(np.minimum(life, end))
    attributes = {"plan": ["pro" if p else "free" for p in plan], "tenure": tenure, "bills": tenure * random.uniform(9, 11, 300)}
    store = customers(tmp_path, [f"c{i}" for i in range(300)], ["Yes" if gone else "No" for gone in life <= end], attributes)
    task = make_outcome("when", {"outcome": "churn=Yes", "target": "time"}, store)
    assert dict(task.options or {})["duration"] == "tenure"
    assert dict(task.options or {})["unit"] == "months"
    (result,) = turn(run_on(store), (task,))
    assert result.verdict == "first"
    release, _ = load_release(store, task, result.release or "")
    assert [column.name for column in release.signature.columns] == ["plan", "tenure"]  # the sum of bills only says how long
    assert release.card.figures["concordance"].value > 0.6  # type: ignore[operator]
    live = open_live(store, task)
    free, _, _ = predict_row(live, store, {"plan": "free", "tenure": 3.0}, 1)
    pro, _, _ = predict_row(live, store, {"plan": "pro", "tenure": 3.0}, 1)
    assert free["value"] == pytest.approx(10 * math.log(2), abs=3)
    assert pro["value"] is None or pro["value"] > 15  # fewer than half will be gone within what the table reaches
    assert free["low"] < free["value"]
    assert score_all(live, store, 1, lambda *_: None) == 300


def test_the_column_of_how_long_is_found_and_its_unit_said(tmp_path: Path) -> None:
    store = customers(tmp_path, ["a", "b"], ["1", "0"], {"x": [1.0, 2.0], "tenure_days": [400.0, 3.0]})
    assert duration_column(store, {}) is None or duration_column(store, {}) == "tenure_days"
    assert duration_column(store, {"duration": "Tenure Days"}) == "tenure_days"
    assert unit_of(store, "tenure_days", {}) == "days"
    assert unit_of(store, "tenure_days", {"unit": "weeks"}) == "weeks"
    assert unit_of(store, "x", {}) == "months"
    with pytest.raises(UsageError):
        make_outcome("when", {"outcome": "churn=1", "target": "time", "duration": "nothing"}, store)


def test_columns_that_only_grow_are_found() -> None:
    random = np.random.default_rng(2)
    tenure = random.integers(1, 60, 200).astype(float)
    raw = {
        "tenure": tenure,
        "bills": tenure * random.uniform(8, 12, 200),
        "price": random.uniform(8, 12, 200),
        "plan": np.array(["a"] * 200, dtype=object),
    }
    assert grow_along(raw, "tenure") == ("bills",)
    assert grow_along(raw, "plan") == ()
