"""`Columns`: tabular input as the models see it, already encoded by the floor above.

Why not a data frame: a model that is served must answer one row in well under a millisecond and must not care which data frame
library (or version) trained it. Codes and names are fixed by the task's signature, so a plain array is enough.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

ColumnKind = Literal["number", "category"]


@dataclass(frozen=True, slots=True)
class Columns:
    """Encoded tabular input.

    values          (n, d) float64; NaN is "missing"; a category column holds codes 0, 1, ...
    names           d names, shown to people by the floor above
    kinds           d times "number" or "category"
    num_categories  d sizes: 0 for a number; codes at or above the size, or negative, count as "never seen"
    """

    values: NDArray[np.float64]
    names: tuple[str, ...]
    kinds: tuple[ColumnKind, ...]
    num_categories: tuple[int, ...]

    def __post_init__(self) -> None:
        assert self.values.ndim == 2, f"values must be (rows, columns), got shape {self.values.shape}"
        assert self.values.dtype == np.float64, f"values must be float64, got {self.values.dtype}"
        assert not np.isinf(self.values).any(), "values must be finite or NaN"
        width = self.values.shape[1]
        assert len(self.names) == len(self.kinds) == len(self.num_categories) == width, f"{width} columns need names, kinds and sizes"

    def __len__(self) -> int:
        return int(self.values.shape[0])

    def take(self, rows: NDArray[Any]) -> Columns:
        """The rows with these positions (or where this mask is true), in that order."""
        return Columns(self.values[rows], self.names, self.kinds, self.num_categories)

    def canonical_order(self, outcomes: NDArray[Any], weight: NDArray[np.float64]) -> NDArray[np.intp]:
        """(n,) positions that sort the rows by their content.

        A model that sorts its rows first gives the same result whatever order they came in, also where it cuts folds inside.
        """
        keys = (weight, outcomes, *self.values.T[::-1])  # lexsort: the last key is the first to count
        return np.lexsort(keys)

    @property
    def is_category(self) -> NDArray[np.bool_]:
        """(d,) which columns hold category codes."""
        return _category_mask(self.kinds)

    def describe(self) -> dict[str, Any]:
        """Names, kinds and sizes, ready for JSON; a saved model keeps them to refuse other columns."""
        return {"names": list(self.names), "kinds": list(self.kinds), "num_categories": list(self.num_categories)}


@lru_cache(maxsize=64)
def _category_mask(kinds: tuple[ColumnKind, ...]) -> NDArray[np.bool_]:
    """Asked several times for every row that is served; shared, so it must not be written to."""
    mask = np.array([kind == "category" for kind in kinds], dtype=bool)
    mask.flags.writeable = False
    return mask


def number_columns(values: NDArray[Any], prefix: str = "x") -> Columns:
    """Columns of plain numbers, e.g. text vectors (n, d); names are `prefix` plus the position."""
    width = values.shape[1]
    names = tuple(f"{prefix}{position}" for position in range(width))
    return Columns(np.asarray(values, dtype=np.float64), names, ("number",) * width, (0,) * width)
