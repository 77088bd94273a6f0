import numpy as np
from scipy import sparse

from productloop.text.communities import find_communities, leiden, stability


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


def test_leiden_numbers_by_first_member_and_keeps_lone_nodes():
    edges = np.zeros((5, 5))
    edges[3, 4] = edges[4, 3] = edges[0, 2] = edges[2, 0] = 1.0
    assert leiden(sparse.csr_array(edges), 1.0, 0).tolist() == [0, 1, 0, 2, 2]
    assert leiden(sparse.csr_array((3, 3)), 1.0, 0).tolist() == [0, 1, 2]


def test_stability_is_the_best_overlap():
    labels = np.array([0, 0, 1, 1])
    resampled = np.array([[0, 0, 1, 1], [0, 0, 0, -1]])
    assert stability(labels, resampled, 2).tolist() == [(1 + 2 / 3) / 2, (1 + 1 / 3) / 2]
