"""Topics of texts that nobody labelled: deterministic, without a bin of leftovers, in seconds, the same whatever the order of the rows.

Method
1. equal vectors (exact duplicates) are one node with a weight, so a slogan posted 700 times is one voice in the graph;
2. nearest neighbours by the cosine of the centred vectors, each moved a little towards its nearest, plus that of the letters they share
   (`neighbours`), exact, in blocks;
3. a graph of shared neighbours and the Leiden communities that 12 resamples agree on (`communities`); where there are two languages once
   more in the space that tells the first communities apart; texts that their vector, their words and the rest of their message put clearly
   into another one move there (`discriminant`);
4. rows that few of their neighbours follow, and communities too small to be topics, go to the nearest centroid; where they fit
   nowhere they form one group that says so (`varied`);
5. names from the texts themselves (`naming`), and two coarser levels by average linkage of the topics (Sokal and Michener 1958).

Why not UMAP and HDBSCAN: measured on banking77 with one set of vectors they left 9-13 % of the texts in a bin "-1", agreed with
themselves from run to run only to ARI .66, and took seconds to place new texts (benchmarks/topics.py).

Size rule: k = .3 times the square root of n, at least 15: chosen on BANKING77's training part (3,300 to 10,000 texts, default encoder). From 5,000
texts of one language on, lists are longer the more directions the vectors use, and their first places count most (all of that training part, two encoders).
Of more than 12,000 distinct texts a sample chosen by their content is fitted, and the rest follows its nearest neighbours there.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.cluster.hierarchy import fcluster, linkage

from productloop.foundation.errors import DataProblem, UsageError
from productloop.text import wording
from productloop.text.communities import MANY_POINTS, find_communities, stability
from productloop.text.discriminant import placed_anew, whitened
from productloop.text.encoders import normalise_rows
from productloop.text.language import detect_many
from productloop.text.naming import TopicName as TopicName
from productloop.text.naming import name_topics, naming_members
from productloop.text.neighbours import (
    CONCEPT_WEIGHT,
    LEXICAL_WEIGHT,
    SHARED_LEXICAL_WEIGHT,
    Products,
    concept_features,
    drawn_together,
    lexical_features,
    nearest,
)

LEVELS = (0.5, 1.5, 5.0)
"""Resolutions tried where no dial is given; the finest whose topics hold in resamples."""
COARSEST, FINEST = 0.4, 10.0
"""Resolutions at the ends of the dial; 2 in its middle."""
NEIGHBOURS_PER_ROOT, MIN_NEIGHBOURS = 0.3, 15
NEIGHBOURS_PER_DIRECTION = 0.0135
"""In large sets of one language, of the square root of n: 36 of 10,003 texts with the default encoder (27 directions), 50 with MiniLM (37)."""
CLOSE = 0.65
"""... where the nearest are so much alike on average (cosine): .79 in BANKING77, .53 in comments on cars, which lose."""
NUM_DRAWING, DRAWING_SHARE = 5, 0.3
"""A vector is moved towards its five nearest by .3 of its length, before the lists that count are made: ARI +.01 on two thirds of
BANKING77's training part and no loss on Chinese; .5 gains less there and loses on Chinese."""
SPARE_NEIGHBOURS = 1.6
"""Longer lists than are used, so that a resample of 80 % still finds enough in them."""
MAX_FITTED = 12000
NUM_VOTERS = 10
"""Nearest fitted texts that decide the topic of one that was not fitted; finer than the nearest centroid, which serves new texts."""
WEAK_SUPPORT = 0.3
"""A row is placed anew when fewer of its neighbours share its topic."""
MIN_SIZE, MIN_SIZE_SHARE = 3, 0.002
LEVELS_FROM = 10
"""Fewer distinct texts leave nothing to choose a coarseness by; from here on the finest is far too fine for thirty texts."""
CENTRED_FROM = 20
"""Fewer distinct texts, in all or of a language, have no mean worth subtracting."""
TWICE_BELOW = 400
"""Fewer distinct texts of one language are searched twice and moved as two languages are: they gain what thousands do not."""
MAX_NAMING_TEXTS = 60
"""A topic is named by its most central texts; more of them change no name, only the time."""
NUM_REPRESENTATIVES, DIVERSITY = 5, 0.3
MIDDLE_POWER, COARSE_POWER = 0.75, 0.5
"""k topics have k^.75 parents and k^.5 grandparents: 81 topics in 27 groups in 9."""
SIDE_OF = {"mixed": "zh"}
"""Languages that count with another one: who mixes writes Chinese with English words in it."""
_BLOCK_ROWS = 1024

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]


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
    """(k,) mean best Jaccard overlap with the groups of resamples, 0..1 (Hennig 2007): below .5 do not rely on it."""
    varied: NDArray[np.bool_]
    """(k,) groups without a common theme, which say so in their name."""
    parents: Ints
    """(k, 2) number of the middle and of the coarse group that holds each topic; both levels are nested."""
    centres: Mapping[str, Floats] = field(default_factory=dict)
    """Language -> (d,), what its vectors were measured from instead of `centre`, where it has `CENTRED_FROM` texts or more."""

    @property
    def num_topics(self) -> int:
        """How many groups there are, varied ones included."""
        return len(self.names)


@dataclass(frozen=True, slots=True)
class Sources:
    """Where n texts come from."""

    languages: Sequence[str]
    """(n,) codes of `language.detect_many`."""
    messages: Sequence[int] | None = None
    """(n,) the message each is a part of; None where each is one of its own."""


def find_topics(
    texts: Sequence[str],
    vectors: Floats,
    ids: Sequence[str],
    granularity: float | None = None,
    seed: int = 0,
    product_words: Sequence[str] = (),
    sources: Sources | None = None,
) -> Topics:
    """Topics of `texts` (n,) with unit `vectors` (n, d) and distinct `ids` (n,), which make the result independent of the row order.

    `granularity` is the dial from 0 (coarse) to 1 (fine); None lets the data choose, by what holds in resamples. Without `sources` the languages
    are found here, and each text is a message of its own. Raises UsageError for a dial elsewhere, DataProblem where shapes differ.
    """
    if granularity is not None and not 0.0 <= granularity <= 1.0:
        raise UsageError(wording.NOT_A_SHARE, value=granularity)
    if vectors.ndim != 2 or not len(texts) == len(vectors) == len(ids):
        raise DataProblem(wording.VECTORS_DO_NOT_FIT, found=str(vectors.shape), expected=f"({len(texts)}, d)")
    if len(texts) == 0:
        return _no_topics(vectors.shape[1])
    order = sorted(range(len(ids)), key=lambda row: ids[row])
    sorted_vectors = np.ascontiguousarray(vectors[order], dtype=np.float32)
    distinct, first, owner, weights = _collapse(sorted_vectors)
    own_texts = [texts[order[row]] for row in first]
    codes = detect_many(own_texts) if sources is None else [sources.languages[order[row]] for row in first]
    messages = None if sources is None or sources.messages is None else [sources.messages[row] for row in order]
    centre = distinct.mean(axis=0) if len(distinct) >= CENTRED_FROM else np.zeros(vectors.shape[1], dtype=np.float32)
    sides = _sides(codes)
    centres = {side: distinct[sides == side].mean(axis=0) for side in np.unique(sides).tolist()} if len(distinct) >= CENTRED_FROM else {}
    points = _centred(distinct, centre, centres, sides)
    levels = LEVELS if len(distinct) >= LEVELS_FROM else LEVELS[-1:]
    resolutions = levels if granularity is None else (COARSEST * (FINEST / COARSEST) ** granularity,)
    found = _partition(points, (own_texts, sides, _companions(owner, messages)), weights, (resolutions, seed))
    described = _describe((texts, codes), order, (points, owner), found, product_words)
    while granularity is None and (joined := _joined_by_name(found, described.names, weights)) is not None:
        found = joined
        described = _describe((texts, codes), order, (points, owner), found, product_words)
    return replace(described, centre=centre, centres=centres)


def place(vectors: Floats, topics: Topics, languages: Sequence[str] | None = None) -> Ints:
    """Nearest topic (n,) of new vectors (n, d) of the same encoder; milliseconds for thousands.

    With the `languages` (n,) of their texts, each is measured from the mean of its own. DataProblem where d differs or k = 0.
    """
    if vectors.ndim != 2 or vectors.shape[1] != topics.centroids.shape[1] or topics.num_topics == 0:
        raise DataProblem(wording.VECTORS_DO_NOT_FIT, found=str(vectors.shape), expected=f"(n, {topics.centroids.shape[1]})")
    sides = np.array(["" if languages is None else SIDE_OF.get(code, code) for code in languages or [""] * len(vectors)], dtype=str)
    points = _centred(vectors.astype(np.float32), topics.centre, topics.centres, sides)
    nearest_topic: Ints = np.argmax(points @ topics.centroids.T, axis=1)
    return nearest_topic


def num_neighbours(num_points: int, num_languages: float = 1.0) -> int:
    """Neighbours of each point by the size rule, the point itself among them; below 225 points their square root, at least 3.

    Twice as many where two languages share them equally.
    """
    if num_points < MIN_NEIGHBOURS**2:
        return min(num_points, max(3, math.isqrt(num_points)))
    return round(num_languages * max(MIN_NEIGHBOURS, NEIGHBOURS_PER_ROOT * math.sqrt(num_points)))


def _sides(codes: Sequence[str]) -> NDArray[np.str_]:
    """Language each distinct point is measured in; those of languages with few texts count with the largest."""
    sides = np.array([SIDE_OF.get(code, code) for code in codes], dtype=str)
    names, counts = np.unique(sides, return_counts=True)
    few = names[counts < CENTRED_FROM]
    sides[np.isin(sides, few)] = names[counts.argmax()]
    return sides


def _centred(vectors: Floats, centre: Floats, centres: Mapping[str, Floats], sides: NDArray[np.str_]) -> Floats:
    """Unit vectors measured from the mean of their language, or from that of all."""
    moved = vectors - centre
    for side, mean in centres.items():
        rows = sides == side
        moved[rows] = vectors[rows] - mean
    return normalise_rows(moved)


@dataclass(frozen=True, slots=True)
class _Partition:
    """Labels of the distinct points by falling size, and what is known of each topic."""

    labels: Ints
    varied: NDArray[np.bool_]
    stability: NDArray[np.float64]


def _collapse(vectors: Floats) -> tuple[Floats, Ints, Ints, Ints]:
    """(distinct vectors in order of first appearance, the first row of each, their number for each row, rows behind each)."""
    raw = np.ascontiguousarray(vectors).view(np.dtype((np.void, vectors.dtype.itemsize * vectors.shape[1]))).ravel()
    _, first, inverse, counts = np.unique(raw, return_index=True, return_inverse=True, return_counts=True)
    appearance = np.argsort(first, kind="stable")
    rank = np.empty_like(appearance)
    rank[appearance] = np.arange(len(appearance))
    rows = first[appearance]
    return vectors[rows], rows.astype(np.int64), rank[inverse.ravel()].astype(np.int64), counts[appearance].astype(np.int64)


def _partition(
    points: Floats, said: tuple[Sequence[str], NDArray[np.str_], sparse.csr_array], weights: Ints, choice: tuple[Sequence[float], int]
) -> _Partition:
    """Topics of the distinct points: communities of a sample, strays placed, the rest by its neighbours in the sample.

    `said`: the texts, their languages and their companions (`_companions`); `choice` holds the resolutions to choose from and the seed.
    """
    texts, sides, companions = said
    sample = _sample_by_content(points, MAX_FITTED)
    fitted = points[sample]
    if len(fitted) < 3:
        return _Partition(np.zeros(len(points), dtype=np.int64), np.array([len(points) > 1]), np.array([float(len(points) == 1)]))
    own_texts = [texts[row] for row in sample]
    groups = np.unique(sides[sample], return_inverse=True)[1].astype(np.int64)
    num_groups = int(groups.max()) + 1
    words = lexical_features(own_texts)
    twice = num_groups > 1 or len(fitted) < TWICE_BELOW
    shared = math.sqrt(SHARED_LEXICAL_WEIGHT if twice else LEXICAL_WEIGHT) * words
    if twice:
        shared = sparse.csr_array(sparse.hstack([shared, math.sqrt(CONCEPT_WEIGHT) * concept_features(own_texts)]))
    products = Products(shared)
    lists, size = _lists(fitted, products, groups)
    communities = find_communities(lists, size, *choice, falling=size > _usual_size(groups))
    if twice:
        told_apart = whitened(fitted, communities.labels)
        lists, size = _lists(told_apart, products, groups)
        communities = find_communities(lists, size, *choice, finest=communities.resolution)
        labels, varied = _settle(told_apart, communities.labels, lists[:, :size], weights[sample])
        labels = placed_anew(fitted, labels, choice[1], words, groups, companions[sample][:, sample])
    else:
        labels, varied = _settle(fitted, communities.labels, lists[:, :size], weights[sample])
    everywhere = _spread(points, sample, labels)
    labels, is_varied = _by_size(everywhere, weights, varied)
    return _Partition(labels, is_varied, stability(labels[sample], communities.resampled, len(is_varied)))


def _companions(owner: Ints, messages: Sequence[int] | None) -> sparse.csr_array:
    """(p, p) how often two distinct points stand in one message, from the point and the message of each row; the diagonal is empty."""
    num_points = int(owner.max()) + 1
    if messages is None:
        return sparse.csr_array((num_points, num_points))
    number = np.unique(np.asarray(messages), return_inverse=True)[1]
    inside = sparse.csr_array((np.ones(len(owner)), (owner, number)), shape=(num_points, int(number.max()) + 1))
    both = (inside @ inside.T).tocoo()
    others = both.row != both.col
    return sparse.csr_array((both.data[others], (both.row[others], both.col[others])), shape=both.shape)


def _usual_size(groups: Ints) -> int:
    return min(len(groups), num_neighbours(len(groups), _num_effective(groups)))


def _list_size(points: Floats, near: Ints, groups: Ints) -> int:
    """Length of the lists of the unit `points` (n, d), themselves among them; `near` (n, m) are the nearest of each."""
    usual = _usual_size(groups)
    if len(groups) < MANY_POINTS or groups.any():
        return usual
    likeness = sum(float(np.einsum("nd,nd->n", points, points[column]).mean()) for column in near.T) / near.shape[1]
    if likeness < CLOSE:
        return usual
    num_directions = len(points) ** 2 / float(np.square(points.T @ points).sum())  # 1 / mean squared cosine of two points
    longer = round(NEIGHBOURS_PER_DIRECTION * num_directions * math.sqrt(len(points)))
    return min(max(usual, longer), 2 * usual)


def _lists(points: Floats, shared: Products, groups: Ints) -> tuple[Ints, int]:
    """Nearest of each point (n, m), spare ones included, once the points are drawn towards their like; and how many of them count."""
    any_language = np.zeros_like(groups)  # no places for the other language: it may lack this need
    near = nearest(points, shared, min(_usual_size(groups), NUM_DRAWING + 1), any_language, 1.0)[:, 1:]
    size = _list_size(points, near, groups)
    return nearest(drawn_together(points, near, DRAWING_SHARE), shared, size, groups, SPARE_NEIGHBOURS), size


def _num_effective(groups: Ints) -> float:
    """How many languages there are, counting rare ones less: the exponential of the entropy of their shares (Hill 1973, order 1)."""
    shares = np.bincount(groups) / len(groups)
    return float(np.exp(-(shares[shares > 0] * np.log(shares[shares > 0])).sum()))


def _settle(points: Floats, raw: Ints, neighbours: Ints, weights: Ints) -> tuple[Ints, int | None]:
    """Topic of each point and the number of the varied group, if there is one: small communities and strays find a place."""
    smallest = max(MIN_SIZE, round(MIN_SIZE_SHARE * len(points)))
    big = np.flatnonzero(np.bincount(raw) >= smallest)
    if len(big) == 0:
        return np.zeros(len(points), dtype=np.int64), 0
    number = np.full(int(raw.max()) + 1, -1, dtype=np.int64)
    number[big] = np.arange(len(big))
    labels = number[raw]
    settled = labels >= 0
    centroids = _centroids(points[settled], labels[settled], weights[settled], len(big))
    support = ((raw[neighbours] == raw[:, None]).sum(axis=1) - 1) / max(1, neighbours.shape[1] - 1)
    similarity = points @ centroids.T
    own_fit = np.sort(similarity[settled, labels[settled]])
    stray = (labels < 0) & (similarity.max(axis=1) < own_fit[len(own_fit) // 20])
    labels = np.where((labels < 0) | (support < WEAK_SUPPORT), similarity.argmax(axis=1), labels)
    if stray.sum() < smallest:
        return labels, None
    labels[stray] = len(big)
    return labels, len(big)


def _spread(points: Floats, sample: Ints, labels: Ints) -> Ints:
    """Labels of all points from those of a sample: the topic that most of the nearest sampled points have, weighted by cosine."""
    everywhere = np.empty(len(points), dtype=np.int64)
    everywhere[sample] = labels
    rest = np.setdiff1d(np.arange(len(points)), sample)
    num_topics = int(labels.max()) + 1
    for start in range(0, len(rest), _BLOCK_ROWS):
        rows = rest[start : start + _BLOCK_ROWS]
        similarity = points[rows] @ points[sample].T
        voters = np.argpartition(-similarity, NUM_VOTERS - 1, axis=1)[:, :NUM_VOTERS]
        votes = np.zeros((len(rows), num_topics))
        row = np.repeat(np.arange(len(rows)), NUM_VOTERS)
        np.add.at(votes, (row, labels[voters].ravel()), np.take_along_axis(similarity, voters, axis=1).ravel())
        everywhere[rows] = votes.argmax(axis=1)
    return everywhere


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


def _sample_by_content(points: Floats, limit: int) -> Ints:
    """Rows to fit on: all, or `limit` of them by a hash of their vectors, which does not depend on the order of the rows."""
    if len(points) <= limit:
        return np.arange(len(points))
    keys = [blake2b(point.tobytes(), digest_size=8).digest() for point in points]
    return np.sort(np.array(sorted(range(len(points)), key=lambda row: keys[row])[:limit], dtype=np.int64))


def _joined_by_name(found: _Partition, names: Sequence[TopicName], weights: Ints) -> _Partition | None:
    """The partition with topics of one name in both languages put together, for no reader could tell them apart; None where all names differ."""
    keys = [("", str(topic)) if found.varied[topic] else (name.zh, name.en) for topic, name in enumerate(names)]
    first = {key: topic for topic, key in reversed(list(enumerate(keys)))}
    if len(first) == len(keys):
        return None
    owner = np.array([first[key] for key in keys])
    varied = int(np.flatnonzero(found.varied)[0]) if found.varied.any() else None
    labels, is_varied = _by_size(owner[found.labels], weights, varied)
    sizes = np.bincount(found.labels, weights=weights, minlength=len(keys))
    number = np.zeros(len(keys), dtype=np.int64)
    number[found.labels] = labels
    held = np.bincount(number, weights=sizes * found.stability) / np.bincount(number, weights=sizes)
    return _Partition(labels, is_varied, held)


def _describe(
    said: tuple[Sequence[str], Sequence[str]],
    order: list[int],
    space: tuple[Floats, Ints],
    found: _Partition,
    product_words: Sequence[str],
) -> Topics:
    """Everything a reader sees of the topics. `said`: all texts, and the language of each distinct point; `space`: those points and the one
    behind each sorted row.
    """
    texts, codes = said
    points, owner = space
    num_topics = len(found.varied)
    rows = np.array(order)
    sorted_labels = found.labels[owner]
    labels = np.empty(len(order), dtype=np.int64)
    labels[rows] = sorted_labels
    row_points = points[owner]
    centroids = _centroids(row_points, sorted_labels, np.ones(len(rows), dtype=np.int64), num_topics)
    fit = np.einsum("ij,ij->i", row_points, centroids[sorted_labels])
    sizes = np.bincount(sorted_labels, minlength=num_topics).astype(np.int64)
    cohesion = np.bincount(sorted_labels, weights=fit, minlength=num_topics) / np.maximum(sizes, 1)
    _, first_rows = np.unique(owner, return_index=True)
    representatives, central, languages = [], [], []
    for topic in range(num_topics):
        members = first_rows[sorted_labels[first_rows] == topic]
        members = members[np.argsort(-fit[members], kind="stable")]
        spoken = [codes[point] for point in owner[members].tolist()]
        naming = naming_members(spoken, MAX_NAMING_TEXTS)
        central.append([texts[rows[members[place]]] for place in naming])
        languages.append([spoken[place] for place in naming])
        members = members[:MAX_NAMING_TEXTS]
        chosen = _diverse(row_points[members], fit[members])
        representatives.append(tuple(int(rows[members[position]]) for position in chosen))
    names = name_topics(central, found.varied, product_words, languages)
    return Topics(
        labels=labels,
        centroids=centroids,
        centre=np.zeros(points.shape[1], dtype=np.float32),
        names=names,
        representatives=tuple(representatives),
        sizes=sizes,
        cohesion=cohesion,
        stability=found.stability,
        varied=found.varied,
        parents=_parents(centroids),
    )


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


def _parents(centroids: Floats) -> Ints:
    """(k, 2) middle and coarse group of each topic, numbered by their largest topic."""
    num_topics = len(centroids)
    if num_topics < 3:
        return np.zeros((num_topics, 2), dtype=np.int64)
    tree = np.clip(linkage(centroids.astype(np.float64), "average", metric="cosine"), 0.0, None)
    levels = [fcluster(tree, max(2, round(num_topics**power)), "maxclust") for power in (MIDDLE_POWER, COARSE_POWER)]
    return np.stack([_in_order(level) for level in levels], axis=1)


def _in_order(groups: NDArray[np.int32]) -> Ints:
    _, first, inverse = np.unique(groups, return_index=True, return_inverse=True)
    rank = np.empty(len(first), dtype=np.int64)
    rank[np.argsort(first)] = np.arange(len(first))
    ordered: Ints = rank[inverse]
    return ordered


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
        parents=np.zeros((0, 2), dtype=np.int64),
    )
