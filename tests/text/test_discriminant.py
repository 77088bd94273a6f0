"""The discriminant on points whose groups and whose disturbing direction are known."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

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
    placed = placed_anew(normalise_rows(points - points.mean(axis=0)), given_labels, 0)
    right = np.delete(np.arange(len(truth)), wrong)
    assert (placed[wrong] == truth[wrong]).mean() >= 0.75
    assert (placed[right] == truth[right]).mean() >= 0.97


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 30), st.integers(1, 5), st.integers(0, 1000))
def test_labels_stay_labels_that_were_there(num_points: int, num_groups: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    points = normalise_rows(random.normal(size=(num_points, 6)).astype(np.float32))
    labels = np.unique(random.integers(0, num_groups, num_points), return_inverse=True)[1].ravel()
    placed = placed_anew(points, labels, seed)
    assert set(placed.tolist()) <= set(labels.tolist())
    assert np.array_equal(placed, placed_anew(points, labels, seed))


def test_one_group_and_equal_points_have_nothing_to_tell_apart() -> None:
    points = np.full((12, 4), 0.5, dtype=np.float32)
    labels = np.zeros(12, dtype=np.int64)
    assert np.array_equal(placed_anew(points, labels, 0), labels)
    assert np.isfinite(whitened(points, labels)).all()
