"""Which points stand at the edge of a topic, so that they say little about whoever wrote them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from productloop.apps.needs._study import Study

Flags = NDArray[np.bool_]

EDGE_INSIDE, EDGE_OUTSIDE = 0.10, 0.15
"""A point of a topic is sure when its cosine is this much nearer to it than to any other; one elsewhere may belong here when it is this
much nearer to its own at most. Chosen on the simulated seeds 100-119: the planted need is named in 17 instead of 14 without it."""


def edges(study: Study) -> Flags:
    """(p, k) whether a point stands at the edge of a topic, inside it or out."""
    assert study.ledger is not None
    space = study.ledger.space(study.vectors.shape[1])
    cosine = space.moved(study.vectors, study.points.sides) @ space.centroids.T
    inside = study.ledger.labels[:, None] == np.arange(cosine.shape[1])
    if cosine.shape[1] < 2:
        return np.zeros(inside.shape, dtype=bool)
    ordered = np.sort(cosine, axis=1)
    best, second = ordered[:, [-1]], ordered[:, [-2]]
    rival = np.where(cosine == best, second, best)
    return np.asarray(np.where(inside, cosine - rival < EDGE_INSIDE, cosine >= best - EDGE_OUTSIDE))
