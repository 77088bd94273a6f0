"""The built-in recipes for classes on tables; the first is the baseline."""

from __future__ import annotations

from productloop.foundation.errors import UsageError, excerpt
from productloop.learning.blend import BLEND
from productloop.learning.boosting import BOOSTING
from productloop.learning.constant import CONSTANT
from productloop.learning.logistic import LOGISTIC
from productloop.learning.model import Recipe, outside_recipes
from productloop.learning.wording import RECIPE_UNKNOWN

CLASS_RECIPES: tuple[Recipe, ...] = (CONSTANT, LOGISTIC, BOOSTING, BLEND)


def find_class_recipe(name: str) -> Recipe:
    """The recipe of that name, built in or from another package. Raises UsageError when there is none."""
    for recipe in CLASS_RECIPES:
        if recipe.name == name:
            return recipe
    outside = outside_recipes(taken=tuple(recipe.name for recipe in CLASS_RECIPES))
    for recipe in outside:
        if recipe.name == name:
            return recipe
    known = ", ".join(recipe.name for recipe in (*CLASS_RECIPES, *outside))
    raise UsageError(RECIPE_UNKNOWN, name=excerpt(name), known=known)
