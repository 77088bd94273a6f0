from __future__ import annotations

import math
import time

import numpy as np
import pytest

from productloop.learning.metrics import log_loss, roc_auc
from productloop.learning.resampling import mean_interval, metric_interval, paired_interval


def test_interval_of_a_mean_is_the_normal_one_and_repeats() -> None:
    values = np.random.default_rng(0).normal(2.0, 1.0, 2000)
    interval = mean_interval(values, seed=1)
    assert interval == mean_interval(values, seed=1)
    assert interval.value == pytest.approx(values.mean())
    half = 1.645 * values.std() / math.sqrt(2000)
    assert interval.low == pytest.approx(values.mean() - half, abs=0.15 * half)
    assert interval.high == pytest.approx(values.mean() + half, abs=0.15 * half)


def test_rows_of_one_subject_are_not_independent_news() -> None:
    values = np.repeat(np.random.default_rng(0).normal(size=200), 10)
    subjects = np.repeat([f"u{number}" for number in range(200)], 10)
    alone, grouped = mean_interval(values, seed=0), mean_interval(values, subjects=subjects, seed=0)
    assert (grouped.high - grouped.low) / (alone.high - alone.low) == pytest.approx(math.sqrt(10), rel=0.2)


def test_covers_nine_times_in_ten() -> None:
    generator = np.random.default_rng(4)
    inside = 0
    for seed in range(150):
        interval = mean_interval(generator.normal(size=80), seed=seed, num_draws=200)
        inside += interval.low <= 0 <= interval.high
    assert 124 <= inside <= 145  # 135 +- 2.8 standard errors


def test_paired_is_narrower_and_has_the_sign_of_the_gain() -> None:
    generator = np.random.default_rng(0)
    outcomes = generator.integers(0, 2, 1500)
    score = np.clip(0.5 + 0.2 * (outcomes - 0.5) + generator.normal(0, 0.15, 1500), 0.02, 0.98)
    worse = 0.9 * score + 0.05
    first, second = (np.stack([1 - one, one], axis=1) for one in (worse, score))
    gain = paired_interval(log_loss, outcomes, (first, second), seed=0)
    alone = metric_interval(log_loss, outcomes, second, seed=0)
    assert gain.high < 0  # the second loses less
    assert gain.value == pytest.approx(log_loss(outcomes, second) - log_loss(outcomes, first))
    assert gain.high - gain.low < alone.high - alone.low


def test_seven_thousand_rows_within_a_second_of_cpu() -> None:
    generator = np.random.default_rng(0)
    outcomes, scores = generator.integers(0, 2, 7000), generator.random(7000)
    start = time.process_time()
    interval = metric_interval(roc_auc, outcomes, scores, seed=0)
    assert time.process_time() - start < 2.5  # measured .6 s; room for a busy machine
    assert interval.low < interval.value < interval.high


def test_what_cannot_be_measured_is_nan() -> None:
    assert math.isnan(metric_interval(roc_auc, np.ones(5, dtype=int), np.arange(5.0), seed=0).low)
    assert math.isnan(mean_interval(np.zeros(0), seed=0).value)
    few = metric_interval(roc_auc, np.array([0, 1, 1]), np.array([0.1, 0.2, 0.3]), seed=0)
    assert few.value == 1.0  # draws of one class only are left out
