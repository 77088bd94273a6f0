from __future__ import annotations

import pytest

from productloop.learning.model import Explained, Recipe
from productloop.learning.recipes import THOROUGH_RECIPES
from productloop.learning.selection import SELECTION
from productloop.testing import RECIPE_CHECKS, check_recipe


@pytest.mark.parametrize("recipe", [*THOROUGH_RECIPES, SELECTION], ids=lambda recipe: recipe.name)
def test_recipe_keeps_the_contract(recipe: Recipe) -> None:
    contributions = ("contributions",) if isinstance(recipe.make(), Explained) else ()
    assert check_recipe(recipe, is_baseline=recipe is THOROUGH_RECIPES[0]) == (*RECIPE_CHECKS, *contributions)


def test_names_and_titles_are_their_own() -> None:
    recipes = (*THOROUGH_RECIPES, SELECTION)
    assert len({recipe.name for recipe in recipes}) == len(recipes)
    assert len({recipe.title.zh for recipe in recipes}) == len(recipes)
