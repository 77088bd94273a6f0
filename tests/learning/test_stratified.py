"""Ratios within strata: the simple case, confounding taken out, rules of pooling."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from productloop.learning.intervals import Interval, ratio_interval
from productloop.learning.stratified import combine_codes, stratified_difference, stratified_ratio, without_late_starts


def test_one_stratum_is_the_plain_ratio() -> None:
    exposed = np.repeat([True, False], [100, 300])
    happened = np.concatenate([np.arange(100) < 30, np.arange(300) < 45])
    pooled = stratified_ratio(exposed, happened, np.zeros(400, dtype=np.int64))
    plain = ratio_interval(30, 100, 45, 300)
    assert (pooled.ratio.value, pooled.ratio.low, pooled.ratio.high) == pytest.approx((plain.value, plain.low, plain.high))
    assert pooled.p < 0.01


def test_the_test_is_cochrans() -> None:
    met = np.repeat([True, False], [100, 400])
    happened = np.concatenate([np.arange(100) < 30, np.arange(400) < 40])
    pooled = stratified_ratio(met, happened, np.zeros(500, dtype=np.int64))
    assert pooled.ratio.value == pytest.approx(3.0)
    half = 1.6448536 * math.sqrt(1 / 30 - 1 / 100 + 1 / 40 - 1 / 400)  # Katz and others 1978
    assert pooled.ratio.low == pytest.approx(3.0 * math.exp(-half))
    expected = abs(30 - 100 * 70 / 500) / math.sqrt(100 * 400 * 70 * 430 / (500**2 * 499))
    assert pooled.p == pytest.approx(math.erfc(expected / math.sqrt(2)))


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.integers(20, 200))
def test_limits_hold_the_ratio_and_order_does_not_matter(seed: int, size: int) -> None:
    generator = np.random.default_rng(seed)
    met, happened, strata = generator.random(size) < 0.4, generator.random(size) < 0.3, generator.integers(0, 4, size)
    pooled = stratified_ratio(met, happened, strata)
    assert 0.0 <= pooled.p <= 1.0
    if not math.isnan(pooled.ratio.value):
        assert pooled.ratio.low <= pooled.ratio.value <= pooled.ratio.high
    order = generator.permutation(size)
    again = stratified_ratio(met[order], happened[order], strata[order])
    assert again.p == pytest.approx(pooled.p)


def test_strata_take_out_what_only_differs_between_them_exactly() -> None:
    met = np.repeat([True, False, True, False], [80, 20, 20, 80])
    happened = np.concatenate([np.arange(80) < 40, np.arange(20) < 10, np.arange(20) < 2, np.arange(80) < 8])  # 50 % and 10 %, alike
    assert stratified_ratio(met, happened, np.repeat([0, 1], 100)).ratio.value == pytest.approx(1.0)
    assert stratified_ratio(met, happened, np.zeros(200, dtype=np.int64)).ratio.value > 2


def test_what_only_the_stratum_brings_is_taken_out() -> None:
    random = np.random.default_rng(0)
    stratum = random.random(40_000) < 0.5
    exposed = random.random(40_000) < np.where(stratum, 0.5, 0.1)
    happened = random.random(40_000) < np.where(stratum, 0.3, 0.1)
    crude = stratified_ratio(exposed, happened, np.zeros(40_000, dtype=np.int64))
    within = stratified_ratio(exposed, happened, stratum.astype(np.int64))
    assert crude.ratio.low > 1.2
    assert within.ratio.low < 1.05
    assert within.p > 0.01


def test_nothing_to_compare_is_not_known() -> None:
    nobody = stratified_ratio(np.zeros(5, dtype=bool), np.ones(5, dtype=bool), np.arange(5))
    assert math.isnan(nobody.ratio.value)
    assert nobody.p == 1.0
    assert math.isnan(stratified_ratio(np.zeros(0, dtype=bool), np.zeros(0, dtype=bool), np.zeros(0, dtype=np.int64)).ratio.value)


@given(st.lists(st.tuples(st.integers(-5, 5), st.sampled_from(["a", "b"])), min_size=1, max_size=30))
def test_codes_are_equal_where_all_columns_are(rows: list[tuple[int, str]]) -> None:
    codes = combine_codes(np.array([row[0] for row in rows]), np.array([row[1] for row in rows]))
    for first, code in zip(rows, codes, strict=True):
        for second, other in zip(rows, codes, strict=True):
            assert (first == second) == (code == other)


def test_late_starts_are_allowed_for() -> None:
    random = np.random.default_rng(5)
    exposed, late = random.random(400_000) < 0.2, random.random(400_000) < 0.3
    risk = np.where(exposed, 0.2, np.where(late, 0.08 * (1 + 1.5 / 2), 0.08))
    pooled = stratified_ratio(exposed, random.random(400_000) < risk, np.zeros(400_000, dtype=np.int64))
    assert pooled.ratio.high < 2.5
    mended = without_late_starts(pooled.ratio, 0.3)
    assert mended.low <= 2.5 <= mended.high
    assert without_late_starts(Interval(2.0, 1.5, 2.5), 0.0) == Interval(2.0, 1.5, 2.5)


def test_difference_within_strata() -> None:
    exposed = np.repeat([True, False], [100, 300])
    happened = np.concatenate([np.arange(100) < 30, np.arange(300) < 45])
    one = stratified_difference(exposed, happened, np.zeros(400, dtype=np.int64))
    error = math.sqrt(0.3 * 0.7 / 100 + 0.15 * 0.85 / 300)
    assert (one.value, one.low, one.high) == pytest.approx((0.15, 0.15 - 1.6449 * error, 0.15 + 1.6449 * error), abs=1e-4)
    held = 0
    for seed in range(200):
        random = np.random.default_rng(seed)
        stratum = random.random(2_000) < 0.5
        met = random.random(2_000) < np.where(stratum, 0.5, 0.1)
        came = random.random(2_000) < np.where(stratum, 0.3, 0.1) + 0.05 * met
        within = stratified_difference(met, came, stratum.astype(np.int64))
        held += within.low < 0.05 < within.high
    assert 170 <= held <= 190
    assert math.isnan(stratified_difference(np.zeros(5, dtype=bool), np.ones(5, dtype=bool), np.arange(5)).value)
