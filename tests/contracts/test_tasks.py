"""Every task that the simulated startup's files suggest keeps the contract, and so do the other ways to say what is at risk."""

from __future__ import annotations

from pathlib import Path

import pytest

from productloop.apps.risk.tasks import make_outcome
from productloop.foundation.settings import load_settings
from productloop.interfaces.registry import apps, tasks_of
from productloop.loop.importing import ImportRequest, import_path
from productloop.loop.simulation import simulate, write_files
from productloop.loop.store import Store
from productloop.testing import TASK_CHECKS, check_task

CARS = (("发动机声音太大", "动力", -1), ("提速很快", "动力", 1), ("座椅坐着累", "座椅", -1), ("后排很宽敞", "座椅", 1))


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    folder = tmp_path_factory.mktemp("tasks")
    made = Store.create(folder / "workspace")
    for path in sorted(write_files(simulate(7, 0.1), folder / "files")):
        import_path(made, load_settings(None, {}), ImportRequest(path), 1, lambda stage, done, total: None)
    return made


def test_every_suggested_task_keeps_the_contract(store: Store) -> None:
    tasks = tasks_of(store, load_settings(None, {}))
    suggesting = {template.name for app in apps() for template in app.templates if template.suggest or template.suggest_all}
    assert "risk.outcome" in suggesting
    assert {task.template for task in tasks} <= suggesting
    for task in tasks:
        check_task(task, store, store.as_of())


def test_answers_of_people_keep_the_contract(store: Store) -> None:
    rows = [str(row[0]) for row in store.rows("SELECT row_id FROM feedback ORDER BY row_id LIMIT 40")]
    store.state.add_labels("about money", [(row, ("yes", "no")[place % 2]) for place, row in enumerate(rows)], 1)
    store.state.add_labels("type", [(rows[0], "bug")], 1)
    tasks = [task for task in tasks_of(store, load_settings(None, {})) if task.template == "needs.label"]
    assert [task.name for task in tasks] == ["label-about-money", "label-type"]
    for task in tasks:
        check_task(task, store, store.as_of())


def test_parts_of_the_product_keep_the_contract(tmp_path: Path) -> None:
    path = tmp_path / "cars.csv"
    lines = [f"{text} {i},{part},{feeling},2026-05-{1 + i % 28:02d}" for i in range(40) for text, part, feeling in CARS]
    path.write_text("content,subject,sentiment_value,date\n" + "\n".join(lines) + "\n", encoding="utf-8")
    made = Store.create(tmp_path / "workspace")
    import_path(made, load_settings(None, {}), ImportRequest(path), 1, lambda stage, done, total: None)
    tasks = [task for task in tasks_of(made, load_settings(None, {})) if task.template == "needs.aspect"]
    assert [task.name for task in tasks] == ["aspect", "aspect-feeling"]
    assert tasks[0].classes == ("动力", "座椅")
    for task in tasks:
        check_task(task, made, made.as_of())


@pytest.mark.parametrize("options", [{"inactive_days": 14}, {"inactive_days": 14, "gap_days": 3, "window_days": 21}])
def test_inactivity_keeps_the_contract(store: Store, options: dict[str, int]) -> None:
    assert check_task(make_outcome("quiet", options, store), store, store.as_of()) == (*TASK_CHECKS, "past", "classes", "masked")


def test_undated_outcomes_keep_the_contract(tmp_path: Path) -> None:
    lines = [f"c{i},{'Yes' if i % 3 == 0 else 'No'},{i % 7},{'a' if i % 2 else 'b'}" for i in range(60)]
    path = tmp_path / "customers.csv"
    path.write_text("customerID,Churn,visits,colour\n" + "\n".join(lines) + "\n", encoding="utf-8")
    made = Store.create(tmp_path / "workspace")
    import_path(made, load_settings(None, {}), ImportRequest(path, outcome="Churn=Yes"), 1, lambda stage, done, total: None)
    task = make_outcome("churn", {"outcome": "Churn=Yes"}, made)
    assert not task.dated
    assert task.classes == ("No", "Yes")
    assert check_task(task, made, made.as_of()) == (*TASK_CHECKS, "classes")


def test_a_task_that_sees_the_future_is_caught(store: Store) -> None:
    from dataclasses import replace

    from productloop.loop.records import Keys

    task = make_outcome("churn", {"outcome": "churn=1"}, store)
    late = replace(task, inputs=lambda s, keys, sign: task.inputs(s, Keys(keys.code, keys.at * 0, keys.ids), sign))
    with pytest.raises(AssertionError, match="future"):
        check_task(late, store, store.as_of())
