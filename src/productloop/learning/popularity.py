"""The baseline of every recommender: what most actors use, the same list for everyone.

Popularity counts actors, not rows (one person who clicks a hundred times is one). With a half-life, each actor counts
0.5 ** (days since their last use / half-life), seen from the newest row of the training: "popular of late".
Always shown beside a model: many published recommenders do not beat it (Ferrari Dacrema, Cremonesi and Jannach 2019, arXiv 1907.06902).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from productloop.learning.history import Float32, History, latest_per_item
from productloop.learning.next_item import Facts, NextItemModel

MICROSECONDS_PER_DAY = 86_400_000_000


def popularity_of_items(history: History, half_life_days: float | None = None) -> npt.NDArray[np.float64]:
    """Actors per item, (num_items,), each counted once; with a half-life, less the longer ago they last used it."""
    once = latest_per_item(history)
    if half_life_days is None or not len(once.items):
        return np.bincount(once.items, minlength=history.num_items).astype(np.float64)
    age_days = (once.times_us.max() - once.times_us) / MICROSECONDS_PER_DAY
    return np.bincount(once.items, weights=0.5 ** (age_days / half_life_days), minlength=history.num_items).astype(np.float64)


class Popularity(NextItemModel):
    """Scores = number of actors per item; `half_life_days` makes it recent popularity."""

    name: ClassVar[str] = "popularity"

    def __init__(self, half_life_days: float | None = None) -> None:
        self.half_life_days = half_life_days
        self.popularity: npt.NDArray[np.float32] = np.zeros(0, dtype=np.float32)

    def fit(self, inputs: History, outcomes: npt.NDArray[Any] | None, weight: npt.NDArray[Any] | None, seed: int) -> None:
        """Count; nothing is chosen and nothing is random."""
        self.num_items = inputs.num_items
        self.popularity = popularity_of_items(inputs, self.half_life_days).astype(np.float32)

    def score(self, inputs: History) -> Float32:
        """The same row for every actor, (n, num_items)."""
        return np.tile(self.popularity, (inputs.num_actors, 1))

    def state(self) -> tuple[Mapping[str, npt.NDArray[Any]], Mapping[str, Any]]:
        """The counts and the half-life."""
        return {"popularity": self.popularity}, {"half_life_days": self.half_life_days}

    def restore(self, arrays: Mapping[str, npt.NDArray[Any]], values: Mapping[str, Any]) -> None:
        """Take back what `state` gave."""
        self.popularity = arrays["popularity"]
        self.half_life_days = values["half_life_days"]

    def facts(self) -> Facts:
        """Size of the catalogue and the half-life."""
        return {"num_items": self.num_items, "half_life_days": self.half_life_days}
