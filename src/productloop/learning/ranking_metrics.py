"""How good a ranking is, over ALL unseen items: NDCG@k, recall@k, MRR@k, coverage@k, with per-actor values.

Full ranking only. Metrics on sampled negatives give other numbers and another order of models (Krichene and Rendle 2020, "On sampled
metrics for item recommendation", KDD 20), so there is no such option here.
NDCG with binary relevance: Järvelin and Kekäläinen 2002; the ideal list has min(number of targets, k) hits.
A tie counts against the model: every unseen item with the same score stands before the target, so no order of item codes can flatter it.
A target the actor had used before cannot be recommended under this protocol; it is taken out and counted in `num_repeats`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from productloop.learning.history import NO_ITEM, Float32, History, Int32, Int64
from productloop.learning.next_item import NextItemModel, chunks, mask_seen, top_items

Float64 = npt.NDArray[np.float64]

NEVER = int(np.iinfo(np.int64).max)
"""Rank of a target that cannot stand in the list."""


@dataclass(frozen=True, slots=True, eq=False)
class RankingResult:
    """One model on one test set. Per-actor arrays are (num_evaluated,), aligned with `actors`: pair them between models."""

    k: int
    actors: Int64
    ndcg: Float64
    recall: Float64
    reciprocal_rank: Float64
    coverage: float
    """Share of the catalogue that stands in at least one evaluated actor's first k."""
    num_repeats: int
    """Targets left out because the actor had used the item before."""

    @property
    def num_evaluated(self) -> int:
        """Actors with at least one target."""
        return len(self.actors)

    def means(self) -> dict[str, tuple[float, float]]:
        """{metric: (mean, standard error over actors)}; NaN where nobody was evaluated, error NaN for a single actor."""
        named = {"ndcg": self.ndcg, "recall": self.recall, "mrr": self.reciprocal_rank}
        return {name: mean_and_error(values) for name, values in named.items()}


def evaluate_ranking(model: NextItemModel, inputs: History, targets: Int32, k: int = 10) -> RankingResult:
    """Rank all unseen items for every actor with a target; `targets` (n, t) holds item codes, `NO_ITEM` where there is none."""
    wanted, num_repeats = usable_targets(inputs, targets, model.num_items)
    actors = np.flatnonzero((wanted != NO_ITEM).any(axis=1)).astype(np.int64)
    ranks = np.zeros((len(actors), targets.shape[1]), dtype=np.int64)
    shown = np.zeros(model.num_items, dtype=np.bool_)
    chosen, chosen_targets = inputs.take(actors), wanted[actors]
    for start, chunk in chunks(chosen, model.num_items):
        rows = slice(start, start + chunk.num_actors)
        scores = model.score(chunk)
        mask_seen(scores, chunk)
        ranks[rows] = ranks_of_targets(scores, chosen_targets[rows])
        top, _ = top_items(scores, k)
        shown[top[top != NO_ITEM]] = True
    coverage = float(shown.mean()) if model.num_items else 0.0
    return RankingResult(k, actors, ndcg_at(ranks, k), recall_at(ranks, k), reciprocal_rank_at(ranks, k), coverage, num_repeats)


def usable_targets(inputs: History, targets: Int32, num_items: int) -> tuple[Int32, int]:
    """Targets (n, t) with repeats of the history, and doubles among themselves, set to `NO_ITEM`; and how many were repeats.

    A target the model has no column for (an item newer than its training) stays: it can only be missed.
    """
    size = max(num_items, inputs.num_items, int(targets.max(initial=-1)) + 1, 1)
    used = np.unique(inputs.actor_of_row * size + inputs.items)
    keys = np.arange(len(targets), dtype=np.int64)[:, None] * size + targets
    repeated = np.isin(keys, used) & (targets != NO_ITEM)
    wanted = np.where(repeated, NO_ITEM, targets).astype(np.int32)
    for column in range(1, wanted.shape[1]):
        double = (wanted[:, :column] == wanted[:, [column]]).any(axis=1)
        wanted[double, column] = NO_ITEM
    return wanted, int(repeated.sum())


def ranks_of_targets(scores: Float32, targets: Int32) -> Int64:
    """Rank (n, t) of each target, 1 = first, ties against it; 0 where there is none, `NEVER` where the model has no column for it.

    Items with score -inf (already used) are not in the list.
    """
    num_items = scores.shape[1]
    ranks = np.zeros(targets.shape, dtype=np.int64)
    for column in range(targets.shape[1]):
        target = targets[:, column]
        rows = np.flatnonzero((target != NO_ITEM) & (target < num_items))
        of_target = scores[rows, target[rows]]
        ranks[rows, column] = (scores[rows] >= of_target[:, None]).sum(axis=1)
        ranks[target >= num_items, column] = NEVER
    return ranks


def ndcg_at(ranks: Int64, k: int) -> Float64:
    """NDCG@k per actor, (n,), in 0..1, from the ranks (n, t) of their targets (0 = none)."""
    hit = (ranks >= 1) & (ranks <= k)
    gain: Float64 = np.where(hit, 1 / np.log2(np.maximum(ranks, 1) + 1.0), 0.0).sum(axis=1)
    ideal = np.concatenate(([0.0], np.cumsum(1 / np.log2(np.arange(1, k + 1) + 1.0))))[np.minimum((ranks >= 1).sum(axis=1), k)]
    normalised: Float64 = np.divide(gain, ideal, out=np.zeros(len(ranks)), where=ideal > 0)
    return normalised


def recall_at(ranks: Int64, k: int) -> Float64:
    """Share of each actor's targets among the first k, (n,); with one target this is the hit rate."""
    num_targets = (ranks >= 1).sum(axis=1)
    hits = ((ranks >= 1) & (ranks <= k)).sum(axis=1)
    return np.asarray(hits / np.maximum(num_targets, 1), dtype=np.float64)


def reciprocal_rank_at(ranks: Int64, k: int) -> Float64:
    """1 / rank of each actor's best target, 0 below place k, (n,); its mean is MRR@k."""
    best = np.where(ranks >= 1, ranks, NEVER).min(axis=1, initial=NEVER)
    return np.asarray(np.where(best <= k, 1 / np.maximum(best, 1), 0.0), dtype=np.float64)


def mean_and_error(values: Float64) -> tuple[float, float]:
    """Mean and its standard error over actors; NaN where there are too few to say."""
    if not len(values):
        return float("nan"), float("nan")
    error = float(values.std(ddof=1) / np.sqrt(len(values))) if len(values) > 1 else float("nan")
    return float(values.mean()), error
