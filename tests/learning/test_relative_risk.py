"""A ratio of risks by regression: what is counted by hand, what is planted, what cannot be said."""

from __future__ import annotations

import math

import numpy as np
import pytest

from productloop.learning.relative_risk import count_rows, ratio_p, risk_ratio

NOBODY_KNOWN = [np.zeros(400, dtype=np.int64)]


def test_without_anything_beside_it_is_the_ratio_of_two_shares() -> None:
    met = np.arange(400) < 100
    happened = (np.arange(400) % 100 < 10) | (np.arange(400) < 20)
    rows = count_rows([met.astype(float)], happened, NOBODY_KNOWN)
    assert (rows.size.tolist(), rows.cases.tolist()) == ([300, 100], [30, 20])
    ratio = risk_ratio(rows)
    half = 1.6448536 * math.sqrt(0.8 / 20 + 0.9 / 30)
    assert (ratio.value, ratio.low, ratio.high) == pytest.approx((2.0, 2.0 * math.exp(-half), 2.0 * math.exp(half)), rel=1e-4)
    # the score test of two shares: Pearson's chi-squared with the common share
    z = (20 - 12.5) / math.sqrt(100 * 0.125 * 0.875 * 0.75)
    assert ratio_p(rows) == pytest.approx(math.erfc(z / math.sqrt(2)), rel=1e-4)


def test_chances_in_place_of_facts_find_the_planted_ratio_and_p_keeps_its_level() -> None:
    held, small = 0, 0
    for seed in range(40):
        random = np.random.default_rng(seed)
        chance = random.choice([0.0, 0.1, 0.6, 0.9], 2_000, p=[0.6, 0.1, 0.15, 0.15])
        kind = (random.random(2_000) < 0.3 + 0.4 * chance).astype(np.int64)
        met = random.random(2_000) < chance
        usual = np.where(kind == 1, 0.2, 0.1)
        ratio = risk_ratio(count_rows([chance], random.random(2_000) < usual * np.where(met, 2.0, 1.0), [kind]))
        held += ratio.low <= 2.0 <= ratio.high
        small += ratio_p(count_rows([chance], random.random(2_000) < usual, [kind])) < 0.1
    assert 32 <= held <= 40
    assert small <= 9


def test_what_a_number_beside_explains_is_not_counted_again() -> None:
    random = np.random.default_rng(1)
    cause = random.random(4_000) < 0.3
    shadow = np.where(random.random(4_000) < 0.8, cause, random.random(4_000) < 0.3).astype(float)
    happened = random.random(4_000) < np.where(cause, 0.3, 0.1)
    everybody = [np.zeros(4_000, dtype=np.int64)]
    assert ratio_p(count_rows([shadow], happened, everybody)) < 1e-6
    assert ratio_p(count_rows([shadow], happened, everybody, [cause.astype(float)])) > 0.01


@pytest.mark.parametrize("happened", [np.zeros(400, dtype=bool), np.arange(400) >= 100])
def test_where_nobody_who_met_it_is_a_case_there_is_no_ratio(happened: np.ndarray) -> None:
    ratio = risk_ratio(count_rows([(np.arange(400) < 100).astype(float)], happened, NOBODY_KNOWN))
    assert math.isnan(ratio.value)
    assert (ratio.low, ratio.high) == (0.0, math.inf)


def test_one_kind_of_people_alone_cannot_be_compared() -> None:
    rows = count_rows([np.ones(400)], np.arange(400) < 30, NOBODY_KNOWN)
    assert math.isnan(risk_ratio(rows).value)
    assert ratio_p(rows) == 1.0


def test_many_rare_values_are_taken_together() -> None:
    rows = count_rows([(np.arange(400) % 2).astype(float)], np.arange(400) % 5 == 0, [np.arange(400)])
    assert rows.background.shape[1] == 60
    assert math.isfinite(risk_ratio(rows).value)
