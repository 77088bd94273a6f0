"""What the product's own models of parts and of feelings about them say, where they are live and better than guessing."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from productloop.apps.needs._sentiment import ABSTAIN_BELOW, NEGATIVE_BELOW, POSITIVE_ABOVE
from productloop.apps.needs.aspect_tasks import aspect_tasks
from productloop.loop.action import Run
from productloop.loop.judged import predict_texts
from productloop.loop.serve import Live, open_live
from productloop.text.sentiment import NEGATIVE, NEUTRAL, POSITIVE

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class LearnedParts:
    """Part (u,) of each unit, a place in `names` or -1 where the model cannot decide alone; `right` of its `num_judged` held-out texts (share)."""

    release: str
    names: tuple[str, ...]
    part: Ints
    right: float | None
    num_judged: int | None


def learned_parts(run: Run, said: list[str]) -> LearnedParts | None:
    """Parts of units by the live release, or None where no release beats the baseline.

    A unit is about the single part that is still possible by the Card's conformal threshold, else about none (learning/conformal.py).
    """
    live = _live(run, feelings=False)
    if live is None or not said:
        return None
    card = live.release.card
    threshold = card.figures["alone_threshold"].value or 0.0
    chances = predict_texts(live, run.store, said)
    alone = (chances >= threshold).sum(axis=1) == 1
    accuracy = card.figures["accuracy"]
    part = np.where(alone, chances.argmax(axis=1), -1).astype(np.int64)
    return LearnedParts(live.release.id, live.release.signature.classes, part, accuracy.value, accuracy.n)


def learned_feelings(run: Run, said: list[str]) -> tuple[str, Floats] | None:
    """(release, sentiment (u,) from -1 to 1, NaN where it is unsure) of units about a part, or None; by the rules of `_sentiment.of_points`."""
    live = _live(run, feelings=True)
    if live is None or not said:
        return None
    chances = predict_texts(live, run.store, said)
    sentiment = chances[:, POSITIVE] - chances[:, NEGATIVE]
    neither = chances.argmax(axis=1) == NEUTRAL
    sentiment = np.where(neither, np.clip(sentiment, NEGATIVE_BELOW, POSITIVE_ABOVE), sentiment)
    return live.release.id, np.where(chances.max(axis=1) < ABSTAIN_BELOW, np.nan, sentiment)


def _live(run: Run, *, feelings: bool) -> Live | None:
    for task in aspect_tasks(run.store, run.settings, feelings=feelings):
        if run.store.state.live(task.name) is not None:
            live = open_live(run.store, task)
            if live.release.card.beats_baseline:
                return live
    return None
