import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from productloop.text.neighbours import (
    Products,
    best,
    concept_features,
    drawn_together,
    lexical_features,
    nearest,
    nearest_of_part,
    shared_neighbours,
)


def unit_points(num_points, seed=0):
    points = np.random.default_rng(seed).normal(size=(num_points, 8)).astype(np.float32)
    return points / np.linalg.norm(points, axis=1, keepdims=True)


@given(st.lists(st.text(max_size=30), min_size=1, max_size=12))
def test_rows_of_letters_have_length_one_or_none(texts):
    features = lexical_features(texts)
    lengths = np.sqrt(features.multiply(features).sum(axis=1))
    assert features.shape[0] == len(texts)
    assert np.all(np.isclose(lengths, 1.0, atol=1e-5) | (lengths == 0))


def test_letters_tell_what_is_alike():
    texts = ["退款没到账", "退款什么时候到账", "card arrival", "my card arrived", "order 12345", "invoice 12345"] + ["zzz qqq"] * 0
    features = lexical_features(texts * 4)
    likeness = (features @ features.T).toarray()
    assert likeness[0, 1] > 0.2 > likeness[0, 2]
    assert likeness[2, 3] > 0.2
    assert likeness[4, 5] < 0.1


def test_concepts_are_shared_by_both_languages():
    features = concept_features(["退款", "refund please", "密码", "password"])
    likeness = (features @ features.T).toarray()
    assert likeness[0, 1] > 0.5 > likeness[0, 2]


def test_lists_begin_with_the_point_and_give_both_languages_places():
    points = unit_points(40)
    none = Products(lexical_features([""] * 40))
    alone = nearest(points, none, 6, np.zeros(40, dtype=np.int64), 1.5)
    assert alone.shape == (40, 9)
    assert np.array_equal(alone[:, 0], np.arange(40))
    likeness = points @ points.T
    np.fill_diagonal(likeness, 2.0)
    assert np.array_equal(np.sort(alone[:, :6], axis=1), np.sort(np.argsort(-likeness, axis=1)[:, :6], axis=1))
    twins = np.vstack([points[:20], points[:20]])
    groups = np.repeat([0, 1], 20)
    both = nearest(twins, none, 6, groups, 1.5)
    for row in range(20):
        assert row in both[row, :6]
        assert row + 20 in both[row, :6]


def test_blocks_find_what_one_block_finds(monkeypatch):
    points, groups = unit_points(40, seed=1), np.arange(40) % 2
    letters = lexical_features([f"{'abc' * (row % 3)} card {row % 7}xyz" for row in range(40)])
    whole = nearest(points, Products(letters), 6, groups, 1.5)
    monkeypatch.setattr("productloop.text.neighbours._BLOCK_ROWS", 16)
    products = Products(letters)
    assert np.array_equal(nearest(points, products, 6, groups, 1.5), whole)
    assert np.array_equal(nearest(points, products, 6, groups, 1.5), whole)  # now from what is kept


def test_points_move_towards_their_neighbours_only():
    points = np.array([[1, 0, 0], [0, 1, 0], [0, 0, 1], [0, 0, -1]], dtype=np.float32)
    points[0] = [0.6, 0.8, 0.0]
    moved = drawn_together(points, np.array([[1], [0], [3], [0]]), 0.5)
    assert np.allclose(np.linalg.norm(moved, axis=1), 1.0, atol=1e-6)
    assert moved[0] @ moved[1] > points[0] @ points[1]
    assert np.allclose(moved[2:], points[2:])  # the opposite and what is at right angles do not draw
    assert np.allclose(drawn_together(points, np.array([[1], [0], [3], [0]]), 0.0), points)


def test_lists_of_a_part_hold_only_the_part():
    lists = np.array([[0, 1, 2], [1, 0, 2], [2, 1, 0]])
    assert nearest_of_part(lists, np.array([0, 2]), 2).tolist() == [[0, 1], [1, 0]]


def test_weights_are_jaccard():
    graph = shared_neighbours(np.array([[0, 1, 2], [1, 0, 2], [2, 3, 4], [3, 2, 4], [4, 3, 2]])).toarray()
    assert graph[0, 1] == 1.0
    assert np.isclose(graph[0, 2], 1 / 5)
    assert np.array_equal(graph, graph.T)
    assert graph[0, 4] == 0.0


def test_first_places_count_most_where_weights_fall():
    lists = np.array([[0, 1], [1, 0], [2, 0], [3, 3]])
    graph = shared_neighbours(lists, falling=True).toarray()
    low = np.sqrt(0.5)
    assert np.isclose(graph[0, 1], 2 * low / (3 - 2 * low))
    assert np.isclose(graph[0, 2], low / (3 - low))
    assert not graph[3].any()


def test_what_a_list_repeats_counts_once():
    once = shared_neighbours(np.array([[0, 1, 2], [1, 0, 3], [2, 0, 1], [3, 1, 0]])).toarray()
    lists = np.array([[0, 1, 2, 2, 2], [1, 0, 3, 3, 1], [2, 0, 1, 0, 2], [3, 1, 0, 0, 0]])
    assert np.array_equal(shared_neighbours(lists).toarray(), once)


@given(st.integers(1, 300), st.integers(1, 12), st.integers(0, 2**31))
def test_the_best_are_the_largest_first_and_equal_ones_by_number(width, size, seed):
    likeness = np.random.default_rng(seed).integers(0, 40, (3, width)).astype(np.float32)
    size = min(size, width)
    assert np.array_equal(best(likeness, size), np.argsort(-likeness, axis=1, kind="stable")[:, :size])
