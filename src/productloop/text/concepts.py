"""What a text speaks of, in words both languages share: "can't log in" and 「登不上」 are the concept `login_failure`.

The glossary (`concepts.csv`: concept, its Chinese words, its English words) was written for this project, from general knowledge and
before any measurement; the words for refused payments, payments nobody made and money that does not come were added when simulated messages
showed that they were missing. It makes Chinese and English feedback comparable without a translator and gives a small encoder features that
a word never seen in training still reaches.

Matching is longest first from the left, as in dictionary word cutting (Sproat et al., A Stochastic Finite-State Word-Segmentation
Algorithm for Chinese, Computational Linguistics 22(3), 1996, "greedy" baseline): Chinese over characters, English over one to
five words whose endings -s, -ed, -ing are removed when what is left is a word of the glossary.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from importlib.resources import files

from productloop.text.cleaning import to_half_width
from productloop.text.tokens import single_characters, stem

_PIECE = re.compile(r"[a-z0-9][a-z0-9']*(?:[&+./_-][a-z0-9']+)*|[\u3400-\u4dbf\u4e00-\u9fff]+|[^\s\w]")
"""A word, a run of Chinese, or a mark; a mark ends a phrase."""


class Glossary:
    """All words of the glossary, by the first character (Chinese) and by the first word (English)."""

    def __init__(self, rows: Sequence[tuple[str, tuple[str, ...], tuple[str, ...]]]) -> None:
        self.names = tuple(name for name, _, _ in rows)
        self.chinese: dict[str, str] = {}
        self.english: dict[str, str] = {}
        for name, chinese, english in rows:
            for word in chinese:
                self.chinese.setdefault(word, name)
            for phrase in english:
                self.english.setdefault(phrase, name)
        self.single = frozenset(word for phrase in self.english for word in phrase.split())
        # lengths that occur behind a first character or word, longest first: few tries per position
        self.chinese_lengths = _lengths((word[0], len(word)) for word in self.chinese)
        self.english_lengths = _lengths((phrase.split()[0], len(phrase.split())) for phrase in self.english)


def _lengths(pairs: Iterable[tuple[str, int]]) -> dict[str, tuple[int, ...]]:
    found: dict[str, set[int]] = {}
    for first, length in pairs:
        found.setdefault(first, set()).add(length)
    return {first: tuple(sorted(lengths, reverse=True)) for first, lengths in found.items()}


@cache
def glossary() -> Glossary:
    """The glossary of the package, read once per process."""
    text = files("productloop.text").joinpath("concepts.csv").read_text(encoding="utf-8")
    rows = csv.reader(text.splitlines()[1:])
    return Glossary([(name, tuple(filter(None, zh.split("|"))), tuple(filter(None, en.split("|")))) for name, zh, en in rows])


def find_concepts(text: str) -> list[str]:
    """Ids of the concepts a text names, in order, repeated when named again; empty when it names none."""
    known = glossary()
    found: list[str] = []
    words: list[str] = []
    for piece in _PIECE.findall(to_half_width(text).lower().replace("’", "'")):
        if piece[0].isascii() and piece[0].isalnum():
            words.append(piece)
            continue
        if words:
            _match_english(words, known, found)
            words = []
        if piece[0] in known.chinese_lengths or len(piece) > 1:
            _match_chinese(piece, known, found)
    if words:
        _match_english(words, known, found)
    return found


def find_many(texts: Sequence[str]) -> list[list[str]]:
    """`find_concepts` of each text."""
    return [find_concepts(text) for text in texts]


def _match_chinese(run: str, known: Glossary, found: list[str]) -> None:
    """One character names a concept only as a word of its own: 花 in 「买花」 is a flower, in 「花钱」 it is not."""
    position, end = 0, len(run)
    alone: frozenset[int] | None = None
    while position < end:
        for length in known.chinese_lengths.get(run[position], ()):
            name = known.chinese.get(run[position : position + length])
            if name is not None and length == 1 and end > 1:
                alone = single_characters(run) if alone is None else alone
                name = name if position in alone else None
            if name is not None and position + length <= end:
                found.append(name)
                position += length
                break
        else:
            position += 1


def _match_english(words: list[str], known: Glossary, found: list[str]) -> None:
    """A phrase matches as written or by the base forms of its words: "charged twice" before "charge"."""
    bases = [_base(word) for word in words]
    position, end = 0, len(words)
    while position < end:
        taken = 0
        for forms in (words, bases):
            for length in known.english_lengths.get(forms[position], ()):
                if length > taken and position + length <= end:
                    name = known.english.get(" ".join(forms[position : position + length]))
                    if name is not None:
                        best, taken = name, length
                        break
        if taken:
            found.append(best)
        position += taken or 1


@lru_cache(maxsize=1 << 15)
def _base(word: str) -> str:
    """The form of a word that the glossary holds, or the word itself: "cancelling" -> "cancel", "cards" -> "card"."""
    word = word.rstrip("'").removesuffix("'s")
    known = glossary()
    forms = _forms(word)
    # a word of its own first: "cancelling" is known from "noise cancelling", yet means "cancel"
    return next((form for form in forms if form in known.english), next((form for form in forms if form in known.single), word))


def _forms(word: str) -> list[str]:
    forms = [word, stem(word)]
    if word.endswith("es"):
        forms.append(word[:-2])
    for ending in ("ing", "ed"):
        if word.endswith(ending) and len(word) > len(ending) + 2:
            body = word[: -len(ending)]
            forms += [body, body + "e"]
            if body[-1] == body[-2]:
                forms.append(body[:-1])
            if ending == "ed" and body.endswith("i"):
                forms.append(body[:-1] + "y")
    if word.endswith("ly") and len(word) > 4:
        forms.append(word[:-2])
    return forms
