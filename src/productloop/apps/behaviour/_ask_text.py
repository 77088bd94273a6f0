"""A question as the grammar reads it: one spelling, positions kept, words in their base forms, numbers in words as numbers.

Base forms come from removing endings (an "S" stemmer and -ed, -ing, -ion after Porter, An algorithm for suffix stripping, Program 14(3),
1980, much shortened) on the question and on what is looked for alike, so that only equality matters, not that a form is a word.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from productloop.text.cleaning import to_half_width

TAKEN = "\x00"
"""What stands where something was understood: it is no letter, so no word crosses it."""
_WORD = re.compile(r"[a-z0-9][a-z0-9']*(?:\.\d+)*")
_DIGITS = {"〇": 0, "零": 0, "一": 1, "二": 2, "两": 2, "俩": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
NUMBER_WORDS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "couple": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "fourteen": 14, "fifteen": 15, "twenty": 20, "thirty": 30, "sixty": 60, "ninety": 90,
}  # fmt: skip
ZH_NUMBER = r"(?:\d+|[一二两俩三四五六七八九十百]+|半)"
EN_NUMBER = r"(?:\d+|" + "|".join(sorted(NUMBER_WORDS, key=len, reverse=True)) + ")"
_ONE_SPELLING = (
    (r"\bsign[- ]?ups\b", "sign ups"),
    (r"\btop[- ]?ups\b", "top ups"),
    (r"\b(what|where|who|how|that|it|there|here)'s\b", r"\1 is"),
    (r"\bsign(?:ed|ing|s)?[- ]?up\b", "sign up"),
    (r"\btop(?:ped|ping|s)?[- ]?up\b", "top up"),
    (r"\bcheck(?:ed|ing|s)?[- ]outs?\b|\bcheckouts?\b", "checkout"),
    (r"\blog[- ]?ins\b", "log ins"),
    (r"\blog(?:ged|ging|s)?[- ]?in\b|\blogin\b", "log in"),
    (r"\bsign[- ]?ups\b", "sign ups"),
    (r"\btop[- ]?ups\b", "top ups"),
    (r"\b(what|where|who|how|that|it|there|here)'s\b", r"\1 is"),
    (r"\bsign(?:ed|ing|s)?[- ]?ins?\b", "sign in"),
    (r"\bppl\b|\bpersons?\b", "people"),
    (r"\b(\w+)n[’']t\b", r"\1 not"),
    (r"[’']s\b", " "),
    (r"\b(\d+) ?(?:hrs?|h)\b", r"\1 hours"),
    (r"\b(\d+)d\b", r"\1 days"),
    (r"(?<=\d) (?=[\u4e00-\u9fff])", ""),
)
"""Words written in several ways, each with the one the dictionary uses."""
_BASES = {
    "bought": "buy", "paid": "pay", "payment": "payment", "saw": "see", "seen": "see", "went": "go", "gone": "go", "made": "make",
    "took": "take", "taken": "take", "began": "begin", "begun": "begin", "sent": "send", "left": "leave", "done": "do", "did": "do",
    "came": "come", "kept": "keep", "got": "get", "wrote": "write", "written": "write", "submission": "submit", "cancellation": "cancel",
    "canceled": "cancel", "cancelled": "cancel",
    "cancelling": "cancel", "canceling": "cancel", "verification": "verify", "registration": "register", "subscription": "subscribe",
    "linkage": "link", "reached": "reach", "withdrawal": "withdraw", "withdrew": "withdraw", "ran": "run", "spent": "spend",
    "kyc": "verify", "ups": "up", "recharging": "recharge", "viewer": "view", "purchaser": "purchase", "buyer": "buy", "subscriber": "subscribe",
    "drew": "draw", "drawn": "draw", "levelled": "level", "levelling": "level", "quizzes": "quiz", "quizze": "quiz",
    "searcher": "search", "sharer": "share", "canceller": "cancel",
}  # fmt: skip
_SYNONYMS = {
    "finish": "complete", "end": "complete", "do": "do", "begin": "start", "look": "view", "see": "view", "browse": "view", "watch": "play",
    "buy": "purchase", "hand": "submit", "turn": "submit", "bind": "add", "link": "add", "connect": "add", "visit": "view", "check": "view",
    "launch": "open", "registr": "register", "authenticate": "verify", "identification": "identity", "quit": "cancel", "crashe": "crash",
    "basket": "cart", "test": "quiz", "course": "lesson", "class": "lesson", "goods": "product", "promo": "offer", "deal": "offer",
    "recharge": "top up", "load": "load", "pay": "payment",
}  # fmt: skip
"""Words that say the same of an event; they matter only where an event has the other one."""


@lru_cache(maxsize=8192)
def _compiled(pattern: str) -> re.Pattern[str]:
    """Patterns once compiled stay so: a catalogue has thousands, more than the standard library keeps."""
    return re.compile(pattern, re.ASCII)


def search(pattern: str, text: str) -> re.Match[str] | None:
    """The first place of a pattern; borders of words lie between Latin letters and anything else, Chinese characters, too."""
    return _compiled(pattern).search(text)


def search_all(pattern: str, text: str) -> list[re.Match[str]]:
    """All places of a pattern, as `search` finds them."""
    return list(_compiled(pattern).finditer(text))


@dataclass(slots=True)
class Sentence:
    """The question in one spelling; `free` is the same with what was understood taken out."""

    text: str
    free: str = field(default="")
    capitals: frozenset[str] = frozenset()
    """Words written in capitals in a question that is not all capitals, lowered: EU, US."""

    def __post_init__(self) -> None:
        self.free = self.free or self.text

    def take(self, start: int, end: int) -> None:
        """Mark characters as understood."""
        self.free = self.free[:start] + TAKEN * (end - start) + self.free[end:]

    def find(self, pattern: str) -> re.Match[str] | None:
        """The first place of a pattern in what is not yet understood."""
        return search(pattern, self.free)


@dataclass(frozen=True, slots=True)
class Token:
    """An English word: its base form and its place."""

    base: str
    start: int
    end: int
    word: str


def read_sentence(question: str, known: Iterable[str] = ()) -> Sentence:
    """The question in half width and lower case, with one spelling of each word and near misses of `known` words put right."""
    text = " ".join(to_half_width(question).lower().replace("’", "'").split())
    for pattern, spelling in _ONE_SPELLING:
        text = re.sub(pattern, spelling, text, flags=re.ASCII)
    shouted = question.upper() == question
    capitals = (
        frozenset() if shouted else frozenset(word.lower() for word in re.findall(r"(?<![A-Za-z0-9_])[A-Z]{2,4}(?![A-Za-z0-9_])", question))
    )
    return Sentence(_put_right(text, frozenset(known)), capitals=capitals)


def _put_right(text: str, known: frozenset[str]) -> str:
    by_length = sorted(known)

    def nearest(match: re.Match[str]) -> str:
        word = match.group()
        if len(word) < 6 or word in known or not word.isalpha() or any(form in known for form in (base(word), word.rstrip("s"))):
            return word
        near = difflib.get_close_matches(word, by_length, 1, 0.86)
        if not near or near[0][0] != word[0] or near[0].startswith(word[:-1]) or word.startswith(near[0]):
            return word
        return near[0]

    return re.sub(r"[a-z]+", nearest, text) if known else text


def number_of(word: str) -> float:
    """A number in digits, Chinese or English words: "7", "三十", "twelve", 半 = .5."""
    if word.isdigit():
        return float(word)
    if word == "半":
        return 0.5
    if word in NUMBER_WORDS:
        return float(NUMBER_WORDS[word])
    hundreds, _, rest = word.rpartition("百")
    tens, has_ten, ones = rest.rpartition("十")
    total = 100 * _DIGITS.get(hundreds, 1) if "百" in word else 0
    total += 10 * _DIGITS.get(tens, 1) if has_ten else 0
    return float(total + (_DIGITS.get(ones, 0) if has_ten or len(ones) < 2 else int("".join(str(_DIGITS[c]) for c in ones))))


@lru_cache(maxsize=4096)
def base(word: str) -> str:
    """The form in which words are compared: completed, completes, completion -> complet."""
    word = word.rstrip("'")
    word = _BASES.get(word) or _BASES.get(word.removesuffix("s")) or word
    for ending, instead in (("ies", "y"), ("ied", "y"), ("sses", "ss"), ("ing", ""), ("ed", ""), ("ions", ""), ("ion", ""), ("s", "")):
        if (
            word.endswith(ending)
            and len(word) - len(ending) >= (2 if ending == "s" else 3)
            and not (ending == "s" and word.endswith(("ss", "us", "is")))
        ):
            word = word[: -len(ending)] + instead
            break
    word = _BASES.get(word, word)
    if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "ls":
        word = word[:-1]
    return word.removesuffix("e") if len(word) > 3 else word


_SAME = {base(word): base(same) for word, same in _SYNONYMS.items()}


def meaning(word: str) -> str:
    """The base form of a word's synonym: finish, end, complete -> complet."""
    return _SAME.get(word, word)


def tokens(text: str) -> list[Token]:
    """The English words and numbers of a text."""
    return [Token(base(match.group()), match.start(), match.end(), match.group()) for match in _WORD.finditer(text)]
