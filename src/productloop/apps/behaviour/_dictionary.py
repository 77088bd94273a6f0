"""What events are called: `add_to_cart` is 加入购物车 / add to cart, guessed from its name or as written in `[events]` of the settings.

A label is, in this order
1. what the settings say;
2. the name in the list of frequent events of apps, shops, courses and finance (`events.csv`, written for this project from general
   knowledge of event plans; its first word in each language is the label, the others are what people call it, too);
3. put together word by word from the same file when every word of the name is known: add_card -> 添加银行卡 / add card,
   project_create -> 创建项目 / create project;
4. the name itself. A label is only ever a way to read: requests, files and commands keep the name.
"""

from __future__ import annotations

import csv
import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from productloop.foundation.settings import Settings
from productloop.foundation.wording import LANGUAGES, Language, Say, Text, say

_EDGE = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|[^A-Za-z0-9]+")
_HAN = re.compile(r"[\u3400-\u9fff]")
FIND_CUTOFF = 0.75
"""Names less alike than this are not offered for a word that names none (share of common characters, difflib)."""


@dataclass(frozen=True, slots=True)
class _Lists:
    """The word list: whole names, verbs and nouns, each with its words in Chinese and English."""

    events: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]
    verbs: Mapping[str, Text]
    nouns: Mapping[str, Text]


@cache
def _lists() -> _Lists:
    text = files("productloop.apps.behaviour").joinpath("events.csv").read_text(encoding="utf-8")
    rows = [(kind, name, tuple(zh.split("|")), tuple(en.split("|"))) for kind, name, zh, en in csv.reader(text.splitlines()[1:])]
    words = {kind: {name: Text(zh[0], en[0]) for found, name, zh, en in rows if found == kind} for kind in ("verb", "noun")}
    return _Lists({name: (zh, en) for kind, name, zh, en in rows if kind == "event"}, words["verb"], words["noun"])


def name_words(name: str) -> tuple[str, ...]:
    """The words of an event name, lowered: addToCart, add_to_cart, "Add to Cart" and $add-to-cart are (add, to, cart)."""
    return tuple(word.lower() for word in _EDGE.split(name) if word)


@lru_cache(maxsize=4096)
def guessed_label(name: str) -> Text | None:
    """Both names of an event as its own name suggests, or None when a word of it is not known."""
    lists = _lists()
    if _HAN.search(name):
        english = next((en[0] for zh, en in lists.events.values() if name.strip() in zh), None)
        return None if english is None else Text(name, english)
    words = name_words(name)
    if not words:
        return None
    whole = lists.events.get(" ".join(words)) or lists.events.get("".join(words))
    if whole is not None:
        return Text(whole[0][0], whole[1][0])
    return _word_by_word(tuple(word for word in words if word not in ("the", "a", "an", "to", "of", "in", "on", "for")))


def _word_by_word(words: tuple[str, ...]) -> Text | None:
    """The verb first and its object behind it, as both languages say it; None without a verb or with an unknown word."""
    if not 1 <= len(words) <= 5:
        return None
    first, last = _verb(words[0]), _verb(words[-1])
    verb, rest = (first, words[1:]) if first is not None and (last is None or len(words) == 1 or _noun(words[-1])) else (last, words[:-1])
    objects = [_noun(word) or _verb(word) for word in rest]
    if verb is None or any(word is None for word in objects):
        return None
    known = [word for word in objects if word is not None]
    return Text(verb.zh + "".join(word.zh for word in known), " ".join([verb.en, *(word.en for word in known)]))


def _verb(word: str) -> Text | None:
    return next((_lists().verbs[form] for form in _bases(word, ("ed", "ing")) if form in _lists().verbs), None)


def _noun(word: str) -> Text | None:
    return next((_lists().nouns[form] for form in _bases(word, ("s", "es")) if form in _lists().nouns), None)


def _bases(word: str, endings: Iterable[str]) -> list[str]:
    """The word and what it may come from: viewed -> view, saved -> save, skipped -> skip, copied -> copy, cards -> card."""
    found = [word]
    for ending in endings:
        body = word.removesuffix(ending)
        if body != word and len(body) > 2:
            found += [body, body + "e", body[:-1] if body[-1] == body[-2] else body, body[:-1] + "y" if body[-1] == "i" else body]
    return found


class EventNames:
    """The names of a workspace's events in both languages."""

    def __init__(self, settings: Settings, names: Iterable[str]) -> None:
        self.names = tuple(names)
        self._written = settings.events
        self._labels = {name: settings.events.get(name) or guessed_label(name) for name in self.names}

    def text(self, name: str) -> Text:
        """Both names of an event; its own name where none is known."""
        return self._labels.get(name) or self._written.get(name) or guessed_label(name) or Text(name, name)

    def label(self, name: str) -> Say | str:
        """What a page calls the event: a `Say` with both names, or the plain name where none is known."""
        text = self.text(name)
        return name if text == Text(name, name) else say("behaviour.event", name=text)

    def phrases(self, name: str, language: Language) -> tuple[str, ...]:
        """Every way people call the event in one language, the label first; English ones are lowered."""
        found = [self.text(name).in_language(language).lower()]
        whole = _lists().events.get(" ".join(name_words(name))) or _lists().events.get("".join(name_words(name)))
        if whole is not None:
            found += [phrase.lower() for phrase in whole[LANGUAGES.index(language)]]
        if language == "en":
            found.append(" ".join(name_words(name)))
        return tuple(dict.fromkeys(phrase for phrase in found if phrase))

    def find(self, words: str, language: Language) -> tuple[str, ...]:
        """Names of the events that `words` may mean, the best first: what is called so, then what is called nearly so; empty if nothing is."""
        wanted = " ".join(name_words(words)) if language == "en" else words.strip().lower()
        exact = [name for name in self.names if name.lower() == words.strip().lower() or wanted in self.phrases(name, language)]
        if exact:
            return tuple(exact)
        likeness = {
            name: max((difflib.SequenceMatcher(None, wanted, phrase).ratio() for phrase in self.phrases(name, language)), default=0.0)
            for name in self.names
        }
        near = [name for name in self.names if wanted and likeness[name] >= FIND_CUTOFF]
        return tuple(sorted(near, key=lambda name: -likeness[name]))
