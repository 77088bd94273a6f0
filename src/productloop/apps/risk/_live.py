"""The live model of a risk task: its chances for people, its reasons, and its marks as a report shows them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from productloop.apps.risk._naming import Names, given_groups, reason_text, usual_values
from productloop.apps.risk.types import Quality, Weight
from productloop.foundation.figures import Figure
from productloop.foundation.wording import Say, say
from productloop.learning.columns import Columns
from productloop.learning.intervals import share_interval
from productloop.learning.model import Explained, Model, is_explained
from productloop.learning.reasons import ColumnGroup, Reason, explain, group_columns
from productloop.loop.action import Run
from productloop.loop.records import Keys, Release
from productloop.loop.release import load_release
from productloop.loop.serve import score_values
from productloop.loop.store import Store
from productloop.loop.task import Task

MAX_ROWS = 2_000
"""Rows that say which columns mean the same and what weighs most; more would change nothing and cost time."""
MIN_ALIKE = 30
"""People behind "of 100 like this": neighbouring bins are joined until there are as many."""
NUM_WEIGHTS = 8
MEASURES = (
    "gain",
    "concordance",
    "mean_error",
    "mean_number",
    "mean_top_tenth",
    "roc_auc",
    "pr_auc",
    "brier",
    "ece",
    "precision_top_tenth",
    "base_rate",
    "accuracy",
)
_QUANTILE = 1.6448536269514722


@dataclass(frozen=True, slots=True)
class Live:
    """A release in memory. `told_apart`: False when the overall rate is live, which gives everybody the same chance."""

    task: Task
    release: Release
    model: Model

    @property
    def told_apart(self) -> bool:
        """Whether the model says different things about different people."""
        return self.release.recipe != self.task.recipes[0].name


def open_model(store: Store, task: Task) -> Live | None:
    """The live release of a task, or None."""
    live = store.state.live(task.name)
    return None if live is None else Live(task, *load_release(store, task, live))


def chances(live: Live, store: Store, keys: Keys) -> tuple[NDArray[np.float64], Columns]:
    """((n,) chance of the counted outcome (or the number, of a task of numbers), the inputs it was made from)."""
    inputs, _ = live.task.inputs(store, keys, live.release.signature)
    return np.asarray(score_values(live.task, live.release.signature, live.model.predict(inputs)), dtype=np.float64), inputs


def likely_class(live: Live, inputs: Columns, row: int, among: tuple[int, ...]) -> Say | None:
    """The most probable of these classes for one row, with its chance; None for a question of yes or no."""
    if not live.task.counted:
        return None
    names, chance = live.release.signature.classes, live.model.predict(inputs.take(np.array([row])))[0]
    places = [place for place, name in enumerate(names[: len(chance)]) if live.task.classes.index(name) in among] if names else []
    if not places:
        return None
    best = max(places, key=lambda place: (chance[place], -place))
    return say("risk.number.likely", name=names[best], chance=float(chance[best]))


def parts_of(live: Live, inputs: Columns) -> NDArray[np.float64]:
    """(n, d + 1) contributions. Of several classes: to the most probable one that counts, over the mean of all classes."""
    model = live.model
    assert is_explained(model)
    parts = model.contributions(inputs)
    if parts.ndim == 2:
        return parts
    names = live.release.signature.classes
    places = [
        place for place, name in enumerate(names) if place < parts.shape[1] and live.task.classes.index(name) in live.task.counted_codes
    ]
    best = np.array(places)[live.model.predict(inputs)[:, places].argmax(axis=1)]
    return np.asarray(parts[np.arange(len(parts)), best] - parts.mean(axis=1), dtype=np.float64)


def sum_interval(live: Live, chance: NDArray[np.float64]) -> tuple[float, float]:
    """90 % limits of how many of these people will have the outcome.

    Variance = luck (sum of p (1 - p), independent people) + the model's level: the observed share of k cases in the n held-out rows is
    itself uncertain by (1 - share) / k, relative to the sum.
    """
    total = float(chance.sum())
    cases = sum(observed * size for _, observed, size in live.release.card.calibration)
    rows = sum(size for _, _, size in live.release.card.calibration)
    level = (1 - cases / rows) / cases if cases > 0 else 1.0
    half = _QUANTILE * math.sqrt(float((chance * (1 - chance)).sum()) + total**2 * level)
    return max(0.0, total - half), min(float(len(chance)), total + half)


def reasons_of(live: Live, chosen: Columns, everyone: Columns, names: Names, num_reasons: int) -> list[tuple[Reason, ...]]:
    """The strongest reasons of each row of `chosen`; none where the model cannot explain itself."""
    if not live.told_apart or not isinstance(live.model, Explained) or len(chosen) == 0:
        return [() for _ in range(len(chosen))]
    return explain(parts_of(live, chosen), chosen, groups_of(everyone, names), num_reasons)


def groups_of(everyone: Columns, names: Names) -> tuple[ColumnGroup, ...]:
    """Columns that say the same, named by what is known about generic columns and by their rank correlation."""
    sample = everyone.take(np.arange(min(len(everyone), MAX_ROWS)))
    return group_columns(sample, given_groups(names, everyone.names))


def in_words(reasons: Sequence[Reason], live: Live, everyone: Columns, names: Names) -> tuple[Say, ...]:
    """Reasons as sentences."""
    usual = usual_values(everyone.values)
    return tuple(reason_text(reason, live.release.signature, usual, names) for reason in reasons)


def weights_of(run: Run, live: Live, everyone: Columns, names: Names) -> tuple[Weight, ...]:
    """Which groups of inputs move the chances most: mean size of their contributions, as a share of all."""
    if not live.told_apart or not isinstance(live.model, Explained) or len(everyone) == 0:
        return ()
    sample = everyone.take(np.arange(min(len(everyone), MAX_ROWS)))
    parts = parts_of(live, sample)
    groups = groups_of(everyone, names)
    sizes = np.array([np.abs(parts[:, list(group.places)].sum(axis=1)).mean() for group in groups])
    if not sizes.sum() > 0:
        return ()
    order = np.argsort(-sizes, kind="stable")[:NUM_WEIGHTS]
    return tuple(
        Weight(
            name=names.group(groups[place].name),
            share=run.figure(f"weight_{number}", float(sizes[place] / sizes.sum()), "share", "risk.define.weight", n=len(sample)),
        )
        for number, place in enumerate(order)
    )


def quality_of(live: Live, weights: tuple[Weight, ...] = ()) -> Quality:
    """The card as a report shows it."""
    card = live.release.card
    return Quality(
        release=card.release,
        recipe=str(getattr(live.model, "name", card.recipe)),
        num_rows=card.num_labelled,
        quality=card.quality,
        baseline=card.baseline,
        measures=tuple(card.figures[name] for name in MEASURES if name in card.figures) if live.told_apart else (),
        calibration=card.calibration if live.told_apart and live.task.kind == "classes" else (),
        warnings=card.warnings,
        weights=weights,
    )


def of_flagged(run: Run, live: Live) -> tuple[int, Figure | None, Figure | None]:
    """("of", hits, base): how many of 10 (or 100, when 10 would hide the difference) flagged people really have the outcome."""
    found, rate = live.release.card.figures.get("precision_top_tenth"), live.release.card.figures.get("base_rate")
    if not live.told_apart or found is None or rate is None or found.value is None or rate.value is None:
        return 10, None, None
    of = 10 if round(10 * rate.value) >= 1 and round(10 * found.value) >= round(10 * rate.value) + 2 else 100
    size = found.n or 0
    limits = share_interval(round(found.value * size), size)
    hits = run.figure(
        "hits", round(of * found.value), "people", "risk.define.hits",
        n=size, interval=(of * limits.low, of * limits.high), protocol=found.protocol,
    )  # fmt: skip
    return of, hits, run.figure("base", round(of * rate.value), "people", "risk.define.base", n=rate.n, protocol=rate.protocol)


def like_this(run: Run, live: Live, chance: float) -> Figure:
    """Of 100 unseen people to whom the model gave a similar chance, how many really had the outcome.

    Read off the card's calibration table: straight between the neighbouring bins, sparse bins joined first; the limits likewise.
    """
    bins = _joined(live.release.card.calibration)
    if not live.told_apart or not bins:
        return run.figure("like_this", round(100 * chance), "people", "risk.define.chance")
    means = [predicted for predicted, _, _ in bins]
    limits = [share_interval(round(observed * size), size) for _, observed, size in bins]
    value, low, high = (float(np.interp(chance, means, [100 * getattr(one, part) for one in limits])) for part in ("value", "low", "high"))
    near = sorted(range(len(bins)), key=lambda place: abs(means[place] - chance))[:2]
    protocol = live.release.card.quality.protocol
    size = sum(bins[place][2] for place in near)
    return run.figure("like_this", round(value), "people", "risk.define.like_this", n=size, interval=(low, high), protocol=protocol)


def _joined(calibration: Sequence[tuple[float, float, int]]) -> list[tuple[float, float, int]]:
    """Bins in order of the prediction; one with fewer than MIN_ALIKE people joins its neighbour below."""
    joined: list[tuple[float, float, int]] = []
    for predicted, observed, size in sorted(calibration):
        if joined and min(size, joined[-1][2]) < MIN_ALIKE:
            before = joined.pop()
            total = before[2] + size
            predicted = (before[0] * before[2] + predicted * size) / total
            observed = (before[1] * before[2] + observed * size) / total
            size = total
        joined.append((predicted, observed, size))
    return joined


def rows_of_first(values: NDArray[Any], num: int) -> NDArray[np.intp]:
    """Positions of the `num` largest values, first come first on ties."""
    return np.argsort(-np.asarray(values), kind="stable")[:num]
