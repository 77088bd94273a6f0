"""A recipe of another package, from its entry point to a saved and opened release."""

from __future__ import annotations

from importlib.metadata import EntryPoint
from pathlib import Path

import numpy as np
import pytest

from productloop.foundation.errors import UsageError
from productloop.foundation.wording import Text
from productloop.learning import model as model_module
from productloop.learning.constant import CONSTANT
from productloop.learning.logistic import LogisticModel
from productloop.learning.model import Recipe
from productloop.learning.recipes import THOROUGH_RECIPES, find_class_recipe, thorough_recipes
from productloop.learning.selection import SelectedModel, choose, recipes_for
from productloop.learning.splitting import stratified_folds
from productloop.testing import RECIPE_CHECKS, check_recipe, planted


class OutsideModel(LogisticModel):
    """Stands for a library of another package: its own class, fit, predict, save and load."""

    def __init__(self) -> None:
        super().__init__(c=1.0)


OUTSIDE = Recipe("outside_line", "classes", OutsideModel, OutsideModel.load, Text(zh="外来的直线", en="A line from outside"))
RANKER = Recipe("outside_ranker", "ranking", OutsideModel, OutsideModel.load, Text(zh="外来的排序", en="A ranking from outside"))


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if a package said [project.entry-points."productloop.recipes"] outside_line = "its_module:OUTSIDE" in its pyproject.toml."""
    monkeypatch.setattr(EntryPoint, "load", lambda point: {"OUTSIDE": OUTSIDE, "RANKER": RANKER}[point.attr])
    points = [EntryPoint(name, f"its_module:{name}", model_module.ENTRY_POINT_GROUP) for name in ("OUTSIDE", "RANKER")]
    monkeypatch.setattr(model_module, "entry_points", lambda group: points)


def test_an_outside_recipe_keeps_the_contract() -> None:
    assert check_recipe(OUTSIDE) == (*RECIPE_CHECKS, "contributions")


@pytest.mark.usefixtures("installed")
def test_an_outside_recipe_is_compared_picked_saved_and_opened(tmp_path: Path) -> None:
    assert thorough_recipes() == recipes_for("thorough") == (*THOROUGH_RECIPES, OUTSIDE)  # a ranking is no recipe for classes
    inputs, outcomes = planted(200, seed=3)
    chosen = choose((CONSTANT, thorough_recipes()[-1]), inputs, outcomes, None, stratified_folds(outcomes, 3, 0), seed=0)
    assert chosen.name == "outside_line"
    chosen.model.save(tmp_path)
    assert np.array_equal(SelectedModel.load(tmp_path).predict(inputs), chosen.model.predict(inputs))


def test_without_its_package_a_release_says_what_is_missing() -> None:
    with pytest.raises(UsageError, match="outside_line"):
        find_class_recipe("outside_line")
    assert thorough_recipes() == THOROUGH_RECIPES
