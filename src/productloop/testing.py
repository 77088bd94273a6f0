"""Contract batteries, exported: whoever adds a model recipe runs the same checks as the built-in ones.

    from productloop.testing import check_recipe
    def test_my_recipe() -> None:
        assert check_recipe(MY_RECIPE) == RECIPE_CHECKS

`check_task` does the same for a task over a workspace's store. A failed check raises AssertionError and says what was expected; both
return the names of the checks that were made, so that a test sees what did not apply and was left out.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from productloop.learning.columns import Columns
from productloop.learning.constant import ConstantModel
from productloop.learning.metrics import log_losses
from productloop.learning.model import Explained, Model, Recipe
from productloop.learning.resampling import mean_interval

if TYPE_CHECKING:
    from productloop.loop.records import Keys
    from productloop.loop.store import Store
    from productloop.loop.task import Task

Floats = NDArray[np.float64]

NUM_ROWS = 240
SAME = 1e-6
"""How far a probability may move when only the order of the rows changes."""
RECIPE_CHECKS = ("probabilities", "repeatable", "saved", "odd rows", "odd training", "signal")
"""What is asked of every recipe; one that explains itself is asked for "contributions", too."""
TASK_CHECKS = ("keys", "inputs", "alone")
"""What is asked of every task; "past" where rows have dates, "classes" of tasks with classes, "masked" where both are so."""
PICKLE_SUFFIXES = frozenset({".pkl", ".pickle", ".joblib", ".dill", ".pt", ".pth"})


def check_recipe(recipe: Recipe, is_baseline: bool = False) -> tuple[str, ...]:
    """Run the battery of recipes for classes on tables; the names of the checks made. `is_baseline`: need not beat the base rate.

    Same seed same model; saved and loaded the same; order of rows does not matter; odd data (one class, one row, three classes, a
    column that is empty or constant, a code never seen) gives probabilities; beats the base rate on a planted signal and does not on
    shuffled outcomes; contributions, if offered, rank rows as the probabilities do.
    """
    assert recipe.kind == "classes", f"{recipe.name}: this battery is for classes, not for {recipe.kind}"
    inputs, outcomes = planted(NUM_ROWS, seed=1)
    model = _fitted(recipe, inputs, outcomes)
    before = _probabilities(recipe, model, inputs, 2)
    _check_repeatable(recipe, inputs, outcomes, before)
    _check_saved(recipe, model, inputs, before)
    _check_odd_rows(recipe, model, inputs)
    _check_odd_training(recipe, inputs, outcomes)
    _check_signal(recipe, model, is_baseline)
    if not isinstance(model, Explained):
        return RECIPE_CHECKS
    _check_contributions(recipe, model, inputs, before)
    return (*RECIPE_CHECKS, "contributions")


def planted(num_rows: int, seed: int) -> tuple[Columns, NDArray[np.intp]]:
    """Rows whose outcome depends on a number and a category; the other columns are noise, gaps and a constant."""
    generator = np.random.default_rng(seed)
    numbers = generator.normal(size=(num_rows, 3))
    category = generator.integers(0, 3, num_rows).astype(np.float64)
    chance = 1.0 / (1.0 + np.exp(-(2.0 * numbers[:, 0] + np.array([-1.5, 0.0, 1.5])[category.astype(int)])))
    outcomes = (generator.random(num_rows) < chance).astype(np.intp)
    numbers[generator.random(num_rows) < 0.2, 1] = np.nan
    numbers[:, 2] = 7.0
    category[:5] = np.nan
    values = np.column_stack([numbers, category, generator.integers(0, 4, num_rows)])
    names = ("signal", "gaps", "constant", "kind", "noise")
    return Columns(values, names, ("number", "number", "number", "category", "category"), (0, 0, 0, 3, 5)), outcomes


def _fitted(recipe: Recipe, inputs: Columns, outcomes: NDArray[Any]) -> Model:
    model = recipe.make()
    model.fit(inputs, outcomes, None, 7)
    return model


def _probabilities(recipe: Recipe, model: Model, inputs: Columns, num_classes: int) -> Floats:
    predicted = model.predict(inputs)
    assert predicted.shape == (len(inputs), num_classes), f"{recipe.name}: {predicted.shape}, expected {(len(inputs), num_classes)}"
    assert np.isfinite(predicted).all(), f"{recipe.name}: every probability must be a finite number"
    assert (predicted >= 0).all(), f"{recipe.name}: no probability may be negative"
    assert np.allclose(predicted.sum(axis=1), 1.0, atol=1e-9), f"{recipe.name}: the probabilities of a row must sum to 1"
    return predicted


def _check_repeatable(recipe: Recipe, inputs: Columns, outcomes: NDArray[Any], before: Floats) -> None:
    again = _probabilities(recipe, _fitted(recipe, inputs, outcomes), inputs, 2)
    assert np.array_equal(before, again), f"{recipe.name}: the same rows and seed must give the same model"
    order = np.random.default_rng(3).permutation(len(inputs))
    moved = _probabilities(recipe, _fitted(recipe, inputs.take(order), outcomes[order]), inputs, 2)
    assert np.allclose(before, moved, atol=SAME), f"{recipe.name}: the order of the training rows must not matter"


def _check_saved(recipe: Recipe, model: Model, inputs: Columns, before: Floats) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        model.save(folder)
        files = [path for path in folder.rglob("*") if path.is_file()]
        assert files, f"{recipe.name}: save must write files"
        pickles = [path.name for path in files if path.suffix in PICKLE_SUFFIXES or path.read_bytes()[:1] == b"\x80"]
        assert not pickles, f"{recipe.name}: no pickle may be written, found {pickles}"
        loaded = recipe.load(folder)
        assert np.array_equal(before, loaded.predict(inputs)), f"{recipe.name}: a loaded model must predict the same"


def _check_odd_rows(recipe: Recipe, model: Model, inputs: Columns) -> None:
    """Rows to predict: none, one by one as in a batch, all missing, a code never seen."""
    _probabilities(recipe, model, inputs.take(np.arange(0)), 2)
    batch = model.predict(inputs.take(np.arange(5)))
    single = np.concatenate([model.predict(inputs.take(np.array([row]))) for row in range(5)])
    assert np.allclose(batch, single, atol=1e-12), f"{recipe.name}: a row alone must be predicted as in a batch"
    odd = inputs.take(np.arange(4)).values.copy()
    odd[0] = np.nan
    odd[1, 3:] = 99.0
    odd[2, 3:] = -1.0
    odd[3, 4] = 4.0  # within the sizes, but never in the training rows
    _probabilities(recipe, model, Columns(odd, inputs.names, inputs.kinds, inputs.num_categories), 2)


def _check_odd_training(recipe: Recipe, inputs: Columns, outcomes: NDArray[Any]) -> None:
    """Training rows: one class, one row, two rows, three classes, a column that is missing everywhere."""
    for label in (0, 1):
        predicted = _probabilities(recipe, _fitted(recipe, inputs, np.full(len(inputs), label)), inputs, 2)
        assert (predicted[:, label] > 0.9).all(), f"{recipe.name}: rows that all say {label} must predict {label}"
        assert (predicted[:, label] < 1.0).all(), f"{recipe.name}: a class not seen yet is not impossible"
    _probabilities(recipe, _fitted(recipe, inputs.take(np.arange(1)), np.array([1])), inputs, 2)
    _probabilities(recipe, _fitted(recipe, inputs.take(np.arange(2)), np.array([0, 1])), inputs, 2)
    few = inputs.take(np.arange(60))
    _probabilities(recipe, _fitted(recipe, few, np.arange(60) % 3), few, 3)
    _probabilities(recipe, _fitted(recipe, few, np.arange(60) % 2 * 2), few, 3)  # the middle class never happened
    values = few.values.copy()
    values[:, 1] = np.nan
    values[:, 4] = np.nan
    empty = Columns(values, few.names, few.kinds, few.num_categories)
    _probabilities(recipe, _fitted(recipe, empty, outcomes[:60]), few, 2)


def _check_signal(recipe: Recipe, model: Model, is_baseline: bool) -> None:
    """Against the base rate on fresh rows: a gain on the planted signal, none on shuffled outcomes."""
    train, truth = planted(NUM_ROWS, seed=1)
    test, happened = planted(2 * NUM_ROWS, seed=2)
    baseline = ConstantModel()
    baseline.fit(train, truth, None, 0)
    base_losses = log_losses(happened, baseline.predict(test))
    gain = mean_interval(base_losses - log_losses(happened, model.predict(test)), seed=0)
    assert is_baseline or gain.low > 0, f"{recipe.name}: must beat the base rate on a planted signal, gain {gain.value:.3f}"
    shuffled = np.random.default_rng(5).permutation(truth)
    chance = mean_interval(base_losses - log_losses(happened, _fitted(recipe, train, shuffled).predict(test)), seed=0)
    assert chance.low <= 0, f"{recipe.name}: must not beat the base rate on shuffled outcomes, gain {chance.value:.3f}"


def _check_contributions(recipe: Recipe, model: Explained, inputs: Columns, before: Floats) -> None:
    parts = model.contributions(inputs)
    expected = (len(inputs), inputs.values.shape[1] + 1)
    assert parts.shape == expected, f"{recipe.name}: contributions {parts.shape}, expected {expected}"
    assert np.isfinite(parts).all(), f"{recipe.name}: contributions must be finite"
    order = np.argsort(parts.sum(axis=1), kind="stable")
    assert (np.diff(before[order, 1]) >= -1e-9).all(), f"{recipe.name}: the sum of the contributions must rank rows as the probability does"


# tasks -------------------------------------------------------------------------------------------------------------------


def check_task(task: Task, store: Store, as_of: int | None, num_rows: int = 12) -> tuple[str, ...]:
    """Run the battery of tasks on a workspace that has rows for it; the names of the checks made.

    A baseline is there; one input, outcome and id for each key; the inputs of a row alone are those it has in a batch; they stay the
    same when everything after its moment is deleted; what is not known by a date is masked, never a class.
    """
    assert len(task.recipes) >= 2, f"{task.name}: the first recipe is the baseline, so at least two are needed"
    keys = task.keys(store, as_of)
    assert len(keys) > 0, f"{task.name}: the workspace of this check has no row for the task"
    assert len(keys.code) == len(keys.at) == len(keys.ids), f"{task.name}: one code, moment and id for each key"
    assert as_of is None or (keys.at <= as_of).all(), f"{task.name}: no key may lie after the data's end"
    rows = np.unique(np.linspace(0, len(keys) - 1, num_rows).astype(np.intp))
    batch, signature = task.inputs(store, keys, None)
    again, _ = task.inputs(store, keys, signature)
    _check_same_rows(task, batch, rows, again, rows, "asked again with the signature of the training")
    for row in rows:
        single, _ = task.inputs(store, keys.take(np.array([row])), signature)
        _check_same_rows(task, again, [row], single, [0], "alone")
    past = _check_past(task, store, keys, rows, again, signature)
    return (*TASK_CHECKS, *past, *_check_outcomes(task, store, keys, as_of))


def _check_past(task: Task, store: Store, keys: Keys, rows: NDArray[np.intp], batch: Any, signature: Any) -> tuple[str, ...]:
    """Inputs at a moment, with everything later deleted."""
    from productloop.loop.scope import Scope

    moments = np.unique(keys.at[rows])
    moments = moments[moments > 0]
    for at in moments:
        same = rows[keys.at[rows] == at]
        past = store.narrowed(Scope(), "UTC", int(at))
        try:
            then, _ = task.inputs(past, keys.take(same), signature)
        finally:
            past.close()
        _check_same_rows(task, batch, same, then, range(len(same)), "with the future deleted")
    return ("past",) if len(moments) else ()


def _check_outcomes(task: Task, store: Store, keys: Keys, as_of: int | None) -> tuple[str, ...]:
    outcomes = task.outcomes(store, keys, as_of)
    assert len(outcomes.value) == len(outcomes.known_at) == len(outcomes.weight) == len(keys), f"{task.name}: one outcome for each key"
    assert (outcomes.weight >= 0).all(), f"{task.name}: weights are never negative"
    if task.kind != "classes":
        return ()
    assert (outcomes.value >= -1).all(), f"{task.name}: a class is 0, 1, ... and -1 means not known"
    assert (outcomes.value < len(task.classes)).all(), f"{task.name}: outcomes beyond the classes {task.classes}"
    dated = keys.at > 0
    if not dated.any():
        return ("classes",)
    day = 86_400_000_000  # what is observed at midnight counts as known on the day before
    early = int(np.quantile(keys.at[dated], 0.5, method="lower"))
    then = task.outcomes(store, task.keys(store, early), early)
    assert (then.value[then.known_at > early + day] == -1).all(), f"{task.name}: what is known later must be masked before"
    return ("classes", "masked")


def _check_same_rows(task: Task, first: Any, first_rows: Any, second: Any, second_rows: Any, how: str) -> None:
    for one, other in zip(first_rows, second_rows, strict=True):
        for left, right in zip(_input_row(first, int(one)), _input_row(second, int(other)), strict=True):
            same = np.array_equal(left, right, equal_nan=left.dtype.kind == "f")
            assert same, f"{task.name}: row {one} has other inputs {how}: {left} and {right}"


def _input_row(inputs: Any, row: int) -> tuple[NDArray[Any], ...]:
    """One row of what a task's recipes take: columns, an array, or a history."""
    if isinstance(inputs, Columns):
        return (inputs.values[row],)
    if isinstance(inputs, np.ndarray):
        return (np.atleast_1d(inputs[row]),)
    history = inputs.between(row, row + 1)
    return history.items, history.times_us, history.weights
