"""Topics of texts that nobody labelled: deterministic, without a bin of leftovers, in seconds, the same whatever the order of the rows.

Method
1. equal vectors (exact duplicates) are one node with a weight, so a slogan posted 700 times is one voice in the graph;
2. k nearest neighbours by cosine of the centred vectors, in blocks (no approximate index, so no randomness);
3. a graph of shared neighbours, weight = shared / (2k - shared), the Jaccard similarity of two neighbour lists (Jarvis and Patrick 1973;
   Xu and Su, SNN-Cliq, Bioinformatics 31(12), 2015), cut below 1/15 as in Seurat, and to the 20 strongest edges of a node;
4. Louvain communities (Blondel et al. 2008) with a fixed seed and resolution set by the dial from coarse to fine;
5. rows that few of their neighbours follow, and communities too small to be topics, go to the nearest centroid; where they fit
   nowhere they form one group that says so (`varied`).

Why not UMAP and HDBSCAN: measured on banking77 with one set of vectors they left 9-13 % of the texts in a bin "-1", agreed with
themselves from run to run only to ARI .66, and took seconds to place new texts. The graph leaves none, agrees from seed to seed to
.86-.92 (benchmarks/topics.py), and is the same on every run with one seed.

Size rule: k = n / 200, at least 10, which keeps the number of topics of one subject about the same at 3,000 and 10,000 texts; below
100 texts the square root of n. Of more than 5,000 distinct texts a sample chosen by their content is fitted, and the rest follows its
nearest neighbours there. Resolution 3 in the middle of the dial: 6 finds the 77 intents of a bank more exactly, 1 the 29 domains of an assistant.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b

import networkx
import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from productloop.foundation.errors import DataProblem, UsageError
from productloop.text import wording
from productloop.text.encoders import normalise_rows
from productloop.text.keywords import KeyPhrase, PhraseCounts, phrases_of, select_phrases
from productloop.text.language import detect_many

MIDDLE_RESOLUTION = 3.0
RESOLUTION_RANGE = 6.0
"""The dial's ends are 6 times coarser and 6 times finer than its middle."""
TEXTS_PER_NEIGHBOUR, MIN_NEIGHBOURS = 200, 10
MAX_FITTED = 5000
NUM_VOTERS = 10
"""Nearest fitted texts that decide the topic of one that was not fitted; finer than the nearest centroid, which serves new texts."""
MIN_EDGE = 1 / 15
MAX_EDGES = 20
WEAK_SUPPORT = 0.3
"""A row is placed anew when fewer of its neighbours share its topic."""
MIN_SIZE, MIN_SIZE_SHARE = 3, 0.002
CENTRED_FROM = 50
"""Fewer distinct texts have no mean worth subtracting."""
NUM_RESAMPLES, MAX_RESAMPLED = 3, 1500
MAX_NAMING_TEXTS = 100
"""A topic is named by its most central texts; more of them change no name, only the time."""
NUM_REPRESENTATIVES, DIVERSITY = 5, 0.3
_BLOCK_ROWS = 1024

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class TopicName:
    """Extractive names of a topic: key phrases of its texts in each language, joined; where it has none in a language, the other's."""

    zh: str
    en: str
    phrases: tuple[KeyPhrase, ...]


@dataclass(frozen=True, slots=True)
class Topics:
    """Topics by falling size; row numbers are those of the call. k topics, n rows, vectors of length d."""

    labels: Ints
    """(n,) topic of each row, 0..k-1; every row has one."""
    centroids: Floats
    """(k, d) unit centroids of the centred vectors."""
    centre: Floats
    """(d,) what was subtracted before comparing; zeros for small sets."""
    names: tuple[TopicName, ...]
    representatives: tuple[tuple[int, ...], ...]
    """Rows to read first: near the centre, yet different from each other."""
    sizes: Ints
    """(k,) rows, duplicates counted."""
    cohesion: NDArray[np.float64]
    """(k,) mean cosine of the rows with their centroid, in the centred space."""
    stability: NDArray[np.float64]
    """(k,) mean best Jaccard overlap with the topics of resamples, 0..1 (Hennig 2007): below .5 do not rely on it.

    A resample holds at most 1,500 texts, so this is a cautious number for large sets."""
    varied: NDArray[np.bool_]
    """(k,) groups without a common theme, which say so in their name."""

    @property
    def num_topics(self) -> int:
        """How many groups there are, varied ones included."""
        return len(self.names)


def find_topics(
    texts: Sequence[str],
    vectors: Floats,
    ids: Sequence[str],
    granularity: float = 0.5,
    seed: int = 0,
    product_words: Sequence[str] = (),
) -> Topics:
    """Topics of `texts` (n,) with unit `vectors` (n, d) and distinct `ids` (n,), which make the result independent of the row order.

    `granularity` is the dial from 0 (coarse) to 1 (fine). Raises UsageError for another value, DataProblem where shapes differ.
    """
    if not 0.0 <= granularity <= 1.0:
        raise UsageError(wording.NOT_A_SHARE, value=granularity)
    if vectors.ndim != 2 or not len(texts) == len(vectors) == len(ids):
        raise DataProblem(wording.VECTORS_DO_NOT_FIT, found=str(vectors.shape), expected=f"({len(texts)}, d)")
    if len(texts) == 0:
        return _no_topics(vectors.shape[1])
    order = sorted(range(len(ids)), key=lambda row: ids[row])
    sorted_vectors = np.ascontiguousarray(vectors[order], dtype=np.float32)
    distinct, owner, weights = _collapse(sorted_vectors)
    centre = distinct.mean(axis=0) if len(distinct) >= CENTRED_FROM else np.zeros(vectors.shape[1], dtype=np.float32)
    points = normalise_rows(distinct - centre)
    resolution = MIDDLE_RESOLUTION * RESOLUTION_RANGE ** (2.0 * granularity - 1.0)
    labels, varied_label = _partition(points, weights, resolution, seed)
    labels, varied = _by_size(labels, weights, varied_label)
    stability = _stability(points, labels, resolution, seed)
    row_labels = np.empty(len(order), dtype=np.int64)
    row_labels[order] = labels[owner]
    return _describe(texts, order, points, owner, row_labels, (centre, varied, stability), product_words)


def place(vectors: Floats, topics: Topics) -> Ints:
    """Nearest topic (n,) of new vectors (n, d) of the same encoder; milliseconds for thousands. DataProblem where d differs or k = 0."""
    if vectors.ndim != 2 or vectors.shape[1] != topics.centroids.shape[1] or topics.num_topics == 0:
        raise DataProblem(wording.VECTORS_DO_NOT_FIT, found=str(vectors.shape), expected=f"(n, {topics.centroids.shape[1]})")
    nearest: Ints = np.argmax(normalise_rows(vectors.astype(np.float32) - topics.centre) @ topics.centroids.T, axis=1)
    return nearest


def _collapse(vectors: Floats) -> tuple[Floats, Ints, Ints]:
    """(distinct vectors in order of first appearance, their number for each row, rows behind each)."""
    raw = np.ascontiguousarray(vectors).view(np.dtype((np.void, vectors.dtype.itemsize * vectors.shape[1]))).ravel()
    _, first, inverse, counts = np.unique(raw, return_index=True, return_inverse=True, return_counts=True)
    appearance = np.argsort(first, kind="stable")
    rank = np.empty_like(appearance)
    rank[appearance] = np.arange(len(appearance))
    return vectors[first[appearance]], rank[inverse.ravel()].astype(np.int64), counts[appearance].astype(np.int64)


def _partition(points: Floats, weights: Ints, resolution: float, seed: int) -> tuple[Ints, int | None]:
    """Topic of each distinct point and the number of the varied group, if there is one."""
    sample = _sample_by_content(points, MAX_FITTED)
    fitted = points[sample]
    raw, neighbours = _communities(fitted, resolution, seed)
    smallest = max(MIN_SIZE, round(MIN_SIZE_SHARE * len(fitted)))
    big = np.flatnonzero(np.bincount(raw) >= smallest)
    if len(big) == 0:
        return np.zeros(len(points), dtype=np.int64), 0 if len(points) > 1 else None
    number = np.full(int(raw.max()) + 1, -1, dtype=np.int64)
    number[big] = np.arange(len(big))
    labels = number[raw]
    settled = labels >= 0
    centroids = _centroids(fitted[settled], labels[settled], weights[sample][settled], len(big))
    support = (raw[neighbours] == raw[:, None]).mean(axis=1)
    similarity = fitted @ centroids.T
    nearest = similarity.argmax(axis=1)
    own_fit = np.sort(similarity[settled, labels[settled]])
    stray = (labels < 0) & (similarity.max(axis=1) < own_fit[len(own_fit) // 20])
    labels = np.where((labels < 0) | (support < WEAK_SUPPORT), nearest, labels)
    varied = None
    if stray.sum() >= smallest:
        varied = len(big)
        labels[stray] = varied
    return _spread(points, sample, labels), varied


def _spread(points: Floats, sample: Ints, labels: Ints) -> Ints:
    """Labels of all points from those of a sample: the topic that most of the nearest sampled points have, weighted by cosine."""
    everywhere = np.empty(len(points), dtype=np.int64)
    everywhere[sample] = labels
    rest = np.setdiff1d(np.arange(len(points)), sample)
    num_topics = int(labels.max()) + 1
    for start in range(0, len(rest), _BLOCK_ROWS):
        rows = rest[start : start + _BLOCK_ROWS]
        similarity = points[rows] @ points[sample].T
        nearest = np.argpartition(-similarity, NUM_VOTERS - 1, axis=1)[:, :NUM_VOTERS]
        votes = np.zeros((len(rows), num_topics))
        voters = np.repeat(np.arange(len(rows)), NUM_VOTERS)
        np.add.at(votes, (voters, labels[nearest].ravel()), np.take_along_axis(similarity, nearest, axis=1).ravel())
        everywhere[rows] = votes.argmax(axis=1)
    return everywhere


def num_neighbours(num_points: int) -> int:
    """Neighbours of each point by the size rule, the point itself among them; below 100 points their square root, at least 3."""
    if num_points < MIN_NEIGHBOURS**2:
        return min(num_points, max(3, math.isqrt(num_points)))
    return max(MIN_NEIGHBOURS, round(num_points / TEXTS_PER_NEIGHBOUR))


def _communities(points: Floats, resolution: float, seed: int) -> tuple[Ints, Ints]:
    """(community of each point (n,), its neighbours (n, k - 1)); Louvain on the graph of shared neighbours."""
    num_points = len(points)
    if num_points < 3:
        return np.zeros(num_points, dtype=np.int64), np.zeros((num_points, 1), dtype=np.int64)
    neighbours = _nearest(points, num_neighbours(num_points))
    edges = _shared_neighbours(neighbours)
    graph = networkx.Graph()
    graph.add_nodes_from(range(num_points))
    graph.add_weighted_edges_from(zip(edges.row.tolist(), edges.col.tolist(), edges.data.tolist(), strict=True))
    labels = np.zeros(num_points, dtype=np.int64)
    found = networkx.community.louvain_communities(graph, weight="weight", resolution=resolution, seed=seed)
    for number, members in enumerate(sorted(found, key=min)):
        labels[list(members)] = number
    return labels, neighbours


def _nearest(points: Floats, size: int) -> Ints:
    """The `size` nearest points of each, itself among them, (n, size), in no order."""
    nearest = np.empty((len(points), size), dtype=np.int64)
    for start in range(0, len(points), _BLOCK_ROWS):
        similarity = points[start : start + _BLOCK_ROWS] @ points.T
        rows = np.arange(len(similarity))
        similarity[rows, rows + start] = 2.0
        nearest[start : start + _BLOCK_ROWS] = np.argpartition(-similarity, size - 1, axis=1)[:, :size]
    return nearest


def _shared_neighbours(neighbours: Ints) -> sparse.coo_array:
    """Upper triangle of the graph of shared neighbours."""
    num_points, size = neighbours.shape
    member = sparse.csr_array(
        (np.ones(num_points * size, dtype=np.int32), neighbours.ravel(), np.arange(0, num_points * size + 1, size)),
        shape=(num_points, num_points),
    )
    shared = ((member @ member.T) * member).tocoo()
    row, column = shared.row.astype(np.int64), shared.col.astype(np.int64)
    weight = shared.data / (2.0 * size - shared.data)
    kept = (row != column) & (weight >= MIN_EDGE)
    row, column, weight = row[kept], column[kept], weight[kept]
    order = np.lexsort((column, -weight, row))
    row, column, weight = row[order], column[order], weight[order]
    rank = np.arange(len(row)) - np.searchsorted(row, row)
    strong = rank < MAX_EDGES
    graph = sparse.csr_array((weight[strong], (row[strong], column[strong])), shape=(num_points, num_points))
    return sparse.triu(graph.maximum(graph.T), 1).tocoo()


def _centroids(points: Floats, labels: Ints, weights: Ints, num_topics: int) -> Floats:
    member = sparse.csr_array((weights.astype(np.float32), (labels, np.arange(len(labels)))), shape=(num_topics, len(labels)))
    return normalise_rows(np.asarray(member @ points, dtype=np.float32))


def _by_size(labels: Ints, weights: Ints, varied_label: int | None) -> tuple[Ints, NDArray[np.bool_]]:
    """Topics numbered by falling size, equal ones by first appearance, the varied group last; and which one is varied."""
    present, first, compact = np.unique(labels, return_index=True, return_inverse=True)
    sizes = np.bincount(compact, weights=weights)
    is_varied = present == (-1 if varied_label is None else varied_label)
    order = np.lexsort((first, -sizes, is_varied))
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order))
    return rank[compact].astype(np.int64), is_varied[order]


def _stability(points: Floats, labels: Ints, resolution: float, seed: int) -> NDArray[np.float64]:
    """Clusterwise stability: the best Jaccard overlap of each topic with the topics of a resample, mean over resamples."""
    num_topics = int(labels.max()) + 1
    if len(points) < 2 * MIN_NEIGHBOURS:
        return np.zeros(num_topics) if len(points) > 1 else np.ones(num_topics)
    random = np.random.default_rng(seed)
    total, seen = np.zeros(num_topics), np.zeros(num_topics)
    for resample in range(NUM_RESAMPLES):
        rows = np.sort(random.choice(len(points), size=min(round(0.8 * len(points)), MAX_RESAMPLED), replace=False))
        again, _ = _communities(points[rows], resolution, seed + 1 + resample)
        both = np.zeros((num_topics, int(again.max()) + 1))
        np.add.at(both, (labels[rows], again), 1.0)
        size, size_again = both.sum(axis=1), both.sum(axis=0)
        best = (both / (size[:, None] + size_again[None, :] - both)).max(axis=1)
        total += np.where(size > 0, best, 0.0)
        seen += size > 0
    return np.divide(total, seen, out=np.zeros(num_topics), where=seen > 0)


def _sample_by_content(points: Floats, limit: int) -> Ints:
    """Rows to fit on: all, or `limit` of them by a hash of their vectors, which does not depend on the order of the rows."""
    if len(points) <= limit:
        return np.arange(len(points))
    keys = [blake2b(point.tobytes(), digest_size=8).digest() for point in points]
    return np.sort(np.array(sorted(range(len(points)), key=lambda row: keys[row])[:limit], dtype=np.int64))


def _describe(
    texts: Sequence[str],
    order: list[int],
    points: Floats,
    owner: Ints,
    labels: Ints,
    parts: tuple[Floats, NDArray[np.bool_], NDArray[np.float64]],
    product_words: Sequence[str],
) -> Topics:
    """Everything a reader sees of the topics. `owner` and `order` go from sorted rows to distinct points and to the caller's rows."""
    centre, varied, stability = parts
    num_topics = len(varied)
    rows = np.array(order)
    sorted_labels = labels[rows]
    row_points = points[owner]
    centroids = _centroids(row_points, sorted_labels, np.ones(len(rows), dtype=np.int64), num_topics)
    fit = np.einsum("ij,ij->i", row_points, centroids[sorted_labels])
    sizes = np.bincount(sorted_labels, minlength=num_topics)
    cohesion = np.bincount(sorted_labels, weights=fit, minlength=num_topics) / np.maximum(sizes, 1)
    _, first_rows = np.unique(owner, return_index=True)
    representatives, central = [], []
    for topic in range(num_topics):
        members = first_rows[sorted_labels[first_rows] == topic]
        members = members[np.argsort(-fit[members], kind="stable")[:MAX_NAMING_TEXTS]]
        central.append(members)
        chosen = _diverse(row_points[members], fit[members])
        representatives.append(tuple(int(rows[members[position]]) for position in chosen))
    names = _names([[texts[rows[member]] for member in members] for members in central], varied, product_words)
    return Topics(labels, centroids, centre, names, tuple(representatives), sizes.astype(np.int64), cohesion, stability, varied)


def _diverse(points: Floats, fit: NDArray[np.float32]) -> list[int]:
    """Positions by maximal marginal relevance (Carbonell and Goldstein 1998): near the centroid, unlike those already chosen."""
    chosen: list[int] = []
    nearest_chosen = np.zeros(len(points), dtype=np.float32)
    for _ in range(min(NUM_REPRESENTATIVES, len(points))):
        gain = (1.0 - DIVERSITY) * fit - DIVERSITY * nearest_chosen
        gain[chosen] = -np.inf
        best = int(np.argmax(gain))
        chosen.append(best)
        nearest_chosen = np.maximum(nearest_chosen, points @ points[best])
    return chosen


def _names(central: Sequence[Sequence[str]], varied: NDArray[np.bool_], product_words: Sequence[str]) -> tuple[TopicName, ...]:
    """Names from the central texts of each topic, in each language against the texts of the same language in the other topics."""
    whole = {"zh": PhraseCounts(), "en": PhraseCounts()}
    parts: list[dict[str, PhraseCounts]] = []
    for texts in central:
        part = {"zh": PhraseCounts(), "en": PhraseCounts()}
        for text, language in zip(texts, detect_many(texts), strict=True):
            side = "zh" if language in ("zh", "mixed", "ja") else "en"
            found = phrases_of(text, product_words)
            part[side].add(found)
            whole[side].add(found)
        parts.append(part)
    names = []
    for part, is_varied in zip(parts, varied.tolist(), strict=True):
        phrases = {side: select_phrases(counts, whole[side], min_texts=2 if counts.num_texts > 4 else 1) for side, counts in part.items()}
        zh_first = part["zh"].num_texts >= part["en"].num_texts
        names.append(_name(phrases["zh"], phrases["en"], is_varied, zh_first))
    return tuple(names)


def _name(zh: list[KeyPhrase], en: list[KeyPhrase], is_varied: bool, zh_first: bool) -> TopicName:
    phrases = tuple(zh + en) if zh_first else tuple(en + zh)
    if is_varied:
        return TopicName(wording.VARIED.zh, wording.VARIED.en, phrases)
    if not phrases:
        return TopicName(wording.NO_WORDS.zh, wording.NO_WORDS.en, ())
    zh_words = "、".join(key.phrase for key in (zh or en)[:3])
    en_words = ", ".join(key.phrase for key in (en or zh)[:3])
    return TopicName(zh_words, en_words, phrases)


def _no_topics(dimension: int) -> Topics:
    none = np.zeros(0)
    return Topics(
        labels=np.zeros(0, dtype=np.int64),
        centroids=np.zeros((0, dimension), dtype=np.float32),
        centre=np.zeros(dimension, dtype=np.float32),
        names=(),
        representatives=(),
        sizes=np.zeros(0, dtype=np.int64),
        cohesion=none,
        stability=none,
        varied=np.zeros(0, dtype=np.bool_),
    )
