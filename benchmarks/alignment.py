"""The map that brings Chinese and English vectors together: makes the shipped file, and measures such maps on pairs they have not seen.

    python benchmarks/alignment.py measure [--vectors FOLDER]
    python benchmarks/alignment.py build [--vectors FOLDER]

measure: the parallel sentences in five parts by matter; a map learned from the words and four parts looks for each sentence of the fifth in
the other language (found first, and among the first ten), beside vectors as they come and vectors measured from their language's mean.
`--vectors` keeps the vectors between runs.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from productloop.text import alignment
from productloop.text.encoders import DEFAULT_ENCODER, encode, normalise_rows
from productloop.text.vectors import VectorCache

TARGET = Path(alignment.__file__).with_name(alignment.ALIGNMENT_FILE)


def pair_vectors(folder: Path | None) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(Chinese vectors, English vectors, weights) of all teaching pairs."""
    chinese, english, weights = alignment.teaching_pairs()
    cache = VectorCache(folder) if folder else None
    return encode(chinese, DEFAULT_ENCODER, cache), encode(english, DEFAULT_ENCODER, cache), weights


def build(folder: Path | None) -> None:
    """Write the shipped file."""
    made = alignment.fit_alignment(*pair_vectors(folder))
    parts = {name: getattr(made, name).astype(np.float16) for name in ("chinese_mean", "english_mean", "chinese", "english")}
    np.savez(TARGET, **parts, digest=np.array(alignment.teaching_digest()))
    print(f"{TARGET.name}: {TARGET.stat().st_size / 1e6:.2f} MB")


def found(queries: np.ndarray, answers: np.ndarray) -> tuple[float, float]:
    """Share of the queries (n, d) whose own answer (n, d) is the nearest, and is among the ten nearest."""
    likeness = normalise_rows(queries.astype(np.float32)) @ normalise_rows(answers.astype(np.float32)).T
    rank = (likeness > np.diag(likeness)[:, None]).sum(axis=1)
    return float((rank == 0).mean()), float((rank < 10).mean())


def measure(folder: Path | None) -> None:
    """The table."""
    chinese, english, weights = pair_vectors(folder)
    rows = alignment.parallel_sentences()
    first = len(weights) - len(rows)
    matters = sorted({row["matter"] for row in rows})
    part = np.array([matters.index(row["matter"]) % 5 for row in rows])
    scores: dict[str, list[tuple[float, ...]]] = {}
    for fold in range(5):
        unseen = first + np.flatnonzero(part == fold)
        seen = np.setdiff1d(np.arange(len(weights)), unseen)
        zh, en = chinese[unseen], english[unseen]
        maps = {
            "words only": alignment.fit_alignment(chinese[:first], english[:first], weights[:first]),
            "words and sentences": alignment.fit_alignment(chinese[seen], english[seen], weights[seen]),
        }
        sides = {"as they come": (zh, en), "from the mean of the language": (zh - zh.mean(axis=0), en - en.mean(axis=0))}
        for name, it in maps.items():
            sides[name] = (zh - it.chinese_mean) @ it.chinese, (en - it.english_mean) @ it.english
        for name, (left, right) in sides.items():
            scores.setdefault(name, []).append((*found(left, right), *found(right, left)))
    print("| vectors | zh to en: first | first ten | en to zh: first | first ten |\n|---|---|---|---|---|")
    for name, values in scores.items():
        print(f"| {name} | " + " | ".join(f"{value:.3f}" for value in np.mean(values, axis=0)) + " |")


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("measure", "build"))
    parser.add_argument("--vectors", type=Path)
    arguments = parser.parse_args()
    (build if arguments.what == "build" else measure)(arguments.vectors)


if __name__ == "__main__":
    main()
