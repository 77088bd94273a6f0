"""Predictions of the live model's recipe for people it had not seen: those behind the Card's measures, joined with who they are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from productloop.apps.risk._asking import inside
from productloop.apps.risk._live import Live
from productloop.loop.action import Run
from productloop.loop.evaluate import held_out_classes
from productloop.loop.records import Judged, Keys
from productloop.loop.release import load_judged, row_hashes
from productloop.loop.store import Store
from productloop.loop.train import build_examples, known, splits

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class JudgedRows:
    """(n,) people with what happened and what was predicted. `outcomes` class codes, `probabilities` (n, classes).

    `places`: the classes that count together as the outcome; (): the last one.
    """

    keys: Keys
    outcomes: NDArray[np.int64]
    probabilities: Floats
    places: tuple[int, ...] = ()

    @property
    def chance(self) -> Floats:
        """(n,) of the counted outcome."""
        return np.asarray(self.probabilities[:, list(self.places or (-1,))].sum(axis=1), dtype=np.float64)

    @property
    def happened(self) -> NDArray[np.bool_]:
        """(n,) whether the counted outcome happened."""
        return np.isin(self.outcomes, self.places or (self.probabilities.shape[1] - 1,))


def judged_rows(run: Run, store: Store, live: Live) -> JudgedRows:
    """The kept predictions of the people in scope who are still there; a release that kept none has them made again, with the Card's seed."""
    kept = load_judged(store, live.release.id)
    asked = live.task.keys(store, run.as_of)
    if kept is None:
        kept = _made_again(run, store, live)
    hashes = row_hashes(asked)
    order = np.argsort(hashes, kind="stable")
    place = np.minimum(np.searchsorted(hashes[order], kept.rows), max(len(order) - 1, 0))
    there = hashes[order][place] == kept.rows if len(order) else np.zeros(len(kept.rows), dtype=np.bool_)
    found = JudgedRows(asked.take(order[place[there]]), kept.outcomes[there], kept.probabilities[there])
    wanted = inside(run, found.keys.code)
    return JudgedRows(found.keys.take(wanted), found.outcomes[wanted], found.probabilities[wanted])


def _made_again(run: Run, store: Store, live: Live) -> Judged:
    labelled = known(build_examples(live.task, store, run.as_of))
    recipe = next(recipe for recipe in live.task.recipes if recipe.name == live.release.recipe)
    seed = live.release.card.seed
    held = held_out_classes(live.task, recipe, labelled, splits(labelled, seed), seed, run.progress)
    return Judged(row_hashes(labelled.keys.take(held.rows)), held.outcomes, held.probabilities)
