"""Which texts are alike: by their vectors and by the letters they share; their nearest neighbours, and the graph of shared ones.

Two signals, added as cosines. A sentence encoder knows that "money back" is "refund" but blurs what only a word tells apart ("top up by
card", "top up by transfer"); TF-IDF of character n-grams knows the words and nothing else (sublinear counts and smoothed idf as in
Manning, Raghavan and Schuetze 2008, 6.4). N-grams need no cutter and forgive typing errors: 1-2 characters inside Han runs, 3-5
characters elsewhere, blanks included. Measured on a third of BANKING77's training part with
the default encoder: ARI .41 from vectors alone, .46 with words, .48 with character n-grams.

The graph holds shared neighbours, weight = shared / (2k - shared), the Jaccard similarity of two neighbour lists (Jarvis and Patrick
1973; Xu and Su, SNN-Cliq, Bioinformatics 31(12), 2015), cut below 1/15 as in Seurat. In large sets of one language the first of a list count more
(ranks in place of counts, as SNN-Cliq has them).
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from productloop.text.cleaning import to_half_width
from productloop.text.concepts import find_many
from productloop.text.encoders import normalise_rows

LEXICAL_WEIGHT, SHARED_LEXICAL_WEIGHT, CONCEPT_WEIGHT = 0.6, 0.15, 0.4
"""Cosines of the n-grams and of the concepts beside the cosine of the vectors; .3 to 1 and .3 to .6 are as good on the development sets.
Two languages share no letters: where there are two, n-grams hold each together against the other (simulated messages, seeds 600-603: BCubed
.746 with .6, .761 with .15, .760 with none)."""
HAN_SIZES, OTHER_SIZES = (1, 2), (3, 4, 5)
MAX_SHARE, ALWAYS_KEPT, MAX_TEXTS = 0.1, 15, 300
"""An n-gram in more than a tenth of the texts, or in 300, tells little apart and costs most of the time; in 15 it always stays."""
FOREIGN_SHARE = 0.4
"""A neighbour in another language is at least this share as alike as the neighbours in the same language are on average."""
MIN_EDGE = 1 / 15
MAX_KEPT_PRODUCTS = 20_000_000
"""Products kept, 8 bytes each."""
_BLOCK_ROWS = 1024
_TABLE_ROWS = 128
"""A table of so many rows stays in the cache."""
_MAX_STRIPS = 32
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)  # 2^64 / golden ratio, Knuth's multiplicative hash

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]
Hashes = NDArray[np.uint64]


def lexical_features(texts: Sequence[str]) -> sparse.csr_array:
    """Unit TF-IDF rows (n, m) of the character n-grams that at least two of the texts (n,) share; a row may be empty."""
    num_texts = len(texts)
    owner, hashes = _grams(texts)
    return _weighted(owner, hashes, num_texts, min(max(ALWAYS_KEPT, MAX_SHARE * num_texts), MAX_TEXTS))


def concept_features(texts: Sequence[str]) -> sparse.csr_array:
    """Unit rows (n, m) of the concepts that at least two of the texts (n,) name, weighted by idf: the same for both languages."""
    found = find_many(texts)
    numbers: dict[str, int] = {}
    concept = np.array([numbers.setdefault(name, len(numbers)) for names in found for name in names], dtype=np.uint64)
    owner = np.repeat(np.arange(len(texts)), [len(names) for names in found])
    return _weighted(owner, concept, len(texts), len(texts))


class Products:
    """Products of the rows of sparse features (n, s) with each other, a block of rows at a time; kept, since every search asks for them again."""

    def __init__(self, features: sparse.csr_array) -> None:
        self._features, self._turned = features, sparse.csr_array(features.T)
        self._kept: dict[int, sparse.csr_array] = {}
        self._room = MAX_KEPT_PRODUCTS

    def block(self, start: int) -> sparse.csr_array:
        """(b, n - start) products of the block of rows that begins at `start` with those from `start` on."""
        if start in self._kept:
            return self._kept[start]
        found = sparse.csr_array(self._features[start : start + _BLOCK_ROWS] @ self._turned[:, start:])
        if found.nnz <= self._room:
            self._room -= found.nnz
            self._kept[start] = found
        return found


def nearest(points: Floats, shared: Products, size: int, groups: Ints, spare: float) -> Ints:
    """Lists (n, m) of the nearest of each of the unit `points` (n, d), best first; the first `size` columns are the list proper.

    `shared` are the products of further features, added to the cosine. Each of `groups` (n,), the languages, has places in
    each list by its share of all points: without that a text's nearest are of its own language, whatever it says. Columns beyond `size`,
    up to `spare` times as many, stand in where a resample lacks some.
    """
    members = [np.flatnonzero(groups == group) for group in np.unique(groups)]
    quotas = [max(1, round(size * len(columns) / len(points))) for columns in members]
    lengths = [min(len(columns), math.ceil(spare * quota)) for columns, quota in zip(members, quotas, strict=True)]
    turn = np.concatenate([(np.arange(length) + 0.5) / quota for length, quota in zip(lengths, quotas, strict=True)])
    order = np.argsort(turn, kind="stable")
    found = np.empty((len(points), len(order)), dtype=np.int64)
    for start, likeness in _blocks(points, shared):
        rows = slice(start, start + len(likeness))
        inside = np.arange(len(likeness))
        likeness[inside, inside + start] = np.inf
        parts = [
            columns[best(likeness[:, columns] if len(members) > 1 else likeness, length)]
            for columns, length in zip(members, lengths, strict=True)
        ]
        lists = np.concatenate(parts, axis=1)[:, order]
        if len(members) > 1:
            values = np.take_along_axis(likeness, lists, axis=1)
            own = np.where(groups[lists] == groups[rows, None], values, np.nan)
            own[np.isinf(own)] = np.nan
            # unlike what its own language says beside it, so only the least far of strangers
            strange = values < FOREIGN_SHARE * np.nanmean(own, axis=1, keepdims=True)
            lists = np.where(strange & (groups[lists] != groups[rows, None]), (inside + start)[:, None], lists)
        found[rows] = lists
    return found


def _blocks(points: Floats, shared: Products) -> Iterator[tuple[int, Floats]]:
    """(first row, (b, n) likeness) of each block of rows. What a block shares with an earlier one is computed there and waits here, turned."""
    num_points = len(points)
    room, sums = np.empty((2, min(_BLOCK_ROWS, num_points) * num_points), dtype=np.float32)
    waiting: dict[int, list[Floats]] = defaultdict(list)
    for start in range(0, num_points, _BLOCK_ROWS):
        rows = points[start : start + _BLOCK_ROWS]
        likeness = sums[: len(rows) * num_points].reshape(len(rows), num_points)
        for place, turned in enumerate(waiting.pop(start, [])):
            likeness[:, place * _BLOCK_ROWS : (place + 1) * _BLOCK_ROWS] = turned
        own = likeness[:, start:]
        np.matmul(rows, points[start:].T, out=own)
        own += shared.block(start).toarray(out=room[: own.size].reshape(own.shape))
        for later in range(start + _BLOCK_ROWS, num_points, _BLOCK_ROWS):
            waiting[later].append(np.ascontiguousarray(likeness[:, later : later + _BLOCK_ROWS].T))
        yield start, likeness


def drawn_together(points: Floats, neighbours: Ints, share: float) -> Floats:
    """Unit `points` (n, d) moved towards the mean of their `neighbours` (n, m), each weighted by its cosine, by `share` of a length.

    What a short text leaves unsaid its like say (query expansion of image retrieval: Radenovic, Tolias and Chum, TPAMI 41(7), 2019).
    """
    moved = np.empty_like(points)
    for start in range(0, len(points), _BLOCK_ROWS):
        rows = slice(start, start + _BLOCK_ROWS)
        likeness = np.clip(np.einsum("nd,nmd->nm", points[rows], points[neighbours[rows]]), 0.0, None)
        total = likeness.sum(axis=1, keepdims=True)
        weights = np.divide(likeness, total, out=np.zeros_like(likeness), where=total > 0)
        moved[rows] = points[rows] + share * np.einsum("nm,nmd->nd", weights, points[neighbours[rows]])
    return normalise_rows(moved)


def nearest_of_part(found: Ints, rows: Ints, size: int) -> Ints:
    """What `nearest` says of a part of the points (m,), in their new numbers, (m, size).

    It is read from the lists of all points, so a resample costs nothing; where too few of a list are left, the last one is repeated.
    """
    number = np.full(len(found), -1, dtype=np.int64)
    number[rows] = np.arange(len(rows))
    lists = number[found[rows]]
    inside = lists >= 0
    place = np.cumsum(inside, axis=1) - 1
    kept = inside & (place < size)
    part = np.zeros((len(rows), min(size, lists.shape[1])), dtype=np.int64)
    row = np.nonzero(kept)[0]
    part[row, place[kept]] = lists[kept]
    last = np.maximum(kept.sum(axis=1), 1) - 1
    column = np.minimum(np.arange(size)[None, :], last[:, None])
    repeated: Ints = np.take_along_axis(part, column, axis=1)
    return repeated


def shared_neighbours(neighbours: Ints, falling: bool = False) -> sparse.csr_array:
    """The symmetric graph (n, n) of shared neighbours from lists (n, k), best first; edges join a point and one on its list.

    With `falling` weights the first of a list count most: sqrt(1 - rank / k), and the graph holds their Tanimoto similarity.
    """
    num_points, size = neighbours.shape
    nobody = num_points  # stands for what a list repeats
    order = np.argsort(neighbours, axis=1, kind="stable")
    lists = np.take_along_axis(neighbours, order, axis=1)
    lists[:, 1:][lists[:, 1:] == lists[:, :-1]] = nobody
    weights = lists < nobody if not falling else np.where(lists < nobody, np.sqrt(1.0 - order / size), 0.0).astype(np.float32)
    own = (weights * weights).sum(axis=1)
    row = np.repeat(np.arange(num_points), size)
    column = lists.ravel()
    pairs = np.minimum(row, column) * num_points + np.maximum(row, column)
    pairs = np.sort(pairs[(column < nobody) & (row != column)])
    pairs = pairs[np.diff(pairs, prepend=-1) > 0]
    low, high = pairs // num_points, pairs % num_points
    shared = np.empty(len(pairs))
    width = num_points + 1
    bounds = np.searchsorted(low, np.arange(0, num_points + _TABLE_ROWS, _TABLE_ROWS)).tolist()
    for block, (start, end) in enumerate(pairwise(bounds)):
        first = block * _TABLE_ROWS
        rows = slice(first, first + _TABLE_ROWS)
        on_list = np.zeros((len(lists[rows]), width), dtype=weights.dtype)
        np.put_along_axis(on_list, lists[rows], weights[rows], axis=1)
        cells = lists[high[start:end]]
        cells += (low[start:end, None] - first) * width
        both = on_list.ravel().take(cells)
        shared[start:end] = (both * weights[high[start:end]] if falling else both).sum(axis=1)
    weight = shared / (own[low] + own[high] - shared)
    kept = weight >= MIN_EDGE
    return symmetric(low[kept], high[kept], weight[kept], num_points)


def symmetric(low: Ints, high: Ints, weight: NDArray[np.float64], num_points: int) -> sparse.csr_array:
    """The graph (n, n) of edges given once each."""
    ends = np.concatenate([low, high]), np.concatenate([high, low])
    graph = sparse.csr_array((np.concatenate([weight, weight]), ends), shape=(num_points, num_points))
    graph.sort_indices()
    return graph


def _grams(texts: Sequence[str]) -> tuple[Ints, Hashes]:
    """(text of each n-gram, its hash), over all texts at once: a line end closes each text, so no n-gram runs into the next."""
    joined = "".join(" ".join(to_half_width(text).lower().split()) + "\n" for text in texts)
    points = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), dtype="<u4").astype(np.uint64)
    ends = points == ord("\n")
    owner = (np.cumsum(ends) - ends).astype(np.int64)
    is_han = ((points >= 0x3400) & (points <= 0x9FFF)) | ((points >= 0xF900) & (points <= 0xFAFF)) | (points >= 0x20000)
    hashes, owners = [], []
    is_digit = (points >= ord("0")) & (points <= ord("9"))  # amounts and order numbers are no subject
    for sizes, wanted in ((HAN_SIZES, is_han), (OTHER_SIZES, ~(is_han | is_digit | ends))):
        for size in sizes:
            num_windows = max(0, len(points) - size + 1)
            inside = np.ones(num_windows, dtype=np.bool_)
            value = np.full(num_windows, size, dtype=np.uint64)
            for place in range(size):
                inside &= wanted[place : place + num_windows]
                value = value * _MULTIPLIER + points[place : place + num_windows]
                value ^= value >> np.uint64(29)
            hashes.append(value[inside])
            owners.append(owner[:num_windows][inside])
    return np.concatenate(owners), np.concatenate(hashes)


def _weighted(owner: Ints, feature: Hashes, num_texts: int, most: float) -> sparse.csr_array:
    """Unit TF-IDF rows from pairs of a text and a feature; features in one text or in more than `most` are left out."""
    order = np.argsort(feature)
    feature = feature[order]
    pairs = np.sort(np.cumsum(np.diff(feature, prepend=feature[:1]) != 0) * num_texts + owner[order])
    first = np.flatnonzero(np.diff(pairs, prepend=-1))
    count = np.diff(first, append=len(pairs))
    number, owner = pairs[first] // num_texts, pairs[first] % num_texts
    texts_with = np.bincount(number)[number]
    kept = (texts_with >= 2) & (texts_with <= max(2.0, most))
    if not kept.any():
        return sparse.csr_array(np.zeros((num_texts, 1), dtype=np.float32))
    number, owner, count, texts_with = number[kept], owner[kept], count[kept], texts_with[kept]
    weight = (1.0 + np.log(count)) * (1.0 + np.log((1.0 + num_texts) / (1.0 + texts_with)))
    length = np.sqrt(np.bincount(owner, weights=weight**2, minlength=num_texts))
    column = np.cumsum(np.diff(number, prepend=number[:1]) != 0)
    cells = owner.astype(np.int32), column.astype(np.int32)  # small numbers: products are a third faster
    return sparse.csr_array(((weight / length[owner]).astype(np.float32), cells), shape=(num_texts, int(column[-1]) + 1))


def best(likeness: Floats, size: int) -> Ints:
    """Columns of the `size` largest of each row, largest first, equal ones by number.

    The maxima of strips of columns give a bound that at least `size` of a row reach, so few are left to sort.
    """
    num_rows, width = likeness.shape
    if size < width:
        num_strips = max(1, min(_MAX_STRIPS, width // (4 * size)))
        strips = likeness[:, : width - width % num_strips].reshape(num_rows, num_strips, -1).max(axis=1)
        bound = np.partition(strips, strips.shape[1] - size, axis=1)[:, strips.shape[1] - size]
        row, column = np.divmod(np.flatnonzero(likeness >= bound[:, None]), width)
    else:
        row, column = np.divmod(np.arange(num_rows * width), width)
    counts = np.bincount(row, minlength=num_rows)
    place = np.arange(len(row)) - np.repeat(np.cumsum(counts) - counts, counts)
    value = np.full((num_rows, int(counts.max())), -np.inf, dtype=np.float32)
    value[row, place] = likeness[row, column]
    chosen = np.zeros(value.shape, dtype=np.int64)
    chosen[row, place] = column
    best: Ints = np.take_along_axis(chosen, np.argsort(-value, axis=1, kind="stable")[:, :size], axis=1)
    return best
