"""The page about groups of people: columns found by name, also when left out of the model; few people and no column are answers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from risk_workspaces import customers, settings_of
from test_risk_actions import ask, check_page

from productloop.apps.risk import tasks
from productloop.apps.risk._fairness import groups_of_values, is_protected
from productloop.apps.risk.fairness_types import FairnessReport, FairnessRequest
from productloop.apps.risk.types import TrainRequest
from productloop.foundation.errors import MissingData
from productloop.foundation.settings import Settings
from productloop.learning.logistic import LOGISTIC
from productloop.loop.store import Store

NUM = 600


@pytest.fixture(scope="module", autouse=True)
def one_recipe() -> Iterator[None]:
    """Logistic regression instead of the picked recipe: the page is the same, the fits take milliseconds."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tasks, "selection", lambda effort: LOGISTIC)
        yield


def shop(root: Path) -> Store:
    """600 customers: women leave more often, age does nothing, `team` is small for one value."""
    random = np.random.default_rng(5)
    sex = random.integers(0, 2, NUM)
    use = random.normal(size=NUM)
    gone = ["1" if hit else "0" for hit in random.random(NUM) < 1 / (1 + np.exp(-(2 * use + 1.5 * sex - 1.5)))]
    attributes: dict[str, Any] = {
        "Gender": ["f" if one else "m" for one in sex],
        "age": random.uniform(18, 80, NUM),
        "use": use,
        "team": ["tiny" if number < 12 else "big" for number in range(NUM)],
    }
    return customers(root, [f"u{number}" for number in range(NUM)], gone, attributes)


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Store:
    store = shop(tmp_path_factory.mktemp("fair"))
    assert ask(store, "train", TrainRequest()).verdict == "first"
    return store


def test_columns_are_found_by_name_and_differences_said(trained: Store) -> None:
    report: FairnessReport = ask(trained, "fairness", FairnessRequest(threshold=0.5))
    assert [column.name for column in report.columns] == ["Gender", "age"]
    gender, age = report.columns
    assert gender.used
    assert {one.measure for one in gender.differences} >= {"happened", "flagged"}
    assert "gap" not in {one.measure for one in gender.differences}
    assert not age.differences
    assert len(age.groups) == 4
    screen = check_page(trained, "fairness", report)
    assert "really leave" in screen
    assert "No clear difference" in screen
    assert 'protected = \\["Gender", "age"\\]' in screen or 'protected = ["Gender", "age"]' in screen
    tenth: FairnessReport = ask(trained, "fairness", FairnessRequest())
    assert tenth.flagged is not None
    assert tenth.flagged.value == NUM // 10


def test_any_column_small_groups_and_unknown_names(trained: Store) -> None:
    report: FairnessReport = ask(trained, "fairness", FairnessRequest(column=("team", "TEAM", "height")))
    (team,) = report.columns
    assert report.unknown_columns == ("height",)
    small = next(group for group in team.groups if group.name == "tiny")
    assert small.flagged is None
    assert not team.differences
    assert "too few to say" in check_page(trained, "fairness", report)


def test_a_protected_column_is_not_learned_and_still_looked_at(tmp_path: Path) -> None:
    store, plain = shop(tmp_path), settings_of()
    options = {"template": "risk.outcome", "outcome": "churn=1", "protected": ["gender"]}
    settings = Settings(plain.values, plain.origins, tasks={"churn": options})
    with pytest.raises(MissingData):
        ask(store, "fairness", FairnessRequest(), settings)
    assert ask(store, "train", TrainRequest(), settings).verdict == "first"
    report: FairnessReport = ask(store, "fairness", FairnessRequest(threshold=0.5), settings)
    gender = report.columns[0]
    assert gender.name == "Gender"
    assert not gender.used
    assert {one.measure for one in gender.differences} >= {"happened", "gap"}, (
        "chances that cannot see it are too low for one and too high for the other"
    )
    assert "does not see this column" in check_page(store, "fairness", report)


def test_few_people_and_no_column_are_answers(tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    use = random.normal(size=200)
    gone = ["1" if hit else "0" for hit in random.random(200) < 1 / (1 + np.exp(-3 * use))]
    store = customers(tmp_path, [f"u{number}" for number in range(200)], gone, {"use": use})
    ask(store, "train", TrainRequest())
    report: FairnessReport = ask(store, "fairness", FairnessRequest())
    assert report.state == "no_column"
    assert "--column use" in check_page(store, "fairness", report).replace("\\", "")


def test_names_and_groups() -> None:
    assert all(
        is_protected(name) for name in ("Sex", "customer_age", "SeniorCitizen", "性别", "客户年龄段", "date of birth", "Nationality")
    )
    assert not any(is_protected(name) for name in ("usage", "Contract", "page", "message", "套餐", "Essex"))
    assert groups_of_values(np.array(["a", "a", None], dtype=object)) is None
    many = groups_of_values(np.array([f"c{number % 9}" for number in range(90)], dtype=object))
    assert many is not None
    assert len(many.names) == 6
    assert np.bincount(many.codes)[-1] == 40
    flags = groups_of_values(np.array([0.0, 1.0, np.nan]))
    assert flags is not None
    assert flags.names == ("0", "1")
    assert flags.codes.tolist() == [0, 1, -1]
