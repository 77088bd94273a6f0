"""The streaming detector: batch is streaming, planted spikes and shifts are found, noise is not, and it can be put down and taken up."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from productloop.learning.anomalies import ALARM, Detector, judge, likelihoods

Floats = NDArray[np.float64]
HOURS = (24,)


def hourly(num: int, seed: int) -> tuple[Floats, NDArray[np.int64]]:
    hours = np.arange(num) % 24
    return 100 + 30 * np.sin(2 * np.pi * hours / 24) + 3 * np.random.default_rng(seed).normal(size=num), hours[:, None]


@settings(max_examples=30)
@given(st.lists(st.floats(-1e6, 1e6) | st.just(float("nan")), min_size=1, max_size=80), st.integers(0, 79))
def test_batch_is_streaming_and_a_kept_state_goes_on(values: list[float], cut: int) -> None:
    places = (np.arange(len(values)) % 24)[:, None]
    whole = judge(np.array(values), places, HOURS)
    detector = Detector(seasons=HOURS)
    found = []
    for number, value in enumerate(values):
        if number == cut:
            detector = Detector.from_state(json.loads(json.dumps(detector.state())))
        found.append(detector.add(value, (number % 24,)))
    assert found == whole
    assert all(0 <= one.likelihood <= 1 for one in found)
    assert all(one.low <= one.expected <= one.high for one in found)


def test_a_planted_spike_and_a_planted_shift_are_found() -> None:
    y, places = hourly(1500, 0)
    y[900] += 60
    spike = likelihoods(y, places, HOURS)
    assert int(np.argmax(spike)) == 900
    assert spike[900] > 0.99
    y = 100 + 3 * np.random.default_rng(1).normal(size=1500)
    y[1000:] -= 5
    found = [one for one in judge(y, np.empty((1500, 0), dtype=np.int64), ())[1000:1030] if one.likelihood > 0.9]
    assert any(one.shifted for one in found)


def test_noise_raises_next_to_nothing() -> None:
    alarms = []
    for seed in range(5):
        y, places = hourly(1500, seed)
        alarms.append(int((likelihoods(y, places, HOURS)[225:] > ALARM).sum()))
    assert sum(alarms) / 5 < 4


def test_one_thing_gives_one_alarm() -> None:
    y, places = hourly(1500, 3)
    y[1000:1030] += 80
    found = likelihoods(y, places, HOURS)
    assert 1 <= (found[1000:1030] > 0.9).sum() <= 4


def test_the_hour_is_expected_once_it_is_known() -> None:
    y, places = hourly(1000, 4)
    judged = judge(y, places, HOURS)
    expected = np.array([one.expected for one in judged[600:]])
    truth = 100 + 30 * np.sin(2 * np.pi * (np.arange(600, 1000) % 24) / 24)
    assert np.abs(expected - truth).mean() < 4
    inside = np.mean([one.low <= value <= one.high for one, value in zip(judged[600:], y[600:], strict=True)])
    assert 0.8 < inside <= 1


def test_a_constant_and_a_gap_say_nothing() -> None:
    y = np.full(300, 7.0)
    y[[50, 120]] = np.nan
    judged = judge(y, (np.arange(300) % 24)[:, None], HOURS)
    assert all(one.likelihood == 0 for one in judged)
    assert judged[-1].expected == 7.0


def test_a_value_takes_less_than_a_millisecond() -> None:
    y, places = hourly(4000, 5)
    begin = time.process_time()
    likelihoods(y, places, HOURS)
    assert (time.process_time() - begin) / len(y) < 0.001


@pytest.mark.shared
def test_it_beats_the_windowed_gaussian_where_its_settings_were_chosen(shared_data: Callable[[str], Path]) -> None:
    y = np.array(
        [
            float(line.rsplit(",", 1)[1])
            for line in shared_data("nab/artificialWithAnomaly__art_daily_jumpsup.csv").read_text().splitlines()[1:]
        ]
    )
    hours = (np.arange(len(y)) * 5 // 60 % 24)[:, None]
    found = likelihoods(y, hours, HOURS)
    assert 2787 <= int(np.argmax(found[604:])) + 604 <= 3189  # the labelled window
