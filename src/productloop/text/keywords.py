"""What a group of texts talks about that the others do not: key words and phrases, Chinese and English.

Score: the log-odds ratio with an informative Dirichlet prior, divided by its standard deviation (Monroe, Colaresi and Quinn, Fightin'
words, Political Analysis 16(4), 2008, equations 15, 16, 22). Unlike TF-IDF it does not reward words seen once. Counted are texts that
contain a phrase, not its repetitions, so one person who writes "refund" ten times is one voice.

A phrase is 1 to 3 words without punctuation between them; stop words may stand inside ("out of stock"), never at an end, but a
negation may open it ("not working") and a particle close it ("log in"). Of nested phrases the longer one stays where it accounts for
most of the shorter one's texts, as in the C-value of Frantzi, Ananiadou and Mima (2000).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from productloop.text.stopwords import PARTICLES, STOP_WORDS, WEAK_WORDS
from productloop.text.tokens import is_content, stem, word_runs

MAX_WORDS = 3
PRIOR_TEXTS = 500.0
"""Weight of the prior in texts; Monroe et al. use a few hundred to a few thousand. The order of the first phrases hardly depends on it."""
NESTED_SHARE = 0.6
"""A shorter phrase gives way where a longer one holds at least this share of its texts."""
_MAX_SURFACE = 24
"""A longer Chinese phrase is a clause, not a key phrase."""
_NEGATORS = """
not no cannot can't don't doesn't didn't isn't hasn't haven't won't wasn't aren't unable 不 没 没有 无法 不能 不让 不给
"""
NEGATORS: frozenset[str] = frozenset(_NEGATORS.split())
"""Stop words that may begin a phrase: "not working" and 「没到账」 say what "working" and 「到账」 hide."""

Phrase = tuple[str, ...]

_root, _carries = lru_cache(maxsize=1 << 15)(stem), lru_cache(maxsize=1 << 15)(is_content)  # the same words come again and again


@dataclass(frozen=True, slots=True)
class KeyPhrase:
    """One phrase that sets a group of texts apart."""

    phrase: str
    score: float
    """Standard deviations of its log-odds above 0; above 1.64 it is no chance finding at the 90 % level."""
    num_texts: int
    """Texts of the group that contain it."""
    num_texts_elsewhere: int


@dataclass(slots=True)
class PhraseCounts:
    """In how many of `num_texts` texts each phrase stands; `select_phrases` compares two of these."""

    num_texts: int = 0
    texts: Counter[Phrase] = field(default_factory=Counter)
    surfaces: dict[Phrase, dict[str, int]] = field(default_factory=dict)
    """How each phrase is really written, because counting is by stem."""

    def add(self, found: dict[Phrase, str]) -> None:
        """Count one text, given by its `phrases_of`."""
        self.num_texts += 1
        self.texts.update(list(found))  # a list is counted without a step of Python each
        for phrase, surface in found.items():
            written = self.surfaces.setdefault(phrase, {})
            written[surface] = written.get(surface, 0) + 1


def phrases_of(text: str, product_words: Iterable[str] = ()) -> dict[Phrase, str]:
    """Phrases of one text: the stemmed words of each -> how it is written there."""
    found: dict[Phrase, str] = {}
    for run in word_runs(text, product_words):
        stems = [_root(word) for word in run]
        carries = [_carries(word) for word in run]
        closes = [content or word in PARTICLES for word, content in zip(run, carries, strict=True)]
        for start, first in enumerate(run):
            denies = first in NEGATORS and start + 1 < len(run) and carries[start + 1]
            if not carries[start] and not denies:
                continue
            for end in range(start + 2 if denies else start + 1, min(start + MAX_WORDS, len(run)) + 1):
                if closes[end - 1] if end - start > 1 else carries[start]:
                    phrase = tuple(stems[start:end])
                    if phrase not in found:
                        found[phrase] = join_words(run[start:end])
    return found


def key_phrases(
    subset: Sequence[str], rest: Sequence[str], num_phrases: int = 8, min_texts: int = 2, product_words: Iterable[str] = ()
) -> list[KeyPhrase]:
    """Phrases that the texts of `subset` use more than those of `rest`, best first; only positive scores.

    With an empty `rest` there is nothing to compare with: the phrases that most texts share, longer ones first among equals.
    """
    own = tuple(product_words)
    part, whole = PhraseCounts(), PhraseCounts()
    for text in subset:
        found = phrases_of(text, own)
        part.add(found)
        whole.add(found)
    for text in rest:
        whole.add(phrases_of(text, own))
    return select_phrases(part, whole, num_phrases, min_texts)


def select_phrases(part: PhraseCounts, whole: PhraseCounts, num_phrases: int = 8, min_texts: int = 2) -> list[KeyPhrase]:
    """`key_phrases` on counts that are already there; `whole` contains `part`."""
    num_part, num_whole = part.num_texts, whole.num_texts
    floor = min(min_texts, max(1, num_part))
    scored: list[tuple[float, Phrase]] = []
    for phrase, count in part.texts.items():
        if count < floor or _is_weak(phrase):
            continue
        if num_whole > num_part:
            score = _log_odds_z(count, num_part, whole.texts[phrase] - count, num_whole - num_part, whole.texts[phrase], num_whole)
        else:
            score = count * (1.0 + 0.1 * (len(phrase) - 1)) / num_whole
        if score > 0:
            scored.append((score, phrase))
    scored.sort(key=lambda pair: (-pair[0], -len(pair[1]), pair[1]))
    chosen: list[KeyPhrase] = []
    taken: list[Phrase] = []
    for score, phrase in _prefer_longer(scored[: 20 * num_phrases], part):
        written = min(part.surfaces[phrase].items(), key=lambda pair: (-pair[1], pair[0]))[0]
        if any(_overlaps(phrase, other) for other in taken) or any(written in key.phrase or key.phrase in written for key in chosen):
            continue
        taken.append(phrase)
        count = part.texts[phrase]
        chosen.append(KeyPhrase(written, round(score, 4), count, whole.texts[phrase] - count))
        if len(chosen) == num_phrases:
            break
    return chosen


def join_words(words: Sequence[str]) -> str:
    """Words as they are written: a blank between two words unless both sides of the seam are Chinese."""
    if "".join(words).isascii():
        return " ".join(words)
    joined = words[0]
    for word in words[1:]:
        joined += word if _is_han(joined[-1]) and _is_han(word[0]) else f" {word}"
    return joined


def _log_odds_z(count: int, num_texts: int, other_count: int, num_other: int, corpus_count: int, num_corpus: int) -> float:
    """Equation 22 with the corpus as prior: alpha_w = PRIOR_TEXTS * share of texts of the corpus that contain the phrase."""
    prior = PRIOR_TEXTS * corpus_count / (num_corpus + 1.0)
    here = math.log((count + prior) / (num_texts + PRIOR_TEXTS - count - prior))
    there = math.log((other_count + prior) / (num_other + PRIOR_TEXTS - other_count - prior))
    return (here - there) / math.sqrt(1.0 / (count + prior) + 1.0 / (other_count + prior))


def _is_weak(phrase: Phrase) -> bool:
    """Only words that praise, blame or belong to every text; or far too long to be a phrase."""
    if sum(len(word) for word in phrase) > _MAX_SURFACE:
        return True
    return all(word in WEAK_WORDS or word in STOP_WORDS or word in PARTICLES or stem(word) in WEAK_WORDS for word in phrase)


def _prefer_longer(scored: list[tuple[float, Phrase]], part: PhraseCounts) -> list[tuple[float, Phrase]]:
    """Drop a phrase where a longer candidate holds most of its texts; the longer one inherits the better place."""
    best = {phrase: score for score, phrase in scored}
    dropped: set[Phrase] = set()
    for _, phrase in sorted(scored, key=lambda pair: (-len(pair[1]), pair[1])):
        for inner in _inner_phrases(phrase):
            if inner in best and part.texts[phrase] >= NESTED_SHARE * part.texts[inner]:
                best[phrase] = max(best[phrase], best[inner])
                dropped.add(inner)
    kept = [(score, phrase) for phrase, score in best.items() if phrase not in dropped]
    return sorted(kept, key=lambda pair: (-pair[0], -len(pair[1]), pair[1]))


def _inner_phrases(phrase: Phrase) -> list[Phrase]:
    num_words = len(phrase)
    return [phrase[start:end] for start in range(num_words) for end in range(start + 1, num_words + 1) if end - start < num_words]


def _overlaps(phrase: Phrase, other: Phrase) -> bool:
    shorter, longer = sorted((phrase, other), key=len)
    return set(shorter) <= set(longer)


def _is_han(character: str) -> bool:
    return "\u3400" <= character <= "\u9fff" or "\U00020000" <= character <= "\U000323af"
