"""Evaluate: held-out quality with a bootstrap interval over subjects, the baseline beside it, calibration and slices, and the gate's paired judgement.

Protocols (printed beside every measure): "by time" = the newest quarter of the rows is held back; "stratified" = five folds, pooled;
"last item" = each actor's last item is held back and all unseen items are ranked.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from productloop.foundation.figures import INTERVAL_LEVEL, Figure
from productloop.learning.columns import Columns
from productloop.learning.conformal import conformal_threshold
from productloop.learning.history import History, leave_last_out
from productloop.learning.intervals import share_interval
from productloop.learning.metrics import accuracy, brier, ece, macro_f1, pr_auc, precision_at_k, roc_auc
from productloop.learning.model import Recipe
from productloop.learning.ranking_metrics import evaluate_ranking
from productloop.learning.splitting import Split
from productloop.learning.survival import concordance, spans_of
from productloop.loop.records import Examples
from productloop.loop.task import Task
from productloop.loop.train import Progress, fit, judge_rows, take

Floats = NDArray[np.float64]
SplitName = Literal["by time", "stratified", "last item"]
DRAWS = 1000
SHORTEST_DAYS = 1e-6
"""Somebody to whom it happened at the moment asked still stands in a pair."""
MIN_SLICE_ROWS, MAX_SLICED_COLUMNS = 50, 6


@dataclass(frozen=True, slots=True)
class HeldOut:
    """Per-row losses (classes: log-loss, numbers: the model's own loss, lower is better; ranking: NDCG@10, higher is better) of a recipe and
    of the baseline on the same held-out rows. `probabilities`: (n, classes), or what `judge_rows` predicts of a number.
    """

    losses: Floats
    baseline: Floats
    subjects: NDArray[Any]
    outcomes: NDArray[Any]
    probabilities: Floats
    rows: NDArray[np.intp]
    higher_is_better: bool

    def gain(self) -> Floats:
        """(n,) how much better than the baseline, per row."""
        return self.losses - self.baseline if self.higher_is_better else self.baseline - self.losses


def judging(task: Task, examples: Examples) -> NDArray[np.bool_]:
    """(n,) rows that may judge a model; all where the task says nothing, or leaves fewer than two."""
    everything = np.ones(len(examples.keys), dtype=np.bool_)
    found = everything if task.judges is None else task.judges(examples.keys)
    return found if found.sum() >= 2 else everything


def held_out_classes(task: Task, recipe: Recipe, examples: Examples, splits: tuple[Split, ...], seed: int, progress: Progress) -> HeldOut:
    """Fit on each split's training rows, predict its test rows (classes or numbers), pool."""
    parts: list[tuple[NDArray[np.intp], Floats, Floats, Floats]] = []
    may_judge = judging(task, examples)
    for done, split in enumerate(splits):
        progress("evaluate", done, len(splits))
        judged = split.test[may_judge[split.test]]
        train, test = take(examples, split.train), take(examples, judged)
        model, baseline = fit(recipe, train, seed), fit(task.recipes[0], train, seed)
        parts.append((judged, *judge_rows(model, test, task), judge_rows(baseline, test, task)[0]))
    rows = np.concatenate([part[0] for part in parts])
    losses, predicted, base = (np.concatenate([part[place] for part in parts]) for place in (1, 2, 3))
    return HeldOut(losses, base, examples.keys.code[rows], examples.outcomes.value[rows], predicted, rows, False)


Further = dict[str, tuple[float, tuple[float, float] | None]]
"""Measure, or measure.recipe -> (value, its 90 % interval where it is a mean over people)."""


def held_out_ranking(task: Task, recipe: Recipe, history: History, seed: int) -> tuple[HeldOut, Further]:
    """Last item per actor; returns the paired NDCG@10 against the baseline and further measures of the recipe and of all the others."""
    past, targets = leave_last_out(history, 1)
    results = {}
    further: Further = {}
    for candidate in task.recipes:
        model: Any = candidate.make()
        model.fit(past, None, None, seed)
        result = results[candidate.name] = evaluate_ranking(model, past, targets, 10)
        for name, values in (("ndcg", result.ndcg), ("recall", result.recall), ("mrr", result.reciprocal_rank)):
            interval = mean_interval(values, result.actors, seed)
            further[f"{name}.{candidate.name}"] = (float(values.mean()) if len(values) else float("nan"), interval)
        further[f"coverage.{candidate.name}"] = (result.coverage, None)
    further |= {name: further[f"{name}.{recipe.name}"] for name in ("recall", "mrr", "coverage")}
    best, base = results[recipe.name], results[task.recipes[0].name]
    rows = np.asarray(best.actors, dtype=np.intp)
    held = HeldOut(best.ndcg, base.ndcg, rows, np.zeros(len(rows), dtype=np.int64), np.zeros((len(rows), 0)), rows, True)
    return held, further


def mean_interval(values: Floats, subjects: NDArray[Any], seed: int) -> tuple[float, float]:
    """90 % percentile bootstrap of the mean, drawing subjects (rows of one subject stay together)."""
    if len(values) == 0:
        return float("nan"), float("nan")
    groups = np.unique(subjects, return_inverse=True)[1]
    sums, sizes = np.bincount(groups, values), np.bincount(groups).astype(np.float64)
    random = np.random.default_rng(seed)
    means = np.empty(DRAWS)
    for draw in range(DRAWS):
        drawn = np.bincount(random.integers(0, len(sums), len(sums)), minlength=len(sums))
        means[draw] = (drawn @ sums) / (drawn @ sizes)
    tail = (1 - INTERVAL_LEVEL) / 2
    low, high = np.quantile(means, [tail, 1 - tail])
    return float(low), float(high)


@dataclass(frozen=True, slots=True)
class Measures:
    """Figures of a card."""

    quality: Figure
    baseline: Figure
    further: dict[str, Figure]
    slices: dict[str, Figure]
    calibration: tuple[tuple[float, float, int], ...]
    beats_baseline: bool


def measure(task: Task, held: HeldOut, split: SplitName, release: str, seed: int, further: Further) -> Measures:
    """All figures of one held-out comparison."""
    protocol = {"by time": "loop.protocol.by_time", "stratified": "loop.protocol.stratified", "last item": "loop.protocol.last_item"}[split]
    num = len(held.losses)

    def figure(
        name: str, value: float, definition: str, interval: tuple[float, float] | None = None, n: int = num, unit: str = "score"
    ) -> Figure:
        low, high = interval if interval is not None else (None, None)
        return Figure(id=f"{release}.{name}", value=value, unit=unit, n=n, low=low, high=high, definition=definition, protocol=protocol)

    metric = f"loop.metric.{metric_name(task)}"
    quality = figure("quality", float(held.losses.mean()), metric, mean_interval(held.losses, held.subjects, seed))
    baseline = figure("baseline", float(held.baseline.mean()), metric, mean_interval(held.baseline, held.subjects, seed))
    gain = mean_interval(held.gain(), held.subjects, seed)
    figures = {"gain": figure("gain", float(held.gain().mean()), "loop.metric.gain", gain)}
    figures |= {name: figure(name, value, f"loop.metric.{name.partition('.')[0]}", interval) for name, (value, interval) in further.items()}
    calibration: tuple[tuple[float, float, int], ...] = ()
    if task.kind == "number":
        figures |= number_figures(held, figure)
        calibration = number_table(held)
    elif not held.higher_is_better:
        figures |= _class_figures(task, held, figure) | _alone_figures(task, held, figure)
        calibration = calibration_table(held, task.counted)
    return Measures(quality, baseline, figures, {}, calibration, gain[0] > 0)


def _class_figures(task: Task, held: HeldOut, figure: Any) -> dict[str, Figure]:
    found = {
        "accuracy": figure("accuracy", accuracy(held.outcomes, held.probabilities), "loop.metric.accuracy", unit="share"),
        "macro_f1": figure("macro_f1", macro_f1(held.outcomes, held.probabilities), "loop.metric.macro_f1"),
    }
    happened = np.isin(held.outcomes, task.counted_codes).astype(np.int64)
    if (len(task.classes) == 2 or task.counted) and 0 < happened.sum() < len(happened):
        scores = held.probabilities[:, list(task.counted_codes)].sum(axis=1)
        found["roc_auc"] = figure("roc_auc", roc_auc(happened, scores), "loop.metric.roc_auc")
        found["pr_auc"] = figure("pr_auc", pr_auc(happened, scores), "loop.metric.pr_auc")
        found["brier"] = figure("brier", brier(happened, scores), "loop.metric.brier")
        found["ece"] = figure("ece", ece(happened, scores), "loop.metric.ece")
        top = max(1, round(0.1 * len(scores)))
        found["base_rate"] = figure("base_rate", float(happened.mean()), "loop.metric.base_rate", unit="share")
        found["precision_top_tenth"] = figure(
            "precision_top_tenth", precision_at_k(happened, scores, top), "loop.metric.precision", n=top, unit="share"
        )
    return found


def _alone_figures(task: Task, held: HeldOut, figure: Any) -> dict[str, Figure]:
    if task.alone_error is None:
        return {}
    found = conformal_threshold(held.probabilities, held.outcomes, task.alone_error)
    limits = [share_interval(round(share * found.num_rows), found.num_rows) for share in (found.share, found.wrong)]
    return {
        "alone_threshold": figure("alone_threshold", found.threshold, "loop.metric.alone_threshold"),
        "alone": figure("alone", found.share, "loop.metric.alone", (limits[0].low, limits[0].high), unit="share"),
        "alone_wrong": figure("alone_wrong", found.wrong, "loop.metric.alone_wrong", (limits[1].low, limits[1].high), unit="share"),
    }


def calibration_table(held: HeldOut, counted: tuple[int, ...] = ()) -> tuple[tuple[float, float, int], ...]:
    """(mean predicted, observed share, n) of the `counted` classes (of two: class 1) in ten equal-width bins; empty bins left out."""
    if held.probabilities.shape[1] != 2 and not counted:
        return ()
    scores = held.probabilities[:, list(counted or (1,))].sum(axis=1)
    happened = np.isin(held.outcomes, counted or (1,))
    bins = np.clip((scores * 10).astype(int), 0, 9)
    return tuple(
        (float(scores[bins == b].mean()), float(happened[bins == b].mean()), int((bins == b).sum())) for b in range(10) if (bins == b).any()
    )


def metric_name(task: Task) -> str:
    """The measure by which this task's models are picked and judged."""
    return {"classes": "log_loss", "ranking": "ndcg"}.get(task.kind, task.metric)


def number_figures(held: HeldOut, figure: Any) -> dict[str, Figure]:
    """Marks of a number: of counts the mean error and what the tenth with the highest guesses came to; of remaining time the order."""
    predicted = held.probabilities
    if held.outcomes.ndim == 2:
        spans = spans_of(np.maximum(held.outcomes[:, 0], SHORTEST_DAYS), held.outcomes[:, 1] > 0)
        return {"concordance": figure("concordance", concordance(spans, predicted[:, -1]), "loop.metric.concordance")}
    top = np.argsort(-predicted[:, 0], kind="stable")[: max(1, round(0.1 * len(predicted)))]
    return {
        "mean_error": figure("mean_error", float(np.abs(held.outcomes - predicted[:, 0]).mean()), "loop.metric.mean_error", unit="number"),
        "mean_number": figure("mean_number", float(held.outcomes.mean()), "loop.metric.mean_number", unit="number"),
        "mean_top_tenth": figure("mean_top_tenth", float(held.outcomes[top].mean()), "loop.metric.mean_top", n=len(top), unit="number"),
    }


def number_table(held: HeldOut) -> tuple[tuple[float, float, int], ...]:
    """(mean predicted, mean observed, n) of counts in tenths of the prediction; nothing for remaining time."""
    if held.outcomes.ndim == 2:
        return ()
    tenths = [part for part in np.array_split(np.argsort(held.probabilities[:, 0], kind="stable"), 10) if len(part)]
    return tuple((float(held.probabilities[part, 0].mean()), float(held.outcomes[part].mean()), len(part)) for part in tenths)


def slice_losses(task: Task, held: HeldOut, examples: Examples, release: str, seed: int) -> dict[str, Figure]:
    """Held-out loss of each category with enough rows ("plan=pro"), so that nobody is served badly behind a good mean. Tables only."""
    if held.higher_is_better or not isinstance(examples.inputs, Columns):
        return {}
    found: dict[str, Figure] = {}
    columns = [(place, column) for place, column in enumerate(examples.signature.columns) if column.kind == "category"]
    for place, column in columns[:MAX_SLICED_COLUMNS]:
        codes = examples.inputs.values[held.rows, place]
        for code, category in enumerate(column.categories):
            inside = codes == code
            num = int(inside.sum())
            if num >= MIN_SLICE_ROWS:
                name = f"{column.name}={category}"
                low, high = mean_interval(held.losses[inside], held.subjects[inside], seed)
                found[name] = Figure(
                    id=f"{release}.slice.{name}", value=float(held.losses[inside].mean()), unit="score", n=num, low=low, high=high,
                    definition=f"loop.metric.{metric_name(task)}", protocol="loop.protocol.slice",
                )  # fmt: skip
    return found
