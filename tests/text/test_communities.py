import numpy as np
from scipy import sparse

from productloop.text.communities import find_communities, join, leiden, levels, settle, stability


def lists_of(groups, size, seed=0):
    """Neighbour lists inside the groups, the point itself first."""
    random = np.random.default_rng(seed)
    rows = []
    for row, group in enumerate(groups):
        mates = np.setdiff1d(np.flatnonzero(groups == group), [row])
        rows.append([row, *random.permutation(mates)[: size - 1]])
    return np.array(rows)


def test_groups_that_are_apart_are_found_and_hold():
    groups = np.repeat(np.arange(4), 30)
    found = find_communities(lists_of(groups, 20), 12, (1.0,), seed=0)
    assert len(set(zip(groups.tolist(), found.labels.tolist(), strict=True))) == 4
    assert found.resampled.shape == (12, 120)
    assert ((found.resampled < 0).sum(axis=1) == 24).all()
    assert (stability(found.labels, found.resampled, 4) > 0.9).all()


def test_the_finest_level_that_holds_is_taken():
    groups = np.repeat(np.arange(4), 30)
    found = find_communities(lists_of(groups, 20), 12, (0.5, 50.0), seed=0)
    assert found.labels.max() == 3
    finest = find_communities(lists_of(groups, 20), 12, (0.01, 1.0), seed=0)  # leads after half of the resamples, still has all of them
    assert (finest.labels.max(), finest.resolution, finest.resampled.shape) == (3, 1.0, (12, 120))


def test_leiden_numbers_by_first_member_and_keeps_lone_nodes():
    edges = np.zeros((5, 5))
    edges[3, 4] = edges[4, 3] = edges[0, 2] = edges[2, 0] = 1.0
    assert leiden(sparse.csr_array(edges), 1.0, 0).tolist() == [0, 1, 0, 2, 2]
    assert leiden(sparse.csr_array((3, 3)), 1.0, 0).tolist() == [0, 1, 2]


def test_stability_is_the_best_overlap():
    labels = np.array([0, 0, 1, 1])
    resampled = np.array([[0, 0, 1, 1], [0, 0, 0, -1]])
    assert stability(labels, resampled, 2).tolist() == [(1 + 2 / 3) / 2, (1 + 1 / 3) / 2]


def nested(num_groups=8, size=6):
    """Groups of nodes in two halves: close in a group, loose in a half, hardly tied to the other half."""
    group = np.repeat(np.arange(num_groups), size)
    half = group // (num_groups // 2)
    weight = np.where(group[:, None] == group, 1.0, np.where(half[:, None] == half, 0.1, 0.001))
    np.fill_diagonal(weight, 0.0)
    return sparse.csr_array(weight), group, half


def modularity(graph, labels, resolution):
    weight, degree = graph.toarray(), graph.sum(axis=1)
    same = labels[:, None] == labels
    return ((weight - resolution * np.outer(degree, degree) / degree.sum()) * same).sum() / degree.sum()


def test_coarser_levels_are_joined_from_finer_ones():
    graph, group, half = nested()
    coarse, fine = levels(graph, (0.5, 2.0), 0)
    assert np.array_equal(fine, group)
    assert np.array_equal(coarse, half)
    assert np.array_equal(join(graph, group, 0.5), half)
    assert np.array_equal(join(graph, group, 2.0), group)


def test_a_node_moves_to_its_like_and_one_without_edges_stays():
    graph, group, _ = nested(4)
    wrong = group.copy()
    wrong[[0, 7]] = 3
    assert np.array_equal(settle(graph, wrong, graph.sum(axis=1), 2.0), group)
    alone = sparse.csr_array((3, 3))
    assert settle(alone, np.arange(3), alone.sum(axis=1), 1.0).tolist() == [0, 1, 2]


def test_moves_and_joins_never_lose_modularity_on_noise():
    random = np.random.default_rng(0)
    weight = np.triu(random.random((60, 60)) * (random.random((60, 60)) < 0.2), 1)
    graph = sparse.csr_array(weight + weight.T)
    labels = random.integers(0, 12, 60)
    moved = settle(graph, labels, graph.sum(axis=1), 1.0)
    assert modularity(graph, moved, 1.0) > modularity(graph, labels, 1.0)
    assert modularity(graph, join(graph, moved, 1.0), 1.0) >= modularity(graph, moved, 1.0)
