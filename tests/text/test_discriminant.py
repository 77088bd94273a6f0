"""The discriminant on points whose groups and whose disturbing direction are known."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import sparse

from productloop.text.discriminant import placed_anew, whitened
from productloop.text.encoders import normalise_rows

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]


def disturbed_groups(seed: int, each: int = 80) -> tuple[Floats, Ints]:
    """Two groups 1 apart in the first of ten directions, scattered .8 in the second, .1 in the others."""
    random = np.random.default_rng(seed)
    labels = np.repeat([0, 1], each)
    points = random.normal(0.0, 0.1, (2 * each, 10))
    points[:, 0] += np.where(labels == 0, -0.5, 0.5)
    points[:, 1] += random.normal(0.0, 0.8, 2 * each)
    points[:, 2] += 1.0
    return normalise_rows(points.astype(np.float32)), labels


def moved(
    points: Floats, labels: Ints, seed: int = 0, words: sparse.csr_array | None = None, companions: sparse.csr_array | None = None
) -> Ints:
    """`placed_anew` of one language, without words where none are given."""
    said = sparse.csr_array((len(points), 1)) if words is None else words
    return placed_anew(points, labels, seed, said, np.zeros(len(points), dtype=np.int64), companions)


def contrast(points: Floats, labels: Ints) -> float:
    """Mean cosine of points of one group less that of points of two."""
    likeness = points @ points.T
    same = labels[:, None] == labels[None, :]
    return float(likeness[same].mean() - likeness[~same].mean())


@pytest.mark.parametrize("seed", range(3))
def test_whitened_takes_out_what_varies_inside_the_groups(seed: int) -> None:
    points, labels = disturbed_groups(seed)
    centred = normalise_rows(points - points.mean(axis=0))
    told_apart = whitened(centred, labels)
    assert np.allclose(np.linalg.norm(told_apart, axis=1), 1.0, atol=1e-5)
    assert contrast(told_apart, labels) > 1.3 * contrast(centred, labels) > 0


@pytest.mark.parametrize("seed", range(3))
def test_wrong_labels_are_mended_and_right_ones_stay(seed: int) -> None:
    points, truth = disturbed_groups(seed)
    given_labels = truth.copy()
    wrong = np.random.default_rng(seed).choice(len(truth), 16, replace=False)
    given_labels[wrong] = 1 - given_labels[wrong]
    placed = moved(normalise_rows(points - points.mean(axis=0)), given_labels)
    right = np.delete(np.arange(len(truth)), wrong)
    assert (placed[wrong] == truth[wrong]).mean() >= 0.75
    assert (placed[right] == truth[right]).mean() >= 0.97


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 30), st.integers(1, 5), st.integers(0, 1000))
def test_labels_stay_labels_that_were_there(num_points: int, num_groups: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    points = normalise_rows(random.normal(size=(num_points, 6)).astype(np.float32))
    labels = np.unique(random.integers(0, num_groups, num_points), return_inverse=True)[1].ravel()
    placed = moved(points, labels, seed)
    assert set(placed.tolist()) <= set(labels.tolist())
    assert np.array_equal(placed, moved(points, labels, seed))


def test_one_group_and_equal_points_have_nothing_to_tell_apart() -> None:
    points = np.full((12, 4), 0.5, dtype=np.float32)
    labels = np.zeros(12, dtype=np.int64)
    assert np.array_equal(moved(points, labels), labels)
    assert np.isfinite(whitened(points, labels)).all()


@pytest.mark.parametrize("seed", range(3))
def test_words_decide_where_vectors_do_not(seed: int) -> None:
    random = np.random.default_rng(seed)
    truth = np.repeat([0, 1], 80)
    points = normalise_rows(random.normal(size=(160, 6)).astype(np.float32))
    # three of five words of its own matter, two that everybody says
    columns = np.concatenate([truth[:, None] * 5 + random.integers(0, 5, (160, 3)), random.integers(10, 15, (160, 2))], axis=1)
    words = sparse.csr_array((np.full(800, 5**-0.5), (np.repeat(np.arange(160), 5), columns.ravel())), shape=(160, 15))
    labels = truth.copy()
    wrong = random.choice(160, 16, replace=False)
    labels[wrong] = 1 - labels[wrong]
    placed = moved(points, labels, words=10.0 * words)
    assert (placed == truth).mean() > 0.97 > (moved(points, labels) == truth).mean()


def test_words_of_a_language_are_compared_inside_it() -> None:
    """A group written mostly in one language takes no text of the other for its language alone."""
    truth = np.array([0] * 60 + [1] * 60)
    sides = np.array([0] * 55 + [1] * 5 + [0] * 5 + [1] * 55)
    points = np.full((120, 4), 0.5, dtype=np.float32)
    alike = sparse.csr_array((np.ones(120), (np.arange(120), sides)), shape=(120, 2))
    assert np.array_equal(placed_anew(points, truth, 0, 20.0 * alike, sides), truth)
    assert not np.array_equal(placed_anew(points, truth, 0, 20.0 * alike, np.zeros(120, dtype=np.int64)), truth)


@pytest.mark.parametrize("keeps", [True, False])
def test_the_rest_of_a_message_counts_where_messages_keep_to_their_topic(keeps: bool) -> None:
    """Fifty messages of two texts; the second texts of the last ten say nothing and lie in a wrong group."""
    random = np.random.default_rng(0)
    first = np.tile([0, 1], 25)
    second = first if keeps else np.where(np.arange(50) % 4 < 2, first, 1 - first)
    truth = np.concatenate([first, second])
    points = random.normal(0.0, 0.3, (100, 8))
    points[:, 0] += np.where(truth == 0, -1.0, 1.0)
    points[90:, 0] = 0.0
    points[90:, 1:] *= 0.1
    labels = truth.copy()
    labels[90:] = 1 - first[40:]
    pairs = np.concatenate([np.arange(50), np.arange(50, 100)]), np.concatenate([np.arange(50, 100), np.arange(50)])
    companions = sparse.csr_array((np.ones(100), pairs), shape=(100, 100))
    placed = moved(points.astype(np.float32), labels, companions=companions)
    alone = moved(points.astype(np.float32), labels)
    if keeps:
        assert (placed[90:] == first[40:]).mean() >= 0.9 > (alone[90:] == first[40:]).mean()
    else:
        assert np.array_equal(placed, alone)
