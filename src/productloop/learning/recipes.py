"""The built-in recipes for classes on tables; the first of each tuple is the baseline."""

from __future__ import annotations

from productloop.foundation.errors import UsageError, excerpt
from productloop.learning.blend import BLEND
from productloop.learning.boosting import BOOSTING
from productloop.learning.constant import CONSTANT
from productloop.learning.forest import FOREST
from productloop.learning.histogram_boosting import HISTOGRAM_BOOSTING
from productloop.learning.logistic import LOGISTIC
from productloop.learning.model import Recipe, outside_recipes
from productloop.learning.network import NETWORK
from productloop.learning.stack import STACK, trainable
from productloop.learning.wording import RECIPE_UNKNOWN

CLASS_RECIPES: tuple[Recipe, ...] = (CONSTANT, LOGISTIC, BOOSTING, BLEND)

THOROUGH_RECIPES: tuple[Recipe, ...] = (*CLASS_RECIPES, *(recipe for recipe in trainable() if recipe not in CLASS_RECIPES), STACK)
"""What is compared where time matters less than the last bit of quality; the network only where PyTorch is there to train it."""
BUILT_IN: tuple[Recipe, ...] = (*CLASS_RECIPES, HISTOGRAM_BOOSTING, FOREST, NETWORK, STACK)
"""All that a release may name."""


def thorough_recipes() -> tuple[Recipe, ...]:
    """`THOROUGH_RECIPES` and those for classes that other packages offer: CatBoost, TabPFN and whatever else is too heavy to ship.

    Raises UsageError when one of them is no recipe or takes a name.
    """
    outside = outside_recipes(taken=tuple(recipe.name for recipe in BUILT_IN))
    return (*THOROUGH_RECIPES, *(recipe for recipe in outside if recipe.kind == "classes"))


def find_class_recipe(name: str) -> Recipe:
    """The recipe of that name, built in or from another package. Raises UsageError when there is none."""
    for recipe in BUILT_IN:
        if recipe.name == name:
            return recipe
    outside = outside_recipes(taken=tuple(recipe.name for recipe in BUILT_IN))
    for recipe in outside:
        if recipe.name == name:
            return recipe
    known = ", ".join(recipe.name for recipe in (*BUILT_IN, *outside))
    raise UsageError(RECIPE_UNKNOWN, name=excerpt(name), known=known)
