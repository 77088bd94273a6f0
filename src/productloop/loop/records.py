"""The records that the stages of the loop hand each other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from productloop.foundation.figures import Figure
from productloop.foundation.wording import Say
from productloop.learning.columns import ColumnKind

Codes = NDArray[np.int32]
Times = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Keys:
    """Which subjects, at which moments.

    `code` (n,) actor codes or row numbers, `at` (n,) microseconds UTC (0 = no date), `ids` (n,) as the source writes them.
    """

    code: Codes
    at: Times
    ids: NDArray[np.object_]

    def __len__(self) -> int:
        return len(self.code)

    def take(self, rows: NDArray[np.intp] | NDArray[np.bool_]) -> Keys:
        """The same keys, only `rows`."""
        return Keys(self.code[rows], self.at[rows], self.ids[rows])


@dataclass(frozen=True, slots=True)
class Outcomes:
    """What happened, when it was known, how much it counts. What is not yet known is masked, never taken as "no" or 0.

    `value` by the task's kind: (n,) class codes, -1 where not known; (n,) numbers, NaN where not known; for remaining time (n, 2) days and
    1 where it happened then, 0 where it had not happened until then (NaN days where nothing is known).
    """

    value: NDArray[Any]
    known_at: Times
    weight: NDArray[np.float64]

    @property
    def known(self) -> NDArray[np.bool_]:
        """(n,) True where the outcome is known."""
        first = self.value if self.value.ndim == 1 else self.value[:, 0]
        return np.asarray(~np.isnan(first) if first.dtype.kind == "f" else first >= 0)


class InputColumn(BaseModel):
    """One input of a model as it was at training."""

    model_config = ConfigDict(frozen=True)

    name: str
    kind: Literal["number", "category", "text", "history"]
    unit: str | None = None
    categories: tuple[str, ...] = ()
    """Known categories; anything else becomes "other" (code = number of categories)."""
    required: bool = False

    @cached_property
    def codes(self) -> dict[str, int]:
        """Category -> its code."""
        return {category: code for code, category in enumerate(self.categories)}


class Signature(BaseModel):
    """Names, kinds, units, categories and encoder of a model's inputs, and the names of its classes."""

    model_config = ConfigDict(frozen=True)

    columns: tuple[InputColumn, ...]
    classes: tuple[str, ...] = ()
    encoder: str | None = None

    @cached_property
    def is_plain(self) -> bool:
        """Whether each input is a cell of a row as it is, not a part of a date."""
        return not any(column.unit for column in self.columns)

    @cached_property
    def layout(self) -> tuple[tuple[str, ...], tuple[ColumnKind, ...], tuple[int, ...]]:
        """Names, kinds and numbers of categories of the columns, as a model takes them."""
        return (
            tuple(column.name for column in self.columns),
            tuple("category" if column.kind == "category" else "number" for column in self.columns),
            tuple(len(column.categories) if column.kind == "category" else 0 for column in self.columns),
        )


class Card(BaseModel):
    """What is known about one trained model: data, split, recipes compared, quality with interval and baseline, warnings."""

    model_config = ConfigDict(frozen=True)

    release: str
    task: str
    template: str
    recipe: str
    key: str
    as_of: int
    versions: dict[str, int]
    package_version: str
    num_rows: int
    num_labelled: int
    split: Literal["by time", "stratified", "last item"]
    metric: str
    higher_is_better: bool
    quality: Figure
    baseline: Figure
    figures: dict[str, Figure] = {}
    compared: dict[str, float] = {}
    """Metric per recipe inside training."""
    slices: dict[str, Figure] = {}
    warnings: tuple[str, ...] = ()
    """Keys of sentences."""
    seed: int
    beats_baseline: bool
    trained_until: int
    calibration: tuple[tuple[float, float, int], ...] = ()
    """(mean predicted, observed share, n) per bin of the held-out predictions."""
    reproducible: bool = True


class Release(BaseModel):
    """A model that can be served: where it lies, its signature, its card, the hashes of its files."""

    model_config = ConfigDict(frozen=True)

    id: str
    task: str
    recipe: str
    signature: Signature
    card: Card
    hashes: dict[str, str]
    bins: tuple[dict[str, Any], ...] = ()
    """Bins of tabular inputs at training, for drift (see learning/drift.py)."""


@dataclass(frozen=True, slots=True)
class Examples:
    """Keys with their inputs and outcomes, ready for a recipe. `inputs` is what the task's recipes take."""

    keys: Keys
    inputs: Any
    outcomes: Outcomes
    signature: Signature


@dataclass(frozen=True, slots=True)
class Judged:
    """What a release's recipe said about rows that it had not seen: the predictions behind the Card's measures.

    `rows` (n,) hashes of subject and moment (`row_hashes`), `outcomes` (n,) class codes, `probabilities` (n, classes).
    """

    rows: NDArray[np.uint64]
    outcomes: NDArray[np.int64]
    probabilities: NDArray[np.float64]


class Prediction(BaseModel):
    """One answer of a live model."""

    model_config = ConfigDict(frozen=True)

    id: str
    task: str
    release: str
    subject: str
    value: Any
    latency_ms: float
    at: int


@dataclass(frozen=True, slots=True)
class RowReason:
    """One reason of one online answer, in words.

    `raises`: it pushes the score up (of a number: more, of a remaining time: sooner); `changeable`: anybody could change it;
    `push`: its share of all that pushes this row's score up or down, -1 to 1, above 0 where it raises it.
    """

    text: Say
    raises: bool
    changeable: bool
    push: float


RowExplainer = Callable[[Any, int], tuple[RowReason, ...]]
"""(inputs of one row, how many reasons at most) -> the strongest reasons, strongest first."""
