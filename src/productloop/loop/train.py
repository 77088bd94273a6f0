"""Train: examples of a task become a fitted model. The recipe is chosen inside the training rows only; the first recipe is the baseline."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from productloop.learning.history import History, leave_last_out
from productloop.learning.metrics import log_losses
from productloop.learning.model import Model, Recipe
from productloop.learning.ranking_metrics import evaluate_ranking
from productloop.learning.splitting import Split, split_by_time, stratified_folds
from productloop.loop.records import Examples
from productloop.loop.store import Store
from productloop.loop.task import Task

Progress = Callable[[str, int, int], None]
Rows = NDArray[Any]


def build_examples(task: Task, store: Store, as_of: int | None) -> Examples:
    """Keys, inputs and outcomes of a task, as the workspace knows them at `as_of`."""
    keys = task.keys(store, as_of)
    inputs, signature = task.inputs(store, keys, None)
    return Examples(keys, inputs, task.outcomes(store, keys, as_of), replace_classes(signature, task))


def replace_classes(signature: Any, task: Task) -> Any:
    """The signature with the names of the task's classes."""
    return signature.model_copy(update={"classes": task.classes}) if task.classes else signature


def take(examples: Examples, rows: Rows) -> Examples:
    """The examples at these positions."""
    inputs = examples.inputs[rows] if isinstance(examples.inputs, np.ndarray) else examples.inputs.take(rows)
    outcomes = examples.outcomes
    picked = replace(outcomes, value=outcomes.value[rows], known_at=outcomes.known_at[rows], weight=outcomes.weight[rows])
    return Examples(examples.keys.take(rows), inputs, picked, examples.signature)


def known(examples: Examples) -> Examples:
    """Only the examples whose outcome is known and counts: a weight of 0 says that it must neither teach nor judge."""
    return take(examples, np.flatnonzero(examples.outcomes.known & (examples.outcomes.weight > 0)))


def is_dated(examples: Examples) -> bool:
    """Whether every row has a moment and there are enough different ones to hold the last part back."""
    at = examples.keys.at
    return len(at) > 0 and bool((at > 0).all()) and len(np.unique(at)) >= 2


def splits(examples: Examples, seed: int, test_share: float = 0.25) -> tuple[Split, ...]:
    """By time where rows have times (one split: the last quarter is held back), else five stratified folds. A subject never stands on both sides."""
    if is_dated(examples):
        split = split_by_time(examples.keys.at, test_share)
        if len(split.train) and len(split.test):
            return (split,)
    strata = _strata(examples.outcomes.value)
    sizes = np.bincount(strata)
    smallest = int(sizes[sizes > 0].min()) if len(strata) else 0
    return stratified_folds(strata, max(2, min(5, smallest)), seed, groups=examples.keys.code)


def _strata(value: Rows) -> NDArray[np.intp]:
    """(n,) what folds keep in proportion: the class, whether it happened at all, whether it happened while the person was watched."""
    if value.ndim == 2:
        return (value[:, 1] > 0).astype(np.intp)
    return (value > 0).astype(np.intp) if value.dtype.kind == "f" else value.astype(np.intp)


def fit(recipe: Recipe, examples: Examples, seed: int) -> Model:
    """A model of this recipe on all given examples."""
    model = recipe.make()
    model.fit(examples.inputs, examples.outcomes.value, examples.outcomes.weight, seed)
    return model


def predict_classes(model: Model, inputs: Any, task: Task) -> NDArray[np.float64]:
    """(n, classes of the task) probabilities: a class that the training rows lacked gets 0."""
    probabilities = model.predict(inputs)
    missing = len(task.classes) - probabilities.shape[1]
    return np.pad(probabilities, ((0, 0), (0, missing))) if missing > 0 else probabilities


def judge_rows(model: Model, examples: Examples, task: Task) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """((n,) losses, lower is better; (n, k) predictions) on rows with known outcomes: log-loss of class probabilities, or the model's own loss
    of a number with its predictions (for remaining time also the order of who goes first).
    """
    if task.kind == "number":
        numbers: Any = model
        predicted = [numbers.predict(examples.inputs)] + ([numbers.risk(examples.inputs)] if hasattr(numbers, "risk") else [])
        return numbers.losses(examples.inputs, examples.outcomes.value), np.stack(predicted, axis=1)
    probabilities = predict_classes(model, examples.inputs, task)
    return log_losses(examples.outcomes.value, probabilities), probabilities


def choose_recipe(task: Task, examples: Examples, seed: int, progress: Progress) -> tuple[Recipe, dict[str, float]]:
    """The best recipe after the baseline, judged inside the training rows: (recipe, metric by recipe name)."""
    candidates = task.recipes[1:]
    if len(candidates) == 1:
        return candidates[0], {}
    compared: dict[str, float] = {}
    for done, recipe in enumerate(task.recipes):
        progress("choose", done, len(task.recipes))
        if task.kind == "ranking":
            compared[recipe.name] = ranking_score(recipe, examples.inputs, seed)
        else:
            split = splits(examples, seed)[0]
            model = fit(recipe, take(examples, split.train), seed)
            compared[recipe.name] = -float(judge_rows(model, take(examples, split.test), task)[0].mean())
    best = max(candidates, key=lambda recipe: compared[recipe.name])
    shown = {name: value if task.kind == "ranking" else -value for name, value in compared.items()}
    return best, shown


def ranking_score(recipe: Recipe, history: History, seed: int) -> float:
    """NDCG@10 on each actor's last item of this history, all unseen items ranked."""
    past, targets = leave_last_out(history, 1)
    model: Any = recipe.make()
    model.fit(past, None, None, seed)
    return evaluate_ranking(model, past, targets, 10).means()["ndcg"][0]
