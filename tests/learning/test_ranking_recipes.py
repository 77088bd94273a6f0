"""The ranking recipes: the first is the baseline, each saves and loads the same model; another coding of items judges the same people."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from productloop.learning.history import NO_ITEM, build_history, leave_last_out
from productloop.learning.model import Recipe
from productloop.learning.ranking import RANKING_RECIPES, recoded
from productloop.learning.ranking_metrics import evaluate_ranking


def rows(num_items: int = 12):
    generator = np.random.default_rng(3)
    actors = np.repeat(np.arange(80), 6)
    return build_history(
        actors, (actors + generator.integers(0, 4, len(actors))) % num_items, np.arange(len(actors)), np.arange(len(actors))
    )


def test_the_baseline_stands_first_and_names_are_unique() -> None:
    assert [recipe.name for recipe in RANKING_RECIPES] == ["popularity", "item-knn", "profile-linear"]
    assert {recipe.kind for recipe in RANKING_RECIPES} == {"ranking"}


@pytest.mark.parametrize("recipe", RANKING_RECIPES, ids=lambda recipe: recipe.name)
def test_saved_and_loaded_predicts_the_same(recipe: Recipe, tmp_path: Path) -> None:
    model = recipe.make()
    model.fit(rows(), np.zeros(80), None, 0)
    model.save(tmp_path)
    assert np.array_equal(recipe.load(tmp_path).predict(rows()), model.predict(rows()))


def test_another_coding_judges_the_same_people_with_the_same_ranks() -> None:
    past, targets = leave_last_out(rows(), 1)
    targets[5] = NO_ITEM
    model = RANKING_RECIPES[2].make()
    model.fit(past, None, None, 0)
    names = [f"i{code:02d}" for code in range(12)]
    shift = [*("a", "b"), *names]  # a newer catalogue in which two items sort before all others
    newer = build_history(past.actor_of_row, past.items + 2, past.times_us, np.arange(len(past.items)), num_actors=80, num_items=14)
    newer_targets = np.where(targets == NO_ITEM, NO_ITEM, targets + 2).astype(np.int32)
    newer_targets[0] = 0  # an item the older model never saw
    moved, moved_targets = recoded(newer, newer_targets, shift, names)
    assert moved.items.tolist() == past.items.tolist()
    before, after = evaluate_ranking(model, past, targets, 5), evaluate_ranking(model, moved, moved_targets, 5)
    assert after.ndcg[0] == 0.0
    assert set(after.actors) >= set(before.actors[1:])
    both = np.isin(after.actors, before.actors[1:])
    assert after.ndcg[both].tolist() == before.ndcg[1:].tolist()
