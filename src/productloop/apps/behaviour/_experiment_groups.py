"""Who was in which variant of an experiment, and since when: from the table `assignments`, from an exposure event, or from a column of `actors`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from productloop.apps.behaviour import experiment_wording as wording
from productloop.apps.behaviour._leaks_winnable import LIST_NAME
from productloop.apps.behaviour._person_values import as_numbers, column_values, person_columns
from productloop.apps.behaviour._reading import Reading
from productloop.apps.behaviour.experiment_types import ExperimentRequest
from productloop.foundation.errors import UsageError, excerpt
from productloop.foundation.tables import fold_header
from productloop.loop.action import Run

VARIANT_WORDS = (
    "variant",
    "group",
    "arm",
    "bucket",
    "version",
    "experiment",
    "abtest",
    "testgroup",
    "cohort",
    "分组",
    "实验组",
    "组别",
    "版本",
)
CONTROL_WORDS = ("control", "holdout", "baseline", "old", "a", "off", "0", "default", "original", "对照组", "对照", "原版")
MAX_VARIANTS = 8
MIN_GUESSED_SHARE = 0.02
"""A guessed column of variants has no value with fewer people than this share: such a column is something else."""


@dataclass(frozen=True, slots=True)
class Assigned:
    """(n,) people by code, sorted: which variant (place in `names`, the control first) and since when (None: no dates)."""

    names: tuple[str, ...]
    actor: NDArray[np.int64]
    variant: NDArray[np.int64]
    start: NDArray[np.int64] | None
    weights: tuple[float, ...]
    num_crossed: int
    experiment: str | None = None
    guessed: str | None = None


def find_groups(run: Run, source: Reading, request: ExperimentRequest) -> Assigned | None:
    """The groups; None where the workspace holds no experiment. Raises UsageError for a name that is not there."""
    if request.exposure is not None:
        found = _of_exposure(source, request)
        return _assigned(request, found, None, None)
    if request.variant is None and (run.store.exists("assignments") or request.experiment is not None):
        name = _experiment(run, request)
        if name is not None:
            return _of_table(run, source, request, name)
    column = request.variant or _guessed_column(run)
    if column is None:
        return None
    if column not in person_columns(run):
        raise UsageError(wording.VARIANT_UNKNOWN, name=excerpt(column), known=", ".join(person_columns(run)) or "-")
    actor, names = column_values(run, column)
    known = np.array([name is not None and str(name).strip() != "" for name in names], dtype=np.bool_)
    rows = (actor[known], names[known], None)
    return _assigned(request, rows, None, None if request.variant is not None else column)


Rows = tuple[NDArray[np.int64], NDArray[Any], NDArray[np.int64] | None]


def _of_exposure(source: Reading, request: ExperimentRequest) -> Rows:
    if request.variant is None:
        raise UsageError(wording.NO_VARIANT_COLUMN, event=excerpt(request.exposure or ""))
    source.checked([request.exposure or ""])
    split = source.split(request.variant)
    since, until = source.range_us
    found = source.columns(
        f"""
        SELECT actor, value AS variant, min(time) AS time FROM (SELECT actor, time, {split.sql} AS value FROM events WHERE name = ?)
        WHERE value IS NOT NULL AND time >= ? AND time < ? GROUP BY actor, value ORDER BY actor, time, value
        """,
        [request.exposure, since, until],
    )
    return found["actor"].astype(np.int64), found["variant"], found["time"].astype(np.int64)


def _experiment(run: Run, request: ExperimentRequest) -> str | None:
    names = [
        str(row[0]) for row in run.store.rows("SELECT experiment FROM assignments GROUP BY experiment ORDER BY count(*) DESC, experiment")
    ]
    if request.experiment is not None and request.experiment not in names:
        raise UsageError(wording.EXPERIMENT_UNKNOWN, name=excerpt(request.experiment), known=", ".join(names) or "-")
    if request.experiment is not None:
        return request.experiment
    run_by_people = [name for name in names if not name.startswith(LIST_NAME)]  # a list of `leaks` is judged there
    if len(run_by_people) > 1:
        raise UsageError(wording.WHICH_EXPERIMENT, num=len(run_by_people), known=", ".join(run_by_people[:12]))
    return run_by_people[0] if run_by_people else None


def _of_table(run: Run, source: Reading, request: ExperimentRequest, name: str) -> Assigned:
    since, until = source.range_us
    found = run.store.columns(
        "SELECT actor, variant, min(time) AS time, avg(propensity) AS propensity FROM assignments "
        "WHERE experiment = ? AND variant IS NOT NULL AND time >= ? AND time < ? GROUP BY actor, variant ORDER BY actor, time, variant",
        [name, since, until],
    )
    rows = (found["actor"].astype(np.int64), found["variant"], found["time"].astype(np.int64))
    chances = {
        str(one): float(np.nanmean(found["propensity"][found["variant"] == one]))
        for one in np.unique(found["variant"].astype(str))
        if np.isfinite(found["propensity"][found["variant"] == one].astype(np.float64)).any()
    }
    return _assigned(request, rows, name, None, chances)


def _guessed_column(run: Run) -> str | None:
    """A column of actors that is called like a variant and holds a few values of some size."""
    for word in VARIANT_WORDS:
        for column in person_columns(run)[3:]:
            if fold_header(column) != word and not fold_header(column).endswith(word):
                continue
            names, counts = np.unique([str(one) for one in column_values(run, column)[1] if one is not None], return_counts=True)
            if 2 <= len(names) <= MAX_VARIANTS and counts.min() >= MIN_GUESSED_SHARE * counts.sum():
                return column
    return None


def _assigned(
    request: ExperimentRequest, rows: Rows, experiment: str | None, guessed: str | None, chances: dict[str, float] | None = None
) -> Assigned:
    actor, value, start = rows
    value = value.astype(str)
    first = np.r_[True, actor[1:] != actor[:-1]] if len(actor) else np.zeros(0, dtype=np.bool_)
    crossed = np.unique(actor[~first])
    keep = first & ~np.isin(actor, crossed)
    names = np.unique(value[keep])
    if len(names) > MAX_VARIANTS:
        raise UsageError(wording.TOO_MANY_VARIANTS, num=len(names), most=MAX_VARIANTS)
    ordered = _control_first([str(name) for name in names], request)
    place = {name: number for number, name in enumerate(ordered)}
    variant = np.array([place[name] for name in value[keep]], dtype=np.int64)
    return Assigned(
        tuple(ordered),
        actor[keep],
        variant,
        None if start is None else start[keep],
        _weights(request, ordered, chances or {}),
        len(crossed),
        experiment,
        guessed,
    )


def _control_first(names: list[str], request: ExperimentRequest) -> list[str]:
    if request.control is not None:
        if request.control not in names:
            raise UsageError(wording.CONTROL_UNKNOWN, name=excerpt(request.control), known=", ".join(names) or "-")
        return [request.control, *(name for name in names if name != request.control)]
    control = next((name for word in CONTROL_WORDS for name in names if name.strip().lower() == word), None)
    return names if control is None else [control, *(name for name in names if name != control)]


def _weights(request: ExperimentRequest, names: list[str], chances: dict[str, float]) -> tuple[float, ...]:
    """The shares people were meant to be split by: as asked, else the recorded propensities, else even."""
    if request.split:
        written = [part.rpartition("=") for part in request.split]
        given = as_numbers(np.array([number.strip().rstrip("%") for _, _, number in written], dtype=object))
        shares = {} if given is None else {name.strip(): float(number) for (name, _, _), number in zip(written, given, strict=True)}
        if sorted(shares) != sorted(names) or not all(share > 0 for share in shares.values()):
            raise UsageError(wording.SPLIT_UNREADABLE, given=excerpt(",".join(request.split)), known=", ".join(names) or "-")
        return tuple(shares[name] for name in names)
    if len(chances) == len(names) and all(chance > 0 for chance in chances.values()):
        return tuple(chances[name] for name in names)
    return (1.0,) * len(names)
