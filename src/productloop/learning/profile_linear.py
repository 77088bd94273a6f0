"""The default recommender: a linear model of the actor's own profile, aware of order, explainable, right from the first click.

score = z(recent profile x B) + blend * z(recent profile x T)

- B is EASE^R (Steck 2019, "Embarrassingly shallow autoencoders for sparse data", WWW 19, arXiv 1905.03375): with the Gram matrix G of
  actors x items and P = (G + lambda I)^-1, B_ij = -P_ij / P_jj and B_ii = 0. One Cholesky inverse, no iterations, nothing random.
- The profile decays with every step back: weight * 0.5 ** (distinct items used since / half-life). On MovieLens-100k this is worth more
  than the choice of matrix model. Steps, not days: half of the people there did everything within one sitting.
- T counts what came after what: pairs up to `WINDOW` steps apart, decayed with `WINDOW_DECAY` per step, divided by the square root of both
  items' actors (as in cosine, so that popular items do not follow everything).
- z standardises each actor's scores over the items, so that the blend weight means the same for every actor.

Lambda, half-life and blend are chosen inside `fit` by NDCG@10 (all unseen items ranked) on each actor's last new item of the history
given, which is the second-last where a caller holds the last one out; then everything is fitted on the whole history. Window, decay and the
profile half-life of T were set once on the second-last items of MovieLens-100k and are not searched.
A history with nothing known in it (a new actor) gets popularity, as does the order of items too rare to be modelled.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt
import scipy.sparse as sparse
from scipy.linalg import lapack

from productloop.learning.history import NO_ITEM, Float32, History, Int32, latest_per_item, leave_last_new_out, steps_from_end
from productloop.learning.next_item import Facts, NextItemModel, mask_seen
from productloop.learning.popularity import popularity_of_items
from productloop.learning.ranking_metrics import ndcg_at, ranks_of_targets

MAX_ITEMS = 8_000
"""Items with a row in B and T (each 4 bytes x items^2: 256 MB here; the inverse 512 MB for a while); seconds grow with the cube."""
WINDOW = 20
WINDOW_DECAY = 0.9
TRANSITION_HALF_LIFE = 5.0
MIN_VALIDATION_ACTORS = 30
"""With fewer actors to choose on, the defaults stay: the choice would be noise."""
MAX_VALIDATION_ACTORS = 2_000
"""More add seconds, not certainty: the standard error of NDCG@10 is about .005 at 2,000."""
VALIDATION_K = 10


@dataclass(frozen=True, slots=True)
class Settings:
    """What is chosen on validation. `half_life_steps` inf = the profile does not decay; `blend` 0 = no transitions."""

    ridge: float = 500.0
    half_life_steps: float = 10.0
    blend: float = 0.5


RIDGES = (1000.0, 500.0, 200.0, 50.0)
HALF_LIVES = (math.inf, 50.0, 20.0, 10.0, 5.0, 2.0)
BLENDS = (0.0, 0.25, 0.5, 1.0, 2.0)
"""The grid, simplest first: a later setting must be better, not equal."""


class ProfileLinear(NextItemModel):
    """EASE^R on a recency-weighted profile, blended with decayed transitions; `settings` given = nothing is searched."""

    name: ClassVar[str] = "profile-linear"

    def __init__(self, settings: Settings | None = None, max_items: int = MAX_ITEMS) -> None:
        self.fixed_settings = settings
        self.max_items = max_items
        self.settings = settings or Settings()
        self.validation: dict[str, float | int | None] = {"validation_ndcg": None, "validation_actors": 0}
        self.share_rows_modelled = 1.0
        self.popularity: npt.NDArray[np.float32] = np.zeros(0, dtype=np.float32)
        self.item_of_column: Int32 = np.zeros(0, dtype=np.int32)
        self.column_of_item: Int32 = np.zeros(0, dtype=np.int32)
        self.item_weights: Float32 = np.zeros((0, 0), dtype=np.float32)
        self.transitions: Float32 = np.zeros((0, 0), dtype=np.float32)

    def fit(self, inputs: History, outcomes: npt.NDArray[Any] | None, weight: npt.NDArray[Any] | None, seed: int) -> None:
        """Choose the settings on each actor's last item, then fit on everything. `seed` draws the actors where there are many."""
        self._set_columns(inputs)
        in_columns = self._in_columns(inputs)
        modelled = latest_per_item(in_columns)
        self.share_rows_modelled = float((self.column_of_item[inputs.items] != NO_ITEM).mean()) if len(inputs.items) else 1.0
        if self.fixed_settings is None:
            self.settings, self.validation = choose_settings(in_columns, seed)
        self.item_weights = ease(actors_per_pair(modelled), self.settings.ridge)
        self.transitions = transition_weights(modelled) if self.settings.blend else np.zeros((0, 0), dtype=np.float32)

    def _set_columns(self, inputs: History) -> None:
        """Keep at most `max_items` items, the most used first, ties by code; columns stay in order of item code."""
        self.num_items = inputs.num_items
        popularity = popularity_of_items(inputs)
        self.popularity = popularity.astype(np.float32)
        kept = np.argsort(-popularity, kind="stable")[: self.max_items]
        self.item_of_column = np.sort(kept).astype(np.int32)
        self._index_columns()

    def _index_columns(self) -> None:
        self.column_of_item = np.full(self.num_items, NO_ITEM, dtype=np.int32)
        self.column_of_item[self.item_of_column] = np.arange(len(self.item_of_column), dtype=np.int32)

    def _modelled(self, inputs: History) -> History:
        """What a profile is made of: each (actor, column) once."""
        return latest_per_item(self._in_columns(inputs))

    def _in_columns(self, inputs: History) -> History:
        """The rows whose item has a column, items replaced by columns."""
        known = inputs.where(inputs.items < self.num_items) if inputs.num_items > self.num_items else inputs
        columns = self.column_of_item[known.items]
        as_columns = History(known.indptr, columns, known.times_us, known.weights, len(self.item_of_column))
        return as_columns.where(columns != NO_ITEM) if len(self.item_of_column) < self.num_items else as_columns

    def score(self, inputs: History) -> Float32:
        """Scores (n, num_items). Items without a column stand below all others, by popularity."""
        modelled = self._modelled(inputs)
        scores = standardised(profile(modelled, self.settings.half_life_steps) @ self.item_weights)
        if self.settings.blend:
            scores += self.settings.blend * standardised(profile(modelled, TRANSITION_HALF_LIFE) @ self.transitions)
        unknown = ~scores.any(axis=1)
        if len(self.item_of_column) < self.num_items:
            scores = self._with_rare_items(scores)
        scores[unknown] = self.popularity
        return scores

    def _with_rare_items(self, scores: Float32) -> Float32:
        share = self.popularity / max(float(self.popularity.max(initial=0)), 1.0)
        lowest = scores.min(axis=1, initial=0, keepdims=True)
        full = np.asarray(lowest - 2 + share[None, :], dtype=np.float32)
        full[:, self.item_of_column] = scores
        return full

    def reasons(self, inputs_row: History, item: int, num: int = 3) -> tuple[Int32, Float32]:
        """Past items that speak for `item`, (items, shares), both (m <= num,), largest first; shares are of all that speaks for it.

        `inputs_row` is one actor's history. Empty where the item was recommended because it is popular. Each share is one term of the two
        dot products behind the score, so this is the model itself, not an approximation of it.
        """
        empty = np.zeros(0, dtype=np.int32), np.zeros(0, dtype=np.float32)
        column = int(self.column_of_item[item]) if 0 <= item < self.num_items else NO_ITEM
        modelled = self._modelled(inputs_row.between(0, 1))
        if column == NO_ITEM or not len(modelled.items):
            return empty
        terms = self.contributions(modelled, column)
        positive = np.maximum(terms, 0)
        order = np.argsort(-positive, kind="stable")[:num]
        order = order[positive[order] > 0]
        if not len(order):
            return empty
        return self.item_of_column[modelled.items[order]], (positive[order] / positive.sum()).astype(np.float32)

    def contributions(self, modelled: History, column: int) -> npt.NDArray[np.float64]:
        """What each row of one actor's modelled history adds to the score of `column`, (rows,), up to a constant of the actor."""
        total = np.zeros(len(modelled.items), dtype=np.float64)
        parts = [(1.0, self.settings.half_life_steps, self.item_weights)]
        if self.settings.blend:
            parts.append((self.settings.blend, TRANSITION_HALF_LIFE, self.transitions))
        for factor, half_life, weights in parts:
            row = profile(modelled, half_life)
            spread = float(np.std(row @ weights))
            if spread > 0:
                total += factor * row.data * weights[modelled.items, column] / spread
        return total

    def state(self) -> tuple[Mapping[str, npt.NDArray[Any]], Mapping[str, Any]]:
        """Both matrices, the columns and the popularity; the settings and facts of the fit."""
        arrays = {
            "item_weights": self.item_weights,
            "item_of_column": self.item_of_column,
            "popularity": self.popularity,
            "transitions": self.transitions,
        }
        return arrays, {**self.facts(), "max_items": self.max_items}

    def restore(self, arrays: Mapping[str, npt.NDArray[Any]], values: Mapping[str, Any]) -> None:
        """Take back what `state` gave."""
        half_life = values["half_life_steps"]
        self.settings = Settings(float(values["ridge"]), math.inf if half_life is None else float(half_life), float(values["blend"]))
        self.validation = {name: values[name] for name in ("validation_ndcg", "validation_actors")}
        self.share_rows_modelled = float(values["share_rows_modelled"])
        self.max_items = int(values["max_items"])
        self.item_weights, self.item_of_column, self.popularity = arrays["item_weights"], arrays["item_of_column"], arrays["popularity"]
        self.transitions = arrays["transitions"]
        self._index_columns()

    def facts(self) -> Facts:
        """Chosen settings (half-life None = no decay), how they scored on validation, and how much of the catalogue is modelled."""
        half_life = self.settings.half_life_steps
        return {
            "num_items": self.num_items,
            "num_items_modelled": len(self.item_of_column),
            "share_rows_modelled": self.share_rows_modelled,
            "ridge": self.settings.ridge,
            "half_life_steps": None if math.isinf(half_life) else half_life,
            "blend": self.settings.blend,
            **self.validation,
        }


def profile(modelled: History, half_life_steps: float) -> sparse.csr_array:
    """Actors x items: weight * 0.5 ** (steps back / half-life); `modelled` has each (actor, item) once."""
    decay = 0.5 ** (steps_from_end(modelled) / half_life_steps)
    values = (modelled.weights * decay).astype(np.float32)
    return sparse.csr_array((values, modelled.items, modelled.indptr), shape=(modelled.num_actors, modelled.num_items))


def actors_per_pair(modelled: History) -> Float32:
    """The Gram matrix G, items x items: actors who used both (whole numbers, exact in float32 up to 16 million)."""
    ones = np.ones(len(modelled.items), dtype=np.float32)
    used = sparse.csr_array((ones, modelled.items, modelled.indptr), shape=(modelled.num_actors, modelled.num_items))
    return np.asarray((used.T @ used).toarray(), dtype=np.float32)


def ease(gram: Float32, ridge: float) -> Float32:
    """EASE^R's item x item matrix B: row = what was used, column = what it speaks for. The inverse is taken in float64."""
    if not len(gram):
        return np.zeros((0, 0), dtype=np.float32)
    diagonal = np.arange(len(gram))
    regularised = np.array(gram, dtype=np.float64, order="F")
    regularised[diagonal, diagonal] += ridge
    factor, failed = lapack.dpotrf(regularised, lower=1, overwrite_a=1)
    assert failed == 0, "a Gram matrix plus a positive ridge is positive definite"
    inverse, failed = lapack.dpotri(factor, lower=1, overwrite_c=1)
    assert failed == 0
    strength = inverse[diagonal, diagonal].copy()
    inverse = np.tril(inverse, -1)
    inverse += inverse.T
    return np.asarray(inverse / -strength, dtype=np.float32, order="C")


def transition_weights(modelled: History) -> Float32:
    """Decayed counts of what came up to `WINDOW` steps after what, divided by the square roots of both items' actors (+1 against noise)."""
    num_items, items, actor = modelled.num_items, modelled.items, modelled.actor_of_row
    counts = np.zeros((num_items, num_items), dtype=np.float32)
    for gap in range(1, min(WINDOW, len(items) - 1) + 1):
        same = actor[gap:] == actor[:-gap]
        before, after = items[:-gap][same], items[gap:][same]
        values = np.full(len(before), WINDOW_DECAY ** (gap - 1), dtype=np.float32)
        np.add.at(counts, (before, after), values)
    damping = (1 / np.sqrt(np.bincount(items, minlength=num_items) + 1)).astype(np.float32)
    counts *= damping[:, None]
    counts *= damping
    return counts


def standardised(scores: npt.NDArray[Any]) -> Float32:
    """Each row minus its mean, over its standard deviation; rows without any spread become 0."""
    if not scores.shape[1]:
        return np.asarray(scores, dtype=np.float32)
    centred = np.asarray(scores - scores.mean(axis=1, keepdims=True), dtype=np.float32)
    spread = np.sqrt(np.mean(np.square(centred), axis=1, keepdims=True))
    return np.divide(centred, spread, out=np.zeros_like(centred), where=spread > 0)


def choose_settings(in_columns: History, seed: int) -> tuple[Settings, dict[str, float | int | None]]:
    """The best of the grid by NDCG@10 on each actor's last new item; the defaults where too few actors have one."""
    before, targets = leave_last_new_out(in_columns)
    past = latest_per_item(before)
    actors = np.flatnonzero(targets[:, 0] != NO_ITEM)
    if len(actors) < MIN_VALIDATION_ACTORS:
        return Settings(), {"validation_ndcg": None, "validation_actors": 0}
    if len(actors) > MAX_VALIDATION_ACTORS:
        actors = np.sort(np.random.default_rng(seed).choice(actors, MAX_VALIDATION_ACTORS, replace=False))
    judged, judged_targets = past.take(actors), targets[actors]
    transition_part = standardised(profile(judged, TRANSITION_HALF_LIFE) @ transition_weights(past))
    gram = actors_per_pair(past)
    best, best_ndcg = Settings(), -1.0
    for ridge in RIDGES:
        matrix = ease(gram, ridge)
        for half_life in HALF_LIVES:
            profile_part = standardised(profile(judged, half_life) @ matrix)
            mask_seen(profile_part, judged)
            for blend in BLENDS:
                ranks = ranks_of_targets(profile_part + np.float32(blend) * transition_part, judged_targets)
                ndcg = float(ndcg_at(ranks, VALIDATION_K).mean())
                if ndcg > best_ndcg:
                    best, best_ndcg = replace(best, ridge=ridge, half_life_steps=half_life, blend=blend), ndcg
    return best, {"validation_ndcg": best_ndcg, "validation_actors": len(actors)}
