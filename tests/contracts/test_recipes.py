from __future__ import annotations

import pytest

from productloop.learning.model import Explained, Recipe
from productloop.learning.network import NETWORK
from productloop.learning.recipes import BUILT_IN, THOROUGH_RECIPES
from productloop.learning.selection import SELECTION
from productloop.learning.stack import STACK
from productloop.testing import RECIPE_CHECKS, check_recipe

ELSEWHERE = (NETWORK, STACK)
"""The first is trained only where PyTorch is, the second fits all the others four times: tests/learning/test_network.py, test_stack.py."""


@pytest.mark.parametrize("recipe", [*(one for one in BUILT_IN if one not in ELSEWHERE), SELECTION], ids=lambda recipe: recipe.name)
def test_recipe_keeps_the_contract(recipe: Recipe) -> None:
    contributions = ("contributions",) if isinstance(recipe.make(), Explained) else ()
    assert check_recipe(recipe, is_baseline=recipe is BUILT_IN[0]) == (*RECIPE_CHECKS, *contributions)


def test_names_and_titles_are_their_own() -> None:
    recipes = (*BUILT_IN, SELECTION)
    assert len({recipe.name for recipe in recipes}) == len(recipes)
    assert len({recipe.title.zh for recipe in recipes}) == len(recipes)


def test_a_release_may_name_all_that_is_ever_compared_and_the_baseline_comes_first() -> None:
    assert set(THOROUGH_RECIPES) <= set(BUILT_IN)
    assert THOROUGH_RECIPES[0] is BUILT_IN[0]
    assert all(isinstance(recipe.make(), Explained) for recipe in THOROUGH_RECIPES[1:])
