"""Recommenders on MovieLens-100k: leave-last-out, all unseen items ranked, popularity and item-kNN in the same run.

Protocol: all 100,000 ratings are uses; order = time stamp, ties by row number of the file; each user's last item is the target; settings
are chosen inside `fit` on the second-last item only, then the model is fitted on all but the last. n users, standard errors over users.
`fit CPU s` includes the choice of settings; `p50 ms` is thread CPU time of `predict_top(one user, 10)`.

    OPENBLAS_NUM_THREADS=1 python benchmarks/recommend.py [FOLDER with u.data.gz]
"""

from __future__ import annotations

import gzip
import sys
import time
from pathlib import Path

import numpy as np

from productloop.learning.history import History, build_history, leave_last_out
from productloop.learning.item_knn import ItemKnn
from productloop.learning.next_item import NextItemModel
from productloop.learning.popularity import Popularity
from productloop.learning.profile_linear import ProfileLinear
from productloop.learning.ranking_metrics import evaluate_ranking

K = 10
NUM_RESAMPLES = 2_000
DEFAULT_FOLDER = Path(__file__).resolve().parents[2] / "shared" / "data" / "movielens_100k"


def read_movielens(folder: Path) -> History:
    """u.data: user, item, rating, seconds; codes from 1."""
    with gzip.open(folder / "u.data.gz", "rt", encoding="ascii") as lines:
        rows = np.loadtxt(lines, dtype=np.int64)
    return build_history(rows[:, 0] - 1, rows[:, 1] - 1, rows[:, 3] * 1_000_000, np.arange(len(rows)))


def milliseconds_per_user(model: NextItemModel, history: History) -> tuple[float, float]:
    """(p50, p99) of thread CPU time for one user's first 10 items."""
    taken = []
    for actor in range(history.num_actors):
        one = history.between(actor, actor + 1)
        begun = time.thread_time_ns()
        model.predict_top(one, K)
        taken.append((time.thread_time_ns() - begun) / 1e6)
    return float(np.quantile(taken, 0.5)), float(np.quantile(taken, 0.99))


def main() -> None:
    """Print one table and the paired gains of the linear model."""
    history = read_movielens(Path(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT_FOLDER)
    train, targets = leave_last_out(history, 1)
    models: dict[str, NextItemModel] = {
        "popularity": Popularity(),
        "recent popularity (30 days)": Popularity(half_life_days=30),
        "item-kNN cosine k=50": ItemKnn(),
        "profile-linear": ProfileLinear(),
    }
    size = f"{history.num_actors} users, {history.num_items} items, {len(history.items)} rows"
    print(f"MovieLens-100k: {size}; leave-last-out, all unseen items ranked")
    print("| model | n users | NDCG@10 | recall@10 | MRR@10 | coverage@10 | fit CPU s | p50 ms | p99 ms |")
    print("|---|---|---|---|---|---|---|---|---|")
    ndcg = {}
    for label, model in models.items():
        begun = time.process_time()
        model.fit(train, None, None, seed=0)
        fit_seconds = time.process_time() - begun
        result = evaluate_ranking(model, train, targets, K)
        ndcg[label] = result.ndcg
        cells = " | ".join(f"{mean:.4f} ±{error:.4f}" for mean, error in result.means().values())
        p50, p99 = milliseconds_per_user(model, train)
        print(f"| {label} | {result.num_evaluated} | {cells} | {result.coverage:.3f} | {fit_seconds:.2f} | {p50:.2f} | {p99:.2f} |")
    print("settings:", models["profile-linear"].facts())
    rng = np.random.default_rng(0)
    for label in list(models)[:-1]:
        gain = ndcg["profile-linear"] - ndcg[label]
        means = [gain[rng.integers(0, len(gain), len(gain))].mean() for _ in range(NUM_RESAMPLES)]
        low, high = np.quantile(means, (0.05, 0.95))
        print(f"profile-linear minus {label}: NDCG@10 {gain.mean():+.4f}, 90 % paired bootstrap {low:+.4f} to {high:+.4f}")


if __name__ == "__main__":
    main()
