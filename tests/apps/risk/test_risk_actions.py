from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from risk_workspaces import customers, run_on, settings_of, simulated_workspace, write

from productloop.apps.risk import APP
from productloop.apps.risk.case_types import CaseRequest
from productloop.apps.risk.types import ExplainReport, ExplainRequest, Rule, ScoreReport, ScoreRequest, TrainReport, TrainRequest
from productloop.foundation.errors import MissingData, UsageError
from productloop.foundation.figures import Figure
from productloop.foundation.page import Fold, Line, Page
from productloop.foundation.settings import Settings
from productloop.foundation.wording import LANGUAGES, say
from productloop.interfaces.markdown import render_markdown
from productloop.interfaces.registry import all_texts
from productloop.loop.action import Request, perform
from productloop.loop.features import DAY_US
from productloop.loop.scope import Scope
from productloop.loop.store import Store

JARGON = ("log-loss", "AUC", "ECE", "calibrat", "Mantel", "Poisson", "泊松", "Bonferroni", "对数损失", "校准")


def ask(store: Store, name: str, request: Request, settings: Settings | None = None) -> Any:
    store.refresh()
    return perform(f"risk.{name}", APP.action(name), request, run_on(store, settings))


def check_page(store: Store, name: str, report: Any) -> str:
    """Both languages render, every figure has a definition, and the first screen holds no jargon. Returns the English first screen."""
    page = APP.action(name).page(report)
    texts, quotes = all_texts(), store.quotes(page.quote_rows())
    for language in LANGUAGES:
        assert render_markdown(page, texts, language, quotes)
        screen = render_markdown(Page(title=page.title, blocks=page.blocks), texts, language, quotes)
        assert not [word for word in JARGON if word in screen]
    for figure in page.figures():
        assert figure.definition in texts, figure
        assert figure.protocol is None or figure.protocol in texts
    assert len(json.dumps(report.model_dump(mode="json"))) < 500_000
    return render_markdown(Page(title=page.title, blocks=page.blocks), texts, "en", quotes)


def keys_of_lines(page: Page) -> set[str]:
    return {block.text.key for block in page.blocks if isinstance(block, Line)}


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> tuple[Store, Any]:
    return simulated_workspace(tmp_path_factory.mktemp("planted"), 510)


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> tuple[Store, Settings, TrainReport]:
    """A small startup with a second outcome, `gone`, that depends strongly on the plan."""
    store, made = simulated_workspace(tmp_path_factory.mktemp("trained"), 5, scale=0.2, topics=False)
    generator = np.random.default_rng(0)
    plans = dict(enumerate(made.actors["plan"]))
    asked = store.rows("SELECT subject, time FROM outcomes ORDER BY row_id")
    chance = [{"free": 0.6, "plus": 0.1, "pro": 0.05}[plans[int(subject)]] for subject, _ in asked]
    gone = ["1" if hit else "0" for hit in generator.random(len(asked)) < chance]
    write(
        store, "outcomes", {"subject": [s for s, _ in asked], "task": ["gone"] * len(asked), "value": gone, "time": [t for _, t in asked]}
    )
    plain = settings_of()
    settings = Settings(plain.values, plain.origins, tasks={"gone": {"template": "risk.outcome", "outcome": "gone=1"}})
    report = ask(store, "train", TrainRequest(task="gone"), settings)
    return store, settings, report


def test_planted_need_is_named_first_and_nothing_else(planted: tuple[Store, Any]) -> None:
    store, made = planted
    report: ScoreReport = ask(store, "score", ScoreRequest())
    assert report.state == "untrained"
    assert [cause.key for cause in report.causes if cause.named] == [made.truths["leaving_need"]["need"]]
    assert [finding.subject for finding in report.findings] == [made.truths["leaving_need"]["need"]]
    assert report.findings[0].quotes
    assert report.findings[0].money is not None
    assert "associat" not in check_page(store, "score", report)
    assert "risk.line.association" in keys_of_lines(APP.action("score").page(report))
    assert len(report.periods) == 5


def test_its_interval_holds_the_planted_ratio(tmp_path: Path) -> None:
    """One startup of many: a 90 % interval misses some (that of seed 510 begins at 2.52); how many is measured by `tests/planted/lap.py`."""
    store, made = simulated_workspace(tmp_path, 511)
    report: ScoreReport = ask(store, "score", ScoreRequest())
    assert report.causes[0].key == made.truths["leaving_need"]["need"]
    ratio = report.causes[0].ratio
    assert ratio.low is not None
    assert ratio.high is not None
    assert ratio.low < made.truths["leaving_need"]["probability_ratio"] < ratio.high


def test_nothing_is_named_without_the_truth(tmp_path: Path) -> None:
    store, _ = simulated_workspace(tmp_path, 510, frozenset())
    report: ScoreReport = ask(store, "score", ScoreRequest())
    assert not report.findings
    assert "risk.line.no_cause" in keys_of_lines(APP.action("score").page(report))


def test_training_prints_a_card_in_plain_words(trained: tuple[Store, Settings, TrainReport]) -> None:
    store, settings, report = trained
    assert report.verdict == "first"
    assert report.quality is not None
    assert report.quality.quality.value < report.quality.baseline.value
    assert report.hits is not None
    assert report.base is not None
    assert report.hits.value > report.base.value
    assert report.num_scored == store.count("actors")
    assert "really" in check_page(store, "train", report)
    assert ask(store, "train", TrainRequest(task="gone"), settings).verdict == "skipped"


def test_score_says_who_how_many_and_why(trained: tuple[Store, Settings, TrainReport]) -> None:
    store, settings, _ = trained
    report: ScoreReport = ask(store, "score", ScoreRequest(task="gone"), settings)
    assert report.state == "model"
    assert report.in_table
    for figure in (report.people, report.expected, report.flagged, report.expected_flagged, report.money):
        assert isinstance(figure, Figure)
    assert report.expected is not None
    assert report.flagged is not None
    assert report.people is not None
    assert report.expected.low < report.expected.value < report.expected.high  # type: ignore[operator]
    assert report.flagged.value == round(0.1 * report.people.value)  # type: ignore[operator]
    assert report.num_gone > 0
    assert all(person.chance.value > 0.3 for person in report.persons)  # type: ignore[operator]
    assert {reason.key for person in report.persons for reason in person.reasons} & {"risk.reason.category", "risk.reason.number"}
    worth = [person.chance.value * max(person.paid.value, 0) for person in report.persons]  # type: ignore[operator,union-attr]
    assert worth == sorted(worth, reverse=True)
    assert report.quality is not None
    assert report.quality.weights
    screen = check_page(store, "score", report)
    assert "No experiment has been run" in screen
    page = APP.action("score").page(report)
    assert {fold.title.key for fold in page.details if isinstance(fold, Fold)} >= {"risk.fold.measures", "risk.fold.importance"}


def test_capacity_and_scope_narrow_who_is_asked_about(trained: tuple[Store, Settings, TrainReport]) -> None:
    store, settings, _ = trained
    whole: ScoreReport = ask(store, "score", ScoreRequest(task="gone"), settings)
    five: ScoreReport = ask(store, "score", ScoreRequest(task="gone", capacity=5), settings)
    assert len(five.persons) == 5
    free: ScoreReport = ask(store, "score", ScoreRequest(task="gone", scope=Scope(where=("plan=free",))), settings)
    assert free.people is not None
    assert whole.people is not None
    assert 0 < free.people.value < whole.people.value  # type: ignore[operator]
    chances = {person.subject: person.chance.value for person in whole.persons}
    both = [person for person in free.persons if person.subject in chances]
    assert both
    assert all(person.chance.value == pytest.approx(chances[person.subject]) for person in both)


def test_case_tells_the_chance_of_an_account_with_its_reasons(trained: tuple[Store, Settings, TrainReport]) -> None:
    store, settings, _ = trained
    score: ScoreReport = ask(store, "score", ScoreRequest(task="gone"), settings)
    report = ask(store, "case", CaseRequest(account=score.persons[0].subject, task="gone"), settings)
    assert report.told_apart
    assert report.state != "gone"
    assert report.like_this.value > report.average.value
    assert report.reasons
    assert "Why the model says so" in check_page(store, "case", report)


def test_explain_one_person(trained: tuple[Store, Settings, TrainReport]) -> None:
    store, settings, _ = trained
    score: ScoreReport = ask(store, "score", ScoreRequest(task="gone"), settings)
    subject = score.persons[0].subject
    report: ExplainReport = ask(store, "explain", ExplainRequest(subject=subject, task="gone"), settings)
    assert report.chance.value == pytest.approx(score.persons[0].chance.value)
    assert report.like_this.low <= report.like_this.value <= report.like_this.high  # type: ignore[operator]
    assert report.reasons
    assert any(reason.changeable for reason in report.reasons)
    assert f"like {subject}" in check_page(store, "explain", report).replace("\\", "")
    with pytest.raises(UsageError):
        ask(store, "explain", ExplainRequest(subject="nobody at all", task="gone"), settings)
    with pytest.raises(MissingData):
        ask(store, "explain", ExplainRequest(subject=subject, task="churn"), settings)
    with pytest.raises(UsageError):
        ask(store, "score", ScoreRequest(task="unheard_of"), settings)


def test_a_model_that_is_no_better_is_said_plainly(tmp_path: Path) -> None:
    generator = np.random.default_rng(4)
    outcome = ["1" if hit else "0" for hit in generator.random(90) < 0.3]
    store = customers(tmp_path, [f"c{i}" for i in range(90)], outcome, {"noise": generator.normal(size=90)})
    trained: TrainReport = ask(store, "train", TrainRequest())
    assert trained.verdict == "baseline"
    report: ScoreReport = ask(store, "score", ScoreRequest())
    assert report.state == "baseline"
    assert report.in_table
    assert not report.persons
    assert report.hits is None
    assert "no better than the overall rate" in check_page(store, "score", report)
    explained: ExplainReport = ask(store, "explain", ExplainRequest(subject="c3"))
    assert not explained.told_apart
    assert "cannot tell" in check_page(store, "explain", explained)
    share = explained.average.model_copy(update={"value": 0.5, "unit": "share"})
    group = Rule(name=say("risk.rule.none", feature="noise"), rate=share, other=share, people=share)
    assert "c3 is in a group that does worse" in check_page(store, "explain", explained.model_copy(update={"group": group}))


def test_few_results_give_counted_rules_and_say_how_many_are_missing(tmp_path: Path) -> None:
    plan = ["a" if i < 14 else "b" for i in range(28)]
    outcome = ["Yes" if i < 13 else "No" for i in range(28)]
    store = customers(tmp_path, [f"c{i}" for i in range(28)], outcome, {"kind": plan})
    report: ScoreReport = ask(store, "score", ScoreRequest())
    assert report.state == "few"
    assert report.missing == 2
    assert report.rules
    screen = check_page(store, "score", report)
    assert "2 more" in screen
    assert "kind: a" in screen
    assert ask(store, "train", TrainRequest()).verdict == "no_data"


def test_all_alike_and_nothing_to_predict_are_answers(tmp_path: Path) -> None:
    ids = [f"c{i}" for i in range(40)]
    store = customers(tmp_path / "alike", ids, ["1"] * 20 + ["0"] * 20, {"x": np.arange(40.0)})
    plain = settings_of()
    other = Settings(plain.values, plain.origins, tasks={"churn": {"template": "risk.outcome", "outcome": "churn=7"}})
    report: ScoreReport = ask(store, "score", ScoreRequest(), other)
    assert report.state == "one_class"
    check_page(store, "score", report)
    empty = Store.create(tmp_path / "empty")
    write(empty, "events", {"actor": [0], "name": ["use"], "time": [1_700_000_000_000_000]})
    nothing: ScoreReport = ask(empty, "score", ScoreRequest())
    assert nothing.state == "no_task"
    assert "risk.inactive_days" in check_page(empty, "score", nothing).replace("\\", "")
    write(empty, "actors", {"actor": [0, 1, 2], "churned": ["no", "yes", "no"]})
    empty.refresh()
    said: ScoreReport = ask(empty, "score", ScoreRequest())
    assert said.said_by == ("churned", "yes")
    assert "--outcome churned=yes" in check_page(empty, "score", said).replace("\\", "")
    with pytest.raises(MissingData):
        ask(empty, "train", TrainRequest())


def test_inactivity_scores_only_who_is_still_active(tmp_path: Path) -> None:
    store, _ = simulated_workspace(tmp_path, 8, scale=0.2, topics=False)
    report: ScoreReport = ask(store, "score", ScoreRequest(task="churn"), _only_inactivity(14))
    as_of = store.as_of()
    assert as_of is not None
    activity = "SELECT actor, time FROM events UNION ALL SELECT actor, time FROM orders"
    active = store.rows(f"SELECT count(DISTINCT actor) FROM ({activity}) WHERE time >= ?", [as_of - 14 * DAY_US])[0][0]
    assert report.people is not None
    assert report.people.value == active
    assert report.num_silent > 0
    assert "do nothing for 14 days" in check_page(store, "score", report)


def _only_inactivity(days: int) -> Settings:
    plain = settings_of()
    return Settings(plain.values, plain.origins, tasks={"churn": {"template": "risk.outcome", "inactive_days": days}})
