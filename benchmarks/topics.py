"""Quality and cost of unsupervised topics on labelled public texts; prints one table.

    python benchmarks/topics.py FOLDER [--dial .5] [--names]

FOLDER holds `banking77/test.csv` (3,080 English questions, 77 intents) and `smp2019_ecdt/train.json` (2,579 Chinese utterances of 29
domains). The labels are used for measuring only. NMI, ARI and ACC (best one-to-one match of topics and labels) as in the literature on
intent clustering. The encoder's cost is CPU seconds without a cache; the cost of topics includes their names, representatives and
stability.
"""

from __future__ import annotations

import argparse
import csv
import json
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from scipy.optimize import linear_sum_assignment
from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score

from productloop.text.encoders import encode
from productloop.text.topics import find_topics, place


def read_sets(folder: Path) -> dict[str, tuple[list[str], list[str]]]:
    """Name -> (texts, labels)."""
    with (folder / "banking77" / "test.csv").open(encoding="utf-8", newline="") as file:
        banking = list(csv.DictReader(file))
    smp = json.loads((folder / "smp2019_ecdt" / "train.json").read_text(encoding="utf-8"))
    return {
        "banking77 test (en)": ([row["text"] for row in banking], [row["category"] for row in banking]),
        "smp2019_ecdt (zh)": ([row["text"] for row in smp], [row["domain"] for row in smp]),
    }


def matched_accuracy(labels: Sequence[str], topics: np.ndarray) -> float:
    """Share of rows right under the best one-to-one match of topics and labels."""
    truth = np.unique(np.asarray(labels), return_inverse=True)[1]
    both = np.zeros((truth.max() + 1, topics.max() + 1))
    np.add.at(both, (truth, topics), 1)
    rows, columns = linear_sum_assignment(-both)
    return float(both[rows, columns].sum() / len(truth))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--dial", type=float, nargs="+", default=[0.25, 0.5, 0.75, 1.0])
    parser.add_argument("--names", action="store_true", help="also print the names of the topics")
    arguments = parser.parse_args()
    columns = "set|n|labels|dial|topics|NMI|ARI|ACC|seed-to-seed ARI|stability|encode CPU s|topics CPU s|place 500, ms"
    print(f"|{columns}|")
    print("|" + "---|" * (columns.count("|") + 1))
    for name, (texts, labels) in read_sets(arguments.folder).items():
        start = time.process_time()
        vectors = encode(texts)
        encode_seconds = time.process_time() - start
        ids = [f"{row:06d}" for row in range(len(texts))]
        for dial in arguments.dial:
            start = time.process_time()
            topics = find_topics(texts, vectors, ids, granularity=dial)
            seconds = time.process_time() - start
            start = time.process_time()
            place(vectors[:500], topics)
            place_ms = 1000 * (time.process_time() - start)
            again = find_topics(texts, vectors, ids, granularity=dial, seed=1)
            found = topics.labels
            stability = float(np.average(topics.stability, weights=topics.sizes))
            quality = [normalized_mutual_info_score(labels, found), adjusted_rand_score(labels, found), matched_accuracy(labels, found)]
            quality.append(adjusted_rand_score(found, again.labels))
            cells = [
                name,
                f"{len(texts):,}",
                str(len(set(labels))),
                str(dial),
                str(topics.num_topics),
                *(f"{value:.3f}" for value in quality),
            ]
            cells += [f"{stability:.2f}", f"{encode_seconds:.1f}", f"{seconds:.1f}", f"{place_ms:.0f}"]
            print("| " + " | ".join(cells) + " |")
            if arguments.names:
                for number, topic_name in enumerate(topics.names):
                    print(f"    {topics.sizes[number]:>5} {topics.cohesion[number]:.2f} {topics.stability[number]:.2f} {topic_name.zh}")


if __name__ == "__main__":
    main()
