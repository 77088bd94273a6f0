"""`risk check`: five planted leaks are found with their rows, clean data raise none, and what was left out stays out."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from risk_workspaces import customers, run_on, settings_of, simulated_workspace, write

from productloop.apps.risk import APP
from productloop.apps.risk._leave_out import leave_out_option
from productloop.apps.risk.check_types import CheckReport, CheckRequest
from productloop.apps.risk.tasks import make_outcome
from productloop.foundation.errors import UsageError
from productloop.foundation.page import Grid, Line, Page
from productloop.foundation.settings import Settings
from productloop.foundation.wording import LANGUAGES
from productloop.interfaces.markdown import render_markdown
from productloop.interfaces.registry import all_texts
from productloop.loop.action import perform
from productloop.loop.feature_queries import DAY_US
from productloop.loop.store import Store

START = 1_772_323_200_000_000  # 2026-03-01
NUM = 260
JARGON = ("AUC", "PSI", "cross-valid", "Fisher", "交叉", "平滑")


def ask(store: Store, settings: Settings | None = None, task: str | None = None) -> CheckReport:
    store.refresh()
    report = perform("risk.check", APP.action("check"), CheckRequest(task=task), run_on(store, settings))
    assert isinstance(report, CheckReport)
    return report


def read(report: CheckReport) -> dict[str, str]:
    """The first screen in both languages; nothing of a method stands on it, and every figure has a definition."""
    page, texts = APP.action("check").page(report), all_texts()
    for figure in page.figures():
        assert figure.definition in texts
    screen = Page(title=page.title, blocks=page.blocks)
    found = {language: render_markdown(screen, texts, language, {}) for language in LANGUAGES}
    assert not [word for word in JARGON for screen_text in found.values() if word in screen_text]
    assert all(render_markdown(page, texts, language, {}) for language in LANGUAGES)
    return found


def startup(root: Path, seed: int, planted: bool) -> Store:
    """People who use a product until they leave, each asked about once: on 2 April or on 2 May, four weeks before it was observed."""
    generator = np.random.default_rng(seed)
    people = np.arange(NUM)
    asked = 32 + 30 * generator.integers(0, 2, NUM)
    left = generator.random(NUM) < 0.35
    leaves = np.where(left, asked + generator.integers(1, 27, NUM), 95)
    store = Store.create(root)
    write(store, "actor_codes", {"code": people.tolist(), "id": [f"c{one:03d}" for one in people]})
    uses = [(int(who), int(day)) for who in people for day in np.flatnonzero(generator.random(95) < 0.2) if day < leaves[who]]
    write(
        store,
        "events",
        {"actor": [who for who, _ in uses], "name": ["use"] * len(uses), "time": [START + day * DAY_US + 5 for _, day in uses]},
    )
    outcomes = {"subject": people.tolist(), "task": ["churn"] * NUM, "value": np.where(left, "1", "0").tolist()}
    write(store, "outcomes", outcomes | {"time": [START + (int(day) + 28) * DAY_US for day in asked]})
    columns: dict[str, Any] = {
        "seats": generator.integers(1, 30, NUM).astype(float),
        "trade": generator.choice(["food", "law", "art"], NUM),
    }
    columns["signed"] = [_day(int(day)) for day in generator.integers(-200, 0, NUM)]
    columns["renews"] = [_day(int(day)) for day in generator.integers(60, 500, NUM)]
    if planted:
        known = left & (generator.random(NUM) < 0.6)
        columns["goodwill"] = left + generator.normal(size=NUM) * 0.1
        columns["exit_note"] = [generator.choice(["price", "bugs"]) if one else None for one in known]
        columns["closed_on"] = [_day(int(leaves[who])) if left[who] and who % 5 else None for who in people]
        columns["seat"] = 4000.0 + generator.permutation(NUM)
        columns["uses_ever"] = np.bincount([who for who, _ in uses], minlength=NUM).astype(float)
    write(store, "actors", {"actor": people.tolist(), "first_seen": [START - 300 * DAY_US] * NUM, **columns})
    return store


def _day(day: int) -> str:
    return datetime.fromtimestamp((START + day * DAY_US) / 1e6, UTC).date().isoformat()


@pytest.mark.parametrize("seed", [1, 2])
def test_five_planted_leaks_are_named_with_rows_to_look_at(tmp_path: Path, seed: int) -> None:
    store = startup(tmp_path, seed, planted=True)
    report = ask(store)
    kinds = {alarm.column: alarm.kind for alarm in report.alarms}
    assert kinds.keys() == {"goodwill", "exit_note", "closed_on", "seat", "uses_ever"}
    assert kinds["goodwill"] == "answer"
    assert kinds["exit_note"] == "value"
    assert kinds["closed_on"] == "future"
    assert kinds["seat"] == "identifier"
    assert kinds["uses_ever"] == "total"
    ids = {f"c{one:03d}" for one in range(NUM)}
    for alarm in report.alarms:
        assert len(alarm.examples) == 2
        assert {one.subject for one in alarm.examples} <= ids
    assert set(report.leave_out) == set(kinds)
    screen = read(report)
    assert screen["en"].index("Do not trust") < 200
    assert '"goodwill"' in screen["zh"]
    mended = Settings(settings_of().values, settings_of().origins, tasks={
        "churn": {"template": "risk.outcome", "outcome": "churn=1", "leave_out": list(report.leave_out)}})  # fmt: skip
    again = ask(store, mended)
    assert again.alarms == ()
    assert set(again.already) == set(again.leave_out) == set(kinds)
    assert again.num_inputs < report.num_inputs
    store.close()


def test_clean_data_raise_none(tmp_path: Path) -> None:
    report = ask(startup(tmp_path, 3, planted=False))
    assert report.state == "checked"
    assert report.alarms == ()
    assert report.leave_out == ()
    assert "No column gives the answer away" in read(report)["en"]
    assert {limit.key for limit in report.limits} == {"risk.check.limit.no_history"}


def test_a_date_after_the_moment_is_an_alarm_of_its_own(tmp_path: Path) -> None:
    """Where the date is known of many who stay, too, only its lateness tells."""
    store = startup(tmp_path, 4, planted=False)
    generator = np.random.default_rng(0)
    days = [_day(int(day)) for day in generator.integers(50, 92, NUM)]
    write(store, "actors", {"actor": list(range(NUM)), "known_at": [START - DAY_US] * NUM, "last_seen": days})
    report = ask(store)
    assert [(alarm.column, alarm.kind) for alarm in report.alarms] == [("last_seen", "future")]
    assert report.alarms[0].num_rows > 100
    assert "known_at" in read(report)["en"] or "later than the moment" in read(report)["en"]


def test_a_plan_of_today_beside_orders_that_name_another(tmp_path: Path) -> None:
    store = startup(tmp_path, 6, planted=False)
    plans = [("free" if who % 2 else "plus", "gold" if who % 2 else "free") for who in range(NUM)]
    write(store, "orders", {"actor": [who for who in range(NUM) for _ in (0, 1)], "plan": [plan for pair in plans for plan in pair],
                            "time": [START + day * DAY_US for _ in range(NUM) for day in (3, 93)], "amount": [900] * 2 * NUM})  # fmt: skip
    write(store, "actors", {"actor": list(range(NUM)), "known_at": [START] * NUM, "plan": [last for _, last in plans]})
    assert [(alarm.column, alarm.kind) for alarm in ask(store).alarms] == [("plan", "present")]


def test_copies_under_other_ids_and_what_undated_rows_cannot_tell(tmp_path: Path) -> None:
    generator = np.random.default_rng(5)
    size = 200
    again = generator.choice(size, 40, replace=False)
    rows = np.concatenate([np.arange(size), again])
    left = np.where(generator.random(size) < 0.4, "Yes", "No")
    visits = np.where(generator.random(size) < np.where(left == "Yes", 0.5, 0.08), np.nan, generator.normal(size=size))
    columns = {"visits": visits[rows], "spent": generator.gamma(2, 30, size)[rows], "colour": generator.choice(list("abc"), size)[rows]}
    left = left[rows]
    store = customers(tmp_path, [f"c{one}" for one in range(len(rows))], left.tolist(), columns)
    report = ask(store)
    assert [alarm.kind for alarm in report.alarms] == ["copies"]
    first, second = (one.subject for one in report.alarms[0].examples)
    assert first != second
    assert {limit.key for limit in report.limits} == {"risk.check.limit.undated"}
    assert [gap.name for gap in report.gaps] == ["visits"]
    assert report.gaps[0].with_outcome.value > 0.3 > 0.1 > report.gaps[0].without.value
    screen = read(report)["en"]
    assert "remove copies" in screen
    assert "leave_out" not in screen


def test_too_few_one_kind_and_nothing_to_learn_are_sentences(tmp_path: Path) -> None:
    few = customers(tmp_path / "few", [f"c{i}" for i in range(12)], ["1", "0"] * 6, {"x": np.arange(12.0)})
    assert ask(few).state == "few"
    assert "18 more" in read(ask(few))["en"]
    one = customers(tmp_path / "one", [f"c{i}" for i in range(60)], ["1"] * 60, {"x": np.arange(60.0) % 7})
    settings = Settings(settings_of().values, settings_of().origins, tasks={"churn": {"template": "risk.outcome", "outcome": "churn=1"}})
    assert ask(one, settings).state == "one_class"
    assert "nothing to compare" in read(ask(one, settings))["en"]
    nothing = Store.create(tmp_path / "nothing")
    write(nothing, "events", {"actor": [0], "name": ["use"], "time": [START]})
    report = ask(nothing)
    assert report.state == "no_task"
    assert "--outcome" in read(report)["en"]


def test_the_simulated_startup_is_clean_and_other_targets_can_be_checked(tmp_path: Path) -> None:
    store, _ = simulated_workspace(tmp_path, 7, scale=0.2, topics=False)
    report = ask(store)
    assert report.state == "checked"
    assert report.alarms == ()
    tasks = {"calls": {"template": "risk.outcome", "target": "count", "count": "contact_support"}}
    counted = ask(store, Settings(settings_of().values, settings_of().origins, tasks=tasks), "calls")
    assert counted.state == "checked"
    page = APP.action("check").page(counted)
    assert any(isinstance(block, Line) for block in page.blocks)
    assert not any(isinstance(block, Grid) for block in page.blocks)


def test_what_is_left_out_is_a_list_of_names_and_spelling_counts_as_in_headers(tmp_path: Path) -> None:
    assert leave_out_option("churn", {"leave_out": "a"}) == ("a",)
    for wrong in (3, [1], [""], {"a": 1}):
        with pytest.raises(UsageError):
            leave_out_option("churn", {"leave_out": wrong})
    days = [f"2026-01-{1 + i % 28:02d}" for i in range(60)]
    store = customers(
        tmp_path,
        [f"c{i}" for i in range(60)],
        ["1", "0", "0"] * 20,
        {"Net Score": np.arange(60.0) % 9, "seen": days, "x": np.arange(60.0) % 5},
    )
    task = make_outcome("churn", {"outcome": "churn=1", "leave_out": ["net_score", "Seen"]}, store)
    keys = task.keys(store, None)
    inputs, signature = task.inputs(store, keys, None)
    assert inputs.names == ("x",)
    again, _ = task.inputs(store, keys, signature)
    assert np.array_equal(again.values, inputs.values)
    assert task.row_input is not None
    assert task.row_input(store, {"x": 2, "seen": "2026-01-03"}, signature).values.tolist() == [[2.0]]
