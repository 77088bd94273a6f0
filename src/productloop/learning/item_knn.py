"""Item-based k nearest neighbours with cosine similarity, k = 50.

Sarwar, Karypis, Konstan and Riedl 2001, "Item-based collaborative filtering recommendation algorithms" (WWW 10), for binary use:
cosine(i, j) = actors of both / sqrt(actors of i x actors of j); a candidate's score is the sum over its neighbours in the history, each
with its weight. k = 50 is that paper's and most later comparisons' plateau; it is not tuned here, so it stays a second baseline.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt
import scipy.sparse as sparse

from productloop.learning.history import Float32, History, latest_per_item
from productloop.learning.next_item import CHUNK_CELLS, Facts, NextItemModel
from productloop.learning.popularity import popularity_of_items


class ItemKnn(NextItemModel):
    """Scores = similarity of each item to what the actor used; popularity where nothing in the history has a neighbour."""

    name: ClassVar[str] = "item-knn"

    def __init__(self, num_neighbours: int = 50) -> None:
        self.num_neighbours = num_neighbours
        self.popularity: npt.NDArray[np.float32] = np.zeros(0, dtype=np.float32)
        self.similarity: sparse.csr_array = _empty()

    def fit(self, inputs: History, outcomes: npt.NDArray[Any] | None, weight: npt.NDArray[Any] | None, seed: int) -> None:
        """Compute the neighbours of each item, a block of items at a time; nothing is random."""
        self.num_items = num_items = inputs.num_items
        self.popularity = popularity_of_items(inputs).astype(np.float32)
        once = latest_per_item(inputs)
        ones = np.ones(len(once.items), dtype=np.float32)
        users_by_items = sparse.csr_array((ones, once.items, once.indptr), shape=(once.num_actors, num_items))
        norms = np.sqrt(np.maximum(self.popularity, 1))
        unit = sparse.csr_array(users_by_items @ sparse.diags_array(1 / norms))
        by_item = sparse.csr_array(unit.T)
        size = max(1, CHUNK_CELLS // max(num_items, 1))
        blocks = [self._neighbours(by_item, unit, start, min(start + size, num_items)) for start in range(0, num_items, size)]
        self.similarity = sparse.csr_array(sparse.vstack(blocks, format="csr").T) if blocks else _empty()
        self.similarity.sort_indices()

    def _neighbours(self, by_item: sparse.csr_array, unit: sparse.csr_array, start: int, stop: int) -> sparse.csr_array:
        """Rows start..stop-1 of the similarity, only each item's nearest neighbours; ties by item code."""
        cosine = np.asarray((by_item[start:stop] @ unit).toarray(), dtype=np.float32)
        cosine[np.arange(stop - start), np.arange(start, stop)] = 0
        nearest = np.argsort(-cosine, axis=1, kind="stable")[:, : self.num_neighbours]
        values = np.take_along_axis(cosine, nearest, axis=1)
        rows = np.repeat(np.arange(stop - start), nearest.shape[1])
        block = sparse.csr_array((values.ravel(), (rows, nearest.ravel())), shape=cosine.shape)
        block.eliminate_zeros()
        return block

    def score(self, inputs: History) -> Float32:
        """Scores (n, num_items); rows without any known neighbour are popularity."""
        known = latest_per_item(inputs.where(inputs.items < self.num_items))
        profile = sparse.csr_array((known.weights, known.items, known.indptr), shape=(known.num_actors, self.num_items))
        scores = np.asarray((profile @ self.similarity).toarray(), dtype=np.float32)
        scores[~(scores > 0).any(axis=1)] = self.popularity
        return scores

    def state(self) -> tuple[Mapping[str, npt.NDArray[Any]], Mapping[str, Any]]:
        """The sparse similarity and the popularity."""
        similarity = self.similarity
        arrays = {"data": similarity.data, "indices": similarity.indices, "indptr": similarity.indptr, "popularity": self.popularity}
        return arrays, {"num_neighbours": self.num_neighbours}

    def restore(self, arrays: Mapping[str, npt.NDArray[Any]], values: Mapping[str, Any]) -> None:
        """Take back what `state` gave."""
        self.num_neighbours = int(values["num_neighbours"])
        self.popularity = arrays["popularity"]
        shape = (self.num_items, self.num_items)
        self.similarity = sparse.csr_array((arrays["data"], arrays["indices"], arrays["indptr"]), shape=shape)

    def facts(self) -> Facts:
        """Sizes and the number of neighbours."""
        return {"num_items": self.num_items, "num_neighbours": self.num_neighbours}


def _empty() -> sparse.csr_array:
    nothing = np.zeros(0, dtype=np.int32)
    return sparse.csr_array((nothing.astype(np.float32), (nothing, nothing)), shape=(0, 0))
