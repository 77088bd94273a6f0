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
from productloop.text.stopwords import NAME_WORDS, SCOLDS, SEAM_WORDS
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


def side_of(language: str) -> str:
    """In which language, zh or en, a text of this language helps to name."""
    return "zh" if language in ("zh", "mixed", "ja") else "en"


def naming_members(languages: Sequence[str], most: int) -> list[int]:
    """Places of the texts that name a topic, given the languages (n,) of its texts, the most central first: the first `most`, and of the language
    that is rarer among them the next ones until it has a third as many. Without those, a topic that most people bring up in English had no
    Chinese name.
    """
    chosen = list(range(min(most, len(languages))))
    sides = [side_of(language) for language in languages]
    for side in ("zh", "en"):
        missing = most // 3 - sum(sides[place] == side for place in chosen)
        rest = [place for place in range(most, len(languages)) if sides[place] == side]
        chosen += rest[: max(0, missing)]
    return chosen


def name_topics(
    central: Sequence[Sequence[str]],
    varied: NDArray[np.bool_],
    product_words: Sequence[str],
    languages: Sequence[Sequence[str]] | None = None,
) -> tuple[TopicName, ...]:
    """Names from the central texts of each topic, in each language against the texts of the same language in the other topics.

    `languages` are their codes, found here where they are not given.
    """
    own = (*NAME_WORDS, *product_words)
    whole = {"zh": PhraseCounts(), "en": PhraseCounts()}
    parts: list[dict[str, PhraseCounts]] = []
    for texts, codes in zip(central, languages or [detect_many(texts) for texts in central], strict=True):
        part = {"zh": PhraseCounts(), "en": PhraseCounts()}
        for text, language in zip(texts, codes, strict=True):
            side = side_of(language)
            found = phrases_of(text, own)
            part[side].add(found)
            whole[side].num_texts += 1
            whole[side].texts.update(list(found))  # nobody asks how these are written
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
    """The first phrases that each add a word: "withdrew cash" adds nothing to "cash withdrawal". Pieces of sentences only where nothing
    else is left.
    """
    whole = [key for key in phrases if not _is_piece(key.phrase)]
    said: set[str] = set()
    chosen: list[str] = []
    for key in whole or phrases:
        beginnings = {word.replace("-", "")[:ROOT_LETTERS] for word in content_words(key.phrase, NAME_WORDS)}
        if beginnings <= said:
            continue
        said |= beginnings
        chosen.append(key.phrase)
        if len(chosen) == NAME_PHRASES:
            break
    return chosen


def _is_piece(phrase: str) -> bool:
    """Whether a phrase says little by itself: a piece of a Chinese sentence (a seam word inside it, or one lonely character at its end: 忘,
    google pay 加), or a phrase that scolds.
    """
    cut = words(phrase, NAME_WORDS)
    lonely = len(cut[-1]) == 1 and not cut[-1].isascii() and (len(cut) == 1 or cut[-2].isascii()) if cut else False
    return lonely or any(word in SEAM_WORDS for word in cut[1:-1]) or not SCOLDS.isdisjoint(cut)


def _any_words(texts: Sequence[str]) -> list[KeyPhrase]:
    """What stands in for key phrases where the texts share none: their most common words, else the beginning of the first text."""
    counts = Counter(word for text in texts for word in set(content_words(text) or words(text)))
    common = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:NAME_PHRASES]
    if common:
        return [KeyPhrase(word, 0.0, count, 0) for word, count in common]
    return [KeyPhrase(texts[0].strip()[:MAX_LETTERS] or "…", 0.0, len(texts), 0)]
