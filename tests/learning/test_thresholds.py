"""The threshold of costs is the cheapest there is when chances are right, and what it saves is what it says."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from productloop.learning.thresholds import Costs, saved_each


@given(st.floats(1, 1000), st.floats(0.1, 1000), st.floats(0.05, 1), st.lists(st.floats(0, 1), min_size=1, max_size=40))
def test_no_other_threshold_is_expected_to_save_more(missed: float, contact: float, kept: float, chances: list[float]) -> None:
    costs, chance = Costs(missed, contact, kept), np.array(chances)

    def expected(chosen: object) -> float:
        return costs.saved(float(chance[chosen].sum()), int(np.sum(chosen)))  # type: ignore[index,arg-type]

    best = expected(costs.chosen(chance))
    assert best >= -1e-9, "contacting nobody is always possible"
    assert all(best >= expected(chance > cut) - 1e-6 * missed for cut in (-1, 0.1, 0.25, 0.5, 0.75, 1.1))


def test_threshold_and_saving() -> None:
    costs = Costs(missed=300, contact=20, kept=0.2)
    assert costs.threshold == pytest.approx(1 / 3)
    assert costs.saved(10, 40) == pytest.approx(10 * 60 - 800)
    assert Costs(300, 400).threshold > 1
    assert not Costs(300, 400).chosen(np.ones(3)).any()
    happened, chance = np.array([1, 0, 1, 0] * 50), np.array([0.9, 0.8, 0.1, 0.1] * 50)
    each = saved_each(happened, chance, costs, None, seed=0)
    assert each.value == pytest.approx((60 - 20 - 20) / 4)
    assert each.low < each.value < each.high
