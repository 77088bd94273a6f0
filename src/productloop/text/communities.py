"""Groups in a graph of neighbours that hold when a fifth of the texts is left out: Leiden communities, agreed on over resamples.

Leiden (Traag, Waltman and van Eck, From Louvain to Leiden, Scientific Reports 9:5233, 2019; modularity with a resolution) depends on the
seed and on each single text. So it runs on 20 resamples of 80 %, and each edge is weighted by the square of how often both ends fell
together (consensus clustering, Lancichinetti and Fortunato, Scientific Reports 2:336, 2012); the last run is on that graph. The resamples
also say how far each group can be relied on (clusterwise stability, Hennig 2007).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from graspologic_native import leiden_csr
from numpy.typing import NDArray
from scipy import sparse

from productloop.text.neighbours import nearest_of_part, shared_neighbours

NUM_RESAMPLES, RESAMPLE_SHARE = 20, 0.8
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


def find_communities(neighbours: Ints, size: int, resolution: float, seed: int) -> Communities:
    """Communities of the points from their ordered lists (n, m), m >= `size` of them used, more to stand in for what a resample lacks."""
    num_points = len(neighbours)
    graph = shared_neighbours(neighbours[:, :size])
    edges = graph.tocoo()
    random = np.random.default_rng(seed)
    resampled = np.full((NUM_RESAMPLES, num_points), -1, dtype=np.int64)
    both, same = np.zeros(edges.nnz), np.zeros(edges.nnz)
    for number in range(NUM_RESAMPLES):
        rows = np.sort(random.choice(num_points, max(1, round(RESAMPLE_SHARE * num_points)), replace=False))
        part = shared_neighbours(nearest_of_part(neighbours, rows, size))
        labels = resampled[number]
        labels[rows] = leiden(part, resolution, seed + 1 + number)
        first, second = labels[edges.row], labels[edges.col]
        seen = (first >= 0) & (second >= 0)
        both += seen
        same += seen & (first == second)
    agreement = np.divide(same, both, out=np.zeros_like(same), where=both > 0)
    agreed = sparse.csr_array((edges.data * agreement**2, (edges.row, edges.col)), shape=graph.shape)
    agreed.eliminate_zeros()
    return Communities(leiden(agreed, resolution, seed), resampled)


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
