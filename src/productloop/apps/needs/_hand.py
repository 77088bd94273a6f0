"""What people do to topics: rename, merge, pin, split, define. Pure functions from the ledger as it is kept to the ledger as it shall be.

They run twice: once to show the outcome, and once more in the last step under the lock, on whatever version is then the newest; so
nobody's change is lost, and none waits for an analysis. What a person touched is held: no run renames it or takes it apart.
"""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from productloop.apps.needs import ledger_wording as wording
from productloop.apps.needs._ledger import Entry, Group, Kept
from productloop.apps.needs._space import Means, Space, combine, levels, matters, reach, space_of, topic_means, without
from productloop.apps.needs._topic_ids import Key, new_id
from productloop.foundation.errors import DataProblem, UsageError, excerpt
from productloop.foundation.wording import Say, say
from productloop.text.encoders import normalise_rows

Vectors = NDArray[np.float32]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

MAX_NAME = 60
"""Letters of a name."""
MAX_LISTED = 5
MIN_PART, MIN_PART_SHARE = 5, 0.1
"""A part of a topic has at least this many points and this share of them."""
MIN_PART_STABILITY = 0.5
"""A part that resamples find again less well than this is no part (Hennig 2007: below .5 a cluster dissolves)."""
PART_DIALS = (0.05, 0.2)
"""From coarse to finer, until a topic falls apart."""


@dataclass(frozen=True, slots=True)
class Hand:
    """What a change by hand comes to."""

    entries: dict[str, Entry]
    said: Say
    """What was done, in a sentence."""
    moves: dict[Key, str] = field(default_factory=dict)
    """Points that go to another topic."""


@dataclass(frozen=True, slots=True)
class Heap:
    """Some p points with all that placing them by hand needs."""

    keys: list[Key]
    sides: list[str]
    vectors: Vectors
    topic: list[str | None]
    """The topic each is in."""

    def part(self, rows: Sequence[int]) -> Heap:
        """Some of them."""
        return Heap([self.keys[r] for r in rows], [self.sides[r] for r in rows], self.vectors[list(rows)], [self.topic[r] for r in rows])


@dataclass(frozen=True, slots=True)
class Part:
    """A topic to be made of points of others."""

    name_zh: str
    name_en: str
    phrases: tuple[str, ...]
    heap: Heap


def find_entry(kept: Kept, wanted: str) -> Entry:
    """The topic with this id (or the one it was merged into) or, by itself, with these words in its name. UsageError else."""
    wanted = wanted.strip()
    entry = kept.entries.get(wanted)
    seen: set[str] = set()
    while entry is not None and entry.merged_into is not None and entry.merged_into in kept.entries and entry.id not in seen:
        seen.add(entry.id)
        entry = kept.entries[entry.merged_into]
    if entry is not None:
        if entry.state != "live" and not entry.held:
            raise UsageError(wording.NOT_LIVE, topic=entry.name_zh)
        return entry
    live = [one for one in kept.entries.values() if one.state == "live"]
    lowered = wanted.lower()
    found = [one for one in live if wanted and lowered in (one.name_zh.lower(), one.name_en.lower())]
    found = found or [one for one in live if wanted and (lowered in one.name_zh.lower() or lowered in one.name_en.lower())]
    if len(found) == 1:
        return found[0]
    if found:
        raise UsageError(wording.SEVERAL_TOPICS, topic=excerpt(wanted), found=", ".join(_label(one) for one in found[:MAX_LISTED]))
    names = {name.lower(): one for one in live for name in (one.name_zh, one.name_en, one.id)}
    close = difflib.get_close_matches(lowered, list(names), 1, 0.2)
    raise UsageError(wording.NO_TOPIC, topic=excerpt(wanted), nearest=_label(names[close[0]]) if close else "–")


def _label(entry: Entry) -> str:
    return f"{entry.id} ({entry.name_zh if entry.name_zh == entry.name_en else f'{entry.name_zh} | {entry.name_en}'})"


def named(entry: Entry) -> Say:
    """Its name in both languages."""
    return say("needs.topic", zh=entry.name_zh, en=entry.name_en)


def quoted(entry: Entry) -> Say:
    """Its name in quotation marks, for a list."""
    return say("needs.ledger.quoted", name=named(entry))


def rename(kept: Kept, order: str) -> Hand:
    """`TOPIC=NAME` or `TOPIC=中文|English`."""
    wanted, equals, name = order.partition("=")
    zh, _, en = (part.strip()[:MAX_NAME] for part in name.partition("|"))
    if not equals or not (zh or en):
        raise UsageError(wording.RENAME_SHAPE, given=excerpt(order))
    entry = find_entry(kept, wanted)
    new = replace(entry, name_zh=zh or en, name_en=en or zh, held=True)
    return Hand(kept.entries | {entry.id: new}, say("needs.ledger.renamed", was=named(entry), name=named(new)))


def pin(kept: Kept, wanted: str, *, held: bool) -> Hand:
    """Hold a topic, or give it back to the runs."""
    entry = find_entry(kept, wanted)
    key = "needs.ledger.pinned" if held else "needs.ledger.unpinned"
    return Hand(kept.entries | {entry.id: replace(entry, held=held)}, say(key, name=named(entry)))


def merge(kept: Kept, order: str) -> Hand:
    """`A+B+C`: the last takes the points of the others, which keep their rows and lead to it."""
    parts = [part for part in order.replace("＋", "+").split("+") if part.strip()]
    chosen = list({entry.id: entry for entry in (find_entry(kept, part) for part in parts)}.values())
    if len(chosen) < 2:
        raise UsageError(wording.MERGE_SHAPE, given=excerpt(order))
    *sources, target = chosen
    means = combine([entry.means for entry in chosen])
    merged = replace(target, means=means, reach=_joint_reach(kept, chosen, means), held=True, state="live", varied=False)
    entries = dict(kept.entries)
    entries |= {entry.id: replace(entry, state="merged", merged_into=target.id, num_texts=0, num_people=0) for entry in sources}
    entries[target.id] = merged
    gone = {entry.id for entry in sources}
    # topics that went into one of these earlier lead on to where it goes now
    entries |= {one.id: replace(one, merged_into=target.id) for one in entries.values() if one.merged_into in gone}
    moves = {key: target.id for key, topic in kept.topic_of.items() if topic in gone}
    return Hand(entries, say("needs.ledger.merged", topics=[quoted(entry) for entry in sources], name=named(target)), moves)


def _joint_reach(kept: Kept, parts: Sequence[Entry], means: Means) -> float:
    """Cosine that nearly all points of the parts have with the joint centroid.

    A point has cosine r with its part's centroid, that one g with the joint one; what is left of both is unrelated, so about r * g.
    """
    dimension = len(next(iter(means.values()))[1]) if means else 1
    space = space_of([*(entry.means for entry in kept.live), means, *(entry.means for entry in parts)], dimension)
    first = len(kept.live)
    cosine = space.centroids[first + 1 :] @ space.centroids[first]
    return min(float(entry.reach * between) for entry, between in zip(parts, cosine, strict=True))


# made of points of other topics -------------------------------------------------------------------------------------------------


def choose_parts(found: Group, heap: Heap, space: Space) -> list[list[int]]:
    """Rows of the parts that a topic falls into, the largest first; fewer than two: it does not fall apart.

    Groups found again in resamples, those of one matter joined by average linkage (Sokal and Michener 1958).
    """
    least = max(MIN_PART, MIN_PART_SHARE * len(heap.keys))
    parts: list[list[int]] = []
    for number in range(len(found.names)):
        rows = np.flatnonzero(found.labels == number)
        if not found.varied[number] and found.stability[number] >= MIN_PART_STABILITY and len(rows) >= least:
            parts.append(rows.tolist())
    parts.sort(key=lambda its: (-len(its), its[0]))
    if len(parts) < 2:
        return parts
    moved = space.moved(heap.vectors, heap.sides)
    matter = matters(normalise_rows(np.array([moved[its].mean(axis=0) for its in parts], dtype=np.float32)))
    joined: dict[int, list[int]] = {}
    for number, its in zip(matter.tolist(), parts, strict=True):
        joined.setdefault(number, []).extend(its)  # the largest first: it names the part
    return sorted(joined.values(), key=lambda its: (-len(its), its[0]))


def split(kept: Kept, wanted: str, parts: Sequence[Part]) -> Hand:
    """The first part keeps the topic's id, with what belongs to no part; each of the others becomes a topic of its own."""
    source = find_entry(kept, wanted)
    renamed = source if source.held else replace(source, name_zh=parts[0].name_zh, name_en=parts[0].name_en, phrases=parts[0].phrases)
    entries, moves, born = _carve(kept, parts[1:], {source.id})
    entries[source.id] = replace(renamed, means=entries[source.id].means, held=True)
    names = [quoted(entries[topic]) for topic in (source.id, *born)]
    return Hand(entries, say("needs.ledger.split", name=named(source), topics=names), moves)


def define(kept: Kept, part: Part) -> Hand:
    """A topic of the points that mean what a sentence says. Points of topics that a person holds stay where they are."""
    held = {entry.id for entry in kept.entries.values() if entry.held}
    entries, moves, born = _carve(kept, [part], set(kept.entries) - held)
    if not born:
        raise DataProblem(wording.DEFINE_NOTHING, sentence=part.name_zh)
    return Hand(entries, say("needs.ledger.quoted", name=named(entries[born[0]])), moves)


def _carve(kept: Kept, parts: Sequence[Part], sources: set[str]) -> tuple[dict[str, Entry], dict[Key, str], list[str]]:
    """(entries, moves, ids of the new ones) with topics made of the points of `parts` that are in `sources` or in no topic."""
    entries = dict(kept.entries)
    moves: dict[Key, str] = {}
    born: list[str] = []
    for part in parts:
        its = [kept.topic_of.get(key) for key in part.heap.keys]
        rows = [row for row, topic in enumerate(its) if topic is None or topic in sources]
        if not rows:
            continue
        heap = part.heap.part(rows)
        id_ = new_id([f"{row}:{start}" for row, start in heap.keys], set(entries))
        means = topic_means(heap.vectors, heap.sides, np.zeros(len(rows), dtype=np.int64), 1)[0]
        number = {topic: place for place, topic in enumerate(sorted({its[row] or "" for row in rows}))}
        labels = np.array([number[its[row] or ""] for row in rows], dtype=np.int64)
        for topic, gone in zip(number, topic_means(heap.vectors, heap.sides, labels, len(number)), strict=True):
            if topic:
                entries[topic] = replace(entries[topic], means=without(entries[topic].means, gone))
        new = Entry(id_, part.name_zh, part.name_en, part.phrases, means, 1.0, 1.0, 0.0, varied=False, held=True)
        others = [entry.means for entry in entries.values() if entry.state == "live"]
        space = space_of([*others, means], heap.vectors.shape[1])
        labels = np.full(len(rows), len(others), dtype=np.int64)
        limit = reach(space, heap.vectors, heap.sides, labels)[len(others)]
        cohesion = float((space.moved(heap.vectors, heap.sides) @ space.centroids[len(others)]).mean())
        entries[id_] = replace(new, reach=limit, cohesion=round(cohesion, 4))
        moves |= dict.fromkeys(heap.keys, id_)
        born.append(id_)
    return entries, moves, born


def settle(entries: dict[str, Entry], counts: dict[str, tuple[int, int]], dimension: int) -> list[Entry]:
    """The ledger in its order with texts and people (topic -> both) and levels; topics that lost their last point fade."""
    counted = [replace(e, num_texts=counts.get(e.id, (0, 0))[0], num_people=counts.get(e.id, (0, 0))[1]) for e in entries.values()]
    live = sorted((e for e in counted if e.state == "live" and e.num_texts), key=lambda e: (e.varied, -e.num_texts))
    middle, coarse = levels(space_of([entry.means for entry in live], dimension))
    live = [replace(entry, middle=int(middle[place]), coarse=int(coarse[place])) for place, entry in enumerate(live)]
    present = {entry.id for entry in live}
    gone = [replace(entry, state="faded") if entry.state == "live" else entry for entry in counted if entry.id not in present]
    return [*live, *gone]


# near a sentence ----------------------------------------------------------------------------------------------------------------

SURE, NEAR = 0.45, 0.4
"""Cosine with the sentence from which a point surely means it; and with the mean of those that do, to be one of them."""
LIKELY, LIKELY_SHARE = 0.25, 0.25
"""The second cosine for points of a topic of which this share is near already: so what one language found, the other finds too.
On a simulated startup (seed 7, sixteen sentences for ten needs) .88 of the texts found were right and .77 of the right ones found;
without this step .87 and .54."""
MIN_DEFINED = 3
"""A topic of fewer points is not made."""


def near(sentence: Vectors, moved: Vectors, labels: Ints) -> list[int]:
    """Rows of `moved` (p, d) that mean what the sentence (d,) says; `labels` (p,) are the topics they are in, -1 for none.

    First the surely near, then those near to these and the sentence: relevance feedback (Rocchio 1971) finds what is said in other words.
    """
    first = np.flatnonzero(moved @ sentence >= SURE)
    if len(first) == 0:
        return []
    cosine = moved @ normalise_rows((sentence + moved[first].mean(axis=0))[None, :])[0]
    chosen = cosine >= NEAR
    known = labels >= 0
    size = np.bincount(labels[known])
    share = np.bincount(labels[known & chosen], minlength=len(size)) / np.maximum(size, 1)
    likely = np.zeros(len(labels), dtype=bool)
    likely[known] = share[labels[known]] >= LIKELY_SHARE
    rows: list[int] = np.flatnonzero(chosen | (likely & (cosine >= LIKELY))).tolist()
    return rows
