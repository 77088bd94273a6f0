from __future__ import annotations

import json

import numpy as np
import pytest

from productloop.learning.columns import Columns
from productloop.learning.drift import bins_from, describe_bins, learn_bins, measure_drift, psi


def table(num_rows: int, seed: int, shift: float = 0.0, shares: tuple[float, ...] = (0.5, 0.3, 0.2)) -> Columns:
    generator = np.random.default_rng(seed)
    number = generator.normal(shift, 1.0, num_rows)
    number[generator.random(num_rows) < 0.1] = np.nan
    codes = generator.choice(len(shares), num_rows, p=shares).astype(float)
    return Columns(np.column_stack([number, codes]), ("spend", "plan"), ("number", "category"), (0, 3))


def test_by_hand() -> None:
    then, now = np.array([50, 50]), np.array([80, 20])
    a, b = 80.5 / 101, 20.5 / 101
    assert psi(then, now) == pytest.approx((a - 0.5) * np.log(a / 0.5) + (b - 0.5) * np.log(b / 0.5))
    assert psi(then, then) == 0.0


def test_no_change_is_stable_and_a_change_is_seen() -> None:
    bins = learn_bins(table(4000, 0))
    assert [line.verdict for line in measure_drift(bins, table(1000, 1))] == ["stable", "stable"]
    assert [line.verdict for line in measure_drift(bins, table(1000, 2, shift=0.45))] == ["moderate", "stable"]
    assert [line.verdict for line in measure_drift(bins, table(1000, 3, shift=1.0, shares=(0.1, 0.1, 0.8)))] == ["large", "large"]


def test_chance_alone_rarely_looks_like_drift_at_the_smallest_size_judged() -> None:
    bins = learn_bins(table(4000, 0))
    min_rows = measure_drift(bins, table(20, 1))[0].min_rows
    assert min_rows is not None
    alarms = sum(measure_drift(bins, table(min_rows, seed))[0].verdict != "stable" for seed in range(200))
    assert alarms <= 18  # 5 % expected


def test_few_rows_are_not_enough() -> None:
    small = measure_drift(learn_bins(table(4000, 0)), table(30, 1))[0]
    assert (small.psi, small.verdict, small.num_rows) == (None, "not enough", 30)
    never = measure_drift(learn_bins(table(40, 0)), table(5000, 1))[0]
    assert (never.verdict, never.min_rows) == ("not enough", None)


def test_new_codes_and_new_gaps_count_and_bins_survive_json() -> None:
    bins = learn_bins(table(4000, 0))
    assert bins_from(json.loads(json.dumps(describe_bins(bins)))) == bins
    now = table(1000, 1)
    now.values[:400, 1] = 9.0
    now.values[:600, 0] = np.nan
    assert [line.verdict for line in measure_drift(bins, now)] == ["large", "large"]


def test_constant_and_empty_columns() -> None:
    columns = Columns(np.column_stack([np.full(500, 3.0), np.full(500, np.nan)]), ("a", "b"), ("number", "number"), (0, 0))
    assert [line.psi for line in measure_drift(learn_bins(columns), columns)] == [0.0, 0.0]
