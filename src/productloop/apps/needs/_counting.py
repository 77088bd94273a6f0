"""What is counted of each topic of the ledger: voices, feelings, stars, quotes. Shares and intervals as in `learning.intervals`."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from productloop.apps.needs._ledger import Entry
from productloop.apps.needs._sentiment import NEGATIVE_BELOW, POSITIVE_ABOVE
from productloop.apps.needs._study import Study
from productloop.learning.intervals import Interval, share_interval
from productloop.text.lexicon import polarity

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

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


@dataclass(frozen=True, slots=True)
class Counted:
    """What is known of one topic in the window. Counts are voices."""

    number: int
    entry: Entry
    members: Ints
    """Rows of its texts, over all time."""
    inside: Ints
    """Those of the window."""
    num_voices: int
    unhappy_share: Interval
    unhappy_voices: Interval
    num_happy: int
    num_felt: int
    """Voices whose feeling about it is known."""
    mean_stars: float
    drag: float
    """Mean stars of all texts minus the mean without this topic; negative pulls down. NaN without stars."""
    quotes: tuple[str, ...]
    dissent: tuple[str, ...]

    @property
    def id(self) -> str:
        """Its id in the ledger."""
        return self.entry.id

    @property
    def num_texts(self) -> int:
        """Texts of the window that hold it."""
        return len(self.inside)

    @property
    def too_small(self) -> bool:
        """Too few voices, or not found again when the texts are resampled; what a person defined is not asked the second."""
        return self.num_voices < MIN_VOICES or (self.entry.stability < MIN_STABILITY and not self.entry.held)

    @property
    def is_praise(self) -> bool:
        """Most are happy and few unhappy."""
        return self.unhappy_share.value <= PRAISE_BELOW and 2 * self.num_happy > self.num_felt


def count_topics(study: Study, recent: Flags | None = None) -> list[Counted]:
    """Each topic with its counts over the texts of the window (`recent` (n,), by default that of the study); quotes come from them too."""
    if study.ledger is None:
        return []
    recent = study.recent if recent is None else recent
    inside = recent[study.points.text]
    num_unhappy, num_felt = unhappy_voices(study.voice[inside], study.points.sentiment[inside])
    prior = num_unhappy / num_felt if num_felt else 0.0
    fit = _fit(study)
    return [_count(study, recent, number, prior, fit) for number in range(len(study.ledger.entries))]


def _fit(study: Study) -> NDArray[np.float32]:
    """(p,) cosine of each point with its topic's centroid."""
    assert study.ledger is not None
    space = study.ledger.space(study.vectors.shape[1])
    moved = space.moved(study.vectors, study.points.sides)
    fit = np.full(len(moved), -1.0, dtype=np.float32)
    known = np.flatnonzero(study.ledger.labels >= 0)
    fit[known] = np.einsum("ij,ij->i", moved[known], space.centroids[study.ledger.labels[known]])
    return fit


def _count(study: Study, recent: Flags, number: int, prior: float, fit: NDArray[np.float32]) -> Counted:
    assert study.ledger is not None
    points = np.flatnonzero(study.ledger.labels == number)
    members = np.unique(study.points.text[points])
    inside = members[recent[members]]
    points = points[recent[study.points.text[points]]]
    voice, felt = study.voice[points], study.points.sentiment[points]
    num_voices = len(np.unique(voice))
    num_unhappy, num_felt = unhappy_voices(voice, felt)
    share = share_interval(num_unhappy + PRIOR_VOICES * prior, num_felt + PRIOR_VOICES)
    outside = recent.copy()
    outside[members] = False
    quotes, dissent = _quotes(study, number, points, fit)
    return Counted(
        number=number,
        entry=study.ledger.entries[number],
        members=members,
        inside=inside,
        num_voices=num_voices,
        unhappy_share=share,
        unhappy_voices=Interval(num_voices * share.value, num_voices * share.low, num_voices * share.high),
        num_happy=len(np.unique(voice[felt > POSITIVE_ABOVE])),
        num_felt=num_felt,
        mean_stars=_mean(study.stars[inside]),
        drag=_mean(study.stars[recent]) - _mean(study.stars[outside]),
        quotes=quotes,
        dissent=dissent,
    )


def unhappy_voices(voice: Ints, sentiment: Floats) -> tuple[int, int]:
    """(voices with at least one negative text or point, voices whose feeling is known)."""
    felt = np.isfinite(sentiment)
    return len(np.unique(voice[felt & (sentiment < NEGATIVE_BELOW)])), len(np.unique(voice[felt]))


def _mean(values: Floats) -> float:
    known = values[np.isfinite(values)]
    return float(known.mean()) if len(known) else float("nan")


def _quotes(study: Study, number: int, points: Ints, fit: NDArray[np.float32]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Row ids: representatives that agree with the topic's mood, each by another voice and none a copy of another; and one that disagrees."""
    assert study.ledger is not None
    if len(points) == 0:
        return (), ()
    texts, sentiment = study.texts, study.points.sentiment
    words = [phrase.lower() for phrase in study.ledger.entries[number].phrases[:NAMING_PHRASES]]
    poor = {int(point): _is_poor_quote(study.points.words[point], texts.text[study.points.text[point]], words) for point in points}
    felt = sentiment[points][np.isfinite(sentiment[points])]
    mood = -1.0 if len(felt) == 0 or float(np.mean(felt < NEGATIVE_BELOW)) >= float(np.mean(felt > POSITIVE_ABOVE)) else 1.0
    lukewarm = {int(point): bool(mood * sentiment[point] < POSITIVE_ABOVE) for point in points}
    ordered = sorted((int(point) for point in points), key=lambda point: (lukewarm[point], poor[point], -float(fit[point]), point))
    agreeing = [point for point in ordered if not -mood * sentiment[point] > POSITIVE_ABOVE]
    quotes: list[int] = []
    for row in (int(study.points.text[point]) for point in _alternating(agreeing, study.points.sides)):
        if all(texts.voice[row] != texts.voice[other] and texts.copy_group[row] != texts.copy_group[other] for other in quotes):
            quotes.append(row)
        if len(quotes) == NUM_QUOTES:
            break
    # stars may be generous: who disagrees must do so in words too
    against = (point for point in ordered if -mood * sentiment[point] > POSITIVE_ABOVE)
    dissent = (int(study.points.text[point]) for point in against if -mood * (polarity(study.points.words[point]) or 0.0) > 0)
    return tuple(str(texts.row_id[row]) for row in quotes), tuple(str(texts.row_id[row]) for row in islice(dissent, 1))


def _alternating(points: list[int], sides: list[str]) -> list[int]:
    """The points with the first of each language in front, so that a reader of either finds one."""
    leaders = [next((point for point in points if sides[point] == side), None) for side in ("zh", "en")]
    first = [point for point in points if point in leaders]
    return first + [point for point in points if point not in leaders]


def _is_poor_quote(words_said: str, whole: str, words: list[str]) -> int:
    """0 for a point with one of the topic's own words in a text of readable length, up to 2 for neither."""
    lowered = words_said.lower()
    return (not any(word in lowered for word in words)) + (not QUOTE_LETTERS[0] <= len(whole) <= QUOTE_LETTERS[1])
