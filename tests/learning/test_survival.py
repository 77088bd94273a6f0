from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from productloop.learning.survival import Spans, concordance, kaplan_meier, log_rank, rates_by_age, spans_of

ROWS = st.lists(st.tuples(st.integers(0, 4), st.integers(1, 6), st.booleans(), st.integers(0, 3)), min_size=1, max_size=14)


def made(rows: list[tuple[int, int, bool, int]]) -> tuple[Spans, np.ndarray]:
    entry = np.array([row[0] for row in rows], dtype=float)
    return Spans(entry, entry + [row[1] for row in rows], np.array([row[2] for row in rows])), np.array([row[3] for row in rows])


@given(ROWS)
@settings(max_examples=40)
def test_curve_equals_counting_by_hand(rows: list[tuple[int, int, bool, int]]) -> None:
    spans, _ = made(rows)
    curve = kaplan_meier(spans)
    share, steps = 1.0, {}
    for moment in range(1, 12):
        watched = [row for row in rows if row[0] < moment <= row[0] + row[1]]
        events = [row for row in watched if row[2] and row[0] + row[1] == moment]
        if events:
            share *= 1 - len(events) / len(watched)
            steps[float(moment)] = share
    assert curve.times.tolist() == list(steps)
    assert curve.survival == pytest.approx(list(steps.values()))
    assert (curve.low <= curve.survival + 1e-12).all()
    assert (curve.high >= curve.survival - 1e-12).all()
    assert ((curve.low >= 0) & (curve.high <= 1)).all()


@given(ROWS, st.booleans())
@settings(max_examples=40)
def test_concordance_equals_counting_pairs(rows: list[tuple[int, int, bool, int]], flat: bool) -> None:
    spans, risk = made([(0, *row[1:]) for row in rows])
    risk = np.zeros(len(risk)) if flat else risk
    known = hits = 0.0
    for i, j in itertools.permutations(range(len(rows)), 2):
        first = spans.exit[i] < spans.exit[j] or (spans.exit[i] == spans.exit[j] and not spans.happened[j])
        if spans.happened[i] and first:
            known += 1
            hits += 1.0 if risk[i] > risk[j] else 0.5 if risk[i] == risk[j] else 0.0
    found = concordance(spans, risk)
    assert math.isnan(found) if known == 0 else found == pytest.approx(hits / known)
    if flat and known:
        assert found == 0.5


def test_published_curve_of_freireich() -> None:
    """Remission of 21 leukaemia patients on 6-MP (Freireich and others 1963; the numbers of Kalbfleisch and Prentice): .857 at 6, .448 at 23 weeks."""
    exits = [6, 6, 6, 7, 10, 13, 16, 22, 23, 6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
    spans = spans_of(np.array(exits), np.array([True] * 9 + [False] * 12))
    curve = kaplan_meier(spans)
    assert curve.survival[0] == pytest.approx(0.857, abs=5e-4)
    assert curve.survival[-1] == pytest.approx(0.448, abs=5e-4)
    assert curve.quantile().value == 23
    placebo = np.array([1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23])
    both = spans_of(np.concatenate([exits, placebo]), np.concatenate([spans.happened, np.ones(21, dtype=bool)]))
    test = log_rank(both, np.repeat([0, 1], 21))
    assert test.chi_square == pytest.approx(16.79, abs=0.01)  # the published statistic
    assert test.happened.tolist() == [9, 21]
    assert test.expected == pytest.approx([19.25, 10.75], abs=0.01)


def test_nothing_happened_and_everything_happened() -> None:
    quiet = kaplan_meier(spans_of(np.array([3.0, 5.0]), np.array([False, False])))
    assert len(quiet.times) == 0
    assert math.isnan(quiet.quantile().value)
    assert quiet.quantile().high == math.inf
    assert quiet.at(np.array([4.0, 6.0]))[0].tolist() == pytest.approx([1.0, math.nan], nan_ok=True)
    loud = kaplan_meier(spans_of(np.array([1.0, 1.0, 2.0]), np.array([True, True, True])))
    assert loud.survival.tolist() == pytest.approx([1 / 3, 0.0])
    assert loud.low[-1] == 0.0
    assert np.isfinite(loud.high).all()
    assert log_rank(spans_of(np.array([3.0, 5.0]), np.array([False, False])), np.array([0, 1])).p == 1.0
    assert math.isnan(concordance(spans_of(np.array([3.0, 5.0]), np.array([False, False])), np.array([1.0, 2.0])))
    empty = Spans(np.zeros(0), np.zeros(0), np.zeros(0, dtype=bool))
    assert len(kaplan_meier(empty).times) == 0
    assert log_rank(empty, np.zeros(0, dtype=int)).p == 1.0


def test_spans_must_have_a_length() -> None:
    with pytest.raises(ValueError, match="entry"):
        spans_of(np.array([1.0]), np.array([True]), np.array([1.0]))


def test_delayed_entry_mends_what_a_late_record_would_hide() -> None:
    """Half-life 10; half of the people joined up to 20 before the record began, and only those still there are in it."""
    random = np.random.default_rng(0)
    life, before = random.exponential(10 / math.log(2), 6000), random.uniform(0, 20, 6000)
    late = np.arange(6000) < 3000
    entry = np.where(late, before, 0.0)
    seen = life > entry
    spans = Spans(entry[seen], np.minimum(life, entry + 15)[seen], (life <= entry + 15)[seen])
    naive = kaplan_meier(spans_of(spans.exit, spans.happened))
    right = kaplan_meier(spans, min_at_risk=20).quantile()
    assert right.low <= 10 <= right.high
    assert naive.quantile().low > 11


def test_band_covers_the_truth_nine_times_in_ten() -> None:
    random = np.random.default_rng(1)
    hits = 0
    for _ in range(200):
        life, end = random.exponential(1.0, 100), random.uniform(0.5, 2.5, 100)
        _, low, high = kaplan_meier(spans_of(np.minimum(life, end), life <= end)).at(np.array([0.7]))
        hits += bool(low[0] <= math.exp(-0.7) <= high[0])
    assert 168 <= hits <= 192


def test_log_rank_keeps_its_level_on_shuffled_groups() -> None:
    random = np.random.default_rng(2)
    ps = []
    for _ in range(100):
        life, end = random.exponential(1.0, 60), random.uniform(0.5, 2.5, 60)
        ps.append(log_rank(spans_of(np.minimum(life, end), life <= end), random.integers(0, 3, 60)).p)
    assert 3 <= sum(p < 0.1 for p in ps) <= 19


def test_rates_by_age_count_time_watched() -> None:
    rates = rates_by_age(spans_of(np.array([1.0, 2.5, 4.0]), np.array([True, True, False])), np.array([0.0, 2.0, 4.0]))
    assert rates.watched.tolist() == [5.0, 2.5]
    assert rates.happened.tolist() == [1, 1]
    assert rates.rate.tolist() == pytest.approx([0.2, 0.4])
    assert (rates.low < rates.rate).all()
    assert (rates.high > rates.rate).all()
    assert rates.high[0] * 5 == pytest.approx(4.744, abs=1e-3)  # Garwood's upper 90 % limit for one event


def test_weights_of_uno_make_the_order_independent_of_how_long_people_were_watched() -> None:
    random = np.random.default_rng(3)
    risk = random.normal(size=3000)
    life = random.exponential(np.exp(-risk * (1 + 0.0)))
    everything = concordance(spans_of(life, np.ones(3000, dtype=bool)), risk)
    end = random.uniform(0.0, 6.0, 3000)
    spans = spans_of(np.minimum(life, end), life <= end)
    assert concordance(spans, risk, inverse=True) == pytest.approx(everything, abs=0.03)
    assert concordance(spans, -risk) == pytest.approx(1 - concordance(spans, risk))
