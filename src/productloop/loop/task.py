"""Task: the question a model answers. The stages (train, evaluate, release, serve, monitor) are written once for all tasks.

    keys(store, as_of)          which subjects, at which moments
    inputs(store, keys)         columns known before each moment; the same function serves training and serving
    outcomes(store, keys, as_of)  what happened; what is not yet known is masked, never negative
    recipes                     the first is the baseline

Tasks are instances of templates, written in productloop.toml: [tasks.churn] template = "risk.outcome", outcome = "Churn=Yes".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from productloop.foundation.wording import Text
from productloop.learning.model import Model, Recipe
from productloop.loop.records import Keys, Outcomes, Release, RowExplainer, Signature
from productloop.loop.store import Store

Kind = Literal["classes", "number", "ranking"]
"""Which class, how many times or how long, or which items."""


@dataclass(frozen=True, slots=True)
class Task:
    """One question with everything the stages need. `inputs` returns what the recipes of the task take, with `len` = number of keys."""

    name: str
    template: str
    kind: Kind
    title: Text
    keys: Callable[[Store, int | None], Keys]
    inputs: Callable[[Store, Keys, Signature | None], tuple[Any, Signature]]
    outcomes: Callable[[Store, Keys, int | None], Outcomes]
    recipes: tuple[Recipe, ...]
    metric: str
    reads: tuple[str, ...]
    classes: tuple[str, ...] = ()
    dated: bool = True
    """False: rows carry no dates, the split is stratified and the Card says so."""
    guards: Callable[[Any, Signature, Outcomes], list[str]] | None = None
    """Warnings (keys of sentences) such as a leak."""
    min_rows: int = 30
    """Fewer labelled rows than this: no model, and the report says how many would do."""
    row_input: Callable[[Store, Mapping[str, Any], Signature], Any] | None = None
    """Inputs of one row given by a caller of the API instead of by the store."""
    explainer: Callable[[Task, Store, Release, Model, int], RowExplainer | None] | None = None
    """Prepares reasons in words for the rows that a live release is asked about one by one, with what is known at a moment (microseconds
    UTC): slow, once; None where that release gives no reasons."""
    options: Mapping[str, Any] | None = None
    answered: bool = False
    """Outcomes are answers of people, who may change or withdraw them. A release that learned such an answer is not what they say any more: the
    next training does not have to be better than it."""
    min_new: int | None = None
    """Newly labelled rows that the gate needs; None: as the settings say."""
    judges: Callable[[Keys], NDArray[np.bool_]] | None = None
    """(n,) keys that may judge a model; None: all. Rows picked because they are hard may teach, but say nothing about quality."""
    counted: tuple[int, ...] = ()
    """Codes of the classes that count as having it; (): the last one. Scores and marks are of all of them together."""
    alone_error: float | None = None
    """The Card says how many rows the model can decide alone so that at most this share of all is wrong (learning/conformal.py)."""

    @property
    def counted_codes(self) -> tuple[int, ...]:
        """Codes of the classes that count as having it."""
        return self.counted or (max(len(self.classes), 2) - 1,)


@dataclass(frozen=True, slots=True)
class TaskTemplate:
    """Makes tasks. `make(name, options, store)` raises UsageError for options it does not know; `suggest(store)` gives the options of a
    task that the workspace's data allow without being asked, or None; `suggest_all` the same for a template of several tasks.
    """

    name: str
    title: Text
    make: Callable[[str, Mapping[str, Any], Store], Task]
    options: tuple[str, ...]
    suggest: Callable[[Store], tuple[str, Mapping[str, Any]] | None] | None = None
    suggest_all: Callable[[Store], Sequence[tuple[str, Mapping[str, Any]]]] | None = None
