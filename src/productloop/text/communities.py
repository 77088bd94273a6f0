"""Groups in a graph of neighbours that hold when a fifth of the texts is left out: Leiden communities, agreed on over resamples.

Leiden (Traag, Waltman and van Eck, From Louvain to Leiden, Scientific Reports 9:5233, 2019; modularity with a resolution) depends on the
seed and on each single text. So it runs on 12 resamples of 80 %, and each edge is weighted by the square of how often both ends fell
together (consensus clustering, Lancichinetti and Fortunato, Scientific Reports 2:336, 2012); the last run is on that graph. The resamples
also say how far each group can be relied on (clusterwise stability, Hennig 2007).

Where the finest level holds well in the first half of the choosing resamples, the others are not sought in the second half: the same choice on
BANKING77, on its thirds, on SMP2019 and on simulated messages, for a tenth less time.

Of three levels only the ends are sought in each resample. What lies between is joined from the finer end and sought only where it may be taken:
the same answer on BANKING77, BCubed F1 .830 instead of .828 on simulated messages (seeds 21-25, 101-103).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from graspologic_native import leiden_csr
from numpy.typing import NDArray
from scipy import sparse

from productloop.text.neighbours import nearest_of_part, shared_neighbours, symmetric

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
MAX_SWEEPS = 6
"""Sweeps of single moves after a joining; most sets rest after three."""
MAX_JOINED = 500
"""More communities are not joined but sought anew."""
JOINED_LOSS = 0.05
"""A joined level holds .01 to .05 less than a sought one (four sets), so where that much more would let it be chosen, it is sought."""

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


def find_communities(
    neighbours: Ints, size: int, resolutions: Sequence[float], seed: int, finest: float = math.inf, falling: bool = False
) -> Communities:
    """Communities of the points from their lists (n, m), the first `size` columns of which count (see `neighbours.nearest`).

    Of several `resolutions`, coarse to fine, the finest is taken whose groups hold in the first resamples about as well as those of any
    other: by the mean of `stability` over points. None above `finest` is taken; one above may still part a community. `falling`: see
    `shared_neighbours`.
    """
    num_points = len(neighbours)
    graph = shared_neighbours(neighbours[:, :size], falling)
    random = np.random.default_rng(seed)
    share = 1 if num_points < MANY_POINTS else 2
    num_resamples, num_choosing = NUM_RESAMPLES // share, NUM_CHOOSING // share
    rows = [np.sort(random.choice(num_points, max(1, round(RESAMPLE_SHARE * num_points)), replace=False)) for _ in range(num_resamples)]
    parts = [(number, of, shared_neighbours(nearest_of_part(neighbours, of, size), falling)) for number, of in enumerate(rows)]
    first, later = parts[:num_choosing], parts[num_choosing:]
    num_allowed = max(1, sum(resolution <= finest for resolution in resolutions))
    resolutions = resolutions[: num_allowed + 1]  # one above may part, finer ones have no say
    half = num_choosing // 2
    tried = _resampled(first[:half], resolutions, num_points, seed)
    if num_allowed == len(resolutions) and (num_allowed == 1 or _finest_leads(tried)):
        more = _resampled([*first[half:], *later], resolutions[-1:], num_points, seed)[0]
        runs = np.concatenate([tried[-1], more])
        return Communities(_agreed(graph, runs, resolutions[-1], seed), runs, resolutions[-1])
    tried = np.concatenate([tried, _resampled(first[half:], resolutions, num_points, seed)], axis=1)
    finer: tuple[Ints, Ints] | None = None
    agreed = [_agreed(graph, runs, resolution, seed) for runs, resolution in zip(tried, resolutions, strict=True)]
    held = [_mean_stability(labels, runs) for labels, runs in zip(agreed, tried, strict=True)]
    for level in range(1, len(resolutions) - 1):
        better = [*held[:level], held[level] + JOINED_LOSS, *held[level + 1 :]]
        if level in (_finest_that_holds(better, num_allowed), _finest_that_holds(held, num_allowed)):
            tried[level] = _resampled(first, resolutions[level : level + 1], num_points, seed)[0]
            agreed[level] = _agreed(graph, tried[level], resolutions[level], seed)
            held[level] = _mean_stability(agreed[level], tried[level])
    chosen = _finest_that_holds(held, num_allowed)
    if chosen + 1 < len(resolutions):
        finer = agreed[chosen + 1], tried[chosen + 1]
    resolution = resolutions[chosen]
    runs = np.concatenate([tried[chosen], _resampled(later, (resolution,), num_points, seed)[0]])
    labels = _agreed(graph, runs, resolution, seed)
    if finer is not None:
        labels, runs = _parted(labels, runs[:num_choosing], *finer)
    return Communities(labels, runs, resolution)


def _finest_leads(tried: Ints) -> bool:
    """Whether the finest level holds so well in the first resamples (l, r, n) that it would have to lose half of `AS_STABLE` in the others."""
    held = [_mean_agreement(runs) for runs in tried]
    return held[-1] >= max(held) - AS_STABLE / 2


def _mean_agreement(resampled: Ints) -> float:
    """How well the communities of each resample (r, n) hold in the others, without those they agree on, which take longer to find."""
    held = []
    for place, run in enumerate(resampled):
        rows = np.flatnonzero(run >= 0)
        held.append(_mean_stability(_numbered(run[rows]), np.delete(resampled, place, axis=0)[:, rows]))
    return float(np.mean(held))


def _resampled(parts: Sequence[tuple[int, Ints, sparse.csr_array]], resolutions: Sequence[float], num_points: int, seed: int) -> Ints:
    """(l, r, n) communities at each resolution of each numbered part of the points, given by its rows and graph; -1 for the others."""
    found = np.full((len(resolutions), len(parts), num_points), -1, dtype=np.int64)
    for place, (number, rows, graph) in enumerate(parts):
        for level, labels in enumerate(levels(graph, resolutions, seed + 1 + number)):
            found[level, place, rows] = labels
    return found


def levels(graph: sparse.csr_array, resolutions: Sequence[float], seed: int) -> list[Ints]:
    """Communities (n,) of a graph at each resolution, coarse to fine: the two ends are sought, those between joined from the next finer, which
    takes a quarter of the time.
    """
    labels = leiden(graph, resolutions[-1], seed)
    found = [labels]
    degree = np.asarray(graph.sum(axis=1), dtype=np.float64)
    for resolution in reversed(resolutions[1:-1]):
        joined = join(graph, labels, resolution) if labels.max() < MAX_JOINED else leiden(graph, resolution, seed)
        labels = settle(graph, joined, degree, resolution)
        found.append(labels)
    if len(resolutions) > 1:
        found.append(leiden(graph, resolutions[0], seed))
    return found[::-1]


def _finest_that_holds(held: Sequence[float], num_allowed: int) -> int:
    return max(level for level in range(num_allowed) if held[level] >= max(held[:num_allowed]) - AS_STABLE)


def _agreed(graph: sparse.csr_array, resampled: Ints, resolution: float, seed: int) -> Ints:
    """Communities of the graph whose edges count as often as both ends were together in the resamples."""
    edges = sparse.triu(graph).tocoo()
    both, same = np.zeros(edges.nnz), np.zeros(edges.nnz)
    for labels in resampled:
        first, second = labels[edges.row], labels[edges.col]
        seen = (first >= 0) & (second >= 0)
        both += seen
        same += seen & (first == second)
    agreement = np.divide(same, both, out=np.zeros_like(same), where=both > 0)
    kept = same > 0
    agreed = symmetric(edges.row[kept], edges.col[kept], (edges.data * agreement**2)[kept], len(resampled[0]))
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


def join(graph: sparse.csr_array, labels: Ints, resolution: float) -> Ints:
    """Communities (n,) joined two by two, each time the two that gain most modularity, as long as any do (Clauset, Newman and Moore,
    Finding community structure in very large networks, Physical Review E 70, 2004); then each may change sides.
    """
    num_groups = int(labels.max()) + 1
    cells = np.repeat(labels, np.diff(graph.indptr)) * num_groups + labels[graph.indices]
    weight = np.bincount(cells, weights=graph.data, minlength=num_groups**2).reshape(num_groups, num_groups)
    degree = weight.sum(axis=1)
    gain = weight - resolution * np.outer(degree, degree) / max(float(degree.sum()), 1e-12)
    np.fill_diagonal(gain, -np.inf)
    home = np.arange(num_groups)
    while gain.max() > 0.0:
        stays, goes = divmod(int(gain.argmax()), num_groups)
        gain[stays] += gain[goes]
        gain[:, stays] = gain[stays]
        gain[goes] = gain[:, goes] = gain[stays, stays] = -np.inf
        home[home == goes] = stays
    np.fill_diagonal(weight, 0.0)
    joined: Ints = settle(sparse.csr_array(weight), home, degree, resolution)[labels]
    return joined


def settle(graph: sparse.csr_array, labels: Ints, degree: NDArray[np.float64], resolution: float) -> Ints:
    """Labels (n,), numbered by first member, once nodes moved where modularity gains, one half of them after the other, until none does."""
    halves = graph[0::2], graph[1::2]
    for _ in range(MAX_SWEEPS):
        before = labels
        for first, half in enumerate(halves):
            labels = _moved(half, first, labels, degree, resolution)
        if np.array_equal(before, labels):
            break
    return _numbered(labels)


def _moved(half: sparse.csr_array, first: int, labels: Ints, degree: NDArray[np.float64], resolution: float) -> Ints:
    """Labels (n,) once every second node, from `first` on, whose rows of the graph are `half`, went where modularity gains most."""
    num_groups = int(labels.max()) + 1
    member = sparse.csr_array((np.ones(len(labels)), labels, np.arange(len(labels) + 1)), shape=(len(labels), num_groups))
    ties = half @ member
    turn = np.flatnonzero(np.diff(ties.indptr))
    if len(turn) == 0:
        return labels
    row = np.repeat(np.arange(half.shape[0]), np.diff(ties.indptr))
    node, group = 2 * row + first, ties.indices
    cost = resolution * degree / max(degree.sum(), 1e-12)
    total = np.bincount(labels, weights=degree, minlength=num_groups)
    gain = ties.data - cost[node] * (total[group] - np.where(labels[node] == group, degree[node], 0.0))
    best = np.maximum.reduceat(gain, ties.indptr[turn])
    place = np.repeat(np.arange(len(turn)), np.diff(ties.indptr)[turn])
    where = np.minimum.reduceat(np.where(gain == best[place], group, num_groups), ties.indptr[turn])
    nodes = 2 * turn + first
    stay = np.full(len(turn), 0.0)
    own = labels[node] == group
    stay[place[own]] = ties.data[own]
    stay -= cost[nodes] * (total[labels[nodes]] - degree[nodes])
    moved = labels.copy()
    better = best > stay + 1e-9
    moved[nodes[better]] = where[better]
    return moved


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
    return _numbered(labels)


def _numbered(labels: Ints) -> Ints:
    """Labels (n,) as 0..c-1 by first member."""
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
        num_again = int(again.max()) + 1
        cells = np.bincount(labels[rows] * num_again + again[rows], minlength=num_groups * num_again)
        both = cells.reshape(num_groups, num_again).astype(np.float64)
        size, size_again = both.sum(axis=1), both.sum(axis=0)
        union = size[:, None] + size_again[None, :] - both
        best = np.divide(both, union, out=np.zeros_like(both), where=union > 0).max(axis=1)
        total += np.where(size > 0, best, 0.0)
        seen += size > 0
    return np.divide(total, seen, out=np.zeros(num_groups), where=seen > 0)
