"""The baseline for classes: everyone gets the overall rate.

Whatever claims to predict must beat this on rows it has not seen. By log-loss it is a fair opponent: it is calibrated.
"""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from productloop.learning.classes import ClassCodes, classes_from, learn_classes
from productloop.learning.columns import Columns
from productloop.learning.model import Recipe
from productloop.learning.wording import CONSTANT_TITLE

FILE = "constant.json"


class ConstantModel:
    """Base rates for everyone; looks at no column."""

    classes: ClassCodes

    def __init__(self, num_classes: int = 2) -> None:
        """`num_classes`: at least so many are possible, whether they were seen or not."""
        self.num_classes = num_classes

    def fit(self, inputs: Columns, outcomes: NDArray[Any], weight: NDArray[np.float64] | None, seed: int) -> None:
        """Count. (n,) integer outcomes; `inputs` and `seed` change nothing."""
        self.classes = learn_classes(outcomes, weight, self.num_classes)

    def predict(self, inputs: Columns) -> NDArray[np.float64]:
        """(n, classes), every row the same."""
        return self.classes.constant(len(inputs))

    def save(self, folder: Path) -> None:
        """Write constant.json."""
        (folder / FILE).write_text(json.dumps(self.classes.describe()), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read constant.json."""
        model = cls()
        model.classes = classes_from(json.loads((folder / FILE).read_text(encoding="utf-8")))
        return model


def constant_of(num_classes: int) -> Recipe:
    """The baseline for few rows of many classes: one that the training rows lack is rare, not impossible."""
    return Recipe("constant", "classes", partial(ConstantModel, num_classes), ConstantModel.load, CONSTANT_TITLE)


CONSTANT = Recipe("constant", "classes", ConstantModel, ConstantModel.load, CONSTANT_TITLE)
