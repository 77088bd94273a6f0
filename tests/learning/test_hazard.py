from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from productloop.learning.columns import Columns, number_columns
from productloop.learning.cox import CoxOrder, fit_cox
from productloop.learning.hazard import HazardModel, cut_periods, expand, hazard_recipes
from productloop.learning.model import Recipe
from productloop.learning.survival import Spans, concordance, kaplan_meier, spans_of


def planted(size: int, seed: int, ratio: float = 2.0) -> tuple[Columns, np.ndarray]:
    """Hazard .1 a unit, `ratio` times as high for the first of two kinds; watched for 2 to 20 units. Outcomes (n, 2)."""
    random = np.random.default_rng(seed)
    kind = random.integers(0, 2, size).astype(float)
    life = random.exponential(10 / np.where(kind == 1, ratio, 1.0))
    end = random.uniform(2, 20, size)
    values = np.column_stack([kind, random.normal(size=size)])
    columns = Columns(values, ("kind", "noise"), ("category", "number"), (2, 0))
    return columns, np.column_stack([np.minimum(life, end), life <= end]).astype(float)


def spans(outcomes: np.ndarray) -> Spans:
    return spans_of(outcomes[:, 0], outcomes[:, 1] > 0)


def test_planted_hazard_ratio_lies_in_its_interval() -> None:
    hits = 0
    for seed in range(40):
        columns, outcomes = planted(250, seed)
        fitted = fit_cox(columns.values, spans(outcomes))
        half = 1.645 * fitted.standard_errors[0]
        hits += abs(fitted.coefficients[0] - math.log(2)) <= half
    assert 31 <= hits <= 40  # 36 of 40 on average


def test_cox_equals_the_published_fit() -> None:
    """Leukaemia remission (Freireich and others 1963) with Efron's ties: coefficient 1.572, standard error .412 (as in R's survival)."""
    drug = [6, 6, 6, 7, 10, 13, 16, 22, 23, 6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
    placebo = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23]
    happened = np.array([True] * 9 + [False] * 12 + [True] * 21)
    fitted = fit_cox(np.repeat([0.0, 1.0], 21)[:, None], spans_of(np.array(drug + placebo), happened))
    assert fitted.coefficients[0] == pytest.approx(1.572, abs=1e-3)
    assert fitted.standard_errors[0] == pytest.approx(0.412, abs=1e-3)


def test_late_entry_does_not_bend_the_ratio() -> None:
    random = np.random.default_rng(0)
    kind = random.integers(0, 2, 4000).astype(float)
    life, entry = random.exponential(10 / (1 + kind)), random.uniform(0, 12, 4000)
    seen = life > entry
    fitted = fit_cox(kind[seen, None], Spans(entry[seen], life[seen], np.ones(int(seen.sum()), dtype=bool)))
    assert abs(fitted.coefficients[0] - math.log(2)) < 3 * fitted.standard_errors[0]


def test_cox_without_anything_to_learn() -> None:
    nothing = fit_cox(np.zeros((3, 1)), spans_of(np.array([1.0, 2.0, 3.0]), np.zeros(3)))
    assert nothing.coefficients.tolist() == [0.0]
    assert len(fit_cox(np.zeros((2, 0)), spans_of(np.array([1.0, 2.0]), np.ones(2))).coefficients) == 0
    columns, outcomes = planted(300, 1)
    order = CoxOrder()
    order.fit(columns, spans(outcomes))
    assert concordance(spans(outcomes), order.risk(columns)) > 0.55


@given(st.lists(st.tuples(st.integers(1, 9), st.booleans()), min_size=1, max_size=12))
@settings(max_examples=40)
def test_expansion_keeps_every_case_and_all_time_watched(rows: list[tuple[int, bool]]) -> None:
    time, happened = np.array([row[0] for row in rows], dtype=float), np.array([row[1] for row in rows])
    edges = cut_periods(time, happened)
    person, period, yes, share = expand(time, happened, edges)
    assert edges[0] == 0
    assert edges[-1] == time.max()
    assert (np.diff(edges) > 0).all()
    assert yes.sum() == happened.sum()
    assert sorted(person[yes].tolist()) == np.flatnonzero(happened).tolist()
    watched = np.bincount(person, share * np.diff(edges)[period], minlength=len(rows))
    assert watched[~happened] == pytest.approx(time[~happened])
    assert (watched[happened] >= time[happened] - 1e-9).all()


def test_constant_hazards_are_the_counted_curve() -> None:
    """With as many periods as moments the baseline is Kaplan and Meier's curve, but for its smoothing by one imaginary person."""
    random = np.random.default_rng(2)
    time = random.integers(1, 9, 4000).astype(float)
    happened = random.random(4000) < 0.5
    model = HazardModel("constant")
    model.fit(number_columns(np.zeros((4000, 1))), np.column_stack([time, happened]), None, 0)
    curve = kaplan_meier(spans_of(time, happened))
    assert model.edges.tolist() == [0, 1, 2, 3, 4, 5, 6, 7, 8]
    assert model.remaining(number_columns(np.zeros((1, 1))))[0, 1:] == pytest.approx(curve.survival, abs=0.005)


@pytest.mark.parametrize("recipe", hazard_recipes(), ids=lambda recipe: recipe.name)
def test_recipe_is_repeatable_and_saved(recipe: Recipe, tmp_path: Path) -> None:
    columns, outcomes = planted(120, 3)
    model, again = recipe.make(), recipe.make()
    model.fit(columns, outcomes, None, 0)
    order = np.random.default_rng(0).permutation(120)
    again.fit(columns.take(order), outcomes[order], None, 0)
    assert again.predict(columns) == pytest.approx(model.predict(columns), rel=1e-6)
    model.save(tmp_path)
    loaded = recipe.load(tmp_path)
    assert np.array_equal(loaded.predict(columns), model.predict(columns))
    ranges = loaded.ranges(columns)  # type: ignore[attr-defined]
    assert (ranges[:, 0] <= model.predict(columns)).all()
    assert (model.predict(columns) <= ranges[:, 1]).all()
    assert loaded.contributions(columns).shape == (120, 3)  # type: ignore[attr-defined]


def test_signal_beats_the_baseline_and_medians_are_right() -> None:
    (columns, outcomes), (fresh, truth) = planted(500, 4, 4.0), planted(500, 5, 4.0)
    constant, line, trees = (recipe.make() for recipe in hazard_recipes())
    for model in (constant, line, trees):
        model.fit(columns, outcomes, None, 0)
    losses = [float(model.losses(fresh, truth).mean()) for model in (constant, line, trees)]  # type: ignore[attr-defined]
    assert losses[1] < losses[0] - 0.1
    assert losses[2] < losses[0] - 0.1
    fast, slow = (float(np.median(line.predict(fresh.take(fresh.values[:, 0] == kind)))) for kind in (1, 0))
    assert fast == pytest.approx(math.log(2) * 10 / 4, abs=0.5)
    assert slow == pytest.approx(math.log(2) * 10, abs=2)
    parts = line.contributions(fresh)  # type: ignore[attr-defined]
    assert parts[fresh.values[:, 0] == 1, 0].min() > parts[fresh.values[:, 0] == 0, 0].max()


def test_time_already_spent_is_taken_off_and_is_no_input() -> None:
    random = np.random.default_rng(6)
    life = random.uniform(0, 10, 2000)
    end = random.uniform(0, 10, 2000)
    time = np.minimum(life, end)
    columns = Columns(np.column_stack([time, random.normal(size=2000)]), ("tenure", "noise"), ("number", "number"), (0, 0))
    model = HazardModel("line", "tenure")
    model.fit(columns, np.column_stack([time, life <= end]), None, 0)
    asked = Columns(np.array([[0.0, 0.0], [5.0, 0.0], [8.0, 0.0]]), columns.names, columns.kinds, columns.num_categories)
    assert model.predict(asked) == pytest.approx([5.0, 2.5, 1.0], abs=0.4)  # uniform up to 10: half of what is left
    assert (model.contributions(asked)[:, 0] == 0).all()
    assert model.within(asked, 1.0) == pytest.approx([0.1, 0.2, 0.5], abs=0.06)


@pytest.mark.parametrize("recipe", hazard_recipes(), ids=lambda recipe: recipe.name)
def test_odd_training_gives_an_answer(recipe: Recipe) -> None:
    columns, outcomes = planted(40, 7)
    for happened in (np.zeros(40), np.ones(40)):
        model = recipe.make()
        model.fit(columns, np.column_stack([outcomes[:, 0], happened]), None, 0)
        assert not np.isnan(model.predict(columns)).any()
        assert np.isfinite(model.losses(columns, outcomes)).all()  # type: ignore[attr-defined]
    one = recipe.make()
    one.fit(columns.take(np.array([0])), np.array([[0.0, 1.0]]), None, 0)
    assert not np.isnan(one.predict(columns)).any()
