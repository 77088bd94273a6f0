"""Groups in a graph of neighbours that hold when a fifth of the texts is left out: Leiden communities, agreed on over resamples.

Leiden (Traag, Waltman and van Eck, From Louvain to Leiden, Scientific Reports 9:5233, 2019; modularity with a resolution) depends on the
seed and on each single text. So it runs on 12 resamples of 80 %, and each edge is weighted by the square of how often both ends fell
together (consensus clustering, Lancichinetti and Fortunato, Scientific Reports 2:336, 2012); the last run is on that graph. The resamples
also say how far each group can be relied on (clusterwise stability, Hennig 2007).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from graspologic_native import leiden_csr
from numpy.typing import NDArray
from scipy import sparse

from productloop.text.neighbours import nearest_of_part, shared_neighbours

NUM_RESAMPLES, RESAMPLE_SHARE = 12, 0.8
MANY_POINTS = 5000
"""Half the resamples from here on: large sets need fewer to agree, and each takes longer."""
NUM_CHOOSING = 8
"""Resamples that decide between resolutions."""
AS_STABLE = 0.06
"""Stabilities that differ less are equal: eight resamples say no more."""
MAX_PARTS, MIN_PART, MIN_PART_POINTS, MIN_COVERED, EACH_HOLDS = 3, 0.2, 30, 0.6, 0.7
"""A community is parted where the next finer level leaves two or three groups of it, each with 30 and a fifth of its points or more, together six
tenths, that hold to .7 each in resamples; what else there is of it goes to the part it is most often together with. One resolution for all
merges what is near and large before it leaves the rest whole (Fortunato and Barthelemy, Resolution limit in community detection, PNAS 104(1), 2007)."""
ITERATIONS = 2
"""Leiden cycles; a third changes next to nothing."""

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Communities:
    """Communities of n points, and those of the resamples they were agreed on."""

    labels: Ints
    """(n,) 0..c-1."""
    resampled: Ints
    """(r, n) community of each point in each resample, -1 where it was left out."""
    resolution: float
    """The one taken, before parting."""


def find_communities(neighbours: Ints, size: int, resolutions: Sequence[float], seed: int, finest: float = math.inf) -> Communities:
    """Communities of the points from their lists (n, m), the first `size` columns of which count (see `neighbours.nearest`).

    Of several `resolutions`, coarse to fine, the finest is taken whose groups hold in the first resamples about as well as those of any
    other: by the mean of `stability` over points. None above `finest` is taken; one above may still part a community.
    """
    num_points = len(neighbours)
    graph = shared_neighbours(neighbours[:, :size])
    random = np.random.default_rng(seed)
    share = 1 if num_points < MANY_POINTS else 2
    num_resamples, num_choosing = NUM_RESAMPLES // share, NUM_CHOOSING // share
    rows = [np.sort(random.choice(num_points, max(1, round(RESAMPLE_SHARE * num_points)), replace=False)) for _ in range(num_resamples)]
    parts = [(number, of, shared_neighbours(nearest_of_part(neighbours, of, size))) for number, of in enumerate(rows)]
    first, later = parts[:num_choosing], parts[num_choosing:]
    finer: tuple[Ints, Ints] | None = None
    num_allowed = max(1, sum(resolution <= finest for resolution in resolutions))
    resolutions = resolutions[: num_allowed + 1]  # one above may part, finer ones have no say
    if len(resolutions) > 1:
        tried = [_resampled(first, resolution, num_points, seed) for resolution in resolutions]
        agreed = [_agreed(graph, runs, resolution, seed) for runs, resolution in zip(tried, resolutions, strict=True)]
        held = [_mean_stability(labels, runs) for labels, runs in zip(agreed, tried, strict=True)]
        chosen = max(level for level in range(num_allowed) if held[level] >= max(held[:num_allowed]) - AS_STABLE)
        resolution, runs = resolutions[chosen], tried[chosen]
        if chosen + 1 < len(resolutions):
            finer = agreed[chosen + 1], tried[chosen + 1]
    else:
        resolution = resolutions[0]
        runs = _resampled(first, resolution, num_points, seed)
    runs = np.concatenate([runs, _resampled(later, resolution, num_points, seed)])
    labels = _agreed(graph, runs, resolution, seed)
    if finer is not None:
        labels, runs = _parted(labels, runs[:num_choosing], *finer)
    return Communities(labels, runs, resolution)


def _resampled(parts: Sequence[tuple[int, Ints, sparse.csr_array]], resolution: float, num_points: int, seed: int) -> Ints:
    """(r, n) communities of each numbered part of the points, given by its rows and graph; -1 for the others."""
    found = np.full((len(parts), num_points), -1, dtype=np.int64)
    for labels, (number, rows, graph) in zip(found, parts, strict=True):
        labels[rows] = leiden(graph, resolution, seed + 1 + number)
    return found


def _agreed(graph: sparse.csr_array, resampled: Ints, resolution: float, seed: int) -> Ints:
    """Communities of the graph whose edges count as often as both ends were together in the resamples."""
    edges = graph.tocoo()
    both, same = np.zeros(edges.nnz), np.zeros(edges.nnz)
    for labels in resampled:
        first, second = labels[edges.row], labels[edges.col]
        seen = (first >= 0) & (second >= 0)
        both += seen
        same += seen & (first == second)
    agreement = np.divide(same, both, out=np.zeros_like(same), where=both > 0)
    agreed = sparse.csr_array((edges.data * agreement**2, (edges.row, edges.col)), shape=graph.shape)
    agreed.eliminate_zeros()
    return leiden(agreed, resolution, seed)


def _parted(labels: Ints, resampled: Ints, finer: Ints, finer_resampled: Ints) -> tuple[Ints, Ints]:
    """Communities (n,) and their resamples (r, n), parted where a finer level makes few large groups of one that hold in its resamples (r, n).

    The resamples of a parted community are those of the finer level.
    """
    holds = stability(finer, finer_resampled, int(finer.max()) + 1)
    parted, again = labels.copy(), resampled.copy()
    for community in range(int(labels.max()) + 1):
        rows = np.flatnonzero(labels == community)
        groups, sizes = np.unique(finer[rows], return_counts=True)
        firm = (sizes >= max(MIN_PART_POINTS, MIN_PART * len(rows))) & (holds[groups] >= EACH_HOLDS)
        if not 2 <= firm.sum() <= MAX_PARTS or sizes[firm].sum() < MIN_COVERED * len(rows):
            continue
        home = _nearest_part(finer[rows], finer_resampled[:, rows], groups, firm)
        for group in groups[firm][1:].tolist():
            parted[rows[home == group]] = int(parted.max()) + 1
        offset = int(again.max()) + 1
        again[:, rows] = np.where(finer_resampled[:, rows] >= 0, finer_resampled[:, rows] + offset, -1)
    return parted, again


def _nearest_part(finer: Ints, resampled: Ints, groups: Ints, firm: NDArray[np.bool_]) -> Ints:
    """(n,) firm group of each point of a community: its own, or the one that most of its small or loose group lies with in the resamples (r, n)."""
    home = finer.copy()
    for group in groups[~firm].tolist():
        inside = finer == group
        together = np.zeros(int(firm.sum()))
        for again in resampled:
            seen = np.bincount(again[inside & (again >= 0)], minlength=int(again.max()) + 1)
            for place, other in enumerate(groups[firm].tolist()):
                theirs = again[(finer == other) & (again >= 0)]
                together[place] += seen[theirs].sum() / max(1, len(theirs))
        home[inside] = groups[firm][int(together.argmax())]
    return home


def _mean_stability(labels: Ints, resampled: Ints) -> float:
    """Mean over points; one left alone, which nothing can part, counts 0."""
    sizes = np.bincount(labels)
    return float(np.average(np.where(sizes > 1, stability(labels, resampled, len(sizes)), 0.0), weights=sizes))


def leiden(graph: sparse.csr_array, resolution: float, seed: int) -> Ints:
    """Community (n,) of each node of a symmetric graph, numbered by first member; a node without edges is one by itself."""
    num_nodes = graph.shape[0]
    if graph.nnz == 0:
        return np.arange(num_nodes, dtype=np.int64)
    graph.sort_indices()
    _, found = leiden_csr(
        graph.indptr.astype(np.int64),
        graph.indices.astype(np.int32),
        graph.data.astype(np.float64),
        num_nodes,
        resolution=resolution,
        seed=seed,
        iterations=ITERATIONS,
    )
    labels = np.arange(num_nodes, dtype=np.int64) + num_nodes
    labels[np.fromiter(found.keys(), dtype=np.int64, count=len(found))] = np.fromiter(found.values(), dtype=np.int64, count=len(found))
    _, first, inverse = np.unique(labels, return_index=True, return_inverse=True)
    rank = np.empty(len(first), dtype=np.int64)
    rank[np.argsort(first)] = np.arange(len(first))
    numbered: Ints = rank[inverse]
    return numbered


def stability(labels: Ints, resampled: Ints, num_groups: int) -> NDArray[np.float64]:
    """(k,) mean over resamples (r, n) of the best Jaccard overlap of each group of `labels` (n,) with a group of the resample."""
    total, seen = np.zeros(num_groups), np.zeros(num_groups)
    for again in resampled:
        rows = again >= 0
        both = np.zeros((num_groups, int(again.max()) + 1))
        np.add.at(both, (labels[rows], again[rows]), 1.0)
        size, size_again = both.sum(axis=1), both.sum(axis=0)
        union = size[:, None] + size_again[None, :] - both
        best = np.divide(both, union, out=np.zeros_like(both), where=union > 0).max(axis=1)
        total += np.where(size > 0, best, 0.0)
        seen += size > 0
    return np.divide(total, seen, out=np.zeros(num_groups), where=seen > 0)
