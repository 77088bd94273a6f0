"""Permanent ids of topics: a group found anew is the earlier topic that it mostly consists of, else it gets a new id from what it holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Key = tuple[str, int]
"""A point: (row id of its text, place in it)."""

SAME_TOPIC = 0.5
"""Jaccard from which a group is an earlier topic again."""
NAMING_MEMBERS = 20


def matched_ids(labels: Ints, keys: Sequence[Key], earlier: dict[Key, str], taken: set[str]) -> list[str]:
    """Id of each group: that of the earlier topic it mostly consists of, else a new one made from its first members and not in `taken`."""
    num_groups = int(labels.max()) + 1 if len(labels) else 0
    shared = [(int(label), earlier[key]) for label, key in zip(labels, keys, strict=True) if key in earlier]
    both = Counter(shared)
    ours = Counter(label for label, _ in shared)
    theirs = Counter(topic for _, topic in shared)
    overlaps = sorted(((n / (ours[label] + theirs[topic] - n), topic, label) for (label, topic), n in both.items()), reverse=True)
    ids: dict[int, str] = {}
    used: set[str] = set()
    for overlap, topic, label in overlaps:
        if overlap >= SAME_TOPIC and label not in ids and topic not in used:
            ids[label] = topic
            used.add(topic)
    used |= set(theirs) | taken
    members: dict[int, list[str]] = {}
    for key, label in zip(keys, labels, strict=True):
        members.setdefault(int(label), []).append(f"{key[0]}:{key[1]}")
    for label in range(num_groups):
        if label not in ids:
            ids[label] = new_id(members.get(label, []), used)
            used.add(ids[label])
    return [ids[label] for label in range(num_groups)]


def new_id(members: Sequence[str], used: set[str]) -> str:
    """An id that no topic has: a hash of the first members, so that two machines name the same topic alike."""
    seed = "\n".join(sorted(members)[:NAMING_MEMBERS])
    attempt = 0
    while (name := "t" + blake2b(f"{seed}\n{attempt}".encode(), digest_size=5).hexdigest()) in used:
        attempt += 1
    return name
