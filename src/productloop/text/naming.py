"""Names of topics: key phrases of their own texts, in Chinese from the Chinese texts and in English from the English ones.

Extractive, so a name never says what nobody said. Which words tell a topic from the others is `keywords.select_phrases` on the topic's most
central texts against those of all topics.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from productloop.text import wording
from productloop.text.keywords import KeyPhrase, PhraseCounts, phrases_of, select_phrases
from productloop.text.language import detect_many
from productloop.text.tokens import content_words, words

NAME_PHRASES = 3
ROOT_LETTERS = 5
"""English words with the same first letters count as one when a name is put together: transfer, transferred, transferring."""
MAX_LETTERS = 12


@dataclass(frozen=True, slots=True)
class TopicName:
    """Extractive names of a topic: key phrases of its texts in each language, joined; where it has none in a language, the other's."""

    zh: str
    en: str
    phrases: tuple[KeyPhrase, ...]


NAMED_FROM, NAMED_SHARE = 3, 0.1
"""A topic has a name of its own in a language from this many of its central texts and this share of them on; else it borrows the other's."""


def name_topics(central: Sequence[Sequence[str]], varied: NDArray[np.bool_], product_words: Sequence[str]) -> tuple[TopicName, ...]:
    """Names from the central texts of each topic, in each language against the texts of the same language in the other topics."""
    whole = {"zh": PhraseCounts(), "en": PhraseCounts()}
    parts: list[dict[str, PhraseCounts]] = []
    for texts in central:
        part = {"zh": PhraseCounts(), "en": PhraseCounts()}
        for text, language in zip(texts, detect_many(texts), strict=True):
            side = "zh" if language in ("zh", "mixed", "ja") else "en"
            found = phrases_of(text, product_words)
            part[side].add(found)
            whole[side].add(found)
        parts.append(part)
    names = []
    for texts, part, is_varied in zip(central, parts, varied.tolist(), strict=True):
        phrases = {side: select_phrases(counts, whole[side], min_texts=2 if counts.num_texts > 4 else 1) for side, counts in part.items()}
        zh_first = part["zh"].num_texts >= part["en"].num_texts
        few = "en" if zh_first else "zh"
        if part[few].num_texts < max(NAMED_FROM, NAMED_SHARE * len(texts)):
            phrases[few] = []  # a handful of texts in the other language names nothing
        if not phrases["zh"] and not phrases["en"]:
            phrases["zh" if zh_first else "en"] = _any_words(texts)
        names.append(_name(phrases["zh"], phrases["en"], is_varied, zh_first))
    return tuple(names)


def _name(zh: list[KeyPhrase], en: list[KeyPhrase], is_varied: bool, zh_first: bool) -> TopicName:
    phrases = tuple(zh + en) if zh_first else tuple(en + zh)
    if is_varied:
        return TopicName(wording.VARIED.zh, wording.VARIED.en, phrases)
    return TopicName("、".join(_telling(zh or en)), ", ".join(_telling(en or zh)), phrases)


def _telling(phrases: Sequence[KeyPhrase]) -> list[str]:
    """The first phrases that each add a word: "withdrew cash" adds nothing to "cash withdrawal"."""
    said: set[str] = set()
    chosen: list[str] = []
    for key in phrases:
        beginnings = {word[:ROOT_LETTERS] for word in content_words(key.phrase)}
        if beginnings <= said:
            continue
        said |= beginnings
        chosen.append(key.phrase)
        if len(chosen) == NAME_PHRASES:
            break
    return chosen


def _any_words(texts: Sequence[str]) -> list[KeyPhrase]:
    """What stands in for key phrases where the texts share none: their most common words, else the beginning of the first text."""
    counts = Counter(word for text in texts for word in set(content_words(text) or words(text)))
    common = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:NAME_PHRASES]
    if common:
        return [KeyPhrase(word, 0.0, count, 0) for word, count in common]
    return [KeyPhrase(texts[0].strip()[:MAX_LETTERS] or "…", 0.0, len(texts), 0)]
