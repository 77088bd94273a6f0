from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from productloop.learning.splitting import forward_folds, split_by_time, stratified_folds


@given(st.lists(st.integers(0, 2), min_size=4, max_size=80), st.integers(2, 6), st.integers(0, 99))
@settings(deadline=None)
def test_each_row_judges_once_and_classes_are_even(labels: list[int], num_folds: int, seed: int) -> None:
    outcomes = np.array(labels)
    folds = stratified_folds(outcomes, num_folds, seed)
    assert sorted(np.concatenate([fold.test for fold in folds])) == list(range(len(labels)))
    for fold in folds:
        assert not set(fold.train) & set(fold.test)
        assert len(fold.train) + len(fold.test) == len(labels)
    for label in set(labels):
        counts = [int((outcomes[fold.test] == label).sum()) for fold in folds]
        assert max(counts) - min(counts) <= 1


@given(st.lists(st.tuples(st.integers(0, 12), st.integers(0, 1)), min_size=6, max_size=60), st.integers(0, 99))
@settings(deadline=None)
def test_a_subject_never_stands_on_both_sides(pairs: list[tuple[int, int]], seed: int) -> None:
    groups, outcomes = np.array(pairs).T
    if len(set(groups.tolist())) < 2:
        return
    for fold in stratified_folds(outcomes, 3, seed, groups):
        assert not set(groups[fold.train]) & set(groups[fold.test])


def test_the_seed_decides() -> None:
    outcomes = np.arange(50) % 2
    first, again, other = (stratified_folds(outcomes, 5, seed)[0].test for seed in (1, 1, 2))
    assert first.tolist() == again.tolist() != other.tolist()


@given(st.lists(st.integers(0, 30), min_size=3, max_size=60), st.integers(0, 8))
@settings(deadline=None)
def test_the_past_teaches_the_future_judges_and_the_gap_does_neither(times: list[int], gap: int) -> None:
    moments = np.array(times)
    for split in (split_by_time(moments, 0.3, gap), *forward_folds(moments, 3, gap)):
        assert len(split.test)
        if len(split.train):
            assert moments[split.train].max() + gap < moments[split.test].min()
    newest = split_by_time(moments, 0.3, gap).test
    assert len(newest) >= max(1, round(0.3 * len(times)))  # ties stay together
    assert set(moments[newest]) & set(np.delete(moments, newest)) == set()


def test_splits_by_date_with_subjects_and_no_overlap() -> None:
    days = np.array(["2026-01-01", "2026-01-02", "2026-01-03", "2026-01-20", "2026-01-21"], dtype="datetime64[D]")
    split = split_by_time(days, 0.4, np.timedelta64(17, "D"), groups=np.array(["a", "b", "c", "a", "d"]))
    assert split.test.tolist() == [3, 4]
    assert split.train.tolist() == [1]  # "a" judges; the third day lies inside the gap
    judged = np.concatenate([fold.test for fold in forward_folds(np.arange(40), 3)])
    assert sorted(judged) == list(range(10, 40))
