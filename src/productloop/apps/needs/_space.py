"""One space for two languages: where a topic lies, and which topic a new point is nearest to, in milliseconds and without moving any.

The encoder puts Chinese and English into one space, yet each keeps a corner of it. So a topic is kept as the mean vector of its points in
each language with their number; the mean of a language over all topics is what its vectors are measured from. Both follow from the
ledger alone, so placing a new text needs no old one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from productloop.text.encoders import normalise_rows

Vectors = NDArray[np.float32]
Ints = NDArray[np.int64]
Means = Mapping[str, tuple[int, Vectors]]
"""Side ("zh", "en") -> (number of points, their mean vector (d,))."""

SIDES = ("zh", "en")
MIN_POINTS = 50
"""Fewer points of a language have no mean worth measuring from; they are measured from the mean of all."""
REACH_QUANTILE = 0.05
"""A point nearer to a topic than this share of its members are belongs to it; farther from every topic, it is a stray."""
SAME_MATTER = 0.25
"""Mean cosine from which two groups are one matter in other words. On a simulated startup (seed 11) parts of one need lay at .3 to .7,
parts of two needs at -.1 to .2."""
_BLOCK = 4096


@dataclass(frozen=True, slots=True)
class Space:
    """k topics in d dimensions."""

    centres: Mapping[str, Vectors]
    """Side -> what its vectors are measured from, (d,)."""
    centroids: Vectors
    """(k, d), length 1."""

    def moved(self, vectors: Vectors, sides: Sequence[str]) -> Vectors:
        """Vectors (n, d) measured from their language's centre, length 1."""
        side = np.array(sides, dtype=str)
        shifted = vectors.astype(np.float32, copy=True)
        for name, centre in self.centres.items():
            shifted[side == name] -= centre
        return normalise_rows(shifted)

    def nearest(self, vectors: Vectors, sides: Sequence[str]) -> tuple[Ints, NDArray[np.float32]]:
        """(topic (n,), cosine (n,)) of the nearest topic; -1 and -1 where there is none."""
        if len(self.centroids) == 0 or len(vectors) == 0:
            return np.full(len(vectors), -1, dtype=np.int64), np.full(len(vectors), -1.0, dtype=np.float32)
        moved = self.moved(vectors, sides)
        topic = np.empty(len(vectors), dtype=np.int64)
        cosine = np.empty(len(vectors), dtype=np.float32)
        for start in range(0, len(vectors), _BLOCK):
            similarity = moved[start : start + _BLOCK] @ self.centroids.T
            best = similarity.argmax(axis=1)
            topic[start : start + _BLOCK] = best
            cosine[start : start + _BLOCK] = similarity[np.arange(len(best)), best]
        return topic, cosine


def topic_means(vectors: Vectors, sides: Sequence[str], labels: Ints, num_topics: int) -> list[dict[str, tuple[int, Vectors]]]:
    """What is kept of each topic."""
    side = np.array(sides, dtype=str)
    found: list[dict[str, tuple[int, Vectors]]] = [{} for _ in range(num_topics)]
    for name in SIDES:
        rows = np.flatnonzero((side == name) & (labels >= 0))
        counts = np.bincount(labels[rows], minlength=num_topics)
        order = rows[np.argsort(labels[rows], kind="stable")]
        for topic, members in enumerate(np.split(order, np.cumsum(counts)[:-1]) if num_topics else []):
            if len(members):
                found[topic][name] = (len(members), vectors[members].mean(axis=0, dtype=np.float64).astype(np.float32))
    return found


def combine(parts: Sequence[Means]) -> dict[str, tuple[int, Vectors]]:
    """What is kept of a topic that is made of several: exact, without their points."""
    found: dict[str, tuple[int, Vectors]] = {}
    for name in SIDES:
        its = [part[name] for part in parts if name in part]
        number = sum(size for size, _ in its)
        if number:
            mean = sum(size * vector.astype(np.float64) for size, vector in its) / number
            found[name] = (number, np.asarray(mean, dtype=np.float32))
    return found


def without(whole: Means, part: Means) -> dict[str, tuple[int, Vectors]]:
    """What is left of a topic when some of its points go; exact up to rounding, without the points that stay."""
    left: dict[str, tuple[int, Vectors]] = {}
    for name, (number, mean) in whole.items():
        gone, its = part.get(name, (0, mean))
        if number > gone:
            total = number * mean.astype(np.float64) - gone * its.astype(np.float64)
            left[name] = (number - gone, np.asarray(total / (number - gone), dtype=np.float32))
    return left


def space_of(means: Sequence[Means], dimension: int) -> Space:
    """The space of topics kept as `means`."""
    sums = {name: np.zeros(dimension) for name in SIDES}
    numbers = dict.fromkeys(SIDES, 0)
    for topic in means:
        for name, (number, mean) in topic.items():
            sums[name] += number * mean.astype(np.float64)
            numbers[name] += number
    total = max(1, sum(numbers.values()))
    overall = sum(sums.values()) / total
    many = total >= MIN_POINTS
    centres = {
        name: np.asarray(sums[name] / numbers[name] if numbers[name] >= MIN_POINTS else overall * many, dtype=np.float32) for name in SIDES
    }
    centroids = np.zeros((len(means), dimension), dtype=np.float32)
    for row, topic in enumerate(means):
        for name, (number, mean) in topic.items():
            centroids[row] += number * (mean - centres[name])
    return Space(centres, normalise_rows(centroids))


def reach(space: Space, vectors: Vectors, sides: Sequence[str], labels: Ints) -> list[float]:
    """How far each topic reaches: the cosine that all but REACH_QUANTILE of its points have with its centroid."""
    moved = space.moved(vectors, sides)
    known = np.flatnonzero(labels >= 0)
    cosine = np.einsum("ij,ij->i", moved[known], space.centroids[labels[known]])
    limits = [1.0] * len(space.centroids)
    order = known[np.argsort(labels[known], kind="stable")]
    fit = np.zeros(len(labels), dtype=np.float32)
    fit[known] = cosine
    counts = np.bincount(labels[known], minlength=len(space.centroids))
    for topic, members in enumerate(np.split(order, np.cumsum(counts)[:-1]) if len(limits) else []):
        if len(members):
            limits[topic] = float(np.quantile(fit[members], REACH_QUANTILE))
    return limits


def matters(centroids: Vectors) -> Ints:
    """(k,) number of the matter that each group (k, d; lengths 1, in a ledger's space) is about: average linkage (Sokal and Michener 1958)."""
    if len(centroids) < 2:
        return np.zeros(len(centroids), dtype=np.int64)
    from scipy.cluster.hierarchy import fcluster, linkage

    tree = np.clip(linkage(centroids.astype(np.float64), "average", metric="cosine"), 0.0, None)
    return np.asarray(fcluster(tree, 1.0 - SAME_MATTER, "distance"), dtype=np.int64)


def levels(space: Space) -> tuple[Ints, Ints]:
    """(middle, coarse) group of each topic: average linkage of the centroids (Sokal and Michener 1958), about a third and a tenth as many."""
    size = len(space.centroids)
    if size < 4:
        return np.arange(size), np.zeros(size, dtype=np.int64)
    from scipy.cluster.hierarchy import fcluster, linkage

    tree = np.clip(linkage(space.centroids.astype(np.float64), "average", metric="cosine"), 0.0, None)
    cuts = [np.asarray(fcluster(tree, max(2, round(size / part)), "maxclust"), dtype=np.int64) - 1 for part in (3, 10)]
    return cuts[0], cuts[1]
