"""One space for both languages: what is said in Chinese and the same said in English come to lie together.

An encoder for many languages keeps a corner of its space for each of them. Canonical correlation (Hotelling, Relations between two sets of
variates, Biometrika 28, 1936; ridge on both covariances, Vinod, J. Econometrics 4, 1976) finds the directions in which the two vary
together, from pairs that mean the same: the words of the glossary (`concepts.csv`) and sentences of customers (`parallel.csv`), both
written for this project. A direction counts by the square root of its correlation. That such a map from word pairs makes embeddings of
two languages comparable: Faruqui and Dyer, EACL 2014; Xing et al., NAACL 2015.

The map of the default encoder ships with the package (`alignment.npz`); `benchmarks/alignment.py` makes it again and measures it on pairs
it has not seen. Vectors of other encoders stay as they are.
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from productloop.text.concepts import glossary
from productloop.text.encoders import DEFAULT_ENCODER, normalise_rows

Vectors = NDArray[np.float32]
Floats = NDArray[np.float64]

SPACE = f"{DEFAULT_ENCODER.id}+alignment-1"
"""Stored beside what is computed from aligned vectors; the number counts the shipped maps."""
ALIGNMENT_FILE = "alignment.npz"
RIDGE = 0.01
"""Of the total variance, added to each direction: with .001 to .03 the same."""
NUM_DIRECTIONS = 300
CORRELATION_POWER = 0.5
SENTENCE_WEIGHT = 3.0
"""A pair of sentences beside a pair of words: it is what will be compared."""
CHINESE_WORDS, ENGLISH_WORDS = 4, 3
"""Words of a concept in each language that are paired, the usual ones first."""


@dataclass(frozen=True, slots=True)
class Alignment:
    """Where each language is measured from (d,), and its map into the common space (d, m)."""

    chinese_mean: Vectors
    english_mean: Vectors
    chinese: Vectors
    english: Vectors


def align(vectors: Vectors, languages: Sequence[str], encoder_id: str = DEFAULT_ENCODER.id) -> Vectors:
    """Unit vectors (n, m) in the common space from those of an encoder (n, d) and the languages of their texts ("en", all others Chinese).

    Without a map for the encoder, and for vectors that are all zeros, they stay as they are (m = d).
    """
    if encoder_id != DEFAULT_ENCODER.id:
        return vectors
    known = alignment()
    english = np.array([language == "en" for language in languages], dtype=np.bool_)
    found = np.zeros((len(vectors), known.english.shape[1]), dtype=np.float32)
    found[english] = (vectors[english] - known.english_mean) @ known.english
    found[~english] = (vectors[~english] - known.chinese_mean) @ known.chinese
    found[~vectors.any(axis=1)] = 0.0
    return normalise_rows(found)


@cache
def alignment() -> Alignment:
    """The shipped map, read once per process."""
    with files("productloop.text").joinpath(ALIGNMENT_FILE).open("rb") as file, np.load(file, allow_pickle=False) as content:
        return Alignment(*(content[name].astype(np.float32) for name in ("chinese_mean", "english_mean", "chinese", "english")))


def fit_alignment(chinese: Vectors, english: Vectors, weights: Floats) -> Alignment:
    """The map from pairs: vectors (n, d) of the Chinese and of the English side, and what each pair counts (n,)."""
    share = weights / weights.sum()
    means = [np.asarray(share @ side.astype(np.float64)) for side in (chinese, english)]
    moved = [side.astype(np.float64) - mean for side, mean in zip((chinese, english), means, strict=True)]
    whiten = [_inverse_root(_ridged((side * share[:, None]).T @ side)) for side in moved]
    left, correlation, right = np.linalg.svd(whiten[0] @ ((moved[0] * share[:, None]).T @ moved[1]) @ whiten[1])
    size = min(NUM_DIRECTIONS, len(correlation))
    scale = correlation[:size] ** CORRELATION_POWER
    maps = [whiten[0] @ left[:, :size] * scale, whiten[1] @ right.T[:, :size] * scale]
    # one sign and one size: the two maps are free up to those
    sign = np.where(maps[0][np.abs(maps[0]).argmax(axis=0), np.arange(size)] < 0, -1.0, 1.0)
    unit = np.abs(np.stack(maps)).max()
    return Alignment(*(np.asarray(part, dtype=np.float32) for part in (*means, maps[0] * sign / unit, maps[1] * sign / unit)))


def teaching_pairs() -> tuple[list[str], list[str], Floats]:
    """(Chinese, English, weight) of each pair: words of the glossary, then the parallel sentences."""
    known = glossary()
    chinese: dict[str, list[str]] = {name: [] for name in known.names}
    english: dict[str, list[str]] = {name: [] for name in known.names}
    for word, name in known.chinese.items():
        if len(word) > 1:  # one character means too much
            chinese[name].append(word)
    for word, name in known.english.items():
        english[name].append(word)
    pairs = [(zh, en, 1.0) for name in known.names for zh in chinese[name][:CHINESE_WORDS] for en in english[name][:ENGLISH_WORDS]]
    pairs += [(row["zh"], row["en"], SENTENCE_WEIGHT) for row in parallel_sentences()]
    return [zh for zh, _, _ in pairs], [en for _, en, _ in pairs], np.array([weight for _, _, weight in pairs])


def parallel_sentences() -> list[dict[str, str]]:
    """Rows (matter, zh, en) of the parallel sentences."""
    return list(csv.DictReader(_read("parallel.csv").splitlines()))


def teaching_digest() -> str:
    """sha256 of what the map was learned from: it stands in the shipped file, so that a changed glossary asks for a new map."""
    parts = [_read("concepts.csv"), _read("parallel.csv"), SPACE, repr((RIDGE, NUM_DIRECTIONS, CORRELATION_POWER, SENTENCE_WEIGHT))]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def _read(name: str) -> str:
    return files("productloop.text").joinpath(name).read_text(encoding="utf-8")


def _ridged(covariance: Floats) -> Floats:
    return np.asarray(covariance + RIDGE * np.trace(covariance) * np.eye(len(covariance)))


def _inverse_root(matrix: Floats) -> Floats:
    values, directions = np.linalg.eigh(matrix)
    return np.asarray((directions * values**-0.5) @ directions.T)
