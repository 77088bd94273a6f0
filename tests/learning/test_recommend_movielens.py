"""The promise on real data: leave-last-out on MovieLens-100k, all unseen items ranked (protocol: benchmarks/recommend.py)."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from productloop.learning.history import build_history, leave_last_out
from productloop.learning.item_knn import ItemKnn
from productloop.learning.popularity import Popularity
from productloop.learning.profile_linear import ProfileLinear
from productloop.learning.ranking_metrics import evaluate_ranking


@pytest.mark.shared
def test_the_linear_profile_beats_item_knn_and_item_knn_beats_popularity(shared_data: Callable[[str], Path]):
    with gzip.open(shared_data("movielens_100k/u.data.gz"), "rt", encoding="ascii") as lines:
        rows = np.loadtxt(lines, dtype=np.int64)
    history = build_history(rows[:, 0] - 1, rows[:, 1] - 1, rows[:, 3] * 1_000_000, np.arange(len(rows)))
    past, targets = leave_last_out(history, 1)
    ndcg = []
    for model in (Popularity(), ItemKnn(), ProfileLinear()):
        model.fit(past, None, None, 0)
        result = evaluate_ranking(model, past, targets, k=10)
        assert (result.num_evaluated, result.num_repeats) == (943, 0)
        ndcg.append(result.means()["ndcg"][0])
    assert 0.03 < ndcg[0] < ndcg[1] < ndcg[2]
    assert ndcg[2] >= 0.100
