"""The ledger: topics with a permanent identity. A topic is its members; names, numbers and neighbours may change around them.

First run: topics are found. Later runs place new points into the topics that are there and move no old one, nor where a topic lies;
points that fit nowhere become new topics when there are enough of them. Topics are found anew when the points have grown by GROWN, when
the dial is turned, or when a person asks; then each new group takes the id of the earlier topic it mostly consists of (Jaccard of the
points known to both), and the ledger says what grew, split, merged, faded and is new. What a person renamed, merged, split, pinned or
defined is held: no run takes it apart or renames it. An id is never used twice, not even that of a topic that is gone.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from productloop.apps.needs._points import Points, content_ids
from productloop.apps.needs._space import Space, combine, levels, matters, reach, space_of, topic_means
from productloop.apps.needs._topic_ids import Key, matched_ids
from productloop.loop.store import Store
from productloop.text.alignment import SPACE
from productloop.text.encoders import normalise_rows
from productloop.text.topics import Sources, find_topics

Vectors = NDArray[np.float32]
Ints = NDArray[np.int64]
ChangeKind = Literal["new", "grew", "shrank", "same", "split", "merged", "faded"]

PART_OF = 0.25
"""Share of an earlier topic that a group must hold to be called a part of it."""
WENT_INTO = 0.5
"""Share of a topic's points that one other topic holds when the topic is said to have gone into it."""
GROWN = 0.5
"""New points as a share of those known from which topics are found anew."""
MIN_STRAYS = 30
"""Points that fit nowhere from which new topics are looked for among them."""
EMERGING_DIAL = 0.0
"""Coarse: a few dozen points that fit nowhere hold one or two new matters, not ten."""
GREW, GREW_POINTS = 0.1, 5
"""A topic grew or shrank by this share of its points and this many of them at least."""
GREW_Z = 1.6449
"""A topic grew when it gained more of the new points than its share of the old ones brings by chance once in twenty (one-sided)."""


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
    num_texts: int = 0
    num_people: int = 0
    """As last written; 0 for a topic that is not written yet."""


@dataclass(frozen=True, slots=True)
class Change:
    """What became of one topic since the run before. `was` and `now` count points."""

    kind: ChangeKind
    topic: str
    was: int
    now: int
    others: tuple[str, ...] = ()
    """Split: the topics it came from; merged: the topics that went into it; faded: the topics that hold its points now."""
    people_was: int = 0


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
    since: int | None = None
    """As-of of the run that `changes` are measured from, µs UTC; None on the first run."""
    ran: int | None = None
    """As-of of the run that made `changes`, where that was an earlier one; None for the present run."""

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
    changes: tuple[Change, ...] = ()
    """Of the last run that changed anything."""
    since: int | None = None
    ran: int | None = None
    undo: tuple[int, int] | None = None
    """Versions of `topics` and `points` before the last change by hand; None when a run came after it."""
    space: str = SPACE
    """What the means were measured in; that of an earlier version of the package or of another encoder may differ."""

    @property
    def live(self) -> list[Entry]:
        """Topics that new points may go to: those that are there, and those a person holds although nothing is left in them."""
        return [
            entry for entry in self.entries.values() if entry.means and (entry.state == "live" or (entry.held and not entry.merged_into))
        ]


def read_kept(store: Store) -> Kept | None:
    """The ledger in the store; None where there is none."""
    if not store.exists("topics") or not store.exists("points"):
        return None
    names = (
        "topic, name_zh, name_en, phrases, centroid, stability, cohesion, varied, held, state, merged_into, middle, coarse, "
        "num_texts, num_people, change, encoder, dial"
    )
    rows = store.rows(f"SELECT {names} FROM topics ORDER BY sequence")
    if not rows or any(row[4] is None for row in rows):
        return None
    entries = {str(row[0]): _entry(row) for row in rows}
    points = store.columns("SELECT feedback, start, topic FROM points WHERE topic IS NOT NULL")
    keys = zip(points["feedback"].tolist(), points["start"].tolist(), strict=True)
    changed = [(str(row[0]), json.loads(row[15] or "{}")) for row in rows]
    run = changed[0][1]
    undo = run.get("undo")
    return Kept(
        entries,
        dict(zip(keys, points["topic"].tolist(), strict=True)),
        rows[0][17],
        in_order(
            Change(note["kind"], topic, note["was"], note["now"], tuple(note["others"]), note["people_was"])
            for topic, note in changed
            if "kind" in note
        ),
        run.get("since"),
        run.get("ran"),
        None if undo is None else (int(undo[0]), int(undo[1])),
        str(rows[0][16]),
    )


def _entry(row: tuple[Any, ...]) -> Entry:
    kept = json.loads(row[4])
    return Entry(
        id=str(row[0]),
        name_zh=str(row[1]),
        name_en=str(row[2]),
        phrases=tuple(json.loads(row[3] or "[]")),
        means={side: (int(number), np.array(mean, dtype=np.float32)) for side, (number, mean) in kept["means"].items()},
        reach=float(kept["reach"]),
        stability=float(row[5] or 0.0),
        cohesion=float(row[6] or 0.0),
        varied=bool(row[7]),
        held=bool(row[8]),
        state=row[9] or "live",
        merged_into=row[10],
        middle=int(row[11] or 0),
        coarse=int(row[12] or 0),
        num_texts=int(row[13] or 0),
        num_people=int(row[14] or 0),
    )


def centroid_text(entry: Entry) -> str:
    """What `topics.centroid` holds."""
    means = {side: [number, [round(float(x), 5) for x in mean]] for side, (number, mean) in sorted(entry.means.items())}
    return json.dumps({"means": means, "reach": round(entry.reach, 5)})


def change_text(change: Change | None, since: int | None, ran: int | None, undo: tuple[int, int] | None = None) -> str:
    """What `topics.change` holds: what became of the topic in the last run, and of the whole ledger when that was and what undoes it."""
    note: dict[str, Any] = {"since": since, "ran": ran, "undo": undo}
    if change is not None:
        note |= {"kind": change.kind, "was": change.was, "now": change.now, "others": change.others, "people_was": change.people_was}
    return json.dumps(note)


def assign(cloud: Cloud, kept: Kept | None, granularity: float | None, *, refit: bool = False) -> Ledger:
    """Topics of all points: those kept, with the new points placed, or found anew where there is reason to."""
    if kept is None:
        return _found(cloud, None, granularity)
    if kept.space != SPACE:
        kept = measured_anew(kept, cloud)
    known = np.array([key in kept.topic_of for key in cloud.keys], dtype=bool)
    turned = granularity is not None and granularity != kept.dial
    if refit or turned or not kept.live or (~known).sum() > GROWN * max(1, len(kept.topic_of)):
        return _found(cloud, kept, granularity if granularity is not None else kept.dial)
    return _placed(cloud, kept, known)


def measured_anew(kept: Kept, cloud: Cloud) -> Kept:
    """The same ledger in the present space: where its topics lie follows from the points they hold, so nobody's hand is lost."""
    number = {topic: place for place, topic in enumerate(kept.entries)}
    labels = np.array([number.get(kept.topic_of.get(key, ""), -1) for key in cloud.keys], dtype=np.int64)
    means = topic_means(cloud.vectors, cloud.points.sides, labels, len(number))
    limits = reach(space_of(means, cloud.vectors.shape[1]), cloud.vectors, cloud.points.sides, labels)
    entries = {topic: replace(entry, means=means[place], reach=limits[place]) for place, (topic, entry) in enumerate(kept.entries.items())}
    return replace(kept, entries=entries, space=SPACE)


# found anew --------------------------------------------------------------------------------------------------------------------


def _found(cloud: Cloud, kept: Kept | None, granularity: float | None) -> Ledger:
    earlier = kept.topic_of if kept is not None else {}
    held = [entry for entry in (kept.live if kept is not None else ()) if entry.held]
    number = {entry.id: place for place, entry in enumerate(held)}
    labels = np.array([number.get(earlier.get(key, ""), -1) for key in cloud.keys], dtype=np.int64)
    if held and kept is not None:
        labels = _claimed(kept, number, cloud, labels, np.array([key not in earlier for key in cloud.keys], dtype=bool))
    free = np.flatnonzero(labels < 0).tolist()
    entries = held
    if free:
        found = _topics(free, cloud, granularity)
        labels[free] = found.labels + len(held)
        entries = [*held, *_entries(found, [cloud.keys[row] for row in free], kept, set(number))]
    means = topic_means(cloud.vectors, cloud.points.sides, labels, len(entries))
    entries = [replace(entry, means=means[place] or entry.means) for place, entry in enumerate(entries)]
    limits = reach(space_of([entry.means for entry in entries], cloud.vectors.shape[1]), cloud.vectors, cloud.points.sides, labels)
    entries = [entry if entry.held else replace(entry, reach=limits[place]) for place, entry in enumerate(entries)]
    return _finish(entries, labels, cloud, kept, granularity, found_anew=True)


@dataclass(frozen=True, slots=True)
class Group:
    """Groups of some points, as `find_topics` gives them."""

    labels: Ints
    names: tuple[tuple[str, str, tuple[str, ...]], ...]
    stability: NDArray[np.float64]
    cohesion: NDArray[np.float64]
    varied: NDArray[np.bool_]


def groups(cloud: Cloud, granularity: float | None) -> Group:
    """Groups of all points of a cloud: for a topic that a person wants to see in parts."""
    return _topics(list(range(len(cloud.keys))), cloud, granularity)


def _topics(rows: list[int], cloud: Cloud, granularity: float | None) -> Group:
    topics = find_topics(
        [cloud.points.words[row] for row in rows],
        cloud.vectors[rows],
        content_ids([cloud.points.words[row] for row in rows]),
        granularity,
        cloud.seed,
        cloud.product_words,
        Sources([cloud.points.language[row] for row in rows], cloud.points.text[rows].tolist()),
    )
    names = tuple((name.zh, name.en, tuple(key.phrase for key in name.phrases)) for name in topics.names)
    return Group(topics.labels, names, topics.stability, topics.cohesion, topics.varied)


def _entries(found: Group, keys: Sequence[Key], kept: Kept | None, held: set[str]) -> list[Entry]:
    free = {key: topic for key, topic in kept.topic_of.items() if topic not in held} if kept is not None else {}
    ids = matched_ids(found.labels, keys, free, set(kept.entries) if kept is not None else set())
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


def _claimed(kept: Kept, held: dict[str, int], cloud: Cloud, labels: Ints, new: NDArray[np.bool_]) -> Ints:
    """Labels with the new points that of all kept topics lie nearest to a held one, and within its reach."""
    rows = np.flatnonzero(new & (labels < 0))
    live = kept.live
    sides = cloud.points.sides
    space = space_of([entry.means for entry in live], cloud.vectors.shape[1])
    nearest, cosine = space.nearest(cloud.vectors[rows], [sides[row] for row in rows])
    number = np.array([held.get(entry.id, -1) for entry in live])
    inside = (cosine >= np.array([entry.reach for entry in live])[nearest]) & (number[nearest] >= 0)
    labels[rows[inside]] = number[nearest[inside]]
    return labels


# placed ------------------------------------------------------------------------------------------------------------------------


def _placed(cloud: Cloud, kept: Kept, known: NDArray[np.bool_]) -> Ledger:
    entries = kept.live
    number = {entry.id: place for place, entry in enumerate(entries)}
    labels = np.array([number.get(kept.topic_of.get(key, ""), -1) for key in cloud.keys], dtype=np.int64)
    rows = np.flatnonzero(~known)
    if len(rows):
        sides = cloud.points.sides
        labels[rows], strays = place_points(entries, cloud.vectors[rows], [sides[row] for row in rows])
        if strays.sum() >= MIN_STRAYS:
            labels, entries = _emerged(rows[strays], cloud, kept, labels, entries)
        entries = _with_new(entries, cloud, labels, rows)
    return _finish(entries, labels, cloud, kept, kept.dial, found_anew=False)


def place_points(entries: Sequence[Entry], vectors: Vectors, sides: Sequence[str]) -> tuple[Ints, NDArray[np.bool_]]:
    """(topic (n,), whether it lies within the reach of none (n,)) of new points. A stray goes to the nearest topic that no person holds.

    -1 where there is none. Needs the ledger alone: no old point is read, none is moved.
    """
    space = space_of([entry.means for entry in entries], vectors.shape[1])
    nearest, cosine = space.nearest(vectors, sides)
    strays = np.asarray(cosine < np.array([entry.reach for entry in entries])[nearest], dtype=bool)
    held = np.array([entry.held for entry in entries], dtype=bool)
    outside = np.flatnonzero(strays & held[nearest])
    if len(outside):
        free = np.flatnonzero(~held)
        others, _ = Space(space.centres, space.centroids[free]).nearest(vectors[outside], [sides[row] for row in outside.tolist()])
        nearest[outside] = free[others] if len(free) else -1
    return nearest, strays


def _with_new(entries: list[Entry], cloud: Cloud, labels: Ints, rows: NDArray[np.intp]) -> list[Entry]:
    """Topics with the new points in their means; how far a topic reaches is fixed when it is found, so it never creeps outwards."""
    every_side = cloud.points.sides
    sides = [every_side[row] for row in rows]
    added = topic_means(cloud.vectors[rows], sides, labels[rows], len(entries))
    entries = [replace(entry, means=combine([entry.means, added[place]])) for place, entry in enumerate(entries)]
    born = [place for place, entry in enumerate(entries) if entry.reach >= 1.0]
    if born:
        limits = reach(space_of([entry.means for entry in entries], cloud.vectors.shape[1]), cloud.vectors[rows], sides, labels[rows])
        for place in born:
            entries[place] = replace(entries[place], reach=limits[place])
    return entries


def _emerged(strays: NDArray[np.intp], cloud: Cloud, kept: Kept, labels: Ints, entries: list[Entry]) -> tuple[Ints, list[Entry]]:
    """Groups among the points that fit nowhere become topics of their own; what is varied even among them stays where it was placed."""
    found = _topics(strays.tolist(), cloud, EMERGING_DIAL)
    born = _entries(found, [cloud.keys[row] for row in strays], kept, set(kept.entries))
    firm = [place for place, entry in enumerate(born) if not entry.varied and entry.stability > 0]
    sides = cloud.points.sides
    space = space_of([entry.means for entry in kept.live], cloud.vectors.shape[1])
    moved = space.moved(cloud.vectors[strays], [sides[row] for row in strays])
    centroids = np.array([moved[found.labels == place].mean(axis=0) for place in firm], dtype=np.float32).reshape(len(firm), moved.shape[1])
    matter = matters(normalise_rows(centroids))
    for number in np.unique(matter).tolist():
        its = [place for place, one in zip(firm, matter.tolist(), strict=True) if one == number]
        members = strays[np.isin(found.labels, its)]
        if len(members) >= MIN_STRAYS // 3:
            labels[members] = len(entries)
            entries = [*entries, born[its[0]]]
    return labels, entries


# both --------------------------------------------------------------------------------------------------------------------------


def _finish(entries: list[Entry], labels: Ints, cloud: Cloud, kept: Kept | None, dial: float | None, *, found_anew: bool) -> Ledger:
    """Order, levels and changes from the points as they now lie; topics without points fade but keep their place in the ledger."""
    entries, labels, _ = _present(entries, labels)
    middle, coarse = levels(space_of([entry.means for entry in entries], cloud.vectors.shape[1]))
    entries = [replace(entry, state="live", middle=int(middle[place]), coarse=int(coarse[place])) for place, entry in enumerate(entries)]
    if kept is None:
        return Ledger(tuple(entries), labels, (), found_anew, dial)
    changes = changes_between(kept, entries, labels, cloud.keys)
    present = {entry.id for entry in entries}
    went = {other: change.topic for change in changes if change.kind == "merged" for other in change.others}
    gone = tuple(_gone(entry, went.get(entry.id)) for entry in kept.entries.values() if entry.id not in present)
    moved = any(change.kind != "same" for change in changes) or any(change.was != change.now for change in changes)
    if not moved:
        return Ledger(tuple(entries), labels, kept.changes, found_anew, dial, gone=gone, since=kept.since, ran=kept.ran)
    return Ledger(tuple(entries), labels, changes, found_anew, dial, gone=gone, since=kept.ran)


def _gone(entry: Entry, into: str | None) -> Entry:
    if entry.state == "merged":
        return entry
    if into is not None and not entry.held:
        return replace(entry, state="merged", merged_into=into)
    return replace(entry, state="faded")


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
    both = zip(keys, labels.tolist(), strict=True)
    moved = Counter((kept.topic_of[key], entries[label].id) for key, label in both if label >= 0 and key in kept.topic_of)
    known = Counter[str]()
    for (_, topic), number in moved.items():
        known[topic] += number
    went = {a: b for (a, b), number in moved.items() if not now[a] and number >= max(2, WENT_INTO * was[a])}
    changes: list[Change] = []
    for entry in entries:
        parts = sorted(a for (a, b), n in moved.items() if b == entry.id != a and n >= max(2, PART_OF * was[a], PART_OF * known[b]))
        sources = sorted(a for a, b in went.items() if b == entry.id)
        kind = _kind(was[entry.id], now[entry.id], len(sources), len(parts), was.total(), now.total())
        others = sources if kind == "merged" else parts if kind == "split" else []
        people = kept.entries[entry.id].num_people if entry.id in kept.entries else 0
        changes.append(Change(kind, entry.id, was[entry.id], now[entry.id], tuple(others), people))
    taken = {other for change in changes if change.kind == "merged" for other in change.others}
    for topic in sorted(was):
        if not now[topic] and topic not in taken:
            holders = sorted((b for (a, b), n in moved.items() if a == topic and n >= 2), key=lambda b: (-moved[topic, b], b))
            people = kept.entries[topic].num_people if topic in kept.entries else 0
            changes.append(Change("faded", topic, was[topic], 0, tuple(holders[:3]), people))
    return in_order(changes)


def in_order(changes: Iterable[Change]) -> tuple[Change, ...]:
    """As they are told: by kind, the largest first."""
    order = ("new", "split", "merged", "grew", "shrank", "faded", "same")
    return tuple(sorted(changes, key=lambda change: (order.index(change.kind), -abs(change.now - change.was), change.topic)))


def _kind(was: int, now: int, num_sources: int, num_parts: int, all_was: int, all_now: int) -> ChangeKind:
    """`num_sources`: topics that went into this one; `num_parts`: topics that gave it a part of theirs."""
    if was == 0:
        return "merged" if num_sources > 1 else "split" if num_parts else "new"
    if num_sources:
        return "merged"
    gained, share = now - was, was / all_was
    by_chance = max(0, all_now - all_was) * share
    if now > was * (1 + GREW) and gained >= GREW_POINTS and gained > by_chance + GREW_Z * (by_chance * (1 - share)) ** 0.5:
        return "grew"
    return "shrank" if now < was * (1 - GREW) and -gained >= GREW_POINTS else "same"
