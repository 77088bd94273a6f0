"""Rare classes: weights, drawing again and SMOTE, and what each of them costs.

A model that learns probabilities needs none of these. Where missing a case is dearer than a false alarm, the threshold moves
(`decision`), and the probabilities stay true. Weighting and resampling teach the model another base rate than that of the world: the order
of the rows hardly changes, the probabilities are far too high. On ten clinical tables of 605,842 patients resampling moved ROC-AUC by -.002
to -.010 and the Brier score by +.029 to +.080 (arXiv 2603.00208; Carriero and others 2025, Statistics in Medicine, conclude the same).
`imbalance_costs` measures it on the rows at hand and says beside each what the untreated model finds when it flags as many.

They are offered because people ask for them: as wrappers around any recipe, applied to training rows only.

class weights   n / (classes * rows of the class) (King and Zeng 2001, Political Analysis 9; scikit-learn's "balanced")
oversampling    rows of the smaller classes are drawn again, with replacement, up to the largest class
undersampling   rows of the larger classes are left out, by lot, down to the smallest class
SMOTE           new rows between a row and one of its five nearest of the same class (Chawla and others 2002, JAIR 16); SMOTE-NC for
                categories: the most frequent among the neighbours, and a different category counts in the distance like the median
                deviation of the numbers
focal loss      (1 - p) ** gamma * -log p of what happened, gamma 2 (Lin and others 2017, "Focal loss for dense object detection"): rows that
                are sure already weigh less. Its slope in the score is that of the log-loss times a weight that depends on p alone, so
                logistic regression reaches it by weighing and fitting in turn; other recipes take the weights at those chances. The
                network has it as its own loss (`NetworkModel(focal_gamma=2.0)`)
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from productloop.foundation.wording import Text
from productloop.learning.classes import even_weight
from productloop.learning.columns import Columns
from productloop.learning.intervals import Interval
from productloop.learning.logistic import LOGISTIC, LogisticModel
from productloop.learning.metrics import SMALLEST_PROBABILITY, ece, log_loss, log_losses, precision_at_k, roc_auc
from productloop.learning.model import Explained, Model, Recipe
from productloop.learning.resampling import mean_interval
from productloop.learning.splitting import stratified_folds
from productloop.learning.wording import CLASS_WEIGHTS, FOCAL_LOSS, OVERSAMPLING, SMOTE_TITLE, TREATED_TITLE, UNDERSAMPLING, UNTREATED

Floats = NDArray[np.float64]
Rows = tuple[Columns, NDArray[np.intp], Floats]
"""(inputs, outcomes, weight) of training rows."""
Treat = Callable[[Columns, NDArray[np.intp], Floats, int], Rows]
"""(inputs, outcomes, weight, seed) -> rows to train on."""

NUM_NEIGHBOURS = 5
NUM_FOLDS = 5
FOCAL_GAMMA = 2.0
FOCAL_ROUNDS, FOCAL_C = 8, 1.0
"""Fits in turn with the weights they give, and their inverse L2 strength: the last round moves no weight by more than .004 (measured)."""
SMALLEST_FACTOR = 1e-6
THRESHOLD = 0.5
"""What a library uses when nobody chooses one."""


@dataclass(frozen=True, slots=True)
class Treatment:
    """One way to treat rare classes; `name` is stable, `title` is what people read."""

    name: str
    title: Text
    treat: Treat


@dataclass(frozen=True, slots=True)
class ImbalanceCost:
    """What one treatment gives on rows it did not see, for a yes/no outcome.

    log_loss, ece         of its probabilities, lower is better; roc_auc is blind to their size
    extra_log_loss        how much worse than untreated, with its 90 % interval over rows; 0 for untreated
    num_flagged           rows above the threshold of one half
    precision, recall     share of the flagged that are cases; share of the cases that are flagged; NaN where nothing is flagged
    untreated_precision   of the untreated model, when its threshold is moved so that it flags as many
    """

    treatment: Treatment
    roc_auc: float
    log_loss: float
    extra_log_loss: Interval
    ece: float
    num_flagged: int
    precision: float
    recall: float
    untreated_precision: float


class TreatedModel:
    """A model that is fitted on treated rows and otherwise as it was."""

    model: Model

    def __init__(self, recipe: Recipe, treat: Treat) -> None:
        self.recipe, self.treat = recipe, treat

    def fit(self, inputs: Columns, outcomes: NDArray[Any], weight: Floats | None, seed: int) -> None:
        """Treat these rows, then fit. (n,) integer outcomes."""
        weight = even_weight(weight, len(inputs))
        order = inputs.canonical_order(outcomes, weight)  # what is drawn must not depend on the order of the rows
        self.model = self.recipe.make()
        self.model.fit(*self.treat(inputs.take(order), np.asarray(outcomes, dtype=np.intp)[order], weight[order], seed), seed)

    def predict(self, inputs: Columns) -> Floats:
        """(n, classes) probabilities in a world where the classes are as frequent as the treatment made them."""
        return self.model.predict(inputs)

    def contributions(self, inputs: Columns) -> Floats:
        """Those of the model; see `Explained`."""
        assert isinstance(self.model, Explained), f"{self.recipe.name} cannot explain itself"
        return self.model.contributions(inputs)

    def save(self, folder: Path) -> None:
        """Write the model; the treatment is over."""
        self.model.save(folder)

    @classmethod
    def load(cls, folder: Path, recipe: Recipe = LOGISTIC) -> Self:
        """Read what `save` wrote; `recipe` is the one that was treated."""
        model = cls(recipe, keep_rows)
        model.model = recipe.load(folder)
        return model


def treated(recipe: Recipe, treatment: Treatment) -> Recipe:
    """The recipe, fitted on treated rows."""
    title = Text(*(TREATED_TITLE.render(one, model=_say(recipe.title, one), treatment=_say(treatment.title, one)) for one in ("zh", "en")))
    load = partial(TreatedModel.load, recipe=recipe)
    return Recipe(f"{recipe.name}_{treatment.name}", recipe.kind, partial(TreatedModel, recipe, treatment.treat), load, title)


def keep_rows(inputs: Columns, outcomes: NDArray[np.intp], weight: Floats, seed: int) -> Rows:
    """The rows as they are."""
    return inputs, outcomes, weight


def weigh_classes(inputs: Columns, outcomes: NDArray[np.intp], weight: Floats, seed: int) -> Rows:
    """Every class seen gets the same total weight."""
    totals = np.bincount(outcomes, weights=weight)
    num_seen = np.count_nonzero(totals)
    return inputs, outcomes, weight * (weight.sum() / num_seen) / totals[outcomes]


def oversample(inputs: Columns, outcomes: NDArray[np.intp], weight: Floats, seed: int) -> Rows:
    """Every class seen gets as many rows as the largest has."""
    random, extra = np.random.default_rng(seed), [np.arange(len(outcomes))]
    for rows, missing in _short_classes(outcomes):
        extra.append(random.choice(rows, missing))
    taken = np.concatenate(extra)
    return inputs.take(taken), outcomes[taken], weight[taken]


def undersample(inputs: Columns, outcomes: NDArray[np.intp], weight: Floats, seed: int) -> Rows:
    """Every class seen keeps as many rows as the smallest has."""
    random, codes = np.random.default_rng(seed), np.unique(outcomes)
    fewest = min(int((outcomes == code).sum()) for code in codes)
    taken = np.sort(np.concatenate([random.choice(np.flatnonzero(outcomes == code), fewest, replace=False) for code in codes]))
    return inputs.take(taken), outcomes[taken], weight[taken]


def smote(inputs: Columns, outcomes: NDArray[np.intp], weight: Floats, seed: int) -> Rows:
    """Every class seen gets as many rows as the largest has, the new ones made up; they weigh as much as the row they start from.

    A number missing in one of the two rows is that of the row it starts from. A class of one row is repeated.
    """
    random = np.random.default_rng(seed)
    values, codes, weights = [inputs.values], [outcomes], [weight]
    for rows, missing in _short_classes(outcomes):
        starts = random.integers(0, len(rows), missing)
        values.append(_between(inputs.take(rows), starts, random))
        codes.append(np.full(missing, outcomes[rows[0]]))
        weights.append(weight[rows][starts])
    made = Columns(np.concatenate(values), inputs.names, inputs.kinds, inputs.num_categories)
    return made, np.concatenate(codes), np.concatenate(weights)


def focal_weights(inputs: Columns, outcomes: NDArray[np.intp], weight: Floats, seed: int) -> Rows:
    """Rows weigh what focal loss gives them beside log-loss."""
    if len(np.unique(outcomes)) < 2:
        return inputs, outcomes, weight
    rows, factor = np.arange(len(outcomes)), np.ones(len(outcomes))
    for _ in range(FOCAL_ROUNDS):
        line = LogisticModel(FOCAL_C)
        line.fit(inputs, outcomes, weight * factor, seed)
        right = np.clip(line.predict(inputs)[rows, outcomes], SMALLEST_PROBABILITY, 1.0 - SMALLEST_PROBABILITY)
        factor = np.sqrt(factor * np.maximum(focal_factor(right), SMALLEST_FACTOR))  # half a step: a whole one swings for ever
    return inputs, outcomes, weight * factor


def focal_factor(right: Floats) -> Floats:
    """(n,) chances of what happened -> slope of the focal loss in the score, over that of the log-loss (two classes)."""
    wrong = 1.0 - right
    return wrong**FOCAL_GAMMA - FOCAL_GAMMA * right * wrong ** (FOCAL_GAMMA - 1.0) * np.log(right)


NONE = Treatment("untreated", UNTREATED, keep_rows)
TREATMENTS: tuple[Treatment, ...] = (
    NONE,
    Treatment("class_weights", CLASS_WEIGHTS, weigh_classes),
    Treatment("oversampling", OVERSAMPLING, oversample),
    Treatment("undersampling", UNDERSAMPLING, undersample),
    Treatment("smote", SMOTE_TITLE, smote),
    Treatment("focal_loss", FOCAL_LOSS, focal_weights),
)
"""The first is the one to beat."""


def imbalance_costs(
    inputs: Columns, outcomes: NDArray[Any], seed: int, recipe: Recipe = LOGISTIC, treatments: Sequence[Treatment] = TREATMENTS
) -> tuple[ImbalanceCost, ...]:
    """What each treatment costs and gives, over five stratified folds, treated inside the training rows only.

    outcomes: (n,) 0 or 1. Empty where one of the two has fewer rows than folds: nothing can be said then.
    """
    outcomes = np.asarray(outcomes, dtype=np.intp)
    assert len(outcomes) == 0 or outcomes.max() <= 1, "costs of imbalance are measured for yes/no outcomes"
    if np.bincount(outcomes, minlength=2).min() < NUM_FOLDS:
        return ()
    folds = stratified_folds(outcomes, NUM_FOLDS, seed)
    predicted = {treatment.name: np.empty((len(outcomes), 2)) for treatment in (NONE, *treatments)}
    for treatment in {one.name: one for one in (NONE, *treatments)}.values():
        for split in folds:
            model = TreatedModel(recipe, treatment.treat)
            model.fit(inputs.take(split.train), outcomes[split.train], None, seed)
            predicted[treatment.name][split.test] = model.predict(inputs.take(split.test))
    return tuple(_cost(one, outcomes, predicted[one.name], predicted[NONE.name], seed) for one in treatments)


def _cost(treatment: Treatment, outcomes: NDArray[np.intp], predicted: Floats, untreated: Floats, seed: int) -> ImbalanceCost:
    scores = predicted[:, 1]
    flagged = scores > THRESHOLD
    num_flagged, hits = int(flagged.sum()), int(outcomes[flagged].sum())
    extra = log_losses(outcomes, predicted) - log_losses(outcomes, untreated)
    return ImbalanceCost(
        treatment,
        roc_auc=roc_auc(outcomes, scores),
        log_loss=log_loss(outcomes, predicted),
        extra_log_loss=mean_interval(extra, seed=seed),
        ece=ece(outcomes, scores),
        num_flagged=num_flagged,
        precision=hits / num_flagged if num_flagged else float("nan"),
        recall=hits / int(outcomes.sum()),
        untreated_precision=precision_at_k(outcomes, untreated[:, 1], num_flagged),
    )


def _short_classes(outcomes: NDArray[np.intp]) -> list[tuple[NDArray[np.intp], int]]:
    """For each class smaller than the largest: its rows and how many it lacks."""
    counts = np.bincount(outcomes)
    return [
        (np.flatnonzero(outcomes == code), int(counts.max() - counts[code]))
        for code in np.flatnonzero((counts > 0) & (counts < counts.max()))
    ]


def _between(rows: Columns, starts: NDArray[np.intp], random: np.random.Generator) -> Floats:
    """(new rows, d) made up from one class: `starts` are the positions they start from."""
    values, is_category = rows.values, rows.is_category
    num_neighbours = min(NUM_NEIGHBOURS, len(rows) - 1)
    made = values[starts].copy()
    if num_neighbours == 0:
        return made
    from sklearn.neighbors import NearestNeighbors  # heavy, needed at fit only

    near = NearestNeighbors(n_neighbors=num_neighbours).fit(_positions(rows)).kneighbors(return_distance=False)  # (rows, neighbours)
    partner = values[near[starts, random.integers(0, num_neighbours, len(starts))]]
    numbers = ~is_category
    moved = made + random.random((len(starts), 1)) * (partner - made)
    made[:, numbers] = np.where(np.isnan(moved), made, moved)[:, numbers]
    for place in np.flatnonzero(is_category):
        made[:, place] = _most_frequent(values[:, place][near])[starts]
    return made


def _positions(rows: Columns) -> Floats:
    """(n, m) where rows lie: standardised numbers, a missing one in the middle, and categories as corners."""
    numbers = rows.values[:, ~rows.is_category]
    known = np.maximum((~np.isnan(numbers)).sum(axis=0), 1)
    away = np.where(np.isnan(numbers), 0.0, numbers - np.nansum(numbers, axis=0) / known)
    deviation = np.sqrt((away**2).sum(axis=0) / known)
    scaled = away / np.where(deviation > 0, deviation, 1.0)
    corner = np.sqrt(0.5)  # two corners lie one median deviation apart, which is 1 once numbers are standardised
    codes = rows.values[:, rows.is_category]
    corners = [corner * (codes[:, [place]] == np.unique(codes[:, place][~np.isnan(codes[:, place])])) for place in range(codes.shape[1])]
    return np.hstack([scaled, *corners])


def _most_frequent(codes: Floats) -> Floats:
    """(n, k) codes of neighbours -> (n,) the most frequent of each row, the lowest on a tie; missing counts as a code of its own."""
    filled = np.where(np.isnan(codes), np.inf, codes)
    counts = (filled[:, :, None] == filled[:, None, :]).sum(axis=2)
    candidates = np.where(counts == counts.max(axis=1, keepdims=True), filled, np.inf)
    best = candidates.min(axis=1)
    return np.where(np.isinf(best), np.nan, best)


def _say(title: Text, language: Any) -> str:
    return title.in_language(language)
