"""Turn: once round the loop for each task: examples -> train -> evaluate -> gate -> release -> batch scores.

The only module that knows the order. A task whose content key equals its last turn's is skipped; a turn that was killed starts its
task again and leaves nothing half-written, since a release becomes visible only by its last row.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

import productloop
from productloop.learning.history import leave_last_out
from productloop.learning.metrics import log_losses
from productloop.learning.model import Model, Recipe
from productloop.learning.ranking import recoded
from productloop.loop.action import Run
from productloop.loop.evaluate import (
    Further,
    HeldOut,
    Measures,
    SplitName,
    held_out_classes,
    held_out_ranking,
    judging,
    mean_interval,
    measure,
    slice_losses,
)
from productloop.loop.monitor import drifted_inputs
from productloop.loop.records import Card, Examples, Judged
from productloop.loop.release import (
    Decision,
    content_key,
    judge,
    load_release,
    new_rows,
    point_to,
    release_id,
    row_hashes,
    save_release,
    withdrawn,
)
from productloop.loop.serve import open_live, score_all
from productloop.loop.task import Task
from productloop.loop.train import build_examples, choose_recipe, fit, is_dated, judge_rows, known, predict_classes, splits, take


@dataclass(frozen=True, slots=True)
class TurnResult:
    """What one turn of one task did. `verdict`: see the gate; "skipped" = nothing changed, "no_data" = too little to train."""

    task: str
    verdict: str
    num_labelled: int
    release: str | None
    live: str | None
    missing: int = 0
    num_scored: int = 0
    drifted: tuple[str, ...] = ()
    """Inputs that look different now from the live model's training (PSI of .1 and more), worst first."""

    def as_json(self) -> dict[str, Any]:
        """For `state.db`."""
        return asdict(self)


def turn(run: Run, tasks: tuple[Task, ...]) -> list[TurnResult]:
    """Once round the loop for each task."""
    return [_turn_task(run, task) for task in tasks]


def _turn_task(run: Run, task: Task) -> TurnResult:
    store = run.store
    key = turn_key(run, task)
    last = store.state.turn(task.name)
    if last is not None and last["key"] == key:
        kept = json.loads(last["result"])
        return TurnResult(**{**kept, "verdict": "skipped", "drifted": tuple(kept.get("drifted", ()))})
    run.progress(f"{task.name}: examples", 0, 1)
    examples = build_examples(task, store, run.as_of)
    labelled = examples if task.kind == "ranking" else known(examples)
    result = _train_and_gate(run, task, labelled, key)
    if result.live is not None and task.template.startswith("risk."):
        scored = score_all(open_live(store, task), store, run.as_of or run.now, run.progress)
        result = replace(result, num_scored=scored, drifted=drifted_inputs(open_live(store, task), store, run.as_of or run.now))
    store.state.save_turn(task.name, key, run.now, result.as_json())
    return result


def turn_key(run: Run, task: Task) -> str:
    """Everything a turn depends on."""
    versions = {name: version for name, version in run.store.versions().items() if name in task.reads}
    recipes = [recipe.name for recipe in task.recipes]
    return content_key(
        [
            task.name,
            task.template,
            task.options,
            run.as_of,
            versions,
            run.store.state.merges_mark(),
            recipes,
            run.seed,
            run.settings.number("loop.min_rows"),
            productloop.__version__,
        ]
    )


def _train_and_gate(run: Run, task: Task, labelled: Examples, key: str) -> TurnResult:
    store = run.store
    live = store.state.live(task.name)
    needed = run.settings.number("loop.min_rows") if task.min_new is None else task.min_new
    num = labelled.inputs.num_actors if task.kind == "ranking" else len(labelled.keys)
    if num < task.min_rows or (task.kind != "ranking" and num > 0 and _all_alike(labelled)):
        return TurnResult(task.name, "no_data", num, None, live, missing=max(0, task.min_rows - num))
    taken_back = live is not None and task.kind == "classes" and withdrawn(store, task, live, labelled)
    if live is not None and task.kind != "ranking" and not taken_back:
        fresh = int(new_rows(store, live, labelled.keys).sum())
        if fresh < needed:
            return TurnResult(task.name, "too_few", num, None, live, missing=needed - fresh)
    recipe, compared = choose_recipe(task, _training_part(task, labelled, run.seed), run.seed, run.progress)
    held, split, further = _hold_out(run, task, recipe, labelled)
    name = release_id(task.name, key)
    measures = replace(measure(task, held, split, name, run.seed, further), slices=slice_losses(task, held, labelled, name, run.seed))
    decision = _gate(run, task, recipe, labelled, None if taken_back else live, measures)
    if taken_back and decision.verdict == "first":
        decision = replace(decision, verdict="renewed")
    chosen = task.recipes[0] if decision.verdict == "baseline" else recipe
    if not decision.accepted:
        return TurnResult(task.name, decision.verdict, num, None, live, missing=decision.missing)
    run.progress(f"{task.name}: train", 0, 1)
    model = _final(chosen, task, labelled, run.seed)
    card = _card(run, task, labelled, _Outcome(chosen, split, measures, compared, name, key))
    save_release(store, task, model, labelled, card, _judged(task, chosen, labelled, held))
    point_to(store, task.name, name, run.now, decision.verdict)
    return TurnResult(task.name, decision.verdict, num, name, name)


def _all_alike(labelled: Examples) -> bool:
    """Whether there is nothing to tell apart: one class, one number, or nobody to whom it happened."""
    value = labelled.outcomes.value
    return len(np.unique(value)) < 2 if value.ndim == 1 else not bool((value[:, 1] > 0).any())


def _judged(task: Task, chosen: Recipe, labelled: Examples, held: HeldOut) -> Judged | None:
    """The held-out predictions of a recipe that tells rows apart; the overall rate needs none."""
    if task.kind != "classes" or chosen is task.recipes[0]:
        return None
    return Judged(row_hashes(labelled.keys.take(held.rows)), held.outcomes, held.probabilities)


def _training_part(task: Task, labelled: Examples, seed: int) -> Examples:
    if task.kind == "ranking":
        return replace(labelled, inputs=leave_last_out(labelled.inputs, 1)[0])
    return take(labelled, splits(labelled, seed)[0].train)


def _hold_out(run: Run, task: Task, recipe: Recipe, labelled: Examples) -> tuple[HeldOut, SplitName, Further]:
    if task.kind == "ranking":
        held, further = held_out_ranking(task, recipe, labelled.inputs, run.seed)
        return held, "last item", further
    parts = splits(labelled, run.seed)
    split: SplitName = "by time" if is_dated(labelled) and len(parts) == 1 else "stratified"
    return held_out_classes(task, recipe, labelled, parts, run.seed, run.progress), split, {}


def _gate(run: Run, task: Task, recipe: Recipe, labelled: Examples, live: str | None, measures: Measures) -> Decision:
    if live is None:
        return Decision("first" if measures.beats_baseline else "baseline", True, measures.quality.n or 0)
    if task.kind == "ranking":
        # All people's last items are newer than the live training exactly when events were added; judged on those held-out items.
        return _gate_ranking(run, task, recipe, labelled, live)
    release, live_model = load_release(run.store, task, live)
    needed = run.settings.number("loop.min_rows") if task.min_new is None else max(1, task.min_new // 2)  # half of them may judge
    fresh = np.flatnonzero(new_rows(run.store, live, labelled.keys) & judging(task, labelled))
    order = fresh[np.argsort(labelled.keys.at[fresh], kind="stable")]
    judged = order[len(order) // 2 :] if len(order) >= 2 * needed else order
    teaching = np.setdiff1d(np.arange(len(labelled.keys)), judged)
    candidate = fit(recipe, take(labelled, teaching), run.seed)
    test = take(labelled, judged)
    live_inputs, _ = task.inputs(run.store, test.keys, release.signature)
    if task.kind == "classes" and release.signature.classes != task.classes:  # a class may be new since then
        known_to_live = _by_name(predict_classes(live_model, live_inputs, task), release.signature.classes, task.classes)
        live_losses = log_losses(test.outcomes.value, known_to_live)
    else:
        live_losses = judge_rows(live_model, replace(test, inputs=live_inputs), task)[0]
    gain = live_losses - judge_rows(candidate, test, task)[0]
    low, high = mean_interval(gain, test.keys.code, run.seed)
    same = release.recipe == recipe.name and [c.name for c in release.signature.columns] == [c.name for c in labelled.signature.columns]
    return judge(gain, float(live_losses.mean()), low, high, same, needed)


def _by_name(probabilities: NDArray[np.float64], had: tuple[str, ...], wanted: tuple[str, ...]) -> NDArray[np.float64]:
    """Columns of the classes `had`, in the order `wanted`; a class that was not there then gets 0."""
    places = [had.index(name) if name in had else -1 for name in wanted]
    return np.stack([probabilities[:, place] if place >= 0 else np.zeros(len(probabilities)) for place in places], axis=1)


def _gate_ranking(run: Run, task: Task, recipe: Recipe, labelled: Examples, live: str) -> Decision:
    from productloop.learning.ranking_metrics import evaluate_ranking

    release, live_model = load_release(run.store, task, live)
    past, targets = leave_last_out(labelled.inputs, 1)
    newest = labelled.inputs.times_us[labelled.inputs.indptr[1:] - 1] > release.card.trained_until
    targets[~newest] = -1
    candidate: Any = recipe.make()
    candidate.fit(past, None, None, run.seed)
    ours = evaluate_ranking(candidate, past, targets, 10)
    codings = (columns[0].categories for columns in (labelled.signature.columns, release.signature.columns))
    theirs = evaluate_ranking(live_model, *recoded(past, targets, *codings), 10)  # type: ignore[arg-type]
    gain = ours.ndcg - theirs.ndcg
    low, high = mean_interval(gain, ours.actors, run.seed)
    return judge(
        gain,
        float(theirs.ndcg.mean()) if len(gain) else 0.0,
        low,
        high,
        release.recipe == recipe.name,
        run.settings.number("loop.min_rows"),
    )


def _final(recipe: Recipe, task: Task, labelled: Examples, seed: int) -> Model:
    if task.kind == "ranking":
        model: Any = recipe.make()
        model.fit(labelled.inputs, None, None, seed)
        return model  # type: ignore[no-any-return]
    return fit(recipe, labelled, seed)


@dataclass(frozen=True, slots=True)
class _Outcome:
    """Everything a Card says about one training."""

    recipe: Recipe
    split: SplitName
    measures: Measures
    compared: dict[str, float]
    name: str
    key: str


def _card(run: Run, task: Task, labelled: Examples, trained: _Outcome) -> Card:
    ranking = task.kind == "ranking"
    at = labelled.inputs.times_us if ranking else labelled.keys.at
    warnings = list(task.guards(labelled.inputs, labelled.signature, labelled.outcomes)) if task.guards is not None else []
    if trained.split == "stratified":
        warnings.append("loop.warning.answered" if task.answered else "loop.warning.undated")
    measures = trained.measures
    return Card(
        release=trained.name,
        task=task.name,
        template=task.template,
        recipe=trained.recipe.name,
        key=trained.key,
        as_of=run.as_of or run.now,
        versions={name: version for name, version in run.store.versions().items() if name in task.reads},
        package_version=productloop.__version__,
        num_rows=len(at),
        num_labelled=labelled.inputs.num_actors if ranking else len(labelled.keys),
        split=trained.split,
        metric=task.metric,
        higher_is_better=ranking,
        quality=measures.baseline if trained.recipe is task.recipes[0] else measures.quality,
        baseline=measures.baseline,
        figures=measures.further,
        compared=trained.compared,
        slices=measures.slices,
        warnings=tuple(warnings),
        seed=run.seed,
        beats_baseline=measures.beats_baseline,
        trained_until=int(at.max()) if len(at) else 0,
        calibration=measures.calibration,
    )
