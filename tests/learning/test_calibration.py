from __future__ import annotations

import json

import numpy as np
import pytest

from productloop.learning.calibration import Calibration, calibration_from, choose_calibration, fit_calibration, log_odds
from productloop.learning.metrics import ece, log_loss


def drawn(num_rows: int, seed: int, stretch: float = 1.0) -> tuple[np.ndarray, np.ndarray, list[np.ndarray]]:
    """Outcomes drawn from true probabilities whose log-odds are then stretched, and five folds."""
    generator = np.random.default_rng(seed)
    scores = generator.normal(-1.0, 1.2, num_rows)
    outcomes = (generator.random(num_rows) < 1 / (1 + np.exp(-scores))).astype(int)
    one = 1 / (1 + np.exp(-stretch * scores))
    return outcomes, np.stack([1 - one, one], axis=1), [np.arange(start, num_rows, 5) for start in range(5)]


def test_honest_probabilities_are_left_alone() -> None:
    kept = [choose_calibration(*drawn(1500, seed)[:2], np.ones(1500), drawn(1500, seed)[2]).kind for seed in range(10)]
    assert kept.count("none") >= 8


def test_overconfident_probabilities_are_repaired() -> None:
    outcomes, probabilities, folds = drawn(3000, 0, stretch=2.5)
    calibration = choose_calibration(outcomes, probabilities, np.ones(3000), folds)
    assert calibration.kind == "platt"
    assert calibration.slope == pytest.approx(0.4, abs=0.05)
    fresh, told, _ = drawn(3000, 1, stretch=2.5)
    repaired = calibration.apply(told)
    assert log_loss(fresh, repaired) < log_loss(fresh, told) - 0.05
    assert ece(fresh, repaired[:, 1]) < 0.03 < ece(fresh, told[:, 1])


def test_isotonic_mends_what_a_line_cannot() -> None:
    outcomes, probabilities, folds = drawn(6000, 0)
    bent = probabilities[:, 1] ** 2 * 0.5 + 0.5 * (probabilities[:, 1] > 0.3)
    calibration = choose_calibration(outcomes, np.stack([1 - bent, bent], axis=1), np.ones(6000), folds)
    assert calibration.kind == "isotonic"
    after = calibration.apply(np.stack([1 - np.sort(bent), np.sort(bent)], axis=1))
    assert (np.diff(after[:, 1])[np.diff(np.sort(bent)) > 0] > 0).all()  # no two scores become one
    assert after.min() > 0


def test_more_classes_get_a_temperature() -> None:
    generator = np.random.default_rng(0)
    logits = generator.normal(size=(2000, 3))
    true = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    outcomes = (generator.random(2000)[:, None] > true.cumsum(axis=1)).sum(axis=1)
    sharp = true**3 / (true**3).sum(axis=1, keepdims=True)
    calibration = choose_calibration(outcomes, sharp, np.ones(2000), [np.arange(start, 2000, 4) for start in range(4)])
    assert calibration.kind == "temperature"
    assert calibration.slope == pytest.approx(1 / 3, abs=0.06)
    assert calibration.apply(sharp).sum(axis=1) == pytest.approx(np.ones(2000))


def test_few_rows_or_one_class_get_none_and_all_kinds_survive_json() -> None:
    outcomes, probabilities, folds = drawn(50, 0, 3.0)
    assert choose_calibration(outcomes, probabilities, np.ones(50), [fold[fold < 50] for fold in folds]).kind == "none"
    assert choose_calibration(outcomes, probabilities, np.ones(50), []).kind == "none"
    outcomes, probabilities, folds = drawn(300, 0, 3.0)
    assert choose_calibration(np.zeros(300, dtype=int), probabilities, np.ones(300), folds).kind == "none"
    for kind in ("none", "platt", "isotonic", "temperature"):
        calibration = fit_calibration(kind, outcomes, probabilities, np.ones(300))
        back = calibration_from(json.loads(json.dumps(calibration.describe())))
        assert back == calibration
        assert np.array_equal(back.apply(probabilities), calibration.apply(probabilities))


def test_a_calibration_never_turns_the_order_round() -> None:
    outcomes, probabilities, _ = drawn(500, 0)
    assert fit_calibration("platt", 1 - outcomes, probabilities, np.ones(500)).slope == 0.0
    assert log_odds(Calibration("platt", 2.0, 1.0).apply(probabilities)) == pytest.approx(2 * log_odds(probabilities) + 1)
