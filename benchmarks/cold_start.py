"""First guesses without any label: how texts feel and what kind they are, beside what people would use instead.

    python benchmarks/cold_start.py fit                 fits the heads on the prototypes and writes them into the package
    python benchmarks/cold_start.py sets a              the written sets, three feelings and seven kinds (b: the closing half)
    python benchmarks/cold_start.py public hotel        a public set, positive against negative (also waimai, alexa)

Protocol of `public`: texts that repeat letter by letter are dropped; a text counts as positive where its chance of positive exceeds that of
negative, once for the whole text (whole) and once by the sum over its points, as the product does it (points); nothing is fitted or
chosen on the set. Beside it: the majority, the word lists alone, SnowNLP for Chinese (positive above .5) and VADER for English (compound above 0).
Hotel was looked at during
development; waimai and alexa were measured once, at the end. LIMIT=N takes N texts drawn with seed 0.
"""

from __future__ import annotations

import argparse
import json
import os
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np

from productloop.learning.metrics import accuracy, log_loss, macro_f1
from productloop.text.cold_start import HEADS_FILE, LABELS, SetName, chances, heads_text
from productloop.text.encoders import encode
from productloop.text.feedback_types import cold_types
from productloop.text.lexicon import polarity
from productloop.text.points import split_many
from productloop.text.prototypes import prototypes
from text import DATA, distinct

SETS = Path(__file__).resolve().parents[1] / "tests" / "sets"
CHINESE = ("waimai", "hotel")


def fit() -> None:
    """Write the heads."""
    names: tuple[SetName, ...] = ("sentiment", "type")
    made = heads_text({name: encode([row.text for row in prototypes(name)]) for name in names})
    Path(str(files("productloop.text").joinpath(HEADS_FILE))).write_text(made, encoding="utf-8", newline="\n")


def written(half: str) -> None:
    """One line for each set and language."""
    plans: tuple[tuple[SetName, str, str], ...] = (("sentiment", "sentiment", "sentiment"), ("type", "types", "type"))
    for name, file, field in plans:
        rows = [json.loads(line) for line in (SETS / f"{file}_{half}.jsonl").read_text(encoding="utf-8").splitlines()]
        truth = np.array([LABELS[name].index(row[field]) for row in rows])
        texts, language = [row["text"] for row in rows], np.array([row["language"] for row in rows])
        for kind, vectors in (("vectors", encode(texts)), ("words only", None)):
            found = cold_types(texts, vectors) if name == "type" else chances(name, texts, vectors)
            for code in ("all", "zh", "en"):
                here = np.full(len(rows), True) if code == "all" else language == code
                scores = (accuracy(truth[here], found[here]), macro_f1(truth[here], found[here]), log_loss(truth[here], found[here]))
                print(f"| {file}_{half} | {kind} | {code} | {int(here.sum())} | " + " | ".join(f"{score:.3f}" for score in scores) + " |")


def public(name: str) -> None:
    """One line for each way on a public set."""
    texts, truth = distinct(DATA[name]())
    limit = int(os.environ.get("LIMIT", len(texts)))
    kept = np.random.default_rng(0).permutation(len(texts))[:limit]
    asked, truth = [str(texts[row]) for row in kept], truth[kept]
    found = chances("sentiment", asked, encode(asked))
    points = split_many(asked)
    owner = np.repeat(np.arange(len(asked)), [len(its) for its in points])
    words = [text[point.start : point.end] for text, its in zip(asked, points, strict=True) for point in its]
    parts = chances("sentiment", words, encode(words))
    summed = np.bincount(owner, weights=parts[:, 2] - parts[:, 0], minlength=len(asked))
    ways: dict[str, Any] = {
        "cold start, whole": found[:, 2] - found[:, 0],
        "cold start, points": np.where(summed == 0, found[:, 2] - found[:, 0], summed),
        "word lists": np.array([polarity(text) or 0.0 for text in asked]),
        "majority": np.full(len(asked), 1.0 if truth.mean() > 0.5 else -1.0),
        **rivals(name, asked),
    }
    for way, score in ways.items():
        said = np.eye(2)[(score > 0).astype(int)]
        print(f"| {name} | {len(asked):,} | {way} | {accuracy(truth, said):.3f} | {macro_f1(truth, said):.3f} |", flush=True)


def rivals(name: str, texts: list[str]) -> dict[str, Any]:
    """Scores of the packages people would use."""
    if name in CHINESE:
        from snownlp import SnowNLP

        return {"SnowNLP": np.array([SnowNLP(text).sentiments - 0.5 for text in texts])}
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    analyzer = SentimentIntensityAnalyzer()
    return {"VADER": np.array([analyzer.polarity_scores(text)["compound"] for text in texts])}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("fit", "sets", "public"))
    parser.add_argument("name", nargs="?", default="a")
    asked_for = parser.parse_args()
    if asked_for.what == "fit":
        fit()
    elif asked_for.what == "sets":
        written(asked_for.name)
    else:
        public(asked_for.name)
