"""The built-in recipes for next items; the first is the baseline. Models are imported when one is made: SciPy takes half a second.

`recoded` lets two models of different catalogues be judged on the same people.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from productloop.learning.history import NO_ITEM, History, Int32
from productloop.learning.history_wording import ITEM_KNN_TITLE, POPULARITY_TITLE, PROFILE_LINEAR_TITLE
from productloop.learning.model import Model, Recipe


def _make_popularity() -> Model:
    from productloop.learning.popularity import Popularity

    return Popularity()


def _load_popularity(folder: Path) -> Model:
    from productloop.learning.popularity import Popularity

    return Popularity.load(folder)


def _make_item_knn() -> Model:
    from productloop.learning.item_knn import ItemKnn

    return ItemKnn()


def _load_item_knn(folder: Path) -> Model:
    from productloop.learning.item_knn import ItemKnn

    return ItemKnn.load(folder)


def _make_profile_linear() -> Model:
    from productloop.learning.profile_linear import ProfileLinear

    return ProfileLinear()


def _load_profile_linear(folder: Path) -> Model:
    from productloop.learning.profile_linear import ProfileLinear

    return ProfileLinear.load(folder)


POPULARITY = Recipe("popularity", "ranking", _make_popularity, _load_popularity, POPULARITY_TITLE)
ITEM_KNN = Recipe("item-knn", "ranking", _make_item_knn, _load_item_knn, ITEM_KNN_TITLE)
PROFILE_LINEAR = Recipe("profile-linear", "ranking", _make_profile_linear, _load_profile_linear, PROFILE_LINEAR_TITLE)
RANKING_RECIPES: tuple[Recipe, ...] = (POPULARITY, ITEM_KNN, PROFILE_LINEAR)


def recoded(history: History, targets: Int32, items: Sequence[str], catalogue: Sequence[str]) -> tuple[History, Int32]:
    """History and targets (n, t) coded by `items`, coded by another `catalogue` instead (ids in code order).

    Items that the catalogue lacks get codes behind it: a model of that catalogue takes no notice of them in a history and can only miss
    them as targets, and repeats stay repeats, so that both codings judge the same people.
    """
    known = {item: code for code, item in enumerate(catalogue)}
    fresh = iter(range(len(catalogue), len(catalogue) + len(items)))
    code = np.array([known[item] if item in known else next(fresh) for item in items], dtype=np.int32)
    moved = History(history.indptr, code[history.items], history.times_us, history.weights, len(catalogue) + len(items))
    return moved, np.where(targets == NO_ITEM, NO_ITEM, code[targets]).astype(np.int32)
