from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import spearmanr

from productloop.learning.columns import Columns
from productloop.learning.reasons import explain, group_columns, spearman


def table() -> Columns:
    generator = np.random.default_rng(0)
    tenure = generator.exponential(20, 300).round()
    total = tenure * 50 + generator.normal(0, 20, 300)
    total[:20] = np.nan
    other = generator.normal(size=300)
    contract = generator.integers(0, 3, 300).astype(float)
    names = ("tenure", "contract", "total", "age")
    return Columns(np.column_stack([tenure, contract, total, other]), names, ("number", "category", "number", "number"), (0, 3, 0, 0))


def test_spearman_agrees_with_scipy_where_both_are_present() -> None:
    values = table().values[:, [0, 2, 3]]
    ours = spearman(values)
    assert ours[0, 2] == pytest.approx(spearmanr(values[:, 0], values[:, 2]).statistic)
    assert ours[0, 1] == pytest.approx(spearmanr(values[20:, 0], values[20:, 1]).statistic)
    assert spearman(np.ones((50, 2)))[0, 1] == 0.0
    assert spearman(values[:10])[0, 1] == 0.0


def test_columns_that_say_the_same_are_one_group() -> None:
    groups = group_columns(table())
    assert [(group.name, group.places) for group in groups] == [("tenure", (0, 2)), ("contract", (1,)), ("age", (3,))]
    given = group_columns(table(), {"contract": "deal", "age": "deal"})
    assert [(group.name, group.places) for group in given] == [("tenure", (0, 2)), ("deal", (1, 3))]
    assert sorted(place for group in given for place in group.places) == [0, 1, 2, 3]


def test_a_given_name_does_not_swallow_a_free_column() -> None:
    groups = group_columns(table(), {"contract": "age"})
    assert sorted(group.places for group in groups) == [(0, 2), (1,), (3,)]


def test_reasons_are_summed_within_groups_and_ranked_by_size() -> None:
    columns = table()
    contributions = np.zeros((300, 5))
    contributions[0] = [0.5, -0.6, 0.3, 0.0, -1.0]
    contributions[1] = [0.5, 0.1, -0.5, 0.05, -1.0]
    first, second, third = explain(contributions, columns, group_columns(columns), num_reasons=2)[:3]
    assert [(reason.group, reason.contribution, reason.place) for reason in first] == [("tenure", 0.8, 0), ("contract", -0.6, 1)]
    assert first[0].value == columns.values[0, 0]
    assert [reason.group for reason in second] == ["contract", "age"]  # tenure and total cancel out
    assert third == ()
