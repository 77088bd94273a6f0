from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from productloop.learning.interrupted import CLEAR_STEP, interrupted


def _series(seed: int, ratio: float, slope: float = 0.0, weeks: int = 26, change: int = 14) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    exposure = random.uniform(60, 140, weeks)
    dose = (np.arange(weeks) >= change).astype(float)
    rate = 0.15 * np.exp(slope * (np.arange(weeks) - weeks / 2)) * np.where(dose > 0, ratio, 1.0)
    return random.poisson(exposure * rate), exposure, dose


def test_a_fall_is_found_within_its_interval_and_a_trend_is_no_effect() -> None:
    inside = found = false = 0
    for seed in range(100):
        effect = interrupted(*_series(seed, 0.4))
        assert effect is not None
        inside += effect.ratio.low <= 0.4 <= effect.ratio.high
        found += effect.p < 0.05 and effect.step_over_trend > 0
        quiet = interrupted(*_series(1000 + seed, 1.0, slope=0.03))
        assert quiet is not None
        false += quiet.p < 0.05 and quiet.step_over_trend >= CLEAR_STEP
    assert inside >= 80
    assert found >= 90
    assert false <= 12


def test_the_same_as_a_poisson_regression_fitted_by_a_general_optimiser() -> None:
    from scipy.optimize import minimize

    counts, exposure, dose = _series(3, 0.5)
    design = np.column_stack([np.ones(len(counts)), dose])
    best = minimize(_loss, np.array([-2.0, 0.0]), args=(counts, np.log(exposure), design), method="BFGS").x
    effect = interrupted(counts, exposure, dose)
    assert effect is not None
    assert math.log(effect.ratio.value) == pytest.approx(best[1], abs=2e-3)


def _loss(weights: np.ndarray, counts: np.ndarray, offset: np.ndarray, design: np.ndarray) -> float:
    linear = offset + design @ weights
    return float((np.exp(linear) - counts * linear).sum())


def test_little_data_is_no_answer_and_nothing_afterwards_is_a_small_ratio() -> None:
    few = np.ones(6, dtype=np.int64)
    assert interrupted(few, np.full(6, 10.0), np.array([0, 0, 0, 1, 1, 1.0])) is None
    assert interrupted(np.zeros(12, dtype=np.int64), np.full(12, 10.0), np.repeat([0.0, 1.0], 6)) is None
    gone = interrupted(np.array([8] * 8 + [0] * 8), np.full(16, 50.0), np.repeat([0.0, 1.0], 8))
    assert gone is not None
    assert gone.ratio.value < 0.1
    assert math.isfinite(gone.ratio.high)


@given(st.integers(0, 10_000), st.floats(0.2, 5.0))
@settings(max_examples=40)
def test_exposure_in_other_units_changes_nothing(seed: int, factor: float) -> None:
    counts, exposure, dose = _series(seed, 0.7)
    one, other = interrupted(counts, exposure, dose), interrupted(counts, exposure * factor, dose)
    assert one is not None
    assert other is not None
    assert one.ratio.value == pytest.approx(other.ratio.value, rel=1e-6)
    assert one.p == pytest.approx(other.p, rel=1e-5, abs=1e-12)


def test_a_step_beside_a_drift_is_told_from_a_drift_alone() -> None:
    found = small = steep = 0
    for seed in range(60):
        effects = [interrupted(*_series(seed, ratio, slope)) for ratio, slope in ((0.35, 0.02), (1.0, 0.02), (1.0, 0.06))]
        values = [effect.step_over_trend for effect in effects if effect is not None]
        found += values[0] >= CLEAR_STEP
        small += values[1] >= CLEAR_STEP
        steep += values[2] >= CLEAR_STEP
    assert found >= 48
    assert small == 0
    assert steep <= 1
