"""The ledger: topics with a permanent identity. A topic is its members; names, numbers and neighbours may change around them.

First run: topics are found. Later runs place new points into the topics that are there and move no old one; points that fit nowhere
become new topics when there are enough of them. Topics are found anew when the points have grown by GROWN, when the dial is turned, or
when a person asks; then each new group takes the id of the earlier topic it mostly consists of (Jaccard of the points known to both),
and the ledger says what grew, split, merged, faded and is new. What a person renamed, merged, split, pinned or defined is held: no run
takes it apart or renames it.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from productloop.apps.needs._joining import centre_languages, join
from productloop.apps.needs._points import Points
from productloop.apps.needs._space import Space, levels, reach, space_of, topic_means
from productloop.loop.store import Store
from productloop.text.encoders import DEFAULT_ENCODER
from productloop.text.topics import find_topics

Vectors = NDArray[np.float32]
Ints = NDArray[np.int64]
Key = tuple[str, int]
"""A point: (row id of its text, place in it)."""
ChangeKind = Literal["new", "grew", "shrank", "same", "split", "merged", "faded"]

SAME_TOPIC = 0.5
"""Jaccard from which a group is an earlier topic again."""
PART_OF = 0.25
"""Share of an earlier topic that a group must hold to be called a part of it."""
GROWN = 0.3
"""New points as a share of those known from which topics are found anew."""
MIN_STRAYS = 30
"""Points that fit nowhere from which new topics are looked for among them."""
GREW = 0.1
NAMING_MEMBERS = 20


@dataclass(frozen=True, slots=True)
class Entry:
    """One topic of the ledger."""

    id: str
    name_zh: str
    name_en: str
    phrases: tuple[str, ...]
    means: dict[str, tuple[int, Vectors]]
    reach: float
    stability: float
    cohesion: float
    varied: bool
    held: bool = False
    """By a person: renamed, merged, split, pinned or defined."""
    state: Literal["live", "faded", "merged"] = "live"
    merged_into: str | None = None
    middle: int = 0
    coarse: int = 0


@dataclass(frozen=True, slots=True)
class Change:
    """What became of one topic since the run before."""

    kind: ChangeKind
    topic: str
    was: int
    now: int
    others: tuple[str, ...] = ()
    """Split: the topics it came from; merged: the topics that went into it."""


@dataclass(frozen=True, slots=True)
class Ledger:
    """Topics and the points in them. `labels` (p,) numbers `entries`; -1 = in none."""

    entries: tuple[Entry, ...]
    labels: Ints
    changes: tuple[Change, ...] = ()
    found_anew: bool = False
    dial: float | None = None
    version: int | None = None
    """Version of `topics` that this one follows."""
    gone: tuple[Entry, ...] = field(default=())
    """Faded and merged topics, which keep their ids and names."""

    def space(self, dimension: int) -> Space:
        """Where the topics lie."""
        return space_of([entry.means for entry in self.entries], dimension)


@dataclass(frozen=True, slots=True)
class Cloud:
    """The points of a run as they lie: where they come from, what they say, their vectors (p, d), and what grouping them needs to know."""

    keys: Sequence[Key]
    points: Points
    vectors: Vectors
    product_words: tuple[str, ...]
    seed: int


@dataclass(frozen=True, slots=True)
class Kept:
    """The ledger as it was written: entries by id, the topic of each point."""

    entries: dict[str, Entry]
    topic_of: dict[Key, str]
    dial: float | None


def read_kept(store: Store) -> Kept | None:
    """The ledger in the store; None where there is none, or one by another encoder."""
    if not store.exists("topics") or not store.exists("points"):
        return None
    names = (
        "topic, name_zh, name_en, phrases, centroid, stability, cohesion, varied, held, state, merged_into, middle, coarse, encoder, dial"
    )
    rows = store.rows(f"SELECT {names} FROM topics ORDER BY sequence")
    if not rows or any(row[13] != DEFAULT_ENCODER.id or row[4] is None for row in rows):
        return None
    entries = {str(row[0]): _entry(row) for row in rows}
    points = store.rows("SELECT feedback, start, topic FROM points WHERE topic IS NOT NULL")
    return Kept(entries, {(str(row), int(start)): str(topic) for row, start, topic in points}, rows[0][14])


def _entry(row: tuple[object, ...]) -> Entry:
    kept = json.loads(str(row[4]))
    means = {side: (int(number), np.array(mean, dtype=np.float32)) for side, (number, mean) in kept["means"].items()}
    return Entry(
        id=str(row[0]),
        name_zh=str(row[1]),
        name_en=str(row[2]),
        phrases=tuple(json.loads(str(row[3] or "[]"))),
        means=means,
        reach=float(kept["reach"]),
        stability=float(row[5] or 0.0),  # type: ignore[arg-type]
        cohesion=float(row[6] or 0.0),  # type: ignore[arg-type]
        varied=bool(row[7]),
        held=bool(row[8]),
        state=row[9] or "live",  # type: ignore[arg-type]
        merged_into=None if row[10] is None else str(row[10]),
        middle=int(row[11] or 0),  # type: ignore[call-overload]
        coarse=int(row[12] or 0),  # type: ignore[call-overload]
    )


def centroid_text(entry: Entry) -> str:
    """What `topics.centroid` holds."""
    means = {side: [number, [round(float(x), 5) for x in mean]] for side, (number, mean) in sorted(entry.means.items())}
    return json.dumps({"means": means, "reach": round(entry.reach, 5)})


def assign(cloud: Cloud, kept: Kept | None, granularity: float | None, *, refit: bool = False) -> Ledger:
    """Topics of all points: those kept, with the new points placed, or found anew where there is reason to."""
    if kept is None:
        return _found(cloud, None, granularity)
    known = np.array([key in kept.topic_of for key in cloud.keys], dtype=bool)
    turned = granularity is not None and granularity != kept.dial
    if refit or turned or (~known).sum() > GROWN * max(1, known.sum()):
        return _found(cloud, kept, granularity if granularity is not None else kept.dial)
    return _placed(cloud, kept, known)


# found anew --------------------------------------------------------------------------------------------------------------------


def _found(cloud: Cloud, kept: Kept | None, granularity: float | None) -> Ledger:
    earlier = kept.topic_of if kept is not None else {}
    held = [entry for entry in (kept.entries.values() if kept is not None else ()) if entry.held and entry.state == "live"]
    number = {entry.id: place for place, entry in enumerate(held)}
    labels = np.array([number.get(earlier.get(key, ""), -1) for key in cloud.keys], dtype=np.int64)
    if held:
        labels = _claimed(held, cloud, labels, np.array([key not in earlier for key in cloud.keys], dtype=bool))
    free = np.flatnonzero(labels < 0).tolist()
    found = _topics(free, cloud, granularity)
    labels[free] = found.labels + len(held)
    entries = [*held, *_entries(found, [cloud.keys[row] for row in free], earlier, {entry.id for entry in held})]
    return _finish(entries, labels, cloud, kept, granularity, found_anew=True)


@dataclass(frozen=True, slots=True)
class _Group:
    """Groups of some points, as `find_topics` gives them."""

    labels: Ints
    names: tuple[tuple[str, str, tuple[str, ...]], ...]
    stability: NDArray[np.float64]
    cohesion: NDArray[np.float64]
    varied: NDArray[np.bool_]


def _topics(rows: list[int], cloud: Cloud, granularity: float | None) -> _Group:
    languages = [cloud.points.language[row] for row in rows]
    dial = 0.3 if granularity is None else granularity
    topics = find_topics(
        [cloud.points.words[row] for row in rows],
        centre_languages(cloud.vectors[rows], languages),
        [f"{cloud.keys[row][0]}:{cloud.keys[row][1]:06d}" for row in rows],
        dial,
        cloud.seed,
        cloud.product_words,
    )
    topics = join(topics, languages, dial)
    names = tuple((name.zh, name.en, tuple(key.phrase for key in name.phrases)) for name in topics.names)
    return _Group(topics.labels, names, topics.stability, topics.cohesion, topics.varied)


def _entries(found: _Group, keys: Sequence[Key], earlier: dict[Key, str], taken: set[str]) -> list[Entry]:
    ids = matched_ids(found.labels, keys, {key: topic for key, topic in earlier.items() if topic not in taken}, taken)
    return [
        Entry(
            id=ids[place],
            name_zh=zh,
            name_en=en,
            phrases=phrases,
            means={},
            reach=1.0,
            stability=round(float(found.stability[place]), 4),
            cohesion=round(float(found.cohesion[place]), 4),
            varied=bool(found.varied[place]),
        )
        for place, (zh, en, phrases) in enumerate(found.names)
    ]


def _claimed(held: list[Entry], cloud: Cloud, labels: Ints, new: NDArray[np.bool_]) -> Ints:
    """Labels with the new points that lie within the reach of a held topic."""
    rows = np.flatnonzero(new & (labels < 0))
    sides = cloud.points.sides
    space = space_of([entry.means for entry in held], cloud.vectors.shape[1])
    nearest, cosine = space.nearest(cloud.vectors[rows], [sides[row] for row in rows])
    inside = cosine >= np.array([entry.reach for entry in held])[nearest]
    labels[rows[inside]] = nearest[inside]
    return labels


def matched_ids(labels: Ints, keys: Sequence[Key], earlier: dict[Key, str], taken: set[str]) -> list[str]:
    """Id of each group: that of the earlier topic it mostly consists of, else a new one made from its first members."""
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


# placed ------------------------------------------------------------------------------------------------------------------------


def _placed(cloud: Cloud, kept: Kept, known: NDArray[np.bool_]) -> Ledger:
    entries = [entry for entry in kept.entries.values() if entry.state == "live"]
    number = {entry.id: place for place, entry in enumerate(entries)}
    labels = np.array([number.get(kept.topic_of.get(key, ""), -1) for key in cloud.keys], dtype=np.int64)
    rows = np.flatnonzero(~known)
    if len(rows):
        sides = cloud.points.sides
        space = space_of([entry.means for entry in entries], cloud.vectors.shape[1])
        nearest, cosine = space.nearest(cloud.vectors[rows], [sides[row] for row in rows])
        labels[rows] = nearest
        strays = rows[cosine < np.array([entry.reach for entry in entries])[nearest]]
        if len(strays) >= MIN_STRAYS:
            labels, entries = _emerged(strays, cloud, kept, labels, entries)
    return _finish(entries, labels, cloud, kept, kept.dial, found_anew=False)


def _emerged(strays: NDArray[np.intp], cloud: Cloud, kept: Kept, labels: Ints, entries: list[Entry]) -> tuple[Ints, list[Entry]]:
    """Groups among the points that fit nowhere become topics of their own; what is varied even among them stays where it was placed."""
    found = _topics(strays.tolist(), cloud, kept.dial)
    born = _entries(found, [cloud.keys[row] for row in strays], {}, set(kept.entries))
    for place, entry in enumerate(born):
        members = strays[found.labels == place]
        if not entry.varied and entry.stability > 0 and len(members) >= MIN_STRAYS // 3:
            labels[members] = len(entries)
            entries = [*entries, entry]
    return labels, entries


# both --------------------------------------------------------------------------------------------------------------------------


def _finish(entries: list[Entry], labels: Ints, cloud: Cloud, kept: Kept | None, dial: float | None, *, found_anew: bool) -> Ledger:
    """Means, reach and levels from the points as they now lie; topics without points fade but keep their place in the ledger."""
    entries, labels, faded = _present(entries, labels)
    sides = cloud.points.sides
    means = topic_means(cloud.vectors, sides, labels, len(entries))
    space = space_of(means, cloud.vectors.shape[1])
    limits = reach(space, cloud.vectors, sides, labels)
    middle, coarse = levels(space)
    entries = [
        replace(
            entry,
            means=means[place],
            reach=limits[place] if not entry.held or not entry.means else min(limits[place], entry.reach),
            middle=int(middle[place]),
            coarse=int(coarse[place]),
        )
        for place, entry in enumerate(entries)
    ]
    present = {entry.id for entry in entries}
    gone = [entry for entry in (kept.entries.values() if kept is not None else ()) if entry.id not in present]
    gone = [entry if entry.state == "merged" else replace(entry, state="faded") for entry in gone]
    gone += [replace(entry, state="faded") for entry in faded if kept is None or entry.id not in kept.entries]
    changes = changes_between(kept, entries, labels, cloud.keys)
    return Ledger(tuple(entries), labels, changes, found_anew, dial, gone=tuple(gone))


def _present(entries: list[Entry], labels: Ints) -> tuple[list[Entry], Ints, list[Entry]]:
    """Topics that hold points, by falling size, the varied ones last; and the others."""
    sizes = np.bincount(labels[labels >= 0], minlength=len(entries))
    order = sorted(
        (place for place in range(len(entries)) if sizes[place]), key=lambda place: (entries[place].varied, -sizes[place], place)
    )
    number = np.full(len(entries) + 1, -1, dtype=np.int64)
    number[order] = np.arange(len(order))
    empty = [entry for place, entry in enumerate(entries) if not sizes[place]]
    return [entries[place] for place in order], number[labels], empty


def changes_between(kept: Kept | None, entries: Sequence[Entry], labels: Ints, keys: Sequence[Key]) -> tuple[Change, ...]:
    """What became of every topic; nothing on the first run."""
    if kept is None:
        return ()
    now = Counter(entries[label].id for label in labels.tolist() if label >= 0)
    was = Counter(kept.topic_of.values())
    moved = Counter(
        (kept.topic_of[key], entries[label].id)
        for key, label in zip(keys, labels.tolist(), strict=True)
        if label >= 0 and key in kept.topic_of
    )
    changes: list[Change] = []
    for entry in entries:
        sources = tuple(sorted(a for (a, b), n in moved.items() if b == entry.id and a != entry.id and n >= max(2, PART_OF * was[a])))
        changes.append(_change(entry.id, was[entry.id], now[entry.id], sources, was))
    changes += [Change("faded", topic, was[topic], 0) for topic in sorted(was) if not now[topic]]
    order = ("new", "split", "merged", "grew", "shrank", "faded", "same")
    return tuple(sorted(changes, key=lambda change: (order.index(change.kind), -abs(change.now - change.was), change.topic)))


def _change(topic: str, was: int, now: int, sources: tuple[str, ...], before: Counter[str]) -> Change:
    if was == 0:
        return Change("split" if sources else "new", topic, 0, now, sources)
    if sources:
        return Change("merged", topic, was, now, sources)
    if now > was * (1 + GREW):
        return Change("grew", topic, was, now)
    return Change("shrank" if now < was * (1 - GREW) else "same", topic, was, now)
