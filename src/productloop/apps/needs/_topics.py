"""Topics with an identity: the groups of `text.topics`, matched to those of the run before, and what is counted of each.

A topic is its members. It keeps its id while at least half of the texts known to both runs are the same (Jaccard), whatever its name
becomes; a new one is named by the hash of its first members, so two machines give the same id to the same texts.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from productloop.apps.needs._joining import centre_languages, join
from productloop.apps.needs._reading import Texts
from productloop.apps.needs._sentiment import NEGATIVE_BELOW, POSITIVE_ABOVE
from productloop.learning.intervals import Interval, share_interval
from productloop.loop.store import Store
from productloop.text.encoders import DEFAULT_ENCODER, encode
from productloop.text.lexicon import polarity
from productloop.text.topics import Topics, find_topics
from productloop.text.vectors import VectorCache

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

SAME_TOPIC = 0.5
NAMING_MEMBERS = 20
CHUNK_TEXTS = 500
"""Texts encoded between two looks at whether the person has interrupted: below a second of work."""
MIN_VOICES = 5
"""A topic of fewer voices is too small to trust."""
MIN_STABILITY = 0.3
"""A topic found again less well than this in resamples is not relied on (Hennig 2007 calls less than .5 doubtful, and dissolved at .5 or
less; ours are compared on a third of the texts, which lowers every value)."""
PRAISE_BELOW = 0.3
"""A topic is praise when at most this share of its voices is unhappy and more than half say that they are happy; wishes are neither."""
PRIOR_VOICES = 4.0
"""Voices that the overall share of unhappy ones counts for in a topic where few say how they feel."""
NUM_QUOTES = 3
NAMING_PHRASES = 5
QUOTE_LETTERS = (8, 200)
"""A quote is long enough to say something and short enough to be read."""


def embed(texts: list[str], store: Store, progress: Callable[[str, int, int], None]) -> NDArray[np.float32]:
    """Vectors (n, d) of texts, from the workspace's cache or encoded in steps."""
    cache = VectorCache(store.cache / "vectors")
    distinct = sorted(set(texts), key=lambda text: (len(text), text))
    for start in range(0, len(distinct), CHUNK_TEXTS):
        progress("encode", start, len(distinct))
        encode(distinct[start : start + CHUNK_TEXTS], DEFAULT_ENCODER, cache)
    return encode(texts, DEFAULT_ENCODER, cache)


@dataclass(frozen=True, slots=True)
class Counted:
    """What is known of one topic. Counts are voices; shares and intervals as in `learning.intervals`."""

    number: int
    id: str
    name_zh: str
    name_en: str
    keywords: tuple[str, ...]
    members: Ints
    num_texts: int
    num_voices: int
    unhappy_share: Interval
    unhappy_voices: Interval
    num_happy: int
    num_felt: int
    """Voices whose feeling is known."""
    mean_stars: float
    drag: float
    """Mean stars of all texts minus the mean without this topic; negative pulls down. NaN without stars."""
    stability: float
    varied: bool
    quotes: tuple[str, ...]
    dissent: tuple[str, ...]

    @property
    def too_small(self) -> bool:
        """Too few voices, or not found again when the texts are resampled."""
        return self.num_voices < MIN_VOICES or self.stability < MIN_STABILITY

    @property
    def is_praise(self) -> bool:
        """Most are happy and few unhappy."""
        return self.unhappy_share.value <= PRAISE_BELOW and 2 * self.num_happy > self.num_felt


def group(texts: Texts, vectors: NDArray[np.float32], granularity: float, seed: int, product_words: Sequence[str]) -> Topics:
    """Topics of the texts, over all languages; copies count once in the graph and are counted again by `count_topics`."""
    centred = centre_languages(vectors, texts.language)
    topics = find_topics(texts.text, centred, [f"{place:09d}" for place in range(len(texts.text))], granularity, seed, product_words)
    return join(topics, texts.language, granularity)


@dataclass(frozen=True, slots=True)
class Window:
    """The texts of a run with their feeling and stars (n,), NaN where unknown, and which of them (n,) lie in the time that "now" means."""

    texts: Texts
    sentiment: Floats
    stars: Floats
    recent: Flags


def count_topics(window: Window, topics: Topics, ids: Sequence[str]) -> list[Counted]:
    """Each topic with its counts over the texts of the window; quotes come from them too."""
    num_unhappy, num_felt = _unhappy(window.texts.voice[window.recent], window.sentiment[window.recent])
    prior = num_unhappy / num_felt if num_felt else 0.0
    return [_count(window, topics, number, ids[number], prior) for number in range(topics.num_topics)]


def _count(window: Window, topics: Topics, number: int, topic_id: str, prior: float) -> Counted:
    members = np.flatnonzero(topics.labels == number)
    inside = members[window.recent[members]]
    voice, felt = window.texts.voice[inside], window.sentiment[inside]
    num_voices = len(np.unique(voice))
    num_unhappy, num_felt = _unhappy(voice, felt)
    share = share_interval(num_unhappy + PRIOR_VOICES * prior, num_felt + PRIOR_VOICES)
    outside = window.recent.copy()
    outside[members] = False
    name = topics.names[number]
    quotes, dissent = _quotes(window, topics, number, inside)
    return Counted(
        number=number,
        id=topic_id,
        name_zh=name.zh,
        name_en=name.en,
        keywords=tuple(key.phrase for key in name.phrases),
        members=members,
        num_texts=len(inside),
        num_voices=num_voices,
        unhappy_share=share,
        unhappy_voices=Interval(num_voices * share.value, num_voices * share.low, num_voices * share.high),
        num_happy=len(np.unique(voice[felt > POSITIVE_ABOVE])),
        num_felt=num_felt,
        mean_stars=_mean(window.stars[inside]),
        drag=_mean(window.stars[window.recent]) - _mean(window.stars[outside]),
        stability=float(topics.stability[number]),
        varied=bool(topics.varied[number]),
        quotes=quotes,
        dissent=dissent,
    )


def _unhappy(voice: Ints, sentiment: Floats) -> tuple[int, int]:
    """(voices with at least one negative text, voices whose feeling is known)."""
    felt = np.isfinite(sentiment)
    return len(np.unique(voice[felt & (sentiment < NEGATIVE_BELOW)])), len(np.unique(voice[felt]))


def _mean(values: Floats) -> float:
    known = values[np.isfinite(values)]
    return float(known.mean()) if len(known) else float("nan")


def _quotes(window: Window, topics: Topics, number: int, inside: Ints) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Row ids: representatives that agree with the topic's mood, each by another voice and none a copy of another; and one that disagrees."""
    if len(inside) == 0:
        return (), ()
    texts, sentiment = window.texts, window.sentiment
    first = {row: place for place, row in enumerate(topics.representatives[number])}
    words = [key.phrase.lower() for key in topics.names[number].phrases[:NAMING_PHRASES]]
    ordered = sorted(
        (int(row) for row in inside), key=lambda row: (_is_poor_quote(texts.text[row], words), first.get(row, len(first)), row)
    )
    felt = sentiment[inside][np.isfinite(sentiment[inside])]
    mood = -1.0 if len(felt) == 0 or float(np.mean(felt < NEGATIVE_BELOW)) >= float(np.mean(felt > POSITIVE_ABOVE)) else 1.0
    quotes: list[int] = []
    for row in (row for row in ordered if not mood * sentiment[row] < POSITIVE_ABOVE):
        if all(texts.voice[row] != texts.voice[other] and texts.copy_group[row] != texts.copy_group[other] for other in quotes):
            quotes.append(row)
        if len(quotes) == NUM_QUOTES:
            break
    # stars may be generous: who disagrees must do so in words too
    dissent = (row for row in ordered if -mood * sentiment[row] > POSITIVE_ABOVE and -mood * (polarity(texts.text[row]) or 0.0) > 0)
    return tuple(str(texts.row_id[row]) for row in quotes), tuple(str(texts.row_id[row]) for row in islice(dissent, 1))


def _is_poor_quote(text: str, words: list[str]) -> int:
    """0 for a text of readable length that holds one of the topic's own words, up to 2 for one that has neither."""
    lowered = text.lower()
    return (not any(word in lowered for word in words)) + (not QUOTE_LETTERS[0] <= len(text) <= QUOTE_LETTERS[1])


def topic_ids(labels: Ints, row_ids: Sequence[str], earlier: dict[str, str]) -> list[str]:
    """Id of each topic: that of the earlier topic it mostly consists of, else a new one. `earlier` maps row ids to the topics they had."""
    num_topics = int(labels.max()) + 1 if len(labels) else 0
    shared = [(int(label), earlier[row]) for label, row in zip(labels, row_ids, strict=True) if row in earlier]
    both: dict[tuple[int, str], int] = {}
    ours: dict[int, int] = {}
    theirs: dict[str, int] = {}
    for label, topic in shared:
        both[label, topic] = both.get((label, topic), 0) + 1
        ours[label] = ours.get(label, 0) + 1
        theirs[topic] = theirs.get(topic, 0) + 1
    overlaps = sorted(((n / (ours[label] + theirs[topic] - n), topic, label) for (label, topic), n in both.items()), reverse=True)
    ids: dict[int, str] = {}
    for overlap, topic, label in overlaps:
        if overlap >= SAME_TOPIC and label not in ids and topic not in ids.values():
            ids[label] = topic
    used = set(theirs) | set(ids.values())
    for label in range(num_topics):
        if label not in ids:
            ids[label] = _new_id([row for row, own in zip(row_ids, labels, strict=True) if own == label], used)
            used.add(ids[label])
    return [ids[label] for label in range(num_topics)]


def _new_id(members: list[str], used: set[str]) -> str:
    seed = "\n".join(sorted(members)[:NAMING_MEMBERS])
    attempt = 0
    while (name := "t" + blake2b(f"{seed}\n{attempt}".encode(), digest_size=5).hexdigest()) in used:
        attempt += 1
    return name
