"""The system finds what was planted, and nothing where nothing was.

By default 2 seeds, so that the tests stay quick; `make planted` (PRODUCTLOOP_SEEDS=20) is the full measurement.
"""

from __future__ import annotations

import os

import pytest
from lap import HARD_TRUTHS, TRUTHS, laps

NUM_SEEDS = int(os.environ.get("PRODUCTLOOP_SEEDS", "2"))
SEEDS = list(range(500, 500 + NUM_SEEDS))


@pytest.mark.slow
def test_planted_truths_are_found() -> None:
    done = laps(SEEDS, "all")
    for truth in TRUTHS:
        missed = [one.seed for one in done if not one.found[truth]]
        assert len(missed) <= NUM_SEEDS // 10, f"{truth} missed in {missed}: {[(one.seed, one.findings, one.named_causes) for one in done]}"

    hard = {truth: sum(one.found[truth] for one in done) for truth in HARD_TRUTHS}
    assert sum(hard.values()) > 0, hard
    if NUM_SEEDS >= 10:
        assert min(hard.values()) >= 0.6 * NUM_SEEDS, hard


@pytest.mark.slow
def test_nothing_is_found_where_nothing_is() -> None:
    done = laps(SEEDS, "none")
    findings = [(one.seed, *finding) for one in done for finding in one.findings]
    assert len(findings) <= max(1, NUM_SEEDS // 20), findings
