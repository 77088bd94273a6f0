from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from productloop.apps.risk._causes import stratified_ratio


def rows(exposed_cases: int, exposed: int, cases: int, others: int) -> tuple[np.ndarray, np.ndarray]:
    met = np.repeat([True, False], [exposed, others])
    happened = np.concatenate([np.arange(exposed) < exposed_cases, np.arange(others) < cases])
    return met, happened


def test_one_stratum_is_the_plain_ratio_with_its_known_limits() -> None:
    met, happened = rows(30, 100, 40, 400)
    ratio = stratified_ratio(met, happened, np.zeros(500, dtype=np.int64))
    assert ratio.value == pytest.approx(3.0)
    half = 1.6448536 * math.sqrt(1 / 30 - 1 / 100 + 1 / 40 - 1 / 400)  # Katz and others 1978
    assert ratio.low == pytest.approx(3.0 * math.exp(-half))
    assert ratio.high == pytest.approx(3.0 * math.exp(half))
    expected = abs(30 - 100 * 70 / 500) / math.sqrt(100 * 400 * 70 * 430 / (500**2 * 499))
    assert ratio.p == pytest.approx(math.erfc(expected / math.sqrt(2)))


def test_strata_take_out_what_only_differs_between_them() -> None:
    first, second = rows(40, 80, 10, 20), rows(2, 20, 8, 80)  # 50 % and 10 %, in both groups alike
    met, happened = (np.concatenate(pair) for pair in zip(first, second, strict=True))
    strata = np.repeat([0, 1], 100)
    assert stratified_ratio(met, happened, strata).value == pytest.approx(1.0)
    assert stratified_ratio(met, happened, np.zeros(200, dtype=np.int64)).value > 2


def test_nothing_to_compare_is_said() -> None:
    nobody = np.zeros(10, dtype=bool)
    ratio = stratified_ratio(nobody, np.arange(10) < 5, np.zeros(10, dtype=np.int64))
    assert math.isnan(ratio.value)
    assert ratio.p == 1.0


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.integers(20, 200))
def test_limits_hold_the_ratio_and_order_does_not_matter(seed: int, size: int) -> None:
    generator = np.random.default_rng(seed)
    met, happened, strata = generator.random(size) < 0.4, generator.random(size) < 0.3, generator.integers(0, 4, size)
    ratio = stratified_ratio(met, happened, strata)
    assert 0.0 <= ratio.p <= 1.0
    if not math.isnan(ratio.value):
        assert ratio.low <= ratio.value <= ratio.high
    order = generator.permutation(size)
    again = stratified_ratio(met[order], happened[order], strata[order])
    assert again.p == pytest.approx(ratio.p)
