"""Blend of logistic regression and small boosting: a straight line and steps err in different places.

The two are averaged in log-odds (the logarithmic opinion pool: Genest and Zidek 1986, Statistical Science 1), not in probability: about
as good, and the contributions of the blend are then exactly the weighted contributions of its members. The weight has the lowest log-loss
out of fold inside training, pulled towards the even one as by a few rows of evidence: with some hundred rows the lowest loss alone is
mostly chance, and the even blend is hard to beat (the "forecast combination puzzle": Smith and Wallis 2009, Oxford Bulletin of Economics
and Statistics 71); with thousands the pull is not felt.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from productloop.learning.boosting import SMALL, BoostingModel, Part
from productloop.learning.classes import even_weight
from productloop.learning.columns import Columns
from productloop.learning.logistic import LogisticModel, pool
from productloop.learning.metrics import SMALLEST_PROBABILITY
from productloop.learning.model import Recipe
from productloop.learning.splitting import stratified_folds
from productloop.learning.wording import BLEND_TITLE

Floats = NDArray[np.float64]

SHARES = tuple(step / 20 for step in range(21))
"""Shares of boosting tried; the rest is logistic regression."""
EVEN_SHARE = 0.5
PULL = 10.0
"""Strength of the pull to the even share, on the sum of log-losses: 1.25 nats at either end. As strong as the stack's."""
NUM_FOLDS = 3
FILE, LINE_FOLDER, TREES_FOLDER = "blend.json", "logistic", "boosting"


class BlendModel:
    """Weighted average, in log-odds, of logistic regression and boosting."""

    line: LogisticModel
    trees: BoostingModel
    share: float
    """Share of boosting, 0 to 1."""

    def __init__(self, share: float | None = None, parts: tuple[Part, ...] = SMALL, c: float | None = None) -> None:
        """`share`: a fixed share of boosting; None chooses one inside training. `parts`: of the boosting. `c`: see `LogisticModel`."""
        self.fixed_share, self.parts, self.fixed_c = share, parts, c

    def fit(self, inputs: Columns, outcomes: NDArray[Any], weight: Floats | None, seed: int) -> None:
        """Fit both members on all rows, then choose the share over folds. (n,) integer outcomes."""
        weight = even_weight(weight, len(inputs))
        order = inputs.canonical_order(outcomes, weight)
        inputs, outcomes, weight = inputs.take(order), np.asarray(outcomes, dtype=np.intp)[order], weight[order]
        self.line, self.trees = LogisticModel(self.fixed_c), BoostingModel(self.parts)
        self.line.fit(inputs, outcomes, weight, seed)
        self.trees.fit(inputs, outcomes, weight, seed)
        self.share = choose_share(inputs, outcomes, weight, self.line.c, seed) if self.fixed_share is None else self.fixed_share

    def predict(self, inputs: Columns) -> Floats:
        """(n, classes) probabilities. Raises DataProblem for other columns than those of the training."""
        return pool(self.line.predict(inputs), self.trees.predict(inputs), self.share)

    def contributions(self, inputs: Columns) -> Floats:
        """(n, d + 1) log-odds of class 1, or (n, classes, d + 1) for more than two classes; see `Explained`."""
        return (1 - self.share) * self.line.contributions(inputs) + self.share * self.trees.contributions(inputs)

    def save(self, folder: Path) -> None:
        """Write blend.json and a folder for each member."""
        (folder / FILE).write_text(json.dumps({"share": self.share}), encoding="utf-8")
        for name, member in ((LINE_FOLDER, self.line), (TREES_FOLDER, self.trees)):
            (folder / name).mkdir(exist_ok=True)
            member.save(folder / name)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read what `save` wrote."""
        model = cls()
        model.share = json.loads((folder / FILE).read_text(encoding="utf-8"))["share"]
        model.line, model.trees = LogisticModel.load(folder / LINE_FOLDER), BoostingModel.load(folder / TREES_FOLDER)
        return model


def choose_share(inputs: Columns, outcomes: NDArray[Any], weight: Floats, c: float, seed: int) -> float:
    """The share of boosting with the lowest log-loss over three folds; even where a class has fewer rows than folds.

    c: strength of the logistic regression, chosen once on all rows: choosing it again in each fold triples the time for nothing.
    """
    counts = np.bincount(outcomes)
    if counts[counts > 0].min() < NUM_FOLDS or len(counts) < 2:
        return EVEN_SHARE
    predicted = np.empty((2, len(outcomes), len(counts)))
    for split in stratified_folds(outcomes, NUM_FOLDS, seed):
        train, test = inputs.take(split.train), inputs.take(split.test)
        members: tuple[LogisticModel | BoostingModel, ...] = (LogisticModel(c=c), BoostingModel())
        for place, member in enumerate(members):
            member.fit(train, outcomes[split.train], weight[split.train], seed)
            predicted[place, split.test] = member.predict(test)
    return best_share(predicted[0], predicted[1], outcomes, weight)


def best_share(line: Floats, trees: Floats, outcomes: NDArray[Any], weight: Floats) -> float:
    """The share with the lowest pulled log-loss on (n, classes) predictions of rows that trained neither member; even without rows."""
    if not len(outcomes):
        return EVEN_SHARE
    logs = [np.log(np.maximum(one, SMALLEST_PROBABILITY)) for one in (line, trees)]
    rows = np.arange(len(outcomes))

    def loss(share: float) -> float:
        scores = (1.0 - share) * logs[0] + share * logs[1]
        highest = scores.max(axis=1)
        total = highest + np.log(np.exp(scores - highest[:, None]).sum(axis=1))
        return float(weight @ (total - scores[rows, outcomes])) + 0.5 * PULL * (share - EVEN_SHARE) ** 2

    return min(SHARES, key=loss)


def mix_out_of_fold(
    line: Floats, trees: Floats, outcomes: NDArray[Any], weight: Floats, folds: Sequence[NDArray[np.intp]]
) -> tuple[Floats, float]:
    """What the blend would have predicted out of fold, from its members' (n, classes) out-of-fold predictions: nothing is fitted again.

    folds: disjoint positions of rows judged together; the share of a fold is chosen on the others. Returns the predictions (NaN where no
    fold judges) and the share chosen on all folds.
    """
    mixed = np.full_like(line, np.nan)
    judged = np.concatenate(folds) if folds else np.zeros(0, dtype=np.intp)
    for fold in folds:
        rest = np.setdiff1d(judged, fold)
        share = best_share(line[rest], trees[rest], outcomes[rest], weight[rest])
        mixed[fold] = pool(line[fold], trees[fold], share)
    return mixed, best_share(line[judged], trees[judged], outcomes[judged], weight[judged])


BLEND = Recipe("blend", "classes", BlendModel, BlendModel.load, BLEND_TITLE)
