"""Remaining time: a model of when it will happen, from people to whom it has not happened yet as much as from those to whom it has.

Discrete-time hazard: each person becomes one row a period of their watched time, the outcome of a row is whether it happened in that period
to somebody still there at its start, and any model of yes and no then gives the hazard (Brown 1975, Biometrics 31; Singer and Willett 1993,
Journal of Educational Statistics 18). Somebody last seen within a period counts for the part of it that was watched. The columns are those
known at the start; the period is one more. `outcomes` are (n, 2): time, and 1 where it happened, 0 where the person was still there at the end.

Two ways to count time. Without an `elapsed` column a row is asked at a moment and its time runs from there. With one (a table of customers
that says how long each has been here) time runs from the customer's start, the column is no input, and a prediction is of what is left.

Periods end at quantiles of the times at which it happened; after the last one nothing is known, and a median beyond it is infinite.
"""

from __future__ import annotations

import json
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Literal, Self

import numpy as np
from numpy.typing import NDArray

from productloop.foundation.figures import INTERVAL_LEVEL
from productloop.learning.boosting import BoostingModel
from productloop.learning.classes import even_weight
from productloop.learning.columns import Columns
from productloop.learning.constant import ConstantModel
from productloop.learning.logistic import LogisticModel, check_columns
from productloop.learning.model import Recipe
from productloop.learning.wording import HAZARD_CONSTANT_TITLE, HAZARD_LINE_TITLE, HAZARD_TREES_TITLE

Floats = NDArray[np.float64]
Way = Literal["constant", "line", "trees"]

NUM_PERIODS = 24
MAX_EXPANDED = 300_000
"""Rows of people times periods that are learned from; of more people a random part is."""
LINE_C = 0.1
"""Inverse L2 strength of the line; the likelihood is flat around it."""
SMALLEST_HAZARD = 1e-6
PERIOD, USUAL = "period", "usual"
FILE, FOLDER = "hazard.json", "period"
_MEMBERS: dict[Way, Any] = {"constant": ConstantModel, "line": partial(LogisticModel, LINE_C), "trees": BoostingModel}


class HazardModel:
    """Median remaining time from the chance in each period."""

    edges: Floats
    """(k + 1,) ends of the periods, from 0."""
    columns: dict[str, Any]
    member: Any
    base: Floats
    """(k,) share of people to whom it happens in each period, whatever their columns."""

    def __init__(self, way: Way = "line", elapsed: str | None = None) -> None:
        """`way`: how the hazard is modelled. `elapsed`: the column that says how long a person has been here."""
        self.way, self.elapsed = way, elapsed

    def fit(self, inputs: Columns, outcomes: NDArray[Any], weight: Floats | None, seed: int) -> None:
        """Learn from (n, 2) times and whether it happened. Nothing ever happened: the hazard is near 0 everywhere."""
        self.columns = inputs.describe()
        weight = even_weight(weight, len(inputs))
        time, happened = np.maximum(outcomes[:, 0], 0.0), outcomes[:, 1] > 0
        self.edges = cut_periods(time, happened)
        order = np.lexsort((happened, time, *inputs.values.T[::-1]))
        most = max(1, MAX_EXPANDED // (len(self.edges) - 1))
        if len(order) > most:
            order = np.sort(np.random.default_rng(seed).choice(order, most, replace=False))
        time, happened, weight = time[order], happened[order], weight[order]
        person, period, yes, exposure = expand(time, happened, self.edges)
        exposure = exposure * weight[person]
        size = len(self.edges) - 1
        cases = np.bincount(period, yes * exposure, minlength=size)
        self.base = np.clip((cases + 1.0 / size) / (np.bincount(period, exposure, minlength=size) + 1.0), SMALLEST_HAZARD, 1 - 1e-9)
        self.member = _MEMBERS[self.way]()
        rows = self._with_period(inputs.take(order).take(person), period)
        used = exposure > 0
        self.member.fit(rows.take(used), yes[used].astype(np.intp), exposure[used], seed)

    def hazards(self, inputs: Columns) -> Floats:
        """(n, k) chance that it happens in each period to somebody still there at its start."""
        check_columns(self.columns, inputs)
        size = len(self.edges) - 1
        if self.way == "constant" or not len(inputs):
            return np.tile(self.base, (len(inputs), 1))
        found = np.empty((len(inputs), size))
        for period in range(size):
            rows = self._with_period(inputs, np.full(len(inputs), period))
            found[:, period] = self.member.predict(rows)[:, -1]
        return np.clip(found, SMALLEST_HAZARD, 1 - 1e-9)

    def remaining(self, inputs: Columns) -> Floats:
        """(n, k + 1) chance to be still there at each edge, given where the person is now."""
        stays = np.concatenate([np.ones((len(inputs), 1)), np.cumprod(1 - self.hazards(inputs), axis=1)], axis=1)
        here = self._here(inputs)
        now = _along(self.edges, stays, here)
        return np.asarray(np.minimum(stays / now[:, None], 1.0), dtype=np.float64)

    def quantiles(self, inputs: Columns, gone: float) -> Floats:
        """(n,) time from now by which the chance that it has happened reaches `gone`; infinite beyond the last period."""
        stays, here = self.remaining(inputs), self._here(inputs)
        reached = stays <= 1 - gone
        place = np.where(reached.any(axis=1), reached.argmax(axis=1), -1)
        found = np.full(len(inputs), np.inf)
        rows = np.flatnonzero(place > 0)
        after, before = stays[rows, place[rows]], stays[rows, place[rows] - 1]
        part = np.log(before / (1 - gone)) / np.maximum(np.log(before / after), 1e-12)  # constant hazard within a period
        start, end = self.edges[place[rows] - 1], self.edges[place[rows]]
        found[rows] = np.maximum(start + np.clip(part, 0, 1) * (end - start) - here[rows], 0.0)
        return found

    def predict(self, inputs: Columns) -> Floats:
        """(n,) median remaining time; infinite where less than half will be gone by the end of the last period."""
        return self.quantiles(inputs, 0.5)

    def ranges(self, inputs: Columns) -> Floats:
        """(n, 2) times between which it happens with 90 % chance; infinite beyond the last period."""
        tail = (1 - INTERVAL_LEVEL) / 2
        return np.stack([self.quantiles(inputs, tail), self.quantiles(inputs, 1 - tail)], axis=1)

    def within(self, inputs: Columns, horizon: float) -> Floats:
        """(n,) chance that it happens within `horizon` from now; beyond the last period nothing is added."""
        stays, here = self.remaining(inputs), self._here(inputs)
        return np.asarray(1 - _along(self.edges, stays, here + horizon), dtype=np.float64)

    def losses(self, inputs: Columns, outcomes: NDArray[Any]) -> Floats:
        """(n,) minus the log-likelihood of what was watched, from the start of each row's time; densities, so periods may differ."""
        time, happened = np.maximum(outcomes[:, 0], 0.0), outcomes[:, 1] > 0
        hazard, width = self.hazards(inputs), np.diff(self.edges)
        rate = -np.log1p(-hazard) / width
        inside = np.clip(time[:, None] - self.edges[:-1], 0.0, width)
        place = np.clip(np.searchsorted(self.edges, time, side="left") - 1, 0, len(width) - 1)
        within_periods = time <= self.edges[-1]
        hit = np.where(happened & within_periods, np.log(rate[np.arange(len(time)), place]), 0.0)
        return np.asarray((rate * inside).sum(axis=1) - hit, dtype=np.float64)

    def risk(self, inputs: Columns) -> Floats:
        """(n,) expected number of times it would have happened by the end of the last period: the order of who goes first."""
        return np.asarray(-np.log1p(-self.hazards(inputs)).sum(axis=1), dtype=np.float64)

    def contributions(self, inputs: Columns) -> Floats:
        """(n, d + 1) log-odds of it happening in the person's present period, by column; above 0: sooner."""
        check_columns(self.columns, inputs)
        width = inputs.values.shape[1]
        if self.way == "constant" or not len(inputs):
            parts = np.zeros((len(inputs), width + 1))
            parts[:, -1] = np.log(self.base[0] / (1 - self.base[0]))
            return parts
        period = np.clip(np.searchsorted(self.edges, self._here(inputs), side="right") - 1, 0, len(self.edges) - 2)
        found = self.member.contributions(self._with_period(inputs, period))
        parts = np.zeros((len(inputs), width + 1))
        places = [place for place in range(width) if inputs.names[place] != self.elapsed]
        parts[:, places] = found[:, : len(places)]
        parts[:, -1] = found[:, len(places) :].sum(axis=1)
        return parts

    def _here(self, inputs: Columns) -> Floats:
        """(n,) where each person's time stands: 0, or the value of the elapsed column, at most the last edge."""
        if self.elapsed is None or self.elapsed not in inputs.names:
            return np.zeros(len(inputs))
        return np.clip(np.nan_to_num(inputs.values[:, inputs.names.index(self.elapsed)]), 0.0, self.edges[-1])

    def _with_period(self, inputs: Columns, period: NDArray[Any]) -> Columns:
        """The columns without the elapsed one, and the period: for the trees its number; for the line the log-odds that it happens to anybody
        then (hardly shrunk) and the period as a category (shrunk), so that rare late periods are not pulled to the mean.
        """
        places = [place for place, name in enumerate(inputs.names) if name != self.elapsed]
        number = np.asarray(period, dtype=np.float64)
        is_line, size = self.way == "line", len(self.edges) - 1
        more = [np.log(self.base / (1 - self.base))[period], number] if is_line else [number]
        return Columns(
            np.column_stack([inputs.values[:, places], *more]),
            (*(inputs.names[place] for place in places), *((USUAL, PERIOD) if is_line else (PERIOD,))),
            (*(inputs.kinds[place] for place in places), "number", *(("category",) if is_line else ())),
            (*(inputs.num_categories[place] for place in places), 0, *((size,) if is_line else ())),
        )

    def save(self, folder: Path) -> None:
        """Write hazard.json and the member's folder."""
        content = {"way": self.way, "elapsed": self.elapsed, "columns": self.columns}
        content |= {"edges": self.edges.tolist(), "base": self.base.tolist()}
        (folder / FILE).write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
        (folder / FOLDER).mkdir(exist_ok=True)
        self.member.save(folder / FOLDER)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read what `save` wrote."""
        content = json.loads((folder / FILE).read_text(encoding="utf-8"))
        model = cls(content["way"], content["elapsed"])
        model.columns, model.edges, model.base = content["columns"], np.array(content["edges"]), np.array(content["base"])
        kind = {"constant": ConstantModel, "line": LogisticModel, "trees": BoostingModel}[content["way"]]
        model.member = kind.load(folder / FOLDER)  # type: ignore[attr-defined]
        return model


def cut_periods(time: Floats, happened: NDArray[np.bool_]) -> Floats:
    """(k + 1,) edges from 0 to the longest time, at quantiles of the times at which it happened."""
    last = float(time.max()) if len(time) else 1.0
    last = last if last > 0 else 1.0
    cases = time[happened]
    inner = np.quantile(cases, np.linspace(0, 1, NUM_PERIODS + 1)[1:-1], method="higher") if len(cases) else np.zeros(0)
    return np.unique(np.concatenate([[0.0], inner[(inner > 0) & (inner < last)], [last]]))


def expand(
    time: Floats, happened: NDArray[np.bool_], edges: Floats
) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.bool_], Floats]:
    """Rows of people times periods: (person, period, whether it happened then, share of the period that counts)."""
    last = np.clip(np.searchsorted(edges, time, side="left") - 1, 0, len(edges) - 2)  # the period in which the time ends
    person = np.repeat(np.arange(len(time)), last + 1)
    period = np.arange(len(person)) - np.repeat(np.cumsum(last + 1) - (last + 1), last + 1)
    final = period == last[person]
    yes = final & happened[person] & (time[person] <= edges[-1])
    width = np.diff(edges)[period]
    watched = np.clip((time[person] - edges[period]) / width, 0.0, 1.0)
    return person, period, yes, np.where(yes, 1.0, watched)


def _along(edges: Floats, stays: Floats, moments: Floats) -> Floats:
    """(n,) the chance to be still there at each row's own moment: constant hazard within a period, flat after the last."""
    moments = np.clip(moments, 0.0, edges[-1])
    place = np.clip(np.searchsorted(edges, moments, side="right") - 1, 0, len(edges) - 2)
    rows = np.arange(len(stays))
    part = (moments - edges[place]) / (edges[place + 1] - edges[place])
    before, after = stays[rows, place], stays[rows, place + 1]
    return np.asarray(before * (after / before) ** part, dtype=np.float64)


def hazard_recipes(elapsed: str | None = None) -> tuple[Recipe, ...]:
    """The recipes for remaining time; the first is the baseline, which looks at no column but how long a person has been here."""
    constant = Recipe("hazard_constant", "number", partial(HazardModel, "constant", elapsed), HazardModel.load, HAZARD_CONSTANT_TITLE)
    line = replace(constant, name="hazard_line", make=partial(HazardModel, "line", elapsed), title=HAZARD_LINE_TITLE)
    return constant, line, replace(constant, name="hazard_trees", make=partial(HazardModel, "trees", elapsed), title=HAZARD_TREES_TITLE)
