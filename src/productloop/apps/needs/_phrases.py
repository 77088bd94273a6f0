"""Phrases counted by voices: everything one person wrote on one side is one bag, so who writes "refund" in ten reviews is one voice."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
from numpy.typing import NDArray

from productloop.apps.needs._reading import Texts
from productloop.text.keywords import KeyPhrase, Phrase, PhraseCounts, phrases_of, select_phrases

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

MAX_TEXTS = 8_000
"""Texts that are read for phrases, the newest first: more change no order and cost seconds."""
MIN_PHRASE_VOICES = 3
CHUNK_TEXTS = 500


def newest(texts: Texts, inside: Flags, limit: int = MAX_TEXTS) -> Ints:
    """Rows of the newest texts inside, at most `limit`. Equal words of several people stay: a campaign is one voice already."""
    rows = np.flatnonzero(inside)
    return np.asarray(rows[np.argsort(-texts.time[rows], kind="stable")][:limit], dtype=np.int64)


def read_phrases(
    texts: Texts, rows: Iterable[int], product_words: tuple[str, ...], progress: Callable[[str, int, int], None]
) -> dict[int, dict[Phrase, str]]:
    """Row -> its phrases and how each is written."""
    wanted = [int(row) for row in rows]
    found: dict[int, dict[Phrase, str]] = {}
    for place, row in enumerate(wanted):
        if place % CHUNK_TEXTS == 0:
            progress("words", place, len(wanted))
        found[row] = phrases_of(texts.text[row], product_words)
    return found


def count_voices(texts: Texts, rows: Iterable[int], phrases: dict[int, dict[Phrase, str]]) -> PhraseCounts:
    """Voices that use each phrase in the texts of `rows`."""
    bags: dict[int, dict[Phrase, str]] = {}
    for row in rows:
        bags.setdefault(int(texts.voice[row]), {}).update(phrases[int(row)])
    counts = PhraseCounts()
    for voice in sorted(bags):
        counts.add(bags[voice])
    return counts


def together(first: PhraseCounts, second: PhraseCounts) -> PhraseCounts:
    """The counts of both."""
    return PhraseCounts(first.num_texts + second.num_texts, first.texts + second.texts)


def more_than(part: PhraseCounts, rest: PhraseCounts, num_phrases: int) -> list[KeyPhrase]:
    """Phrases that voices of `part` use more than those of `rest`."""
    return select_phrases(part, together(part, rest), num_phrases, MIN_PHRASE_VOICES) if part.num_texts else []
