"""`Model` and `Recipe`: what every model of the house can do, and how a new one is named and found.

A recipe is one dataclass beside its model; the built-in ones stand in explicit tuples (`recipes.py`, `ranking.py`), other packages
add theirs through the entry-point group "productloop.recipes". A model without a pickle-free format is not accepted: a pickle runs
code when it is opened, and dies with the version of the library that wrote it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any, Literal, Protocol, Self, TypeGuard, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from productloop.foundation.errors import UsageError, excerpt
from productloop.foundation.wording import Text
from productloop.learning.wording import RECIPE_INVALID, RECIPE_NAME_TAKEN

ENTRY_POINT_GROUP = "productloop.recipes"

Kind = Literal["classes", "number", "ranking"]


class Model(Protocol):
    """Arrays in, arrays out.

    `inputs` is what the recipe's task gives: `Columns` for tables, a history matrix for ranking. `outcomes` is (n,): class codes
    0 .. classes - 1, numbers or items. `weight` is (n,) and positive, or None for equal weights.
    """

    def fit(self, inputs: Any, outcomes: NDArray[Any], weight: NDArray[np.float64] | None, seed: int) -> None:
        """Learn; the same inputs and seed give the same model, whatever the order of the rows."""

    def predict(self, inputs: Any) -> NDArray[np.float64]:
        """(n, classes) probabilities, (n,) numbers or (n, items) scores. Classes are never fewer than two."""
        ...

    def save(self, folder: Path) -> None:
        """Write plain files (JSON, npz, LightGBM text, ONNX, safetensors) into an existing folder."""

    @classmethod
    def load(cls, folder: Path) -> Self:
        """The model that `save` wrote; predicts the same bytes."""
        ...


@runtime_checkable
class Explained(Protocol):
    """A model that can say how much each column moved the score of a row."""

    def contributions(self, inputs: Any) -> NDArray[np.float64]:
        """(n, d + 1) for two classes: log-odds of class 1 by column, the last column is the score of an average row; the row sum is
        the score. For more classes (n, classes, d + 1), in the scores before the softmax.
        """
        ...


def is_explained(model: Model) -> TypeGuard[Explained]:
    """`isinstance(model, Explained)` at a fiftieth of its time: asked for every row that is served."""
    return callable(getattr(model, "contributions", None))


@dataclass(frozen=True, slots=True)
class Recipe:
    """A way to make a model: `name` is stable (it is stored in releases), `title` is what people read."""

    name: str
    kind: Kind
    make: Callable[[], Model]
    load: Callable[[Path], Model]
    title: Text


def outside_recipes(taken: tuple[str, ...] = ()) -> tuple[Recipe, ...]:
    """Recipes that other installed packages offer, sorted by name; `taken` are the names of the built-in ones.

    Raises UsageError when an entry point is no Recipe or its name is taken.
    """
    recipes: dict[str, Recipe] = {}
    for point in sorted(entry_points(group=ENTRY_POINT_GROUP), key=lambda point: point.name):
        recipe = point.load()
        if not isinstance(recipe, Recipe):
            raise UsageError(RECIPE_INVALID, name=excerpt(point.name), found=type(recipe).__name__)
        if recipe.name in taken or recipe.name in recipes:
            raise UsageError(RECIPE_NAME_TAKEN, name=excerpt(recipe.name), place=excerpt(point.value))
        recipes[recipe.name] = recipe
    return tuple(recipes[name] for name in sorted(recipes))
