from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import fisher_exact

from productloop.learning.comparisons import fisher_tail, holm


@given(st.integers(0, 60), st.integers(1, 60), st.integers(0, 60), st.integers(1, 60))
@settings(max_examples=60)
def test_tail_is_fishers(hits: int, more: int, other: int, other_more: int) -> None:
    expected = fisher_exact([[hits, more], [other, other_more]], alternative="greater").pvalue
    assert fisher_tail(hits, hits + more, other, other + other_more) == pytest.approx(expected, rel=1e-9, abs=1e-15)


def test_holm_on_the_textbook_example() -> None:
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm([]) == []


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_holm_never_makes_a_p_smaller_and_keeps_the_order(chances: list[float]) -> None:
    adjusted = holm(chances)
    assert all(0 <= before <= after <= 1 for before, after in zip(chances, adjusted, strict=True))
    order = sorted(range(len(chances)), key=lambda place: chances[place])
    assert [adjusted[place] for place in order] == sorted(adjusted)
